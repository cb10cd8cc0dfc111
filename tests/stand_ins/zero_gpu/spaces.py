"""Stands in for the package ``spaces`` of a Space on ZeroGPU: put this folder on PYTHONPATH.

As there, a marked function runs in a forked process, which is kept for further calls, each in a
thread of its own. Arguments and results go through a pipe, pickled; an exception comes back as the
name of its class alone; a GPU that cannot be had is a ``gr.Error``. Each call is written to a log,
a line of JSON each.
"""

import json
import multiprocessing
import os
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from pathlib import Path
from typing import Any

LOG = "STAND_IN_LOG"
REFUSAL = "STAND_IN_REFUSAL"
_forking = multiprocessing.get_context("fork")


def _log(**values: Any) -> None:
    with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
        log.write(json.dumps(values) + "\n")


def _refused(sentence: str) -> Exception:
    import gradio as gr

    return gr.Error(sentence)


def GPU(task: Callable[..., Any] | None = None, *, duration: Any = None) -> Any:  # noqa: N802
    """Mark a function; ``duration`` is in seconds, or a function of the same arguments."""
    if task is None:
        return partial(GPU, duration=duration)
    worker: list[Any] = []

    @wraps(task)
    def asked(*args: Any, **kwargs: Any) -> Any:
        seconds = duration(*args, **kwargs) if callable(duration) else duration
        if os.environ.get(REFUSAL):
            raise _refused(os.environ[REFUSAL])
        if not worker:
            here, there = _forking.Pipe()
            _forking.Process(target=_serve, args=(task, there, here), daemon=True).start()
            there.close()
            worker.append(here)
        question = pickle.dumps((args, kwargs))
        worker[0].send_bytes(question)
        answer = worker[0].recv_bytes()
        kind, value, pid = pickle.loads(answer)  # noqa: S301  our own
        _log(
            event="call", pid=pid, page=os.getpid(), seconds=seconds, key=repr(args[0]),
            crops=len(args[1]), sent=len(question), received=len(answer), kind=kind,
        )  # fmt: skip
        if kind == "error":
            raise _refused(value)
        return value

    _log(event="marked", name=task.__name__)
    return asked


def gradio_auto_wrap(task: Any) -> Any:
    """Gradio shows this every handler on a Space; as it is unless a variable asks for more."""
    return task


def _serve(task: Callable[..., Any], pipe: Any, other_end: Any) -> None:
    """Answer until the page's process is gone, however it went: then its end of the pipe is."""
    other_end.close()  # which the fork has copied: held here, it would never be gone
    while True:
        try:
            args, kwargs = pickle.loads(pipe.recv_bytes())  # noqa: S301  our own
        except EOFError:
            return
        try:
            with ThreadPoolExecutor(1) as thread:
                result = thread.submit(task, *args, **kwargs).result()
            answer = ("result", result, os.getpid())
        except Exception as error:  # noqa: BLE001  as ZeroGPU does
            answer = ("error", type(error).__name__, os.getpid())
        try:
            pipe.send_bytes(pickle.dumps(answer))
        except BrokenPipeError:
            return


_log(event="imported", torch="torch" in sys.modules)
