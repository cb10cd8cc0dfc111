"""A session as a recipe, and a recipe or a workflow as a command for a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from segui.comfyui.workflow import read_workflow
from segui.errors import InputError
from segui.models.finder_catalogue import OWN_MODEL
from segui.options import EDIT_OPTIONS, default_values
from segui.recipes.link import link_of, read_link
from segui.recipes.marks import mark_of
from segui.recipes.reading import read_recipe
from segui.recipes.recipe import ClassifierMark, EditMark, Override, Recipe, differences
from segui.recipes.writing import recipe_json as text_of
from segui.session.commands import ReadSettings
from segui.session.files import FileRef, Files, Point
from segui.session.inputs import EditInputs, Inputs
from segui.takeaway.report import package_versions

if TYPE_CHECKING:
    from segui.recipes.marks import FileMark
    from segui.selection import Side
    from segui.session.inputs import AreaKey, Values
    from segui.session.view import View

_SIGN = b'"segui_recipe"'
# the keys of a recipe are sorted: a painted mask may stand before this one
_FIRST_BYTES = 4_000_000


def recipe_of(view: View) -> str:
    """What made the picture that is seen, as the text of a recipe.

    Args:
        view: What is seen. A value that is shown but cannot be used is not in force, and no
            recipe's.
    """
    return text_of(recipe_made(view))


def recipe_link(view: View) -> str:
    """The same as what stands in a link behind ``#recipe=``.

    Raises:
        InputError: What is seen is not up to date, has no photo, or is too much for a link.
    """
    if view.stale:
        raise InputError(view.stale)
    if view.inputs.files.photo is None:
        raise InputError("there is no photo yet: a recipe is of one")
    return link_of(recipe_made(view))


def read_link_settings(
    text: str, files: Files, keep: Callable[[bytes], FileRef], max_megapixels: float
) -> ReadSettings:
    """What the recipe of a link asks for; the arguments are those of ``read_settings``.

    Raises:
        InputError: It is no recipe, or says what cannot be.
    """
    return settings_of(read_link(text, max_megapixels=max_megapixels), files, keep)


def recipe_made(view: View) -> Recipe:
    """What made the picture that is seen."""
    inputs, files = view.inputs, view.inputs.files
    choice, scored = inputs.classifier.key, view.plan.scored
    return Recipe(
        photo=_mark(files.photo),
        masks=tuple(mark_of(mask.path) for mask in files.masks),
        reference=_mark(files.reference),
        more_references=tuple(mark_of(file.path) for file in files.more_references),
        sticker=_mark(files.sticker),
        painted=None if files.painted is None else files.painted.path.read_bytes(),
        options=_pinned(view),
        classifier=ClassifierMark(
            choice.name, choice.repo_id, "" if scored is None else scored.revision
        ),
        overrides=_as_marks(inputs.overrides),
        versions=package_versions(),
        strokes={
            place: strokes.path.read_bytes()
            for place, mask in enumerate(files.masks)
            if (strokes := files.strokes_on(mask.id)) is not None
        },
        edits=_edits_of(inputs),
        open_edit=inputs.place,
        points=tuple((point.x, point.y, int(point.is_wanted)) for point in files.points),
        boxes=files.boxes,
    )


def _pinned(view: View) -> dict[str, Any]:
    """The options, with the commits of the models that found: their repos may hold others later."""
    options = dict(view.inputs.options)
    is_seen = view.scene is not None and view.plan.areas == view.inputs.areas
    if is_seen and view.scene is not None and view.scene.edges_by:
        options["edges_by"] = view.scene.edges_by
    by = view.scene.found_by if view.scene is not None and is_seen else None
    if by is None or options["finder"] != OWN_MODEL:
        return options
    outliner = {"outlined_by": by.outlined_by} if by.outlined_by else {}
    return {**options, "finder_repo": by.pinned, **outliner}


def _edits_of(inputs: Inputs) -> tuple[EditMark, ...]:
    """Several edits; the only one is what the options say, if it is made."""
    edits = inputs.edits
    if len(edits) == 1 and inputs.enabled and not inputs.edit_name:
        return ()
    return tuple(
        EditMark(edit.options, _as_marks(edit.overrides), edit.enabled, edit.name) for edit in edits
    )


def _as_marks(overrides: Mapping[AreaKey, Side]) -> tuple[Override, ...]:
    return tuple(
        Override(box, label, side) for (box, label), side in overrides.items() if side != "review"
    )


def _from_marks(marks: Sequence[Override]) -> dict[AreaKey, Side]:
    return {(item.bbox, item.label): item.side for item in marks}


def read_settings(
    data: bytes, files: Files, keep: Callable[[bytes], FileRef], max_megapixels: float
) -> ReadSettings:
    """What a recipe, or a workflow of ComfyUI as JSON or in a PNG, asks for.

    Args:
        data: The file.
        files: Those at hand, which a recipe's are compared with.
        keep: Keeps what was painted, the bytes of a PNG.
        max_megapixels: Largest painted mask that is read.

    Raises:
        InputError: It is neither, or says what cannot be.
    """
    if _SIGN in data[:_FIRST_BYTES] or _SIGN in data[-_FIRST_BYTES:]:
        recipe = read_recipe(data, max_megapixels=max_megapixels)
        return settings_of(recipe, files, keep)
    found = read_workflow(data)
    if not found.values:
        return ReadSettings({}, found.notes or ("the workflow has none of the nodes known here",))
    return ReadSettings(found.values, found.notes)


def recipe_notes(recipe: Recipe, files: Files) -> tuple[str, ...]:
    """What was taken of a recipe, and how the files at hand differ from its own; in sentences."""
    masks = tuple(mark_of(mask.path) for mask in files.masks)
    more = tuple(mark_of(file.path) for file in files.more_references)
    own = _mark(files.photo), masks, _mark(files.reference), more, _mark(files.sticker)
    differing = differences(recipe, *own)
    same = (
        "the recipe's files are those at hand: with its options, the result is the recipe's, to the"
        " pixel"
    )
    differing = (*differing, *_strokes_missing(recipe, files))
    return ("the recipe's options were taken", *(differing or (same,)), *recipe.unused)


def _strokes_missing(recipe: Recipe, files: Files) -> tuple[str, ...]:
    """Which mask files were painted on, and are not by now."""
    known = _painted_on(recipe, files)
    return tuple(
        f"what was painted on {recipe.masks[place].name} is not on it: give the recipe once more"
        " when that mask is there"
        for place in sorted(recipe.strokes)
        if place not in known or files.strokes_on(known[place]) is None
    )


def _painted_on(recipe: Recipe, files: Files) -> dict[int, str]:
    """The ids of the files at hand that the recipe was painted on, by their places in it."""
    if not recipe.strokes:
        return {}
    left = [(mask.id, mark_of(mask.path).sha256) for mask in files.masks]
    found = {}
    for place, mark in enumerate(recipe.masks):
        same = next((one for one in left if one[1] == mark.sha256), None)
        if same is not None:
            left.remove(same)
            found[place] = same[0]
    return {place: id_ for place, id_ in found.items() if place in recipe.strokes}


def _mark(file: FileRef | None) -> FileMark | None:
    return None if file is None else mark_of(file.path)


def settings_of(recipe: Recipe, files: Files, keep: Callable[[bytes], FileRef]) -> ReadSettings:
    """What a recipe asks for.

    Args:
        recipe: The recipe.
        files: Those at hand, which its own are compared with.
        keep: Keeps what was painted, the bytes of a PNG.
    """
    defaults = default_values()
    overrides = _from_marks(recipe.overrides)
    # the very model that judged, whatever its repo holds by now
    revision = recipe.classifier.revision or recipe.options.get("revision", "")
    pinned = {**recipe.options, "revision": revision}
    painted = None if recipe.painted is None else keep(recipe.painted)
    strokes = {
        id_: keep(recipe.strokes[place]) for place, id_ in _painted_on(recipe, files).items()
    }
    notes = recipe_notes(recipe, files.with_strokes(strokes))
    edits = tuple(_as_inputs(number, edit, defaults) for number, edit in enumerate(recipe.edits, 1))
    return ReadSettings(
        pinned,
        notes,
        True,
        overrides,
        painted,
        recipe,
        strokes,
        edits,
        recipe.open_edit,
        tuple(Point(x, y, bool(wanted)) for x, y, wanted in recipe.points),
        recipe.boxes,
    )


def _as_inputs(number: int, edit: EditMark, defaults: Values) -> EditInputs:
    """An edit of a recipe; what it does not say is as at first."""
    options = {name: edit.options.get(name, defaults[name]) for name in EDIT_OPTIONS}
    overrides = _from_marks(edit.overrides)
    return EditInputs(number, options, options, {}, overrides, edit.enabled, edit.name)
