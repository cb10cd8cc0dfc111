"""Opening image files, for photos and masks alike, decoded here or by whom the limits name.

Only what arrays are made from lives here; what the pixels mean is said in ``images.pictures``
(photos) and in ``masks.files`` (masks).
"""

import contextlib
import io
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from segui.errors import InputError
from segui.images.arrays import as_array, grey_to_8_bit
from segui.images.broken import refusing_broken
from segui.images.decoding import decode, measure
from segui.images.limits import Decoder, ReadLimits
from segui.images.opened import OpenedImage
from segui.images.profiles import Converted, State, convert, examine
from segui.images.structure import Data, scans_of

__all__ = [
    "DEFAULT_LIMITS",
    "InProcess",
    "OpenedImage",
    "as_array",
    "colours_by",
    "decode_megapixels",
    "grey_to_8_bit",
    "header_size",
    "open_data",
    "open_image",
    "refusing_broken",
]

DEFAULT_LIMITS = ReadLimits()
_USUAL_SCANS = 10  # of a progressive JPEG


class InProcess:
    """Decodes where it is asked: what a library does, whose caller knows its files."""

    def open(
        self, stream: BinaryIO, name: str, max_megapixels: float, limits: ReadLimits
    ) -> OpenedImage:
        """The decoded file; see ``Decoder``."""
        with _all_of(stream, name) as data:
            return decode(stream, data, name, max_megapixels, limits)

    def size(
        self, stream: BinaryIO, name: str, max_megapixels: float, limits: ReadLimits
    ) -> tuple[int, int]:
        """Its width and height; see ``Decoder``."""
        with _all_of(stream, name) as data:
            return measure(stream, data, name, max_megapixels, limits)

    def examine(self, profile: bytes) -> State:
        """Whether a profile can be used; see ``Decoder``."""
        return examine(profile)

    def convert(
        self, image: Image.Image, source: bytes | None, target: bytes | None, *, always: bool
    ) -> Converted:
        """Colours in another profile; see ``Decoder``."""
        return convert(image, source, target, always=always)


def colours_by(limits: ReadLimits) -> Decoder:
    """Who reads colour profiles, and converts colours by them: who decodes files.

    Args:
        limits: They name who that is.
    """
    return _decoder(limits)


def open_image(
    path: str | Path, *, max_megapixels: float, limits: ReadLimits = DEFAULT_LIMITS
) -> OpenedImage:
    """Decode the first picture of a file and turn it as its EXIF orientation says.

    Args:
        path: The file.
        max_megapixels: Largest picture, in millions of pixels; compared with the size in the
            file's header, before anything is decoded.
        limits: What else its decode may take, counted in its bytes before, and who decodes it.

    Raises:
        InputError: The file is missing, broken, no image, or larger than allowed; the sentence
            gives its name without its folder.
    """
    path = Path(path)
    with _opened_stream(path) as stream:
        return _decoder(limits).open(stream, path.name, max_megapixels, limits)


def open_data(
    data: bytes, name: str, *, max_megapixels: float, limits: ReadLimits = DEFAULT_LIMITS
) -> OpenedImage:
    """Decode the first picture of a file that never was on a disk.

    Args:
        data: The file's bytes.
        name: What messages call it.
        max_megapixels: As of ``open_image``.
        limits: As of ``open_image``.

    Raises:
        InputError: It is empty, broken, no image, or larger than allowed.
    """
    if not data:
        raise InputError(f"{name} is empty")
    return _decoder(limits).open(io.BytesIO(data), name, max_megapixels, limits)


def header_size(
    path: str | Path, *, max_megapixels: float, limits: ReadLimits = DEFAULT_LIMITS
) -> tuple[int, int]:
    """A picture's width and height, by its header alone.

    Args:
        path: The file.
        max_megapixels: As of ``open_image``.
        limits: As of ``open_image``.

    Raises:
        InputError: The file is missing, broken, no image, or larger than allowed.
    """
    path = Path(path)
    with _opened_stream(path) as stream:
        return _decoder(limits).size(stream, path.name, max_megapixels, limits)


def decode_megapixels(
    path: str | Path, *, max_megapixels: float, limits: ReadLimits = DEFAULT_LIMITS
) -> float:
    """Megapixels that the decode of a picture takes as long as, by its bytes alone.

    Args:
        path: The file.
        max_megapixels: As of ``open_image``.
        limits: As of ``open_image``.

    Returns:
        Its own; of a JPEG with more scans than usual as many times more.

    Raises:
        InputError: The file is missing, broken, no image, or larger than allowed.
    """
    path = Path(path)
    width, height = header_size(path, max_megapixels=max_megapixels, limits=limits)
    with _opened_stream(path) as stream, _all_of(stream, path.name) as data:
        return width * height / 1e6 * max(1.0, scans_of(data) / _USUAL_SCANS)


def _decoder(limits: ReadLimits) -> Decoder:
    return InProcess() if limits.decoder is None else limits.decoder


@contextlib.contextmanager
def _opened_stream(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"{path.name} is not there") from error
    except IsADirectoryError as error:
        raise InputError(f"{path.name} is a folder, not an image") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{path.name} cannot be opened") from error
    with stream:
        if not stream.read(1):
            raise InputError(f"{path.name} is empty")
        stream.seek(0)
        yield stream


@contextlib.contextmanager
def _all_of(stream: BinaryIO, name: str) -> Iterator[Data]:
    """A file's bytes, mapped where it is one of the system's."""
    if isinstance(stream, io.BytesIO):
        yield stream.getvalue()
        return
    with contextlib.ExitStack() as held:
        with refusing_broken(name):
            data = held.enter_context(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        yield data
