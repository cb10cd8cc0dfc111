"""What becomes of the edited versions and of the edits that take them."""

from dataclasses import replace

import pytest

from segui.errors import InputError
from segui.options import default_values
from segui.session.commands import (
    AddEdit,
    AddMasks,
    CopyEdit,
    GivePhoto,
    GiveReference,
    GiveSticker,
    OpenEdit,
    RemoveReference,
    SetOptions,
)
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from tests.session.fakes import file


def after(*done, inputs=None) -> Inputs:
    start = Inputs.fresh(default_values()) if inputs is None else inputs
    for command in done:
        start = reduce(start, command)
    return start


def names(inputs: Inputs) -> list[str]:
    return [one.id for one in inputs.files.references]


def taken(inputs: Inputs) -> list[int]:
    """The number that each edit takes, shown and in force."""
    assert all(edit.options["version"] == edit.entered["version"] for edit in inputs.edits)
    return [edit.options["version"] for edit in inputs.edits]


PHOTO, A, B, C, D = GivePhoto(file("photo")), *(GiveReference(file(name)) for name in "abcd")


def test_of_one_edit_another_version_takes_the_place_of_the_first():
    inputs = after(PHOTO, A, SetOptions({"effect": "grey"}), B)
    assert (names(inputs), taken(inputs), inputs.options["effect"]) == (["b"], [1], "none")


def test_a_version_that_another_edit_takes_too_stays_and_there_is_one_more():
    inputs = after(PHOTO, A, AddEdit(), B)
    assert (names(inputs), taken(inputs)) == (["a", "b"], [1, 2])
    replaced = after(C, inputs=inputs)
    assert (names(replaced), taken(replaced)) == (["a", "c"], [1, 2])
    first = after(OpenEdit(1), D, inputs=replaced)
    assert (names(first), taken(first)) == (["d", "c"], [1, 2])


def test_a_version_that_another_edit_has_but_does_not_paste_gives_way():
    inputs = after(PHOTO, A, SetOptions({"effect": "blur"}), AddEdit(), B)
    assert names(inputs) == ["b"]


def test_of_several_the_open_edit_takes_the_first_and_new_edits_the_others():
    given = GiveReference(file("a"), (file("b"), file("c")))
    inputs = after(PHOTO, given, AddEdit(), AddEdit(), AddEdit())
    assert (names(inputs), taken(inputs)) == (["a", "b", "c"], [1, 2, 3, 1])


def test_a_copy_takes_the_same_until_it_is_given_its_own():
    inputs = after(PHOTO, A, CopyEdit(1))
    assert taken(inputs) == [1, 1]
    assert (names(after(B, inputs=inputs)), taken(after(B, inputs=inputs))) == (["a", "b"], [1, 2])


def test_where_one_goes_the_others_are_taken_still_and_its_edit_waits():
    given = GiveReference(file("a"), (file("b"), file("c")))
    inputs = after(PHOTO, given, AddEdit(), AddEdit())
    left = after(RemoveReference("b"), inputs=inputs)
    assert (names(left), taken(left)) == (["a", "c"], [1, 8, 2])
    assert [edit.has_pixels(left.files) for edit in left.edits] == [True, False, True]
    again = after(OpenEdit(2), D, inputs=left)
    assert (names(again), taken(again)) == (["a", "c", "d"], [1, 3, 2])
    assert after(RemoveReference("gone"), inputs=left) == left


def test_where_the_last_goes_all_is_as_at_first():
    inputs = after(PHOTO, A, RemoveReference("a"))
    assert (names(inputs), taken(inputs)) == ([], [1])
    assert after(PHOTO, A, AddEdit(), B, GiveReference(None)).files.references == ()


def test_more_than_may_be_are_refused_and_change_nothing():
    inputs = after(PHOTO, GiveReference(file("a"), tuple(file(f"{n}") for n in range(7))))
    assert len(names(inputs)) == 8
    with pytest.raises(InputError, match=r"^there would be 9 edited versions: at most 8 are all"):
        after(OpenEdit(1), CopyEdit(1), GiveReference(file("z")), inputs=inputs)


def test_what_has_changed_is_chosen_anew_where_an_edit_takes_another_version():
    edit = after(PHOTO, A).open_edit
    other = replace(edit, options={**edit.options, "version": 2})
    assert edit.choosing != other.choosing


def test_every_version_is_a_file_that_a_result_needs():
    inputs = after(PHOTO, A, AddEdit(), B)
    assert {one.id for one in inputs.needed_files} == {"photo", "a", "b"}


def test_a_picture_for_stickers_is_what_the_open_edit_lays_on_its_areas():
    inputs = after(PHOTO, GiveSticker(file("logo")))
    said = inputs.options
    assert (said["effect"], said["sticker"], said["effect_on"]) == (
        "sticker",
        "picture",
        "filtered",
    )
    assert inputs.files.sticker == file("logo")
    assert inputs.open_edit.has_pixels(inputs.files)
    gone = after(GiveSticker(None), inputs=inputs)
    assert not gone.open_edit.has_pixels(gone.files)
    drawn = after(SetOptions({"sticker": "heart"}), inputs=gone)
    assert drawn.open_edit.has_pixels(drawn.files)


def test_where_areas_are_what_differs_an_edit_begins_with_those_of_its_version():
    given = GiveReference(file("a"), (file("of b"),))
    rules = [edit.options["expression"] for edit in after(PHOTO, given, AddEdit()).edits]
    assert rules == ["*", '@label = "of b"']
    masked = after(PHOTO, AddMasks((file("mask"),)), given, AddEdit())
    assert [edit.options["expression"] for edit in masked.edits] == ["*", "*"]
    one_more = after(PHOTO, A, AddEdit(), B)
    assert one_more.options["expression"] == "@label = b"
    written = after(PHOTO, A, AddEdit(), SetOptions({"expression": "red > 1%"}), B)
    assert written.options["expression"] == "red > 1%"
