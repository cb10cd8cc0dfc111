"""Numbers of classes that were scaled by a filter give the areas of the sharp ones."""

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.masks.files import read_mask
from segui.masks.greys.grey_values import read_grey
from segui.masks.notes import AS_EXACT, AS_LABELS, AS_SOFT
from segui.masks.reading import MaskRequest, Reading

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING,
}
SIZE = 240


def classes(numbers: tuple[int, ...], size: int, dtype: type = np.uint8) -> np.ndarray:
    """Discs that touch and overlap, and a bar, drawn with hard edges."""
    drawn = np.zeros((size, size), np.uint16)
    for place, number in enumerate(numbers):
        turn = 2 * np.pi * place / len(numbers)
        centre = [round(size * (0.5 + 0.26 * way)) for way in (np.cos(turn), np.sin(turn))]
        cv2.circle(drawn, centre, round(size * 0.18), number, -1)
    top, left = round(size * 0.92), round(size * 0.05)
    cv2.rectangle(drawn, (left, top), (size - left, round(size * 0.97)), numbers[0], -1)
    return drawn.astype(dtype)


def read(values: np.ndarray, kind: str = "auto") -> Reading:
    return read_grey(values, MaskRequest(kind, "a.png", is_lossy=False))


def shrunk(values: np.ndarray, size: int, by: str) -> np.ndarray:
    if values.dtype == np.uint8:
        return np.asarray(Image.fromarray(values).resize((size, size), FILTERS[by]))
    ways = {"bilinear": cv2.INTER_LINEAR, "box": cv2.INTER_AREA, "bicubic": cv2.INTER_CUBIC}
    return cv2.resize(values, (size, size), interpolation=ways[by])


def assert_same_areas(reading: Reading, sharp: np.ndarray, px: int = 2) -> None:
    """Each number has an area of its own, with the box of the sharp one within some pixels."""
    labels = reading.labels
    assert labels is not None
    assert set(np.unique(labels)) == set(np.unique(sharp))
    for number in np.unique(sharp[sharp > 0]):
        found, wanted = (np.argwhere(each == number) for each in (labels, sharp))
        assert np.abs(found.min(axis=0) - wanted.min(axis=0)).max() <= px
        assert np.abs(found.max(axis=0) - wanted.max(axis=0)).max() <= px


@pytest.mark.long
@pytest.mark.parametrize("by", FILTERS)
@pytest.mark.parametrize("numbers", [(11, 13), (12, 15), (10, 20, 30, 40), (3, 40, 90)])
@pytest.mark.parametrize("kind", ["auto", "labels"])
def test_numbers_that_were_shrunk_by_a_filter_are_those_that_were_drawn(kind, numbers, by):
    reading = read(shrunk(classes(numbers, 4 * SIZE), SIZE, by), kind)
    assert_same_areas(reading, classes(numbers, SIZE))
    assert reading.names == {number: str(number) for number in numbers}
    said = next(note for note in reading.notes if "fade" in note)
    assert said.endswith("pixels between two values went to the nearer one")
    assert said.offers == (AS_EXACT, AS_SOFT)


@pytest.mark.parametrize("by", ["bilinear", "box", "hamming"])
@pytest.mark.parametrize("numbers", [(1, 2, 3), (2, 5, 9)])
def test_a_number_that_lies_between_two_others_keeps_its_own_place_alone(numbers, by):
    reading = read(shrunk(classes(numbers, 4 * SIZE), SIZE, by))
    assert_same_areas(reading, classes(numbers, SIZE))


@pytest.mark.parametrize("by", ["bilinear", "box", "bicubic"])
def test_large_numbers_of_16_bits_are_those_that_were_drawn(by):
    numbers = (700, 24001, 26003)
    reading = read(shrunk(classes(numbers, 4 * SIZE, np.uint16), SIZE, by))
    assert_same_areas(reading, classes(numbers, SIZE, np.uint16))


@pytest.mark.parametrize("by", FILTERS)
def test_bright_values_are_opacity_unless_labels_are_asked_for(by):
    numbers = (85, 170, 255)
    values = shrunk(classes(numbers, 4 * SIZE), SIZE, by)
    reading = read(values)
    assert np.array_equal(reading.soft, values)
    said = "its values 85, 170, 255 cover ground: ask for labels if they are numbers of objects"
    assert reading.notes == ("read as a soft mask", said)
    assert reading.notes[1].offers == (AS_LABELS,)
    assert_same_areas(read(values, "labels"), classes(numbers, SIZE))


@pytest.mark.parametrize(
    ("ending", "quality", "step"),
    [
        *(("jpg", quality, step) for quality in (75, 95) for step in (31, 51, 85)),
        *(("webp", 90, step) for step in (51, 85)),  # which makes 125 of 124
    ],
)
def test_numbers_that_were_saved_with_losses_are_said_as_those_that_were_not(
    tmp_path, ending, quality, step
):
    numbers = tuple(range(step, 256, step))
    path = tmp_path / f"classes.{ending}"
    Image.fromarray(classes(numbers, SIZE)).save(path, quality=quality)
    reading = read_mask(path)
    assert reading.kind == "soft"
    each = ", ".join(map(str, numbers))
    said = f"its values {each} cover ground: ask for labels if they are numbers of objects"
    assert [note.offers for note in reading.notes if note == said] == [(AS_LABELS,)]
    assert_same_areas(read_mask(path, kind="labels"), classes(numbers, SIZE))


@pytest.mark.parametrize("ending", ["jpg", "webp"])
@pytest.mark.parametrize("numbers", [(1,), (1, 2, 3), (3, 6, 9)])
def test_small_numbers_that_were_saved_with_losses_are_hardly_any_opacity_and_that_is_said(
    tmp_path, ending, numbers
):
    path = tmp_path / f"classes.{ending}"
    Image.fromarray(classes(numbers, SIZE)).save(path, quality=95)
    reading = read_mask(path)
    highest = int(reading.soft.max())
    assert reading.notes[-1] == (
        f"its values end at {highest} of 255, and saving has changed them: "
        "give it as PNG if they are numbers of objects"
    )


@pytest.mark.parametrize("by", ["bilinear", "lanczos"])
def test_numbers_that_are_asked_for_exactly_are_all_that_are_there(by):
    values = shrunk(classes((11, 13), 4 * SIZE), SIZE, by)
    assert set(read(values, "exact").names) == set(np.unique(values[values > 0]))


@pytest.mark.parametrize("times", [1.5, 2, 2.5])
def test_numbers_that_were_enlarged_are_those_that_were_drawn(times):
    size = round(SIZE * times)
    reading = read(shrunk(classes((11, 13), SIZE), size, "bilinear"), "labels")
    assert_same_areas(reading, classes((11, 13), size), px=3)


@pytest.mark.parametrize("kind", ["auto", "labels"])
@pytest.mark.parametrize("border", [1, 4, 8])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_border_that_was_drawn_around_each_object_stays(kind, border, width):
    values = np.zeros((SIZE, SIZE), np.uint8)
    for place, number in enumerate(number for number in range(1, 9) if number != border):
        centre = (45 + 70 * (place % 3), 45 + 70 * (place // 3))
        cv2.circle(values, centre, 28, number, -1)
        cv2.circle(values, centre, 28, border, width)
    assert np.array_equal(read(values, kind).labels, values)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["auto", "labels"])
def test_numbers_of_many_small_objects_that_touch_stay_as_they_are(kind, seed):
    rng = np.random.default_rng(seed)
    values = np.zeros((SIZE, SIZE), np.uint8)
    for number in rng.permutation(np.arange(1, 120)):
        x, y, width, height = (int(each) for each in rng.integers((0, 0, 3, 3), (220, 220, 40, 40)))
        cv2.rectangle(values, (x, y), (x + width, y + height), int(number), -1)
    assert np.array_equal(read(values, kind).labels, values)


@pytest.mark.parametrize("radius", [4, 8, 16])
def test_wide_edges_of_two_opacities_are_soft(radius):
    values = cv2.GaussianBlur(classes((40, 90), SIZE), (0, 0), radius)
    assert np.array_equal(read(values).soft, values)


def test_a_picture_has_too_many_values_for_labels():
    values = np.random.default_rng(1).integers(0, 60_000, (SIZE, SIZE)).astype(np.uint16)
    with pytest.raises(InputError, match="more than the 4096 labels that a mask may have"):
        read(values, "labels")
