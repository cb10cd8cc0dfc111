"""Which classifier the page's controls ask for, and which rules they offer."""

from collections.abc import Sequence
from typing import Final

from segui.backend.effect_table import find_effect
from segui.classifiers.making import (
    Preset,
    preset_expressions,
    reference_expressions,
)
from segui.options import default_of, option_values
from segui.ui.view.sentences import plural

Choice = tuple[str, str]

# what most want stands first; of the others one group is seen at a time
EFFECT_GROUPS: Final = {
    "Most used": ("none", "grey", "blur", "pixelate", "hide", "colour", "cut-out"),
    "Light and colour": (
        "brightness", "contrast", "saturation", "hue", "temperature", "sepia", "invert",
    ),
    "Other": ("remove", "sticker", "mosaic", "sharpen"),
}  # fmt: skip

EVERYTHING: Final[str] = default_of("expression")
MANUAL_EXPRESSION: Final = "Manual expr"  # as the nodes call it; the page says it in words
OWN_RULE: Final = "Your own rule"

CLASSIFIERS: Final = option_values("classifier")


def effect_choices() -> list[Choice]:
    """The effects as they stand on the page, group after group.

    >>> effect_choices()[:3]
    [('Edited version', 'none'), ('Grey', 'grey'), ('Blur', 'blur')]
    """
    return [(find_effect(name).label, name) for names in EFFECT_GROUPS.values() for name in names]


MORE_PRESETS: Final = "more presets"


def preset_choices(labels: Sequence[str], *, has_all: bool = False) -> list[Choice]:
    """The expressions on offer: everything, the classifier's own, the reference's, a manual one.

    Args:
        labels: The classifier's labels; empty when they are not known yet.
        has_all: Whether those are there too that cannot work with these labels, in place of an
            offer to show them.

    >>> [shown for shown, _ in preset_choices(["cat", "dog"])][:3]
    ['Everything', 'cat > dog', 'cat < dog']
    """
    own = preset_expressions(labels) if labels else []
    theirs = [preset for preset in reference_expressions(labels) if preset.text not in own]
    choices = [("Everything", EVERYTHING), *((text, text) for text in own)]
    working = [preset for preset in theirs if preset.reason is None]
    choices += [(preset.text, preset.text) for preset in working]
    choices += [(OWN_RULE, MANUAL_EXPRESSION)]
    others = [preset for preset in theirs if preset.reason is not None]
    if has_all or not others:
        return [*choices, *((_with_reason(preset), preset.text) for preset in others)]
    return [*choices, (f"{plural(len(others), 'preset')} that cannot work here…", MORE_PRESETS)]


def preset_of(expression: str, labels: Sequence[str]) -> str:
    """The preset that an expression is, or the manual one.

    >>> preset_of("*", []), preset_of("cat > 3%", ["cat", "dog"])
    ('*', 'Manual expr')
    """
    known = {value for _, value in preset_choices(labels, has_all=True)}
    text = expression.strip()
    return text if text in known else MANUAL_EXPRESSION


def _with_reason(preset: Preset) -> str:
    if preset.reason is None:
        return preset.text
    reason, _, _ = preset.reason.partition(":")  # what follows lists a group's labels
    return f"{preset.text} (not here: {reason})"
