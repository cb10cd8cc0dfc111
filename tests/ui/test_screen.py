"""What one page shows, as far as it was told: messages that overtake each other lose nothing."""

import pytest

from segui.session.files import FileRef
from segui.ui.screen import FRAME, Heard, Screen

GROW = ("option.grow", "value")
FEATHER = ("option.feather", "value")


def heard(sequence: int, taken: int, *changed: str) -> Heard:
    return Heard(sequence, taken, frozenset(changed))


def test_a_message_names_what_has_changed_alone():
    screen = Screen()
    first = screen.message({GROW: 0, ("status", "value"): "a"}, 1)
    assert first["parts"] == {"option.grow": {"value": 0}, "status": {"value": "a"}}
    screen.hear(heard(1, first["n"]), {})
    second = screen.message({GROW: 0, ("status", "value"): "b"}, 2)
    assert second == {"n": 2, "parts": {"status": {"value": "b"}}, "numbers": {}, "heard": {}}


def test_where_nothing_has_changed_there_is_no_message():
    screen = Screen()
    screen.message({GROW: 0}, 1)
    assert screen.message({GROW: 0}, 2) == {}


def test_what_may_not_have_come_is_told_again_with_its_own_number():
    screen = Screen()
    screen.message({GROW: 4}, 1)
    again = screen.message({("status", "value"): "b"}, 2)
    assert again["parts"] == {"option.grow": {"value": 4}, "status": {"value": "b"}}
    assert again["numbers"] == {"option.grow": {"value": 1}}


def test_a_control_that_the_visitor_changed_is_heard_once():
    screen = Screen()
    n = screen.message({GROW: 0}, 1)["n"]
    assert screen.hear(heard(1, n), {"grow": 7}) == {"grow": 7}
    assert screen.hear(heard(2, n), {"grow": 7}) == {}


def test_a_post_that_was_overtaken_says_nothing():
    screen = Screen()
    n = screen.message({GROW: 0}, 1)["n"]
    screen.hear(heard(2, n), {"grow": 7})
    assert screen.hear(heard(1, n), {"grow": 1}) == {}


def test_a_control_that_was_set_from_here_keeps_that_until_the_page_has_taken_it():
    screen = Screen()
    first = screen.message({GROW: 0}, 1)["n"]
    screen.hear(heard(1, first), {})
    second = screen.message({GROW: 9}, 2)["n"]
    # another control's event, sent before the 9 had come, still has the 0
    assert screen.hear(heard(2, first), {"grow": 0}) == {}
    assert screen.hear(heard(3, second), {"grow": 5}) == {"grow": 5}


def test_what_the_visitor_has_changed_counts_though_a_message_that_sets_it_is_on_its_way():
    screen = Screen()
    first = screen.message({GROW: 0, FEATHER: 5}, 1)["n"]
    screen.hear(heard(1, first), {"grow": 0, "feather": 5})
    second = screen.message({GROW: 9, FEATHER: 40}, 2)
    assert second["heard"] == {"grow": 1, "feather": 1}
    said = {"grow": 3, "feather": 5}
    assert screen.hear(heard(2, first, "grow"), said) == {"grow": 3}
    # the page keeps the 3, whichever message comes: it need not be told
    assert screen.message({GROW: 3, FEATHER: 40}, 3) == {}


def test_what_the_visitor_has_changed_counts_though_a_later_event_comes_first():
    screen = Screen()
    first = screen.message({GROW: 0, FEATHER: 5}, 1)["n"]
    screen.hear(heard(1, first), {"grow": 0, "feather": 5})
    screen.message({GROW: 9, FEATHER: 40}, 2)
    # the change of one control, which the next event, of another one's, has overtaken
    assert screen.hear(heard(3, first, "feather"), {"grow": 3, "feather": 7}) == {"feather": 7}
    assert screen.message({GROW: 9, FEATHER: 7}, 3) == {}
    assert screen.hear(heard(2, first, "grow"), {"grow": 3, "feather": 5}) == {"grow": 3}
    assert screen.message({GROW: 3, FEATHER: 7}, 4) == {}


def test_a_message_says_by_which_event_its_controls_were_heard_last():
    screen = Screen()
    screen.hear(heard(4, 0), {"grow": 0})
    screen.hear(heard(3, 0), {"grow": 1})
    assert screen.message({GROW: 2, ("status", "value"): "a"}, 1)["heard"] == {"grow": 4}


@pytest.mark.parametrize("said", [None, 7, "grow", {"grow": 1}, [None, 3]])
def test_what_a_browser_says_of_its_changes_may_be_anything(said: object):
    assert Heard.of({"sequence": 1, "taken": 1, "changed": said}) == Heard(1, 1)


@pytest.mark.parametrize(
    ("said", "series"),
    [
        ({"grow": 3}, {"grow": 3}),
        ({"grow": "3", "feather": 2}, {"grow": 0}),
        ({"grow": -1}, {"grow": 0}),
        ([3], {}),
        (None, {}),
    ],
)
def test_of_a_series_of_moves_a_number_at_a_changed_control_is_believed(said, series):
    told = {"sequence": 1, "taken": 1, "changed": ["grow"], "series": said}
    assert Heard.of(told) == Heard(1, 1, frozenset({"grow"}), series)


def test_values_read_before_a_message_say_nothing_of_what_it_set_though_another_event_has_it():
    screen = Screen()
    first = screen.message({GROW: 0}, 1)["n"]
    screen.hear(heard(1, first), {})
    second = screen.message({GROW: 9}, 2)["n"]
    assert screen.hear(heard(2, second), {"grow": 9}) == {}
    # sent last, but read in the midst of the message's values
    assert screen.hear(heard(3, first), {"grow": 0}) == {}
    assert screen.hear(heard(4, second), {"grow": 9}) == {}


def test_an_older_view_tells_a_control_nothing_that_the_visitor_has_changed_since():
    screen = Screen()
    n = screen.message({GROW: 0}, 1)["n"]
    screen.hear(heard(1, n), {"grow": 8})
    screen.said(["grow"], 2)
    screen.hear(heard(2, n), {"grow": 10})
    screen.said(["grow"], 3)
    assert screen.message({GROW: 8}, 2) == {}
    assert screen.message({GROW: 10}, 3) == {}
    assert screen.message({GROW: 8}, 4)["parts"] == {"option.grow": {"value": 8}}, "undone"


def test_a_tick_is_not_the_number_one():
    screen = Screen()
    n = screen.message({("option.invert", "value"): False}, 1)["n"]
    assert screen.hear(heard(1, n), {"invert": 0}) == {"invert": 0}


def test_the_frame_is_told_again_what_it_asks_for():
    screen = Screen()
    n = screen.message({(FRAME, "look"): "part"}, 1)["n"]
    screen.hear(heard(1, n), {})
    assert screen.message({(FRAME, "look"): "part"}, 1) == {}
    screen.asks_for("look")
    assert screen.message({(FRAME, "look"): "part"}, 1)["parts"] == {FRAME: {"look": "part"}}


def test_what_was_painted_on_the_page_is_not_told_to_it(tmp_path):
    screen, painted = Screen(), {"mask": "data:a", "told": 2}
    screen.painted_here(FileRef("id", tmp_path / "painted.png"), "data:a", 2)
    assert screen.painted == ("id", painted)
    assert screen.message({(FRAME, "painted"): painted}, 1) == {}


def test_what_was_painted_on_a_mask_file_is_not_told_to_the_page(tmp_path):
    screen = Screen()
    layers = [
        {"layer": name, "name": f"{name}.png", "strokes": "", "told": 0} for name in ("a", "b")
    ]
    screen.message({(FRAME, "layers"): layers}, 1)
    screen.painted_on_mask("b", FileRef("id", tmp_path / "strokes.png"), "data:b", 1)
    assert screen.strokes == {"b": ("id", {"mask": "data:b", "told": 1})}
    now = [layers[0], {**layers[1], "strokes": "data:b", "told": 1}]
    assert screen.message({(FRAME, "layers"): now}, 2) == {}
    other = [layers[0], {**now[1], "strokes": ""}]
    assert screen.message({(FRAME, "layers"): other}, 3)["parts"] == {FRAME: {"layers": other}}


@pytest.mark.parametrize("said", [None, "2", -1, 2.5, True, 2**60])
def test_how_often_the_page_told_may_be_anything(said):
    screen = Screen()
    screen.painted_here(None, "", said)
    assert screen.painted == ("", {"mask": "", "told": 0})


def test_each_time_that_the_frame_asks_counts():
    screen = Screen()
    assert [screen.asks_for_live(), screen.asks_for_live()] == [1, 2]


class Large:
    """Something that is known by identity."""


def test_something_is_made_once_of_the_same_things():
    screen, photo, made = Screen(), Large(), []
    for of in ((photo, 1), (photo, 1), (photo, 2), (Large(), 2)):
        screen.made("result", of, lambda: made.append(1))
    assert len(made) == 3


@pytest.mark.parametrize(
    "said", [None, "x", [], {}, {"sequence": -1, "taken": "1"}, {"sequence": True, "taken": 2**60}]
)
def test_whatever_a_browser_says_is_no_error(said):
    assert Heard.of(said) == Heard(0, 0)


def test_a_browser_cannot_have_taken_what_was_not_sent():
    screen = Screen()
    screen.hear(Heard(1, 10**6), {})
    assert screen.message({GROW: 0}, 1)["n"] == 1
    assert screen.taken == 0
