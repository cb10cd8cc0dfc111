"""COCO's JSON of the chosen segments, read back by the project's own reader of it."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from segui import Segments, coco_json
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.masks.annotations.outlines import counts_of_text
from segui.pipeline import open_scene
from segui.selection import override
from segui.takeaway.runs import segmentation_of
from tests.drawn import mask, rectangle, segment
from tests.takeaway.chosen import SIZE_HW, scene_of, selection_of


def runs_of(marked):
    """By the definition: lengths of nothing, something, ... down the columns."""
    runs, last = [0], False
    for pixel in marked.T.reshape(-1).tolist():
        if pixel != last:
            runs.append(0)
            last = pixel
        runs[-1] += 1
    return runs


def counts(item, size_hw):
    said = segmentation_of(item, size_hw)
    assert said["size"] == [*size_hw]
    return counts_of_text(said["counts"])


@pytest.mark.parametrize(
    "rows",
    [
        ("....", ".##.", "...."),
        ("####", "####"),
        ("#...", "....", "...#"),
        ("##..", "##..", "##.."),
        (".#.#", "#.#.", ".#.#"),
        ("....", "...."),
        ("-+*#", "#*+-"),
    ],
)
def test_the_runs_are_those_of_the_definition(rows):
    marked = mask(*rows)
    item = segment((0, 0, marked.shape[1], marked.shape[0]), marked)
    assert counts(item, tuple(marked.shape)) == runs_of(marked.numpy() >= 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_the_runs_of_noise_are_those_of_the_definition(seed):
    size_hw = (37, 53)
    marked = torch.from_numpy(np.random.default_rng(seed).integers(0, 2, (20, 30)) > 0)
    item = segment((11, 17, 41, 37), marked.float())
    whole = np.zeros(size_hw, bool)
    whole[17:37, 11:41] = marked.numpy()
    assert counts(item, size_hw) == runs_of(whole)


def test_the_file_is_read_back_as_the_same_segments(tmp_path):
    scene = scene_of("cat", "a dog", "cat")
    selection = selection_of(scene)
    Image.fromarray(scene.photo.pixels).save(tmp_path / "photo.png")
    (tmp_path / "photo.json").write_text(coco_json(selection, "photo.png"), encoding="utf-8")
    inputs = Inputs(tmp_path / "photo.png", (tmp_path / "photo.json",))
    again = open_scene(inputs, SegmentOptions(drop_size=1))
    was, now = (
        sorted((item.label, tuple(item.bbox), item.area) for item in one.segments.items)
        for one in (scene, again)
    )
    assert now == was


def test_what_was_chosen_is_written_with_its_scores():
    scene = scene_of("a", "b", "a")
    scores = ({"red": 0.9}, {"red": 0.2}, {"red": float("nan")})
    selection = override(selection_of(scene, *scores, expression="red > 50%"), {})
    said = json.loads(coco_json(selection, "photo.jpg"))
    assert said["images"] == [
        {"id": 1, "file_name": "photo.jpg", "width": SIZE_HW[1], "height": SIZE_HW[0]}
    ]
    assert said["categories"] == [{"id": 1, "name": "a"}]
    (one,) = said["annotations"]
    assert (one["id"], one["image_id"], one["category_id"], one["score"]) == (1, 1, 1, 1.0)
    assert (one["bbox"], one["area"]) == ([0, 0, 12, 10], 120)
    assert one["attributes"] == {
        "number": 1,
        "side": "filtered",
        "reason": "red 90% > 50% is true",
        "scores": {"red": 0.9},
    }
    everything = json.loads(coco_json(selection, "photo.jpg", chosen_alone=False))
    assert [one["attributes"]["number"] for one in everything["annotations"]] == [1, 2, 3]
    assert everything["annotations"][2]["attributes"]["scores"] == {"red": None}


def test_nothing_chosen_is_a_file_without_annotations():
    said = json.loads(coco_json(selection_of(scene_of("a"), expression="@area > 9999"), "p.png"))
    assert said["annotations"] == said["categories"] == []


def test_a_soft_mask_counts_from_a_half_on():
    half = rectangle(10, 10, (0, 0, 10, 10)) * 0.4
    assert counts(segment((0, 0, 10, 10), half), (10, 10)) == [100]
    assert Segments((10, 10)).items == ()
