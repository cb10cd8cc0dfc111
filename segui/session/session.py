"""One visitor's session: the only writer of its state, and the worker that follows it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Condition, Lock
from typing import Any, Final

from segui.session.arrays import Arrays, arrays_of
from segui.session.commands import AskAgain, Cancel, Command, OpenEdit, Pick, Redo, Undo
from segui.session.derive import Plan, derive
from segui.session.history import History
from segui.session.inputs import Inputs
from segui.session.memo import Common, Memo
from segui.session.pool import LARGE_PIXELS, Pool
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
        idle: For what nobody has asked for yet: one thread for everybody, which lets all others go
            before it.
    """

    quick: Pool
    slow: Pool
    idle: Pool = field(default_factory=lambda: Pool(1, "segui-idle"))

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
        step: How far it is, as far as it has said.
    """

    due: Callable[[], tuple[Task, ...]]
    tasks: tuple[Task, ...] = ()
    step: Step | None = None

    @property
    def shown(self) -> Step | None:
        """How far it is, as long as it is wanted."""
        return self.step if any(task in self.due() for task in self.tasks) else None


class Session:
    """Takes commands, works out what follows from them, and tells whoever follows.

    Args:
        inputs: What it begins with.
        runner: Does the stages' work.
        pools: The threads for it.
        common: What is kept for everybody.
        counting: The ways to find that are tried in a photo before anybody asks for them.
    """

    def __init__(
        self,
        inputs: Inputs,
        runner: Runner,
        pools: Pools,
        common: Common | None = None,
        counting: Sequence[str] = (),
    ) -> None:
        self._inputs = inputs
        self._counting = tuple(counting)
        self._runner = runner
        self._pools = pools
        self._memo = Memo(common)
        self._history = History()
        self._number = 0
        self._shown = -1
        self._plan = Plan(inputs)
        self._quick: _Job | None = None
        self._slow: _Job | None = None
        self._idle: _Job | None = None
        self._is_paused = False
        self._is_ended = False
        self._is_asleep = False
        self._weighed: tuple[int, Arrays] = (-1, {})
        self._ended: Callable[[], None] | None = None
        self._owner: Hashable = None
        self._context: Context = copy_context()
        self._lock = Lock()
        self._listeners: list[Callable[[], None]] = []
        with self._lock:
            self._advance()

    # ---- what a page does ---------------------------------------------------------------------

    def submit(self, *commands: Command, seeds: Seeds = (), is_one_step: bool = False) -> int:
        """Do commands, all of them or none.

        Args:
            commands: In their order.
            seeds: Results that are there already: stage, key and value.
            is_one_step: Whether all of them are undone together.

        Returns:
            The number of what follows from them.

        Raises:
            SeguiError: One of them cannot be done; nothing has changed.
        """
        with self._lock:
            self._wake()
            inputs, history = self._inputs, self._history
            for command in commands:
                inputs, history = self._after(inputs, history, command)
            if is_one_step:
                history = history.as_one(self._history, self._inputs)
            self._inputs, self._history = inputs, history
            self._number += 1
            self._is_paused = False
            self._context = copy_context()  # a GPU is lent to whoever asked last
            self._memo.forget_passing()
            for stage, key, value in seeds:
                self._memo.put(stage, key, value)
            self._advance()
            number = self._number
        self._tell()
        return number

    def begin(self, inputs: Inputs, owner: Hashable = None) -> None:
        """Begin anew: nothing that was before can be undone.

        Args:
            inputs: What it begins with.
            owner: Who has it: all sessions of one owner have one share of the threads.
        """
        with self._lock:
            self._owner = owner
            # what failed at an attempt is kept under its number, so no number comes twice
            attempt = max(inputs.attempt, self._inputs.attempt)
            self._inputs, self._history = replace(inputs, attempt=attempt), History()
            self._number += 1
            self._is_paused = self._is_asleep = False
            self._context = copy_context()
            self._memo.forget_passing()
            self._advance()
        self._tell()

    def view(self) -> View:
        """What there is to show now; of what was let go, that it is being made again."""
        with self._lock:
            self._wake()
            return self._view()

    def pause(self) -> None:
        """Nobody looks any more: a model that is being asked is left alone until somebody does."""
        with self._lock:
            self._is_paused = True
            self._advance()

    def resume(self) -> None:
        """Somebody looks again."""
        with self._lock:
            self._is_paused = self._is_asleep = False
            self._advance()

    def has_shown(self, number: int) -> None:
        """Somebody has all that follows under a number: now it is counted what else would be found.

        Not before, since that takes the processors from those who make and draw an answer.
        """
        with self._lock:
            self._shown = number
            self._advance()

    def let_go(self) -> bool:
        """Let results go for others' sake: they are made again when somebody looks.

        Returns:
            Whether they went; while something is being made of them, they stay.
        """
        with self._lock:
            if self._is_ended or self._quick is not None or self._slow is not None:
                return False
            self._is_asleep = True
            self._memo.let_go()
            self._plan = Plan(self._inputs)
            return True

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

    def arrays(self) -> Arrays:
        """What the results hold of the machine's memory: bytes by address."""
        with self._lock:
            version, values = self._memo.version, self._memo.values()
            weighed, arrays = self._weighed
        if version != weighed:
            arrays = arrays_of(values)
            with self._lock:
                self._weighed = version, arrays
        return arrays

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
        step = None if self._slow is None else self._slow.shown
        finding = None if self._quick is None else self._quick.shown
        return View(self._number, self._plan, step, finding, undo, redo)

    def _advance(self) -> None:
        """Work out what follows by now, and begin what is wanted. Under the lock.

        What is not wanted ends at its next sign of life, unless it is wanted again by then.
        """
        if self._is_ended:
            self._forget_all()
        elif self._is_asleep:
            return
        self._memo.begin()
        plan = derive(self._inputs, self._memo.find, self._counting)
        self._memo.trim()
        self._plan = plan
        if self._quick is None and self._due_quick():
            self._quick = self._begin(self._pools.quick, self._due_quick)
        if self._slow is None and self._due_slow():
            self._slow = self._begin(self._pools.slow, self._due_slow)
        if self._idle is None and self._due_idle():
            self._idle = self._begin(self._pools.idle, self._due_idle, is_large=True)

    def _wake(self) -> None:
        if self._is_asleep:
            self._is_asleep = False
            self._advance()

    def _forget_all(self) -> None:
        """Hold nothing any more, whoever still holds this session: a request may for a while."""
        self._memo, self._history, self._weighed = Memo(), History(), (-1, {})
        self._inputs = Inputs.fresh(self._inputs.defaults)

    def _due_quick(self) -> tuple[Task, ...]:
        return () if self._is_ended else self._plan.todo

    def _due_slow(self) -> tuple[Task, ...]:
        slow = self._plan.slow
        return () if slow is None or self._is_paused or self._is_ended else (slow,)

    def _due_idle(self) -> tuple[Task, ...]:
        count = self._plan.count
        is_wanted = self._shown == self._number and not self._is_paused and not self._is_ended
        return (count,) if count is not None and is_wanted else ()

    def _after(self, inputs: Inputs, history: History, command: Command) -> tuple[Inputs, History]:
        if not isinstance(command, Cancel):
            return _after(inputs, history, command)
        back = self._before_finding(inputs, history) if self._is_finding(inputs) else None
        if back is not None:
            return back
        # the answer may have come before the click did
        return (inputs, history) if self._is_answered else _after(inputs, history, command)

    def _before_finding(self, inputs: Inputs, history: History) -> tuple[Inputs, History] | None:
        """As it was when there was nothing to be found; None where there was always something."""
        while history.can_undo:
            inputs, history = history.undo(inputs)
            if not self._is_finding(inputs):
                return inputs, history
        return None

    def _is_finding(self, inputs: Inputs) -> bool:
        return derive(inputs, self._memo.find).is_finding

    @property
    def _is_answered(self) -> bool:
        plan = self._plan
        return plan.scored is not None or bool(plan.trouble) or plan.is_done

    def _begin(
        self, pool: Pool, due: Callable[[], tuple[Task, ...]], *, is_large: bool = False
    ) -> _Job:
        job = _Job(due)
        is_large = is_large or has_large_photo(self._plan)
        pool.submit(lambda: self._take_turn(job), is_large=is_large, owner=self._owner)
        return job

    def _take_turn(self, job: _Job) -> None:
        """Do what is due by now: what it was when the turn was asked for may be of no use."""
        with self._lock:
            job.tasks, plan, context = job.due(), self._plan, self._context
        context.copy().run(self._work, job, plan)

    def _work(self, job: _Job, plan: Plan) -> None:
        """Do a job's tasks, side by side where there are more than one."""
        do = partial(self._done, job=job, plan=plan)
        is_large = has_large_photo(plan)
        beside = [
            Beside(self._pools.quick, partial(do, task), is_large=is_large, owner=self._owner)
            for task in job.tasks[1:]
        ]
        results = [do(task) for task in job.tasks[:1]]
        results += [one.result() for one in beside]
        with self._lock:
            for task, value in zip(job.tasks, results, strict=True):
                # of what was let go meanwhile nothing is held again
                if value is not None and not self._is_asleep:
                    self._memo.put(task.stage, place_of(task, value, plan.inputs), value)
            if job is self._quick:
                self._quick = None
            if job is self._slow:
                self._slow = None
            if job is self._idle:
                self._idle = None
            self._advance()
            ended = self._ended if self._quick is None else None
        self._tell()
        if ended is not None:
            ended()

    def _done(self, task: Task, job: _Job, plan: Plan) -> Any:
        """A task's result, or what stands in its place; None where it was stopped."""
        try:
            return result_of(self._runner, task, plan, self._telling(job, task))
        except Stopped:
            return None

    def _telling(self, job: _Job, task: Task) -> Telling:
        def telling(doing: Any) -> Callable[[int, int], None]:
            def tell(done: int, total: int) -> None:
                with self._lock:
                    if task not in job.due():
                        raise Stopped
                    before, job.step = job.step, Step(doing, done, total)
                    is_news = job.step != before
                if is_news:  # a model asks at each of its layers whether to go on
                    self._tell()

            return tell

        def check() -> None:
            if task not in job.due():  # without the lock: a plan is replaced, and never changed
                raise Stopped

        steps = (telling("judging"), telling("fetching"), telling("finding"))
        return Telling(*steps, check, telling("softening"))

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:  # noqa: BLE001  who cannot be told holds up nobody else
                _LOG.exception("a change could not be told")


def has_large_photo(plan: Plan) -> bool:
    """Whether work on the photo takes seconds rather than a moment."""
    if plan.photo is None:
        return False
    height, width = plan.photo.size_hw
    return height * width > LARGE_PIXELS


_NO_STEPS: Final = (Pick, OpenEdit, AskAgain, Cancel)  # they change no result


def _after(inputs: Inputs, history: History, command: Command) -> tuple[Inputs, History]:
    if isinstance(command, Undo):
        return history.undo(inputs)
    if isinstance(command, Redo):
        return history.redo(inputs)
    changed = reduce(inputs, command)
    is_same = replace(changed, picked=inputs.picked).taken_as(inputs) == inputs
    if isinstance(command, _NO_STEPS) or is_same:
        return changed, history
    return changed, history.step(inputs, command)
