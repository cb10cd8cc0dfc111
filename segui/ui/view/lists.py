"""A Work in the form in which the page lists it: pieces of HTML."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from segui.images.writing import encode_jpeg
from segui.pipeline import as_tensor
from segui.scores.crops import seen
from segui.segments.segment import Segment
from segui.selection import Selection
from segui.ui.state import Hand, Work
from segui.ui.view import areas as area_html
from segui.ui.view import html
from segui.ui.view.picture import as_uri, preview, segment_of
from segui.ui.view.sentences import picture_size, plural, status_of

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


def photo_card(work: Work) -> str:
    """The photo's name, size and small picture; empty where there is none."""
    if work.photo is None or work.files.photo is None:
        return ""
    return html.card(
        work.files.photo.name,
        picture_size(work.photo.size_hw),
        preview(work, work.photo.pixels if work.small is None else work.small, CARD_PX),
        "Example" if work.files.example else "",
    )


def reference_card(work: Work) -> str:
    """The same of the edited version."""
    if work.files.reference is None:
        return ""
    if work.scene is None or work.scene.reference is None:
        return html.card(work.files.reference.name, "", "")
    reference = work.scene.reference
    picture = preview(work, reference.pixels, CARD_PX)
    return html.card(work.files.reference.name, picture_size(reference.size_hw), picture)


def status(work: Work, story: str = "") -> str:
    """How many areas were chosen, and what an example shows; empty before there is a choice."""
    return "" if work.selection is None else html.status(status_of(work.selection), story)


def detail(work: Work, hand: Hand) -> str:
    """The area that is looked at; empty where none is."""
    segment, selection = segment_of(work, hand.selected), work.selection
    if segment is None or selection is None or work.photo is None:
        return ""
    row = _rows(work, selection, hand)[hand.selected - 1]
    height, width = work.photo.size_hw
    scores = selection.scores[hand.selected - 1]
    share = segment.area / (height * width)
    return area_html.detail(row, segment.bbox, share, scores, _seen_by_model(work, segment))


def _seen_by_model(work: Work, segment: Segment) -> str:
    """The picture that a model was shown of an area; empty where no model was asked."""
    who = work.scores_of
    if who is None or who.is_built_in or work.photo is None:
        return ""
    context = cast("Context", who.context)
    shown = np.asarray(seen(segment, as_tensor(work.photo.pixels), context))
    return as_uri(encode_jpeg(shown, max_side=SEEN_PX))


def lists(work: Work, hand: Hand) -> Lists:
    """Cards, table, labels and status of a Work with a selection; of one without, empty states."""
    selection = work.selection
    if work.scene is None:
        return _EMPTY if work.photo is None else _NOT_FOUND if work.stale else _PHOTO_ALONE
    if selection is None:
        empty = _empty(f"{plural(len(work.scene.segments.items), 'area')} found", "")
        return replace(empty, labels=labels(work))
    rows = _rows(work, selection, hand)
    undecided = any(row.side == "review" for row in rows)
    all_chosen = bool(rows) and all(row.side == "filtered" for row in rows)
    nothing_left = "Nothing: every area is chosen." if all_chosen else "Nothing."
    return Lists(
        filtered=area_html.cards(rows, "filtered", "Chosen", "Nothing yet."),
        review=area_html.cards(rows, "review", "To review", "") if undecided else "",
        remained=area_html.cards(rows, "remained", "Left out", nothing_left),
        table=area_html.table(rows),
        labels=labels(work),
        status=status(work),
        detail=detail(work, hand),
    )


def _rows(work: Work, selection: Selection, hand: Hand) -> list[area_html.Row]:
    items = selection.segments.items
    pictures = work.thumbnails + ("",) * (len(items) - len(work.thumbnails))
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
            selected=number == hand.selected,
        )
        for number, (item, side, scores, reason, picture, by_hand) in enumerate(zipped, 1)
    ]


def _top(scores: dict[str, float]) -> str:
    if not scores:
        return ""
    label = max(scores, key=scores.__getitem__)
    return f"{label} {scores[label]:.2f}"


def labels(work: Work) -> str:
    """The labels as buttons: those found, or those that the classifier knows."""
    if work.scores is None or work.selection is None:
        return area_html.chips(work.labels)
    return _chips(work.selection)


def _chips(selection: Selection) -> str:
    best = {
        label: max(scores.get(label, 0.0) for scores in selection.scores)
        for label in selection.labels
    }
    best_first = sorted(best, key=lambda label: -best[label])
    return area_html.chips(best_first, [best[label] for label in best_first])


def _empty(headline: str, advice: str) -> Lists:
    return Lists(
        filtered=area_html.cards((), "filtered", "Chosen", "The areas that will be pasted."),
        review="",
        remained=area_html.cards((), "remained", "Left out", "The others; each one says why."),
        table=area_html.table(()),
        labels=area_html.chips(()),
        status=html.hint(headline, advice),
    )


_EMPTY = _empty("Start with a photo", "Drop one into step 1, click there, or paste it.")
_NOT_FOUND = _empty("No areas yet", "What was given cannot be used: see above the picture.")
_PHOTO_ALONE = _empty(
    "Now say where the areas are",
    "Add masks or paint in step 2, or add an edited version in step 1: what differs becomes the "
    "areas.",
)
