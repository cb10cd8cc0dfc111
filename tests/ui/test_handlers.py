import asyncio
import inspect
from threading import Event
from types import SimpleNamespace

import gradio as gr
import pytest

from segui.session.commands import Paint, SetOptions
from segui.settings import Settings
from segui.ui.events import ended_quietly
from segui.ui.handlers.clicks import _number, of_notes
from segui.ui.handlers.controls import Controls
from segui.ui.handlers.given import Given
from segui.ui.handlers.uploads import Uploads
from segui.ui.screen import Screen
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
        ({}, {"option": "turn_masks", "value": "exif"}, {"turn_masks": "exif"}),
        (
            {"invert": True, "each_mask": ""},
            {"option": "invert", "value": "True", "file": "a.png"},
            {"each_mask": '{"a.png": {"invert": false}}'},
        ),
        (
            {"leave_out": "7", "each_mask": '{"a.png": {"leave_out": "8"}}'},
            {"option": "leave_out", "value": "9", "file": "a.png"},
            {"each_mask": '{"a.png": {"leave_out": "8, 9"}}'},
        ),
    ],
)
def test_a_button_beside_a_note_reads_the_masks_otherwise(options, data, expected):
    page = SimpleNamespace(session=SimpleNamespace(inputs=SimpleNamespace(options=options)))
    assert of_notes(page, data) == (SetOptions(expected),)


def test_what_is_painted_on_a_mask_that_is_not_there_is_kept_nowhere(tmp_path):
    screen, masks = Screen(), (SimpleNamespace(id="here"),)
    page = SimpleNamespace(
        screen=screen,
        session=SimpleNamespace(inputs=SimpleNamespace(files=SimpleNamespace(masks=masks))),
        key="visitor",
    )
    folders = SimpleNamespace(of=lambda _: tmp_path)
    talk = SimpleNamespace()
    paint = Controls(talk, Uploads(folders, Settings(), None), "cpu").paint
    assert paint(page, {"layer": "gone", "painted": "data:"}) == ()
    assert (screen.strokes, [*tmp_path.iterdir()]) == ({}, [])
    wiped = {"layer": "here", "painted": "", "told": 1}
    assert paint(page, wiped) == (Paint(None, "here"),)
    assert [*screen.strokes] == ["here"]
    page.session.inputs.files.masks = ()
    paint(page, {"painted": "", "told": 2})
    assert screen.strokes == {}


def test_files_are_taken_in_the_order_in_which_they_were_given():
    """A mask is read sooner than a photo: taken before it, it would go with the example."""
    is_read, submitted, begun = Event(), [], []
    page = SimpleNamespace(
        key="visitor",
        giving=asyncio.Lock(),
        screen=Screen(),
        session=SimpleNamespace(inputs=SimpleNamespace(options={"shrink": False})),
    )

    async def answer(page, *, is_shown):
        return {}

    bridge = SimpleNamespace(
        submit=lambda _, made, *_rest, **_how: submitted.extend(made),
        answer=answer,
        sessions=SimpleNamespace(tidy=lambda _: None),
    )
    given = Given(SimpleNamespace(bridge=bridge), Uploads(None, Settings(), None))

    def photo(shrink):
        begun.append("photo")
        assert is_read.wait(60)
        return ("photo",), (), ""

    def masks(shrink):
        begun.append("masks")
        return ("masks",), (), ""

    async def both():
        first = asyncio.ensure_future(given._taken(page, photo))
        while not begun:
            await asyncio.sleep(0)
        second = asyncio.ensure_future(given._taken(page, masks))
        done, _ = await asyncio.wait({second}, timeout=0.2)
        is_read.set()
        await asyncio.gather(first, second)
        assert not done

    run(both())
    assert begun == submitted == ["photo", "masks"]
