"""A session's view as the cells of a page: what each property of each component is to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from segui.backend.effect_table import (
    BLOCKS_AN_AREA,
    HIDE,
    MOSAIC,
    NO_EFFECT,
    OWN_STICKER,
    PIXELATE,
    STICKER,
    STONES,
    strength_of,
)
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.offers import find_entry, privacy_note
from segui.images.formats import FORMATS
from segui.masks.texts import is_text_file
from segui.models.finder_catalogue import OWN_MODEL
from segui.options import (
    OPTIONS,
    REFUSED_BY_SOME,
    STRENGTHS,
    PxOrShare,
    only_values,
    percent_of,
)
from segui.session.inputs import OWN
from segui.session.results import Failed
from segui.session.view import View
from segui.ui.layout import choices
from segui.ui.layout.controls import WHAT_HAPPENS, WHICH_AREAS
from segui.ui.screen import FRAME, NOTHING_PAINTED, Cells, Screen
from segui.ui.view import areas as area_html
from segui.ui.view import edits as edit_html
from segui.ui.view import html
from segui.ui.view.finder_controls import confidence_help, finder_choices, shown_controls
from segui.ui.view.percent import refusal, to_page
from segui.ui.view.rule_builder import builder_value
from segui.ui.view.rules import named_notes, named_title, rule_notes
from segui.ui.view.sentences import about, megabytes, picture_size, plural, sentence

if TYPE_CHECKING:
    from segui.session.view import Step
    from segui.settings import Settings
    from segui.ui.view.messages import Base, LeftOut, Live, MaskLayer, Painted

_NOTHING_TO_PASTE: Final = "Nothing to paste yet: say what happens, or add an edited version."
_NO_STICKER: Final = "No picture for the sticker yet: add one, or pick another sticker."
_SHOWS_THROUGH: Final = (
    "What is hidden shows through at its edge, or by its opacity: “Hide for privacy” covers "
    "all of it."
)
_BUSY: Final = {
    "photo": "Reading the photo…",
    "scene": "Finding the areas…",
    "scores": "Judging the areas…",
}
_FITTED: Final = {"hide": "each area", "pixelate": "the picture and its largest area"}
_SHARES: Final = (0, 100, 0.5)  # the slider of a strength in percent
TAKES: Final = (
    "mask", "cutouts", "layers", "psd", "label_map", "coco", "yolo", "labelme",
    "panoptic", "scores", "recipe", "project", "link", "copy",
)  # fmt: skip


@dataclass(frozen=True)
class Renderer:
    """Turns views into cells.

    Args:
        settings: How long pictures are kept after a page was closed, limits on mask files.
        lends_gpu: Whether models run where a GPU is lent, whatever is chosen.
        labels_of: What a classifier can say, as far as that is known without asking anybody.
    """

    settings: Settings
    lends_gpu: bool
    labels_of: Callable[[ClassifierChoice], Sequence[str]]

    def cells(self, view: View, screen: Screen) -> Cells:
        """What a page is to show of a view.

        While something is being worked out, that is what was said and that it is being done; the
        picture and the areas stay, all of them as they were, until all of the new ones are there.

        Args:
            view: What there is to show.
            screen: What the page asked for beside that, and what was made for it before.
        """
        said = self._said(view, screen)
        if not view.plan.is_settled:
            return {**said, (FRAME, "busy"): _busy(view)}
        return {**said, **self._frame(view, screen), **self._worked_out(view, screen)}

    # ---- what was given and said ----------------------------------------------------------------

    def _said(self, view: View, screen: Screen) -> dict[Any, Any]:
        inputs = view.inputs
        failure = view.plan.failure
        troubles = {} if failure is None else dict(failure.by_file)
        values = {
            (f"option.{name}", "value"): to_page(name, value)
            for name, value in inputs.entered.items()
        }
        return {
            **values,
            **self._infos(view),
            **self._visible(view),
            ("rule_error", "value"): rule_notes(
                inputs, "" if view.selection is None else inputs.rule
            ),
            ("named_rules", "label"): named_title(inputs),
            ("named_error", "value"): named_notes(inputs),
            ("mask_list", "value"): html.mask_list(_mask_rows(view), troubles),
            # each of several has its own
            ("remove_reference", "visible"): len(inputs.files.references) == 1,
            ("open_photo", "variant"): "secondary" if _has_own_photo(view) else "primary",
            ("mine", "visible"): inputs.mine is not None,
            ("undo", "interactive"): view.can_undo,
            ("redo", "interactive"): view.can_redo,
            ("cancel", "visible"): view.can_cancel,
            ("stored_options", "value"): dict(inputs.entered),
            ("stored_scene", "value"): inputs.scene,
            ("settings_notes", "value"): screen.made(
                "settings notes",
                (inputs.files, inputs.recipe, inputs.notes),
                lambda: html.notes(_settings_notes(view)),
            ),
        }

    def _infos(self, view: View) -> dict[Any, Any]:
        """The line under each control: what it is for, or why its value is not in force."""
        refused = view.inputs.refused
        infos: dict[Any, Any] = {}
        by_view = {"strength": _strength_help, "confidence": confidence_help}
        for name, option in OPTIONS.items():
            if name == "expression":
                continue
            info = by_view[name](view) if name in by_view else option.help
            if name in refused and name != "rules":  # it is said below its box, with its place
                why = refusal(name, view.inputs.entered[name], refused[name])
                info = f"Not used: {why.partition(chr(10))[0]}."  # a caret has no place there
            elif option.node and _is_as_comfyui(view):
                info = f"{info} [{option.node}]"
            infos[f"option.{name}", "info"] = info
        return infos

    def _visible(self, view: View) -> dict[Any, Any]:
        choice, values = view.inputs.classifier, view.inputs.options
        is_model, effect = not choice.is_built_in, values["effect"]
        failure = view.plan.failure
        can_scale = failure is not None and failure.can_scale
        offers = frozenset() if view.scene is None else view.scene.offers
        shown = {
            "repo": choice.is_manual,
            "device": is_model and not self.lends_gpu,
            "revision": is_model,
            "context": is_model,
            "names": choice.is_open,
            "template": choice.is_open,
            "strength": effect in STRENGTHS,
            "version": effect == NO_EFFECT and len(_versions(view)) > 1,
            "colour": effect == "colour" or (effect == STICKER and _is_written(values["sticker"])),
            "sticker": effect == STICKER,
            # a sticker has an edge of its own
            **dict.fromkeys(("feather", "edge"), effect != STICKER),
            # what an effect refuses is not offered; where it was asked for all the same, it is told
            **{
                name: name not in only_values(effect) or name in view.inputs.refused
                for name in REFUSED_BY_SOME
            },
            "sticker_fit": effect == STICKER,
            "among": view.inputs.place > 0,
            **shown_controls(view),
            "finder_repo": values["finder"] == OWN_MODEL,
            "quality": not FORMATS[values["format"]].is_exact,
            "camera_data": _has_camera_data(view) or bool(values["camera_data"]),
            "scale": can_scale or bool(values["scale"]),
            "shrink": bool(values["shrink"]),
            "each_mask": bool(values["each_mask"]),
            **{name: name in offers or bool(values[name]) for name in ("align", "count_cast")},
        }
        visible = {(f"option.{name}", "visible"): is_shown for name, is_shown in shown.items()}
        return {
            **visible,
            ("sticker_picture", "visible"): effect == STICKER and values["sticker"] == OWN_STICKER,
            ("option.version", "choices"): _versions(view),
            ("option.finder", "choices"): finder_choices(view),
            **_titles(view),
            **_strength_slider(effect, values["strength"]),
        }

    # ---- the picture's frame --------------------------------------------------------------------

    def _frame(self, view: View, screen: Screen) -> dict[Any, Any]:
        from segui.ui.view import picture

        plan = view.plan
        pixels = None if plan.painted is None else plan.painted.pixels
        look = None
        if pixels is not None and screen.look is not None:
            look = screen.made(
                "look",
                (plan.painted, plan.photo, tuple(screen.look)),
                lambda: picture.look_message(view, pixels, list(screen.look)).get("look"),
            )
        told = {
            "busy": "",
            "photo": screen.made(
                "photo", (plan.photo, plan.small), lambda: picture.photo_preview(view)
            ),
            **picture.sizes(view),
            "shapes": screen.made(
                "shapes", (plan.pictures, plan.scene), lambda: picture.shapes(view)
            ),
            **picture.sides_message(view),
            "left_out": _left_out(view, screen),
            "stale": view.stale,
            "painted": _painted(view, screen),
            "layers": _layers(view, screen),
            "base": self._base(view, screen),
            "result": screen.made(
                "result",
                (plan.painted, plan.photo),
                lambda: "" if pixels is None else picture.preview(view, pixels),
            ),
            "look": look,
            "paste": picture.paste_message(view),
            "live": _live(view, screen),
            "marks": picture.marks_message(view),
        }
        return {(FRAME, name): value for name, value in told.items()}

    def _base(self, view: View, screen: Screen) -> Base | None:
        """The mask file that is painted on, as it is below that."""
        from segui.ui.view import picture

        files, photo = view.inputs.files, view.photo
        mask = next((mask for mask in files.masks if mask.id == screen.base_of), None)
        if mask is None or photo is None:
            return None
        # another option for areas may read the file otherwise
        of = (mask.id, repr(view.inputs.areas.options), photo)
        made: Base = screen.made(
            "base", of, lambda: picture.base_message(view, mask, photo, self.settings)
        )
        return made

    # ---- what follows ---------------------------------------------------------------------------

    def _worked_out(self, view: View, screen: Screen) -> dict[Any, Any]:
        from segui.ui.view import lists as listing

        plan, picked = view.plan, view.inputs.picked
        files = view.inputs.files
        known = tuple(self.labels_of(view.inputs.classifier)) if view.is_asking else ()
        lists = screen.made(
            "lists",
            (plan.photo, plan.scene, plan.selection, plan.pictures, plan.scored, picked,
             view.stale, view.inputs.story, known, view.inputs.options["rules"]),
            lambda: listing.lists(view, known),
        )  # fmt: skip
        problem = _problem(view, screen)
        rule, named = str(view.inputs.entered["expression"] or ""), view.inputs.options["rules"]
        told = {
            "photo_card": screen.made(
                "photo card",
                (plan.photo, plan.small, files.photo, view.inputs.scene),
                lambda: listing.photo_card(view),
            ),
            "reference_card": screen.made(
                "reference card",
                (plan.scene, files.references, _takers(view)),
                lambda: listing.reference_card(view),
            ),
            "sticker_card": screen.made(
                "sticker card",
                (plan.scene, files.sticker, view.inputs.paste),
                lambda: listing.sticker_card(view),
            ),
            "notes": _notes(view),
            "edits": edit_html.edit_list(edit_html.edit_rows(view)),
            "classifier_note": self._about(view),
            "labels": lists.labels,
            "builder": screen.made(
                "builder",
                (plan.selection, rule, named),
                lambda: builder_value(plan.selection, rule, named),
            ),
            "filtered": lists.filtered,
            "review": lists.review,
            "remained": lists.remained,
            "table": lists.table,
            "detail": lists.detail,
            "inset": screen.made("inset", (plan.painted, plan.scene, picked), lambda: _inset(view)),
            "status": _asking(view) if view.is_asking else lists.status,
            "problem": problem,
        }
        labels = _labels_in_order(view, known)
        offered = choices.preset_choices(labels, has_all=screen.has_all_presets)
        return {
            **{(part, "value"): value for part, value in told.items()},
            **_choosing(view, screen),
            ("preset", "choices"): [list(one) for one in offered],
            ("preset", "value"): choices.preset_of(rule, labels),
            ("paint", "interactive"): plan.photo is not None,
            **_download(view, screen),
            **{(f"take.{kind}", "interactive"): can for kind, can in _takes(view).items()},
            ("gives", "value"): _gives(view),
        }

    def _about(self, view: View) -> str:
        """What a classifier is for, what it cannot know, and what is kept of what it is shown."""
        choice, scored = view.inputs.classifier, view.plan.scored
        lines = [*about(find_entry(choice.name)), *(() if scored is None else scored.notes)]
        if not choice.is_built_in:
            lines.append(privacy_note(self.settings.leave_seconds))
        return "".join(html.help_text(line) for line in lines)


def _busy(view: View) -> str:
    if view.finding is not None and view.finding.doing == "fetching":
        return _progress(view.inputs.areas.finder, view.finding)[0]
    if view.finding is not None and view.finding.total > 1:
        return f"Finding the areas: {view.finding.done} of {view.finding.total} files…"
    stages = [task.stage for task in view.plan.todo]
    return next((_BUSY[stage] for stage in stages if stage in _BUSY), "One moment…")


def _is_as_comfyui(view: View) -> bool:
    """Whether somebody works as with ComfyUI's nodes, and may look for their words."""
    return bool(view.inputs.options["edge"] == "impact")


def _titles(view: View) -> dict[Any, Any]:
    """Of several edits, what follows says which one it is about."""
    several = len(view.inputs.edits) > 1
    name = view.inputs.edit_name or f"Edit {view.inputs.place + 1}"
    titles = {"paste_step": WHAT_HAPPENS, "choose_step": WHICH_AREAS}
    return {
        (part, "label"): f"{name}: {title[0].lower()}{title[1:]}" if several else title
        for part, title in titles.items()
    }


def _versions(view: View) -> list[list[Any]]:
    """The edited versions that an edit may take, by number; one that is not there is said so."""
    files, number = view.inputs.files.references, view.inputs.options["version"]
    listed: list[list[Any]] = [[file.name, place] for place, file in enumerate(files, 1)]
    return listed if number <= len(files) else [*listed, ["None yet", number]]


def _is_written(sticker: str) -> bool:
    """Whether a sticker is a text, in a colour of its own, and not one of those offered."""
    return sticker not in [name for _, name in OPTIONS["sticker"].offered]


def _takers(view: View) -> tuple[tuple[bool, int, str], ...]:
    """Which edited version each edit takes, if any."""
    return tuple(
        (edit.options["effect"] == NO_EFFECT, edit.options["version"], edit.name)
        for edit in view.inputs.edits
    )


def _choosing(view: View, screen: Screen) -> dict[Any, Any]:
    """Of one area in one's own photo there is nothing to choose: the rule waits to be asked for."""
    inputs, part = view.inputs, "choose_step"
    is_plain = len(view.segments) == 1 and not inputs.overrides
    asks_nothing = all(
        inputs.entered[name] == inputs.defaults[name] for name in ("expression", "classifier")
    )
    is_folded = is_plain and asks_nothing and inputs.scene == OWN
    if not is_folded and not screen.has_told((part, "open")):
        return {}
    return {(part, "open"): not is_folded}


def _settings_notes(view: View) -> tuple[str, ...]:
    recipe = view.inputs.recipe
    if recipe is None:
        return view.inputs.notes
    from segui.session.recipes import recipe_notes

    return recipe_notes(recipe, view.inputs.files)


def _strength_help(view: View) -> str:
    effect = view.inputs.options["effect"]
    known = STRENGTHS.get(effect)
    if known is None:
        return OPTIONS["strength"].help
    if known.fits:
        is_inside = view.inputs.options["effect_on"] == "filtered"
        whose = "each area's own" if is_inside else "the photo's"
        return f"Px of the full-size photo, or % of {whose} side; 0 {_automatic(view)}."
    unit = f"{known.unit[0].upper()}{known.unit[1:]}; " if known.unit else ""
    note = f"{known.note}, " if known.note else ""
    said = f"{unit}{note}0 {known.zero}."
    return said[0].upper() + said[1:]


def _automatic(view: View) -> str:
    """What the strength is where nobody says, in words."""
    values, photo, selection = view.inputs.options, view.photo, view.selection
    effect, is_on_areas = values["effect"], values["effect_on"] == "filtered"
    if photo is None or (selection is None and effect == PIXELATE and is_on_areas):
        return f"fits {_FITTED.get(effect, 'the picture')}"
    if effect == MOSAIC and is_on_areas:
        return f"is {STONES} of each: as many stones in a small one as in a large one"
    if effect == HIDE and is_on_areas:
        return f"makes {BLOCKS_AN_AREA} blocks a side of each area, and none finer than 4 px"
    if selection is not None and effect == PIXELATE and is_on_areas:
        from segui.backend.hiding import block_for_segments

        size = block_for_segments(selection.filtered, photo.size_hw)
        return f"is automatic: {size} px, for this photo and its largest area"
    return f"is automatic: {strength_of(effect, None, max(photo.size_hw)):.3g} px for this photo"


def _strength_slider(effect: str, strength: PxOrShare) -> dict[Any, Any]:
    """The slider of the strength as the effect has it."""
    known = STRENGTHS.get(effect)
    if known is None:
        return {("option.strength", "label"): OPTIONS["strength"].label}
    first, last, step = _SHARES if percent_of(strength) is not None else known.slider
    told = {"label": known.label, "minimum": first, "maximum": last, "step": step}
    return {("option.strength", name): value for name, value in told.items()}


def _live(view: View, screen: Screen) -> Live:
    """What the page was told to draw with, as long as it is right; else that it is to ask for it.

    The key is another one for each time that it asked: what it asked for in vain it asks for again.
    """
    from segui.ui.view.live import live_key

    made_of, told = screen.live
    return told if made_of.is_(*live_key(view)) else {"key": screen.live_asked}


def _mask_rows(view: View) -> list[html.MaskRow]:
    """The mask files and what was painted, on each of them and beside."""
    files, rows = view.inputs.files, []
    for mask in files.masks:
        can_paint = view.plan.photo is not None and not is_text_file(mask.path)
        rows.append(html.MaskRow(mask.id, mask.name, can_paint=can_paint))
        if (strokes := files.strokes_on(mask.id)) is not None:
            rows.append(html.MaskRow(strokes.id, f"What you painted on {mask.name}"))
    if files.painted is not None:
        rows.append(html.MaskRow(files.painted.id, "What you painted"))
    return rows


def _layers(view: View, screen: Screen) -> list[MaskLayer]:
    """The mask files and what was painted on each, as the page has it where it did that."""
    from segui.ui.view import picture

    layers: list[MaskLayer] = []
    # annotations are text: whoever corrects them paints beside them
    pictures = [mask for mask in view.inputs.files.masks if not is_text_file(mask.path)]
    for mask in pictures:
        file = view.inputs.files.strokes_on(mask.id)
        id_, as_sent = screen.strokes.get(mask.id, ("", NOTHING_PAINTED))
        strokes = as_sent["mask"]
        if id_ != ("" if file is None else file.id):
            strokes = screen.made(f"strokes {mask.id}", (file,), partial(picture.file_uri, file))
        told = as_sent.get("told", 0)
        layers.append({"layer": mask.id, "name": mask.name, "strokes": strokes, "told": told})
    return layers


def _painted(view: View, screen: Screen) -> Painted:
    """What was painted, as the page has it where it was painted there."""
    from segui.ui.view import picture

    painted, (id_, as_sent) = view.inputs.files.painted, screen.painted
    if id_ == ("" if painted is None else painted.id):
        return as_sent
    mask = screen.made("painted", (painted,), lambda: picture.file_uri(painted))
    return {"mask": mask, "told": as_sent.get("told", 0)}


def _left_out(view: View, screen: Screen) -> LeftOut:
    """The boxes of what is too small to be an area, while these areas' are asked for."""
    asked, of = screen.left_out
    if view.scene is None or not of.is_(view.scene):
        return {"key": 0, "boxes": []}
    return {"key": asked, "boxes": [[*box] for box in view.scene.segments.left_out]}


def _notes(view: View) -> str:
    scene = view.scene
    if scene is None:
        return ""
    return html.notes(scene.notes, left_out=len(scene.segments.left_out))


def _problem(view: View, screen: Screen) -> str:
    """What is in the way, the most urgent thing alone."""
    plan = view.plan
    remark, number = screen.remark
    if remark and number == view.number:
        return remark
    if isinstance(plan.failure, Failed) and plan.failure.wants_marks:
        return html.problem(sentence(plan.failure.sentence), is_hint=True)
    if isinstance(plan.failure, Failed):
        failure = plan.failure
        return html.problem(
            failure.sentence, can_scale=failure.can_scale, smaller_wh=failure.smaller_wh
        )
    if plan.trouble:
        return html.problem(plan.trouble)
    if plan.scene is not None and not view.inputs.open_edit.has_pixels(view.inputs.files):
        is_sticker = view.inputs.options["effect"] == STICKER
        return html.problem(_NO_STICKER if is_sticker else _NOTHING_TO_PASTE, is_hint=True)
    if plan.nothing_painted:
        return html.problem(plan.nothing_painted)
    if plan.mishap:
        return html.problem(plan.mishap)
    return _warning(view)


def _warning(view: View) -> str:
    """What can still be seen of areas that are to be hidden; empty where nothing can."""
    from segui.session.unhidden import undecided

    hiding = [edit.options for edit in view.inputs.edits if edit.options["effect"] == HIDE]
    if not hiding or view.selection is None:
        return ""
    if count := len(undecided(view)):
        are = "area is" if count == 1 else "areas are"
        sentence = f"{count} undecided {are} not hidden yet: include each, or leave it out."
        return html.problem(sentence, is_hint=True)
    if any(values["alpha"] < 255 or values["edge"] != "outward" for values in hiding):
        return html.problem(_SHOWS_THROUGH, is_hint=True)
    return ""


def _has_own_photo(view: View) -> bool:
    return view.inputs.scene == OWN and view.inputs.files.photo is not None


def _can_take(view: View) -> bool:
    return view.plan.painted is not None and not view.stale


def _takes(view: View) -> dict[str, bool]:
    """What else can be taken away: layers alone need an effect; a recipe and a project no areas."""
    has_choice = view.selection is not None and not view.stale
    of_areas = dict.fromkeys(TAKES, has_choice)
    has_photo = view.photo is not None and not view.stale
    of_photo = dict.fromkeys(("recipe", "project", "link"), has_photo)
    of_result = dict.fromkeys(("layers", "psd", "copy"), _can_take(view))
    return {**of_areas, **of_result, **of_photo}


def _gives(view: View) -> str:
    """What the file of the result is, beside its button."""
    if not _can_take(view) or view.photo is None:
        return ""
    made = [edit for edit in view.inputs.edits if edit.enabled]
    is_photo = all(edit.options["effect_on"] == "filtered" for edit in made) and not any(
        one for edit, one in zip(view.inputs.edits, view.chosen_by, strict=True) if edit.enabled
    )
    if is_photo:
        return html.help_text(f"No area is chosen: this is the photo as it is, {_of_camera(view)}.")
    size = picture_size(view.photo.size_hw)
    return html.help_text(f"{size}, {_of_camera(view)}.{_made_opaque(view)}")


def _has_camera_data(view: View) -> bool:
    return view.photo is not None and view.photo.camera_data is not None


def _of_camera(view: View) -> str:
    """What becomes of what the camera noted."""
    if not view.inputs.options["camera_data"]:
        return "without camera data"
    if not _has_camera_data(view):
        return "without camera data, since the photo has none that is kept"
    return (
        "with camera, lens, exposure, dates and author as the photo has them; without place, "
        "serial numbers and thumbnail"
    )


def _made_opaque(view: View) -> str:
    """What becomes of what is transparent, where the file cannot have that."""
    painted, kind = view.plan.painted, FORMATS[view.inputs.options["format"]]
    if painted is None or painted.pixels.shape[2] == 3 or kind.has_alpha:
        return ""
    return f" {kind.label} has no transparency: what is transparent is white there."


def _download(view: View, screen: Screen) -> dict[Any, Any]:
    """The way to the result: what is not hidden is asked before, in another colour."""
    from segui.session.unhidden import unhidden

    still, can_take = unhidden(view), _can_take(view)
    label = FORMATS[view.inputs.options["format"]].label
    is_asked = bool(still) and can_take and screen.asked_of.is_(view.selection)
    return {
        ("download", "value"): f"Download {label}",
        ("ask_download", "value"): f"Download {label}…",
        ("download", "interactive"): can_take,
        ("download", "variant"): "primary" if _has_own_photo(view) else "secondary",
        ("download", "visible"): not still,
        ("share", "interactive"): can_take and not still,
        ("ask_download", "interactive"): can_take,
        ("ask_download", "visible"): bool(still),
        ("question", "visible"): is_asked,
        ("question_text", "value"): html.question(still) if still else "",
    }


def _inset(view: View) -> str:
    from segui.ui.view import picture

    picked, painted = view.inputs.picked, view.plan.painted
    edge = "" if painted is None else picture.edge_picture(view, painted.pixels, picked)
    return area_html.inset(edge, picked)


def _labels_in_order(view: View, known: Sequence[str]) -> Sequence[str]:
    """The classifier's labels in its own order, as far as they are known."""
    scores = () if view.plan.scored is None else view.plan.scored.scores
    return next((tuple(one) for one in scores if one), tuple(known))


def _asking(view: View) -> str:
    """How far a model has come that is asked."""
    shown, step = view.inputs.classifier.shown, view.step
    if step is None:
        count = plural(len(view.segments), "area")
        return html.hint(
            f"Asking {shown} about {count}…",
            "The first time, its model is fetched, which may take some minutes.",
        )
    return html.hint(*_progress(shown, step))


def _progress(shown: str, step: Step) -> tuple[str, str]:
    if step.doing == "fetching":
        of_all = f" of {megabytes(step.total)}" if step.total else ""
        headline = f"Fetching {shown}: {megabytes(step.done)}{of_all}…"
        return headline, "Only the first time; then the model is here."
    if step.done:
        return f"Classifying {step.done} of {step.total}…", ""
    return f"Asking {shown}…", ""
