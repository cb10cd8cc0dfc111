"""A slider and the number box beside it, in which one may type more than the slider goes up to."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect

from tests.browser.walk import Walk


def leave(walk: Walk, name: str) -> None:
    """Go into a box and out of it again."""
    walk.number(name).focus()
    walk.number(name).press("Tab")
    expect(walk.number(name)).not_to_be_focused()
    walk.rests()


@contextmanager
def held(walk: Walk) -> Iterator[None]:
    """Meanwhile no event of the page comes to the server."""
    where, waiting, is_over = "**/run/predict*", list[Route](), list[bool]()
    walk.page.route(where, lambda route: route.continue_() if is_over else waiting.append(route))
    try:
        yield
    finally:
        is_over.append(True)
        for route in waiting:
            route.continue_()


PRESSES = 3
SLIDERS = pytest.mark.parametrize("name", ["feather", "alpha", "strength"])


def moved(walk: Walk, name: str, key: str, *, is_answered: bool) -> tuple[str, str]:
    """Presses of an arrow at a slider, to a server that answers each, or none before the last.

    Returns:
        What the slider shows before and after them.
    """
    slide = walk.slide(name)
    slide.focus()
    before = slide.input_value()
    if is_answered:
        for _ in range(PRESSES):
            slide.press(key)
            walk.rests()
        return before, slide.input_value()
    with held(walk):
        for _ in range(PRESSES):
            slide.press(key)
    walk.rests()
    return before, slide.input_value()


@SLIDERS
@pytest.mark.parametrize("is_answered", [True, False], ids=["a fast server", "a slow one"])
def test_presses_of_an_arrow_are_one_step_at_any_speed(walk: Walk, name: str, is_answered: bool):
    walk.pick("effect", "Blur")
    walk.rests()
    key = "ArrowLeft" if name == "alpha" else "ArrowRight"
    before, after = moved(walk, name, key, is_answered=is_answered)
    assert before != after
    walk.page.keyboard.press("Tab")
    walk.part("undo").click()
    expect(walk.slide(name)).to_have_value(before)
    walk.part("redo").click()
    expect(walk.slide(name)).to_have_value(after)


def test_sliders_moved_one_after_the_other_while_no_answer_comes_are_steps_of_their_own(walk: Walk):
    feather, alpha = walk.slide("feather"), walk.slide("alpha")
    before = feather.input_value(), alpha.input_value()
    with held(walk):
        for slide, key in ((feather, "ArrowRight"), (alpha, "ArrowLeft")):
            slide.focus()
            for _ in range(5):
                slide.press(key)
    walk.rests()
    after = feather.input_value()
    walk.part("undo").click()
    expect(alpha).to_have_value(before[1])
    expect(feather).to_have_value(after)
    walk.part("undo").click()
    expect(feather).to_have_value(before[0])


def test_a_slider_that_is_left_and_gone_to_again_begins_another_step(walk: Walk):
    slide = walk.slide("feather")
    slide.focus()
    slide.press("ArrowRight")
    walk.rests()
    between = slide.input_value()
    walk.slide("alpha").focus()
    slide.focus()
    slide.press("ArrowRight")
    walk.rests()
    walk.part("undo").click()
    expect(slide).to_have_value(between)


def test_more_than_the_slider_goes_up_to_stays_when_the_box_is_left(walk: Walk):
    before = walk.source()
    walk.number("feather").fill("300")
    leave(walk, "feather")
    expect(walk.number("feather")).to_have_value("300")
    expect(walk.slide("feather")).to_have_value("100")
    walk.source(other_than=before)
    walk.number("feather").press("ArrowUp")
    expect(walk.number("feather")).to_have_value("301")
    walk.rests()
    walk.page.reload()
    expect(walk.number("feather")).to_have_value("301")
    walk.rests()
    leave(walk, "feather")
    expect(walk.number("feather")).to_have_value("301")


def test_more_than_can_be_is_the_most_there_is(walk: Walk):
    walk.number("feather").fill("600")
    leave(walk, "feather")
    expect(walk.number("feather")).to_have_value("500")
    walk.number("alpha").fill("120")
    leave(walk, "alpha")
    expect(walk.number("alpha")).to_have_value("100")


def test_the_slider_takes_over_from_the_box(walk: Walk):
    walk.number("feather").fill("300")
    leave(walk, "feather")
    walk.slide("feather").press("ArrowLeft")
    expect(walk.number("feather")).to_have_value("99")
    leave(walk, "feather")
    expect(walk.number("feather")).to_have_value("99")


def test_the_strength_has_each_effects_ends(walk: Walk):
    walk.pick("effect", "Hue")
    expect(walk.slide("strength")).to_have_attribute("min", "-360")
    expect(walk.slide("strength")).to_have_attribute("max", "360")
    walk.number("strength").fill("-90")
    leave(walk, "strength")
    expect(walk.number("strength")).to_have_value("-90")
    expect(walk.part("strength")).to_contain_text("Turn")
    walk.pick("effect", "Brightness")
    expect(walk.number("strength")).to_have_value("0")
    expect(walk.slide("strength")).to_have_attribute("min", "0")
    expect(walk.slide("strength")).to_have_attribute("max", "300")
    expect(walk.part("strength")).to_contain_text("100 changes nothing, 0 is the usual 130")


def test_a_length_is_counted_in_px_or_in_percent_of_each_area(walk: Walk):
    unit = walk.part("feather").get_by_role("button", name="Soft edge: in px of the photo")
    expect(unit).to_have_text("px")
    walk.number("feather").fill("20")
    walk.rests()
    before = walk.source()
    unit.click()
    percent = walk.part("feather").get_by_role("button", name="Soft edge: in percent")
    expect(percent).to_have_text("%")
    expect(walk.number("feather")).to_have_value("20")
    walk.source(other_than=before)
    walk.rests()
    walk.page.get_by_role("button", name="Undo").click()
    expect(unit).to_have_text("px")
    walk.page.get_by_role("button", name="Redo").click()
    expect(percent).to_have_text("%")
    walk.rests()
    walk.page.reload()
    expect(percent).to_have_text("%")
    expect(walk.number("feather")).to_have_value("20")


def test_only_a_strength_that_is_a_length_has_a_unit(walk: Walk):
    walk.pick("effect", "Blur")
    unit = walk.part("strength").locator(".unit")
    expect(unit).to_be_visible()
    unit.click()
    expect(unit).to_have_text("%")
    walk.pick("effect", "Hue")
    expect(unit).to_be_hidden()
    walk.pick("effect", "Pixelate")
    expect(unit).to_have_text("px")
