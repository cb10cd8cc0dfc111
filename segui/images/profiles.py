"""Colour profiles: whether one can be used, and colours converted by one.

It needs Pillow alone, as ``decoding`` does: a profile is what a file's maker wrote, and is read
where files are decoded.
"""

import io
from typing import Final, Literal, NamedTuple

from PIL import Image, ImageChops, ImageCms

State = Literal["usable", "misnamed", "unusable"]
USABLE: Final = "usable"
MISNAMED: Final = "misnamed"  # it is called sRGB, and has other colours
UNUSABLE: Final = "unusable"
MODES: Final = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # what is converted, by its space
_ERRORS: Final = (ImageCms.PyCMSError, OSError, TypeError, ValueError)
_LATTICE_STEPS: Final = 17
_NEARLY: Final = 12  # levels; the profiles that are called sRGB differ by some in their darks
_SRGB: Final = "sRGB"


class ProfileError(ValueError):
    """A colour profile by which nothing can be converted."""


class Converted(NamedTuple):
    """Colours in another profile.

    Args:
        image: The pixels, RGB; None where none would change by more than 1 of 255.
        source: What the profile that they were in calls itself.
        target: What the one that they are in calls itself.
    """

    image: Image.Image | None
    source: str
    target: str


def colour_space(profile: bytes) -> str:
    """The colour space that an ICC header names; no library is needed for these four letters."""
    return profile[16:20].decode("latin-1").strip()


def examine(profile: bytes) -> State:
    """Whether colours can be converted by a profile for RGB, and whether it is what it says.

    Args:
        profile: Its bytes.
    """
    try:
        source = _profile(profile)
        transform = _transform(source, _profile(None), "RGB")
        is_misnamed = _title(source) == _SRGB and not _changes_nothing(transform, _NEARLY)
    except _ERRORS:
        return UNUSABLE
    return MISNAMED if is_misnamed else USABLE


def convert(
    image: Image.Image, source: bytes | None, target: bytes | None, *, always: bool
) -> Converted:
    """Colours of one profile in another one, by relative colorimetric intent.

    Args:
        image: RGB, L or CMYK, as the source's space is.
        source: The profile that its pixels are in; None is sRGB.
        target: The one for RGB that they are wanted in; None is sRGB.
        always: Whether to convert where hardly a colour changes, too; only RGB is looked at for
            that.

    Raises:
        ProfileError: A profile cannot be read, or does not fit.
    """
    try:
        one, other = _profile(source), _profile(target)
        transform = _transform(one, other, image.mode)
        changes = always or not _changes_nothing(transform)
        converted = transform.apply(image) if changes else None
        return Converted(converted, _title(one), _title(other))
    except _ERRORS as error:
        raise ProfileError("a colour profile cannot be read") from error


def _profile(icc_profile: bytes | None) -> ImageCms.ImageCmsProfile:
    if icc_profile is None:
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))


def _transform(
    source: ImageCms.ImageCmsProfile, target: ImageCms.ImageCmsProfile, mode: str
) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        source,
        target,
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _title(profile: ImageCms.ImageCmsProfile) -> str:
    """The profile's own name, kept short: it is whatever the file's maker wrote."""
    text = ImageCms.getProfileDescription(profile)
    text = "".join(character for character in text if character.isprintable()).strip()[:40]
    return _SRGB if text.startswith(_SRGB) else text or "a profile without a name"


def _changes_nothing(transform: ImageCms.ImageCmsTransform, most: int = 1) -> bool:
    """Whether no colour of a lattice moves by more than that: two files of one profile, or sRGB."""
    lattice = _lattice()
    moved = ImageChops.difference(transform.apply(lattice), lattice)
    return max(highest for _, highest in moved.getextrema()) <= most  # type: ignore[misc]


def _lattice() -> Image.Image:
    """All colours of so many levels a channel."""
    steps = [255 * step // (_LATTICE_STEPS - 1) for step in range(_LATTICE_STEPS)]
    colours = bytes(level for red in steps for green in steps for level in _row(red, green, steps))
    return Image.frombytes("RGB", (_LATTICE_STEPS, _LATTICE_STEPS**2), colours)


def _row(red: int, green: int, steps: list[int]) -> bytes:
    return bytes(level for blue in steps for level in (red, green, blue))
