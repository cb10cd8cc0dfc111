import asyncio
import inspect

import gradio as gr
import pytest

from segui.ui.events import ended_quietly
from segui.ui.handlers import _number
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
