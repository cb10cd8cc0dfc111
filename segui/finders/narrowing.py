"""What was found, narrowed without finding again: by labels, overlaps, and size."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.checks import is_whole
from segui.errors import InputError, shown
from segui.finders.base import Area, Pixels, segments_of
from segui.finders.joining import union_of
from segui.geometry import Box
from segui.masks.label_lists import listed, names_in
from segui.masks.notes import Note, Offer
from segui.options import default_of, option_range, option_values
from segui.segments.cutting import CropOptions
from segui.segments.segment import HARD_LEVEL, Segment, Segments

Overlaps = Literal["keep", "cut", "best", "join"]
OVERLAPS: Final = option_values("overlaps")

_MOST_NAMED: Final = 12  # labels, of which a note tells
_SAME: Final = 0.5  # of the pixels that two areas have together, above which they are one thing
_HARD: Final = round(HARD_LEVEL * 255)

Pair = tuple[int, int]


@dataclass(frozen=True)
class Narrowing:
    """What stays of what was found.

    Args:
        keep_labels: Labels with commas between; empty keeps all.
        overlaps: Where areas overlap: ``keep`` leaves them, ``cut`` takes from each what a surer
            one has, ``best`` keeps the surest of those that are the same thing, ``join`` makes
            those one that overlap.
        merge_touching: Areas of one label that touch or overlap become one.
        largest: How many of the largest stay; 0 is all.

    Raises:
        InputError: A value is out of its range.
    """

    keep_labels: str = default_of("keep_labels")
    overlaps: Overlaps = default_of("overlaps")
    merge_touching: bool = default_of("merge_touching")
    largest: int = default_of("largest")

    def __post_init__(self) -> None:
        """Check the ranges."""
        least, most = option_range("largest")
        if not is_whole(self.largest) or not least <= self.largest <= most:
            raise InputError(
                f"largest is {shown(self.largest)}: expected a whole number from {least} to {most}"
            )
        if self.overlaps not in OVERLAPS:
            expected = ", ".join(map(repr, OVERLAPS))
            raise InputError(f"overlaps is {shown(self.overlaps)}: expected one of {expected}")


def narrow(segments: Segments, narrowing: Narrowing, cut: CropOptions) -> Segments:
    """What stays of some segments.

    Labels count first, then overlaps, then what touches, and the largest of what is there then.

    Args:
        segments: What was found.
        narrowing: What stays.
        cut: How those that change are cut out.

    Returns:
        New segments in the same order, or the same object where nothing is asked for.
    """
    kept = _labelled(segments, narrowing.keep_labels)
    if narrowing.overlaps == "best":
        kept = _best(kept)
    elif narrowing.overlaps == "cut":
        kept = _cut(kept, cut)
    elif narrowing.overlaps == "join":
        kept = _merged(kept, cut, [pair for pair in _near(kept.items, 0) if _meet(kept, pair, 0)])
    if narrowing.merge_touching:
        alike = (pair for pair in _near(kept.items, 1) if _are_alike(kept.items, pair))
        kept = _merged(kept, cut, [pair for pair in alike if _meet(kept, pair, 1)])
    if narrowing.largest:
        kept = _largest(kept, narrowing.largest)
    return kept


def note_of_labels(found: Segments, keep_labels: str) -> list[Note]:
    """How many there are of each label, with a click to keep one alone, one more, or one less.

    Args:
        found: All that was found, whatever stays of it.
        keep_labels: Labels with commas between that stay; empty is all.

    Returns:
        A note where there are several labels, the most frequent first; else none.
    """
    counts = Counter(item.label.strip() for item in found.items)
    if len(counts) < 2:
        return []
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_NAMED]
    rest = len(counts) - len(ranked)
    more = [f"{rest} more"] if rest else []
    said = ", ".join([*(f"{count} {name}" for name, count in ranked), *more])
    kept = names_in(keep_labels)
    offers = [_offer(name, kept) for name, _ in ranked if "," not in name]
    every = [Offer("All of them", "keep_labels", "")] if kept else []
    return [Note(f"found: {said}", *offers, *every)]


def _offer(name: str, kept: Sequence[str]) -> Offer:
    others = [one for one in kept if one.casefold() != name.casefold()]
    if not kept:
        return Offer(f"Only {name}", "keep_labels", listed(name))
    if len(others) < len(kept):
        return Offer(f"Without {name}", "keep_labels", listed(*others))
    return Offer(f"{name} too", "keep_labels", listed(*kept, name))


def _labelled(segments: Segments, keep_labels: str) -> Segments:
    names = {name.casefold() for name in names_in(keep_labels)}
    if not names:
        return segments
    items = [item for item in segments.items if item.label.strip().casefold() in names]
    return Segments(segments.size, items, segments.left_out)


def _largest(segments: Segments, count: int) -> Segments:
    places = sorted(range(len(segments.items)), key=lambda n: (-segments.items[n].area, n))
    kept = sorted(places[:count])
    return Segments(segments.size, [segments.items[n] for n in kept], segments.left_out)


def _surest_first(items: Sequence[Segment]) -> list[int]:
    """The places of segments, the surest first; of two that are as sure the smaller one.

    A small thing lies on a large one more often than below it.
    """
    return sorted(range(len(items)), key=lambda n: (-items[n].confidence, items[n].area, n))


def _best(segments: Segments) -> Segments:
    items = segments.items
    near = set(_near(items, 0))
    kept: list[int] = []
    for place in _surest_first(items):
        others = (other for other in kept if _ordered(place, other) in near)
        if not any(_share(items[place], items[other]) > _SAME for other in others):
            kept.append(place)
    return Segments(segments.size, [items[n] for n in sorted(kept)], segments.left_out)


def _cut(segments: Segments, cut: CropOptions) -> Segments:
    items = segments.items
    overlapping = {place for pair in _near(items, 0) for place in pair}
    if not overlapping:
        return segments
    taken = np.zeros(segments.size, np.uint8)
    made: dict[int, Segments] = {}
    for place in (one for one in _surest_first(items) if one in overlapping):
        item = items[place]
        box = item.content.clip(segments.size)
        levels, before = _levels(item, box), taken[box.slices]
        free = cv2.min(levels, cv2.bitwise_not(before))
        np.maximum(before, levels, out=before)
        if np.array_equal(free, levels):
            made[place] = segments.of([item])
        else:
            area = Area(box, np.asarray(free, np.uint8), item.label, item.confidence, item.found)
            made[place] = segments_of([area], segments.size, cut)
    parts = [made.get(place, segments.of([item])) for place, item in enumerate(items)]
    return Segments(
        segments.size,
        [item for part in parts for item in part.items],
        (*segments.left_out, *(box for part in parts for box in part.left_out)),
    )


def _merged(segments: Segments, cut: CropOptions, pairs: Sequence[Pair]) -> Segments:
    """Each group of segments that pairs bind together as one, where its first one was."""
    if not pairs:
        return segments
    items = segments.items
    first = list(range(len(items)))
    for one, other in pairs:
        low, high = sorted((_root(first, one), _root(first, other)))
        first[high] = low
    groups: dict[int, list[Segment]] = {}
    for place, item in enumerate(items):
        groups.setdefault(_root(first, place), []).append(item)
    merged: list[Segment] = []
    left_out = list(segments.left_out)
    for group in groups.values():
        if len(group) == 1:
            merged += group
        else:
            made = segments_of([union_of(group, segments.size)], segments.size, cut)
            merged += made.items
            left_out += made.left_out
    return Segments(segments.size, merged, left_out)


def _root(first: list[int], place: int) -> int:
    while first[place] != place:
        place = first[place]
    return place


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _are_alike(items: Sequence[Segment], pair: Pair) -> bool:
    return items[pair[0]].label == items[pair[1]].label


def _near(items: Sequence[Segment], gap_px: int) -> Iterator[Pair]:
    """The pairs of segments whose boxes overlap once one is larger by a gap, in order."""
    boxes = np.array([item.content for item in items], np.int64).reshape(-1, 4)
    for place, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        rest = boxes[place + 1 :]
        is_near = (rest[:, 0] < x2 + gap_px) & (rest[:, 2] > x1 - gap_px)
        is_near &= (rest[:, 1] < y2 + gap_px) & (rest[:, 3] > y1 - gap_px)
        for other in np.flatnonzero(is_near).tolist():
            yield place, place + 1 + other


def _meet(segments: Segments, pair: Pair, gap_px: int) -> bool:
    """Whether two segments have a pixel in common, one of them grown by a gap."""
    one, other = (segments.items[place] for place in pair)
    window = one.content.widen(gap_px).intersect(other.content.widen(gap_px)).clip(segments.size)
    if window.is_empty:
        return False
    mask, grown = (_hard(item, window) for item in (one, other))
    if gap_px:
        square = np.ones((2 * gap_px + 1, 2 * gap_px + 1), np.uint8)
        grown = np.asarray(cv2.dilate(grown, square), np.uint8)
    return bool(np.any(mask & grown))


def _share(one: Segment, other: Segment) -> float:
    """What two segments both have of all pixels that they have together."""
    window = one.content.intersect(other.content)
    if window.is_empty:
        return 0.0
    both = int(np.count_nonzero(_hard(one, window) & _hard(other, window)))
    every = one.area + other.area - both
    return both / every if every else 0.0


def _hard(item: Segment, box: Box) -> Pixels:
    """1 where a segment is, else 0, in a box of the picture that may go beyond its mask."""
    out = np.zeros(box.size_hw, np.uint8)
    inside = box.intersect(item.content)
    if not inside.is_empty:
        out[inside.relative_to(box).slices] = _levels(item, inside) >= _HARD
    return out


def _levels(item: Segment, box: Box) -> Pixels:
    mask: NDArray[Any] = item.read_mask(box)
    flat = mask if mask.ndim == 2 else mask.max(axis=0)
    return np.asarray(np.rint(flat * 255), np.uint8)
