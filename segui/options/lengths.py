"""Lengths that follow the area: px, or a share of the side of a square as large as the area."""

import math
import re
from collections.abc import Iterable
from typing import Final

PxOrShare = int | float | str  # px, or a share as "2%"

_SHARE: Final = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*%\s*", re.ASCII)
_MOST_CHARACTERS: Final = 40


def percent_of(length: object) -> float | None:
    """How many percent a share is; None for what is no share, as a number of px.

    >>> percent_of("2 %"), percent_of(2)
    (2.0, None)
    """
    if not isinstance(length, str) or len(length) > _MOST_CHARACTERS:
        return None
    found = _SHARE.fullmatch(length)
    return None if found is None else float(found[1]) + 0.0


def share_text(percent: float) -> str:
    """A share as it is kept.

    >>> share_text(2.0), share_text(-0.5)
    ('2%', '-0.5%')
    """
    return f"{percent + 0.0:g}%"


def length_px(length: PxOrShare, side_px: float) -> float:
    """A length in px.

    Args:
        length: A number of px, or a share as ``2%``.
        side_px: What a share is of: the side of a square as large as the area.

    >>> length_px("2%", 150), length_px(7, 150)
    (3.0, 7)
    """
    percent = percent_of(length)
    if percent is not None:
        return percent * side_px / 100
    assert not isinstance(length, str)  # noqa: S101  it was checked where it came in
    return length


def whole_px(length: PxOrShare, side_px: float, most_px: int) -> int:
    """A length in whole px, halves rounded up; a share is no more than the most there may be.

    >>> whole_px("2%", 125, 500), whole_px("-100%", 9000, 500)
    (3, -500)
    """
    px = math.floor(length_px(length, side_px) + 0.5)
    return px if percent_of(length) is None else max(-most_px, min(most_px, px))


def length_words(length: PxOrShare) -> str:
    """A length for a sentence.

    >>> length_words(5), length_words("2%")
    ('5 px', '2 % of its side')
    """
    percent = percent_of(length)
    return f"{length:g} px" if percent is None else f"{percent:g} % of its side"


def widest_px(length: PxOrShare, sides_px: Iterable[float], most_px: int) -> int:
    """The most whole px that a length is for any of some areas; of none, of a share 0."""
    if percent_of(length) is None:
        return whole_px(length, 0, most_px)
    return max((whole_px(length, side, most_px) for side in sides_px), default=0)
