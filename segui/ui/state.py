"""What a session has done so far: frozen, replaced step by step, never changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from segui.classifiers.base import Scores
from segui.classifiers.choice import ClassifierChoice

if TYPE_CHECKING:  # torch comes with them, and the page is served before it
    import numpy as np
    from numpy.typing import NDArray

    from segui.geometry import Box
    from segui.images.pictures import Picture
    from segui.pipeline import PasteOptions, Scene, SegmentOptions
    from segui.previews.layers import PreviewLayer
    from segui.recipes.recipe import Recipe
    from segui.selection import Selection, Side

    Pixels = NDArray[np.uint8]
    AreaKey = tuple[Box, str]
    Chooser = tuple[str, str, Mapping[AreaKey, Side]]


OWN = "own photo"


@dataclass(frozen=True)
class Files:
    """The session's own copies of what the user gave.

    Args:
        photo: The photo.
        masks: Mask files, in the order given.
        reference: The edited version.
        painted: What was painted on the photo, as a mask of its preview's size.
        example: What the example shows that they belong to; empty for the user's own.
        scene: The example's name, or that they are the user's own.
        picture: The photo as it was read when it came: it is not decoded again.
        has_settings: Whether a recipe or a workflow was read onto them: what it says stays when
            one's own photo takes an example's place.
        recipe: The recipe that was read last: the files may be compared with its own.
    """

    photo: Path | None = None
    masks: tuple[Path, ...] = ()
    reference: Path | None = None
    painted: Path | None = None
    example: str = ""
    scene: str = OWN
    picture: Picture | None = field(default=None, compare=False, repr=False)
    has_settings: bool = field(default=False, compare=False)
    recipe: Recipe | None = field(default=None, compare=False, repr=False)

    @property
    def are_enough(self) -> bool:
        """Whether they say what the areas are."""
        return self.photo is not None and bool(self.masks or self.reference or self.painted)


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


@dataclass(frozen=True)
class Hand:
    """What the user did by hand, area by area.

    Args:
        selected: The number of the area that is looked at; 0 is none.
        overrides: Where areas go whatever the rule says, by bounding box and label: an area that
            is found again after another option was tried keeps its place.
    """

    selected: int = 0
    overrides: Mapping[AreaKey, Side] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Work:
    """A session's results, each with what it was made from, so that only what changed is redone.

    Args:
        files: What the photo and the areas were made from.
        photo: The photo.
        small: The photo's pixels at the preview's size.
        scene: The photo and its segments; None where nothing says yet what the areas are.
        opened_as: Files and options of the last attempt at the areas, successful or not.
        thumbnails: For each segment, as far as shown, where the browser finds its picture.
        shows: What of an area they show: empty is its crop with the rest dimmed; else the context
            in which a model was shown it.
        layers: The areas' masks at the preview's size.
        labels: What the classifier that is asked can say, as far as known before it has answered.
        scores: What the classifier said of each segment.
        scores_of: Who said so.
        scores_revision: The commit of the model that said so; empty for what is built in.
        scores_notes: What the user should know of how it ran.
        selection: Which segments pass.
        chosen_by: The rule, where the undecided go, and what was done by hand, of the selection.
        stale: Why the results are of what was there before; empty where they are not.
        trouble: Why the classifier that was asked for has said nothing; empty where it has.
        is_lost: Whether nobody has opened the page yet: of a page that is open, that the session
            was forgotten.
    """

    files: Files = Files()
    photo: Picture | None = None
    small: Pixels | None = None
    scene: Scene | None = None
    opened_as: tuple[Files, SegmentOptions] | None = None
    thumbnails: tuple[str, ...] = ()
    shows: str = ""
    layers: tuple[PreviewLayer, ...] = ()
    labels: tuple[str, ...] = ()
    scores: tuple[Scores, ...] | None = None
    scores_of: ClassifierChoice | None = None
    scores_revision: str = ""
    scores_notes: tuple[str, ...] = ()
    selection: Selection | None = None
    chosen_by: Chooser | None = None
    stale: str = ""
    trouble: str = ""
    is_lost: bool = False
