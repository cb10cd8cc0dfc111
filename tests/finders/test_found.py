"""What is found in a photo as a source of areas, beside masks and paint."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from segui import Box, InputError, Segments, find
from segui.classifiers.colour import ColourNames
from segui.classifiers.gender import GenderByFace
from segui.finders import finding
from segui.finders.base import Point
from segui.finders.joining import joined
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.paste_values import PasteOptions
from segui.pipeline import choose, open_scene, score_scene
from segui.rendering import render
from segui.segments.cutting import CropOptions
from segui.settings import Settings
from tests.drawn import rectangle, segment
from tests.finders.test_colours import drawn

SIZE_WH = (600, 400)
DISCS = ((150, 200, 80, "crimson"), (430, 200, 80, "seagreen"))


@pytest.fixture
def face(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    Image.fromarray(data.astronaut()).save(path)
    return path


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    path = tmp_path / "discs.png"
    Image.fromarray(drawn(SIZE_WH, "white", *DISCS)).save(path)
    return path


def opened(photo: Path, *masks: Path, points=(), boxes=(), settings=None, **options):
    inputs = Inputs(photo, masks, points=points, boxes=boxes)
    return open_scene(inputs, SegmentOptions(**options), settings)


def labels(scene):
    return [item.label for item in scene.segments.items]


def test_label_confidence_and_scores_meet_in_one_rule(face):
    scene = opened(face, finder="faces")
    scores = score_scene(scene, GenderByFace())
    rule = "@label = face and @confidence > 80% and #Female > #Male"
    assert len(choose(scene, scores, rule).filtered.items) == 1
    assert not choose(scene, scores, "@confidence > 99%").filtered.items
    assert not choose(scene, scores, "#Male > #Female").filtered.items


@pytest.mark.long
def test_a_face_is_hidden_and_nothing_else_changes(face):
    scene = opened(face, finder="faces", face_area="head")
    hidden = render(scene, scene.segments, PasteOptions(effect="hide", feather=0))
    photo = data.astronaut()
    (item,) = scene.segments.items
    changed = (hidden != photo).any(axis=2)
    assert changed[item.found.slices].mean() > 0.9
    outside = np.ones(photo.shape[:2], bool)
    outside[item.content.slices] = False
    assert not changed[outside].any()


def test_masks_and_what_is_found_add_up_in_reading_order(discs, tmp_path):
    mask = np.zeros(SIZE_WH[::-1], np.uint8)
    mask[350:390, 20:100] = 255
    Image.fromarray(mask).save(tmp_path / "spot.png")
    scene = opened(discs, tmp_path / "spot.png", finder="colours")
    assert labels(scene) == ["white", "red", "green", "A"]
    assert [item.confidence for item in scene.segments.items] == [1, 1, 1, 1]


def test_what_was_painted_and_what_is_found_add_up(discs, tmp_path):
    Image.fromarray(np.full(SIZE_WH[::-1], 255, np.uint8)).save(tmp_path / "paint.png")
    inputs = Inputs(discs, painted=tmp_path / "paint.png", points=(Point(150, 200),))
    scene = open_scene(inputs, SegmentOptions(finder="click"))
    assert sorted(labels(scene)) == ["A", "clicked"]


@pytest.mark.long
def test_with_a_finder_an_edited_version_is_what_is_pasted_and_says_no_areas(discs, tmp_path):
    edited = np.full((*SIZE_WH[::-1], 3), 7, np.uint8)
    Image.fromarray(edited).save(tmp_path / "edited.png")
    inputs = Inputs(discs, reference=tmp_path / "edited.png", points=(Point(150, 200),))
    scene = open_scene(inputs, SegmentOptions(finder="click", count_cast=True))
    assert labels(scene) == ["clicked"]
    result = render(scene, scene.segments, PasteOptions(feather=0))
    assert (result[200, 150] == 7).all()
    assert (result[10, 10] == 255).all()


@pytest.mark.parametrize(
    ("finder", "sentence"),
    [("faces", "no faces were found"), ("box", "nothing stands out in the box")],
)
def test_nothing_found_is_a_sentence_and_no_areas(tmp_path, finder, sentence):
    Image.fromarray(np.full((200, 300, 3), 90, np.uint8)).save(tmp_path / "plain.png")
    scene = opened(tmp_path / "plain.png", finder=finder, boxes=(Box(298, 198, 299, 199),))
    assert labels(scene) == []
    assert sentence in scene.notes
    assert score_scene(scene, ColourNames()) == ()
    result = render(scene, scene.segments, PasteOptions(effect="grey"))
    assert (result == 90).all()


def test_what_is_too_small_is_told_of(face):
    scene = opened(face, finder="faces", drop_size=400)
    assert labels(scene) == []
    assert "1 region no larger than 400 px was left out" in scene.notes


@pytest.mark.long
def test_all_of_one_colour_is_one_area_where_that_is_asked_for(tmp_path):
    discs = ((150, 200, 80, "crimson"), (430, 200, 80, "firebrick"))
    Image.fromarray(drawn(SIZE_WH, "white", *discs)).save(tmp_path / "reds.png")
    assert sorted(labels(opened(tmp_path / "reds.png", finder="colours"))) == [
        "red",
        "red",
        "white",
    ]
    scene = opened(tmp_path / "reds.png", finder="colours", merge_labels=True)
    white, red = scene.segments.items
    assert (white.label, red.label) == ("white", "red")
    assert red.bbox.width == pytest.approx(440, abs=2)
    assert white.area + red.area == 600 * 400
    (everything,) = opened(tmp_path / "reds.png", finder="colours", combined=True).segments.items
    assert (everything.label, everything.area) == ("found", 600 * 400)


def test_the_rest_is_the_background(discs):
    scene = opened(
        discs, finder="click", points=(Point(150, 200),), background=True, bbox_fill=False
    )
    (rest,) = scene.segments.items
    assert rest.label == "background"
    assert rest.area == pytest.approx(600 * 400 - np.pi * 80**2, rel=0.005)


def test_what_is_found_grows_as_masks_do(discs):
    plain, grown = (
        opened(discs, finder="click", points=(Point(150, 200),), grow=grow).segments.items[0]
        for grow in (0, 10)
    )
    assert grown.bbox == plain.bbox.widen(10)


def test_too_many_areas_are_refused(discs):
    with pytest.raises(InputError) as raised:
        opened(discs, finder="colours", settings=Settings(max_segments=2))
    assert str(raised.value) == (
        "there are 3 areas, at most 2 are allowed: ignore small ones up to a size above 10 px"
    )


def test_masks_and_what_is_found_are_too_many_together(discs, tmp_path):
    mask = np.zeros(SIZE_WH[::-1], np.uint8)
    mask[350:390, 20:100] = 255
    Image.fromarray(mask).save(tmp_path / "spot.png")
    with pytest.raises(InputError, match="there are 4 areas, at most 3 are allowed"):
        opened(discs, tmp_path / "spot.png", finder="colours", settings=Settings(max_segments=3))


def test_areas_that_are_too_large_together_are_refused(discs):
    with pytest.raises(InputError, match="3 areas with what is around them have"):
        opened(discs, finder="colours", settings=Settings(max_crop_megapixels=0.3))


def test_a_finder_that_there_is_not_is_refused():
    with pytest.raises(InputError) as raised:
        SegmentOptions(finder="nose")
    assert str(raised.value).startswith(
        "finder is 'nose': expected one of 'faces', 'colours', 'click', 'box', 'Everything', "
    )
    assert str(raised.value).endswith(
        ", or the repo id of a model such as 'facebook/mask2former-swin-tiny-coco-panoptic'"
    )


def test_what_progress_raises_ends_the_search(face):
    def progress(done, total):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        open_scene(Inputs(face), SegmentOptions(finder="faces"), finding=progress)


# ---- the library's own function ------------------------------------------------------------------
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_the_library_finds_by_a_name(dtype):
    image = torch.from_numpy(data.astronaut())[None]
    image = image if dtype == torch.uint8 else image.float() / 255
    (face,) = find(image, "faces", face_area="box", crop_factor=1.5).items
    assert face.label == "face"
    assert face.crop_region.width == pytest.approx(1.5 * face.bbox.width, abs=1)


def test_the_library_takes_points_and_boxes_as_plain_numbers():
    image = torch.from_numpy(drawn(SIZE_WH, "white", *DISCS))[None]
    (red,) = find(image, "click", points=[(150, 200), (430, 200, 0)]).items
    (green,) = find(image, "box", boxes=[(330, 100, 530, 300)]).items
    assert red.bbox.x2 < green.bbox.x1
    (rest,) = find(image, "click", points=[(150, 200)], background=True).items
    assert rest.label == "background"
    assert len(find(image, "colours", merge_labels=True).items) == 3


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"finder": "nose"},
            (
                "finder is 'nose': expected one of 'faces', 'colours', 'click', 'box', "
                "'Everything', 'Everything, finer', 'Things', 'Boxes', 'Words, softly', 'Words', "
                "'Words, OWLv2', 'Words, SAM 3 Lite', 'Words, SAM 3', 'SAM 2.1', 'SlimSAM', "
                "'Clothes', 'Face parts', 'YuNet', or the repo id of a model such "
                "as 'facebook/mask2former-swin-tiny-coco-panoptic'"
            ),
        ),
        (
            {"finder": "click", "points": [(1, 2.5)]},
            "points[0] is (1, 2.5): expected x, y and perhaps 1 or 0",
        ),
        (
            {"finder": "box", "boxes": [(1, 2, 3)]},
            "boxes[0] is (1, 2, 3): expected x1, y1, x2, y2 in whole px",
        ),
    ],
)
def test_what_the_library_cannot_find_is_refused(asked, sentence):
    with pytest.raises(InputError) as raised:
        find(torch.zeros(1, 40, 40, 3), **asked)
    assert str(raised.value) == sentence


def test_one_picture_is_looked_at():
    with pytest.raises(InputError) as raised:
        find(torch.zeros(2, 40, 40, 3), "faces")
    assert str(raised.value) == "the image has 2 frames: expected one"


def test_every_way_says_whether_it_is_at_hand(monkeypatch):
    assert [way.make(lambda: None).reason for way in finding.WAYS.values()] == [""] * 4
    monkeypatch.setattr(
        "segui.finders.faces.FULL_RANGE_FACES",
        replace(_weights(), package="no-such-package"),
    )
    assert finding.WAYS["faces"].make(lambda: None).reason.startswith("the package no-such-package")


def _weights():
    from segui.models.packaged import FULL_RANGE_FACES

    return FULL_RANGE_FACES


def test_what_is_joined_keeps_the_least_confidence_and_the_most_of_each_pixel():
    half = rectangle(20, 20, (0, 0, 20, 20)) * 0.4
    items = [
        segment((0, 0, 20, 20), half, label="a", confidence=0.9),
        segment((10, 0, 30, 20), label="a", confidence=0.7),
        segment((40, 0, 60, 20), label="b", confidence=0.5),
    ]
    found = joined(Segments((20, 60), items), CropOptions(1, 1), by_label=True)
    first, second = found.items
    assert (first.label, first.confidence, first.bbox) == ("a", 0.7, Box(0, 0, 30, 20))
    assert first.mask[5, 5] == pytest.approx(0.4)
    assert first.mask[5, 15] == 1
    assert (second.label, second.confidence) == ("b", 0.5)
