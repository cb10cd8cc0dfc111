from dataclasses import replace
from typing import Any

import pytest

from segui.classifiers.catalogue import CATALOGUE, MANUAL, MANUAL_WORDS
from segui.errors import ClassifierError, InputError
from segui.session import commands
from segui.session.derive import NO_NAMES, NO_REPO, STOPPED, Plan, derive
from segui.session.inputs import Inputs
from segui.session.reduce import reduce
from segui.session.results import Failed
from segui.session.view import View
from segui.session.working import SORRY, work_out
from tests.session.fakes import AREAS, DEFAULTS, MODEL, Bug, Made, file, given, making

ONE = given("photo", "good")
BAD = reduce(ONE, commands.AddMasks((file("bad"),)))
WORSE = reduce(BAD, commands.AddMasks((file("bad too"),)))
ASKING = given("photo", "good", **MODEL)


def failing(stage: str, error: Exception | None = None, of: str = "") -> Any:
    """Stages of which one fails, always or for files of one name."""

    def run(task, plan, telling):
        if task.stage != stage or of not in repr(task.key):
            return making(task, plan, telling)
        if error is not None:
            raise error
        return Failed(f"{task.stage} failed", (("bad", "too small"),))

    return run


def settled(inputs: Inputs, run: Any = making) -> Plan:
    """What is there before any model has answered."""
    made: dict[Any, Any] = {}
    while True:
        plan = derive(inputs, lambda stage, key: made.get((stage, key)))
        if not plan.todo:
            return plan
        for task in plan.todo:
            made[task.stage, task.key] = run(task, plan, None)


def at_rest(inputs: Inputs, run: Any = making) -> Plan:
    return work_out(inputs, run)[0]


def masks(made: Made) -> list[str]:
    """The masks that a scene was made from."""
    return [mask.id for mask in made.of[1].files.masks]


def stages_in_turn(inputs: Inputs) -> list[tuple[str, ...]]:
    made: dict[Any, Any] = {}
    turns = []
    while True:
        plan = derive(inputs, lambda stage, key: made.get((stage, key)))
        if plan.is_at_rest:
            return turns
        tasks = plan.todo or (plan.slow,)
        turns.append(tuple(task.stage for task in tasks))
        for task in tasks:
            made[task.stage, task.key] = making(task, plan, None)


# ---- the order ----------------------------------------------------------------------------------


def test_nothing_follows_from_nothing():
    plan = derive(Inputs.fresh(DEFAULTS), lambda *_: None)
    assert plan.is_at_rest
    assert (plan.photo, plan.scene, plan.failure, plan.trouble) == (None, None, None, "")


def test_what_is_built_in_judges_while_pictures_are_made():
    assert stages_in_turn(ONE) == [
        ("photo",), ("scene", "small"), ("pictures", "scores"), ("selection",), ("painted",)
    ]  # fmt: skip


def test_a_model_is_asked_when_all_the_rest_is_there():
    assert stages_in_turn(ASKING) == [
        ("photo",), ("scene", "small"), ("pictures",), ("selection",), ("painted",),
        ("scores",), ("pictures",), ("selection",), ("painted",),
    ]  # fmt: skip


def test_a_photo_alone_waits_for_areas():
    plan = at_rest(given("photo"))
    assert (plan.photo.stage, plan.small.stage, plan.scene) == ("photo", "small", None)
    assert (plan.failure, plan.trouble) == (None, "")


def test_a_model_that_is_asked_holds_up_nothing():
    plan = settled(ASKING)
    assert plan.is_settled
    assert not plan.is_at_rest
    assert plan.slow.stage == "scores"
    assert plan.scored is None
    assert plan.painted is not None


def test_before_a_model_has_answered_areas_are_shown_as_they_are():
    before, after = settled(ASKING), at_rest(ASKING)
    assert (before.shows, before.pictures.of[1]) == ("", "")
    assert (after.shows, after.pictures.of[1]) == ("crop", "crop")
    seen_alone = at_rest(given("photo", "good", **MODEL, context="segment"))
    assert (seen_alone.shows, seen_alone.pictures.of[1]) == ("segment", "segment")


def test_what_is_built_in_sees_no_context():
    plan = at_rest(given("photo", "good", context="segment"))
    assert plan.scored is not None
    assert (plan.shows, plan.pictures.of[1]) == ("", "")


def test_areas_of_a_model_that_has_not_answered_are_told_apart_without_its_scores():
    assert settled(ASKING).selection.of[1] is None
    assert at_rest(ASKING).selection.of[1] == at_rest(ASKING).scored


# ---- files that cannot be used ------------------------------------------------------------------


def test_a_photo_that_cannot_be_read_says_why():
    plan = at_rest(ONE, failing("photo", InputError("the photo is no picture")))
    assert plan.failure == Failed("the photo is no picture")
    assert (plan.photo, plan.scene) == (None, None)
    assert View(1, plan).stale == ""


def test_where_files_cannot_be_used_the_former_areas_stay():
    plan = at_rest(BAD, failing("scene", of="bad"))
    assert plan.failure == Failed("scene failed", (("bad", "too small"),))
    assert plan.areas == ONE.areas
    assert masks(plan.scene) == ["good"]
    assert plan.painted == at_rest(ONE).painted
    assert View(1, plan).stale == "Not up to date: scene failed"


def test_of_files_that_cannot_be_used_in_a_row_the_latest_ones_say_why():
    def run(task, plan, telling):
        made = making(task, plan, telling)
        if task.stage == "scene" and "bad" in repr(task.key):
            return Failed(f"no areas of {', '.join(masks(made))}")
        return made

    plan = at_rest(WORSE, run)
    assert plan.failure == Failed("no areas of good, bad, bad too")
    assert masks(plan.scene) == ["good"]


def test_where_no_files_could_ever_be_used_there_are_no_areas():
    plan = at_rest(WORSE, failing("scene"))
    assert plan.is_at_rest
    assert (plan.scene, plan.selection, plan.painted) == (None, None, None)
    assert plan.failure.sentence == "scene failed"
    assert plan.photo is not None


def test_rules_and_effects_go_on_working_on_former_areas():
    changed = reduce(BAD, commands.SetOptions({"expression": "red > 50%", "feather": 44}))
    plan = at_rest(changed, failing("scene", of="bad"))
    assert "red > 50%" in plan.selection.of
    ((_, pasted),) = plan.painted.of[2]
    assert ("feather", 44) in pasted


def test_another_model_may_be_asked_of_former_areas():
    plan = settled(reduce(BAD, commands.SetOptions(MODEL)), failing("scene", of="bad"))
    assert plan.slow.key[0] == ONE.areas


# ---- classifiers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"classifier": MANUAL}, NO_REPO),
        ({"classifier": MANUAL, "repo": "  "}, NO_REPO),
        ({"classifier": MANUAL_WORDS, "repo": "org/clip"}, NO_NAMES),
        ({"classifier": MANUAL_WORDS}, NO_REPO),
    ],
)
def test_what_is_missing_before_a_model_can_be_asked_is_told(options, sentence):
    plan = at_rest(given("photo", "good", **options))
    assert plan.trouble == sentence
    assert (plan.scored, plan.painted is None) == (None, False)


def test_words_to_look_for_are_in_the_rule_or_in_the_list():
    words = {"classifier": MANUAL_WORDS, "repo": "org/clip"}
    assert settled(given("photo", "good", **words, names="dog")).slow is not None
    assert settled(given("photo", "good", **words, expression="dog > 50%")).slow is not None


@pytest.mark.parametrize("entry", [entry for entry in CATALOGUE if entry.reason], ids=str)
def test_a_classifier_that_cannot_be_had_says_why_and_is_not_asked(entry):
    plan = at_rest(given("photo", "good", classifier=entry.name))
    assert plan.trouble.startswith(f"{entry.name} is not available: its weights")
    assert (plan.scored, plan.slow) == (None, None)


def test_a_model_that_failed_says_why_and_the_rest_is_there():
    plan = at_rest(ASKING, failing("scores", ClassifierError("no such repo")))
    assert (plan.trouble, plan.scored, plan.slow) == ("no such repo", None, None)
    assert plan.painted is not None


def test_a_model_that_failed_is_asked_anew_at_the_next_attempt_alone():
    _, made = work_out(ASKING, failing("scores", ClassifierError("no such repo")))
    again = replace(ASKING, attempt=1)
    assert work_out(again, making, made)[0].scored is not None
    elsewhere = reduce(ASKING, commands.SetOptions({"feather": 9}))
    assert work_out(elsewhere, making, made)[0].trouble == "no such repo"


def test_a_question_that_is_not_wanted_is_not_asked():
    plan = at_rest(reduce(ASKING, commands.Cancel()))
    assert (plan.trouble, plan.scored, plan.slow) == (STOPPED, None, None)
    assert plan.painted is not None


def test_a_question_that_is_not_wanted_is_not_answered_though_its_answer_is_there():
    _, made = work_out(ASKING, making)
    declined = reduce(ASKING, commands.Cancel())
    assert work_out(declined, making, made)[0].scored is None
    again = reduce(declined, commands.AskAgain())
    assert derive(again, lambda stage, key: made.get((stage, key))).scored is not None


def test_another_question_than_the_one_that_is_not_wanted_is_asked():
    other = reduce(reduce(ASKING, commands.Cancel()), commands.SetOptions({"repo": "org/b"}))
    assert settled(other).slow is not None


def test_what_is_built_in_answers_though_it_is_not_wanted():
    assert at_rest(reduce(ONE, commands.Cancel())).scored is not None


# ---- what goes wrong on the way -----------------------------------------------------------------


def test_why_there_is_nothing_to_paste_is_told():
    plan = at_rest(ONE, failing("painted", InputError("there is nothing to paste")))
    assert (plan.painted, plan.nothing_painted) == (None, "there is nothing to paste")
    assert plan.selection is not None


def test_areas_that_cannot_be_told_apart_give_no_result_and_say_why():
    plan = at_rest(ONE, failing("selection", InputError("nothing can be chosen")))
    assert (plan.selection, plan.painted) == (None, None)
    assert plan.nothing_painted == "nothing can be chosen"


@pytest.mark.parametrize("stage", ["small", "pictures"])
def test_pictures_that_cannot_be_made_are_none_and_hold_up_nothing(stage):
    plan = at_rest(ONE, failing(stage, Bug("disk full")))
    assert getattr(plan, stage) is None
    assert plan.mishap == SORRY
    assert plan.painted is not None


# ---- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "command"),
    [
        ("photo", commands.GivePhoto(file("other"))),
        ("scene", commands.AddMasks((file("second"),))),
        ("scene", commands.RemoveMask("good")),
        ("scene", commands.GiveReference(file("edited"))),
        ("scene", commands.Paint(file("painted"))),
        ("scene", commands.SetOptions({"grow": 3})),
        ("scene", commands.SetOptions({"crop_factor": 2})),
        ("scores", commands.SetOptions(MODEL)),
        ("selection", commands.SetOptions({"expression": "red > 50%"})),
        ("selection", commands.SetOptions({"on_unknown": "review"})),
        ("selection", commands.Override(AREAS[0], "filtered")),
        ("painted", commands.SetOptions({"effect": "blur"})),
        ("painted", commands.SetOptions({"alpha": 100})),
        ("painted", commands.SetOptions({"effect_on": "everything else"})),
        (None, commands.SetOptions({"device": "cpu"})),
        (None, commands.SetOptions({"grow": 9999})),
        (None, commands.Pick(1)),
    ],
)
def test_what_is_not_concerned_is_not_made_again(stage, command):
    begun = given("photo", "good", "second one", reference="former")
    _, made = work_out(begun, making)
    plan = derive(reduce(begun, command), lambda stage, key: made.get((stage, key)))
    slow = () if plan.slow is None else (plan.slow,)
    first = next(iter((*slow, *plan.todo)), None)
    assert (first and first.stage) == stage


def test_another_device_is_another_question_to_a_model():
    assert settled(ASKING).slow != settled(reduce(ASKING, commands.SetOptions({"device": "cpu"})))
