import base64
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.classifiers.colour import ColourNames
from segui.pipeline import PasteOptions, SegmentOptions
from segui.settings import Settings
from segui.ui import picture, steps
from segui.ui.choices import ClassifierChoice
from segui.ui.state import Files, Hand, Work
from segui.ui.wishes import default_values, wishes_of

GREY = PasteOptions(effect="grey")
JPEG_ERROR = 4.0


@pytest.fixture
def work(pictures: Path, tmp_path: Path) -> Work:
    files = Files(pictures / "photo.png", (pictures / "mask.png",))
    found = steps.opened(files, SegmentOptions(), Settings(), tmp_path)
    scored = steps.scored(found, ClassifierChoice("Colour names"), ColourNames())
    wishes = wishes_of({**default_values("Colour names", "auto"), "expression": "@index = 2"})
    return steps.chosen(scored, wishes, Hand())


def pixels_of(uri: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as image:
        return np.array(image)


def test_every_area_has_an_outline_where_it_lies(work):
    told = picture.photo_message(work)
    assert (told["size"], told["preview"]) == ([512, 512], [512, 512])
    face, suit = told["shapes"]
    assert (face["n"], face["x"], face["y"]) == (1, 221.0, 114.0)
    assert face["d"].startswith("M")
    assert face["d"].count("L") == 3  # a rectangle is four points
    assert suit["a"] == 110 * 170


def test_sides_and_numbers_follow_the_choice(work):
    told = picture.sides_message(work, Hand(selected=2))
    assert told["sides"] == ["remained", "filtered"]
    assert (told["numbers"], told["selected"]) == ([2], 2)


def test_before_a_choice_every_area_is_undecided(work):
    told = picture.sides_message(replace(work, selection=None), Hand())
    assert (told["sides"], told["numbers"]) == (["review", "review"], [])


def test_the_browser_gets_what_it_needs_to_draw_the_paste(work):
    told = picture.live_message(work, GREY, "cpu")
    assert (told["width"], told["height"], told["scale"]) == (512, 512, 1.0)
    assert [layer["number"] for layer in told["layers"]] == [1, 2]
    assert told["layers"][0]["box"] == [176, 68, 266, 160]
    assert np.ptp(pixels_of(told["edit"]).astype(int), axis=2).max() <= JPEG_ERROR
    mask = pixels_of(told["layers"][0]["mask"])
    assert mask.shape == (92, 90)
    assert (mask == 255).all()


@pytest.mark.parametrize(
    ("effect", "effect_on", "swap"),
    [
        ("grey", "filtered", False),
        ("grey", "everything else", True),
        ("cut-out", "filtered", True),
        ("cut-out", "everything else", False),
    ],
)
def test_what_lies_under_the_paste(work, effect, effect_on, swap):
    options = PasteOptions(effect=effect, effect_on=effect_on)
    assert picture.live_message(work, options, "cpu")["swap"] is swap


def test_nothing_to_paste_is_nothing_to_draw(work):
    assert picture.live_message(work, PasteOptions(), "cpu") == {}


def test_too_many_areas_are_left_to_the_server(work, monkeypatch):
    monkeypatch.setattr(picture, "MAX_LAYERS", 1)
    assert picture.live_message(work, GREY, "cpu") == {}


def test_a_part_of_the_picture_is_shown_pixel_by_pixel(work):
    result = steps.painted(work, GREY, "cpu")
    look = picture.look_message(work, result, [100, 300, 240, 420])["look"]
    assert look["box"] == [100, 300, 240, 420]
    for name, whole in (("after", result), ("before", work.photo.pixels)):
        shown = pixels_of(look[name]).astype(int)
        assert np.abs(shown - whole[300:420, 100:240]).mean() < JPEG_ERROR


@pytest.mark.parametrize(
    "said",
    [None, "all", [1, 2, 3], [0, 0, 1.5, 9], [5, 5, 5, 5], [600, 600, 700, 700], [0, 0, 10**9, 1]],
)
def test_a_part_that_is_none_is_not_shown(work, said):
    assert picture.look_message(work, work.photo.pixels, said) == {}


def test_a_part_beyond_the_picture_is_what_there_is(work):
    look = picture.look_message(work, work.photo.pixels, [500, -50, 900, 20])["look"]
    assert look["box"] == [500, 0, 512, 20]


def test_the_edge_of_an_area_is_shown_pixel_by_pixel(work):
    result = steps.painted(work, GREY, "cpu")
    shown = pixels_of(picture.edge_picture(work, result, 2))
    assert shown.shape == (picture.INSET_PX, picture.INSET_PX, 3)
    assert picture.edge_picture(work, result, 3) == ""
    # one side of the edge is grey, the other is not
    is_grey = np.ptp(shown.astype(int), axis=2) < 8
    assert 0.2 < is_grey.mean() < 0.95
