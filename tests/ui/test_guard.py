import logging
from types import SimpleNamespace

import pytest

from segui.errors import ExpressionError, InputError
from segui.ui.guard import guarded

PARTS = SimpleNamespace(
    choose=SimpleNamespace(error="error"), outcome=SimpleNamespace(problem="problem")
)


class Page:
    parts = PARTS

    @guarded
    def handle(self, outcome):
        if isinstance(outcome, Exception):
            raise outcome
        return {"result": outcome}


def test_what_goes_well_goes_through():
    assert Page().handle(3) == {"result": 3}


def test_what_the_engine_refuses_is_told_escaped():
    (told,) = Page().handle(InputError("no <b>such</b> file")).items()
    assert told[0] == "problem"
    assert "no &lt;b&gt;such&lt;/b&gt; file." in told[1]


def test_an_expressions_error_is_told_below_its_box():
    told = Page().handle(ExpressionError("red >", 6, "expected a label"))
    assert "Column 6" in told["error"]


def test_a_bug_keeps_its_traceback_in_the_log_and_tells_no_detail(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR, "segui"):
        told = Page().handle(ZeroDivisionError("secret"))
    assert "Something went wrong here" in told["problem"]
    assert "secret" not in told["problem"]
    assert "ZeroDivisionError: secret" in caplog.text
