"""Options of single mask files among several."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.masks.each import read_each, with_own
from segui.masks.notes import AS_EXACT, AS_LABELS, INVERT, offers_of
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set

PHOTO = Photo((60, 80), 1, "photo.jpg")
LEFT, RIGHT = (10, 10, 20, 30), (50, 10, 20, 30)


def square(folder: Path, name: str, at: tuple[int, ...], value: int = 255) -> Path:
    pixels = np.zeros((60, 80), np.uint8)
    x, y, width, height = at
    pixels[y : y + height, x : x + width] = value
    (folder / name).parent.mkdir(exist_ok=True)
    Image.fromarray(pixels).save(folder / name)
    return folder / name


def read(paths: list[Path], each: dict[str, object] | None = None, **how):
    text = "" if each is None else json.dumps(each)
    return read_mask_set(paths, PHOTO, MaskSetOptions(each=text, **how))


def boxes(masks) -> list[tuple[int, ...]]:
    planes = [mask.soft if mask.labels is None else mask.labels for mask in masks]
    return [cv2.boundingRect((plane > 0).astype(np.uint8)) for plane in planes]


@pytest.mark.parametrize("key", ["sea.png", "2"])
def test_one_file_is_inverted_by_its_name_or_its_place(tmp_path, key):
    paths = [square(tmp_path, "sky.png", LEFT), square(tmp_path, "sea.png", RIGHT)]
    masks, notes = read(paths, {key: {"invert": True}})
    assert boxes(masks) == [LEFT, (0, 0, 80, 60)]
    assert masks[1].soft[15, 55] == 0
    assert [note for note in notes if "inverted" in note] == [
        "sea.png: inverted: what was not selected is"
    ]


def test_what_holds_for_one_file_counts_before_what_holds_for_all(tmp_path):
    paths = [square(tmp_path, "sky.png", LEFT), square(tmp_path, "sea.png", RIGHT)]
    masks, _ = read(paths, {"sky.png": {"invert": False}}, invert=True)
    assert boxes(masks) == [LEFT, (0, 0, 80, 60)]


def test_each_file_may_be_of_another_kind(tmp_path):
    paths = [square(tmp_path, name, LEFT, 90) for name in ("a.png", "b.png")]
    masks, _ = read(paths, {"b.png": {"mask_kind": "labels"}})
    assert [mask.kind for mask in masks] == ["soft", "labels"]


def test_one_file_is_turned_and_another_is_stretched(tmp_path):
    paths = [square(tmp_path, name, LEFT) for name in ("a.png", "b.png")]
    wide = np.zeros((20, 60), np.uint8)
    wide[:, :30] = 255
    Image.fromarray(wide).save(tmp_path / "c.png")
    each = {"a.png": {"turn_masks": "half"}, "c.png": {"scale": True}}
    masks, _ = read([*paths, tmp_path / "c.png"], each)
    assert boxes(masks)[:2] == [(50, 20, 20, 30), LEFT]
    assert abs(boxes(masks)[2][2] - 40) <= 1


def test_a_label_is_left_out_of_one_file(tmp_path):
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[10:30, 10:30], pixels[10:30, 50:70] = (255, 0, 0), (0, 0, 255)
    for name in ("a.png", "b.png"):
        Image.fromarray(pixels).save(tmp_path / name)
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    masks, _ = read(paths, {"b.png": {"leave_out": "ff0000"}})
    assert [[*mask.names.values()] for mask in masks] == [["0000ff", "ff0000"], ["0000ff"]]


def test_files_of_one_name_are_told_by_their_place(tmp_path):
    paths = [square(tmp_path, "x/a.png", LEFT), square(tmp_path, "y/a.png", RIGHT)]
    masks, _ = read(paths, {"2": {"turn_masks": "mirror"}})
    assert boxes(masks) == [LEFT, (10, 10, 20, 30)]


def test_a_file_that_is_not_there_is_said(tmp_path):
    _, notes = read([square(tmp_path, "a.png", LEFT)], {"b.png": {"invert": True}})
    assert notes[-1] == "each_mask: none of the files is called 'b.png'"


def test_what_is_offered_of_one_file_among_several_is_for_that_file(tmp_path):
    paths = [square(tmp_path, "a.png", LEFT, 90), square(tmp_path, "b.png", (0, 0, 80, 60), 90)]
    _, notes = read(paths)
    offers = {offer for note in notes for offer in offers_of(note)}
    assert {offer.file for offer in offers} == {"a.png", "b.png"}
    assert {offer.words for offer in offers} == {AS_LABELS.words}
    _, notes = read(paths[:1])
    assert [offers_of(note) for note in notes if offers_of(note)] == [(AS_LABELS,)]


def test_the_type_of_a_deep_file_is_its_scale_where_that_is_asked_for(tmp_path):
    pixels = np.zeros((60, 80), np.uint16)
    pixels[10:40, 10:30], pixels[10:40, 50:70] = 4095, 2000
    Image.fromarray(pixels).save(tmp_path / "a.png")
    (by_values,), notes = read([tmp_path / "a.png"], kind="soft")
    assert (int(by_values.soft.max()), offers_of(notes[1])[0].value) == (255, "full")
    (full,), notes = read([tmp_path / "a.png"], kind="full")
    assert int(full.soft.max()) == 16
    assert notes[1] == "a.png: its values are taken by the scale of its type"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "each_mask is a list: expected an object of options by file"),
        (
            '{"a.png": 3}',
            "each_mask has 3 for 'a.png': expected an object of options",
        ),
        (
            '{"a.png": {"grow": 3}}',
            "each_mask has the option 'grow': expected mask_kind, invert, scale, turn_masks, leave",
        ),
        (
            '{"a.png": {"invert": 1}}',
            "invert of 'a.png' in each_mask is 1: expected true or false",
        ),
        (
            '{"a.png": {"turn_masks": "up"}}',
            "turn_masks of 'a.png' in each_mask is 'up': expected auto, none, right, left, half",
        ),
        (
            '{"a.png": {"leave_out": []}}',
            "leave_out of 'a.png' in each_mask is a list: expected a text",
        ),
        ("{", "each_mask is not JSON: line 1, column 2: "),
    ],
)
def test_what_cannot_be_said_of_a_file_is_refused_in_a_sentence(text, message):
    with pytest.raises(InputError) as caught:
        MaskSetOptions(each=text)
    assert str(caught.value).startswith(message)


def test_one_option_of_one_file_is_changed_and_the_rest_stays():
    text = with_own("", "é.png", "invert", lambda own: own is None)
    assert read_each(text) == {"é.png": {"invert": True}}
    text = with_own(text, "b.png", "mask_kind", lambda _: AS_EXACT.value)
    text = with_own(text, "é.png", INVERT.option, lambda own: not own)
    assert read_each(text) == {"é.png": {"invert": False}, "b.png": {"mask_kind": "exact"}}
