"""Narrowing what was found: small masks drawn as text, and a pixel-by-pixel oracle."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from segui import Box, InputError, Segment, Segments
from segui.finders.narrowing import Narrowing, narrow, note_of_labels
from segui.segments.cutting import CropOptions
from tests.drawn import mask

CUT = CropOptions(crop_factor=1, drop_size=1)
SIZE = (6, 12)


def found(*drawn, labels="", sure=(), size=SIZE):
    """Segments of the letters of a picture drawn as text: a letter each."""
    items = []
    for place, rows in enumerate(drawn):
        whole = mask(*rows)
        box = Box(0, 0, whole.shape[1], whole.shape[0])
        label = labels[place] if labels else "A"
        items.append(Segment(whole, box, box, label, sure[place] if sure else 1.0))
    return Segments(size, items)


def levels(segments):
    """What each segment has, as rows of text of hard pixels."""
    out = []
    for item in segments.items:
        whole = np.zeros(segments.size, bool)
        whole[item.content.slices] = item.read_mask(item.content) >= 0.5
        out.append(whole)
    return out


LEFT = ("####........",) * 6
MIDDLE = ("..######....",) * 6
RIGHT = (".........###",) * 6


def test_nothing_asked_for_is_the_same_object():
    segments = found(LEFT, MIDDLE)
    assert narrow(segments, Narrowing(), CUT) is segments


def test_labels_to_keep_are_kept_whatever_their_case():
    segments = found(LEFT, MIDDLE, RIGHT, labels=["cat", "dog", "Cat "])
    kept = narrow(segments, Narrowing(keep_labels=" CAT,, bird"), CUT)
    assert kept.items == (segments.items[0], segments.items[2])


def test_the_largest_are_kept_in_their_order():
    segments = found(RIGHT, MIDDLE, LEFT)
    assert narrow(segments, Narrowing(largest=2), CUT).items == segments.items[1:]
    assert narrow(segments, Narrowing(largest=9), CUT).items == segments.items


def test_of_as_large_ones_the_first_are_kept():
    segments = found(LEFT, LEFT, LEFT)
    assert narrow(segments, Narrowing(largest=1), CUT).items == segments.items[:1]


def test_what_is_cut_is_the_surer_ones():
    segments = found(LEFT, MIDDLE, sure=(0.3, 0.9))
    first, second = narrow(segments, Narrowing(overlaps="cut"), CUT).items
    assert (first.bbox, first.confidence) == (Box(0, 0, 2, 6), 0.3)
    assert second is segments.items[1]


def test_of_two_as_sure_ones_the_smaller_has_it():
    inner = (".....##.....",) * 6
    large, small = narrow(found(MIDDLE, inner), Narrowing(overlaps="cut"), CUT).items
    assert [large.area, small.area] == [24, 12]


def test_what_is_cut_away_wholly_is_left_out():
    cut = narrow(found(LEFT, MIDDLE, LEFT, sure=(0.5, 0.4, 0.9)), Narrowing(overlaps="cut"), CUT)
    assert len(cut.items) == 2


def test_soft_edges_that_meet_are_shared():
    one, other = found(("#+..",) * 4, (".+##",) * 4, sure=(0.9, 0.8), size=(4, 4)).items
    segments = Segments((4, 4), (one, other))
    _, cut = narrow(segments, Narrowing(overlaps="cut"), CUT).items
    assert cut.read_mask(Box(1, 0, 2, 1)) == pytest.approx(127 / 255, abs=0.01)


def test_the_surest_of_the_same_thing_stays():
    same = ("#####.......",) * 6
    segments = found(LEFT, same, MIDDLE, sure=(0.8, 0.9, 0.1), labels="aba")
    kept = narrow(segments, Narrowing(overlaps="best"), CUT)
    assert kept.items == segments.items[1:]


def test_those_that_overlap_become_one():
    segments = found(LEFT, RIGHT, MIDDLE, labels="aab", sure=(0.9, 0.8, 0.7))
    one, right = narrow(segments, Narrowing(overlaps="join"), CUT).items
    assert (one.bbox, one.label, one.confidence) == (Box(0, 0, 8, 6), "found", 0.7)
    assert right is segments.items[1]


def test_boxes_that_overlap_without_a_pixel_are_not_joined():
    corner, other = ("#...........",) * 5 + ("............",), ("............",) * 5 + ("#" * 12,)
    far = ("............",) * 5 + ("...#########",)
    both = found(corner, far)
    assert narrow(both, Narrowing(overlaps="join"), CUT) is both
    assert len(narrow(found(corner, other), Narrowing(merge_touching=True), CUT).items) == 1


def test_those_that_touch_are_merged_if_they_have_one_label():
    beside = ("....##......",) * 6
    one, other = found(LEFT, beside, labels="ab").items
    segments = Segments(SIZE, (one, other))
    assert narrow(segments, Narrowing(merge_touching=True), CUT) is segments
    (merged,) = narrow(found(LEFT, beside, labels="aa"), Narrowing(merge_touching=True), CUT).items
    assert (merged.bbox, merged.label) == (Box(0, 0, 6, 6), "a")
    apart = ("......##....",) * 6
    segments = found(LEFT, apart)
    assert narrow(segments, Narrowing(merge_touching=True), CUT) is segments


def test_a_corner_is_a_touch():
    one, other = ("##..", "##..", "....", "...."), ("....", "....", "..##", "..##")
    segments = found(one, other, size=(4, 4))
    assert len(narrow(segments, Narrowing(merge_touching=True), CUT).items) == 1


def test_labels_come_before_overlaps_and_the_largest_last():
    segments = found(LEFT, MIDDLE, RIGHT, labels="aba", sure=(0.1, 0.9, 0.5))
    asked = Narrowing(keep_labels="a", overlaps="cut", largest=1)
    assert narrow(segments, asked, CUT).items == segments.items[:1]


@given(seed=st.integers(0, 10_000), count=st.integers(1, 6))
def test_after_a_cut_no_pixel_is_lost_and_none_has_two_owners(seed, count):
    rng = np.random.default_rng(seed)
    items = []
    for _ in range(count):
        y, x = rng.integers(0, 8, 2)
        height, width = rng.integers(3, 9, 2)
        box = Box(int(x), int(y), int(x + width), int(y + height))
        whole = torch.from_numpy((rng.random(box.size_hw) < 0.8).astype(np.float32))
        items.append(Segment(whole, box, box, "A", float(rng.random())))
    segments = Segments((20, 20), items)
    exact = CropOptions(crop_factor=1, drop_size=1)
    cut = narrow(segments, Narrowing(overlaps="cut"), exact)
    owners = np.sum(levels(cut), axis=0) if cut.items else np.zeros((20, 20))
    assert owners.max(initial=0) <= 1
    small = np.zeros((20, 20), bool)
    for box in cut.left_out:
        small[box.slices] = True
    assert np.array_equal((owners > 0) | small, np.any(levels(segments), axis=0) | small)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"largest": -1}, "largest is -1: expected a whole number from 0 to 10000"),
        (
            {"overlaps": "all"},
            "overlaps is 'all': expected one of 'keep', 'cut', 'best', 'join'",
        ),
    ],
)
def test_values_out_of_range_are_refused(values, sentence):
    with pytest.raises(InputError) as raised:
        Narrowing(**values)
    assert str(raised.value) == sentence


def note(keep_labels, *labels):
    (made,) = note_of_labels(found(*[LEFT] * len(labels), labels=labels), keep_labels)
    return made, {offer.words: offer.value for offer in made.offers}


def test_labels_are_counted_and_one_click_keeps_one():
    sentence, offers = note("", "cat", "dog", "cat ", "a, b")
    assert sentence == "found: 2 cat, 1 a, b, 1 dog"
    assert offers == {"Only cat": "cat", "Only dog": "dog"}


def test_one_more_click_keeps_another_or_all_again():
    _, offers = note("Cat, fox", "cat", "dog")
    assert offers == {"Without cat": "fox", "dog too": "Cat, fox, dog", "All of them": ""}


def test_one_label_needs_no_note_and_many_are_cut_short():
    assert note_of_labels(found(LEFT, LEFT), "") == []
    sentence, offers = note("", *(f"thing {n:02}" for n in range(15)))
    assert sentence.endswith("1 thing 11, 3 more")
    assert len(offers) == 12
