import logging
from types import SimpleNamespace

import pytest

from segui.errors import ExpressionError, InputError
from segui.ui.guard import guarded, guarded_steps
from segui.ui.state import Work

PARTS = SimpleNamespace(
    choose=SimpleNamespace(error="error"),
    outcome=SimpleNamespace(problem="problem", result="picture"),
)


class Page:
    parts = PARTS

    @guarded
    def handle(self, outcome):
        if isinstance(outcome, Exception):
            raise outcome
        return {"result": outcome}

    @guarded_steps
    def go_on(self, work):
        yield {"result": work}


def test_what_goes_well_goes_through():
    assert Page().handle(3) == {"result": 3}


def test_what_the_engine_refuses_is_told_escaped():
    told = Page().handle(InputError("no <b>such</b> file"))
    assert "no &lt;b&gt;such&lt;/b&gt; file." in told["problem"]
    assert told["picture"] == {}, "the picture does not stay busy"


def test_an_expressions_error_is_told_below_its_box():
    told = Page().handle(ExpressionError("red >", 6, "expected a label"))
    assert "Column 6" in told["error"]


def test_a_bug_keeps_its_traceback_in_the_log_and_tells_no_detail(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR, "segui"):
        told = Page().handle(ZeroDivisionError("secret"))
    assert "Something went wrong here" in told["problem"]
    assert told["picture"] == {}
    assert "secret" not in told["problem"]
    assert "ZeroDivisionError: secret" in caplog.text


def test_a_session_that_was_forgotten_is_told_and_nothing_of_the_page_is_touched():
    lost = Work(is_lost=True)
    for told in (Page().handle(lost), *Page().go_on(lost)):
        assert "Reload the page" in told["problem"]
        assert "result" not in told
    work = Work()
    assert [*Page().go_on(work)] == [{"result": work}]
