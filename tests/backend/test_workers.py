import threading

import pytest
import torch

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
