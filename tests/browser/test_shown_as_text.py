"""Names that are tags, from all that has names: shown as they are, and to nobody else.

The page's policy of scripts would hold such a script up; here no tag may come to be at all.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from segui.options import EDIT_OPTIONS
from tests.app_server import AppServer
from tests.browser.visit import visit
from tests.browser.walk import Walk

pytestmark = pytest.mark.server
TAGS = """() => [...document.querySelectorAll('img, svg, b')].filter((one) =>
  /^x-/.test(one.getAttribute('src') ?? '') || one.hasAttribute('onload')
  || one.hasAttribute('onerror')).length + (window.brought ?? 0)"""


def tag(whose: str, what: str) -> str:
    return f'"><img src=x-{whose}-{what} onerror="window.brought = 1"><svg onload=alert(1)>'


@pytest.fixture
def both(browser: Browser, app: AppServer) -> Iterator[dict[str, Walk]]:
    """Two visitors at once."""
    with ExitStack() as stack:
        yield {who: stack.enter_context(visit(browser, app)) for who in ("ann", "bob")}


def masks_of(who: str, folder: Path) -> list[Path]:
    """A mask, a label map with its legend, and annotations, of the tiles' size."""
    plain, labels = folder / f"{tag(who, 'mask')}.png", folder / "map.png"
    legend, coco = folder / "map.json", folder / f"{tag(who, 'coco')}.json"
    mask = Image.new("L", (480, 320))
    mask.paste(255, (20, 20, 140, 140))
    mask.save(plain)
    numbers = Image.new("L", (480, 320))
    numbers.paste(1, (180, 20, 300, 140))
    numbers.paste(2, (340, 20, 460, 140))
    numbers.save(labels)
    legend.write_text(json.dumps({"1": tag(who, "legend"), "2": "two"}))
    outline = [20, 180, 140, 180, 140, 300, 20, 300]
    coco.write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": "tiles.png", "width": 480, "height": 320}],
                "categories": [{"id": 1, "name": tag(who, "category")}],
                "annotations": [
                    {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [outline]}
                ],
            }
        )
    )
    return [plain, labels, legend, coco]


def recipe_of(who: str, said: dict[str, Any]) -> dict[str, Any]:
    own = {name: said["options"][name] for name in said["options"] if name in EDIT_OPTIONS}
    edits = [
        {
            "options": {**own, "effect": effect},
            "overrides": [],
            "name": tag(who, effect),
            "enabled": True,
        }
        for effect in ("grey", "invert")
    ]
    return {
        **said,
        "edits": edits,
        "open_edit": 0,
        "options": {**said["options"], "effect": "grey", tag(who, "option"): tag(who, "value")},
        "photo": {"name": tag(who, "photo"), "sha256": "0" * 64},
        "masks": [{"name": tag(who, "missing"), "sha256": "1" * 64}],
        "reference": {"name": tag(who, "version"), "sha256": "2" * 64},
    }


def test_names_that_are_tags_are_text_to_whom_they_are(both, folder: Path, tmp_path: Path):
    for who, walk in both.items():
        own = tmp_path / who
        own.mkdir()
        walk.upload_photo(folder / "tiles.png")
        walk.upload("masks", *masks_of(who, own))
        for what in ("mask", "legend", "category"):
            expect(walk.part("filtered")).to_contain_text(f"x-{who}-{what}")
        walk.pick("effect", "Invert")
        said = json.loads(walk.take("take-recipe", own).read_text(encoding="utf-8"))
        recipe = own / f"{tag(who, 'recipe')}.json"
        recipe.write_text(json.dumps(recipe_of(who, said)))
        walk.unfold("Open a recipe")
        walk.upload("settings-file", recipe)
        for what in ("option", "photo", "missing", "version"):
            expect(walk.part("settings-notes")).to_contain_text(f"x-{who}-{what}")
        for what in ("grey", "invert"):
            expect(walk.part("edits")).to_contain_text(f"x-{who}-{what}")
        walk.unfold("Rules with names")
        walk.part("rules").locator("textarea").fill(f"{tag(who, 'named')} = red > 3%")
        expect(walk.part("rules-error")).to_contain_text(f"x-{who}-named")
        walk.rule.fill(tag(who, "rule"))
        expect(walk.page.get_by_text(f"x-{who}-rule").first).to_be_visible()
        walk.rests()
    for who, walk in both.items():
        assert walk.page.evaluate(TAGS) == 0
        other = next(name for name in both if name != who)
        assert f"x-{other}-" not in walk.page.content()
