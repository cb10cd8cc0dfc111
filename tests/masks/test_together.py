"""Mask files that are fine each and too many pixels together: refused before any is decoded."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError, SumError
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.images.limits import ReadLimits
from segui.masks import sets
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from segui.pipeline import open_scene
from segui.session import work
from segui.session.results import Telling
from segui.settings import Settings
from tests.session.worked import inputs_of

SMALL, LARGE = (100, 50), (400, 200)  # width and height; 0.005 and 0.08 megapixels
ONE = "{} mask files have {} megapixels together, each at least as many as the photo: at most {}"
MAPS = "the mask files have more than {} megapixels together, those of a label map four times"


def soft(path: Path, size_wh: tuple[int, int] = SMALL) -> Path:
    levels = np.linspace(0, 255, size_wh[0] * size_wh[1]).reshape(size_wh[::-1])
    Image.fromarray(levels.astype(np.uint8)).save(path)
    return path


def labels(path: Path, size_wh: tuple[int, int] = SMALL) -> Path:
    values = np.zeros(size_wh[::-1], np.uint8)
    values[:9, :9], values[20:30, 20:30] = 1, 2
    Image.fromarray(values).save(path)
    return path


def several(folder: Path, count: int, make=soft, **size) -> tuple[Path, ...]:
    return tuple(make(folder / f"{number}.png", **size) for number in range(count))


def read(paths, size_wh=SMALL, *, most=50.0, **limits):
    photo = Photo(size_wh[::-1])
    known = ReadLimits(**limits)
    return read_mask_set(paths, photo, MaskSetOptions(), max_megapixels=most, limits=known)


@pytest.fixture
def no_decode(monkeypatch):
    """Whoever begins to decode a mask fails."""

    def fail(*_arguments, **_options):
        raise AssertionError("a mask was decoded")

    monkeypatch.setattr(sets, "read_mask", fail)


def test_masks_that_are_too_large_together_are_refused_before_any_is_decoded(tmp_path, no_decode):
    paths = several(tmp_path, 5, size_wh=LARGE)
    with pytest.raises(SumError) as caught:
        read(paths, LARGE, max_mask_megapixels=0.3)
    assert str(caught.value) == f"{ONE.format(5, 0.4, 0.3)} are read"


def test_each_counts_as_many_as_the_photo_has(tmp_path, no_decode):
    """They are scaled to it: 256 small files on a large photo take as much as large ones."""
    with pytest.raises(SumError) as caught:
        read(several(tmp_path, 4), LARGE, max_mask_megapixels=0.3)
    assert str(caught.value) == f"{ONE.format(4, 0.4, 0.3)} are read"


def test_as_many_as_are_allowed_are_read(tmp_path):
    masks, _ = read(several(tmp_path, 4, size_wh=LARGE), LARGE, max_mask_megapixels=0.32)
    assert len(masks) == 4


def test_a_label_map_counts_four_times_once_it_is_known_to_be_one(tmp_path):
    paths = several(tmp_path, 4, labels)
    assert len(read(paths, max_mask_megapixels=0.08)[0]) == 4
    told: list[int] = []
    with pytest.raises(SumError) as caught:
        read_mask_set(
            paths, Photo(SMALL[::-1]), MaskSetOptions(),
            limits=ReadLimits(max_mask_megapixels=0.049), tell=lambda done, _: told.append(done),
        )  # fmt: skip
    assert str(caught.value) == f"{MAPS.format(0.049)}: at most as many are read"
    assert told == [0, 1], "20,000 px of one and 5,000 of the others are more, by the second one"


def test_annotations_count_by_the_label_maps_that_they_need(tmp_path):
    shape = {"shape_type": "rectangle", "points": [[5, 5], [50, 40]]}
    shapes = ", ".join(str({**shape, "label": f"a{n}"}).replace("'", '"') for n in range(4))
    path = tmp_path / "a.json"
    path.write_text(f'{{"shapes": [{shapes}], "imageWidth": 100, "imageHeight": 50}}')
    assert len(read((path,), max_mask_megapixels=0.08)[0]) == 4
    with pytest.raises(SumError) as caught:
        read((path,), max_mask_megapixels=0.07)
    assert str(caught.value) == f"{MAPS.format(0.07)}: at most as many are read"


def test_headers_are_looked_at_only_where_it_could_be_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(sets, "header_size", None)
    assert len(read(several(tmp_path, 3), most=1, max_mask_megapixels=3)[0]) == 3


def test_a_file_that_cannot_be_read_is_said_as_ever(tmp_path):
    (tmp_path / "b.png").write_bytes(b"nothing")
    paths = (soft(tmp_path / "a.png"), tmp_path / "b.png")
    with pytest.raises(InputError, match=r"^b\.png is not an image that can be read"):
        read(paths, max_mask_megapixels=0.01)


def test_the_setting_says_how_many(tmp_path):
    photo = tmp_path / "photo.png"
    Image.new("RGB", LARGE).save(photo)
    inputs = Inputs(photo, several(tmp_path, 4))
    with pytest.raises(SumError) as caught:
        open_scene(inputs, SegmentOptions(), Settings(max_mask_megapixels=0.25))
    assert str(caught.value) == f"{ONE.format(4, 0.4, 0.25)} are read"


def test_a_session_looks_at_no_file_for_what_is_wrong_with_all_of_them(tmp_path, monkeypatch):
    photo = tmp_path / "photo.png"
    Image.new("RGB", LARGE).save(photo)
    settings = Settings(max_mask_megapixels=0.25)
    inputs = inputs_of(photo, *several(tmp_path, 4))
    monkeypatch.setattr(work, "check_one", None)
    read_photo = work.read_photo(inputs.photo, settings)
    failed = work.found(inputs.areas, read_photo, settings, Telling(*[lambda *_: None] * 3))
    assert failed == work.Failed(f"{ONE.format(4, 0.4, 0.25)} are read")
