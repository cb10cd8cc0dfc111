"""Rules with names, as a session has them."""

from typing import Any

import pytest

from segui.session import commands
from segui.session.inputs import Inputs
from segui.session.reduce import UNREADABLE, reduce
from segui.session.rule_writing import texts_after
from segui.ui.view.rules import named_notes, named_title, rule_notes
from tests.session.fakes import given

WARM = "warm = red > 50%"


def after(inputs: Inputs, *many: commands.Command) -> Inputs:
    for command in many:
        inputs = reduce(inputs, command)
    return inputs


def chosen(inputs: Inputs, **values: Any) -> Inputs:
    return after(inputs, commands.SetOptions(values))


PHOTO = given("photo")
NAMED = chosen(PHOTO, rules=WARM, expression="warm and blue < 5%")


def test_a_rule_may_name_one_that_is_entered_with_it_or_before_it():
    assert (NAMED.rule, NAMED.refused) == ("warm and blue < 5%", {})
    assert chosen(chosen(PHOTO, rules=WARM), expression="warm").rule == "warm"


def test_a_rule_is_in_force_once_the_name_in_it_has_a_rule():
    waiting = chosen(PHOTO, expression="warm")
    assert (waiting.rule, waiting.refused) == ("*", {"expression": UNREADABLE})
    known = chosen(waiting, rules=WARM)
    assert (known.rule, known.refused) == ("warm", {})


def test_rules_that_a_rule_in_force_would_miss_are_not_used_and_say_why():
    inputs = chosen(NAMED, rules="")
    assert inputs.options["rules"] == WARM
    assert inputs.entered["rules"] == ""
    assert inputs.refused == {
        "rules": "the rule could not be read any more: 'warm' is only a value: expected a "
        "comparison, such as red > 0.5"
    }
    assert named_notes(inputs) == (
        "<p>Not used: the rule could not be read any more: &#x27;warm&#x27; is only a value: "
        "expected a comparison, such as red &gt; 0.5.</p>"
    )


def test_a_name_is_changed_in_either_of_two_places_first():
    first = chosen(NAMED, rules="hot = red > 50%")
    assert [*first.refused] == ["rules"]
    both = chosen(first, expression="hot")
    assert (both.rule, both.options["rules"], both.refused) == ("hot", "hot = red > 50%", {})
    other = chosen(NAMED, expression="hot")
    assert (other.rule, other.refused) == (NAMED.rule, {"expression": UNREADABLE})
    both = chosen(other, rules="hot = red > 50%")
    assert (both.rule, both.options["rules"], both.refused) == ("hot", "hot = red > 50%", {})


def test_the_rules_of_other_edits_are_not_lost_either():
    two = after(NAMED, commands.AddEdit(), commands.SetOptions({"expression": "*"}))
    inputs = chosen(two, rules="cold = blue > 50%")
    assert inputs.options["rules"] == WARM
    assert inputs.refused["rules"].startswith("the rule of edit 1 could not be read any more: ")
    assert chosen(inputs, rules=f"{WARM}\ncold = blue > 50%").refused == {}


def test_a_rule_of_another_edit_comes_in_force_when_its_name_has_a_rule():
    two = after(chosen(PHOTO, expression="warm"), commands.AddEdit())
    assert [edit.options["expression"] for edit in two.edits] == ["*", "*"]
    named = chosen(two, rules=WARM)
    assert [edit.options["expression"] for edit in named.edits] == ["warm", "*"]
    assert [edit.refused for edit in named.edits] == [{}, {}]


def test_rules_that_cannot_be_read_leave_the_former_ones_in_force_with_line_and_column():
    inputs = chosen(NAMED, rules=f"{WARM}\ncold = (blue > 1")
    assert inputs.options["rules"] == WARM
    assert "Line 2, column 8: of the rule &#x27;cold&#x27;: this parenthesis" in named_notes(inputs)


def test_the_areas_are_chosen_anew_where_a_rule_means_something_else_by_a_name():
    unused = chosen(NAMED, rules=f"{WARM}\ncold = blue > 50%")
    other = chosen(NAMED, rules="warm = red > 40%")
    spaced = chosen(NAMED, rules="warm  =  red>50%")
    assert NAMED.meanings == unused.meanings == spaced.meanings != other.meanings
    assert chosen(PHOTO, expression="red > 50%").meanings == ()


def test_what_a_named_rule_names_is_asked_of_an_open_vocabulary():
    inputs = chosen(
        PHOTO,
        classifier="Manual CLIP or SigLIP",
        repo="org/a",
        rules="pets = cat > 50% or dog > 50%",
        expression="pets and not indoors > 50%",
    )
    assert inputs.classifier.names == ("cat", "dog", "indoors")


def test_the_threshold_of_a_named_rule_is_dragged_in_that_rule():
    inputs = chosen(NAMED, rules=f"cold = blue > 50%\n{WARM}")
    moved = after(inputs, commands.BuildRule("threshold", {"index": 1, "value": 0.42}))
    assert moved.options["rules"] == "cold = blue > 50%\nwarm = red > 42%"
    assert moved.rule == NAMED.rule
    own = after(inputs, commands.BuildRule("threshold", {"index": 0, "value": 0.1}))
    assert (own.rule, own.options["rules"]) == ("warm and blue < 10%", inputs.options["rules"])


def test_a_condition_joins_a_rule_that_names_others():
    before = {"expression": "warm", "rules": WARM}
    data = {"word": "and", "label": "blue", "sign": "<", "value": 0.2}
    assert texts_after(before, "join", data) == {"expression": "warm and blue < 20%"}


@pytest.mark.parametrize(
    ("rules", "title"),
    [("", "Rules with names"), (f"{WARM}\n\ncold = blue > 1%", "Rules with names (2)")],
)
def test_the_folded_place_says_how_many_there_are(rules, title):
    assert named_title(chosen(PHOTO, rules=rules)) == title


def test_what_a_named_rule_was_read_as_is_said_with_its_name():
    assert named_notes(chosen(PHOTO, rules="warm = red > 50")) == (
        '<p class="help">warm: scores go from 0 to 1: did you mean red &gt; 50%?</p>'
    )
    assert rule_notes(chosen(PHOTO, rules="warm = red > 50", expression="warm"), "") == ""
