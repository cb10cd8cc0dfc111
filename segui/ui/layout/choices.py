"""What the page's controls offer, in the page's words, and the values that the engine knows."""

from collections.abc import Sequence
from typing import Final

from segui.backend import effect_table
from segui.classifiers.catalogue import (
    CATALOGUE,
    Preset,
    preset_expressions,
    reference_expressions,
)

Choice = tuple[str, str]

EVERYTHING: Final = "*"
MANUAL_EXPRESSION: Final = "Manual expr"
SLIDER_FEATHER_PX: Final = 100  # a slider to 500 could not be set to 5: larger ones are typed
MAX_STRENGTH_PX: Final = 200

EFFECTS: Final[tuple[Choice, ...]] = tuple((row.label, row.name) for row in effect_table.EFFECTS)
EFFECTS_WITH_STRENGTH: Final = frozenset(row.name for row in effect_table.EFFECTS if row.strength)
EFFECTS_ON: Final[tuple[Choice, ...]] = (
    ("The chosen areas", "filtered"),
    ("Everything else", "everything else"),
)
ON_UNKNOWN: Final[tuple[Choice, ...]] = (
    ("Leave out", "remain"),
    ("Include", "filter"),
    ("Ask me", "review"),
)
EDGES: Final[tuple[Choice, ...]] = (
    ("Smooth", "smooth"),
    ("Outward only", "outward"),
    ("Same as ComfyUI", "impact"),
)
ORDERS: Final[tuple[Choice, ...]] = (("Reading order", "reading"), ("Same as ComfyUI", "contour"))
MASK_KINDS: Final[tuple[Choice, ...]] = (
    ("Auto", "auto"),
    ("Soft mask", "soft"),
    ("Labels", "labels"),
)
CONTEXTS: Final[tuple[Choice, ...]] = (
    ("Its surroundings too", "crop"),
    ("Its box", "bbox"),
    ("It alone, on grey", "segment"),
)
DEVICES: Final[tuple[Choice, ...]] = (("AUTO", "auto"), ("Prefer GPU", "gpu"), ("CPU", "cpu"))
CLASSIFIERS: Final[tuple[str, ...]] = tuple(entry.name for entry in CATALOGUE)
CLASSIFIER_CHOICES: Final[tuple[Choice, ...]] = tuple(
    (f"{entry.name} (not available)" if entry.reason else entry.name, entry.name)
    for entry in CATALOGUE
)


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
