import pytest

from segui.options import OPTIONS, read_option
from segui.session.styles import STYLES


@pytest.mark.parametrize("name", STYLES)
def test_a_style_sets_controls_that_there_are_to_what_they_take(name):
    for control, value in STYLES[name].items():
        assert control in OPTIONS
        assert read_option(control, value) == value
