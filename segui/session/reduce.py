"""What inputs become by a command. Pure: the same inputs and command give the same inputs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from segui.backend.effect_table import NO_EFFECT, OWN_STICKER, STICKER
from segui.errors import InputError
from segui.options import OPTIONS, carries_strength, default_of, take_options, unsuited_values
from segui.options.reading import no_such
from segui.session import commands, edits, versions
from segui.session.commands import Command
from segui.session.files import Files
from segui.session.inputs import OWN, Areas, EditInputs, Inputs, Values
from segui.session.rule_writing import texts_after
from segui.session.rules import TEXTS_WITH_RULES, trouble_of

UNREADABLE: Final = "the rule cannot be read"
MOST_MARKS: Final = 100  # clicked or framed on one photo
MOST_REMEMBERED: Final = 20  # former areas that may have to stand in for such as cannot be made


def reduce(inputs: Inputs, command: Command) -> Inputs:
    """The inputs after a command.

    Args:
        inputs: Those before.
        command: What was done. ``Undo`` and ``Redo`` are the session's: they need its history.

    Raises:
        InputError: The command cannot be done.
        ExpressionError: The builder's condition cannot join a rule that cannot be read.
    """
    changed = _forgetful(_REDUCERS[type(command)](inputs, command).after(inputs))
    # what failed at an attempt is kept under its number, so no number comes twice
    changed = replace(changed, attempt=max(changed.attempt, inputs.attempt))
    # what an example shows is not seen any more once something is changed
    is_shown = isinstance(command, commands.Show | commands.ShowMine | commands.Pick)
    is_as_shown = is_shown or changed.taken_as(inputs) == inputs
    return changed if is_as_shown else replace(changed, story="")


def with_options(inputs: Inputs, values: Values) -> Inputs:
    """Options as they are entered: what can be used is in force, the rest says why it is not.

    Args:
        inputs: Those before.
        values: By name.

    Raises:
        InputError: There is no such option.
    """
    for name in values:
        if name not in OPTIONS:
            raise InputError(no_such(name, OPTIONS))
    entered = {**inputs.entered, **values}
    options, refused = take_options(inputs.options, entered)
    if sentence := _rules_missed(inputs, options, entered):
        options["rules"] = inputs.options["rules"]
        refused["rules"] = sentence
    for name in TEXTS_WITH_RULES:
        trouble = trouble_of(str(entered[name] or ""), options["rules"], name)
        if name not in refused and trouble:
            options[name] = inputs.options[name]
            refused[name] = UNREADABLE if name == "expression" else trouble
    changed = replace(inputs, entered=entered, options=options, refused=refused)
    return changed if options["rules"] == inputs.options["rules"] else _read_anew(changed)


def _rules_missed(inputs: Inputs, options: Values, entered: Values) -> str:
    """Why other rules with names cannot take the place of those in force; empty where they can.

    What is in force of each edit has to be readable with them. Of the open one that may be what is
    entered, so that a name can be changed in either of the two places first.
    """
    named, before = options["rules"], inputs.options["rules"]
    if named == before:
        return ""
    for number, edit in enumerate(inputs.edits, 1):
        for name in TEXTS_WITH_RULES:
            texts = [edit.options[name]]
            if edit.id == inputs.edit_id:
                texts.append(str(entered[name] or ""))
            troubles = [trouble_of(text, named, name) for text in texts]
            # one that could not be read before, as of a recipe written by hand, misses nothing
            if all(troubles) and not trouble_of(texts[0], before, name):
                what = "the rule" if name == "expression" else "the opacity by area"
                whose = f" of edit {number}" if len(inputs.edits) > 1 else ""
                return f"{what}{whose} could not be read any more: {troubles[0]}"
    return ""


def _read_anew(inputs: Inputs) -> Inputs:
    """The same, where texts of other edits are in force that can be read by now as they stand."""
    edits = [
        edit if edit.id == inputs.edit_id else _read_edit_anew(edit, inputs.options["rules"])
        for edit in inputs.edits
    ]
    return inputs.with_edits(edits, inputs.place)


def _read_edit_anew(edit: EditInputs, rules: str) -> EditInputs:
    for name in TEXTS_WITH_RULES:
        text = str(edit.entered[name] or "")
        is_suited = not unsuited_values(edit.options["effect"], {name: text})
        if name in edit.refused and is_suited and not trouble_of(text, rules, name):
            left = {other: why for other, why in edit.refused.items() if other != name}
            edit = replace(edit, options={**edit.options, name: text}, refused=left)
    return edit


def _consequences(inputs: Inputs, values: Values) -> dict[str, Any]:
    """A revision of the former classifier is none of another one's, nor are percent px."""
    entered = inputs.entered
    told = {name for name in values if values[name] != entered.get(name)}
    changed: dict[str, Any] = {}
    if "classifier" in told and "revision" not in told:
        changed["revision"] = ""
    is_other = "effect" in told and "strength" not in told
    if is_other and not carries_strength(inputs.options["effect"], str(values["effect"])):
        changed["strength"] = default_of("strength")
    return changed


def _photo(inputs: Inputs, command: commands.GivePhoto) -> Inputs:
    opened = _other_photo(inputs, command)
    # how the former photo had to be turned says nothing of this one; a recipe's own does
    turned = {} if inputs.has_settings else {"turn_photo": inputs.defaults["turn_photo"]}
    return with_options(opened, {**turned, **({"shrink": True} if command.shrink else {})})


def _other_photo(inputs: Inputs, command: commands.GivePhoto) -> Inputs:
    given = Files(photo=command.photo)
    if inputs.scene != OWN and not inputs.has_settings:
        return Inputs.fresh(inputs.defaults).with_files(given)
    # what was painted or done by hand belongs to the photo that it was done on; a recipe's, read
    # before its photo came, to this one
    belongs = inputs.has_settings
    kept = Files() if inputs.scene != OWN else inputs.files
    painted = inputs.files.painted if belongs else None
    files = replace(kept, photo=command.photo, painted=painted)
    if not belongs:
        files = files.with_strokes({}).without_marks()
    done = inputs if belongs else inputs.without_overrides()
    return replace(done, has_settings=False, scene=OWN).with_files(files)


def _reference(inputs: Inputs, command: commands.GiveReference) -> Inputs:
    given, number = versions.given(inputs, command)
    if command.reference is None:
        return given
    own = replace(given, scene=OWN)
    values = {"effect": NO_EFFECT, "version": number}
    # a rule that somebody wrote stays
    is_fresh = number > 1 and own.entered["expression"] == own.defaults["expression"]
    rule = {"expression": versions.rule_for(own, number)} if is_fresh else {}
    return with_options(own, {**values, **rule})


def _sticker(inputs: Inputs, command: commands.GiveSticker) -> Inputs:
    changed = inputs.with_files(replace(inputs.files, sticker=command.sticker))
    if command.sticker is None:
        return changed
    return _options(changed, commands.SetOptions({"effect": STICKER, "sticker": OWN_STICKER}))


def _more_masks(inputs: Inputs, command: commands.AddMasks) -> Inputs:
    files = inputs.files
    return inputs.with_files(files.with_masks(files.masks + command.masks))


def _fewer_masks(inputs: Inputs, command: commands.RemoveMask) -> Inputs:
    left = tuple(mask for mask in inputs.files.masks if mask.id != command.id)
    return inputs.with_files(inputs.files.with_masks(left))


def _no_masks(inputs: Inputs, _: commands.RemoveAllMasks) -> Inputs:
    return inputs.with_files(replace(inputs.files, painted=None).with_masks(()))


def _paint(inputs: Inputs, command: commands.Paint) -> Inputs:
    files = inputs.files
    if files.photo is None:
        return inputs
    if not command.on:
        return inputs.with_files(replace(files, painted=command.painted))
    others = {strokes.on: strokes.file for strokes in files.strokes}
    return inputs.with_files(files.with_strokes({**others, command.on: command.painted}))


def _mark_point(inputs: Inputs, command: commands.MarkPoint) -> Inputs:
    files = inputs.files
    if len(files.points) >= MOST_MARKS:
        raise InputError(f"{MOST_MARKS} points were clicked: no more are allowed")
    return inputs.with_files(replace(files, points=(*files.points, command.point)))


def _mark_box(inputs: Inputs, command: commands.MarkBox) -> Inputs:
    files = inputs.files
    if len(files.boxes) >= MOST_MARKS:
        raise InputError(f"{MOST_MARKS} boxes were drawn: no more are allowed")
    return inputs.with_files(replace(files, boxes=(*files.boxes, command.box)))


def _clear_marks(inputs: Inputs, _: commands.ClearMarks) -> Inputs:
    return inputs.with_files(inputs.files.without_marks())


def _options(inputs: Inputs, command: commands.SetOptions) -> Inputs:
    changed = with_options(inputs, {**command.values, **_consequences(inputs, command.values)})
    is_turned = changed.options["turn_photo"] != inputs.options["turn_photo"]
    return _without_what_lies(changed) if is_turned else changed


def _without_what_lies(inputs: Inputs) -> Inputs:
    """The same without all that was done by hand at places of the photo, which is another now."""
    files = replace(inputs.files, painted=None).with_strokes({}).without_marks()
    return replace(inputs.without_overrides(), picked=0).with_files(files)


def _build_rule(inputs: Inputs, command: commands.BuildRule) -> Inputs:
    before = {name: str(inputs.entered[name] or "") for name in ("expression", "rules")}
    if "rules" in inputs.refused:
        before["rules"] = inputs.options["rules"]
    changed = texts_after(before, command.event, command.data)
    return with_options(inputs, changed)


def _override(inputs: Inputs, command: commands.Override) -> Inputs:
    others = {area: side for area, side in inputs.overrides.items() if area != command.area}
    if command.side is not None:
        others[command.area] = command.side
    return replace(inputs, overrides=others)


def _pick(inputs: Inputs, command: commands.Pick) -> Inputs:
    is_again = command.number == inputs.picked
    return replace(inputs, picked=0 if is_again else command.number)


def _read_settings(inputs: Inputs, command: commands.ReadSettings) -> Inputs:
    known = replace(inputs, has_settings=True, notes=command.notes, recipe=command.recipe)
    if command.is_whole:
        known = replace(known, overrides=command.overrides, earlier=(), later=())
        known = replace(known, enabled=True, edit_name="")
        marked = replace(known.files, points=command.points, boxes=command.boxes)
        painted = replace(marked, painted=command.painted)
        known = known.with_files(painted.with_strokes(command.strokes))
        whole = with_options(known, {**inputs.defaults, **command.values})
        return whole.with_edits(command.edits, command.place) if command.edits else whole
    return _options(known, commands.SetOptions(command.values))


def _open_project(inputs: Inputs, command: commands.OpenProject) -> Inputs:
    given = Inputs.fresh(inputs.defaults).with_files(command.files)
    # its files are there with it: another photo is another picture, and takes nothing of it
    return replace(_read_settings(given, command.settings), has_settings=False)


def _show(inputs: Inputs, command: commands.Show) -> Inputs:
    has_own = inputs.scene == OWN and inputs.files.photo is not None
    return replace(command.inputs, mine=replace(inputs, mine=None) if has_own else inputs.mine)


def _show_mine(inputs: Inputs, _: commands.ShowMine) -> Inputs:
    return inputs if inputs.mine is None else inputs.mine


def _clear(inputs: Inputs, _: commands.Clear) -> Inputs:
    return Inputs.fresh(inputs.defaults)


def _ask_again(inputs: Inputs, _: commands.AskAgain) -> Inputs:
    return replace(inputs, declined=None, attempt=inputs.attempt + 1)


def _cancel(inputs: Inputs, _: commands.Cancel) -> Inputs:
    return replace(inputs, declined=inputs.question)


def _unknown(_: Inputs, command: Command) -> Inputs:
    raise InputError(f"{type(command).__name__} needs a history: ask the session")


_REDUCERS: Final[Mapping[type, Callable[[Inputs, Any], Inputs]]] = {
    commands.GivePhoto: _photo,
    commands.GiveReference: _reference,
    commands.RemoveReference: versions.removed,
    commands.GiveSticker: _sticker,
    commands.AddMasks: _more_masks,
    commands.RemoveMask: _fewer_masks,
    commands.RemoveAllMasks: _no_masks,
    commands.Paint: _paint,
    commands.MarkPoint: _mark_point,
    commands.MarkBox: _mark_box,
    commands.ClearMarks: _clear_marks,
    commands.SetOptions: _options,
    commands.BuildRule: _build_rule,
    commands.AddEdit: edits.add,
    commands.CopyEdit: edits.copy,
    commands.OpenEdit: edits.open_,
    commands.RemoveEdit: edits.remove,
    commands.MoveEdit: edits.move,
    commands.EnableEdit: edits.enable,
    commands.RenameEdit: edits.rename,
    commands.HideUndecided: edits.hide_undecided,
    commands.Override: _override,
    commands.Pick: _pick,
    commands.ReadSettings: _read_settings,
    commands.OpenProject: _open_project,
    commands.Show: _show,
    commands.ShowMine: _show_mine,
    commands.Clear: _clear,
    commands.AskAgain: _ask_again,
    commands.Cancel: _cancel,
    commands.Undo: _unknown,
    commands.Redo: _unknown,
}


def _forgetful(inputs: Inputs) -> Inputs:
    """The same with no more former areas than may be looked at."""
    chain: list[Areas] = []
    at = inputs.before
    while at is not None and len(chain) < MOST_REMEMBERED:
        chain.append(at)
        at = at.before
    if at is None:
        return inputs
    shortened = None
    for areas in reversed(chain):
        shortened = replace(areas, before=shortened)
    return replace(inputs, before=shortened)
