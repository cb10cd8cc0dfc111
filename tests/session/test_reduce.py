from dataclasses import replace
from typing import Any

import pytest

from segui.errors import ExpressionError, InputError
from segui.geometry import Box
from segui.session import commands
from segui.session.files import FileRef, Files, Point, Strokes
from segui.session.inputs import OWN, Areas, Inputs
from segui.session.reduce import MOST_MARKS, MOST_REMEMBERED, UNREADABLE, reduce
from tests.session.fakes import AREAS, DEFAULTS, EXAMPLE, MODEL, file, given

A, B = AREAS
EMPTY = Inputs.fresh(DEFAULTS)
FULL = replace(
    given("photo", "mask", reference="edited", feather=12),
    overrides={A: "filtered"},
    picked=2,
    notes=("read",),
)


def after(inputs: Inputs, *many: commands.Command) -> Inputs:
    for command in many:
        inputs = reduce(inputs, command)
    return inputs


def chosen(inputs: Inputs, **values: Any) -> Inputs:
    return after(inputs, commands.SetOptions(values))


def painted(name: str) -> FileRef:
    return file(name)


# ---- a photo that is turned ---------------------------------------------------------------------


def test_a_photo_that_is_turned_is_another_one_for_what_was_done_by_hand_on_it():
    before = after(
        FULL,
        commands.Paint(painted("painted")),
        commands.Paint(painted("strokes"), "mask"),
        commands.MarkPoint(Point(1, 2, is_wanted=True)),
        commands.MarkBox((1, 2, 3, 4)),
    )
    turned = chosen(before, turn_photo="right")
    assert turned.photo == before.photo._replace(turn="right")
    assert turned.files == Files(before.files.photo, before.files.masks, before.files.reference)
    assert (turned.overrides, turned.picked, turned.before) == ({}, 0, None)
    assert chosen(before, turn_photo="auto").files == before.files
    assert chosen(before, turn_photo="up").files == before.files


def test_how_a_photo_was_turned_says_nothing_of_the_next_one_but_a_recipe_does():
    turned = chosen(FULL, turn_photo="right")
    assert after(turned, commands.GivePhoto(file("next"))).photo.turn == "auto"
    of_recipe = commands.ReadSettings(
        {"turn_photo": "left"}, is_whole=True, painted=painted("by the recipe")
    )
    told = after(EMPTY, of_recipe, commands.GivePhoto(file("its own")))
    assert (told.photo.turn, told.files.painted) == ("left", painted("by the recipe"))


# ---- photo and files ----------------------------------------------------------------------------


def test_a_photo_takes_an_examples_place_and_leaves_nothing_of_it():
    own = after(chosen(EXAMPLE, feather=33), commands.GivePhoto(file("mine")))
    assert own == Inputs.fresh(DEFAULTS).with_files(Files(photo=file("mine")))


def test_a_photo_takes_an_examples_place_but_leaves_the_settings_that_were_read():
    read = commands.ReadSettings(
        {"feather": 33}, is_whole=True, overrides={A: "filtered"}, painted=painted("by the recipe")
    )
    own = after(EXAMPLE, read, commands.GivePhoto(file("mine")))
    assert own.files == Files(photo=file("mine"), painted=painted("by the recipe"))
    assert own.options["feather"] == 33
    assert own.overrides == {A: "filtered"}
    assert (own.scene, own.has_settings) == (OWN, False)


def test_another_photo_keeps_masks_and_options_but_not_what_was_done_on_the_former_one():
    before = after(FULL, commands.Paint(painted("painted")))
    own = after(before, commands.GivePhoto(file("other")))
    assert own.files == Files(file("other"), (file("mask"),), file("edited"))
    assert own.options["feather"] == 12
    assert (own.overrides, own.picked) == ({}, 0)


def test_the_photo_of_a_recipe_that_came_first_keeps_what_it_says_and_the_next_photo_does_not():
    read = commands.ReadSettings(
        {}, is_whole=True, overrides={A: "filtered"}, painted=painted("by the recipe")
    )
    first = after(EMPTY, read, commands.GivePhoto(file("its own")))
    assert (first.files.painted, first.overrides) == (painted("by the recipe"), {A: "filtered"})
    other = after(first, commands.GivePhoto(file("other")))
    assert (other.files.painted, other.overrides) == (None, {})


def test_an_edited_version_is_what_is_pasted_from_now_on():
    inputs = after(EXAMPLE, commands.GiveReference(file("edited")))
    assert inputs.files.reference == file("edited")
    assert (inputs.options["effect"], inputs.entered["effect"]) == ("none", "none")
    assert inputs.scene == OWN


def test_an_edited_version_that_is_taken_away_leaves_the_effect_as_it_is():
    inputs = after(chosen(FULL, effect="blur"), commands.GiveReference(None))
    assert inputs.files.reference is None
    assert inputs.options["effect"] == "blur"


def test_a_mask_that_is_removed_twice_is_one_mask():
    three = after(FULL, commands.AddMasks((file("second"), file("third"))))
    once = after(three, commands.RemoveMask("mask"))
    assert once.files.masks == (file("second"), file("third"))
    assert after(once, commands.RemoveMask("mask")) == once


def on(*pairs: tuple[str, str]) -> tuple[Strokes, ...]:
    return tuple(Strokes(mask, painted(strokes)) for mask, strokes in pairs)


def test_each_mask_file_has_strokes_of_its_own_in_the_order_of_the_files():
    given = after(
        EMPTY, commands.GivePhoto(file("photo")), commands.AddMasks((file("a"), file("b")))
    )
    both = after(given, commands.Paint(painted("2"), "b"), commands.Paint(painted("1"), "a"))
    assert both.files.strokes == on(("a", "1"), ("b", "2"))
    assert both.files.masks == given.files.masks
    assert both.areas != given.areas
    again = after(both, commands.Paint(painted("3"), "b"))
    assert again.files.strokes == on(("a", "1"), ("b", "3"))
    assert after(again, commands.Paint(None, "a")).files.strokes == on(("b", "3"))
    assert set(again.needed_files) >= {painted("1"), painted("3")}


def test_strokes_go_with_their_file_and_with_their_photo():
    given = after(
        EMPTY, commands.GivePhoto(file("photo")), commands.AddMasks((file("a"), file("b"))),
        commands.Paint(painted("1"), "a"), commands.Paint(painted("2"), "b"),
    )  # fmt: skip
    assert after(given, commands.RemoveMask("a")).files.strokes == on(("b", "2"))
    assert after(given, commands.RemoveAllMasks()).files.strokes == ()
    other = after(given, commands.GivePhoto(file("another")))
    assert (other.files.masks, other.files.strokes) == (given.files.masks, ())
    assert after(given, commands.AddMasks((file("c"),))).files.strokes == given.files.strokes


def test_strokes_on_a_file_that_is_gone_are_none():
    given = after(EMPTY, commands.GivePhoto(file("photo")), commands.AddMasks((file("a"),)))
    assert after(given, commands.Paint(painted("1"), "gone")) == given


def test_removing_all_masks_removes_what_was_painted_too():
    inputs = after(FULL, commands.Paint(painted("painted")), commands.RemoveAllMasks())
    assert inputs.files == Files(file("photo"), reference=file("edited"))


def test_nothing_is_painted_where_there_is_no_photo():
    assert after(EMPTY, commands.Paint(painted("painted"))) == EMPTY


def test_what_is_painted_takes_the_place_of_what_was_and_none_takes_it_away():
    twice = after(FULL, commands.Paint(painted("one")), commands.Paint(painted("two")))
    assert twice.files.painted == painted("two")
    assert after(twice, commands.Paint(None)).files.painted is None


# ---- options ------------------------------------------------------------------------------------


def test_what_cannot_be_used_stays_as_it_was_typed_and_the_last_good_value_in_force():
    inputs = chosen(chosen(EMPTY, grow=7), grow=9999)
    assert (inputs.options["grow"], inputs.entered["grow"]) == (7, 9999)
    assert inputs.refused == {"grow": "grow is 9999: expected a whole number from -500 to 500"}
    assert chosen(inputs, grow=8).refused == {}


def test_a_number_box_that_was_emptied_has_the_default_in_force():
    inputs = chosen(chosen(EMPTY, crop_factor=7), crop_factor=None)
    assert (inputs.options["crop_factor"], inputs.refused) == (3.0, {})


def test_a_strength_waits_for_an_effect_that_can_take_it():
    hidden = chosen(EMPTY, effect="hide", strength=3.5)
    assert (hidden.options["strength"], hidden.entered["strength"]) == (0, 3.5)
    assert list(hidden.refused) == ["strength"]
    blurred = chosen(hidden, effect="blur")
    assert (blurred.options["strength"], blurred.refused) == (3.5, {})


def test_percent_of_one_effect_are_none_of_another_one_and_no_px():
    blurred = chosen(EMPTY, effect="blur", strength=12)
    assert chosen(blurred, effect="pixelate").options["strength"] == 12
    assert chosen(chosen(blurred, effect="grey"), effect="blur").options["strength"] == 12
    brighter = chosen(blurred, effect="brightness")
    assert (brighter.options["strength"], brighter.entered["strength"]) == (0, 0)
    assert chosen(blurred, effect="brightness", strength=150).options["strength"] == 150
    brighter = chosen(brighter, strength=150)
    for other in ("contrast", "grey", "blur"):
        assert chosen(brighter, effect=other).options["strength"] == 0
    assert chosen(brighter, effect="brightness", feather=3).options["strength"] == 150


def test_of_values_that_come_together_those_that_can_be_used_are_in_force():
    inputs = chosen(EMPTY, feather=9, alpha=999, effect="magic")
    assert (inputs.options["feather"], inputs.options["alpha"]) == (9, 255)
    assert inputs.options["effect"] == "none"
    assert sorted(inputs.refused) == ["alpha", "effect"]


def test_an_option_that_there_is_not_is_refused_with_all_that_came_with_it():
    with pytest.raises(InputError, match="there is no option 'feathr': did you mean 'feather'"):
        chosen(EMPTY, feathr=3, alpha=3)


def test_a_rule_that_cannot_be_read_leaves_the_former_one_in_force():
    inputs = chosen(chosen(EMPTY, expression="red > 50%"), expression="(red")
    assert (inputs.rule, inputs.entered["expression"]) == ("red > 50%", "(red")
    assert inputs.refused == {"expression": UNREADABLE}


@pytest.mark.parametrize("text", ["", None])
def test_a_rule_that_was_emptied_leaves_the_former_one_in_force(text):
    inputs = chosen(chosen(EMPTY, expression="red > 50%"), expression=text)
    assert (inputs.rule, inputs.refused) == ("red > 50%", {"expression": UNREADABLE})


def test_a_rule_that_is_too_long_is_told_to_be_so():
    inputs = chosen(EMPTY, expression="r" * 9999)
    assert inputs.refused["expression"].startswith("expression has 9999 characters: expected at")


def test_the_revision_of_a_classifier_is_none_of_another_ones():
    pinned = chosen(EMPTY, **MODEL, revision="abc")
    assert pinned.options["revision"] == "abc"
    assert chosen(pinned, classifier="Colour names").options["revision"] == ""


def test_the_revision_goes_also_where_a_page_tells_all_its_controls():
    pinned = chosen(EMPTY, **MODEL, revision="abc")
    other = chosen(pinned, **{**pinned.entered, "classifier": "Colour names"})
    assert (other.options["revision"], other.entered["revision"]) == ("", "")


def test_a_revision_that_comes_with_another_classifier_is_that_ones():
    pinned = chosen(EMPTY, revision="abc")
    assert chosen(pinned, **MODEL, revision="def").options["revision"] == "def"


def test_a_recipes_revision_is_its_classifiers_though_the_former_one_had_the_same():
    pinned = chosen(EMPTY, revision="main")
    read = commands.ReadSettings({**MODEL, "revision": "main"}, is_whole=True)
    assert after(pinned, read).options["revision"] == "main"


def test_a_workflow_with_another_classifier_leaves_no_revision_of_the_former_one():
    pinned = chosen(EMPTY, revision="abc")
    assert after(pinned, commands.ReadSettings(MODEL)).options["revision"] == ""


# ---- rule, overrides, pick ----------------------------------------------------------------------


def test_the_builder_writes_on_from_what_is_seen():
    typed = chosen(EMPTY, expression="red > 50%")
    data = {"word": "and", "label": "blue", "sign": "<", "value": 0.2}
    joined = after(typed, commands.BuildRule("join", data))
    assert joined.rule == joined.entered["expression"] == "red > 50% and blue < 20%"


def test_the_builder_joins_nothing_to_what_cannot_be_read():
    data = {"word": "and", "label": "blue", "sign": "<", "value": 0.2}
    with pytest.raises(ExpressionError):
        after(chosen(EMPTY, expression="(red"), commands.BuildRule("join", data))


def test_an_event_that_the_builder_has_not_is_refused():
    with pytest.raises(InputError, match="the event 'erase' came with \\['value'\\]"):
        after(EMPTY, commands.BuildRule("erase", {"value": 0.5}))


def test_an_area_goes_where_it_is_put_until_it_is_let_go():
    put = after(EMPTY, commands.Override(A, "filtered"), commands.Override(B, "remained"))
    assert put.overrides == {A: "filtered", B: "remained"}
    assert after(put, commands.Override(A, "remained")).overrides == {A: "remained", B: "remained"}
    assert after(put, commands.Override(A, None)).overrides == {B: "remained"}
    assert after(put, commands.Override(A, None), commands.Override(A, None)).overrides == {
        B: "remained"
    }


def test_an_area_is_looked_at_until_it_is_picked_again():
    assert after(EMPTY, commands.Pick(2)).picked == 2
    assert after(EMPTY, commands.Pick(2), commands.Pick(1)).picked == 1
    assert after(EMPTY, commands.Pick(2), commands.Pick(2)).picked == 0


# ---- settings -----------------------------------------------------------------------------------


def test_a_workflow_sets_what_it_says_and_leaves_the_rest():
    read = commands.ReadSettings({"alpha": 100}, ("what was read",))
    inputs = after(FULL, read)
    assert (inputs.options["alpha"], inputs.options["feather"]) == (100, 12)
    assert (inputs.files, inputs.overrides) == (FULL.files, FULL.overrides)
    assert inputs.notes == ("what was read",)


def test_a_recipe_is_all_that_there_is():
    before = after(FULL, commands.Paint(painted("mine")))
    read = commands.ReadSettings(
        {"alpha": 100}, is_whole=True, overrides={B: "remained"}, painted=painted("its own")
    )
    inputs = after(before, read)
    assert inputs.options == {**DEFAULTS, "alpha": 100}
    assert inputs.overrides == {B: "remained"}
    assert inputs.files == replace(FULL.files, painted=painted("its own"))
    unpainted = after(before, replace(read, painted=None))
    assert unpainted.files.painted is None


def test_what_a_recipe_says_and_cannot_be_used_is_told():
    inputs = after(FULL, commands.ReadSettings({"grow": 9999}, is_whole=True))
    assert list(inputs.refused) == ["grow"]


# ---- the whole ----------------------------------------------------------------------------------


def test_an_example_takes_the_place_of_all_that_is_there():
    assert after(FULL, commands.Show(EXAMPLE)) == EXAMPLE


def test_a_fresh_start_leaves_nothing():
    assert after(FULL, commands.Clear()) == EMPTY


def test_what_an_example_shows_is_told_until_something_is_changed():
    assert after(EXAMPLE, commands.Pick(1)).story == EXAMPLE.story
    assert after(EXAMPLE, commands.SetOptions({"effect": "blur"})).story == EXAMPLE.story
    assert after(EXAMPLE, commands.SetOptions({"effect": "grey"})).story == ""
    assert after(EXAMPLE, commands.Override(A, "filtered")).story == ""


def test_a_cancelled_question_is_not_wanted_until_it_is_asked_for_again():
    inputs = chosen(FULL, **MODEL)
    cancelled = after(inputs, commands.Cancel())
    assert cancelled.declined == inputs.question
    again = after(cancelled, commands.AskAgain())
    assert (again.declined, again.attempt) == (None, 1)


@pytest.mark.parametrize(
    "command", [commands.Clear(), commands.Show(EXAMPLE), commands.GivePhoto(file("mine"))]
)
def test_no_attempt_has_the_number_of_one_before(command):
    inputs = after(EXAMPLE, commands.AskAgain(), commands.AskAgain(), command)
    assert after(inputs, commands.AskAgain()).attempt == 3


@pytest.mark.parametrize("command", [commands.Undo(), commands.Redo()])
def test_nothing_is_undone_without_a_history(command):
    name = type(command).__name__
    with pytest.raises(InputError, match=f"{name} needs a history: ask the session"):
        after(EMPTY, command)


def test_what_inputs_are_reduced_to_leaves_them_as_they_were():
    before = replace(FULL)
    after(FULL, commands.SetOptions({"feather": 1}), commands.Override(B, "filtered"))
    assert before == FULL
    assert FULL.overrides == {A: "filtered"}


# ---- former areas -------------------------------------------------------------------------------


def chain(inputs: Inputs) -> list[Areas]:
    found, at = [], inputs.before
    while at is not None:
        found.append(at)
        at = at.before
    return found


def test_former_areas_of_the_same_photo_are_remembered_the_latest_first():
    second = after(FULL, commands.AddMasks((file("second"),)))
    third = chosen(second, grow=3)
    assert chain(third) == [second.areas, FULL.areas]


def test_former_areas_of_another_photo_are_not():
    second = after(FULL, commands.AddMasks((file("second"),)))
    assert chain(after(second, commands.GivePhoto(file("other")))) == []


@pytest.mark.parametrize(
    "command",
    [
        commands.RemoveMask("none of these"),
        commands.GivePhoto(file("photo")),
        commands.SetOptions({"feather": 77}),
        commands.SetOptions({"grow": 9999}),
        commands.Pick(1),
    ],
)
def test_areas_that_stay_as_they_are_do_not_stand_in_for_themselves(command):
    second = after(FULL, commands.AddMasks((file("second"),)))
    assert chain(after(second, command)) == [FULL.areas]


def test_a_recipe_stands_for_itself_alone_and_no_half_of_it_does():
    read = commands.ReadSettings({"grow": 3}, is_whole=True, painted=painted("its own"))
    assert chain(after(FULL, read)) == [FULL.areas]


def test_a_photo_without_areas_between_leaves_the_former_ones():
    none = after(FULL, commands.GiveReference(None), commands.RemoveAllMasks())
    new = after(none, commands.AddMasks((file("new"),)))
    assert FULL.areas in chain(new)
    assert none.areas not in chain(new)


def test_no_more_former_areas_are_remembered_than_may_be_looked_at():
    inputs = FULL
    for number in range(MOST_REMEMBERED + 5):
        inputs = chosen(inputs, grow=number + 1)
    assert len(chain(inputs)) == MOST_REMEMBERED
    assert dict(chain(inputs)[0].options)["grow"] == MOST_REMEMBERED + 4


def test_the_files_of_former_areas_are_needed_too():
    other = after(FULL, commands.AddMasks((file("second"),)), commands.RemoveMask("mask"))
    assert {one.id for one in other.needed_files} == {"photo", "mask", "second", "edited"}


def test_ones_own_photo_comes_back_after_an_example_with_all_that_was_done_to_it():
    own = reduce(given("mine", "mask"), commands.SetOptions({"feather": 33}))
    shown = reduce(own, commands.Show(EXAMPLE))
    assert shown == EXAMPLE
    assert {file.id for file in shown.needed_files} >= {"mine", "mask"}
    again = reduce(shown, commands.Show(EXAMPLE))
    assert reduce(again, commands.ShowMine()) == own
    assert reduce(own, commands.ShowMine()) == own


def test_what_is_clicked_and_framed_belongs_to_the_photo():
    box = Box(1, 2, 30, 40)
    marked = reduce(reduce(given("photo"), commands.MarkPoint(Point(3, 4))), commands.MarkBox(box))
    assert (marked.files.points, marked.files.boxes) == ((Point(3, 4),), (box,))
    assert reduce(marked, commands.ClearMarks()) == given("photo")
    other = reduce(marked, commands.GivePhoto(file("another")))
    assert (other.files.points, other.files.boxes) == ((), ())


def test_no_more_is_marked_than_can_be_read():
    full = given("photo")
    for _ in range(MOST_MARKS):
        full = reduce(
            reduce(full, commands.MarkPoint(Point(0, 0))), commands.MarkBox(Box(0, 0, 1, 1))
        )
    with pytest.raises(InputError, match="100 points were clicked: no more are allowed"):
        reduce(full, commands.MarkPoint(Point(0, 0)))
    with pytest.raises(InputError, match="100 boxes were drawn: no more are allowed"):
        reduce(full, commands.MarkBox(Box(0, 0, 1, 1)))
