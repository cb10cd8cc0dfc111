"""Files that are given together are told apart by what they are."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.errors import InputError
from segui.session.sorting import Sorted, looks_like_mask, sort_files
from segui.settings import Settings

SETTINGS = Settings(device="cpu")
ASTRONAUT, CAT = data.astronaut(), data.chelsea()


def put(folder: Path, name: str, pixels: np.ndarray, **how: object) -> Path:
    path = folder / name
    Image.fromarray(pixels).save(path, **how)
    return path


def disc(size_hw: tuple[int, int] = (512, 512), soft_px: int = 1) -> np.ndarray:
    mask = np.zeros(size_hw, np.uint8)
    cv2.circle(mask, (size_hw[1] // 2, size_hw[0] // 2), min(size_hw) // 4, 255, -1)
    return cv2.blur(mask, (soft_px, soft_px))


@pytest.mark.long
@pytest.mark.parametrize(
    ("pixels", "is_mask"),
    [
        (np.repeat(disc()[..., None], 3, axis=2), True),
        (np.repeat(disc(soft_px=41)[..., None], 3, axis=2), True),
        (np.stack([disc(), disc() // 2, disc() // 3], axis=2), True),
        (ASTRONAUT, False),
        (CAT, False),
        (np.repeat(data.camera()[..., None], 3, axis=2), False),
        (np.repeat(data.moon()[..., None], 3, axis=2), False),
        (data.coffee(), False),
        (data.rocket(), False),
    ],
    ids=["hard", "soft", "map", "astronaut", "cat", "camera", "moon", "coffee", "rocket"],
)
def test_a_mask_is_known_from_a_photo(pixels, is_mask):
    assert looks_like_mask(pixels) is is_mask


@pytest.mark.long
def test_each_is_taken_for_what_it_is_in_whatever_order(tmp_path):
    photo = put(tmp_path, "IMG_1.png", ASTRONAUT)
    edited = put(tmp_path, "IMG_1-edited.jpg", 255 - ASTRONAUT, quality=80)
    mask = put(tmp_path, "face.jpg", disc(), quality=80)
    legend = tmp_path / "names.csv"
    legend.write_text("1,sky\n", encoding="utf-8")
    recipe = tmp_path / "all.json"
    recipe.write_text(json.dumps({"segui_recipe": 1}), encoding="utf-8")
    files = [recipe, edited, legend, mask, photo]
    expected = Sorted(photo, edited, (legend, mask), recipe)
    assert sort_files(files, SETTINGS) == expected
    assert expected.sentence == (
        "Taken: IMG_1.png as the photo; IMG_1-edited.jpg as the edited version; "
        "face.jpg as a mask; names.csv as names or outlines of areas; "
        "all.json as a recipe or a workflow"
    )


@pytest.mark.parametrize("name", ["cat_mask.png", "cat-alpha.png", "Cat.Seg.png", "labels 3.png"])
def test_a_name_says_that_a_picture_is_a_mask(tmp_path, name):
    noisy = put(tmp_path, name, CAT)
    assert sort_files([noisy], SETTINGS).masks == (noisy,)


@pytest.mark.long
@pytest.mark.parametrize("name", ["unmasked.png", "alphabet.png", "segovia.png", "masking.png"])
def test_a_part_of_a_word_says_nothing(tmp_path, name):
    photo = put(tmp_path, name, CAT)
    assert sort_files([photo], SETTINGS).photo == photo


@pytest.mark.long
def test_beside_a_photo_that_is_there_one_of_its_size_is_its_edited_version(tmp_path):
    edited, mask = put(tmp_path, "a.png", 255 - ASTRONAUT), put(tmp_path, "b.png", disc())
    found = sort_files([edited, mask], SETTINGS, (512, 512))
    assert (found.photo, found.reference) == (None, edited)
    other = sort_files([edited, mask], SETTINGS, (451, 300))
    assert (other.photo, other.reference) == (edited, None)


def test_what_has_come_by_its_name_alone_is_said_and_changes_nothing_else(tmp_path):
    note, photo, mask = tmp_path / "note.docx", *two_of(tmp_path)
    note.touch()
    assert sort_files([note], SETTINGS).sentence == "Not used: note.docx"
    for given in ([photo], [photo, mask], [mask]):
        for size_wh in (None, (20, 20)):
            expected = replace(sort_files(given, SETTINGS, size_wh), unused=(note,))
            assert sort_files([note, *given], SETTINGS, size_wh) == expected


def two_of(folder: Path) -> tuple[Path, Path]:
    noise = np.random.default_rng(1).integers(0, 256, (20, 20, 3), np.uint8)
    return put(folder, "photo.png", noise), put(folder, "mask.png", disc((20, 20)))


@pytest.mark.long
def test_what_there_is_no_place_for_is_said(tmp_path):
    photos = [put(tmp_path, f"{n}.png", CAT) for n in (1, 2)]
    other = put(tmp_path, "3.png", ASTRONAUT)
    found = sort_files([*photos, other], SETTINGS)
    assert (found.photo, found.reference, found.unused) == (photos[0], photos[1], (other,))
    assert found.sentence.endswith("2.png as the edited version. Not used: 3.png")


@pytest.mark.long
def test_more_pictures_of_the_photo_s_size_are_edited_versions_too(tmp_path):
    swapped, graded = put(tmp_path, "swapped.png", CAT), put(tmp_path, "graded.png", CAT)
    photo, edited = put(tmp_path, "a.png", CAT), put(tmp_path, "b.png", ASTRONAUT)
    found = sort_files([photo, swapped, edited, graded], SETTINGS)
    assert (found.reference, found.more_references) == (swapped, (graded,))
    assert found.sentence == (
        "Taken: a.png as the photo; swapped.png, graded.png as edited versions. Not used: b.png"
    )


@pytest.mark.long
def test_beside_a_photo_that_is_there_several_named_so_are_its_edited_versions(tmp_path):
    files = [put(tmp_path, f"cat-edit-{n}.png", CAT) for n in (1, 2, 3)]
    found = sort_files(files, SETTINGS, (451, 300))
    assert (found.photo, found.reference) == (None, files[0])
    assert found.more_references == (files[1], files[2])
    assert sort_files(files, SETTINGS, (450, 300)).photo == files[0]


@pytest.mark.long
def test_more_edited_versions_than_may_be_are_not_used(tmp_path):
    files = [put(tmp_path, f"{n}.png", CAT) for n in range(11)]
    found = sort_files(files, SETTINGS)
    assert found.more_references == tuple(files[2:9])
    assert found.unused == tuple(files[9:])


def test_a_project_is_all_that_is_taken(tmp_path):
    project = tmp_path / "work.bin"
    project.write_bytes(b"PK\x03\x04 and so on")
    photo = put(tmp_path, "a.png", CAT)
    found = sort_files([photo, project], SETTINGS)
    assert found == Sorted(unused=(photo,), project=project)
    assert found.sentence == "Taken: work.bin as a project. Not used: a.png"


def test_a_workflow_is_known_by_what_stands_in_it(tmp_path):
    workflow = tmp_path / "flow.json"
    workflow.write_text('{"3": {"class_type": "SEGSPaste", "inputs": {}}}', encoding="utf-8")
    outlines = tmp_path / "photo.json"
    outlines.write_text('{"shapes": [], "imageHeight": 3}', encoding="utf-8")
    found = sort_files([workflow, outlines], SETTINGS)
    assert (found.settings, found.masks) == (workflow, (outlines,))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"broken\.png"):
        sort_files([broken], SETTINGS)
