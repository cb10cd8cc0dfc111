"""What a model's config describes, held against its weights before memory is taken for it.

A config of a few hundred bytes can describe a model of any size: one that a machine cannot hold,
while its weights are a few bytes too, or one that takes hours to be put together.
"""

import copy
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

from segui.errors import ClassifierError
from segui.models.model_bytes import rounded_mb
from segui.models.weights import Held

# Reading a config makes a list of so many labels or layers; 21,841 labels are the most in use.
MOST_COUNTED: Final = 100_000
_COUNTED = re.compile(r"labels|classes|layers|depth|blocks|repeat|stages|experts")

# As many numbers again as the files hold, for weights that two names share and that stand in the
# files once; and a head of 21,841 labels, which may be missing: that is said when it is.
_SHARES: Final = 2
_SPARE_ELEMENTS: Final = 25_000_000
# What is asked of torch to put a model together: 5 to 8 times for each weight, as measured with
# all of transformers' image classifiers.
_CALLS_PER_TENSOR: Final = 100
_SPARE_CALLS: Final = 100_000


def check_counts(content: dict[str, Any], name: str) -> None:
    """See that a config names no number of labels or layers that could not be listed.

    Args:
        content: What stands in config.json.
        name: What the user calls the model.

    Raises:
        ClassifierError: A number is too large.

    >>> check_counts({"num_labels": 1000, "depths": [2, 2, 6, 2]}, "org/faces")
    """
    for key, value in _entries(content):
        if isinstance(value, (int, float)) and value > MOST_COUNTED and _COUNTED.search(key):
            raise ClassifierError(
                f"{name!r} is broken: its config.json says that {key} is {value:,},"
                f" at most {MOST_COUNTED:,} can be"
            )


def check_described(loader: Any, config: Any, held: Held, name: str) -> None:
    """See that a config describes about as many numbers as the weights files hold.

    The model is put together with no memory behind its tensors. Which of them are missing is not
    looked at: transformers finds weights under older names, too.

    Args:
        loader: transformers' class for models of this kind.
        config: What it makes the model of; left as it is.
        held: What the files hold.
        name: What the user calls the model.

    Raises:
        ClassifierError: It describes far more.
        Exception: Whatever transformers raises of a config that describes no model.
    """
    _import_code(loader, config)
    most_calls = _CALLS_PER_TENSOR * held.tensors + _SPARE_CALLS
    with torch.device("meta"), _CallLimit(most_calls, name):
        model = _put_together(loader, copy.deepcopy(config))
    elements = sum(tensor.numel() for tensor in chain(model.parameters(), model.buffers()))
    if elements > _SHARES * held.elements + _SPARE_ELEMENTS:
        raise ClassifierError(
            f"{name!r} is not whole: its config.json describes {_as_loaded(elements)} of weights,"
            f" its files hold {_as_loaded(held.elements)}"
        )


def _put_together(loader: Any, config: Any) -> Any:
    """The model of a config: by one of transformers' Auto classes, or by the model's own class."""
    if hasattr(loader, "from_config"):
        return loader.from_config(config, trust_remote_code=False)
    return loader(config)


def _import_code(loader: Any, config: Any) -> None:
    """Import the module that a model's class stands in, which else happens in ``from_config``.

    Importing it imports all of torch's compiler, which computes with tensors as it comes: torch 2.8
    cannot do that where they have no memory.
    """
    getattr(loader, "_model_mapping", {}).get(type(config), None)


class _CallLimit(TorchFunctionMode):
    """Ends what asks torch too often, in this thread alone."""

    def __init__(self, most: int, name: str) -> None:
        super().__init__()
        self._most = most
        self._name = name
        self._calls = 0

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        self._calls += 1
        if self._calls > self._most:
            raise ClassifierError(
                f"{self._name!r} is not whole: its config.json describes a model of far more parts"
                " than its files hold"
            )
        return func(*args, **(kwargs or {}))


def _entries(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value with the key that it stands under, of lists each item with the list's."""
    rest: list[tuple[str, Any]] = list(content.items())
    while rest:
        key, value = rest.pop()
        if isinstance(value, dict):
            # a label may be called anything
            rest += [] if key in {"id2label", "label2id"} else value.items()
        elif isinstance(value, list):
            rest += [(key, item) for item in value]
        else:
            yield key, value


def _as_loaded(elements: int) -> str:
    """As float32, as all is loaded."""
    return rounded_mb(4 * elements)
