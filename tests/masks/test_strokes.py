"""Strokes on a mask file: what they touch changes, by the formula, and nothing else does."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from segui.errors import InputError
from segui.masks.files import NOTHING_MARKED, MaskFile, read_mask
from segui.masks.strokes import Strokes, read_strokes, with_strokes

LEVELS = {".": 0, "-": 100, "#": 255}


def drawn(*rows: str, levels: dict[str, int] = LEVELS, dtype: type = np.uint8) -> np.ndarray:
    return np.array([[levels[sign] for sign in row] for row in rows], dtype)


def strokes_of(*rows: str) -> Strokes:
    """``+`` paints, ``x`` takes away, each wholly."""
    signs = np.array([[*row] for row in rows])
    cover = np.where(signs != ".", 255, 0).astype(np.uint8)
    return Strokes(np.where(signs == "+", 255, 0).astype(np.uint8), cover)


def labels_of(*rows: str, names: dict[int, str]) -> MaskFile:
    digits = {".": 0, **{str(digit): digit for digit in range(1, 10)}}
    labels = drawn(*rows, levels=digits, dtype=np.int32)
    return MaskFile("labels", "grey", labels=labels, names=names, notes=("read as labels",))


def soft_of(values: np.ndarray) -> MaskFile:
    return MaskFile("soft", "grey", soft=values, stem="mask", notes=("read as a soft mask",))


# ---- soft masks --------------------------------------------------------------------------------
def test_strokes_change_the_pixels_that_they_touch_and_no_other():
    before = drawn("..-#", "..-#")
    after = with_strokes(soft_of(before), strokes_of("++..", ".xx."))
    np.testing.assert_array_equal(after.soft, drawn("##-#", "...#"))
    assert after.notes == ("read as a soft mask", "it was painted on")
    np.testing.assert_array_equal(before, drawn("..-#", "..-#"))


@given(
    arrays(np.uint8, (3, 5)),
    arrays(np.uint8, (3, 5)),
    arrays(np.float64, (3, 5), elements=st.floats(0, 1)),
)
def test_a_soft_stroke_covers_in_proportion(before, cover, white):
    added = np.floor(cover * white).astype(np.uint8)
    after = with_strokes(soft_of(before), Strokes(added, cover)).soft
    expected = before * (1 - cover / 255.0) + added
    assert np.abs(after - expected.clip(0, 255)).max() <= 0.5 + 1e-9
    np.testing.assert_array_equal(after[cover == 0], before[cover == 0])


def test_a_mask_that_nothing_touches_is_the_same_one():
    mask = soft_of(drawn("-#"))
    assert with_strokes(mask, strokes_of("..")) is mask


def test_a_hard_mask_gets_the_soft_edge_of_the_brush():
    hard = MaskFile("hard", "grey", soft=drawn(".#"))
    half = Strokes(np.array([[128, 0]], np.uint8), np.array([[128, 0]], np.uint8))
    after = with_strokes(hard, half)
    assert (after.kind, after.soft.tolist()) == ("soft", [[128, 255]])


def test_what_is_all_taken_away_says_so_and_what_was_empty_no_more():
    gone = with_strokes(soft_of(drawn("-.")), strokes_of("x."))
    assert gone.notes == ("read as a soft mask", "it was painted on", NOTHING_MARKED)
    empty = MaskFile("soft", "grey", soft=drawn(".."), notes=("read", NOTHING_MARKED))
    assert with_strokes(empty, strokes_of("+.")).notes == ("read", "it was painted on")


# ---- label maps --------------------------------------------------------------------------------
def painted_on(mask: MaskFile, *rows: str) -> tuple[str, ...]:
    after = with_strokes(mask, strokes_of(*rows))
    return tuple(
        "".join("." if value == 0 else str(value) for value in row) for row in after.labels
    )


def test_paint_joins_the_label_that_it_touches():
    mask = labels_of("11......", "........", "......22", names={1: "cat", 2: "dog"})
    after = with_strokes(mask, strokes_of("..++....", "........", "......++"))
    assert painted_on(mask, "..++....", "........", "......++") == (
        "1111....",
        "........",
        "......22",
    )
    assert after.names == {1: "cat", 2: "dog"}
    assert after.notes[1:] == (
        "it was painted on",
        "what was painted joins the label that it touches",
    )


def test_paint_between_two_labels_goes_to_the_nearer():
    mask = labels_of("1......2", names={1: "cat", 2: "dog"})
    assert painted_on(mask, "++++++++") == ("11112222",)


def test_paint_that_touches_no_label_has_one_of_its_own():
    mask = labels_of("1.......", "........", "........", names={1: "cat"})
    after = with_strokes(mask, strokes_of("........", ".....++.", "+......."))
    assert after.names == {1: "cat", 2: "painted"}
    assert painted_on(mask, "........", ".....++.", "+.......") == (
        "1.......",
        ".....22.",
        "2.......",
    )
    assert after.notes[2] == "2 patches of paint touch no label: the new label is “painted”"


def test_what_is_taken_away_has_no_label_and_its_name_goes_with_the_last_of_it():
    mask = labels_of("1122", names={1: "cat", 2: "dog"})
    after = with_strokes(mask, strokes_of(".xxx"))
    assert (after.labels.tolist(), after.names) == ([[1, 0, 0, 0]], {1: "cat"})


def test_two_patches_beside_one_label_both_join_it():
    mask = labels_of("...", ".1.", "...", names={1: "cat"})
    assert painted_on(mask, "+.+", "...", "+.+") == ("1.1", ".1.", "1.1")


# ---- the file ----------------------------------------------------------------------------------
def written(path: Path, grey: np.ndarray, alpha: np.ndarray) -> Path:
    Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)]).save(path)
    return path


def test_strokes_of_a_small_copy_touch_only_what_lies_near_them(tmp_path: Path):
    rng = np.random.default_rng(3)
    values = rng.integers(0, 256, (90, 120), np.uint8)
    Image.fromarray(values).save(tmp_path / "mask.png")
    alpha = np.zeros((30, 40), np.uint8)
    alpha[10:20, 10:20] = 255
    path = written(tmp_path / "strokes.png", np.zeros((30, 40), np.uint8), alpha)
    before = read_mask(tmp_path / "mask.png", kind="soft")
    after = with_strokes(before, read_strokes(path, (90, 120))).soft
    away = np.ones_like(values, bool)
    away[28:62, 28:62] = False  # three pixels each, and two to blend with their neighbours
    np.testing.assert_array_equal(after[away], before.soft[away])
    assert (after[32:58, 32:58] == 0).all()


@pytest.mark.parametrize("corner", [(0, 0), (0, -1), (-1, 0), (-1, -1)])
@pytest.mark.parametrize(("size_hw", "copy_hw"), [((400, 300), (102, 77)), ((10, 400), (3, 102))])
def test_a_pixel_in_the_corner_of_a_copy_is_one_of_the_photos_too(
    tmp_path, corner, size_hw, copy_hw
):
    grey = np.zeros(copy_hw, np.uint8)
    grey[corner] = 255
    strokes = read_strokes(written(tmp_path / "s.png", grey, grey), size_hw)
    assert strokes.added[corner] == strokes.cover[corner] == 255


def test_what_a_transparent_pixel_would_be_does_not_bleed(tmp_path: Path):
    grey = np.full((1, 4), 255, np.uint8)
    alpha = np.array([[0, 0, 255, 255]], np.uint8)
    strokes = read_strokes(written(tmp_path / "s.png", grey, alpha), (2, 8))
    np.testing.assert_array_equal(strokes.added, strokes.cover)
    assert (strokes.added[:, :3] == 0).all()


def test_strokes_without_an_alpha_channel_are_refused(tmp_path: Path):
    Image.new("L", (4, 3)).save(tmp_path / "s.png")
    with pytest.raises(InputError) as refused:
        read_strokes(tmp_path / "s.png", (3, 4))
    assert str(refused.value) == (
        "s.png has the mode L: strokes need an alpha channel, which says what they touch"
    )


def test_strokes_of_other_proportions_are_refused(tmp_path: Path):
    path = written(tmp_path / "s.png", np.zeros((9, 4), np.uint8), np.zeros((9, 4), np.uint8))
    with pytest.raises(InputError) as refused:
        read_strokes(path, (30, 40))
    assert str(refused.value) == (
        "the strokes are 4 x 9, the photo 40 x 30: their proportions must match"
    )
