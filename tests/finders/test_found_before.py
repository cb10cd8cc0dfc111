"""What was found last is narrowed without finding again."""

import gc
from weakref import ref

import numpy as np
import pytest

from segui import Segments
from segui.finders.colours import ColourFinder
from segui.finders.found import NONE_KEPT, segments_found
from segui.finders.found_before import FoundBefore
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.settings import Settings
from tests.finders.test_colours import drawn


@pytest.fixture
def searches(monkeypatch):
    """How often colours were looked for."""
    asked = []
    find = ColourFinder.find
    monkeypatch.setattr(
        ColourFinder, "find", lambda self, *args: asked.append(args) or find(self, *args)
    )
    return asked


PHOTO = drawn((300, 200), "white", (80, 100, 50, "crimson"), (220, 100, 30, "royalblue"))


def labels(before, photo=PHOTO, **options):
    asked = SegmentOptions(finder="colours", **options)
    found = segments_found(Inputs("photo.png"), photo, asked, Settings(), before=before)
    return [item.label for item in found.segments.items], [*found.notes]


def test_what_stays_is_narrowed_without_another_search(searches):
    before = FoundBefore()
    assert labels(before)[0] == ["white", "red", "blue"]
    assert labels(before, keep_labels="red, blue")[0] == ["red", "blue"]
    assert labels(before, largest=1) == (
        ["white"],
        ["found: 1 blue, 1 red, 1 white", "2 areas were left out, 1 being larger"],
    )
    assert labels(before, keep_labels="blue", grow=5)[0] == ["blue"]
    assert labels(before, keep_labels="gold") == (
        [],
        [NONE_KEPT, "found: 1 blue, 1 red, 1 white"],
    )
    assert len(searches) == 1


def test_another_photo_or_another_cut_is_looked_at(searches):
    before = FoundBefore()
    labels(before)
    labels(before, drop_size=70)
    labels(before, PHOTO.copy(), drop_size=70)
    assert len(searches) == 3


def test_without_a_memory_each_time_is_a_search(searches):
    labels(None)
    labels(None)
    assert len(searches) == 2


@pytest.mark.long
def test_nothing_is_held_of_a_photo_that_is_gone():
    before, photo = FoundBefore(), np.zeros((4, 4, 3), np.uint8)
    found = before.get("key", photo, lambda: Segments((4, 4)))
    assert before.get("key", photo, pytest.fail) is found
    gone = ref(found)
    del found, photo
    gc.collect()
    assert gone() is None


def test_three_answers_are_held_and_those_of_another_photo_are_not():
    before, photo = FoundBefore(), np.zeros((4, 4, 3), np.uint8)
    for key in "abc":
        before.get(key, photo, lambda: Segments((4, 4)))
    found = before.get("a", photo, pytest.fail)
    assert [before.get(key, photo, pytest.fail) is found for key in "abc"] == [True, False, False]
    before.get("d", photo, lambda: Segments((4, 4)))
    with pytest.raises(ZeroDivisionError):
        before.get("a", photo, lambda: 1 // 0)  # it was the longest there
    other = photo.copy()
    before.get("d", other, lambda: Segments((4, 4)))
    with pytest.raises(ZeroDivisionError):
        before.get("c", photo, lambda: 1 // 0)


def test_a_search_that_fails_leaves_what_was_found_before():
    before, photo = FoundBefore(), np.zeros((4, 4, 3), np.uint8)
    found = before.get("key", photo, lambda: Segments((4, 4)))
    with pytest.raises(ZeroDivisionError):
        before.get("other", photo, lambda: 1 // 0)
    assert before.get("key", photo, pytest.fail) is found
