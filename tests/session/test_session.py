import contextvars
import threading
from typing import Any

import pytest

from segui.errors import ClassifierError, InputError, StorageError
from segui.session import commands
from segui.session.commands import SetOptions
from segui.session.derive import STOPPED
from segui.session.inputs import Inputs
from segui.session.pool import Pool
from segui.session.results import Stopped
from segui.session.session import Pools, Session
from segui.session.view import Step, View
from segui.session.working import NO_MEMORY, SORRY, work_out
from tests.session.fakes import DEFAULTS, MODEL, Bug, Gated, HandPool, file, given, making

ASKING = given("photo", "mask", **MODEL)
OTHER = SetOptions({"repo": "org/b"})


class Hand:
    """A session whose work is done when the test says so.

    Args:
        inputs: What it begins with.
        runner: Does the stages' work.
    """

    def __init__(self, inputs: Inputs = ASKING, runner: Any = making) -> None:
        self.quick, self.slow = HandPool(), HandPool()
        self.session = Session(inputs, runner, Pools(self.quick, self.slow))  # type: ignore[arg-type]
        self.told = 0
        self.session.listen(self.count)

    def count(self) -> None:
        self.told += 1

    def do_quick(self) -> View:
        while self.quick.waiting:
            self.quick.run_one()
        return self.session.view()

    def do_all(self) -> View:
        while self.quick.waiting or self.slow.waiting:
            (self.quick if self.quick.waiting else self.slow).run_one()
        return self.session.view()


class Model:
    """Stages of which scores do what a test wants in their midst."""

    def __init__(self, meanwhile: Any = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.asked: list[str] = []
        self.stopped = 0

    def __call__(self, task, plan, telling):
        if task.stage != "scores":
            return making(task, plan, telling)
        self.asked.append(plan.inputs.classifier.repo_id)
        telling.fetching(5, 10)
        self.meanwhile()
        try:
            telling.judging(1, 2)
        except Stopped:
            self.stopped += 1
            raise
        return making(task, plan, telling)


# ---- commands -----------------------------------------------------------------------------------


def test_a_command_is_numbered_and_told():
    hand = Hand()
    number = hand.session.submit(SetOptions({"feather": 9}))
    assert (number, hand.session.view().number, hand.told) == (1, 1, 1)
    assert hand.session.submit(SetOptions({"feather": 9})) == 2


def test_commands_that_come_together_are_done_together_or_not_at_all():
    hand = Hand()
    with pytest.raises(InputError, match="there is no option 'nothing'"):
        hand.session.submit(SetOptions({"feather": 9}), SetOptions({"nothing": 1}))
    view = hand.session.view()
    assert (view.inputs, view.number, view.can_undo, hand.told) == (ASKING, 0, False, 0)
    assert hand.session.submit(SetOptions({"feather": 9}), SetOptions({"alpha": 9})) == 1
    assert (hand.session.inputs.options["feather"], hand.session.inputs.options["alpha"]) == (9, 9)


def test_results_that_are_there_already_are_not_made_again():
    made = work_out(ASKING, making)[1]
    hand = Hand(Inputs.fresh(DEFAULTS))
    seeds = [(stage, key, value) for (stage, key), value in made.items()]
    hand.session.submit(commands.Show(ASKING), seeds=seeds)
    view = hand.session.view()
    assert view.plan.is_at_rest
    assert view.plan.painted is not None


def test_what_comes_while_something_is_done_is_looked_at_when_it_is_done():
    hand = Hand()
    hand.session.submit(commands.GivePhoto(file("second")))
    hand.session.submit(commands.GivePhoto(file("third")))
    assert len(hand.quick.waiting) == 1
    view = hand.do_all()
    assert view.plan.photo.of == (file("third"),)


def test_what_is_due_is_known_when_a_turn_comes():
    seen = []

    def run(task, plan, telling):
        seen.append(plan.inputs.files.photo.id)
        return making(task, plan, telling)

    hand = Hand(runner=run)
    hand.session.submit(commands.GivePhoto(file("other")))
    hand.do_quick()
    assert set(seen) == {"other"}


# ---- models -------------------------------------------------------------------------------------


def test_how_far_a_model_has_come_is_told():
    steps = []
    model = Model()
    hand = Hand(runner=model)
    hand.session.listen(lambda: steps.append(hand.session.view().step))
    hand.do_all()
    assert Step("fetching", 5, 10) in steps
    assert Step("judging", 1, 2) in steps
    assert hand.session.view().step is None


def test_how_far_what_is_built_in_has_come_is_not_told():
    steps = []
    hand = Hand(given("photo", "mask"), Model())
    hand.session.listen(lambda: steps.append(hand.session.view().step))
    assert hand.do_all().plan.scored is not None
    assert set(steps) == {None}


def test_a_question_that_nobody_wants_stops_at_its_models_next_sign_of_life():
    model = Model()
    hand = Hand(runner=model)
    hand.do_quick()
    model.meanwhile = lambda: hand.session.submit(OTHER) if len(model.asked) == 1 else None
    view = hand.do_all()
    assert (model.asked, model.stopped) == (["org/a", "org/b"], 1)
    assert view.plan.scored.of[1].repo_id == "org/b"


def test_a_question_that_nobody_wants_any_more_tells_no_steps():
    model = Model()
    hand = Hand(runner=model)
    hand.do_quick()

    steps = []

    def meanwhile():
        hand.session.submit(OTHER)
        steps.append(hand.session.view().step)

    model.meanwhile = meanwhile
    hand.slow.run_one()
    assert (model.stopped, steps) == (1, [None])
    assert hand.session.view().step is None


def test_another_model_is_asked_when_the_former_one_has_ended():
    model = Model()
    hand = Hand(runner=model)
    hand.do_quick()

    waiting = []

    def meanwhile():
        hand.session.submit(OTHER)
        hand.do_quick()
        waiting.append(len(hand.slow.waiting))

    model.meanwhile = meanwhile
    hand.slow.run_one()
    assert (waiting, len(hand.slow.waiting)) == ([0], 1)


def test_a_question_that_is_wanted_again_before_it_has_stopped_goes_on():
    model = Model()
    hand = Hand(runner=model)
    hand.do_quick()

    def meanwhile():
        if len(model.asked) == 1:
            hand.session.submit(OTHER)
            hand.session.submit(SetOptions({"repo": "org/a"}))

    model.meanwhile = meanwhile
    view = hand.do_all()
    assert (model.asked, model.stopped) == (["org/a"], 0)
    assert view.plan.scored.of[1].repo_id == "org/a"


def test_an_answer_that_comes_too_late_is_told_to_nobody_and_kept():
    views, asked = [], []

    def run(task, plan, telling):
        if task.stage == "scores" and not asked:
            asked.append(task)
            hand.session.submit(SetOptions({"classifier": "Colour names"}))
            views.append(hand.do_quick())
        return making(task, plan, telling)

    hand = Hand(runner=run)
    view = hand.do_all()
    assert view.plan.scored.of[1].name == "Colour names"
    assert (view.number, view.plan.scored) == (1, views[0].plan.scored)
    hand.session.submit(SetOptions(MODEL))
    assert hand.do_quick().plan.scored.of[1].repo_id == "org/a"
    assert len(asked) == 1


def test_a_question_that_is_cancelled_is_not_answered_though_its_answer_comes():
    def run(task, plan, telling):
        if task.stage == "scores":
            hand.session.submit(commands.Cancel())
        return making(task, plan, telling)

    hand = Hand(runner=run)
    view = hand.do_all()
    assert (view.plan.scored, view.plan.trouble) == (None, STOPPED)
    hand.session.submit(commands.AskAgain())
    assert hand.do_quick().plan.scored is not None


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_click_on_cancel_that_comes_after_the_answer_takes_nothing_away(is_settled):
    hand = Hand()
    hand.do_quick()
    hand.slow.run_one()
    if is_settled:
        hand.do_all()
    hand.session.submit(commands.Cancel())
    view = hand.do_all()
    assert view.plan.scored is not None
    assert view.inputs.declined is None


def test_a_click_on_cancel_that_comes_after_a_failure_leaves_its_reason():
    hand = Hand(runner=failing_once("scores", ClassifierError("no such repo")))
    hand.do_all()
    hand.session.submit(commands.Cancel())
    assert hand.do_all().plan.trouble == "no such repo"


def test_a_question_is_cancelled_before_its_areas_are_there():
    hand = Hand()
    hand.session.submit(commands.Cancel())
    view = hand.do_all()
    assert (view.plan.scored, view.plan.trouble) == (None, STOPPED)


def test_a_model_is_not_asked_while_nobody_looks():
    model = Model()
    hand = Hand(runner=model)
    hand.session.pause()
    view = hand.do_all()
    assert (model.asked, view.plan.painted is None) == ([], False)
    hand.session.resume()
    assert hand.do_all().plan.scored is not None


def test_a_pause_stops_a_model_and_who_looks_again_has_it_asked_anew():
    model = Model(lambda: hand.session.pause() if len(model.asked) == 1 else None)
    hand = Hand(runner=model)
    view = hand.do_all()
    assert (model.stopped, view.plan.scored) == (1, None)
    hand.session.resume()
    view = hand.do_all()
    assert (model.asked, view.plan.scored is None) == (["org/a"] * 2, False)


def test_a_model_whose_turn_had_not_come_is_not_asked_when_nobody_looks_any_more():
    model = Model()
    hand = Hand(runner=model)
    hand.do_quick()
    assert len(hand.slow.waiting) == 1
    hand.session.pause()
    hand.do_all()
    assert model.asked == []


def test_a_command_is_as_good_as_a_look():
    hand = Hand()
    hand.session.pause()
    hand.do_all()
    hand.session.submit(SetOptions({"feather": 9}))
    assert hand.do_all().plan.scored is not None


# ---- what goes wrong ----------------------------------------------------------------------------


def failing_once(stage: str, error: Exception) -> Any:
    """Stages of which one fails the first time."""
    failed: list[str] = []

    def run(task, plan, telling):
        if task.stage == stage and not failed:
            failed.append(stage)
            raise error
        return making(task, plan, telling)

    return run


def test_a_stage_for_which_there_is_no_memory_says_so_and_is_tried_again(caplog):
    hand = Hand(given("photo", "mask"), failing_once("scene", MemoryError()))
    assert hand.do_all().plan.failure.sentence == NO_MEMORY
    assert caplog.messages == ["there is no memory for a stage: scene"]
    hand.session.submit(commands.Pick(1))
    assert hand.do_all().plan.scene is not None


def test_what_nobody_foresaw_is_logged_and_tried_again_with_the_next_command(caplog):
    hand = Hand(given("photo", "mask"), failing_once("scene", Bug("a loop")))
    view = hand.do_all()
    assert (view.plan.scene, view.plan.failure.sentence) == (None, SORRY)
    assert "a stage failed: scene" in caplog.text
    assert "Bug: a loop" in caplog.text
    hand.session.submit(commands.Pick(1))
    view = hand.do_all()
    assert (view.plan.failure, view.plan.painted is None) == (None, False)


def test_who_begins_anew_tries_again_what_nobody_foresaw():
    hand = Hand(given("photo", "mask"), failing_once("scene", Bug("a loop")))
    hand.do_all()
    hand.session.begin(hand.session.inputs)
    assert hand.do_all().plan.failure is None


def test_files_that_cannot_be_used_are_not_tried_again():
    hand = Hand(given("photo", "mask"), failing_once("scene", InputError("too small")))
    hand.do_all()
    hand.session.submit(SetOptions({"feather": 9}))
    assert hand.do_all().plan.failure.sentence == "too small"


def test_a_model_that_failed_is_asked_again_when_it_is_asked_for():
    hand = Hand(runner=failing_once("scores", ClassifierError("no such repo")))
    assert hand.do_all().plan.trouble == "no such repo"
    hand.session.submit(SetOptions({"feather": 9}))
    assert hand.do_all().plan.trouble == "no such repo"
    hand.session.submit(commands.AskAgain())
    view = hand.do_all()
    assert (view.plan.trouble, view.plan.scored is None) == ("", False)


def test_a_model_that_fails_when_it_was_asked_again_meanwhile_is_asked_again():
    def run(task, plan, telling):
        if task.stage == "scores" and not failed:
            failed.append(task)
            hand.session.submit(commands.AskAgain())
            raise ClassifierError("no such repo")
        return making(task, plan, telling)

    failed: list[Any] = []
    hand = Hand(runner=run)
    assert hand.do_all().plan.scored is not None


def test_who_cannot_be_told_holds_up_nobody_else(caplog):
    hand = Hand(runner=Model())

    def broken():
        raise RuntimeError("the loop is closed")

    hand.session.listen(broken)
    after = []
    hand.session.listen(lambda: after.append(1))
    assert hand.do_all().plan.scored is not None
    assert after
    assert "a change could not be told" in caplog.text


def test_who_listens_no_more_is_told_no_more():
    hand, told = Hand(), []
    end = hand.session.listen(lambda: told.append(1))
    end()
    hand.session.submit(commands.Pick(1))
    assert (told, hand.told) == ([], 1)


# ---- ends ---------------------------------------------------------------------------------------


def test_a_session_that_has_ended_begins_nothing_more():
    model, ended = Model(), []
    hand = Hand(runner=model)
    hand.do_quick()
    hand.session.end(lambda: ended.append(1))
    hand.session.submit(SetOptions({"feather": 9}))
    hand.do_all()
    assert (ended, model.asked) == ([1], [])


def test_who_follows_a_session_is_told_that_it_has_ended():
    hand = Hand()
    assert not hand.session.has_ended
    seen: list[bool] = []
    hand.session.listen(lambda: seen.append(hand.session.has_ended))
    hand.session.end(lambda: None)
    assert seen == [True]


def test_a_session_has_ended_when_nothing_of_it_is_being_done():
    def run(task, plan, telling):
        if task.stage == "pictures":
            hand.session.end(lambda: ended.append("ended"))
            ended.append("written")
        return making(task, plan, telling)

    ended: list[str] = []
    hand = Hand(given("photo", "mask"), run)
    view = hand.do_all()
    assert (ended, view.plan.painted) == (["written", "ended"], None)


def test_a_model_that_is_asked_is_stopped_when_its_session_ends():
    model, ended = Model(), []
    hand = Hand(runner=model)
    hand.do_quick()
    model.meanwhile = lambda: hand.session.end(lambda: ended.append(1))
    hand.do_all()
    assert (model.stopped, ended) == (1, [1])


# ---- threads ------------------------------------------------------------------------------------


@pytest.fixture
def pools() -> Pools:
    return Pools(Pool(2, "work"), Pool(1, "ask"))


def test_who_waits_is_told_when_it_has_come(pools):
    gated = Gated()
    session = Session(given("photo", "mask"), gated, pools)
    opener = threading.Thread(target=gated.open_all)
    opener.start()
    view = session.wait_until(lambda view: view.plan.painted is not None, 60)
    assert view.plan.is_at_rest
    opener.join()


def test_who_has_waited_for_long_enough_is_told_so(pools):
    gated = Gated()
    session = Session(given("photo", "mask"), gated, pools)
    with pytest.raises(TimeoutError, match=r"the session has not come to it within 0\.01 s"):
        session.wait_until(lambda view: view.plan.painted is not None, 0.01)
    gated.open_all()


def test_work_is_done_for_whoever_asked_last(pools):
    who: contextvars.ContextVar[str] = contextvars.ContextVar("who")
    seen: dict[str, str] = {}

    def run(task, plan, telling):
        seen[task.stage] = who.get("nobody")
        return making(task, plan, telling)

    session = Session(Inputs.fresh(DEFAULTS), run, pools)
    who.set("the first")
    session.submit(commands.GivePhoto(file("photo")))
    session.wait_until(lambda view: view.plan.is_at_rest, 60)
    assert seen == {"photo": "the first", "small": "the first"}
    who.set("the second")
    session.submit(commands.AddMasks((file("mask"),)))
    session.wait_until(lambda view: view.plan.is_at_rest, 60)
    assert {seen[stage] for stage in ("scene", "pictures", "scores", "painted")} == {"the second"}


def test_what_can_be_done_at_once_is_done_at_once(pools):
    gated = Gated()
    session = Session(given("photo", "mask"), gated, pools)
    gated.open(gated.next("photo"))
    for stage in ("scene", "small"):
        gated.next(stage)
    assert {gate.task.stage for gate in gated.waiting} == {"scene", "small"}
    gated.open_all()
    session.wait_until(lambda view: view.plan.is_at_rest, 60)


def test_an_ended_session_holds_nothing():
    hand = Hand()
    hand.session.submit(SetOptions({"feather": 9}))
    hand.do_all()
    assert hand.session.held
    hand.session.end(lambda: None)
    hand.do_all()
    assert (hand.session.held, hand.session.view().inputs) == ([], Inputs.fresh(DEFAULTS))


# ---- what is being found ------------------------------------------------------------------------


class Finder:
    """Stages of which the areas of certain masks take long, and tell how far they are."""

    def __init__(self, slow: str) -> None:
        self.slow = slow
        self.meanwhile = lambda: None
        self.stopped = 0

    def __call__(self, task, plan, telling):
        if task.stage == "scene" and file(self.slow) in task.key.files.masks:
            telling.finding(0, 3)
            self.meanwhile()
            try:
                telling.finding(1, 3)
            except Stopped:
                self.stopped += 1
                raise
        return making(task, plan, telling)


def finding() -> tuple[Hand, Finder]:
    """A session with areas, to which masks were added that take long."""
    finder = Finder("many")
    hand = Hand(given("photo", "mask"), finder)
    hand.do_all()
    hand.session.submit(commands.AddMasks((file("many"),)))
    return hand, finder


def test_how_far_the_finding_of_areas_has_come_is_told():
    hand, finder = finding()
    seen = []
    finder.meanwhile = lambda: seen.append((hand.session.view().finding, hand.session.view().step))
    view = hand.do_all()
    assert seen == [(Step("finding", 0, 3), None)]
    assert (view.finding, len(view.inputs.files.masks)) == (None, 2)


def test_who_listens_is_not_told_again_of_what_has_come_no_further():
    told = []

    def asking(task, plan, telling):
        if task.stage == "scene" and task.key.files.masks:
            telling.finding(1, 3)
            before = hand.told
            for _ in range(50):
                telling.finding(1, 3)
            told.append(hand.told - before)
            telling.finding(2, 3)
            told.append(hand.told - before)
        return making(task, plan, telling)

    hand = Hand(given("photo", "mask"), asking)
    hand.do_all()
    assert told == [0, 1]


def test_finding_areas_is_cancelled_by_taking_back_what_asked_for_it():
    hand, finder = finding()
    assert hand.session.view().can_cancel
    finder.meanwhile = lambda: hand.session.submit(SetOptions({"feather": 9}), commands.Cancel())
    view = hand.do_all()
    assert finder.stopped == 1
    assert (view.inputs.files.masks, view.plan.is_at_rest) == ((file("mask"),), True)
    assert view.can_redo
    hand.session.submit(commands.Redo())
    finder.meanwhile = lambda: None
    assert len(hand.do_all().inputs.files.masks) == 2


def test_areas_that_are_not_wanted_any_more_are_not_found_to_the_end():
    hand, finder = finding()
    finder.meanwhile = lambda: hand.session.submit(commands.RemoveAllMasks())
    view = hand.do_all()
    assert (finder.stopped, view.plan.scene) == (1, None)


def test_what_cannot_be_taken_back_cannot_be_cancelled():
    finder = Finder("mask")
    hand = Hand(given("photo", "mask"), finder)
    assert not hand.session.view().can_cancel
    finder.meanwhile = lambda: hand.session.submit(commands.Cancel())
    view = hand.do_all()
    assert (finder.stopped, view.plan.scene is None, view.can_cancel) == (0, False, False)


def test_what_the_disk_had_no_room_for_is_tried_again_with_the_next_command():
    def run(task, plan, telling):
        if task.stage == "pictures" and is_full:
            raise StorageError("the disk is full")
        return making(task, plan, telling)

    is_full = [True]
    hand = Hand(given("photo", "mask"), run)
    assert hand.do_quick().plan.mishap == "the disk is full"
    is_full.clear()
    hand.session.submit(commands.Pick(0))
    plan = hand.do_quick().plan
    assert (plan.mishap, plan.pictures is None) == ("", False)


@pytest.mark.parametrize(("size_hw", "is_large"), [((4000, 4000), False), ((4000, 4001), True)])
def test_work_on_a_large_photo_leaves_a_thread_to_the_others(size_hw, is_large):
    def run(task, plan, telling):
        made = making(task, plan, telling)
        return made._replace(size_hw=size_hw) if task.stage == "photo" else made

    hand = Hand(given("photo", "mask"), run)
    hand.do_all()
    assert hand.quick.large[0] is False, "nobody has looked at it yet"
    assert set(hand.quick.large[1:]) == {is_large}
