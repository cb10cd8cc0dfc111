"""Under which of several places a mask's outlines are the photo's edges."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.images.writing import shrink

_LOOKED_AT_PX: Final = 512  # the longer side of the photo
_CANVAS_PX: Final = 1024  # and of the mask, of which the photo may be a part
_CLEARLY: Final = 1.3  # times as much of the photo's edges
_LEAST_EDGE: Final = 1.2  # times as much as the photo has on the whole
_SURELY: Final = 1.5  # times as much as it has as it lies, which its size says it does
_STEEP: Final = 3.0  # times as steep as the photo is on the whole: more says no more
_NEAR_SHARE: Final = 0.025  # of a side: between places so near to each other
_NEARLY: Final = 1.1  # times as much of the photo's edges is enough
_SAME_PX: Final = 1.5  # outlines that lie so near to each other fit alike: the better one is taken
_A_STEP: Final = 8.0  # what slopes add up to across an outline from 0 to 1, for each px of it

Plane = NDArray[np.float32]
_WAYS: Final = (1, 0), (0, 1)


@dataclass(frozen=True, eq=False)
class PhotoEdges:
    """How steep a photo is, and which way.

    Args:
        across: (h, w) float32, from left to right, in units of how steep it is on the whole.
        down: The same from top to bottom.
    """

    across: Plane
    down: Plane

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> "PhotoEdges | None":
        """The edges of a photo; None where it has none.

        Args:
            pixels: (H, W, 3 or 4) uint8.
        """
        every = max(1, max(pixels.shape[:2]) // (2 * _LOOKED_AT_PX))  # few are enough to average
        few = np.ascontiguousarray(pixels[::every, ::every, :3])
        small = cv2.cvtColor(shrink(few, _LOOKED_AT_PX), cv2.COLOR_RGB2GRAY)
        across, down = _slopes(small.astype(np.float32))
        steep = np.asarray(cv2.magnitude(across, down), np.float32)
        mean = float(steep.mean())
        if not mean:
            return None
        by = np.maximum(steep / _STEEP, mean)
        return cls(across / by, down / by)

    def along(self, canvas: Plane, scales: Sequence[float], place: Box) -> "Laid":
        """A mask laid on the photo, and how steep the photo is across its outlines.

        Args:
            canvas: (H, W) float32, 0..1: the mask, shrunk.
            scales: By what the mask's width and height were multiplied.
            place: Which part of the mask lies on the photo.
        """
        height, width = self.across.shape
        axes = (place.x1, place.width / width), (place.y1, place.height / height)
        matrix = np.zeros((2, 3))
        for at, ((begin, step), scale) in enumerate(zip(axes, scales, strict=True)):
            matrix[at, at] = step * scale
            matrix[at, 2] = (begin + step / 2) * scale - 0.5
        warped = cv2.warpAffine(
            canvas, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        laid = np.asarray(warped, np.float32)
        across, down = _slopes(laid)
        outline = float(cv2.magnitude(across, down).sum())
        steep = float(np.abs(across * self.across + down * self.down).sum())
        return Laid(laid, outline / _A_STEP, steep / outline if outline else 0.0)


@dataclass(frozen=True, eq=False)
class Laid:
    """A mask at one of its places.

    Args:
        plane: (h, w) float32, 0..1.
        outline_px: How long its outlines are.
        fit: How steep the photo is across them, of how steep it is on the whole.
    """

    plane: Plane
    outline_px: float
    fit: float

    def is_as(self, other: "Laid") -> bool:
        """Whether the outlines of another one lie beside its own."""
        apart = float(np.abs(self.plane - other.plane).sum())
        return apart <= _SAME_PX * max(self.outline_px, other.outline_px)


def place_by_edges(
    laid: Sequence[tuple[NDArray[np.bool_], Box]], pixels: NDArray[np.uint8]
) -> int | None:
    """At which place a mask's outlines are clearly the photo's edges; None where at none.

    Args:
        laid: What the mask marks, (H, W), turned perhaps, and which part of it may lie on the
            photo. The same array is looked at once.
        pixels: The photo, (H, W, 3 or 4) uint8.
    """
    edges = PhotoEdges.of(pixels)
    if edges is None:
        return None
    every = {id(marked): marked for marked, _ in laid}
    canvases = {key: _canvas(marked) for key, marked in every.items()}
    found = [edges.along(*canvases[id(marked)], place) for marked, place in laid]
    best = int(np.argmax([one.fit for one in found]))
    wanted = [
        one.fit * (_NEARLY if _are_near(laid[at], laid[best]) else _CLEARLY)
        for at, one in enumerate(found)
        if not one.is_as(found[best])
    ]
    is_clear = found[best].fit >= max([_LEAST_EDGE, *wanted])
    return best if is_clear else None


def turn_by_edges(
    marked: NDArray[np.bool_],
    turns: Mapping[str, Callable[[Plane], Plane]],
    pixels: NDArray[np.uint8],
) -> str:
    """Once turned how a mask's outlines are surely the photo's edges; empty where by no turn.

    Args:
        marked: What the mask marks, (H, W), of the photo's proportions.
        turns: The turns that leave it these, by name.
        pixels: The photo, (H, W, 3 or 4) uint8.
    """
    edges = PhotoEdges.of(pixels)
    if edges is None:
        return ""
    canvas, scales = _canvas(marked)
    whole = Box.of_size((marked.shape[0], marked.shape[1]))
    own = edges.along(canvas, scales, whole).fit
    fits = {
        how: edges.along(np.ascontiguousarray(turn(canvas)), scales, whole).fit
        for how, turn in turns.items()
    }
    best = max(fits, key=lambda how: fits[how])
    return best if fits[best] >= max(_LEAST_EDGE, _SURELY * own) else ""


def _canvas(marked: NDArray[np.bool_]) -> tuple[Plane, list[float]]:
    """A mask, 0..1, as small as it may be, and by what its width and height were multiplied."""
    factor = min(1.0, _CANVAS_PX / max(marked.shape))
    size_wh = max(1, round(marked.shape[1] * factor)), max(1, round(marked.shape[0] * factor))
    small = cv2.resize(marked.view(np.uint8) * np.uint8(255), size_wh, interpolation=cv2.INTER_AREA)
    scales = [new / old for new, old in zip(size_wh, marked.shape[::-1], strict=True)]
    return np.asarray(small, np.float32) / np.float32(255), scales


def _are_near(a_laid: tuple[NDArray[np.bool_], Box], b_laid: tuple[NDArray[np.bool_], Box]) -> bool:
    """Whether two places put nothing far from where the other does."""
    (marked, one), (other_marked, other) = a_laid, b_laid
    if marked is not other_marked:
        return False
    sides = one.width, one.height, one.width, one.height
    return all(
        abs(a - b) <= _NEAR_SHARE * side for a, b, side in zip(one, other, sides, strict=True)
    )


def _slopes(light: Plane) -> tuple[Plane, Plane]:
    smooth = cv2.GaussianBlur(light, (0, 0), 1)
    across, down = (np.asarray(cv2.Sobel(smooth, cv2.CV_32F, *way), np.float32) for way in _WAYS)
    return across, down
