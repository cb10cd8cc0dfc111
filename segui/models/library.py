"""transformers, by one door, since it cannot be imported by two threads at once."""

from importlib import import_module
from threading import Lock
from typing import Any

_ONE_AT_A_TIME = Lock()


def of_transformers(*names: str) -> tuple[Any, ...]:
    """Classes and tables of transformers, which is imported when it is first needed.

    While it is imported it puts another module in its own place, and an import statement of another
    thread is given the first one, which has no names: hence import_module, which looks again. Its
    parts are imported when they are named, and import each other: hence one thread at a time.

    Args:
        names: What they are called there.

    Raises:
        ImportError: It is not installed, or needs a package that is not.
        AttributeError: The release at hand has no such name.
    """
    with _ONE_AT_A_TIME:
        library = import_module("transformers")
        return tuple(getattr(library, name) for name in names)
