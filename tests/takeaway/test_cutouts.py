import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from segui.backend.coverage import coverage
from segui.errors import InputError
from segui.segments.segment import Segments
from segui.takeaway.cutouts import cutouts_zip, file_name
from tests.drawn import mask, segment
from tests.takeaway.chosen import BOXES, SIZE_HW, scene_of, selection_of


def cut(scene, selection, feather=3, alpha=255, edge="smooth", side="filtered"):
    buffer = io.BytesIO()
    cutouts_zip(scene, selection, feather, alpha, edge, buffer, side)
    return buffer.getvalue()


def pictures_in(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()}


@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
@pytest.mark.parametrize(("feather", "alpha"), [(0, 255), (3, 255), (4, 100)])
@pytest.mark.parametrize("channels", [3, 4])
def test_a_cut_out_is_the_photo_with_the_opacity_of_a_paste_of_that_segment(
    channels, feather, alpha, edge
):
    scene = scene_of("one", "two", "three", channels=channels)
    found = pictures_in(cut(scene, selection_of(scene), feather, alpha, edge))
    assert list(found) == ["001-one.png", "002-two.png", "003-three.png"]
    for item, image in zip(scene.segments.items, found.values(), strict=True):
        alone = coverage(scene.segments.of([item]), SIZE_HW, feather, alpha, edge).numpy()
        photo = scene.photo.pixels
        own = photo[..., 3] if channels == 4 else np.full(SIZE_HW, 255)
        margin = 0 if edge == "impact" else feather
        box = item.bbox.widen(margin).clip(SIZE_HW)
        pixels = np.array(image)
        assert pixels.shape == (*box.size_hw, 4)
        is_there = pixels[..., 3] > 0
        assert np.array_equal(pixels[is_there, :3], photo[box.slices][is_there, :3])
        assert not pixels[~is_there].any(), "what is cut away leaves no colour behind"
        wanted = (alone * own)[box.slices]
        assert np.abs(pixels[..., 3] - wanted).max() <= 0.501
        outside = np.ones(SIZE_HW, bool)
        outside[box.slices] = False
        assert not alone[outside].any()


def test_a_soft_mask_is_cut_out_softly():
    soft = segment((2, 1, 6, 3), mask("-+*#", "#*+-"))
    scene = replace(scene_of(), segments=Segments(SIZE_HW, (soft,)))
    (image,) = pictures_in(cut(scene, selection_of(scene), feather=0)).values()
    assert np.array(image)[..., 3].tolist() == [[64, 128, 191, 255], [255, 191, 128, 64]]


def test_only_the_asked_side_is_cut_out_and_numbers_stay_those_of_the_list():
    scene = scene_of("a", "b", "c")
    selection = selection_of(
        scene, {"red": 1}, {}, {"red": 0}, expression="red > 0.5", on_unknown="review"
    )
    names = {
        side: list(pictures_in(cut(scene, selection, side=side)))
        for side in ("filtered", "review", "remained")
    }
    assert names == {
        "filtered": ["001-a.png"],
        "review": ["002-b.png"],
        "remained": ["003-c.png"],
    }


def test_a_segment_outside_the_picture_gives_no_file():
    scene = replace(
        scene_of(), segments=Segments(SIZE_HW, (segment((-9, -9, -2, -2)), segment(BOXES[0])))
    )
    assert list(pictures_in(cut(scene, selection_of(scene), edge="impact"))) == ["002-A.png"]


def test_equal_inputs_give_equal_bytes_in_a_file_or_a_path(tmp_path):
    scene = scene_of("a", "b")
    selection = selection_of(scene)
    cutouts_zip(scene, selection, 3, 255, "smooth", tmp_path / "cut.zip")
    assert (tmp_path / "cut.zip").read_bytes() == cut(scene, selection)
    with zipfile.ZipFile(tmp_path / "cut.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_colour_profile_is_kept():
    scene = scene_of("a", icc_profile=b"a profile" * 20)
    (image,) = pictures_in(cut(scene, selection_of(scene))).values()
    assert image.info["icc_profile"] == b"a profile" * 20


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"side": "both"}, "side is 'both': expected one of filtered, remained, review"),
        ({"side": "review"}, "no segment is review: there is nothing to cut out"),
        ({"alpha": 256}, "alpha is 256: expected a whole number from 0 to 255"),
    ],
)
def test_what_cannot_be_cut_out_is_refused(options, message):
    scene = scene_of("a")
    with pytest.raises(InputError) as caught:
        cut(scene, selection_of(scene), **options)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("sky", "sky"),
        ("dark blue", "dark_blue"),
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\x", "C_x"),
        (".hidden.", "hidden"),
        ("", "segment"),
        ("???", "segment"),
        ("v1.2-b", "v1.2-b"),
        ("猫 é", "猫_é"),
        ("e\u0301", "é"),
        ("a\0b\n", "a_b"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_label_becomes_a_name_that_every_system_takes(label, name):
    assert file_name(label) == name
