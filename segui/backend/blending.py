"""Blend modes: what is pasted mixed with what lies below it, before it is pasted.

The formulas are those of Compositing and Blending Level 1 (W3C), on the encoded values as browsers
compute them: ``Cb`` is the colour below, ``Cs`` the colour pasted, both in [0, 1]. What is below
counts by its opacity: ``(1 - ab) Cs + ab B(Cb, Cs)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor

from segui.backend.in_parts import Parts
from segui.errors import InputError
from segui.geometry import Box
from segui.options import option_values
from segui.segments.segment import Segment

Blend = Literal["normal", "multiply", "screen", "soft light", "luminosity", "colour"]
BLENDS: Final = option_values("blend")
NORMAL: Final = "normal"

STRIP_PX: Final = 2**16  # blended at once on a CPU: a cache holds their floats


def blend(below: Tensor, pasted: Tensor, mode: str) -> Tensor:
    """Colours to paste, mixed with those below them.

    Args:
        below: (B, h, w, 3 or 4), uint8 or float32 in [0, 1]; where it is transparent, what is
            pasted stays as it is.
        pasted: (1 or B, h, w, 3 or 4), uint8 or float32; an alpha channel stays as it is.
        mode: ``normal``, ``multiply``, ``screen``, ``soft light``, ``luminosity`` or ``colour``.

    Returns:
        (1 or B, h, w, 3 or 4), as many channels as ``pasted`` and of its dtype: uint8 is rounded to
        nearest, float32 not clamped. With ``normal`` it is ``pasted`` itself.

    Raises:
        InputError: There is no such mode.
    """
    check_blend(mode)
    if mode == NORMAL:
        return pasted
    result = torch.empty(
        (max(len(below), len(pasted)), *pasted.shape[1:]), dtype=pasted.dtype, device=pasted.device
    )
    height, width = pasted.shape[1:3]
    rows = max(1, STRIP_PX // max(1, width)) if pasted.device.type == "cpu" else max(1, height)
    for top in range(0, height, rows):
        strip = slice(top, top + rows)
        mixed = _mixed(_floats(below[:, strip]), _floats(pasted[:, strip, :, :3]), mode)
        if pasted.dtype == torch.uint8:
            mixed = mixed.mul_(255).round_().clamp_(0, 255)
        result[:, strip, :, :3] = mixed
        result[:, strip, :, 3:] = pasted[:, strip, :, 3:]
    return result


def check_blend(mode: str) -> None:
    """Refuse a blend mode that there is not.

    Raises:
        InputError: There is none; the sentence lists those there are.
    """
    if mode not in BLENDS:
        raise InputError(f"blend is {mode!r}: expected one of {', '.join(BLENDS)}")


@dataclass(frozen=True, eq=False)
class BlendedParts:
    """Pixels to paste, blended with an image where somebody asks for them.

    Args:
        below: The image, (B, H, W, 3 or 4).
        pasted: The pixels, of its size.
        mode: The blend mode.
    """

    below: Tensor
    pasted: Parts
    mode: str

    def at(self, box: Box) -> Tensor:
        """Those in a box."""
        below = self.below[(slice(None), *box.slices)]
        return blend(below, self.pasted.at(box), self.mode)

    def whole(self) -> Tensor:
        """All of them."""
        return blend(self.below, self.pasted.whole(), self.mode)

    def of(self, segment: Segment) -> Parts:
        """Those that one segment has."""
        return BlendedParts(self.below, self.pasted.of(segment), self.mode)


def _mixed(below: Tensor, pasted: Tensor, mode: str) -> Tensor:
    made = _MODES[mode](below[..., :3], pasted)
    if below.shape[3] == 4:
        made = torch.lerp(pasted.expand_as(made), made, below[..., 3:].clamp(0, 1))
    return made


def _floats(pixels: Tensor) -> Tensor:
    return pixels.float() / 255 if pixels.dtype == torch.uint8 else pixels


def _multiply(below: Tensor, pasted: Tensor) -> Tensor:
    return below * pasted


def _screen(below: Tensor, pasted: Tensor) -> Tensor:
    return below + pasted - below * pasted


def _soft_light(below: Tensor, pasted: Tensor) -> Tensor:
    darker = below - (1 - 2 * pasted) * below * (1 - below)
    steep = ((16 * below - 12) * below + 4) * below
    # a root of what is below 0 is none: such floats are on the other side
    curve = torch.where(below <= 0.25, steep, below.clamp(min=0).sqrt())
    lighter = below + (2 * pasted - 1) * (curve - below)
    return torch.where(pasted <= 0.5, darker, lighter)


def _luminosity(below: Tensor, pasted: Tensor) -> Tensor:
    return _with_luma(below, _luma(pasted))


def _colour(below: Tensor, pasted: Tensor) -> Tensor:
    return _with_luma(pasted, _luma(below))


def _luma(colours: Tensor) -> Tensor:
    """W3C's Lum, (..., 1)."""
    red, green, blue = colours[..., :1], colours[..., 1:2], colours[..., 2:]
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _with_luma(colours: Tensor, luma: Tensor) -> Tensor:
    """W3C's SetLum and ClipColor: the colours with that luma, as far from grey as fits."""
    moved = colours + (luma - _luma(colours))
    least, most = moved.amin(dim=-1, keepdim=True), moved.amax(dim=-1, keepdim=True)
    away = moved - luma
    raised = luma + away * (luma / (luma - least).clamp(min=1e-12))
    moved = torch.where(least < 0, raised, moved)
    lowered = luma + (moved - luma) * ((1 - luma) / (most - luma).clamp(min=1e-12))
    return torch.where(most > 1, lowered, moved)


_MODES: Final[dict[str, Callable[[Tensor, Tensor], Tensor]]] = {
    "multiply": _multiply,
    "screen": _screen,
    "soft light": _soft_light,
    "luminosity": _luminosity,
    "colour": _colour,
}
