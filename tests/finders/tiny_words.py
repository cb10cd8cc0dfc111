"""CLIPSeg, OWLv2 and Grounding DINO of random weights, as small as they go, with tokenizers."""

from typing import Any, NamedTuple

from tests.classifiers.tiny_clip import make_tokenizer, seeded

SIDE = 32
PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"


class Tiny(NamedTuple):
    """All that a finder by words needs."""

    model: Any
    processor: Any
    tokenizer: Any


def tiny_clipseg() -> Tiny:
    """A CLIPSeg for squares of 32 px."""
    from transformers import CLIPSegConfig, CLIPSegForImageSegmentation
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    config = CLIPSegConfig(
        text_config=_text(16),
        vision_config=_vision(),
        projection_dim=16,
        reduce_dim=8,
        extract_layers=[0, 1],
        decoder_num_attention_heads=2,
        decoder_intermediate_size=16,
    )
    processor = ViTImageProcessorPil(
        size={"height": SIDE, "width": SIDE},
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
    )
    return Tiny(
        _drawn(CLIPSegForImageSegmentation, config, 0.2),
        processor,
        make_tokenizer(length=16, ends=True),
    )


def tiny_owlv2() -> Tiny:
    """An OWLv2 for squares of 32 px."""
    from transformers import Owlv2Config, Owlv2ForObjectDetection
    from transformers.models.owlv2.image_processing_pil_owlv2 import Owlv2ImageProcessorPil

    config = Owlv2Config(text_config=_text(16), vision_config=_vision(), projection_dim=16)
    return Tiny(
        _drawn(Owlv2ForObjectDetection, config, 0.3),
        Owlv2ImageProcessorPil(size={"height": SIDE, "width": SIDE}),
        make_tokenizer(length=16, ends=True),
    )


def tiny_grounding_dino() -> Tiny:
    """A Grounding DINO whose longer side is 160 px at most."""
    from transformers import GroundingDinoConfig, GroundingDinoForObjectDetection, SwinConfig
    from transformers.models.grounding_dino.image_processing_pil_grounding_dino import (
        GroundingDinoImageProcessorPil,
    )

    config = GroundingDinoConfig(
        backbone_config=SwinConfig(
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 1, 1],
            window_size=2,
            out_features=["stage2", "stage3", "stage4"],
        ),
        text_config={
            "model_type": "bert",
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 16,
            "vocab_size": 1100,
        },
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        num_queries=12,
        max_text_len=32,
    )
    return Tiny(
        _drawn(GroundingDinoForObjectDetection, config, 0.02),
        GroundingDinoImageProcessorPil(size={"shortest_edge": 96, "longest_edge": 160}),
        bert_tokenizer(),
    )


def bert_tokenizer() -> Any:
    """A tokenizer of whole words with BERT's numbers for its marks, which the model looks for."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    marks = {PAD: 0, UNKNOWN: 100, START: 101, END: 102, ".": 1012, "?": 1029}
    words = ["red", "blue", "car", "dog", "cat", "a", "the"]
    table = marks | {word: 200 + place for place, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(table, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", special_tokens=[(START, 101), (END, 102)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        cls_token=START,
        sep_token=END,
    )


def _text(length: int) -> dict[str, Any]:
    return {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "vocab_size": 64,
        "max_position_embeddings": length,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 3,
    }


def _vision() -> dict[str, Any]:
    return {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": SIDE,
        "patch_size": 8,
    }


def _drawn(kind: Any, config: Any, spread: float) -> Any:
    with seeded(0):
        model = kind(config).eval()
        for weight in model.parameters():
            weight.data += weight.data.new_empty(weight.shape).normal_(0, spread)
    return model
