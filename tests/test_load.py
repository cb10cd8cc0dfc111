"""Visitors without a browser, and what is told of what they saw."""

import itertools
import os
import random
import time
from pathlib import Path

import httpx
import pytest

from benchmarks import load
from benchmarks.load import Crowd, Held, Seen
from benchmarks.pageless import Layout, Pageless, WentWrongError
from benchmarks.serving import Server
from tests.app_server import AppServer, running_app
from tests.processes import on_linux

PATIENCE_SECONDS = 60


def crowd_of(app: AppServer, folder: Path, until: float) -> Crowd:
    with httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client:
        layout = Layout.of(client)
    pictures = load._pictures(folder, (400, 300))
    assert app.process is not None
    server = Server(app.url, app.process.pid, folder, 0)
    return Crowd(server, layout, *pictures, pictures, Seen(), until)


@pytest.mark.server
def test_a_visitor_without_a_browser_sees_what_one_with_a_browser_does(app, tmp_path):
    crowd = crowd_of(app, tmp_path, time.monotonic())
    with crowd.page("pageless") as page:
        assert "4 of 12 areas chosen" in page.shown["status", "value"]
        crowd._visit(page, random.Random(0))  # noqa: S311  of pauses
        load._follow_rule(page, "blue > 50%")
        page.set("feather", 30)
        assert page.shown["result", "paste"]["feather"] == 30
        assert page.download("take-recipe").startswith(b"{")
        broken = tmp_path / "photo.txt"
        broken.write_text("no photo")
        with pytest.raises(WentWrongError, match=r"^photo\.txt is not an image that can be read"):
            page.give("photo", broken)
    assert crowd.seen.downloads == crowd.seen.visits == 1


@on_linux
@pytest.mark.server
def test_sessions_that_are_abandoned_leave_no_folder(tmp_path):
    with running_app(tmp_path, SEGUI_LEAVE_SECONDS="1") as app:
        crowd = crowd_of(app, tmp_path, time.monotonic())
        with crowd.page("there") as page:
            page.give("photo", crowd.photo)
            assert load._session_folders(crowd.server) == 1
        lines = {line.what: line for line in load._abandoned(crowd, 3)}
    assert lines["errors while 3 are opened"].holds
    assert lines["folders of sessions that are left"].figure == "0"


def test_what_goes_wrong_is_noted_and_the_next_visit_begins():
    seen = Seen()
    with seen.noting():
        raise WentWrongError("the page says no")
    with seen.noting():
        raise httpx.ReadTimeout("late")
    assert seen.errors == ["WentWrongError: the page says no", "ReadTimeout: late"]
    with pytest.raises(ZeroDivisionError), seen.noting():
        _ = 1 / 0


def test_an_error_or_a_slow_edit_is_over_what_is_wanted():
    held = Held(1000, 20, 5, 1)
    fine = Seen(edits=[0.1] * 99 + [5.0], large=[9.0])
    assert all(line.holds for line in load._told(fine, held, held))
    for seen, last, what in (
        (Seen(edits=[0.1], errors=["no"]), held, "errors"),
        (Seen(edits=[2.0]), held, "a small edit, 95 of 100 within"),
        (Seen(edits=[0.1]), Held(1200, 20, 5, 1), "memory at its most, in the end"),
        (Seen(edits=[0.1]), Held(1000, 30, 5, 1), "threads in the end"),
        (Seen(), held, "a small edit, 95 of 100 within"),
    ):
        over = [line for line in load._told(seen, held, last) if not line.holds]
        assert [line.what for line in over] == [what]
        assert "**over**" in str(over[0])


@on_linux
def test_what_a_server_holds_is_that_of_all_that_it_started(tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "file").write_bytes(bytes(2_000_000))
    held = Held.by(Server("", os.getpid(), tmp_path, 0))
    assert (held.files, held.files_mb) == (1, 2)
    assert held.resident_mb > 10
    assert held.threads >= 1
    assert os.getpid() in load._tree(os.getppid())


def test_the_median_of_what_is_held_has_no_single_moment_in_it():
    several = [Held(mb, threads, 1, 1) for mb, threads in ((100, 9), (3000, 10), (101, 9))]
    assert Held.half_of(several) == Held(101, 9, 1, 1)


def test_memory_is_compared_from_one_large_photo_to_the_next():
    """Half of all moments have such a photo in them, early or late: that is no growth."""

    def looks(*several: tuple[int, float]) -> list[tuple[int, Held]]:
        return [(done, Held(mb, 9, 1, 1)) for done, mb in several]

    held = looks((0, 900), (0, 400), (1, 500), (1, 900), (1, 480), (2, 950), (2, 500), (3, 2000))
    assert [one.resident_mb for one in load._at_its_most(held)] == [900, 950]
    assert load._at_its_most(looks((0, 500), (0, 900), (1, 900))) == []


def test_a_run_too_short_for_two_large_photos_promises_nothing_of_memory():
    first, last = Held(500, 20, 5, 1), Held(1200, 20, 5, 1)
    told = [*load._told(Seen(edits=[0.1]), first, last, is_known=False)]
    assert all(line.holds for line in told)
    assert "| memory at its most, in the end | 1200 MB | - |  |" in map(str, told)


def test_a_cell_that_has_come_before_is_not_taken_again(monkeypatch):
    page = Pageless(None, Layout({}, {}), "x")  # type: ignore[arg-type]
    page._take({"n": 3, "parts": {"status": {"value": "three"}}})
    again = {"status": {"value": "two"}, "follow": {"value": 1}}
    more = page._take({"n": 4, "parts": again, "numbers": {"status": {"value": 2}}})
    assert (page.shown["status", "value"], more) == ("three", True)
    assert not page._take({"__type__": "update"})


def test_shares_of_times():
    times = [*itertools.repeat(1.0, 95), *itertools.repeat(2.0, 5)]
    assert (load._share(times, 0.5), load._share(times, 0.95)) == (1.0, 2.0)
    assert load._share([], 0.5) == float("inf")
