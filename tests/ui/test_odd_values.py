"""What no control ever has, sent as its value: it is no fault of the server's."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from benchmarks.pageless import Layout, Pageless
from segui.options import OPTIONS
from tests.app_server import AppServer

pytestmark = pytest.mark.server

PATIENCE_SECONDS = 120
ODD: tuple[Any, ...] = (["x"], {"a": 1}, [[]], None, True, -1.5, 1e308, "x" * 300)


@pytest.fixture
def visitor(app: AppServer) -> Iterator[Pageless]:
    with httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client:
        visitor = Pageless(client, Layout.of(client), "oddvalues")
        visitor.open()
        yield visitor
        visitor.close()


def test_an_options_value_of_any_kind_is_taken_or_told(app: AppServer, visitor: Pageless):
    before = len(app.log)
    for name in OPTIONS:
        was = visitor.shown.get((f"option.{name}", "value"))
        for value in ODD:
            visitor.set(name, value)  # fails where the page says that something went wrong
        visitor.set(name, was)
    assert "Traceback" not in app.log[before:]
