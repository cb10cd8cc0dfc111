"""Several edits in a session: one is open, and its controls are the page's."""

import pytest

from segui.errors import InputError
from segui.options import MAX_EDITS
from segui.session import commands
from segui.session.commands import (
    AddEdit,
    CopyEdit,
    EnableEdit,
    MoveEdit,
    OpenEdit,
    RemoveEdit,
    RenameEdit,
)
from segui.session.edits import MAX_NAME
from segui.session.history import History
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from segui.session.session import _after
from tests.session.fakes import AREAS, DEFAULTS, file, given

RED = {"expression": "red > 50%", "effect": "grey", "feather": 3}


def after(*done: commands.Command, inputs: Inputs | None = None) -> Inputs:
    now = given("photo", "mask") if inputs is None else inputs
    for command in done:
        now = reduce(now, command)
    return now


def rules(inputs: Inputs) -> list[str]:
    return [edit.options["expression"] for edit in inputs.edits]


def test_at_first_there_is_one_and_it_is_open():
    inputs = given("photo", "mask", **RED)
    (edit,) = inputs.edits
    assert (edit.id, inputs.place, edit.options["expression"]) == (1, 0, "red > 50%")
    assert "grow" not in edit.options


def test_one_more_is_as_an_edit_is_at_first_and_the_page_has_its_controls():
    inputs = after(commands.SetOptions({**RED, "grow": 7}), AddEdit())
    assert rules(inputs) == ["red > 50%", "*"]
    assert (inputs.place, inputs.rule, inputs.options["feather"]) == (1, "*", DEFAULTS["feather"])
    assert inputs.options["grow"] == 7  # of all edits


def test_the_controls_are_those_of_the_one_that_is_opened():
    inputs = after(commands.SetOptions(RED), AddEdit(), commands.SetOptions({"effect": "blur"}))
    back = after(OpenEdit(1), inputs=inputs)
    assert (back.rule, back.options["effect"], back.entered["effect"]) == (
        "red > 50%",
        "grey",
        "grey",
    )
    assert [edit.options["effect"] for edit in back.edits] == ["grey", "blur"]
    assert after(OpenEdit(2), inputs=back) == inputs


def test_what_cannot_be_used_stays_with_its_edit():
    inputs = after(AddEdit(), commands.SetOptions({"expression": "red >", "grow": 900}))
    assert set(inputs.refused) == {"expression", "grow"}
    first = after(OpenEdit(1), inputs=inputs)
    assert set(first.refused) == {"grow"}
    second = after(OpenEdit(2), inputs=first)
    assert second.entered["expression"] == "red >"
    assert set(second.refused) == {"expression", "grow"}


def test_what_is_done_by_hand_is_done_in_the_open_edit():
    put = commands.Override(AREAS[0], "filtered")
    inputs = after(AddEdit(), put, OpenEdit(1))
    assert inputs.overrides == {}
    assert [dict(edit.overrides) for edit in inputs.edits] == [{}, {AREAS[0]: "filtered"}]
    own = after(commands.GivePhoto(file("another")), inputs=inputs)
    assert [dict(edit.overrides) for edit in own.edits] == [{}, {}]


def test_a_copy_stands_after_its_original_under_a_number_of_its_own():
    inputs = after(commands.SetOptions(RED), AddEdit(), CopyEdit(1))
    assert rules(inputs) == ["red > 50%", "red > 50%", "*"]
    assert [edit.id for edit in inputs.edits] == [1, 3, 2]
    assert inputs.place == 1


@pytest.mark.parametrize(
    ("opened", "removed", "left", "place"),
    [(1, 1, [2, 3], 0), (2, 1, [2, 3], 0), (2, 2, [1, 3], 1), (3, 3, [1, 2], 1), (1, 3, [1, 2], 0)],
)
def test_the_neighbour_of_one_that_goes_is_opened(opened, removed, left, place):
    inputs = after(AddEdit(), AddEdit(), OpenEdit(opened), RemoveEdit(removed))
    assert [edit.id for edit in inputs.edits] == left
    assert inputs.place == place
    assert inputs.edit_id == left[place]


def test_the_only_one_is_as_at_first_when_it_is_removed():
    inputs = after(commands.SetOptions(RED), RemoveEdit(1))
    assert (rules(inputs), inputs.place, inputs.options["effect"]) == (["*"], 0, "none")
    assert inputs.edit_id == 2  # a second click on what is gone takes nothing


def test_a_second_click_takes_no_second_edit():
    inputs = after(AddEdit(), AddEdit(), RemoveEdit(2), RemoveEdit(2))
    assert [edit.id for edit in inputs.edits] == [1, 3]


@pytest.mark.parametrize(
    ("moved", "by", "order"),
    [
        (1, 1, [2, 1, 3]),
        (3, -1, [1, 3, 2]),
        (1, -1, [1, 2, 3]),
        (3, 9, [1, 2, 3]),
        (9, 1, [1, 2, 3]),
    ],
)
def test_edits_change_places_and_the_open_one_stays_open(moved, by, order):
    inputs = after(AddEdit(), AddEdit(), OpenEdit(2), MoveEdit(moved, by))
    assert [edit.id for edit in inputs.edits] == order
    assert inputs.edit_id == 2
    assert inputs.place == order.index(2)


def test_one_that_is_not_made_is_known():
    inputs = after(AddEdit(), EnableEdit(1, enabled=False))
    assert [edit.enabled for edit in inputs.edits] == [False, True]
    assert after(EnableEdit(2, enabled=False), inputs=inputs).enabled is False


def test_there_are_no_more_than_can_be_read():
    inputs = after(*[AddEdit()] * (MAX_EDITS - 1))
    for command in (AddEdit(), CopyEdit(1)):
        with pytest.raises(InputError, match=f"^there are {MAX_EDITS} edits: no more are allowed$"):
            reduce(inputs, command)


def test_opening_one_is_no_step_and_writing_in_two_is_two():
    inputs, history = given("photo", "mask"), History()
    for command in (
        AddEdit(),
        commands.SetOptions({"expression": "red"}, 1),
        commands.SetOptions({"expression": "red > 1%"}, 1),
        OpenEdit(1),
        commands.SetOptions({"expression": "blue > 1%"}, 1),
    ):
        inputs, history = _after(inputs, history, command)
    steps = []
    while history.can_undo:
        inputs, history = history.undo(inputs)
        steps.append(rules(inputs))
    assert steps[:3] == [["*", "red > 1%"], ["*", "*"], ["*"]]


def test_an_open_vocabulary_is_asked_for_what_all_rules_name():
    words = {"classifier": "Manual CLIP or SigLIP", "repo": "org/clip", "expression": "cat > 50%"}
    inputs = after(commands.SetOptions(words), AddEdit())
    inputs = after(commands.SetOptions({"expression": "dog > 50%"}), inputs=inputs)
    assert inputs.classifier.names == ("cat", "dog")


def test_an_edit_has_the_name_that_it_was_given_whichever_is_open():
    inputs = after(AddEdit(), RenameEdit(1, "  red\n jackets "), RenameEdit(2, "sky"))
    assert [edit.name for edit in inputs.edits] == ["red jackets", "sky"]
    assert after(RenameEdit(2, ""), inputs=inputs).edit_name == ""
    assert after(RenameEdit(9, "nobody"), inputs=inputs) == inputs


def test_a_name_that_is_too_long_is_refused():
    long = "x" * (MAX_NAME + 1)
    with pytest.raises(InputError, match=f"name has 61 characters: expected at most {MAX_NAME}"):
        after(RenameEdit(1, long))


def test_a_name_is_taken_back():
    before = given("photo", "mask")
    inputs, history = _after(before, History(), RenameEdit(1, "sky"))
    assert history.undo(inputs)[0].edit_name == ""
