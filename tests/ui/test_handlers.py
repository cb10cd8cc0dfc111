import asyncio
import inspect
from types import SimpleNamespace

import gradio as gr
import pytest

from segui.session.commands import SetOptions
from segui.ui.events import ended_quietly
from segui.ui.handlers import Handlers, _number
from tests.coroutines import run


@pytest.mark.parametrize(
    ("said", "number"),
    [("7", 7), (7, 7), ("", 0), ("-1", 0), ("1" * 7, 0), ("²", 0), ("٣", 3), (None, 0), ({}, 0)],
)
def test_an_areas_number_is_read_whatever_a_browser_sends(said, number):
    assert _number(said) == number


def test_an_event_that_the_servers_end_cancels_says_nothing():
    async def forever(request: gr.Request, clock: int = 1) -> None:
        await asyncio.sleep(3600)

    quiet = ended_quietly(forever)

    async def cancelled() -> object:
        task = asyncio.ensure_future(quiet(None))
        await asyncio.sleep(0)
        task.cancel()
        return await task

    assert run(cancelled()) == gr.skip()
    # by these Gradio knows what it has to hand in
    assert inspect.signature(quiet) == inspect.signature(forever)


@pytest.mark.parametrize(
    ("options", "data", "expected"),
    [
        ({}, {"option": "mask_kind", "value": "soft"}, {"mask_kind": "soft"}),
        ({"invert": False}, {"option": "invert", "value": "True"}, {"invert": True}),
        ({"invert": True}, {"option": "invert", "value": "True"}, {"invert": False}),
        ({"leave_out": ""}, {"option": "leave_out", "value": "7"}, {"leave_out": "7"}),
        ({"leave_out": "7"}, {"option": "leave_out", "value": "8"}, {"leave_out": "7, 8"}),
        ({"leave_out": "7"}, {"option": "leave_out", "value": ""}, {"leave_out": ""}),
    ],
)
def test_a_button_beside_a_note_reads_the_masks_otherwise(options, data, expected):
    page = SimpleNamespace(session=SimpleNamespace(inputs=SimpleNamespace(options=options)))
    assert Handlers.of_notes(None, page, data) == (SetOptions(expected),)
