"""What each control of the page may say: the one table by which values from a file are checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol
from unicodedata import category

from segui.backend.effect_table import EFFECT_NAMES
from segui.backend.effects import parse_colour
from segui.backend.opacity import EDGES
from segui.checks import is_number
from segui.classifiers.catalogue import CATALOGUE
from segui.classifiers.names import MAX_CHARACTERS
from segui.errors import InputError
from segui.pipeline import EFFECTS_ON, MASK_KINDS
from segui.recipes.json_reading import shown
from segui.scores.crops import CONTEXTS
from segui.segments.cutting import ORDERS
from segui.selection import ON_UNKNOWN

_HEX_DIGITS = frozenset("0123456789abcdef")
_UNSHOWABLE = frozenset({"Cc", "Cs"})  # control characters, and halves of characters


class Kind(Protocol):
    """What a control takes."""

    def read(self, name: str, value: object) -> Any:
        """The value as the control wants it.

        Raises:
            InputError: The control cannot take it.
        """


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def read(self, name: str, value: object) -> bool:
        """The value, when it is true or false; a number is neither."""
        if not isinstance(value, bool):
            raise InputError(f"{name} is {shown(value)}: expected true or false")
        return value


@dataclass(frozen=True)
class Number:
    """A number of a range.

    Args:
        least: The smallest one.
        most: The largest one.
        is_whole: Whether fractions are refused.
    """

    least: int
    most: int
    is_whole: bool = False

    def read(self, name: str, value: object) -> int | float:
        """The value, when it is in the range; 5.0 counts as whole, ``NaN`` is in no range."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self._has(value):
            kind = "a whole number" if self.is_whole else "a number"
            raise InputError(
                f"{name} is {shown(value)}: expected {kind} from {self.least} to {self.most}"
            )
        return int(value) if self.is_whole else value

    def clamp(self, value: float) -> int | float:
        """The nearest number in the range, as the page takes what was typed into its boxes."""
        within = min(max(value, self.least), self.most)
        return round(within) if self.is_whole else within

    def _has(self, value: float) -> bool:
        return self.least <= value <= self.most and (not self.is_whole or value == int(value))


@dataclass(frozen=True)
class Choice:
    """One of some words."""

    values: tuple[str, ...]

    def read(self, name: str, value: object) -> str:
        """The value, when it is one of them."""
        if not isinstance(value, str) or value not in self.values:
            raise InputError(f"{name} is {shown(value)}: expected one of {', '.join(self.values)}")
        return value


@dataclass(frozen=True)
class Words:
    """Any text of some length."""

    max_characters: int

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
        return value


@dataclass(frozen=True)
class Colour:
    """A colour as ``#rrggbb``."""

    def read(self, name: str, value: object) -> str:
        """The value in small letters."""
        text = value.lower() if isinstance(value, str) else ""
        if len(text) != 7 or text[0] != "#" or not _HEX_DIGITS.issuperset(text[1:]):
            raise InputError(f"{name} is {shown(value)}: expected a colour as #rrggbb")
        return text


OPTION_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "mask_kind": Choice(MASK_KINDS),
        "crop_factor": Number(1, 100),
        "drop_size": Number(1, 1_000_000, is_whole=True),
        "combined": Flag(),
        "bbox_fill": Flag(),
        "contour_fill": Flag(),
        "invert": Flag(),
        "scale": Flag(),
        "grow": Number(-500, 500, is_whole=True),
        "fill_holes": Flag(),
        "order": Choice(ORDERS),
        "classifier": Choice(tuple(entry.name for entry in CATALOGUE)),
        "repo": Words(200),
        "device": Choice(("auto", "gpu", "cpu")),
        "revision": Words(100),
        "context": Choice(CONTEXTS),
        "names": Words(4000),
        "template": Words(MAX_CHARACTERS),
        "expression": Words(2000),
        "on_unknown": Choice(ON_UNKNOWN),
        "effect": Choice(EFFECT_NAMES),
        "effect_on": Choice(EFFECTS_ON),
        "strength": Number(0, 500),
        "colour": Colour(),
        "feather": Number(0, 500, is_whole=True),
        "alpha": Number(0, 255, is_whole=True),
        "edge": Choice(EDGES),
    }
)


def read_option(name: str, value: object) -> Any:
    """A value for one control, checked.

    Args:
        name: The control's name.
        value: What a file says.

    Raises:
        InputError: There is no such control, or it cannot take the value.
    """
    kind = OPTION_KINDS.get(name)
    if kind is None:
        raise InputError(f"there is no option {shown(name)}")
    return kind.read(name, value)


def clean_options(values: Mapping[str, Any]) -> dict[str, Any]:
    """The page's values as a recipe holds them.

    A number box may be empty, or hold more than the page takes, and the colour picker writes
    ``rgba(...)``: what the page makes of them is what counts.

    Args:
        values: What the controls say, by name.

    Returns:
        Those that say something, numbers within their range.

    Raises:
        InputError: A control says what it cannot.
    """
    return {
        name: read_option(name, _cleaned(name, value))
        for name, value in values.items()
        if value is not None
    }


def _cleaned(name: str, value: Any) -> Any:
    kind = OPTION_KINDS.get(name)
    if isinstance(kind, Number) and is_number(value):
        return kind.clamp(value)
    if isinstance(kind, Colour):
        if not value:
            return "#000000"
        return "#" + bytes(round(channel * 255) for channel in parse_colour(value)).hex()
    return value
