"""Opacity in percent on the page, as the engine counts it everywhere else."""

from typing import Any

import pytest

from segui.ui.view.percent import from_page, refusal, to_page


def test_each_opacity_is_shown_so_that_it_comes_back():
    shown = [to_page("alpha", alpha) for alpha in range(256)]
    assert [from_page({"alpha": percent})["alpha"] for percent in shown] == list(range(256))


def test_a_whole_percentage_stays_what_was_said():
    entered = [from_page({"alpha": percent})["alpha"] for percent in range(101)]
    assert [to_page("alpha", alpha) for alpha in entered] == list(range(101))


@pytest.mark.parametrize("said", ["", "half", None, True, float("nan"), [1]])
def test_what_is_no_number_stays_what_it_is(said: Any):
    assert from_page({"alpha": said})["alpha"] is said
    assert to_page("alpha", said) is said


def test_other_options_are_shown_as_they_are():
    assert from_page({"feather": 50, "effect": "grey"}) == {"feather": 50, "effect": "grey"}
    assert to_page("feather", 50) == 50


def test_what_cannot_be_is_refused_in_percent():
    (alpha,) = from_page({"alpha": 120}).values()
    sentence = f"alpha is {alpha}: expected a whole number from 0 to 255"
    assert refusal("alpha", alpha, sentence) == "opacity is 120: expected 0 to 100 %"
    assert refusal("alpha", alpha, sentence, is_as_node=True) == (
        "opacity is 120: expected 0 to 100 %, where 100 is ComfyUI's 255"
    )
    assert refusal("feather", 900, "feather is 900", is_as_node=True) == "feather is 900"
