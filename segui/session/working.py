"""A stage's work: what it gives or what stands in its place, beside another one or from scratch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextvars import copy_context
from threading import Event, Lock
from typing import Any, Final

from segui.errors import SeguiError, StorageError
from segui.session.derive import Plan, derive
from segui.session.inputs import Inputs
from segui.session.pool import Pool
from segui.session.results import Failed, StageName, Stopped, Task, Telling
from segui.session.stages import Runner

_LOG = logging.getLogger("segui")
SORRY: Final = (
    "Something went wrong here, and it is not your fault. "
    "Your pictures and settings are still as they were."
)
NO_MEMORY: Final = (
    "The server has no memory left for that now. "
    "Try again in a while, or with a smaller photo: what you gave is still as it was."
)


def result_of(runner: Runner, task: Task, plan: Plan, telling: Telling) -> Any:
    """A task's result, or what stands in its place.

    Raises:
        Stopped: Nobody wants it any more.
    """
    try:
        return runner(task, plan, telling)
    except Stopped:
        raise
    except StorageError as error:
        return Failed(str(error), is_passing=True)
    except SeguiError as error:
        return Failed(str(error))
    except MemoryError:
        _LOG.error("there is no memory for a stage: %s", task.stage)
        return Failed(NO_MEMORY, is_passing=True)
    except Exception:  # noqa: BLE001  logged with its traceback
        _LOG.exception("a stage failed: %s", task.stage)
        return Failed(SORRY, is_passing=True)


def place_of(task: Task, value: Any, inputs: Inputs) -> Hashable:
    """A classifier that failed may be asked again: that is kept for this attempt alone."""
    is_failed_answer = task.stage == "scores" and isinstance(value, Failed)
    return (task.key, inputs.attempt) if is_failed_answer else task.key


def _tell_nobody(_done: int, _total: int) -> None:
    pass


def work_out(
    inputs: Inputs,
    runner: Runner,
    kept: Mapping[Any, Any] | None = None,
    counting: Sequence[str] = (),
) -> tuple[Plan, dict[tuple[StageName, Any], Any]]:
    """All that follows from inputs, from scratch and one after the other.

    Args:
        inputs: The inputs.
        runner: Does the stages' work.
        kept: What is there already, by stage and key.
        counting: The ways to find that are tried before anybody asks for them.

    Returns:
        What follows, at rest, and each stage's result by stage and key.
    """
    made = dict(kept or {})
    silent = Telling(_tell_nobody, _tell_nobody, _tell_nobody)
    while True:
        plan = derive(inputs, lambda stage, key: made.get((stage, key)), counting)
        tasks = plan.todo or tuple(one for one in (plan.slow, plan.count) if one is not None)
        if not tasks:
            return plan, made
        for task in tasks:
            value = result_of(runner, task, plan, silent)
            made[task.stage, place_of(task, value, inputs)] = value


class Beside:
    """A task that is done while another one is: in a thread of the pool if one is free.

    Args:
        pool: The pool.
        do: The task; it raises nothing.
        is_large: Whether it may take seconds.
        owner: Who wants it.
    """

    def __init__(
        self,
        pool: Pool,
        do: Callable[[], Any],
        *,
        is_large: bool = False,
        owner: Hashable = None,
    ) -> None:
        self._do = do
        self._lock = Lock()
        self._is_begun = False
        self._is_done = Event()
        self._value: Any = None
        context = copy_context()
        pool.submit(lambda: context.copy().run(self._begin), is_large=is_large, owner=owner)

    def result(self) -> Any:
        """Its result; who waits for it does it where no thread has come to it yet."""
        self._begin()
        self._is_done.wait()
        return self._value

    def _begin(self) -> None:
        with self._lock:
            if self._is_begun:
                return
            self._is_begun = True
        self._value = self._do()
        self._is_done.set()
