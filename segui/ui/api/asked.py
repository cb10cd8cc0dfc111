"""What a call of an endpoint asks for, read and checked before anything is done for it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from segui.backend.effect_table import NO_EFFECT, OWN_STICKER, STICKER
from segui.classifiers.catalogue import LIKE_THESE, MANUAL, MANUAL_WORDS
from segui.classifiers.choice import ClassifierChoice, choice_of
from segui.classifiers.making import find_entry
from segui.errors import InputError
from segui.options import EDIT_OPTIONS, option_range
from segui.session.pool import LARGE_PIXELS
from segui.settings import Settings
from segui.ui.api.by_recipe import ByRecipe, Decided, decided_by_hand
from segui.ui.api.parameters import read_parameters
from segui.ui.api.values import check_upload, check_uploads
from segui.ui.layout import choices

if TYPE_CHECKING:
    from segui.edits import Edit
    from segui.finders.picture_files import Inputs
    from segui.scores.examples import Example
    from segui.segments.segment import Segments

# of all that a call has read and made: four files and edits of the largest photo that is not large
_LARGE_MEGAPIXELS: Final = 4 * LARGE_PIXELS / 1e6


@dataclass(frozen=True)
class Given:
    """The files of a call, as Gradio hands them on: nothing of them is checked.

    Args:
        image: The photo.
        masks: What says where segments are.
        reference: The edited version.
        more_references: Further ones.
        sticker_picture: What is laid on segments.
    """

    image: Any
    masks: Any
    reference: Any
    more_references: Any
    sticker_picture: Any


@dataclass(frozen=True)
class Asked:
    """What a call asks for, checked.

    Args:
        inputs: The files.
        values: Every option's value, by name.
        classifier: Who judges.
        edits: What is done: one or more.
        are_listed: Whether they are what the call says as ``edits``, and not the one that its
            options are.
        examples: What segments are compared with, by number or point.
        decided: What a recipe has set by hand, for each edit; none where there is no recipe.
        notes: What there is to say of a recipe, in sentences.
    """

    inputs: "Inputs"
    values: dict[str, Any]
    classifier: ClassifierChoice
    edits: tuple["Edit", ...]
    are_listed: bool
    examples: tuple["Example", ...] = ()
    decided: tuple[Decided, ...] = ()
    notes: tuple[str, ...] = ()

    def among(self, segments: "Segments") -> "Asked":
        """The same, what a recipe has set by hand found among the segments that there are."""
        if not self.decided:
            return self
        edits, missing = decided_by_hand(self.edits, self.decided, segments)
        return replace(self, edits=edits, decided=(), notes=(*self.notes, *missing))

    @property
    def by_hand(self) -> dict[int, bool]:
        """What the edits decide by hand, by number; chosen by any of them is a yes."""
        decided: dict[int, bool] = {}
        for edit in self.edits:
            for number, is_chosen in edit.by_hand.items():
                decided[number] = decided.get(number, False) or is_chosen
        return decided


def read_call(given: Given, options: Mapping[str, Any], settings: Settings, folder: Path) -> Asked:
    """What a call asks for: every value is checked before any work is done.

    Args:
        given: Its files.
        options: The values of its options, by name.
        settings: Limits.
        folder: Where Gradio keeps uploads.

    Raises:
        InputError: A value, or a file, cannot be used.
        ExpressionError: A rule cannot be read.
    """
    from segui.expression import parse, read_rules
    from segui.finders.marks import read_boxes, read_points
    from segui.finders.painting import read_painting
    from segui.finders.picture_files import Inputs
    from segui.scores.examples import NO_EXAMPLES, read_examples

    values = read_parameters(options, settings)
    recipe = ByRecipe.read(values["recipe"], settings)
    if recipe is not None:
        values = read_parameters(recipe.merged(options, settings), settings)
    parse(values["expression"], read_rules(values["rules"]))
    own = _listed_edits(values)
    listed = own or (() if recipe is None else _edits_of(recipe.edits, values))
    edits = listed or (_edit_of(values),)
    photo = check_upload("image", given.image, folder)
    masks = check_uploads("masks", given.masks, folder, settings.max_masks)
    on_masks, strokes = read_painting(values["strokes"], masks)
    _, most = option_range("version")
    files = Inputs(
        photo,
        on_masks,
        _one("reference", given.reference, folder),
        strokes=strokes,
        points=read_points(values["points"]),
        boxes=read_boxes(values["boxes"]),
        more_references=check_uploads("more_references", given.more_references, folder, most - 1),
        sticker=_one("sticker_picture", given.sticker_picture, folder),
    )
    by_recipe: dict[str, Any] = {}
    if recipe is not None:
        files = recipe.painted(files, folder)
        by_recipe = {"notes": recipe.notes(files), "decided": () if own else recipe.decided}
    rules = [edit.rule for edit in edits]
    fades = [edit.fade for edit in edits]
    choice = _classifier_of(values, rules, fades)
    examples = read_examples(values["examples"])
    asked = Asked(files, values, choice, edits, bool(listed), examples, **by_recipe)
    if choice.name == LIKE_THESE and not (examples or asked.by_hand or any(asked.decided)):
        raise InputError(NO_EXAMPLES)
    return asked


def is_large(asked: Asked, settings: Settings) -> bool:
    """Whether a call may take seconds: by its photo, or by all that it has read and made."""
    from segui.images.opening import decode_megapixels, header_size

    files, reading = asked.inputs, settings.with_shrink(asked.values["shrink"]).reading
    width, height = header_size(files.image, **reading)
    if width * height > LARGE_PIXELS:
        return True
    others = [*files.masks, *files.versions, *([files.sticker] if files.sticker else [])]
    edits = sum(edit.enabled for edit in asked.edits)
    megapixels = decode_megapixels(files.image, **reading) + edits * width * height / 1e6
    for file in others:
        if megapixels > _LARGE_MEGAPIXELS:
            break
        with suppress(InputError):  # a text; or what is wrong is said where it is read
            megapixels += decode_megapixels(file, **reading)
    return megapixels > _LARGE_MEGAPIXELS


def check_something_to_paste(asked: Asked) -> None:
    """Before the classifier works for a paste that cannot be."""
    pastes = [edit.paste for edit in asked.edits if edit.enabled]
    takes_own = any(one.effect == STICKER and one.sticker == OWN_STICKER for one in pastes)
    if takes_own and asked.inputs.sticker is None:
        raise InputError("there is no picture for the sticker: give sticker_picture")
    count = len(asked.inputs.versions)
    # with nothing that says where areas are, that is told of later
    is_told_later = not (count or asked.inputs.masks or asked.values["finder"])
    made = [paste for paste in pastes if paste.effect == NO_EFFECT]
    if made and not count and not is_told_later:
        raise InputError("there is nothing to paste: give a reference, or an effect")
    for paste in made:
        if count and paste.version > count:
            there = "there is 1" if count == 1 else f"there are {count}"
            raise InputError(f"there is no edited version {paste.version}: {there}")


def _one(name: str, value: Any, folder: Path) -> Path | None:
    return None if value is None else check_upload(name, value, folder)


def _classifier_of(
    values: Mapping[str, Any], rules: Sequence[str], fades: Sequence[str]
) -> ClassifierChoice:
    """One of the catalogue, else a repo id; the catalogue itself says what is allowed.

    A manual entry takes its repo id after a colon, or from ``repo``, as recipes have it.

    Args:
        values: Every option's value.
        rules: All that are to be answered.
        fades: What opacity follows, of all edits.
    """
    text = values["classifier"].strip()
    name, _, repo_id = (part.strip() for part in text.partition(":"))
    if name in {MANUAL, MANUAL_WORDS}:
        repo_id = repo_id or values["repo"].strip()
    elif text not in choices.CLASSIFIERS:
        name, repo_id = MANUAL, text
    if not text or (find_entry(name).is_manual and not repo_id):
        raise InputError(
            f"classifier is {text!r}: expected a name such as 'Colour names', or a repo id"
        )
    return choice_of({**values, "classifier": name, "repo": repo_id}, rules, fades)


def _edit_of(values: Mapping[str, Any]) -> "Edit":
    """The one edit that a call's options are."""
    from segui.edits import Edit
    from segui.expression import read_rules
    from segui.paste_values import PasteOptions

    rule, rules = values["expression"], read_rules(values["rules"])
    paste, undecided = PasteOptions.of(values), values["on_unknown"]
    return Edit(rule, paste, on_unknown=undecided, rules=rules, fade=values["fade"])


def _listed_edits(values: Mapping[str, Any]) -> tuple["Edit", ...]:
    """Several edits, where a call says them; what they do not say is as its options are."""
    from segui.edits import read_edits
    from segui.json_reading import read_json

    text = values["edits"].strip()
    if not text:
        return ()
    said = read_json(text, "edits", max_bytes=len(text), is_each_once=True)
    return read_edits(said, {name: values[name] for name in (*EDIT_OPTIONS, "rules")})


def _edits_of(listed: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> tuple["Edit", ...]:
    """A recipe's edits; what they do not say is as at first."""
    from segui.edits import read_edits

    return read_edits([*listed], {"rules": values["rules"]})
