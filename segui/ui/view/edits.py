"""The edits as the page lists them: each in a line, one of them open. Every text is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from segui.backend.effect_table import NO_EFFECT, OWN_STICKER, STICKER, find_effect
from segui.session.edits import MAX_NAME
from segui.session.files import Files
from segui.session.folders import url_of
from segui.session.inputs import EditInputs
from segui.session.view import View
from segui.ui.view.sentences import plural

NOTHING_YET = "Say what happens"
MAX_RULE = 80  # characters of a rule in its line; the whole one is in its box


@dataclass(frozen=True)
class EditRow:
    """One edit in a line.

    Args:
        id: By which it is opened, moved and taken away.
        rule: Which areas it is for, in words or as the rule is written.
        what: What happens there; around the areas, how many of them it leaves alone.
        count: How many areas it has, and of how many that is not decided; empty before that is
            known.
        thumbnail: Where the browser finds a picture of one of them; empty where there is none.
        is_open: Whether its controls are the page's.
        enabled: Whether it is made.
        is_waiting: Whether areas wait for what is to happen there.
        name: What a person calls it.
        effect: What is made of the areas, as the options call it.
    """

    id: int
    rule: str
    what: str
    count: str = ""
    thumbnail: str = ""
    is_open: bool = False
    enabled: bool = True
    is_waiting: bool = False
    name: str = ""
    effect: str = NO_EFFECT


def edit_rows(view: View) -> tuple[EditRow, ...]:
    """A session's edits, in the order in which they are made."""
    files = view.inputs.files
    return tuple(
        EditRow(
            edit.id,
            _rule(edit, len(view.segments)),
            _what(edit, files, _sides(view, place)),
            _count(edit, _sides(view, place)),
            _thumbnail(view, place),
            edit.id == view.inputs.edit_id,
            edit.enabled,
            bool(view.segments) and not edit.has_pixels(files),
            edit.name,
            edit.options["effect"],
        )
        for place, edit in enumerate(view.inputs.edits)
    )


def _rule(edit: EditInputs, total: int) -> str:
    text = edit.options["expression"].strip()
    every = "the one area" if total == 1 else "every area"
    words = every if text == "*" else text
    words = words if len(words) <= MAX_RULE else f"{words[:MAX_RULE]}…"
    if edit.options["among"] == "left":
        return "What is left" if text == "*" else f"Of what is left: {words}"
    return f"{every[0].upper()}{every[1:]}" if text == "*" else words


def _what(edit: EditInputs, files: Files, sides: Sequence[str]) -> str:
    if not edit.has_pixels(files):
        return NOTHING_YET
    label = find_effect(edit.options["effect"]).label
    if edit.options["effect"] == STICKER:
        own = edit.options["sticker"] == OWN_STICKER and files.sticker is not None
        label = (
            f"{label}: {files.sticker.name if own and files.sticker else edit.options['sticker']}"
        )
    if edit.options["effect"] == NO_EFFECT and len(files.references) > 1:
        label = files.references[edit.options["version"] - 1].name
    return f"{label} {_around(sides)}" if _is_around(edit) else label


def _is_around(edit: EditInputs) -> bool:
    return bool(edit.options["effect_on"] == "everything else")


def _around(sides: Sequence[str]) -> str:
    """Where an edit is that leaves the chosen areas alone.

    >>> _around(["filtered", "remained", "remained"]), _around(["filtered"]), _around(["review"])
    ('on all but 1 of 3 areas', 'on all but the area', 'on everything')
    """
    chosen = sides.count("filtered")
    if not sides:
        return "on everything else"
    if not chosen:
        return "on everything"
    if chosen == len(sides):
        return "on all but the area" if chosen == 1 else f"on all but the {chosen:,} areas"
    return f"on all but {chosen:,} of {plural(len(sides), 'area')}"


def _sides(view: View, place: int) -> Sequence[str]:
    """Where the areas are for an edit; empty before that is known."""
    return view.plan.selections[place].sides if view.plan.selections else ()


def _count(edit: EditInputs, sides: Sequence[str]) -> str:
    undecided = f"{sides.count('review'):,} undecided" if "review" in sides else ""
    # of the one area that an edit has there is nothing to count
    is_told = not sides or _is_around(edit) or list(sides) == ["filtered"]
    chosen = "" if is_told else f"{sides.count('filtered'):,} of {plural(len(sides), 'area')}"
    return ", ".join(filter(None, (chosen, undecided)))


def _thumbnail(view: View, place: int) -> str:
    sides = _sides(view, place)
    paths = (
        path
        for side, path in zip(sides, view.thumbnails, strict=False)
        if side == "filtered" and path is not None
    )
    first = next(paths, None)
    return "" if first is None else url_of(first)


def edit_list(rows: Sequence[EditRow]) -> str:
    """The edits, and what adds one more."""
    items = "".join(_item(place, row, len(rows)) for place, row in enumerate(rows, 1))
    return (
        f'<ol class="edits" aria-label="Edits, in the order in which they are made">{items}</ol>'
        '<button type="button" class="small-button" data-add="edit">Add an edit</button>'
    )


def _item(place: int, row: EditRow, count: int) -> str:
    classes = ["edit"]
    classes += ["is-open"] if row.is_open else []
    classes += [] if row.enabled else ["is-off"]
    classes += ["is-waiting"] if row.is_waiting else []
    picture = (
        f'<img src="{escape(row.thumbnail)}" alt="" loading="lazy">'
        if row.thumbnail
        else '<span class="no-picture"></span>'
    )
    counted = f" <small>{escape(row.count)}</small>" if row.count else ""
    what = f"{row.rule}: {row.what}" if row.name else row.what
    return (
        f'<li class="{" ".join(classes)}">'
        f'<button type="button" class="edit-open" data-open="{row.id}" '
        f'data-effect="{row.effect}" '
        f'aria-pressed="{str(row.is_open).lower()}">{picture}'
        f'<span class="edit-text"><strong>{place}. {escape(row.name or row.rule)}</strong>'
        f"<span>{escape(what)}{counted}</span></span></button>"
        f'<input class="edit-name" type="text" maxlength="{MAX_NAME}" hidden '
        f'data-of="{row.id}" value="{escape(row.name)}" aria-label="Name of edit {place}">'
        f'<span class="edit-acts">{_acts(place, row, count)}</span></li>'
    )


def _acts(place: int, row: EditRow, count: int) -> str:
    """What can be done with an edit; of the only one there is nothing to move or to take away."""
    if count == 1 and row.enabled:
        return ""
    turned = "false" if row.enabled else "true"
    acts = [
        (f'data-enable="{row.id}" data-to="{turned}"', "Off" if row.enabled else "On",
         f"Leave edit {place} out of the picture" if row.enabled else f"Make edit {place} again"),
    ]  # fmt: skip
    if place > 1:
        acts.append((f'data-move="{row.id}" data-by="-1"', "↑", f"Make edit {place} earlier"))
    if place < count:
        acts.append((f'data-move="{row.id}" data-by="1"', "↓", f"Make edit {place} later"))
    acts.append((f'data-rename="{row.id}"', "Name", f"Name edit {place}"))
    acts.append((f'data-copy="{row.id}"', "Copy", f"Copy edit {place}"))
    if count > 1:
        acts.append((f'data-drop="{row.id}"', "Remove", f"Remove edit {place}"))
    return "".join(
        f'<button type="button" class="small-button" {data} aria-label="{name}" '
        f'title="{name}">{word}</button>'
        for data, word, name in acts
    )
