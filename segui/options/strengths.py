"""What the strength of each effect that has one is: its range depends on the effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType
from typing import Any, Final

from segui.errors import InputError, shown
from segui.options.kinds import Number

MAX_STRENGTH_PX: Final = 10_000


@dataclass(frozen=True)
class Strength:
    """The strength of one effect.

    Args:
        meaning: What the number is.
        kind: Its range, px; where 0 is not in it, 0 on a page fits the picture.
        expected: The range in words.
    """

    meaning: str
    kind: Number
    expected: str

    def has(self, value: object) -> bool:
        """Whether the effect can take this strength; a number of NumPy's counts as well."""
        if not isinstance(value, Real) or isinstance(value, bool):
            return False
        number = float(value)
        return number > 0 and self.kind.tidy(number) == number


_SIDE: Final = Strength(
    "side of its blocks",
    Number(1, MAX_STRENGTH_PX, is_whole=True),
    f"a whole number of px from 1 to {MAX_STRENGTH_PX}",
)
STRENGTHS: Final[Mapping[str, Strength]] = MappingProxyType(
    {
        "blur": Strength(
            "sigma of its Gaussian",
            Number(0, MAX_STRENGTH_PX),
            f"a number of px above 0, at most {MAX_STRENGTH_PX}",
        ),
        "pixelate": _SIDE,
        "hide": _SIDE,
    }
)


def check_strength(effect: str, strength: float | None) -> None:
    """Refuse a strength that an effect cannot take.

    Args:
        effect: The effect; what has no strength takes any.
        strength: The strength; None fits the picture.

    Raises:
        InputError: The effect needs another one.
    """
    known = STRENGTHS.get(effect)
    if known is not None and strength is not None and not known.has(strength):
        name = "the blur's strength" if effect == "blur" else f"the strength of {effect}"
        raise InputError(f"{name} is {strength!r}: expected {known.expected}")


def unsuited_strength(effect: str, strength: float) -> str:
    """Why the option's value does not go with an effect; empty where it does.

    Args:
        effect: The effect.
        strength: The value of the option ``strength``, of which 0 fits the picture.
    """
    known = STRENGTHS.get(effect)
    if known is None or not strength or known.has(strength):
        return ""
    return (
        f"strength is {shown(strength)}: expected {known.expected} for {effect}, "
        "or 0, which fits the picture"
    )


def tidy_strength(effect: str, strength: Any) -> Any:
    """The nearest strength that an effect can take, where there is one."""
    known = STRENGTHS.get(effect)
    return strength if known is None or not strength else known.kind.tidy(strength)
