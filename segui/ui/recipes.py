"""A page's state as a recipe, and a recipe or a workflow as values for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from segui.classifiers.choice import ClassifierChoice
from segui.comfyui.workflow import read_workflow
from segui.options import clean_options
from segui.recipes.marks import mark_of
from segui.recipes.recipe import (
    ClassifierMark,
    Override,
    Recipe,
    differences,
    read_recipe,
    recipe_json,
)
from segui.selection import Side
from segui.takeaway.report import package_versions
from segui.ui.state import Files, Hand, Work

if TYPE_CHECKING:
    from segui.ui.state import AreaKey

_SIGN = b'"segui_recipe"'
_FIRST_BYTES = (
    4_000_000  # the keys of a recipe are sorted: a painted mask may stand before this one
)


@dataclass(frozen=True)
class Settings:
    """What a file says of the page.

    Args:
        values: The controls' values by name, checked.
        notes: What was taken, what could not be, and how the files at hand differ; in sentences.
        overrides: What was set by hand.
        painted: What was painted, the bytes of a PNG.
        is_whole: Whether that is all there is: what else was done by hand, or painted, must go.
        recipe: The recipe, where the file is one.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    overrides: Mapping[AreaKey, Side] = field(default_factory=dict)
    painted: bytes | None = None
    is_whole: bool = False
    recipe: Recipe | None = None


def recipe_of(files: Files, work: Work, hand: Hand, said: Mapping[str, Any]) -> str:
    """The page's state as the text of a recipe.

    Args:
        files: What the user gave.
        work: For the classifier's revision.
        hand: What was done by hand.
        said: What the controls say, by name.

    Raises:
        InputError: A control says what it cannot.
    """
    choice = ClassifierChoice(said["classifier"], said["repo"] or "").key
    recipe = Recipe(
        photo=None if files.photo is None else mark_of(files.photo),
        masks=tuple(mark_of(path) for path in files.masks),
        reference=None if files.reference is None else mark_of(files.reference),
        painted=None if files.painted is None else files.painted.read_bytes(),
        options=clean_options(said),
        classifier=ClassifierMark(choice.name, choice.repo_id, work.scores_revision),
        overrides=tuple(
            Override(box, label, side)
            for (box, label), side in hand.overrides.items()
            if side != "review"
        ),
        versions=package_versions(),
    )
    return recipe_json(recipe)


def read_settings(data: bytes, files: Files) -> Settings:
    """What a recipe, or a workflow of ComfyUI as JSON or in a PNG, says of the page.

    Args:
        data: The file.
        files: Those at hand, which a recipe's are compared with.

    Raises:
        InputError: It is neither, or says what cannot be.
    """
    if _SIGN in data[:_FIRST_BYTES] or _SIGN in data[-_FIRST_BYTES:]:
        return _from_recipe(read_recipe(data), files)
    found = read_workflow(data)
    if not found.values:
        return Settings(notes=found.notes or ("the workflow has none of the nodes known here",))
    return Settings(found.values, found.notes)


def recipe_notes(recipe: Recipe, files: Files) -> tuple[str, ...]:
    """What was taken of a recipe, and how the files at hand differ from its own; in sentences."""
    differing = differences(
        recipe,
        None if files.photo is None else mark_of(files.photo),
        tuple(mark_of(path) for path in files.masks),
        None if files.reference is None else mark_of(files.reference),
    )
    same = (
        "the recipe's files are those at hand: with its options, the result is the recipe's, to the"
        " pixel"
    )
    return ("the recipe's options were taken", *(differing or (same,)), *recipe.unused)


def _from_recipe(recipe: Recipe, files: Files) -> Settings:
    overrides: dict[AreaKey, Side] = {
        (item.bbox, item.label): item.side for item in recipe.overrides
    }
    # the very model that judged, whatever its repo holds by now
    revision = recipe.classifier.revision or recipe.options.get("revision", "")
    pinned = {**recipe.options, "revision": revision}
    notes = recipe_notes(recipe, files)
    return Settings(pinned, notes, overrides, recipe.painted, is_whole=True, recipe=recipe)
