"""Grey masks as they come: floors, ringing, class numbers with gaps, void, other depths."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui import segments_from_mask
from segui.masks.files import MaskFile, read_mask
from segui.masks.greys.grey_values import read_grey
from segui.masks.notes import AS_SOFT, offers_of
from segui.masks.reading import MaskRequest, Reading
from tests.counts import examples

torch = pytest.importorskip("torch")
SIZE_HW = (200, 260)
EITHER = "its values could be opacity too: ask for soft if it is one mask"


def two_discs(*levels: int, radius: float = 0) -> np.ndarray:
    """A disc and a ring, of these levels."""
    pixels = np.zeros(SIZE_HW, np.uint16)
    cv2.circle(pixels, (60, 60), 31, levels[0], -1)
    cv2.circle(pixels, (170, 120), 40, levels[-1], 12)
    if not radius:
        return pixels
    return cv2.GaussianBlur(pixels.astype(np.uint8), (0, 0), radius)


def read(values: np.ndarray, *, is_lossy: bool = False) -> Reading:
    return read_grey(values, MaskRequest("auto", "a.png", is_lossy=is_lossy))


def boxes(reading: Reading | MaskFile) -> list[tuple[int, ...]]:
    assert reading.soft is not None
    return [tuple(one.bbox) for one in segments_from_mask(torch.from_numpy(reading.soft)).items]


HARD = [(29, 29, 92, 92), (124, 74, 217, 167)]


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(0, 3), st.integers(0, 3), st.floats(0.01, 1), st.integers(0, 99))
def test_a_mask_on_any_floor_has_the_segments_of_the_mask(low, high, share, seed):
    random = np.random.default_rng(seed)
    floor = random.integers(min(low, high), max(low, high) + 1, SIZE_HW)
    floor = np.where(random.random(SIZE_HW) < share, floor, min(low, high))
    sharp = two_discs(255).astype(np.uint8)
    for values in (np.maximum(sharp, floor), np.clip(sharp + floor, 0, 255)):
        assert boxes(read(values.astype(np.uint8))) == HARD


@pytest.mark.parametrize("level", [1, 2, 3, 16])
def test_a_soft_mask_on_a_floor_of_one_level_keeps_its_edge(level):
    soft = two_discs(255, radius=3)
    reading = read(np.clip(soft.astype(int) + level, 0, 255).astype(np.uint8))
    assert boxes(reading) == boxes(read(soft))
    said = f"what is faint, up to {level} of 255, is no soft edge and was cut"
    assert reading.notes == ("read as a soft mask", said)
    assert offers_of(reading.notes[1]) == (AS_SOFT,)


@pytest.mark.parametrize("radius", [3, 5, 8])
def test_the_faint_end_of_a_soft_edge_is_no_floor(radius):
    soft = two_discs(255, radius=radius)
    assert {1, 2, 3} <= set(np.unique(soft).tolist())
    reading = read(soft)
    assert reading.notes == ("read as a soft mask",)
    assert np.array_equal(reading.soft, soft)


def test_asked_for_soft_a_floor_stays():
    values = np.maximum(two_discs(255), 2).astype(np.uint8)
    assert read_grey(values, MaskRequest("soft", "a.png")).soft.min() == 2


@pytest.mark.parametrize("quality", [40, 60, 75, 90])
def test_ringing_of_jpeg_makes_no_crumbs_and_no_larger_boxes(tmp_path, quality):
    data = io.BytesIO()
    Image.fromarray(two_discs(255).astype(np.uint8)).save(data, "JPEG", quality=quality)
    (tmp_path / "a.jpg").write_bytes(data.getvalue())
    found = boxes(read_mask(tmp_path / "a.jpg"))
    assert len(found) == 2
    assert np.abs(np.subtract(found, HARD)).max() <= 2


@pytest.mark.parametrize(
    ("dtype", "values"),
    [(np.uint8, (12, 15)), (np.uint8, (11, 90)), (np.uint16, (7, 26003)), (np.uint16, (300, 310))],
)
def test_class_numbers_with_gaps_are_labels_and_could_be_opacity(dtype, values):
    reading = read(two_discs(*values).astype(dtype))
    assert reading.names == {value: str(value) for value in values}
    assert reading.notes == ("read as labels: 2 of them", EITHER)
    assert offers_of(reading.notes[1]) == (AS_SOFT,)


@pytest.mark.parametrize("values", [(128, 255), (100, 200), (64, 255)])
def test_flat_bright_values_are_opacity(values):
    assert read(two_discs(*values).astype(np.uint8)).kind == "soft"


@pytest.mark.parametrize(
    ("dtype", "values", "void"),
    [
        (np.uint8, (12, 15), 255),
        (np.uint16, (7, 26003), 255),
        (np.uint16, (7, 24001), 65535),
        (np.uint8, (1, 1), 255),
        (np.uint8, (12, 12), 255),
    ],
)
@pytest.mark.parametrize("thickness", [1, 3, 5])
def test_a_thin_rim_of_full_values_is_void(dtype, values, void, thickness):
    pixels = two_discs(*values)
    cv2.circle(pixels, (60, 60), 31, void, thickness)
    cv2.circle(pixels, (170, 120), 46, void, thickness)
    reading = read(pixels.astype(dtype))
    assert set(reading.names) == set(values)
    count = len(set(values))
    assert reading.notes == (f"read as labels: {count} of them; {void} is void", EITHER)
    assert reading.labels[60, 60] == values[0]
    assert reading.labels[29, 60] == -1


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_values_of_fewer_bits_have_the_scale_that_they_show(bits):
    full = (1 << bits) - 1
    soft = two_discs(255, radius=3)
    reading = read(np.rint(soft * (full / 255)).astype(np.uint16))
    assert np.array_equal(reading.soft, soft)
    said = f"its values end at {full} and are read as {bits}-bit: times {1 << (16 - bits)}"
    assert reading.notes == ("read as a soft mask", said)


@pytest.mark.parametrize("values", [(0, 700), (0, 1023), (0, 4095), (3, 40000), (1000, 1010)])
def test_two_values_of_16_bits_are_a_hard_mask_whatever_they_are(values):
    low, high = values
    reading = read(np.where(two_discs(255) > 0, high, low).astype(np.uint16))
    assert (reading.kind, boxes(reading)) == ("hard", HARD)
    assert reading.notes == (f"read as a hard mask: its values are {low} and {high}",)


@pytest.mark.parametrize("values", [(0, 12), (1, 255), (2, 254), (16, 235)])
def test_two_values_of_8_bits_are_a_hard_mask_unless_they_are_opacity(values):
    low, high = values
    reading = read(np.where(two_discs(255) > 0, high, low).astype(np.uint8))
    assert (reading.kind, boxes(reading)) == ("hard", HARD)
    assert offers_of(reading.notes[0]) == (AS_SOFT,)
