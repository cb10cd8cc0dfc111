"""A recipe by one call of an endpoint: what the page made is made once more."""

import json
from io import BytesIO
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from segui.classifiers.model_cache import ModelCache
from segui.geometry import Box
from segui.recipes.marks import mark_of
from segui.recipes.recipe import ClassifierMark, EditMark, Override, Recipe
from segui.recipes.writing import recipe_json
from segui.session import commands
from segui.session.recipes import recipe_of
from segui.session.reduce import reduce
from segui.session.takeaways import take_away
from segui.settings import Settings
from segui.ui.api.by_recipe import ByRecipe
from segui.ui.api.endpoints import Endpoints
from segui.ui.api.parameters import endpoint_defaults
from tests.session.worked import inputs_of, view_of

SUIT = "orange > 50%"


@pytest.fixture
def calls(pictures: Path) -> Endpoints:
    settings = Settings(device="cpu")
    return Endpoints(settings, ModelCache(settings), pictures)


def files(pictures: Path, *masks: str):
    photo, *others = ({"path": str(pictures / name)} for name in ("photo.png", *masks))
    return photo, others


def recipe(pictures: Path, *masks: str, **parts) -> str:
    given = {
        "photo": mark_of(pictures / "photo.png"),
        "masks": tuple(mark_of(pictures / name) for name in masks),
        "reference": None,
        "painted": None,
        "options": {},
        "classifier": ClassifierMark("Colour names"),
    }
    return recipe_json(Recipe(**{**given, **parts}))


def pixels(made) -> np.ndarray:
    with Image.open(made[0]) as picture:
        return np.array(picture)


def boxes_of(calls, pictures):
    report = calls.segments(*files(pictures, "mask.png"))
    return [(Box(*row["bbox"]), row["label"]) for row in report["segments"]]


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def painting(size_wh, box) -> bytes:
    drawn = Image.new("L", size_wh)
    drawn.paste(255, tuple(box))
    data = BytesIO()
    drawn.save(data, "PNG")
    return data.getvalue()


def test_its_options_are_what_the_call_says_nothing_of(calls, pictures):
    options = {"effect": "grey", "expression": SUIT, "feather": 9, "alpha": 200}
    given = files(pictures, "mask.png")
    made = calls.composite(*given, recipe=recipe(pictures, "mask.png", options=options))
    np.testing.assert_array_equal(pixels(made), pixels(calls.composite(*given, **options)))
    assert made[1]["expression"] == SUIT
    assert not [note for note in made[1]["notes"] if "recipe" in note]


def test_what_the_call_says_otherwise_counts(calls, pictures):
    given = files(pictures, "mask.png")
    text = recipe(pictures, "mask.png", options={"effect": "grey", "feather": 9})
    made = calls.composite(*given, recipe=text, effect="invert")
    expected = calls.composite(*given, effect="invert", feather=9)
    np.testing.assert_array_equal(pixels(made), pixels(expected))


def test_a_default_that_is_sent_for_what_is_left_out_says_nothing(calls, pictures):
    given = files(pictures, "mask.png")
    sent = endpoint_defaults(Settings(device="cpu"), has_paste=True)
    sent = {name: value for name, value in sent.items() if name not in ("image", "masks")}
    text = recipe(pictures, "mask.png", options={"effect": "grey", "feather": 9})
    made = calls.composite(*given, **{**sent, "recipe": text})
    expected = calls.composite(*given, effect="grey", feather=9)
    np.testing.assert_array_equal(pixels(made), pixels(expected))


def test_what_was_clicked_is_found_again(calls, pictures):
    options = {"effect": "grey", "finder": "click", "drop_size": 1}
    text = recipe(pictures, options=options, points=((200, 100, 1),))
    report = calls.segments(*files(pictures), recipe=text)
    expected = calls.segments(*files(pictures), **options, points="[[200, 100, 1]]")
    assert report["segments"] == expected["segments"] != []


def test_the_commit_that_judged_is_the_one_that_judges(pictures):
    judged = ClassifierMark("Gender", "org/gender", "a" * 40)
    brought = ByRecipe.read(recipe(pictures, classifier=judged), Settings())
    assert brought is not None
    assert brought.merged({}, Settings())["revision"] == "a" * 40
    assert brought.merged({"revision": "main"}, Settings())["revision"] == "main"


def test_it_may_be_the_object_itself(calls, pictures):
    given = files(pictures, "mask.png")
    text = recipe(pictures, "mask.png", options={"effect": "grey"})
    made = calls.composite(*given, recipe=json.loads(text))
    np.testing.assert_array_equal(pixels(made), pixels(calls.composite(*given, effect="grey")))


def test_what_was_set_by_hand_is_found_by_its_box_and_label(calls, pictures):
    (box, label), *_ = boxes_of(calls, pictures)
    by_hand = (Override(box, label, "remained"),)
    options = {"effect": "invert", "expression": "*"}
    text = recipe(pictures, "mask.png", options=options, overrides=by_hand)
    _, report = calls.composite(*files(pictures, "mask.png"), recipe=text)
    assert [row["filtered"] for row in report["segments"]] == [False, True]


def test_what_was_set_by_hand_and_is_not_there_is_said(calls, pictures):
    by_hand = (Override(Box(0, 0, 1, 1), "Z", "filtered"),)
    text = recipe(pictures, "mask.png", options={"effect": "grey"}, overrides=by_hand)
    _, report = calls.composite(*files(pictures, "mask.png"), recipe=text)
    assert "1 area that was set by hand is not there" in report["notes"]


def test_what_the_page_made_is_made_once_more(calls, pictures, tmp_path):
    inputs = inputs_of(pictures / "photo.png", pictures / "mask.png")
    (first, second) = boxes_of(calls, pictures)
    for command in (
        commands.SetOptions(
            {"expression": SUIT, "effect": "pixelate", "strength": 7, "alpha": 180}
        ),
        commands.Override(second, "filtered"),
        commands.AddEdit(),
        commands.SetOptions(
            {"effect": "sepia", "among": "left", "feather": "3%", "fill_holes": True}
        ),
        commands.Override(first, "filtered"),
        commands.AddEdit(),
        commands.SetOptions({"effect": "grey", "effect_on": "everything else", "fit": "seamless"}),
    ):
        inputs = reduce(inputs, command)
    seen = view_of(inputs, tmp_path)
    made = calls.composite(*files(pictures, "mask.png"), recipe=recipe_of(seen))
    result = take_away("result", seen, tmp_path)
    np.testing.assert_array_equal(pixels(made), pixels((result,)))
    assert len(made[1]["edits"]) == 3


def several(calls, pictures) -> tuple[EditMark, ...]:
    (box, label), *_ = boxes_of(calls, pictures)
    return (
        EditMark({"expression": SUIT, "effect": "hide", "feather": 0}, name="suit"),
        EditMark({"effect": "grey"}, (Override(box, label, "remained"),)),
        EditMark({"effect": "invert"}, enabled=False),
    )


def test_its_several_edits_are_made_one_after_the_other(calls, pictures):
    given = files(pictures, "mask.png")
    edits = several(calls, pictures)
    made = calls.composite(*given, recipe=recipe(pictures, "mask.png", edits=edits))
    listed = [
        {"rule": SUIT, "effect": "hide", "feather": 0, "name": "suit"},
        {"effect": "grey", "by_hand": {"1": False}},
        {"effect": "invert", "enabled": False},
    ]
    expected = calls.composite(*given, edits=json.dumps(listed))
    np.testing.assert_array_equal(pixels(made), pixels(expected))
    assert made[1]["edits"] == expected[1]["edits"]


def test_the_edits_of_a_call_take_the_place_of_its_own(calls, pictures):
    given = files(pictures, "mask.png")
    text = recipe(pictures, "mask.png", edits=several(calls, pictures))
    listed = json.dumps([{"effect": "sepia"}])
    made = calls.composite(*given, recipe=text, edits=listed)
    np.testing.assert_array_equal(pixels(made), pixels(calls.composite(*given, edits=listed)))


def test_what_was_painted_is_one_more_mask(calls, pictures):
    size_wh = size_of(pictures / "photo.png")
    box = Box(2, 3, size_wh[0] // 2, size_wh[1] // 2)
    text = recipe(pictures, options={"effect": "grey"}, painted=painting(size_wh, box))
    _, report = calls.composite(*files(pictures), recipe=text)
    assert [row["bbox"] for row in report["segments"]] == [list(box)]


def test_what_was_painted_on_a_mask_is_laid_on_the_file_of_the_same_bytes(calls, pictures):
    size_wh = size_of(pictures / "photo.png")
    strokes = Image.new("LA", size_wh, (0, 255))  # black all over: nothing is left of the mask
    data = BytesIO()
    strokes.save(data, "PNG")
    options = {"effect": "grey"}
    text = recipe(pictures, "mask.png", options=options, strokes={0: data.getvalue()})
    assert calls.segments(*files(pictures, "mask.png"), recipe=text)["segments"] == []
    with Image.open(pictures / "mask.png") as mask:
        mask.save(pictures / "other.bmp")
    report = calls.segments(*files(pictures, "other.bmp"), recipe=text)
    assert len(report["segments"]) == 2


def test_another_photo_is_said_and_so_is_what_means_nothing_here(calls, pictures):
    other = recipe(pictures, "mask.png", photo=mark_of(pictures / "mask.png"))
    text = json.dumps({**json.loads(other), "glow": 1})
    report = calls.segments(*files(pictures, "mask.png"), recipe=text)
    said = [note for note in report["notes"] if "recipe" in note]
    assert said[0].startswith("the photo is ")
    assert said[1:] == ["the recipe's 'glow' means nothing here"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "this JSON is no recipe of segui: it has no 'segui_recipe'"),
        ("[1", "the recipe is not JSON"),
        ('{"segui_recipe": 99}', "the recipe is of version 99"),
    ],
)
def test_what_is_no_recipe_is_refused_with_a_sentence(calls, pictures, text, sentence):
    with pytest.raises(gr.Error) as refused:
        calls.composite(*files(pictures, "mask.png"), recipe=text)
    assert str(refused.value.message).startswith(sentence)
