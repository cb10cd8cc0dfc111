import sys

import pytest

from tests.stand_ins.in_process import FakeSpaces


@pytest.fixture
def spaces(monkeypatch):
    """The package ``spaces``, as if it were installed."""
    fake = FakeSpaces()
    monkeypatch.setitem(sys.modules, "spaces", fake)
    return fake
