"""Where everything stands: a bar, the steps, the picture, the areas."""

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from segui.session.examples import Example
from segui.settings import Settings
from segui.ui.layout import ids
from segui.ui.layout.components import Downloading, Outcome, Parts, Step
from segui.ui.layout.controls import (
    area_step,
    choose_step,
    edit_step,
    paste_step,
    photo_step,
    take_step,
)
from segui.ui.layout.folded import folded
from segui.ui.layout.frame import TEMPLATE, viewer_script
from segui.ui.layout.html_component import (
    CLICKS_AS_EVENTS,
    FILES_AS_EVENTS,
    MENU_CLICKS,
    READS_VALUES,
    piece,
)
from segui.ui.layout.shortcuts import SKIPS, shortcuts
from segui.ui.layout.takes import other_takes
from segui.ui.view import areas as area_html


def build_layout(settings: Settings, examples: Sequence[tuple[Example, str]]) -> Parts:
    """All components, in their places.

    Args:
        settings: For the classifier that is offered first.
        examples: The ready scenes, each with a small picture as a data URI.
    """
    with gr.Row(elem_id="top"):
        piece(SKIPS, elem_id=ids.SKIPS)
        piece('<h1>segui</h1><p class="quiet">edit photos area by area</p>', elem_id="brand")
        open_photo = gr.Button(
            "Open photo", variant="primary", elem_id=ids.OPEN_PHOTO, min_width=130, scale=0
        )
        undo = gr.Button(
            "Undo", size="sm", interactive=False, min_width=60, scale=0, elem_id=ids.UNDO
        )
        redo = gr.Button(
            "Redo", size="sm", interactive=False, min_width=60, scale=0, elem_id=ids.REDO
        )
        strip = piece(_example_menu(examples), elem_id=ids.EXAMPLES, js_on_load=MENU_CLICKS)
        mine = gr.Button(
            "Back to my photo", size="sm", visible=False, min_width=90, scale=0, elem_id=ids.MINE
        )
        fresh = gr.Button("Start over", size="sm", elem_id=ids.FRESH, min_width=90, scale=0)
        piece(shortcuts(), elem_id=ids.SHORTCUTS)
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="steps"):
            photo, areas = photo_step(), area_step()
            edits = edit_step()
            paste, choose = paste_step(), choose_step(settings)
        with gr.Column(elem_id="middle"):
            outcome_parts, take = _middle()
            with folded("All areas in a table", "step"):
                table = _clickable(ids.TABLE, area_html.table(()))
        with gr.Column(elem_id="sides"):
            detail, inset = _clickable(ids.DETAIL), piece("", elem_id=ids.INSET)
            filtered, review = _clickable(ids.FILTERED), _clickable(ids.REVIEW)
            remained = _clickable(ids.REMAINED)
    piece(_bar(), elem_id=ids.BAR)
    outcome = Outcome(*outcome_parts, detail, inset, filtered, review, remained, table)
    return Parts(
        photo,
        areas,
        choose,
        paste,
        take,
        outcome,
        stored_options=_stored("segui-options-by-name"),
        stored_scene=_stored("segui-scene"),
        opening=gr.JSON(visible="hidden"),
        clock=gr.JSON(visible="hidden"),
        values=piece("", visible="hidden", js_on_load=READS_VALUES),
        updates=piece({}, visible="hidden", html_template=""),
        together=gr.File(
            label="Files of any kind", file_count="multiple", visible="hidden", elem_id=ids.TOGETHER
        ),
        given=piece("", visible="hidden", js_on_load=FILES_AS_EVENTS),
        edits=edits,
        wait=gr.JSON(visible="hidden", elem_id=ids.WAIT),
        undo=undo,
        redo=redo,
        open_photo=open_photo,
        mine=mine,
        fresh=fresh,
        examples=strip,
    )


def _stored(key: str) -> gr.BrowserState:
    # nothing secret is kept, and a new start of the app must still be able to read it
    return gr.BrowserState(None, storage_key=key, secret="segui")  # noqa: S106


def _clickable(elem_id: str, value: str = "") -> gr.HTML:
    return piece(value, elem_id=elem_id, js_on_load=CLICKS_AS_EVENTS)


_Middle = tuple[
    gr.HTML,
    gr.HTML,
    gr.HTML,
    gr.Button,
    Downloading,
    gr.Button,
    dict[str, gr.Button],
    gr.HTML,
    gr.DownloadButton,
    gr.JSON,
]


def _middle() -> tuple[_Middle, Step]:
    problem = _clickable(ids.PROBLEM)
    result = piece(
        {},
        html_template=TEMPLATE,
        js_on_load=viewer_script(),
        elem_id=ids.RESULT,
    )
    with gr.Row(elem_id="below"):
        status = _clickable(ids.STATUS)
        cancel = gr.Button(
            "Cancel", size="sm", visible=False, scale=0, min_width=80, elem_id=ids.CANCEL
        )
        button = gr.Button(
            "Download PNG", variant="primary", interactive=False, elem_id=ids.DOWNLOAD, **_WIDE
        )
        ask = gr.Button("Download PNG…", visible=False, elem_id=ids.ASK_DOWNLOAD, **_WIDE)
    download = Downloading(button, ask, *_question())
    with gr.Column(elem_id=ids.SAVE):
        take = take_step()
        gives = piece("", elem_id=ids.GIVES)
        share, takes = other_takes()
    file = gr.DownloadButton("Download", visible="hidden", elem_id=ids.DOWNLOAD_FILE)
    link = gr.JSON(visible="hidden")
    return (problem, result, status, cancel, download, share, takes, gives, file, link), take


_WIDE: dict[str, Any] = {"scale": 0, "min_width": 170}


def _question() -> tuple[gr.Column, gr.HTML, gr.Button, gr.Button, gr.Button]:
    """What is asked before a picture is given away that does not hide all that it is to hide."""
    with gr.Column(visible=False, elem_id=ids.QUESTION) as question:
        text = piece("", elem_id=ids.QUESTION_TEXT)
        hide = gr.Button("Hide what is undecided", size="sm", elem_id=ids.HIDE_UNDECIDED)
        with gr.Row():
            back = gr.Button("Go back", size="sm", elem_id=ids.GO_BACK)
            anyway = gr.Button("Download all the same", size="sm", elem_id=ids.DOWNLOAD_ANYWAY)
    return question, text, hide, anyway, back


# what a phone has in sheets: see sheets.js
_SHEETS = {
    "find": ("Find", "steps"),
    "edits": ("Edits", "steps"),
    "areas": ("Areas", "sides"),
    "save": ("Save", ids.SAVE),
}


def _bar() -> str:
    """What opens them, at the foot of a phone."""
    buttons = "".join(
        f'<button type="button" data-sheet="{name}" aria-expanded="false" '
        f'aria-controls="{holder}">{words}</button>'
        for name, (words, holder) in _SHEETS.items()
    )
    return f'<nav aria-label="Steps">{buttons}</nav>'


def _example_menu(examples: Sequence[tuple[Example, str]]) -> str:
    buttons = "".join(
        f'<button type="button" class="example" data-example="{escape(example.name)}" '
        f'title="{escape(example.description)}"><img src="{picture}" alt="">'
        f"<span>{escape(example.title)}</span></button>"
        for example, picture in examples
    )
    return (
        '<details class="menu"><summary>Examples</summary>'
        f'<div class="example-list" role="group" aria-label="Examples">{buttons}</div></details>'
    )
