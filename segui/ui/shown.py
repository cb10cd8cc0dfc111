"""A Work in the form in which the page shows it: pictures as data URIs, the rest as HTML."""

from base64 import b64encode
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segui.images import encode_jpeg
from segui.previews import PREVIEW_PX, draw_segments
from segui.selection import Selection, Side
from segui.ui import html
from segui.ui.state import Work
from segui.ui.words import picture_size, plural, status_of

Pixels = NDArray[np.uint8]

CARD_PX = 160
PREVIEW_QUALITY = 88


@dataclass(frozen=True)
class Lists:
    """What the page says of the areas.

    Args:
        filtered: Cards of those chosen.
        review: Cards of those to review; empty where there are none.
        remained: Cards of those left out.
        table: All of them.
        labels: The labels found, as buttons.
        status: How many were chosen.
    """

    filtered: str
    review: str
    remained: str
    table: str
    labels: str
    status: str


def preview(work: Work, pixels: Pixels, max_side: int = PREVIEW_PX) -> str:
    """A picture to look at, as a data URI: nothing of it is left on disk or has an address."""
    profile = None if work.photo is None else work.photo.icc_profile
    data = encode_jpeg(pixels, max_side=max_side, quality=PREVIEW_QUALITY, icc_profile=profile)
    return "data:image/jpeg;base64," + b64encode(data).decode("ascii")


def photo_preview(work: Work) -> str:
    """The photo as it came; empty where there is none."""
    return "" if work.photo is None else preview(work, work.photo.pixels)


def areas_preview(work: Work) -> str:
    """The photo with the areas' numbered outlines; empty where there are none."""
    if work.scene is None:
        return ""
    segments = work.scene.segments
    undecided: list[Side] = ["review" for _ in segments.items]
    sides = undecided if work.selection is None else [*work.selection.sides]
    return preview(work, draw_segments(work.scene.photo.pixels, segments, sides))


def photo_card(work: Work) -> str:
    """The photo's name, size and small picture; empty where there is none."""
    if work.photo is None or work.files.photo is None:
        return ""
    return html.card(
        work.files.photo.name,
        picture_size(work.photo.size_hw),
        preview(work, work.photo.pixels, CARD_PX),
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


def lists(work: Work) -> Lists:
    """Cards, table, labels and status of a Work with a selection; of one without, empty states."""
    selection = work.selection
    if work.scene is None:
        return _EMPTY if work.photo is None else _PHOTO_ALONE
    if selection is None:
        return _empty(f"{plural(len(work.scene.segments.items), 'area')} found", "")
    rows = _rows(work, selection)
    undecided = any(row.side == "review" for row in rows)
    all_chosen = bool(rows) and all(row.side == "filtered" for row in rows)
    nothing_left = "Nothing: every area is chosen." if all_chosen else "Nothing."
    return Lists(
        filtered=html.cards(rows, "filtered", "Chosen", "Nothing yet."),
        review=html.cards(rows, "review", "To review", "") if undecided else "",
        remained=html.cards(rows, "remained", "Left out", nothing_left),
        table=html.table(rows),
        labels=_chips(selection),
        status=status(work),
    )


def _rows(work: Work, selection: Selection) -> list[html.Row]:
    items = selection.segments.items
    pictures = work.thumbnails + ("",) * (len(items) - len(work.thumbnails))
    zipped = zip(items, selection.sides, selection.scores, selection.reasons, pictures, strict=True)
    return [
        html.Row(
            number=number,
            label=item.label,
            side=side,
            top=_top(scores),
            reason=reason,
            area=item.area,
            thumbnail=picture,
        )
        for number, (item, side, scores, reason, picture) in enumerate(zipped, 1)
    ]


def _top(scores: dict[str, float]) -> str:
    if not scores:
        return ""
    label = max(scores, key=scores.__getitem__)
    return f"{label} {scores[label]:.2f}"


def _chips(selection: Selection) -> str:
    best = {
        label: max(scores.get(label, 0.0) for scores in selection.scores)
        for label in selection.labels
    }
    best_first = sorted(best, key=lambda label: -best[label])
    return html.chips(best_first, [best[label] for label in best_first])


def _empty(headline: str, advice: str) -> Lists:
    return Lists(
        filtered=html.cards((), "filtered", "Chosen", "The areas that will be pasted."),
        review="",
        remained=html.cards((), "remained", "Left out", "The others; each one says why."),
        table=html.table(()),
        labels="",
        status=html.hint(headline, advice),
    )


_EMPTY = _empty("Start with a photo", "Drop one into step 1, click there, or paste it.")
_PHOTO_ALONE = _empty(
    "Now say where the areas are",
    "Add masks in step 2, or an edited version in step 1: what differs becomes the areas.",
)
