"""Masks whose ground is marked: black objects on white."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import INVERT, offers_of
from segui.masks.reading import Reading
from tests.counts import examples
from tests.masks.test_files import png

SIZE_HW = (200, 260)


def black_on_white(*, ground: int = 255, level: int = 0, blur: float = 0) -> np.ndarray:
    """Three objects, one of which stands on the lower border, and a ground all around."""
    pixels = np.full(SIZE_HW, ground, np.uint8)
    cv2.circle(pixels, (60, 60), 25, level, -1)
    cv2.rectangle(pixels, (150, 40), (200, 90), level, -1)
    cv2.rectangle(pixels, (120, 150), (150, 199), level, -1)
    return cv2.GaussianBlur(pixels, (0, 0), blur) if blur else pixels


def said(share: int) -> str:
    return (
        f"what is selected is {share}% of it, up to all four borders: invert if the rest is meant"
    )


def of_ground(reading: MaskFile | Reading) -> list[str]:
    return [note for note in reading.notes if "borders" in note or "ground" in note]


@pytest.mark.parametrize("blur", [0, 0.6, 3])
@pytest.mark.parametrize(("ground", "level"), [(255, 0), (255, 1), (254, 16), (235, 16), (255, 90)])
def test_black_objects_on_white_are_said_with_invert_at_hand(tmp_path, ground, level, blur):
    mask = read_mask(png(tmp_path, black_on_white(ground=ground, level=level, blur=blur)))
    assert of_ground(mask) == [said(88)]
    assert offers_of(of_ground(mask)[0]) == (INVERT,)
    assert mask.soft.max() >= 235  # it is said, and nothing is turned round


@pytest.mark.parametrize("rim", [1, 2, 3, 8])
def test_so_is_a_ground_within_a_black_rim(tmp_path, rim):
    pixels = black_on_white()
    pixels[:rim] = pixels[-rim:] = pixels[:, :rim] = pixels[:, -rim:] = 0
    (note,) = of_ground(read_mask(png(tmp_path, pixels)))
    assert offers_of(note) == (INVERT,)


@pytest.mark.parametrize("rim", [1, 2, 3, 8, 20])
def test_all_but_a_rim_is_no_ground_of_anything(tmp_path, rim):
    pixels = np.pad(np.full(SIZE_HW, 255, np.uint8), rim)
    assert of_ground(read_mask(png(tmp_path, pixels))) == []


def test_a_black_and_white_file_of_one_bit_is_said_too(tmp_path):
    Image.fromarray(black_on_white()).convert("1").save(tmp_path / "a.png")
    assert read_mask(tmp_path / "a.png").notes == (
        "read as a hard mask: it is black and white",
        said(88),
    )


@pytest.mark.parametrize("quality", [40, 75, 95])
def test_black_on_white_of_a_lossy_file_is_said_too(tmp_path, quality):
    data = io.BytesIO()
    Image.fromarray(black_on_white()).save(data, "JPEG", quality=quality)
    (tmp_path / "a.jpg").write_bytes(data.getvalue())
    assert of_ground(read_mask(tmp_path / "a.jpg")) == [said(88)]


def test_the_brightness_of_colours_is_looked_at_as_grey_is(tmp_path):
    colours = np.dstack([black_on_white(blur=2)] * 3)
    colours[..., 2] = np.minimum(colours[..., 2], 250)
    mask = read_mask(png(tmp_path, colours), kind="soft")
    assert of_ground(mask) == [said(88)]


def test_once_inverted_nothing_is_said_and_inverting_what_is_right_is_said(tmp_path):
    path = png(tmp_path, black_on_white())
    assert of_ground(read_mask(path, invert=True)) == []
    white_on_black = png(tmp_path, np.asarray(255 - black_on_white(), np.uint8), name="b.png")
    assert of_ground(read_mask(white_on_black)) == []
    assert of_ground(read_mask(white_on_black, invert=True)) == [said(88)]


def portrait() -> np.ndarray:
    """Somebody who fills most of the picture and touches all borders, corners and all."""
    pixels = np.zeros(SIZE_HW, np.uint8)
    cv2.ellipse(pixels, (130, 100), (140, 110), 0, 0, 360, 255, -1)
    return pixels


def with_hole(radius: int) -> np.ndarray:
    pixels = np.full(SIZE_HW, 255, np.uint8)
    cv2.circle(pixels, (60, 60), radius, 0, -1)
    return pixels


@pytest.mark.parametrize(
    "pixels",
    [
        portrait(),
        np.full(SIZE_HW, 255, np.uint8),
        np.tile(np.linspace(0, 255, SIZE_HW[1]).astype(np.uint8), (SIZE_HW[0], 1)),
        np.pad(np.full((150, 260), 255, np.uint8), ((50, 0), (0, 0))),  # all below a horizon
        with_hole(1),
        black_on_white(level=230, blur=2),
    ],
    ids=["portrait", "all", "gradient", "horizon", "a dead pixel", "hardly darker"],
)
def test_what_is_no_ground_is_not_called_one(tmp_path, pixels):
    assert of_ground(read_mask(png(tmp_path, pixels))) == []


@settings(max_examples=examples(40), deadline=None)
@given(st.data())
def test_exactly_one_of_a_drawing_and_its_inverse_is_said(tmp_path_factory, data):
    """Discs that leave the border and most of the picture alone."""
    pixels = np.zeros(SIZE_HW, np.uint8)
    for _ in range(data.draw(st.integers(1, 5))):
        x, y = data.draw(st.integers(30, 230)), data.draw(st.integers(30, 170))
        cv2.circle(pixels, (x, y), data.draw(st.integers(4, 25)), 255, -1)
    blur = data.draw(st.sampled_from([0.0, 0.7]))
    pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), blur) if blur else pixels)
    folder = tmp_path_factory.mktemp("drawn")
    inverse = np.asarray(255 - pixels, np.uint8)
    assert of_ground(read_mask(png(folder, pixels))) == []
    assert len(of_ground(read_mask(png(folder, inverse)))) == 1
