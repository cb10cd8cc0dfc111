"""COCO that came is written back: what is still there keeps its id and all that it had."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from segui import coco_json
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.pipeline import open_scene
from segui.segments.segment import Segments
from tests.drawn import segment
from tests.takeaway.chosen import scene_of, selection_of

CAME = {
    "info": {"year": 2024},
    "licenses": [{"id": 1}],
    "images": [
        {"id": 7, "file_name": "photo.png", "height": 40, "width": 60, "license": 1},
        {"id": 8, "file_name": "other.png", "height": 40, "width": 60},
    ],
    "categories": [
        {"id": 30, "name": "car", "supercategory": "vehicle"},
        {"id": 31, "name": "bus"},
    ],
    "annotations": [
        {"id": 900, "image_id": 8, "category_id": 30, "bbox": [0, 0, 9, 9]},
        {
            "id": 41, "image_id": 7, "category_id": 30, "iscrowd": 0, "area": 80.5,
            "bbox": [2, 3, 10, 8], "segmentation": [[2, 3, 12, 3, 12, 11, 2, 11]],
            "annotator": "Jo", "attributes": {"occluded": True},
        },
        {
            "id": 42, "image_id": 7, "category_id": 31, "iscrowd": 0, "area": 200,
            "bbox": [30, 10, 20, 10], "segmentation": [[30, 10, 50, 10, 50, 20, 30, 20]],
            "score": 0.5,
        },
    ],
}  # fmt: skip


def opened(folder, came=CAME, **options):
    Image.fromarray(scene_of().photo.pixels).save(folder / "photo.png")
    (folder / "came.json").write_text(json.dumps(came), encoding="utf-8")
    inputs = Inputs(folder / "photo.png", (folder / "came.json",))
    return open_scene(inputs, SegmentOptions(drop_size=1, **options))


def written(selection, came=CAME, **how):
    return json.loads(coco_json(selection, "photo.png", came=came, **how))


def test_what_was_chosen_keeps_its_id_its_outline_and_unknown_fields(tmp_path):
    scene = opened(tmp_path)
    scores = tuple({"red": 0.25 * number} for number, _ in enumerate(scene.segments.items, 1))
    said = written(selection_of(scene, *scores))
    assert {key: said[key] for key in ("info", "licenses", "categories")} == {
        key: CAME[key] for key in ("info", "licenses", "categories")
    }
    assert said["images"] == CAME["images"][:1]
    by_id = {one["id"]: one for one in said["annotations"]}
    assert set(by_id) == {41, 42}
    attributes = by_id[41].pop("attributes")
    assert attributes.pop("scores") == scores[attributes.pop("number") - 1]
    assert attributes == {"occluded": True, "side": "filtered", "reason": "everything passes"}
    wanted = {key: one for key, one in CAME["annotations"][1].items() if key != "attributes"}
    assert by_id[41] == {**wanted, "score": 1.0}
    assert by_id[42]["score"] == 0.5


def test_what_was_left_out_is_not_written_and_all_is_where_it_is_asked_for(tmp_path):
    scene = opened(tmp_path)
    selection = selection_of(scene, expression="@label = car")
    assert [one["id"] for one in written(selection)["annotations"]] == [41]
    everything = written(selection, chosen_alone=False)["annotations"]
    assert {(one["id"], one["attributes"]["side"]) for one in everything} == {
        (41, "filtered"),
        (42, "remained"),
    }


def test_an_outline_that_is_another_one_now_is_written_anew_under_the_same_id(tmp_path):
    scene = opened(tmp_path, grow=1)
    by_id = {one["id"]: one for one in written(selection_of(scene))["annotations"]}
    assert set(by_id) == {41, 42}
    one = by_id[41]
    assert (one["annotator"], one["category_id"], one["iscrowd"]) == ("Jo", 30, 1)
    assert one["bbox"] == [1, 2, 12, 10]
    assert one["area"] != 80.5
    assert one["segmentation"]["size"] == [40, 60]


def test_what_is_new_has_ids_and_categories_of_its_own(tmp_path):
    scene = opened(tmp_path)
    more = (
        segment((50, 30, 55, 35), label="dog"),
        segment((0, 30, 5, 35), label="bus"),
        segment((2, 3, 12, 11), label="dog"),  # where a car is
    )
    segments = Segments(scene.segments.size, (*scene.segments.items, *more))
    said = written(selection_of(replace(scene, segments=segments)))
    assert said["categories"] == [*CAME["categories"], {"id": 32, "name": "dog"}]
    new = [one for one in said["annotations"] if one["id"] > 900]
    assert [(one["id"], one["image_id"], one["category_id"]) for one in new] == [
        (901, 7, 32),
        (902, 7, 31),
        (903, 7, 32),
    ]
    assert new[0]["bbox"] == [50, 30, 5, 5]


def test_of_two_segments_the_one_that_has_most_in_common_is_the_annotation(tmp_path):
    scene = opened(tmp_path)
    items = (
        segment((2, 3, 11, 11), label="car"),
        segment((2, 3, 12, 11), label="car"),
        segment((2, 3, 5, 11), label="car"),
    )
    scene = replace(scene, segments=Segments(scene.segments.size, items))
    said = written(selection_of(scene))
    assert [one["id"] for one in said["annotations"]] == [901, 41, 902]


def test_a_list_of_annotations_and_a_file_of_another_size_lose_nothing_of_the_file():
    scene = scene_of("car")
    selection = selection_of(scene)
    alone = json.loads(coco_json(selection, "photo.png", came=CAME["annotations"][1:2]))
    assert alone["images"] == [{"id": 1, "file_name": "photo.png", "width": 60, "height": 40}]
    assert alone["annotations"][0]["id"] == 42
    large = {**CAME, "images": [{**CAME["images"][0], "height": 80, "width": 120}]}
    said = written(selection, large)
    assert said["images"] == large["images"]
    assert [one["id"] for one in said["annotations"]] == [901]


@pytest.mark.parametrize("broken", [{"id": "41"}, {"attributes": 5}, {"category_id": 99}])
def test_odd_values_of_what_came_are_kept_as_they_are(broken, tmp_path):
    annotation = {**CAME["annotations"][1], **broken}
    came = {**CAME, "annotations": [annotation]}
    scene = opened(tmp_path, came)
    (one,) = written(selection_of(scene), came)["annotations"]
    assert one["id"] == annotation["id"]
    assert one["category_id"] == annotation["category_id"]
    assert np.isclose(one["area"], 80.5)
