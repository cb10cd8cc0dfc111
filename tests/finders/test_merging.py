"""All that has one label is one area."""

import numpy as np
import pytest

from segui.errors import InputError
from segui.finders.merging import merged_by_label
from segui.geometry import Box
from segui.masks.annotations import layers
from segui.masks.files import MaskFile
from tests.masks.test_files import drawn


def soft(label: str, *rows: str) -> MaskFile:
    values = drawn(*rows, values={"#": 255, "+": 128}).astype(np.uint8)
    return MaskFile("soft", "grey", soft=values, label=label)


def numbered(names: dict[int, str], *rows: str, label: str = "", own: bool = True) -> MaskFile:
    labels = drawn(*rows).astype(np.int32)
    return MaskFile("labels", "grey", labels=labels, names=names, label=label, has_own_names=own)


def areas(masks: list[MaskFile], *, combined: bool = False) -> list[tuple[str, list[list[int]]]]:
    """Every area by its label: how opaque it is, in 255ths."""
    merged, _ = merged_by_label(masks, combined=combined)
    found = []
    for mask in merged:
        if mask.labels is None:
            found.append((mask.label, mask.soft.tolist()))
        else:
            found += [
                (label, (255 * (mask.labels == value)).tolist())
                for value, label in mask.area_labels.items()
            ]
    return sorted(found)


def test_labels_that_occur_once_stay_as_they_are():
    masks = [soft("a", "#."), numbered({1: "b", 2: "c"}, "12")]
    assert merged_by_label(masks, combined=False) == (masks, [])


def test_of_soft_masks_the_most_opaque_counts():
    merged = areas([soft("a", "#+.."), soft("a", "++#."), soft("b", "...#")])
    assert merged == [("a", [[255, 128, 255, 0]]), ("b", [[0, 0, 0, 255]])]


def test_a_soft_mask_and_a_label_map_are_merged():
    merged = areas([soft("a", "++.."), numbered({1: "a", 2: "b"}, ".12.")])
    assert merged == [("a", [[128, 255, 0, 0]]), ("b", [[0, 0, 255, 0]])]


def test_label_maps_that_overlap_keep_all_of_each_label():
    first, second = numbered({1: "a", 2: "b"}, "112."), numbered({3: "b", 5: "a"}, "3.35")
    assert areas([first, second]) == [
        ("a", [[255, 255, 0, 255]]),
        ("b", [[255, 0, 255, 0]]),
    ]


def test_values_of_one_map_that_have_one_name_are_merged():
    merged = areas([numbered({1: "car", 2: "dog", 3: "car"}, "1233")])
    assert merged == [("car", [[255, 0, 255, 255]]), ("dog", [[0, 255, 0, 0]])]


def test_values_of_two_files_are_no_words_and_keep_their_files_names():
    first = numbered({1: "1"}, "1.", label="left", own=False)
    second = numbered({1: "1"}, ".1", label="right", own=False)
    assert [label for label, _ in areas([first, second])] == ["left:1", "right:1"]


def test_files_that_are_one_area_each_are_merged_by_their_own_label():
    first = numbered({1: "1", 2: "2"}, "12.", label="a", own=False)
    assert areas([first, soft("a", "..+")], combined=True) == [("a", [[255, 255, 128]])]


def test_what_was_merged_is_said_and_no_more_than_a_few():
    masks = [soft(str(number % 7), "#") for number in range(15)]
    _, notes = merged_by_label(masks, combined=False)
    assert notes == [
        'areas of one label are one: "0" (3), "1" (2), "2" (2), "3" (2), "4" (2) and 2 more'
    ]


def test_the_masks_themselves_are_not_changed():
    masks = [soft("a", "#."), numbered({1: "a"}, ".1")]
    areas(masks)
    assert (masks[0].soft.tolist(), masks[1].labels.tolist()) == ([[255, 0]], [[0, 1]])


def test_too_many_areas_at_one_place_are_refused():
    names = {value: f"label {value}" for value in range(1, 34)}
    masks = [
        MaskFile("labels", "grey", labels=np.full((1, 1), value, np.int32), names={value: name},
                 has_own_names=True)
        for value, name in names.items()
        for _ in range(2)
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        merged_by_label(masks, combined=False)
    assert str(caught.value) == (
        "the masks: more than 32 areas overlap one another: merge those of one label, or take "
        "some out"
    )


def test_of_a_large_picture_fewer_areas_may_lie_at_one_place(monkeypatch):
    monkeypatch.setattr(layers, "_MOST_PIXELS", 50)
    laid = layers.Layers((3, 3), "a.json")
    piece = layers.Piece(Box(0, 0, 1, 1), np.ones((1, 1), np.bool_))
    for _ in range(5):
        laid.add("a", [piece])
    with pytest.raises(InputError, match=r"^a\.json: more than 5 areas overlap one another: "):
        laid.add("a", [piece])


@pytest.mark.parametrize(
    "other",
    [
        numbered({1: "a", 2: "c"}, "1..2", "2..1"),
        # beside a soft mask a label is looked for in all of its map
        soft("a", "#...", "...."),
    ],
    ids=["label maps", "a soft mask and a label map"],
)
def test_areas_too_large_together_are_refused_before_any_is_laid(monkeypatch, other):
    masks = [numbered({1: "a", 2: "b", 3: "a"}, "13.2", "23.1"), other]
    merged_by_label(masks, combined=False, max_megapixels=5e-6)
    monkeypatch.setattr("segui.finders.merging.Layers", None)
    monkeypatch.setattr("segui.finders.merging._joint", None)
    count, pixels = (3, 18) if other.labels is not None else (2, 16)
    with pytest.raises(InputError) as caught:
        merged_by_label(masks, combined=False, max_megapixels=3e-6)
    assert str(caught.value) == (
        f"{count} areas whose labels others have too have {pixels / 1e6:.3g} megapixels together: "
        "at most 1.2e-05 are merged. Fewer areas of one label have less"
    )
