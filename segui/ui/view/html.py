"""Pieces of HTML for the page. Every text from a file, a model or a user is escaped here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from segui.errors import ExpressionError, RuleError
from segui.masks.notes import Offer, offers_of
from segui.ui.view.sentences import Status

SHORT_NAME = 24  # characters of a file's name that are seen in every list
TAIL = 12  # characters at the end of a longer one that are seen whatever its length
BEFORE_THE_CARET = 60  # characters of a long expression that are shown before its error


def notes(sentences: Sequence[str], *, left_out: int = 0) -> str:
    """What the files were read as and what was left out.

    Args:
        sentences: One each, some with offers to read a mask otherwise.
        left_out: How many regions were too small; they can be shown.
    """
    if not sentences:
        return ""
    items = "".join(f"<li>{escape(sentence)}{_offers(sentence)}</li>" for sentence in sentences)
    show = (
        '<button type="button" class="small-button" data-show="left out">Show what was left out'
        "</button>"
    )
    return f'<ul class="notes">{items}</ul>{show if left_out else ""}'


def _offers(sentence: str) -> str:
    """A button for each other reading that is offered with a sentence."""
    return "".join(
        f' <button type="button" class="small-button" data-option="{escape(offer.option)}" '
        f'data-value="{escape(str(offer.value))}"{_of_file(offer)}>{escape(offer.words)}</button>'
        for offer in offers_of(sentence)
    )


def _of_file(offer: Offer) -> str:
    """What tells the button's file, where it is for one alone; its words are those of others."""
    if not offer.file:
        return ""
    words = escape(f"{offer.words}: {offer.file}")
    return f' data-file="{escape(offer.file)}" aria-label="{words}"'


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


def problem(
    sentence: str,
    *,
    is_hint: bool = False,
    is_doubt: bool = False,
    can_scale: bool = False,
    smaller_wh: tuple[int, int] | None = None,
    offers: Sequence[Offer] = (),
) -> str:
    """What went wrong, or what is still missing, for the bar above the picture.

    Args:
        sentence: What there is to say.
        is_hint: Whether nothing went wrong.
        is_doubt: Whether it is to be decided on before a picture is taken away: it is in amber
            then, and so is the button.
        can_scale: Whether fitting what has another size helps: that is a button.
        offers: What else would help: a button each.
        smaller_wh: The size, px, at which what is too large can be opened: that is a button too.
    """
    kind = ("hint", "status") if is_hint else ("problem", "alert")
    doubt = " doubt" if is_doubt else ""
    stop = "" if sentence.endswith((".", "!", "?")) else "."
    buttons = _remedy("scale", "Fit it to the photo") if can_scale else ""
    buttons += "".join(_remedy(one.option, one.words, one.value) for one in offers)
    if smaller_wh is not None:
        buttons += _remedy("shrink", f"Open it at {smaller_wh[0]} x {smaller_wh[1]}")
    return (
        f'<p class="{kind[0]}-text{doubt}" role="{kind[1]}">{escape(sentence)}{stop}{buttons}</p>'
    )


def _remedy(option: str, words: str, value: str = "true") -> str:
    return (
        f' <button type="button" class="small-button" data-option="{option}" '
        f'data-value="{escape(value)}">{escape(words)}</button>'
    )


def question(still: Sequence[str]) -> str:
    """What is asked before a picture is given away that does not hide all that it is to hide."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in still)
    return f'<p role="alert">Not everything is hidden in this picture:</p><ul>{items}</ul>'


def help_text(sentence: str) -> str:
    """A line of help under a control."""
    return f'<p class="help">{escape(sentence)}</p>' if sentence else ""


def expression_error(error: ExpressionError, in_force: str = "") -> str:
    """The message, and the expression with a caret under the column.

    Args:
        error: What cannot be read, and where.
        in_force: The rule by which the areas stay as they are until then; empty where none is.
    """
    text = "".join(c if c.isprintable() else " " for c in error.text)
    start = max(0, error.column - 1 - BEFORE_THE_CARET)
    head = ("…" if start else "") + text[start : error.column - 1]
    pointed = text[error.column - 1 : error.column] or " "
    after = text[error.column : error.column + BEFORE_THE_CARET]
    line = f"{escape(head)}<mark>{escape(pointed)}</mark>{escape(after)}"
    caret = " " * len(head) + "^"
    place = f"column {error.column}"
    if isinstance(error, RuleError):
        place = f"line {error.line}, {place}"
    message = f"{place[0].upper()}{place[1:]}: {error.message}."
    still = (
        f'<p class="quiet">Until then the areas stay as <code>{escape(in_force)}</code> chose.</p>'
    )
    return (
        f'<p>{escape(message)}</p><pre class="caret-line">{line}\n{caret}</pre>'
        f"{still if in_force else ''}"
    )


def card(title: str, detail: str, picture: str, tag: str = "") -> str:
    """A small picture with its file's name: what the photo or the edited version is."""
    mark = f'<span class="tag">{escape(tag)}</span>' if tag else ""
    return (
        f'<div class="file-card"><img src="{picture}" alt=""><div>'
        f"<strong>{escape(title)}</strong><span>{escape(detail)}</span>{mark}</div></div>"
    )


def removable_cards(cards: Sequence[str], files: Sequence[tuple[str, str]]) -> str:
    """Cards of several files, each with a button that takes its file away.

    Args:
        cards: As ``card`` makes them.
        files: The id and the name of each one's file.
    """
    rows = "".join(
        f'<li>{card}<button type="button" class="small-button" data-remove="{escape(id_)}" '
        f'aria-label="Remove {escape(name)}">Remove</button></li>'
        for card, (id_, name) in zip(cards, files, strict=True)
    )
    return f'<ol class="file-cards">{rows}</ol>'


@dataclass(frozen=True)
class MaskRow:
    """One of the masks.

    Args:
        id: By which it is taken away, and painted on.
        name: What it is called.
        can_paint: Whether it can be painted on.
    """

    id: str
    name: str
    can_paint: bool = False


def mask_list(rows: Sequence[MaskRow], troubles: Mapping[str, str]) -> str:
    """The mask files and what was painted, each with buttons that paint on it and take it away.

    Args:
        rows: The masks.
        troubles: Why one cannot be used, by its id.
    """
    items = "".join(
        f"<li{_mark(troubles.get(row.id, ''))}>{_file_name(row.name)}"
        f"{_paint_on(row) if row.can_paint else ''}"
        f'<button type="button" class="small-button" '
        f'data-remove="{escape(row.id)}" aria-label="Remove {escape(row.name)}">Remove</button>'
        "</li>"
        for row in rows
    )
    every = '<button type="button" class="small-button" data-remove="all">Remove all</button>'
    return f'<ul class="files">{items}</ul>{every if len(rows) > 1 else ""}' if rows else ""


def _file_name(name: str) -> str:
    """A file's name, of which the end is seen too where it is too long: many differ there alone."""
    if len(name) <= SHORT_NAME:
        return f"<span>{escape(name)}</span>"
    head, tail = name[:-TAIL], name[-TAIL:]
    return (
        f'<span class="long-name" title="{escape(name)}"><span>{escape(head)}</span>'
        f"<span>{escape(tail)}</span></span>"
    )


def _paint_on(row: MaskRow) -> str:
    name = escape(row.name)
    return (
        f'<button type="button" class="small-button" data-paint="{escape(row.id)}" '
        f'title="Go on painting: add to this mask, or take away from it" '
        f'aria-label="Paint on {name}">Paint</button>'
    )


def _mark(trouble: str) -> str:
    return f' class="in-trouble" title="Not used: {escape(trouble)}"' if trouble else ""
