"""Where an edited version lies on its photo: moved, cropped, scaled, by what both of them show.

A program that edits pictures gives back sizes that it likes: whole eights, a crop, a pixel moved.
Phase correlation finds the place without looking at brightness, and on tiles it finds whether the
place drifts from one side of the photo to the other.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.images.features import Pixels, find_straight

Plane = NDArray[np.float32]

_COARSE_PX = 1024  # the longer side on which a place is looked for first
_ZOOM_PX = 512  # and on which it is looked for among crops that were scaled to any size
_FINE_PX = 2048  # and on which it is measured
_ZOOMS = tuple(1.02**step for step in range(-11, 12) if step)
_TILES_PX = 16, 24, 32, 48, 64, 96, 128  # of odd tiles OpenCV gives places half a pixel off
_TILES_A_SIDE = 8
_LEAST_TILES = 6
_LEAST_LIKENESS = 0.35  # of two pictures' details; of unlike ones it is some 0.05
_LEAST_GAIN = 0.02  # of likeness, by a move: half a pixel of a sharp picture gains four times that
_LEAST_OVERLAP = 0.25  # of the smaller picture
_LEAST_RESPONSE = 0.05  # of a tile's peak, of which 1 is an exact copy's
_TEXTURE = 1.5  # levels: standard deviation of the details of a tile that can be found again
_STEADY_PX = 0.75  # how far a tile may be from where the others say it is
_MEASURED_PX = 0.9  # so far a move shows in the slopes
_LEAST_SLOPES = 1e-3  # of a tile with slopes both ways
_WAYS = (1, 0), (0, 1)
_SMOOTH = np.array([0.25, 0.5, 0.25], np.float32)
_SNAP_PX = 0.2  # a place that is so near to whole pixels is on them
_AVERAGED_BELOW = 0.75  # of its size: what is shrunk more is averaged first
_DRIFT_PX = 0.4  # over all of a photo: less is none
LEAST_PX = 0.5  # less is no move that anybody sees, or that can be told from noise


class Axis(NamedTuple):
    """One axis of a place: a point at ``p`` px of the edited version is at ``scale * p + shift``.

    Args:
        scale: Pixels of the photo for each of the edited version.
        shift: Where the edited version begins on the photo, px.
    """

    scale: float
    shift: float


@dataclass(frozen=True)
class Place:
    """Where an edited version lies on its photo.

    Args:
        x: From left to right.
        y: From top to bottom.
    """

    x: Axis
    y: Axis

    @property
    def is_whole(self) -> bool:
        """Whether each of its pixels is one of the photo's, so that none has to be mixed."""
        axes = (self.x, self.y)
        return all(axis.scale == 1 and axis.shift == int(axis.shift) for axis in axes)

    def on_size_times(self, factors: Sequence[float]) -> "Place":
        """The same on a photo whose width and height are multiplied."""
        x, y = (
            Axis(axis.scale * factor, axis.shift * factor)
            for axis, factor in zip((self.x, self.y), factors, strict=True)
        )
        return Place(x, y)


def find_place(photo: Pixels, edited: Pixels) -> Place | None:
    """Where an edited version lies on its photo.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8, of any size.

    Returns:
        None where the two have too little in common to tell.
    """
    of_photo, of_edited = _grey(photo), _grey(edited)
    meant = [*_scales(of_photo, of_edited)]
    coarse = _coarse_place(of_photo, of_edited, meant, _COARSE_PX)
    if coarse is None:
        zoomed = [(across * zoom, down * zoom) for across, down in meant[:1] for zoom in _ZOOMS]
        coarse = _coarse_place(of_photo, of_edited, zoomed, _ZOOM_PX)
    if coarse is None:
        coarse = _place_by_features(photo, edited)
    fine = None if coarse is None else _refined(of_photo, of_edited, coarse)
    if fine is None:
        return None
    sizes = zip(of_photo.shape[::-1], of_edited.shape[::-1], strict=True)
    x, y = (_snapped(axis, *pair) for axis, pair in zip((fine.x, fine.y), sizes, strict=True))
    return Place(x, y)


def likeness(photo: Pixels, edited: Pixels) -> float:
    """How much alike the details of two pictures are at the place where they are most so.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8, of any size: stretched to the photo, as it is, filling the
            photo or fitting in it.

    Returns:
        A correlation, 0..1: 1 is the same picture.
    """
    of_photo, of_edited = _grey(photo), _grey(edited)
    found = _coarsely(of_photo, of_edited, [*_scales(of_photo, of_edited)], _COARSE_PX)
    return max((like for like, _ in found), default=0.0)


def likeness_at(photo: Pixels, edited: Pixels, place: Place) -> float:
    """How much alike the details of two pictures are where one lies on the other.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8.
        place: Where it was found.

    Returns:
        A correlation, 0..1.
    """
    small, factors = _shrunk(_grey(photo), _ZOOM_PX)
    size_wh = small.shape[1], small.shape[0]
    on_small = place.on_size_times(factors)
    laid = _warped(_grey(edited), on_small, size_wh)
    inside = reached(on_small, edited.shape, small.shape)
    one, other = (np.ascontiguousarray(_details(each)[inside]) for each in (small, laid))
    return max(0.0, _likeness(one, other, 0, 0))


def is_more_alike(photo: Pixels, edited: Pixels, place: Place) -> bool:
    """Whether an edited version is more like its photo at a place than as it lies.

    The tiles of one that was blurred or smoothed all over are found a few pixels off, each another
    way: at the place that they make together, it is less like the photo than before.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: Of the same size.
        place: Where it was found.
    """
    (one, factors), (other, _) = (_shrunk(_grey(each), _FINE_PX) for each in (photo, edited))
    own, laid_on = (np.repeat(each[..., None], 3, axis=2) for each in (other, one))
    moved = lay(own, laid_on, place.on_size_times(factors))
    details = _details(one)
    before, after = (_likeness(details, _details(each), 0, 0) for each in (other, moved[..., 0]))
    return after > before + _LEAST_GAIN


def lay(edited: Pixels, photo: Pixels, place: Place) -> Pixels:
    """An edited version at its place on the photo, whose pixels stand where it does not reach.

    Args:
        edited: (h, w, 3 or 4) uint8.
        photo: (H, W, 3 or 4) uint8.
        place: Where it lies.

    Returns:
        (H, W, channels of the edited version) uint8, a new array.
    """
    result = as_channels(photo, edited.shape[2])
    height, width = photo.shape[:2]
    rows, columns = reached(place, edited.shape[:2], (height, width))
    if columns.start >= columns.stop or rows.start >= rows.stop:
        return result
    if place.is_whole:
        left, top = int(place.x.shift), int(place.y.shift)
        result[rows, columns] = edited[
            rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
        ]
        return result
    warped = _warped(edited, place, (width, height))
    result[rows, columns] = warped[rows, columns]
    return result


def reached(place: Place, own_hw: tuple[int, ...], size_hw: tuple[int, ...]) -> tuple[slice, slice]:
    """Which rows and columns of a photo an edited version covers wholly.

    Args:
        place: Where it lies.
        own_hw: Its height and width.
        size_hw: The photo's.
    """
    rows = _covered(place.y, own_hw[0], size_hw[0])
    return rows, _covered(place.x, own_hw[1], size_hw[1])


def _grey(pixels: Pixels) -> Pixels:
    colours = np.ascontiguousarray(pixels[..., :3])
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), np.uint8)


def _details(grey: Pixels) -> Plane:
    """What is left without brightness and casts: differences from the surroundings, levels."""
    plane = grey.astype(np.float32)
    return np.asarray(plane - cv2.GaussianBlur(plane, (0, 0), 4), np.float32)


def _resized(grey: Pixels, size_wh: tuple[int, int]) -> Pixels:
    if size_wh == (grey.shape[1], grey.shape[0]):
        return grey
    shrinks = size_wh[0] <= grey.shape[1] and size_wh[1] <= grey.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size_wh, interpolation=how), np.uint8)


def _coarse_place(
    photo: Pixels, edited: Pixels, scales: Sequence[tuple[float, float]], side_px: int
) -> Place | None:
    """The likeliest place, to some px, if the edited version is scaled in one of these ways."""
    found = _coarsely(photo, edited, scales, side_px)
    like, place = max(found, key=lambda one: one[0], default=(0.0, None))
    return place if like > _LEAST_LIKENESS else None


def _place_by_features(photo: Pixels, edited: Pixels) -> Place | None:
    """The place of one that was cropped to any shape and scaled to any size."""
    found = find_straight(photo, edited)
    if found is None:
        return None
    scale, left, top = found
    place = Place(Axis(scale, left), Axis(scale, top))
    return place if likeness_at(photo, edited, place) > _LEAST_LIKENESS else None


def _coarsely(
    photo: Pixels, edited: Pixels, scales: Sequence[tuple[float, float]], side_px: int
) -> Iterator[tuple[float, Place]]:
    """How much alike they are if the edited version is scaled in each of these ways, and where."""
    small, factors = _shrunk(photo, side_px)
    details = _details(small)
    for scales_wh in scales:
        across, down = (factor * scale for factor, scale in zip(factors, scales_wh, strict=True))
        size_wh = _scaled_wh(edited, across, down)
        if max(size_wh) > 4 * side_px:
            continue
        found = _found_at(details, _details(_resized(edited, size_wh)))
        if found is not None:
            like, (left, top) = found
            begin = Axis(scales_wh[0], left / factors[0]), Axis(scales_wh[1], top / factors[1])
            yield like, Place(*begin)


def _shrunk(grey: Pixels, side_px: int) -> tuple[Pixels, list[float]]:
    """A picture at most that long, and by what its width and height were multiplied."""
    factor = min(1.0, side_px / max(grey.shape))
    small = _resized(grey, _scaled_wh(grey, factor, factor))
    return small, [new / old for new, old in zip(small.shape[::-1], grey.shape[::-1], strict=True)]


def _scales(photo: Pixels, edited: Pixels) -> Iterator[tuple[float, float]]:
    """Stretched to the photo; as it is; by one factor, so that it fills the photo or fits in it."""
    across, down = photo.shape[1] / edited.shape[1], photo.shape[0] / edited.shape[0]
    both = (across, down), (1.0, 1.0), (max(across, down),) * 2, (min(across, down),) * 2
    yield from dict.fromkeys(both)


def _scaled_wh(grey: Pixels, across: float, down: float) -> tuple[int, int]:
    return max(1, round(grey.shape[1] * across)), max(1, round(grey.shape[0] * down))


def _found_at(details: Plane, other: Plane) -> tuple[float, tuple[float, float]] | None:
    """How much alike two pictures' details are, and where the other one then begins, px."""
    height, width = (max(pair) for pair in zip(details.shape, other.shape, strict=True))
    width = max(2, width)  # OpenCV finds nothing in one column
    padded = [_padded(plane, (height, width)) for plane in (details, other)]
    (x, y), _ = cv2.phaseCorrelate(padded[1], padded[0])
    # what is found is so but for whole turns of the canvas
    tried = [
        (_likeness(details, other, round(left), round(top)), (left, top))
        for left in {x, x - math.copysign(width, x)}
        for top in {y, y - math.copysign(height, y)}
    ]
    best = max(tried)
    return best if best[0] > 0 else None


def _padded(plane: Plane, size_hw: tuple[int, int]) -> Plane:
    result = np.zeros(size_hw, np.float32)
    result[: plane.shape[0], : plane.shape[1]] = plane
    return result


def _likeness(details: Plane, other: Plane, left: int, top: int) -> float:
    """The correlation of two pictures' details where they lie over each other; 0 is none."""
    x1, y1 = max(0, left), max(0, top)
    x2 = min(details.shape[1], left + other.shape[1])
    y2 = min(details.shape[0], top + other.shape[0])
    if x2 <= x1 or y2 <= y1:
        return 0.0
    if (x2 - x1) * (y2 - y1) < _LEAST_OVERLAP * min(details.size, other.size):
        return 0.0
    one, two = details[y1:y2, x1:x2], other[y1 - top : y2 - top, x1 - left : x2 - left]
    # a strong edge that was edited must not outweigh all that was not
    one, two = np.clip(one, -32, 32), np.clip(two, -32, 32)
    size = float(np.linalg.norm(one)) * float(np.linalg.norm(two))
    return float(np.vdot(one, two)) / size if size else 0.0


def _refined(photo: Pixels, edited: Pixels, coarse: Place) -> Place | None:
    """The place to a fraction of a pixel, by tiles: most of them were not edited.

    None where there are too few that can be found again.
    """
    small, factors = _shrunk(photo, _FINE_PX)
    size_wh = small.shape[1], small.shape[0]
    place = coarse.on_size_times(factors)
    for _ in range(2):  # the second time from nearby, where little is cut off a tile
        place = Place(_unmixed(place.x, size_wh[0]), _unmixed(place.y, size_wh[1]))
        laid = _warped(edited, place, size_wh)
        offsets = _tile_offsets(
            _details(small), _details(laid), reached(place, edited.shape, small.shape)
        )
        if len(offsets) < _LEAST_TILES:
            return None
        x, y = (
            _corrected(axis, offsets[:, at], offsets[:, 2 + at], size_wh[at])
            for at, axis in enumerate((place.x, place.y))
        )
        place = Place(x, y)
    return place.on_size_times([1 / factor for factor in factors])


def _unmixed(axis: Axis, length: int) -> Axis:
    """The axis on whole pixels, where it has no scale: what is mixed of two pixels is blurred.

    A blur would be taken for a part of a pixel's move.
    """
    is_scaled = abs(axis.scale - 1) * length >= _DRIFT_PX
    return axis if is_scaled else Axis(1.0, float(round(axis.shift)))


def _warped(pixels: Pixels, place: Place, size_wh: tuple[int, int]) -> Pixels:
    """Laid on a canvas: a pixel's middle is half a pixel from its beginning."""
    if max(place.x.scale, place.y.scale) < _AVERAGED_BELOW:  # a warp looks at few pixels
        wanted = _scaled_wh(pixels, place.x.scale, place.y.scale)
        averaged = cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA)
        own = [
            Axis(a.scale * n / m, a.shift)
            for a, n, m in zip((place.x, place.y), pixels.shape[1::-1], wanted, strict=True)
        ]
        return _warped(np.asarray(averaged, np.uint8), Place(*own), size_wh)
    matrix = np.zeros((2, 3))
    for at, axis in enumerate((place.x, place.y)):
        matrix[at, at] = axis.scale
        matrix[at, 2] = axis.shift + axis.scale / 2 - 0.5
    warped = cv2.warpAffine(
        pixels, matrix, size_wh, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def _tile_offsets(details: Plane, laid: Plane, inside: tuple[slice, slice]) -> NDArray[np.float64]:
    """For each tile with something to see: x and y of its middle, and how far it is off in both."""
    rows, columns = inside
    room_px = min(rows.stop - rows.start, columns.stop - columns.start) // 5
    side = max((side for side in _TILES_PX if side <= room_px), default=0)
    if not side:
        return np.empty((0, 4))
    window = cv2.createHanningWindow((side, side), cv2.CV_32F)
    found = []
    for top in _starts(rows, side):
        for left in _starts(columns, side):
            tile = slice(top, top + side), slice(left, left + side)
            one, other = (np.ascontiguousarray(plane[tile]) for plane in (details, laid))
            if min(one.std(), other.std()) < _TEXTURE:
                continue
            (x, y), response = cv2.phaseCorrelate(other, one, window)
            if response > _LEAST_RESPONSE and max(abs(x), abs(y)) < side / 3:
                x, y = _measured(one, other, window, (x, y))
                found.append((left + side / 2, top + side / 2, x, y))
    return np.array(found, np.float64).reshape(-1, 4)


def _measured(
    one: Plane, other: Plane, window: NDArray[Any], found: tuple[float, float]
) -> tuple[float, float]:
    """A move of less than a pixel by what changes along slopes: a peak's place is too near to one.

    A larger one is as it was found.
    """
    if max(map(abs, found)) > _MEASURED_PX:
        return found
    mean = (one + other) / 2
    across, down = (cv2.Sobel(mean, cv2.CV_32F, dx, dy, scale=1 / 8) * window for dx, dy in _WAYS)
    # as smooth as the slopes are, so that both see the same
    apart = cv2.sepFilter2D(other - one, cv2.CV_32F, _SMOOTH, _SMOOTH) * window
    slopes = np.stack([np.ravel(across), np.ravel(down)])
    gram = slopes @ slopes.T
    if np.linalg.det(gram) <= _LEAST_SLOPES * np.trace(gram) ** 2:
        return found
    x, y = map(float, np.linalg.solve(gram, slopes @ np.ravel(apart)))
    return (x, y) if max(abs(x - found[0]), abs(y - found[1])) < _MEASURED_PX else found


def _starts(span: slice, side: int) -> list[int]:
    places = np.linspace(span.start, span.stop - side, _TILES_A_SIDE)
    return sorted({round(at) for at in places.tolist()})


def _corrected(axis: Axis, at: NDArray[np.float64], off: NDArray[np.float64], length: int) -> Axis:
    """The axis with what most of the tiles say taken out: a shift, and a drift if there is one."""
    shift, drift = float(np.median(off)), 0.0
    near = np.abs(off - shift) < max(_STEADY_PX, 2 * float(np.median(np.abs(off - shift))))
    if np.count_nonzero(near) >= _LEAST_TILES and np.ptp(at[near]) > length / 3:
        for _ in range(4):
            drift, shift_at_0 = map(float, np.polyfit(at[near], off[near], 1))
            rest = np.abs(off - (drift * at + shift_at_0))
            again = rest < max(0.25, 2.5 * float(np.median(rest)))
            if np.count_nonzero(again) < _LEAST_TILES or np.ptp(at[again]) <= length / 3:
                break
            near = again
        if abs(drift) * length < _DRIFT_PX:
            drift, shift = 0.0, float(np.median(off[near]))
        else:
            shift = shift_at_0
    # a point at p belongs at p + drift * p + shift
    return Axis(axis.scale * (1 + drift), axis.shift * (1 + drift) + shift)


def _snapped(axis: Axis, length: int, own: int) -> Axis:
    """An axis on whole pixels, or from border to border, where it is that but for a fraction."""
    scale, shift = axis
    if abs(scale - 1) * own < _DRIFT_PX:
        middle = shift + (scale - 1) * own / 2
        nearest = round(middle)
        return Axis(1.0, float(nearest) if abs(middle - nearest) < _SNAP_PX else middle)
    if abs(shift) < _DRIFT_PX and abs(scale * own + shift - length) < _DRIFT_PX:
        return Axis(length / own, 0.0)
    return axis


def _covered(axis: Axis, own: int, length: int) -> slice:
    """Which of the photo's pixels an edited version covers wholly."""
    begin = max(0, math.ceil(axis.shift - 1e-6))
    return slice(begin, max(begin, min(length, math.floor(axis.shift + axis.scale * own + 1e-6))))


def as_channels(photo: Pixels, channels: int) -> Pixels:
    """A photo with as many channels, a new array; a missing alpha is opaque."""
    if photo.shape[2] >= channels:
        return photo[..., :channels].copy()
    opaque = np.full((*photo.shape[:2], 1), 255, np.uint8)
    return np.concatenate([photo, opaque], axis=2)
