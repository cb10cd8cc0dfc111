"""Examples of what is looked for, named by segments' numbers or by points inside of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from segui.checks import is_number, is_whole
from segui.classifiers.likeness import LikeThese
from segui.errors import InputError, shown
from segui.geometry import Box
from segui.json_reading import read_json
from segui.segments.segment import HARD_LEVEL, Segment, Segments

MOST_EXAMPLES: Final = 1000
_MOST: Final = 1_000_000  # px, and segments: a whole number of JSON may have no float
Example = tuple[int, bool] | tuple[int, int, bool]
_EXPECTED: Final = "[number, 1 or 0] or [x, y, 1 or 0]"
NO_EXAMPLES: Final = f"examples is empty: expected at least one {_EXPECTED}"


def like_these(segments: Segments, examples: Iterable[Sequence[Any]]) -> LikeThese:
    """A classifier that scores segments as like or unlike some of them.

    Args:
        segments: What will be scored, all of it with pixels.
        examples: Each ``(number, is_wanted)``, of a segment by its number from 1, or
            ``(x, y, is_wanted)``, of the smallest segment that has a px of the image.

    Raises:
        InputError: There is none, one names no segment, or two say opposites of one segment.

    >>> import torch
    >>> from segui import segments_from_mask
    >>> mask = torch.zeros(8, 8)
    >>> mask[1:3, 1:3] = mask[5:7, 5:7] = 1
    >>> like_these(segments_from_mask(mask, drop_size=1), [(1, True), (5, 6, False)]).examples
    {0: True, 1: False}
    """
    read = [_example(f"examples[{place}]", list(one)) for place, one in enumerate(examples)]
    if not read:
        raise InputError(NO_EXAMPLES)
    return LikeThese(examples_among(segments, read))


def read_examples(text: str) -> tuple[Example, ...]:
    """Examples as programs say them.

    Args:
        text: JSON, ``[[number, 1 or 0], [x, y, 1 or 0], ...]``; empty is none.

    Raises:
        InputError: It is something else; the sentence says which one.

    >>> read_examples("[[2, 1], [30, 40, 0]]")
    ((2, True), (30, 40, False))
    """
    if not text.strip():
        return ()
    said = read_json(text, "examples", max_bytes=len(text.encode()))
    if not isinstance(said, list):
        raise InputError(f"examples is {shown(said)}: expected a list of lists")
    if len(said) > MOST_EXAMPLES:
        raise InputError(f"examples has {len(said)} entries: at most {MOST_EXAMPLES} are allowed")
    return tuple(_example(f"examples[{place}]", one) for place, one in enumerate(said))


def examples_among(
    segments: Segments, examples: Sequence[Example], by_hand: Mapping[int, bool] | None = None
) -> dict[int, bool]:
    """Which segments are examples.

    Args:
        segments: All of a picture.
        examples: By number or by point.
        by_hand: What was decided by hand of segments, by their numbers from 1; what an example
            says of one goes before that.

    Returns:
        By the segment's place, from 0, whether it is one of those that are looked for.

    Raises:
        InputError: One names no segment, or two say opposites of one.
    """
    found: dict[int, bool] = {}
    for order, example in enumerate(examples):
        name, is_wanted = f"examples[{order}]", example[-1]
        place = _place(name, segments, example)
        if found.setdefault(place, is_wanted) != is_wanted:
            raise InputError(
                f"{name} says of segment {place + 1} the opposite of what was said of it before"
            )
    decided = {number - 1: is_wanted for number, is_wanted in (by_hand or {}).items()}
    count = len(segments.items)
    both = {place: is_wanted for place, is_wanted in decided.items() if 0 <= place < count} | found
    return dict(sorted(both.items()))


def _place(name: str, segments: Segments, example: Example) -> int:
    """The place of the segment that an example is of, from 0."""
    count = len(segments.items)
    are = "is 1 segment" if count == 1 else f"are {count} segments"
    if len(example) == 2:
        if not 1 <= example[0] <= count:
            raise InputError(f"{name} is of segment {example[0]}: there {are}")
        return example[0] - 1
    x, y, _ = example
    having = [place for place, item in enumerate(segments.items) if _has(item, x, y)]
    if not having:
        raise InputError(f"{name} is at {x}, {y}: none of the segments is there, and there {are}")
    return min(having, key=lambda place: (segments.items[place].area, place))


def _has(item: Segment, x: int, y: int) -> bool:
    """Whether a px is a segment's, by half at least."""
    dot = Box(x, y, x + 1, y + 1)
    if dot.intersect(item.content).is_empty:
        return False
    return bool(item.read_mask(dot).max() >= HARD_LEVEL)


def _example(name: str, said: Any) -> Example:
    if not isinstance(said, list) or len(said) not in {2, 3}:
        told = f"a list of {len(said)}" if isinstance(said, list) else shown(said)
        raise InputError(f"{name} is {told}: expected {_EXPECTED}")
    *where, wanted = said
    if wanted not in (0, 1):
        raise InputError(f"{name} ends with {shown(wanted)}: expected 1 or 0")
    is_huge = any(isinstance(value, int) and abs(value) > _MOST for value in where)
    if len(where) == 1:
        if is_huge or not is_whole(where[0]):
            raise InputError(f"{name} begins with {shown(where[0])}: expected a segment's number")
        return int(where[0]), bool(wanted)
    for value in where:
        if is_huge or not is_number(value):
            raise InputError(f"{name} has {shown(value)}: expected a number of px")
    return int(where[0] // 1), int(where[1] // 1), bool(wanted)
