"""The classifiers on offer, and the expressions worth offering with each; data, not code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from segui.classifiers.base import Classifier
from segui.classifiers.colour import TERMS, ColourNames
from segui.errors import InputError
from segui.expression import GROUPS, PRESETS, parse
from segui.expression.tokens import is_bare_label, quote

COLOUR_NAMES = ColourNames.name
MANUAL = "Manual repo id"

_ON_GENDER = "It judges by looks in one picture, and cannot know anyone's gender."
_ON_AGE = "It judges by looks in one picture, and cannot know anyone's gender or age."


@dataclass(frozen=True)
class Entry:
    """One classifier on offer.

    Args:
        name: What it is chosen by.
        kind: ``built-in``, a repo on the ``hub``, or ``manual``: a repo or folder that the user
            names.
        purpose: One line on what it is for.
        repo_id: The repo, of a ``hub`` entry.
        note: What to keep in mind; may be empty.
    """

    name: str
    kind: Literal["built-in", "hub", "manual"]
    purpose: str
    repo_id: str | None = None
    note: str = ""


def _gender(repo_id: str, purpose: str, note: str = _ON_GENDER) -> Entry:
    return Entry(repo_id, "hub", purpose, repo_id, note)


CATALOGUE = (
    Entry(
        COLOUR_NAMES,
        "built-in",
        "The share of a segment in each of eleven colours; works on any photo",
        note="No download.",
    ),
    _gender("rizvandwiki/gender-classification-2", "Female or male, from a face or a person"),
    _gender("NTQAI/pedestrian_gender_recognition", "Female or male, from people in the street"),
    _gender("Leilab/gender_class", "Female or male, from a face or a person"),
    _gender("ProjectPersonal/GenderClassifier", "Female or male, from a face or a person"),
    _gender("crangana/trained-gender", "Female or male, from a face or a person"),
    _gender("cledoux42/GenderNew_v002", "Female or male, from a face or a person"),
    _gender("ivensamdh/genderage2", "Gender and age group, from a face or a person", _ON_AGE),
    Entry(
        MANUAL,
        "manual",
        "Any image classifier on the hub, by its repo id",
        note="Safetensors weights only, and no code of the model's own.",
    ),
)


@dataclass(frozen=True)
class Preset:
    """An expression on offer.

    Args:
        text: The expression.
        reason: Why it cannot work with the labels at hand; None where it can, or where the labels
            are not known yet.
    """

    text: str
    reason: str | None = None


def make_classifier(
    name: str,
    *,
    repo_id: str | None = None,
    device: str = "auto",
    models_dir: Path | None = None,
) -> Classifier:
    """The classifier of a name; the one place where a name becomes one.

    Args:
        name: An entry's name.
        repo_id: The repo id or folder to take, when the name is ``Manual repo id``.
        device: ``auto``, ``gpu`` or ``cpu``.
        models_dir: The only folder below which a local model may lie; None allows none.

    Raises:
        InputError: There is no such entry, or a repo id is missing.
        ClassifierError: The local folder is not there, or not allowed.
    """
    entry = find_entry(name)
    if entry.kind == "built-in":
        return ColourNames()
    from segui.classifiers.hub import load_classifier

    if entry.repo_id is not None:
        return load_classifier(entry.repo_id, device=device, allow_local=False)
    if repo_id is None or not repo_id.strip():
        raise InputError(f"{MANUAL!r} needs a repo id, such as 'google/vit-base-patch16-224'")
    return load_classifier(
        repo_id, device=device, models_dir=models_dir, allow_local=models_dir is not None
    )


def find_entry(name: str) -> Entry:
    """The entry of a name.

    Raises:
        InputError: There is none; the sentence lists those there are.
    """
    for entry in CATALOGUE:
        if entry.name == name:
            return entry
    known = ", ".join(repr(entry.name) for entry in CATALOGUE)
    raise InputError(f"there is no classifier {name!r}: expected one of {known}")


def preset_expressions(labels: Sequence[str]) -> list[str]:
    """A handful of expressions that make sense with a classifier's own labels.

    Args:
        labels: All its labels; of the first few there is an expression.

    Example:
        >>> preset_expressions(["cat", "a dog"])
        ['cat > "a dog"', 'cat < "a dog"', 'cat > 50%', '"a dog" > 50%']
    """
    if tuple(labels) == TERMS:
        return [
            "red > 50%",
            "blue > 50%",
            "green > 50%",
            "red + orange + yellow > 50%",
            "black + grey + white < 20%",
        ]
    words = [quote_label(label) for label in labels[:3]]
    more_than_half = [f"{word} > 50%" for word in words]
    if len(labels) == 1:
        return [*more_than_half, f"{words[0]} < 50%"]
    if len(labels) == 2:
        return [f"{words[0]} > {words[1]}", f"{words[0]} < {words[1]}", *more_than_half]
    return more_than_half


def reference_expressions(labels: Sequence[str]) -> list[Preset]:
    """The reference's six expressions, each with the reason where the labels do not fit it.

    Args:
        labels: All labels of the classifier; empty when they are not known yet.

    Example:
        >>> reference_expressions(["girl", "boy"])[2].reason
        "this classifier has no label 'female'"
    """
    return [Preset(text, _missing(text, labels)) for text in PRESETS]


def quote_label(label: str) -> str:
    """The label as an expression writes it: in quotes where it has to be."""
    return label if is_bare_label(label) else quote(label)


def _missing(text: str, labels: Sequence[str]) -> str | None:
    if not labels:
        return None
    for word in text.split():  # the six are spaced
        if word in GROUPS and not set(GROUPS[word]) & set(labels):
            names = ", ".join(repr(name) for name in GROUPS[word])
            return f"this classifier has none of the labels of {word}: {names}"
        if word in parse(text).labels and word not in labels:
            return f"this classifier has no label {word!r}"
    return None
