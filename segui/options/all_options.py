"""The table: a row for every control of the page, from which all that takes options reads it.

A new option is one row in the file of its step, one use in the engine and, where it should not
stand at the end of its step, one place in the page's layout.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from segui.options.areas import AREAS
from segui.options.choosing import CHOOSING
from segui.options.differences import DIFFERENCES
from segui.options.finding import FINDING
from segui.options.kinds import Choice, Number
from segui.options.option import Option
from segui.options.pasting import PASTING
from segui.options.photo import PHOTO
from segui.options.taking import TAKING

_STEPS: Final = (PHOTO, DIFFERENCES, AREAS, FINDING, CHOOSING, PASTING, TAKING)
_ROWS: Final[dict[str, Option]] = {option.name: option for step in _STEPS for option in step}
OPTIONS: Final[Mapping[str, Option]] = MappingProxyType(_ROWS)


PASTE_OPTIONS: Final = tuple(name for name, row in OPTIONS.items() if row.part == "paste")
MAX_EDITS: Final = 50
# what each of several edits says for itself
EDIT_OPTIONS: Final = ("expression", "on_unknown", "among", *PASTE_OPTIONS)


def default_of(name: str) -> Any:
    """What counts where nothing is said of an option.

    >>> default_of("feather")
    5
    """
    return OPTIONS[name].default


def option_values(name: str) -> tuple[str, ...]:
    """What may be chosen for an option that is one of some words.

    >>> option_values("edge")
    ('smooth', 'outward', 'impact')
    """
    kind = OPTIONS[name].kind
    return kind.values if isinstance(kind, Choice) else ()


def option_range(name: str) -> tuple[int, int]:
    """The smallest and the largest number that an option takes.

    >>> option_range("grow")
    (-500, 500)
    """
    kind = OPTIONS[name].kind
    if not isinstance(kind, Number):
        raise TypeError(f"{name} is no number")
    return kind.least, kind.most
