"""Whether anybody still waits for a call: what nobody gets need not be made."""

from collections.abc import Callable
from typing import Any

from gradio.context import LocalContext

from segui.session.results import Stopped


def check_waited_for(_done: int = 0, _total: int = 0) -> None:
    """End a call's work where its client is gone; called from the call's own thread.

    Gradio sends a client nothing more once its stream is closed, and lets the call go on.

    Raises:
        Stopped: Its client is gone.
    """
    event = _event()
    if event is not None and not event.alive:
        raise Stopped


def stop_of_call() -> Callable[[], None]:
    """``check_waited_for`` of this call, for other threads: they do not know whose call it is."""
    event = _event()

    def check() -> None:
        if event is not None and not event.alive:
            raise Stopped

    return check


def _event() -> Any:
    """Gradio's own record of this call; None where it came by another way than the queue."""
    blocks, number = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    if blocks is None or number is None:
        return None
    return blocks._queue.event_ids_to_events.get(number)  # noqa: SLF001  it has no other name
