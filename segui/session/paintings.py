"""What was painted in the browser, checked: a small grey picture and nothing else."""

import base64
import binascii
import io

from PIL import Image

from segui.errors import InputError
from segui.images.structure import check_structure

_START = "data:image/png;base64,"
MAX_BYTES = 4_000_000
MAX_SIDE_PX = 2048


def read_painting(said: object) -> bytes | None:
    """A painted mask as PNG bytes; None where nothing is painted.

    Args:
        said: The mask as a data URI, as the browser sends it.

    Raises:
        InputError: It is no PNG, or too large.
    """
    if not said:
        return None
    if not isinstance(said, str) or not said.startswith(_START) or len(said) > 2 * MAX_BYTES:
        raise InputError("what was painted did not arrive as a picture: paint it again")
    grey = _decoded(said[len(_START) :])
    if not grey.getbbox():
        return None
    out = io.BytesIO()
    grey.save(out, "PNG")
    return out.getvalue()


def _decoded(text: str) -> Image.Image:
    try:
        data = base64.b64decode(text, validate=True)
        check_structure(data, "what was painted")
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            # known from the header, before a pixel is decoded
            return _checked(picture).convert("L")
    except InputError:
        raise
    except (binascii.Error, OSError, SyntaxError, ValueError) as error:
        raise InputError("what was painted cannot be read: paint it again") from error


def _checked(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    if max(width, height) > MAX_SIDE_PX:
        raise InputError(f"what was painted is {width} x {height}: at most {MAX_SIDE_PX} px a side")
    return picture
