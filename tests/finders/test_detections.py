"""Detections of other libraries, by their attributes alone."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from segui import Box, InputError, Segments, detections_of, segments_from_detections
from tests.drawn import rectangle, segment

SIZE = (60, 80)
BOXES = np.array([[40.2, 30.1, 59.6, 49.5], [5, 5, 30, 25]], np.float32)


def read(**others):
    detections = SimpleNamespace(**{"xyxy": BOXES, **others})
    return segments_from_detections(detections, SIZE, crop_factor=1).items


def test_boxes_alone_are_segments():
    first, second = read()
    assert (first.bbox, first.label, first.confidence) == (Box(5, 5, 30, 25), "A", 1)
    assert second.bbox == Box(40, 30, 60, 50)
    assert second.area == 20 * 20


def test_masks_confidences_and_names_are_kept():
    masks = np.zeros((2, *SIZE), bool)
    masks[0, 32:48, 42:58] = masks[1, 6:24, 7:29] = True
    named = {"data": {"class_name": np.array(["cat", "dog"])}, "class_id": np.array([7, 8])}
    first, second = read(mask=masks, confidence=np.array([0.25, 0.5]), **named)
    assert (first.label, first.confidence, first.bbox) == ("dog", 0.5, Box(7, 6, 29, 24))
    assert (second.label, second.confidence, second.area) == ("cat", 0.25, 16 * 16)


def test_without_names_the_number_of_the_class_is_the_label():
    assert [item.label for item in read(class_id=np.array([7, 8]), data={})] == ["8", "7"]


def test_none_is_none():
    empty = SimpleNamespace(xyxy=np.zeros((0, 4)), mask=None, confidence=None, class_id=None)
    assert segments_from_detections(empty, SIZE).items == ()


def test_segments_come_back_as_they_went():
    items = [
        segment((5, 5, 30, 25), rectangle(20, 25, (2, 2, 24, 18)), label="a", confidence=0.5),
        segment((40, 30, 60, 50), label="b", confidence=0.25),
    ]
    made = detections_of(Segments(SIZE, items))
    assert made["mask"].shape == (2, *SIZE)
    assert made["class_id"].tolist() == [0, 1]
    again = segments_from_detections(SimpleNamespace(**made), SIZE, crop_factor=1).items
    assert [(one.label, one.confidence) for one in again] == [("a", 0.5), ("b", 0.25)]
    assert again[0].bbox == Box(7, 7, 29, 23)
    assert torch.equal(again[1].mask, items[1].mask)
    assert detections_of(Segments(SIZE))["xyxy"].shape == (0, 4)


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"xyxy": None}, "xyxy is (): expected (n, 4) of numbers"),
        ({"xyxy": np.zeros((2, 3))}, "xyxy is (2, 3): expected (n, 4) of numbers"),
        ({"mask": np.zeros((2, 5, 5))}, "mask is (2, 5, 5): expected (2, 60, 80)"),
        ({"confidence": np.zeros(3)}, "confidence is (3,): expected (2,)"),
        ({"confidence": np.array([0.5, 2])}, "confidence[1] is 2.0: expected 0 to 1"),
        ({"class_id": np.zeros(1)}, "class_id is (1,): expected (2,)"),
    ],
)
def test_what_does_not_fit_is_refused(others, sentence):
    with pytest.raises(InputError) as raised:
        read(**others)
    assert str(raised.value) == sentence
