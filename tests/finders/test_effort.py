"""What takes minutes to look for in a photo is refused before anything is looked at."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui import Box, InputError, Segments
from segui.finders.base import Asked, Point
from segui.finders.box import BoxFinder
from segui.finders.click import ClickFinder
from segui.finders.face_net import FULL_RANGE, Sees
from segui.finders.face_tiles import most_tiles
from segui.finders.faces import FaceFinder
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.pipeline import open_scene
from segui.session.results import Stopped
from segui.settings import Settings

SIZE_WH = (400, 250)  # 0.1 megapixels
MOST = Settings(max_crop_megapixels=1)  # ten times as many
AT = (Point(200, 100), Point(20, 30), Point(30, 20))
NOT = (Point(5, 5, is_wanted=False), Point(6, 6, is_wanted=False))
WHOLE = Box(0, 0, 400, 250)
INNER = Box(100, 100, 200, 150)  # with 25 px around it 150 x 100


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(np.full((*SIZE_WH[::-1], 3), 90, np.uint8)).save(path)
    return path


def opened(photo: Path, settings=MOST, *, points=(), boxes=(), **options):
    return open_scene(
        Inputs(photo, points=points, boxes=boxes), SegmentOptions(**options), settings
    )


@pytest.mark.parametrize(
    ("points", "found"),
    [
        (AT[:1] * 11, "11 points have 1.1 megapixels together"),
        # each of the wanted ones is looked for once, and compared with each that is not
        ((*AT, *AT[:1], *NOT), "6 points, 2 of them not wanted, have 1.2 megapixels together"),
    ],
)
def test_more_points_than_the_photo_may_be_gone_through_for(photo, monkeypatch, points, found):
    monkeypatch.setattr(ClickFinder, "find", None)
    with pytest.raises(InputError) as caught:
        opened(photo, points=points, finder="click")
    advice = "Fewer points, or a smaller photo, have less"
    assert str(caught.value) == f"{found}: at most 1 are looked at. {advice}"


@pytest.mark.parametrize("points", [AT[:1] * 10, (*AT, *NOT)])
def test_as_many_points_as_may_be_are_looked_for(photo, points):
    (item,) = opened(photo, points=points[:10], finder="click", connected=False).segments.items
    assert item.label == "clicked"


def test_boxes_that_are_too_large_together_with_what_is_around_them(photo, monkeypatch):
    monkeypatch.setattr(BoxFinder, "find", None)
    boxes = (WHOLE,) * 9 + (INNER,) * 7
    with pytest.raises(InputError) as caught:
        opened(photo, boxes=boxes, finder="box")
    assert str(caught.value) == (
        "16 boxes with what is around them have 1.1 megapixels together: "
        "at most 1 are looked at. Fewer boxes, or smaller ones, have less"
    )


def test_as_many_boxes_as_may_be_are_looked_at(photo, monkeypatch):
    monkeypatch.setattr(BoxFinder, "find", lambda *_: Segments(SIZE_WH[::-1]))
    scene = opened(photo, Settings(max_crop_megapixels=0.03), boxes=(INNER, INNER), finder="box")
    assert scene.notes == ("nothing stands out in the box",)


@pytest.mark.long
def test_faces_so_small_that_there_are_too_many_parts_to_look_at(tmp_path, monkeypatch):
    monkeypatch.setattr(FaceFinder, "find", None)
    Image.new("L", (8000, 6000)).save(tmp_path / "large.png")
    with pytest.raises(InputError) as caught:
        opened(tmp_path / "large.png", Settings(), finder="faces", smallest_face=1)
    tiles = most_tiles((6000, 8000), 1)
    assert str(caught.value) == (
        f"faces of 1 px in a photo of 8000 x 6000 would be looked for in {tiles} parts of it: "
        "at most 3000 are looked at. Larger faces, or a smaller photo, take fewer"
    )


@pytest.mark.parametrize("smallest_face", [0, 20, 60])
@pytest.mark.parametrize("size_hw", [(150, 190), (640, 480), (900, 2000)])
@pytest.mark.parametrize("seen", [FULL_RANGE, Sees(64, 0.05, 0.5)])
def test_the_parts_of_a_picture_are_counted_as_they_are_looked_at(size_hw, smallest_face, seen):
    class Net:
        looked, sees = 0, seen

        def look(self, square, confidence):
            assert square.shape == (seen.side_px, seen.side_px, 3)
            self.looked += 1
            return np.zeros(0, np.float32), np.zeros((0, 4), np.float32)

    net = Net()
    noise = np.random.default_rng(3).integers(0, 256, (*size_hw, 3), np.uint8)
    FaceFinder(net).find(noise, Asked(smallest_face=smallest_face))
    assert net.looked == most_tiles(size_hw, smallest_face, seen)


@pytest.mark.parametrize(
    ("finder", "asked"),
    [(ClickFinder, Asked(points=AT)), (BoxFinder, Asked(boxes=(WHOLE, INNER)))],
)
def test_a_search_that_nobody_waits_for_ends_before_the_next_one(finder, asked):
    looks = []

    def stop():
        looks.append(1)
        if len(looks) == 2:
            raise Stopped

    # of one colour alone, OpenCV takes seconds for the first one
    noise = np.random.default_rng(3).integers(0, 256, (*SIZE_WH[::-1], 3), np.uint8)
    with pytest.raises(Stopped):
        finder(stop).find(noise, asked)
    assert len(looks) == 2
