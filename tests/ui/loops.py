"""Event loops that Gradio makes and never closes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def closing_loops() -> Iterator[None]:
    """Close those that are made here: a queue that is made outside of a loop makes some."""
    make, made = asyncio.new_event_loop, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", lambda: made.append(make()) or made[-1])
        yield
    asyncio.set_event_loop(None)
    for loop in made:
        loop.close()
