"""The ways in which a photo may lie in a mask that has bars beside it, and what speaks for each.

Whoever pads a photo scales it until it fits, or leaves it at its size, and puts it in the middle
or into a corner. What is marked tells the bars where it is cut off at them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box

Way = Literal["centre", "corner", "end"]

WHERE: Final[dict[Way, str]] = {
    "centre": "in the middle",
    "corner": "at the upper left",
    "end": "at the lower right",
}
_BLED_PX: Final = 1  # of a bar, into which rounding and a filter may carry what is beside it
_LEAST_BAR_PX: Final = 2
_CUT_PX: Final = 12  # of what is marked, at least, that ends at a bar
_CUT_SHARE: Final = 0.75  # of it is as wide a few pixels before: what is round is not
_CUT_DEPTH_PX: Final = 6
_BOX_SHARE: Final = 0.97  # of its bounding box, that a box fills
_SEEN_SHARE: Final = 0.5  # of the photo's sides beside bars, where a bar's value ends
_ROUNDED_UP_PX: Final = 64  # programs that want whole multiples ask for no more

Planes = NDArray[np.uint8] | NDArray[np.int32]
Marked = NDArray[np.bool_]


@dataclass(frozen=True)
class Lying:
    """A way in which a photo may lie in a mask.

    Args:
        way: In the middle, at the upper left or at the lower right.
        photo: Which part of the mask lies on the photo.
        bars: The parts that do not, less what may have bled into them.
        is_scaled: Whether the photo was scaled until it fitted; else it kept its size.
    """

    way: Way
    photo: Box
    bars: tuple[Box, ...]
    is_scaled: bool

    def has_empty_bars(self, planes: Planes) -> bool:
        """Whether all of the bars have one value, and there are any.

        Args:
            planes: (H, W), the mask.
        """
        if not self.bars or (
            self.is_scaled and min(min(bar.size_hw) for bar in self.bars) < _LEAST_BAR_PX
        ):
            return False
        value = self.value_in(planes)
        return all(bool((planes[bar.slices] == value).all()) for bar in self.bars)

    @property
    def is_rounded_up(self) -> bool:
        """Whether the photo kept its size, and little was added, as whole multiples ask for."""
        return not self.is_scaled and all(min(bar.size_hw) < _ROUNDED_UP_PX for bar in self.bars)

    def value_in(self, planes: Planes) -> Any:
        """What the bars hold, where they are empty."""
        return planes[self.bars[0].y1, self.bars[0].x1]


def ways_in(mask_hw: tuple[int, int], size_hw: tuple[int, int]) -> tuple[Lying, ...]:
    """All ways in which a photo may lie in a mask, those at its own size last.

    Args:
        mask_hw: Height and width of the mask.
        size_hw: Height and width of the photo.
    """
    fitted = _fitted(mask_hw, size_hw)
    sizes = [(fitted, True)] if fitted != size_hw else []
    if all(own >= side for own, side in zip(mask_hw, size_hw, strict=True)):
        sizes.append((size_hw, False))
    found = [
        _lying(way, mask_hw, inner, is_scaled=is_scaled)
        for inner, is_scaled in sizes
        for way in get_args(Way)
    ]
    return tuple({one.photo: one for one in reversed(found)}.values())[::-1]


def asked_for(way: Way, mask_hw: tuple[int, int], size_hw: tuple[int, int]) -> Lying:
    """How a photo lies in a mask of which the way was said.

    At its own size where that is what a program makes of it that wants whole multiples, else
    scaled until it fits.

    Args:
        way: What was said.
        mask_hw: Height and width of the mask.
        size_hw: Height and width of the photo.
    """
    beyond = [own - side for own, side in zip(mask_hw, size_hw, strict=True)]
    is_own = min(beyond) >= 0 and max(beyond) < _ROUNDED_UP_PX
    inner = size_hw if is_own else _fitted(mask_hw, size_hw)
    return _lying(way, mask_hw, inner, is_scaled=not is_own)


def is_cut_at_bars(marked: Marked, lying: Lying) -> bool:
    """Whether something ends straight where the bars begin, as what is cut off there does.

    Args:
        marked: (H, W), what differs from the bars, which are empty.
        lying: Where the photo would lie.
    """
    rows, columns = (np.flatnonzero(marked.any(axis=axis)) for axis in (1, 0))
    around = marked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if float(around.mean()) > _BOX_SHARE:  # a box ends straight on its own
        return False
    bled = _BLED_PX if lying.is_scaled else 0
    return any(_is_cut(side, bled) for side in _sides(marked, lying.photo))


def shows_bars(marked: Marked, lying: Lying) -> bool:
    """Whether what the bars hold ends along most of the photo's sides: so they are bars.

    Args:
        marked: (H, W), what differs from the bars, which are empty.
        lying: Where the photo would lie.
    """
    ends = [side[min(_LEAST_BAR_PX, len(side) - 1)] for side in _sides(marked, lying.photo)]
    if sum(map(len, ends)) < _CUT_PX:
        return False
    return float(np.mean(np.concatenate(ends))) >= _SEEN_SHARE


def _fitted(mask_hw: tuple[int, int], size_hw: tuple[int, int]) -> tuple[int, int]:
    scale = min(own / side for own, side in zip(mask_hw, size_hw, strict=True))
    height, width = (
        min(own, max(1, round(side * scale))) for own, side in zip(mask_hw, size_hw, strict=True)
    )
    return height, width


def _lying(
    way: Way, mask_hw: tuple[int, int], inner_hw: tuple[int, int], *, is_scaled: bool
) -> Lying:
    (height, width), (inner_h, inner_w) = mask_hw, inner_hw
    top, left = {
        "centre": ((height - inner_h) // 2, (width - inner_w) // 2),
        "corner": (0, 0),
        "end": (height - inner_h, width - inner_w),
    }[way]
    photo = Box(left, top, left + inner_w, top + inner_h)
    bled = _BLED_PX if is_scaled else 0
    around = (
        Box(0, 0, width, top - bled),
        Box(0, photo.y2 + bled, width, height),
        Box(0, 0, left - bled, height),
        Box(photo.x2 + bled, 0, width, height),
    )
    return Lying(way, photo, tuple(bar for bar in around if not bar.is_empty), is_scaled)


def _sides(marked: Marked, photo: Box) -> Iterator[Marked]:
    """What is marked at each side of the photo that a bar lies beside, outermost lines first."""
    height, width = marked.shape
    inner = marked[photo.slices]
    if photo.y1 > 0:
        yield inner
    if photo.y2 < height:
        yield inner[::-1]
    if photo.x1 > 0:
        yield inner.T
    if photo.x2 < width:
        yield inner.T[::-1]


def _is_cut(lines: Marked, bled: int) -> bool:
    """Whether what is marked ends at the first of some lines, as wide as it is further in."""
    counts = [int(np.count_nonzero(line)) for line in lines[: _CUT_DEPTH_PX + bled + 1]]
    first = next((at for at, count in enumerate(counts[: bled + 1]) if count), None)
    if first is None or len(counts) <= first + _CUT_DEPTH_PX:
        return False
    return counts[first] >= max(_CUT_PX, _CUT_SHARE * counts[first + _CUT_DEPTH_PX])
