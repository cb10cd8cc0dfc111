import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segui import (
    Box,
    InputError,
    segments_from_difference,
    segments_from_labels,
    segments_from_mask,
)
from segui.finders import regions
from tests.counts import examples
from tests.drawn import labels, mask, picture, rectangle


def boxes(segments):
    return [tuple(item.bbox) for item in segments.items]


def tight(drawn, **options):
    return segments_from_mask(drawn, drop_size=1, crop_factor=1, **options)


def test_each_region_that_hangs_together_is_a_segment_in_reading_order():
    found = tight(mask("....##", "##..##", "##....", "...##.", "##.##.", "##...."))
    assert boxes(found) == [(4, 0, 6, 2), (0, 1, 2, 3), (3, 3, 5, 5), (0, 4, 2, 6)]


def test_regions_that_touch_at_a_corner_are_one():
    assert boxes(tight(mask("##..", "##..", "..##", "..##"))) == [(0, 0, 4, 4)]


def test_an_island_in_a_hole_belongs_to_the_region_around_it():
    drawn = mask("#######", "#.....#", "#.###.#", "#.###.#", "#.....#", "#######")
    found = tight(drawn)
    assert boxes(found) == [(0, 0, 7, 6)]
    assert torch.equal(found.items[0].mask, drawn)


def test_contour_fill_fills_holes_and_drops_softness():
    drawn = mask("#####", "#..+#", "#.-.#", "#####")
    assert (tight(drawn, contour_fill=True).items[0].mask == 1).all()


def test_softness_is_kept_and_neighbours_are_removed():
    drawn = mask("+*....", "*#....", "....##", "....##")
    found = segments_from_mask(drawn, drop_size=1, crop_factor=3)
    first = found.items[0]
    assert first.crop_region == Box(0, 0, 6, 4)
    assert torch.equal(first.mask, mask("+*....", "*#....", "......", "......"))


def test_bbox_fill_sets_the_box_to_1():
    found = tight(mask("#..", ".#.", "..#"), bbox_fill=True)
    assert (found.items[0].mask == 1).all()


def outer_boxes(drawn):
    """The boxes of the outer contours, in the order in which OpenCV lists them."""
    found, _ = cv2.findContours(drawn.numpy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    rectangles = [cv2.boundingRect(each) for each in found]
    return [(x, y, x + width, y + height) for x, y, width, height in rectangles]


SCATTERED = mask("##..##", "......", ".##..#", ".....#", "##..##").mul(255).to(torch.uint8)


def test_contour_order_is_the_one_in_which_opencv_lists_outer_contours():
    found = segments_from_mask(SCATTERED, drop_size=1, crop_factor=1, order="contour")
    listed = [box for box in outer_boxes(SCATTERED) if min(box[2] - box[0], box[3] - box[1]) > 1]
    assert boxes(found) == listed
    assert found.left_out == tight(SCATTERED).left_out


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(0, 9999))
def test_contour_order_has_the_segments_of_reading_order(seed):
    marked = np.random.default_rng(seed).random((40, 50)) > 0.7
    drawn = torch.from_numpy(cv2.dilate(marked.astype(np.uint8) * 255, np.ones((2, 2), np.uint8)))
    listed = tight(drawn, order="contour")
    assert boxes(listed) == [
        box for box in outer_boxes(drawn) if min(box[2] - box[0], box[3] - box[1]) > 1
    ]
    read = {(*item.bbox, int(item.mask.sum())) for item in tight(drawn).items}
    assert {(*item.bbox, int(item.mask.sum())) for item in listed.items} == read


@pytest.mark.parametrize("value", [0.0039, 0.0])
def test_what_is_below_one_level_of_255_is_nothing(value):
    assert boxes(tight(torch.full((4, 4), value))) == []


def test_one_level_of_255_is_something():
    assert boxes(tight(torch.full((4, 4), 1 / 255))) == [(0, 0, 4, 4)]


def test_width_and_height_must_both_exceed_drop_size():
    drawn = rectangle(40, 60, (0, 0, 10, 11)) + rectangle(40, 60, (20, 0, 31, 10))
    drawn += rectangle(40, 60, (40, 20, 51, 31))
    found = segments_from_mask(drawn)
    assert boxes(found) == [(40, 20, 51, 31)]
    assert found.left_out == (Box(0, 0, 10, 11), Box(20, 0, 31, 10))


@pytest.mark.parametrize("kind", [torch.bool, torch.uint8, torch.float32])
def test_masks_may_be_bool_uint8_or_float32(kind):
    drawn = rectangle(30, 30, (3, 4, 20, 25))
    given = drawn.mul(255).to(kind) if kind == torch.uint8 else drawn.to(kind)
    found = tight(given)
    assert boxes(found) == [(3, 4, 20, 25)]
    assert (found.items[0].mask == 1).all()


def test_a_leading_axis_of_one_is_taken():
    assert boxes(tight(torch.ones(1, 5, 6))) == [(0, 0, 6, 5)]


def test_the_mask_is_copied():
    drawn = rectangle(30, 30, (0, 0, 20, 20))
    found = tight(drawn)
    drawn[:] = 0
    assert (found.items[0].mask == 1).all()


def test_combined_is_one_segment_of_everything_with_the_same_rules():
    drawn = mask("+#...", "##...", ".....", "...##", "...#*")
    found = tight(drawn, combined=True)
    assert boxes(found) == [(0, 0, 5, 5)]
    assert torch.equal(found.items[0].mask, drawn)
    filled = tight(drawn, combined=True, bbox_fill=True)
    assert (filled.items[0].mask == 1).all()


def test_combined_obeys_drop_size():
    found = segments_from_mask(rectangle(30, 30, (0, 0, 10, 20)), combined=True)
    assert boxes(found) == []
    assert found.left_out == (Box(0, 0, 10, 20),)


def test_combined_of_nothing_is_nothing():
    assert boxes(tight(torch.zeros(4, 4), combined=True)) == []


def test_every_segment_has_the_label_asked_for():
    assert tight(torch.ones(5, 5), label="sky").items[0].label == "sky"


def slow_masks(drawn):
    """One full-size picture a contour, as the plain way has it."""
    levels = (drawn.numpy() * 255).astype(np.uint8)
    contours, _ = cv2.findContours(levels, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        filled = np.zeros_like(levels)
        cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
        x, y, w, h = cv2.boundingRect(contour)
        yield (x, y, x + w, y + h), filled * drawn.numpy()


def test_masks_are_those_of_the_plain_way_on_noise():
    rng = np.random.default_rng(3)
    coarse = cv2.resize(rng.random((12, 16), np.float32), (160, 120), interpolation=cv2.INTER_CUBIC)
    drawn = torch.from_numpy(np.where(coarse > 0.55, coarse.clip(0, 1), 0).astype(np.float32))
    expected = dict(slow_masks(drawn))
    found = tight(drawn)
    assert len(found.items) > 5
    for item in found.items:
        whole = np.zeros(drawn.shape, np.float32)
        whole[item.crop_region.slices] = item.mask.numpy()
        assert np.abs(whole - expected[tuple(item.bbox)]).max() < 1e-6


@pytest.mark.parametrize(
    ("drawn", "options", "message"),
    [
        (np.ones((3, 3)), {}, "the mask is a ndarray: expected a tensor"),
        (torch.ones(2, 3, 3), {}, "the mask is (2, 3, 3): expected (H, W) or (1, H, W)"),
        (torch.ones(0, 3), {}, "the mask is (0, 3): expected (H, W) or (1, H, W)"),
        (
            torch.ones(3, 3).double(),
            {},
            "the mask is torch.float64: expected float32, uint8 or bool",
        ),
        (torch.full((3, 3), 2.0), {}, "the mask has values from 2.0 to 2.0: expected 0 to 1"),
        (
            torch.full((3, 3), float("nan")),
            {},
            "the mask has values from nan to nan: expected 0 to 1",
        ),
        (torch.ones(3, 3), {"crop_factor": 0.5}, "crop_factor is 0.5: expected 1 to 100"),
        (torch.ones(3, 3), {"crop_factor": float("nan")}, "crop_factor is nan: expected 1 to 100"),
        (torch.ones(3, 3), {"crop_factor": "3"}, "crop_factor is 3: expected 1 to 100"),
        (torch.ones(3, 3), {"drop_size": None}, "drop_size is None: expected a whole number of px"),
        (torch.ones(3, 3), {"label": None}, "the label is None: expected text"),
        (torch.ones(3, 3), {"drop_size": 0}, "drop_size is 0: expected at least 1 px"),
        (torch.ones(3, 3), {"drop_size": 2.5}, "drop_size is 2.5: expected a whole number of px"),
    ],
)
def test_a_mask_or_option_that_does_not_fit_is_refused(drawn, options, message):
    with pytest.raises(InputError) as caught:
        segments_from_mask(drawn, **options)
    assert str(caught.value) == message


def test_each_label_is_a_segment_with_its_islands():
    drawn = labels("11..22", "11..22", "......", "11.33.", "11.33.")
    found = segments_from_labels(drawn, {2: "sky"}, drop_size=1, crop_factor=1)
    assert [(item.label, tuple(item.bbox)) for item in found.items] == [
        ("1", (0, 0, 2, 5)),
        ("sky", (4, 0, 6, 2)),
        ("3", (3, 3, 5, 5)),
    ]
    assert torch.equal(found.items[0].mask, mask("##", "##", "..", "##", "##"))


def test_regions_of_labels_are_told_apart_when_asked():
    drawn = labels("11.11", "11.11")
    found = segments_from_labels(drawn, regions=True, drop_size=1, crop_factor=1)
    assert boxes(found) == [(0, 0, 2, 2), (3, 0, 5, 2)]


def test_labels_that_touch_stay_apart():
    found = segments_from_labels(labels("1122", "1122"), drop_size=1, crop_factor=3)
    assert [item.area for item in found.items] == [4, 4]


def test_drop_size_is_for_the_joint_box_of_a_label():
    drawn = labels("1......", ".......", "......1")
    found = segments_from_labels(drawn, drop_size=2)
    assert boxes(found) == [(0, 0, 7, 3)]


def test_labels_that_begin_at_one_pixel_come_by_their_number():
    found = segments_from_labels(labels("21", "12"), drop_size=1)
    assert [item.label for item in found.items] == ["1", "2"]


def test_the_holes_of_a_label_are_filled_when_asked():
    drawn = labels("111", "1.1", "111")
    plain, filled = (
        segments_from_labels(drawn, drop_size=1, crop_factor=1, contour_fill=fill).items[0]
        for fill in (False, True)
    )
    assert (plain.area, filled.area) == (8, 9)


@pytest.mark.parametrize("regions", [False, True])
def test_the_box_of_a_label_is_filled_when_asked(regions):
    drawn = labels("1..", "11.", "...")
    found = segments_from_labels(drawn, drop_size=1, crop_factor=1, bbox_fill=True, regions=regions)
    assert found.items[0].area == 4


def test_an_empty_label_map_has_no_segments():
    assert segments_from_labels(torch.zeros(3, 3, dtype=torch.int32)).items == ()


@pytest.mark.parametrize("value", [-3, 2**31 + 5, 2**32 + 1])
def test_labels_may_be_any_whole_number(value):
    drawn = torch.zeros(6, 9, dtype=torch.int64)
    drawn[:3, :3], drawn[3:, 5:] = 1, value
    found = segments_from_labels(drawn, {value: "far"}, drop_size=1)
    assert [(item.label, item.area) for item in found.items] == [("1", 9), ("far", 12)]


def test_a_crop_that_cuts_its_region_shows_nothing_of_the_neighbours():
    drawn = mask(".#.##", "#...#", "#.###")
    for item in tight(drawn).items:
        inside = item.mask
        for x in range(item.crop_region.x1, item.crop_region.x2):
            column = Box(x, item.crop_region.y1, x + 1, item.crop_region.y2)
            place = column.relative_to(item.crop_region).slices
            assert np.array_equal(item.read_mask(column), inside[place].numpy())


def test_names_are_labels_by_their_numbers():
    with pytest.raises(InputError) as caught:
        segments_from_labels(labels("11", "11"), ["sky"])
    assert str(caught.value) == "names is a list: expected labels by their numbers"
    with pytest.raises(InputError, match="the label is 7: expected text"):
        segments_from_labels(labels("11", "11"), {1: 7})


def test_a_label_map_of_fractions_is_refused():
    with pytest.raises(InputError) as caught:
        segments_from_labels(torch.ones(3, 3))
    assert str(caught.value) == "the label map is torch.float32: expected whole numbers"


def test_the_boxes_of_labels_are_those_of_their_pixels():
    rng = np.random.default_rng(1)
    drawn = torch.from_numpy(rng.integers(-1, 9, (40, 50)))
    found = segments_from_labels(drawn, drop_size=1, crop_factor=1)
    for item in found.items:
        rows, columns = np.nonzero(drawn.numpy() == int(item.label))
        assert tuple(item.bbox) == (
            columns.min(),
            rows.min(),
            columns.max() + 1,
            rows.max() + 1,
        )


def test_areas_that_an_edit_changed_become_segments():
    photo = picture(200, 300, channels=3)
    edited = photo.clone()
    edited[:, 50:120, 60:160] = 1 - edited[:, 50:120, 60:160]
    found = segments_from_difference(photo, edited, grow=0)
    assert len(found.items) == 1
    box = found.items[0].bbox
    assert np.abs(np.subtract(box, (60, 50, 160, 120))).max() <= 3


def test_two_equal_pictures_have_no_segments():
    photo = picture(60, 80)
    assert segments_from_difference(photo, photo).items == ()


@given(
    values=arrays.arrays(
        np.int32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 4)
    ),
    largest=st.sampled_from([1, 60_000, 70_000]),
    short_px=st.sampled_from([1, 3, 256]),
)
@settings(deadline=None, max_examples=examples(200))
def test_the_box_of_each_number_is_the_same_by_lines_and_by_runs(values, largest, short_px):
    values = values * np.int32(largest)
    expected = {}
    for value in set(values[values > 0].tolist()):
        rows, columns = np.nonzero(values == value)
        edges = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        expected[value] = [int(edge) for edge in edges]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regions, "_SHORT_PX", short_px)
        numbers, boxes = regions.label_boxes(values)
    assert dict(zip(numbers.tolist(), boxes.tolist(), strict=True)) == expected
