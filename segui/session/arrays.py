"""How much memory results hold: their arrays, each one counted once, however many views it has."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from typing import Any

import numpy as np

Arrays = Mapping[int, int]  # bytes by address


def arrays_of(values: Iterable[Any]) -> Arrays:
    """The arrays of results, as far as they lie in the machine's memory: bytes by address.

    Args:
        values: Dataclasses, tuples, mappings and what lies in them; anything else is passed over.
    """
    found: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [*values]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        where = _memory(value)
        if where is None:
            waiting += _parts(value)
        else:
            found[where[0]] = max(where[1], found.get(where[0], 0))
    return found


def _memory(value: Any) -> tuple[int, int] | None:
    """Where an array's memory begins, and how much it is; None for what is no array."""
    if isinstance(value, np.ndarray):
        while isinstance(value.base, np.ndarray):
            value = value.base
        return value.__array_interface__["data"][0], value.nbytes
    torch = sys.modules.get("torch")  # where it is not there, nothing is its own
    if torch is None or not isinstance(value, torch.Tensor):
        return None
    if value.device.type != "cpu":
        return id(value), 0
    storage = value.untyped_storage()
    return storage.data_ptr(), storage.nbytes()


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        first = next(iter(value.values()), None)
        return () if isinstance(first, float) else [*value.values()]  # scores are many, and small
    if isinstance(value, (tuple, list)):
        return value
    return [*vars(value).values()] if is_dataclass(value) and hasattr(value, "__dict__") else ()
