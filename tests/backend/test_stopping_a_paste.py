"""A paste that nobody waits for ends between two segments; one that somebody does is as it was."""

import threading
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
import torch

from segui.backend import paste as pasting
from segui.backend import workers
from segui.backend.coverage import coverage
from segui.backend.paste import paste
from segui.backend.uncovered import uncovered
from segui.backend.workers import for_each
from segui.finders.regions import segments_from_mask
from segui.images.pictures import Picture
from segui.paste_values import PasteOptions
from segui.pipeline import Scene
from segui.rendering import render
from segui.session.commands import SetOptions
from tests.session.fakes import given, making
from tests.session.test_session import Hand
from tests.ui.test_option_surfaces import OneModel
from tests.ui.test_waiting import asked


class GoneError(Exception):
    """Nobody waits any more."""


class Stopping:
    """Says after so many questions that nobody waits any more."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        self.left -= 1
        if self.left < 0:
            raise GoneError


def squares(count: int = 30, apart_px: int = 20):
    mask = np.zeros((60, count * apart_px + 20), np.uint8)
    for number in range(count):
        mask[20:36, 12 + apart_px * number : 26 + apart_px * number] = 255
    return segments_from_mask(torch.from_numpy(mask), drop_size=1)


def photo_of(segments, dtype=torch.uint8):
    height, width = segments.size
    values = torch.arange(height * width * 3).reshape(1, height, width, 3) % 251
    return values.to(torch.uint8) if dtype == torch.uint8 else values / 255


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("feather", [0, 30], ids=["apart", "one group"])
def test_a_paste_that_nobody_waits_for_ends_between_segments(monkeypatch, dtype, feather):
    segments = squares()
    image = photo_of(segments, dtype)
    before, begun = image.clone(), []
    opacities = pasting.Placement.opacities
    monkeypatch.setattr(
        pasting.Placement,
        "opacities",
        lambda self, *about: begun.append(self) or opacities(self, *about),
    )
    with pytest.raises(GoneError):
        paste(image, segments, feather, reference=1 - image / 255, stop=Stopping(5))
    assert len(begun) <= 5
    assert torch.equal(image, before)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_one_that_is_waited_for_is_as_it_was(dtype):
    segments = squares()
    image, stop = photo_of(segments, dtype), Stopping(10**6)
    reference = photo_of(segments).flip(2)
    wanted = paste(image, segments, 9, reference=reference)
    assert torch.equal(paste(image, segments, 9, reference=reference, stop=stop), wanted)
    assert stop.asked >= 30


def test_what_waits_for_a_thread_is_not_begun_once_nobody_waits():
    begun, go, done = threading.Semaphore(0), threading.Event(), []

    def work(item):
        begun.release()
        go.wait()
        done.append(item)

    def stop():
        if all(begun.acquire(blocking=False) for _ in range(workers._cores())):
            go.set()
            raise GoneError

    with pytest.raises(GoneError):
        for_each(work, range(50 * workers._cores()), stop=stop)
    assert len(done) < 50 * workers._cores()
    for_each(done.append, ["the next one"])
    assert done[-1] == "the next one"


@pytest.mark.long
@pytest.mark.parametrize(
    ("effect", "effect_on"),
    [
        *product(["blur", "hide", "cut-out"], ["filtered", "everything else"]),
        ("remove", "filtered"),
        ("sticker", "filtered"),
    ],
)
def test_every_edit_ends(effect, effect_on):
    segments = squares()
    scene = Scene(Picture(photo_of(segments)[0].numpy()), None, segments)
    options = PasteOptions(effect, effect_on)
    wanted = render(scene, segments, options, "cpu")
    count = Stopping(10**6)
    assert np.array_equal(render(scene, segments, options, "cpu", stop=count), wanted)
    with pytest.raises(GoneError):
        render(replace(scene, last_effect={}), segments, options, "cpu", stop=Stopping(9))


def test_judging_what_is_seen_ends_too():
    segments = squares()
    numbers = range(1, 31)
    for after in (3, 35):
        stop = Stopping(after)
        with pytest.raises(GoneError):
            uncovered(
                segments,
                numbers,
                lambda stop=stop: coverage(segments, segments.size, stop=stop),
                stop=stop,
            )
        # each area asks once more at the most: what waited for a thread may be begun, not made
        assert stop.asked <= after + 1 + len(segments.items)


def test_a_session_ends_a_paste_that_it_does_not_want_any_more():
    ended = []

    def runner(task, plan, telling):
        if task.stage == "painted" and not ended:
            telling.pasting()
            hand.session.submit(SetOptions({"feather": 9}))
            try:
                telling.pasting()
            finally:
                ended.append(task)
            raise AssertionError("it went on")
        return making(task, plan, telling)

    hand = Hand(given("photo", "mask"), runner)
    view = hand.do_quick()
    assert len(ended) == 1
    assert view.plan.is_at_rest
    assert dict(view.inputs.paste)["feather"] == 9


def test_a_call_whose_client_leaves_while_it_is_pasted_writes_nothing(pictures, monkeypatch):
    event, pasted = SimpleNamespace(alive=True), []

    def leave(*about):
        event.alive = False
        pasted.append(about)

    monkeypatch.setattr(pasting, "_paste_alone", leave)
    monkeypatch.setattr("segui.ui.api.endpoints.fresh_folder", None)
    with pytest.raises(gr.Error, match=r"^'the client is gone'$"):
        asked(event, OneModel(), pictures, effect="blur")
    assert len(pasted) == 1
