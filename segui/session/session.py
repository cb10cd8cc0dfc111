"""One visitor's session: the only writer of its state, and the worker that follows it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Condition, Event, Lock
from typing import Any, Final

from segui.session.commands import AskAgain, Cancel, Command, Pick, Redo, Undo
from segui.session.derive import Plan, derive
from segui.session.history import History
from segui.session.inputs import Inputs
from segui.session.memo import Common, Memo
from segui.session.pool import Pool
from segui.session.reduce import reduce
from segui.session.results import StageName, Stopped, Task, Telling
from segui.session.stages import Runner
from segui.session.view import Step, View
from segui.session.working import Beside, place_of, result_of

_LOG = logging.getLogger("segui")
Seeds = Iterable[tuple[StageName, Any, Any]]


@dataclass(frozen=True, eq=False)
class Pools:
    """Threads that all sessions share.

    Args:
        quick: For what takes a second at most.
        slow: For models: who waits for a download does not hold up all the others.
    """

    quick: Pool
    slow: Pool

    @classmethod
    def of(cls, processors: int) -> Pools:
        """As many as a machine with that many processors can use."""
        return cls(Pool(max(2, processors), "segui-work"), Pool(4, "segui-model"))


@dataclass(eq=False)
class _Job:
    """A turn in a pool.

    Args:
        due: Gives what is to be done, once the turn has come.
        tasks: What is being done; none before.
        stop: Set while nobody wants it.
    """

    due: Callable[[], tuple[Task, ...]]
    tasks: tuple[Task, ...] = ()
    stop: Event = field(default_factory=Event)


class Session:
    """Takes commands, works out what follows from them, and tells whoever follows.

    Args:
        inputs: What it begins with.
        runner: Does the stages' work.
        pools: The threads for it.
        common: What is kept for everybody.
    """

    def __init__(
        self,
        inputs: Inputs,
        runner: Runner,
        pools: Pools,
        common: Common | None = None,
    ) -> None:
        self._inputs = inputs
        self._runner = runner
        self._pools = pools
        self._memo = Memo(common)
        self._history = History()
        self._number = 0
        self._plan = Plan(inputs)
        self._step: Step | None = None
        self._quick: _Job | None = None
        self._slow: _Job | None = None
        self._is_paused = False
        self._is_ended = False
        self._ended: Callable[[], None] | None = None
        self._context: Context = copy_context()
        self._lock = Lock()
        self._listeners: list[Callable[[], None]] = []
        with self._lock:
            self._advance()

    # ---- what a page does ---------------------------------------------------------------------

    def submit(self, *commands: Command, seeds: Seeds = ()) -> int:
        """Do commands, all of them or none.

        Args:
            commands: In their order.
            seeds: Results that are there already: stage, key and value.

        Returns:
            The number of what follows from them.

        Raises:
            SeguiError: One of them cannot be done; nothing has changed.
        """
        with self._lock:
            inputs, history = self._inputs, self._history
            for command in commands:
                if isinstance(command, Cancel) and self._is_answered:
                    continue  # the answer came before the click did
                inputs, history = _after(inputs, history, command)
            self._inputs, self._history = inputs, history
            self._number += 1
            self._is_paused = False
            self._context = copy_context()  # a GPU is lent to whoever asked last
            self._memo.forget_bugs()
            for stage, key, value in seeds:
                self._memo.put(stage, key, value)
            self._advance()
            number = self._number
        self._tell()
        return number

    def begin(self, inputs: Inputs) -> None:
        """Begin anew: nothing that was before can be undone."""
        with self._lock:
            # what failed at an attempt is kept under its number, so no number comes twice
            attempt = max(inputs.attempt, self._inputs.attempt)
            self._inputs, self._history = replace(inputs, attempt=attempt), History()
            self._number += 1
            self._is_paused = False
            self._context = copy_context()
            self._memo.forget_bugs()
            self._advance()
        self._tell()

    def view(self) -> View:
        """What there is to show now."""
        with self._lock:
            return self._view()

    def pause(self) -> None:
        """Nobody looks any more: a model that is being asked is left alone until somebody does."""
        with self._lock:
            self._is_paused = True
            self._advance()

    def resume(self) -> None:
        """Somebody looks again."""
        with self._lock:
            self._is_paused = False
            self._advance()

    def end(self, ended: Callable[[], None]) -> None:
        """Nobody will ever look again: nothing more is begun.

        Args:
            ended: Called when nothing writes files any more.
        """
        with self._lock:
            self._is_ended = True
            self._advance()
            is_busy = self._quick is not None
            if is_busy:
                self._ended = ended
        self._tell()
        if not is_busy:
            ended()

    @property
    def has_ended(self) -> bool:
        """Whether nothing will ever come of it any more."""
        return self._is_ended

    @property
    def inputs(self) -> Inputs:
        """What was given and said."""
        return self._inputs

    @property
    def held(self) -> list[Any]:
        """All results that are kept."""
        with self._lock:
            return self._memo.values()

    @property
    def known_inputs(self) -> Sequence[Inputs]:
        """The inputs, and all those that can be come back to."""
        with self._lock:
            return (self._inputs, *self._history.all)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Be told of each change, in any thread.

        Returns:
            What ends it.
        """
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def wait_until(self, holds: Callable[[View], bool], timeout: float | None = None) -> View:
        """Wait for a view, as who has no loop does: a command line, a test.

        Raises:
            TimeoutError: It has not come in time.
        """
        changed = Condition()

        def wake() -> None:
            with changed:
                changed.notify_all()

        end = self.listen(wake)
        try:
            with changed:
                if not changed.wait_for(lambda: holds(self.view()), timeout):
                    raise TimeoutError(f"the session has not come to it within {timeout} s")
            return self.view()
        finally:
            end()

    # ---- the worker ---------------------------------------------------------------------------

    def _view(self) -> View:
        undo, redo = self._history.can_undo, self._history.can_redo
        return View(self._number, self._plan, self._step, undo, redo)

    def _advance(self) -> None:
        """Work out what follows by now, stop what is not wanted, begin what is. Under the lock."""
        if self._is_ended:
            self._let_go()
        self._memo.begin()
        plan = derive(self._inputs, self._memo.find)
        self._memo.trim()
        self._plan = plan
        if self._slow is not None and self._slow.tasks:
            self._hold_or_release(self._slow)
        if self._quick is None and self._due_quick():
            self._quick = self._begin(self._pools.quick, self._due_quick)
        if self._slow is None and self._due_slow():
            self._slow = self._begin(self._pools.slow, self._due_slow)

    def _let_go(self) -> None:
        """Hold nothing any more, whoever still holds this session: a request may for a while."""
        self._memo, self._history = Memo(), History()
        self._inputs = Inputs.fresh(self._inputs.defaults)

    def _hold_or_release(self, job: _Job) -> None:
        """What is not wanted ends at its model's next sign of life; until then it may be again."""
        if job.tasks == self._due_slow():
            job.stop.clear()
        else:
            job.stop.set()
            self._step = None

    def _due_quick(self) -> tuple[Task, ...]:
        return () if self._is_ended else self._plan.todo

    def _due_slow(self) -> tuple[Task, ...]:
        slow = self._plan.slow
        return () if slow is None or self._is_paused or self._is_ended else (slow,)

    @property
    def _is_answered(self) -> bool:
        plan = self._plan
        return plan.scored is not None or bool(plan.trouble) or plan.is_at_rest

    def _begin(self, pool: Pool, due: Callable[[], tuple[Task, ...]]) -> _Job:
        job = _Job(due)
        pool.submit(lambda: self._take_turn(job))
        return job

    def _take_turn(self, job: _Job) -> None:
        """Do what is due by now: what it was when the turn was asked for may be of no use."""
        with self._lock:
            job.tasks, plan, context = job.due(), self._plan, self._context
        context.copy().run(self._work, job, plan)

    def _work(self, job: _Job, plan: Plan) -> None:
        """Do a job's tasks, side by side where there are more than one."""
        do = partial(self._done, job=job, plan=plan)
        beside = [Beside(self._pools.quick, partial(do, task)) for task in job.tasks[1:]]
        results = [do(task) for task in job.tasks[:1]]
        results += [one.result() for one in beside]
        with self._lock:
            for task, value in zip(job.tasks, results, strict=True):
                if value is not None:
                    self._memo.put(task.stage, place_of(task, value, plan.inputs), value)
            if job is self._quick:
                self._quick = None
            if job is self._slow:
                self._slow, self._step = None, None
            self._advance()
            ended = self._ended if self._quick is None else None
        self._tell()
        if ended is not None:
            ended()

    def _done(self, task: Task, job: _Job, plan: Plan) -> Any:
        """A task's result, or what stands in its place; None where it was stopped."""
        try:
            return result_of(self._runner, task, plan, self._telling(job))
        except Stopped:
            return None

    def _telling(self, job: _Job) -> Telling:
        def telling(doing: Any) -> Callable[[int, int], None]:
            def tell(done: int, total: int) -> None:
                if job.stop.is_set():
                    raise Stopped
                with self._lock:
                    if job is self._slow and not job.stop.is_set():
                        self._step = Step(doing, done, total)
                self._tell()

            return tell

        return Telling(telling("judging"), telling("fetching"))

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:  # noqa: BLE001  who cannot be told holds up nobody else
                _LOG.exception("a change could not be told")


_NO_STEPS: Final = (Pick, AskAgain, Cancel)  # they change no result


def _after(inputs: Inputs, history: History, command: Command) -> tuple[Inputs, History]:
    if isinstance(command, Undo):
        return history.undo(inputs)
    if isinstance(command, Redo):
        return history.redo(inputs)
    changed = reduce(inputs, command)
    if isinstance(command, _NO_STEPS) or replace(changed, picked=inputs.picked) == inputs:
        return changed, history
    return changed, history.step(inputs, command)
