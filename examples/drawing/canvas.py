"""A picture under construction: linear light in float32, measured in units of a sheet.

Scenes are laid out on a sheet of 1600 x 1064 units. A canvas covers the sheet with ``density``
pixels a unit, so that the same scene draws itself finer (to be reduced afterwards) or, in the
tests, smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

SHEET_WIDTH = 1600
SHEET_HEIGHT = 1064


@dataclass(frozen=True)
class Window:
    """A rectangle of a canvas.

    Args:
        rows: Its rows of pixels.
        columns: Its columns of pixels.
        x: (h, w), the pixel centres' distance from the sheet's left border, in units.
        y: (h, w), their distance from the upper border.
    """

    rows: slice
    columns: slice
    x: Floats
    y: Floats


class Canvas:
    """Linear RGB over the sheet, painted back to front.

    Args:
        density: Pixels a unit.
    """

    def __init__(self, density: float) -> None:
        self.density = density
        self.height = round(SHEET_HEIGHT * density)
        self.width = round(SHEET_WIDTH * density)
        self.light: Floats = np.zeros((self.height, self.width, 3), np.float32)

    def window(
        self, x1: float = 0, y1: float = 0, x2: float = SHEET_WIDTH, y2: float = SHEET_HEIGHT
    ) -> Window:
        """The pixels between these borders, in units, cut at the sheet's own."""
        left, right = (int(np.clip(x * self.density, 0, self.width)) for x in (x1, x2 + 1))
        top, bottom = (int(np.clip(y * self.density, 0, self.height)) for y in (y1, y2 + 1))
        x = (np.arange(left, right, dtype=np.float32) + 0.5) / self.density
        y = (np.arange(top, bottom, dtype=np.float32) + 0.5) / self.density
        grid_x, grid_y = np.meshgrid(x, y)
        return Window(slice(top, bottom), slice(left, right), grid_x, grid_y)

    def over(self, window: Window, colour: ArrayLike, coverage: ArrayLike) -> None:
        """Lay a colour, (3,) or (h, w, 3), over the window where coverage, (h, w), is above 0."""
        part = self.light[window.rows, window.columns]
        share = np.asarray(coverage, np.float32)[..., None]
        part += (np.asarray(colour, np.float32) - part) * share

    def add(self, window: Window, colour: ArrayLike, strength: ArrayLike) -> None:
        """Add light of a colour, (3,) or (h, w, 3), in the given strength, (h, w)."""
        part = self.light[window.rows, window.columns]
        part += np.asarray(colour, np.float32) * np.asarray(strength, np.float32)[..., None]

    def shade(self, window: Window, factor: ArrayLike) -> None:
        """Multiply the window's light by a factor, (h, w) or (h, w, 3)."""
        part = self.light[window.rows, window.columns]
        factor = np.asarray(factor, np.float32)
        part *= factor if factor.ndim == part.ndim else factor[..., None]

    def plane(self) -> Floats:
        """An empty plane of the canvas's size, for a mask."""
        return np.zeros((self.height, self.width), np.float32)

    def blur(self, plane: Floats, sigma: float) -> Floats:
        """A plane or picture of the canvas's size, blurred by sigma units."""
        return blur(plane, sigma * self.density)


def blur(plane: Floats, sigma_px: float) -> Floats:
    """Gaussian blur; a wide one at reduced size, where it costs little."""
    step = max(1, int(sigma_px / 4))
    if step == 1:
        return as_floats(cv2.GaussianBlur(plane, (0, 0), max(sigma_px, 0.05)))
    height, width = plane.shape[:2]
    small_size = (max(1, width // step), max(1, height // step))
    small = cv2.resize(plane, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / step, borderType=cv2.BORDER_REPLICATE)
    return as_floats(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def as_floats(values: ArrayLike) -> Floats:
    """The values as a float32 array."""
    return np.asarray(values, np.float32)


def smoothstep(low: float, high: float, value: ArrayLike) -> Floats:
    """0 below low, 1 above high, a smooth way between; low above high turns it around."""
    t = np.clip((as_floats(value) - low) / (high - low), 0, 1)
    return as_floats(t * t * (3 - 2 * t))


def mix(first: ArrayLike, second: ArrayLike, share: ArrayLike) -> Floats:
    """The first colour, or as much of the second as share, (h, w), says."""
    first, second = as_floats(first), as_floats(second)
    return as_floats(first + (second - first) * as_floats(share)[..., None])


def ramp(stops: Sequence[tuple[float, str]], value: Floats) -> Floats:
    """Colours between stops (position, sRGB as hex digits), by a value a pixel: (h, w, 3)."""
    positions = [position for position, _ in stops]
    colours = np.stack([hex_colour(colour) for _, colour in stops])
    return as_floats(
        np.stack([np.interp(value, positions, colours[:, i]) for i in range(3)], axis=-1)
    )


def hex_colour(digits: str) -> Floats:
    """Linear light of an sRGB colour, written as six hex digits."""
    encoded = np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)])
    return as_floats(
        np.where(encoded > 0.04045, ((encoded + 0.055) / 1.055) ** 2.4, encoded / 12.92)
    )


def coverage(inside: ArrayLike, density: float) -> Floats:
    """How much of a pixel lies in a shape, by its distance inside the outline, in units."""
    return as_floats(np.clip(as_floats(inside) * density + 0.5, 0, 1))


def implicit_coverage(field: Floats) -> Floats:
    """How much of a pixel lies where a smooth field is above 0, by the field's own slope."""
    down, across = np.gradient(field)
    return as_floats(np.clip(field / np.maximum(np.hypot(down, across), 1e-6) + 0.5, 0, 1))


def reduce(picture: Floats, factor: int) -> Floats:
    """A picture or plane made smaller by a whole factor, each pixel the mean of its block."""
    if factor == 1:
        return picture
    height, width = picture.shape[0] // factor, picture.shape[1] // factor
    return as_floats(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def levels(values: ArrayLike) -> Bytes:
    """Values in [0, 1] as bytes, rounded."""
    return np.asarray(np.clip(np.round(as_floats(values) * 255), 0, 255), np.uint8)


def develop(light: Floats, seed: int, *, exposure: float = 1.0, grain: float = 1.1) -> Bytes:
    """Linear light as an sRGB photo: soft highlights, a slight vignette, fine grain.

    Args:
        light: (H, W, 3), linear.
        seed: Of the grain, which also keeps smooth skies from showing bands.
        exposure: Factor on the light.
        grain: Standard deviation, in steps of 1/255.
    """
    height, width = light.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    vignette = 1 - 0.13 * smoothstep(0.35, 1.75, x * x + y * y)
    exposed = np.maximum(light * (exposure * vignette)[..., None], 0)
    knee = 0.6  # straight below, an exponential shoulder that ends at 1 above
    shoulder = knee + (1 - knee) * (1 - np.exp(-(exposed - knee) / (1 - knee)))
    toned = np.where(exposed < knee, exposed, shoulder)
    encoded = np.where(toned > 0.0031308, 1.055 * toned ** (1 / 2.4) - 0.055, 12.92 * toned) * 255
    noise = np.random.default_rng(seed).standard_normal((height, width, 1), np.float32)
    return levels((encoded + noise * grain) / 255)
