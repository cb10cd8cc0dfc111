"""Which strength goes with an effect, as the option ``strength`` has it: 0 fits the picture."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from segui.backend.effect_table import EFFECTS, Strength
from segui.errors import shown
from segui.options.kinds import Number

# what strength each effect that has one takes
STRENGTHS: Final[Mapping[str, Strength]] = MappingProxyType(
    {row.name: row.strength for row in EFFECTS if row.strength}
)


def unsuited_strength(effect: str, strength: float) -> str:
    """Why the option's value does not go with an effect; empty where it does.

    Args:
        effect: The effect.
        strength: The value of the option ``strength``, of which 0 fits the picture.
    """
    known = STRENGTHS.get(effect)
    if known is None or not strength or known.allows(strength):
        return ""
    return (
        f"strength is {shown(strength)}: expected {known.expected} for {effect}, "
        "or 0, which fits the picture"
    )


def tidy_strength(effect: str, strength: Any) -> Any:
    """The nearest strength that an effect can take, where there is one."""
    known = STRENGTHS.get(effect)
    if known is None or not strength:
        return strength
    return Number(known.least, known.most, is_whole=known.is_whole).tidy(strength)
