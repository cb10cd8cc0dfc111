import os
import time
from types import SimpleNamespace

from gradio import route_utils

from segui.ui.guard.clearing import clear, clear_by_age


def app_of(*files, kept=()):
    known = {str(path) for path in files}
    block = SimpleNamespace(keep_in_cache={str(path) for path in kept})
    return SimpleNamespace(blocks={1: block, 2: object()}, temp_file_sets=[known])


def made_old(*paths):
    for path in paths:
        os.utime(path, (time.time() - 601,) * 2)


def written(folder, name):
    path = folder / name / "a.png"
    path.parent.mkdir()
    path.write_bytes(b"x")
    return path


def test_old_files_go_with_their_folders(tmp_path):
    old, kept, beside = (written(tmp_path, name) for name in ("old", "kept", "beside"))
    (beside.parent / "b.png").write_bytes(b"x")
    blocks = app_of(old, kept, beside, kept=[kept])
    clear(blocks, 600)
    assert old.exists()
    made_old(old, kept, beside)
    clear(blocks, 600)
    assert not old.parent.exists()
    assert kept.exists()
    assert [path.name for path in beside.parent.iterdir()] == ["b.png"]
    assert blocks.temp_file_sets == [{str(kept)}]


def test_a_file_that_a_session_has_by_another_name_goes_by_its_own_age(tmp_path):
    old = written(tmp_path, "old")
    made_old(old)
    (tmp_path / "session.png").hardlink_to(old)
    clear(app_of(old), 600)
    assert [path.name for path in tmp_path.iterdir()] == ["session.png"]


def test_all_go_at_the_end_and_what_is_gone_is_forgotten(tmp_path):
    young, gone = written(tmp_path, "young"), tmp_path / "gone" / "a.png"
    blocks = app_of(young, gone)
    clear(blocks, None)
    assert [*tmp_path.iterdir()] == []
    assert blocks.temp_file_sets == [set()]


def test_a_file_that_cannot_be_removed_is_tried_again_and_keeps_none_of_the_others(tmp_path):
    folder, other = tmp_path / "is a folder", written(tmp_path, "other")
    folder.mkdir()
    blocks = app_of(folder, other)
    clear(blocks, None)
    assert not other.exists()
    assert blocks.temp_file_sets == [{str(folder)}]


def test_uploads_may_come_meanwhile(tmp_path, monkeypatch):
    files = [written(tmp_path, str(number)) for number in range(50)]
    blocks = app_of(*files)
    removed = os.unlink

    def unlink(path, **named):
        blocks.temp_file_sets[0].add(f"{path} came meanwhile")
        removed(path, **named)

    monkeypatch.setattr(os, "unlink", unlink)
    monkeypatch.setattr(os, "remove", unlink)
    clear(blocks, None)
    assert [*tmp_path.iterdir()] == []
    assert len(blocks.temp_file_sets[0]) == 50


def test_gradio_is_told(monkeypatch):
    monkeypatch.setattr(route_utils, "delete_files_created_by_app", None)
    clear_by_age()
    assert route_utils.delete_files_created_by_app is clear
