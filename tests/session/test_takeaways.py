import csv
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from segui.errors import InputError, StorageError
from segui.recipes.reading import read_recipe
from segui.session.derive import Plan, derive
from segui.session.inputs import Inputs
from segui.session.reduce import with_options
from segui.session.results import Failed
from segui.session.takeaways import KINDS, NO_RESULT, WITHOUT_AREAS, take_away
from segui.session.view import View
from segui.storing import FULL
from tests.full_disk import full_disk, limits_files
from tests.images.exif import SECRETS, exif_of_a_camera
from tests.session.worked import inputs_of, view_of

INVERTED: dict[str, Any] = {"effect": "invert", "feather": 0, "expression": "@index = 1"}


@pytest.fixture(scope="module")
def view(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> View:
    """Two areas, of which the first one is inverted."""
    inputs = inputs_of(pictures / "photo.png", pictures / "mask.png", **INVERTED)
    return view_of(inputs, tmp_path_factory.mktemp("session"))


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image)


def test_the_result_is_a_png_of_full_size(view, pictures, tmp_path):
    path = take_away("result", view, tmp_path)
    photo, result = read(pictures / "photo.png"), read(path)
    assert path.name == "photo-segui.png"
    np.testing.assert_array_equal(result[68:160, 176:266], 255 - photo[68:160, 176:266])
    np.testing.assert_array_equal(result[330:500, 90:200], photo[330:500, 90:200])


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "ending"), [("jpeg", "jpg"), ("webp", "webp"), ("avif", "avif"), ("png", "png")]
)
def test_the_result_is_of_the_format_that_was_asked_for(name, ending, view, tmp_path):
    inputs = with_options(view.inputs, {"format": name, "quality": 50})
    asked = View(2, replace(view.plan, inputs=inputs))
    path = take_away("result", asked, tmp_path)
    assert path.name == f"photo-segui.{ending}"
    with Image.open(path) as image:
        assert (image.format, image.size) == (name.upper(), (512, 512))


@pytest.mark.long
@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "avif"])
def test_camera_data_goes_along_where_it_is_asked_for_and_never_with_a_copy(name, view, tmp_path):
    photo = replace(view.plan.scene.photo, camera_data=exif_of_a_camera())
    scene = replace(view.plan.scene, photo=photo)

    def taken(kind: str, is_kept: bool) -> bytes:
        inputs = with_options(view.inputs, {"format": name, "camera_data": is_kept})
        path = take_away(kind, View(2, replace(view.plan, inputs=inputs, scene=scene)), tmp_path)
        return path.read_bytes()

    found = [
        b"D850" in taken(*how) for how in (("result", True), ("result", False), ("copy", True))
    ]
    assert found == [True, False, False]
    assert [secret for secret in SECRETS if secret in taken("result", True)] == []


def test_what_is_copied_is_a_png_whatever_the_file_would_be(view, tmp_path):
    asked = View(2, replace(view.plan, inputs=with_options(view.inputs, {"format": "jpeg"})))
    path = take_away("copy", asked, tmp_path)
    assert path.name == "photo-segui-copy.png"
    np.testing.assert_array_equal(read(path), view.plan.painted.pixels)


def test_the_mask_is_what_of_each_pixel_is_changed(view, tmp_path):
    path = take_away("mask", view, tmp_path)
    mask = read(path)
    assert (path.name, mask.shape) == ("photo-segui-mask.png", (512, 512))
    assert mask[100, 200] == 255
    assert int(mask.sum()) == 255 * 92 * 90


def test_the_cut_outs_are_those_that_pass(view, tmp_path):
    path = take_away("cutouts", view, tmp_path)
    assert path.name == "photo-segui-cut-outs.zip"
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        with archive.open(name) as file, Image.open(file) as image:
            assert (image.size, image.mode) == ((90, 92), "RGBA")


def test_of_a_picture_that_hides_something_there_are_no_cut_outs(view, tmp_path):
    hidden = View(2, replace(view.plan, inputs=with_options(view.inputs, {"effect": "hide"})))
    with pytest.raises(InputError) as raised:
        take_away("cutouts", hidden, tmp_path)
    assert str(raised.value) == (
        "the cut-outs would have all that is hidden as the photo shows it: take the picture itself "
        "away"
    )
    assert not list(tmp_path.rglob("*.zip"))


def test_the_layers_are_the_photo_and_the_edit_above_it(view, tmp_path):
    path = take_away("layers", view, tmp_path)
    assert path.name == "photo-segui-layers.ora"
    with zipfile.ZipFile(path) as archive:
        assert archive.read("mimetype") == b"image/openraster"
        assert 'name="@index = 1" src="data/001-edit-1.png" x="176" y="68"' in (
            archive.read("stack.xml").decode()
        )
        with archive.open("mergedimage.png") as file, Image.open(file) as image:
            np.testing.assert_array_equal(np.array(image), view.plan.painted.pixels)


def test_the_layers_of_a_psd_are_the_photo_and_the_edit_above_it(view, tmp_path):
    path = take_away("psd", view, tmp_path)
    assert path.name == "photo-segui-layers.psd"
    assert [(one.name, one.has_mask()) for one in PSDImage.open(path)] == [
        ("photo", False),
        ("@index = 1", True),
    ]
    np.testing.assert_array_equal(read(path), view.plan.painted.pixels)


def test_the_label_map_has_the_numbers_of_those_that_pass(view, tmp_path):
    path = take_away("label_map", view, tmp_path)
    numbers = read(path)
    assert (path.name, numbers.shape) == ("photo-segui-labels.png", (512, 512))
    assert (numbers[100, 200], int(numbers.sum())) == (1, 92 * 90)


def test_coco_has_those_that_pass_and_the_photos_name(view, tmp_path):
    path = take_away("coco", view, tmp_path)
    written = json.loads(path.read_text())
    assert path.name == "photo-segui-coco.json"
    assert written["images"] == [{"id": 1, "file_name": "photo.png", "width": 512, "height": 512}]
    assert [one["bbox"] for one in written["annotations"]] == [[176, 68, 90, 92]]


def test_coco_that_came_keeps_its_ids(pictures, tmp_path):
    came = tmp_path / "came.json"
    outline = [[100, 100, 200, 100, 200, 200, 100, 200]]
    areas = [{"id": 77, "image_id": 9, "category_id": 5, "segmentation": outline, "by": "Jo"}]
    images = [{"id": 9, "file_name": "photo.png", "width": 512, "height": 512}]
    categories = [{"id": 5, "name": "sign"}]
    said = {"images": images, "categories": categories, "annotations": areas}
    came.write_text(json.dumps(said))
    seen = view_of(inputs_of(pictures / "photo.png", came), tmp_path)
    written = json.loads(take_away("coco", seen, tmp_path).read_text())
    assert (written["images"], written["categories"]) == (images, categories)
    (one,) = written["annotations"]
    assert {key: one[key] for key in areas[0]} == areas[0]
    assert one["attributes"]["side"] == "filtered"


def test_yolo_labelme_and_panoptic_have_those_that_pass(view, tmp_path):
    paths = {kind: take_away(kind, view, tmp_path) for kind in ("yolo", "labelme", "panoptic")}
    assert [path.name for path in paths.values()] == [
        "photo-segui-yolo.zip",
        "photo-segui-labelme.json",
        "photo-segui-panoptic.zip",
    ]
    with zipfile.ZipFile(paths["yolo"]) as archive:
        assert archive.namelist() == ["labels/photo.txt", "classes.txt", "data.yaml"]
        assert archive.read("labels/photo.txt").count(b"\n") == 1
    shape = json.loads(paths["labelme"].read_text())
    assert (shape["imagePath"], len(shape["shapes"])) == ("photo.png", 1)
    with zipfile.ZipFile(paths["panoptic"]) as archive:
        assert archive.namelist() == ["photo.png", "photo.json"]


def test_the_scores_are_a_row_for_every_area(view, tmp_path):
    path = take_away("scores", view, tmp_path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert path.name == "photo-segui-scores.csv"
    assert [row["side"] for row in rows] == ["filtered", "remained"]
    assert rows[0]["x1"] == "176"
    assert float(rows[0]["score black"]) == round(view.plan.scored.scores[0]["black"], 6)


def test_the_recipe_is_what_made_the_picture(view, tmp_path):
    path = take_away("recipe", view, tmp_path)
    recipe = read_recipe(path.read_bytes())
    assert path.name == "photo-segui.recipe.json"
    assert {name: recipe.options[name] for name in INVERTED} == INVERTED
    assert recipe.photo.name == "photo.png"


def test_the_recipe_is_of_the_values_in_force_and_not_of_what_else_is_typed(pictures, tmp_path):
    good = inputs_of(pictures / "photo.png", pictures / "mask.png", **INVERTED, grow=3)
    typed = {**good.entered, "expression": "(red", "feather": 9999, "grow": "x"}
    refused = {"expression": "unreadable", "feather": "too much", "grow": "no number"}
    view = view_of(replace(good, entered=typed, refused=refused), tmp_path)
    options = json.loads(take_away("recipe", view, tmp_path).read_text())["options"]
    assert (options["expression"], options["feather"], options["grow"]) == ("@index = 1", 0, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_former_files_is_taken_away(kind, view, tmp_path):
    failed = Failed("the mask is 3 x 3")
    stale = View(2, replace(view.plan, failure=failed))
    with pytest.raises(InputError, match=r"^Not up to date: the mask is 3 x 3$"):
        take_away(kind, stale, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_recipe_and_project_is_taken_away_before_there_are_areas(kind, view, tmp_path):
    photo = replace(view.plan, scene=None, selection=None, painted=None)
    nothing = derive(Inputs.fresh(view.inputs.defaults), lambda *_: None)
    if kind in WITHOUT_AREAS:
        assert take_away(kind, View(2, photo), tmp_path).is_file()
    for plan in (nothing,) if kind in WITHOUT_AREAS else (photo, nothing):
        with pytest.raises(InputError) as refused:
            take_away(kind, View(2, plan), tmp_path)
        assert str(refused.value) == NO_RESULT


@pytest.mark.parametrize("why", ["there is nothing to paste", ""])
def test_where_nothing_is_pasted_there_is_no_result_but_all_the_rest(why, view, tmp_path):
    plan: Plan = replace(view.plan, painted=None, nothing_painted=why)
    for kind in ("result", "copy", "layers", "psd"):
        with pytest.raises(InputError) as refused:
            take_away(kind, View(2, plan), tmp_path)
        assert str(refused.value) == (why or NO_RESULT)
    for kind in set(KINDS) - {"result", "copy", "layers", "psd"}:
        assert take_away(kind, View(2, plan), tmp_path).exists()


@limits_files
@pytest.mark.parametrize("kind", KINDS)
def test_where_the_disk_is_full_a_sentence_says_so_and_nothing_stays(kind, view, tmp_path):
    with pytest.raises(StorageError) as said, full_disk():
        take_away(kind, view, tmp_path)
    assert str(said.value) == FULL
    assert [*tmp_path.iterdir()] == []
    assert take_away(kind, view, tmp_path).is_file()
