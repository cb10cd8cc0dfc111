"""What is taken away as a project opens as it was."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.amounts import rounded_up
from segui.errors import InputError
from segui.geometry import Box
from segui.session.commands import AddEdit, MarkBox, MarkPoint, OpenEdit, Override, SetOptions
from segui.session.files import FileRef, Point, Strokes
from segui.session.history import History
from segui.session.inputs import Inputs
from segui.session.projects import check_size, open_project
from segui.session.reduce import reduce
from segui.session.session import _after
from segui.session.takeaways import take_away
from segui.session.view import View
from segui.settings import Settings
from tests.session.worked import inputs_of, ref, view_of


@pytest.fixture
def worked(pictures: Path, tmp_path: Path) -> View:
    """Two mask files, one painted on, paint, marks, two edits with overrides, an edited version."""
    given = inputs_of(
        pictures / "photo.jpg",
        pictures / "face.png",
        pictures / "suit.png",
        finder="box",
        grow=2,
        feather=7,
        effect="grey",
        expression="black > 5%",
    )
    painted, strokes = tmp_path / "painted.png", tmp_path / "strokes.png"
    spot = np.zeros((512, 512), np.uint8)
    spot[10:40, 10:40] = 255
    Image.fromarray(spot).save(painted)
    Image.fromarray(np.dstack([spot, spot])).save(strokes)
    face, other = given.files.masks[0], tmp_path / "other.png"
    with Image.open(pictures / "edited.png") as edited:
        edited.rotate(180).save(other)
    files = replace(
        given.files,
        painted=ref(painted),
        reference=ref(pictures / "edited.png"),
        more_references=(ref(other),),
        sticker=ref(painted),
        strokes=(Strokes(face.id, ref(strokes)),),
    )
    inputs = given.with_files(files)
    areas = view_of(inputs, tmp_path).scene.segments.items
    for command in (
        MarkPoint(Point(300, 300)),
        MarkBox(Box(60, 400, 90, 430)),
        Override((areas[0].bbox, areas[0].label), "remained"),
        AddEdit(),
        SetOptions({"effect": "none", "expression": "@index > 1", "alpha": 200, "version": 2}),
        OpenEdit(1),
    ):
        inputs = reduce(inputs, command)
    return view_of(inputs, tmp_path)


def opened(path: Path, folder: Path, before: Inputs) -> Inputs:
    def keep(painted: bytes) -> FileRef:
        kept = folder / f"kept-{len([*folder.iterdir()])}.png"
        kept.write_bytes(painted)
        return ref(kept)

    return reduce(before, open_project(path, folder, keep, Settings()))


@pytest.mark.long
def test_a_project_opens_as_the_same_view(worked, tmp_path, pictures):
    path = take_away("project", worked, tmp_path)
    assert path.name == "photo-segui.project.zip"
    other = inputs_of(pictures / "cat.png", effect="invert")
    inputs = opened(path, tmp_path, replace(other, notes=("other",)))
    again = view_of(inputs, tmp_path)

    was, now = worked.inputs, again.inputs
    assert now.options == was.options
    assert [edit.options for edit in now.edits] == [edit.options for edit in was.edits]
    assert [edit.overrides for edit in now.edits] == [edit.overrides for edit in was.edits]
    assert (now.place, now.files.points, now.files.boxes) == (
        was.place,
        was.files.points,
        was.files.boxes,
    )
    assert [file.name for file in now.files.masks] == ["face.png", "suit.png"]
    assert [file.path.read_bytes() for file in now.files.all] == [
        file.path.read_bytes() for file in was.files.all
    ]
    assert [(one.bbox, one.label) for one in again.scene.segments.items] == [
        (one.bbox, one.label) for one in worked.scene.segments.items
    ]
    assert [one.sides for one in again.plan.selections] == [
        one.sides for one in worked.plan.selections
    ]
    np.testing.assert_array_equal(again.plan.painted.pixels, worked.plan.painted.pixels)
    assert len(worked.scene.segments.items) > 3
    assert now.notes == ()  # it is said where all is said that was just done
    assert take_away("project", again, tmp_path).read_bytes() == path.read_bytes()


@pytest.mark.long
def test_opening_one_is_a_step_that_is_undone(worked, tmp_path, pictures):
    path = take_away("project", worked, tmp_path)
    before = inputs_of(pictures / "cat.png", effect="invert")
    command = open_project(path, tmp_path, lambda _: ref(path), Settings())
    after, history = _after(before, History(), command)
    assert after.files.photo.name == "photo.jpg"
    undone, _ = history.undo(after)
    assert undone == before


def test_one_that_cannot_be_opened_leaves_nothing(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(InputError, match=r"^a\.zip is no project of segui"):
        open_project(path, tmp_path / "uploads", lambda _: ref(path), Settings())
    assert [one for one in (tmp_path / "uploads").rglob("*") if one.is_file()] == []


@pytest.mark.long
def test_one_that_the_server_would_not_take_back_is_refused(worked):
    total_mb = sum(file.path.stat().st_size for file in worked.inputs.files.all) / 1e6
    check_size(worked, total_mb)
    with pytest.raises(InputError) as refused:
        check_size(worked, 0.1)
    assert str(refused.value) == (
        f"the project would have {rounded_up(total_mb)} MB, and at most 0.1 MB are read here:"
        " take the recipe away, and keep your files"
    )
