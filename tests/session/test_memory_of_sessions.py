"""What sessions hold in memory, together: bounded in bytes, the longest unused let go first."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segui.errors import InputError
from segui.images.pictures import Picture
from segui.session.results import Painted, Scored
from segui.session.session import Session
from segui.session.sessions import FRESH_SECONDS, MOST_SESSIONS
from tests.session.fakes import MODEL, given, making
from tests.session.test_sessions import LEAVE_SECONDS, House

MB = 10**6


def running(task: Any, plan: Any, telling: Any) -> Any:
    """A photo and a result of 1 MB each; the rest has no pixels."""
    if task.stage == "photo":
        return Picture(np.zeros((500, 500, 4), np.uint8))
    if task.stage == "painted":
        return Painted(np.ones(MB, np.uint8))
    if task.stage == "scores":
        return Scored((), plan.inputs.classifier)
    return making(task, plan, telling)


def house_of(parent: Path, most_bytes: int) -> House:
    house = House(parent, most_bytes=most_bytes)
    house.begin, house.runner = given("photo", "mask"), running
    return house


def visit(house: House, key: str) -> Session:
    """A visitor comes, and all is made that is to be seen."""
    session = house.sessions.open(key)
    house.sessions.beat(key)
    work(house)
    house.now += FRESH_SECONDS
    return session


def work(house: House) -> None:
    while house.quick.waiting:
        house.quick.run_one()


def held(session: Session) -> int:
    return sum(session.arrays().values())


def test_what_the_longest_unused_sessions_hold_goes_first(tmp_path):
    house = house_of(tmp_path, 5 * MB)
    first, second, third = (visit(house, key) for key in ("first", "second", "third"))
    house.sessions.get("first")
    house.wait(FRESH_SECONDS)
    assert [held(session) for session in (first, second, third)] == [2 * MB, 0, 2 * MB]
    assert second.inputs == house.begin
    assert house.ended == []


def test_what_went_is_made_again_when_its_visitor_comes_back(tmp_path):
    house = house_of(tmp_path, 2 * MB)
    first, _ = visit(house, "first"), visit(house, "second")
    seen = first.view()
    house.wait(0)
    assert held(first) == 0
    view = house.sessions.get("first").view()
    assert (view.number, view.plan.is_settled) == (seen.number, False)
    work(house)
    assert first.view().plan.is_at_rest
    np.testing.assert_array_equal(first.view().plan.painted.pixels, seen.plan.painted.pixels)


def test_what_a_model_said_is_not_asked_again(tmp_path):
    house = house_of(tmp_path, 1)
    house.begin = given("photo", "mask", **MODEL)
    session = visit(house, "mine")
    house.slow.run_one()
    work(house)
    house.wait(FRESH_SECONDS)
    assert held(session) == 0
    session.view()
    work(house)
    assert session.view().plan.is_at_rest
    assert not house.slow.waiting


def test_what_something_is_being_made_of_stays(tmp_path):
    house = house_of(tmp_path, 1)
    session = house.sessions.open("mine")
    house.quick.run_one()
    house.wait(FRESH_SECONDS)
    assert held(session) == MB
    work(house)
    house.wait(FRESH_SECONDS)
    assert held(session) == 0


def test_a_session_of_this_moment_keeps_what_it_holds(tmp_path):
    house = house_of(tmp_path, 1)
    session = visit(house, "mine")
    house.sessions.get("mine")
    house.wait(FRESH_SECONDS - 1)
    assert held(session) == 2 * MB
    house.wait(1)
    assert held(session) == 0


def test_an_upload_gets_the_room_that_others_and_its_own_former_picture_had(tmp_path):
    house = house_of(tmp_path, 5 * MB)
    first, second = visit(house, "first"), visit(house, "second")
    house.sessions.make_room("first", MB)
    assert [held(session) for session in (first, second)] == [2 * MB, 2 * MB]
    house.sessions.make_room("first", 2 * MB)
    assert [held(session) for session in (first, second)] == [2 * MB, 0]
    house.sessions.make_room("first", 5 * MB)
    assert held(first) == 0


def test_an_upload_that_could_not_fit_even_then_is_refused(tmp_path):
    house = house_of(tmp_path, 5 * MB)
    busy = house.sessions.open("busy")
    house.quick.run_one()
    with pytest.raises(InputError) as said:
        house.sessions.make_room("mine", 4 * MB + 1)
    assert str(said.value) == (
        "this picture needs 4.1 MB of the server's memory: at most 5 MB are for all visitors, of"
        " which 1 MB are in use now. Try again in a while, or give a smaller one"
    )
    assert held(busy) == MB
    house.sessions.make_room("mine", 4 * MB)


@pytest.mark.long
def test_an_upload_that_is_given_again_and_again_under_new_names_does_not_multiply(tmp_path):
    house = house_of(tmp_path, 5 * MB)
    most = 0
    for number in range(MOST_SESSIONS):
        house.sessions.make_room(f"visitor {number}", MB)
        house.sessions.open(f"visitor {number}")
        work(house)
        known = [known.session for known in house.sessions._known.values()]
        most = max(most, sum(held(session) for session in known))
    assert most <= 6 * MB  # the last one's result came after its room was made
    house.wait(LEAVE_SECONDS)
    assert len(house.sessions) == 0
