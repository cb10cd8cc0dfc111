"""The app, which says in its log each time that a SAM looks at a photo or answers to marks.

Started by the tests in place of ``app.py``: what a page repeats cannot be seen in the page itself.
"""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui.finders.models import sam

LOOKED, ANSWERED = "look", "_answers"
_LOG = logging.getLogger("looking")


def marker(name: str) -> str:
    """The text that each call of a function leaves in the log."""
    return f"<called {name}>"


def counted(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        _LOG.warning(marker(function.__name__))
        return function(*args, **kwargs)

    return told


def main() -> None:
    for name in (LOOKED, ANSWERED):
        setattr(sam, name, counted(getattr(sam, name)))
    import app

    app.main()


if __name__ == "__main__":
    main()
