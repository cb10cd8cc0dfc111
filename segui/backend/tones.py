"""Tones and colours changed pixel by pixel: tables of values, and matrices of the three channels.

Most are the functions of CSS Filter Effects Module Level 1 (W3C), on the encoded values as browsers
compute them: a picture looks as it does on a page that names the same number. ``v`` is a value in
[0, 1], ``s`` the strength: a share of 100 percent, or an angle. Floats are not clamped.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.images.blocks import Pixels, as_pixels

Doubles = NDArray[np.float64]
Curve = Callable[[Doubles, float], Doubles]
Matrix = Callable[[float], Doubles]

# At 100, red has twice the share of blue that it had, in light.
STOPS_OF_TEMPERATURE: Final = 1.0
# Rec. 709: how bright red, green and blue light are.
_LIGHT: Final = (0.2126, 0.7152, 0.0722)


def brightness(values: Doubles, percent: float) -> Doubles:
    """``s v`` (CSS ``brightness``); at 100 percent nothing changes."""
    return values * (percent / 100)


def contrast(values: Doubles, percent: float) -> Doubles:
    """``s (v - 0.5) + 0.5`` (CSS ``contrast``); at 100 percent nothing changes."""
    return (values - 0.5) * (percent / 100) + 0.5


def temperature(values: Doubles, warmth: float) -> Doubles:
    """A white balance: red and blue light weighed against each other, white as bright as it was.

    Gains are of linear light, as a von Kries adaptation in the primaries of sRGB has them: with
    ``t = s / 100`` red has ``2^(t/2)``, green 1 and blue ``2^(-t/2)``, all divided by what Rec. 709
    makes of them. It is a look, not a measurement in kelvin.

    Args:
        values: (..., 3) in [0, 1], encoded as sRGB.
        warmth: -100..100; above 0 is warmer.
    """
    half = STOPS_OF_TEMPERATURE * warmth / 200
    gains = np.array((2.0**half, 1.0, 2.0**-half))
    return encoded(linear(values) * (gains / (gains @ np.array(_LIGHT))))


def saturation(percent: float) -> Doubles:
    """CSS ``saturate``: (3, 3), rows are what red, green and blue become."""
    return _around_luma(percent / 100)


def hue(degrees: float) -> Doubles:
    """CSS ``hue-rotate``: (3, 3), a turn about the axis of greys that keeps luma."""
    angle = math.radians(degrees)
    across = np.array(
        ((-0.213, -0.715, 0.928), (0.143, 0.140, -0.283), (-0.787, 0.715, 0.072)), np.float64
    )
    return _around_luma(math.cos(angle)) + math.sin(angle) * across


def sepia(percent: float) -> Doubles:
    """CSS ``sepia``: (3, 3); at 0 percent nothing would change."""
    full = np.array(
        ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)), np.float64
    )
    share = percent / 100
    return (1 - share) * np.eye(3) + share * full


CURVES: Final[dict[str, Curve]] = {
    "brightness": brightness,
    "contrast": contrast,
    "temperature": temperature,
}
BY_CHANNEL: Final = frozenset({"temperature"})  # a curve for each channel
MATRICES: Final[dict[str, Matrix]] = {"saturation": saturation, "hue": hue, "sepia": sepia}


def linear(values: Doubles) -> Doubles:
    """Values encoded as sRGB as light (IEC 61966-2-1); below 0 mirrored, above 1 continued."""
    size = np.abs(values)
    light = np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.copysign(light, values))


def encoded(light: Doubles) -> Doubles:
    """Light as values encoded as sRGB; below 0 mirrored, above 1 continued."""
    size = np.abs(light)
    values = np.where(size <= 0.0031308, size * 12.92, 1.055 * size ** (1 / 2.4) - 0.055)
    return np.asarray(np.copysign(values, light))


def curve_by_opencv(crop: Pixels, name: str, strength: float) -> Pixels:
    """A curve of ``CURVES`` on (h, w, 3 or 4): its colours, (h, w, 3), of the same dtype."""
    colours = as_pixels(np.ascontiguousarray(crop[..., :3]))
    if crop.dtype == np.uint8:
        table = _table(name, strength)
        # one table for all channels is twice as fast
        same = table[..., :1] if name not in BY_CHANNEL else table
        return as_pixels(cv2.LUT(colours, np.ascontiguousarray(same)))
    return as_pixels(CURVES[name](colours.astype(np.float64), strength).astype(np.float32))


def curve_by_torch(crop: Tensor, name: str, strength: float) -> Tensor:
    """The same of (B, h, w, 3 or 4) on any device."""
    colours = crop[..., :3]
    if crop.dtype == torch.uint8:
        table = torch.from_numpy(_table(name, strength)[0]).to(crop.device)
        return table[colours.long(), torch.arange(3, device=crop.device)]
    # floats of a picture on an accelerator are rare: what decides is that they are right
    changed = CURVES[name](colours.double().cpu().numpy(), strength)
    return torch.from_numpy(changed.astype(np.float32)).to(crop.device)


def matrix_by_opencv(crop: Pixels, name: str, strength: float) -> Pixels:
    """A matrix of ``MATRICES`` on (h, w, 3 or 4): its colours, (h, w, 3), of the same dtype."""
    colours = as_pixels(np.ascontiguousarray(crop[..., :3]))
    return as_pixels(cv2.transform(colours, MATRICES[name](strength).astype(np.float32)))


def matrix_by_torch(crop: Tensor, name: str, strength: float) -> Tensor:
    """The same of (B, h, w, 3 or 4) on any device."""
    rows = MATRICES[name](strength).tolist()
    red, green, blue = (crop[..., channel].float() for channel in range(3))
    # channel by channel: a product of matrices may be done in TF32 on CUDA
    made = torch.stack([r * red + g * green + b * blue for r, g, b in rows], dim=3)
    return made.round().clamp(0, 255).to(crop.dtype) if crop.dtype == torch.uint8 else made


@lru_cache(maxsize=16)
def _table(name: str, strength: float) -> NDArray[np.uint8]:
    """What each level of each channel becomes, (1, 256, 3)."""
    levels = np.repeat(np.arange(256.0)[:, None], 3, axis=1) / 255
    return np.rint(CURVES[name](levels, strength) * 255).clip(0, 255).astype(np.uint8)[None]


def _around_luma(share: float) -> Doubles:
    """Each colour moved from its luma, by CSS's weights, to that share of its distance."""
    luma = np.tile(np.array((0.213, 0.715, 0.072)), (3, 1))
    return np.asarray(luma + share * (np.eye(3) - luma))
