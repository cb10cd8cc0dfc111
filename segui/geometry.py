"""Boxes in pixels and the sizes that they live in."""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle of whole pixels, half-open: ``x2`` and ``y2`` are the first ones outside."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def width(self) -> int:
        """Pixels from left to right, 0 where the box is empty."""
        return max(0, self.x2 - self.x1)

    @property
    def height(self) -> int:
        """Pixels from top to bottom, 0 where the box is empty."""
        return max(0, self.y2 - self.y1)

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width, in the order of an array's shape."""
        return self.height, self.width

    @property
    def is_empty(self) -> bool:
        """Whether no pixel lies inside."""
        return self.x2 <= self.x1 or self.y2 <= self.y1

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an (H, W, ...) array that contains the box."""
        return slice(self.y1, self.y2), slice(self.x1, self.x2)

    def intersect(self, other: "Box") -> "Box":
        """The pixels in both boxes; an empty box where they do not meet."""
        return Box(
            max(self.x1, other.x1),
            max(self.y1, other.y1),
            min(self.x2, other.x2),
            min(self.y2, other.y2),
        )

    def hull(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.x1, other.x1),
            min(self.y1, other.y1),
            max(self.x2, other.x2),
            max(self.y2, other.y2),
        )

    def clip(self, size_hw: tuple[int, int]) -> "Box":
        """The part of the box inside an image of that size."""
        return self.intersect(Box.of_size(size_hw))

    def widen(self, margin_px: int) -> "Box":
        """The box with that many more pixels on each side."""
        return Box(
            self.x1 - margin_px, self.y1 - margin_px, self.x2 + margin_px, self.y2 + margin_px
        )

    def shift(self, x: int, y: int) -> "Box":
        """The box moved right by ``x`` and down by ``y`` pixels."""
        return Box(self.x1 + x, self.y1 + y, self.x2 + x, self.y2 + y)

    def relative_to(self, origin: "Box") -> "Box":
        """The box in the coordinates of another one's upper left corner."""
        return self.shift(-origin.x1, -origin.y1)

    def scale(self, from_hw: tuple[int, int], to_hw: tuple[int, int]) -> "Box":
        """The box when its image is scaled from one size to another.

        Each edge is truncated toward zero, in whole numbers: 800 * (402 / 800) is just below
        402 in floating point, and would lose a column.
        """
        x1, x2 = (_truncated(x * to_hw[1], from_hw[1]) for x in (self.x1, self.x2))
        y1, y2 = (_truncated(y * to_hw[0], from_hw[0]) for y in (self.y1, self.y2))
        return Box(x1, y1, x2, y2)

    @classmethod
    def of_size(cls, size_hw: tuple[int, int]) -> "Box":
        """The box of a whole image of that size."""
        height, width = size_hw
        return cls(0, 0, width, height)


def _truncated(numerator: int, denominator: int) -> int:
    """A quotient without its fraction."""
    return abs(numerator) // denominator * (1 if numerator >= 0 else -1)
