"""Colour maps with soft edges and noise: each pixel goes to the label that it is made of."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.finders.from_files import segments_of_masks
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_EXACT, AS_SOFT, INVERT, Offer, offers_of
from segui.settings import Settings

FILTERS = [one for one in Image.Resampling if one is not Image.Resampling.NEAREST]
SIZE_WH = (150, 120)
PLACES = ((35, 30), (60, 45), (110, 35), (40, 90), (105, 90), (85, 75))


def drawn_large(colours: list[tuple[int, int, int]], ground: tuple[int, int, int]) -> np.ndarray:
    """Discs and a square, some over others, at four times the size."""
    width, height = SIZE_WH
    canvas = np.full((4 * height, 4 * width, 3), ground, np.uint8)
    for number, (colour, (x, y)) in enumerate(zip(colours, PLACES, strict=False)):
        if number % 3 == 2:
            cv2.rectangle(canvas, (4 * x - 60, 4 * y - 70), (4 * x + 61, 4 * y + 54), colour, -1)
        else:
            cv2.circle(canvas, (4 * x, 4 * y), 85, colour, -1)
    return canvas


def read(tmp_path: Path, pixels: np.ndarray, **how: object) -> MaskFile:
    path = tmp_path / "map.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return read_mask(path, **how)


def boxes(mask: MaskFile) -> dict[str, tuple[int, int, int, int]]:
    """The box of each label by its name."""
    assert mask.labels is not None
    found = {}
    for value, name in mask.names.items():
        rows, columns = np.nonzero(mask.labels == value)
        found[name] = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    return found


def assert_same_labels(soft: MaskFile, sharp: MaskFile, within_px: int) -> None:
    expected, found = boxes(sharp), boxes(soft)
    assert found.keys() == expected.keys()
    for name, box in expected.items():
        assert np.abs(np.subtract(found[name], box)).max() <= within_px


@pytest.mark.long
@pytest.mark.parametrize("power", [1, 2, 0.5])  # which of the two is nearer says nothing
@pytest.mark.parametrize("width", [3, 7, 11])
@pytest.mark.parametrize(
    "ends", [((220, 40, 30), (20, 60, 240)), ((10, 200, 60), (250, 240, 30))], ids=str
)
def test_a_pixel_between_two_colours_goes_to_the_nearer_one(tmp_path, ends, width, power):
    share = np.clip((np.arange(60) - 20) / width, 0, 1) ** power  # odd: none is half of each
    row = np.array(ends[0]) + np.subtract(ends[1], ends[0]) * share[:, None]
    mask = read(tmp_path, np.repeat(np.rint(row)[None], 40, axis=0))
    names = ["{:02x}{:02x}{:02x}".format(*end) for end in ends]
    assert mask.labels is not None
    assert [mask.names[value] for value in mask.labels[20]] == [
        names[int(one > 0.5)] for one in share
    ]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_a_map_that_was_shrunk_has_the_labels_of_the_sharp_one(tmp_path, filter_, seed):
    random = np.random.default_rng(seed)
    colours = [tuple(int(c) for c in random.integers(0, 256, 3)) for _ in range(2 + seed % 5)]
    ground = (0, 0, 0) if seed % 2 else (40, 200, 90)
    large = Image.fromarray(drawn_large(colours, ground))
    sharp = read(tmp_path, np.array(large.resize(SIZE_WH, Image.Resampling.NEAREST)))
    assert sharp.notes[0] == f"read as labels: {len(sharp.names)} of them"
    assert not any("its edges fade" in note for note in sharp.notes)
    assert_same_labels(read(tmp_path, np.array(large.resize(SIZE_WH, filter_))), sharp, 2)


@pytest.mark.long
@pytest.mark.parametrize("radius", [1, 2, 3])
def test_a_map_with_brushed_edges_has_the_labels_of_the_sharp_one(tmp_path, radius):
    large = drawn_large([(255, 0, 0), (0, 0, 255), (20, 160, 90)], (0, 0, 0))
    sharp = np.array(Image.fromarray(large).resize(SIZE_WH, Image.Resampling.NEAREST))
    brushed = read(tmp_path, cv2.GaussianBlur(sharp, (0, 0), radius))
    assert_same_labels(brushed, read(tmp_path, sharp), 2 + radius)


def test_what_was_given_away_is_said_and_the_other_readings_are_offered(tmp_path):
    large = Image.fromarray(drawn_large([(255, 0, 0)], (0, 0, 0)))
    pixels = np.array(large.resize(SIZE_WH, Image.Resampling.BOX))
    mask = read(tmp_path, pixels)
    blends = np.count_nonzero((pixels[..., 0] > 0) & (pixels[..., 0] < 255))
    said = f"its edges fade: {blends} pixels between two colours went to the nearer one"
    assert mask.notes == ("read as labels: 1 of them", said)
    assert offers_of(mask.notes[1]) == (AS_EXACT, AS_SOFT)


@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_two_labels_that_hardly_differ_stay_two(tmp_path, filter_):
    # nearly the same colour side by side is no faint end of a soft edge
    large = np.zeros((480, 600, 3), np.uint8)
    large[80:400, 60:300], large[80:400, 300:540] = (176, 128, 233), (181, 128, 236)
    pixels = np.array(Image.fromarray(large).resize(SIZE_WH, filter_))
    assert boxes(read(tmp_path, pixels)).keys() == {"b080e9", "b580ec"}


@pytest.mark.long
@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_what_little_is_seen_of_a_label_between_two_others_gives_no_new_ones(
    tmp_path, filter_, place
):
    large = np.zeros((960, 1200, 3), np.uint8)
    large[80:480, 60:900], large[500:900, 60:600] = (67, 176, 66), (184, 70, 193)
    left = 300 + place  # a stripe of 2.5 px, beside another label on each side
    large[80:480, left : left + 20], large[80:480, left + 20 : 1100] = (184, 70, 193), (20, 60, 240)
    pixels = np.array(Image.fromarray(large).resize(SIZE_WH, filter_))
    found = boxes(read(tmp_path, pixels))
    assert found.keys() <= {"43b042", "b846c1", "143cf0"}


@pytest.mark.long
def test_asked_for_exactly_each_colour_is_a_label(tmp_path):
    large = Image.fromarray(drawn_large([(255, 0, 0)], (0, 0, 0)))
    pixels = np.array(large.resize(SIZE_WH, Image.Resampling.BOX))
    colours = {tuple(colour) for colour in pixels.reshape(-1, 3).tolist()}
    assert len(read(tmp_path, pixels, kind="exact").names) == len(colours) - 1


@pytest.mark.parametrize("flips", ["few", "all"])
def test_flipped_low_bits_make_no_labels(tmp_path, flips):
    random = np.random.default_rng(0)
    disc = np.zeros((80, 90, 3), np.uint8)
    cv2.circle(disc, (45, 40), 25, (255, 255, 255), -1)
    bits = random.integers(0, 2, disc.shape, np.uint8)
    if flips == "few":
        bits &= random.random((80, 90, 1)) < 0.02
    mask = read(tmp_path, np.where(disc > 0, disc ^ bits, disc))
    assert mask.kind == "soft"
    assert mask.soft is not None
    assert cv2.boundingRect(mask.soft) == (20, 15, 51, 51)
    said = "its channels differ by up to 1 level, here and there: noise, and no colours"
    assert mask.notes == ("read as a soft mask", said)
    assert offers_of(mask.notes[1]) == (AS_EXACT,)


def test_numbers_in_a_colours_channel_that_hardly_differ_are_labels(tmp_path):
    numbers = np.kron(np.arange(12).reshape(3, 4), np.ones((15, 15), int))
    mask = read(tmp_path, np.dstack([numbers, numbers * 0, numbers * 0]))
    assert [*mask.names.values()] == [f"{number:02x}0000" for number in range(1, 12)]


def test_thin_lines_of_a_sharp_map_stay(tmp_path):
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[10:50, 10:40] = (200, 0, 0)
    pixels[30, 5:75] = (0, 90, 200)
    pixels[5:8, 5:75] = (90, 200, 0)
    mask = read(tmp_path, pixels)
    assert boxes(mask) == {
        "005ac8": (5, 30, 75, 31),
        "5ac800": (5, 5, 75, 8),
        "c80000": (10, 10, 40, 50),
    }


def test_a_ground_of_a_colour_is_said_and_can_be_left_out(tmp_path):
    pixels = np.full((60, 80, 3), (40, 90, 200), np.uint8)
    pixels[10:30, 10:40] = (200, 0, 0)
    mask = read(tmp_path, pixels)
    said = "88% of it is the label 285ac8, which may be the ground: it can be left out"
    assert mask.notes == ("read as labels: 2 of them", said)
    offer = Offer("Leave out 285ac8", "leave_out", "285ac8")
    assert offers_of(mask.notes[1]) == (offer, INVERT)

    inputs, options = Inputs(Path(), (tmp_path / "map.png",)), SegmentOptions(leave_out=offer.value)
    segments, notes = segments_of_masks(inputs, (60, 80), options, Settings())
    assert [(one.label, tuple(one.bbox)) for one in segments.items] == [
        ("c80000", (10, 10, 40, 30))
    ]
    assert notes == ["map.png: read as labels: 2 of them", "map.png: left out: 285ac8"]
    assert offers_of(notes[1]) == (Offer("Take it back", "leave_out", ""),)


def test_black_things_on_one_colour_are_offered_to_be_inverted(tmp_path):
    pixels = np.full((60, 80, 3), (250, 250, 240), np.uint8)
    pixels[10:30, 10:40] = 0
    notes = read(tmp_path, pixels).notes
    said = "its one label fafaf0 is 88% of it: invert if what is black is meant"
    assert notes[1] == said
    assert offers_of(notes[1]) == (INVERT,)


def test_many_class_numbers_with_gaps_are_labels_where_some_lie_over_others(tmp_path):
    pixels = np.zeros((300, 300), np.uint8)
    for number in range(2, 40, 2):
        place = (15 * number % 280 + 10, 37 * number % 280 + 10)
        cv2.circle(pixels, place, 22, number, -1)
    mask = read(tmp_path, pixels)
    assert [*mask.names] == [*np.unique(pixels)[1:]]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("width", [3, 4])
@pytest.mark.parametrize("filter_", ["BOX", "BILINEAR", "BICUBIC"])
def test_lines_that_have_most_of_the_edges_are_labels(tmp_path, filter_, width, seed):
    random = np.random.default_rng(seed)
    colours = [tuple(int(c) for c in random.integers(40, 256, 3)) for _ in range(4)]
    large = np.zeros((1920, 1920, 3), np.uint8)
    cv2.circle(large, (500, 500), 300, colours[0], -1)
    cv2.rectangle(large, (900, 200), (1700, 700), colours[1], -1)
    cv2.line(large, (200 + 7 * seed, 1000), (1700, 1300 + 11 * seed), colours[2], 4 * width)
    cv2.ellipse(large, (900, 1500), (600, 300), 0, 0, 360, colours[3], 4 * width)
    small = Image.fromarray(large).resize((480, 480), Image.Resampling[filter_])
    found = sorted(read(tmp_path, np.array(small)).names.values())
    # a filter that swings may leave hardly a pixel of a line's own colour
    apart = [
        min(np.abs(np.subtract(colour, tuple(bytes.fromhex(name)))).max() for name in found)
        for colour in colours
    ]
    assert len(found) == 4
    assert max(apart) <= 12


@pytest.mark.long
@pytest.mark.parametrize("by", FILTERS, ids=lambda by: by.name.lower())
@pytest.mark.parametrize(
    "shades", [((128, 0, 0), (255, 0, 0)), ((60, 60, 120), (120, 120, 240), (20, 20, 40))], ids=str
)
def test_a_darker_shade_of_a_label_has_no_pixels_at_its_rim(tmp_path, shades, by):
    drawn = drawn_large(list(shades), (0, 0, 0))
    sharp = Image.fromarray(drawn).resize(SIZE_WH, Image.Resampling.NEAREST)
    expected = read(tmp_path, np.asarray(sharp))
    shrunk = Image.fromarray(drawn).resize(SIZE_WH, by)
    assert_same_labels(read(tmp_path, np.asarray(shrunk)), expected, within_px=2)
