"""Trains a tiny SegFormer on drawn shapes, in a few seconds: one whose masks are right.

It knows red discs and blue squares on grounds of grey. Random colours teach it nothing: the
colours of both are fixed, but for some noise. The rate rises and falls again, by which a third of
the steps and a fifth of the time lead as far as one steady rate.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

LABELS: Final = {0: "background", 1: "disc", 2: "square"}
COLOURS: Final = {1: (210, 40, 40), 2: (40, 60, 210)}
SIDE: Final = 96

_STEPS: Final = 200
_SCENES: Final = 6
_MOST_RATE: Final = 1e-2
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def scene(
    random: np.random.Generator, side: int = SIDE
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """A picture, (side, side, 3), and which shape each pixel is of, (side, side)."""
    rows, columns = np.mgrid[:side, :side]
    classes = np.zeros((side, side), np.uint8)
    for kind in random.permutation([1, 2]):
        radius = random.uniform(0.12, 0.22) * side
        y, x = random.uniform(radius, side - radius, 2)
        if kind == 1:
            classes[np.hypot(rows - y, columns - x) < radius] = 1
        else:
            classes[(abs(rows - y) < radius) & (abs(columns - x) < radius)] = 2
    colours = np.array([[random.uniform(90, 190)] * 3, COLOURS[1], COLOURS[2]])
    picture = colours[classes] + random.normal(0, 8, (side, side, 3))
    return np.clip(picture, 0, 255).astype(np.uint8), classes


def train_shapes_model(folder: Path) -> Path:
    """Train the model and save it, with its image processor, as transformers would.

    Returns:
        The folder.
    """
    from transformers import SegformerForSemanticSegmentation
    from transformers.models.segformer.image_processing_pil_segformer import (
        SegformerImageProcessorPil,
    )

    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = SegformerForSemanticSegmentation(_config()).train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=_MOST_RATE)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _MOST_RATE, total_steps=_STEPS)
        for pixels, classes in _batches():
            optimizer.zero_grad()
            model(pixel_values=pixels, labels=classes).loss.backward()
            optimizer.step()
            schedule.step()
    model.eval().save_pretrained(folder)
    SegformerImageProcessorPil(
        size={"height": SIDE, "width": SIDE}, image_mean=_MEAN, image_std=_DEVIATION
    ).save_pretrained(folder)
    return folder


def _config() -> Any:
    from transformers import SegformerConfig

    return SegformerConfig(
        depths=[1, 1, 1, 1],
        hidden_sizes=[16, 32, 48, 64],
        num_attention_heads=[1, 2, 2, 4],
        decoder_hidden_size=48,
        id2label=dict(LABELS),
        label2id={label: number for number, label in LABELS.items()},
    )


def _batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    random = np.random.default_rng(0)
    for _ in range(_STEPS):
        pictures, classes = zip(*(scene(random) for _ in range(_SCENES)), strict=True)
        unit = np.stack(pictures).astype(np.float32) / 255
        pixels = (unit - np.array(_MEAN, np.float32)) / np.array(_DEVIATION, np.float32)
        yield (
            torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(),
            torch.from_numpy(np.stack(classes)).long(),
        )
