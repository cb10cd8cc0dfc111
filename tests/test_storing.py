import errno
import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.requests import ClientDisconnect

from segui import storing as storing_module
from segui.errors import InputError, SeguiError, StorageError
from segui.images.pictures import write_png, write_preview
from segui.session.folders import Folders, fresh_folder, keep
from segui.storing import CLOSED, FULL, Room, bytes_below, limit, store, storing, whole
from segui.ui.api.storage import StoredOrSaid
from tests.coroutines import run
from tests.full_disk import full_disk, limits_files

NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
NUMBERS = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL,
    errno.EROFS: CLOSED, errno.EACCES: CLOSED, errno.EPERM: CLOSED,
}  # fmt: skip
WRITERS = {
    "store": lambda path: store(path, bytes(1000)),
    "png": lambda path: write_png(path, NOISE),
    "preview": lambda path: write_preview(path, NOISE),
}


def refused(number: int) -> None:
    raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", NUMBERS)
def test_what_the_system_refuses_to_store_is_a_sentence_and_a_line_of_the_log(number, caplog):
    with pytest.raises(StorageError) as said, storing():
        refused(number)
    assert str(said.value) == NUMBERS[number]
    assert isinstance(said.value, SeguiError)
    (line,) = caplog.messages
    assert line == f"a file could not be written: [Errno {number}] {os.strerror(number)}"


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "no"), OSError("a picture")])
def test_what_else_goes_wrong_stays_what_it_is(error):
    with pytest.raises(OSError, match=r"no|a picture") as said, storing():
        raise error
    assert said.value is error


def test_a_refusal_within_another_is_said_and_logged_once(caplog):
    with pytest.raises(StorageError), storing(), storing():
        refused(errno.ENOSPC)
    assert len(caplog.records) == 1


@limits_files
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_where_the_disk_is_full_no_half_of_a_file_stays(write, tmp_path):
    with pytest.raises(StorageError) as said, full_disk():
        write(tmp_path / "new")
    assert str(said.value) == FULL
    assert [*tmp_path.iterdir()] == []


@limits_files
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_where_the_disk_is_full_a_file_stays_that_was_to_be_replaced(write, tmp_path):
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(StorageError), full_disk():
        write(tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"old"
    write(tmp_path / "old")
    assert len((tmp_path / "old").read_bytes()) > 100
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path):
    with whole(tmp_path / "photo.png") as part:
        part.write_bytes(b"half")
        assert not (tmp_path / "photo.png").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


def test_what_is_wrong_with_its_content_leaves_nothing_behind_either(tmp_path):
    def write() -> None:
        with whole(tmp_path / "zip") as part:
            part.write_bytes(b"half")
            raise InputError("no such side")

    with pytest.raises(InputError, match="no such side"):
        write()
    assert [*tmp_path.iterdir()] == []


def test_the_longest_name_that_a_file_can_have_is_written_too(tmp_path):
    path = tmp_path / ("x" * 255)
    store(path, b"whole")
    assert path.read_bytes() == b"whole"


def no_second_name(_path: Path, _other: Path) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


@limits_files
def test_an_upload_of_which_no_copy_can_be_made_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "hardlink_to", no_second_name)
    (tmp_path / "photo.png").write_bytes(bytes(1000))
    folder = Folders(tmp_path / "cache").root
    with pytest.raises(StorageError) as said, full_disk():
        keep(tmp_path / "photo.png", folder)
    assert str(said.value) == FULL
    assert not [path for path in folder.rglob("*") if path.suffix in (".png", ".part")]
    assert keep(tmp_path / "photo.png", folder).read_bytes() == bytes(1000)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_folder_that_cannot_be_made_is_a_sentence(number, tmp_path, monkeypatch):
    folders = Folders(tmp_path)
    root = folders.root
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: refused(number))
    for make in (lambda: folders.of("one"), folders.shared, lambda: fresh_folder(root)):
        with pytest.raises(StorageError) as said:
            make()
        assert str(said.value) == NUMBERS[number]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_sentence(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    for make in (lambda: store(folder / "new", b"new"), lambda: fresh_folder(folder)):
        with pytest.raises(StorageError) as said:
            make()
        assert str(said.value) == CLOSED


# Uploads, which Gradio stores


def answered(path: str, app: Any) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": []}
    run(StoredOrSaid(app)(scope, None, send))  # type: ignore[arg-type]
    return sent


async def full(_scope: Any, _receive: Any, _send: Any) -> None:
    refused(errno.ENOSPC)


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/segui/gradio_api/upload/"])
def test_an_upload_for_which_there_is_no_room_is_answered_with_a_sentence(path, caplog):
    start, body = answered(path, full)
    assert start["status"] == 507
    assert body["body"].decode() == f'{{"detail":"{FULL}"}}'
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_an_upload_whose_client_is_gone_is_no_error_and_is_answered_nothing(caplog):
    async def gone(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ClientDisconnect

    assert answered("/gradio_api/upload", gone) == []
    assert caplog.records == []
    with pytest.raises(ClientDisconnect):
        answered("/gradio_api/run/load", gone)


def test_other_requests_and_other_errors_are_not_looked_at():
    with pytest.raises(OSError, match="No space left"):
        answered("/gradio_api/run/load", full)

    async def missing(_scope: Any, _receive: Any, _send: Any) -> None:
        raise FileNotFoundError(errno.ENOENT, "no such file")

    with pytest.raises(FileNotFoundError):
        answered("/gradio_api/upload", missing)


@pytest.fixture
def limited(tmp_path, monkeypatch):
    """A folder that may have 3000 bytes, and has 1000: one file of two names."""
    monkeypatch.setattr(storing_module, "_rooms", {})
    folder = tmp_path / "limited"
    (folder / "session").mkdir(parents=True)
    (folder / "upload").write_bytes(bytes(1000))
    (folder / "session" / "photo").hardlink_to(folder / "upload")
    limit(folder, 3000)
    return folder


def no_room(path, size):
    with pytest.raises(StorageError) as said:
        store(path, bytes(size))
    return str(said.value)


def test_all_files_below_a_folder_count_once(limited):
    assert bytes_below(limited) == 1000


def test_a_link_is_not_followed(limited, tmp_path):
    elsewhere = tmp_path / "large"
    elsewhere.write_bytes(bytes(10**6))
    (limited / "link").symlink_to(elsewhere)
    assert bytes_below(limited) < 2000


def test_a_folder_that_is_gone_has_no_files(tmp_path):
    assert bytes_below(tmp_path / "gone") == 0


def test_what_is_written_to_a_limited_folder_ends_at_its_limit_with_a_sentence(limited):
    store(limited / "session" / "result", bytes(2000))
    assert no_room(limited / "session" / "another", 1) == (
        "The files of all visitors have 0.00287 MB, and at most 0.002861022949 MB are kept: "
        "nothing can be stored now. What you gave before is as it was; try again in some minutes."
    )
    assert bytes_below(limited) == 3000


def test_no_part_of_what_finds_no_room_stays(limited):
    assert "nothing can be stored" in no_room(limited / "result", 2001)
    assert sorted(path.name for path in limited.iterdir()) == ["session", "upload"]
    store(limited / "result", bytes(2000))


def test_there_is_room_again_once_something_was_removed(limited):
    store(limited / "result", bytes(2000))
    no_room(limited / "other", 1000)
    (limited / "result").unlink()
    store(limited / "other", bytes(2000))


def test_what_is_written_while_files_are_counted_is_not_forgotten(tmp_path, monkeypatch):
    room = Room(tmp_path, most=10)

    def counting(_folder: Path) -> int:
        room.add(8)
        return 5

    monkeypatch.setattr(storing_module, "bytes_below", counting)
    assert room.used() == 5
    monkeypatch.setattr(storing_module, "bytes_below", lambda _folder: 13)
    with pytest.raises(StorageError):
        room.check()


def test_a_file_that_is_written_anew_has_its_old_room(limited):
    for _ in range(5):
        store(limited / "result", bytes(1000))


def test_what_came_otherwise_counts_too(limited):
    """An upload, which Gradio writes."""
    room = limit(limited, 3000)
    store(limited / "result", bytes(500))
    room.add(1500)
    (limited / "other").write_bytes(bytes(1500))
    no_room(limited / "more", 1)


def test_elsewhere_is_no_limit(limited, tmp_path):
    store(tmp_path / "elsewhere", bytes(5000))
