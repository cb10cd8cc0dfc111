import pytest

from segui.ui.kept import values_of
from segui.ui.wishes import default_values

DEFAULTS = default_values("Colour names", "auto")
NAMES = tuple(DEFAULTS)


def test_options_come_back_as_they_were():
    said = {**DEFAULTS, "feather": 33, "expression": "red > 50%", "colour": "#ff0000"}
    assert values_of([*said.values()], NAMES) == said


@pytest.mark.parametrize(
    "said", [None, "text", {}, [], [1, 2], [*DEFAULTS.values(), 1], ["x"] * len(NAMES)]
)
def test_what_no_page_of_this_version_kept_is_ignored(said):
    assert values_of(said, NAMES) == {}


def test_a_hostile_value_never_reaches_a_control():
    said = {**DEFAULTS, "effect": "<script>"}
    assert values_of([*said.values()], NAMES) == {}


def test_a_number_out_of_bounds_is_taken_within():
    assert values_of([*{**DEFAULTS, "feather": 9999}.values()], NAMES)["feather"] == 500
