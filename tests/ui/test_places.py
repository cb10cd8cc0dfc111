"""Places for calls: what waits for somebody else's work, and what does not."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from segui.ui.api.places import Places

SECONDS = 10


class Call:
    """Takes a place in a thread, and leaves it when it is told to."""

    def __init__(self, places: Places, *, is_large: bool = False) -> None:
        self.began, self.may_end = Event(), Event()
        self._thread = Thread(target=self._run, args=(places, is_large), daemon=True)
        self._thread.start()

    def _run(self, places: Places, is_large: bool) -> None:
        with places.one(is_large=is_large):
            self.began.set()
            self.may_end.wait(SECONDS)

    def begins(self) -> "Call":
        assert self.began.wait(SECONDS)
        return self

    def ends(self) -> None:
        self.may_end.set()
        self._thread.join(SECONDS)


def test_no_more_work_than_there_are_places():
    places = Places(2)
    first, second = Call(places).begins(), Call(places).begins()
    third = Call(places)
    assert not third.began.wait(0.1)
    first.ends()
    third.begins().ends()
    second.ends()


def test_one_place_is_for_small_pictures():
    places = Places(2)
    large, another = Call(places, is_large=True).begins(), Call(places, is_large=True)
    assert not another.began.wait(0.1)
    Call(places).begins().ends()
    large.ends()
    another.begins().ends()


def test_a_single_place_is_for_all():
    places = Places(1)
    Call(places, is_large=True).begins().ends()
    Call(places).begins().ends()


@pytest.mark.parametrize("is_large", [True, False])
def test_a_place_is_left_after_an_error_too(is_large):
    places = Places(1)

    def fail() -> None:
        with places.one(is_large=is_large):
            raise ValueError("broken")

    check: Callable[[], None] = fail
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            check()
