"""The fixed words of the language: groups, presets, functions and limits."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MAX_CHARACTERS: Final = 1000
MAX_DEPTH: Final = 50
# of an expression with all the rules that it names, each as often as it is named
MAX_CHARACTERS_IN_ALL: Final = 10_000

KEYWORDS: Final = frozenset({"and", "or", "not"})
SIGNS: Final = frozenset("+-*/")
FUNCTIONS: Final = ("max", "min", "sum", "mean")

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "#Female": ("female", "Female", "Human Female", "woman", "women", "girl"),
        "#Male": ("male", "Male", "Human Male", "man", "men", "boy"),
    }
)

PRESETS: Final = (
    "#Female > #Male",
    "#Female < #Male",
    "female > 0.5",
    "male > 0.5",
    "Age16to25 > 0.1",
    "Age50to69 > 0.1",
)

_NUMBER: Final = re.compile(r"(-?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d+))?(%?)", re.ASCII)


def reads_as_number(word: str) -> bool:
    """Whether the whole word reads as a number.

    >>> [reads_as_number(word) for word in ("-.5", "1e-3", "50%", "5 %", "x1")]
    [True, True, True, False, False]
    """
    return _NUMBER.fullmatch(word) is not None


def number_value(word: str) -> float:
    """The value of a word that reads as a number.

    Args:
        word: Digits with an optional sign, point, exponent and percent sign.

    Returns:
        The nearest float, infinite where the number is too large for one.

    Raises:
        ValueError: The word does not read as a number.

    >>> number_value("50%"), number_value("2.3%"), number_value("1e-3")
    (0.5, 0.023, 0.001)
    """
    match = _NUMBER.fullmatch(word)
    if match is None:
        raise ValueError(f"{word!r} does not read as a number")
    digits, exponent, percent = match.groups()
    # Moving the exponent rounds once, where dividing by 100 would round twice.
    return float(f"{digits}e{int(exponent or 0) - (2 if percent else 0)}")
