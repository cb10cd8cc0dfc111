"""What a session has done so far: frozen, replaced step by step, never changed in place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from segui.classifiers.base import Scores
from segui.ui.choices import ClassifierChoice

if TYPE_CHECKING:  # torch comes with them, and the page is served before it
    from segui.images import Picture
    from segui.pipeline import PasteOptions, Scene, SegmentOptions
    from segui.selection import Selection


@dataclass(frozen=True)
class Files:
    """The session's own copies of what the user gave.

    Args:
        photo: The photo.
        masks: Mask files, in the order given.
        reference: The edited version.
        example: What the example shows that they belong to; empty for the user's own.
    """

    photo: Path | None = None
    masks: tuple[Path, ...] = ()
    reference: Path | None = None
    example: str = ""

    @property
    def are_enough(self) -> bool:
        """Whether they say what the areas are."""
        return self.photo is not None and bool(self.masks or self.reference)


@dataclass(frozen=True)
class Wishes:
    """What the controls say.

    Args:
        segments: How masks become segments.
        classifier: Who judges them.
        expression: Which pass.
        on_unknown: Where the undecided go.
        paste: What is pasted, where, and how.
    """

    segments: SegmentOptions
    classifier: ClassifierChoice
    expression: str
    on_unknown: str
    paste: PasteOptions


@dataclass(frozen=True, eq=False)
class Work:
    """A session's results, each with what it was made from, so that only what changed is redone.

    Args:
        files: What the photo and the areas were made from.
        photo: The photo.
        scene: The photo and its segments; None where nothing says yet what the areas are.
        opened_as: Files and options of the last attempt at the areas, successful or not.
        thumbnails: For each segment, as far as shown, where the browser finds its picture.
        scores: What the classifier said of each segment.
        scores_of: Who said so.
        selection: Which segments pass.
    """

    files: Files = Files()
    photo: Picture | None = None
    scene: Scene | None = None
    opened_as: tuple[Files, SegmentOptions] | None = None
    thumbnails: tuple[str, ...] = ()
    scores: tuple[Scores, ...] | None = None
    scores_of: ClassifierChoice | None = None
    selection: Selection | None = None
