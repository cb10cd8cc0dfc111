"""A reference made from the base when none is uploaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor

from segui.backend.blurring import BlurPlan, blur_by_opencv, blur_by_torch
from segui.backend.colours import as_kind, as_kind_by_torch, block_means_by_torch
from segui.backend.effect_table import EFFECTS, find_effect, strength_of
from segui.backend.mosaic import mosaic_by_opencv, mosaic_by_torch, reach_px
from segui.backend.opacity import read_frames
from segui.backend.sharpening import sharpen_by_opencv, sharpen_by_torch, sharpening_plan
from segui.backend.tones import curve_by_opencv, curve_by_torch, matrix_by_opencv, matrix_by_torch
from segui.errors import InputError
from segui.geometry import Box
from segui.images.blocks import Pixels, as_pixels, block_levels, block_means
from segui.images.tensors import check_image
from segui.options.colours import parse_colour
from segui.segments.segment import Segments, scale_segments

PICTURE_EFFECTS: Final = tuple(row.name for row in EFFECTS if row.makes == "picture")

# Rec. 601, on the encoded values: what Pillow's "L" and cameras' luma are. Rec. 709's weights
# hold for linear light; on encoded values they make reds and blues too dark.
LUMA: Final = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Asked:
    """What is asked of an effect.

    Args:
        size_hw: Height and width of the image that it is made for, of which a part may be made.
        strength: How strong it is, in its own unit; 0 for what has no strength.
        colour: Red, green and blue in [0, 1], for what takes a colour.
        in_bytes: Whether the image is uint8.
    """

    size_hw: tuple[int, int]
    strength: float = 0
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    in_bytes: bool = True


@dataclass(frozen=True)
class Maker:
    """How an effect is computed in a box: the same pixels as a whole image's effect has there.

    Args:
        by_opencv: A frame (H, W, 3 or 4) and a box in it; gives (h, w, 3) of the frame's dtype,
            an array of its own.
        by_torch: The same for all frames of an image on any device.
        reach_px: How far around a box it looks.
    """

    by_opencv: Callable[[Pixels, Box, Asked], Pixels]
    by_torch: Callable[[Tensor, Box, Asked], Tensor]
    reach_px: Callable[[Asked], int] = lambda _: 0


@dataclass(frozen=True)
class Effect:
    """An effect with all that was asked of it.

    Args:
        name: One of ``PICTURE_EFFECTS``.
        asked: Its strength and colour, and the size of the image.
    """

    name: str
    asked: Asked

    @classmethod
    def on(cls, image: Tensor, name: str, strength: float | None, colour: str) -> "Effect":
        """What ``apply_effect`` was asked for.

        Raises:
            InputError: As of ``apply_effect``.
        """
        check_image("the image", image)
        if name not in PICTURE_EFFECTS:
            known = ", ".join(PICTURE_EFFECTS)
            raise InputError(f"the effect is {name!r}: expected one of {known}")
        row, size_hw = find_effect(name), (image.shape[1], image.shape[2])
        strong = strength_of(name, strength, max(size_hw)) if row.strength else 0
        rgb = parse_colour(colour) if row.takes_colour else Asked.colour
        return cls(name, Asked(size_hw, strong, rgb, image.dtype == torch.uint8))

    @property
    def reach_px(self) -> int:
        """How far around a box it looks."""
        return _MAKERS[self.name].reach_px(self.asked)

    def colours(self, image: Tensor, box: Box) -> Tensor:
        """The changed colours in a box.

        Args:
            image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1].
            box: Which pixels, inside the image.

        Returns:
            (B, h, w, 3), a new tensor of the image's dtype and device: what the effect on all of
            the image has there.
        """
        maker = _MAKERS[self.name]
        if image.device.type != "cpu":
            return maker.by_torch(image.detach(), box, self.asked)
        frames = image.detach().numpy()
        made = [maker.by_opencv(_in_rows(frame), box, self.asked) for frame in frames]
        return torch.from_numpy(made[0][None] if len(made) == 1 else np.stack(made))


def apply_effect(
    image: Tensor,
    effect: str,
    *,
    strength: float | None = None,
    colour: str = "#000000",
    segments: Segments | None = None,
) -> Tensor:
    """The image changed all over, or where segments are; an alpha channel stays as it is.

    ``blur`` and ``pixelate`` weigh colours by their opacity, so that what transparent pixels hide
    does not bleed out; where nothing opaque is near, the hidden colour becomes black. ``grey`` is
    Rec. 601 luma, ``invert`` 1 - x, ``colour`` one colour everywhere. ``brightness``, ``contrast``,
    ``saturation``, ``hue`` and ``sepia`` are the filters of CSS, ``temperature`` a white balance
    (``tones`` has the formulas), ``sharpen`` an unsharp mask (``sharpening``), ``mosaic`` stones of
    the mean colour there (``mosaic``). What a strength is
    of each, and what it is by default, is in ``effect_table``.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1].
        effect: One of ``PICTURE_EFFECTS``.
        strength: Of ``blur``, the Gaussian's sigma in px, above 0: it takes at most twice the
            longer side. Of ``pixelate`` and ``mosaic``, a block's or a stone's side in whole px,
            at least 1. Of ``brightness``, ``contrast`` and ``saturation`` 1..1000 percent, of
            ``hue`` -360..360 degrees, of ``temperature`` -100..100, of ``sepia`` 1..100 percent,
            of ``sharpen`` 1..1000 percent. None is what is usual or fits the image; the others do
            not look at it.
        colour: Of ``colour``: ``#rrggbb``, ``#rgb`` or ``rgba(r, g, b, 1)``, the last with
            numbers from 0 to 255. The others do not look at it.
        segments: Where it is made, scaled to the image where their size is another; None is
            everywhere. Its time is that of the segments then, not of the image.

    Returns:
        A new tensor of the same shape, dtype and device; uint8 is rounded to nearest, float32
        not clamped. With segments, a pixel is as without them where the mask of any is above 0,
        and the image's own, bit for bit, everywhere else: the edge is hard, and ``paste`` makes
        it soft.

    Raises:
        InputError: The image is of another kind, or an option is none of those above.

    >>> from segui import segments_from_mask
    >>> mask = torch.zeros(4, 4)
    >>> mask[1:3, 1:3] = 1
    >>> grey = torch.full((1, 4, 4, 3), 100, dtype=torch.uint8)
    >>> there = segments_from_mask(mask, drop_size=1)
    >>> apply_effect(grey, "invert", segments=there)[0, 1, :, 0].tolist()
    [100, 155, 155, 100]
    """
    made = Effect.on(image, effect, strength, colour)
    whole = Box.of_size(made.asked.size_hw)
    if segments is not None:
        return _where_marked(image, made, segments)
    colours = made.colours(image, whole)
    if image.shape[3] == 3:
        return colours
    result = image.detach().clone(memory_format=torch.contiguous_format)
    result[..., :3] = colours
    return result


def _where_marked(image: Tensor, effect: Effect, segments: Segments) -> Tensor:
    if not isinstance(segments, Segments):
        raise InputError(f"segments is a {type(segments).__name__}: expected Segments")
    result = image.detach().clone(memory_format=torch.contiguous_format)
    for segment in scale_segments(segments, effect.asked.size_hw).items:
        box = segment.content.clip(effect.asked.size_hw)
        if box.is_empty:
            continue
        marked = torch.from_numpy(read_frames(segment, box, len(image))).to(image.device) > 0
        part = result[(slice(None), *box.slices)][..., :3]
        torch.where(marked[..., None], effect.colours(image, box), part, out=part)
    return result


def _in_rows(frame: Pixels) -> Pixels:
    """The frame as OpenCV reads it without a copy: values of a pixel, and pixels, side by side."""
    item, channels = frame.itemsize, frame.shape[2]
    is_dense = frame.strides[1:] == (item * channels, item)
    return frame if is_dense else as_pixels(np.ascontiguousarray(frame))


def _invert(frame: Pixels, box: Box, _asked: Asked) -> Pixels:
    crop = frame[box.slices][..., :3]
    if frame.dtype == np.uint8:
        return np.asarray(cv2.bitwise_not(crop), np.uint8).reshape(crop.shape)
    return as_pixels(np.float32(1) - crop)


def _invert_by_torch(image: Tensor, box: Box, _asked: Asked) -> Tensor:
    return (255 if image.dtype == torch.uint8 else 1) - _crop(image, box)[..., :3]


def _fill(frame: Pixels, box: Box, asked: Asked) -> Pixels:
    colour = np.asarray(asked.colour, np.float32)
    result = as_pixels(np.empty((*box.size_hw, 3), frame.dtype))
    # row by row: three values at a time are slow to write
    result[:1] = np.rint(colour * 255) if frame.dtype == np.uint8 else colour
    result[1:] = result[:1]
    return result


def _fill_by_torch(image: Tensor, box: Box, asked: Asked) -> Tensor:
    colour = torch.tensor(asked.colour, dtype=torch.float32)
    colour = (colour * 255).round() if image.dtype == torch.uint8 else colour
    return colour.to(image).expand(len(image), *box.size_hw, 3).clone()


def _grey(frame: Pixels, box: Box, _asked: Asked) -> Pixels:
    crop = frame[box.slices]
    code = cv2.COLOR_RGBA2GRAY if crop.shape[2] == 4 else cv2.COLOR_RGB2GRAY
    grey = cv2.cvtColor(cv2.cvtColor(crop, code), cv2.COLOR_GRAY2RGB)
    return as_pixels(grey)


def _grey_by_torch(image: Tensor, box: Box, _asked: Asked) -> Tensor:
    crop = _crop(image, box)
    red, green, blue = (crop[..., channel].float() for channel in range(3))
    grey = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
    grey = grey.round() if image.dtype == torch.uint8 else grey
    return grey[..., None].repeat(1, 1, 1, 3).to(image.dtype)


def _pixelate(frame: Pixels, box: Box, asked: Asked) -> Pixels:
    block_px = int(asked.strength)
    outer = _in_blocks(box, block_px, asked.size_hw)
    crop = frame[outer.slices]
    if frame.dtype == np.uint8 and frame.shape[2] == 3:
        means: Pixels = block_levels(np.asarray(crop, np.uint8), block_px)
    else:
        means = as_kind(block_means(crop, block_px, frame.shape[2]), frame.dtype)
    columns = np.arange(box.x1 - outer.x1, box.x2 - outer.x1) // block_px
    result = as_pixels(np.empty((*box.size_hw, 3), frame.dtype))
    for row, colours in enumerate(means):
        top = row * block_px + outer.y1 - box.y1
        result[max(0, top) : top + block_px] = colours[columns]
    return result


def _pixelate_by_torch(image: Tensor, box: Box, asked: Asked) -> Tensor:
    block_px = int(asked.strength)
    outer = _in_blocks(box, block_px, asked.size_hw)
    means = block_means_by_torch(_crop(image, outer), block_px)
    colours = as_kind_by_torch(means, image.dtype)
    rows, columns = (
        (torch.arange(*ends, device=image.device) - start) // block_px
        for ends, start in (((box.y1, box.y2), outer.y1), ((box.x1, box.x2), outer.x1))
    )
    return colours[:, rows[:, None], columns]


def _in_blocks(box: Box, block_px: int, size_hw: tuple[int, int]) -> Box:
    """The whole blocks that a box meets, on a grid from the image's upper left."""
    x1, y1 = (edge // block_px * block_px for edge in (box.x1, box.y1))
    x2, y2 = (-(-edge // block_px) * block_px for edge in (box.x2, box.y2))
    return Box(x1, y1, x2, y2).clip(size_hw)


def _plan(asked: Asked) -> BlurPlan:
    return BlurPlan.of(asked.strength, asked.size_hw, in_bytes=asked.in_bytes)


def _blur(frame: Pixels, box: Box, asked: Asked) -> Pixels:
    return blur_by_opencv(frame, box, _plan(asked))


def _blur_by_torch(image: Tensor, box: Box, asked: Asked) -> Tensor:
    return blur_by_torch(image, box, _plan(asked))


def _curve(name: str) -> Maker:
    return Maker(
        lambda frame, box, asked: curve_by_opencv(frame[box.slices], name, asked.strength),
        lambda image, box, asked: curve_by_torch(_crop(image, box), name, asked.strength),
    )


def _matrix(name: str) -> Maker:
    return Maker(
        lambda frame, box, asked: matrix_by_opencv(frame[box.slices], name, asked.strength),
        lambda image, box, asked: matrix_by_torch(_crop(image, box), name, asked.strength),
    )


def _sharpen(frame: Pixels, box: Box, asked: Asked) -> Pixels:
    return sharpen_by_opencv(frame, box, asked.strength, sharpening_plan(asked.size_hw))


def _sharpen_by_torch(image: Tensor, box: Box, asked: Asked) -> Tensor:
    return sharpen_by_torch(image, box, asked.strength, sharpening_plan(asked.size_hw))


def _crop(image: Tensor, box: Box) -> Tensor:
    return image[(slice(None), *box.slices)]


_MAKERS: Final[dict[str, Maker]] = {
    "blur": Maker(_blur, _blur_by_torch, lambda asked: _plan(asked).reach_px),
    "pixelate": Maker(_pixelate, _pixelate_by_torch, lambda asked: int(asked.strength)),
    "grey": Maker(_grey, _grey_by_torch),
    "invert": Maker(_invert, _invert_by_torch),
    "colour": Maker(_fill, _fill_by_torch),
    "brightness": _curve("brightness"),
    "contrast": _curve("contrast"),
    "saturation": _matrix("saturation"),
    "hue": _matrix("hue"),
    "temperature": _curve("temperature"),
    "sepia": _matrix("sepia"),
    "sharpen": Maker(
        _sharpen, _sharpen_by_torch, lambda asked: sharpening_plan(asked.size_hw).reach_px
    ),
    "mosaic": Maker(
        lambda frame, box, asked: mosaic_by_opencv(frame, box, int(asked.strength)),
        lambda image, box, asked: mosaic_by_torch(image, box, int(asked.strength)),
        lambda asked: reach_px(int(asked.strength)),
    ),
}
