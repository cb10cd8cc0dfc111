"""Masks of dots: too many are refused by counting them, within a bound on memory."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from segui import InputError
from segui.finders import limits as counted_first
from segui.finders.from_files import segments_of_masks, segments_where_edited
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.settings import Settings

MB = 1_000_000

# what it takes above decoding the picture, in a process that has a little more to spend
_REFUSED = """
import resource, sys
from pathlib import Path
from segui import InputError
from segui.finders.from_files import segments_of_masks
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.images.opening import open_image
from segui.settings import Settings

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

path, drop_size = Path(sys.argv[1]), int(sys.argv[2])
opened = open_image(path, max_megapixels=50)
before, size_hw = peak(), opened.image.size[::-1]
del opened
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 1_000_000_000,) * 2)
try:
    segments_of_masks(
        Inputs(path, (path,)), size_hw, SegmentOptions(drop_size=drop_size), Settings()
    )
except InputError as error:
    print(error)
print(peak() - before)
"""

SIDE = 7071


def dots(path: Path, size_wh: tuple[int, int], dot_px: int, every_px: int) -> Path:
    grid = np.zeros(size_wh[::-1], np.uint8)
    for row in range(dot_px):
        for column in range(dot_px):
            grid[row::every_px, column::every_px] = 255
    cv2.imwrite(str(path), grid)
    return path


def large_dots(path: Path) -> Path:
    return dots(path, (SIDE, SIDE), 2, 4)


def small_dots(path: Path) -> Path:
    return dots(path, (5000, 3000), 1, 2)


def transparent_dots(path: Path) -> Path:
    opaque = Image.open(large_dots(path))
    Image.merge("LA", (Image.new("L", opaque.size), opaque)).save(path)
    return path


def diagonal(steps: int) -> np.ndarray:
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)[None]
    return np.asarray((rows + columns) % steps, np.uint8)


def diagonals(path: Path) -> Path:
    cv2.imwrite(str(path), np.where(diagonal(4) == 0, np.uint8(255), np.uint8(0)))
    return path


def palette_of_diagonals(path: Path, flat: int = 0) -> Path:
    """Each of 256 colours a family of diagonals; above them some lines are of one colour."""
    indices = diagonal(256)
    indices[:flat] = 1
    image = Image.fromarray(indices, "P")
    image.putpalette(np.random.default_rng(0).integers(1, 256, 768, np.uint8).tobytes())
    image.save(path, compress_level=1)
    return path


def palette_with_ground(path: Path) -> Path:
    return palette_of_diagonals(path, 1500)


def deep_diagonals(path: Path) -> Path:
    """Numbers of 16 bits, each on a family of diagonals; above them some lines are of one."""
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)[None]
    numbers = np.asarray((rows + columns) % 300 + 1, np.uint16)
    numbers[:1500] = 1
    cv2.imwrite(str(path), numbers)
    return path


def coloured_diagonals(path: Path, flat: int = 0) -> Path:
    """256 colours without a palette, on diagonals; above them some lines are of one colour."""
    colours = np.random.default_rng(0).integers(1, 256, (256, 3), np.uint8)
    drawn = colours[diagonal(256)]
    drawn[:flat] = colours[1]
    cv2.imwrite(str(path), drawn)
    return path


def coloured_with_ground(path: Path) -> Path:
    return coloured_diagonals(path, 1500)


def transparent_colours(path: Path) -> Path:
    colours = np.random.default_rng(0).integers(1, 256, (40, 4), np.uint8)
    colours[:, 3] = 255
    colours[0, 3] = 0
    cv2.imwrite(str(path), colours[diagonal(256) % 40])
    return path


def numbered_dots(path: Path) -> Path:
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)[None]
    numbers = np.asarray((columns // 4 * 31 + rows // 4 * 17) % 200 + 1, np.uint8)
    cv2.imwrite(str(path), numbers * np.asarray((columns % 4 < 2) & (rows % 4 < 2), np.uint8))
    return path


TOGETHER = (
    "{} with what is around them have {} megapixels together: at most {} are looked at. "
    "A smaller crop factor, fewer areas and areas apart from each other have less"
)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured by /proc")
@pytest.mark.parametrize(
    ("drawn", "drop_size", "sentence"),
    [
        (
            large_dots, 1,
            ("there are 3125824 areas, at most 5000 are allowed: "
             "ignore small ones up to a size above 1 px"),
        ),
        (
            small_dots, 10,
            ("there are 3750000 regions in the masks, too small ones included: "
             "at most 200000 are looked at"),
        ),
        (
            transparent_dots, 1,
            ("there are 3125824 areas, at most 5000 are allowed: "
             "ignore small ones up to a size above 1 px"),
        ),
        (diagonals, 1, TOGETHER.format("3534 areas", "137489.1", 1000)),
        (palette_of_diagonals, 1, TOGETHER.format("255 areas", "12749.8", 1000)),
        (palette_with_ground, 1, TOGETHER.format("255 areas", "12749.8", 1000)),
        (deep_diagonals, 1, TOGETHER.format("300 areas", "14999.8", 1000)),
        (coloured_diagonals, 1, TOGETHER.format("256 areas", "12799.8", 1000)),
        (coloured_with_ground, 1, TOGETHER.format("256 areas", "12799.8", 1000)),
        (transparent_colours, 1, TOGETHER.format("386 areas", "15038.2", 1000)),
        (numbered_dots, 1, TOGETHER.format("200 areas", "9999.9", 1000)),
    ],
)  # fmt: skip
@pytest.mark.process
def test_a_mask_of_too_much_is_refused_within_200_mb(tmp_path, drawn, drop_size, sentence):
    path = drawn(tmp_path / "mask.png")
    command = [sys.executable, "-c", _REFUSED, str(path), str(drop_size)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    said, peak = told.stdout.splitlines()
    assert said == sentence
    assert int(peak) < 200 * MB


@pytest.fixture
def no_outlines(monkeypatch):
    """Whoever begins to make areas fails: what is refused was counted alone."""

    def fail(*_arguments, **_options):
        raise AssertionError("areas were made")

    for name in ("segments_from_mask", "segments_from_labels"):
        monkeypatch.setattr(f"segui.finders.from_files.{name}", fail)


def refused(masks: tuple[Path, ...], size_hw: tuple[int, int], settings: Settings, **options):
    with pytest.raises(InputError) as caught:
        segments_of_masks(Inputs(Path(), masks), size_hw, SegmentOptions(**options), settings)
    return str(caught.value)


def test_files_whose_sum_is_too_many_are_refused_before_any_is_used(tmp_path, no_outlines):
    masks = tuple(dots(tmp_path / f"{n}.png", (400, 300), 12, 20) for n in range(3))
    assert refused(masks, (300, 400), Settings(max_segments=899)) == (
        "there are 900 areas, at most 899 are allowed: ignore small ones up to a size above 10 px"
    )


def test_labels_and_dots_are_counted_together(tmp_path, no_outlines):
    values = np.arange(4000, dtype=np.uint16).repeat(2).reshape(1, -1).repeat(2, axis=0)
    Image.fromarray(values).save(tmp_path / "labels.png")
    masks = (tmp_path / "labels.png", dots(tmp_path / "dots.png", (8000, 2), 2, 5))
    said = refused(masks, (2, 8000), Settings(), drop_size=1)
    assert said == (
        "there are 5599 areas, at most 5000 are allowed: ignore small ones up to a size above 1 px"
    )


@pytest.mark.parametrize("options", [{"combined": True}, {"contour_fill": True}])
def test_what_is_one_area_of_too_many_regions_is_refused(tmp_path, no_outlines, options):
    rows, columns = np.mgrid[:90, :120]
    values = np.where((rows % 3 == 0) & (columns % 3 == 0), 1 + rows % 2, 0)
    Image.fromarray(values.astype(np.uint8)).save(tmp_path / "labels.png")
    said = refused((tmp_path / "labels.png",), (90, 120), Settings(max_regions=1199), **options)
    assert said == (
        "there are 1200 regions in the masks, too small ones included: at most 1199 are looked at"
    )


def test_as_many_as_are_allowed_are_found_and_those_too_small_are_listed(tmp_path):
    path = dots(tmp_path / "dots.png", (400, 300), 12, 20)
    Image.fromarray(np.array(Image.open(path)) | np.array(Image.open(
        dots(tmp_path / "small.png", (400, 300), 14, 100)
    ))).save(path)  # fmt: skip
    settings = Settings(max_segments=12, max_regions=300)
    options = SegmentOptions(drop_size=12)
    segments, _ = segments_of_masks(Inputs(path, (path,)), (300, 400), options, settings)
    assert (len(segments.items), len(segments.left_out)) == (12, 288)


def test_only_what_could_be_too_many_is_counted(tmp_path, monkeypatch):
    path = dots(tmp_path / "dots.png", (400, 300), 12, 20)
    monkeypatch.setattr(counted_first, "count_regions", None)
    segments, _ = segments_of_masks(
        Inputs(path, (path,)), (300, 400), SegmentOptions(), Settings(max_segments=300)
    )
    assert len(segments.items) == 300


def test_a_combined_mask_with_nothing_in_it_is_no_area(tmp_path):
    paths = tuple(tmp_path / f"{name}.png" for name in "abc")
    for path, level in zip(paths, (0, 0, 255), strict=True):
        Image.new("L", (30, 30), level).save(path)
    options, settings = SegmentOptions(combined=True), Settings(max_segments=1)
    segments, _ = segments_of_masks(Inputs(Path(), paths), (30, 30), options, settings)
    assert len(segments.items) == 1


@pytest.mark.long
def test_differences_are_too_few_to_be_counted_first(tmp_path):
    """Specks are dropped by their share of the picture, so there is no mask of dots."""
    photo = np.full((1000, 1000, 3), 90, np.uint8)
    edited = photo.copy()
    edited[::4, ::4] = edited[1::4, ::4] = edited[::4, 1::4] = edited[1::4, 1::4] = 250
    segments, _ = segments_where_edited(
        torch.from_numpy(photo)[None],
        torch.from_numpy(edited)[None],
        SegmentOptions(drop_size=1),
        Settings(),
    )
    assert len(segments.items) == 1


@pytest.fixture
def no_growing(monkeypatch):
    """Whoever begins to work on areas fails."""

    def fail(*_arguments, **_options):
        raise AssertionError("areas were grown")

    monkeypatch.setattr("segui.finders.finishing.reshape_segments", fail)


def spanning_labels(path: Path, count: int, size_wh: tuple[int, int]) -> Path:
    """Labels of two bits of 12 px each, as far from each other as can be."""
    width, height = size_wh
    values = np.zeros((height, width), np.uint8)
    for number in range(count):
        values[number, :12] = values[height - 1 - number, width - 12 :] = number + 1
    image = Image.fromarray(values, "P")
    image.putpalette(np.random.default_rng(0).integers(0, 256, 768, np.uint8).tobytes())
    image.save(path)
    return path


def spanning_regions(path: Path, count: int, size_wh: tuple[int, int]) -> Path:
    """Angles one within the other: none reaches the next, and each has a box of nearly all."""
    width, height = size_wh
    levels = np.zeros((height, width), np.uint8)
    for number in range(count):
        levels[3 * number, 3 * number :] = levels[3 * number :, 3 * number] = 255
    Image.fromarray(levels).save(path)
    return path


@pytest.mark.parametrize("options", [{}, {"grow": 9}, {"fill_holes": True}], ids=str)
def test_labels_that_span_the_photo_are_refused_before_they_are_worked_on(
    tmp_path, no_growing, options
):
    path = spanning_labels(tmp_path / "a.png", 100, (1000, 1000))
    said = refused((path,), (1000, 1000), Settings(max_crop_megapixels=80), **options)
    # the box of each is at least 802 px high, and the crop region half as much again
    assert said == TOGETHER.format("100 areas", 100, 80)


@pytest.mark.long
def test_labels_of_several_files_that_span_the_photo_are_counted_together_and_not_cut_out(
    tmp_path, no_outlines
):
    paths = tuple(spanning_labels(tmp_path / f"{n}.png", 60, (1000, 1000)) for n in range(2))
    said = refused(paths, (1000, 1000), Settings(max_crop_megapixels=59))
    # the box of each is at least 882 px high
    assert said == TOGETHER.format("120 areas", 120, 59)


def test_labels_that_span_the_photo_are_outlined_only_where_they_may_be(tmp_path, no_outlines):
    path = spanning_labels(tmp_path / "a.png", 100, (1000, 1000))
    settings = Settings(max_crop_megapixels=80)
    said = refused((path,), (1000, 1000), settings, contour_fill=True)
    pixels = sum(1000 * (1000 - 2 * number) for number in range(100))
    assert said == TOGETHER.format("100 areas", f"{pixels / 1e6:.1f}", 80)


@pytest.mark.long
def test_regions_within_each_other_and_those_of_several_files_count_too(tmp_path):
    one = spanning_regions(tmp_path / "a.png", 60, (1000, 1000))
    two = spanning_labels(tmp_path / "b.png", 60, (1000, 1000))
    alone = Settings(max_crop_megapixels=61)
    for path in (one, two):
        segments, _ = segments_of_masks(
            Inputs(path, (path,)), (1000, 1000), SegmentOptions(crop_factor=1), alone
        )
        assert len(segments.items) == 60
    said = refused((one, two), (1000, 1000), alone, crop_factor=1)
    assert said.startswith("120 areas with what is around them have 1")


def test_what_is_painted_counts_with_the_files(tmp_path):
    files = spanning_regions(tmp_path / "a.png", 50, (1000, 1000))
    painted = spanning_regions(tmp_path / "painted.png", 50, (1000, 1000))
    inputs = Inputs(files, (files,), painted=painted)
    with pytest.raises(InputError, match=r"^100 areas with what is around them have "):
        segments_of_masks(inputs, (1000, 1000), SegmentOptions(), Settings(max_crop_megapixels=60))


def test_the_crop_factor_counts(tmp_path):
    path = dots(tmp_path / "dots.png", (400, 300), 12, 20)
    limits = Settings(max_crop_megapixels=0.05)
    inputs = Inputs(path, (path,))
    segments, _ = segments_of_masks(inputs, (300, 400), SegmentOptions(crop_factor=1), limits)
    assert len(segments.items) == 300
    assert refused((path,), (300, 400), limits, crop_factor=3).startswith("300 areas with what is")


def test_areas_that_growing_makes_too_large_together_are_refused_before_it(tmp_path, no_growing):
    path = dots(tmp_path / "dots.png", (400, 300), 12, 20)
    limits = Settings(max_crop_megapixels=1)
    # of 12 px each, 80 px to each side of it but where the photo ends
    across = sum(min(400, at + 92) - max(0, at - 80) for at in range(0, 400, 20))
    down = sum(min(300, at + 92) - max(0, at - 80) for at in range(0, 300, 20))
    said = refused((path,), (300, 400), limits, grow=80, crop_factor=1)
    assert said == TOGETHER.format("300 areas grown by 80 px", f"{across * down / 1e6:.1f}", 1)
