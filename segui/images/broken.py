"""What decoders raise and warn of where a file is broken, and a sentence in its place."""

import contextlib
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import Image

from segui.errors import InputError

DAMAGED: Final = "is damaged or incomplete: it cannot be read"
# Pillow says so of some broken files too.
_NO_MEMORY: Final = (
    "cannot be read: there is no memory left for it, or it is damaged. Try a smaller one"
)

# What Pillow's decoders raise for broken files, as found by feeding them broken files.
DECODER_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,  # where the caller has made warnings errors
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

# The filters of `warnings` belong to the whole process: two threads that change and restore them
# at the same time could leave them changed for good.
_WARNING_FILTERS = threading.Lock()


@contextlib.contextmanager
def refusing_broken(name: str) -> Iterator[None]:
    """Turn what Pillow raises for a broken file into a sentence about the file.

    Raises:
        InputError: The file is broken.
    """
    try:
        yield
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(f"{name} {_NO_MEMORY}") from error
    except DECODER_ERRORS as error:
        raise InputError(f"{name} {DAMAGED}") from error


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """In silence: what is wrong with a file is said by whoever reads it, or does not matter."""
    with _WARNING_FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
