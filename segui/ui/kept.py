"""The options that a browser keeps between visits; what comes back is checked like any input."""

from collections.abc import Sequence
from typing import Any

from segui.errors import InputError


def values_of(said: object, names: Sequence[str]) -> dict[str, Any]:
    """What the controls said when the browser was here last; empty where that cannot be used.

    Args:
        said: What the browser kept: the controls' values in their order.
        names: The controls' names, in the same order.
    """
    from segui.options import clean_options  # torch comes with it

    if not isinstance(said, list) or len(said) != len(names):
        return {}
    try:
        return clean_options(dict(zip(names, said, strict=True)))
    except InputError:
        return {}
