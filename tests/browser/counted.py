"""Functions that say in the app's log that they were called."""

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from types import ModuleType
from typing import Any

_LOG = logging.getLogger("counted")


def marker(name: str) -> str:
    """The text that each call of a function leaves in the log."""
    return f"<called {name}>"


def count(module: ModuleType, names: Iterable[str]) -> None:
    """Have each call of a module's functions said, also by whoever takes them from there later."""
    for name in names:
        setattr(module, name, _counted(getattr(module, name)))


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        _LOG.warning(marker(function.__name__))
        return function(*args, **kwargs)

    return told
