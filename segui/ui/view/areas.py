"""The areas as the page lists them, and the words of a rule. Every text is escaped here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import inf, isfinite

from segui.classifiers.making import quote_label
from segui.expression import PROPERTIES, PropertyRow
from segui.geometry import Box
from segui.ui.view.sentences import named, plural

DEFAULT_LABEL = "A"  # what the engine calls an area that has no name
MAX_CARDS = 200
MAX_ROWS = 1000
MAX_CHIPS = 60
MAX_BARS = 40


@dataclass(frozen=True)
class Row:
    """One area as the page lists it.

    Args:
        number: From 1, as in the picture.
        label: What the mask calls it.
        side: ``filtered``, ``remained`` or ``review``.
        top: Its best-scored label and the score; empty before a classifier has answered.
        reason: Why it is where it is.
        area: Pixels of its mask.
        thumbnail: Where the browser finds its picture; empty where there is none.
        by_hand: Whether the user put it where it is.
        selected: Whether it is the one that is looked at.
    """

    number: int
    label: str
    side: str
    top: str
    reason: str
    area: int
    thumbnail: str
    by_hand: bool = False
    selected: bool = False

    @property
    def name(self) -> str:
        """The label where it says something; beside the area's own number a figure is a riddle."""
        if self.label == DEFAULT_LABEL:
            return ""
        return f"label {self.label}" if self.label.isdigit() else self.label


def cards(rows: Sequence[Row], side: str, title: str, nothing: str) -> str:
    """The areas of one side, each with its picture, its best score and its reason."""
    chosen = [row for row in rows if row.side == side]
    head = f'<h2 class="side-title side-{side}">{escape(title)} <span>{len(chosen)}</span></h2>'
    if not chosen:
        return f'{head}<p class="quiet">{escape(nothing)}</p>'
    shown = "".join(_card(row) for row in chosen[:MAX_CARDS])
    rest = len(chosen) - MAX_CARDS
    more = f'<p class="quiet">and {plural(rest, "more area")}: the table has them all.</p>'
    return f'{head}<ul class="cards">{shown}</ul>{more if rest > 0 else ""}'


def _card(row: Row) -> str:
    picture = (
        f'<img src="{escape(row.thumbnail)}" alt="" loading="lazy">'
        if row.thumbnail
        else '<span class="no-picture"></span>'
    )
    selected = " selected" if row.selected else ""
    return (
        f'<li class="area-card side-{row.side}{selected}" data-number="{row.number}">'
        f'<button type="button" class="pick{selected}" data-number="{row.number}" '
        f'aria-pressed="{str(row.selected).lower()}">{picture}<span class="card-text">'
        f'<strong><span class="badge">{row.number}</span> {_shown_name(row)}</strong> '
        f'<span class="top">{escape(row.top)}</span>{_by_hand(row)}'
        f'<span class="reason">{escape(row.reason)}</span></span></button>'
        f'<span class="card-acts">{_acts(row)}</span></li>'
    )


def _shown_name(row: Row) -> str:
    """The name, with a piece of its colour where it is one."""
    colour = re.search(r"#[0-9a-f]{6}$", row.name)
    swatch = f'<i class="swatch" style="background:{colour[0]}"></i>' if colour else ""
    return swatch + escape(row.name)


def _by_hand(row: Row) -> str:
    return ' <span class="tag">by hand</span>' if row.by_hand else ""


def _acts(row: Row) -> str:
    """What can be done with an area by hand."""
    acts = []
    if row.side != "filtered":
        acts.append(("filtered", "Include"))
    if row.side != "remained":
        acts.append(("remained", "Leave out"))
    if row.by_hand:
        acts = [("", "Undo")]
    return "".join(
        f'<button type="button" class="small-button" data-put="{side}" data-of="{row.number}" '
        f'aria-label="{word} area {row.number}">{word}</button>'
        for side, word in acts
    )


def detail(row: Row, box: Box, share: float, scores: Mapping[str, float], seen: str = "") -> str:
    """All that is known of the area that is looked at.

    Args:
        row: As the lists have it.
        box: Its bounding box, px.
        share: Of the photo's area, 0..1.
        scores: What the classifier said, label by label.
        seen: The very picture that a model was shown; empty shows the thumbnail.
    """
    shown = escape(seen or row.thumbnail)
    picture = f'<img src="{shown}" alt="What the classifier sees">'
    facts = (
        ("Where", f"{box.x1}, {box.y1} to {box.x2}, {box.y2}"),
        ("Size", f"{box.width} x {box.height} px"),
        ("Area", f"{row.area:,} px, {share:.1%} of the photo"),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts)
    name = f" {_shown_name(row)}" if row.name else ""
    own = f"@label = {quote_label(row.label)}"
    named_so = f'<p class="of-label">{_inserting(own, own, own)}</p>' if row.name else ""
    return (
        f'<section class="detail side-{row.side}" aria-label="Area {row.number}">'
        f'<h2 class="side-title"><span class="badge">{row.number}</span>{name} '
        f"<small>{SIDE_NAMES[row.side]}{_by_hand(row)}</small>"
        '<button type="button" class="small-button" data-number="0" aria-label="Close">Close'
        "</button></h2>"
        f'<div class="detail-top">{picture if shown else ""}<dl>{listed}</dl></div>'
        f'<p class="reason">{escape(row.reason)}</p><p class="card-acts">{_acts(row)}</p>'
        f"{named_so}{_bars(scores)}</section>"
    )


def _bars(scores: Mapping[str, float]) -> str:
    if not scores:
        return '<p class="quiet">No scores yet.</p>'
    # what is no number comes first: it is what one looks for
    best = sorted(scores.items(), key=lambda pair: -pair[1] if isfinite(pair[1]) else -inf)
    bars = "".join(map(_bar, best[:MAX_BARS]))
    rest = len(best) - MAX_BARS
    more = f'<p class="quiet">and {plural(rest, "more name")}</p>' if rest > 0 else ""
    # a region that scrolls must be reachable from the keyboard
    return (
        '<div class="bars" tabindex="0" role="group" aria-label="Scores">'
        f"<ul>{bars}</ul></div>{more}"
    )


def _inserting(word: str, condition: str, shown: str) -> str:
    """A name of the area as a button that writes it into the rule, as the rule needs it."""
    return _chip(word, condition, shown, title="Write it into the rule")


def _bar(pair: tuple[str, float]) -> str:
    label, score = pair
    is_known = isfinite(score)
    figure = f"{score:.2f}" if is_known else "unknown"
    width = min(max(score, 0.0), 1.0) if is_known else 0.0
    return (
        f"<li>{_inserting(quote_label(label), f'{quote_label(label)} > 50%', named(label))}"
        f'<i style="--score:{width:.3f}"></i>'
        f"<b>{figure}</b></li>"
    )


def inset(picture: str, number: int) -> str:
    """A piece of the area's edge in the result, one pixel of the photo a pixel here."""
    if not picture:
        return ""
    return (
        f'<figure class="inset"><img src="{picture}" alt="The edge of area {number} in the result">'
        "<figcaption>Its edge in the result at 100&nbsp;%</figcaption></figure>"
    )


SIDE_NAMES = {"filtered": "Chosen", "remained": "Left out", "review": "To review"}


def table(rows: Sequence[Row]) -> str:
    """Every area in a row: number, name, where it went, best score, size and reason."""
    if not rows:
        return '<p class="quiet">The areas will be listed here.</p>'
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("No.", "Name", "Went to", "Best score", "Area, px", "Reason")
    )
    body = "".join(_table_row(row) for row in rows[:MAX_ROWS])
    rest = len(rows) - MAX_ROWS
    more = f'<p class="quiet">and {plural(rest, "more area")}.</p>' if rest > 0 else ""
    # a region that scrolls must be reachable from the keyboard
    return (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table of areas">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _table_row(row: Row) -> str:
    selected = " selected" if row.selected else ""
    cells = (
        f'<td class="number"><button type="button" class="pick" data-number="{row.number}" '
        f'aria-pressed="{str(row.selected).lower()}">{row.number}</button></td>'
        f"<td>{_shown_name(row)}</td><td>{SIDE_NAMES[row.side]}{_by_hand(row)}</td>"
        f"<td>{escape(row.top)}</td>"
        f'<td class="number">{row.area:,}</td><td>{escape(row.reason)}</td>'
    )
    return f'<tr class="side-{row.side}{selected}" data-number="{row.number}">{cells}</tr>'


def chips(
    labels: Sequence[str], best: Sequence[float] | None = None, rules: Sequence[str] = ()
) -> str:
    """Labels and properties as buttons that write themselves into the rule.

    Args:
        labels: What the classifier gave, best first.
        best: The best score of each; None before it has answered.
        rules: The names of rules that have some.
    """
    scores = best or (None,) * len(labels)
    buttons = "".join(
        _chip(quote_label(label), f"{quote_label(label)} > 50%", quote_label(label), score)
        for label, score in list(zip(labels, scores, strict=True))[:MAX_CHIPS]
    )
    rest = len(labels) - MAX_CHIPS
    more = f'<span class="quiet">and {rest:,} more</span>' if rest > 0 else ""
    facts = "".join(_property_chip(row) for row in PROPERTIES.values())
    title = (
        "Names it knows <span>click to use one</span>"
        if best is None
        else "Names found <span>click to use one; the figure is its best score</span>"
    )
    found = f'<p class="small-title">{title}</p><div class="chips">{buttons}{more}</div>'
    of_areas = (
        '<p class="small-title">Of the area itself <span>click to use one</span></p>'
        f'<div class="chips">{facts}</div>'
        f'<p class="quiet">{escape(_counted())}</p>'
    )
    names = "".join(_chip(name, name, name) for name in map(quote_label, rules))
    of_rules = (
        '<p class="small-title">Rules with names <span>click to use one</span></p>'
        f'<div class="chips">{names}</div>'
    )
    return (of_rules if rules else "") + (found if labels else "") + of_areas


def _counted() -> str:
    """Among which areas those properties count that tell one from the others."""
    by_scope: dict[str, list[str]] = {}
    for row in PROPERTIES.values():
        if row.among:
            by_scope.setdefault(row.among, []).append(f"@{row.name}")
    return " ".join(
        f"{' and '.join(names)} count{'s' if len(names) == 1 else ''} among {among}."
        for among, names in by_scope.items()
    )


def _property_chip(row: PropertyRow) -> str:
    name = f"@{row.name}"
    return _chip(name, f"{name} {row.example}", name, title=row.described)


def _chip(
    word: str, condition: str, shown: str, score: float | None = None, *, title: str = ""
) -> str:
    """A button that inserts a word where an operand is due, and a condition elsewhere."""
    figure = "" if score is None else f" <small>{score:.2f}</small>"
    meaning = f'title="{escape(title)}" ' if title else ""
    return (
        f'<button type="button" class="chip" {meaning}data-word="{escape(word)}" '
        f'data-condition="{escape(condition)}">{escape(shown)}{figure}</button>'
    )


# lines that run on any picture with areas, or with the colour names
RULE_LINES = (
    ("*", "every area"),
    ("red > 50%", "more than half of it is red"),
    ("red > blue", "more red than blue"),
    ("red > 20% and not blue > 20%", "and, or, not, with parentheses"),
    ("20% < green <= 80%", "between two numbers"),
    ("max(red, orange) > 0.5", "max, min, sum and mean of names; red* is any that begins so"),
    ("@rank <= 3", "the three largest of all areas found, not of those that the rest chooses"),
    ("@index = 1", "the first of all areas found, in reading order: rows from the top"),
    ("@share > 1% and @ratio > 1", "by size and shape: wider than tall"),
    ("@top = red", "the best-scored name is red"),
    ("@label = A", "by the mask's name: its file's, its label's, or A where there is one mask"),
    ('"light blue" > 30%', "a name with a space stands in quotes"),
    ("#Female > #Male", "groups of names, as a gender classifier gives them"),
)


def rule_help() -> str:
    """The expression language in lines that run at a click."""
    lines = "".join(
        f'<li><button type="button" class="chip" data-rule="{escape(rule)}">{escape(rule)}</button>'
        f"<span>{escape(meaning)}</span></li>"
        for rule, meaning in RULE_LINES
    )
    return (
        '<p class="help">A rule compares names and facts with numbers. A name that was not found '
        "makes it undecided, not false. Click a line to try it.</p>"
        f'<ul class="rule-lines">{lines}</ul>'
    )
