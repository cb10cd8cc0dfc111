import base64
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from segui.paste_values import PasteOptions
from segui.rendering import edited
from segui.session.reduce import with_options
from segui.session.view import View
from segui.ui.view import live as live_pictures
from segui.ui.view import picture
from segui.ui.view.live import HIDE_REACH_PX, live_message
from tests.session.worked import inputs_of, view_of

GREY = {"effect": "grey"}
JPEG_ERROR = 4.0


@pytest.fixture
def work(pictures: Path, tmp_path: Path) -> View:
    return worked(pictures / "photo.png", pictures / "mask.png", "@index = 2", tmp_path)


def worked(photo: Path, mask: Path, rule: str, folder: Path) -> View:
    """A photo whose areas were found, judged and chosen by a rule."""
    return view_of(inputs_of(photo, mask, expression=rule, **GREY), folder)


def pasting(work: View, **options: Any) -> View:
    """The same with another way of pasting."""
    return replace(work, plan=replace(work.plan, inputs=with_options(work.inputs, options)))


def picked(work: View, number: int) -> View:
    return replace(work, plan=replace(work.plan, inputs=replace(work.inputs, picked=number)))


def live(work: View, **options: Any) -> dict[str, Any]:
    return live_message(pasting(work, **options), "cpu")


def pixels_of(uri: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as image:
        return np.array(image)


def test_every_area_has_an_outline_where_it_lies(work):
    assert picture.sizes(work) == {"size": [512, 512], "preview": [512, 512]}
    face, suit = picture.shapes(work)
    assert (face["n"], face["x"], face["y"]) == (1, 221.0, 114.0)
    assert face["d"].startswith("M")
    assert face["d"].count("L") == 3  # a rectangle is four points
    assert suit["a"] == 110 * 170


def parts(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((40, 40, 99, 99), fill=1)
    draw.rectangle((300, 300, 459, 419), fill=1)


def ring(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((100, 100, 400, 400), fill=1)
    draw.ellipse((160, 160, 340, 340), fill=0)


def bow(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 511, 511), fill=1)
    draw.rectangle((60, 0, 511, 451), fill=0)


@pytest.mark.parametrize("draw", [parts, ring, bow])
def test_a_number_stands_in_its_area(
    pictures: Path, tmp_path: Path, draw: Callable[[ImageDraw.ImageDraw], None]
):
    labels = Image.new("L", (512, 512))
    draw(ImageDraw.Draw(labels))
    labels.save(tmp_path / "labels.png")
    given = inputs_of(pictures / "photo.png", tmp_path / "labels.png", mask_kind="labels")
    (area,) = picture.shapes(view_of(given, tmp_path))
    x, y = round(area["x"]), round(area["y"])
    near = np.array(labels)[y - 20 : y + 21, x - 20 : x + 21]
    assert near.shape == (41, 41)
    assert near.all()


def test_sides_and_numbers_follow_the_choice(work):
    told = picture.sides_message(picked(work, 2))
    assert told["sides"] == ["remained", "filtered"]
    assert (told["numbers"], told["selected"]) == ([2], 2)


def test_before_a_choice_every_area_is_undecided(work):
    told = picture.sides_message(replace(work, plan=replace(work.plan, selection=None)))
    assert (told["sides"], told["numbers"]) == (["review", "review"], [])


def test_the_browser_gets_what_it_needs_to_draw_the_paste(work):
    told = live(work, **GREY)
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
    assert live(work, effect=effect, effect_on=effect_on)["swap"] is swap


HIDDEN_LEVELS = 6.0  # of 255, that a preview's JPEG may be off


@pytest.mark.parametrize("at_hand", [0, 5, 40])
def test_a_growing_edge_uncovers_nothing_that_is_hidden(work, at_hand):
    """What the browser blends is, wherever a wider edge reaches, what that edge hides."""
    hide = PasteOptions(effect="hide", edge="outward", feather=at_hand)
    told = live(work, effect="hide", edge="outward", feather=at_hand)
    wider = replace(hide, feather=at_hand + HIDE_REACH_PX)
    hidden = edited(work.scene, work.selection.filtered, wider, "cpu")
    assert told["reach"] == wider.feather
    off = np.abs(pixels_of(told["edit"]).astype(int) - hidden).mean()
    assert off < HIDDEN_LEVELS
    # the photo itself is much further from that
    reach = work.scene.segments.items[1].bbox.widen(wider.feather).clip((512, 512))
    unlike = np.abs(work.photo.pixels[reach.slices].astype(int) - hidden[reach.slices]).mean()
    still = np.abs(pixels_of(told["edit"])[reach.slices].astype(int) - hidden[reach.slices]).mean()
    assert still < unlike / 4


@pytest.mark.parametrize("at_hand", [5, 450])
def test_what_fits_in_is_drawn_from_a_picture_that_does_as_far_as_the_edge_may_grow(work, at_hand):
    said = {"effect": "invert", "fit": "colour", "blend": "screen", "feather": at_hand}
    told = live(work, **said)
    assert told["reach"] == at_hand + HIDE_REACH_PX
    wider = PasteOptions(**{**said, "feather": min(at_hand + HIDE_REACH_PX, 500)})
    shown = edited(work.scene, work.selection.filtered, wider, "cpu")
    assert np.abs(pixels_of(told["edit"]).astype(int) - shown).mean() < JPEG_ERROR
    plain = edited(work.scene, work.selection.filtered, PasteOptions("invert", blend="screen"))
    assert np.abs(plain.astype(int) - shown).mean() > JPEG_ERROR


def test_a_very_soft_edge_of_what_is_hidden_can_be_drawn(work):
    assert live(work, effect="hide", feather=450)["reach"] == 450 + HIDE_REACH_PX


def test_near_an_area_the_browser_blends_what_the_result_has(pictures, tmp_path):
    # the blocks of the large one, 100 px further out, would lie over the small one
    pixels = np.zeros((512, 512), np.uint8)
    pixels[100:132, 200:232] = pixels[100:400, 250:500] = 255
    Image.fromarray(pixels).save(tmp_path / "near.png")
    both = worked(pictures / "photo.png", tmp_path / "near.png", "*", tmp_path)
    hide = PasteOptions(effect="hide", feather=5)
    shown = pixels_of(live(both, effect="hide", feather=5)["edit"]).astype(int)
    exact = edited(both.scene, both.selection.filtered, hide, "cpu")
    assert len(both.selection.filtered.items) == 2
    for segment in both.scene.segments.items:
        near = segment.bbox.widen(5).slices
        assert np.abs(shown[near] - exact[near]).mean() < JPEG_ERROR


@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
def test_only_blocks_round_areas_end_somewhere(work, effect_on):
    reach = 107 if effect_on == "filtered" else None
    assert live(work, effect="hide", effect_on=effect_on, feather=7)["reach"] == reach
    assert live(work, **GREY)["reach"] is None


def test_nothing_to_paste_is_nothing_to_draw(work):
    assert live(work, effect="none") == {}


def test_too_many_areas_are_left_to_the_server(work, monkeypatch):
    monkeypatch.setattr(live_pictures, "MAX_LAYERS", 1)
    assert live(work, **GREY) == {}


def test_a_part_of_the_picture_is_shown_pixel_by_pixel(work):
    result = work.plan.painted.pixels
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
    result = work.plan.painted.pixels
    shown = pixels_of(picture.edge_picture(work, result, 2))
    assert shown.shape == (picture.INSET_PX, picture.INSET_PX, 3)
    assert picture.edge_picture(work, result, 3) == ""
    # one side of the edge is grey, the other is not
    is_grey = np.ptp(shown.astype(int), axis=2) < 8
    assert 0.2 < is_grey.mean() < 0.95
