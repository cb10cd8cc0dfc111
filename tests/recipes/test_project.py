"""Projects: a recipe and its files in one ZIP, and what is refused of those that others made."""

import io
import struct
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError, StorageError
from segui.recipes.marks import mark_of
from segui.recipes.project import Project, is_archive, read_project, write_project
from segui.recipes.recipe import ClassifierMark, Recipe
from segui.recipes.writing import recipe_json
from tests.full_disk import full_disk, limits_files

PAINTED = io.BytesIO()
Image.fromarray(np.eye(4, dtype=np.uint8) * 255).save(PAINTED, "PNG")


@pytest.fixture
def project(pictures: Path) -> Project:
    masks = (pictures / "face.png", pictures / "suit.png")
    photo, edited = pictures / "photo.jpg", pictures / "edited.png"
    marks = tuple(map(mark_of, masks))
    made_by = ClassifierMark("Colour names")
    recipe = Recipe(
        mark_of(photo), marks, mark_of(edited), PAINTED.getvalue(), {"feather": 7}, made_by
    )
    return Project(recipe, photo, masks, edited)


@pytest.fixture
def archive(project: Project, tmp_path: Path) -> Path:
    write_project(project, tmp_path / "work.project.zip")
    return tmp_path / "work.project.zip"


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def refusal(path: Path, **limits: float) -> str:
    folder = path.parent / "opened"
    with pytest.raises(InputError) as refused:
        read_project(path, folder, **limits)
    assert not folder.exists()
    return str(refused.value)


def test_a_project_has_the_recipe_and_the_files_as_they_are(archive, project, pictures):
    assert entries(archive) == {
        "recipe.json": recipe_json(project.recipe).encode(),
        "photo/photo.jpg": (pictures / "photo.jpg").read_bytes(),
        "edited/edited.png": (pictures / "edited.png").read_bytes(),
        "masks/001/face.png": (pictures / "face.png").read_bytes(),
        "masks/002/suit.png": (pictures / "suit.png").read_bytes(),
    }


def test_it_is_read_as_it_was_written(archive, project, tmp_path):
    found = read_project(archive, tmp_path / "opened")
    assert found.recipe == project.recipe
    names = ["photo.jpg", "edited.png", "face.png", "suit.png"]
    assert [path.name for path in found.files] == names
    assert [path.read_bytes() for path in found.files] == [
        path.read_bytes() for path in project.files
    ]
    assert all(path.is_relative_to(tmp_path / "opened") for path in found.files)


def test_further_edited_versions_and_a_sticker_have_places_of_their_own(
    project, pictures, tmp_path
):
    more = (pictures / "suit.png", pictures / "edited.png")
    own = pictures / "face.png"
    recipe = replace(
        project.recipe, more_references=tuple(map(mark_of, more)), sticker=mark_of(own)
    )
    several = replace(project, recipe=recipe, more_references=more, sticker=own)
    write_project(several, tmp_path / "a.zip")
    assert [*entries(tmp_path / "a.zip")] == [
        "recipe.json",
        "photo/photo.jpg",
        "edited/edited.png",
        "more-edited/002/suit.png",
        "more-edited/003/edited.png",
        "sticker/face.png",
        "masks/001/face.png",
        "masks/002/suit.png",
    ]
    found = read_project(tmp_path / "a.zip", tmp_path / "opened")
    assert [path.name for path in found.more_references] == ["suit.png", "edited.png"]
    assert [path.name for path in found.masks] == ["face.png", "suit.png"]
    assert (found.reference.name, found.sticker.name) == ("edited.png", "face.png")
    assert found.recipe == recipe


def test_a_photo_alone_is_a_project(project, tmp_path):
    alone = Project(replace(project.recipe, masks=(), reference=None), project.photo)
    write_project(alone, tmp_path / "a.zip")
    found = read_project(tmp_path / "a.zip", tmp_path / "opened")
    assert (found.recipe, found.masks, found.reference) == (alone.recipe, (), None)


def test_the_same_project_is_the_same_bytes(project, archive, tmp_path):
    write_project(project, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_one_that_was_packed_anew_with_its_folders_is_read(archive, project, tmp_path):
    files = {"photo/": b"", "masks/": b"", "masks/001/": b"", **entries(archive)}
    again = packed(tmp_path / "again.zip", files, zipfile.ZIP_DEFLATED)
    assert read_project(again, tmp_path / "opened").recipe == project.recipe


def test_files_that_are_not_the_recipes_are_not_written(project, tmp_path):
    masks = project.masks[::-1]
    with pytest.raises(InputError, match=r"^the project's mask 1 is another file: its recipe was "):
        write_project(replace(project, masks=masks), tmp_path / "a.zip")
    with pytest.raises(InputError, match=r"^the project has 3 files: its recipe is of 4$"):
        write_project(replace(project, reference=None), tmp_path / "a.zip")
    with pytest.raises(InputError, match=r"^the project's recipe has no photo: a project is of "):
        write_project(replace(project, recipe=replace(project.recipe, photo=None)), "a.zip")


# ---- from hostile hands --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"no zip at all" * 9, b"PK\x05\x06" + bytes(18)]
)
def test_what_is_no_zip_is_no_project(data, tmp_path):
    (tmp_path / "a.zip").write_bytes(data)
    assert refusal(tmp_path / "a.zip") == (
        "a.zip is no project of segui: it is no ZIP file, or not whole"
    )


def test_a_zip_of_something_else_is_no_project(tmp_path):
    path = packed(tmp_path / "holiday.zip", {"a.jpg": b"", "b.jpg": b""})
    assert is_archive(path)
    assert refusal(path) == "holiday.zip is no project of segui: it has no recipe.json"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "photo/../photo/x", "C:\\x", "photo/photo.jpg/x"],
)
def test_a_name_that_is_none_of_its_files_is_refused(name, archive, tmp_path):
    path = packed(tmp_path / "a.zip", {**entries(archive), name: b"x"})
    assert refusal(path) == f"the project has {name!r}, which is no file of its recipe"


@pytest.mark.parametrize(
    "name",
    [
        "../photo.jpg",
        "/etc/passwd",
        "a\\b.jpg",
        "C:photo.jpg",
        "..",
        ".",
        "",
        "a\nb.jpg",
        "é" * 128,
    ],
)
def test_a_file_of_the_recipe_whose_name_leads_elsewhere_is_refused(
    name, archive, project, tmp_path
):
    mark = replace(project.recipe.photo, name=name)
    recipe = replace(project.recipe, photo=mark)
    files = {**entries(archive), "recipe.json": recipe_json(recipe).encode()}
    said = refusal(packed(tmp_path / "a.zip", files))
    assert said.startswith("the project's photo is called ")
    assert said.endswith(": expected a file's name without folders, of at most 255 bytes")


def test_a_missing_file_is_named(archive, tmp_path):
    files = entries(archive)
    del files["masks/002/suit.png"]
    assert refusal(packed(tmp_path / "a.zip", files)) == (
        "the project's mask 2 is missing: expected 'masks/002/suit.png' in the ZIP file"
    )


def test_another_file_than_the_recipes_is_refused_and_nothing_stays(archive, project, tmp_path):
    files = {**entries(archive), "masks/002/suit.png": b"another"}
    assert refusal(packed(tmp_path / "a.zip", files)) == (
        f"the project's mask 2 is another file: its recipe was made with {project.recipe.masks[1]}"
    )


def test_a_file_that_is_listed_twice_is_refused(archive, tmp_path):
    path = tmp_path / "a.zip"
    packed(path, entries(archive))
    with zipfile.ZipFile(path, "a") as twice, pytest.warns(UserWarning, match="Duplicate name"):
        twice.writestr("photo/photo.jpg", b"another")
    assert refusal(path) == "a.zip lists a file twice"


def test_what_is_large_when_it_is_unpacked_is_refused_before_it_is(archive, tmp_path):
    bomb = {**entries(archive), "photo/photo.jpg": bytes(30_000_000)}
    path = packed(tmp_path / "a.zip", bomb, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    said = refusal(path, max_mb=20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.startswith("a.zip has 30.")
    assert said.endswith(" MB when it is unpacked: at most 20 MB are read")
    assert peak < 5_000_000


@pytest.mark.parametrize("said", [0, 1000])
def test_a_size_that_is_not_the_true_one_is_refused(said, archive, tmp_path):
    files = {**entries(archive), "photo/photo.jpg": bytes(30_000_000)}
    path = packed(tmp_path / "a.zip", files, zipfile.ZIP_DEFLATED)
    data = path.read_bytes().replace(struct.pack("<L", 30_000_000), struct.pack("<L", said))
    path.write_bytes(data)
    tracemalloc.start()
    sentence = refusal(path, max_mb=20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    expected = (
        "a.zip is damaged: it cannot be read as a ZIP file",
        "the project's photo is another",
    )
    assert sentence.startswith(expected)
    assert peak < 8_000_000


def test_more_entries_than_are_read_are_refused_before_they_are_listed(tmp_path):
    path = packed(tmp_path / "a.zip", {f"{n}": b"" for n in range(3000)})
    assert refusal(path, max_masks=500) == "a.zip lists too many files: at most 511 are read"
    data = bytearray(path.read_bytes())
    data[-12:-10] = data[-14:-12] = b"\x01\x00"  # it says that there is one
    path.write_bytes(data)
    assert refusal(path, max_masks=5) == "a.zip lists too many files: at most 16 are read"
    assert refusal(path, max_masks=500) == "a.zip lists too many files: at most 511 are read"


def test_more_masks_than_are_read_are_refused(archive):
    assert refusal(archive, max_masks=1) == "the project has 2 masks: at most 1 are read"


def test_masks_that_the_recipe_alone_has_are_refused(archive, project, tmp_path):
    many = replace(project.recipe, masks=project.recipe.masks * 3)
    files = {**entries(archive), "recipe.json": recipe_json(many).encode()}
    assert refusal(packed(tmp_path / "a.zip", files), max_masks=5) == (
        "the project has 6 masks: at most 5 are read"
    )


def test_a_recipe_that_cannot_be_is_refused_by_its_readers_sentence(archive, tmp_path):
    files = {**entries(archive), "recipe.json": b'{"segui_recipe": 99}'}
    assert refusal(packed(tmp_path / "a.zip", files)).startswith("the recipe is of version 99")
    files["recipe.json"] = b" " * 20_000_001
    assert refusal(packed(tmp_path / "a.zip", files, zipfile.ZIP_DEFLATED)) == (
        "the recipe has 20.1 MB: at most 20 MB are read"
    )


def test_what_is_packed_otherwise_is_refused(archive, tmp_path):
    path = packed(tmp_path / "a.zip", entries(archive), zipfile.ZIP_LZMA)
    assert refusal(path) == (
        "'recipe.json' in a.zip is encrypted or packed in a way that is not read here"
    )


@pytest.mark.parametrize("at", [0.001, 0.3, 0.7, 0.9995])
def test_one_that_is_damaged_is_refused(archive, at):
    data = bytearray(archive.read_bytes())
    place = int(len(data) * at)
    data[place : place + 8] = bytes(byte ^ 0xFF for byte in data[place : place + 8])
    archive.write_bytes(data)
    assert refusal(archive)


def test_a_folder_that_is_there_stays_as_it_is(archive, tmp_path):
    (tmp_path / "opened").mkdir()
    (tmp_path / "opened" / "mine").write_text("mine")
    with pytest.raises(
        InputError, match=r"^opened is there already: expected a folder that is to "
    ):
        read_project(archive, tmp_path / "opened")
    assert (tmp_path / "opened" / "mine").read_text() == "mine"


@limits_files
def test_where_the_disk_is_full_a_sentence_says_so_and_nothing_stays(archive, tmp_path):
    with pytest.raises(StorageError), full_disk():
        read_project(archive, tmp_path / "opened")
    assert not (tmp_path / "opened").exists()
