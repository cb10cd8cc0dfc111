"""What stages give: results, or why there are none, and what they tell meanwhile.

A stage's result is kept under the key of what it was made from, so a result that comes late lands
under its own key and is told to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from segui.classifiers.choice import ClassifierChoice
from segui.masks.notes import Offer

if TYPE_CHECKING:  # torch comes with them, and the page is served before it
    import numpy as np
    from numpy.typing import NDArray

    from segui.backend.uncovered import Uncovered
    from segui.classifiers.base import Scores
    from segui.previews.layers import PreviewLayer
    from segui.segments.segment import Segments

    Pixels = NDArray[np.uint8]

StageName = Literal[
    "photo", "small", "scene", "pictures", "scores", "selection", "painted", "count"
]  # fmt: skip
STAGES: Final[tuple[StageName, ...]] = (
    "photo", "small", "scene", "pictures", "scores", "selection", "painted", "count",
)  # fmt: skip
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """One stage's work.

    Args:
        stage: Which stage.
        key: What its result is made from; equal keys, equal results.
    """

    stage: StageName
    key: Hashable


@dataclass(frozen=True)
class Failed:
    """What stands in a result's place where there can be none.

    Args:
        sentence: Why.
        by_file: What is wrong with each file, by its id, as far as it was found.
        can_scale: Whether scaling the files would help.
        smaller_wh: The width and height, px, at which the file that is too large could be opened.
        offers: What would do, each of them a button.
        wants_marks: Whether something has to be clicked or framed first, which a model said only
            once it was there.
        is_passing: Whether it may go well the next time, as where a disk was full or nobody
            foresaw it: it is tried again with the next command.
    """

    sentence: str
    by_file: tuple[tuple[str, str], ...] = ()
    can_scale: bool = False
    smaller_wh: tuple[int, int] | None = None
    offers: tuple[Offer, ...] = ()
    wants_marks: bool = False
    is_passing: bool = False


@dataclass(frozen=True, eq=False)
class Pictures:
    """What the page shows of areas.

    Args:
        layers: The areas' masks at the preview's size.
        thumbnails: For each area, as far as shown, where its picture lies; None where it has none.
    """

    layers: tuple[PreviewLayer, ...]
    thumbnails: tuple[Path | None, ...]


@dataclass(frozen=True, eq=False)
class Scored:
    """What a classifier said.

    Args:
        scores: Of each area.
        who: Who said so.
        revision: The commit of the model; empty for what is built in.
        notes: What the user should know of how it ran.
    """

    scores: tuple[Scores, ...]
    who: ClassifierChoice
    revision: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Painted:
    """The result at full size.

    Args:
        pixels: The picture.
        seen: Of each edit, the areas that it is to hide and that are seen in their middle.
    """

    pixels: Pixels
    seen: tuple[Uncovered, ...] = ()


@dataclass(frozen=True, eq=False)
class Counted:
    """What a way would find, were it asked.

    Args:
        segments: What it has found: whoever asks for it gets the same.
    """

    segments: Segments

    @property
    def number(self) -> int:
        """How many areas there would be."""
        return len(self.segments.items)


class Stopped(Exception):  # noqa: N818  it is no error
    """Nobody wants the result any more."""


@dataclass(frozen=True)
class Telling:
    """What a stage's work tells meanwhile; each raises ``Stopped`` when nobody wants the result.

    Args:
        judging: How many areas of how many are judged.
        fetching: How many bytes of how many are here.
        finding: How many mask files of how many are read.
        pasting: Tells nothing, and is asked again and again, in any thread.
        softening: Along how many parts of how many of the edges a model has looked.
    """

    judging: Progress
    fetching: Progress
    finding: Progress
    pasting: Callable[[], object] = lambda: None
    softening: Progress = lambda _done, _total: None
