"""Classifiers made by their names, and the expressions worth offering with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from segui.classifiers.base import Classifier
from segui.classifiers.catalogue import (
    CATALOGUE,
    COLOUR_NAMES,
    LIKE_THESE,
    MANUAL,
    MANUAL_WORDS,
    Entry,
)
from segui.classifiers.colour import TERMS, ColourNames
from segui.errors import ClassifierError, InputError
from segui.expression import GROUPS, PRESETS, parse
from segui.expression.tokens import written
from segui.models.files import local_folder

if TYPE_CHECKING:
    from segui.classifiers.open_vocabulary import Looker, OpenVocabulary

_EXAMPLES: Final = {
    MANUAL: "google/vit-base-patch16-224",
    MANUAL_WORDS: "openai/clip-vit-large-patch14",
}


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
    revision: str | None = None,
    max_mb: float | None = None,
    labels: Sequence[str] = (),
    template: str | None = None,
) -> Classifier:
    """The classifier of a name; the one place where a name becomes one.

    Args:
        name: An entry's name.
        repo_id: The repo id or folder to take, when the name is ``Manual repo id`` or ``Manual
            CLIP or SigLIP``.
        device: ``auto``, ``gpu`` or ``cpu``.
        models_dir: The only folder below which a local model may lie; None allows none.
        revision: The commit to take, as a recipe pins it; None is the entry's own, else the newest.
        max_mb: Most MB that are fetched from the hub; None is no limit.
        labels: What an open vocabulary is asked for; others have their own.
        template: The sentence that such a label is put into, at its ``{}``; None is the usual one.

    Raises:
        InputError: There is no such entry, or a repo id or a label is missing.
        ClassifierError: The local folder is not there, or not allowed.
    """
    entry = find_entry(name)
    if entry.kind == "built-in":
        return _built_in(entry)
    if entry.kind == "open vocabulary":
        folder = local_folder(repo_id, models_dir=models_dir) if repo_id and models_dir else None
        vocabulary = make_vocabulary(
            name, repo_id=repo_id, folder=folder, device=device, revision=revision, max_mb=max_mb
        )
        return vocabulary.asked(labels) if template is None else vocabulary.asked(labels, template)
    from segui.classifiers.hub import load_classifier

    if entry.repo_id is not None:
        return load_classifier(
            entry.repo_id,
            device=device,
            allow_local=False,
            revision=revision or entry.revision,
            max_mb=max_mb,
        )
    return load_classifier(
        _named(name, repo_id),
        device=device,
        models_dir=models_dir,
        allow_local=models_dir is not None,
        revision=revision,
        max_mb=max_mb,
    )


def _built_in(entry: Entry) -> Classifier:
    if entry.name == COLOUR_NAMES:
        return ColourNames()
    if entry.reason:
        raise ClassifierError(f"{entry.name!r} cannot be had here: {entry.reason}")
    # they import OpenCV, which a page that is only looked at does not need
    if entry.name == LIKE_THESE:
        from segui.classifiers.likeness import LikeThese

        return LikeThese()
    from segui.classifiers.gender import GenderByFace

    return GenderByFace()


def make_vocabulary(
    name: str,
    *,
    repo_id: str | None = None,
    folder: Path | None = None,
    device: str = "auto",
    revision: str | None = None,
    max_mb: float | None = None,
    looker: "Looker | None" = None,
) -> "OpenVocabulary":
    """The open vocabulary of a name: keep it, since it keeps what it saw for other labels.

    Args:
        name: An entry's name.
        repo_id: The repo to take, where the user names it.
        folder: The local folder that this name means instead; None where it is a repo's.
        device: ``auto``, ``gpu`` or ``cpu``.
        revision: As for ``make_classifier``.
        max_mb: As for ``make_classifier``.
        looker: Who looks at crops in its place; see ``OpenVocabulary``.

    Raises:
        InputError: There is no such entry, it has labels of its own, or a repo id is missing.
    """
    entry = find_entry(name)
    if entry.kind != "open vocabulary":
        raise InputError(f"{name!r} is {entry.kind}: expected an open vocabulary")
    from segui.classifiers.hub import HubConfig
    from segui.classifiers.open_vocabulary import OpenVocabulary

    model = entry.repo_id or _named(name, repo_id)
    if folder is None and entry.is_manual:
        local_folder(model, allow_local=False)  # any other name is a repo id, or refused
    commit = revision or entry.revision
    config = HubConfig(model, folder, device, commit, max_mb=max_mb)
    return OpenVocabulary(config, looker=looker)


def _named(name: str, repo_id: str | None) -> str:
    """The repo or folder that a user names for a manual entry."""
    if repo_id is None or not repo_id.strip():
        example = _EXAMPLES[name]
        raise InputError(f"{name!r} needs a repo id, such as {example!r}")
    return repo_id.strip()


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


def privacy_note(leave_seconds: int) -> str:
    """What is kept of what a classifier is shown, and for how long, in plain words.

    Args:
        leave_seconds: How long a session's pictures are kept after its page was closed.

    Example:
        >>> privacy_note(600).split(". ")[0]
        'Your pictures stay on this server, and are forgotten 10 minutes after you close the page'
    """
    minutes = max(1, round(leave_seconds / 60))
    when = f"{minutes} minute{'s' if minutes > 1 else ''}"
    return (
        f"Your pictures stay on this server, and are forgotten {when} after you close the page."
        " Scores are kept longer, under a digest that no picture can be made from, until newer"
        " ones take their place or the server ends. Nothing is sent anywhere else."
    )


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
    return written(label)


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
