"""A session's view as the cells of a page: what each property of each component is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from segui.backend.effect_table import (
    NO_EFFECT,
    OWN_STICKER,
    STICKER,
)
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.making import find_entry, privacy_note
from segui.masks.texts import is_text_file
from segui.models.finder_catalogue import OWN_MODEL, FinderEntry
from segui.session.inputs import OWN
from segui.session.view import View
from segui.ui.layout import choices
from segui.ui.layout.controls import WHAT_HAPPENS, WHICH_AREAS
from segui.ui.render_frame import frame_cells
from segui.ui.screen import FRAME, Cells, Screen
from segui.ui.view import areas as area_html
from segui.ui.view import edits as edit_html
from segui.ui.view import html
from segui.ui.view.controls import are_shown, infos, versions
from segui.ui.view.finder_controls import edge_choices, finder_choices, model_choices
from segui.ui.view.percent import to_page
from segui.ui.view.problems import beside_remark, problem
from segui.ui.view.progress import asking, busy
from segui.ui.view.rule_builder import builder_value
from segui.ui.view.rules import named_notes, named_title, rule_notes
from segui.ui.view.sentences import about, said_once
from segui.ui.view.strength import strength_slider
from segui.ui.view.takes import download, gives, takes

if TYPE_CHECKING:
    from segui.settings import Settings


@dataclass(frozen=True)
class Renderer:
    """Turns views into cells.

    Args:
        settings: How long pictures are kept after a page was closed, limits on mask files.
        lends_gpu: Whether models run where a GPU is lent, whatever is chosen.
        labels_of: What a classifier can say, as far as that is known without asking anybody.
        has_files: Whether the files of a model that finds are on this machine.
        absent: Why a way to find cannot be had here, and what would bring it, by its name.
    """

    settings: Settings
    lends_gpu: bool
    labels_of: Callable[[ClassifierChoice], Sequence[str]]
    has_files: Callable[[FinderEntry], bool] = lambda _: False
    absent: Mapping[str, str] = field(default_factory=dict)

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
            return {**said, (FRAME, "busy"): busy(view)}
        return {
            **said,
            **frame_cells(view, screen, self.settings),
            **self._worked_out(view, screen),
        }

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
            **{(f"option.{name}", "info"): info for name, info in infos(view, self.absent).items()},
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
            **_of_settings(view, screen),
        }

    def _visible(self, view: View) -> dict[Any, Any]:
        values = view.inputs.options
        effect, shown = values["effect"], are_shown(view, lends_gpu=self.lends_gpu)
        visible = {(f"option.{name}", "visible"): is_shown for name, is_shown in shown.items()}
        return {
            **visible,
            ("sticker_picture", "visible"): effect == STICKER and values["sticker"] == OWN_STICKER,
            ("option.version", "choices"): versions(view),
            ("option.finder", "choices"): finder_choices(view, self.absent),
            **self._models(view),
            **_titles(view),
            **strength_slider(effect, values["strength"]),
        }

    def _models(self, view: View) -> dict[Any, Any]:
        """The models to choose from, where they are: else no disk is looked at for them."""
        values, told = view.inputs.options, dict[Any, Any]()
        if values["finder"] == OWN_MODEL:
            told["option.finder_repo", "choices"] = model_choices(self.has_files)
        if values["refine_edges"]:
            told["option.edges_by", "choices"] = edge_choices(self.has_files)
        return told

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
            "status": asking(view) if view.is_asking else lists.status,
            "problem": _problem(view, screen),
        }
        labels = _labels_in_order(view, known)
        offered = choices.preset_choices(labels, has_all=screen.has_all_presets)
        return {
            **{(part, "value"): value for part, value in told.items()},
            **_choosing(view, screen),
            ("preset", "choices"): [list(one) for one in offered],
            ("preset", "value"): choices.preset_of(rule, labels),
            ("paint", "interactive"): plan.photo is not None,
            **download(
                view,
                is_asked=screen.asked_of.is_(view.selection),
                is_own=_has_own_photo(view),
            ),
            **{(f"take.{kind}", "interactive"): can for kind, can in takes(view).items()},
            ("gives", "value"): gives(view),
        }

    def _about(self, view: View) -> str:
        """What a classifier is for, what it cannot know, and what is kept of what it is shown."""
        choice, scored = view.inputs.classifier, view.plan.scored
        lines = [*about(find_entry(choice.name)), *(() if scored is None else scored.notes)]
        if not choice.is_built_in:
            lines.append(privacy_note(self.settings.leave_seconds))
        return "".join(html.help_text(line) for line in lines)


def _titles(view: View) -> dict[Any, Any]:
    """Of several edits, what follows says which one it is about."""
    several = len(view.inputs.edits) > 1
    name = view.inputs.edit_name or f"Edit {view.inputs.place + 1}"
    titles = {"paste_step": WHAT_HAPPENS, "choose_step": WHICH_AREAS}
    return {
        (part, "label"): f"{name}: {title[0].lower()}{title[1:]}" if several else title
        for part, title in titles.items()
    }


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


def _of_settings(view: View, screen: Screen) -> dict[Any, Any]:
    """What a recipe or a workflow did; it is unfolded, wherever on the page the file was let go."""
    inputs, part = view.inputs, "settings_step"
    said = screen.made(
        "settings notes",
        (inputs.files, inputs.recipe, inputs.notes),
        lambda: html.notes(_settings_notes(view)),
    )
    is_open = {(part, "open"): bool(said)} if said or screen.has_told((part, "open")) else {}
    return {("settings_notes", "value"): said, **is_open}


def _settings_notes(view: View) -> tuple[str, ...]:
    recipe = view.inputs.recipe
    if recipe is None:
        return view.inputs.notes
    from segui.session.recipes import recipe_notes

    return recipe_notes(recipe, view.inputs.files)


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


def _notes(view: View) -> str:
    scene = view.scene
    if scene is None:
        return ""
    notes = said_once(scene.notes, {file.name for file in view.inputs.files.masks})
    return html.notes(notes, left_out=len(scene.segments.left_out))


def _problem(view: View, screen: Screen) -> str:
    """What is in the way, or what was said to the event that this view answers."""
    remark, number = screen.remark
    # what files were taken for does not hide that a model cannot be had, or what is not hidden yet
    return f"{remark}{beside_remark(view)}" if remark and number == view.number else problem(view)


def _has_own_photo(view: View) -> bool:
    return view.inputs.scene == OWN and view.inputs.files.photo is not None


def _inset(view: View) -> str:
    from segui.ui.view import picture

    picked, painted = view.inputs.picked, view.plan.painted
    edge = "" if painted is None else picture.edge_picture(view, painted.pixels, picked)
    return area_html.inset(edge, picked)


def _labels_in_order(view: View, known: Sequence[str]) -> Sequence[str]:
    """The classifier's labels in its own order, as far as they are known."""
    scores = () if view.plan.scored is None else view.plan.scored.scores
    return next((tuple(one) for one in scores if one), tuple(known))
