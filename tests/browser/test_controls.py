"""Controls that are set from the server: what is in force is what they show."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from segui.ui.layout.choices import EFFECT_GROUPS
from segui.ui.view.percent import to_page
from tests.browser import tiles
from tests.browser.walk import Walk

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_what_an_example_was_given_goes_with_it(newcomer: Walk, tmp_path: Path):
    tiles.draw(tmp_path)
    newcomer.set_number("grow", 4)
    newcomer.set_number("feather", 9)
    newcomer.pick("effect", "Invert")
    newcomer.rests()
    # crops of another size are wanted for it, which is said where nobody sees it
    newcomer.upload_photo(tmp_path / "tiles.png")
    newcomer.upload_masks(tmp_path / "mask.png")
    newcomer.pick("effect", "Grey")
    newcomer.rests()
    recipe = json.loads(newcomer.take("take-recipe", tmp_path).read_text(encoding="utf-8"))
    for name in ("grow", "feather", "alpha"):
        expect(newcomer.number(name)).to_have_value(str(to_page(name, recipe["options"][name])))
    assert (recipe["options"]["grow"], recipe["options"]["crop_factor"]) == (0, 3)


def test_an_event_says_which_message_its_values_are_of(newcomer: Walk):
    newcomer.rests()
    taken = newcomer.page.evaluate("window.segui.taken")
    assert taken > 0
    message = {
        "n": taken + 1,
        "parts": {"option.crop_factor": {"value": 7}, "option.grow": {"value": 5}},
    }
    sent: list[Any] = []

    def answer(route: Route) -> None:
        """Tell the page of two controls at once, one of which is folded away."""
        sent.append(route.request.post_data_json["data"])
        if len(sent) > 1:
            route.continue_()
            return
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "data": [message]})

    newcomer.page.route("**/run/predict*", answer)
    newcomer.pick("edge", "Outward only")
    expect(newcomer.number("grow")).to_have_value("5")
    newcomer.rests()
    told = [(said["taken"], said["values"]) for (said,) in sent[1:] if "values" in said]
    of = {number: (values["crop_factor"], values["grow"]) for number, values in told}
    assert of[taken + 1] == (7, 5)
    # Gradio may tell of the one in the midst, when the other is not set yet
    assert of.get(taken, (7, 0)) == (7, 0)


@pytest.mark.parametrize("page", [{}, PHONE], ids=["desktop", "phone"], indirect=True)
def test_of_the_effects_one_group_is_seen_and_what_is_chosen(newcomer: Walk):
    walk = newcomer
    walk.show("edits")
    seen = walk.page.locator("#effect label:visible input")
    chosen = walk.page.locator("#effect input:checked")
    for title, names in EFFECT_GROUPS.items():
        walk.part("effect").get_by_role("button", name=title, exact=True).press("Enter")
        value = chosen.input_value()
        expect(seen).to_have_count(len({*names, value}))
        expect(chosen).to_be_visible()
        others = {seen.nth(place).input_value() for place in range(seen.count())}
        assert others == {*names, value}
        # all of those that are seen are one group of choices, in which arrows choose
        chosen.press("ArrowDown")
        expect(chosen).not_to_have_value(value)
        expect(chosen).to_be_visible()
        walk.part("undo").click()
        expect(chosen).to_have_value(value)
    walk.pick("effect", "Saturation")
    walk.part("effect").get_by_role("button", name="Most used", exact=True).click()
    expect(walk.part("effect").get_by_label("Saturation", exact=True)).to_be_visible()
    expect(walk.part("effect").get_by_label("Saturation", exact=True)).to_be_checked()
    expect(walk.part("effect").get_by_label("Contrast", exact=True)).to_be_hidden()


@pytest.mark.parametrize(
    "page", [{}, {"color_scheme": "dark"}], ids=["light", "dark"], indirect=True
)
def test_a_choice_looks_chosen_under_the_mouse_too(newcomer: Walk):
    newcomer.part("fill-holes").locator("input").check()
    newcomer.rests()
    for name in ("effect", "format", "fill-holes"):
        dot = newcomer.part(name).locator("input:checked")
        newcomer.page.mouse.move(0, 0)
        newcomer.page.evaluate("document.activeElement.blur()")
        colour = dot.evaluate("(one) => getComputedStyle(one).backgroundColor")
        dot.hover()
        expect(dot).to_have_css("background-color", colour)
