"""COCO's JSON of many pictures, of which one is held: as json.loads has it, picture by picture."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import json_reading
from segui.errors import InputError
from segui.images.limits import ReadLimits
from segui.masks.annotations import coco_file
from segui.masks.annotations.coco_file import CocoFile, items_of
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from segui.masks.texts import read_text_file
from tests.held import most_held
from tests.turns import check_lets_others_work

CATEGORIES = [{"id": 3, "name": "Straße", "supercategory": "x"}, {"id": 4, "name": "car"}]


def annotation(number, image, **others):
    box = [1.5 * (number % 20), 2, 3, 4]
    return {"id": number, "image_id": image, "category_id": 3, "bbox": box, **others}


def coco(pictures=3, each=4):
    names = [f"train/Bild ü{place}.jpg" for place in range(pictures)]
    images = [
        {"id": 10 * place, "file_name": name, "height": 30, "width": 40, "license": [place]}
        for place, name in enumerate(names)
    ]
    annotations = [
        annotation(number, 10 * (number % pictures), note=f'{number} \\ "ä" 𝄞', deep={"a": [{}]})
        for number in range(pictures * each)
    ]  # fmt: skip
    return {
        "info": {"year": 2024, "note": "für alle"},
        "images": images,
        "annotations": annotations,
        "categories": CATEGORIES,
        "unknown": [[1, {"b": None}], True, 1.5],
    }


def put(folder, value, **how):
    path = folder / "coco.json"
    text = value if isinstance(value, str) else json.dumps(value, **how)
    path.write_text(text, encoding="utf-8")
    return path


def of_one(value, place):
    """By the definition: what is left of the whole file."""
    image = value["images"][place]
    annotations = [one for one in value["annotations"] if one["image_id"] == image["id"]]
    return {**value, "images": [image], "annotations": annotations}


@pytest.mark.parametrize("chunk", [1, 7, 100, 1 << 20])
@pytest.mark.parametrize("how", [{}, {"indent": 2}, {"ensure_ascii": False}, {"separators": ",:"}])
@pytest.mark.parametrize("last", ["categories", "images"])
def test_each_picture_is_what_the_whole_file_says_of_it(chunk, how, last, tmp_path, monkeypatch):
    monkeypatch.setattr(coco_file, "_CHUNK_BYTES", chunk)
    value = coco()
    value[last] = value.pop(last)
    with CocoFile(put(tmp_path, value, **how)) as file:
        assert (len(file), file.annotation_count) == (3, 12)
        assert list(file.pictures()) == [of_one(value, place) for place in range(3)]
        assert file.of_photo("BILD Ü2.png") == of_one(value, 2)


def test_a_mark_before_the_text_and_blanks_around_it_are_skipped(tmp_path):
    value = coco(1)
    path = put(tmp_path, "\ufeff \n" + json.dumps(value) + "\n\n")
    with CocoFile(path) as file:
        assert file.of_photo("of another name") == value


def test_of_several_pictures_one_has_to_be_the_photo(tmp_path):
    with CocoFile(put(tmp_path, coco())) as file, pytest.raises(InputError) as refused:
        file.of_photo("holiday.jpg")
    assert str(refused.value) == "coco.json has 3 pictures, and none is called holiday.jpg"


def test_annotations_of_pictures_that_are_not_listed_belong_to_none(tmp_path):
    value = coco(2)
    value["annotations"] += [annotation(99, 77), annotation(98, None), annotation(97, [0]), 5]
    with CocoFile(put(tmp_path, value)) as file:
        assert file.annotation_count == 11
        assert [len(one["annotations"]) for one in file.pictures()] == [4, 4]


@pytest.mark.parametrize("chunk", [3, 1 << 20])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "coco.json cannot be opened, or is empty"),
        ("[]", "coco.json is not COCO's JSON: it cannot be read from byte 0 on"),
        ("hello", "coco.json is not COCO's JSON: it cannot be read from byte 0 on"),
        ('{"images": [{"id": 1}',
         "coco.json is not COCO's JSON: it cannot be read from byte 12 on"),
        ('{"images": [{"id": 1} {"id": 2}]}',
         "coco.json is not COCO's JSON: it cannot be read from byte 21 on"),
        ('{"images": [{"id": 1,}]}',
         "coco.json is not COCO's JSON: it cannot be read from byte 12 on"),
        ('{"images" [1]}', "coco.json is not COCO's JSON: it cannot be read from byte 1 on"),
        ('{"images": [1] "a": 2}',
         "coco.json is not COCO's JSON: it cannot be read from byte 15 on"),
        ('{"shapes": []}', "coco.json has no list of images: expected COCO's JSON"),
        ('{"images": [], "annotations": []}',
         "coco.json has no list of images: expected COCO's JSON"),
    ],
)  # fmt: skip
def test_what_is_no_coco_is_told_with_its_place(chunk, text, sentence, tmp_path, monkeypatch):
    monkeypatch.setattr(coco_file, "_CHUNK_BYTES", chunk)
    with pytest.raises(InputError) as refused:
        CocoFile(put(tmp_path, text))
    assert str(refused.value) == sentence


LONG = [[]] * 2000  # 8000 bytes
BESIDE = {f"more {number}": [1] * 100_000 for number in range(4)}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            coco(1, 1) | {"info": LONG},
            "coco.json is not COCO's JSON: it cannot be read from byte 9 on",
        ),
        (
            {"annotations": [annotation(1, 0, segmentation=LONG)], "images": []},
            "coco.json is not COCO's JSON: it cannot be read from byte 17 on",
        ),
        (
            coco(1, 40),
            "coco.json has 800 commas, colons and brackets: at most 500 are read",
        ),
    ],
    ids=["long beside", "long area", "many areas"],
)
def test_what_would_fill_the_memory_is_refused(value, sentence, tmp_path, monkeypatch):
    monkeypatch.setattr(coco_file, "_CHUNK_BYTES", 500)
    monkeypatch.setattr(coco_file, "_MOST_ITEM_BYTES", 4000)
    monkeypatch.setattr(json_reading, "_MOST_MARKS", 500)
    with pytest.raises(InputError) as refused, CocoFile(put(tmp_path, value)) as file:
        file.of_photo("a.jpg")
    assert str(refused.value) == sentence


def test_much_beside_the_lists_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(coco_file, "_MOST_BESIDE_BYTES", 1_000_000)
    with pytest.raises(InputError) as refused:
        CocoFile(put(tmp_path, BESIDE | coco(1, 1)))
    assert str(refused.value) == (
        "coco.json has 1.2 MB beside its images and annotations: at most 1 MB are read"
    )


@pytest.mark.long
def test_others_work_while_a_long_item_is_read(tmp_path):
    value = coco(1, 0) | {"info": [{"a": [{}]}] * 300_000}
    path = put(tmp_path, value)
    assert path.stat().st_size > 3 * coco_file._CHUNK_BYTES

    def go_through():
        with CocoFile(path) as file:
            file.of_photo("a.jpg")

    check_lets_others_work(go_through, at_least=100)


def test_what_is_nested_too_deeply_is_refused(tmp_path):
    deep = "[" * 100_000 + "]" * 100_000
    with pytest.raises(InputError) as refused:
        CocoFile(put(tmp_path, '{"images": [{"id": 1}], "annotations": [' + deep + "]}"))
    assert str(refused.value) == "coco.json is nested too deeply: it cannot be read"


def test_bytes_that_are_no_utf_8_are_refused_where_they_are_read(tmp_path):
    path = tmp_path / "coco.json"
    path.write_bytes(b'{"images": [{"id": 1, "file_name": "\xff.jpg"}], "annotations": []}')
    with pytest.raises(InputError) as refused:
        CocoFile(path)
    assert str(refused.value) == "coco.json is not text: expected JSON in UTF-8"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["images", "annotations"]), st.lists(json_values, max_size=4)),
    st.dictionaries(st.text(max_size=3), json_values, max_size=3),
    st.integers(1, 40),
    st.booleans(),
)
def test_any_object_is_gone_through_as_json_loads_has_it(lists, others, chunk, is_ascii):
    value = {**others, **lists}
    data = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    found, rest = {}, {}
    before = coco_file._CHUNK_BYTES
    coco_file._CHUNK_BYTES = chunk
    try:
        for key, _, (start, length) in items_of(data, "a", rest):
            found.setdefault(key, []).append(json.loads(data[start : start + length]))
    finally:
        coco_file._CHUNK_BYTES = before
    expected = json.loads(data)
    assert found == {key: expected[key] for key in lists if lists[key]}
    assert rest == {key: one for key, one in expected.items() if key not in lists}


@pytest.mark.long
def test_what_is_held_does_not_grow_with_what_is_said_of_each_area(tmp_path):
    value = coco(50, 40)
    for one in value["annotations"]:
        one["described"] = "x" * 4000
    path = put(tmp_path, value)

    def go_through():
        with CocoFile(path) as file:
            assert file.annotation_count == 2000

    peak = most_held(go_through)
    assert path.stat().st_size > 8_000_000
    assert peak < 5_000_000  # bytes: two chunks, and 16 for each annotation
    assert most_held(lambda: json.loads(path.read_bytes())) > 4 * peak


# ---- where it is used ----------------------------------------------------------------------------
def test_of_a_file_above_the_limit_what_it_says_of_the_photo_is_read(tmp_path):
    value = coco(40, 10)
    path = put(tmp_path, value)
    limits = ReadLimits(max_text_mb=0.01)
    assert path.stat().st_size > 20_000
    assert read_text_file(path, limits, "bild ü7.jpg") == of_one(value, 7)
    photo = Photo((30, 40), name="Bild ü7.jpg")
    masks, notes = read_mask_set([path], photo, MaskSetOptions(), limits=limits)
    assert set(masks[0].names.values()) == {"Straße"}
    assert notes[0].startswith('coco.json: read as annotations of COCO: 10 areas: "Straße" (10)')


def test_more_about_the_photo_than_the_limit_is_refused(tmp_path):
    path = put(tmp_path, coco(2, 200))
    with pytest.raises(InputError) as refused:
        read_text_file(path, ReadLimits(max_text_mb=0.01), "Bild ü1.jpg")
    assert str(refused.value) == (
        "coco.json has 0.0272 MB for Bild ü1.jpg: of text at most 0.01 are read"
    )
