"""What becomes of the edited versions, and of the edits that take them. Pure, as all of ``reduce``.

An edit takes one by its number, the place among them.
"""

from dataclasses import replace
from typing import Any, Final

from segui.classifiers.making import quote_label
from segui.errors import InputError
from segui.options import option_range
from segui.session import commands
from segui.session.files import FileRef
from segui.session.inputs import EditInputs, Inputs

_, MAX_VERSIONS = option_range("version")
_OPTION: Final = "version"


def given(inputs: Inputs, command: commands.GiveReference) -> tuple[Inputs, int]:
    """The inputs with an edited version for the open edit, and the number that it has.

    Raises:
        InputError: There are too many.
    """
    if command.reference is None:
        return inputs.with_files(inputs.files.with_references(())), 1
    known = inputs.files.references
    number = _place_for(inputs)
    listed = (*known[: number - 1], command.reference, *known[number:], *command.more)
    _check_room(listed)
    return inputs.with_files(inputs.files.with_references(listed)), number


def removed(inputs: Inputs, command: commands.RemoveReference) -> Inputs:
    """One goes: those after it move up, and who takes them takes them still."""
    known = inputs.files.references
    ids = [one.id for one in known]
    if command.id not in ids:
        return inputs
    gone = ids.index(command.id) + 1
    left = tuple(one for one in known if one.id != command.id)
    changed = inputs.with_files(inputs.files.with_references(left))
    edits = [_after(edit, gone, len(left)) for edit in inputs.edits]
    return changed.with_edits(edits, inputs.place)


def rule_for(inputs: Inputs, number: int) -> str:
    """The rule that an edit begins with: where areas are what differs, those of its own version.

    Elsewhere that version is the photo, and would undo what edits before it did there.

    Args:
        inputs: With the edited versions.
        number: Of the one that the edit takes.
    """
    files, areas = inputs.files, inputs.areas
    is_difference = not (files.masks or files.painted or areas.finder)
    if number == 1 or not is_difference or number > len(files.references):
        return str(inputs.defaults["expression"])
    return f"@label = {quote_label(files.references[number - 1].path.stem)}"


def first_free(inputs: Inputs) -> int:
    """The number of the first edited version that no edit takes; of none, the first."""
    numbers = range(1, len(inputs.files.references) + 1)
    free = (one for one in numbers if not any(edit.takes_version(one) for edit in inputs.edits))
    return next(free, 1)


def _place_for(inputs: Inputs) -> int:
    """The number of the one whose place is taken, or that comes after all."""
    own, count = inputs.open_edit, len(inputs.files.references)
    number = own.options[_OPTION]
    others = (edit for edit in inputs.edits if edit.id != own.id)
    if number > count or any(edit.takes_version(number) for edit in others):
        return count + 1
    return int(number)


def _after(edit: EditInputs, gone: int, left: int) -> EditInputs:
    """An edit once the version of a number is gone; if it took that one, it waits for its own."""
    # beside others it waits under the last number, which no other edit's next one takes
    waiting = MAX_VERSIONS if left else 1

    def renumbered(values: Any) -> Any:
        number = values[_OPTION]
        if not isinstance(number, int) or number < gone:
            return values
        return {**values, _OPTION: waiting if number == gone else number - 1}

    options, entered = renumbered(edit.options), renumbered(edit.entered)
    return replace(edit, options=options, entered=entered)


def _check_room(listed: tuple[FileRef, ...]) -> None:
    if len(listed) > MAX_VERSIONS:
        raise InputError(
            f"there would be {len(listed)} edited versions: at most {MAX_VERSIONS} are allowed"
        )
