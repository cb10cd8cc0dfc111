"""SAM 3 and SAM3-LiteText of random weights, as small as they go, with tokenizers."""

from typing import Any

from tests.classifiers.tiny_clip import make_tokenizer, seeded
from tests.finders.tiny_words import Tiny

SIDE = 112  # px; masks are of 32
QUERIES = 12
_LAYERS = {"hidden_size": 16, "num_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}


def tiny_sam3() -> Tiny:
    """A SAM 3 for squares of 112 px."""
    from transformers import Sam3Config, Sam3Model

    return Tiny(_drawn(Sam3Model, Sam3Config(**sizes())), None, _tokenizer())


def tiny_sam3_lite_text() -> Tiny:
    """A SAM3-LiteText for squares of 112 px."""
    from transformers import Sam3LiteTextConfig, Sam3LiteTextModel

    text = sizes()["text_config"] | {"num_hidden_layers": 3}
    config = Sam3LiteTextConfig(**sizes() | {"text_config": text})
    return Tiny(_drawn(Sam3LiteTextModel, config), None, _tokenizer())


def tiny_sam3_video() -> Tiny:
    """A SAM 3 as its repo has it: with a tracker for videos, and below names of the whole."""
    from transformers import Sam3VideoConfig, Sam3VideoModel

    tracker = {
        "vision_config": sizes()["vision_config"],
        "prompt_encoder_config": {"hidden_size": 16, "image_size": SIDE, "patch_size": 14},
        "mask_decoder_config": {"hidden_size": 16, "mlp_dim": 16, "num_attention_heads": 2},
        "memory_attention_hidden_size": 16,
        "memory_attention_num_layers": 1,
        "memory_attention_feed_forward_hidden_size": 16,
        "memory_encoder_hidden_size": 16,
    }
    config = Sam3VideoConfig(
        detector_config={"model_type": "sam3", **sizes()}, tracker_config=tracker
    )
    return Tiny(_drawn(Sam3VideoModel, config), None, _tokenizer())


def sizes() -> dict[str, Any]:
    """The configs of a SAM 3's parts."""
    return {
        "vision_config": {
            "backbone_config": {
                "model_type": "sam3_vit_model",
                "hidden_size": 16,
                "intermediate_size": 16,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "image_size": SIDE,
                "pretrain_image_size": 56,
                "patch_size": 14,
                "window_size": 4,
                "global_attn_indexes": [1],
            },
            "fpn_hidden_size": 16,
            "backbone_feature_sizes": [[32, 32], [16, 16], [8, 8]],
        },
        "text_config": {
            "vocab_size": 64,
            "hidden_size": 16,
            "intermediate_size": 16,
            "projection_dim": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "max_position_embeddings": 32,
            "pad_token_id": 0,
            "bos_token_id": 1,
            "eos_token_id": 3,
        },
        "geometry_encoder_config": _LAYERS,
        "detr_encoder_config": _LAYERS,
        "detr_decoder_config": {**_LAYERS, "num_queries": QUERIES},
        "mask_decoder_config": {"hidden_size": 16, "num_attention_heads": 2},
    }


def _tokenizer() -> Any:
    return make_tokenizer(length=32, ends=True)


def _drawn(kind: Any, config: Any) -> Any:
    """A model of random weights, large enough for masks that are not all on one side of 0."""
    with seeded(0):
        model = kind(config).eval()
        for weight in model.parameters():
            weight.data += weight.data.new_empty(weight.shape).normal_(0, 0.2)
    return model


def library_processor() -> Any:
    """The library's own class for a SAM 3's pictures and answers, of which it asks torchvision.

    Its ways to read answers need nothing of it: while it is imported, its names are enough.
    """
    import sys
    from importlib import import_module
    from types import ModuleType
    from unittest.mock import Mock, patch

    import_module("transformers.image_processing_backends")  # which sees for itself what is there
    boxes = ModuleType("torchvision.ops.boxes")
    boxes.batched_nms = Mock(side_effect=NotImplementedError)  # type: ignore[attr-defined]
    names = {"torchvision": ModuleType("torchvision"), "torchvision.ops": ModuleType("ops")}
    with patch.dict(sys.modules, {**names, "torchvision.ops.boxes": boxes}):
        module = import_module("transformers.models.sam3.image_processing_sam3")
    return module.Sam3ImageProcessor
