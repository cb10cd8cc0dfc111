"""Masks of another size than the photo: scaled, turned, or refused with what to do."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from segui.errors import InputError
from segui.images.pictures import read_picture
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import Offer, offers_of
from segui.masks.sizes.fitting import fit_mask
from segui.masks.sizes.padding import PaddedError
from tests.masks.test_files import drawn, labels_of, png, soft_of


def hard(size_wh: tuple[int, int]) -> MaskFile:
    """A mask of one rectangle: the quarter at the top left."""
    width, height = size_wh
    soft = np.zeros((height, width), np.uint8)
    soft[: height // 2, : width // 2] = 255
    return MaskFile("hard", "grey", soft=soft, stem="sky", notes=("read",))


def read(tmp_path: Path, pixels: np.ndarray) -> MaskFile:
    return read_mask(png(tmp_path, pixels))


def box_of(mask: MaskFile) -> tuple[int, int, int, int]:
    assert mask.soft is not None
    rows, columns = np.nonzero(mask.soft)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_the_same_size_gives_the_same_object(tmp_path: Path) -> None:
    mask = read(tmp_path, drawn(".12"))
    assert fit_mask(mask, (1, 3)) is mask


@pytest.mark.parametrize(
    ("mask_wh", "photo_wh", "note"),
    [
        ((1500, 1001), (3000, 2000), "it was scaled from 1500 x 1001 to 3000 x 2000"),
        ((600, 400), (300, 200), "it was scaled from 600 x 400 to 300 x 200"),
        ((150, 100), (300, 200), "it was scaled from 150 x 100 to 300 x 200"),
        ((301, 200), (300, 200), "it was scaled from 301 x 200 to 300 x 200"),
        (
            (304, 200),
            (300, 200),
            "it was scaled from 304 x 200 to 300 x 200, which stretches it by 1.3%",
        ),
    ],
)
def test_near_proportions_are_scaled_and_said(
    mask_wh: tuple[int, int], photo_wh: tuple[int, int], note: str
) -> None:
    fitted = fit_mask(hard(mask_wh), photo_wh[::-1])
    assert fitted.notes == ("read", note)
    assert fitted.size_hw == photo_wh[::-1]
    expected = (0, 0, photo_wh[0] / 2, photo_wh[1] / 2)
    assert box_of(fitted) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("mask_wh", [(64, 30), (300, 195), (200, 190), (3, 1)])
def test_other_proportions_are_refused_with_both_sizes_width_first(
    mask_wh: tuple[int, int],
) -> None:
    mask = hard(mask_wh)
    mask.soft[-1, -1] = 255  # so that nothing beside a photo in it may be a bar
    with pytest.raises(PaddedError) as caught:
        fit_mask(mask, (200, 300))
    assert str(caught.value) == (
        f"the mask sky is {mask_wh[0]} x {mask_wh[1]}, the photo 300 x 200: their proportions "
        "must match. Save it at the photo's size; a mask of a part of the photo needs the rest "
        "around it"
    )
    assert caught.value.offers == (Offer("It was stretched", "padded_masks", "stretch"),)


def test_other_proportions_are_stretched_when_asked_for() -> None:
    fitted = fit_mask(hard((64, 30)), (200, 300), scale=True)
    assert fitted.notes[1:] == (
        "it was stretched from 64 x 30 to 300 x 200: their proportions differ",
    )
    assert box_of(fitted) == (0, 0, 150, 100)


@pytest.mark.parametrize("orientation", range(5, 9))
def test_a_mask_of_the_stored_photo_is_turned_with_it(tmp_path: Path, orientation: int) -> None:
    stored = np.zeros((20, 30), np.uint8)
    stored[2:7, 3:21] = 255
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    Image.fromarray(stored).save(tmp_path / "photo.png", exif=exif)
    photo = read_picture(tmp_path / "photo.png")
    assert photo.size_hw == (30, 20)
    fitted = fit_mask(read(tmp_path, stored), photo.size_hw, orientation=photo.orientation)
    assert fitted.soft is not None
    assert np.array_equal(fitted.soft, photo.pixels[..., 0])
    assert fitted.notes[1:] == (
        "it is 30 x 20, as the camera stored the photo: it was turned with it",
    )


def test_a_small_mask_of_the_stored_photo_is_turned_and_scaled() -> None:
    fitted = fit_mask(hard((150, 100)), (300, 200), orientation=6)
    assert fitted.notes[1:] == (
        "it is 150 x 100, as the camera stored the photo: it was turned with it",
        "it was scaled from 100 x 150 to 200 x 300",
    )
    assert box_of(fitted) == (100, 0, 200, 150)  # what was at the top left is at the top right


@pytest.mark.parametrize("orientation", [1, 3])
def test_a_mask_on_its_side_is_refused_where_nothing_says_which(orientation: int) -> None:
    with pytest.raises(InputError) as caught:
        fit_mask(hard((200, 300)), (200, 300), orientation=orientation)
    assert str(caught.value) == (
        "the mask sky is 200 x 300, the photo 300 x 200: it lies on its side. "
        "Say which way to turn the masks: right or left"
    )


@pytest.mark.parametrize(
    ("turn", "mask_wh", "box", "note"),
    [
        ("right", (200, 300), (150, 0, 300, 100), "it was turned by 90 degrees to the right"),
        ("left", (200, 300), (0, 100, 150, 200), "it was turned by 90 degrees to the left"),
        ("half", (300, 200), (150, 100, 300, 200), "it was turned by 180 degrees"),
    ],
)
def test_masks_are_turned_as_asked_for(
    turn: str, mask_wh: tuple[int, int], box: tuple[int, ...], note: str
) -> None:
    fitted = fit_mask(hard(mask_wh), (200, 300), turn=turn, orientation=6)
    assert box_of(fitted) == box
    assert fitted.notes[1:] == (f"{note}, as asked for",)


def test_a_mask_on_its_side_that_is_not_to_be_turned_has_other_proportions() -> None:
    with pytest.raises(InputError, match="their proportions must match"):
        fit_mask(hard((200, 300)), (200, 300), turn="none", orientation=6)


def test_a_turn_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        fit_mask(hard((2, 3)), (2, 3), turn="up")
    assert str(caught.value) == "turn is 'up': expected auto, none, right, left, half, mirror, exif"


def test_of_a_photo_that_is_nearly_square_the_exact_size_counts() -> None:
    assert fit_mask(hard((1000, 990)), (990, 1000), orientation=6).notes == ("read",)
    turned = fit_mask(hard((990, 1000)), (990, 1000), orientation=6)
    assert turned.notes[1:] == (
        "it is 990 x 1000, as the camera stored the photo: it was turned with it",
    )


def test_labels_are_turned_with_their_names(tmp_path: Path) -> None:
    mask = read(tmp_path, drawn(".13", "21."))
    fitted = fit_mask(mask, (3, 2), turn="right")
    assert labels_of(fitted) == drawn("2.", "11", ".3").tolist()
    assert fitted.names == mask.names


class TestScaling:
    def test_soft_masks_are_averaged_when_they_shrink(self, tmp_path: Path) -> None:
        fitted = fit_mask(read(tmp_path, np.array([[0, 200], [200, 0]])), (1, 1))
        assert soft_of(fitted) == [[100]]
        assert fitted.notes == (
            "read as a soft mask",
            "all that is marked is 200, 78% opacity: ask for labels if it is a hard mask",
            "it was scaled from 2 x 2 to 1 x 1",
        )

    def test_soft_masks_are_bilinear_when_they_grow(self, tmp_path: Path) -> None:
        mask = read(tmp_path, np.array([[0, 200]]))
        assert soft_of(fit_mask(mask, (1, 4), scale=True)) == [[0, 50, 150, 200]]

    def test_hard_masks_stay_hard(self, tmp_path: Path) -> None:
        fitted = fit_mask(read(tmp_path, drawn("01")), (1, 4), scale=True)
        assert (fitted.kind, soft_of(fitted)) == ("hard", [[0, 0, 255, 255]])

    def test_labels_take_the_nearest_pixel(self, tmp_path: Path) -> None:
        mask = read(tmp_path, drawn(".13", "21."))
        fitted = fit_mask(mask, (4, 6))
        assert labels_of(fitted) == drawn("..1133", "..1133", "2211..", "2211..").tolist()
        assert fitted.names == mask.names

    def test_a_label_that_is_lost_is_said(self, tmp_path: Path) -> None:
        fitted = fit_mask(read(tmp_path, drawn("11112")), (1, 1), scale=True)
        assert labels_of(fitted) == [[1]]
        assert fitted.notes[1:] == (
            "it was stretched from 5 x 1 to 1 x 1: their proportions differ",
            "1 of its labels were too small to be left",
        )

    def test_the_mask_itself_is_not_changed(self, tmp_path: Path) -> None:
        mask = read(tmp_path, drawn(".12"))
        fit_mask(mask, (2, 6))
        assert labels_of(mask) == [[0, 1, 2]]


@given(st.integers(20, 90), st.integers(20, 90), st.sampled_from([2, 3, 4]))
def test_a_copy_of_any_scale_is_taken_and_lies_where_it_lay(
    width: int, height: int, times: int
) -> None:
    """A copy a few times smaller or larger, rounded as programs round."""
    for copy_wh in ((width * times, height * times), (-(-width // times), -(-height // times))):
        fitted = fit_mask(hard(copy_wh), (height, width), scale=True)
        assert fitted.size_hw == (height, width)
        x1, y1, x2, y2 = box_of(fitted)
        assert (x1, y1) == (0, 0)
        # half a pixel of the copy, and half of the photo
        assert abs(x2 - width / 2) <= width / copy_wh[0] + 1
        assert abs(y2 - height / 2) <= height / copy_wh[1] + 1


def corner(size_hw: tuple[int, int]) -> MaskFile:
    """A mask with a mark near its first corner, which no turn leaves in place."""
    soft = np.zeros(size_hw, np.uint8)
    soft[0, 0], soft[0, 1] = 255, 128
    return MaskFile("soft", "grey", soft=soft, stem="sky", notes=("read",))


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_mask_is_turned_and_mirrored_as_the_photo_was(orientation: int) -> None:
    stored = corner((3, 4))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = io.BytesIO()
    Image.fromarray(stored.soft).save(data, "PNG", exif=exif)
    upright = np.array(ImageOps.exif_transpose(Image.open(data)))
    fitted = fit_mask(stored, upright.shape, turn="exif", orientation=orientation)
    assert np.array_equal(fitted.soft, upright)
    assert fitted.notes[-1].endswith(", as the photo was")


@pytest.mark.parametrize(
    ("orientation", "done"),
    [
        (2, "mirrored, left for right"),
        (3, "turned by 180 degrees"),
        (4, "mirrored, top for bottom"),
    ],
)
def test_what_no_size_can_say_is_said_with_a_click_that_turns_it(orientation, done) -> None:
    fitted = fit_mask(corner((3, 4)), (3, 4), orientation=orientation)
    said = (
        f"the photo was {done} on opening, and this was not: its size says nothing. "
        "If it was made of the photo as it is stored, turn it too"
    )
    assert fitted.notes[-1] == said
    assert offers_of(fitted.notes[-1]) == (Offer("Turn it as the photo was", "turn_masks", "exif"),)


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_of_a_square_photo_no_size_can_say_it_either(orientation) -> None:
    assert len(fit_mask(corner((40, 40)), (40, 40), orientation=orientation).notes) == 2
    assert len(fit_mask(corner((40, 30)), (40, 30), orientation=orientation).notes) == 1


def test_a_mask_that_was_turned_by_its_own_exif_is_as_the_photo() -> None:
    mask = replace(corner((3, 4)), orientation=3)
    assert fit_mask(mask, (3, 4), orientation=3) is mask


def test_a_photo_that_was_not_turned_turns_no_mask() -> None:
    fitted = fit_mask(corner((3, 4)), (3, 4), turn="exif", orientation=1)
    assert np.array_equal(fitted.soft, corner((3, 4)).soft)
    assert fitted.notes[-1] == "the photo was not turned: neither was this"
