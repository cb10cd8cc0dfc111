"""What was decided by hand, found again where an option or a file has changed the areas.

A number says nothing: leaving out small areas, another order or another mask gives an area another
one. An area is known by its box and its label.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from segui.geometry import Box
from segui.session.inputs import AreaKey

if TYPE_CHECKING:  # torch comes with them, and the page is served before it
    from segui.segments.segment import Segment, Segments

_UNEVEN_PX: Final = 2  # how far the sides of a box may move apart when its area grows or shrinks
_FEWEST_SIDES: Final = 2  # that say by how much it has


def area_key(segment: Segment) -> AreaKey:
    """What an area is known by when it is found again."""
    return segment.bbox, segment.label


def found_again(segments: Segments, decided: Collection[AreaKey]) -> dict[int, AreaKey]:
    """Which of the areas as they are now are those that something was decided of.

    An area of the same box and label is the same. Of what is left, so is one of the same box where
    a further file has changed the label, and one of the same label whose box has grown or shrunk
    by as much on each side.

    Args:
        segments: The areas as they are now.
        decided: What is known of those that something was decided of, as they were then.

    Returns:
        What an area was known by, by its place, from 0. What is decided of areas that are not
        there now is kept with the overrides, and counts nowhere.
    """
    keys = [area_key(item) for item in segments.items]
    found = {place: key for place, key in enumerate(keys) if key in decided}
    there = set(keys)
    for key in decided:
        if key in there:
            continue
        free = [place for place in range(len(keys)) if place not in found]
        place = _same_box(key, keys, free)
        if place is None:
            place = _grown(key, keys, free, segments.size)
        if place is not None:
            found[place] = key
    return found


def _same_box(key: AreaKey, keys: Sequence[AreaKey], free: Sequence[int]) -> int | None:
    """The only free area with that box; None where there is none or several."""
    same = [place for place in free if keys[place][0] == key[0]]
    return same[0] if len(same) == 1 else None


def _grown(
    key: AreaKey, keys: Sequence[AreaKey], free: Sequence[int], size_hw: tuple[int, int]
) -> int | None:
    """The free area of that label whose box is that one, grown or shrunk the least."""
    box, label = key
    moved = {
        place: by
        for place in free
        if keys[place][1] == label and (by := _growth(box, keys[place][0], size_hw)) is not None
    }
    return min(moved, key=lambda place: abs(moved[place]), default=None)


def _growth(before: Box, after: Box, size_hw: tuple[int, int]) -> int | None:
    """By how many px each side has moved outwards; None where they have not moved alike.

    A side at the border of the image cannot move on.
    """
    height, width = size_hw
    sides = (
        (before.x1 - after.x1, 0 in (before.x1, after.x1)),
        (before.y1 - after.y1, 0 in (before.y1, after.y1)),
        (after.x2 - before.x2, width in (before.x2, after.x2)),
        (after.y2 - before.y2, height in (before.y2, after.y2)),
    )
    by = [moved for moved, is_at_border in sides if not is_at_border]
    if len(by) < _FEWEST_SIDES or max(by) - min(by) > _UNEVEN_PX:
        return None
    return max(by, key=abs)
