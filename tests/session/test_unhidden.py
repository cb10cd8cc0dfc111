"""What is not hidden though it is to be: asked before a picture is given away."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from segui.session.inputs import Inputs
from segui.session.unhidden import unhidden
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
    assert said(hiding(photo, specks, drop_size=3), tmp_path) == (
        "1 region is left out, being too small",
    )
    assert said(hiding(photo, specks, drop_size=2), tmp_path) == ()


def test_both_are_told(pictures, specks, tmp_path):
    inputs = hiding(pictures / "photo.png", specks, **NOBODY_KNOWS)
    assert said(inputs, tmp_path) == (
        "2 areas are undecided: 1, 2",
        "2 regions are left out, being too small",
    )


@pytest.mark.parametrize("other", [{"effect": "grey"}, {"effect_on": "everything else"}])
def test_where_no_area_is_to_be_hidden_nothing_is_asked(pictures, specks, tmp_path, other):
    inputs = hiding(pictures / "photo.png", specks, **{**NOBODY_KNOWS, **other})
    assert said(inputs, tmp_path) == ()


def test_nothing_painted_is_too_small(pictures, tmp_path):
    painted = Image.new("L", (512, 512))
    for box in (SPECK, DOT):
        painted.paste(255, box)
    painted.save(tmp_path / "painted.png")
    inputs = hiding(pictures / "photo.png", pictures / "mask.png")
    files = replace(inputs.files, painted=ref(tmp_path / "painted.png"))
    for more in ({}, {"fill_holes": True}, {"grow": 1}):
        with_paint = hiding(pictures / "photo.png", pictures / "mask.png", **more).with_files(files)
        view: View = view_of(with_paint, tmp_path)
        assert (len(view.segments), unhidden(view)) == (4, ())
