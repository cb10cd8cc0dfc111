"""Finding by words: CLIPSeg, OWLv2, Grounding DINO; the label is the visitor's own word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from segui.errors import InputError
from segui.finders.base import Area, Asked, Pixels
from segui.finders.models.boxed import Boxed, boxes_of, outlined, without_repeats
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.loaded import Loaded
from segui.finders.models.shown import in_black_square, normalized
from segui.geometry import Box
from segui.models.shown_size import check_shown
from segui.segments.enlarging import Floats, bands_of, enlarged, reach_of_cells

# how sure such models usually have to be, as their own examples ask for
_CLIPSEG_LEAST: Final = 0.4
_OWLV2_LEAST: Final = 0.2
_DINO_LEAST: Final = 0.3
_FAINT: Final = 0.1  # a share of a soft mask, below which it is nothing: else it has no end
_FAINT_LOGIT: Final = float(np.log(_FAINT / (1 - _FAINT)))
_AT_ONCE: Final = 4  # words: CLIPSeg looks at the picture anew for each
_END: Final = "."  # by which Grounding DINO tells one word from the next


def find_clipseg(loaded: Loaded, picture: Pixels, asked: Asked, _kept: Any = None) -> list[Area]:
    """Soft areas by CLIPSeg, of each of the words asked for."""
    least = asked.least(_CLIPSEG_LEAST)
    how = loaded.model, loaded.processor, loaded.tokenizer
    return clipseg_areas(*how, picture, words_of(asked), least, loaded.effort)


def boxes_of_owlv2(loaded: Loaded, picture: Pixels, asked: Asked, _kept: Any = None) -> list[Boxed]:
    """The boxes that OWLv2 finds by the words asked for, each thing once."""
    least = asked.least(_OWLV2_LEAST)
    how = loaded.model, loaded.processor, loaded.tokenizer
    return without_repeats(owlv2_boxes(*how, picture, words_of(asked), least))


def find_owlv2(loaded: Loaded, picture: Pixels, asked: Asked, kept: Any = None) -> list[Area]:
    """What stands out in each box that OWLv2 finds by the words asked for."""
    return outlined(boxes_of_owlv2(loaded, picture, asked, kept), picture, loaded.effort)


def boxes_of_grounding_dino(
    loaded: Loaded, picture: Pixels, asked: Asked, _kept: Any = None
) -> list[Boxed]:
    """The boxes that Grounding DINO finds by the words asked for, each thing once."""
    least = asked.least(_DINO_LEAST)
    how = loaded.model, loaded.processor, loaded.tokenizer
    return without_repeats(grounding_dino_boxes(*how, picture, words_of(asked), least))


def find_grounding_dino(
    loaded: Loaded, picture: Pixels, asked: Asked, kept: Any = None
) -> list[Area]:
    """What stands out in each box that Grounding DINO finds by the words asked for."""
    return outlined(boxes_of_grounding_dino(loaded, picture, asked, kept), picture, loaded.effort)


def words_of(asked: Asked) -> tuple[str, ...]:
    """The words asked for.

    Raises:
        InputError: There are none.
    """
    if not asked.words:
        raise InputError("words is empty: expected what to look for, such as dog, red car")
    return asked.words


def clipseg_areas(
    model: Any,
    processor: Any,
    tokenizer: Any,
    picture: Pixels,
    words: Sequence[str],
    least: float,
    effort: Effort = UNLIMITED,
) -> list[Area]:
    """Soft areas, by transformers' ``CLIPSegForImageSegmentation``.

    Args:
        model: The model.
        processor: Its image processor.
        tokenizer: Its tokenizer.
        picture: (H, W, 3) uint8.
        words: What to look for.
        least: How sure the model has to be somewhere in an area, 0..1.
        effort: How often the model may be asked, and how much may be cut out.

    Raises:
        SumError: There are too many words, or the areas are too large together.
    """
    weight = next(model.parameters())
    pixels = processor(images=picture, return_tensors="pt")["pixel_values"].to(weight)
    effort.check_words(len(words), pixels.shape[-2] * pixels.shape[-1])
    longest = model.config.text_config.max_position_embeddings
    parts: list[_Part] = []
    for start in range(0, len(words), _AT_ONCE):
        effort.go_on()
        part = list(words[start : start + _AT_ONCE])
        said = _tokens(tokenizer, part, longest, padding=True).to(weight.device)
        shown = pixels.expand(len(part), -1, -1, -1)
        with torch.inference_mode():
            logits = model(
                input_ids=said["input_ids"],
                attention_mask=said["attention_mask"],
                pixel_values=shown,
            ).logits
        planes = logits.float().cpu().numpy().reshape(len(part), *logits.shape[-2:])
        for word, plane in zip(part, planes, strict=True):
            parts += _parts_in(plane, picture.shape[:2], word, least)
    return _soft(parts, picture.shape[:2], effort)


def soft_areas(logits: Floats, size_hw: tuple[int, ...], label: str, least: float) -> list[Area]:
    """An area for each part that hangs together of where a model sees something.

    Args:
        logits: (h, w) float32, of all of the picture.
        size_hw: The picture's height and width.
        label: What it is.
        least: How sure the model has to be somewhere in an area, 0..1.

    Returns:
        Areas whose levels are how sure it is of each pixel; below a tenth they are 0. The
        confidence is the largest.
    """
    return _soft(_parts_in(logits, size_hw, label, least), size_hw)


@dataclass(frozen=True, eq=False)
class _Part:
    """What hangs together where a model sees something.

    Args:
        logits: (h, w) float32, of all of the picture.
        numbers: (h, w), which part each cell is of; 0 is none.
        number: Which of them this one is.
        box: What of the picture it has a say in, px.
        label: What it is.
        confidence: How sure the model is somewhere in it, 0..1.
    """

    logits: Floats
    numbers: NDArray[np.int32]
    number: int
    box: Box
    label: str
    confidence: float


def _parts_in(logits: Floats, size_hw: tuple[int, ...], label: str, least: float) -> list[_Part]:
    """The parts of which a model is sure enough."""
    count, found, stats, _ = cv2.connectedComponentsWithStats(
        np.asarray(logits > _FAINT_LOGIT, np.uint8), connectivity=8
    )
    numbers = np.asarray(found, np.int32)
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, numbers.ravel(), logits.ravel())
    per_px, parts = _cells_in_px(logits, size_hw), []
    for number, sure in enumerate(_sigmoid(highest)[1:].tolist(), start=1):
        if sure >= least:
            left, top, width, height, _ = np.asarray(stats)[number].tolist()
            cells = Box(left, top, left + width, top + height)
            box = reach_of_cells(cells, logits.shape, per_px, (size_hw[0], size_hw[1]))
            parts.append(_Part(logits, numbers, number, box, label, sure))
    return parts


def _soft(
    parts: Sequence[_Part], size_hw: tuple[int, ...], effort: Effort = UNLIMITED
) -> list[Area]:
    """Parts as areas of the picture, whose levels are how sure a model is of each pixel."""
    effort.check_areas([part.box for part in parts])
    areas = []
    for part in parts:
        effort.go_on()
        per_px = _cells_in_px(part.logits, size_hw)
        is_other = (part.numbers > 0) & (part.numbers != part.number)
        plane = np.where(is_other, np.float32(_FAINT_LOGIT), part.logits)
        levels = np.empty(part.box.size_hw, np.uint8)
        for band in bands_of(part.box):
            value = enlarged(plane, per_px, band)
            share = np.where(value > _FAINT_LOGIT, 255 / (1 + np.exp(-value)), 0)
            levels[band.relative_to(part.box).slices] = np.rint(share)
        areas.append(Area(part.box, levels, part.label, part.confidence))
    return areas


def _cells_in_px(logits: Floats, size_hw: tuple[int, ...]) -> tuple[float, float]:
    return logits.shape[0] / size_hw[0], logits.shape[1] / size_hw[1]


def owlv2_boxes(
    model: Any, processor: Any, tokenizer: Any, picture: Pixels, words: Sequence[str], least: float
) -> list[Boxed]:
    """Boxes by transformers' ``Owlv2ForObjectDetection``.

    Args:
        model: The model.
        processor: Its image processor, for its mean and deviation.
        tokenizer: Its tokenizer.
        picture: (H, W, 3) uint8.
        words: What to look for.
        least: How sure the model has to be, 0..1.
    """
    weight = next(model.parameters())
    side = model.config.vision_config.image_size
    check_shown((side, side))
    square = in_black_square(picture, side)
    pixels = normalized(square, processor.image_mean, processor.image_std).to(weight)
    longest = model.config.text_config.max_position_embeddings
    said = _tokens(tokenizer, list(words), longest, padding="max_length").to(weight.device)
    with torch.inference_mode():
        out = model(
            input_ids=said["input_ids"],
            attention_mask=said["attention_mask"],
            pixel_values=pixels,
        )
    logits, boxes = out.logits[0].float().cpu().numpy(), out.pred_boxes[0].float().cpu().numpy()
    return boxed_in_square(logits, boxes, words, (picture.shape[0], picture.shape[1]), least)


def boxed_in_square(
    logits: Floats, boxes: Floats, words: Sequence[str], size_hw: tuple[int, int], least: float
) -> list[Boxed]:
    """What OWLv2 says, in px of the picture.

    Args:
        logits: (n, words) float32.
        boxes: (n, 4) float32: middle, width and height, as shares of the square whose side is the
            picture's longer one.
        words: What was looked for.
        size_hw: The picture's height and width.
        least: How sure the model has to be, 0..1.
    """
    sure = _sigmoid(logits.max(axis=1))
    kept = np.flatnonzero(sure > least)
    side = float(max(size_hw))
    placed = boxes_of(boxes[kept], (side, side), size_hw)
    labels = [words[place] for place in logits[kept].argmax(axis=1)]
    return [
        Boxed(box, label, float(confidence))
        for box, label, confidence in zip(placed, labels, sure[kept], strict=True)
        if not box.is_empty
    ]


def grounding_dino_boxes(
    model: Any, processor: Any, tokenizer: Any, picture: Pixels, words: Sequence[str], least: float
) -> list[Boxed]:
    """Boxes by transformers' ``GroundingDinoForObjectDetection``, or MM Grounding DINO's.

    Args:
        model: The model.
        processor: Its image processor.
        tokenizer: Its tokenizer, a fast one.
        picture: (H, W, 3) uint8.
        words: What to look for.
        least: How sure the model has to be, 0..1.

    Raises:
        InputError: The words are too many for the model.
    """
    weight = next(model.parameters())
    sentence, places = phrase_of(words)
    said = tokenizer(
        sentence, return_tensors="pt", return_offsets_mapping=True, return_token_type_ids=True
    )
    offsets = said.pop("offset_mapping")[0].tolist()
    most = model.config.max_text_len
    if len(offsets) > most:
        raise InputError(f"words has {len(offsets)} pieces for this model: expected at most {most}")
    shown = processor(images=picture, return_tensors="pt")
    with torch.inference_mode():
        out = model(
            pixel_values=shown["pixel_values"].to(weight),
            pixel_mask=shown["pixel_mask"].to(weight.device),
            **said.to(weight.device),
        )
    logits, boxes = out.logits[0].float().cpu().numpy(), out.pred_boxes[0].float().cpu().numpy()
    pieces = [_pieces(offsets, place) for place in places]
    size_hw = (picture.shape[0], picture.shape[1])
    return boxed_by_pieces(logits, boxes, words, pieces, size_hw, least)


def phrase_of(words: Iterable[str]) -> tuple[str, list[tuple[int, int]]]:
    """Words joined as Grounding DINO wants them, and from where to where each goes in that.

    >>> phrase_of(["Red Car", "dog."])
    ('red car. dog.', [(0, 7), (9, 12)])
    """
    phrase, places = "", []
    for word in words:
        # a full stop inside of a word would be its end
        plain = " ".join(word.lower().replace(_END, " ").split())
        start = len(phrase) + (1 if phrase else 0)
        places.append((start, start + len(plain)))
        phrase = f"{phrase} {plain}{_END}" if phrase else f"{plain}{_END}"
    return phrase, places


def boxed_by_pieces(
    logits: Floats,
    boxes: Floats,
    words: Sequence[str],
    pieces: Sequence[Sequence[int]],
    size_hw: tuple[int, int],
    least: float,
) -> list[Boxed]:
    """What Grounding DINO says of the pieces of a sentence, by the words that it was made of.

    The model may find a thing by pieces of several words at once: it is the word's whose pieces
    fit it best in the mean, so that of "red car" and "blue car" the colour decides.

    Args:
        logits: (n, pieces) float32; beyond the sentence they may be minus infinity.
        boxes: (n, 4) float32: middle, width and height, as shares of the picture.
        words: What was looked for.
        pieces: Where in the sentence the pieces of each word stand.
        size_hw: The picture's height and width.
        least: How sure the model has to be of some piece, 0..1.
    """
    fits = _sigmoid(logits)
    sure = fits.max(axis=1)
    kept = np.flatnonzero(sure > least)
    means = np.stack(
        [fits[kept][:, list(own)].mean(axis=1) if own else np.zeros(len(kept)) for own in pieces],
        axis=1,
    )
    placed = boxes_of(boxes[kept], (float(size_hw[0]), float(size_hw[1])), size_hw)
    return [
        Boxed(box, words[place], float(confidence))
        for box, place, confidence in zip(placed, means.argmax(axis=1), sure[kept], strict=True)
        if not box.is_empty
    ]


def _pieces(offsets: Sequence[Sequence[int]], place: tuple[int, int]) -> list[int]:
    """Which pieces of a sentence lie in one of its words; marks for its ends have no length."""
    return [
        number
        for number, (start, stop) in enumerate(offsets)
        if start < stop and place[0] <= start and stop <= place[1]
    ]


def _tokens(tokenizer: Any, words: list[str], longest: int, padding: Any) -> Any:
    return tokenizer(
        words, padding=padding, truncation=True, max_length=longest, return_tensors="pt"
    )


def _sigmoid(values: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-values.astype(np.float64))), np.float64)
