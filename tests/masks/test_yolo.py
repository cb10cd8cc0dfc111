"""YOLO's labels with the names of their classes, VIA's regions, and label maps of TensorFlow's."""

import csv
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.masks.annotations.kinds import annotation_kind
from segui.masks.annotations.listed_names import label_map_legend, yaml_legend
from segui.masks.annotations.yolo import class_names, is_yolo, yaml_names, yolo_lines
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from segui.takeaway.yolo import yolo_zip
from tests.takeaway.chosen import SIZE_HW
from tests.takeaway.test_listed import chosen, marked_in_picture

PHOTO = Photo((20, 40), name="photo.jpg")
OUTLINE = "1 0.25 0.1 0.75 0.1 0.75 0.6 0.25 0.6"
BOX = "0 0.5 0.5 0.25 0.5"


def put(folder, **files):
    paths = []
    for name, text in files.items():
        stem, _, ending = name.rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def read(paths, photo=PHOTO, **options):
    return read_mask_set(paths, photo, MaskSetOptions(**options))


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        (OUTLINE, True),
        (BOX, True),
        (f"{OUTLINE}\n\n{BOX}\n", True),
        ("0 0.5 0.5 0.25 0.5 0.93", True),
        ("0 .5 5e-1 0.25 1", True),
        ("0 0.5 0.5 0.25", False),
        ("0 0.1 0.1 0.2 0.2 0.3 0.3 0.4", False),
        ("0 12 14 30 40", False),
        ("1 car\n2 bus", False),
        ("1 255 0 0", False),
        ("car 0.1 0.1 0.2 0.2", False),
        ("", False),
        (None, False),
        ([1], False),
    ],
)
def test_a_text_is_yolos_where_each_line_has_a_class_and_shares(text, is_known):
    assert is_yolo(text) is is_known


def test_an_outline_and_a_box_are_areas_with_the_names_that_are_beside_them(tmp_path):
    paths = put(tmp_path, photo_txt=f"{OUTLINE}\n{BOX}\n", classes_txt="car\nbus\n")
    masks, notes = read(paths)
    outline, box = np.zeros((20, 40), bool), np.zeros((20, 40), bool)
    outline[2:12, 10:30] = True
    box[5:15, 15:25] = True
    found = {}
    for one in masks:
        for value, name in one.names.items():
            found[name] = one.labels == value
    assert (found["bus"] == outline).all()
    assert (found["car"] == box).all()
    assert notes == [
        'photo.txt: read as annotations of YOLO: 2 areas: "bus" (1), "car" (1)',
        "classes.txt: read as the names of YOLO's classes: 2 names",
    ]


def test_classes_without_names_have_their_numbers(tmp_path):
    masks, notes = read(put(tmp_path, photo_txt=f"{OUTLINE}\n"))
    assert list(masks[0].names.values()) == ["class 1"]
    assert notes == ['photo.txt: read as annotations of YOLO: 1 area: "class 1" (1)']


@pytest.mark.parametrize(
    "text",
    [
        "path: x\nnames:\n  0: car\n  1: bus\n",
        "names:\n- car\n- bus\nnc: 2\n",
        "train: a\nval: b\nnc: 2\nnames: [\"car\", 'bus']\n",
        "train: a\nnames: {0: car, 1: 'bus'}",
        "names: # the classes\r\n  - car\r\n\r\n  - bus\r\n",
        "nc: 2\nnames: [car, bus]",
    ],
)
def test_the_names_of_a_data_yaml_are_counted_from_0(text, tmp_path):
    assert yaml_names(text) == class_names(text) == {0: "car", 1: "bus"}
    masks, notes = read(put(tmp_path, photo_txt=f"{OUTLINE}\n", data_yaml=text))
    assert list(masks[0].names.values()) == ["bus"]
    assert notes[1] == "data.yaml: read as the names of YOLO's classes: 2 names"


def test_names_in_quotes_keep_what_is_in_them():
    assert yaml_names('names:\n  0: "a \\"b\\": c"\n  7: \'x, y\'\n') == {0: 'a "b": c', 7: "x, y"}
    assert yaml_names("path: a\nnc: 3\n") == {}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("\n  0: sky\n  1: car\n  2: bus\n  3: tree\n", ""),
        (" {0: sky, 1: car, 2: bus, 3: tree}\n", ""),
        ("\n  - sky\n  - car\n  - bus\n  - tree\n", ", its names are counted from 0"),
    ],
)
def test_a_data_yaml_beside_a_label_map_names_its_numbers(names, said, tmp_path):
    values = np.zeros((20, 40), np.uint8)
    values[2:6, 2:6], values[8:12, 8:12], values[14:18, 30:36] = 1, 2, 3
    Image.fromarray(values).save(tmp_path / "map.png")
    text = f"path: a\nnames:{names}"
    paths = [tmp_path / "map.png", *put(tmp_path, data_yaml=text)]
    masks, notes = read(paths)
    assert masks[0].names == {1: "car", 2: "bus", 3: "tree"}
    assert notes[-1] == f"data.yaml: read as a legend: 4 names{said}"


def test_a_label_map_of_tensorflows_names_numbers(tmp_path):
    text = "item {\n  id: 1\n  name: 'n1'\n  display_name: \"a car\"\n}\nitem { name: 'bus' id: 2 }"
    legend = label_map_legend(text)
    assert dict(legend.by_number) == {1: "a car", 2: "bus"}
    assert label_map_legend("1: car") is None
    assert yaml_legend("1: car") is None
    values = np.zeros((20, 40), np.uint8)
    values[2:6, 2:6], values[8:12, 8:12] = 1, 2
    Image.fromarray(values).save(tmp_path / "map.png")
    masks, notes = read([tmp_path / "map.png", *put(tmp_path, label_map_pbtxt=text)])
    assert masks[0].names == {1: "a car", 2: "bus"}
    assert notes[-1] == "label_map.pbtxt: read as a legend: 2 names, of TensorFlow's kind"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            f"{OUTLINE}\n" * 20 + "0 0.5 0.5 9 0.1",
            (
                "a.txt, line 21 is '0 0.5 0.5 9 0.1': expected a class, and an outline or a box "
                "in shares of the picture from 0 to 1"
            ),
        ),
        (f"{BOX}\n" * 100_001, "a.txt has 100001 lines: at most 100000 are read"),
    ],
)
def test_a_line_that_is_none_is_told_with_its_number(text, sentence):
    with pytest.raises(InputError) as refused:
        yolo_lines(text, "a.txt")
    assert str(refused.value) == sentence


def test_what_is_taken_away_for_yolo_is_read_again_to_the_pixel(tmp_path):
    target = io.BytesIO()
    yolo_zip(chosen(), "photo.jpg", target)
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path)
    paths = [tmp_path / name for name in ("labels/photo.txt", "classes.txt", "data.yaml")]
    (found,), _ = read(paths, Photo(SIZE_HW, name="photo.jpg"))
    assert list(found.names.values()) == ["car", "a bus", "car"]
    for number, value in enumerate(found.names):
        assert ((found.labels == value) == marked_in_picture(number)).all()


# ---- VIA -----------------------------------------------------------------------------------------
def region(label, **form):
    return {"shape_attributes": form, "region_attributes": label}


REGIONS = [
    region({"name": "car"}, name="rect", x=2, y=3, width=4, height=5),
    region(
        {"kind": {"bus": True, "car": False}},
        name="polygon", all_points_x=[20, 30, 30, 20], all_points_y=[2, 2, 8, 8],
    ),
    region({}, name="circle", cx=12, cy=14, r=3),
    region({"label": "egg"}, name="ellipse", cx=33.0, cy=14.0, rx=4, ry=2, theta=0),
    region({"label": "no area"}, name="point", cx=1, cy=1),
    region({"label": "no area"}, name="polygon", all_points_x=[1], all_points_y=None),
]  # fmt: skip


def via(*pictures):
    return {
        f"{name}123": {"filename": name, "size": 123, "regions": regions, "file_attributes": {}}
        for name, regions in pictures
    }


@pytest.mark.parametrize("is_project", [True, False])
@pytest.mark.parametrize("are_numbered", [True, False])
def test_the_regions_of_via_are_areas(is_project, are_numbered, tmp_path):
    regions = dict(enumerate(REGIONS)) if are_numbered else REGIONS
    said = via(("other.jpg", [REGIONS[0]]), ("Photo.PNG", regions))
    if is_project:
        said = {"_via_settings": {}, "_via_img_metadata": said, "_via_attributes": {}}
    said = json.loads(json.dumps(said))
    assert annotation_kind(said) == "VIA"
    path = tmp_path / "via.json"
    path.write_text(json.dumps(said))
    (found,), notes = read([path])
    assert notes == [
        (
            'via.json: read as annotations of VIA: 4 areas: "car" (1), "bus" (1), "object" (1), '
            '"egg" (1)'
        ),
        "via.json: left out: 2 that are no outline, but a point, a line or the like",
    ]
    wanted = np.zeros((20, 40), int)
    wanted[3:8, 2:6], wanted[2:8, 20:30] = 1, 2
    y, x = np.mgrid[:20, :40] + 0.5
    wanted[(x - 12) ** 2 + (y - 14) ** 2 <= 9] = 3
    wanted[((x - 33) / 4) ** 2 + ((y - 14) / 2) ** 2 <= 1] = 4
    assert (found.labels == wanted).all()


def test_the_table_that_via_exports_is_read_as_its_json_is(tmp_path):
    path, table = tmp_path / "via.csv", io.StringIO()
    names = "filename,file_size,file_attributes,region_count,region_id"
    writer = csv.writer(table)
    writer.writerow([*names.split(","), "region_shape_attributes", "region_attributes"])
    for name, regions in (("other.jpg", REGIONS[:1]), ("Photo.PNG", REGIONS), ("none.jpg", [{}])):
        for place, one in enumerate(regions):
            parts = (one.get("shape_attributes", {}), one.get("region_attributes", {}))
            writer.writerow([name, 9, "{}", len(regions), place, *map(json.dumps, parts)])
    path.write_text(table.getvalue())
    (found,), notes = read([path])
    path.with_suffix(".json").write_text(json.dumps(via(("Photo.PNG", REGIONS))))
    (same,), _ = read([path.with_suffix(".json")])
    assert notes[0].startswith("via.csv: read as annotations of VIA: 4 areas")
    assert (found.labels == same.labels).all()
    assert found.names == same.names


@pytest.mark.parametrize("cell", ["{", '"' + "x" * 200_000])
def test_a_broken_table_of_vias_is_refused(tmp_path, cell):
    path = tmp_path / "via.csv"
    path.write_text(f"filename,region_shape_attributes,region_attributes\nphoto.jpg,{cell},{{}}\n")
    with pytest.raises(InputError):
        read([path])


def test_via_of_other_pictures_alone_is_refused(tmp_path):
    path = tmp_path / "via.json"
    path.write_text(json.dumps(via(("a.jpg", REGIONS), ("b.jpg", REGIONS))))
    with pytest.raises(InputError) as refused:
        read([path])
    assert str(refused.value) == "via.json has 2 pictures, and none is called photo.jpg"
