"""Annotations as XML: Pascal VOC's and CVAT's."""

import numpy as np
import pytest

from segui.errors import InputError
from segui.masks.annotations.kinds import annotation_kind
from segui.masks.annotations.xml_annotations import xml_picture
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from tests.turns import check_lets_others_work

SIZE_HW = (60, 90)
PHOTO = Photo(SIZE_HW, name="photo.jpg")
SIZE = "<size><width>90</width><height>60</height><depth>3</depth></size>"
BOX = "<bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox>"


def voc(inside: str, size: str = SIZE) -> str:
    return f"<annotation><filename>photo.jpg</filename>{size}{inside}</annotation>"


def tag_of(values: int) -> str:
    """One tag; what ends a tag may stand within a value."""
    said = " ".join(f"a{number}='>'" for number in range(values))
    return f"<a {said}/>"


def cvat(inside: str, name: str = "photo.jpg", more: str = "") -> str:
    image = f'<image id="0" name="{name}" width="90" height="60">{inside}</image>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>{more}{image}</annotations>'


def read(folder, text: str, encoding="utf-8"):
    path = folder / "photo.xml"
    path.write_bytes(text.encode(encoding))
    return read_mask_set([path], PHOTO, MaskSetOptions())


def areas(folder, text: str, encoding="utf-8") -> list[tuple]:
    """Each area's label, box and pixels."""
    found = []
    for mask in read(folder, text, encoding)[0]:
        for value, name in mask.names.items():
            rows, columns = np.nonzero(mask.labels == value)
            box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            found.append((name, tuple(int(side) for side in box), len(rows)))
    return sorted(found)


OBJECT = "<object><name>{}</name>{}</object>"
POINTS = "".join(
    f"<x{n}>{x}</x{n}><y{n}>{y}</y{n}>"
    for n, (x, y) in enumerate([(10, 10), (40, 10), (40, 30), (10, 30)], start=1)
)
PTS = "".join(f"<pt><x>{x}</x><y>{y}</y></pt>" for x, y in [(10, 10), (40, 10), (40, 30), (10, 30)])
TURNED = "<robndbox><cx>25</cx><cy>20</cy><w>20</w><h>30</h><angle>1.5707963</angle></robndbox>"
RECTANGLE = (10, 10, 40, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (voc(OBJECT.format("Straße", BOX.format(*RECTANGLE))), [("Straße", RECTANGLE, 600)]),
        (voc(OBJECT.format("a", BOX.format(10.0, 10.2, 40, 29.9))), [("a", RECTANGLE, 600)]),
        (voc(OBJECT.format("a", BOX.format(*RECTANGLE)), ""), [("a", RECTANGLE, 600)]),
        (
            voc(OBJECT.format("a", f"<polygon>{POINTS}</polygon>" + BOX.format(0, 0, 90, 60))),
            [("a", RECTANGLE, 600)],
        ),
        (voc(OBJECT.format(" a ", f"<polygon>{PTS}</polygon>")), [("a", RECTANGLE, 600)]),
        (voc(OBJECT.format("a", TURNED)), [("a", RECTANGLE, 600)]),
        (
            voc(OBJECT.format("a", BOX.format(*RECTANGLE)) * 2),
            [("a", RECTANGLE, 600), ("a", RECTANGLE, 600)],
        ),
        (cvat('<box label="🐢" xtl="10" ytl="10" xbr="40" ybr="30"/>'), [("🐢", RECTANGLE, 600)]),
        (
            cvat('<box label="a" xtl="15" ytl="5" xbr="35" ybr="35" rotation="90"/>'),
            [("a", RECTANGLE, 600)],
        ),
        (
            cvat('<polygon label="a" points="10.0,10.0;40.0,10.0;40.0,30.0;10.0,30.0"/>'),
            [("a", RECTANGLE, 600)],
        ),
        (
            cvat('<mask label="a" rle="3,2,3,2" left="70" top="50" width="5" height="3"/>'),
            [("a", (73, 50, 75, 52), 4)],
        ),
        (
            cvat('<mask label="a" rle="0, 60" left="85" top="57" width="10" height="6"/>'),
            [("a", (85, 57, 90, 60), 15)],
        ),
        (cvat("", "other.jpg", cvat('<box label="a" xtl="10" ytl="10" xbr="40" ybr="30"/>')[39:]), [
            ("a", RECTANGLE, 600)
        ]),
    ],
)  # fmt: skip
def test_every_area_has_its_name_and_place(tmp_path, text, expected):
    assert areas(tmp_path, text) == expected


def test_an_ellipse_is_as_large_as_it_is(tmp_path):
    text = cvat('<ellipse label="a" cx="45" cy="30" rx="20" ry="10" rotation="90"/>')
    [(label, box, pixels)] = areas(tmp_path, text)
    assert (label, box) == ("a", (35, 10, 55, 50))
    assert pixels == pytest.approx(np.pi * 200, rel=0.02)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_it_is_read_however_it_was_encoded(tmp_path, encoding):
    text = voc(OBJECT.format("Straße", BOX.format(*RECTANGLE)))
    assert areas(tmp_path, text, encoding) == [("Straße", RECTANGLE, 600)]


def test_what_was_read_and_left_out_is_said(tmp_path):
    inside = '<points label="eye" points="3,4"/><polyline label="road" points="3,4;9,9"/><tag/>'
    _, notes = read(tmp_path, cvat(inside + '<box label="a" xtl="1" ytl="1" xbr="9" ybr="9"/>'))
    assert notes == [
        'photo.xml: read as annotations of CVAT: 1 area: "a" (1)',
        "photo.xml: left out: 2 that are no outline, but a point, a line or the like",
    ]
    _, notes = read(tmp_path, voc(""))
    assert notes[0] == "photo.xml: read as annotations of Pascal VOC: 0 areas"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><annotation>&b;</annotation>',
            "photo.xml declares entities, which annotations do not need: it is not read",
        ),
        (
            "<annotation><object>",
            "photo.xml is no XML that can be read: no element found: line 1, column 20",
        ),
        (
            "<annotations><track/></annotations>",
            "photo.xml has no pictures: of CVAT's XML that for images is read",
        ),
        (
            cvat("", "b.jpg", '<image name="a.jpg"/>'),
            "photo.xml has 2 pictures, and none is called photo.jpg",
        ),
        (cvat('<box label="a" xtl="1"/>'), "photo.xml has a box without xtl or ytl or xbr or ybr"),
        (
            cvat('<polygon label="a" points="1,2;3"/>'),
            "photo.xml has points that are no pairs of numbers",
        ),
        (
            cvat('<mask label="a" rle="1,x" left="0" top="0" width="2" height="2"/>'),
            "photo.xml has a mask without rle, left, top, width or height",
        ),
        (
            cvat('<mask label="a" rle="1" left="0" top="0" width="99999" height="99999"/>'),
            "photo.xml has areas of more than 16 times the picture",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    "text", ["", "<", "a < b", "<svg></svg>", "<!-- <annotation> --><kml/>", 7]
)
def test_other_texts_are_no_annotations(text):
    assert annotation_kind(text) == ""


@pytest.mark.long
def test_others_work_while_a_large_file_is_read():
    text = voc("<object/>" * 300_000)
    check_lets_others_work(lambda: xml_picture(text, "photo.jpg", "photo.xml"))


def test_a_tag_that_ends_in_another_part_is_read(monkeypatch):
    whole = xml_picture(voc(f"<object><name>a</name>{BOX}</object>"), "photo.jpg", "photo.xml")
    monkeypatch.setattr("segui.masks.annotations.xml_annotations._CHARACTERS_AT_ONCE", 3)
    parts = xml_picture(voc(f"<object><name>a</name>{BOX}</object>"), "photo.jpg", "photo.xml")
    assert [*parts.shapes] == [*whole.shapes]
    assert parts.size_hw == whole.size_hw == SIZE_HW


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<a/>" * 1_000_000, "photo.xml has 1000012 tags: at most 1000000 are read"),
        (
            tag_of(20_000),
            "photo.xml has a tag of more than 1000 values: it is not read",
        ),
    ],
    ids=["tags", "values"],
)
def test_what_would_take_long_to_read_is_refused_before(inside, sentence):
    with pytest.raises(InputError) as raised:
        xml_picture(voc(inside), "photo.jpg", "photo.xml")
    assert str(raised.value) == sentence
