"""A recipe as JSON."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from segui.recipes.marks import FileMark
from segui.recipes.reading import read_recipe
from segui.recipes.recipe import VERSION, Override, Recipe


def recipe_json(recipe: Recipe) -> str:
    """The recipe as text: the same recipe is the same text.

    Raises:
        InputError: Something in it could not be read again.
    """
    painted = recipe.painted
    strokes = [
        {"mask": place, "painted": base64.b64encode(data).decode("ascii")}
        for place, data in sorted(recipe.strokes.items())
    ]
    more = [_mark_fields(mark) for mark in recipe.more_references]
    fields = {
        "segui_recipe": VERSION,
        "photo": _mark_fields(recipe.photo),
        "masks": [_mark_fields(mark) for mark in recipe.masks],
        "reference": _mark_fields(recipe.reference),
        "painted": None if painted is None else base64.b64encode(painted).decode("ascii"),
        "options": dict(recipe.options),
        "classifier": vars(recipe.classifier),
        "overrides": _override_fields(recipe.overrides),
        "versions": dict(recipe.versions),
        # where there are none, older versions have nothing to wonder at
        **({"strokes": strokes} if strokes else {}),
        **({"more_references": more} if more else {}),
        **({"sticker": _mark_fields(recipe.sticker)} if recipe.sticker else {}),
        **({"points": [list(point) for point in recipe.points]} if recipe.points else {}),
        **({"boxes": [list(box) for box in recipe.boxes]} if recipe.boxes else {}),
        **({"edits": _edit_fields(recipe), "open_edit": recipe.open_edit} if recipe.edits else {}),
    }
    text = json.dumps(fields, indent=2, sort_keys=True) + "\n"
    # a recipe that nobody can read is found out now, not when it is needed
    read_recipe(text)
    return text


def _override_fields(overrides: Sequence[Override]) -> list[dict[str, Any]]:
    return [{**vars(item), "bbox": list(item.bbox)} for item in overrides]


def _edit_fields(recipe: Recipe) -> list[dict[str, Any]]:
    return [
        {**vars(edit), "options": dict(edit.options), "overrides": _override_fields(edit.overrides)}
        for edit in recipe.edits
    ]


def _mark_fields(mark: FileMark | None) -> dict[str, str] | None:
    return None if mark is None else {"name": mark.name, "sha256": mark.sha256}
