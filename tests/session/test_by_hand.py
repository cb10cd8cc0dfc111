"""What was decided by hand stays with its area, whatever number that has."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui import Segments, segments_from_mask
from segui.segments.reshape import reshape_segments
from segui.session import commands
from segui.session.by_hand import area_key, found_again
from segui.session.reduce import reduce
from segui.session.view import View
from tests.counts import examples
from tests.session.worked import inputs_of, ref, view_of

SIZE_HW = (90, 120)
# left, upper, width, height of areas that are at least 14 px apart
BOXES = ((0, 0, 20, 12), (40, 3, 9, 30), (70, 5, 40, 9), (3, 40, 12, 12), (60, 50, 60, 40))


def areas(*boxes: tuple[int, int, int, int], drop_size: int = 1, label: str = "A") -> Segments:
    mask = torch.zeros(SIZE_HW)
    for x, y, width, height in boxes:
        mask[y : y + height, x : x + width] = 1
    return segments_from_mask(mask, drop_size=drop_size, label=label)


def places(found: dict) -> list[int]:
    return sorted(found)


@pytest.mark.long
@given(st.integers(1, 45), st.sets(st.integers(0, 4), min_size=1))
def test_areas_that_are_left_out_as_too_small_change_no_others_decision(drop_size, decided):
    every = areas(*BOXES)
    keys = {area_key(every.items[place]) for place in decided}
    left = areas(*BOXES, drop_size=drop_size)
    found = found_again(left, keys)
    assert {area_key(left.items[place]) for place in found} == keys & set(map(area_key, left.items))
    assert all(area_key(left.items[place]) == key for place, key in found.items())


@settings(max_examples=examples(30))
@given(st.integers(-3, 6), st.sets(st.integers(0, 4), min_size=1), st.integers(1, 15))
def test_an_area_that_grows_or_shrinks_keeps_its_decision(grow, decided, drop_size):
    every = areas(*BOXES)
    by_hand = [area_key(every.items[place]) for place in sorted(decided)]
    changed = reshape_segments(every, grow=grow, drop_size=drop_size)
    found = found_again(changed, by_hand)
    assert set(found.values()) <= set(by_hand)
    for place, (box, _) in found.items():
        centre = ((box.x1 + box.x2) // 2, (box.y1 + box.y2) // 2)
        other = changed.items[place].bbox
        assert other.x1 <= centre[0] < other.x2
        assert other.y1 <= centre[1] < other.y2
    if drop_size == 1:
        assert len(found) == len(by_hand)


def test_a_decision_is_of_one_area_alone():
    every = areas(*BOXES)
    first = area_key(every.items[0])
    assert places(found_again(areas(*BOXES[1:]), [first])) == []
    assert places(found_again(every, [first])) == [0]
    assert places(found_again(every, [first, (first[0], "other")])) == [0]


def test_another_label_of_the_same_box_is_the_same_area():
    every = areas(*BOXES)
    renamed = areas(*BOXES, label="face")
    key = area_key(every.items[2])
    assert found_again(renamed, [key]) == {2: key}
    twice = every.of([*renamed.items, areas(BOXES[2], label="arm").items[0]])
    assert found_again(twice, [key]) == {}


@pytest.fixture
def given_files(tmp_path):
    """A photo with a mask of five areas, and another mask of one more."""
    Image.fromarray(np.zeros((*SIZE_HW, 3), np.uint8)).save(tmp_path / "photo.png")
    for name, boxes in (("five.png", BOXES), ("six.png", ((22, 60, 13, 13),))):
        mask = np.zeros(SIZE_HW, np.uint8)
        for x, y, width, height in boxes:
            mask[y : y + height, x : x + width] = 255
        Image.fromarray(mask).save(tmp_path / name)
    return inputs_of(tmp_path / "photo.png", tmp_path / "five.png", drop_size=1, effect="grey")


@pytest.mark.parametrize(
    ("command", "number"),
    [
        (lambda _: commands.SetOptions({"drop_size": 9}), 3),
        (lambda _: commands.SetOptions({"grow": 4}), 5),
        (lambda _: commands.SetOptions({"grow": -2, "drop_size": 10}), None),
        (lambda _: commands.SetOptions({"order": "contour"}), None),
        (lambda folder: commands.AddMasks((ref(folder / "six.png"),)), None),
    ],
)
def test_on_the_page_it_can_be_undone_under_the_areas_new_number(
    given_files, tmp_path, command, number
):
    before = view_of(given_files, tmp_path)
    last = before.area_key(5)
    put = reduce(given_files, commands.Override(last, "remained"))
    changed = reduce(put, command(tmp_path))
    view = view_of(changed, tmp_path)
    (found,) = [place for place, is_by_hand in enumerate(view.selection.by_hand, 1) if is_by_hand]
    assert number in {None, found}
    assert view.segments[found - 1].bbox.x2 == SIZE_HW[1]
    assert view.selection.sides[found - 1] == "remained"
    assert view.selection.reasons[found - 1].startswith("by hand; ")
    assert view.area_key(found) == last
    undone = view_of(reduce(changed, commands.Override(view.area_key(found), None)), tmp_path)
    assert not any(undone.selection.by_hand)


def test_what_is_not_there_now_waits(given_files, tmp_path):
    def by_hand(view: View) -> list[int]:
        return [number for number, is_so in enumerate(view.selection.by_hand, 1) if is_so]

    small = view_of(given_files, tmp_path).area_key(2)
    put = reduce(given_files, commands.Override(small, "remained"))
    without = reduce(put, commands.SetOptions({"drop_size": 10}))
    assert by_hand(view_of(without, tmp_path)) == []
    back = reduce(without, commands.SetOptions({"drop_size": 1}))
    assert by_hand(view_of(back, tmp_path)) == [2]


LARGEST, LONG, CORNER, NARROW, SMALL, OTHERS = (
    (60, 50, 120, 90),
    (70, 5, 110, 14),
    (0, 0, 20, 12),
    (40, 3, 49, 33),
    (3, 40, 15, 52),
    (22, 60, 35, 73),
)


@pytest.mark.parametrize(
    ("options", "ranked", "numbered"),
    [
        ({}, [LARGEST, LONG], NARROW),
        ({"order": "contour"}, [LARGEST, LONG], NARROW),
        ({"drop_size": 11}, [LARGEST, CORNER], SMALL),
        ({"drop_size": 30}, [LARGEST], None),
    ],
)
def test_rank_and_index_count_what_is_found_whatever_rule_and_hand_say(
    given_files, tmp_path, options, ranked, numbered
):
    def chosen(rule: str, by_hand: str = "") -> list[tuple[int, ...]]:
        both = reduce(given_files, commands.AddMasks((ref(tmp_path / "six.png"),)))
        inputs = reduce(both, commands.SetOptions({"expression": rule, **options}))
        if by_hand:
            before = view_of(inputs, tmp_path)
            place = [tuple(item.bbox) for item in before.segments].index(ranked[0])
            inputs = reduce(inputs, commands.Override(before.area_key(place + 1), by_hand))
        view = view_of(inputs, tmp_path)
        pairs = zip(view.segments, view.selection.sides, strict=True)
        return sorted(tuple(item.bbox) for item, side in pairs if side == "filtered")

    assert chosen("@rank <= 2") == sorted(ranked)
    assert chosen("@rank <= 2 and @area < 2000") == sorted({*ranked} - {LARGEST})
    # by hand one goes, and none moves up
    assert chosen("@rank <= 2", "remained") == sorted(ranked[1:])
    found = chosen("@index = 2")
    assert found == ([] if numbered is None else [numbered])


def test_of_what_a_finder_found_rank_counts_what_stays_and_a_hand_keeps_to_its_area(tmp_path):
    with Image.new("RGB", (300, 200), "white") as photo:
        photo.paste("crimson", (20, 20, 100, 100))
        photo.paste("royalblue", (150, 20, 260, 90))
        photo.save(tmp_path / "photo.png")
    blue, red = (150, 20, 260, 90), (20, 20, 100, 100)
    every = inputs_of(tmp_path / "photo.png", finder="colours", expression="@rank = 1")

    def boxes(view: View) -> list[tuple[int, ...]]:
        return [tuple(item.bbox) for item in view.segments]

    def chosen(view: View) -> list[tuple[int, ...]]:
        pairs = zip(boxes(view), view.selection.sides, strict=True)
        return [box for box, side in pairs if side == "filtered"]

    first = view_of(every, tmp_path)
    assert (len(boxes(first)), chosen(first)) == (3, [(0, 0, 300, 200)])
    names = {tuple(item.bbox): item.label for item in first.segments}
    put = reduce(every, commands.Override(first.area_key(boxes(first).index(red) + 1), "filtered"))
    for options, ranked in (
        ({"keep_labels": f"{names[red]}, {names[blue]}"}, [blue, red]),
        ({"keep_labels": names[red]}, [red]),
        ({"keep_labels": names[blue]}, [blue]),
        ({"largest": 1}, [(0, 0, 300, 200)]),
        ({"keep_labels": f"{names[red]}, {names[blue]}", "largest": 1}, [blue]),
    ):
        narrowed = reduce(put, commands.SetOptions(options))
        view = view_of(narrowed, tmp_path)
        assert sorted(chosen(view)) == sorted(ranked)
        decided = [box for box, by in zip(boxes(view), view.selection.by_hand, strict=True) if by]
        assert decided == ([red] if red in boxes(view) else [])
