"""Several edits by one call of an endpoint."""

import json
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from segui.classifiers.colour import ColourNames
from segui.classifiers.model_cache import ModelCache
from segui.edits import apply_edits, read_edits
from segui.finders.picture_files import Inputs
from segui.images.pictures import Picture
from segui.paste_values import PasteOptions
from segui.pipeline import open_scene, score_scene
from segui.rendering import render
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.images.exif import SECRETS, exif_of_a_camera

SUIT = "orange > 50%"
EDITS = [
    {"name": "face", "rule": f"not ({SUIT})", "effect": "hide", "feather": 0},
    {"name": "suit", "rule": "*", "effect": "invert", "among": "left", "alpha": 200},
    {"rule": "*", "effect": "grey", "effect_on": "everything else"},
]


@pytest.fixture
def calls(pictures: Path) -> Endpoints:
    settings = Settings(device="cpu")
    return Endpoints(settings, ModelCache(settings), pictures)


def files(pictures: Path, *masks: str):
    photo, *others = ({"path": str(pictures / name)} for name in ("photo.png", *masks))
    return photo, others


@pytest.fixture
def scene(pictures: Path):
    return open_scene(Inputs(pictures / "photo.png", (pictures / "mask.png",)))


@pytest.mark.parametrize("form", [json.dumps, list], ids=["text", "list"])
def test_a_call_gives_the_pixels_that_the_library_gives(calls, pictures, scene, form):
    path, report = calls.composite(*files(pictures, "mask.png"), edits=form(EDITS))
    scores = score_scene(scene, ColourNames())
    expected = apply_edits(scene.photo.pixels, scene.segments, scores, read_edits(EDITS))
    with Image.open(path) as result:
        np.testing.assert_array_equal(np.array(result), expected.pixels)
    assert [(one["name"], one["chosen"]) for one in report["edits"]] == [
        ("face", [1]),
        ("suit", [2]),
        ("", [1, 2]),
    ]
    assert json.loads(json.dumps(report)) == report


def test_a_first_look_says_which_edit_has_which_segment(calls, pictures):
    edits = [{"rule": SUIT, "enabled": False}, {"rule": SUIT, "on_unknown": "review"}]
    report = calls.segments(*files(pictures, "mask.png"), edits=json.dumps(edits))
    face, suit = report["segments"]
    assert (face["filtered"], suit["filtered"]) == (False, True)
    assert suit["reason"].count("is true") == 2
    assert suit["reason"].startswith("edit 1: ")
    assert "; edit 2: " in suit["reason"]
    assert (report["expression"], "unhidden" in report) == ("", False)
    assert report["edits"] == [
        {
            "number": 1,
            "name": "",
            "rule": SUIT,
            "effect": "none",
            "enabled": False,
            "chosen": [],
            "undecided": [],
        },
        {
            "number": 2,
            "name": "",
            "rule": SUIT,
            "effect": "none",
            "enabled": True,
            "chosen": [2],
            "undecided": [],
        },
    ]


def test_what_an_edit_does_not_say_is_as_the_calls_parameter(calls, pictures):
    one = calls.composite(
        *files(pictures, "mask.png"), effect="pixelate", strength=20, feather=0, edits="[{}]"
    )
    other = calls.composite(
        *files(pictures, "mask.png"), edits='[{"effect": "pixelate", "strength": 20, "feather": 0}]'
    )
    with Image.open(one[0]) as first, Image.open(other[0]) as second:
        np.testing.assert_array_equal(np.array(first), np.array(second))


def test_an_empty_text_is_the_one_edit_that_the_parameters_are(calls, pictures):
    report = calls.composite(*files(pictures, "mask.png"), effect="grey", edits=" ")[1]
    assert "edits" not in report


def test_what_an_edit_was_to_hide_and_did_not_is_said_with_its_number(calls, pictures):
    edits = [{"effect": "grey"}, {"rule": "no_such_label > 1%", "effect": "hide"}]
    report = calls.composite(*files(pictures, "mask.png"), edits=json.dumps(edits))[1]
    assert report["unhidden"] == ["edit 2: 2 areas are undecided: 1, 2"]


def test_a_hint_of_any_rule_is_a_note(calls, pictures):
    edits = [{"rule": "red > 50%"}, {"rule": "red > 50"}]
    report = calls.segments(*files(pictures, "mask.png"), edits=json.dumps(edits))
    assert sum(note.startswith("rule: ") for note in report["notes"]) == 1


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ("[{", "edits is not JSON: line 1, column 3: Expecting property name"),
        ("{}", "edits is an object: expected a list of objects"),
        ('[{"rule": "red > 1%"}, {"effct": "hide"}]', "edit 2: there is no value 'effct'"),
        ('[{"rule": "red >"}]', "column 6: of edit 1: "),
        (7, "edits is 7: expected text"),
        ("[" * 100_001, "edits has 100001 characters: expected at most 100000"),
        ("[" * 90_000, "edits is nested too deeply"),
        ('[{"effect": "hide"}, {}]', "there is nothing to paste: give a reference, or an effect"),
        (
            '[{"effect": "gray"}]',
            "edit 1: effect is 'gray' (did you mean 'grey'?): expected one of 'none', ",
        ),
        (
            '[{}, {"rule": "red > 1%", "effect": "hide", "rule": "*"}]',
            "edits says 'rule' twice in one object: expected it once",
        ),
        (
            '[{"by_hand": {"2": true, "2": false}}]',
            "edits says '2' twice in one object: expected it once",
        ),
        ('[{"version": 9}]', "edit 1: version is 9: expected a whole number from 1 to 8"),
    ],
)
def test_a_call_with_wrong_edits_is_refused_before_any_work(calls, pictures, edits, sentence):
    with pytest.raises(gr.Error) as refused:
        calls.composite(*files(pictures, "mask.png"), edits=edits)
    assert str(refused.value.message).startswith(sentence)


@pytest.mark.long
def test_each_edit_of_a_call_takes_its_own_edited_version(calls, pictures, scene, tmp_path):
    versions = [255 - scene.photo.pixels, scene.photo.pixels[::-1].copy()]
    for name, pixels in zip("ab", versions, strict=True):
        Image.fromarray(pixels).save(pictures / f"of-edit-{name}.png")
    first, more = ({"path": str(pictures / f"of-edit-{name}.png")} for name in "ab")
    said = [{"by_hand": {"1": False}}, {"by_hand": {"2": False}, "version": 2, "feather": 9}]
    given = (*files(pictures, "mask.png"), first)
    path, _ = calls.composite(*given, more_references=[more], edits=said)
    scores = score_scene(scene, ColourNames())
    versions = {"reference": versions[0], "more_references": versions[1:]}
    pixels, segments = scene.photo.pixels, scene.segments
    expected = apply_edits(pixels, segments, scores, read_edits(said), **versions)
    with Image.open(path) as result:
        np.testing.assert_array_equal(np.array(result), expected.pixels)


def test_a_call_lays_its_own_picture_on_each_area(calls, pictures, scene):
    logo = np.full((30, 20, 4), (9, 200, 30, 255), np.uint8)
    logo[:, :6, 3] = 0
    Image.fromarray(logo).save(pictures / "logo.png")
    said = {"effect": "sticker", "sticker": "picture", "sticker_fit": "inside"}
    given = {"sticker_picture": {"path": str(pictures / "logo.png")}}
    path, _ = calls.composite(*files(pictures, "mask.png"), **given, **said)
    own = replace(scene, sticker=Picture(logo))
    expected = render(own, own.segments, PasteOptions(**said), "cpu")
    with Image.open(path) as result:
        np.testing.assert_array_equal(np.array(result), expected)
    with pytest.raises(gr.Error) as refused:
        calls.composite(*files(pictures, "mask.png"), **said)
    sentence = "there is no picture for the sticker: give sticker_picture"
    assert str(refused.value.message) == sentence


@pytest.mark.parametrize(
    ("first", "more", "said", "sentence"),
    [
        (True, 1, {"version": 3}, "there is no edited version 3: there are 2"),
        (True, 0, {"version": 2}, "there is no edited version 2: there is 1"),
        (False, 1, {}, "there are more edited versions, and no first one"),
        (True, 8, {}, "more_references has 8 files: at most 7 are read"),
    ],
)
def test_edited_versions_that_cannot_be_are_refused(calls, pictures, first, more, said, sentence):
    photo, masks = files(pictures, "mask.png")
    given = (photo, masks, photo if first else None)
    with pytest.raises(gr.Error) as refused:
        calls.composite(*given, more_references=[photo] * more, edits=[said])
    assert str(refused.value.message) == sentence


@pytest.mark.parametrize(("name", "ending"), [("png", ".png"), ("jpeg", ".jpg"), ("webp", ".webp")])
def test_the_picture_is_of_the_format_that_a_call_asks_for(calls, pictures, name, ending):
    said = {"format": name, "quality": 40, "effect": "invert"}
    path, _ = calls.composite(*files(pictures, "mask.png"), **said)
    assert Path(path).name == f"composite{ending}"
    with Image.open(path) as result:
        assert (result.format, result.size) == (name.upper(), (512, 512))


@pytest.mark.long
def test_a_call_keeps_camera_data_where_it_asks_for_it(calls, pictures):
    photo = pictures / "by-a-camera.png"
    with Image.open(pictures / "photo.png") as image:
        image.save(photo, exif=exif_of_a_camera())
    _, masks = files(pictures, "mask.png")
    for is_kept in (True, False):
        path, _ = calls.composite({"path": str(photo)}, masks, effect="invert", camera_data=is_kept)
        written = Path(path).read_bytes()
        assert (b"D850" in written) == is_kept
        assert [secret for secret in SECRETS if secret in written] == []
