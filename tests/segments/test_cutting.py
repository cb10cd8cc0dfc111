import numpy as np
import pytest

from segui import InputError, segments_from_mask
from segui.segments.cutting import CropOptions, crop_regions, merge_segments
from tests.drawn import rectangle


def boxes(segments):
    return [tuple(item.bbox) for item in segments.items]


def tight(drawn, **options):
    return segments_from_mask(drawn, drop_size=1, crop_factor=1, **options)


@pytest.mark.parametrize(
    ("bbox", "size_hw", "factor", "expected"),
    [
        ((0, 0, 20, 20), (100, 100), 3, (0, 0, 60, 60)),
        ((40, 40, 60, 60), (100, 100), 3, (20, 20, 80, 80)),
        ((90, 90, 100, 100), (100, 100), 3, (70, 70, 100, 100)),
        ((10, 10, 90, 90), (100, 100), 3, (0, 0, 100, 100)),
        ((40, 10, 61, 30), (50, 100), 1.5, (34, 5, 65, 35)),
        ((3, 3, 8, 8), (100, 100), 1, (3, 3, 8, 8)),
    ],
)
def test_the_crop_region_slides_inward_and_keeps_its_size(bbox, size_hw, factor, expected):
    assert tuple(crop_regions(np.array([bbox]), size_hw, factor)[0]) == expected


def slow_crop(low, high, limit, factor):
    size = (high - low) * factor
    start = int(low + (high - low) / 2 - size / 2)
    if start < 0:
        edges = 0, min(limit, size)
    elif start + size > limit:
        edges = max(0, limit - size), limit
    else:
        edges = start, min(limit, start + size)
    return tuple(map(int, edges))


def test_crop_regions_are_the_rule_of_one_axis_twice():
    rng = np.random.default_rng(0)
    for _ in range(300):
        limits = rng.integers(20, 90, 2)
        low = rng.integers(0, limits - 5)
        high = np.minimum(limits, low + rng.integers(1, 60, 2))
        factor = float(rng.choice([1, 1.3, 1.5, 2.2, 3, 50]))
        got = crop_regions(np.array([[*low, *high]]), (limits[1], limits[0]), factor)[0]
        x, y = (slow_crop(low[k], high[k], limits[k], factor) for k in (0, 1))
        assert tuple(got) == (x[0], y[0], x[1], y[1])


def test_merged_in_contour_order_one_source_comes_after_the_other():
    low, high = rectangle(40, 40, (0, 20, 20, 40)), rectangle(40, 40, (20, 0, 40, 20))
    parts = [tight(low), tight(high)]
    assert boxes(merge_segments(parts, (40, 40), "contour")) == [(0, 20, 20, 40), (20, 0, 40, 20)]
    assert boxes(merge_segments(parts, (40, 40))) == [(20, 0, 40, 20), (0, 20, 20, 40)]


def test_another_order_is_refused():
    with pytest.raises(InputError) as caught:
        CropOptions(order="size")
    assert str(caught.value) == "order is 'size': expected reading or contour"
    with pytest.raises(InputError) as caught:
        merge_segments([], (40, 40), "size")
    assert str(caught.value) == "order is 'size': expected reading or contour"


def test_merged_segments_come_in_reading_order_and_ties_in_the_order_of_their_sources():
    one, two = (tight(rectangle(9, 9, (3, 3, 6, 6)), label=name) for name in ("one", "two"))
    top = tight(rectangle(9, 9, (4, 0, 8, 3)), label="top")
    merged = merge_segments([two, one, top], (9, 9))
    assert [item.label for item in merged.items] == ["top", "two", "one"]
