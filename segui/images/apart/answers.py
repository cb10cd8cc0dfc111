"""What the decoding process answered, read as what anybody could have sent: checked, then used."""

import base64
import ctypes
import json
import mmap
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from segui.errors import InputError, LargeError
from segui.images.apart.colours import SAME
from segui.images.apart.handing import (
    LENGTH_BYTES,
    MODES,
    MOST_HEADER_BYTES,
    PALETTE_MODES,
    Header,
    pixel_bytes,
)
from segui.images.camera import MOST_BYTES, kept_camera_data
from segui.images.profiles import MISNAMED, UNUSABLE, USABLE

Bytes = NDArray[np.uint8]

STATES: Final = (USABLE, MISNAMED, UNUSABLE)
_KINDS: Final = ("picture", "size", "refused", "memory", "broken", SAME, *STATES)
_MOST_SIDE: Final = 1 << 31
_MOST_BITS: Final = 1 << 16  # what a TIFF says of itself need not make sense
_MOST_ORIENTATION: Final = 8
_MOST_NOTES: Final = 8
_MOST_CHARACTERS: Final = 1000
_MOST_INDEXES: Final = 256
_MOST_LEVEL: Final = 1 << 16
# modes whose bytes are what an array of the image has, channel by channel
_BYTE_MODES: Final = frozenset(
    mode for mode, count in MODES.items() if count and not mode.startswith(("I", "F", "LAB"))
)


class AnswerError(ValueError):
    """An answer that no decode gives."""


class Answer(NamedTuple):
    """What was answered.

    Args:
        header: What is said, with its kind.
        memory: All that was written, from the first pixel on, uint8.
    """

    header: Header
    memory: Bytes


@dataclass(frozen=True, eq=False)
class SharedRaster:
    """Pixels where the decoding process wrote them; it has ended, nobody else has them.

    Args:
        mode: One of ``MODES``.
        size_wh: Width and height, px.
        info: ``icc_profile`` and ``transparency``, as far as the file has them.
        palette: Its mode and its bytes, of a picture that has one.
        memory: The pixels, row by row, and what comes behind them, uint8.
    """

    mode: str
    size_wh: tuple[int, int]
    info: Mapping[str, Any]
    palette: tuple[str, bytes] | None
    memory: Bytes

    @cached_property
    def image(self) -> Image.Image:
        """The pixels as Pillow has them."""
        image = Image.frombuffer(self.mode, self.size_wh, self._pixels, "raw", self.mode, 0, 1)
        if self.palette is not None:
            mode, colours = self.palette
            image.putpalette(colours, mode)
        image.info.update(self.info)
        return image

    def array(self) -> np.ndarray:
        """The pixels where they are; of modes that are not bytes a new array."""
        if self.mode not in _BYTE_MODES:
            return np.array(self.image)
        width, height = self.size_wh
        channels = MODES[self.mode]
        return self._pixels.reshape((height, width, channels)[: 2 + (channels > 1)])

    @property
    def _pixels(self) -> Bytes:
        return self.memory[: pixel_bytes(self.mode, self.size_wh)]


def read_answer(output: int) -> Answer:
    """What was written to a file that nobody writes to any more.

    Args:
        output: The open file.

    Raises:
        AnswerError: It does not end in a header.
    """
    size = os.fstat(output).st_size
    if size <= LENGTH_BYTES:
        raise AnswerError(f"it has {size} bytes")
    memory = _mapped(output, size)
    length = int.from_bytes(memory[size - LENGTH_BYTES :].tobytes(), "little")
    end = size - LENGTH_BYTES
    if not 0 < length <= min(end, MOST_HEADER_BYTES):
        raise AnswerError(f"its header has {length} bytes of {size}")
    try:
        header = json.loads(memory[end - length : end].tobytes().decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise AnswerError("its header is no JSON") from error
    if not isinstance(header, dict) or header.get("kind") not in _KINDS:
        raise AnswerError("its header is of no kind that is known")
    if header["kind"] == "picture":
        _check_length(header, end - length)
    return Answer(header, memory)


def raster_of(answer: Answer, max_megapixels: float) -> SharedRaster:
    """The pixels of an answer.

    Args:
        answer: A picture.
        max_megapixels: The largest picture that was asked for.

    Raises:
        AnswerError: It cannot be what was decoded.
    """
    header = answer.header
    size_wh = size_of(header, max_megapixels)
    profile, transparency = header.get("icc_profile"), header.get("transparency")
    info: dict[str, Any] = {}
    if profile is not None:
        info["icc_profile"] = _bytes_of(profile, MOST_HEADER_BYTES)
    if transparency is not None:
        info["transparency"] = _transparency(transparency)
    return SharedRaster(header["mode"], size_wh, info, _palette(header), answer.memory)


def size_of(header: Header, max_megapixels: float) -> tuple[int, int]:
    """Width and height.

    Args:
        header: Of a picture or of a size.
        max_megapixels: The largest picture that was asked for.

    Raises:
        AnswerError: It has none, or is larger.
    """
    size = header.get("size")
    if not isinstance(size, list) or len(size) != 2:
        raise AnswerError("its size is no width and height")
    width, height = (whole(side, 1, _MOST_SIDE, "a side") for side in size)
    if width * height > max_megapixels * 1e6:
        raise AnswerError(f"it is {width} x {height}: at most {max_megapixels} megapixels are read")
    return width, height


def bits_of(header: Header) -> int:
    """Bits of a channel in the file.

    Raises:
        AnswerError: It is no number.
    """
    return whole(header.get("bits"), 1, _MOST_BITS, "bits")


def orientation_of(header: Header) -> int:
    """The EXIF orientation by which the pixels were turned.

    Raises:
        AnswerError: It is none.
    """
    return whole(header.get("orientation"), 1, _MOST_ORIENTATION, "an orientation")


def by_xmp_of(header: Header) -> int | None:
    """The orientation that the file's XMP data says.

    Raises:
        AnswerError: It is none.
    """
    said = header.get("by_xmp")
    return None if said is None else whole(said, 1, _MOST_ORIENTATION, "an orientation")


def camera_data_of(header: Header) -> bytes | None:
    """What may be passed on of what a camera noted, looked through once more.

    Raises:
        AnswerError: It is nothing of that kind.
    """
    said = header.get("camera_data")
    return None if said is None else kept_camera_data(_bytes_of(said, MOST_BYTES))


def flag_of(header: Header, name: str) -> bool:
    """A value that is true or false.

    Raises:
        AnswerError: It is something else.
    """
    value = header.get(name)
    if not isinstance(value, bool):
        raise AnswerError(f"{name} is neither true nor false")
    return value


def notes_of(header: Header) -> tuple[str, ...]:
    """What a person should know.

    Raises:
        AnswerError: There are too many, or they are no sentences.
    """
    notes = header.get("notes")
    if not isinstance(notes, list) or len(notes) > _MOST_NOTES:
        raise AnswerError("its notes are no short list")
    return tuple(text_of(note) for note in notes)


def text_of(value: object) -> str:
    """A sentence.

    Raises:
        AnswerError: It is none, or too long.
    """
    if not isinstance(value, str) or len(value) > _MOST_CHARACTERS:
        raise AnswerError("a sentence is no short text")
    return value


def refusal_of(header: Header) -> InputError:
    """Why a file was refused; of one that is too large with the size that it could have.

    Raises:
        AnswerError: What is said is neither.
    """
    sentence = text_of(header.get("sentence"))
    smaller = header.get("smaller")
    if smaller is None:
        return InputError(sentence)
    if not isinstance(smaller, list) or len(smaller) != 2:
        raise AnswerError("a smaller size is no width and height")
    width, height = (whole(side, 1, _MOST_SIDE, "a smaller side") for side in smaller)
    return LargeError(sentence, (width, height))


def whole(value: object, least: int, most: int, name: str) -> int:
    """A whole number within its limits.

    Raises:
        AnswerError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise AnswerError(f"{name} is no whole number from {least} to {most}")
    return value


def _check_length(header: Header, before: int) -> None:
    """Refuse pixels that are fewer or more than the header says.

    Raises:
        AnswerError: They are.
    """
    mode = header.get("mode")
    if not isinstance(mode, str) or mode not in MODES:
        raise AnswerError("its mode is not known")
    expected = pixel_bytes(mode, size_of(header, float("inf")))
    if before != expected:
        raise AnswerError(f"its pixels have {before} bytes: expected {expected}")


def _palette(header: Header) -> tuple[str, bytes] | None:
    palette = header.get("palette")
    if header["mode"] not in ("P", "PA"):
        if palette is not None:
            raise AnswerError("it has a palette that its mode has no use for")
        return None
    mode = palette.get("mode") if isinstance(palette, dict) else None
    if not isinstance(palette, dict) or mode not in PALETTE_MODES:
        raise AnswerError("its palette is of no mode that is known")
    colours = _bytes_of(palette.get("data"), _MOST_INDEXES * len(mode))
    if len(colours) % len(mode):
        raise AnswerError("its palette ends within a colour")
    return mode, colours


def _transparency(value: object) -> int | tuple[int, ...] | bytes:
    if isinstance(value, str):
        return _bytes_of(value, _MOST_INDEXES)
    if isinstance(value, list) and len(value) == 3:
        return tuple(whole(level, 0, _MOST_LEVEL, "a transparent colour") for level in value)
    return whole(value, 0, _MOST_LEVEL, "transparency")


def _bytes_of(text: object, most: int) -> bytes:
    if not isinstance(text, str) or len(text) > most // 3 * 4 + 4:
        raise AnswerError("what should be bytes is no text of that length")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise AnswerError("what should be bytes is none") from error
    if len(data) > most:
        raise AnswerError(f"there are {len(data)} bytes: at most {most}")
    return data


def _mapped(output: int, size: int) -> Bytes:
    """A file's bytes as memory that goes with its last user.

    By the system's own call: Python's keeps a file open as long, and photos are kept for long.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    place = libc.mmap(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_SHARED, output, 0)
    if place in (None, ctypes.c_void_p(-1).value):
        raise MemoryError(f"{size} bytes cannot be mapped: {os.strerror(ctypes.get_errno())}")
    memory = (ctypes.c_ubyte * size).from_address(place)
    end = weakref.finalize(memory, libc.munmap, place, size)
    end.atexit = False  # at the end of the process somebody may still look at it
    return np.frombuffer(memoryview(memory).cast("B"), np.uint8)
