"""What is taken away from the page and brought back to it: files, recipes, workflows, styles."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Download, Page, expect

from segui.ui.layout.ids import TAKES
from segui.ui.layout.takes import GROUPS
from segui.ui.view.percent import to_page
from tests.app_server import AppServer
from tests.browser import tiles
from tests.browser.tiles import TILE_PX, Oracle, box_of
from tests.browser.visit import bring_tiles, visit
from tests.browser.walk import Walk
from tests.browser.workflows import PROMPT
from tests.images.exif import SECRETS, exif_of_a_camera

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
RULE = "red > 20% or cat > 50%"  # areas 1, 3 and 5; of the others nobody knows
WAYS: dict[str, Any] = {"feather": 12, "alpha": 200}


@pytest.fixture(scope="module")
def oracle(folder: Path) -> Oracle:
    return Oracle(folder, grow=6)


@pytest.fixture(scope="module")
def worker(browser: Browser, app: AppServer, folder: Path, oracle: Oracle) -> Iterator[Walk]:
    """A visitor who has set all there is: tests take away what they like, and change nothing."""
    with visit(browser, app) as walk:
        bring_tiles(walk, folder, "mask")
        walk.write_rule(RULE)
        walk.lists("filtered", 1, 3, 5)
        for name, value in {"grow": 6, **WAYS}.items():
            walk.set_number(name, to_page(name, value))
        walk.sees(oracle.result(oracle.chosen(RULE), **WAYS))
        walk.put("Leave out", 5)
        walk.lists("filtered", 1, 3)
        walk.put("Include", 6)
        walk.lists("filtered", 1, 3, 6)
        walk.sees(oracle.result(chosen_by(oracle), **WAYS))
        yield walk


def chosen_by(oracle: Oracle) -> Any:
    return oracle.chosen(RULE, by_hand={5: "remained", 6: "filtered"})


def test_the_mask_is_how_much_of_each_pixel_is_replaced(
    worker: Walk, oracle: Oracle, tmp_path: Path
):
    path = worker.take("take-mask", tmp_path)
    assert path.name == "tiles-segui-mask.png"
    with Image.open(path) as image:
        assert image.mode == "L"
        mask = np.array(image)
    np.testing.assert_array_equal(mask, oracle.mask(chosen_by(oracle), **WAYS))
    assert mask.max() == WAYS["alpha"]


def test_the_cut_outs_are_named_by_number_and_soft_at_their_edges(
    worker: Walk, oracle: Oracle, tmp_path: Path
):
    with zipfile.ZipFile(worker.take("take-cutouts", tmp_path)) as archive:
        names = archive.namelist()
        cut = {name: Image.open(io.BytesIO(archive.read(name))) for name in names}
    assert [name.split("-")[0] for name in names] == ["001", "003", "006"]
    for name, image in cut.items():
        assert image.mode == "RGBA"
        pixels, (x1, y1, _, _) = np.array(image), box_of(int(name[:3]))
        middle = pixels.shape[0] // 2, pixels.shape[1] // 2
        assert pixels[middle][3] == WAYS["alpha"]
        assert pixels[..., 3].min() < WAYS["alpha"] / 4
        assert min(image.size) >= TILE_PX
        half = TILE_PX // 2
        np.testing.assert_array_equal(pixels[middle][:3], oracle.photo[y1 + half, x1 + half])


def test_the_layers_are_the_photo_and_what_was_pasted(worker: Walk, oracle: Oracle, tmp_path: Path):
    path = worker.take("take-layers", tmp_path)
    assert path.name == "tiles-segui-layers.ora"
    with zipfile.ZipFile(path) as archive:
        shown = {
            name: np.array(Image.open(io.BytesIO(archive.read(name))))
            for name in ("data/000-photo.png", "mergedimage.png")
        }
    np.testing.assert_array_equal(shown["data/000-photo.png"], oracle.photo)
    np.testing.assert_array_equal(
        shown["mergedimage.png"], oracle.result(chosen_by(oracle), **WAYS)
    )


def test_the_layers_come_as_psd_too(worker: Walk, oracle: Oracle, tmp_path: Path):
    path = worker.take("take-psd", tmp_path)
    assert path.name == "tiles-segui-layers.psd"
    with Image.open(path) as image:
        assert image.format == "PSD"
        np.testing.assert_array_equal(np.array(image), oracle.result(chosen_by(oracle), **WAYS))


def test_the_label_map_has_the_numbers_of_what_is_chosen(worker: Walk, tmp_path: Path):
    with Image.open(worker.take("take-label-map", tmp_path)) as image:
        assert image.mode == "L"
        assert set(np.unique(np.array(image))) == {0, 1, 3, 6}


def test_the_result_comes_as_jpeg_where_that_is_asked_for(
    visitor: Walk, folder: Path, tmp_path: Path
):
    expect(visitor.part("download")).to_have_text("Download PNG")
    visitor.pick("format", "JPEG")
    expect(visitor.part("download")).to_have_text("Download JPEG")
    formats = visitor.part("format").locator("label").all()
    boxes = [box for one in formats if (box := one.bounding_box()) is not None]
    assert len({box["y"] for box in boxes}) == 1, "all formats stand on one line"
    visitor.set_number("quality", 60)
    path = visitor.take("download", tmp_path)
    with Image.open(path) as image:
        assert (path.suffix, image.format) == (".jpg", "JPEG")
    visitor.pick("format", "PNG")


def test_camera_data_is_kept_where_the_photo_has_some_and_it_is_asked_for(
    visitor: Walk, folder: Path, tmp_path: Path
):
    expect(visitor.part("camera-data")).to_be_hidden()
    photo = tmp_path / "camera.jpg"
    Image.open(folder / "tiles.png").convert("RGB").save(
        photo, exif=b"Exif\0\0" + exif_of_a_camera()
    )
    visitor.upload_photo(photo)
    expect(visitor.part("photo-card")).to_contain_text("camera.jpg")
    gives = visitor.part("gives")
    expect(gives).to_contain_text("without camera data.")
    assert b"D850" not in visitor.take("download", tmp_path).read_bytes()
    visitor.part("camera-data").get_by_label("Keep camera data").check()
    expect(gives).to_contain_text("with camera, lens, exposure, dates and author")
    written = visitor.take("download", tmp_path).read_bytes()
    assert b"D850" in written
    assert [secret for secret in SECRETS if secret in written] == []


def test_the_scores_are_a_row_for_every_area(worker: Walk, oracle: Oracle, tmp_path: Path):
    text = worker.take("take-scores", tmp_path).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    selection = oracle.selection(RULE, by_hand={5: "remained", 6: "filtered"})
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row["side"] for row in rows] == [*selection.sides]
    assert [row["by_hand"] for row in rows] == ["no", "no", "no", "no", "yes", "yes"]
    assert [row["reason"] for row in rows] == [*selection.reasons]
    for row, scores in zip(rows, selection.scores, strict=True):
        found = {label: float(row[f"score {label}"]) for label in scores}
        assert found == pytest.approx(scores, abs=1e-6)


def test_a_recipe_with_the_same_files_gives_the_same_pixels(
    worker: Walk, page: Page, folder: Path, oracle: Oracle, tmp_path: Path
):
    recipe = worker.take("take-recipe", tmp_path)
    expected = oracle.result(chosen_by(oracle), **WAYS)
    np.testing.assert_array_equal(worker.download(tmp_path), expected)

    walk = Walk(page)
    walk.open()
    walk.part("fresh").click()
    expect(walk.part("photo-card")).to_have_text("")
    walk.upload_photo(folder / "tiles.png")
    walk.upload_masks(folder / "mask.png")
    walk.says("6 of 6 areas chosen")
    bring_settings(walk, recipe)
    expect(walk.part("settings-notes")).to_contain_text(
        "the recipe's files are those at hand: with its options, the result is the recipe's, to the"
        " pixel"
    )
    walk.lists("filtered", 1, 3, 6)
    walk.sees(expected)
    np.testing.assert_array_equal(walk.download(tmp_path), expected)
    again = walk.take("take-recipe", tmp_path)
    assert again.read_bytes() == recipe.read_bytes()

    walk.upload_masks(folder / "two.png")
    for _ in range(2):  # it is told of files that come after the recipe, too
        expect(walk.part("settings-notes")).to_contain_text("is not one of the recipe's")
        expect(walk.part("settings-notes")).not_to_contain_text("to the pixel")
        bring_settings(walk, recipe)


def test_a_recipe_read_before_the_first_photo_is_there_when_it_comes(
    worker: Walk, page: Page, folder: Path, oracle: Oracle, tmp_path: Path
):
    recipe = worker.take("take-recipe", tmp_path)
    walk = Walk(page)
    walk.open()  # on an example, which has a rule and a feather of its own
    bring_settings(walk, recipe)
    expect(walk.rule).to_have_value(RULE)
    expect(walk.part("settings-notes")).not_to_contain_text("to the pixel")
    walk.upload_photo(folder / "tiles.png")
    walk.upload_masks(folder / "mask.png")
    walk.lists("filtered", 1, 3, 6)
    walk.sees(oracle.result(chosen_by(oracle), **WAYS))
    expect(walk.part("settings-notes")).to_contain_text("to the pixel")


def test_a_recipe_undoes_what_else_was_done_by_hand(
    worker: Walk, page: Page, folder: Path, oracle: Oracle, tmp_path: Path
):
    recipe = worker.take("take-recipe", tmp_path)
    walk = Walk(page)
    walk.open()
    bring_tiles(walk, folder, "mask")
    walk.put("Leave out", 1)
    walk.lists("filtered", 2, 3, 4, 5, 6)
    bring_settings(walk, recipe)
    walk.lists("filtered", 1, 3, 6)
    walk.sees(oracle.result(chosen_by(oracle), **WAYS))


def test_a_project_opens_as_it_was_and_that_is_one_step(
    worker: Walk, page: Page, folder: Path, oracle: Oracle, tmp_path: Path
):
    project = worker.take("take-project", tmp_path)
    assert project.name == "tiles-segui.project.zip"
    expected = oracle.result(chosen_by(oracle), **WAYS)

    walk = Walk(page)
    walk.open()
    walk.upload("photo", project)  # which is what "Open photo" opens
    expect(walk.part("photo-card")).to_contain_text("tiles.png")
    expect(walk.part("mask-list")).to_contain_text("mask.png")
    expect(walk.rule).to_have_value(RULE)
    expect(walk.part("problem")).to_contain_text(f"{project.name} was opened as it was left")
    walk.lists("filtered", 1, 3, 6)
    walk.sees(expected)
    np.testing.assert_array_equal(walk.download(tmp_path), expected)

    walk.part("undo").click()
    walk.says("4 of 12 areas chosen")
    expect(walk.part("undo")).to_be_disabled()
    walk.drop(project)
    expect(walk.part("problem")).to_contain_text(f"Taken: {project.name} as a project")
    walk.lists("filtered", 1, 3, 6)
    walk.sees(expected)


def test_a_link_brings_its_recipe_to_whoever_opens_it(
    worker: Walk, page: Page, folder: Path, oracle: Oracle
):
    worker.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    worker.reach("take-link").click()
    expect(worker.part("result").locator(".viewer-busy")).to_have_text("The link is copied")
    link = worker.page.evaluate("() => navigator.clipboard.readText()")
    address, _, recipe = link.partition("#recipe=")
    assert address == worker.page.url
    assert recipe

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    walk = Walk(page)
    page.goto(link)
    expect(walk.part("problem")).to_contain_text("The link's recipe is in force; Undo takes it")
    expect(walk.rule).to_have_value(RULE)
    assert page.url == address
    assert recipe not in " ".join(asked)
    walk.part("undo").click()
    expect(walk.rule).not_to_have_value(RULE)
    expect(walk.part("undo")).to_be_disabled()
    walk.part("redo").click()
    expect(walk.rule).to_have_value(RULE)
    walk.upload_photo(folder / "tiles.png")
    walk.upload_masks(folder / "mask.png")
    walk.lists("filtered", 1, 3, 6)
    walk.sees(oracle.result(chosen_by(oracle), **WAYS))

    # of a page that is open, what was given stays
    page.evaluate("(recipe) => { location.hash = `recipe=${recipe}`; }", "no recipe")
    expect(walk.part("problem")).to_contain_text("the link's recipe is damaged")
    walk.lists("filtered", 1, 3, 6)


PASTED = """async () => {
  const [item] = await navigator.clipboard.read();
  const bytes = new Uint8Array(await (await item.getType('image/png')).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}"""


def test_the_result_is_copied_as_it_is(worker: Walk, oracle: Oracle):
    worker.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    worker.part("take-copy").click()
    busy = worker.part("result").locator(".viewer-busy")
    expect(busy).to_have_text("The picture is copied")
    with Image.open(io.BytesIO(base64.b64decode(worker.page.evaluate(PASTED)))) as image:
        copied = np.array(image.convert("RGB"))
    np.testing.assert_array_equal(copied, oracle.result(chosen_by(oracle), **WAYS))
    expect(busy).to_be_hidden()


def test_where_the_browser_cannot_copy_pictures_there_is_no_button(page: Page):
    page.add_init_script("delete window.ClipboardItem")
    walk = Walk(page)
    walk.open()
    expect(walk.reach("take-link")).to_be_visible()
    expect(walk.part("take-copy")).to_be_hidden()


# nothing lies over its middle
LIES_OPEN = """(one) => {
  const {left, top, width, height} = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_what_a_project_gives_away_is_said_where_it_is_taken(newcomer: Walk):
    newcomer.show("save")
    button = newcomer.reach("take-project")
    expect(newcomer.part("take-groups")).to_contain_text("the photo is as it came")
    expect(button).to_be_visible()


@pytest.mark.parametrize("page", [{}, PHONE], ids=["desktop", "phone"], indirect=True)
def test_what_else_there_is_stands_in_groups_by_what_it_is_for(
    newcomer: Walk, request: pytest.FixtureRequest
):
    walk, size = newcomer, request.node.callspec.params["page"]
    walk.show("save")
    formats = [one.bounding_box() for one in walk.part("format").locator("label").all()]
    assert len({box["y"] for box in formats if box is not None}) == 1, "all formats on one line"
    for title, kinds in GROUPS.items():
        buttons = [walk.part(TAKES[kind]) for kind in kinds]
        head = walk.page.get_by_role("button", name=title)
        expect(head).to_have_attribute("aria-expanded", "false")
        for button in buttons:
            expect(button).to_be_hidden()
        before = head.bounding_box()
        head.press("Enter")  # by keys as by a click
        expect(head).to_have_attribute("aria-expanded", "true")
        for button in buttons:
            expect(button).to_be_enabled()
            walk.page.wait_for_function(LIES_OPEN, arg=button.element_handle())
        after = head.bounding_box()
        assert before is not None
        assert after is not None
        if "viewport" in size:  # a sheet is scrolled, so that no button lies below its foot
            after["y"] = max(after["y"], before["y"])
        assert after == before, "what is opened stays where it is"
        head.press("Enter")
        expect(buttons[0]).to_be_hidden()


def test_a_zip_that_is_no_project_changes_nothing(visitor: Walk, tmp_path: Path):
    other = tmp_path / "holiday.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.jpg", b"")
    visitor.upload("photo", other)
    expect(visitor.part("problem")).to_contain_text(
        "holiday.zip is no project of segui: it has no recipe.json"
    )
    expect(visitor.part("photo-card")).to_contain_text("tiles.png")


def test_files_that_are_taken_away_at_once_all_come(worker: Walk):
    names: set[str] = set()

    def is_last(download: Download) -> bool:
        names.add(download.suggested_filename)
        return len(names) == 4

    with worker.page.expect_download(is_last):
        for button in ("take-cutouts", "take-mask", "download", "take-scores"):
            worker.reach(button).click()
    stem = "tiles-segui"
    assert names == {
        f"{stem}-cut-outs.zip",
        f"{stem}-mask.png",
        f"{stem}.png",
        f"{stem}-scores.csv",
    }
    expect(worker.part("result").locator(".viewer-busy")).to_be_hidden()


# ---- from a workflow, and styles -----------------------------------------------------------------
def bring_settings(walk: Walk, path: Path) -> None:
    walk.unfold("Open a recipe")
    walk.upload("settings-file", path)
    expect(walk.part("settings-notes").locator("li").first).to_be_visible()


def test_a_workflow_of_comfyui_sets_what_it_says(visitor: Walk, folder: Path, tmp_path: Path):
    path = tmp_path / "workflow.json"
    upscaler = {"5": {"class_type": "SEGSUpscaler", "inputs": {"segs": ["3", 0]}}}
    path.write_text(json.dumps(PROMPT | upscaler), encoding="utf-8")
    bring_settings(visitor, path)
    visitor.unfold("More options for areas")
    for name, value in {"feather": 12, "alpha": 78.4, "drop-size": 30, "crop-factor": 1.5}.items():
        expect(visitor.number(name)).to_have_value(str(value))
    expect(visitor.rule).to_have_value("blue > 0.5")
    notes = visitor.part("settings-notes")
    expect(notes).to_contain_text("node 4 (SEGSPaste): took feather 12, alpha 200")
    expect(notes).to_contain_text("node 5 (SEGSUpscaler) works on segments too, and was left out")
    engine = Oracle(folder, crop_factor=1.5, drop_size=30, order="contour")
    sides = engine.selection("blue > 0.5").sides
    visitor.lists("filtered", *(n for n, side in enumerate(sides, 1) if side == "filtered"))
    expected = engine.result(engine.chosen("blue > 0.5"), edge="impact", **WAYS)
    np.testing.assert_array_equal(visitor.download(tmp_path), expected)


def test_same_as_comfyui_sets_edge_order_and_crops(visitor: Walk, folder: Path, tmp_path: Path):
    visitor.unfold("More options for areas")
    visitor.set_number("crop-factor", 2)
    visitor.pick("order", "Reading order")
    visitor.pick("edge", "Smooth")
    visitor.part("comfyui").click()
    expect(visitor.part("edge").get_by_label("Same as ComfyUI")).to_be_checked()
    expect(visitor.part("order").get_by_label("Same as ComfyUI")).to_be_checked()
    expect(visitor.number("crop-factor")).to_have_value("3")
    engine = Oracle(folder, drop_size=30, order="contour")
    expected = engine.result(engine.chosen("*"), edge="impact", feather=5)
    visitor.sees(expected)
    np.testing.assert_array_equal(visitor.download(tmp_path), expected)


def test_hide_for_privacy_covers_what_nobody_could_decide_on(
    visitor: Walk, folder: Path, tmp_path: Path
):
    visitor.unfold("More options for areas")
    visitor.pick("order", "Reading order")
    visitor.rule.fill("red > 50% or cat > 50%")
    visitor.says("2 of 6 areas chosen")
    visitor.part("privacy").click()
    visitor.says("6 of 6 areas chosen")
    for group, choice in (("effect", "Hide"), ("edge", "Outward only"), ("on-unknown", "Include")):
        expect(visitor.part(group).get_by_label(choice, exact=True)).to_be_checked()
    engine = Oracle(folder, drop_size=30, grow=6, fill_holes=True)
    chosen = engine.chosen("red > 50% or cat > 50%", "filter")
    expected = engine.result(chosen, effect="hide", edge="outward", feather=8)
    visitor.sees(expected)
    np.testing.assert_array_equal(visitor.download(tmp_path), expected)
    covered = engine.mask(chosen, edge="outward", feather=8)
    for number in range(1, tiles.TILES + 1):
        x1, y1, x2, y2 = box_of(number)
        assert covered[y1:y2, x1:x2].min() == 255
