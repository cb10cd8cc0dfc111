"""Photos as arrays: reading files, matching one picture's colours and size to another's."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from segui.errors import InputError, SizeError
from segui.images.arrays import without_sign
from segui.images.decoding import BAD_PROFILE
from segui.images.limits import ReadLimits
from segui.images.lying import DONE, PhotoTurn, orientation_asked, turned_from
from segui.images.opening import (
    DEFAULT_LIMITS,
    OpenedImage,
    as_array,
    colours_by,
    grey_to_8_bit,
    open_image,
    refusing_broken,
)
from segui.images.orientation import BY_FILE, BY_XMP
from segui.images.profiles import MISNAMED, MODES, UNUSABLE, ProfileError, colour_space
from segui.images.tiff import SIGNED_16_BITS
from segui.images.writing import encode_jpeg, encode_png, shrink, write_png, write_preview

__all__ = [
    "Picture",
    "aspect_agrees",
    "encode_jpeg",
    "encode_png",
    "fit_picture",
    "is_copy_of",
    "match_profile",
    "read_picture",
    "shrink",
    "write_png",
    "write_preview",
]

_DEEP_GREY_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")

UNFIT_PROFILE = "its colour profile does not fit it and was ignored"
# CIELAB says by itself what its colours are, so a profile of it does no more than name them
_LAB_NOTES: dict[str | None, tuple[str, ...]] = {
    None: (),
    "Lab": ("its CIELAB colours were converted to sRGB",),
}
MISNAMED_PROFILE = "its colour profile is called sRGB, but has other colours: they count"
SIGNED = "its numbers of 16 bits have a sign: 32767 is read as white, 0 and what is below as black"
NO_XMP = "its XMP data does not say how it lies: it is turned as its file says"
GUESSED_CMYK = "it is CMYK without a colour profile: its colours are a guess"
GUESSED_CMYK_OF_RGB = "it is CMYK, its colour profile is for RGB: its colours are a guess"
GUESSED_INK = "it is CMYK: without its profile its colours are a guess"


@dataclass(frozen=True, eq=False)
class Picture:
    """A photo's pixels and what was said on reading it.

    Args:
        pixels: (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8.
        icc_profile: The RGB colour profile that the pixels are in; None is sRGB.
        notes: What a person should know, one sentence each.
        orientation: The EXIF orientation by which the file's pixels were turned; 1 is none.
        camera_data: What may be passed on of what a camera noted, as EXIF; see
            ``kept_camera_data``.

    Raises:
        InputError: The pixels are another kind of array.
    """

    pixels: np.ndarray
    icc_profile: bytes | None = None
    notes: tuple[str, ...] = ()
    orientation: int = 1
    camera_data: bytes | None = None

    def __post_init__(self) -> None:
        shape, dtype = self.pixels.shape, self.pixels.dtype
        if len(shape) != 3 or shape[2] not in (3, 4) or dtype != np.uint8 or 0 in shape:
            raise InputError(f"a picture is (H, W, 3) or (H, W, 4) uint8: got {shape} {dtype}")

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.pixels.shape[0], self.pixels.shape[1]


def read_picture(
    path: str | Path,
    *,
    max_megapixels: float = 50.0,
    limits: ReadLimits = DEFAULT_LIMITS,
    turn: PhotoTurn = "auto",
) -> Picture:
    """Read a photo of any common mode and depth, turned as its EXIF orientation says.

    Grey with a grey profile, and CMYK with its own, become sRGB; RGB keeps its profile. 16 bits
    become 8. Of several frames the first is read.

    Args:
        path: The file.
        max_megapixels: Largest picture, in millions of pixels, by the file's header.
        limits: What else its decode may take.
        turn: How it is turned otherwise than its file says; see ``orientation_asked``.

    Returns:
        RGBA when the file has an alpha channel or a transparent colour, else RGB.

    Raises:
        InputError: The file is missing, broken, no image, or larger than allowed.
    """
    opened = open_image(path, max_megapixels=max_megapixels, limits=limits)
    with refusing_broken(opened.name):
        pixels, profile, notes = _as_rgb(opened, limits)
    if opened.bits == SIGNED_16_BITS:
        notes = (SIGNED, *notes)
    elif opened.bits > 8:
        notes = (f"this {opened.bits}-bit picture is read as 8-bit", *notes)
    orientation = orientation_asked(turn, opened.orientation, opened.by_xmp)
    pixels = turned_from(pixels, opened.orientation, orientation)
    notes = (*_as_asked(opened, turn, orientation), *notes)
    return Picture(pixels, profile, notes, orientation, opened.camera_data)


def _as_asked(opened: OpenedImage, turn: PhotoTurn, orientation: int) -> tuple[str, ...]:
    """What was said on opening a photo; of how it lies, what was asked for."""
    if turn == "auto":
        return opened.notes
    others = tuple(note for note in opened.notes if note not in BY_FILE)
    if turn == "xmp":
        return (*others, NO_XMP if opened.by_xmp is None else BY_XMP)
    done = f"{DONE[orientation]} from how it is stored" if orientation in DONE else "left as stored"
    return (*others, f"it is {done}, as asked for")


def match_profile(picture: Picture, like: Picture, limits: ReadLimits = DEFAULT_LIMITS) -> Picture:
    """Convert a picture's colours to the profile of another one, so that equal is equal.

    Args:
        picture: What is converted; its alpha stays.
        like: Whose profile the result has. No profile counts as sRGB.
        limits: Who converts.

    Returns:
        The same object when the profiles are the same bytes; the same pixels when no colour
        would change by more than 1 of 255, or when a profile is broken, which a note says.
    """
    if picture.icc_profile == like.icc_profile:
        return picture
    colours = Image.fromarray(np.ascontiguousarray(picture.pixels[..., :3]))
    try:
        made = colours_by(limits).convert(
            colours, picture.icc_profile, like.icc_profile, always=False
        )
    except ProfileError:
        note = "a colour profile cannot be read: the colours are left as they are"
        return replace(picture, notes=(*picture.notes, note))
    if made.image is None:
        return replace(picture, icc_profile=like.icc_profile)
    converted, note = np.array(made.image), _converted_note(made.source, made.target)
    pixels = np.concatenate([converted, picture.pixels[..., 3:]], axis=2)
    notes = (*picture.notes, note)
    return replace(picture, pixels=pixels, icc_profile=like.icc_profile, notes=notes)


def fit_picture(
    picture: Picture, size_hw: tuple[int, int], *, scale: bool = False, name: str = "reference"
) -> Picture:
    """Make sure that a picture has the photo's size.

    Args:
        picture: The reference.
        size_hw: Height and width of the photo.
        scale: Whether to scale a picture of another size, by Lanczos, instead of refusing it.
        name: What to call the picture in the sentence.

    Returns:
        The same object when the sizes agree.

    Raises:
        SizeError: The sizes differ, the proportions agree: ``scale=True`` helps.
        InputError: The proportions differ too; ``scale=True`` would distort.
    """
    if picture.size_hw == size_hw:
        return picture
    if not scale:
        kind = SizeError if aspect_agrees(picture.size_hw, size_hw) else InputError
        raise kind(
            f"the {name} is {size_text(picture.size_hw)}, the photo {size_text(size_hw)}: "
            "their sizes must match"
        )
    height, width = size_hw
    scaled = Image.fromarray(picture.pixels).resize((width, height), Image.Resampling.LANCZOS)
    note = f"it was scaled from {size_text(picture.size_hw)} to {size_text(size_hw)}"
    return replace(picture, pixels=np.array(scaled), notes=(*picture.notes, note))


def _converted_note(source: str, target: str) -> str:
    if source == target:  # one of the two is misnamed
        return f"its colours were converted: both profiles are called {source}, but they differ"
    return f"its colours were converted from {source} to {target}"


def aspect_agrees(a_hw: tuple[int, int], b_hw: tuple[int, int], tolerance: float = 0.02) -> bool:
    """Whether two sizes have the same proportions, to within that part of the ratio.

    >>> aspect_agrees((600, 800), (768, 1024))
    True
    >>> aspect_agrees((800, 600), (768, 1024))
    False
    """
    a, b = a_hw[1] * b_hw[0], b_hw[1] * a_hw[0]
    return max(a, b) <= min(a, b) * (1 + tolerance)


def is_copy_of(copy_hw: tuple[int, int], size_hw: tuple[int, int]) -> bool:
    """Whether one scale gives both sides of a copy, each to within a pixel of rounding.

    >>> is_copy_of((1001, 1500), (2000, 3000)), is_copy_of((1003, 1500), (2000, 3000))
    (True, False)
    """
    (height, width), (full_height, full_width) = copy_hw, size_hw
    not_too_high = (height - 1) * full_width <= (width + 1) * full_height
    not_too_wide = (width - 1) * full_height <= (height + 1) * full_width
    return not_too_high and not_too_wide


def size_text(size_hw: tuple[int, int]) -> str:
    """A size as people read it: width first.

    >>> size_text((600, 800))
    '800 x 600'
    """
    return f"{size_hw[1]} x {size_hw[0]}"


def _as_rgb(
    opened: OpenedImage, limits: ReadLimits
) -> tuple[np.ndarray, bytes | None, tuple[str, ...]]:
    """The pixels as RGB or RGBA, the RGB profile that they are in, and notes."""
    raster = opened.raster
    profile, notes = _usable(raster.info.get("icc_profile") or None, limits)
    is_in_rgb = profile is None or colour_space(profile) == "RGB"
    has_own = raster.mode == "RGBA" or (raster.mode == "RGB" and "transparency" not in raster.info)
    if has_own and is_in_rgb:
        return raster.array(), profile, notes
    image = raster.image
    if opened.bits == SIGNED_16_BITS:
        image = Image.fromarray(without_sign(np.array(image)))
    image, profile, said = _converted(image, profile, limits)
    return as_array(image), profile, (*notes, *said)


def _usable(profile: bytes | None, limits: ReadLimits) -> tuple[bytes | None, tuple[str, ...]]:
    """An RGB profile that colours can be converted by, and notes; others are tried when they are.

    One that cannot be read must not come into the result, where each program makes of it what it
    likes.
    """
    if profile is None or colour_space(profile) != "RGB":
        return profile, ()
    state = colours_by(limits).examine(profile)
    if state == UNUSABLE:
        return None, (BAD_PROFILE,)
    return profile, (MISNAMED_PROFILE,) if state == MISNAMED else ()


def _converted(
    image: Image.Image, profile: bytes | None, limits: ReadLimits
) -> tuple[Image.Image, bytes | None, tuple[str, ...]]:
    """The image as RGB or RGBA, whatever it is, the RGB profile that it is in, and notes."""
    if image.mode in _DEEP_GREY_MODES:
        image = _shallow(image)
    space = None if profile is None else colour_space(profile)
    if image.mode == "LAB":
        return _convert(image), None, _LAB_NOTES.get(space, (UNFIT_PROFILE,))
    if profile is not None and space != "RGB":
        return _to_srgb(image, profile, limits)
    if image.mode == "CMYK":
        return image.convert("RGB"), None, (GUESSED_CMYK if space is None else GUESSED_CMYK_OF_RGB,)
    return _convert(image), profile, ()


def _shallow(image: Image.Image) -> Image.Image:
    """Deep grey in 8 bits; its transparent value is one of the deep ones."""
    values, clear = np.array(image), image.info.get("transparency")
    grey = Image.fromarray(grey_to_8_bit(values))
    if isinstance(clear, int):
        grey.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    return grey


def _to_srgb(
    image: Image.Image, profile: bytes, limits: ReadLimits
) -> tuple[Image.Image, bytes | None, tuple[str, ...]]:
    """Colours whose profile is not for RGB: no RGB file may keep that profile."""
    space = colour_space(profile)
    mode = MODES.get(space)
    fits = mode is not None and (image.mode == mode or (mode == "L" and image.mode in ("1", "LA")))
    if mode is None or not fits:
        return _without_profile(image, UNFIT_PROFILE)
    colours = image if image.mode == mode else image.convert(mode)
    try:
        made = colours_by(limits).convert(colours, profile, None, always=True)
    except ProfileError:
        return _without_profile(image, BAD_PROFILE)
    assert made.image is not None  # noqa: S101  it was converted in any case
    converted = made.image
    if image.has_transparency_data:
        converted.putalpha(_convert(image).getchannel("A"))
    name = {"GRAY": "grey", "CMYK": "CMYK"}[space]
    return converted, None, (f"its {name} colours were converted to sRGB",)


def _without_profile(image: Image.Image, why: str) -> tuple[Image.Image, None, tuple[str, ...]]:
    """Colours whose profile is of no use."""
    return _convert(image), None, (why, GUESSED_INK) if image.mode == "CMYK" else (why,)


def _convert(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)
