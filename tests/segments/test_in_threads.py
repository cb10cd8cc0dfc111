"""Work in a few threads: in order, all of it, and none that nobody waits for."""

import os
from threading import Event, current_thread

import pytest

from segui.segments.in_threads import in_threads


def nothing():
    return None


@pytest.mark.parametrize("cores", [1, 2, 64])
def test_what_is_made_comes_in_order(cores, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    asked = []
    assert list(in_threads(lambda n: n * n, range(30), lambda: asked.append(1))) == [
        n * n for n in range(30)
    ]
    assert len(asked) == 30
    assert list(in_threads(lambda n: n, [], nothing)) == []


def test_two_are_worked_at_once_where_there_are_two_cores(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    both = [Event(), Event()]

    def meet(number):
        both[number].set()
        return both[1 - number].wait(timeout=60)

    assert list(in_threads(meet, [0, 1], nothing)) == [True, True]


def test_one_is_worked_by_who_asks():
    assert list(in_threads(lambda _: current_thread(), [1], nothing)) == [current_thread()]


@pytest.mark.parametrize("cores", [1, 2])
def test_an_error_is_raised_and_nothing_more_is_begun(cores, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    begun, may_end = [], Event()

    def work(number):
        begun.append(number)
        if number == 0:
            raise ValueError("the first one fails")
        may_end.wait(timeout=0.01)

    with pytest.raises(ValueError, match="the first one fails"):
        list(in_threads(work, range(2000), nothing))
    assert len(begun) < 2000


@pytest.mark.parametrize("cores", [1, 2])
def test_nothing_more_is_begun_once_nobody_waits(cores, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    begun, may_end = [], Event()

    def work(number):
        begun.append(number)
        may_end.wait(timeout=0.01)

    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(in_threads(work, range(2000), stop))
    assert len(begun) < 2000
