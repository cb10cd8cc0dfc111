"""A recipe: what was chosen on the page, as JSON by which the same files give the same pixels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final, Literal

from segui.geometry import Box
from segui.recipes.marks import (
    FileMark,
    file_differences,
    mask_differences,
)

VERSION: Final = 1


@dataclass(frozen=True)
class ClassifierMark:
    """Who scored.

    Args:
        name: The catalogue's name.
        repo_id: The repo on the hub; empty for what is built in.
        revision: The commit of the repo; empty where none is known.
    """

    name: str
    repo_id: str = ""
    revision: str = ""


@dataclass(frozen=True)
class Override:
    """A segment whose side was set by hand.

    Args:
        bbox: Its bounding box, xyxy px.
        label: Its label.
        side: Where it goes.
    """

    bbox: Box
    label: str
    side: Literal["filtered", "remained"]


@dataclass(frozen=True)
class EditMark:
    """One of several edits.

    Args:
        options: What it says for itself, by name.
        overrides: What was set by hand in it.
        enabled: Whether it is made.
        name: What a person calls it.
    """

    options: Mapping[str, Any]
    overrides: tuple[Override, ...] = ()
    enabled: bool = True
    name: str = ""


@dataclass(frozen=True)
class Recipe:
    """What makes the pixels, all but the files themselves.

    Args:
        photo: The photo.
        masks: The mask files, in order.
        reference: The edited version.
        painted: What was painted on the page, the bytes of a PNG.
        options: What the page's controls say, by name, as ``clean_options`` gives it.
        classifier: Who scored.
        overrides: What was set by hand.
        versions: The packages that made the pixels.
        strokes: What was painted on mask files, the bytes of a PNG, by their places in ``masks``.
        edits: Several edits, in order; none where ``options`` and ``overrides`` are all there is.
        open_edit: Which of them ``options`` and ``overrides`` say again, from 0.
        points: What was clicked on the photo to find something: x, y, and 1, or 0 where it is not
            wanted, px.
        boxes: What was framed on it, xyxy px.
        more_references: Further edited versions, from the second one on.
        sticker: The picture that is laid on areas.
        unused: What was read and has no place here, in sentences; is not written.
    """

    photo: FileMark | None
    masks: tuple[FileMark, ...]
    reference: FileMark | None
    painted: bytes | None
    options: Mapping[str, Any]
    classifier: ClassifierMark
    overrides: tuple[Override, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    strokes: Mapping[int, bytes] = field(default_factory=dict)
    edits: tuple[EditMark, ...] = ()
    open_edit: int = 0
    points: tuple[tuple[int, int, int], ...] = ()
    boxes: tuple[Box, ...] = ()
    more_references: tuple[FileMark, ...] = ()
    sticker: FileMark | None = None
    unused: tuple[str, ...] = field(default=(), compare=False)


def differences(
    recipe: Recipe,
    photo: FileMark | None,
    masks: Sequence[FileMark],
    reference: FileMark | None,
    more_references: Sequence[FileMark] = (),
    sticker: FileMark | None = None,
) -> tuple[str, ...]:
    """How the files at hand differ from those that the recipe was made with.

    Args:
        recipe: The recipe.
        photo: The photo at hand.
        masks: The mask files at hand, in order.
        reference: The edited version at hand.
        more_references: Further ones at hand, from the second one on.
        sticker: The picture at hand that is laid on areas.

    Returns:
        A sentence for each difference; none where the same pixels are to be expected.
    """
    return (
        *file_differences("photo", recipe.photo, photo),
        *file_differences("edited version", recipe.reference, reference),
        *file_differences("sticker", recipe.sticker, sticker),
        *_of_more(recipe.more_references, more_references),
        *mask_differences(recipe.masks, masks),
    )


def _of_more(then: Sequence[FileMark], now: Sequence[FileMark]) -> list[str]:
    """How further edited versions differ, a sentence each; each has its number."""
    return [
        sentence
        for number, (old, new) in enumerate(zip_longest(then, now), 2)
        for sentence in file_differences(f"edited version {number}", old, new)
    ]
