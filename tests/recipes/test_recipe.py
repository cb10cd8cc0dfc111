import base64
import hashlib
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui.errors import InputError
from segui.geometry import Box
from segui.options import (
    OPTIONS,
    Choice,
    Flag,
    Length,
    Number,
    Text,
    clean_options,
    default_values,
    read_option,
)
from segui.recipes.marks import FileMark, mark_of
from segui.recipes.reading import MAX_RECIPE_BYTES, read_recipe
from segui.recipes.recipe import ClassifierMark, EditMark, Override, Recipe, differences
from segui.recipes.writing import recipe_json

PHOTO, SEA = FileMark("beach.jpg", "12ab34" + "0" * 58), FileMark("sea.jpg", "f" * 64)
SKY, SAND = FileMark("sky.png", "a" * 64), FileMark("sand.png", "b" * 64)
EDITED = FileMark("edited.png", "c" * 64)
DEFAULTS = default_values()


def png(width=3, height=2):
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((height, width), np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


RECIPE = Recipe(
    photo=PHOTO,
    masks=(SKY, SAND),
    reference=None,
    painted=png(),
    options=DEFAULTS | {"feather": 12, "crop_factor": 1.1},
    classifier=ClassifierMark("Colour names"),
    overrides=(Override(Box(0, 1, 20, 30), "sky", "remained"),),
    versions={"segui": "0.1.0", "torch": "2.8.0"},
)


def changed(**fields):
    return json.dumps(json.loads(recipe_json(RECIPE)) | fields)


def refusal(data, **limits):
    with pytest.raises(InputError) as caught:
        read_recipe(data, **limits)
    return str(caught.value)


def test_a_recipe_is_read_as_it_was_written():
    assert read_recipe(recipe_json(RECIPE)) == RECIPE
    assert read_recipe(recipe_json(RECIPE).encode()) == RECIPE
    bare = Recipe(None, (), None, None, {}, ClassifierMark("Colour names"))
    assert read_recipe(recipe_json(bare)) == bare


def test_the_same_recipe_is_the_same_text_sorted_and_with_its_version():
    turned = replace(RECIPE, options=dict(reversed(RECIPE.options.items())))
    assert recipe_json(turned) == recipe_json(RECIPE)
    fields = json.loads(recipe_json(RECIPE))
    assert list(fields) == sorted(fields)
    assert fields["segui_recipe"] == 1
    assert fields["photo"] == {"name": "beach.jpg", "sha256": PHOTO.sha256}
    assert fields["overrides"] == [{"bbox": [0, 1, 20, 30], "label": "sky", "side": "remained"}]
    assert base64.b64decode(fields["painted"]) == png()


def numbers(kind):
    return st.integers(kind.least, kind.most) if kind.is_whole else st.floats(kind.least, kind.most)


def values_of(name, kind):
    if name == "each_mask":
        return st.sampled_from(["", '{"sky.png": {"invert": true}, "2": {"mask_kind": "soft"}}'])
    if name == "fade":
        return st.sampled_from(["", "30%..70% of red", "80% if warm else 1..9 of @rank"])
    if name == "rules":
        return st.sampled_from(["", "warm = red > 50%\nbright = warm or not black > 10%"])
    if name == "strength":
        return numbers(kind)  # a share of an effect that takes none is not read back
    match kind:
        case Length():
            shares = st.integers(kind.least_percent, kind.most_percent)
            return numbers(kind) | shares.map("{}%".format)
        case Flag():
            return st.booleans()
        case Number():
            return numbers(kind)
        case Choice():
            return st.sampled_from(kind.values)
        case Text():
            return st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
    return st.integers(0, 0xFFFFFF).map("#{:06x}".format)


digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
marks = st.builds(FileMark, st.text("aé/\\. <", max_size=9), digests)
corners = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 99), st.integers(1, 99))
boxes = corners.map(lambda c: Box(c[0], c[1], c[0] + c[2], c[1] + c[3]))
recipes = st.builds(
    Recipe,
    st.none() | marks,
    st.lists(marks, max_size=3).map(tuple),
    st.none() | marks,
    st.none() | st.just(png()),
    st.fixed_dictionaries(
        {}, optional={name: values_of(name, option.kind) for name, option in OPTIONS.items()}
    ).map(clean_options),
    st.builds(ClassifierMark, st.just("Colour names"), st.text("ab/-", max_size=9)),
    st.lists(
        st.builds(Override, boxes, st.text(max_size=9), st.sampled_from(["filtered", "remained"])),
        max_size=3,
    ).map(tuple),
    st.dictionaries(st.text("abc", max_size=3), st.text("0.9", max_size=5), max_size=3),
)


@settings(deadline=None)
@given(recipes)
def test_every_recipe_makes_the_round_trip(recipe):
    assert read_recipe(recipe_json(recipe)) == recipe


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(sorted(json.loads(recipe_json(RECIPE)))), json_values)
def test_whatever_stands_in_a_field_is_read_or_refused(name, value):
    try:
        recipe = read_recipe(changed(**{name: value}))
    except InputError:
        return
    assert isinstance(recipe, Recipe)
    for option, said in recipe.options.items():
        assert read_option(option, said) == said


@settings(deadline=None)
@given(st.sampled_from(sorted(OPTIONS)), json_values)
def test_whatever_an_option_says_is_checked_before_it_is_given_out(name, value):
    try:
        said = read_recipe(changed(options={name: value})).options[name]
    except InputError:
        return
    kind = OPTIONS[name].kind
    match kind:
        case Flag():
            assert said is True or said is False
        case Number():
            assert kind.least <= said <= kind.most
            assert not kind.is_whole or isinstance(said, int)
        case Choice():
            assert said in kind.values
        case Text():
            assert len(said) <= kind.max_characters
        case _:
            assert len(said) == 7
            assert int(said[1:], 16) >= 0


@settings(deadline=None)
@given(st.binary(max_size=50) | st.text(max_size=50))
def test_any_bytes_are_refused_in_a_sentence(data):
    assert refusal(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfe", "the recipe is not text: expected JSON in UTF-8"),
        ("[1", "the recipe is not JSON: line 1, column 3: Expecting ',' delimiter"),
        ("[" * 100_000, "the recipe is nested too deeply: it cannot be read"),
        ("9" * 5000, "the recipe is not JSON that can be read: a number is too long"),
        (
            '{"segui_recipe": 1, "options": {"feather": 5, "feather": 9}}',
            "the recipe says 'feather' twice in one object: expected it once",
        ),
        ("[1]", "this JSON is no recipe of segui: it has no 'segui_recipe'"),
        ('{"nodes": []}', "this JSON is no recipe of segui: it has no 'segui_recipe'"),
        ('{"segui_recipe": "1"}', "segui_recipe is '1': expected a version, from 1"),
        ('{"segui_recipe": true}', "segui_recipe is True: expected a version, from 1"),
        (
            '{"segui_recipe": 2}',
            "the recipe is of version 2, from a newer segui: this one reads up to version 1",
        ),
        ('{"segui_recipe": 1}', "the recipe has no 'photo'"),
        (b" " * (MAX_RECIPE_BYTES + 1), "the recipe has 20.1 MB: at most 20 MB are read"),
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused(data, message):
    assert refusal(data) == message


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"photo": 3}, "the recipe's photo is 3: expected an object"),
        (
            {"photo": {"name": "a", "sha256": "12"}},
            "the recipe's photo.sha256 is '12': expected 64 hexadecimal digits",
        ),
        (
            {"masks": [{"name": None, "sha256": "0" * 64}]},
            "the recipe's masks[0].name is None: expected text",
        ),
        (
            {"reference": {"name": "a\0b", "sha256": "0" * 64}},
            "the recipe's reference.name is 'a\\x00b': expected text without control characters",
        ),
        ({"masks": {}}, "the recipe's masks is an object: expected a list"),
        ({"strokes": 1}, "the recipe's strokes is 1: expected a list"),
        (
            {"strokes": [{"mask": 9, "painted": ""}]},
            (
                "the recipe's strokes[0].mask is 9: "
                "expected the place of one of its 2 masks, from 0, and each once"
            ),
        ),
        (
            {"strokes": [{"mask": 0, "painted": None}]},
            "the recipe's strokes[0].painted is null: expected base64 text",
        ),
        (
            {"strokes": [{"mask": 0, "painted": "R0lG"}]},
            "the recipe's strokes[0].painted picture is not a PNG",
        ),
        ({"painted": 1}, "the recipe's painted is 1: expected base64 text"),
        ({"painted": "?"}, "the recipe's painted is not base64"),
        ({"painted": "R0lG"}, "the recipe's painted picture is not a PNG"),
        ({"options": []}, "the recipe's options is a list: expected an object"),
        ({"classifier": {"name": "x"}}, "the recipe's classifier.repo_id is None: expected text"),
        (
            {"overrides": [{"bbox": [0, 0, 5, 5], "label": "", "side": "review"}]},
            "the recipe's overrides[0].side is 'review': expected filtered or remained",
        ),
        (
            {"overrides": [{"bbox": [0, 0, 5], "label": "", "side": "filtered"}]},
            "the recipe's overrides[0].bbox is a list: expected four whole numbers",
        ),
        (
            {"overrides": [{"bbox": [0, 0, True, 5], "label": "", "side": "filtered"}]},
            "the recipe's overrides[0].bbox is a list: expected four whole numbers",
        ),
        (
            {"overrides": [{"bbox": [9, 0, 5, 5], "label": "", "side": "filtered"}]},
            (
                "the recipe's overrides[0].bbox is no box of a picture: "
                "expected x1 < x2 and y1 < y2, from 0 to 1000000"
            ),
        ),
        (
            {"overrides": [{"bbox": [0, 0, 5, 5], "label": 1, "side": "filtered"}]},
            "the recipe's overrides[0].label is 1: expected text of at most 1000 characters",
        ),
        ({"versions": {"torch": 2}}, "the recipe's versions.torch is 2: expected text"),
    ],
)
def test_a_field_of_another_kind_is_refused(fields, message):
    assert refusal(changed(**fields)) == message


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"feather": 501}, "feather is 501: expected a whole number from 0 to 500"),
        ({"feather": 1.5}, "feather is 1.5: expected a whole number from 0 to 500"),
        ({"alpha": True}, "alpha is True: expected a whole number from 0 to 255"),
        ({"crop_factor": 0.5}, "crop_factor is 0.5: expected a number from 1 to 100"),
        ({"crop_factor": float("nan")}, "crop_factor is nan: expected a number from 1 to 100"),
        (
            {"grow": "3"},
            (
                "grow is '3': expected a whole number from -500 to 500, or a share of each area "
                "from '-100%' to '100%'"
            ),
        ),
        ({"combined": 1}, "combined is 1: expected true or false"),
        ({"edge": "<b>"}, "edge is '<b>': expected one of 'smooth', 'outward', 'impact'"),
        ({"colour": "red"}, "colour is 'red': expected a colour as #rrggbb"),
        ({"repo": "r" * 201}, "repo has 201 characters: expected at most 200"),
        (
            {"expression": "a\ud800"},
            "expression is 'a\\ud800': expected text without control characters",
        ),
    ],
)
def test_an_option_out_of_its_range_is_refused(option, message):
    assert refusal(changed(options=option)) == message


@pytest.mark.long
def test_a_painted_picture_that_is_too_large_is_refused():
    painted = base64.b64encode(png(2000, 1000)).decode()
    assert refusal(changed(painted=painted), max_megapixels=1) == (
        "the recipe's painted picture is 2000 x 1000, 2 megapixels: at most 1 are read"
    )
    heavy = base64.b64encode(png() + bytes(14_000_000)).decode()
    assert refusal(changed(painted=heavy)) == (
        "the recipe's painted picture has 14.1 MB: at most 14 MB are read"
    )


def test_what_a_recipe_cannot_hold_is_not_written():
    with pytest.raises(InputError, match="feather is 999: expected a whole number from 0 to 500"):
        recipe_json(replace(RECIPE, options={"feather": 999}))


def test_what_the_page_does_not_know_is_named_and_left_out():
    recipe = read_recipe(changed(options={"feather": 7, "glow": 3}, mood="good"))
    assert recipe.options == {"feather": 7}
    assert recipe.unused == (
        "the recipe's option 'glow' is not one of this page's",
        "the recipe's 'mood' means nothing here",
    )


def test_a_strength_that_the_effect_cannot_take_is_named_and_left_out():
    recipe = read_recipe(changed(options={"effect": "pixelate", "strength": 2.5}))
    assert recipe.options == {"effect": "pixelate"}
    sentence = (
        "the recipe's strength is 2.5: expected a whole number of px from 1 to 10000 for pixelate, "
        "or 0, which fits the picture"
    )
    assert recipe.unused == (sentence,)


def test_the_table_has_every_control_of_the_page_and_takes_its_default():
    assert set(DEFAULTS) <= set(OPTIONS)
    assert clean_options(DEFAULTS) == DEFAULTS


def test_values_of_the_page_become_what_the_page_makes_of_them():
    said = {"feather": None, "alpha": 300, "grow": 2.4, "colour": "rgba(255, 127.6, 0, 1)"}
    assert clean_options(said) == {"alpha": 255, "grow": 2, "colour": "#ff8000"}
    assert clean_options({"colour": "", "repo": ""}) == {"colour": "#000000", "repo": ""}
    with pytest.raises(InputError, match="there is no option 'glow'"):
        clean_options({"glow": 1})


def test_a_file_is_known_by_its_name_and_the_digest_of_its_bytes(tmp_path):
    data = b"segui" * 500_000
    (tmp_path / "a.bin").write_bytes(data)
    assert mark_of(tmp_path / "a.bin") == FileMark("a.bin", hashlib.sha256(data).hexdigest())
    with pytest.raises(InputError, match=r"gone\.png cannot be read"):
        mark_of(tmp_path / "gone.png")


@pytest.mark.parametrize(
    ("photo", "masks", "reference", "sentences"),
    [
        (PHOTO, (SKY, SAND), None, ()),
        (replace(PHOTO, name="renamed.jpg"), (SKY, SAND), None, ()),
        (
            SEA, (SKY, SAND), None,
            ("the photo is another file: the recipe was made with beach.jpg (sha256 12ab34...)",),
        ),
        (
            None, (SKY, SAND), EDITED,
            (
                "the photo is missing: the recipe was made with beach.jpg (sha256 12ab34...)",
                "there is an edited version: the recipe was made without",
            ),
        ),
        (
            PHOTO, (SKY, EDITED), None,
            (
                "a mask is missing: the recipe was made with sand.png (sha256 bbbbbb...)",
                "the mask edited.png (sha256 cccccc...) is not one of the recipe's",
            ),
        ),
        (
            PHOTO, (SKY, SKY, SAND), None,
            ("the mask sky.png (sha256 aaaaaa...) is not one of the recipe's",),
        ),
        (
            PHOTO, (SAND, SKY), None,
            ("the masks are in another order: the recipe has sky.png, sand.png",),
        ),
        (
            PHOTO, (replace(SKY, name="air.png"), SAND), None,
            ("the mask air.png was called sky.png: its areas are labelled by that name",),
        ),
    ],
)  # fmt: skip
def test_files_that_differ_are_told(photo, masks, reference, sentences):
    assert differences(RECIPE, photo, masks, reference) == sentences


def test_the_name_of_an_only_mask_changes_nothing():
    recipe = replace(RECIPE, masks=(SKY,))
    assert differences(recipe, PHOTO, (replace(SKY, name="air.png"),), None) == ()


def test_what_was_painted_on_mask_files_comes_back_and_is_not_named_where_there_is_none():
    painted = replace(RECIPE, strokes={1: png()})
    assert read_recipe(recipe_json(painted)) == painted
    assert "strokes" not in json.loads(recipe_json(RECIPE))


def test_edits_are_read_as_they_were_written():
    edits = (
        EditMark({"effect": "grey"}, (Override(Box(0, 1, 20, 30), "sky", "filtered"),)),
        EditMark({"effect": "blur", "expression": "red > 50%"}, (), enabled=False, name="second"),
    )
    recipe = replace(RECIPE, edits=edits, open_edit=1)
    assert read_recipe(recipe_json(recipe)) == recipe


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"edits": 3}, "the recipe's edits is 3: expected a list"),
        ({"edits": [{}] * 51}, "the recipe has 51 edits: at most 50 are read"),
        ({"edits": [3]}, "the recipe's edits[0] is 3: expected an object"),
        ({"edits": [{}]}, "the recipe's edits[0].options is None: expected an object"),
        (
            {"edits": [{"options": {"feather": -1}}]},
            "feather is -1: expected a whole number from 0 to 500",
        ),
        (
            {"edits": [{"options": {}, "enabled": 1}]},
            "the recipe's edits[0].enabled is 1: expected true or false",
        ),
        (
            {"edits": [{"options": {}}], "open_edit": 1},
            "the recipe's open_edit is 1: expected the place of one of its 1 edits, from 0",
        ),
        (
            {"edits": [{"options": {}, "overrides": {}}]},
            "the recipe's edits[0].overrides is an object: expected a list",
        ),
    ],
)
def test_edits_that_are_none_are_refused(fields, sentence):
    assert refusal(changed(**fields)) == sentence


def test_what_an_edit_cannot_say_for_itself_is_named():
    said = [{"options": {"grow": 3, "no such": 1, "effect": "grey"}}]
    read = read_recipe(changed(edits=said))
    assert read.edits[0].options == {"effect": "grey"}
    assert read.unused == (
        "of edit 1, the recipe's option 'no such' is not one of this page's",
        "of edit 1, the recipe's option 'grow' is one of all edits",
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"points": [[1, 2]]}, "points[0] is a list: expected x and y in px, and 1 or 0"),
        ({"points": [[1, 2, 3]]}, "points[0] is a list: expected x and y in px, and 1 or 0"),
        ({"points": [[1, -2, 1]]}, "points[0] is a list: expected x and y in px, and 1 or 0"),
        ({"boxes": [[1, 2, 3]]}, "boxes[0] is a list: expected four whole numbers"),
    ],
)
def test_places_that_are_none_are_refused(fields, sentence):
    assert refusal(changed(**fields)) == f"the recipe's {sentence}"


def test_further_edited_versions_are_read_and_compared_by_their_numbers():
    marks = tuple(FileMark(f"{name}.png", name * 64) for name in "abc")
    recipe = replace(RECIPE, reference=marks[0], more_references=marks[1:])
    assert read_recipe(recipe_json(recipe)) == recipe
    at_hand = PHOTO, recipe.masks
    assert differences(recipe, *at_hand, marks[0], marks[1:]) == ()
    assert differences(recipe, *at_hand, marks[0], (marks[2],)) == (
        "the edited version 2 is another file: the recipe was made with b.png (sha256 bbbbbb...)",
        "the edited version 3 is missing: the recipe was made with c.png (sha256 cccccc...)",
    )
    alone = replace(recipe, more_references=())
    assert differences(alone, *at_hand, marks[0], marks[1:2]) == (
        "there is an edited version 2: the recipe was made without",
    )
    assert "more_references" not in json.loads(recipe_json(alone))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"more_references": {}}, "the recipe's more_references is an object: expected a list"),
        ({"more_references": [7]}, "the recipe's more_references[0] is 7: expected an object"),
        (
            {"more_references": [{}] * 8},
            "the recipe has 8 more_references: at most 7 are read",
        ),
        (
            {"more_references": [{"name": "a", "sha256": "0" * 64}], "reference": None},
            "the recipe has more_references, and its reference is null",
        ),
    ],
)
def test_further_edited_versions_that_cannot_be_are_refused(said, sentence):
    assert refusal(changed(**{"reference": {"name": "a", "sha256": "0" * 64}, **said})) == sentence


def test_a_sticker_is_read_and_compared():
    recipe = replace(RECIPE, sticker=FileMark("logo.png", "d" * 64))
    assert read_recipe(recipe_json(recipe)) == recipe
    assert differences(recipe, PHOTO, recipe.masks, recipe.reference, (), recipe.sticker) == ()
    assert differences(recipe, PHOTO, recipe.masks, recipe.reference) == (
        "the sticker is missing: the recipe was made with logo.png (sha256 dddddd...)",
    )
    assert refusal(changed(sticker=7)) == "the recipe's sticker is 7: expected an object"
