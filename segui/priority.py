"""Standing back: what takes long lets what is quick have the processors first."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Thread, get_native_id
from typing import Final, TypeVar

Made = TypeVar("Made")

_NICENESS: Final = 5  # a quarter of a processor where somebody else wants all of it
_CAN_STAND_BACK: Final = sys.platform == "linux"  # elsewhere a thread has none of its own


def standing_back(work: Callable[[], Made]) -> Made:
    """Do something in a thread that others go before, and wait for it.

    A thread of its own each time: one that has stood back may not come forward again.

    Args:
        work: What to do; what it raises is raised here.
    """
    if not _CAN_STAND_BACK:
        return work()
    results: list[Made] = []
    errors: list[BaseException] = []

    def do() -> None:
        stand_back()
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  raised where it is waited for
            errors.append(error)

    thread = Thread(target=partial(copy_context().run, do), name="segui-large", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors.pop()
    return results.pop()


def stand_back() -> None:
    """Let all others of this machine go before this thread, as long as it lives."""
    if _CAN_STAND_BACK:
        with suppress(OSError):  # where it may not be, it goes on as it was
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)


def stands_back() -> bool:
    """Whether others go before this thread."""
    return _CAN_STAND_BACK and os.getpriority(os.PRIO_PROCESS, get_native_id()) >= _NICENESS
