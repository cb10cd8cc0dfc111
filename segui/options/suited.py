"""What goes with an effect: its strength, as the option has it, of which 0 is the default."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from segui.backend.effect_table import EFFECTS, HIDE, REMOVE, STICKER, Strength
from segui.errors import shown
from segui.options.lengths import PxOrShare, percent_of

# nothing is around everything else to fill it from, nor is it a place; what is hidden must not
# shine through
_ONLY: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        REMOVE: {"effect_on": "filtered"},
        HIDE: {"blend": "normal", "fit": "as is", "fade": ""},
        STICKER: {"effect_on": "filtered", "fit": "as is"},
    }
)
# the options of which some effect takes one value alone
REFUSED_BY_SOME: Final = tuple(sorted({name for only in _ONLY.values() for name in only}))
# what strength each effect that has one takes
STRENGTHS: Final[Mapping[str, Strength]] = MappingProxyType(
    {row.name: row.strength for row in EFFECTS if row.strength}
)
LENGTH: Final = "px"
MOST_PERCENT: Final = 100


def unsuited_strength(effect: str, strength: PxOrShare) -> str:
    """Why the option's value does not go with an effect; empty where it does.

    Args:
        effect: The effect.
        strength: The value of the option ``strength``, of which 0 is the effect's default.
    """
    known = STRENGTHS.get(effect)
    if known is None or not strength or _allows(known, strength):
        return ""
    return (
        f"strength is {shown(strength)}: expected {known.expected} for {effect}, "
        f"or 0, which {known.zero}"
    )


def _allows(known: Strength, strength: PxOrShare) -> bool:
    """Whether an effect takes a strength: a share where it is a length, and above 0."""
    percent = percent_of(strength)
    if percent is None:
        return not isinstance(strength, str) and known.allows(strength)
    return known.unit == LENGTH and 0 <= percent <= MOST_PERCENT


def takes_share(effect: str) -> bool:
    """Whether the strength of an effect is a length, which may be a share of each area."""
    return effect in STRENGTHS and STRENGTHS[effect].unit == LENGTH


def only_values(effect: str) -> Mapping[str, str]:
    """What other options have to be for an effect, by name."""
    return _ONLY.get(effect, {})


def unsuited_values(effect: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Why other options' values do not go with an effect, by name.

    Args:
        effect: The effect.
        values: Values of options, by name; what is not there is not looked at.
    """
    return {
        name: f"{name} is {shown(values[name])}: expected {only!r} for {effect}"
        for name, only in only_values(effect).items()
        if values.get(name, only) != only
    }


def carries_strength(effect: str, other: str) -> bool:
    """Whether a strength of one effect says anything of another one's: both are counted in px.

    Args:
        effect: The effect that was chosen.
        other: The one that is.
    """
    units = [STRENGTHS[name].unit if name in STRENGTHS else "px" for name in (effect, other)]
    return effect == other or units == ["px", "px"]


def tidy_strength(effect: str, strength: Any) -> Any:
    """The nearest strength that an effect can take, where there is one."""
    known = STRENGTHS.get(effect)
    if known is None or not strength or percent_of(strength) is not None:
        return strength
    return known.nearest(strength)
