"""What a visitor has given: files of the session's own, and marks on the photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

from segui.geometry import Box
from segui.models.finder_catalogue import finder_needs


@dataclass(frozen=True)
class FileRef:
    """A file of the session's own.

    Args:
        id: Equal ids, equal bytes.
        path: Where it lies.
    """

    id: str
    path: Path = field(compare=False)

    @property
    def name(self) -> str:
        """Its name, as its owner knows it."""
        return self.path.name


@dataclass(frozen=True)
class Strokes:
    """What was painted on a mask file.

    Args:
        on: The mask file's id.
        file: The strokes, as a picture of the photo's preview that lies over the mask.
    """

    on: str
    file: FileRef


class Point(NamedTuple):
    """A place on the photo that was clicked, px.

    Args:
        x: From the left.
        y: From the top.
        is_wanted: Whether what is there is looked for, or is not to be part of it.
    """

    x: int
    y: int
    is_wanted: bool = True


# the finders that look where something was clicked or framed; models may take both
CLICK: Final = "click"
BOX: Final = "box"
BOTH: Final = "both"


def marks_of(finder: str) -> str:
    """What a finder is shown on the photo: ``click``, ``box``, ``both`` or nothing.

    Of a model that is named by its repo id, it is not known before it is there.
    """
    if finder in {CLICK, BOX}:
        return finder
    return BOTH if finder_needs(finder) == "marks" else ""


@dataclass(frozen=True)
class Files:
    """What was given.

    Args:
        photo: The photo.
        masks: Mask files, in the order given.
        reference: The edited version.
        painted: What was painted on the photo, as a mask of its preview's size.
        strokes: What was painted on the mask files, in their order.
        points: What was clicked on the photo.
        boxes: What was framed on it, px.
        more_references: Further edited versions, from the second one on.
        sticker: A picture that is laid on areas.
    """

    photo: FileRef | None = None
    masks: tuple[FileRef, ...] = ()
    reference: FileRef | None = None
    painted: FileRef | None = None
    strokes: tuple[Strokes, ...] = ()
    points: tuple[Point, ...] = ()
    boxes: tuple[Box, ...] = ()
    more_references: tuple[FileRef, ...] = ()
    sticker: FileRef | None = None

    @property
    def references(self) -> tuple[FileRef, ...]:
        """All edited versions, in the order of their numbers."""
        return () if self.reference is None else (self.reference, *self.more_references)

    def with_references(self, references: Sequence[FileRef]) -> Files:
        """The same with other edited versions."""
        first = references[0] if references else None
        return replace(self, reference=first, more_references=tuple(references[1:]))

    @property
    def are_enough(self) -> bool:
        """Whether they say what the areas are, if nothing is found in the photo itself."""
        return self.photo is not None and bool(self.masks or self.reference or self.painted)

    def can_be_searched(self, finder: str) -> bool:
        """Whether a finder can look into the photo: some need to be told where.

        Args:
            finder: Its name; empty is none.
        """
        is_clicked = any(point.is_wanted for point in self.points)
        needed: Mapping[str, bool] = {
            CLICK: is_clicked,
            BOX: bool(self.boxes),
            BOTH: is_clicked or bool(self.boxes),
        }
        return self.photo is not None and bool(finder) and needed.get(marks_of(finder), True)

    def without_marks(self) -> Files:
        """The same with nothing clicked or framed."""
        return replace(self, points=(), boxes=())

    @property
    def all(self) -> tuple[FileRef, ...]:
        """Every one of them."""
        alone = (self.photo, *self.references, self.painted, self.sticker)
        painted_on = (strokes.file for strokes in self.strokes)
        return (*self.masks, *(one for one in alone if one is not None), *painted_on)

    def strokes_on(self, mask_id: str) -> FileRef | None:
        """What was painted on a mask file; None where nothing was."""
        return next((one.file for one in self.strokes if one.on == mask_id), None)

    def with_masks(self, masks: tuple[FileRef, ...]) -> Files:
        """The same with other mask files: what was painted on one goes with it."""
        return replace(self, masks=masks).with_strokes(
            {strokes.on: strokes.file for strokes in self.strokes}
        )

    def with_strokes(self, strokes: Mapping[str, FileRef | None]) -> Files:
        """The same with other strokes on its mask files.

        Args:
            strokes: By the mask file's id; of a file that is not among the masks, none are kept.
        """
        kept = ((mask.id, strokes.get(mask.id)) for mask in self.masks)
        return replace(self, strokes=tuple(Strokes(on, file) for on, file in kept if file))
