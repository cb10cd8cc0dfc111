"""What keyboards, phones and word processors put in the place of the language's own signs."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Characters without a picture: where they stand beside a word they come from pasting alone. Those
# that join letters and emoji have a meaning inside a word.
JOINERS: Final = "\u200c\u200d"
_INVISIBLE: Final = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
SPACE: Final = re.compile(rf"[\s{_INVISIBLE}{JOINERS}]*")
_HIDDEN: Final = re.compile(rf"[{_INVISIBLE}]")
_HIDDEN_ENDS: Final = re.compile(rf"^[{_INVISIBLE}{JOINERS}]+|[{_INVISIBLE}{JOINERS}]+$")
_DIGIT: Final = re.compile(r"\d")

# The signs of comparisons, and all that is written for each; the longer ones come first.
COMPARISON: Final = re.compile(
    "[=＝]{2,3}|[!！][=＝]{1,2}|[<＜][>＞]|[<>＜＞][=＝]|[<>=＜＞＝≥≤≠⩾⩽≧≦≯≮]"
)
COMPARING: Final = "<>=＜＞＝≥≤≠⩾⩽≧≦≯≮"  # what ends a word
_COMPARISONS: Final = {
    "≥": ">=", "⩾": ">=", "≧": ">=", "≮": ">=", "≤": "<=", "⩽": "<=", "≦": "<=", "≯": "<=",
    "≠": "!=", "<>": "!=", "==": "=", "===": "=", "!==": "!=",
}  # fmt: skip

# Other languages' words for joining conditions; each is a label too, where a value is due.
JOINS: Final[Mapping[str, str]] = MappingProxyType(
    {"&&": "and", "&": "and", "∧": "and", "||": "or", "|": "or", "∨": "or"}
)
# Signs of arithmetic, alone between spaces.
_SIGNS: Final = {"×": "*", "∗": "*", "÷": "/", "∕": "/", "⁄": "/"}
NEGATIONS: Final = "!！¬"

# Each opening quote with what closes it: what comes first in the list, wherever it is found.
_DOUBLE: Final = "“”„‟″＂〝〞"
QUOTES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        '"': ('"', _DOUBLE),
        "'": ("'", "‘’＇′"),
        **dict.fromkeys(_DOUBLE, ("”“‟″＂〞", '"')),
        "«": ("»",), "»": ("«»",), "‹": ("›",), "›": ("‹›",), "「": ("」",), "『": ("』",),
        "‘": ("’‘", "'"), "’": ("’",), "‚": ("‘’",), "‛": ("’",),
        "＇": ("＇",), "`": ("`´",), "´": ("´",), "′": ("′",),
    }
)  # fmt: skip
# They begin words too, such as ’90s: they quote only where another one ends a word.
APOSTROPHES: Final = frozenset("‘’‚‛＇`´′»›")

_FULL_WIDTH: Final[dict[int, str | int]] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOKALIKES: Final[dict[int, str | int]] = {
    **dict.fromkeys(map(ord, "−‒–—﹣"), "-"),
    **dict.fromkeys(map(ord, "٪﹪"), "%"),
    ord("٫"): ".",
}
_PLAIN: Final = {**_FULL_WIDTH, **_LOOKALIKES}

_THIN: Final = "\u00a0\u2007\u2009\u202f"  # blanks that stand between the digits of one number
_MARKED: Final = rf"[{_THIN}'’]"
_GROUPED: Final = re.compile(
    rf"[-−‒–—﹣－]?\d{{1,3}}(?:(?:{_MARKED}\d{{3}})+)(?:[.,．，]\d+)?[%％﹪٪]?(?![^\s<>=!()])"
)
_COMMA: Final = re.compile(
    r"(?P<whole>-?\d+)(?P<thousands>(?:,\d{3})+(?=\.))?(?P<dots>(?:\.\d{3})+(?=,))?"
    r"(?:[.,](?P<part>\d+))?(?P<exponent>[eE][+-]?\d+)?(?P<percent>%?)"
)
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:(?:,\d{3}){2,}|(?:\.\d{3}){2,})%?")
_EITHER: Final = re.compile(r"(-?[1-9]\d{0,2}),(\d{3})(%?)")
PERCENT_SIGNS: Final = frozenset("%％﹪٪")
SPACED_PERCENT: Final = re.compile(rf"\s+[%％﹪٪](?![^\s<>=!(),{COMPARING}])")


def plain(word: str) -> str:
    """A word in ASCII, as far as only its keyboard was another one.

    Full-width characters, digits of any script, minus and percent signs; what cannot be seen goes.

    >>> plain("－５０％"), plain("ＡＮＤ"), plain("−٠٫٥")
    ('-50%', 'AND', '-0.5')
    """
    if word.isascii():
        return word
    ascii_signs = without_hidden(word).translate(_PLAIN)
    return _DIGIT.sub(lambda digit: str(int(digit.group())), ascii_signs)


def without_hidden(word: str) -> str:
    """A word without what nobody can see in it.

    What joins emoji stays inside a word.

    >>> without_hidden("re\u200bd\ufeff") == "red"
    True
    """
    return word if word.isascii() else _HIDDEN.sub("", _HIDDEN_ENDS.sub("", word))


def comparison(typed: str) -> str:
    """The language's own sign for a comparison: ``>=`` for ``≥``, ``!=`` for ``<>``."""
    sign = plain(typed)
    return _COMPARISONS.get(sign, sign)


def sign(word: str) -> str:
    """The sign of arithmetic that a word is, else the word: ``*`` for ``×``."""
    return _SIGNS.get(word, word)


def grouped_number(text: str, start: int) -> str:
    """The characters of a number with marked thousands: ``1'000``, ``1 000`` with a thin blank.

    Args:
        text: The rule.
        start: Where a word begins in it, from 0.

    Returns:
        The characters; none where no such number stands there.
    """
    found = _GROUPED.match(text, start)
    return found.group() if found else ""


def without_marks(number: str) -> str:
    """A number without the marks of its thousands."""
    return re.sub(_MARKED, "", number)


def number_with_marks(word: str) -> str | None:
    """The number that a word with a comma or several points can only be; None where it is none.

    None too where it may be two.

    Args:
        word: The word, in ASCII.

    >>> [number_with_marks(word) for word in ("0,5", "12,5%", "1.000,5", "1,000.5", "1,000,000")]
    ['0.5', '12.5%', '1000.5', '1000.5', '1000000']
    >>> number_with_marks("1,000"), number_with_marks("0,125"), number_with_marks("1.000.000")
    (None, '0.125', '1000000')
    """
    if _THOUSANDS.fullmatch(word):
        return re.sub("[,.]", "", word)
    if "," not in word or numbers_with_comma(word):
        return None
    found = _COMMA.fullmatch(word)
    if found is None or found["part"] is None:
        return None
    marked = (found["thousands"] or "") + (found["dots"] or "")
    if marked and len(found["whole"].lstrip("-")) > 3:
        return None
    groups = re.sub("[,.]", "", marked)
    whole = found["whole"] + groups
    return f"{whole}.{found['part']}{found['exponent'] or ''}{found['percent']}"


def numbers_with_comma(word: str) -> tuple[str, str] | None:
    """The two numbers that a word such as ``1,000`` may be; None where it is no such word.

    >>> numbers_with_comma("1,000"), numbers_with_comma("1,00")
    (('1000', '1.000'), None)
    """
    found = _EITHER.fullmatch(word)
    if found is None:
        return None
    whole, part, percent = found.groups()
    return f"{whole}{part}{percent}", f"{whole}.{part}{percent}"
