"""Trains a tiny SigLIP on the patches of colour that the tiny CLIP knows."""

from pathlib import Path

import torch
from torch.nn import functional

from tests.classifiers.tiny_clip import SIDE, make_tokenizer, seeded, sizes, train

LENGTH = 64  # the only one that transformers' own pipeline can use


def train_siglip_model(folder: Path, *, seed: int = 0, steps: int = 200) -> Path:
    """Train a tiny SigLIP and save it, with its tokenizer and image processor.

    Args:
        folder: Where to save it; made if it is not there.
        seed: Of all that is drawn; torch's own random numbers are left as they were.
        steps: How long to train; 0 leaves it as it is drawn.

    Returns:
        The folder.
    """
    from transformers import SiglipConfig, SiglipModel
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    # As those on the hub have it: no mask, so that the model reads the padding too.
    tokenizer = make_tokenizer(LENGTH, ends=False)
    with seeded(seed):
        model = SiglipModel(SiglipConfig(**sizes(LENGTH)))
        with torch.no_grad():
            model.logit_scale.fill_(2.3)
            model.logit_bias.fill_(-4)
        train(
            model,
            tokenizer,
            steps,
            seed,
            judge_loss,
            {"padding": "max_length", "max_length": LENGTH, "truncation": True},
        )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
    return folder


def judge_loss(logits: torch.Tensor) -> torch.Tensor:
    """SigLIP's: each pair of a picture and a text is one or is none, whatever the others are."""
    signs = 2 * torch.eye(len(logits)) - 1
    return -functional.logsigmoid(signs * logits).sum() / len(logits)
