"""What becomes of a list of edits by a command. Pure, as all of ``reduce``."""

from dataclasses import replace
from typing import Any, Final

from segui.errors import InputError
from segui.options import EDIT_OPTIONS, MAX_EDITS, Text
from segui.session import commands
from segui.session.inputs import EditInputs, Inputs
from segui.session.versions import first_free, rule_for

MAX_NAME: Final = 60  # characters
_NAME: Final = Text(MAX_NAME)


def add(inputs: Inputs, _: commands.AddEdit) -> Inputs:
    """One more, as an edit is at first, after all others; of the edited versions it has its own."""
    _check_room(inputs)
    fresh = {name: inputs.defaults[name] for name in EDIT_OPTIONS}
    fresh["version"] = first_free(inputs)
    fresh["expression"] = rule_for(inputs, fresh["version"])
    added = EditInputs(_free_id(inputs), fresh, fresh)
    return inputs.with_edits((*inputs.edits, added), len(inputs.edits))


def copy(inputs: Inputs, command: commands.CopyEdit) -> Inputs:
    """One more, as one of them is, after it."""
    place = _place_of(inputs, command.id)
    if place is None:
        return inputs
    _check_room(inputs)
    edits = inputs.edits
    copied = replace(edits[place], id=_free_id(inputs))
    return inputs.with_edits((*edits[: place + 1], copied, *edits[place + 1 :]), place + 1)


def open_(inputs: Inputs, command: commands.OpenEdit) -> Inputs:
    """Another one's controls; one that is gone meanwhile opens nothing."""
    place = _place_of(inputs, command.id)
    return inputs if place is None else inputs.with_edits(inputs.edits, place)


def remove(inputs: Inputs, command: commands.RemoveEdit) -> Inputs:
    """One goes; if it was open, its neighbour is. The last one is as at first."""
    place = _place_of(inputs, command.id)
    if place is None:
        return inputs
    if len(inputs.edits) == 1:
        added = add(inputs, commands.AddEdit())
        return added.with_edits((added.open_edit,), 0)
    left = tuple(edit for edit in inputs.edits if edit.id != command.id)
    opened = inputs.place - (place < inputs.place)
    return inputs.with_edits(left, min(opened, len(left) - 1))


def move(inputs: Inputs, command: commands.MoveEdit) -> Inputs:
    """One is made earlier or later; the one that is open stays so."""
    place = _place_of(inputs, command.id)
    if place is None:
        return inputs
    moved = inputs.edits[place]
    others = [edit for edit in inputs.edits if edit.id != command.id]
    others.insert(min(max(0, place + command.by), len(others)), moved)
    ids = [edit.id for edit in others]
    return inputs.with_edits(others, ids.index(inputs.edit_id))


def enable(inputs: Inputs, command: commands.EnableEdit) -> Inputs:
    """One is made, or is not."""
    return _with(inputs, command.id, enabled=command.enabled)


def rename(inputs: Inputs, command: commands.RenameEdit) -> Inputs:
    """One is called otherwise."""
    return _with(inputs, command.id, name=_NAME.read("name", " ".join(command.name.split())))


def hide_undecided(inputs: Inputs, _: commands.HideUndecided) -> Inputs:
    """Each that hides hides what nobody could decide on; what was decided by hand stays so."""
    edits = [_with_undecided(edit) if edit.hides else edit for edit in inputs.edits]
    return inputs.with_edits(edits, inputs.place)


def _with_undecided(edit: EditInputs) -> EditInputs:
    # where all else is hidden, that is what is not among the chosen ones
    side = "filter" if edit.options["effect_on"] == "filtered" else "remain"
    said = {"on_unknown": side}
    return replace(
        edit,
        options={**edit.options, **said},
        entered={**edit.entered, **said},
        refused={name: why for name, why in edit.refused.items() if name not in said},
    )


def _with(inputs: Inputs, id_: int, **changes: Any) -> Inputs:
    """The same with one edit changed; one that is gone meanwhile changes nothing."""
    edits = [replace(edit, **changes) if edit.id == id_ else edit for edit in inputs.edits]
    return inputs.with_edits(edits, inputs.place)


def _place_of(inputs: Inputs, id_: int) -> int | None:
    ids = [edit.id for edit in inputs.edits]
    return ids.index(id_) if id_ in ids else None


def _free_id(inputs: Inputs) -> int:
    return max(edit.id for edit in inputs.edits) + 1


def _check_room(inputs: Inputs) -> None:
    if len(inputs.edits) >= MAX_EDITS:
        raise InputError(f"there are {MAX_EDITS} edits: no more are allowed")
