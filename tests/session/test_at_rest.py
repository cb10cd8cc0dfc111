"""Whatever comes in whatever order, what is shown at rest is what follows from what was said."""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any

import pytest
from hypothesis import given as all_of
from hypothesis import settings
from hypothesis import strategies as st

from segui.errors import SeguiError
from segui.session.derive import CountKey, Plan
from segui.session.inputs import Inputs
from segui.session.pool import Pool
from segui.session.results import Stopped, Task, Telling
from segui.session.session import Pools, Session
from segui.session.view import View
from segui.session.working import work_out
from tests.counts import examples
from tests.session.fakes import (
    DEFAULTS,
    EXAMPLE,
    MODEL,
    Failing,
    Gated,
    HandPool,
    Made,
    given,
    making,
    random_command,
)

RESULTS = [
    each.name for each in fields(Plan) if each.name not in ("inputs", "todo", "slow", "count")
]
COUNTING = ("faces", "colours")
TASKS_OF_A_JOB = {"scene", "small"}, {"pictures", "scores"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of tasks fail on purpose, each with a traceback in the log."""
    logging.getLogger("segui").disabled = True
    yield
    logging.getLogger("segui").disabled = False


def results(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in RESULTS}


def is_of(plan: Plan) -> bool:
    """Whether all that is there was made from the plan's inputs, and from nothing else."""
    inputs, chain = plan.inputs, [plan.inputs.areas]
    while chain[-1].before is not None:
        chain.append(chain[-1].before)
    photo = Made("photo", (inputs.files.photo,))
    scene = Made("scene", (photo, plan.areas))
    scored = Made("scores", (scene, inputs.classifier.key))
    selections = tuple(
        Made("selection", (scene, plan.scored, *edit.choosing)) for edit in inputs.edits
    )
    expected = {
        "photo": photo,
        "small": Made("small", (photo,)),
        "scene": scene,
        "scored": scored,
        "pictures": Made("pictures", (scene, plan.shows)),
        "selection": selections[inputs.place],
        "selections": selections,
        "painted": Made("painted", (scene, selections, tuple(e.pasting for e in inputs.edits))),
    }
    there = {name: getattr(plan, name) for name in expected if getattr(plan, name)}
    counts = {key.way: value for key, value in counts_of(plan, photo)}
    if any(counts[way] != value for way, value in plan.counts.items()):
        return False
    is_former = plan.areas is None or plan.areas in chain
    return is_former and there == {name: expected[name] for name in there}


def counts_of(plan: Plan, photo: Made) -> Iterator[tuple[CountKey, Made]]:
    """What each way would find in the plan's photo, by its options."""
    for way in COUNTING:
        options = {**dict(plan.inputs.areas.options), "finder": way}
        key = CountKey(way, plan.inputs.files.photo, tuple(options.items()))  # type: ignore[arg-type]
        yield key, Made("count", (photo, key))


@dataclass
class Play:
    """A session and all that happens to it, one thing at a time, in an order drawn at random.

    While a task is being done anything else may happen too: commands, other tasks. What goes wrong
    there is noted: a session makes a failure of whatever its stages raise.
    """

    random: Random
    failing: Failing
    quick: HandPool = field(default_factory=HandPool)
    slow: HandPool = field(default_factory=HandPool)
    idle: HandPool = field(default_factory=HandPool)
    running: list[tuple[Task, Plan]] = field(default_factory=list)
    stopped: list[Task] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    number: int = 0
    is_over: bool = False

    def __post_init__(self) -> None:
        _, self.common = work_out(EXAMPLE, making)
        pools = Pools(self.quick, self.slow, self.idle)  # type: ignore[arg-type]
        asking = given("photo 1", "mask 1", **MODEL)
        begin = self.random.choice((Inputs.fresh(DEFAULTS), EXAMPLE, asking, asking))
        self.session = Session(begin, self, pools, self.find, COUNTING)
        self.session.listen(self.look)

    def find(self, stage: str, key: Any) -> Any:
        return self.common.get((stage, key))

    def __call__(self, task: Task, plan: Plan, telling: Telling) -> Any:
        """Do a task, during which other things happen."""
        if task in [other for other, _ in self.running]:
            self.wrong.append(f"done twice at once: {task}")
        self.running.append((task, plan))
        self.check_running()
        try:
            for _ in range(self.random.randint(0, 3)):
                self.happen()
                if self.random.random() < 0.5:  # a model may be silent for long
                    telling.fetching(1, 2)
                    telling.judging(1, 2)
            return self.failing(task, plan, telling)
        except Stopped:
            self.stopped.append(task)
            raise
        finally:
            self.running.remove((task, plan))

    def check_running(self) -> None:
        quick = [(task, plan) for task, plan in self.running if task not in (plan.slow, plan.count)]
        slow = [task for task, plan in self.running if task == plan.slow]
        if len(slow) > 1:
            self.wrong.append(f"asked at once: {slow}")
        if len([task for task, plan in self.running if task == plan.count]) > 1:
            self.wrong.append(f"counted at once: {self.running}")
        of_one_job = {task.stage for task, _ in quick} in TASKS_OF_A_JOB
        if len(quick) > 1 and not (of_one_job and len({id(plan) for _, plan in quick}) == 1):
            self.wrong.append(f"done at once: {quick}")

    def look(self) -> None:
        view = self.session.view()
        if not is_of(view.plan):
            self.wrong.append(f"mixed: {view.plan}")
        if view.inputs != self.session.inputs:
            self.wrong.append(f"of other inputs: {view.inputs}")
        if self.slow.waiting and any(task == plan.slow for task, plan in self.running):
            self.wrong.append(f"to be asked beside another one: {view.plan.slow}")
        if view.number < self.number:
            self.wrong.append(f"from {self.number} back to {view.number}")
        self.number = view.number

    def happen(self) -> None:
        if self.is_over or len(self.running) > 4:
            return
        drawn = self.random.random()
        if drawn < 0.45:
            self.submit()
        elif drawn < 0.7 and self.quick.waiting:
            self.quick.run_one()
        elif drawn < 0.86 and self.slow.waiting:
            self.slow.run_one()
        elif drawn < 0.90 and self.idle.waiting:
            self.idle.run_one()
        elif drawn < 0.93:
            self.random.choice((self.session.pause, self.show))()
        elif drawn < 0.96:
            self.session.resume()
        elif drawn < 0.98:
            self.session.let_go()
        elif drawn < 0.99:
            self.session.begin(self.random.choice((EXAMPLE, given("photo 1", "mask 1", **MODEL))))
        self.look()

    def submit(self) -> None:
        before = self.session.inputs
        many = [random_command(self.random) for _ in range(self.random.choice((1, 1, 1, 2)))]
        try:
            number = self.session.submit(*many)
        except SeguiError:
            if self.session.inputs != before:
                self.wrong.append(f"changed by what was refused: {many}")
        else:
            if number != self.session.view().number:
                self.wrong.append(f"another number than {number}")

    def rest(self) -> View:
        self.is_over = True
        self.session.resume()
        self.run_all()
        self.show()
        self.run_all()
        return self.session.view()

    def show(self) -> None:
        self.session.has_shown(self.session.view().number)

    def run_all(self) -> None:
        pools = (self.quick, self.slow, self.idle)
        while waiting := [pool for pool in pools if pool.waiting]:
            waiting[0].run_one()
            self.look()


@pytest.mark.long
@all_of(st.integers(0, 10**9), st.integers(1, 40), st.sampled_from((0, 4, 12)))
@settings(max_examples=examples(500), deadline=None)
def test_at_rest_a_view_is_what_follows_from_the_inputs_whatever_happened(seed, length, rate):
    # not Hypothesis' own numbers, which are small ones more often than not
    play = Play(Random(seed), Failing(seed % 10, rate))  # noqa: S311
    for _ in range(length):
        play.happen()
    view = play.rest()
    assert play.wrong == []
    assert view.plan.is_at_rest
    scratch, _ = work_out(view.inputs, play.failing, play.common, COUNTING)
    assert results(view.plan) == results(scratch)


class Looker:
    """Looks at a session whenever a change is told, in whatever thread."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.wrong: list[str] = []
        self.seen = threading.local()

    def __call__(self) -> None:
        view = self.session.view()
        if not is_of(view.plan):
            self.wrong.append(f"mixed: {view}")
        if view.number < getattr(self.seen, "number", 0):
            self.wrong.append(f"back to {view.number}")
        self.seen.number = view.number


class Counting:
    """Counts which tasks are done at once."""

    def __init__(self, runner: Any) -> None:
        self.runner = runner
        self.running: list[tuple[Task, Plan]] = []
        self.wrong: list[str] = []
        self.lock = threading.Lock()

    def __call__(self, task: Task, plan: Plan, telling: Telling) -> Any:
        with self.lock:
            self.running.append((task, plan))
            slow = [task for task, plan in self.running if task == plan.slow]
            quick = {id(plan) for task, plan in self.running if task not in (plan.slow, plan.count)}
            if len(slow) > 1 or len(quick) > 1:
                self.wrong.append(f"at once: {self.running}")
        try:
            return self.runner(task, plan, telling)
        finally:
            with self.lock:
                self.running.remove((task, plan))


@pytest.fixture(scope="module")
def pools() -> Pools:
    return Pools(Pool(2, "work"), Pool(2, "ask"))


@pytest.mark.parametrize("seed", range(16))
def test_the_same_holds_for_threads_that_end_in_any_order(seed, pools):
    random, failing = Random(seed), Failing(seed, rate=(0, 5)[seed % 2])  # noqa: S311
    gated = Gated(failing)
    counting = Counting(gated)
    session = Session(given("photo 1", "mask 1"), counting, pools, counting=COUNTING)
    looker = Looker(session)
    session.listen(looker)
    for _ in range(40):
        with gated.changed:
            gate = random.choice(gated.waiting) if gated.waiting else None
        if gate is not None and random.random() < 0.6:
            gated.open(gate)
        else:
            with suppress(SeguiError):
                session.submit(random_command(random))
        looker()
        session.has_shown(session.view().number)
    gated.open_all()
    session.has_shown(session.wait_until(lambda view: view.plan.is_done, 60).number)
    view = session.wait_until(lambda view: view.plan.is_at_rest, 60)
    assert (looker.wrong, counting.wrong) == ([], [])
    assert results(view.plan) == results(work_out(view.inputs, failing, {}, COUNTING)[0])
