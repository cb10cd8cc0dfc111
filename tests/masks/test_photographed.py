"""Masks that were photographed or scanned: no black, uneven light, noise, and the lamp's colour."""

import cv2
import numpy as np
import pytest
from PIL import Image

from segui import segments_from_mask
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_EXACT, AS_SOFT, offers_of

torch = pytest.importorskip("torch")
SIZE_HW = (300, 400)
BOXES = [(20, 60, 141, 181), (250, 30, 331, 111)]
TAKEN = ("nothing in it is black: what is up to ", "all around is ")  # an even ground is called so
WARM = (1.0, 0.93, 0.8)


def two_discs() -> np.ndarray:
    pixels = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(pixels, (80, 120), 60, 255, -1)
    cv2.circle(pixels, (290, 70), 40, 255, -1)
    return pixels


def photographed(black, white, vignette=0.3, noise=3.0, blur=1.2, cast=None, seed=0) -> np.ndarray:
    """uint8: black + (white - black) * mask, darker towards the corners, with a sensor's noise."""
    draw = np.random.default_rng(seed)
    height, width = SIZE_HW
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = 1 - vignette * (down**2 + across**2) / 2
    mask = cv2.GaussianBlur(two_discs().astype(np.float64) / 255, (0, 0), blur)
    levels = (black + (white - black) * mask) * light + draw.normal(0, noise, SIZE_HW)
    if cast is not None:
        levels = levels[..., None] * cast + draw.normal(0, 2, (*SIZE_HW, 3))
    return np.clip(levels, 0, 255).astype(np.uint8)


def read(folder, pixels: np.ndarray, name: str, kind="auto") -> MaskFile:
    Image.fromarray(pixels).save(folder / name)
    return read_mask(folder / name, kind=kind)


def boxes(mask: MaskFile) -> list[tuple[int, ...]]:
    assert mask.soft is not None, mask.notes
    return sorted(tuple(one.bbox) for one in segments_from_mask(torch.from_numpy(mask.soft)).items)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
@pytest.mark.parametrize("cast", [None, WARM], ids=["grey", "warm"])
@pytest.mark.parametrize(
    ("black", "white", "vignette"), [(32, 200, 0.2), (44, 220, 0.4), (60, 180, 0.2), (90, 240, 0.1)]
)
def test_what_is_marked_is_found_where_nothing_is_black(
    tmp_path, name, cast, black, white, vignette
):
    mask = read(tmp_path, photographed(black, white, vignette, cast=cast), name)
    found = boxes(mask)
    assert len(found) == len(BOXES), mask.notes
    assert np.abs(np.subtract(found, BOXES)).max() <= 4
    taken = [note for note in mask.notes if note.startswith(TAKEN)]
    assert len(taken) == 1
    assert AS_SOFT in offers_of(taken[0])
    of_cast = [note for note in mask.notes if "one cast over grey" in note]
    assert len(of_cast) == (cast is not None)
    assert all(AS_EXACT in offers_of(note) for note in of_cast)


@pytest.mark.parametrize("cast", [None, WARM], ids=["grey", "warm"])
def test_soft_takes_every_level_as_it_is(tmp_path, cast):
    pixels = photographed(44, 220, cast=cast)
    mask = read(tmp_path, pixels, "a.png", kind="soft")
    expected = pixels if cast is None else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    assert np.array_equal(mask.soft, expected)


def test_the_ground_is_0_and_the_middle_of_what_is_marked_full(tmp_path):
    mask = read(tmp_path, photographed(44, 220, blur=2.0), "a.png")
    inside = cv2.erode(two_discs(), np.ones((15, 15), np.uint8)) > 0
    around = cv2.dilate(two_discs(), np.ones((15, 15), np.uint8)) == 0
    assert (mask.soft[around] == 0).mean() > 0.99
    assert (mask.soft[inside] == 255).mean() > 0.9


def a_gradient() -> np.ndarray:
    return np.broadcast_to(np.linspace(30, 230, SIZE_HW[1]), SIZE_HW).astype(np.uint8)


def one_bright_blur() -> np.ndarray:
    return (40 + 180 * (cv2.GaussianBlur(two_discs(), (0, 0), 20) / 255.0)).astype(np.uint8)


def half_and_half() -> np.ndarray:
    """A ground of 150: as opacity it is more than half."""
    return np.where(two_discs() > 0, 250, photographed(150, 150, 0.1)).astype(np.uint8)


def wide_edges() -> np.ndarray:
    """As dark and as bright as a photograph, but between them it goes by and by."""
    return photographed(44, 220, 0.1, blur=12)


@pytest.mark.parametrize("pixels", [a_gradient, one_bright_blur, half_and_half, wide_edges])
def test_what_goes_from_dark_to_bright_by_and_by_is_a_soft_mask(tmp_path, pixels):
    mask = read(tmp_path, pixels(), "a.png")
    assert np.array_equal(mask.soft, pixels())
    assert not any("photographed" in note for note in mask.notes)


def test_a_soft_mask_on_black_is_none_that_was_photographed(tmp_path):
    pixels = photographed(0, 230, 0, noise=0, blur=3)
    assert np.array_equal(read(tmp_path, pixels, "a.png").soft, pixels)


def test_a_map_of_two_colours_is_no_cast_over_grey(tmp_path):
    """Blue on brown is a map, however its brightness looks."""
    draw = np.random.default_rng(1)
    is_disc = two_discs()[..., None] > 0
    pixels = np.where(is_disc, (90, 190, 255), (70, 30, 5)) + draw.integers(-1, 2, (*SIZE_HW, 3))
    mask = read(tmp_path, np.clip(pixels, 0, 255).astype(np.uint8), "a.png")
    assert mask.labels is not None
    assert not any("cast" in note for note in mask.notes)


def test_a_warm_thing_on_a_cool_ground_is_no_cast_over_grey(tmp_path):
    """Each is hardly coloured, and no one lamp makes both."""
    draw = np.random.default_rng(1)
    is_disc = two_discs()[..., None] > 0
    pixels = np.where(is_disc, (225, 200, 160), (25, 45, 85)) + draw.normal(0, 4, (*SIZE_HW, 3))
    mask = read(tmp_path, pixels.astype(np.uint8), "a.png")
    assert mask.labels is not None
    assert not any("cast" in note for note in mask.notes)
