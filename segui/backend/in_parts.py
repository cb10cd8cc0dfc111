"""Pixels to paste, made where somebody asks for them, and kept: their cost follows the areas."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from torch import Tensor

from segui.backend.effect_table import BLUR
from segui.backend.effects import Effect
from segui.backend.hiding import block_of
from segui.geometry import Box
from segui.options import length_px
from segui.segments.segment import Segment


class Parts(Protocol):
    """Pixels of an image's size."""

    def at(self, box: Box) -> Tensor:
        """Those in a box inside the image, (1 or B, h, w, 3 or 4); not to be changed."""

    def whole(self) -> Tensor:
        """All of them, (1 or B, H, W, 3 or 4); not to be changed."""

    def of(self, segment: Segment) -> "Parts":
        """Those that one segment has, where each has its own."""


LEAST_SIGMA_PX: Final = 0.1  # which changes nothing that is seen
_MOST_STRENGTHS: Final = 16  # whose pixels are kept


def strength_px(effect: str, share: str, side_px: float) -> float:
    """The strength of ``blur`` or ``pixelate`` that a share is, px.

    Args:
        effect: The effect.
        share: The share, such as ``2%``.
        side_px: What it is of: the side of a square as large as the segment.

    Returns:
        A Gaussian's sigma, at least 0.1; or a block's side in whole px, rounded up.
    """
    if effect == BLUR:
        return max(LEAST_SIGMA_PX, length_px(share, side_px))
    return block_of(effect, share, side_px, 0)


@dataclass(frozen=True, eq=False)
class ReadyParts:
    """Pixels that are all there.

    Args:
        pixels: (B, H, W, 3 or 4).
    """

    pixels: Tensor

    def at(self, box: Box) -> Tensor:
        """Those in a box."""
        return self.pixels[(slice(None), *box.slices)]

    def whole(self) -> Tensor:
        """All of them."""
        return self.pixels

    def of(self, _segment: Segment) -> Parts:
        """The same for each segment."""
        return self


@dataclass(eq=False)
class EffectInParts:
    """The colours of an effect on an image, part by part.

    Whoever asks in another thread meanwhile may have a part made twice, to the same values.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1]; it must not change.
        effect: The effect.
    """

    image: Tensor
    effect: Effect
    _made: dict[Box, Tensor] = field(default_factory=dict, init=False, repr=False)
    _looked_at_px: int = field(default=0, init=False, repr=False)

    def at(self, box: Box) -> Tensor:
        """The colours in a box, (B, h, w, 3) of the image's dtype and device; not to be changed.

        Args:
            box: Which pixels, inside the image.
        """
        made, colours = self._around(box) or self._make(box)
        return colours[(slice(None), *box.relative_to(made).slices)]

    def whole(self) -> Tensor:
        """The colours of all of the image, (B, H, W, 3)."""
        return self.at(self._everywhere)

    def of(self, _segment: Segment) -> Parts:
        """The same for each segment."""
        return self

    @property
    def _everywhere(self) -> Box:
        return Box.of_size((self.image.shape[1], self.image.shape[2]))

    def _around(self, box: Box) -> tuple[Box, Tensor] | None:
        """A part that was made and has all of a box."""
        parts = tuple(self._made.items())  # another thread may add one
        return next((part for part in parts if box.intersect(part[0]) == box), None)

    def _make(self, box: Box) -> tuple[Box, Tensor]:
        everywhere = self._everywhere
        seen = box.widen(self.effect.reach_px).intersect(everywhere)
        self._looked_at_px += seen.width * seen.height
        # many areas, or wide ones, may look at more than there is
        if self._looked_at_px > everywhere.width * everywhere.height:
            box = everywhere
        colours = self.effect.colours(self.image, box)
        # one by one: other threads may be looking
        for inner in [made for made in tuple(self._made) if made.intersect(box) == made]:
            self._made.pop(inner, None)
        self._made[box] = colours
        return box, colours


@dataclass(eq=False)
class EffectBySegment:
    """The colours of an effect whose strength is a share: those of each segment are its own.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1]; it must not change.
        effect: ``blur``, ``pixelate`` or ``mosaic``.
        share: Of each segment, such as ``2%``.
        colour: The effect's.
    """

    image: Tensor
    effect: str
    share: str
    colour: str
    _made: dict[float, EffectInParts] = field(default_factory=dict, init=False, repr=False)

    def of(self, segment: Segment) -> Parts:
        """The colours as one segment has them.

        Args:
            segment: In the image's scale.
        """
        strength = strength_px(self.effect, self.share, segment.side_px)
        parts = self._made.get(strength)
        if parts is None:
            if len(self._made) >= _MOST_STRENGTHS:
                self._made.clear()
            made = Effect.on(self.image, self.effect, strength, self.colour)
            parts = self._made[strength] = EffectInParts(self.image, made)
        return parts

    def at(self, box: Box) -> Tensor:
        """The image's own colours: what no segment has."""
        return self.image[(slice(None), *box.slices)][..., :3]

    def whole(self) -> Tensor:
        """The image's own colours: what no segment has."""
        return self.image[..., :3]
