"""Areas that a call of an endpoint has found in the photo itself."""

import json
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image, ImageDraw
from skimage import data

from segui.classifiers.model_cache import ModelCache
from segui.masks.annotations.outlines import counts_of_text, polygon_piece
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from segui.ui.api.parameters import read_parameters


@pytest.fixture
def calls(pictures: Path) -> Endpoints:
    settings = Settings(device="cpu")
    return Endpoints(settings, ModelCache(settings), pictures)


def photo(pictures: Path, name: str = "photo.png") -> dict[str, str]:
    return {"path": str(pictures / name)}


def masks(pictures: Path, *names: str) -> list[dict[str, str]]:
    return [photo(pictures, name) for name in names]


@pytest.mark.long
def test_faces_are_found_judged_and_hidden_without_a_mask_or_a_hub(calls, pictures):
    path, report = calls.composite(
        photo(pictures),
        finder="faces",
        classifier="Gender by face",
        expression="@label = face and @confidence > 80% and #Female > #Male",
        effect="hide",
        face_area="head",
    )
    (face,) = report["segments"]
    assert face["filtered"]
    assert face["scores"]["Female"] > 0.9
    assert face["confidence"] > 0.9
    assert report["unhidden"] == []
    assert (np.array(Image.open(path)) != data.astronaut())[68:175, 173:280].any(
        axis=2
    ).mean() > 0.9


@pytest.mark.long
def test_a_first_look_lists_what_is_found(calls, pictures):
    report = calls.segments(photo(pictures), finder="colours", drop_size=40)
    assert {"orange", "grey", "black"} <= {each["label"] for each in report["segments"]}
    (suit,) = calls.segments(
        photo(pictures), finder="click", points="[[150, 420, 1]]", tolerance=20
    )["segments"]
    assert suit["label"] == "clicked"
    assert suit["scores"]["orange"] > 0.8


@pytest.mark.parametrize("form", [json.dumps, list], ids=["text", "list"])
def test_a_box_and_points_are_texts_or_lists(calls, pictures, form):
    (head,) = calls.segments(
        photo(pictures), finder="box", boxes=form([[140, 0, 320, 200]]), points=form([[220, 100]])
    )["segments"]
    assert head["label"] == "boxed"
    assert 15_000 < head["area"] < 22_000


@pytest.mark.long
def test_masks_and_a_finder_add_up(calls, pictures):
    report = calls.segments(photo(pictures), masks(pictures, "suit.png"), finder="faces")
    assert [each["label"] for each in report["segments"]] == ["face", "A"]


def test_nothing_found_is_a_sentence_of_the_report(calls, pictures):
    path, report = calls.composite(photo(pictures, "cat.png"), finder="faces", effect="hide")
    assert report["segments"] == []
    assert "no faces were found" in report["notes"]
    assert np.array_equal(np.array(Image.open(path)), data.chelsea())


@pytest.mark.long
def test_several_edits_are_made_of_what_is_found(calls, pictures):
    edits = [{"rule": "#Female > #Male", "effect": "hide"}, {"rule": "*", "effect": "grey"}]
    report = calls.composite(
        photo(pictures), finder="faces", classifier="Gender by face", edits=json.dumps(edits)
    )[1]
    assert [edit["chosen"] for edit in report["edits"]] == [[1], [1]]


LIKE = {"classifier": "Like these", "expression": "like > unlike"}


@pytest.fixture
def discs(pictures: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Five discs in a row, red, red, blue, blue and red, and a mask of them."""
    image, mask = Image.new("RGB", (500, 200), (240, 240, 240)), Image.new("L", (500, 200))
    for place, colour in enumerate(("crimson", "firebrick", "royalblue", "mediumblue", "crimson")):
        box = [place * 100 + 10, 60, place * 100 + 89, 139]
        ImageDraw.Draw(image).ellipse(box, fill=colour)
        ImageDraw.Draw(mask).ellipse(box, fill=255)
    image.save(pictures / "discs.png")
    mask.save(pictures / "of-discs.png")
    return photo(pictures, "discs.png"), masks(pictures, "of-discs.png")


@pytest.mark.parametrize(
    "said",
    [
        {"examples": "[[1, 1], [3, 0]]"},
        {"examples": [[1, 1], [3, 0]]},
        {"examples": "[[450, 100, 1], [340.5, 99, 0]]"},
        {"edits": '[{"rule": "like > unlike", "by_hand": {"2": true, "4": false}}]'},
    ],
)
def test_what_looks_like_examples_is_chosen(calls, discs, said):
    report = calls.composite(*discs, effect="grey", **LIKE, **said)[1]
    assert [each["filtered"] for each in report["segments"]] == [True, True, False, False, True]
    assert [each["filtered"] for each in calls.segments(*discs, **LIKE, **said)["segments"]] == [
        *(True, True, False, False, True)
    ]


def test_what_an_example_says_goes_before_what_an_edit_decides(calls, discs):
    edits = [{"rule": "like > unlike", "by_hand": {"3": True}}]
    said = {"edits": json.dumps(edits), "examples": "[[3, 0], [1, 1]]"}
    report = calls.segments(*discs, **LIKE, **said)
    assert [each["scores"]["like"] > 0.5 for each in report["segments"]] == [
        *(True, True, False, False, True)
    ]
    assert report["edits"][0]["chosen"] == [1, 2, 3, 5]  # the hand has its way with what is chosen


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "examples is empty: expected at least one [number, 1 or 0] or [x, y, 1 or 0]"),
        ({"examples": "[[6, 1]]"}, "examples[0] is of segment 6: there are 5 segments"),
        (
            {"examples": "[[1, 1], [99, 5, 0]]"},
            "examples[1] is at 99, 5: none of the segments is there, and there are 5 segments",
        ),
        (
            {"examples": "[[1, 1], [50, 99, 0]]"},
            "examples[1] says of segment 1 the opposite of what was said of it before",
        ),
    ],
)
def test_examples_that_say_too_little_or_name_nothing_are_refused(calls, discs, said, sentence):
    with pytest.raises(gr.Error) as caught:
        calls.segments(*discs, **LIKE, **said)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("values", "sentence"),
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
            {"finder": "click"},
            "points has none of what is wanted: expected at least one [x, y, 1]",
        ),
        ({"finder": "box"}, "boxes is empty: expected at least one [x1, y1, x2, y2]"),
        ({"points": "[[1]]"}, "points[0] is a list of 1: expected [x, y, 1 or 0]"),
        ({"boxes": "7"}, "boxes is 7: expected a list of lists"),
        ({"points": 7}, "points is 7: expected text"),
        (
            {"finder": "click", "points": "[[512, 0]]"},
            "points[0] is at 512, 0: expected a place inside of the picture of 512 x 512 px",
        ),
        ({"confidence": 60}, "confidence is 60: expected a number from 0 to 1"),
        (
            {"finder": "faces", "effect": "none"},
            "there is nothing to paste: give a reference, or an effect",
        ),
    ],
)
def test_what_cannot_be_found_is_refused_with_a_sentence(calls, pictures, values, sentence):
    with pytest.raises(gr.Error) as raised:
        calls.composite(photo(pictures), **{"effect": "grey", **values})
    assert str(raised.value.message) == sentence


def test_a_call_that_finds_nothing_of_its_own_has_neither_points_nor_boxes():
    values = read_parameters({}, Settings())
    assert (values["finder"], values["points"], values["boxes"]) == ("", "", "")


def test_masks_come_as_runs_or_polygons_where_they_are_asked_for(calls, pictures):
    plain, runs, polygons = (
        calls.segments(photo(pictures), masks(pictures, "suit.png"), outlines=outlines)["segments"]
        for outlines in ("", "rle", "polygons")
    )
    assert not {"segmentation", "polygons"} & {*plain[0]}
    assert runs[0]["segmentation"]["size"] == [512, 512]
    assert sum(counts_of_text(runs[0]["segmentation"]["counts"])[1::2]) == runs[0]["area"]
    inside = np.zeros((512, 512), bool)
    for polygon in polygons[0]["polygons"]:
        piece = polygon_piece(np.array(polygon, float).reshape(-1, 2), (512, 512))
        inside[piece.box.slices] ^= piece.pixels
    assert inside.sum() == polygons[0]["area"]
