"""What was painted on a mask file, as a call of an endpoint sends it."""

from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from segui.classifiers.model_cache import ModelCache
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints

BOX = (100, 100, 200, 200)


@pytest.fixture
def calls(pictures: Path) -> Endpoints:
    mask = np.zeros((512, 512), np.uint8)
    mask[100:200, 100:200] = 255
    strokes = np.zeros((512, 512, 2), np.uint8)
    strokes[100:200, 150:200] = (0, 255)
    strokes[300:350, 300:350] = (255, 255)
    Image.fromarray(mask).save(pictures / "square.png")
    Image.fromarray(strokes, "LA").save(pictures / "strokes.png")
    (pictures / "names.txt").write_text("1: car\n")
    settings = Settings(device="cpu")
    return Endpoints(settings, ModelCache(settings), pictures)


def file(pictures: Path, name: str) -> dict[str, str]:
    return {"path": str(pictures / name)}


def boxes(report: dict) -> list[tuple[int, ...]]:
    return [tuple(each["bbox"]) for each in report["segments"]]


@pytest.mark.parametrize("text", ["[[1, 2]]", [[1, 2]]])
def test_white_adds_black_takes_away_and_the_rest_stays(calls, pictures, text):
    masks = [file(pictures, "square.png"), file(pictures, "strokes.png")]
    report = calls.segments(file(pictures, "photo.png"), masks, strokes=text)
    assert boxes(report) == [(100, 100, 150, 200), (300, 300, 350, 350)]
    assert "square.png: it was painted on" in report["notes"]


def test_strokes_lie_on_the_mask_that_is_named(calls, pictures):
    names = ("strokes.png", "square.png", "masks.png")
    Image.new("L", (512, 512)).save(pictures / "masks.png")
    masks = [file(pictures, name) for name in names]
    report = calls.segments(file(pictures, "photo.png"), masks, strokes="[[3, 1]]")
    assert boxes(report) == [BOX, (300, 300, 350, 350)]


def test_the_edit_is_made_where_strokes_say(calls, pictures):
    masks = [file(pictures, "square.png"), file(pictures, "strokes.png")]
    how = {"effect": "colour", "colour": "#ff0000", "expression": "@area > 0", "feather": 0}
    path, _ = calls.composite(file(pictures, "photo.png"), masks, strokes="[[1, 2]]", **how)
    red = (np.array(Image.open(path)) == (255, 0, 0)).all(axis=2)
    assert red[100:200, 100:150].all()
    assert red[300:350, 300:350].all()
    assert not red[100:200, 150:200].any()


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ("7", "strokes is 7: expected a list of lists"),
        ("[[1]]", "strokes[0] is a list: expected [place of a mask, place of its strokes]"),
        ("[[1, 4]]", "strokes[0] has the place 4: expected a whole number from 1 to 3"),
        ("[[1, true]]", "strokes[0] has the place True: expected a whole number from 1 to 3"),
        ("[[1, 2], [1, 3]]", "strokes names a file twice: expected each one once"),
        ("[[1, 1]]", "strokes names a file twice: expected each one once"),
        ("[[3, 2]]", "names.txt is text: nothing can be painted on it"),
        ("[[2, 1]]", "square.png has the mode L: strokes need an alpha channel"),
    ],
)
def test_what_cannot_be_painted_is_refused_in_a_sentence(calls, pictures, strokes, message):
    masks = [file(pictures, name) for name in ("square.png", "strokes.png", "names.txt")]
    with pytest.raises(gr.Error) as caught:
        calls.segments(file(pictures, "photo.png"), masks, strokes=strokes)
    assert message.casefold() in str(caught.value).casefold()
