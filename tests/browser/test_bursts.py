"""Whatever is done in a hurry: a page at rest shows what its controls say.

Both processors are kept busy by something else, as on a public server: what is computed ends late
and in any order.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from segui.edits import Edit
from segui.finders.segment_values import SegmentOptions
from segui.geometry import Box
from segui.paste_values import PasteOptions
from segui.session.by_hand import found_again
from segui.ui.view.percent import from_page
from tests.app_server import AppServer
from tests.browser import tiles
from tests.browser.busy import busy
from tests.browser.tiles import Oracle
from tests.browser.visit import bring_tiles, visit
from tests.browser.walk import Walk

BURSTS = int(os.environ.get("BURSTS", "12"))  # each takes some seconds beside busy processors
RULES = ("*", "red > 50%", "blue > 20%", "@index < 4", "green > 50% or red > 50%", "red >")
EFFECTS = {"Invert": "invert", "Grey": "grey", "Pixelate": "pixelate"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiles")
    tiles.draw(folder)
    return folder


@pytest.fixture(scope="module")
def hurried(browser: Browser, app: AppServer, folder: Path) -> Iterator[Walk]:
    with visit(browser, app) as walk:
        bring_tiles(walk, folder, "mask")
        walk.says("6 of 6 areas chosen")
        with busy(2):
            yield walk


# at once, in the page: what is to be clicked may be drawn anew at any moment
CLICK_ONE = """([selector, share, times]) => {
  const buttons = [...document.querySelectorAll(selector)];
  const one = buttons[Math.floor(share * buttons.length)];
  for (let time = 0; time < times; time++) one?.click();
}"""


def click_one(walk: Walk, selector: str, chance: random.Random, times: int) -> None:
    walk.page.evaluate(CLICK_ONE, [selector, chance.random(), times])


def grow(walk: Walk, chance: random.Random, folder: Path) -> None:
    # 600 cannot be used: the last number that could stays in force
    walk.set_number("grow", chance.choice([-5, 0, 4, 9, 600]))


def feather(walk: Walk, chance: random.Random, folder: Path) -> None:
    walk.set_number("feather", chance.choice([0, 5, 20, 60]))


def opacity(walk: Walk, chance: random.Random, folder: Path) -> None:
    walk.set_opacity(chance.choice([64, 128, 255]))


def rule(walk: Walk, chance: random.Random, folder: Path) -> None:
    walk.write_rule(chance.choice(RULES))


def effect(walk: Walk, chance: random.Random, folder: Path) -> None:
    # not ``check``: what was undone a moment ago may set it to another one at once, and its group
    # may go out of sight with that
    label = chance.choice([*EFFECTS])
    walk.part("effect").get_by_label(label, exact=True).dispatch_event("click")


def by_hand(walk: Walk, chance: random.Random, folder: Path) -> None:
    click_one(walk, ".area-card button[data-put]", chance, times=1)


def more_masks(walk: Walk, chance: random.Random, folder: Path) -> None:
    walk.upload("masks", folder / f"{chance.choice(['one', 'two', 'mask'])}.png")


def fewer_masks(walk: Walk, chance: random.Random, folder: Path) -> None:
    click_one(walk, "#mask-list li [data-remove]", chance, times=2)  # a double click takes one file


def example_and_back(walk: Walk, chance: random.Random, folder: Path) -> None:
    walk.example(chance.choice(["Keep one colour", "Paste an edit"]))
    walk.part("undo").click()


def edit(walk: Walk, chance: random.Random, folder: Path) -> None:
    # opened, turned off or on, moved, copied, removed or added
    click_one(walk, "#edits button", chance, times=1)


def undo(walk: Walk, chance: random.Random, folder: Path) -> None:
    walk.part(chance.choice(["undo", "redo"])).dispatch_event("click")


ACTIONS: tuple[Callable[[Walk, random.Random, Path], None], ...] = (
    grow, feather, opacity, rule, effect, by_hand, more_masks, fewer_masks, example_and_back, undo,
    edit, edit,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(BURSTS))
def test_a_page_at_rest_shows_what_its_controls_say(
    hurried: Walk, folder: Path, seed: int, tmp_path: Path
):
    chance = random.Random(seed)  # noqa: S311  it chooses what is clicked
    for action in chance.choices(ACTIONS, k=chance.randint(2, 6)):
        action(hurried, chance, folder)
    hurried.rests()
    if not hurried.part("photo-card").get_by_text("tiles.png").count():
        back_to_the_tiles(hurried, folder)
    if not hurried.part("mask-list").locator("li").count():
        hurried.upload_masks(folder / "mask.png")
    if not hurried.part("edits").locator(".edit:not(.is-waiting)").count():
        hurried.pick("effect", "Invert")
    shows_what_it_says(hurried, folder, tmp_path)


def shows_what_it_says(walk: Walk, folder: Path, tmp_path: Path) -> None:
    """The controls say what is in force, and the picture is what the engine makes of it."""
    walk.rests()
    expect(walk.reach("take-recipe")).to_be_enabled()
    recipe = json.loads(walk.take("take-recipe", tmp_path).read_text(encoding="utf-8"))
    assert what_controls_say(walk, recipe["options"]) == {}
    walk.sees(expected(folder, recipe))


def test_what_was_put_by_hand_stays_so_while_its_area_grows(
    hurried: Walk, folder: Path, tmp_path: Path
):
    back_to_the_tiles(hurried, folder)
    hurried.upload_masks(folder / "mask.png")
    hurried.set_number("grow", 0)
    hurried.write_rule("*")  # whatever the last burst left there may leave it out already
    hurried.put("Leave out", 2)
    hurried.set_number("grow", 4)
    hurried.set_opacity(64)
    shows_what_it_says(hurried, folder, tmp_path)


def back_to_the_tiles(walk: Walk, folder: Path) -> None:
    """Undone and done again at random, one may have come to where there was another photo."""
    walk.upload_photo(folder / "tiles.png")
    walk.pick("effect", "Invert")
    walk.rests()


def what_controls_say(walk: Walk, options: dict[str, Any]) -> dict[str, Any]:
    """Which controls show anything else than what is in force, and do not say so."""
    shown: dict[str, Any] = {
        name: float(walk.number(name).input_value()) for name in ("grow", "feather", "alpha")
    }
    shown |= from_page({"alpha": shown["alpha"]})
    if "Not used" in walk.part("grow").inner_text():
        shown.pop("grow")
    text = walk.rule.input_value()
    if not walk.part("expression-error").locator(".caret-line").count():
        shown["expression"] = text
    picked = walk.part("effect").locator("input:checked").input_value()
    shown["effect"] = EFFECTS.get(picked, picked)
    return {name: value for name, value in shown.items() if options[name] != value}


def expected(folder: Path, recipe: dict[str, Any]) -> Any:
    """The engine's own result for a recipe: what an example set is in force until it is changed."""
    options = recipe["options"]
    masks = tuple(Path(mark["name"]).stem for mark in recipe["masks"])
    oracle = Oracle(folder, masks, **vars(SegmentOptions.of(options)))
    said = recipe.get("edits") or [{"options": options, "overrides": recipe["overrides"]}]
    edits = [as_edit(oracle, one) for one in said]
    # one that does not say yet what happens waits, unless none does
    ready = [replace(one, enabled=one.enabled and one.paste.effect != "none") for one in edits]
    return oracle.edited(ready if any(one.paste.effect != "none" for one in edits) else edits)


def as_edit(oracle: Oracle, said: dict[str, Any]) -> Edit:
    options = said["options"]
    hand = {(Box(*one["bbox"]), one["label"]): one["side"] for one in said["overrides"]}
    found = found_again(oracle.scene.segments, hand)  # an area may have grown since it was put
    return Edit(
        options["expression"],
        PasteOptions.of(options),
        among=options["among"],
        on_unknown=options["on_unknown"],
        by_hand={place + 1: hand[key] == "filtered" for place, key in found.items()},
        enabled=said.get("enabled", True),
    )
