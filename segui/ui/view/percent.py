"""Options that the page shows in percent: everywhere else they are counted as the engine does."""

import math
from collections.abc import Mapping
from typing import Any, Final

from segui.checks import is_number
from segui.errors import shown
from segui.options import OPTIONS, Number

_FAR: Final = 10**9


def from_page(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's controls say, as the options have it.

    Args:
        values: By the options' names.

    >>> from_page({"alpha": 50, "feather": 50}), from_page({"alpha": ""})
    ({'alpha': 128, 'feather': 50}, {'alpha': ''})
    """
    return {name: _counted(name, value) for name, value in values.items()}


def to_page(name: str, value: Any) -> Any:
    """What a control of the page shows of an option: a whole percentage where that says the same.

    Args:
        name: The option.
        value: Any value, usable or not.

    >>> to_page("alpha", 128), to_page("alpha", 85), to_page("feather", 128)
    (50, 33.3, 128)
    """
    most = _whole(name)
    if most is None or not _can_be_counted(value):
        return value
    whole = round(value * 100 / most)
    return whole if _counted(name, whole) == value else round(value * 100 / most, 1)


def refusal(name: str, entered: Any, sentence: str, *, is_as_node: bool = False) -> str:
    """Why a value is not in force, in what the control shows.

    Args:
        name: The option.
        entered: The value.
        sentence: The same as the option counts it.
        is_as_node: Whether somebody works as with ComfyUI's nodes, which count otherwise.
    """
    most = _whole(name)
    if most is None:
        return sentence
    value = to_page(name, entered)
    node = f", where 100 is ComfyUI's {most}" if is_as_node else ""
    return f"{OPTIONS[name].label.lower()} is {shown(value)}: expected 0 to 100 %{node}"


def _whole(name: str) -> int | None:
    """What a hundred percent are; None of an option that is shown as it is."""
    kind = OPTIONS[name].kind
    return kind.most if OPTIONS[name].in_percent and isinstance(kind, Number) else None


def _counted(name: str, value: Any) -> Any:
    most = _whole(name)
    if most is None or not _can_be_counted(value):
        return value
    # as the browser rounds what it draws meanwhile
    return math.floor(value * most / 100 + 0.5)


def _can_be_counted(value: Any) -> bool:
    """Whether it is a number of a size that a float holds; what is none, the option refuses itself.

    >>> [_can_be_counted(value) for value in (33.3, "50", float("inf"), float("nan"), 10**400)]
    [True, False, False, False, False]
    """
    # far numbers first: a whole number may be larger than any float
    return isinstance(value, int | float) and abs(value) <= _FAR and is_number(value)
