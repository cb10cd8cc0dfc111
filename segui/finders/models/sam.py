"""SAM, SAM 2 and 2.1, SlimSAM: what was clicked or framed, as the model cuts it out.

The picture is looked at once; what comes of that answers any number of clicks.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from segui.errors import InputError, MarksError
from segui.finders.base import Area, Asked, Candidate, Pixels, Point, check_points
from segui.finders.found_by import Offered
from segui.finders.models.boxed import Boxed
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.loaded import Loaded
from segui.finders.models.outlines import Rough, area_of_box, each_area
from segui.finders.models.recent import Recent
from segui.finders.models.shown import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    fitted_hw,
    normalized,
    resized,
)
from segui.geometry import Box
from segui.models.shown_size import check_shown
from segui.segments.enlarging import Floats

CLICKED: Final = "clicked"
BOXED: Final = "boxed"

_AT_ONCE: Final = 8  # things: each takes a decoder's memory
_POINTS_AT_ONCE: Final = 256  # of all of them: each looks at every place of the picture
_ANSWERED: Final = 4  # questions whose answers are kept
_KEPT_THINGS: Final = 8  # of each, at most: three masks of one are 0.8 MB
_PLACES: Final[dict[Candidate, int]] = {"smallest": 0, "middle": 1, "largest": -1}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a model says of one thing: three outlines.

    Args:
        masks: (3, h, w) float32 logits of what of its square the picture is.
        judged: How good it finds each, (3,).
        per_px_yx: How many of a mask's there are in one px, downwards and to the right.
    """

    masks: Floats
    judged: Floats
    per_px_yx: tuple[float, float]

    def taken(self, candidate: Candidate) -> int:
        """Which of the three is taken."""
        return _chosen(candidate, self.masks, self.judged)

    def share(self, candidate: Candidate) -> float:
        """How much of the picture one of the three has, 0..1."""
        return float((self.masks[self.taken(candidate)] > 0).mean())


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as a model has looked at it.

    Args:
        embeddings: What the model keeps of it.
        side_px: The side of the square that it was shown.
        scale_yx: px of the square in one px of the picture, downwards and to the right.
        answers: What it said last, by what it was asked for: another one of its three outlines is
            taken without asking again.
    """

    embeddings: Any
    side_px: int
    scale_yx: tuple[float, float]
    answers: Recent[tuple[Answer, ...]] = field(default_factory=lambda: Recent(_ANSWERED))


@dataclass(frozen=True)
class Thing:
    """One thing to be cut out.

    Args:
        points: What belongs to it, and what does not.
        box: What is around it, xyxy px; or None.
    """

    points: tuple[Point, ...] = ()
    box: Box | None = None

    @property
    def label(self) -> str:
        """By what it was asked for."""
        return CLICKED if self.box is None else BOXED


def look_at(loaded: Loaded, picture: Pixels) -> Seen:
    """What a loaded model keeps of a picture, (H, W, 3) uint8."""
    return look(loaded.model, picture)


def find_marked(loaded: Loaded, picture: Pixels, asked: Asked, kept: Any) -> list[Area]:
    """The thing in each box, and what was clicked outside of them.

    Args:
        loaded: SAM, SAM 2 or SlimSAM.
        picture: (H, W, 3) uint8.
        asked: ``points``, ``boxes`` and ``candidate`` count.
        kept: What the model kept of the picture; None has it look.

    Raises:
        MarksError: Nothing was said.
        InputError: Something lies outside of the picture.
    """
    things = things_in(asked, (picture.shape[0], picture.shape[1]))
    seen = look_at(loaded, picture) if kept is None else kept
    areas = cut_out(loaded.model, seen, things, picture, asked.candidate, loaded.effort)
    return [area for area in areas if area is not None]


def check_marks(loaded: Loaded, picture: Pixels, asked: Asked) -> None:
    """Refuse what would be asked of a model too often, before it looks at the picture.

    Args:
        loaded: SAM, SAM 2 or SlimSAM.
        picture: (H, W, 3) uint8.
        asked: ``points`` and ``boxes`` count.

    Raises:
        InputError: Nothing was said, or something lies outside of the picture.
        SumError: The boxes are too many, or too large together, or too many points lie in them.
    """
    loaded.effort.check_things(len(asked.boxes))
    things = things_in(asked, (picture.shape[0], picture.shape[1]))
    loaded.effort.check_points(len(things), sum(len(thing.points) for thing in things))
    loaded.effort.check_boxes([thing.box for thing in things if thing.box is not None])


def cut_out_boxes(loaded: Loaded, picture: Pixels, found: Sequence[Boxed], kept: Any) -> list[Area]:
    """What another model has found in boxes, cut out; all of a box in which there is nothing.

    Args:
        loaded: SAM, SAM 2 or SlimSAM.
        picture: (H, W, 3) uint8.
        found: The boxes; what was said of each stays.
        kept: What the model kept of the picture; None has it look.

    Raises:
        SumError: The boxes are too many, or they or what is in them are too large together.
    """
    loaded.effort.check_boxes([one.box for one in found])
    seen = look_at(loaded, picture) if kept is None else kept
    things = [Thing(box=one.box) for one in found]
    areas = cut_out(loaded.model, seen, things, picture, effort=loaded.effort)
    return [
        area_of_box(one.box, one.label, one.confidence)
        if area is None
        else Area(area.box, area.levels, one.label, one.confidence, one.box)
        for one, area in zip(found, areas, strict=True)
    ]


def look(model: Any, picture: Pixels) -> Seen:
    """What a model keeps of a picture, so that it need not look again.

    Args:
        model: transformers' ``SamModel`` or ``Sam2Model``.
        picture: (H, W, 3) uint8.
    """
    side = _side_of(model)
    check_shown((side, side))
    height, width = picture.shape[:2]
    # SAM keeps a picture's proportions and fills the rest of its square; SAM 2 stretches it
    is_kept = model.config.model_type == "sam"
    size_hw = fitted_hw((height, width), side) if is_kept else (side, side)
    part = normalized(resized(picture, size_hw), IMAGENET_MEAN, IMAGENET_DEVIATION)
    filled = torch.nn.functional.pad(part, (0, side - size_hw[1], 0, side - size_hw[0]))
    pixels = filled.to(next(model.parameters()))
    with torch.inference_mode():
        embeddings = model.get_image_embeddings(pixels)
    return Seen(embeddings, side, (size_hw[0] / height, size_hw[1] / width))


def things_in(asked: Asked, size_hw: tuple[int, int]) -> tuple[Thing, ...]:
    """What is to be cut out: the thing in each box, and what was clicked outside of them.

    Args:
        asked: ``points`` and ``boxes`` count; a point in a box says what of it belongs to it.
        size_hw: The picture's height and width.

    Raises:
        MarksError: Nothing was said.
        InputError: Something lies outside of the picture.
    """
    check_points(asked.points, size_hw)
    boxes = [_inside(number, box, size_hw) for number, box in enumerate(asked.boxes)]
    framed = [Thing(tuple(_in_box(asked.points, box)), box) for box in boxes]
    in_boxes = {point for thing in framed for point in thing.points}
    rest = tuple(point for point in asked.points if point not in in_boxes)
    if any(point.is_wanted for point in rest):
        return (*framed, Thing(rest))
    if not framed:
        raise MarksError(
            "points has none of what is wanted and boxes is empty: expected at least one "
            "[x, y, 1], or one [x1, y1, x2, y2]"
        )
    return tuple(framed)


def cut_out(
    model: Any,
    seen: Seen,
    things: Sequence[Thing],
    picture: Pixels,
    candidate: Candidate = "best",
    effort: Effort = UNLIMITED,
) -> list[Area | None]:
    """The area of each thing.

    Args:
        model: The one that has looked at the picture.
        seen: What it kept of it.
        things: What to cut out.
        picture: The same picture, (H, W, 3) uint8.
        candidate: Which of a model's three answers is taken: the ``best`` by its own judgement,
            or the ``smallest``, the ``middle`` or the ``largest``.
        effort: How much may be cut out.

    Returns:
        For each thing its area, whose confidence is how much the model believes in its outline;
        None where it is empty.

    Raises:
        SumError: They are too large together; then none is cut out.
    """
    said: dict[int, Rough] = {}
    is_kept = len(things) <= _KEPT_THINGS
    placed = (
        enumerate(answers(model, seen, things, picture, effort))
        if is_kept
        else _each_answer(model, seen, things, picture, effort)
    )
    for place, answer in placed:
        taken = answer.taken(candidate)
        sure = float(np.clip(answer.judged[taken], 0, 1))
        # a copy: of many things, the other two answers need not be kept
        logits = answer.masks[taken].copy()
        said[place] = Rough(logits, answer.per_px_yx, things[place].label, sure)
    return each_area([said[place] for place in range(len(things))], picture, effort)


def answers(
    model: Any,
    seen: Seen,
    things: Sequence[Thing],
    picture: Pixels,
    effort: Effort = UNLIMITED,
) -> tuple[Answer, ...]:
    """What a model says of each thing, or said when it was asked for the same last.

    Args:
        model: The one that has looked at the picture.
        seen: What it kept of it.
        things: What to cut out.
        picture: The same picture, (H, W, 3) uint8.
        effort: Whether that is still wanted.
    """

    def ask() -> tuple[Answer, ...]:
        found = dict(_each_answer(model, seen, things, picture, effort))
        return tuple(found[place] for place in range(len(things)))

    return seen.answers.get(tuple(things), ask)


def _each_answer(
    model: Any, seen: Seen, things: Sequence[Thing], picture: Pixels, effort: Effort
) -> Iterator[tuple[int, Answer]]:
    """What a model says of each thing, and where among them that one stands."""
    for places in _batches(things):
        effort.go_on()
        part = [things[place] for place in places]
        for place, (three, judged) in zip(places, _answers(model, seen, part), strict=True):
            down, right = (scale * three.shape[-1] / seen.side_px for scale in seen.scale_yx)
            height = math.ceil(picture.shape[0] * down)
            width = math.ceil(picture.shape[1] * right)
            yield place, Answer(three[:, :height, :width], judged, (down, right))


def offered(loaded: Loaded, picture: Pixels, asked: Asked, kept: Seen) -> tuple[Offered, ...]:
    """The three outlines that there are of all that was clicked and framed.

    Args:
        loaded: The model that has looked at the picture.
        picture: (H, W, 3) uint8.
        asked: ``points``, ``boxes`` and ``candidate`` count.
        kept: What the model kept of the picture.

    Returns:
        The smallest, the middle and the largest: how much of the picture all things have together
        then, and whether these are the outlines that are taken. None of many things.
    """
    things = things_in(asked, (picture.shape[0], picture.shape[1]))
    if len(things) > _KEPT_THINGS:
        return ()
    said = answers(loaded.model, kept, things, picture, loaded.effort)
    return tuple(
        Offered(
            name,
            min(1.0, sum(one.share(name) for one in said)),
            all(one.taken(name) == one.taken(asked.candidate) for one in said),
        )
        for name in _PLACES
    )


def _side_of(model: Any) -> int:
    side = model.config.prompt_encoder_config.image_size
    return int(side if isinstance(side, int) else side[0])


def _inside(number: int, box: Box, size_hw: tuple[int, int]) -> Box:
    inside = box.clip(size_hw)
    if inside.is_empty:
        raise InputError(
            f"boxes[{number}] is {[*box]}: expected one inside of the picture of "
            f"{size_hw[1]} x {size_hw[0]} px"
        )
    return inside


def _in_box(points: Iterable[Point], box: Box) -> Iterable[Point]:
    return (point for point in points if box.x1 <= point.x < box.x2 and box.y1 <= point.y < box.y2)


def _batches(things: Sequence[Thing]) -> Iterator[list[int]]:
    """The places of things that can be asked for at once: with as many points, a box or none."""
    alike: dict[tuple[bool, int], list[int]] = {}
    for place, thing in enumerate(things):
        alike.setdefault((thing.box is None, len(thing.points)), []).append(place)
    for places in alike.values():
        points = len(things[places[0]].points)
        count = max(1, min(_AT_ONCE, _POINTS_AT_ONCE // max(1, points)))
        for start in range(0, len(places), count):
            yield places[start : start + count]


def _answers(model: Any, seen: Seen, things: Sequence[Thing]) -> Iterator[tuple[Floats, Floats]]:
    """For each of some things that are alike three masks, (3, h, w), and how good each is, (3,)."""
    weight = next(model.parameters())
    down, right = seen.scale_yx
    asked: dict[str, Tensor] = {}
    if things[0].points:
        points = [[[point.x * right, point.y * down] for point in one.points] for one in things]
        labels = [[int(point.is_wanted) for point in one.points] for one in things]
        asked["input_points"] = torch.tensor([points]).to(weight)
        asked["input_labels"] = torch.tensor([labels], dtype=torch.int32, device=weight.device)
    boxes = [one.box for one in things if one.box is not None]
    if boxes:
        corners = [[x1 * right, y1 * down, x2 * right, y2 * down] for x1, y1, x2, y2 in boxes]
        asked["input_boxes"] = torch.tensor([corners]).to(weight)
    with torch.inference_mode():
        out = model(image_embeddings=seen.embeddings, multimask_output=True, **asked)
    masks = out.pred_masks[0].float().cpu().numpy()
    return zip(masks, out.iou_scores[0].float().cpu().numpy(), strict=True)


def _chosen(candidate: Candidate, masks: Floats, judged: Floats) -> int:
    """Which of three masks is taken."""
    if candidate == "best":
        return int(judged.argmax())
    by_size = np.argsort((masks > 0).sum(axis=(1, 2)), kind="stable")
    return int(by_size[_PLACES[candidate]])
