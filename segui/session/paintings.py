"""What was painted in the browser, checked: a small picture, its strokes, and nothing else."""

import base64
import binascii
import io
from collections.abc import Sequence
from typing import Final

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from segui.errors import InputError
from segui.images.limits import ReadLimits
from segui.images.opening import DEFAULT_LIMITS, open_data
from segui.images.structure import check_structure
from segui.masks.drawn import KEYWORD, Drawn, as_text, read_drawn, text_in

_START = "data:image/png;base64,"
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_NAME: Final = "what was painted"
MAX_BYTES = 4_000_000
MAX_SIDE_PX = 2048


def read_painting(said: object, limits: ReadLimits = DEFAULT_LIMITS) -> bytes | None:
    """A painted mask as PNG bytes; None where nothing is painted.

    Args:
        said: The mask as a data URI, as the browser sends it.
        limits: What its decode may take, and who does it.

    Raises:
        InputError: It is no PNG, or too large.
    """
    image, strokes = _decoded(said, limits)
    grey = None if image is None else image.convert("L")
    return None if grey is None or not grey.getbbox() else _as_png(grey, strokes)


def read_painting_on(said: object, limits: ReadLimits = DEFAULT_LIMITS) -> bytes | None:
    """Strokes on a mask file as PNG bytes: grey, with an alpha channel that says what they touch.

    Args:
        said: The strokes as a data URI, as the browser sends it.
        limits: What their decode may take, and who does it.

    Returns:
        None where they touch nothing.

    Raises:
        InputError: It is no PNG, too large, or without an alpha channel.
    """
    image, lines = _decoded(said, limits)
    if image is None:
        return None
    if "A" not in image.getbands():
        raise InputError(f"{_NAME} on a mask says not what it touches: paint it again")
    strokes = image.convert("LA")
    return _as_png(strokes, lines) if strokes.getchannel("A").getbbox() else None


def _as_png(image: Image.Image, strokes: Sequence[Drawn]) -> bytes:
    out, beside = io.BytesIO(), PngInfo()
    if strokes:
        beside.add_text(KEYWORD, as_text(strokes))
    image.save(out, "PNG", pnginfo=beside)
    return out.getvalue()


def _decoded(said: object, limits: ReadLimits) -> tuple[Image.Image | None, tuple[Drawn, ...]]:
    """The picture, None where nothing is said, and its strokes as lines."""
    if not said:
        return None, ()
    if not isinstance(said, str) or not said.startswith(_START) or len(said) > 2 * MAX_BYTES:
        raise InputError("what was painted did not arrive as a picture: paint it again")
    text = said[len(_START) :]
    unreadable = f"{_NAME} cannot be read: paint it again"
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(unreadable) from error
    if not data.startswith(_SIGNATURE):
        raise InputError(unreadable)
    check_structure(data, _NAME)
    _check_side(data)
    try:
        opened = open_data(data, _NAME, max_megapixels=MAX_SIDE_PX**2 / 1e6, limits=limits)
    except InputError as error:
        raise InputError(unreadable) from error
    return opened.image, read_drawn(text_in(data))


def _check_side(data: bytes) -> None:
    """Refuse a picture by its header, before a pixel is decoded."""
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if max(width, height) > MAX_SIDE_PX:
        raise InputError(f"{_NAME} is {width} x {height}: at most {MAX_SIDE_PX} px a side")
