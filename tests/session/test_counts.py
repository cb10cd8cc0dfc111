"""What ways would find is looked for once nothing else is to be done, and is what they find."""

from pathlib import Path
from typing import Any

import pytest

from segui.classifiers.model_cache import ModelCache
from segui.finders.colours import ColourFinder
from segui.finders.faces import FaceFinder
from segui.session import commands, work
from segui.session.arrays import arrays_of
from segui.session.commands import SetOptions
from segui.session.derive import COUNTED, CountKey, derive
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from segui.session.results import Failed, Stopped, Task
from segui.session.session import Pools, Session
from segui.session.stages import Engine
from segui.session.working import work_out
from segui.settings import Settings
from tests.session.fakes import DEFAULTS, MODEL, HandPool, file, given, making
from tests.session.worked import inputs_of

WAYS = ("faces", "colours")


class Hand:
    """A session whose work is done when the test says so."""

    def __init__(self, inputs: Inputs, runner: Any = making) -> None:
        self.quick, self.slow, self.idle = HandPool(), HandPool(), HandPool()
        pools: Any = Pools(self.quick, self.slow, self.idle)  # type: ignore[arg-type]
        self.session = Session(inputs, runner, pools, counting=WAYS)

    def do(self, *pools: HandPool) -> Any:
        while waiting := [pool for pool in pools if pool.waiting]:
            waiting[0].run_one()
            self.show()
        return self.session.view()

    def show(self) -> None:
        """Somebody looks at what there is."""
        self.session.has_shown(self.session.view().number)


def keys(inputs: Inputs, way: str) -> CountKey:
    options = {**dict(inputs.areas.options), "finder": way}
    return CountKey(way, inputs.files.photo, tuple(options.items()))


def test_ways_are_tried_one_after_the_other_once_all_else_is_there():
    hand = Hand(given("one", "mask", **MODEL))
    assert not hand.idle.waiting
    view = hand.do(hand.quick)
    assert (view.plan.is_settled, view.plan.count, len(hand.idle.waiting)) == (True, None, 0)
    view = hand.do(hand.slow, hand.quick)
    assert view.plan.count == Task("count", keys(view.inputs, "faces"))
    assert view.plan.is_done
    assert not view.plan.is_at_rest
    assert len(hand.idle.waiting) == 1
    hand.idle.run_one()
    assert hand.session.view().plan.count == Task("count", keys(view.inputs, "colours"))
    view = hand.do(hand.idle)
    assert list(view.plan.counts) == ["faces", "colours"]
    assert view.plan.is_at_rest
    assert hand.idle.large == [True, True]  # all others go before it


def test_nothing_is_counted_before_all_else_was_shown():
    hand = Hand(given("one", "mask"))
    while hand.quick.waiting:
        hand.quick.run_one()
    view = hand.session.view()
    assert (view.plan.is_done, len(hand.idle.waiting)) == (True, 0)
    hand.session.has_shown(view.number)
    assert len(hand.idle.waiting) == 1
    hand.session.submit(SetOptions({"largest": 2}))
    hand.quick.run_one()
    hand.session.has_shown(view.number)  # of what was before
    hand.do(hand.idle)
    assert hand.session.view().plan.counts == {}


def test_a_photo_without_areas_is_counted_and_nothing_is_without_a_photo():
    hand = Hand(given("one"))
    assert list(hand.do(hand.quick, hand.idle).plan.counts) == ["faces", "colours"]
    assert not Hand(Inputs.fresh(DEFAULTS)).idle.waiting


@pytest.mark.parametrize("options", [{"background": True}, {"refine_edges": 9}])
def test_nothing_is_counted_where_nobody_wants_it_or_it_would_say_little_or_take_long(options):
    inputs = given("one", **options)
    assert derive(inputs, work_out(inputs, making)[1].get, WAYS).count is None
    assert work_out(given("one"), making)[0].counts == {}
    assert work_out(inputs, making, {}, WAYS)[0].counts == {}


def test_another_photo_ends_a_count_and_gets_none_of_it():
    def other_photo(task, plan, telling):
        if task.stage == "count" and plan.inputs.files.photo == file("one"):
            hand.session.submit(commands.GivePhoto(file("two")))
            with pytest.raises(Stopped):
                telling.pasting()
            stopped.append(task.key.way)
            raise Stopped
        return making(task, plan, telling)

    stopped: list[str] = []
    hand = Hand(given("one"), other_photo)
    hand.do(hand.quick)
    hand.idle.run_one()
    view = hand.session.view()
    assert (stopped, view.plan.counts) == (["faces"], {})
    counts = hand.do(hand.quick, hand.idle).plan.counts
    assert {way: made.of[1].photo for way, made in counts.items()} == dict.fromkeys(
        WAYS, file("two")
    )


def test_a_page_that_is_closed_has_nothing_counted_until_it_is_back():
    hand = Hand(given("one"))
    hand.do(hand.quick)
    hand.session.pause()
    assert hand.do(hand.idle).plan.counts == {}
    hand.session.resume()
    assert list(hand.do(hand.idle).plan.counts) == ["faces", "colours"]


def test_of_a_session_that_let_go_nothing_is_held_again_by_a_count():
    def letting_go(task, plan, telling):
        if task.stage == "count":
            assert hand.session.let_go()
        return making(task, plan, telling)

    hand = Hand(given("one"), letting_go)
    hand.do(hand.quick)
    hand.idle.run_one()
    assert hand.session.held == []


def test_a_way_that_cannot_be_tried_is_not_tried_again():
    def failing(task, plan, telling):
        return Failed("no") if task.stage == "count" else making(task, plan, telling)

    hand = Hand(given("one"), failing)
    view = hand.do(hand.quick, hand.idle)
    assert (view.plan.counts, view.plan.is_at_rest, hand.idle.large) == ({}, True, [True, True])


# ---- with real photos ---------------------------------------------------------------------------


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    settings = Settings(device="cpu")
    return Engine(settings, ModelCache(settings), lambda: tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(
    "options", [{}, {"largest": 2}, {"confidence": 0.8}, {"drop_size": 60, "merge_labels": True}]
)
@pytest.mark.parametrize("way", COUNTED)
def test_who_asks_for_a_way_gets_what_was_counted_without_a_search(
    engine, group, monkeypatch, way, options
):
    inputs = inputs_of(group, **options)
    plan, made = work_out(inputs, engine, {}, COUNTED)
    number = plan.counts[way].number
    for finder in (FaceFinder, ColourFinder):
        monkeypatch.setattr(finder, "find", None)
    asked = reduce(inputs, SetOptions({"finder": way}))
    scene = work_out(asked, engine, made)[0].scene
    assert len(scene.segments.items) == number > 0


def test_a_count_that_takes_too_long_is_left(engine, group, monkeypatch):
    monkeypatch.setattr(work, "MOST_COUNTING_SECONDS", 0.0)
    inputs = inputs_of(group)
    plan, made = work_out(inputs, engine, {}, COUNTED)
    assert plan.counts == {}
    assert made["count", keys(inputs, "faces")].sentence == "counting takes longer than 0 s"


@pytest.mark.long
def test_what_was_counted_counts_as_held(engine, group):
    _, made = work_out(inputs_of(group), engine, {}, COUNTED)
    held = [value for (stage, _), value in made.items() if stage == "count"]
    assert sum(arrays_of(held).values()) > 10_000
