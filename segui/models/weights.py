"""What safetensors files hold, by their headers alone."""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from segui.errors import ClassifierError
from segui.models.model_bytes import check_read_whole

_LENGTH_BYTES = 8
# Of what is not here an element is taken for a byte: there may be as many as that.
_BYTES: Final = MappingProxyType(
    {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4}
    | dict.fromkeys(("F16", "BF16", "I16", "U16"), 2)
)


@dataclass(frozen=True)
class Held:
    """What weights files hold.

    Args:
        tensors: How many tensors.
        elements: How many numbers in all.
    """

    tensors: int = 0
    elements: int = 0


def held_in(paths: Iterable[Path], name: str) -> Held:
    """What files hold together.

    Args:
        paths: The files.
        name: What the user calls their model.

    Raises:
        ClassifierError: As ``read_held`` does.
    """
    parts = [read_held(path, name) for path in paths]
    return Held(sum(part.tensors for part in parts), sum(part.elements for part in parts))


def read_held(path: Path, name: str) -> Held:
    """What one file holds, which is as long as its header says.

    Source: the format's description, https://github.com/huggingface/safetensors: eight bytes of
    header length, a JSON header with each tensor's ``dtype`` and ``data_offsets``, then the data.

    Args:
        path: The file.
        name: What the user calls its model.

    Raises:
        ClassifierError: It is missing, cut off or damaged, or its header is too large to be read.
    """
    if not path.is_file():
        raise ClassifierError(f"{name!r} is not whole: {path.name} is missing")
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(_LENGTH_BYTES))
            # A damaged length must not be read for: it may be in the exabytes.
            if length > size - _LENGTH_BYTES:
                raise _cut_off(path, name)
            check_read_whole(name, f"header of {path.name}", length)
            header = json.loads(file.read(length))
        tensors = [tensor for key, tensor in header.items() if key[:2] != "__"]
        spans = [(tensor["dtype"], *tensor["data_offsets"]) for tensor in tensors]
        whole = size == _LENGTH_BYTES + length + max(end for _, _, end in spans)
        elements = sum((end - start) // _BYTES.get(dtype, 1) for dtype, start, end in spans)
    except (
        *(OSError, LookupError, TypeError, AttributeError, ValueError),
        *(RecursionError, struct.error),
    ) as error:
        raise _cut_off(path, name) from error
    if not whole:
        raise _cut_off(path, name)
    return Held(len(spans), min(elements, size))  # spans that lie over each other are no more


def _cut_off(path: Path, name: str) -> ClassifierError:
    return ClassifierError(
        f"{name!r} is broken: {path.name} is cut off or damaged. Fetch it once more"
    )
