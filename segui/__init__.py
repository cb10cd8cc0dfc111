"""segui: edit pictures by segments, chosen by a classifier and pasted with a soft edge."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segui.errors import ClassifierError, ExpressionError, InputError, SeguiError
    from segui.expression import Expression, parse
    from segui.geometry import Box

__all__ = [
    "Box",
    "ClassifierError",
    "Expression",
    "ExpressionError",
    "InputError",
    "SeguiError",
    "parse",
]

# where each name lives: torch is loaded with the first name that needs it, so that a page can
# be served before
_HOMES = {
    "Box": "geometry",
    "ClassifierError": "errors",
    "Expression": "expression",
    "ExpressionError": "errors",
    "InputError": "errors",
    "SeguiError": "errors",
    "parse": "expression",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
