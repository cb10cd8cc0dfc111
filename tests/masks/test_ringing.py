"""Masks that were shrunk and enlarged by a filter that swings, and soft ones that were not."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.masks.files import read_mask
from segui.masks.greys.ringing import lobes_of
from segui.masks.notes import AS_SOFT, offers_of

SIZE_WH = (600, 400)
LANCZOS = Image.Resampling.LANCZOS


def drawn(kind: str) -> np.ndarray:
    plane = np.zeros(SIZE_WH[::-1], np.uint8)
    if kind == "disc and square":
        cv2.circle(plane, (200, 200), 100, 255, -1)
        cv2.rectangle(plane, (400, 100), (560, 300), 255, -1)
    elif kind == "ellipse":
        cv2.ellipse(plane, (300, 200), (200, 80), 30, 0, 360, 255, -1)
    else:
        cv2.fillPoly(plane, [np.array([[40, 360], [300, 30], [540, 330]])], 255)
    return plane


def boxes(levels: np.ndarray) -> list[tuple[int, ...]]:
    stats = cv2.connectedComponentsWithStats((levels > 0).astype(np.uint8), connectivity=8)[2][1:]
    return sorted(tuple(each[:4].tolist()) for each in stats)


@pytest.mark.parametrize("share", [0.1, 0.15, 0.2, 0.25])
@pytest.mark.parametrize("kind", ["disc and square", "ellipse", "triangle"])
def test_the_lobes_beside_an_enlarged_edge_are_cut_and_that_is_said(tmp_path, kind, share):
    small_wh = round(SIZE_WH[0] * share), round(SIZE_WH[1] * share)
    image = Image.fromarray(drawn(kind)).resize(small_wh, LANCZOS).resize(SIZE_WH, LANCZOS)
    image.save(tmp_path / "mask.png")
    mask = read_mask(tmp_path / "mask.png")
    half = np.where(np.array(image) > 127, 255, 0)
    found, expected = boxes(mask.soft), boxes(half)
    assert len(found) == len(expected)
    # the edge itself is as wide as two pixels of the small one
    assert np.abs(np.subtract(found, expected)).max() <= 4 / share / 2 + 2
    assert mask.notes[1].startswith("what is faint, up to ")


def soft(kind: str) -> np.ndarray:
    plane, other = drawn("disc and square").astype(np.float32), drawn("ellipse")
    return {
        "blurred": lambda: cv2.GaussianBlur(plane, (0, 0), 9),
        "blurred little": lambda: cv2.GaussianBlur(plane, (0, 0), 1.5),
        "enlarged without swings": lambda: cv2.resize(plane[::8, ::8], SIZE_WH),
        "a faint brush beside it": lambda: np.maximum(cv2.blur(plane, (9, 9)), other * 0.06),
        "faint inside too": lambda: np.where(
            other > 0, np.minimum(cv2.blur(plane, (9, 9)) + 15, 243), cv2.blur(plane, (9, 9))
        ),
    }[kind]()


@pytest.mark.parametrize(
    "kind",
    [
        "blurred",
        "blurred little",
        "enlarged without swings",
        "a faint brush beside it",
        "faint inside too",
    ],
)
def test_a_soft_edge_that_does_not_swing_has_no_lobes(kind):
    assert lobes_of(np.rint(soft(kind)).astype(np.uint8)) == 0


def test_no_region_is_left_that_is_larger_than_what_is_left_out(tmp_path: Path):
    image = Image.fromarray(drawn("disc and square"))
    small = image.resize((150, 100), Image.Resampling.BICUBIC)
    small.resize(SIZE_WH, Image.Resampling.BICUBIC).save(tmp_path / "mask.png")
    found = boxes(read_mask(tmp_path / "mask.png").soft)
    assert len([box for box in found if min(box[2:]) > 10]) == 2


@pytest.mark.long
def test_the_lobes_of_a_large_mask_are_cut_too(tmp_path: Path):
    plane = cv2.circle(np.zeros((1500, 2000), np.uint8), (1000, 750), 300, 255, -1)
    image = Image.fromarray(plane).resize((300, 225), LANCZOS).resize((2000, 1500), LANCZOS)
    image.save(tmp_path / "mask.png")
    mask = read_mask(tmp_path / "mask.png")
    assert boxes(mask.soft) == [pytest.approx((700, 450, 601, 601), abs=16)]
    assert mask.notes[1].startswith("what is faint, up to ")


def saved_once(levels: np.ndarray, quality: int) -> np.ndarray:
    data = io.BytesIO()
    Image.fromarray(levels).save(data, "JPEG", quality=quality)
    with Image.open(data) as image:
        return np.asarray(image)


def discs() -> np.ndarray:
    mask = np.zeros((240, 320), np.uint8)
    for x, y, reach in ((80, 90, 50), (220, 130, 70), (120, 200, 22)):
        cv2.circle(mask, (x, y), reach, 255, -1)
    return mask


@pytest.mark.parametrize("quality", [75, 80, 85])
def test_a_floor_under_a_mask_that_was_a_jpeg_once_is_cut_with_its_ringing(tmp_path, quality):
    noise = np.random.default_rng(quality).integers(0, 4, (240, 320), np.uint8)
    Image.fromarray(saved_once(np.maximum(discs(), noise), quality)).save(tmp_path / "mask.png")
    soft = read_mask(tmp_path / "mask.png").soft
    assert soft is not None
    expected, found = cv2.boundingRect(discs()), cv2.boundingRect(soft)
    assert np.abs(np.subtract(found, expected)).max() <= 2


@pytest.mark.parametrize("name", ["mask.jpg", "mask.png"])
@pytest.mark.parametrize("quality", [75, 85, 95])
@pytest.mark.parametrize("ground", [30, 44, 60])
def test_ringing_on_a_dark_ground_is_no_part_of_the_mask(tmp_path, ground, quality, name):
    shown = (ground + discs() / 255 * (255 - ground)).astype(np.uint8)
    if name == "mask.png":
        Image.fromarray(saved_once(shown, quality)).save(tmp_path / name)
    else:
        Image.fromarray(shown).save(tmp_path / name, quality=quality)
    mask = read_mask(tmp_path / name)
    assert mask.soft is not None
    expected, found = cv2.boundingRect(discs()), cv2.boundingRect(mask.soft)
    assert np.abs(np.subtract(found, expected)).max() <= 2
    said = next(note for note in mask.notes if note.startswith("all around is "))
    assert offers_of(said) == (AS_SOFT,)
