"""What is pasted made to fit in: its colour and light at the seam, or its gradients alone."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.in_parts import Parts
from segui.backend.matching import Bytes, Marks, band, band_px, match
from segui.backend.opacity import read_frames
from segui.backend.paste_checks import feather_px
from segui.backend.seamless import carried_inwards
from segui.backend.workers import Stop, never
from segui.errors import InputError
from segui.geometry import Box
from segui.options import PxOrShare, option_values
from segui.segments.segment import Segment, Segments, scale_segments

Fit = Literal["as is", "colour", "seamless"]
FITS: Final = option_values("fit")
AS_IS: Final = "as is"
COLOUR: Final = "colour"


def check_fit(fit: str) -> None:
    """Refuse a way of fitting in that there is not.

    Raises:
        InputError: There is none; the sentence lists those there are.
    """
    if fit not in FITS:
        raise InputError(f"fit is {fit!r}: expected one of {', '.join(FITS)}")


@dataclass(frozen=True, eq=False)
class FittedParts:
    """Pixels to paste, each segment's made to fit in where it lies.

    ``colour`` moves mean and spread of the pasted colours, in CIELAB, to those that the photo has
    in a band beside the segment's outline. ``seamless`` keeps what is pasted but for a difference
    that is smooth inside and meets the photo at the outline; outside of the mask it is the photo.
    It is computed on a CPU.

    Args:
        photo: (1, H, W, 3 or 4) uint8.
        pasted: The pixels, uint8, of its size.
        fit: ``as is``, ``colour`` or ``seamless``.
    """

    photo: Tensor
    pasted: Parts
    fit: str

    def at(self, segment: Segment, box: Box) -> Tensor:
        """A segment's pixels in a box of the photo.

        Args:
            segment: In the photo's scale.
            box: Which pixels, inside the photo.

        Returns:
            (1, h, w, 3 or 4) uint8, on the photo's device.
        """
        pasted = self.pasted.of(segment).at(box)
        content = segment.content.clip(self._size_hw)
        if self.fit == AS_IS or content.is_empty:
            return pasted
        fit = self._matched if self.fit == COLOUR else self._seamless
        colours = torch.from_numpy(fit(segment, content, box)).to(pasted.device)[None]
        return torch.cat((colours, pasted[..., 3:]), dim=3)

    def whole(self, segments: Segments, feather: PxOrShare, *, stop: Stop = never) -> Tensor:
        """The pixels all over, as segments have them within reach: what a page draws from.

        Where segments reach over each other, each has its own marked pixels, the later one first.

        Args:
            segments: What is pasted.
            feather: How far the pasting reaches beyond their masks, px, or a share of each.
            stop: Called before each segment; what it raises ends the work, and is raised.

        Returns:
            (1, H, W, 3 or 4) uint8.
        """
        result = self.pasted.whole().clone()
        made = []
        for item in scale_segments(segments, self._size_hw).items:
            stop()
            content = item.content.clip(self._size_hw)
            if content.is_empty:
                continue
            box = content.widen(feather_px(feather, item)).clip(self._size_hw)
            fitted = self.at(item, box)
            result[(slice(None), *box.slices)] = fitted
            inner = (slice(None), *content.relative_to(box).slices)
            made.append((content, fitted[inner], self._marked(item, content)))
        for content, fitted, marked in made:
            part = result[(slice(None), *content.slices)]
            where = torch.from_numpy(marked).to(part.device)[..., None]
            torch.where(where, fitted, part, out=part)
        return result

    @property
    def _size_hw(self) -> tuple[int, int]:
        return self.photo.shape[1], self.photo.shape[2]

    def _matched(self, segment: Segment, content: Box, box: Box) -> Bytes:
        width_px = band_px(content)
        seen = content.widen(width_px).clip(self._size_hw)
        photo, pasted = self._photo(seen), self._pasted(segment, seen)
        marked = self._marked(segment, seen)
        counted = band(marked, width_px) & _is_seen(photo) & _is_seen(pasted)
        found = match(photo[..., :3], pasted[..., :3], counted)
        colours = np.ascontiguousarray(self._pasted(segment, box)[..., :3])
        return colours if found is None else found.of(colours)

    def _seamless(self, segment: Segment, content: Box, box: Box) -> Bytes:
        seen = content.widen(1).clip(self._size_hw)
        photo, pasted = self._photo(seen), self._pasted(segment, seen)
        inside = self._marked(segment, seen)
        apart = photo[..., :3].astype(np.float32) - pasted[..., :3]
        apart *= (_is_seen(photo) & _is_seen(pasted))[..., None]
        result = np.ascontiguousarray(self._photo(box)[..., :3]).copy()
        shown = seen.intersect(box)
        if shown.is_empty:
            return result
        fitted = pasted[..., :3] + carried_inwards(apart, inside)
        levels = np.rint(fitted).clip(0, 255).astype(np.uint8)
        inner, outer = shown.relative_to(seen).slices, shown.relative_to(box).slices
        result[outer] = np.where(inside[inner][..., None], levels[inner], result[outer])
        return result

    def _photo(self, box: Box) -> Bytes:
        return self.photo[0][box.slices].cpu().numpy()

    def _pasted(self, segment: Segment, box: Box) -> Bytes:
        return self.pasted.of(segment).at(box)[0].cpu().numpy()

    def _marked(self, segment: Segment, box: Box) -> Marks:
        """Where a segment's mask is above 0, in a box that contains all of it."""
        marked = np.zeros(box.size_hw, np.bool_)
        content = segment.content.clip(self._size_hw)
        mask = read_frames(segment, content, len(self.photo))[0]
        marked[content.relative_to(box).slices] = mask > 0
        return marked


def _is_seen(pixels: NDArray[np.uint8]) -> Marks:
    """Where pixels are not wholly transparent."""
    return np.asarray((pixels[..., 3:] > 0).all(axis=2))
