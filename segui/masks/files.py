"""Reading mask files: soft masks, hard ones and label maps, and what each was taken for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
from PIL import Image

from segui.errors import InputError
from segui.images.arrays import without_sign
from segui.images.limits import ReadLimits
from segui.images.opening import (
    DEFAULT_LIMITS,
    OpenedImage,
    grey_to_8_bit,
    open_image,
    refusing_broken,
)
from segui.images.pictures import is_copy_of, size_text
from segui.images.tiff import SIGNED_16_BITS
from segui.masks.alpha import read_with_alpha
from segui.masks.colours.colour_maps import read_colours
from segui.masks.colours.palettes import read_palette_image
from segui.masks.drawn import at_size, strokes_of
from segui.masks.greys.frames import without_frame
from segui.masks.greys.grey_values import read_grey
from segui.masks.ground import covering_notes
from segui.masks.inverting import inverted
from segui.masks.notes import AS_SOFT, Note
from segui.masks.pixels.strips import Strips
from segui.masks.reading import MaskKind, MaskRequest, ReadAs, Reading

__all__ = [
    "MaskFile",
    "MaskKind",
    "ReadAs",
    "read_mask",
    "read_painted",
]

_KINDS = "auto, soft, labels, exact or full"
NOTHING_MARKED = "nothing is marked in this mask"
_DEEP_GREY_TYPES = {
    "I": np.int32,
    "F": np.float32,
    "I;16": np.uint16,
    "I;16L": np.uint16,
    "I;16B": np.uint16,
    "I;16N": np.uint16,
}


@dataclass(frozen=True, eq=False)
class MaskFile:
    """What a mask file holds; exactly one of ``soft`` and ``labels`` is there.

    Args:
        kind: ``soft``; ``hard``, which is soft with 0 and 255 alone; or ``labels``.
        source: What it was read from: ``grey``, ``alpha``, ``palette`` or ``colours``.
        soft: (H, W) uint8, 255 selected.
        labels: (H, W) int16 or int32, 0 nothing.
        names: A name for each label value that occurs; empty for soft and hard masks.
        stem: The file's name without folder and ending: the label of a soft mask's segments.
        notes: What was decided, one sentence each; the first says what it was read as.
        label: What its areas are called, or what comes before the names of its labels; empty where
            the file's name says nothing.
        colours: The colour of each label value as 0xRRGGBB, where the file has colours.
        has_own_names: Whether the names are words that somebody gave, and no values or colours.
        is_turned: Whether what is transparent was selected, as more than half is opaque.
        orientation: The EXIF orientation of its own, by which it was turned, 1 to 8.
    """

    kind: ReadAs
    source: str
    soft: np.ndarray | None = None
    labels: np.ndarray | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    stem: str = ""
    notes: tuple[str, ...] = ()
    label: str = ""
    has_own_names: bool = False
    colours: Mapping[int, int] = field(default_factory=dict)
    is_turned: bool = False
    orientation: int = 1

    @property
    def area_labels(self) -> Mapping[int, str]:
        """The label of each label value's area."""
        if not self.label or self.has_own_names:
            return self.names
        return {value: f"{self.label}:{name}" for value, name in self.names.items()}

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width in pixels."""
        height, width = self._values.shape
        return height, width

    @property
    def _values(self) -> np.ndarray:
        values = self.soft if self.labels is None else self.labels
        if values is None:
            raise InputError("a mask file has a soft mask or labels: got neither")
        return values


def read_mask(
    path: str | Path,
    *,
    kind: MaskKind = "auto",
    invert: bool = False,
    max_megapixels: float = 50.0,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> MaskFile:
    """Read a mask of any common mode and depth, turned as its EXIF orientation says.

    ``auto``: labels when the file has a palette, or its non-zero values are 1..n without a gap
    and n is at least 2 (255 beside them is void); a hard mask when they are all 1; when channels
    are unequal, each colour a label named by its hex, black nothing; the alpha channel when it
    alone varies; otherwise soft. The rules in full stand at ``read_grey``
    and ``read_colours``.

    Args:
        path: The file.
        kind: ``soft`` reads grey or alpha, whatever the values; ``labels`` makes each value or
            colour that is not 0 a label, blends of two given to the nearer one; ``exact`` the same
            with nothing given away; ``full`` is soft by the scale of its type, whatever the
            values show.
        invert: Select what was not; what had no label becomes the one label "rest".
        max_megapixels: Largest mask, in millions of pixels, by the file's header.
        limits: What else its decode may take.

    Raises:
        InputError: The file cannot be read, is larger than allowed, has too many labels, or
            ``kind`` is none of the five.
    """
    if kind not in get_args(MaskKind):
        raise InputError(f"mask_kind is {kind!r}: expected {_KINDS}")
    opened = open_image(path, max_megapixels=max_megapixels, limits=limits.of_masks)
    name, of_file, orientation = opened.name, opened.notes, opened.orientation
    of_file += _about_profile(opened.raster.info.get("icc_profile"))
    with refusing_broken(name):
        asked = MaskRequest.of(kind, name, is_lossy=opened.is_lossy)
        picture = _picture_of(opened, asked)
        del opened  # whoever reads it lets go of its pixels as soon as none of them is wanted
        reading = _read(picture, asked)
    notes = [*reading.notes]
    if invert:
        reading = inverted(reading, asked)
        notes = [*reading.notes]
    if reading.soft is not None and reading.source != "alpha" and kind == "auto":
        soft, thick = without_frame(reading.soft)
        if thick:
            reading = replace(reading, soft=soft)
            said = f"a line of {thick} px along its four borders is a frame and was cut"
            notes.append(Note(said, AS_SOFT))
    if reading.soft is not None and reading.source != "alpha":
        notes += covering_notes(reading.soft)
    # the value that void had on reading is gone: from here on it is nothing
    labels = reading.labels
    if labels is not None:
        np.maximum(labels, 0, out=labels)
    values = reading.soft if labels is None else labels
    if values is not None and not values.any():
        notes.append(NOTHING_MARKED)
    return MaskFile(
        kind=reading.kind,
        source=reading.source,
        soft=reading.soft,
        labels=labels,
        names=reading.names,
        stem=Path(path).stem,
        notes=(*notes, *of_file),
        colours=_colours_of(picture, reading),
        is_turned=reading.is_turned,
        orientation=orientation,
    )


def _about_profile(profile: bytes | None) -> tuple[str, ...]:
    """A mask's values are opacity, not light: 128 is half, whatever grey a profile makes of it."""
    is_grey = profile is not None and profile[16:20] == b"GRAY"
    return ("its grey profile was not applied: its values are opacity",) if is_grey else ()


def read_painted(
    path: str | Path,
    size_hw: tuple[int, int],
    *,
    max_megapixels: float = 50.0,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> MaskFile:
    """Read a soft mask that was painted on a smaller copy of the photo, at the photo's size.

    Args:
        path: The file; its alpha channel counts where it has one, else its grey.
        size_hw: Height and width of the photo.
        max_megapixels: Largest mask, in millions of pixels, by the file's header.
        limits: What else its decode may take.

    Returns:
        A soft mask called "painted". Where the file has its strokes beside its pixels, and they
        are the same, they are drawn anew; the rest is made larger bilinearly, so that its edges
        have no steps.

    Raises:
        InputError: The file cannot be read, or has other proportions than the photo.
    """
    opened = open_image(path, max_megapixels=max_megapixels, limits=limits)
    with refusing_broken(opened.name):
        soft, source = _painted_values(_on_full_scale(opened))
    height, width = soft.shape
    if not is_copy_of((height, width), size_hw):
        raise InputError(
            f"the painted mask is {size_text((height, width))}, the photo {size_text(size_hw)}: "
            "their proportions must match"
        )
    if (height, width) != size_hw:
        fine = at_size((soft,), strokes_of(Path(path)), size_hw)
        if fine is not None:
            return MaskFile(kind="soft", source=source, soft=fine[0], stem="painted")
        shrinks = height * width > size_hw[0] * size_hw[1]
        # not by cubic curves: they swing, and leave faint specks around what was painted
        soft = resized(soft, size_hw, cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return MaskFile(kind="soft", source=source, soft=soft, stem="painted")


def _on_full_scale(opened: OpenedImage) -> Image.Image:
    """The pixels, where white is the largest number of their type's 16 bits without a sign."""
    if opened.bits != SIGNED_16_BITS:
        return opened.image
    return Image.fromarray(without_sign(np.array(opened.image)))


def _painted_values(image: Image.Image) -> tuple[np.ndarray, str]:
    """The opacity where there is any, else the grey, as levels; and which of them it is."""
    if image.mode in _DEEP_GREY_TYPES:
        deep = np.array(image).astype(_DEEP_GREY_TYPES[image.mode], copy=False)
        return grey_to_8_bit(deep), "grey"
    if image.has_transparency_data:
        return np.array(_as_mode(image, "RGBA").getchannel("A")), "alpha"
    return np.array(_as_mode(image, "L")), "grey"


@dataclass(frozen=True, eq=False)
class _Picture:
    """What a mask is read from.

    Args:
        mode: Its own, by Pillow's names.
        strips: Its pixels, in the mode that they are read in.
        is_transparent: Whether it has transparency of any kind.
        palette_rgb: (n, 3) uint8, its palette; (0, 3) where there is none.
        opacity: (256,) uint8: how opaque each index of a palette is.
    """

    mode: str
    strips: Strips
    is_transparent: bool
    palette_rgb: np.ndarray
    opacity: np.ndarray


def _picture_of(opened: OpenedImage, asked: MaskRequest) -> _Picture:
    image = opened.image
    strips = Strips.of_image(image, _mode_read(image, asked))
    # by any other way the values themselves say their scale, or are numbers
    if asked.is_full and opened.bits == SIGNED_16_BITS:
        strips = strips.mapped(lambda rows, _where: without_sign(rows))
    palette = image.getpalette() if image.mode in ("P", "PA") else None
    return _Picture(
        image.mode,
        strips,
        image.has_transparency_data,
        np.array(palette or [], np.uint8).reshape(-1, 3),
        _opacity_of_indices(image),
    )


def _mode_read(image: Image.Image, asked: MaskRequest) -> str:
    """The mode of Pillow's in which a picture is read."""
    if image.mode in _DEEP_GREY_TYPES or (image.mode in ("P", "PA") and asked.kind != "soft"):
        return image.mode
    if image.has_transparency_data:
        return "LA" if image.mode in ("1", "L", "LA") else "RGBA"
    return "L" if image.mode in ("1", "L") else "RGB"


def _read(picture: _Picture, asked: MaskRequest) -> Reading:
    strips = picture.strips
    if picture.mode in ("P", "PA") and asked.kind != "soft":
        return read_palette_image(strips, picture.palette_rgb, picture.opacity, asked)
    if picture.mode in _DEEP_GREY_TYPES:
        return read_grey(_deep_values(picture), asked)
    if picture.is_transparent:
        alpha = strips.mapped(lambda rows, _where: rows[..., -1]).whole()
        colours = strips.mapped(
            lambda rows, _where: rows[..., 0] if rows.shape[2] == 2 else rows[..., :3]
        )
        return read_with_alpha(colours, alpha, asked)
    if picture.mode == "1" and asked.kind != "soft":
        # Pillow's own boolean arrays hold bytes of 255
        return read_grey(strips.mapped(lambda rows, _where: rows > 0).taken(), asked)
    if picture.mode in ("1", "L"):
        return read_grey(strips.taken(), asked)
    return read_colours(strips, asked)


def _deep_values(picture: _Picture) -> np.ndarray:
    """The values of deep grey, of the type that they have."""
    if picture.strips.rows(0, 1).dtype == np.uint16:  # so are those that had a sign
        return picture.strips.taken()
    dtype = _DEEP_GREY_TYPES[picture.mode]
    return picture.strips.mapped(lambda rows, _where: rows.astype(dtype, copy=False)).taken()


def _colours_of(picture: _Picture, reading: Reading) -> Mapping[int, int]:
    """The colour of each label value as 0xRRGGBB; of numbers up to 255, their grey."""
    if reading.source == "colours":
        return {value: int(name, 16) for value, name in reading.names.items() if _is_hex(name)}
    if reading.source == "palette":
        colours = picture.palette_rgb.tolist()
        named = reading.names.items()  # what was inverted is called "rest"
        indices = {value: int(name) for value, name in named if name.isdecimal()}
        return {
            value: colours[index][0] << 16 | colours[index][1] << 8 | colours[index][2]
            for value, index in indices.items()
            if index < len(colours)
        }
    return {value: value * 0x010101 for value in reading.names if 0 < value <= 255}


def _is_hex(name: str) -> bool:
    return len(name) == 6 and not set(name) - set("0123456789abcdef")


def _as_mode(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)


def _opacity_of_indices(image: Image.Image) -> np.ndarray:
    """(256,) uint8: how opaque each index of a palette is."""
    transparency = image.info.get("transparency")
    opacity = np.full(256, 255, np.uint8)
    if isinstance(transparency, int):
        opacity[transparency] = 0
    elif isinstance(transparency, bytes):
        opacity[: len(transparency)] = np.frombuffer(transparency[:256], np.uint8)
    return opacity


def resized(values: np.ndarray, size_hw: tuple[int, int], interpolation: int) -> np.ndarray:
    """A plane at another size, by one of OpenCV's ways; of the same type."""
    height, width = size_hw
    scaled = cv2.resize(values, (width, height), interpolation=interpolation)
    return np.asarray(scaled, values.dtype)
