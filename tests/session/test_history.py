from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from segui.session import commands
from segui.session.commands import Command, Redo, SetOptions, Undo
from segui.session.files import Files
from segui.session.history import MOST_PHOTOS, MOST_STEPS
from segui.session.inputs import Inputs
from segui.session.session import Pools, Session
from tests.session.fakes import AREAS, DEFAULTS, EXAMPLE, MODEL, HandPool, file, given, making

BEGIN = given("photo", "mask", reference="edited")
CHANGES: tuple[Command, ...] = (
    commands.GivePhoto(file("other")),
    commands.GiveReference(None),
    commands.AddMasks((file("second"),)),
    commands.RemoveMask("mask"),
    commands.RemoveAllMasks(),
    commands.Paint(file("painted")),
    SetOptions({"grow": 3}),
    SetOptions({"expression": "red > 50%"}),
    SetOptions(MODEL),
    commands.BuildRule("rule", {"label": "red", "sign": ">", "value": 0.5}),
    commands.Override(AREAS[0], "filtered"),
    commands.ReadSettings({"alpha": 100}),
    commands.OpenProject(Files(file("project")), commands.ReadSettings({"alpha": 9}, ("",), True)),
    commands.Show(EXAMPLE),
    commands.Clear(),
)


def session(inputs: Inputs = BEGIN, *done: Command) -> Session:
    begun = Session(inputs, making, Pools(HandPool(), HandPool()))  # type: ignore[arg-type]
    for command in done:
        begun.submit(command)
    return begun


def can(begun: Session) -> tuple[bool, bool]:
    view = begun.view()
    return view.can_undo, view.can_redo


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
def test_whatever_changes_the_result_can_be_undone_and_done_again(command):
    one = session(BEGIN, command)
    changed = one.inputs
    assert changed != BEGIN
    assert can(one) == (True, False)
    one.submit(Undo())
    assert (one.inputs, can(one)) == (BEGIN, (False, True))
    one.submit(Redo())
    assert (one.inputs, can(one)) == (changed, (True, False))


def test_steps_are_undone_one_by_one_and_done_again_in_their_order():
    one = session(BEGIN)
    seen = [one.inputs]
    for command in CHANGES[:6]:
        one.submit(command)
        seen.append(one.inputs)
    for expected in reversed(seen[:-1]):
        one.submit(Undo())
        assert one.inputs == replace(expected, picked=0)
    for expected in seen[1:]:
        one.submit(Redo())
        assert one.inputs == replace(expected, picked=0)


def test_commands_of_one_event_may_be_one_step():
    one = session(BEGIN)
    one.submit(SetOptions({"grow": 3}))
    before = one.inputs
    drop = commands.GivePhoto(file("other")), commands.AddMasks((file("second"),))
    one.submit(*drop, SetOptions({"grow": 4}), is_one_step=True)
    after = one.inputs
    one.submit(Undo())
    assert one.inputs == before
    one.submit(Redo())
    assert one.inputs == after
    one.submit(Undo())
    # what changes nothing is no step, and leaves what can be done again
    one.submit(commands.Pick(0), is_one_step=True)
    assert can(one) == (True, True)
    one.submit(Undo())
    assert one.inputs == BEGIN


def test_with_nothing_to_undo_or_to_do_again_nothing_changes():
    one = session(BEGIN, Undo(), Redo())
    assert (one.inputs, can(one)) == (BEGIN, (False, False))


@pytest.mark.parametrize(
    "command",
    [
        commands.Pick(1),
        commands.AskAgain(),
        SetOptions({"feather": BEGIN.options["feather"]}),
        commands.RemoveMask("none of these"),
        commands.Override(AREAS[0], None),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_changes_no_result_is_no_step(command):
    assert can(session(BEGIN, command)) == (False, False)


def test_a_question_that_is_cancelled_is_no_step():
    one = session(given("photo", "mask", **MODEL), commands.Cancel())
    assert one.inputs.declined == one.inputs.question
    assert can(one) == (False, False)


def test_what_changes_no_result_leaves_what_was_undone():
    one = session(BEGIN, SetOptions({"grow": 3}), Undo(), commands.Pick(1))
    assert can(one) == (False, True)


def test_another_step_drops_what_was_undone():
    one = session(BEGIN, SetOptions({"grow": 3}), Undo(), SetOptions({"feather": 9}))
    assert can(one) == (True, False)
    one.submit(Redo())
    assert (one.inputs.options["grow"], one.inputs.options["feather"]) == (0, 9)


def typing(name: str, *texts: str, series: int = 1, **others: Any) -> list[Command]:
    return [SetOptions({**others, name: text}, series) for text in texts]


@pytest.mark.parametrize("others", [{}, {**DEFAULTS}], ids=["alone", "with all other options"])
def test_the_letters_of_a_rule_are_one_step(others):
    one = session(BEGIN, *typing("expression", "r", "red", "red > 5", "red > 50%", **others))
    assert one.inputs.rule == "red > 50%"
    one.submit(Undo())
    assert (one.inputs, can(one)) == (BEGIN, (False, True))


def test_a_rule_that_is_gone_to_again_is_another_step():
    first = typing("expression", "r", "red > 50%")
    one = session(BEGIN, *first, *typing("expression", "red > 5", "red > 5%", series=2))
    assert states(one, "expression") == [("red > 50%",), ("*",)]


def test_rules_that_are_picked_are_a_step_each():
    picked = [SetOptions({"expression": rule}) for rule in ("blue > 50%", "grey > 50%")]
    one = session(BEGIN, *typing("expression", "red > 50%"), *picked)
    assert states(one, "expression") == [("blue > 50%",), ("red > 50%",), ("*",)]


def test_a_rule_that_is_typed_after_something_else_is_another_step():
    first, second = typing("expression", "red > 50%", "blue > 50%")
    one = session(BEGIN, first, SetOptions({"feather": 9}), second, Undo())
    assert (one.inputs.rule, one.inputs.options["feather"]) == ("red > 50%", 9)


def test_a_rule_that_is_typed_after_an_undo_is_another_step():
    first, second, third = typing("expression", "red > 50%", "blue > 50%", "grey > 50%")
    one = session(BEGIN, SetOptions({"feather": 9}), first, second, Undo(), third, Undo())
    assert (one.inputs.rule, one.inputs.options["feather"]) == ("*", 9)


def test_another_text_is_another_step():
    one = session(
        BEGIN, *typing("expression", "red > 50%"), *typing("names", "dog", "dog, cat"), Undo()
    )
    assert (one.inputs.rule, one.inputs.options["names"]) == ("red > 50%", "")


def test_moves_of_a_slider_are_steps_of_their_own():
    one = session(BEGIN, SetOptions({"feather": 9}), SetOptions({"feather": 10}), Undo())
    assert one.inputs.options["feather"] == 9


def heard(presses: Sequence[tuple[str, Any, int]], *ends: int) -> list[Command]:
    """What a server hears of presses at controls that answers after some of them alone.

    Args:
        presses: The control, its value, and the series of moves.
        ends: Before which press each event was sent.
    """
    told: list[Command] = []
    for begin, end in pairwise((0, *ends, len(presses))):
        event = presses[begin:end]
        values = {name: value for name, value, _ in event}
        told += commands.in_series(values, {name: series for name, _, series in event})
    return told


def states(one: Session, *names: str) -> list[tuple[Any, ...]]:
    """The values of options before each step, the latest first."""
    found = []
    while one.view().can_undo:
        one.submit(Undo())
        found.append(tuple(one.inputs.options[name] for name in names))
    return found


PER_EVENT = pytest.mark.parametrize("per_event", [1, 2, 3, 10])


@PER_EVENT
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("feather", range(6, 16)),
        ("grow", range(1, 11)),
        ("effect", ["blur", "pixelate", "grey", "invert"]),
    ],
)
def test_a_series_of_moves_at_one_control_is_one_step_at_any_speed(name, values, per_event):
    presses = [(name, value, 7) for value in values]
    one = session(BEGIN, *heard(presses, *range(per_event, len(presses), per_event)))
    assert one.inputs.options[name] == presses[-1][1]
    assert states(one, name) == [(BEGIN.options[name],)]


@PER_EVENT
def test_moves_at_two_controls_are_two_steps_at_any_speed(per_event):
    presses = [("alpha", number, 7) for number in range(246, 251)]
    presses += [("feather", number, 8) for number in range(6, 11)]
    one = session(BEGIN, *heard(presses, *range(per_event, len(presses), per_event)))
    assert states(one, "alpha", "feather") == [(250, 5), (255, 5)]


def test_a_control_that_is_gone_to_again_begins_another_step():
    one = session(BEGIN, SetOptions({"feather": 9}, 1), SetOptions({"feather": 10}, 2))
    assert states(one, "feather") == [(9,), (5,)]


@pytest.mark.parametrize("other", [Undo(), commands.Override(AREAS[0], "filtered")])
def test_what_is_done_between_moves_ends_their_series(other):
    first = SetOptions({"feather": 8}), SetOptions({"feather": 9}, 3)
    one = session(BEGIN, *first, other, SetOptions({"feather": 10}, 3), Undo())
    assert one.inputs.options["feather"] == (8 if other == Undo() else 9)


def test_a_switch_that_is_turned_on_and_off_is_turned_twice():
    one = session(BEGIN, *(SetOptions({"fill_holes": one}, 3) for one in (True, False)))
    assert states(one, "fill_holes") == [(True,), (False,)]


def test_what_was_undone_does_not_look_at_the_area_that_it_looked_at():
    one = session(BEGIN, commands.Pick(2), SetOptions({"grow": 3}), Undo())
    assert one.inputs.picked == 0
    one.submit(commands.Pick(1), Redo())
    assert one.inputs.picked == 0


def test_an_undo_asks_nothing_that_was_cancelled_meanwhile():
    asking = given("photo", "mask", **MODEL)
    one = session(asking, SetOptions({"feather": 9}), commands.Cancel(), Undo())
    assert one.inputs.options["feather"] == asking.options["feather"]
    assert one.inputs.declined == asking.question


def test_an_undo_takes_no_attempt_back():
    one = session(BEGIN, SetOptions({"feather": 9}), commands.AskAgain(), Undo())
    assert one.inputs.attempt == 1
    one.submit(commands.AskAgain(), Redo())
    assert one.inputs.attempt == 2


def undone(one: Session) -> int:
    steps = 0
    while one.view().can_undo:
        one.submit(Undo())
        steps += 1
    return steps


def test_no_more_steps_are_kept_than_may_be():
    steps = [SetOptions({"feather": number}) for number in range(6, MOST_STEPS + 16)]
    assert undone(session(BEGIN, *steps)) == MOST_STEPS


def test_few_photos_of_ones_own_are_kept_for_an_undo():
    photos = [commands.GivePhoto(file(f"photo {number}")) for number in range(10)]
    one = session(BEGIN, *photos)
    assert len({inputs.files.photo for inputs in one.known_inputs}) == MOST_PHOTOS + 1
    assert undone(one) == MOST_PHOTOS
    assert one.inputs.files.photo == file("photo 5")


def test_examples_do_not_count_among_ones_own_photos():
    shown = [
        commands.Show(replace(given(f"example {number}", "mask"), scene=f"example {number}"))
        for number in range(10)
    ]
    assert undone(session(BEGIN, *shown)) == 10


def test_who_begins_anew_has_nothing_to_undo():
    one = session(BEGIN, SetOptions({"grow": 3}), commands.AskAgain())
    one.begin(EXAMPLE)
    assert can(one) == (False, False)
    assert one.inputs == replace(EXAMPLE, attempt=1)


# ---- the file that is taken away -----------------------------------------------------------------
def test_in_which_file_a_result_is_taken_is_no_step_and_leaves_an_examples_story():
    one = session(EXAMPLE, SetOptions({"format": "jpeg"}), SetOptions({"quality": 60}))
    assert can(one) == (False, False)
    assert one.inputs.story == EXAMPLE.story != ""
    assert (one.inputs.options["format"], one.inputs.options["quality"]) == ("jpeg", 60)


def test_in_which_file_a_result_is_taken_is_not_undone():
    one = session(BEGIN, SetOptions({"feather": 9}), SetOptions({"format": "webp"}), Undo())
    assert (one.inputs.options["feather"], one.inputs.options["format"]) == (
        DEFAULTS["feather"],
        "webp",
    )
    assert can(one) == (False, True)
    one.submit(SetOptions({"format": "png"}))
    assert can(one) == (False, True)
    one.submit(Redo())
    assert (one.inputs.options["feather"], one.inputs.options["format"]) == (9, "png")


def test_a_quality_that_cannot_be_stays_refused_whatever_is_undone():
    one = session(BEGIN, SetOptions({"feather": 9}), SetOptions({"quality": 0}), Undo())
    assert [*one.inputs.refused] == ["quality"]
    assert one.inputs.entered["quality"] == 0
