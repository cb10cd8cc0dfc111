"""Several edited versions of a photo: each edit pastes the one of its number, and no other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from segui import InputError, apply_edits, read_edits, segments_from_mask
from segui.backend.coverage import coverage
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.masks.notes import Offer, offers_of
from segui.paste_values import PasteOptions
from segui.pipeline import open_scene
from segui.rendering import render

SIZE_HW = (60, 90)
BOXES = ((5, 5, 25, 25), (35, 5, 55, 25), (65, 5, 85, 25))


def photo() -> np.ndarray:
    return np.random.default_rng(5).integers(60, 200, (*SIZE_HW, 3), np.uint8)


def segments(boxes=BOXES):
    mask = torch.zeros(SIZE_HW)
    for x1, y1, x2, y2 in boxes:
        mask[y1:y2, x1:x2] = 1
    return segments_from_mask(mask)


def edited(level: int, box: tuple[int, int, int, int]) -> np.ndarray:
    """The photo with one box of another colour."""
    pixels = photo()
    x1, y1, x2, y2 = box
    pixels[y1:y2, x1:x2] = level
    return pixels


def written(folder: Path, **pictures: np.ndarray) -> dict[str, Path]:
    paths = {}
    for name, pixels in pictures.items():
        paths[name] = folder / f"{name}.png"
        Image.fromarray(pixels).save(paths[name])
    return paths


def three(folder: Path) -> Inputs:
    files = written(
        folder, photo=photo(), a=edited(0, BOXES[0]), b=edited(255, BOXES[1]), c=edited(9, BOXES[2])
    )
    return Inputs(files["photo"], (), files["a"], more_references=(files["b"], files["c"]))


def test_each_edit_pastes_its_own_by_the_formula():
    versions = [np.random.default_rng(n).integers(0, 256, (*SIZE_HW, 3), np.uint8) for n in (1, 2)]
    said = [
        {"version": 2, "feather": 4},
        {"feather": 7, "alpha": 128},
        {"version": 2, "edge": "outward"},
    ]
    edits = read_edits(
        [
            {**one, "by_hand": {n: n == number for n in (1, 2, 3)}}
            for number, one in enumerate(said, 1)
        ]
    )
    result = apply_edits(
        photo(), segments(), [{}] * 3, edits, reference=versions[0], more_references=versions[1:]
    )
    now = photo().astype(np.float64)
    for edit, selection in zip(edits, result.selections, strict=True):
        paste = edit.paste
        how = (paste.feather, paste.alpha, paste.edge)
        share = coverage(selection.filtered, SIZE_HW, *how).double().numpy()[..., None]
        now = now * (1 - share) + versions[paste.version - 1].astype(np.float64) * share
        now = np.rint(now)
    assert np.abs(result.pixels - now).max() <= 1


def test_what_has_changed_is_asked_of_the_version_that_an_edit_takes():
    versions = [edited(0, BOXES[0]), edited(255, BOXES[1])]
    edits = read_edits([{"rule": "@changed > 10%", "version": number} for number in (1, 2)])
    result = apply_edits(
        photo(), segments(), [{}] * 3, edits, reference=versions[0], more_references=versions[1:]
    )
    assert [one.sides for one in result.selections] == [
        ("filtered", "remained", "remained"),
        ("remained", "filtered", "remained"),
    ]


def test_without_masks_each_version_has_areas_of_its_own_labelled_by_its_file(tmp_path):
    scene = open_scene(three(tmp_path), SegmentOptions())
    found = [(item.label, *item.bbox.size_hw) for item in scene.segments.items]
    assert [label for label, _, _ in found] == ["a", "b", "c"]
    assert all(20 <= side <= 24 for _, *sides in found for side in sides)
    assert [note for note in scene.notes if note.startswith("of ")] == [
        f"of edited version {number}, {name}.png: areas: where the edited version differs from "
        "the photo"
        for number, name in ((1, "a"), (2, "b"), (3, "c"))
    ]


def test_one_version_gives_the_areas_and_the_notes_that_it_gave(tmp_path):
    alone = replace(three(tmp_path), more_references=())
    scene = open_scene(alone, SegmentOptions())
    assert [item.label for item in scene.segments.items] == ["A"]
    assert scene.notes == ("areas: where the edited version differs from the photo",)


@pytest.mark.long
def test_a_version_is_read_as_the_first_is(tmp_path):
    """Scaled, aligned, and its change of all colours said, each of its own."""
    rng = np.random.default_rng(8)
    base = np.kron(rng.integers(40, 200, (16, 24, 3)), np.ones((10, 10, 1))).astype(np.uint8)
    base = np.clip(base.astype(int) + rng.integers(-20, 20, base.shape), 0, 255).astype(np.uint8)
    moved, warm = np.roll(base, 3, axis=1), np.clip(base + np.array([20, 0, -20]), 0, 255)
    files = written(tmp_path, photo=base, a=base, b=moved, c=warm.astype(np.uint8))
    Image.fromarray(np.full(base.shape[:2], 255, np.uint8)).save(tmp_path / "mask.png")
    masks = (tmp_path / "mask.png",)
    inputs = Inputs(files["photo"], masks, files["a"], more_references=(files["b"], files["c"]))
    scene = open_scene(inputs, SegmentOptions())
    of_version = [note for note in scene.notes if note.startswith("edited version")]
    assert of_version[0] == (
        "edited version 2, b.png: it lies 3 px too far right: align puts it back"
    )
    assert offers_of(of_version[0]) == (Offer("Put it back", "align", value=True),)
    assert of_version[1].startswith("edited version 3, c.png: its colours are changed as a whole")
    assert offers_of(of_version[1]) == ()
    assert scene.offers == {"align"}


@pytest.mark.long
def test_a_change_of_all_colours_is_counted_by_the_button_beside_what_is_said(tmp_path):
    rng = np.random.default_rng(8)
    base = rng.integers(40, 200, (160, 240, 3)).astype(np.uint8)
    warm = (base + np.array([20, 0, -20])).astype(np.uint8)
    files = written(tmp_path, photo=base, a=warm)
    offered = Offer("Count it", "count_cast", value=True)
    said = "areas: a change of all colours is not counted (count_cast counts it)"
    scene = open_scene(Inputs(files["photo"], (), files["a"]), SegmentOptions())
    assert [offers_of(note) for note in scene.notes if note == said] == [(offered,)]
    several = Inputs(files["photo"], (), files["a"], more_references=(files["a"],))
    notes = [note for note in open_scene(several, SegmentOptions()).notes if note.endswith(said)]
    assert [offers_of(note) for note in notes] == [(offered,)] * 2


def test_one_of_another_size_is_named(tmp_path):
    files = written(tmp_path, photo=photo(), a=photo(), b=photo()[::2, :-7].copy())
    inputs = Inputs(files["photo"], (), files["a"], more_references=(files["b"],))
    sentence = (
        r"^the edited version 2, b\.png is 83 x 30, the photo 90 x 60: their sizes must match, "
        r"and where it lies on the photo could not be found\. Save it at the photo's size$"
    )
    with pytest.raises(InputError, match=sentence):
        open_scene(inputs, SegmentOptions())


def test_a_version_that_is_not_there_is_not_another_one(tmp_path):
    scene = open_scene(three(tmp_path), SegmentOptions())
    with pytest.raises(InputError, match=r"^there is no edited version 4: there are 3$"):
        render(scene, scene.segments, PasteOptions(version=4))
    alone = replace(scene, more_references=())
    with pytest.raises(InputError, match=r"^there is no edited version 2: there is 1$"):
        render(alone, scene.segments, PasteOptions(version=2))
    none = replace(alone, reference=None)
    with pytest.raises(InputError, match=r"^there is nothing to paste: add an edited version"):
        render(none, scene.segments, PasteOptions(version=2))


@pytest.mark.parametrize("version", [0, 9, 1.5, "2", True, None])
def test_a_number_that_no_version_has_is_refused_before_any_work(version):
    with pytest.raises(InputError, match=r"^version is .*: expected a whole number from 1 to 8"):
        PasteOptions(version=version)


def test_more_than_may_be_and_others_without_a_first_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"^there are more edited versions, and no first one$"):
        Inputs(tmp_path, more_references=(tmp_path,))
    with pytest.raises(InputError, match=r"^there are 9 edited versions: at most 8 are allowed$"):
        Inputs(tmp_path, (), tmp_path, more_references=(tmp_path,) * 8)
    with pytest.raises(InputError, match=r"^there are more edited versions, and no first one$"):
        apply_edits(photo(), segments(), [{}] * 3, [], more_references=[photo()])
