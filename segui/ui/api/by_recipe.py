"""A call that brings a recipe: what it says counts wherever the call itself says nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from segui.recipes.marks import mark_of
from segui.recipes.reading import read_recipe
from segui.recipes.recipe import Override, Recipe, differences
from segui.session.by_hand import found_again
from segui.session.folders import fresh_folder
from segui.settings import Settings
from segui.storing import store
from segui.ui.api.parameters import endpoint_defaults

if TYPE_CHECKING:
    from segui.edits import Edit
    from segui.finders.picture_files import Inputs
    from segui.segments.segment import Segments

Decided = tuple[Override, ...]

_IN_AN_EDIT: Final = {"expression": "rule"}  # what an edit's own value is called in a list of them


@dataclass(frozen=True)
class ByRecipe:
    """A recipe that a call brings.

    Args:
        recipe: The recipe.
    """

    recipe: Recipe

    @classmethod
    def read(cls, text: str, settings: Settings) -> "ByRecipe | None":
        """The recipe that a call brings, None where it brings none.

        Raises:
            InputError: It is no recipe, or says what cannot be.
        """
        if not text.strip():
            return None
        return cls(read_recipe(text, max_megapixels=settings.max_megapixels))

    def merged(self, said: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """A call's options: those that it says otherwise than by default, else the recipe's.

        Gradio sends the default where a program says nothing: the two cannot be told apart.
        """
        defaults = endpoint_defaults(settings, has_paste=True)
        own = {name: value for name, value in said.items() if value != defaults.get(name)}
        recipe = self.recipe
        marks = {
            "points": [list(point) for point in recipe.points],
            "boxes": [list(box) for box in recipe.boxes],
        }
        # the very model that judged, whatever its repo holds by now
        judged_by = {"revision": recipe.classifier.revision} if recipe.classifier.revision else {}
        return {**recipe.options, **judged_by, **{k: v for k, v in marks.items() if v}, **own}

    @property
    def edits(self) -> list[dict[str, Any]]:
        """Its several edits, as a call says them; none where it has but one."""
        return [
            {
                **{_IN_AN_EDIT.get(name, name): value for name, value in edit.options.items()},
                "name": edit.name,
                "enabled": edit.enabled,
            }
            for edit in self.recipe.edits
        ]

    @property
    def decided(self) -> tuple[Decided, ...]:
        """What was set by hand in each of its edits."""
        edits = self.recipe.edits
        return tuple(edit.overrides for edit in edits) if edits else (self.recipe.overrides,)

    def painted(self, files: "Inputs", folder: Path) -> "Inputs":
        """The files with what was painted, which the recipe brings.

        What was painted on a mask file is laid on the file of the same bytes.

        Args:
            files: Those of the call; strokes that it brings itself are what counts.
            folder: Where Gradio keeps what it clears away.
        """
        recipe = self.recipe
        if recipe.painted is not None:
            files = replace(files, painted=_kept(recipe.painted, folder))
        laid = {} if files.strokes else self._laid_on(files.masks)
        if not laid:
            return files
        strokes = tuple(
            _kept(laid[place], folder) if place in laid else None
            for place in range(len(files.masks))
        )
        return replace(files, strokes=strokes)

    def notes(self, files: "Inputs") -> tuple[str, ...]:
        """How a call's files differ from the recipe's, and what of it means nothing; sentences."""
        differing = differences(
            self.recipe,
            mark_of(files.image),
            [mark_of(mask) for mask in files.masks],
            None if files.reference is None else mark_of(files.reference),
            [mark_of(file) for file in files.more_references],
            None if files.sticker is None else mark_of(files.sticker),
        )
        return (*differing, *self.recipe.unused)

    def _laid_on(self, masks: Sequence[Path]) -> dict[int, bytes]:
        """What was painted on mask files at hand, by their places."""
        strokes = self.recipe.strokes
        left = {place: mark_of(mask).sha256 for place, mask in enumerate(masks)} if strokes else {}
        laid = {}
        for place, mark in enumerate(self.recipe.masks):
            same = next((now for now, digest in left.items() if digest == mark.sha256), None)
            if same is not None:
                left.pop(same)
                if place in strokes:
                    laid[same] = strokes[place]
        return laid


def decided_by_hand(
    edits: Sequence["Edit"], decided: Sequence[Decided], segments: "Segments"
) -> tuple[tuple["Edit", ...], tuple[str, ...]]:
    """Edits with what a recipe has set by hand, and what of it is not there; in sentences.

    Args:
        edits: The edits.
        decided: What was set in each of them.
        segments: The segments that there are.
    """
    made, missing = [], 0
    for edit, marks in zip(edits, decided, strict=True):
        sides = {(mark.bbox, mark.label): mark.side == "filtered" for mark in marks}
        found = found_again(segments, sides)
        missing += len(sides) - len(found)
        by_number = {place + 1: sides[key] for place, key in found.items()}
        made.append(replace(edit, by_hand={**by_number, **edit.by_hand}))
    if not missing:
        return tuple(made), ()
    are = "area that was set by hand is" if missing == 1 else "areas that were set by hand are"
    return tuple(made), (f"{missing} {are} not there",)


def _kept(png: bytes, folder: Path) -> Path:
    path = fresh_folder(folder) / "painted.png"
    store(path, png)
    return path
