"""SAM 3 and SAM3-LiteText: each thing that a word names, with its mask.

The picture is looked at once, which takes nearly all of the time; what comes of that answers any
number of words. Source: transformers' ``Sam3Processor`` and its post-processing of instances, of
which the first needs torchvision, and the other enlarges all masks before it drops any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from segui.finders.base import Area, Asked, Pixels
from segui.finders.models.boxed import Boxed
from segui.finders.models.detectors import sigmoid
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.loaded import Loaded
from segui.finders.models.outlines import Rough, each_area
from segui.finders.models.shown import normalized, resized
from segui.finders.models.words import words_of
from segui.geometry import Box
from segui.models.shown_size import check_shown
from segui.segments.enlarging import Floats, reach_of

_LEAST: Final = 0.5  # how sure it usually has to be, as its own examples ask for
_MEAN: Final = (0.5, 0.5, 0.5)
_DEVIATION: Final = (0.5, 0.5, 0.5)
_LONGEST: Final = 32  # pieces of a word, as it was trained


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as a model has looked at it.

    Args:
        levels: What it keeps of it at each size that words are compared with, (1, C, h, w).
        places: What it has for where each place of the last of them is, (1, C, h, w).
    """

    levels: tuple[Tensor, ...]
    places: Tensor

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return sum(each.numel() * each.element_size() for each in (*self.levels, self.places))


@dataclass(frozen=True, eq=False)
class Said:
    """A thing that a model sees.

    Args:
        thing: Where it is by its box, of what word it is, and how sure the model is; the box is
            empty where it lies outside of the picture.
        mask: (h, w) float32 logits of all of the picture.
    """

    thing: Boxed
    mask: Floats

    def reach(self, size_hw: tuple[int, int]) -> Box:
        """What of a picture its mask has a say in, xyxy px; empty where it is nowhere."""
        return reach_of(self.mask > 0, self._per_px(size_hw), size_hw)

    def rough(self, size_hw: tuple[int, int]) -> Rough:
        """Its mask, before it is cut out of the picture."""
        return Rough(self.mask, self._per_px(size_hw), self.thing.label, self.thing.confidence)

    def _per_px(self, size_hw: tuple[int, int]) -> tuple[float, float]:
        return self.mask.shape[0] / size_hw[0], self.mask.shape[1] / size_hw[1]


def check_asked(loaded: Loaded, _picture: Pixels, asked: Asked) -> None:
    """Refuse what would take too long, before the model looks at a picture.

    Raises:
        InputError: There are no words.
        SumError: There are too many.
        ClassifierError: The model would be shown too large a picture.
    """
    side = loaded.model.config.image_size
    check_shown((side, side), loaded.name)
    loaded.effort.check_words(len(words_of(asked)), side * side)


def look_at(loaded: Loaded, picture: Pixels) -> Seen:
    """What a loaded model keeps of a picture, (H, W, 3) uint8."""
    side = loaded.model.config.image_size
    pixels = normalized(resized(picture, (side, side)), _MEAN, _DEVIATION)
    with torch.inference_mode():
        out = loaded.model.vision_encoder(pixels.to(next(loaded.model.parameters())))
    # the smallest size is no word compared with, and of all places only those of the last one are
    # asked for: the rest would be two thirds of what is kept
    return Seen(tuple(out.fpn_hidden_states[:-1]), out.fpn_position_encoding[-2])


def find(loaded: Loaded, picture: Pixels, asked: Asked, kept: Any = None) -> list[Area]:
    """Each thing of each of the words asked for; of different words they may overlap.

    Args:
        loaded: SAM 3 or SAM3-LiteText.
        picture: (H, W, 3) uint8.
        asked: ``words`` and ``confidence`` count.
        kept: What the model kept of the picture; None has it look.

    Raises:
        InputError: There are no words.
        SumError: What was found is too many, or too large together.
    """
    words, least = words_of(asked), asked.least(_LEAST)
    size_hw = (picture.shape[0], picture.shape[1])
    seen = look_at(loaded, picture) if kept is None else kept
    reaches: list[Box] = []
    areas: list[Area] = []
    for word in words:
        loaded.effort.go_on()
        found = things_said(_asked(loaded, seen, word), word, size_hw, least)
        reaches += [one.reach(size_hw) for one in found]
        loaded.effort.check_areas(reaches)
        areas += areas_said(found, picture, loaded.effort)
    return areas


def things_said(out: Any, word: str, size_hw: tuple[int, int], least: float) -> list[Said]:
    """The things of a word of which a model is sure enough, the surest first.

    Args:
        out: What the model put out: ``pred_logits``, (1, queries); ``presence_logits``, (1, 1),
            whether there is any; ``pred_boxes``, (1, queries, 4), corners as shares of the
            picture; ``pred_masks``, (1, queries, h, w) logits.
        word: What was asked for.
        size_hw: The picture's height and width.
        least: How sure the model has to be, 0..1.
    """
    sure = sigmoid(_numbers(out.pred_logits)) * sigmoid(_numbers(out.presence_logits))
    order = np.argsort(-sure, kind="stable")
    kept = order[sure[order] > least]
    # before they are copied: of the others there is too much
    masks = out.pred_masks[0][torch.from_numpy(kept)].float().cpu().numpy()
    corners = _numbers(out.pred_boxes)[kept] * np.array([*size_hw[::-1], *size_hw[::-1]])
    boxes = [Box(*row).clip(size_hw) for row in np.rint(corners).astype(int).tolist()]
    return [
        Said(Boxed(box, word, float(score)), mask)
        for box, score, mask in zip(boxes, sure[kept], masks, strict=True)
    ]


def areas_said(found: Sequence[Said], picture: Pixels, effort: Effort = UNLIMITED) -> list[Area]:
    """Things as areas of the picture, each enlarged alone; none of one whose mask is empty.

    Args:
        found: What a model sees.
        picture: (H, W, 3) uint8.
        effort: How much may be cut out.

    Raises:
        SumError: They are too many, or too large together.
    """
    size_hw = (picture.shape[0], picture.shape[1])
    areas = each_area([one.rough(size_hw) for one in found], picture, effort)
    return [
        area if one.thing.box.is_empty else replace(area, found=one.thing.box)
        for one, area in zip(found, areas, strict=True)
        if area is not None
    ]


def _asked(loaded: Loaded, seen: Seen, word: str) -> Any:
    """What the model says of a word."""
    device = next(loaded.model.parameters()).device
    longest = min(_LONGEST, loaded.model.config.text_config.max_position_embeddings)
    said = loaded.tokenizer(
        [word], padding="max_length", truncation=True, max_length=longest, return_tensors="pt"
    ).to(device)
    # what it does not look at where it is asked by words alone is not kept
    looked_at = SimpleNamespace(
        fpn_hidden_states=(*seen.levels, None),
        fpn_position_encoding=(*[None] * (len(seen.levels) - 1), seen.places, None),
        hidden_states=None,
        attentions=None,
    )
    with torch.inference_mode():
        return loaded.model(
            vision_embeds=looked_at,
            input_ids=said["input_ids"],
            attention_mask=said["attention_mask"],
        )


def _numbers(tensor: Any) -> Floats:
    return np.asarray(tensor[0].float().cpu().numpy())
