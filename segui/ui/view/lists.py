"""A Work in the form in which the page lists it: pieces of HTML."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from segui.backend.effect_table import OWN_STICKER, STICKER
from segui.expression import read_rules
from segui.images.writing import encode_jpeg
from segui.pipeline import as_tensor
from segui.scores.crops import seen
from segui.segments.segment import Segment
from segui.selection import Selection
from segui.session.files import FileRef
from segui.session.folders import url_of
from segui.session.inputs import OWN
from segui.session.view import View
from segui.ui.view import areas as area_html
from segui.ui.view import html
from segui.ui.view.picture import as_uri, preview, segment_of
from segui.ui.view.sentences import named, picture_size, plural, sentence, status_of

if TYPE_CHECKING:
    from segui.scores.crops import Context

CARD_PX = 160
SEEN_PX = 224


@dataclass(frozen=True)
class Lists:
    """What the page says of the areas.

    Args:
        filtered: Cards of those chosen.
        review: Cards of those to review; empty where there are none.
        remained: Cards of those left out.
        table: All of them.
        labels: The labels found and the properties, as buttons.
        status: How many were chosen.
        detail: The area that is looked at; empty where none is.
    """

    filtered: str
    review: str
    remained: str
    table: str
    labels: str
    status: str
    detail: str = ""


def photo_card(view: View) -> str:
    """The photo's name, size and small picture; empty where there is none."""
    if view.photo is None or view.inputs.files.photo is None:
        return ""
    return html.card(
        view.inputs.files.photo.name,
        picture_size(view.photo.size_hw),
        preview(view, view.photo.pixels if view.plan.small is None else view.plan.small, CARD_PX),
        "Example" if view.inputs.scene != OWN else "",
    )


def reference_card(view: View) -> str:
    """The same of the edited versions: of several each with the edits that take it."""
    files = view.inputs.files.references
    cards = [_version_card(view, number, file) for number, file in enumerate(files, 1)]
    if len(cards) < 2:
        return "".join(cards)
    return html.removable_cards(cards, [(file.id, file.name) for file in files])


def _version_card(view: View, number: int, file: FileRef) -> str:
    read = None if view.scene is None else view.scene.version(number)
    is_one_of_several = len(view.inputs.files.references) > 1
    tag = _taken_by(view, number) if is_one_of_several else ""
    if read is None:
        return html.card(file.name, "", "", tag)
    return html.card(
        file.name, picture_size(read.size_hw), preview(view, read.pixels, CARD_PX), tag
    )


def _taken_by(view: View, number: int) -> str:
    """Which edits paste an edited version.

    An edit is known by its place, or by the name that a person gave it.
    """
    takers = [
        edit.name or f"edit {place}"
        for place, edit in enumerate(view.inputs.edits, 1)
        if edit.takes_version(number)
    ]
    return f"For {' and '.join(takers)}" if takers else "Not used"


def sticker_card(view: View) -> str:
    """The same of the picture that the open edit lays on its areas."""
    file, values = view.inputs.files.sticker, view.inputs.options
    if file is None or not takes_own_sticker(values):
        return ""
    read = None if view.scene is None else view.scene.sticker
    card = (
        html.card(file.name, "", "")
        if read is None
        else html.card(file.name, picture_size(read.size_hw), preview(view, read.pixels, CARD_PX))
    )
    return html.removable_cards([card], [(file.id, file.name)])


def takes_own_sticker(values: Mapping[str, Any]) -> bool:
    """Whether an edit lays a picture of the visitor's own on its areas."""
    return bool(values["effect"] == STICKER and values["sticker"] == OWN_STICKER)


def status(view: View) -> str:
    """How many areas were chosen, and what an example shows; empty before there is a choice."""
    if view.selection is None:
        return ""
    said = status_of(view.selection)
    if view.scene is not None and not view.selection.sides and view.inputs.areas.finder:
        said = replace(said, advice=" ".join(map(sentence, view.scene.notes[-1:])))
    return html.status(said, view.inputs.story)


def detail(view: View) -> str:
    """The area that is looked at; empty where none is."""
    segment, selection = segment_of(view, view.inputs.picked), view.selection
    if segment is None or selection is None or view.photo is None:
        return ""
    row = _rows(view, selection)[view.inputs.picked - 1]
    height, width = view.photo.size_hw
    scores = selection.scores[view.inputs.picked - 1]
    share = segment.area / (height * width)
    return area_html.detail(row, segment.bbox, share, scores, _seen_by_model(view, segment))


def _seen_by_model(view: View, segment: Segment) -> str:
    """The picture that a model was shown of an area; empty where no model was asked."""
    who = None if view.plan.scored is None else view.plan.scored.who
    if who is None or who.is_built_in or view.photo is None:
        return ""
    context = cast("Context", who.context)
    shown = np.asarray(seen(segment, as_tensor(view.photo.pixels), context))
    return as_uri(encode_jpeg(shown, max_side=SEEN_PX))


def lists(view: View, known: Sequence[str] = ()) -> Lists:
    """Cards, table, labels and status of a Work with a selection; of one without, empty states."""
    selection = view.selection
    if view.scene is None:
        return _EMPTY if view.photo is None else _NOT_FOUND if view.stale else _PHOTO_ALONE
    if selection is None:
        empty = _empty(f"{plural(len(view.scene.segments.items), 'area')} found", "")
        return replace(empty, labels=labels(view, known))
    rows = _rows(view, selection)
    undecided = any(row.side == "review" for row in rows)
    all_chosen = bool(rows) and all(row.side == "filtered" for row in rows)
    nothing_left = "Nothing: every area is chosen." if all_chosen else "Nothing."
    return Lists(
        filtered=area_html.cards(rows, "filtered", "Chosen", "Nothing yet."),
        review=area_html.cards(rows, "review", "To review", "") if undecided else "",
        remained=area_html.cards(rows, "remained", "Left out", nothing_left),
        table=area_html.table(rows),
        labels=labels(view, known),
        status=status(view),
        detail=detail(view),
    )


def _rows(view: View, selection: Selection) -> list[area_html.Row]:
    items = selection.segments.items
    urls = tuple("" if path is None else url_of(path) for path in view.thumbnails)
    pictures = urls + ("",) * (len(items) - len(urls))
    zipped = zip(
        items,
        selection.sides,
        selection.scores,
        selection.reasons,
        pictures,
        selection.by_hand,
        strict=True,
    )
    return [
        area_html.Row(
            number=number,
            label=item.label,
            side=side,
            top=_top(scores),
            reason=reason,
            area=item.area,
            thumbnail=picture,
            by_hand=by_hand,
            selected=number == view.inputs.picked,
        )
        for number, (item, side, scores, reason, picture, by_hand) in enumerate(zipped, 1)
    ]


def _top(scores: dict[str, float]) -> str:
    if not scores:
        return ""
    known = {label: score for label, score in scores.items() if math.isfinite(score)}
    if not known:
        return "score unknown"
    label = max(known, key=known.__getitem__)
    return f"{named(label)} {known[label]:.2f}"


def labels(view: View, known: Sequence[str]) -> str:
    """The labels as buttons: those found, or those that the classifier is known to know."""
    if view.plan.scored is None or view.selection is None:
        return area_html.chips(known, rules=_names(view))
    return _chips(view.selection, _names(view))


def _names(view: View) -> tuple[str, ...]:
    """The rules that have names."""
    return tuple(read_rules(view.inputs.options["rules"]))


def _chips(selection: Selection, names: Sequence[str]) -> str:
    given = (pair for scores in selection.scores for pair in scores.items())
    best = dict.fromkeys(selection.labels, 0.0)
    for label, score in given:
        if math.isfinite(score) and score > best[label]:
            best[label] = score
    best_first = sorted(best, key=lambda label: -best[label])
    return area_html.chips(best_first, [best[label] for label in best_first], names)


def _empty(headline: str, advice: str) -> Lists:
    return Lists(
        filtered=area_html.cards((), "filtered", "Chosen", "The areas that will be pasted."),
        review="",
        remained=area_html.cards((), "remained", "Left out", "The others; each one says why."),
        table=area_html.table(()),
        labels=area_html.chips(()),
        status=html.hint(headline, advice),
    )


_EMPTY = _empty("Start with a photo", "Drop one here, click the picture's place, or paste it.")
_NOT_FOUND = _empty("No areas yet", "What was given cannot be used: see above the picture.")
_PHOTO_ALONE = _empty(
    "Now say where the areas are",
    "Find faces or colours, click or frame what you want, paint, or add masks: all of it under "
    "Find areas. Of an edited version, what differs becomes the areas.",
)
