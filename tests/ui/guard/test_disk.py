"""Room on the disk: uploads are taken while all files together leave some."""

import pytest

from segui import storing
from segui.errors import StorageError
from segui.settings import Settings
from segui.storing import Room, store
from segui.ui.guard.bodies import MB
from segui.ui.guard.disk import DiskRoom
from segui.ui.guard.guard import guard_options
from segui.ui.guard.refusals import Refusal
from tests.coroutines import run
from tests.ui.guard.test_uploads import asked, parts


@pytest.fixture
def folder(tmp_path):
    """3 MB of files: one upload that a session knows by a name of its own, and a result."""
    (tmp_path / "session").mkdir()
    (tmp_path / "upload.png").write_bytes(bytes(2 * MB))
    (tmp_path / "session" / "photo.png").hardlink_to(tmp_path / "upload.png")
    (tmp_path / "session" / "result.png").write_bytes(bytes(MB))
    return tmp_path


def room_of(folder, most):
    return DiskRoom(Room(folder, most))


def test_there_is_room_up_to_the_most(folder):
    room = room_of(folder, 5 * MB)
    with room.kept_for(2 * MB):
        assert run(room.refusal()) is None
    with room.kept_for(2 * MB + 1):
        sentence = (
            "there is no room for this upload: the files of all visitors have 3.0 MB, and at most "
            "5 MB are kept; give it once more in some minutes"
        )
        assert run(room.refusal()) == Refusal(507, sentence, retry_seconds=60)


def test_what_is_on_its_way_has_its_room_until_it_is_here(folder):
    room = room_of(folder, 5 * MB)
    with room.kept_for(2 * MB) as first:
        with room.kept_for(1):
            assert run(room.refusal()) is not None
        first.add(2 * MB)
        first.add(MB)  # one that said less than it brings takes nobody's room
        with room.kept_for(2 * MB):
            assert run(room.refusal()) is None
    with room.kept_for(2 * MB):
        assert run(room.refusal()) is None


def test_an_upload_for_which_there_is_no_room_is_not_read(folder):
    length = len(parts(1))
    said = [(b"content-length", str(length).encode())]
    enough = room_of(folder, 3 * MB + length)
    assert asked([parts(1)], headers=said, room=enough)[0] == 200
    short = room_of(folder, 3 * MB + length - 1)
    assert asked([parts(1)], headers=said, room=short) == (507, b"")


def test_one_that_says_nothing_of_its_size_may_have_as_much_as_any(folder):
    assert asked([parts(1)], most_bytes=MB, room=room_of(folder, 4 * MB))[0] == 200
    assert asked([parts(1)], most_bytes=MB, room=room_of(folder, 4 * MB - 1)) == (507, b"")


def test_what_the_server_itself_writes_ends_at_the_same_limit(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(storing, "_rooms", {})
    guard_options(Settings(max_disk_mb=3))
    store(tmp_path / "result.png", bytes(2 * MB))
    with pytest.raises(StorageError, match=r"3\.1 MB, and at most 3 MB are kept"):
        store(tmp_path / "cut-outs.zip", bytes(MB + 1))


def test_an_upload_takes_the_room_of_what_is_written_after_it(tmp_path):
    room = Room(tmp_path, 2 * MB)
    assert room.used() == 0
    with DiskRoom(room).kept_for(2 * MB) as coming:
        coming.add(2 * MB + 1)
        (tmp_path / "upload.png").write_bytes(bytes(2 * MB + 1))
    with pytest.raises(StorageError):
        room.check()
