import gc
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segui.session.folders import PICTURES, Folders, fresh_folder, keep, remove_old, tidy, url_of
from tests.full_disk import full_disk, limits_files

DAY_SECONDS = 24 * 3600


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


@limits_files
def test_an_upload_that_is_given_again_takes_no_room_and_outlives_itself(folders, tmp_path):
    (tmp_path / "photo.png").write_bytes(bytes(5000))
    with full_disk():
        first, second = (keep(tmp_path / "photo.png", folders.of("one")) for _ in range(2))
    (tmp_path / "photo.png").unlink()
    assert first != second
    assert first.read_bytes() == second.read_bytes() == bytes(5000)


def test_what_others_left_is_removed_and_what_is_not_ours_stays(folders, tmp_path):
    left = fresh_folder(tmp_path / "cache").rename(tmp_path / "cache" / "segui-left")
    others = fresh_folder(tmp_path / "cache")
    aged(others, 30 * 24 * 3600)
    assert folders.root.exists()
    assert (left.exists(), others.exists()) == (False, True)


def test_what_is_left_of_an_upload_goes_when_it_was_not_touched_for_a_day(folders):
    cache = folders.root.parent
    empty, broken_off, coming, named = (
        cache / name for name in ("tmp1", "tmp2", "tmp3", "mask.png")
    )
    for path in (empty, broken_off, coming, named):
        path.write_bytes(b"" if path == empty else b"mask")
    (cache / "tmp4").mkdir()
    for path in (empty, broken_off, named, cache / "tmp4"):
        aged(path, DAY_SECONDS + 1)
    aged(coming, DAY_SECONDS - 60)
    folders.remove_untouched()
    assert (empty.exists(), broken_off.exists()) == (False, False)
    assert all(path.exists() for path in (coming, named, cache / "tmp4"))


def test_anothers_file_that_cannot_be_removed_keeps_nothing_else(folders, monkeypatch):
    cache = folders.root.parent
    for name in ("tmp1", "tmp2", "tmp3"):
        aged_file = cache / name
        aged_file.write_bytes(b"mask")
        aged(aged_file, DAY_SECONDS + 100)
    unlink = Path.unlink

    def refused(path: Path) -> None:
        if path.name == "tmp2":
            raise PermissionError(13, "Permission denied")
        unlink(path)

    monkeypatch.setattr(Path, "unlink", refused)
    folders.remove_untouched()
    assert [path.name for path in cache.glob("tmp*")] == ["tmp2"]


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


def test_tidying_keeps_the_pictures_that_are_needed(folders):
    folder = folders.of("one")
    sets = [aged(fresh_folder(folder / PICTURES), 100 - n) for n in range(5)]
    tidy(folder, [None, sets[1] / "1.jpg"])
    assert [path.exists() for path in sets] == [False, True, False, True, True]


def test_tidying_keeps_pictures_that_a_browser_may_still_fetch(folders):
    folder = folders.of("one")
    sets = [aged(fresh_folder(folder / PICTURES), 10 - n) for n in range(8)]
    tidy(folder, [])
    assert [path.exists() for path in sets] == [False] * 2 + [True] * 6


def test_folders_that_go_of_themselves_are_removed_by_their_age(tmp_path):
    old, new = (fresh_folder(tmp_path / "files") for _ in range(2))
    aged(old, 100)
    remove_old(tmp_path / "files")
    remove_old(tmp_path / "none such")
    assert (old.exists(), new.exists()) == (False, True)


def test_a_folder_that_was_swept_away_is_made_again(folders, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"photo")
    folders.of("one")
    shutil.rmtree(folders.root)
    assert keep(tmp_path / "photo.png", folders.of("one")).read_bytes() == b"photo"
    shutil.rmtree(folders.root)
    assert folders.shared().is_dir()
    assert folders.shared().parent == folders.root


@pytest.mark.long
def test_all_goes_when_nobody_holds_it_any_more(tmp_path):
    folders = Folders(tmp_path)
    root = folders.of("one").parent
    del folders
    gc.collect()
    assert not root.exists()


def test_removing_what_nobody_made_makes_nothing(tmp_path):
    Folders(tmp_path / "cache").remove("one")
    assert not (tmp_path / "cache").exists()


@pytest.fixture
def vanishing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a folder is found to hold is gone by then: another clean-up was faster."""
    for found in ("iterdir", "glob"):
        list_them = getattr(Path, found)

        def gone(path: Path, *pattern: str, list_them: Any = list_them) -> Iterator[Path]:
            for one in [*list_them(path, *pattern)]:
                shutil.rmtree(one) if one.is_dir() else one.unlink()
                yield one

        monkeypatch.setattr(Path, found, gone)


@pytest.mark.usefixtures("vanishing")
def test_two_clean_ups_of_a_session_at_once_are_in_nobodys_way(folders, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"photo")
    folder = folders.of("one")
    for _ in range(5):
        keep(tmp_path / "photo.png", folder)
        fresh_folder(folder / PICTURES)
    (folders.root.parent / "tmp1").write_bytes(b"")
    tidy(folder, [])
    folders.remove_untouched()
    remove_old(tmp_path / "cache")


@pytest.mark.usefixtures("vanishing")
def test_two_processes_that_begin_at_once_are_in_nobodys_way(tmp_path):
    (tmp_path / "segui-left-behind").mkdir()
    assert Folders(tmp_path).root.is_dir()


def test_an_address_is_relative_and_quoted():
    assert url_of(Path("/cache/a b#c?/1.jpg")) == "gradio_api/file=/cache/a%20b%23c%3F/1.jpg"
