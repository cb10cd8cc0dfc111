"""SAM and SAM 2 of random weights, as small as they go."""

from typing import Any

from tests.classifiers.tiny_clip import seeded

SIDE = 64
_DECODER = {
    "hidden_size": 16,
    "mlp_dim": 16,
    "num_attention_heads": 2,
    "iou_head_hidden_dim": 16,
}
_PROMPT = {"hidden_size": 16, "image_size": SIDE, "mask_input_channels": 4}


def tiny_sam(seed: int = 0) -> Any:
    """A SAM for squares of 64 px, with masks of 16."""
    from transformers import SamConfig, SamModel

    config = SamConfig(
        vision_config={
            "hidden_size": 16,
            "output_channels": 16,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": SIDE,
            "patch_size": 16,
            "num_pos_feats": 8,
            "window_size": 2,
            "global_attn_indexes": [1],
            "initializer_range": 0.5,
        },
        prompt_encoder_config={**_PROMPT, "patch_size": 16},
        mask_decoder_config=_DECODER,
    )
    return _drawn(SamModel, config, seed)


def tiny_sam2(seed: int = 0) -> Any:
    """A SAM 2 for squares of 64 px, with masks of 16."""
    from transformers import Sam2Config, Sam2Model

    config = Sam2Config(
        vision_config={
            "backbone_config": {
                "model_type": "sam2_hiera_det_model",
                "hidden_size": 8,
                "num_attention_heads": 1,
                "image_size": [SIDE, SIDE],
                "blocks_per_stage": [1, 1, 2, 1],
                "embed_dim_per_stage": [8, 16, 32, 64],
                "num_attention_heads_per_stage": [1, 1, 1, 1],
                "window_size_per_stage": [4, 4, 4, 4],
                "global_attention_blocks": [3],
            },
            "backbone_channel_list": [64, 32, 16, 8],
            "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
            "fpn_hidden_size": 16,
        },
        prompt_encoder_config={**_PROMPT, "patch_size": 16},
        mask_decoder_config=_DECODER,
    )
    return _drawn(Sam2Model, config, seed)


def _drawn(kind: Any, config: Any, seed: int) -> Any:
    """A model of random weights, large enough for masks that are not all on one side of 0."""
    with seeded(seed):
        model = kind(config).eval()
        for weight in model.parameters():
            weight.data += weight.data.new_empty(weight.shape).normal_(0, 0.2)
    return model
