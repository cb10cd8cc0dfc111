"""Areas that may overlap, as few label maps in which none does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.geometry import Box

MOST_LAYERS = 32
_LEAST_LAYERS = 4  # however large the picture is
_MOST_PIXELS = 400_000_000  # of all layers, 4 bytes each


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of an area.

    Args:
        box: Where it lies, xyxy px, inside the picture.
        pixels: (h, w) bool, as large as the box.
    """

    box: Box
    pixels: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sketch:
    """A part of an area that is not drawn yet: how large it is can be known before.

    Args:
        box: Where it lies, xyxy px, inside the picture.
        draw: Gives its pixels, (h, w) bool, as large as the box.
    """

    box: Box
    draw: Callable[[], NDArray[np.bool_]]

    @property
    def pixels(self) -> NDArray[np.bool_]:
        """Its pixels, drawn anew each time."""
        return self.draw()

    def drawn(self) -> Piece:
        """The part as it is drawn."""
        return Piece(self.box, self.draw())


@dataclass(frozen=True, eq=False)
class Layer:
    """A label map and what its values are called.

    Args:
        labels: (H, W) int32, 0 nothing.
        names: The label of each value.
    """

    labels: NDArray[np.int32]
    names: dict[int, str] = field(default_factory=dict)

    def has_room(self, pieces: Sequence[Piece]) -> bool:
        """Whether nothing lies yet where an area is to lie."""
        return not any((self.labels[piece.box.slices][piece.pixels] != 0).any() for piece in pieces)

    def add(self, label: str, pieces: Sequence[Piece]) -> None:
        """Lay an area down."""
        value = len(self.names) + 1
        for piece in pieces:
            self.labels[piece.box.slices][piece.pixels] = value
        self.names[value] = label


class Layers:
    """Label maps that take one area after the other, each in the first that has room for it.

    Args:
        size_hw: Height and width of the picture.
        name: What messages call what the areas come from.
    """

    def __init__(self, size_hw: tuple[int, int], name: str) -> None:
        self._size_hw = size_hw
        self._name = name
        fitting = _MOST_PIXELS // max(1, size_hw[0] * size_hw[1])
        self._most = max(_LEAST_LAYERS, min(MOST_LAYERS, fitting))
        self.layers: list[Layer] = []

    def add(self, label: str, pieces: Sequence[Piece]) -> None:
        """Lay an area down.

        Raises:
            InputError: So many areas overlap at one place that it takes too many maps.
        """
        layer = next((layer for layer in self.layers if layer.has_room(pieces)), None)
        if layer is None:
            if len(self.layers) == self._most:
                raise InputError(
                    f"{self._name}: more than {self._most} areas overlap one another: "
                    "merge those of one label, or take some out"
                )
            layer = Layer(np.zeros(self._size_hw, np.int32))
            self.layers.append(layer)
        layer.add(label, pieces)
