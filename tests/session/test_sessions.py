import threading
import weakref
from pathlib import Path

import pytest

from segui.session import commands, sessions
from segui.session.files import FileRef
from segui.session.folders import PICTURES, Folders, fresh_folder, keep
from segui.session.inputs import Inputs
from segui.session.pool import Pool
from segui.session.results import Pictures
from segui.session.session import Pools, Session
from segui.session.sessions import (
    IDLE_SECONDS,
    MOST_SESSIONS,
    TIDY_SECONDS,
    Sessions,
)
from tests.session.fakes import DEFAULTS, MODEL, Gated, HandPool, given, making
from tests.session.test_folders import aged

LEAVE_SECONDS = 30


class House:
    """Sessions whose clock and work a test has in its hands."""

    def __init__(self, parent: Path, most: int = 100, most_bytes: int = 10**9) -> None:
        self.now = 1000.0
        self.folders = Folders(parent)
        self.ended: list[str] = []
        self.quick, self.slow = HandPool(), HandPool()
        self.begin = Inputs.fresh(DEFAULTS)
        self.runner = making
        self.sessions = Sessions(
            self.begun,
            self.folders,
            LEAVE_SECONDS,
            self.ended.append,
            most,
            lambda: self.now,
            most_bytes,
        )

    def begun(self, key: str) -> Session:
        pools = Pools(self.quick, self.slow)  # type: ignore[arg-type]
        return Session(self.begin, self.runner, pools)

    def wait(self, seconds: float) -> None:
        """Time goes by, and the sweeper comes."""
        self.now += seconds
        self.sessions.sweep()

    def upload(self, key: str, name: str = "photo.png") -> Path:
        source = self.folders.root / name
        source.write_bytes(b"photo")
        return keep(source, self.folders.of(key))


@pytest.fixture(autouse=True)
def no_sweeper(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests sweep by themselves."""
    monkeypatch.setattr(sessions, "SWEEP_SECONDS", 3600.0)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "cache")


def test_a_key_has_one_session_and_another_key_another_one(house):
    mine = house.sessions.open("mine")
    assert house.sessions.open("mine") is mine
    assert house.sessions.get("mine") is mine
    assert house.sessions.open("theirs") is not mine
    assert len(house.sessions) == 2


def test_of_a_key_that_nobody_has_there_is_no_session(house):
    assert house.sessions.get("unknown") is None
    for done in (house.sessions.leave, house.sessions.end, house.sessions.tidy):
        done("unknown")
    assert (len(house.sessions), house.ended) == (0, [])


def test_a_session_that_ends_leaves_nothing(house):
    session = weakref.ref(house.sessions.open("mine"))
    mine, theirs = house.upload("mine"), house.upload("theirs")
    house.sessions.end("mine")
    assert (mine.exists(), house.folders.of("theirs").exists()) == (False, True)
    assert theirs.read_bytes() == b"photo"
    assert (house.ended, house.sessions.get("mine"), session()) == (["mine"], None, None)
    house.sessions.end("mine")
    assert house.ended == ["mine"]


def test_a_page_that_does_not_come_back_ends_its_session(house):
    house.sessions.open("mine")
    house.sessions.leave("mine")
    house.wait(LEAVE_SECONDS - 1)
    assert len(house.sessions) == 1
    house.wait(1)
    assert (len(house.sessions), house.ended) == (0, ["mine"])


@pytest.mark.parametrize("again", ["open", "get"])
def test_a_page_that_comes_back_finds_all_as_it_was(again, house):
    mine = house.sessions.open("mine")
    house.sessions.leave("mine")
    house.wait(LEAVE_SECONDS - 1)
    assert getattr(house.sessions, again)("mine") is mine
    house.sessions.beat("mine")
    house.wait(LEAVE_SECONDS + 1)
    assert house.ended == []


def test_a_page_that_says_nothing_for_long_is_gone(house):
    house.sessions.open("mine")
    house.sessions.beat("mine")
    house.sessions.beat("theirs")
    house.wait(IDLE_SECONDS - 1)
    house.sessions.open("theirs")
    house.wait(1)
    assert house.ended == ["mine"]
    house.wait(IDLE_SECONDS - 2)
    assert house.ended == ["mine"]


def test_a_session_whose_page_was_never_there_ends_a_while_after_its_last_event(house):
    house.sessions.open("mine")
    house.wait(LEAVE_SECONDS - 1)
    house.sessions.get("mine")
    house.wait(LEAVE_SECONDS - 1)
    assert house.ended == []
    house.wait(1)
    assert house.ended == ["mine"]


def test_of_two_connections_of_a_page_one_is_enough(house):
    house.sessions.open("mine")
    former, _ = house.sessions.beat("mine"), house.sessions.beat("mine")
    former()
    house.wait(LEAVE_SECONDS + 1)
    assert house.ended == []


def test_a_page_whose_connection_ended_without_a_word_is_gone_a_while_later(house):
    house.sessions.open("mine")
    house.sessions.beat("mine")()
    house.wait(LEAVE_SECONDS)
    assert house.ended == ["mine"]


@pytest.mark.long
def test_of_two_thousand_opened_and_left_sessions_nothing_stays(house):
    house.sessions.open("first")
    threads = threading.active_count()
    for number in range(2000):
        house.sessions.open(f"visitor {number}")
        if number % 2:  # the others' pages were never there
            house.sessions.leave(f"visitor {number}")
    assert len(house.sessions) == MOST_SESSIONS
    assert threading.active_count() == threads
    house.wait(LEAVE_SECONDS)
    assert (len(house.sessions), len(house.ended)) == (0, 2001)
    assert threading.active_count() == threads


def test_the_longest_unused_session_ends_for_another_ones_sake(tmp_path):
    house = House(tmp_path, most=2)
    house.sessions.open("first")
    house.sessions.open("second")
    house.sessions.get("first")
    house.sessions.open("third")
    assert (house.ended, len(house.sessions)) == (["second"], 2)
    assert house.sessions.get("first") is not None


def test_a_page_that_is_left_has_its_model_stopped(house):
    house.begin = given("photo", "mask", **MODEL)
    session = house.sessions.open("mine")
    while house.quick.waiting:
        house.quick.run_one()
    house.sessions.leave("mine")
    house.slow.run_one()
    assert session.view().plan.scored is None
    assert not house.slow.waiting


def test_what_is_still_being_written_when_a_session_ends_is_removed_too(house):
    def run(task, plan, telling):
        if task.stage == "photo":
            house.sessions.end("mine")
            written.append(house.upload("mine"))
        return making(task, plan, telling)

    written: list[Path] = []
    house.begin, house.runner = given("photo", "mask"), run
    house.sessions.open("mine")
    house.quick.run_one()
    assert len(written) == 1
    assert not written[0].exists()
    assert not house.quick.waiting


def test_a_session_that_came_back_while_its_former_self_ended_keeps_its_files(house):
    def run(task, plan, telling):
        if task.stage == "photo" and not kept:
            house.sessions.end("mine")
            house.sessions.open("mine")
            kept.append(house.upload("mine"))
        return making(task, plan, telling)

    kept: list[Path] = []
    house.begin, house.runner = given("photo", "mask"), run
    house.sessions.open("mine")
    house.quick.run_one()
    assert kept[0].read_bytes() == b"photo"
    assert len(house.sessions) == 1


def test_a_session_keeps_the_files_that_it_has_or_can_come_back_to(house):
    session = house.sessions.open("mine")
    names = ("first.png", "mask.png", "other.png", "undone.png", "unused.png")
    paths = {name: house.upload("mine", name) for name in names}
    first, mask, other, undone, _ = (FileRef(name, path) for name, path in paths.items())
    for command in (
        commands.GivePhoto(first),
        commands.AddMasks((mask,)),
        commands.GivePhoto(other),
        commands.AddMasks((undone,)),
        commands.Undo(),
    ):
        session.submit(command)
    for path in paths.values():
        aged(path.parent, 1000)
    house.sessions.tidy("mine")
    assert [name for name, path in paths.items() if path.exists()] == [*names[:4]]


def test_a_session_keeps_the_files_of_former_areas_that_stand_in_for_its_own(house):
    session = house.sessions.open("mine")
    photo, former, bad = (
        FileRef(name, house.upload("mine", name)) for name in ("photo.png", "former.png", "bad.png")
    )
    session.submit(commands.GivePhoto(photo))
    session.submit(commands.AddMasks((former,)))
    session.submit(commands.RemoveMask("former.png"), commands.AddMasks((bad,)))
    session.begin(session.inputs)  # with no history, only what is there counts
    aged(former.path.parent, 1000)
    house.sessions.tidy("mine")
    assert former.path.exists()


def test_a_session_keeps_the_pictures_of_areas_that_it_may_show_again(house):
    def run(task, plan, telling):
        if task.stage != "pictures":
            return making(task, plan, telling)
        place = fresh_folder(house.folders.of("mine") / PICTURES)
        return Pictures((), (place / "1.jpg", None))

    def shown(grow: int) -> Path:
        session.submit(commands.SetOptions({"grow": grow}))
        while house.quick.waiting:
            house.quick.run_one()
        return session.view().thumbnails[0].parent

    house.begin, house.runner = given("photo", "mask"), run
    session = house.sessions.open("mine")
    sets = [shown(0), shown(1), shown(2)]
    assert shown(1) == sets[1]
    sets += [shown(3)]
    assert shown(1) == sets[1]
    sets += [aged(fresh_folder(sets[0].parent), 200 - n) for n in range(3)]
    for place, pictures in enumerate(sets[:4]):
        aged(pictures, 400 - place)
    house.sessions.tidy("mine")
    assert [pictures.exists() for pictures in sets[:4]] == [False, True, False, True]


def test_sessions_are_swept_without_anybody_asking(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "SWEEP_SECONDS", 0.001)
    ended = threading.Event()
    pools = Pools(Pool(1, "work"), Pool(1, "ask"))
    swept = Sessions(
        lambda _: Session(Inputs.fresh(DEFAULTS), Gated(), pools),
        Folders(tmp_path),
        leave_seconds=0,
        ended=lambda _: ended.set(),
    )
    swept.open("mine")
    swept.leave("mine")
    assert ended.wait(60)
    swept._closing.set()


def test_an_upload_that_was_broken_off_goes_without_any_session(house):
    upload = house.folders.root.parent / "tmpabcd"
    upload.write_bytes(b"half a photo")
    aged(upload, 24 * 3600 + 100)
    house.wait(TIDY_SECONDS - 1)
    assert upload.exists()
    house.wait(1)
    assert not upload.exists()


def test_many_pages_at_once_have_one_session_each(house):
    found: list[Session] = []
    together = threading.Barrier(8)

    def visit() -> None:
        together.wait(60)
        found.append(house.sessions.open("mine"))

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(set(found)) == 1


# ---- a page that is loaded anew ------------------------------------------------------------------
def test_a_page_that_is_loaded_anew_goes_on_with_its_session(house):
    mine, file = house.sessions.open("first"), house.upload("first")
    house.sessions.give_ticket("first", "ticket")
    house.sessions.leave("first")
    house.wait(LEAVE_SECONDS - 1)
    assert house.sessions.come_back("second", "ticket")
    assert house.sessions.open("second") is house.sessions.get("second") is mine
    assert (house.sessions.key_of("second"), len(house.sessions)) == ("first", 1)
    assert (house.ended, file.exists()) == (["first"], True)
    house.sessions.beat("second")
    house.wait(LEAVE_SECONDS + 1)
    assert house.sessions.get("second") is mine
    house.sessions.leave("second")
    house.wait(LEAVE_SECONDS)
    assert (house.sessions.get("second"), file.exists()) == (None, False)
    assert house.ended == ["first", "second"]


def test_what_is_late_to_be_said_of_the_former_page_is_not_of_the_new_one(house):
    house.sessions.open("first")
    house.sessions.give_ticket("first", "ticket")
    house.sessions.come_back("second", "ticket")
    house.sessions.beat("second")
    house.sessions.leave("first")
    house.wait(LEAVE_SECONDS + 1)
    assert len(house.sessions) == 1


def test_a_copied_tab_does_not_take_what_the_first_one_has(house):
    mine = house.sessions.open("first")
    house.sessions.give_ticket("first", "ticket")
    ended = house.sessions.beat("first")
    assert house.sessions.is_there("ticket")
    assert not house.sessions.come_back("copy", "ticket")
    assert house.sessions.open("copy") is not mine
    ended()
    assert not house.sessions.is_there("ticket")
    assert not house.sessions.come_back("copy", "ticket")  # it has a photo of its own by now
    assert house.sessions.come_back("second", "ticket")


@pytest.mark.parametrize("ticket", ["", "another", "ticke", "first"])
def test_without_its_ticket_nobody_comes_back(ticket, house):
    mine = house.sessions.open("first")
    assert not house.sessions.come_back("second", "")  # none was given out yet
    house.sessions.give_ticket("first", "ticket")
    assert not house.sessions.come_back("second", ticket)
    assert house.sessions.open("second") is not mine


def test_a_ticket_is_good_for_once_and_not_longer_than_its_session(house):
    house.sessions.open("first")
    house.sessions.give_ticket("first", "ticket")
    assert house.sessions.come_back("second", "ticket")
    assert not house.sessions.come_back("third", "ticket")
    house.sessions.give_ticket("second", "other")
    house.sessions.end("first")
    assert not house.sessions.come_back("third", "other")
    assert house.sessions.key_of("second") == "second"
