"""The app, which says in its log each time that it judges, chooses or paints.

Started by the tests in place of ``app.py``: what a page repeats cannot be seen in the page itself.
"""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui import pipeline, rendering

JUDGED, CHOSEN, PAINTED = "score_scene", "choose", "render"
_HOMES = {JUDGED: pipeline, CHOSEN: pipeline, PAINTED: rendering}
_LOG = logging.getLogger("counting")


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
    for name, home in _HOMES.items():
        setattr(home, name, counted(getattr(home, name)))
    import app  # the page's modules take the functions from there after this

    app.main()


if __name__ == "__main__":
    main()
