"""What an option takes: yes or no, a number of a range, one of some words, text, a colour."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from unicodedata import category

from segui.errors import InputError, shown
from segui.expression.suggest import suggest
from segui.options.colours import hex_colour
from segui.options.lengths import percent_of, share_text

LONGEST_NAME = 60  # whoever sends a longer one meant none of those that there are
_HEX_DIGITS = frozenset("0123456789abcdef")
_UNSHOWABLE = frozenset({"Cc", "Cs"})  # control characters, and halves of characters


class Kind(Protocol):
    """What an option takes."""

    @property
    def schema(self) -> dict[str, Any]:
        """The same as a JSON schema, for programs and language models."""

    def read(self, name: str, value: object) -> Any:
        """The value as the option has it.

        Raises:
            InputError: The option cannot take it.
        """

    def tidy(self, value: Any) -> Any:
        """What a page makes of what its control says: the nearest value that can be read.

        What has no nearest one comes back as it is.
        """


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    @property
    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}

    def read(self, name: str, value: object) -> bool:
        """The value, when it is true or false; a number is neither."""
        if not isinstance(value, bool):
            raise InputError(f"{name} is {shown(value)}: expected true or false")
        return value

    def tidy(self, value: Any) -> Any:
        """The value."""
        return value


@dataclass(frozen=True)
class Number:
    """A number of a range.

    Args:
        least: The smallest one.
        most: The largest one.
        is_whole: Whether fractions are refused.
        step: How far a control's arrows go.
    """

    least: int
    most: int
    is_whole: bool = False
    step: float = 1

    @property
    def schema(self) -> dict[str, Any]:
        """An integer or a number, with both its ends."""
        kind = "integer" if self.is_whole else "number"
        return {"type": kind, "minimum": self.least, "maximum": self.most}

    @property
    def expected(self) -> str:
        """What is expected, in words."""
        return f"{self._noun} from {self.least} to {self.most}"

    def expected_in(self, unit: str) -> str:
        """What is expected, in words, with a unit; an empty one is none.

        >>> Number(0, 500, is_whole=True).expected_in("px")
        'a whole number of px from 0 to 500'
        """
        return f"{self._noun} of {unit} from {self.least} to {self.most}" if unit else self.expected

    def read(self, name: str, value: object) -> int | float:
        """The value, when it is in the range; 5.0 counts as whole, ``NaN`` is in no range."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self._has(value):
            raise InputError(f"{name} is {shown(value)}: expected {self.expected}")
        return int(value) if self.is_whole else value

    def tidy(self, value: Any) -> Any:
        """The nearest number in the range."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            return value
        within = min(max(value, self.least), self.most)
        return round(within) if self.is_whole else within

    @property
    def _noun(self) -> str:
        return "a whole number" if self.is_whole else "a number"

    def _has(self, value: float) -> bool:
        return self.least <= value <= self.most and (not self.is_whole or value == int(value))


@dataclass(frozen=True)
class Length(Number):
    """A number of a range, or a share of each area: text such as ``2%``.

    Args:
        least_percent: The smallest share.
        most_percent: The largest share.
    """

    least_percent: int = 0
    most_percent: int = 100

    @property
    def schema(self) -> dict[str, Any]:
        """The number, or a string of this form."""
        share = {"type": "string", "pattern": r"^\s*[+-]?[0-9]*\.?[0-9]*\s*%\s*$"}
        return {"anyOf": [super().schema, share]}

    def expected_in(self, unit: str) -> str:
        """What is expected, in words, with the number's unit.

        >>> Length(0, 500, is_whole=True).expected_in("px")
        "a whole number of px from 0 to 500, or a share of each area from '0%' to '100%'"
        """
        number = Number(self.least, self.most, self.is_whole, self.step)
        return f"{number.expected_in(unit)}, or {self._share}"

    def read(self, name: str, value: object) -> int | float | str:  # type: ignore[override]
        """The number, or the share as ``2%``, when it is in its range."""
        if not isinstance(value, str):
            return super().read(name, value)
        percent = percent_of(value)
        if percent is None or not self.least_percent <= percent <= self.most_percent:
            raise InputError(f"{name} is {shown(value)}: expected {self.expected_in('')}")
        return share_text(percent)

    def tidy(self, value: Any) -> Any:
        """The nearest number or share in the range."""
        percent = percent_of(value)
        if percent is None:
            return super().tidy(value)
        return share_text(min(max(percent, self.least_percent), self.most_percent))

    @property
    def _share(self) -> str:
        return f"a share of each area from '{self.least_percent}%' to '{self.most_percent}%'"


@dataclass(frozen=True)
class Choice:
    """One of some words.

    Args:
        pairs: What each is called on the page, and its value.
    """

    pairs: tuple[tuple[str, str], ...]

    @property
    def values(self) -> tuple[str, ...]:
        """What may be said, in the page's order."""
        return tuple(value for _, value in self.pairs)

    @property
    def schema(self) -> dict[str, Any]:
        """A string, one of these."""
        return {"type": "string", "enum": [*self.values]}

    def read(self, name: str, value: object) -> str:
        """The value, when it is one of them."""
        if not isinstance(value, str) or value not in self.values:
            expected = ", ".join(map(repr, self.values))
            raise InputError(
                f"{name} is {shown(value)}{self._meant(value)}: expected one of {expected}"
            )
        return value

    def _meant(self, value: object) -> str:
        """The value that was probably meant, by what it is, or what the page calls it."""
        if not isinstance(value, str) or len(value) > LONGEST_NAME:
            return ""
        by_name = dict(self.pairs) | {one: one for one in self.values}
        near = value if value in by_name else suggest(value, by_name)
        return f" (did you mean {by_name[near]!r}?)" if near else ""

    def tidy(self, value: Any) -> Any:
        """The value."""
        return value


@dataclass(frozen=True)
class Text:
    """Any text of some length.

    Args:
        max_characters: How long it may be.
        check: Raises ``InputError`` where a text says what cannot be; None takes any.
    """

    max_characters: int
    check: Callable[[str], object] | None = None

    @property
    def schema(self) -> dict[str, Any]:
        """A string of so many characters."""
        return {"type": "string", "maxLength": self.max_characters}

    def read(self, name: str, value: object) -> str:
        """The value, when it is text that can be shown and sent on."""
        if not isinstance(value, str):
            raise InputError(f"{name} is {shown(value)}: expected text")
        if len(value) > self.max_characters:
            raise InputError(
                f"{name} has {len(value)} characters: expected at most {self.max_characters}"
            )
        if any(category(c) in _UNSHOWABLE and c not in "\t\r\n" for c in value):
            raise InputError(f"{name} is {shown(value)}: expected text without control characters")
        if self.check is not None:
            self.check(value)
        return value

    def tidy(self, value: Any) -> Any:
        """The value."""
        return value


@dataclass(frozen=True)
class Colour:
    """A colour as ``#rrggbb``."""

    @property
    def schema(self) -> dict[str, Any]:
        """A string of this form."""
        return {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}

    def read(self, name: str, value: object) -> str:
        """The value in small letters."""
        text = value.lower() if isinstance(value, str) else ""
        if len(text) != 7 or text[0] != "#" or not _HEX_DIGITS.issuperset(text[1:]):
            raise InputError(f"{name} is {shown(value)}: expected a colour as #rrggbb")
        return text

    def tidy(self, value: Any) -> Any:
        """The colour, which a colour picker may write as ``rgba(...)``; black where it is empty."""
        if value == "":
            return "#000000"
        try:
            return hex_colour(value)
        except InputError:
            return value
