"""Several edits in one picture, on the page."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import APIResponse, Locator, Route, expect

from segui.classifiers.colour import ColourNames
from segui.edits import choose_for_edits, make_edits, read_edits
from segui.finders.picture_files import Inputs
from segui.images.writing import shrink
from segui.pipeline import open_scene, score_scene
from segui.previews.thumbnails import PREVIEW_PX
from tests.browser.pages import PATIENCE_MS
from tests.browser.walk import JPEG_ERROR, Walk, difference, read_picture

pytestmark = pytest.mark.server
EXAMPLE = Path(__file__).parents[2] / "examples" / "balloons"


def edits(walk: Walk) -> Locator:
    return walk.part("edits").locator(".edit")


def act(walk: Walk, name: str) -> None:
    """Press one of the buttons, and wait until the page has what comes of it."""
    walk.part("edits").get_by_role("button", name=name, exact=True).click()
    walk.rests()


def effect(walk: Walk, label: str) -> None:
    walk.pick("effect", label)


def group_seen(walk: Walk) -> Locator:
    """The name of the effects that are seen."""
    return walk.part("effect").locator(".effect-groups [aria-pressed=true]")


def add(walk: Walk, rule: str, name: str) -> None:
    """One more edit: three actions, and one to see the effects of another group."""
    act(walk, "Add an edit")
    walk.rule.fill(rule)
    effect(walk, name)


def engines(*said: dict[str, Any]) -> np.ndarray:
    """The picture of the opening example with these edits."""
    scene = open_scene(Inputs(EXAMPLE / "photo.jpg", (EXAMPLE / "balloons.png",)))
    made = read_edits([*said])
    selections = choose_for_edits(scene, score_scene(scene, ColourNames()), made)
    return make_edits(scene, made, selections)


def small(pixels: np.ndarray) -> np.ndarray:
    return shrink(pixels, PREVIEW_PX)


RED = {"rule": "red > 50%", "effect": "grey", "effect_on": "everything else"}


def test_the_example_is_one_edit_and_its_line_says_what_it_does(walk: Walk):
    expect(edits(walk)).to_have_count(1)
    expect(edits(walk)).to_contain_text("1. red > 50%")
    expect(edits(walk)).to_contain_text("Grey on all but 4 of 12 areas")
    expect(walk.part("paste-step")).to_contain_text("What happens")


def test_three_edits_with_three_rules_are_made_in_twelve_actions(walk: Walk, tmp_path: Path):
    add(walk, "blue > 50%", "Invert")
    add(walk, "yellow > 50%", "Blur")
    expect(edits(walk)).to_have_count(3)
    expect(edits(walk).nth(1)).to_contain_text("Invert 1 of 12 areas")
    expect(walk.part("paste-step")).to_contain_text("Edit 3: what happens")
    walk.rests()
    expected = engines(
        RED, {"rule": "blue > 50%", "effect": "invert"}, {"rule": "yellow > 50%", "effect": "blur"}
    )
    walk.sees(small(expected))
    assert np.array_equal(np.asarray(walk.download(tmp_path)), expected)


def test_three_edits_of_ones_own_photo_and_masks_are_made_in_twelve_actions(
    walk: Walk, tmp_path: Path
):
    # under names of their own, or the example's would be taken for them before they are there
    photo, mask = tmp_path / "own.jpg", tmp_path / "own.png"
    shutil.copyfile(EXAMPLE / "photo.jpg", photo)
    shutil.copyfile(EXAMPLE / "balloons.png", mask)
    shown = walk.part("effect")
    actions = [
        lambda: walk.upload_photo(photo),
        lambda: walk.upload_masks(mask),
        lambda: walk.rule.fill("red > 50%"),
        lambda: shown.get_by_label("Grey", exact=True).check(),
        lambda: act(walk, "Add an edit"),
        lambda: walk.rule.fill("blue > 50%"),
        lambda: shown.get_by_role("button", name="Light and colour", exact=True).click(),
        lambda: shown.get_by_label("Invert", exact=True).check(),
        lambda: act(walk, "Add an edit"),
        lambda: walk.rule.fill("yellow > 50%"),
        lambda: shown.get_by_label("Blur", exact=True).check(),
    ]
    for action in actions:
        action()
    walk.rests()
    pixels = walk.download(tmp_path)  # the twelfth
    names = {"red": "grey", "blue": "invert", "yellow": "blur"}
    edits_of = [{"rule": f"{name} > 50%", "effect": one} for name, one in names.items()]
    assert np.array_equal(pixels, engines(*edits_of))


def test_the_effects_that_are_seen_are_those_of_the_edit_that_is_opened(walk: Walk):
    effect(walk, "Sharpen")
    seen = group_seen(walk)
    expect(seen).to_have_text("Other")
    act(walk, "Add an edit")
    expect(seen).to_have_text("Most used")
    edits(walk).nth(0).locator(".edit-open").click()
    expect(seen).to_have_text("Other")


def test_who_looks_at_other_effects_is_left_there(walk: Walk):
    add(walk, "blue > 50%", "Invert")
    walk.page.get_by_role("button", name="Other", exact=True).click()
    walk.rule.fill("yellow > 50%")
    expect(edits(walk).nth(1)).to_contain_text("2. yellow > 50%")
    walk.rests()
    expect(group_seen(walk)).to_have_text("Other")


def test_who_looks_at_other_effects_before_an_edit_is_there_is_left_there(
    walk: Walk, request: pytest.FixtureRequest
):
    held: list[Route] = []
    is_over: list[bool] = []
    where = "**/run/predict*"
    walk.page.route(where, lambda route: route.continue_() if is_over else held.append(route))
    request.addfinalizer(lambda: walk.page.unroute(where))
    walk.part("edits").get_by_role("button", name="Add an edit").click()
    walk.page.get_by_role("button", name="Other", exact=True).click()
    wait_for(walk, lambda: bool(held))
    is_over.append(True)
    for route in held:
        route.continue_()
    expect(edits(walk)).to_have_count(2)
    walk.rests()
    expect(group_seen(walk)).to_have_text("Other")


def test_the_controls_are_those_of_the_edit_that_is_opened(walk: Walk):
    act(walk, "Add an edit")
    walk.set_number("feather", 31)
    effect(walk, "Colour")
    expect(walk.part("colour")).to_be_visible()
    edits(walk).nth(0).locator(".edit-open").click()
    expect(walk.rule).to_have_value("red > 50%")
    expect(walk.part("colour")).not_to_be_visible()
    walk.says("4 of 12 areas chosen")
    edits(walk).nth(1).locator(".edit-open").click()
    expect(walk.part("feather").locator("input[type=number]")).to_have_value("31")
    walk.says("12 of 12 areas chosen")


def test_what_is_left_is_what_no_edit_above_has(walk: Walk):
    expect(walk.part("among")).not_to_be_visible()
    act(walk, "Add an edit")
    effect(walk, "Invert")
    walk.part("among").get_by_text("Those no edit above has").click()
    expect(edits(walk).nth(1)).to_contain_text("2. What is left")
    walk.says("8 of 12 areas chosen")
    walk.rests()
    walk.sees(small(engines(RED, {"effect": "invert", "among": "left"})))


def test_edits_are_turned_off_moved_copied_and_removed_and_all_of_it_is_undone(walk: Walk):
    act(walk, "Add an edit")
    effect(walk, "Invert")
    walk.rests()
    both = engines(RED, {"effect": "invert"})
    walk.sees(small(both))
    act(walk, "Make edit 2 earlier")
    walk.rests()
    walk.sees(small(engines({"effect": "invert"}, RED)))
    act(walk, "Leave edit 1 out of the picture")
    walk.rests()
    walk.sees(small(engines(RED)))
    expect(edits(walk).nth(0)).to_have_class("edit is-open is-off")
    act(walk, "Copy edit 1")
    expect(edits(walk)).to_have_count(3)
    act(walk, "Remove edit 2")
    expect(edits(walk)).to_have_count(2)
    for _ in range(4):
        walk.part("undo").click()
    walk.rests()
    walk.sees(small(both))


def test_an_edit_that_waits_for_what_is_to_happen_spoils_nothing(walk: Walk):
    act(walk, "Add an edit")
    expect(edits(walk).nth(1)).to_contain_text("Say what happens")
    expect(edits(walk).nth(1)).to_have_class("edit is-open is-waiting")
    walk.rests()
    walk.sees(small(engines(RED)))
    expect(walk.part("download")).to_be_enabled()


def test_a_recipe_brings_all_edits_back(walk: Walk, tmp_path: Path):
    add(walk, "blue > 50%", "Invert")
    expect(edits(walk).nth(1)).to_contain_text("1 of 12 areas")
    path = walk.take("take-recipe", tmp_path)
    said = json.loads(path.read_text(encoding="utf-8"))
    assert [edit["options"]["effect"] for edit in said["edits"]] == ["grey", "invert"]
    act(walk, "Remove edit 2")
    expect(edits(walk)).to_have_count(1)
    walk.unfold("Open a recipe")
    walk.upload("settings-file", path)
    expect(edits(walk)).to_have_count(2)
    walk.rests()
    walk.sees(small(engines(RED, {"rule": "blue > 50%", "effect": "invert"})))


def test_the_sliders_of_one_edit_are_drawn_between_the_others(walk: Walk):
    effect(walk, "Invert")
    walk.part("effect-on").get_by_text("The chosen areas").click()
    add(walk, "blue > 50%", "Colour")
    add(walk, "yellow > 50%", "Grey")
    edits(walk).nth(1).locator(".edit-open").click()
    walk.rests()
    expect(walk.page.locator(".viewer-stage[data-live=canvas]")).to_have_count(1)
    walk.set_number("feather", 40)
    expected = engines(
        {"rule": "red > 50%", "effect": "invert"},
        {"rule": "blue > 50%", "effect": "colour", "feather": 40},
        {"rule": "yellow > 50%", "effect": "grey"},
    )
    walk.page.locator(".viewer-stage[data-draws]").wait_for()
    drawn = walk.page.locator(".viewer-live").evaluate("(one) => one.toDataURL('image/png')")
    assert difference(read_picture(walk.page, drawn), small(expected)) < JPEG_ERROR
    walk.sees(small(expected))


@pytest.mark.parametrize(
    ("is_overtaken", "order"), [(False, 1), (False, -1), (True, 1)],
    ids=["in order", "the last one first", "overtaken"],
)  # fmt: skip
def test_what_is_said_before_a_new_edit_is_answered_is_said_of_it(
    walk: Walk, is_overtaken: bool, order: int, request: pytest.FixtureRequest
):
    held: list[Route] = []
    answers: list[APIResponse] = []
    is_over: list[bool] = []

    def hold(route: Route) -> None:
        """Of the first event, keep the answer; of those that follow, the request itself."""
        if is_over:
            route.continue_()
            return
        held.append(route)
        if held == [route]:
            answers.append(route.fetch())

    where = "**/run/predict*"
    walk.page.route(where, hold)
    request.addfinalizer(lambda: walk.page.unroute(where))
    walk.part("edits").get_by_role("button", name="Add an edit").click()
    effect(walk, "Invert")
    walk.rule.fill("blue > 50%")
    expect(walk.page.locator("#effect input:checked")).to_have_value("invert")
    wait_for(walk, lambda: len(held) >= 3 and bool(answers))
    is_over.append(True)
    if not is_overtaken:
        held[0].fulfill(response=answers[0])
        expect(edits(walk)).to_have_count(2)
    for route in held[1:][::order]:
        route.continue_()
    if is_overtaken:
        expect(edits(walk).nth(1)).to_contain_text("2. blue > 50%")
        held[0].fulfill(response=answers[0])
    expect(edits(walk).nth(1)).to_contain_text("Invert 1 of 12 areas")
    expect(edits(walk).nth(0)).to_contain_text("1. red > 50%")
    expect(walk.rule).to_have_value("blue > 50%")
    expect(walk.page.locator("#effect input:checked")).to_have_value("invert")
    # what nobody has touched is the new edit's
    expect(walk.page.locator("#effect-on input:checked")).to_have_value("filtered")
    walk.rests()
    walk.sees(small(engines(RED, {"rule": "blue > 50%", "effect": "invert"})))


def wait_for(walk: Walk, holds: Callable[[], bool]) -> None:
    """Let the page go on until something holds."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        walk.page.wait_for_timeout(20)


def test_an_edit_is_called_as_a_person_calls_it(walk: Walk):
    add(walk, "blue > 50%", "Invert")
    act(walk, "Name edit 2")
    box = walk.page.get_by_role("textbox", name="Name of edit 2")
    expect(box).to_be_focused()
    box.fill("sky")
    box.press("Enter")
    expect(edits(walk).nth(1)).to_contain_text("2. sky")
    expect(edits(walk).nth(1)).to_contain_text("blue > 50%: Invert 1 of 12 areas")
    expect(walk.part("paste-step")).to_contain_text("sky: what happens")
    expect(walk.page.get_by_role("button", name="Name edit 2")).to_be_focused()
    act(walk, "Name edit 2")
    box.fill("sea")
    box.press("Escape")
    expect(box).to_be_hidden()
    walk.rests()
    expect(edits(walk).nth(1)).to_contain_text("2. sky")


def test_a_name_that_is_being_written_stays_while_the_list_is_drawn_anew(walk: Walk):
    add(walk, "blue > 50%", "Invert")
    expect(edits(walk).nth(1)).to_contain_text("Invert 1 of 12 areas")
    act(walk, "Name edit 2")
    box = walk.page.get_by_role("textbox", name="Name of edit 2")
    box.press_sequentially("sk")
    # an answer to what was done before comes in
    walk.page.evaluate("document.querySelector('#effect input[value=grey]').click()")
    expect(edits(walk).nth(1)).to_contain_text("Grey")
    expect(box).to_be_focused()
    box.press_sequentially("y")
    expect(box).to_have_value("sky")
    expect(edits(walk).nth(1)).not_to_contain_text("2. sk")
    box.press("Enter")
    expect(edits(walk).nth(1)).to_contain_text("2. sky")


def test_one_area_in_ones_own_photo_never_shows_a_rule_unless_asked(walk: Walk, folder: Path):
    walk.upload_photo(folder / "tiles.png")
    expect(walk.rule).to_be_visible()
    walk.upload("masks", folder / "one.png")
    walk.says("1 of 1 area chosen")
    expect(walk.rule).to_be_hidden()
    walk.unfold("Which areas")
    expect(walk.rule).to_be_visible()
    walk.rule.fill("red > 50%")
    walk.upload("masks", folder / "mask.png")
    expect(walk.rule).to_be_visible()
