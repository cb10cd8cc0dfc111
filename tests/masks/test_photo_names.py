"""The photo among the pictures that a file names."""

import json
from pathlib import Path

import pytest

from segui import CocoFile
from segui.errors import InputError
from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.kinds import read_annotations
from segui.masks.annotations.photo_names import place_of_photo

MADE = "rf.0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("names", "photo", "place"),
    [
        (["sky.jpg", "C:\\mine\\Car.JPG"], "car.png", 1),
        ([f"sky_png.{MADE}.jpg", f"car_png.{MADE}.jpg"], "car.png", 1),
        ([f"sky_png.{MADE}.jpg", f"my-car-1-_jpeg.{MADE}.jpg"], "my car (1).jpeg", 1),
        (["sky.png", "car.png"], f"car_png.{MADE}.jpg", 1),
        ([f"car_png.{MADE}.jpg", "car.png"], "car.jpg", 1),
        ([f"car_png.{MADE}.jpg", f"car_jpg.{MADE}0.jpg"], f"car_jpg.{MADE}0.jpg", 1),
        ([None, "car.png"], "car.png", 1),
        (["only one.png"], "car.png", 0),
        ([], "car.png", None),
    ],
)
def test_a_photo_is_found_by_its_name_or_by_what_it_was_renamed_to(names, photo, place) -> None:
    assert place_of_photo(names, photo, "a.json") == place


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a b.png", "a-b.png"], "a.json has 2 pictures, and none is called a_b.png"),
        (
            [f"a-b_png.{MADE}.jpg", f"a-b_png.{MADE}0.jpg", "sky.png"],
            "a.json has 2 pictures that were made of a_b.png: expected one of them as the photo",
        ),
    ],
)
def test_a_photo_that_is_none_or_several_of_them_is_refused(names, message) -> None:
    with pytest.raises(InputError) as caught:
        place_of_photo(names, "a_b.png", "a.json")
    assert str(caught.value) == message


def test_what_roboflow_exports_of_several_pictures_is_read_for_the_photo(tmp_path: Path) -> None:
    made = [
        {"id": place, "file_name": f"{name}_png.{MADE}.jpg", "height": 20, "width": 30}
        for place, name in enumerate(("sky", "my-car"))
    ]
    boxes = [
        {"id": place, "image_id": place, "category_id": 1, "bbox": [2, 3, 4, 5 + place]}
        for place in (0, 1)
    ]
    coco = {"images": made, "annotations": boxes, "categories": [{"id": 1, "name": "car"}]}
    asked = AnnotationRequest("a.json", "my car.png", (20, 30), 1.0)
    (read,) = read_annotations(coco, asked)
    assert int((read.labels > 0).sum()) == 4 * 6
    path = tmp_path / "a.json"
    path.write_text(json.dumps(coco), encoding="utf-8")
    with CocoFile(path) as file:
        assert file.of_photo("my car.png")["annotations"] == [boxes[1]]
