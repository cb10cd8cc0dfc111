"""What handlers do about events that overtake each other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from segui.classifiers.catalogue import CATALOGUE
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.colour import ColourNames
from segui.classifiers.model_cache import ModelCache
from segui.options import OPTIONS
from segui.settings import Settings
from segui.ui import steps
from segui.ui.folders import Folders
from segui.ui.handlers import Handlers
from segui.ui.layout.columns import build_layout
from segui.ui.state import Files, Hand, Work
from segui.ui.turns import Overlaps, Turns
from segui.ui.wishes import default_values, wishes_of
from tests.ui.loops import closing_loops

SESSION: Any = SimpleNamespace(session_hash="mine")
VALUES = default_values("Colour names", "auto")
WISHES = wishes_of(VALUES)


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def overlaps() -> Overlaps:
    return Overlaps()


@pytest.fixture
def handlers(turns: Turns, overlaps: Overlaps, tmp_path: Path) -> Iterator[Handlers]:
    settings = Settings()
    with closing_loops():
        with gr.Blocks():
            parts = build_layout(settings, [])
        yield Handlers(parts, settings, Folders(tmp_path), ModelCache(settings), turns, overlaps)


@pytest.fixture
def unscored(pictures: Path, tmp_path: Path) -> Work:
    """Areas as a rule leaves them that was written just before a model's answer came."""
    files = Files(pictures / "photo.png", (pictures / "mask.png",))
    found = steps.opened(files, WISHES.segments, Settings(), tmp_path)
    return steps.chosen(found, WISHES, Hand())


def checked(handlers: Handlers, work: Work, values: dict[str, Any] = VALUES) -> dict[Any, Any]:
    return handlers.check(SESSION, work.files, work.files.scene, work, Hand(), *values.values())


def test_an_answer_that_a_rule_took_away_is_asked_for_again(handlers, turns, unscored):
    turns.answer("mine", turns.take("mine"))
    told = checked(handlers, unscored)[handlers.parts.work]
    assert told.scores is not None
    assert told.selection is not None


def test_an_answer_that_is_still_to_come_is_waited_for(handlers, turns, unscored):
    turns.answer("mine", turns.take("mine"))
    turns.take("mine")
    assert handlers.parts.work not in checked(handlers, unscored)


def test_a_model_that_said_why_it_cannot_answer_is_not_asked_again(handlers, turns, unscored):
    turns.answer("mine", turns.take("mine"))
    failed = replace(unscored, trouble="it cannot be loaded")
    assert handlers.parts.work not in checked(handlers, failed)


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE if entry.reason])
def test_a_classifier_that_cannot_be_had_says_why_and_is_not_asked(name, handlers, unscored):
    values = {**VALUES, "classifier": name}
    told = handlers.other_classifier(SESSION, unscored, Hand(), *values.values())
    assert told[handlers.parts.work].trouble.startswith(f"{name} is not available: its weights")
    assert handlers.parts.waiting not in told
    assert f"{name} (not available)" in dict(OPTIONS["classifier"].kind.pairs)


def test_areas_that_are_being_found_are_wanted_though_a_classifier_is_chosen(handlers, turns):
    finding = turns.take("mine")
    handlers.other_classifier(SESSION, Work(), Hand(), *VALUES.values())
    assert turns.is_latest("mine", finding)


def test_areas_that_a_former_classifier_judged_are_judged_again(handlers, unscored):
    judged = replace(
        steps.scored(unscored, ClassifierChoice("Manual repo id", "org/name"), ColourNames()),
        selection=unscored.selection,
    )
    told = checked(handlers, judged)[handlers.parts.work]
    assert told.scores_of == WISHES.classifier.key


def test_nothing_is_found_twice_at_once(handlers, overlaps, unscored):
    older = replace(unscored, opened_as=None)
    assert handlers.parts.work in checked(handlers, older)
    overlaps.begin("mine")
    assert handlers.parts.work not in checked(handlers, older)


def test_of_two_steps_at_once_the_later_one_is_answered_whichever_ends_last(
    handlers, turns, unscored, monkeypatch
):
    asked = {**VALUES, "classifier": "Manual repo id", "repo": "org/name"}
    other = {**asked, "context": "bbox"}
    monkeypatch.setattr(ModelCache, "get", lambda *_: ColourNames())
    waiting, work = handlers.parts.waiting, handlers.parts.work
    # what the earlier one says may come to the page after what the later one does
    earlier = handlers.classifier(SESSION, unscored, Hand(), *asked.values())
    later = handlers.classifier(SESSION, unscored, Hand(), *other.values())
    assert earlier[waiting] < later[waiting]
    *_, last = handlers.judge(SESSION, earlier[work], Hand(), *other.values())
    assert last[work].scores_of == wishes_of(other).classifier.key
    *_, nothing = handlers.judge(SESSION, last[work], Hand(), *other.values())
    assert work not in nothing  # it was answered


def test_a_style_shows_the_controls_of_its_effect_as_picking_the_effect_does(handlers, unscored):
    strength = handlers.parts.paste.strength
    picked = handlers.effect(unscored, Hand(), *paste_values(effect="hide"))
    styled = handlers.styled("privacy")(SESSION, unscored, Hand(), *VALUES.values())
    for told in (picked, styled):
        assert (told[strength]["visible"], told[strength]["label"]) == (True, "Block size")


def paste_values(**changed):
    names = ("effect", "effect_on", "strength", "colour", "feather", "alpha", "edge")
    return [{**VALUES, **changed}[name] for name in names]


def test_an_answer_leaves_the_area_that_was_picked_meanwhile(
    handlers, turns, unscored, monkeypatch
):
    asked = {**VALUES, "classifier": "Manual repo id", "repo": "org/name"}
    monkeypatch.setattr(ModelCache, "get", lambda *_: ColourNames())
    turns.ask("mine", turns.take("mine"))
    *_, last = handlers.judge(SESSION, unscored, Hand(), *asked.values())
    outcome = handlers.parts.outcome
    assert last[handlers.parts.work].scores is not None
    assert outcome.detail not in last
    assert "selected" not in last[outcome.result]
    judged, files = last[handlers.parts.work], unscored.files
    told = handlers.judged(SESSION, files, files.scene, judged, Hand(selected=2), *asked.values())
    assert "red" in told[outcome.detail]
    assert told[outcome.result] == {"selected": 2}
