"""The effects: what each is called, what it makes, and what its strength may be.

What computes them is in ``effects`` and ``hiding``, and in ``pipeline`` what brings them into a
picture. There is no torch here: a page that offers effects is served before torch is loaded.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from segui.checks import is_number, is_whole
from segui.errors import InputError

MAX_STRENGTH_PX: Final = 10_000

Makes = Literal["nothing", "picture", "areas", "transparency"]


@dataclass(frozen=True)
class Strength:
    """How strong an effect may be.

    Args:
        label: What it is called on a page.
        meaning: What the number is of.
        least: The least there may be.
        is_whole: Whether it is a whole number.
        default: What it is where nobody says, of the longer side of what the effect is made for,
            px.
        default_words: The same in words.
        most: The most there may be.
        unit: What it is counted in; px are of the photo's full size. Empty is none.
        is_above: Whether it has to be above the least, and not only as much.
        fits: Whether the default depends on what the effect is made for.
        slider: Where a slider begins and ends, and its step; other numbers can be typed.
        note: A clause for a page: at which number nothing changes, or which way is which.
    """

    label: str
    meaning: str
    least: float
    is_whole: bool
    default: Callable[[int], float]
    default_words: str
    most: int = MAX_STRENGTH_PX
    unit: str = "px"
    is_above: bool = False
    fits: bool = True
    slider: tuple[float, float, float] = (0, 200, 1)
    note: str = ""

    @classmethod
    def usual(
        cls, label: str, meaning: str, ends: tuple[int, int], usual: int, **others: Any
    ) -> "Strength":
        """One whose default is the same whatever it is made for.

        Args:
            label: As above.
            meaning: As above.
            ends: The least and the most.
            usual: The default.
            others: The others, by name.
        """
        least, most = ends
        return cls(
            label, meaning, least, is_whole=False, default=lambda _: usual, most=most, fits=False,
            default_words=str(usual), **others,
        )  # fmt: skip

    @property
    def expected(self) -> str:
        """What a strength has to be, for a sentence."""
        noun = "a whole number" if self.is_whole else "a number"
        noun += f" of {self.unit}" if self.unit else ""
        if self.is_above:
            return f"{noun} above {self.least}, at most {self.most}"
        ends = f"{noun} from {self.least} to {self.most}"
        return f"{ends}, not 0" if self.least < 0 else ends

    @property
    def zero(self) -> str:
        """What 0 means where it stands for the default: a verb and more."""
        return "fits the picture" if self.fits else f"is the usual {self.default_words}"

    def allows(self, value: float) -> bool:
        """Whether a value is such a number."""
        if not is_number(value) or value > self.most or (self.is_whole and not is_whole(value)):
            return False
        # 0 stands for the default everywhere
        return value != 0 and (value > self.least if self.is_above else value >= self.least)

    def nearest(self, value: float) -> float:
        """The nearest value within the ends; whole where it has to be."""
        within = min(max(value, self.least), self.most)
        return round(within) if self.is_whole else within


@dataclass(frozen=True)
class EffectRow:
    """One effect.

    Args:
        name: What it is chosen by.
        label: What a page calls it.
        meaning: What is seen, in one sentence.
        makes: Whether it changes the whole ``picture``, the same wherever areas are; each of the
            ``areas`` by its size; the ``transparency`` of what is left; or ``nothing``, where the
            edited version is pasted as it is.
        strength: How strong it may be; None where that is no question.
        takes_colour: Whether it needs to be told a colour.
    """

    name: str
    label: str
    meaning: str
    makes: Makes = "picture"
    strength: Strength | None = None
    takes_colour: bool = False


# Blocks a side that are left of what is hidden: of a face no more than where it is dark and light.
BLOCKS_AN_AREA: Final = 6


# of an area's own side is a stone of a mosaic, where nobody says otherwise
STONES: Final = "12%"


def _block_of_photo(longer_px: int) -> int:
    return max(2, round(longer_px / 48))


def _block_of_area(longer_px: int) -> int:
    return max(4, math.ceil(longer_px / BLOCKS_AN_AREA))


_SIGMA: Final = Strength(
    "Blur",
    "the Gaussian's sigma",
    least=0,
    is_whole=False,
    is_above=True,
    default=lambda longer_px: max(2.0, 0.015 * longer_px),
    default_words="1.5 % of the photo's longer side, at least 2",
)
_BLOCK: Final = Strength(
    "Block size",
    "a block's side",
    least=1,
    is_whole=True,
    default=_block_of_photo,
    default_words="a 48th of the photo's longer side, at least 2; a sixth of the longer side of "
    "the largest area that it is pasted onto, where that is more",
)
_AREAS_BLOCK: Final = replace(
    _BLOCK,
    default=_block_of_area,
    default_words="a sixth of the area's longer side, rounded up, at least 4",
)
_STONE: Final = replace(
    _BLOCK,
    label="Stone size",
    meaning="a stone's side",
    default_words=f"{STONES} of each area's own side, as many in each; a 48th of the photo's "
    "longer side, at least 2, where everything else changes",
)
# as in the filters of CSS, where 100 is the picture itself
_BRIGHTNESS: Final = Strength.usual(
    "Brightness", "how bright the photo is", (1, 1000), 130,
    unit="percent", slider=(0, 300, 1), note="100 changes nothing",
)  # fmt: skip
_CONTRAST: Final = replace(_BRIGHTNESS, label="Contrast", meaning="how far from grey values are")
_SATURATION: Final = Strength.usual(
    "Saturation", "how far from grey colours are", (1, 1000), 150,
    unit="percent", slider=(0, 300, 1), note="100 changes nothing",
)  # fmt: skip
_HUE: Final = Strength.usual(
    "Turn", "how far hues are turned", (-360, 360), 180, unit="degrees", slider=(-360, 360, 1),
)  # fmt: skip
_TEMPERATURE: Final = Strength.usual(
    "Warmth", "how much warmer", (-100, 100), 40,
    unit="", slider=(-100, 100, 1), note="below 0 is colder",
)  # fmt: skip
_SEPIA: Final = Strength.usual(
    "Amount", "how brown", (1, 100), 100, unit="percent", slider=(0, 100, 1)
)
_SHARPEN: Final = Strength.usual(
    "Amount", "how much is added of what a narrow blur takes", (1, 1000), 100,
    unit="percent", slider=(0, 500, 1),
)  # fmt: skip
_HIDDEN: Final = "Each area in blocks so large that nothing is left of it"

EFFECTS: Final[tuple[EffectRow, ...]] = (
    EffectRow("none", "Edited version", "The edited version's pixels", "nothing"),
    EffectRow("blur", "Blur", "The photo through a Gaussian", strength=_SIGMA),
    EffectRow("pixelate", "Pixelate", "The photo in blocks of one colour each", strength=_BLOCK),
    EffectRow("grey", "Grey", "The photo without its colours"),
    EffectRow("invert", "Invert", "The photo's negative"),
    EffectRow("colour", "Colour", "One colour", takes_colour=True),
    EffectRow("cut-out", "Cut-out", "The photo, transparent everywhere else", "transparency"),
    EffectRow("hide", "Hide", _HIDDEN, "areas", strength=_AREAS_BLOCK),
    EffectRow("brightness", "Brightness", "The photo brighter or darker", strength=_BRIGHTNESS),
    EffectRow("contrast", "Contrast", "The photo with more contrast or less", strength=_CONTRAST),
    EffectRow("saturation", "Saturation", "The photo more colourful or less", strength=_SATURATION),
    EffectRow("hue", "Hue", "The photo with other hues", strength=_HUE),
    EffectRow("temperature", "Temperature", "The photo warmer or colder", strength=_TEMPERATURE),
    EffectRow("sepia", "Sepia", "The photo in brown, as an old one", strength=_SEPIA),
    EffectRow("sharpen", "Sharpen", "The photo with sharper edges", strength=_SHARPEN),
    EffectRow("remove", "Remove", "Each area filled from around it, as spots are", "areas"),
    EffectRow("mosaic", "Mosaic", "Stones of the photo's own colours", strength=_STONE),
    EffectRow("sticker", "Sticker", "A picture, an emoji or a word on each area", "areas"),
)

EFFECT_NAMES: Final = tuple(row.name for row in EFFECTS)
NO_EFFECT: Final = "none"
BLUR: Final = "blur"
PIXELATE: Final = "pixelate"
CUT_OUT: Final = "cut-out"
HIDE: Final = "hide"
REMOVE: Final = "remove"
MOSAIC: Final = "mosaic"
STICKER: Final = "sticker"
OWN_STICKER: Final = "picture"  # in place of one that is drawn


def find_effect(name: str) -> EffectRow:
    """The effect of a name.

    Raises:
        InputError: There is none; the sentence lists those there are.

    >>> find_effect("blur").strength.default(1000)
    15.0
    """
    for row in EFFECTS:
        if row.name == name:
            return row
    raise InputError(f"effect is {name!r}: expected one of {', '.join(EFFECT_NAMES)}")


def check_strength(name: str, strength: float | None) -> None:
    """Refuse a strength that an effect cannot take; what has none takes any.

    Args:
        name: The effect.
        strength: The strength; None is its default.

    Raises:
        InputError: The effect needs another one.
    """
    known = find_effect(name).strength
    if known is not None and strength is not None and not known.allows(strength):
        raise InputError(f"the strength of {name} is {strength!r}: expected {known.expected}")


def strength_of(name: str, given: float | None, longer_px: int) -> float:
    """How strong an effect is to be: as given, or as suits what it is made for.

    Args:
        name: An effect that has a strength.
        given: What was asked for; None is the default.
        longer_px: The longer side of what it is made for.

    Raises:
        InputError: The effect has no strength, or none like that.

    >>> strength_of("pixelate", None, 480), strength_of("pixelate", 3, 480)
    (10, 3)
    """
    strength = find_effect(name).strength
    if strength is None:
        raise InputError(f"the effect {name!r} has no strength")
    check_strength(name, given)
    return strength.default(longer_px) if given is None else given
