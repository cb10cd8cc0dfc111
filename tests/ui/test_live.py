"""What the browser draws the open edit with, between edits before and after it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segui.session import commands
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from segui.session.view import View
from segui.ui.view.live import live_key, live_message
from tests.session.worked import inputs_of, view_of
from tests.ui.test_picture import JPEG_ERROR, pixels_of

FEATHER = 5


@pytest.fixture
def first(pictures: Path) -> Inputs:
    """An edit of the face; the suit lies apart from it."""
    said = {"expression": "@index = 1", "effect": "invert", "feather": FEATHER}
    return inputs_of(pictures / "photo.png", pictures / "mask.png", **said)


def live(first: Inputs, folder: Path, *done: commands.Command, **later: Any) -> dict[str, Any]:
    """What is told while the first edit is open, with a later one of the suit."""
    said = {"expression": "@index = 2", "feather": FEATHER, **later}
    now = reduce(reduce(first, commands.AddEdit()), commands.SetOptions(said))
    for command in (*done, commands.OpenEdit(1)):
        now = reduce(now, command)
    return dict(live_message(view_of(now, folder), "cpu"))


def gap_px(first: Inputs, folder: Path) -> int:
    """How far the two areas lie apart, by their boxes."""
    one, other = (item.content for item in view_of(first, folder).segments)
    return max(other.x1 - one.x2, one.x1 - other.x2, other.y1 - one.y2, one.y1 - other.y2)


def test_what_a_later_edit_is_made_from_is_drawn_until_the_edge_would_reach_it(first, tmp_path):
    gap = gap_px(first, tmp_path)
    assert gap > 2 * FEATHER
    told = live(first, tmp_path, effect="grey")
    assert told["reach"] == gap - FEATHER
    assert [one["numbers"] for one in told["above"]] == [[2]]
    far = live(first, tmp_path, effect="blur", strength=(gap - 3 * FEATHER) / 6)
    assert FEATHER < far["reach"] < told["reach"]


@pytest.mark.long
@pytest.mark.parametrize(
    "later",
    [
        {"effect": "grey", "expression": "*"},
        {"effect": "grey", "effect_on": "everything else"},
        {"effect": "blur", "strength": 100},
        {"effect": "remove"},
        {"effect": "invert", "fit": "colour"},
        {"effect": "colour", "blend": "multiply", "expression": "*"},
        {"effect": "cut-out"},
        {"effect": "sticker"},
    ],
    ids=lambda later: " ".join(map(str, later.values())),
)
def test_where_a_later_edit_would_be_another_one_the_server_draws(first, tmp_path, later):
    assert live(first, tmp_path, **later) == {}


def test_a_colour_is_the_same_whatever_lies_below_it(first, tmp_path):
    told = live(first, tmp_path, effect="colour", colour="#ff0000", expression="*")
    assert told["reach"] is None
    assert [one["numbers"] for one in told["above"]] == [[1, 2]]


def test_an_edit_that_is_not_made_is_not_drawn(first, tmp_path):
    off = commands.EnableEdit(2, enabled=False)
    told = live(first, tmp_path, off, effect="grey", expression="*")
    assert (told["above"], told["reach"]) == ([], None)
    assert live(first, tmp_path, commands.EnableEdit(1, enabled=False), effect="grey") == {}


def test_what_earlier_edits_made_lies_below(first, tmp_path):
    later = {"expression": "@index = 2", "effect": "invert"}
    now = reduce(reduce(first, commands.AddEdit()), commands.SetOptions(later))
    view: View = view_of(now, tmp_path)
    below = pixels_of(live_message(view, "cpu")["below"]).astype(int)
    assert live_message(view_of(first, tmp_path), "cpu")["below"] == ""
    assert view.photo is not None
    face = view.segments[0].bbox.widen(-2 * FEATHER)
    inverted = 255 - view.photo.pixels[face.slices].astype(int)
    assert np.abs(below[face.slices] - inverted).mean() < JPEG_ERROR


def test_areas_are_drawn_with_opacities_of_their_own_in_each_edit(first, tmp_path):
    own = reduce(first, commands.SetOptions({"fade": "25%"}))
    told = live(own, tmp_path, effect="grey", fade="2..4 of @index if @index > 1 else 100%")
    assert told["opacities"] == [[1, 0.25]]
    assert [one["opacities"] for one in told["above"]] == [[[2, 0.0]]]
    assert live(first, tmp_path, effect="grey")["opacities"] == []


@pytest.mark.long
def test_what_is_drawn_is_made_anew_where_opacities_are_others(first, tmp_path):
    faded = reduce(first, commands.SetOptions({"fade": "25%"}))
    other = reduce(first, commands.SetOptions({"fade": "50%"}))
    keys = {live_key(view_of(inputs, tmp_path))[2] for inputs in (first, faded, other)}
    assert len(keys) == 3
    view = view_of(faded, tmp_path)  # scores that come later are other opacities by the same text
    assert live_key(view)[3] is view.selection
    assert live_key(view_of(first, tmp_path))[3] is None
