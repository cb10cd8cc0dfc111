"""What is not hidden though it is to be: asked before a picture is given away."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from segui.session import commands
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from segui.session.styles import STYLES
from segui.session.unhidden import undecided, unhidden
from segui.session.view import View
from tests.session.worked import inputs_of, ref, view_of

NOBODY_KNOWS = {"expression": "no_such_label > 0.5", "on_unknown": "review"}
SPECK, DOT = (300, 300, 304, 304), (310, 300, 313, 303)


def hiding(photo: Path, *masks: Path, **options) -> Inputs:
    return inputs_of(photo, *masks, **{"effect": "hide", **options})


@pytest.fixture
def specks(pictures: Path, tmp_path: Path) -> Path:
    """The mask with two areas, and two more that are too small."""
    with Image.open(pictures / "mask.png") as image:
        mask = image.convert("L")
    for box in (SPECK, DOT):
        mask.paste(255, box)
    mask.save(tmp_path / "specks.png")
    return tmp_path / "specks.png"


def said(inputs: Inputs, folder: Path) -> tuple[str, ...]:
    return unhidden(view_of(inputs, folder))


def test_all_that_is_found_and_decided_is_hidden(pictures, tmp_path):
    assert said(hiding(pictures / "photo.png", pictures / "mask.png"), tmp_path) == ()


def test_areas_that_nobody_could_decide_on_are_named(pictures, tmp_path):
    photo, mask = pictures / "photo.png", pictures / "mask.png"
    inputs = hiding(photo, mask, **NOBODY_KNOWS)
    assert said(inputs, tmp_path) == ("2 areas are undecided: 1, 2",)
    view = view_of(inputs, tmp_path)
    (first, _) = view.segments
    decided = replace(inputs, overrides={(first.bbox, first.label): "filtered"})
    assert said(decided, tmp_path) == ("1 area is undecided: 2",)


@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
@pytest.mark.parametrize("on_unknown", ["review", "remain", "filter"])
def test_what_nobody_could_decide_on_is_hidden_at_one_word(
    pictures, tmp_path, effect_on, on_unknown
):
    said_first = {**NOBODY_KNOWS, "on_unknown": on_unknown, "effect_on": effect_on}
    hides = hiding(pictures / "photo.png", pictures / "mask.png", edge="outward", **said_first)
    greys = reduce(reduce(hides, commands.AddEdit()), commands.SetOptions({"effect": "grey"}))
    hidden = reduce(greys, commands.HideUndecided())
    view = view_of(hidden, tmp_path)
    assert undecided(view) == unhidden(view) == ()
    side = "filter" if effect_on == "filtered" else "remain"
    assert [edit.options["on_unknown"] for edit in hidden.edits] == [side, "remain"]
    assert [edit.entered["on_unknown"] for edit in hidden.edits] == [side, "remain"]


def test_of_many_undecided_areas_the_first_are_named(tmp_path):
    mask = Image.new("L", (600, 40))
    for place in range(15):
        mask.paste(255, (40 * place + 5, 5, 40 * place + 30, 30))
    mask.save(tmp_path / "mask.png")
    Image.new("RGB", mask.size, "green").save(tmp_path / "photo.png")
    inputs = hiding(tmp_path / "photo.png", tmp_path / "mask.png", **NOBODY_KNOWS)
    numbers = ", ".join(str(number) for number in range(1, 13))
    assert said(inputs, tmp_path) == (f"15 areas are undecided: {numbers} and 3 more",)


def test_what_was_too_small_is_counted(pictures, specks, tmp_path):
    photo = pictures / "photo.png"
    assert said(hiding(photo, specks), tmp_path) == ("2 regions are left out, being too small",)
    covered = {"edge": "outward"}
    assert said(hiding(photo, specks, drop_size=3, **covered), tmp_path) == (
        "1 region is left out, being too small",
    )
    assert said(hiding(photo, specks, drop_size=2, **covered), tmp_path) == ()


@pytest.mark.parametrize(
    ("largest", "told"),
    [
        (1, ("2 areas are left out, others being larger",)),
        (2, ("1 area is left out, others being larger",)),
        (3, ()),
        (0, ()),
    ],
)
def test_what_was_found_and_left_out_for_larger_ones_is_counted(tmp_path, largest, told):
    with Image.new("RGB", (300, 200), "white") as photo:
        photo.paste("crimson", (20, 20, 100, 100))
        photo.paste("royalblue", (150, 20, 260, 90))
        photo.save(tmp_path / "photo.png")
    options = {"finder": "colours", "largest": largest, "expression": "*", "edge": "outward"}
    assert said(hiding(tmp_path / "photo.png", **options), tmp_path) == told
    shown = {**options, "effect_on": "everything else"}
    beside = said(hiding(tmp_path / "photo.png", **shown), tmp_path)
    assert not any("being larger" in sentence for sentence in beside)


def test_both_are_told(pictures, specks, tmp_path):
    inputs = hiding(pictures / "photo.png", specks, **NOBODY_KNOWS)
    assert said(inputs, tmp_path) == (
        "2 areas are undecided: 1, 2",
        "2 regions are left out, being too small",
    )


@pytest.mark.parametrize("on_unknown", ["review", "remain"])
def test_the_undecided_are_named_whatever_side_they_are_sent_to(pictures, tmp_path, on_unknown):
    asked = {**NOBODY_KNOWS, "on_unknown": on_unknown}
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", **asked)
    assert said(inputs, tmp_path) == ("2 areas are undecided: 1, 2",)
    (first, _) = view_of(inputs, tmp_path).segments
    left_out = replace(inputs, overrides={(first.bbox, first.label): "remained"})
    assert said(left_out, tmp_path) == ("1 area is undecided: 2",)


def test_undecided_areas_that_are_covered_all_the_same_are_hidden(pictures, tmp_path):
    asked = {**NOBODY_KNOWS, "on_unknown": "filter"}
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", **asked)
    assert said(inputs, tmp_path) == ()


def test_what_the_rule_leaves_out_is_not_to_be_hidden(pictures, tmp_path):
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", expression="@index = 1")
    assert said(inputs, tmp_path) == ()


@pytest.mark.parametrize(("alpha", "opacity"), [(0, "0 %"), (128, "50 %"), (254, "99.6 %")])
def test_an_opacity_that_lets_areas_shine_through_is_told(pictures, tmp_path, alpha, opacity):
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", alpha=alpha)
    assert said(inputs, tmp_path) == (
        f"2 areas are see-through, the opacity being {opacity}: 1, 2",
    )


def test_an_opacity_is_told_of_what_is_to_be_hidden_alone(pictures, tmp_path):
    one = {"expression": "@index = 2", "alpha": 200}
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", **one)
    assert said(inputs, tmp_path) == ("1 area is see-through, the opacity being 78.4 %: 2",)
    nothing = {"expression": "@index = 3", "alpha": 200}
    assert said(hiding(pictures / "photo.png", pictures / "mask.png", **nothing), tmp_path) == ()


# the face is 92 px long, the suit 170: a sixth of them is 16 px and 29
@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        (0, ()),
        (29, ()),
        (28, ("1 area is left with more than 6 blocks a side, the block size being 28 px: 2",)),
        (16, ("1 area is left with more than 6 blocks a side, the block size being 16 px: 2",)),
        (4, ("2 areas are left with more than 6 blocks a side, the block size being 4 px: 1, 2",)),
    ],
)
def test_blocks_finer_than_those_that_fit_are_told(pictures, tmp_path, strength, expected):
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", strength=strength)
    assert said(inputs, tmp_path) == expected


@pytest.mark.parametrize(("feather", "expected"), [(0, ""), (5, ""), (30, ""), (80, "1, 2")])
def test_a_soft_edge_that_reaches_the_middle_is_told(pictures, tmp_path, feather, expected):
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", feather=feather)
    why = f"2 areas are see-through in the middle, the soft edge being {feather} px: {expected}"
    assert said(inputs, tmp_path) == ((why,) if expected else ())
    outside = hiding(pictures / "photo.png", pictures / "mask.png", feather=feather, edge="outward")
    assert said(outside, tmp_path) == (), "it is soft outside of the areas alone"


def test_of_areas_the_narrow_one_is_named(pictures, tmp_path):
    """The face is 92 px wide, the suit 110."""
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", feather=40)
    assert said(inputs, tmp_path) == (
        "1 area is see-through in the middle, the soft edge being 40 px: 1",
    )


def test_areas_that_are_marked_faintly_are_named(pictures, tmp_path):
    with Image.open(pictures / "mask.png") as image:
        mask = image.convert("L")
    mask.paste(mask.crop((90, 330, 200, 500)).point(lambda level: level * 2 // 5), (90, 330))
    mask.save(tmp_path / "faint.png")
    inputs = hiding(pictures / "photo.png", tmp_path / "faint.png", mask_kind="soft")
    assert said(inputs, tmp_path) == (
        "1 area is see-through in the middle, being marked faintly: 2",
    )
    filled = hiding(
        pictures / "photo.png", tmp_path / "faint.png", mask_kind="soft", contour_fill=True
    )
    assert said(filled, tmp_path) == ()


def test_areas_that_were_shrunk_are_named(pictures, tmp_path):
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", grow=-12)
    assert said(inputs, tmp_path) == ("2 areas are shrunk by 12 px: 1, 2",)
    gone = hiding(pictures / "photo.png", pictures / "mask.png", grow=-48, feather=0)
    assert said(gone, tmp_path) == (
        "1 region is left out, being too small",
        "1 area is shrunk by 48 px: 1",
    )


def test_every_reason_has_a_sentence(pictures, specks, tmp_path):
    inputs = hiding(
        pictures / "photo.png",
        specks,
        expression="@index = 1 or no_such_label > 0.5",
        alpha=128,
        strength=8,
        feather=80,
    )
    assert said(inputs, tmp_path) == (
        "1 area is undecided: 2",
        "2 regions are left out, being too small",
        "1 area is see-through, the opacity being 50 %: 1",
        "1 area is left with more than 6 blocks a side, the block size being 8 px: 1",
        "1 area is see-through in the middle, the soft edge being 80 px: 1",
    )


def test_the_privacy_style_leaves_nothing_to_tell(pictures, tmp_path):
    inputs = hiding(pictures / "photo.png", pictures / "mask.png", **STYLES["privacy"])
    assert said(inputs, tmp_path) == ()


# ---- everything else ----------------------------------------------------------------------------


def beside(photo: Path, *masks: Path, **options) -> Inputs:
    return hiding(photo, *masks, effect_on="everything else", **options)


def test_beside_what_is_shown_all_is_hidden_whatever_the_opacity(pictures, tmp_path):
    for more in ({}, {"alpha": 128}, {"grow": -12}, {"feather": 80}):
        one = {"expression": "@index = 1", **more}
        inputs = beside(pictures / "photo.png", pictures / "mask.png", **one)
        assert said(inputs, tmp_path) == ()


def test_undecided_areas_that_are_shown_beside_are_named(pictures, tmp_path):
    shown = {**NOBODY_KNOWS, "on_unknown": "filter"}
    inputs = beside(pictures / "photo.png", pictures / "mask.png", **shown)
    assert said(inputs, tmp_path) == ("2 areas are undecided: 1, 2",)
    hidden = {**NOBODY_KNOWS, "on_unknown": "remain"}
    assert said(beside(pictures / "photo.png", pictures / "mask.png", **hidden), tmp_path) == ()


def test_an_area_that_lies_in_one_that_is_shown_is_named(pictures, tmp_path):
    around = Image.new("L", (512, 512))
    around.paste(255, (100, 20, 400, 300))
    around.save(tmp_path / "around.png")
    masks = tmp_path / "around.png", pictures / "face.png"
    inputs = beside(pictures / "photo.png", *masks, expression="@index = 1")
    assert said(inputs, tmp_path) == (
        "1 area is seen in the middle, beside or below what is chosen: 2",
    )


FINER = "everything else is left with more than 6 blocks a side, the block size being 40 px"


# the photo is 512 px long: a sixth of it is 86 px
@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        (0, ()),
        (86, ()),
        (40, (FINER,)),
    ],
)
def test_finer_blocks_of_everything_else_are_told(pictures, tmp_path, strength, expected):
    one = {"expression": "@index = 1", "strength": strength}
    inputs = beside(pictures / "photo.png", pictures / "mask.png", **one)
    assert said(inputs, tmp_path) == expected


@pytest.mark.parametrize("other", [{"effect": "grey"}, {"effect_on": "everything else"}])
def test_where_no_area_is_to_be_hidden_nothing_is_asked(pictures, specks, tmp_path, other):
    inputs = hiding(pictures / "photo.png", specks, **{**NOBODY_KNOWS, **other})
    assert said(inputs, tmp_path) == ()


def test_nothing_painted_is_too_small(pictures, tmp_path):
    painted = Image.new("L", (512, 512))
    for box in (SPECK, DOT):
        painted.paste(255, box)
    painted.save(tmp_path / "painted.png")
    given = hiding(pictures / "photo.png", pictures / "mask.png").files
    files = replace(given, painted=ref(tmp_path / "painted.png"))
    for more in ({}, {"fill_holes": True}, {"grow": 1}):
        asked = {"edge": "outward", **more}
        inputs = hiding(pictures / "photo.png", pictures / "mask.png", **asked)
        view: View = view_of(inputs.with_files(files), tmp_path)
        assert (len(view.segments), unhidden(view)) == (4, ())


def test_what_is_painted_as_small_as_its_soft_edge_is_told(pictures, tmp_path):
    """Of 4 px, the default edge of 5 px covers a third."""
    painted = Image.new("L", (512, 512))
    painted.paste(255, SPECK)
    painted.paste(255, (100, 100, 112, 112))
    painted.save(tmp_path / "painted.png")
    inputs = hiding(pictures / "photo.png")
    files = replace(inputs.files, painted=ref(tmp_path / "painted.png"))
    assert said(inputs.with_files(files), tmp_path) == (
        "1 area is see-through in the middle, the soft edge being 5 px: 2",
    )


def test_what_is_painted_and_shrunk_to_nothing_is_told(pictures, tmp_path):
    painted = Image.new("L", (512, 512))
    painted.paste(255, SPECK)
    painted.save(tmp_path / "painted.png")
    inputs = hiding(pictures / "photo.png", grow=-3)
    files = replace(inputs.files, painted=ref(tmp_path / "painted.png"))
    assert said(inputs.with_files(files), tmp_path) == ("1 region is left out, being too small",)
