"""What opacity follows, as a session has it."""

from typing import Any

from segui.session import commands
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from tests.session.fakes import given

RAMP = "30%..70% of red"
EITHER = "80% if warm else 20%"


def after(inputs: Inputs, *many: commands.Command) -> Inputs:
    for command in many:
        inputs = reduce(inputs, command)
    return inputs


def chosen(inputs: Inputs, **values: Any) -> Inputs:
    return after(inputs, commands.SetOptions(values))


PHOTO = given("photo", effect="grey")


def test_a_ramp_is_the_open_edits_own():
    two = after(chosen(PHOTO, fade=RAMP), commands.AddEdit())
    assert [edit.options["fade"] for edit in two.edits] == [RAMP, ""]
    assert two.edits[0].choosing != PHOTO.open_edit.choosing


def test_what_cannot_be_read_leaves_the_former_in_force_and_says_why():
    inputs = chosen(chosen(PHOTO, fade=RAMP), fade="30 of")
    assert (inputs.options["fade"], inputs.entered["fade"]) == (RAMP, "30 of")
    assert inputs.refused["fade"].splitlines()[0] == (
        "column 1: found '30 of': expected an opacity, such as 80%, 30%..70% of red or "
        "80% if @share > 2% else 30%"
    )


def test_a_condition_waits_for_the_rule_that_it_names():
    waiting = chosen(PHOTO, fade=EITHER)
    assert waiting.options["fade"] == ""
    assert waiting.refused["fade"] == (
        "'warm' is only a value: expected a comparison, such as red > 0.5"
    )
    named = chosen(waiting, rules="warm = red > 50%")
    assert (named.options["fade"], named.refused) == (EITHER, {})
    missed = chosen(named, rules="")
    assert missed.options["rules"] == "warm = red > 50%"
    assert missed.refused == {
        "rules": "the opacity by area could not be read any more: 'warm' is only a value: "
        "expected a comparison, such as red > 0.5"
    }
    other = chosen(named, rules="warm = red > 40%")
    assert other.meanings != named.meanings


def test_what_is_hidden_takes_none_and_another_edit_that_hides_keeps_none():
    hiding = chosen(chosen(PHOTO, fade=RAMP), effect="hide")
    assert hiding.options["fade"] == ""
    assert hiding.refused == {"fade": f"fade is '{RAMP}': expected '' for hide"}
    two = after(hiding, commands.AddEdit())
    named = chosen(two, rules="warm = red > 50%")
    assert named.edits[0].options["fade"] == ""
    assert chosen(hiding, effect="grey").options["fade"] == RAMP


def test_what_opacity_follows_is_asked_of_an_open_vocabulary():
    inputs = chosen(PHOTO, classifier="Manual CLIP or SigLIP", repo="org/a", fade="0..1 of dog")
    assert inputs.classifier.names == ("dog",)
