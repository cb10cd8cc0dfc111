"""Pieces of HTML for the page. Every text from a file, a model or a user is escaped here."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from segui.errors import ExpressionError
from segui.ui.words import Status, plural

DEFAULT_LABEL = "A"  # what the engine calls an area that has no name
MAX_CARDS = 200
MAX_ROWS = 1000
MAX_CHIPS = 60
BEFORE_THE_CARET = 60  # characters of a long expression that are shown before its error


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
    """

    number: int
    label: str
    side: str
    top: str
    reason: str
    area: int
    thumbnail: str


def cards(rows: Sequence[Row], side: str, title: str, nothing: str) -> str:
    """The areas of one side, each with its picture, its best score and its reason."""
    chosen = [row for row in rows if row.side == side]
    head = f'<h3 class="side-title side-{side}">{escape(title)} <span>{len(chosen)}</span></h3>'
    if not chosen:
        return f'{head}<p class="quiet">{escape(nothing)}</p>'
    shown = "".join(_card(row) for row in chosen[:MAX_CARDS])
    rest = len(chosen) - MAX_CARDS
    more = f'<p class="quiet">and {plural(rest, "more area")}: the table has them all.</p>'
    return f'{head}<ul class="cards">{shown}</ul>{more if rest > 0 else ""}'


def _card(row: Row) -> str:
    picture = (
        f'<img src="{escape(row.thumbnail)}" alt="Area {row.number}" loading="lazy">'
        if row.thumbnail
        else '<span class="no-picture"></span>'
    )
    name = "" if row.label == DEFAULT_LABEL else f" {escape(row.label)}"
    if row.label.isdigit():  # beside the area's own number it would be a riddle
        name = f" label {row.label}"
    return (
        f'<li class="area-card side-{row.side}" data-number="{row.number}">{picture}<div>'
        f'<strong><span class="badge">{row.number}</span>{name}</strong>'
        f'<span class="top">{escape(row.top)}</span><p>{escape(row.reason)}</p></div></li>'
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
    name = "" if row.label == DEFAULT_LABEL else escape(row.label)
    cells = (
        f'<td class="number">{row.number}</td><td>{name}</td>'
        f"<td>{SIDE_NAMES[row.side]}</td><td>{escape(row.top)}</td>"
        f'<td class="number">{row.area:,}</td><td>{escape(row.reason)}</td>'
    )
    return f'<tr class="side-{row.side}">{cells}</tr>'


def chips(labels: Sequence[str], best: Sequence[float]) -> str:
    """The labels as buttons: a click makes a rule of one."""
    if not labels:
        return ""
    buttons = "".join(
        f'<button type="button" class="chip" data-label="{escape(label)}" '
        f'title="best score {score:.2f}">{escape(label)} <small>{score:.2f}</small></button>'
        for label, score in list(zip(labels, best, strict=True))[:MAX_CHIPS]
    )
    rest = len(labels) - MAX_CHIPS
    more = f'<span class="quiet">and {rest:,} more</span>' if rest > 0 else ""
    return (
        '<p class="small-title">Names found <span>click to use one; '
        f'the figure is its best score</span></p><div class="chips">{buttons}{more}</div>'
    )


def notes(sentences: Sequence[str]) -> str:
    """What the files were read as and what was left out."""
    if not sentences:
        return ""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<ul class="notes">{items}</ul>'


def status(said: Status, story: str = "") -> str:
    """How many were chosen, or what to do about none; of an example, what it shows."""
    parts = [f'<p class="headline">{escape(said.headline)}</p>']
    if story:
        parts.append(f'<p class="story"><b>Example</b> {escape(story)}</p>')
    if said.advice:
        attempt = ""
        if said.attempt:
            rule = escape(said.attempt)
            attempt = f' <button type="button" class="chip" data-rule="{rule}">Try {rule}</button>'
        parts.append(f'<p class="advice">{escape(said.advice)}{attempt}</p>')
    return "".join(parts)


def hint(headline: str, advice: str = "") -> str:
    """What to do next, where there is nothing to count yet."""
    return status(Status(headline, advice))


def problem(sentence: str, *, is_hint: bool = False) -> str:
    """What went wrong, or what is still missing, for the bar above the picture."""
    kind = ("hint", "status") if is_hint else ("problem", "alert")
    stop = "" if sentence.endswith((".", "!", "?")) else "."
    return f'<p class="{kind[0]}-text" role="{kind[1]}">{escape(sentence)}{stop}</p>'


def help_text(sentence: str) -> str:
    """A line of help under a control."""
    return f'<p class="help">{escape(sentence)}</p>' if sentence else ""


def expression_error(error: ExpressionError) -> str:
    """The message, and the expression with a caret under the column."""
    text = "".join(c if c.isprintable() else " " for c in error.text)
    start = max(0, error.column - 1 - BEFORE_THE_CARET)
    before = ("…" if start else "") + text[start : error.column - 1]
    pointed = text[error.column - 1 : error.column] or " "
    after = text[error.column : error.column + BEFORE_THE_CARET]
    line = f"{escape(before)}<mark>{escape(pointed)}</mark>{escape(after)}"
    caret = " " * len(before) + "^"
    message = f"Column {error.column}: {error.message}."
    return f'<p>{escape(message)}</p><pre class="caret-line">{line}\n{caret}</pre>'


def card(title: str, detail: str, picture: str, tag: str = "") -> str:
    """A small picture with its file's name: what the photo or the edited version is."""
    mark = f'<span class="tag">{escape(tag)}</span>' if tag else ""
    return (
        f'<div class="file-card"><img src="{picture}" alt=""><div>'
        f"<strong>{escape(title)}</strong><span>{escape(detail)}</span>{mark}</div></div>"
    )


def mask_list(names: Sequence[str]) -> str:
    """The mask files, each with a button that takes it away."""
    items = "".join(
        f'<li><span>{escape(name)}</span><button type="button" class="small-button" '
        f'data-remove="{place}" aria-label="Remove {escape(name)}">Remove</button></li>'
        for place, name in enumerate(names)
    )
    every = '<button type="button" class="small-button" data-remove="all">Remove all</button>'
    return f'<ul class="files">{items}</ul>{every if len(names) > 1 else ""}' if names else ""
