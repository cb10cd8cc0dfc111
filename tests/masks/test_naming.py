"""What areas are called by the names of their files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.masks.naming import exported_label, labels_of_files

STUDIO = "task-12-annotation-3-by-1-tag"


@pytest.mark.parametrize(
    ("stems", "labels"),
    [
        # as Label Studio names what was brushed
        ([f"{STUDIO}-red car-0", f"{STUDIO}-red car-1"], ["red car", "red car"]),
        ([f"{STUDIO}-red car-0", f"{STUDIO}-red bike-0"], ["red car", "red bike"]),
        ([f"{STUDIO}-traffic-light-0", f"{STUDIO}-dog-11"], ["traffic-light", "dog"]),
        ([f"{STUDIO}-car-0", "sky"], ["car", "sky"]),
        ([f"{STUDIO}-car-0", "task-12-annotation-4-by-2-tag-car-0"], ["car", "car"]),
        # what all have in common goes, at either end
        (["photo_car", "photo_dog"], ["car", "dog"]),
        (["car_mask", "dog_mask"], ["car", "dog"]),
        (["IMG_2041-car-mask", "IMG_2041-traffic-light-mask"], ["car", "traffic-light"]),
        (["photo.red car", "photo.red bike"], ["red car", "red bike"]),
        (["my sky", "my sea"], ["sky", "sea"]),
        (["a__b", "a__c"], ["b", "c"]),
        # numbers that only count files go, and what is then in common
        (["p_car_1", "p_car_2", "p_dog_1"], ["car", "car", "dog"]),
        (["00_car", "01_car", "02_dog"], ["car", "car", "dog"]),
        (["car", "car-2", "dog"], ["car", "car", "dog"]),
        (["car", "car (1)", "dog"], ["car", "car", "dog"]),
        (["car_mask_0", "dog_mask_1"], ["car", "dog"]),
        # only the number differs
        (["red_car_0", "red_car_1"], ["red_car", "red_car"]),
        (["p_12_red car-0", "p_12_red car-1"], ["red car", "red car"]),
        (["frame_1_car", "frame_2_car"], ["car", "car"]),
        (["car_1_mask", "car_2_mask"], ["car", "car"]),
        (["mask_0", "mask_1"], ["mask_0", "mask_1"]),
        (["IMG_2041_mask_0", "IMG_2041_mask_1"], ["mask_0", "mask_1"]),
        (["0_mask", "1_mask"], ["0_mask", "1_mask"]),
        # nothing is in common, or nothing else
        (["sky", "sea"], ["sky", "sea"]),
        (["0", "1", "2"], ["0", "1", "2"]),
        (["mask", "mask (1)"], ["mask", "mask (1)"]),
        (["p_car (1)", "p_dog"], ["car", "dog"]),
        # as detectors name what they found, with how sure they were
        (["0_cat_0.98", "1_dog_0.87"], ["cat", "dog"]),
        (["0_cat_0.98", "1_cat_0.87"], ["cat", "cat"]),
        (["0_red car_0.98"], ["red car"]),
        (["cat 0.98", "dog 1.0"], ["cat", "dog"]),
        (["cat-.98_mask", "dog-.87_mask"], ["cat", "dog"]),
        (["instance_0_cat_0.98", "instance_1_dog_0.88"], ["cat", "dog"]),
        (["000_person_97", "001_dog_88"], ["person", "dog"]),
        (["0_mask_0.98", "1_mask_0.87"], ["0_mask_0.98", "1_mask_0.87"]),
        (["version_2.5"], ["version_2.5"]),
        # copies
        (["cat copy"], ["cat"]),
        (["cat (1)"], ["cat"]),
        (["cat", "cat - Copy", "cat - Copy (2)", "dog"], ["cat", "cat", "cat", "dog"]),
        (["cat_copy2", "dog"], ["cat", "dog"]),
        (["cat copy 2", "dog copy 2"], ["cat", "dog"]),
        (["Copy of cat", "dog - Kopie"], ["cat", "dog"]),
        (["photocopy", "carbon_copyist"], ["photocopy", "carbon_copyist"]),
        (["copy", "copy 2"], ["copy", "copy 2"]),
        (["mask", "mask_car"], ["mask", "mask_car"]),
        (["car1", "car2"], ["car1", "car2"]),
        (["same", "same"], ["same", "same"]),
        (["photo_car"], ["photo_car"]),
        (["---", "-"], ["---", "-"]),
        ([], []),
    ],
)
def test_what_names_have_in_common_is_no_label(stems: list[str], labels: list[str]) -> None:
    assert labels_of_files(stems) == tuple(labels)


@pytest.mark.parametrize(
    ("stem", "label"),
    [
        (f"{STUDIO}-red car-0", "red car"),
        ("task-7-annotation-12-by--brush-sky-3", "sky"),
        ("task-7-annotation-12-by-a-b@c-d.org-tag-red car-3", "red car"),
        (f"{STUDIO}-red car", None),
        ("task-12-red car-0", None),
        ("red car-0", None),
    ],
)
def test_a_program_for_labelling_is_known_by_its_names(stem: str, label: str | None) -> None:
    assert exported_label(stem) == label


@given(
    st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=5), max_size=5),
    st.sets(st.text("xyz", min_size=1, max_size=3), min_size=2, max_size=5),
    st.sampled_from("-_."),
)
def test_a_common_beginning_and_a_counter_change_no_label(
    before: list[str], labels: set[str], mark: str
) -> None:
    differing = sorted(labels)
    stems = [mark.join([*before, label, str(number)]) for label in differing for number in range(2)]
    assert labels_of_files(stems) == tuple(label for label in differing for _ in range(2))


@given(st.lists(st.text(max_size=12), max_size=6))
def test_every_file_has_a_label_made_of_its_name(stems: list[str]) -> None:
    labels = labels_of_files(stems)
    assert len(labels) == len(stems)
    assert all(label in stem for label, stem in zip(labels, stems, strict=True))
    assert all(label or not stem for label, stem in zip(labels, stems, strict=True))
