import pytest

from segui.options import read_option
from segui.ui.styles import STYLES
from segui.ui.wishes import default_values


@pytest.mark.parametrize("name", STYLES)
def test_a_style_sets_controls_that_there_are_to_what_they_take(name):
    for control, value in STYLES[name].items():
        assert control in default_values("Colour names", "auto")
        assert read_option(control, value) == value
