"""Which classifier the page's controls ask for, and which rules they offer."""

from collections.abc import Sequence
from typing import Final

from segui.classifiers.offers import (
    Preset,
    preset_expressions,
    reference_expressions,
)
from segui.options import default_of, option_values

Choice = tuple[str, str]

EVERYTHING: Final[str] = default_of("expression")
MANUAL_EXPRESSION: Final = "Manual expr"

CLASSIFIERS: Final = option_values("classifier")


def preset_choices(labels: Sequence[str]) -> list[Choice]:
    """The expressions on offer: everything, the classifier's own, the reference's, a manual one.

    Args:
        labels: The classifier's labels; empty when they are not known yet.

    >>> [shown for shown, _ in preset_choices(["cat", "dog"])][:3]
    ['Everything', 'cat > dog', 'cat < dog']
    """
    own = preset_expressions(labels) if labels else []
    theirs = [preset for preset in reference_expressions(labels) if preset.text not in own]
    choices = [("Everything", EVERYTHING), *((text, text) for text in own)]
    choices += [(_with_reason(preset), preset.text) for preset in theirs]
    return [*choices, (MANUAL_EXPRESSION, MANUAL_EXPRESSION)]


def preset_of(expression: str, labels: Sequence[str]) -> str:
    """The preset that an expression is, or the manual one.

    >>> preset_of("*", []), preset_of("cat > 3%", ["cat", "dog"])
    ('*', 'Manual expr')
    """
    known = {value for _, value in preset_choices(labels)}
    text = expression.strip()
    return text if text in known else MANUAL_EXPRESSION


def _with_reason(preset: Preset) -> str:
    if preset.reason is None:
        return preset.text
    reason, _, _ = preset.reason.partition(":")  # what follows lists a group's labels
    return f"{preset.text} (not here: {reason})"
