"""Two visitors of one server: how long the one's work may hold up the other's."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from segui.session import commands
from segui.session.commands import SetOptions
from segui.session.inputs import Inputs
from segui.session.pool import Pool
from segui.session.session import Pools, Session
from tests.session.fakes import DEFAULTS, MODEL, HandPool, file, given, making

SECONDS = 60
LARGE_HW = 5000, 10_000
# what a visitor does between two looks at the picture, without a model
CHEAP = (
    SetOptions({"feather": 9}),
    SetOptions({"expression": "@index < 2"}),
    SetOptions({"alpha": 100}),
    SetOptions({"grow": 3}),
    commands.Undo(),
    commands.Pick(1),
)


def rests(session: Session) -> None:
    """Wait until all is there that a session's inputs ask for."""
    rested = threading.Event()

    def look() -> None:
        if session.view().plan.is_at_rest:
            rested.set()

    end = session.listen(look)
    look()
    try:
        assert rested.wait(SECONDS)
    finally:
        end()


def begun(inputs: Inputs, runner: Any, pools: Pools) -> Session:
    """A session that begins empty, and is given something then."""
    session = Session(Inputs.fresh(DEFAULTS), runner, pools)
    session.submit(commands.Show(inputs))
    return session


def large(task: Any, plan: Any, telling: Any) -> Any:
    made = making(task, plan, telling)
    return made._replace(size_hw=LARGE_HW) if task.stage == "photo" else made


@pytest.mark.parametrize("stage", ["photo", "scene", "scores", "painted"])
def test_cheap_steps_wait_for_nothing_of_a_visitor_with_a_large_photo(stage: str):
    pools = Pools(Pool(2, "quick"), Pool(4, "slow"))
    held = Held(stage)
    other = begun(given("photo", "mask", **MODEL), held, pools)
    assert held.began.wait(SECONDS)
    mine = begun(given("mine", "mask"), making, pools)
    rests(mine)
    for step in CHEAP:
        mine.submit(step)
        rests(mine)
        assert not other.view().plan.is_at_rest, "the other one is still at the same stage"
    held.may_end.set()
    rests(other)


class Held:
    """Work on a large photo that stays in one of its stages until the test lets it go on."""

    def __init__(self, stage: str) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()
        self._stage = stage

    def __call__(self, task: Any, plan: Any, telling: Any) -> Any:
        if task.stage == self._stage:
            self.began.set()
            assert self.may_end.wait(SECONDS)
        return large(task, plan, telling)


def test_with_one_thread_a_step_waits_for_one_turn_of_the_other_and_no_more():
    quick = HandPool()
    pools: Any = Pools(quick, HandPool())  # type: ignore[arg-type]
    done: list[str] = []

    def noting(name: str) -> Callable[..., Any]:
        def run(task: Any, plan: Any, telling: Any) -> Any:
            done.append(name)
            return making(task, plan, telling)

        return run

    def take_turn() -> str:
        """Whose turn it was; a turn does all at once that needs nothing of each other."""
        done.clear()
        quick.run_one()
        return "".join(sorted(set(done)))

    other = begun(given("photo", "mask"), noting("o"), pools)
    mine = begun(given("mine", "mask"), noting("m"), pools)
    while quick.waiting:
        take_turn()
    other.submit(commands.GivePhoto(file("next")))  # all its stages anew
    for step in CHEAP:
        mine.submit(step)
        turns = ""
        while not mine.view().plan.is_at_rest:
            turns += take_turn()
        assert "oo" not in turns
    assert other.view().plan.photo.of == (file("next"),)


def test_who_has_many_pages_open_has_one_share():
    pools, begun_of = Pools(Pool(1, "quick"), Pool(1, "slow")), []
    held = Held("photo")
    first = begun(given("first", "mask"), held, pools)  # keeps the only thread
    assert held.began.wait(SECONDS)

    def noting(owner: str) -> Callable[..., Any]:
        def run(task: Any, plan: Any, telling: Any) -> Any:
            if task.stage == "photo":
                begun_of.append(owner)
            return making(task, plan, telling)

        return run

    sessions = []
    for owner in "aaaaaaab":
        session = Session(Inputs.fresh(DEFAULTS), noting(owner), pools)
        session.begin(given("photo", "mask"), owner)
        sessions.append(session)
    held.may_end.set()
    for session in (first, *sessions):
        rests(session)
    assert begun_of.index("b") <= 1
    assert begun_of.count("a") == 7
