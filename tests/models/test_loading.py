import threading

import pytest

from segui.models.loading import LoadedOnce, Progress


class CancelledError(Exception):
    pass


class Slow:
    """Something that is loaded when the test lets it."""

    def __init__(self) -> None:
        self.loads = 0
        self.entered, self.open = threading.Event(), threading.Event()

    def load(self, tell: Progress) -> str:
        self.loads += 1
        tell(20, 100)
        self.entered.set()
        assert self.open.wait(60)
        tell(100, 100)
        return "loaded"


def test_it_is_loaded_at_the_first_need_and_kept() -> None:
    slow, told = Slow(), []
    slow.open.set()
    once = LoadedOnce(slow.load)
    assert (once.value, slow.loads) == (None, 0)
    assert once.get(lambda *step: told.append(step)) == once.value == "loaded"
    assert once.get(lambda *step: told.append(step)) == "loaded"
    assert (slow.loads, told) == (1, [(20, 100), (100, 100)])


def test_threads_share_one_load_and_who_waits_is_told_how_far_it_is() -> None:
    slow = Slow()
    once = LoadedOnce(slow.load)
    first = threading.Thread(target=once.get)
    first.start()
    assert slow.entered.wait(60)
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        slow.open.set()

    assert once.get(tell) == "loaded"
    first.join()
    assert (slow.loads, set(told)) == (1, {(20, 100)})


def test_who_gives_up_ends_its_own_load_and_the_next_begins_anew() -> None:
    def cancel(done: int, total: int) -> None:
        raise CancelledError

    slow = Slow()
    slow.open.set()
    once = LoadedOnce(slow.load)
    with pytest.raises(CancelledError):
        once.get(cancel)
    assert once.value is None
    assert once.get() == "loaded"
    assert slow.loads == 2


def test_who_gives_up_waiting_leaves_anothers_load_alone() -> None:
    def cancel(done: int, total: int) -> None:
        raise CancelledError

    slow = Slow()
    once = LoadedOnce(slow.load)
    first = threading.Thread(target=once.get)
    first.start()
    assert slow.entered.wait(60)
    with pytest.raises(CancelledError):
        once.get(cancel)
    slow.open.set()
    first.join()
    assert (once.value, slow.loads) == ("loaded", 1)
