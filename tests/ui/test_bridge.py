"""How an event is answered, and how long a page waits for news; the session is run by hand."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import gradio as gr
import pytest

from segui.session.commands import SetOptions
from segui.session.inputs import Inputs
from segui.session.session import Pools, Session
from segui.session.view import View
from segui.ui import bridge
from segui.ui.bridge import Bridge, Page
from segui.ui.handlers.talk import Talk
from segui.ui.screen import Heard
from tests.coroutines import run
from tests.session.fakes import DEFAULTS, MODEL, HandPool, given, making


class Telling:
    """A renderer that tells a view's number, and whether all of it is there."""

    def cells(self, view: View, _screen: Any) -> dict[Any, Any]:
        return {("view", "number"): view.number, ("view", "settled"): view.plan.is_settled}


class Hand:
    """A page whose session's work is done when the test says so."""

    def __init__(self, inputs: Inputs, counting: Sequence[str] = ()) -> None:
        self.quick, self.slow, self.idle = HandPool(), HandPool(), HandPool()
        pools: Any = Pools(self.quick, self.slow, self.idle)  # type: ignore[arg-type]
        self.session = Session(inputs, making, pools, counting=counting)
        self.bridge = Bridge(None, Telling())  # type: ignore[arg-type]
        self.page = Page("key", self.session)

    def do_quick(self) -> None:
        while self.quick.waiting:
            self.quick.run_one()


@pytest.fixture(autouse=True)
def _nothing_is_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(bridge, "PROGRESS_SECONDS", 0.0)


def told(message: dict[str, Any]) -> dict[str, Any]:
    return {**message["parts"].get("view", {}), **message["parts"].get("follow", {})}


async def waiting(coroutine: Any, meanwhile: Callable[[], Any]) -> Any:
    """What comes of it; it has begun to wait before something is done."""
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(0.05)
    assert not task.done()
    meanwhile()
    return await asyncio.wait_for(task, 60)


def test_an_event_is_answered_once_all_is_there_that_takes_no_model():
    hand = Hand(given("photo", "mask"))
    hand.do_quick()
    answer = run(hand.bridge.answer(hand.page))
    assert told(answer) == {"number": 0, "settled": True}


def test_a_page_that_says_that_a_photo_is_read_is_answered_once_its_areas_are_there(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(bridge, "SHOWN_SECONDS", 3600.0)
    hand = Hand(given("photo", "mask"))

    async def answer() -> Any:
        return await waiting(hand.bridge.answer(hand.page, is_shown=True), hand.do_quick)

    assert told(run(answer())) == {"number": 0, "settled": True}


@pytest.mark.parametrize(("drawn", "is_whole"), [(True, True), (False, False), (None, False)])
def test_a_slider_whose_result_the_page_draws_itself_is_answered_once_it_is_made(
    monkeypatch: pytest.MonkeyPatch, drawn: Any, is_whole: bool
):
    monkeypatch.setattr(bridge, "SHOWN_SECONDS", 3600.0)
    hand = Hand(given("photo", "mask"))
    hand.do_quick()
    monkeypatch.setattr(hand.bridge, "page", AsyncMock(return_value=hand.page))
    rests = Talk(hand.bridge).clicked(lambda _page, _data: ())

    async def answer() -> Any:
        asked = SimpleNamespace(session_hash="key"), SimpleNamespace(_data={"drawn": drawn})
        said = {"sequence": 1, "changed": ["feather"], "values": {"feather": 30}}
        answering = rests(*asked, said)  # type: ignore[arg-type]
        if not is_whole:
            return await asyncio.wait_for(answering, 60)
        return await waiting(answering, hand.do_quick)

    assert told(run(answer()))["settled"] is is_whole


def test_a_page_holds_nothing_of_what_its_session_lets_go_of():
    hand = Hand(given("photo", "mask"))
    hand.do_quick()
    run(hand.bridge.answer(hand.page))
    plan = weakref.ref(hand.session.view().plan)
    assert hand.session.let_go()
    gc.collect()
    assert plan() is None


@pytest.mark.parametrize("values", [None, [], "grow", 3, {"nothing": 1, "GROW": 2}])
def test_what_is_no_controls_value_is_not_heard(values: Any):
    assert bridge.heard({"sequence": 1, "values": values}) == (Heard(1), {})


@pytest.mark.parametrize("sent", [None, [], "grow", 3])
def test_what_is_nothing_that_a_page_says_is_heard_as_that(sent: Any):
    assert bridge.heard(sent) == (Heard(), {})


def test_values_are_heard_by_name_whatever_they_are():
    said = {"grow": [[]], "nothing": 1, "feather": None}
    assert bridge.heard({"sequence": 1, "values": said}) == (
        Heard(1), {"feather": None, "grow": [[]]}
    )  # fmt: skip


def test_what_takes_longer_is_answered_with_that_and_the_page_asks_again():
    hand = Hand(given("photo", "mask"))
    answer = run(hand.bridge.answer(hand.page))
    assert told(answer) == {"number": 0, "settled": False, "value": 1}
    hand.do_quick()
    assert told(run(hand.bridge.followed(hand.page)))["settled"] is True


def test_what_came_between_an_answer_and_the_next_question_is_news(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(bridge, "FOLLOW_SECONDS", 3600.0)
    hand = Hand(given("photo", "mask", **MODEL))
    assert told(run(hand.bridge.answer(hand.page)))["settled"] is False
    hand.do_quick()  # and the model goes on

    async def follow() -> Any:
        return await asyncio.wait_for(hand.bridge.followed(hand.page), 60)

    assert told(run(follow()))["settled"] is True


@pytest.mark.parametrize("options", [{}, MODEL])
def test_how_far_it_is_is_told_now_and_then_and_what_is_there_at_once(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
):
    monkeypatch.setattr(bridge, "PROGRESS_SECONDS", 3600.0)
    hand = Hand(given("photo", "mask", **options), ["faces"])
    run(hand.bridge.answer(hand.page))

    async def follow() -> Any:
        following = asyncio.ensure_future(hand.bridge.followed(hand.page))
        await asyncio.sleep(0)
        hand.session.submit(SetOptions({"feather": 9}))  # news, of which nothing is made yet
        return await waiting(following, hand.do_quick)

    assert told(run(follow())) == {"number": 1, "settled": True, "value": 2}


def test_what_else_would_be_found_is_looked_for_once_the_page_asks_for_more():
    hand = Hand(given("photo", "mask"), ["faces"])
    hand.do_quick()
    assert told(run(hand.bridge.answer(hand.page)))["value"] == 1
    assert not hand.idle.waiting

    async def follow() -> Any:
        return await waiting(hand.bridge.followed(hand.page), hand.idle.run_one)

    assert run(follow()) is not None
    assert hand.session.view().plan.is_at_rest


def test_who_follows_waits_for_news():
    hand = Hand(given("photo", "mask", **MODEL))
    hand.do_quick()
    assert told(run(hand.bridge.answer(hand.page)))["value"] == 1

    async def follow() -> Any:
        news = lambda: hand.session.submit(SetOptions({"feather": 9}))  # noqa: E731
        return await waiting(hand.bridge.followed(hand.page), news)

    assert told(run(follow()))["number"] == 1


def test_of_two_that_follow_the_older_ends_at_once_and_the_newer_is_told(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(bridge, "FOLLOW_SECONDS", 3600.0)
    monkeypatch.setattr(bridge, "PROGRESS_SECONDS", 3600.0)
    hand = Hand(given("photo", "mask", **MODEL))
    hand.do_quick()

    async def follow() -> Any:
        older = asyncio.ensure_future(hand.bridge.followed(hand.page))
        await asyncio.sleep(0.05)
        newer = asyncio.ensure_future(hand.bridge.followed(hand.page))
        assert await asyncio.wait_for(older, 60) == gr.skip()
        assert not newer.done()
        hand.session.end(lambda: None)
        return await asyncio.wait_for(newer, 60)

    assert told(run(follow()))["settled"] is True
    assert hand.page.asked_to_follow == 0  # by the one that ended: else the two went on for ever


def test_an_event_that_another_one_overtakes_is_answered_without_its_result(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(bridge, "SHOWN_SECONDS", 3600.0)
    hand = Hand(given("photo", "mask"))

    async def answer() -> Any:
        answering = hand.bridge.answer(hand.page, is_shown=True)
        return await waiting(answering, lambda: hand.session.submit(SetOptions({"feather": 9})))

    assert told(run(answer())) == {"number": 1, "settled": False, "value": 1}


def test_a_page_at_rest_is_not_asked_to_come_again():
    hand = Hand(given("photo", "mask"))
    hand.do_quick()
    assert "value" not in told(run(hand.bridge.answer(hand.page)))
    assert hand.page.asked_to_follow == 0


def test_a_command_that_cannot_be_done_is_said_and_nothing_has_changed():
    hand = Hand(Inputs.fresh(DEFAULTS))
    hand.bridge.submit(hand.page, [object()])  # type: ignore[list-item]
    sentence, number = hand.page.screen.remark
    assert ("Something went wrong here" in sentence, number) == (True, 0)


def test_a_view_that_cannot_be_shown_says_so(caplog: pytest.LogCaptureFixture):
    class Broken:
        def cells(self, _view: View, _screen: Any) -> dict[Any, Any]:
            raise ValueError("no such cell")

    hand = Hand(given("photo", "mask"))
    hand.do_quick()
    answer = run(Bridge(None, Broken()).answer(hand.page))  # type: ignore[arg-type]
    assert "Something went wrong here" in answer["parts"]["problem"]["value"]
    assert "no such cell" in caplog.text


def test_who_waits_for_a_session_that_ends_is_answered():
    hand = Hand(given("photo", "mask", **MODEL))
    hand.do_quick()

    async def follow() -> Any:
        return await waiting(
            hand.bridge.followed(hand.page), lambda: hand.session.end(lambda: None)
        )

    assert run(follow()) is not None


# ---- events that come twice ----------------------------------------------------------------------
def test_an_event_that_comes_twice_is_new_once_and_the_second_waits_for_the_first():
    page = Hand(given("photo", "mask")).page

    async def twice() -> list[Any]:
        found: list[Any] = []

        async def hear(name: str, goes_on: asyncio.Event) -> None:
            async with page.once(7) as is_new:
                found.append((name, is_new))
                await goes_on.wait()

        held, free = asyncio.Event(), asyncio.Event()
        free.set()
        first = asyncio.ensure_future(hear("first", held))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(hear("second", free))
        await asyncio.sleep(0.01)
        found.append("waiting")
        held.set()
        await asyncio.gather(first, second)
        return found

    assert run(twice()) == [("first", True), "waiting", ("second", False)]


def test_an_event_that_failed_is_not_done_again():
    page = Hand(given("photo", "mask")).page

    async def twice() -> bool:
        with pytest.raises(ValueError, match="broken"):
            async with page.once(7):
                raise ValueError("broken")
        async with page.once(7) as is_new:
            return is_new

    assert run(twice()) is False


def test_what_has_no_number_is_always_new_and_old_numbers_are_forgotten():
    page = Hand(given("photo", "mask")).page

    async def news(*numbers: int) -> list[bool]:
        found = []
        for number in numbers:
            async with page.once(number) as is_new:
                found.append(is_new)
        return found

    assert run(news(0, 0)) == [True, True]
    assert run(news(*range(1, 200))) == [True] * 199
    assert len(page.heard) == bridge.MOST_HEARD
    assert run(news(199, 1)) == [False, True]
