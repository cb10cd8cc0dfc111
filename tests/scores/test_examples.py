"""Examples of what is looked for, by segments' numbers and by points inside of them."""

import numpy as np
import pytest
import torch

from segui import InputError, classify, like_these, segments_from_mask
from segui.finders.base import Area, segments_of
from segui.geometry import Box
from segui.scores.examples import examples_among, read_examples
from segui.segments.cutting import CropOptions
from segui.segments.segment import Segments


def squares(*values: int) -> tuple[Segments, torch.Tensor]:
    """Squares of 20 px in a row, each of a grey, and the picture that they are of."""
    image = torch.full((1, 30, 30 * len(values), 3), 255, dtype=torch.uint8)
    mask = torch.zeros(30, 30 * len(values))
    for place, value in enumerate(values):
        part = slice(5, 25), slice(30 * place + 5, 30 * place + 25)
        image[(0, *part)] = value
        mask[part] = 1
    return segments_from_mask(mask), image


def test_a_point_is_of_the_smallest_segment_that_has_it():
    whole = Area(Box(0, 0, 40, 40), np.full((40, 40), 255, np.uint8), "large")
    soft = np.full((20, 20), 255, np.uint8)
    soft[0, 0] = 127  # less than a half
    part = Area(Box(10, 10, 30, 30), soft, "small")
    segments = segments_of([whole, part], (40, 40), CropOptions())
    assert [item.label for item in segments.items] == ["large", "small"]
    assert examples_among(segments, [(15, 15, True), (5, 5, False)]) == {0: False, 1: True}
    assert examples_among(segments, [(10, 10, True)]) == {0: True}
    assert examples_among(segments, [(11, 10, True)]) == {1: True}


def test_what_is_said_twice_counts_once_and_what_was_decided_comes_after_it():
    segments, _ = squares(10, 20, 30)
    assert examples_among(segments, [(1, True), (9, 9, True)], {1: False, 3: False, 9: True}) == {
        0: True,
        2: False,
    }


def test_the_library_compares_with_examples_and_again_with_others_segments():
    segments, image = squares(20, 200, 30, 210, 25)
    judge = like_these(segments, [(1, 1), (40, 10, 0)])
    assert classify(judge, segments, "like > unlike", image).sides == (
        *("filtered", "remained", "filtered", "remained", "filtered"),
    )


def test_of_two_segments_that_are_the_same_both_are_compared():
    segments, image = squares(20, 200, 30)
    twice = Segments(segments.size, [segments.items[0], *segments.items])
    judge = like_these(twice, [(1, True), (3, False)])
    chosen = classify(judge, twice, "like > unlike", image).sides
    assert chosen == ("filtered", "filtered", "remained", "filtered")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "examples is an object: expected a list of lists"),
        ("[3]", "examples[0] is 3: expected [number, 1 or 0] or [x, y, 1 or 0]"),
        ("[[1]]", "examples[0] is a list of 1: expected [number, 1 or 0] or [x, y, 1 or 0]"),
        ("[[1, 1], [1, 2]]", "examples[1] ends with 2: expected 1 or 0"),
        ("[[1.5, 1]]", "examples[0] begins with 1.5: expected a segment's number"),
        ('[[1, "2", 1]]', "examples[0] has '2': expected a number of px"),
        (
            f"[[1{'0' * 400}, 1]]",
            "examples[0] begins with a number of 401 digits: expected a segment's number",
        ),
        (f"[{'[1, 1],' * 1000}[1, 1]]", "examples has 1001 entries: at most 1000 are allowed"),
    ],
)
def test_what_is_no_example_is_told(text, sentence):
    with pytest.raises(InputError) as caught:
        read_examples(text)
    assert str(caught.value) == sentence


def test_no_example_at_all_is_told():
    segments, _ = squares(10)
    with pytest.raises(InputError) as caught:
        like_these(segments, [])
    assert str(caught.value) == (
        "examples is empty: expected at least one [number, 1 or 0] or [x, y, 1 or 0]"
    )
    assert read_examples(" ") == ()
