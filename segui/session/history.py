"""What can be undone and done again: the inputs before each command that changed the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from segui.options import OPTIONS, Flag
from segui.session.commands import Command, SetOptions
from segui.session.inputs import OWN, Inputs

MOST_STEPS: Final = 100
MOST_PHOTOS: Final = 4  # each one lies on the disk as long as it can come back


@dataclass(frozen=True)
class History:
    """Frozen, like the inputs that it holds.

    Args:
        past: The inputs before each command, the latest last.
        future: What was undone, the next to be done again last.
        going_on: The text that is being written, or the control that is being moved: its letters,
            or all moves of one series, are one step.
    """

    past: tuple[Inputs, ...] = ()
    future: tuple[Inputs, ...] = ()
    going_on: str = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone, and nothing else was done since."""
        return bool(self.future)

    @property
    def all(self) -> Sequence[Inputs]:
        """All inputs that can be come back to."""
        return (*self.past, *self.future)

    def step(self, before: Inputs, command: Command) -> History:
        """A command was done.

        Args:
            before: The inputs before it.
            command: Which one.
        """
        going_on = _going_on(before, command)
        if going_on and going_on == self.going_on and self.past:
            return History(self.past, going_on=going_on)
        past = (*self.past, before)[-MOST_STEPS:]
        return History(_with_few_photos(past), going_on=going_on)

    def as_one(self, since: History, before: Inputs) -> History:
        """All steps since an earlier history as one.

        Args:
            since: The history before them.
            before: The inputs before them.
        """
        if self is since:
            return since
        return History(_with_few_photos((*since.past, before)[-MOST_STEPS:]))

    def undo(self, inputs: Inputs) -> tuple[Inputs, History]:
        """The inputs before the last step; the same ones where there is none."""
        if not self.past:
            return inputs, self
        return _now(self.past[-1], inputs), History(self.past[:-1], (*self.future, inputs))

    def redo(self, inputs: Inputs) -> tuple[Inputs, History]:
        """The inputs that were undone last; the same ones where there are none."""
        if not self.future:
            return inputs, self
        return _now(self.future[-1], inputs), History((*self.past, inputs), self.future[:-1])


def _now(inputs: Inputs, present: Inputs) -> Inputs:
    """Former inputs come back to.

    The area that was looked at then may not be of interest now, and what a classifier was asked
    since, or is not to be asked, is not undone; nor is in which file the result is taken away.
    """
    former = replace(inputs, picked=0, attempt=present.attempt, declined=present.declined)
    return former.taken_as(present)


def _going_on(before: Inputs, command: Command) -> str:
    """What a command may go on with: a series of moves, or of letters, at one control of an edit.

    How many commands a slider sends that is moved, or a box that is typed into, is the server's
    speed, not the visitor's doing. Empty where it does something else.
    """
    if not isinstance(command, SetOptions):
        return ""
    # a page may say what all of its controls show
    changed = [name for name, value in command.values.items() if before.entered[name] != value]
    if len(changed) != 1:
        return ""
    # a switch that is turned on and off again was not moved
    is_moved = command.series > 0 and not isinstance(OPTIONS[changed[0]].kind, Flag)
    return f"{before.edit_id} {changed[0]} {command.series}" if is_moved else ""


def _with_few_photos(past: tuple[Inputs, ...]) -> tuple[Inputs, ...]:
    """The latest steps, with no more photos of one's own than may lie on the disk."""
    photos: set[str] = set()
    kept = 0
    for inputs in reversed(past):
        if inputs.files.photo is not None and inputs.scene == OWN:
            photos.add(inputs.files.photo.id)
        if len(photos) > MOST_PHOTOS:
            break
        kept += 1
    return past[len(past) - kept :]
