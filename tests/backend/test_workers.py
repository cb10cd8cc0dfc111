import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from segui.backend import workers
from segui.backend.workers import for_each


def test_the_work_is_done_for_each_item():
    done = []
    for_each(done.append, range(20))
    assert sorted(done) == list(range(20))


def test_an_error_is_raised_when_all_are_done():
    done = []

    def work(item):
        if item == 1:
            raise ValueError("one")
        done.append(item)

    with pytest.raises(ValueError, match="one"):
        for_each(work, range(5))
    assert sorted(done) == [0, 2, 3, 4]


def test_what_costs_less_waits_for_one_item_of_what_costs_more_and_not_for_all():
    begun, done, go = threading.Semaphore(0), [], threading.Event()

    def large(item):
        begun.release()
        go.wait()
        done.append(item)

    items = [f"large {number}" for number in range(5 * workers._cores())]
    first = threading.Thread(target=for_each, args=(large, items), kwargs={"cost": 50})
    first.start()
    for _ in range(workers._cores()):  # each thread has one by now
        begun.acquire()
    waiting = workers._pool(os.getpid(), False)._waiting
    second = threading.Thread(
        target=for_each, args=(done.append, ["small"] * 3), kwargs={"cost": 1}
    )
    second.start()
    while sum(cost == 1 for cost, *_ in waiting) < 3:
        pass
    go.set()
    second.join()
    first.join()
    last_small = max(place for place, item in enumerate(done) if item == "small")
    # those in hand, and no thread takes a large one while a small one waits
    assert last_small < workers._cores() + 3 + workers._cores()
    assert len(done) == len(items) + 3


@pytest.mark.process
def test_a_worker_computes_alone_and_nobody_else_is_slowed():
    inside, outside = [], []
    before = torch.get_num_threads()
    for_each(lambda _: inside.append(torch.get_num_threads()), range(4))
    born_later = threading.Thread(target=lambda: outside.append(torch.get_num_threads()))
    born_later.start()
    born_later.join()
    assert set(inside) == {1}
    assert outside == [before]
    assert torch.get_num_threads() == before


START = """
import torch
from segui import Segments, paste
from tests.drawn import picture, segment

base = picture(20, 20)
segments = Segments((20, 20), [segment((5, 5, 15, 15))])

def run():
    return paste(base, segments, reference=1 - base).shape[1]
"""


def run(code):
    """What a Python of its own prints, ended after a minute."""
    done = subprocess.run(
        [sys.executable, "-c", START + code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.process
def test_a_forked_child_builds_threads_of_its_own():
    code = (
        "import os, warnings; warnings.simplefilter('ignore'); run(); child = os.fork()\n"
        "if child == 0: os._exit(0 if run() == 20 else 1)\n"
        "print(os.waitpid(child, 0)[1])"
    )
    assert run(code) == ["0"]


@pytest.mark.process
def test_a_paste_while_python_ends_is_made_all_the_same():
    code = (
        "import threading\n"
        "def late(): threading.main_thread().join(); print(run())\n"
        "run(); threading.Thread(target=late).start()"
    )
    assert run(code) == ["20"]


@pytest.mark.process
def test_many_first_pastes_at_once_leave_torch_as_it_was():
    code = (
        "import threading; torch.set_num_threads(3)\n"
        "all = [threading.Thread(target=run) for _ in range(16)]\n"
        "[each.start() for each in all]; [each.join() for each in all]\n"
        "last = threading.Thread(target=lambda: print(torch.get_num_threads()))\n"
        "last.start(); last.join()"
    )
    assert run(code) == ["3"]
