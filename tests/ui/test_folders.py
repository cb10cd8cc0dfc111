import os
import time
from pathlib import Path

import pytest

from segui.ui.folders import PICTURES, Folders, fresh_folder, keep, tidy, url_of


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "cache")


def aged(path: Path, seconds: float) -> Path:
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_nothing_is_made_before_it_is_needed(tmp_path):
    Folders(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_sessions_have_folders_of_their_own(folders):
    assert folders.of("one") == folders.of("one")
    assert folders.of("one") != folders.of("two")


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "a\0b", "", "x" * 5000])
def test_a_sessions_name_is_no_path(folders, name):
    assert folders.of(name).parent == folders.root


def test_the_same_session_elsewhere_has_another_name(tmp_path):
    one, other = (Folders(tmp_path).of("session").name for _ in range(2))
    assert one != other


def test_leaving_removes_ones_own_files_alone(folders, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"photo")
    mine = keep(tmp_path / "photo.png", folders.of("one"))
    theirs = keep(tmp_path / "photo.png", folders.of("two"))
    folders.remove("one")
    assert not mine.exists()
    assert theirs.read_bytes() == b"photo"
    folders.remove("one")


def test_what_was_left_long_ago_is_removed(folders, tmp_path):
    old = fresh_folder(tmp_path / "cache").rename(tmp_path / "cache" / "segui-old")
    new = fresh_folder(tmp_path / "cache").rename(tmp_path / "cache" / "segui-new")
    others = fresh_folder(tmp_path / "cache")
    aged(old, 30 * 24 * 3600)
    aged(others, 30 * 24 * 3600)
    assert folders.root.exists()
    assert (old.exists(), new.exists(), others.exists()) == (False, True, True)


def test_the_empty_file_of_each_upload_goes_when_it_is_old(folders, tmp_path):
    cache = folders.root.parent
    old, new, full, named = (cache / name for name in ("tmp1", "tmp2", "tmp3", "mask.png"))
    for path in (old, new, full, named):
        path.write_bytes(b"mask" if path == full else b"")
    (cache / "tmp4").mkdir()
    for path in (old, full, named, cache / "tmp4"):
        aged(path, 1000)
    folders.remove_empty()
    assert not old.exists()
    assert all(path.exists() for path in (new, full, named, cache / "tmp4"))


def test_tidying_keeps_what_is_needed_or_new(folders, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"photo")
    folder = folders.of("one")
    needed, old, new = (keep(tmp_path / "photo.png", folder) for _ in range(3))
    aged(needed.parent, 1000)
    aged(old.parent, 1000)
    tidy(folder, [needed, None])
    assert (needed.exists(), old.exists(), new.exists()) == (True, False, True)


def test_tidying_keeps_the_last_two_sets_of_pictures(folders):
    folder = folders.of("one")
    sets = [aged(fresh_folder(folder / PICTURES), 100 - n) for n in range(5)]
    tidy(folder, [])
    assert [path.exists() for path in sets] == [False, False, False, True, True]


def test_tidying_keeps_pictures_that_a_browser_may_still_fetch(folders):
    folder = folders.of("one")
    sets = [aged(fresh_folder(folder / PICTURES), 10 - n) for n in range(8)]
    tidy(folder, [])
    assert [path.exists() for path in sets] == [False] * 2 + [True] * 6


def test_an_address_is_relative_and_quoted():
    assert url_of(Path("/cache/a b#c?/1.jpg")) == "gradio_api/file=/cache/a%20b%23c%3F/1.jpg"
