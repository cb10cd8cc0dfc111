import threading

import pytest

from segui.errors import ClassifierError
from segui.ui.asking import Asking, Step, Stopped
from segui.ui.state import Work


def test_the_answer_is_there_when_the_progress_has_ended():
    answer = Work()
    asking = Asking(lambda judging, _: judging(1, 2) or answer, is_wanted=lambda: True)
    list(asking.progress())
    assert asking.result() is answer


def test_progress_is_told_as_it_changes():
    seen = threading.Event()

    def question(judging, fetching):
        fetching(120, 345)
        judging(3, 40)
        seen.wait(60)
        return Work()

    asking = Asking(question, is_wanted=lambda: True)
    for step in asking.progress():
        if step == Step("judging", 3, 40):
            seen.set()
    assert seen.is_set()


def test_what_the_question_raises_is_the_answer():
    def question(*_):
        raise ClassifierError("no hub")

    asking = Asking(question, is_wanted=lambda: True)
    list(asking.progress())
    with pytest.raises(ClassifierError, match="no hub"):
        asking.result()


def test_a_question_that_nobody_wants_stops_at_its_next_progress():
    wanted, ended = threading.Event(), threading.Event()
    wanted.set()

    def question(judging, fetching):
        wanted.clear()
        try:
            fetching(1, 2)
        finally:
            ended.set()
        return Work()

    asking = Asking(question, is_wanted=wanted.is_set)
    assert ended.wait(60)
    with pytest.raises(Stopped):
        asking.result()
