"""ViTMatte of random weights, as small as it goes."""

from pathlib import Path
from typing import Any

from tests.classifiers.hub_server import Repo
from tests.classifiers.tiny_clip import seeded


def tiny_vitmatte(seed: int = 0) -> Any:
    """A model whose answers differ from place to place, though they know no hair."""
    import torch
    from transformers import VitDetConfig, VitMatteConfig, VitMatteForImageMatting

    backbone = VitDetConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        mlp_ratio=2,
        image_size=64,
        pretrain_image_size=32,
        patch_size=16,
        num_channels=4,
        window_size=2,
        window_block_indices=[0],
        residual_block_indices=[1],
        use_relative_position_embeddings=True,
        out_features=["stage2"],
    )
    config = VitMatteConfig(
        backbone_config=backbone,
        hidden_size=16,
        convstream_hidden_sizes=[4, 8, 8],
        fusion_hidden_sizes=[16, 8, 8, 8],
    )
    with seeded(seed):
        model = VitMatteForImageMatting(config).eval()
        for name, weight in model.decoder.named_parameters():  # else all answers are about a half
            if weight.ndim == 4:
                torch.nn.init.normal_(weight, std=1.5 / weight[0].numel() ** 0.5)
            elif ("norm" in name and name.endswith("weight")) or name.endswith("convs.1.weight"):
                torch.nn.init.ones_(weight)
    return model


def processor_of_vitmatte(**changed: Any) -> Any:
    """Its processor, which shows it pictures and what is known of them."""
    from transformers import AutoImageProcessor  # noqa: F401  the registry is filled by it
    from transformers.models.vitmatte.image_processing_pil_vitmatte import (
        VitMatteImageProcessorPil,
    )

    return VitMatteImageProcessorPil(**changed)


def vitmatte_repo(folder: Path, seed: int = 0) -> Repo:
    """Both as a repo."""
    tiny_vitmatte(seed).save_pretrained(folder)
    processor_of_vitmatte().save_pretrained(folder)
    return Repo(folder)
