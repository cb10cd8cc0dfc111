"""What a visitor can do, each as a piece of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from segui.session.files import FileRef, Files, Point
from segui.session.inputs import AreaKey, EditInputs, Inputs, Values

if TYPE_CHECKING:
    from segui.geometry import Box
    from segui.recipes.recipe import Recipe
    from segui.selection import Side


@dataclass(frozen=True)
class GivePhoto:
    """A photo of one's own; with an example on the page, it takes the example's place.

    Args:
        photo: Its file.
        shrink: Whether it, and what has its size, is opened smaller where it is too large.
    """

    photo: FileRef
    shrink: bool = False


@dataclass(frozen=True)
class GiveReference:
    """An edited version: from now on it is what the open edit pastes. None takes all away.

    It takes the place of the one that this edit alone has pasted; one that another edit takes too
    stays, and there is one more.

    Args:
        reference: The file.
        more: Further ones that were given with it, for other edits to take.
    """

    reference: FileRef | None
    more: tuple[FileRef, ...] = ()


@dataclass(frozen=True)
class RemoveReference:
    """One of several edited versions goes, by its id: the edits that take it wait for another."""

    id: str


@dataclass(frozen=True)
class GiveSticker:
    """A picture that the open edit lays on its areas. None takes it away."""

    sticker: FileRef | None


@dataclass(frozen=True)
class AddMasks:
    """More masks."""

    masks: tuple[FileRef, ...]


@dataclass(frozen=True)
class RemoveMask:
    """One mask goes, by its id: where it stands may have changed meanwhile."""

    id: str


@dataclass(frozen=True)
class RemoveAllMasks:
    """All masks go, and what was painted."""


@dataclass(frozen=True)
class Paint:
    """What is painted now; None where nothing is.

    Args:
        painted: A mask, or the strokes on a mask file.
        on: The mask file's id; empty where it is painted on the photo.
    """

    painted: FileRef | None
    on: str = ""


@dataclass(frozen=True)
class MarkPoint:
    """Something was clicked on the photo, to find it."""

    point: Point


@dataclass(frozen=True)
class MarkBox:
    """Something was framed on the photo, to find it; px."""

    box: Box


@dataclass(frozen=True)
class ClearMarks:
    """Nothing is clicked or framed any more."""


@dataclass(frozen=True)
class SetOptions:
    """Options as the controls show them, by name; any value, usable or not.

    Args:
        values: The values.
        series: In which series of moves at one control, which are undone together: 0 in none.
    """

    values: Values
    series: int = 0


def in_series(values: Values, series: Mapping[str, int]) -> tuple[SetOptions, ...]:
    """Changed options as the moves that they were, in their order.

    A server that is slow hears of several controls at once what a fast one hears of each.

    Args:
        values: By name.
        series: In which series of moves each was changed last; in none where it is not named.
    """
    moves: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        moves.setdefault(series.get(name, 0), {})[name] = value
    return tuple(SetOptions(moved, number) for number, moved in sorted(moves.items()))


@dataclass(frozen=True)
class BuildRule:
    """The builder changes the rule: one of its events, with what came with it."""

    event: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class AddEdit:
    """One more edit, after all others; it is opened."""


@dataclass(frozen=True)
class CopyEdit:
    """One more edit that is as this one, after it; it is opened."""

    id: int


@dataclass(frozen=True)
class OpenEdit:
    """The controls are to be those of this edit, by its id."""

    id: int


@dataclass(frozen=True)
class RemoveEdit:
    """An edit goes; of the last one, what was said of it."""

    id: int


@dataclass(frozen=True)
class MoveEdit:
    """An edit is made earlier or later.

    Args:
        id: Which one.
        by: By how many places; below 0 earlier.
    """

    id: int
    by: int


@dataclass(frozen=True)
class EnableEdit:
    """An edit is made, or is not."""

    id: int
    enabled: bool


@dataclass(frozen=True)
class HideUndecided:
    """What nobody could decide on is hidden, too, by each edit that hides."""


@dataclass(frozen=True)
class RenameEdit:
    """An edit is called by a name; empty calls it by its rule again."""

    id: int
    name: str


@dataclass(frozen=True)
class Override:
    """An area's place as the user wants it, or as the rule says again."""

    area: AreaKey
    side: Side | None


@dataclass(frozen=True)
class Pick:
    """An area is looked at, or no more if it was already; 0 is none."""

    number: int


@dataclass(frozen=True)
class ReadSettings:
    """A recipe or a workflow was read.

    Args:
        values: Its options.
        notes: What there is to say of it.
        is_whole: Whether that is all there is: what else was done by hand, or painted, must go.
        overrides: What was set by hand.
        painted: What was painted.
        recipe: The recipe, where it is one.
        strokes: What was painted on mask files, by their ids.
        edits: Several edits, in order, where it has them: the values are those of the one that
            is open. Of what is all there is, none are that one alone.
        place: Which of them is open, from 0.
        points: What was clicked on the photo, where it is whole.
        boxes: What was framed on it.
    """

    values: Values
    notes: tuple[str, ...] = ()
    is_whole: bool = False
    overrides: Mapping[AreaKey, Side] = field(default_factory=dict)
    painted: FileRef | None = None
    recipe: Recipe | None = None
    strokes: Mapping[str, FileRef] = field(default_factory=dict)
    edits: tuple[EditInputs, ...] = ()
    place: int = 0
    points: tuple[Point, ...] = ()
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class OpenProject:
    """A project takes the place of all that is there.

    Args:
        files: The photo, its edited version and the masks.
        settings: What its recipe asks for.
    """

    files: Files
    settings: ReadSettings


@dataclass(frozen=True)
class Show:
    """Take the place of all that is there: an example, or what a browser has kept."""

    inputs: Inputs


@dataclass(frozen=True)
class ShowMine:
    """One's own photo comes back, with all that was done to it, where an example took its place."""


@dataclass(frozen=True)
class Clear:
    """Nothing given, every option as it was at first."""


@dataclass(frozen=True)
class AskAgain:
    """The classifier is asked, also where it failed before or was not wanted."""


@dataclass(frozen=True)
class Cancel:
    """What takes long is not wanted any more: what a classifier is asked, or the last steps.

    While a photo is read or areas are found, it takes back the steps that asked for them.
    """


@dataclass(frozen=True)
class Undo:
    """Back to what it was before the last command that changed the result."""


@dataclass(frozen=True)
class Redo:
    """What was undone is done again."""


Command = (
    GivePhoto
    | GiveReference
    | RemoveReference
    | GiveSticker
    | AddMasks
    | RemoveMask
    | RemoveAllMasks
    | Paint
    | MarkPoint
    | MarkBox
    | ClearMarks
    | SetOptions
    | BuildRule
    | AddEdit
    | CopyEdit
    | OpenEdit
    | RemoveEdit
    | MoveEdit
    | EnableEdit
    | RenameEdit
    | HideUndecided
    | Override
    | Pick
    | ReadSettings
    | OpenProject
    | Show
    | ShowMine
    | Clear
    | AskAgain
    | Cancel
    | Undo
    | Redo
)
