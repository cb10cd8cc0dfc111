import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.images.writing import encode_numbers
from segui.segments.segment import Segments
from segui.takeaway.label_map import label_map
from tests.drawn import mask, segment
from tests.takeaway.chosen import BOXES, SIZE_HW, scene_of, selection_of


def test_each_chosen_segment_has_its_number_and_all_else_is_0():
    scene = scene_of("a", "b", "c")
    selection = selection_of(scene, {"red": 1}, {"red": 0}, {"red": 1}, expression="red > 0.5")
    numbers = label_map(selection, SIZE_HW)
    wanted = np.zeros(SIZE_HW, np.uint8)
    for number in (1, 3):
        x1, y1, x2, y2 = BOXES[number - 1]
        wanted[y1:y2, x1:x2] = number
    np.testing.assert_array_equal(numbers, wanted)
    assert numbers.dtype == np.uint8


def test_where_segments_overlap_the_later_number_stands():
    scene = scene_of("a", "b", "c")
    numbers = label_map(selection_of(scene), SIZE_HW)
    assert (numbers[22, 25], numbers[22, 35], numbers[35, 40]) == (2, 3, 3)


def test_a_soft_mask_counts_from_one_half_on():
    scene = scene_of()
    soft = segment((2, 1, 6, 3), mask("-+*#", "#*+-"))
    scene = replace(scene, segments=Segments(SIZE_HW, (soft,)))
    assert label_map(selection_of(scene), SIZE_HW)[1:3, 2:6].tolist() == [
        [0, 1, 1, 1],
        [1, 1, 1, 0],
    ]


def test_more_than_255_segments_take_16_bits():
    items = tuple(segment((x, y, x + 1, y + 1)) for y in range(20) for x in range(30))
    scene = replace(scene_of(), segments=Segments(SIZE_HW, items))
    numbers = label_map(selection_of(scene), SIZE_HW)
    assert numbers.dtype == np.uint16
    assert (numbers[0, 0], numbers[19, 29], numbers[19, 30]) == (1, 600, 0)
    with Image.open(io.BytesIO(encode_numbers(numbers))) as image:
        assert image.mode == "I;16"
        np.testing.assert_array_equal(np.array(image), numbers)


def test_a_segment_outside_the_picture_is_nowhere():
    scene = replace(scene_of(), segments=Segments(SIZE_HW, (segment((-9, -9, -2, -2)),)))
    assert not label_map(selection_of(scene), SIZE_HW).any()


def test_only_a_map_of_numbers_is_written_as_one():
    with pytest.raises(InputError) as refused:
        encode_numbers(np.zeros((2, 3), np.float32))
    assert str(refused.value) == "a map to write is (H, W) uint8 or uint16: got (2, 3) float32"
