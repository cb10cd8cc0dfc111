"""Folders of processes that live, that were killed, and that begin at the same moment."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segui.session import own_folder
from segui.session.own_folder import LOCK, OwnFolder, remove_left_behind
from tests.processes import ends, on_linux
from tests.session.test_folders import aged

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30
HOLD = """
import os, sys, time
from pathlib import Path
from segui.session.own_folder import OwnFolder
own = OwnFolder(Path(sys.argv[1]))
(own.path / "photo.png").write_bytes(b"a visitor's")
"""
WAIT = "print(own.path, flush=True)\ntime.sleep(600)\n"
FORK = "child = os.fork()\nif child == 0: time.sleep(600)\nprint(own.path, child, flush=True)\n"
Hold = Callable[[str], "tuple[subprocess.Popen[str], list[str]]"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nothing is locked there")


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    """Starts a process that has a folder, and gives what it says."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str) -> tuple["subprocess.Popen[str]", list[str]]:
        command = [sys.executable, "-c", HOLD + code, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().split()

    yield run
    for process in started:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def killed(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)


def test_what_a_killed_process_left_is_removed_at_the_next_start(hold, tmp_path):
    process, (path,) = hold(WAIT)
    killed(process)
    assert (Path(path) / "photo.png").exists()
    OwnFolder(tmp_path)
    assert not Path(path).exists()


def test_what_a_process_has_that_lives_is_left_alone_however_old_it_is(hold, tmp_path):
    _, (path,) = hold(WAIT)
    aged(Path(path), 30 * 24 * 3600)
    OwnFolder(tmp_path)
    assert (Path(path) / "photo.png").read_bytes() == b"a visitor's"


def test_of_two_in_one_process_neither_removes_the_others(tmp_path):
    one, other = OwnFolder(tmp_path), OwnFolder(tmp_path)
    assert one.path != other.path
    assert one.path.is_dir()


@on_linux
def test_a_forked_child_holds_its_parents_folder_until_it_ends(hold, tmp_path):
    process, (path, child) = hold(FORK + "time.sleep(600)\n")
    killed(process)
    remove_left_behind(tmp_path)
    assert Path(path).exists()
    os.kill(int(child), signal.SIGKILL)
    assert ends(int(child))
    remove_left_behind(tmp_path)
    assert not Path(path).exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_that_ends_removes_nothing(tmp_path):
    own = OwnFolder(tmp_path)
    child = os.fork()
    if child == 0:
        own.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert own.path.is_dir()
    assert (own.path / LOCK).exists()


def test_a_folder_has_its_name_only_once_it_is_locked(tmp_path, monkeypatch):
    found: list[list[Path]] = []
    lock = own_folder._locked

    def locked(folder: Path) -> int:
        remove_left_behind(tmp_path)  # as another process that begins at this moment
        found.append([*tmp_path.glob("segui-*")])
        return lock(folder)

    monkeypatch.setattr(own_folder, "_locked", locked)
    path = OwnFolder(tmp_path).path
    assert found == [[]]
    assert path.parent == tmp_path


def test_many_processes_that_begin_at_once_all_have_their_folders(hold):
    held = [hold("time.sleep(0.2)\n" + WAIT) for _ in range(2)]
    for _, (path,) in held:
        assert (Path(path) / "photo.png").exists()


def test_what_a_process_left_that_was_killed_while_it_began_goes_after_a_minute(tmp_path):
    new, old = tmp_path / "new-segui-a", tmp_path / "new-segui-b"
    for folder in (new, old):
        folder.mkdir()
    aged(old, 100)
    remove_left_behind(tmp_path)
    assert (new.exists(), old.exists()) == (True, False)


def test_what_is_not_the_apps_own_is_left_alone(tmp_path):
    other = tmp_path / "0123abcd"
    other.mkdir()
    (tmp_path / "segui-report.txt").write_text("mine")
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "segui-link").symlink_to(target)
    remove_left_behind(tmp_path)
    assert other.exists()
    assert target.exists()
    assert (tmp_path / "segui-report.txt").exists()


def test_where_nothing_can_be_locked_a_folders_age_has_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(own_folder, "fcntl", None)
    new, old = tmp_path / "segui-new", tmp_path / "segui-old"
    for folder in (new, old):
        folder.mkdir()
    aged(old, 8 * 24 * 3600)
    own = OwnFolder(tmp_path)
    assert own.path.is_dir()
    assert (new.exists(), old.exists()) == (True, False)


def test_a_folder_that_was_swept_away_is_made_again_and_locked(tmp_path):
    own = OwnFolder(tmp_path)
    own_folder.remove_folder(own.path)
    assert own.path.is_dir()
    remove_left_behind(tmp_path)
    assert own.path.is_dir()


@pytest.mark.long
def test_a_folder_goes_with_its_object_and_nobody_else_may_read_it(tmp_path):
    own = OwnFolder(tmp_path)
    path = own.path
    assert (path.stat().st_mode & 0o777, (path / LOCK).stat().st_mode & 0o777) == (0o700, 0o600)
    del own
    gc.collect()
    assert not path.exists()
