"""Brush strokes as Label Studio packs them: runs of a picture's bytes, four for each pixel.

Source: the format of ``@thi.ng/rle-pack``, which its documentation describes.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from segui.errors import InputError
from segui.geometry import Box
from segui.masks.annotations.layers import Sketch
from segui.masks.annotations.outlines import runs_piece

_WORD: Final = 8  # bits
_CHANNELS: Final = 4  # of which the last one is the opacity
_BROKEN: Final = "a brush's run lengths are cut short, or none of Label Studio's"


def brush_piece(values: Sequence[int], size_hw: tuple[int, int]) -> Sketch | None:
    """What a brush marked; None where that is nothing.

    Args:
        values: The packed bytes.
        size_hw: The picture's height and width.

    Raises:
        InputError: They are none, or not as many pixels as the picture has.
    """
    height, width = size_hw
    bits = _Bits(values)
    count = bits.take(32)
    if count != _CHANNELS * height * width:
        raise InputError(
            f"a brush's run lengths make {count // _CHANNELS} pixels: the picture has "
            f"{height * width}"
        )
    lengths, marks = zip(*_runs(bits, count), strict=True)
    # the last of a pixel's bytes stands at 3, 7, 11 and so on
    ends = np.cumsum(np.array(lengths, np.int64)) // _CHANNELS
    by_rows = runs_piece(_in_turn(ends, np.array(marks, np.bool_)), (width, height))
    if by_rows is None:
        return None
    y1, x1, y2, x2 = by_rows.box
    return Sketch(Box(x1, y1, x2, y2), lambda: np.ascontiguousarray(by_rows.pixels.T))


def _in_turn(ends: np.ndarray, marks: np.ndarray) -> list[int]:
    """The lengths of nothing and something in turn, of where runs end and which are something."""
    is_last = np.append(marks[1:] != marks[:-1], True)
    lengths: list[int] = np.diff(ends[is_last], prepend=0).tolist()
    return [0, *lengths] if marks[0] else lengths


def _runs(bits: "_Bits", count: int) -> Iterator[tuple[int, bool]]:
    """How many bytes follow each other, and whether they are not 0."""
    if bits.take(5) + 1 != _WORD:
        raise InputError(_BROKEN)
    sizes = [bits.take(4) + 1 for _ in range(4)]
    done = 0
    while done < count:
        is_run = bits.take(1)
        length = min(bits.take(sizes[bits.take(2)]) + 1, count - done)
        done += length
        if is_run:
            yield length, bits.take(_WORD) > 0
        else:
            for _ in range(length):
                yield 1, bits.take(_WORD) > 0


class _Bits:
    """Reads whole numbers of some bits each, the highest bit first."""

    def __init__(self, values: Sequence[int]) -> None:
        self._data = bytes(values)
        self._place = 0

    def take(self, count: int) -> int:
        """The next number of so many bits.

        Raises:
            InputError: There are not as many left.
        """
        end = self._place + count
        if end > 8 * len(self._data):
            raise InputError(_BROKEN)
        first, last = self._place // 8, (end + 7) // 8
        number = int.from_bytes(self._data[first:last], "big") >> (8 * last - end)
        self._place = end
        return number & ((1 << count) - 1)
