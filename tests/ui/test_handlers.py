import pytest

from segui.ui.handlers import _number


@pytest.mark.parametrize(
    ("said", "number"),
    [("7", 7), (7, 7), ("", 0), ("-1", 0), ("1" * 7, 0), ("²", 0), ("٣", 3), (None, 0), ({}, 0)],
)
def test_an_areas_number_is_read_whatever_a_browser_sends(said, number):
    assert _number(said) == number
