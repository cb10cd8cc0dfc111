import csv
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from segui.backend.coverage import coverage
from segui.classifiers.colour import ColourNames
from segui.errors import InputError
from segui.images.pictures import Picture
from segui.pipeline import Scene, choose, score_scene
from segui.segments.segment import Segments
from segui.selection import select
from segui.takeaway.report import cutouts_zip, file_name, scores_csv
from tests.drawn import levels, mask, picture, segment

SIZE_HW = (40, 60)
BOXES = ((0, 0, 12, 10), (20, 5, 50, 30), (30, 20, 60, 40))


def scene_of(*labels, channels=3, icc_profile=None):
    pixels = levels(picture(*SIZE_HW, channels=channels))[0].numpy()
    items = tuple(segment(box, label=label) for box, label in zip(BOXES, labels, strict=False))
    return Scene(Picture(pixels, icc_profile), None, Segments(SIZE_HW, items))


def selection_of(scene, *scores, expression="*", on_unknown="remain"):
    given = scores or ({},) * len(scene.segments.items)
    return select(scene.segments, given, expression, on_unknown)


def table_of(selection):
    return list(csv.reader(io.StringIO(scores_csv(selection), newline="")))


def cut(scene, selection, feather=3, alpha=255, edge="smooth", side="filtered"):
    buffer = io.BytesIO()
    cutouts_zip(scene, selection, feather, alpha, edge, buffer, side)
    return buffer.getvalue()


def pictures_in(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()}


def test_the_table_has_a_row_a_segment_and_a_column_a_label():
    scene = scene_of("left", "right")
    selection = selection_of(
        scene, {"red": 0.25, "dark blue": 0.75}, {"red": 1 / 3}, expression="red > 30%"
    )
    assert table_of(selection) == [
        ["number", "label", "side", "by_hand", "x1", "y1", "x2", "y2", "area", "confidence",
         "score dark blue", "score red", "reason"],
        ["1", "left", "remained", "no", "0", "0", "12", "10", "120", "1.0", "0.75", "0.25",
         selection.reasons[0]],
        ["2", "right", "filtered", "no", "20", "5", "50", "30", "750", "1.0", "", "0.333333",
         selection.reasons[1]],
    ]  # fmt: skip


def test_what_was_done_by_hand_is_marked():
    selection = replace(selection_of(scene_of("left", "right")), by_hand=(False, True))
    assert [row[3] for row in table_of(selection)] == ["by_hand", "no", "yes"]


def test_the_table_of_nothing_is_its_head():
    assert len(table_of(selection_of(scene_of()))) == 1


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])
def test_a_label_is_never_a_formula(label):
    selection = replace(selection_of(scene_of(label)), reasons=(label,))
    row = table_of(selection)[1]
    assert (row[1], row[-1]) == (f"'{label}", f"'{label}")


def test_labels_with_commas_quotes_and_broken_characters_keep_their_cell():
    rows = table_of(selection_of(scene_of('a "b", c\nd', "\ud800"), {"x,y": 0.5}, {}))
    assert [row[1] for row in rows] == ["label", 'a "b", c\nd', "?"]
    assert rows[0][-2] == "score x,y"


def test_negative_numbers_stay_numbers():
    away = Segments(SIZE_HW, (segment((-5, -5, 5, 5)),))
    row = table_of(select(away, [{"x": -0.5}], "*"))[1]
    assert (row[4], row[-2]) == ("-5", "-0.5")


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
        assert np.array_equal(pixels[..., :3], photo[box.slices][..., :3])
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


def test_the_scores_of_a_classifier_come_out():
    scene = scene_of("a", "b")
    selection = choose(scene, score_scene(scene, ColourNames()), "red > 50%")
    rows = table_of(selection)
    columns = [name.removeprefix("score ") for name in rows[0][10:-1]]
    for row, scores in zip(rows[1:], selection.scores, strict=True):
        assert dict(zip(columns, map(float, row[10:-1]), strict=True)) == pytest.approx(
            scores, abs=1e-6
        )
