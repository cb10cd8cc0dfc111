import threading
from datetime import datetime, timedelta

import pytest

from segui.ui.farewells import Farewells

PATIENCE_SECONDS = 60


class Removed:
    """Notes which sessions were removed."""

    def __init__(self) -> None:
        self.sessions: list[str] = []
        self.happened = threading.Event()

    def __call__(self, session: str) -> None:
        self.sessions.append(session)
        self.happened.set()


@pytest.mark.parametrize("last_used", [None, datetime.now() - timedelta(minutes=5)])  # noqa: DTZ005
def test_a_session_that_does_not_come_back_is_removed(last_used):
    removed = Removed()
    Farewells(0, lambda _: last_used, removed).leave("mine")
    assert removed.happened.wait(PATIENCE_SECONDS)
    assert removed.sessions == ["mine"]


def test_a_session_that_comes_back_stays():
    removed, asked = Removed(), threading.Event()

    def last_used(session):
        asked.set()
        return datetime.now() + timedelta(minutes=1)  # noqa: DTZ005

    Farewells(0, last_used, removed).leave("mine")
    assert asked.wait(PATIENCE_SECONDS)
    other = Farewells(0, lambda _: None, removed)
    other.leave("other")
    assert removed.happened.wait(PATIENCE_SECONDS)
    assert removed.sessions == ["other"]
