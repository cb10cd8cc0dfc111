"""Masks as paint programs save them: opacity with colours beneath, and palettes with opacity."""

import cv2
import numpy as np
import pytest
from PIL import Image

from segui import segments_from_mask
from segui.masks.colours.paint import is_one_paint
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_EXACT, INVERT, offers_of
from segui.masks.pixels.strips import Strips

torch = pytest.importorskip("torch")
SIZE_HW = (170, 230)
BOXES = [(20, 30, 81, 91), (130, 50, 201, 121)]
RED = np.array([220, 30, 40])


def two_discs() -> np.ndarray:
    pixels = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(pixels, (50, 60), 30, 255, -1)
    cv2.circle(pixels, (165, 85), 35, 255, -1)
    return pixels


def faded(radius: float) -> np.ndarray:
    return cv2.GaussianBlur(two_discs(), (0, 0), radius)


def boxes(mask: MaskFile) -> list[tuple[int, ...]]:
    assert mask.soft is not None, mask.notes
    sharp = torch.from_numpy(np.where(mask.soft > 127, np.uint8(255), np.uint8(0)))
    return [tuple(one.bbox) for one in segments_from_mask(sharp).items]


def levels(values) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _divided(paint: np.ndarray, share: np.ndarray) -> np.ndarray:
    return np.rint(paint * share) / np.maximum(share, 1 / 255)


BENEATH = {
    "as it is": lambda paint, share: paint + 0 * share,
    "multiplied": lambda paint, share: paint * share,
    "on white": lambda paint, share: paint * share + 255 * (1 - share),
    "divided again": _divided,
}


@pytest.mark.parametrize("strength", [1, 0.6])
@pytest.mark.parametrize("radius", [0.7, 4])
@pytest.mark.parametrize("paint", [RED, np.array([0, 0, 0]), np.array([255, 255, 255])], ids=str)
@pytest.mark.parametrize("kind", BENEATH)
def test_one_paint_is_read_by_its_opacity_whatever_is_beneath(
    tmp_path, kind, paint, radius, strength
):
    alpha = levels(faded(radius) * strength)
    share = alpha[..., None] / 255
    Image.fromarray(np.dstack([levels(BENEATH[kind](paint, share)), alpha])).save(
        tmp_path / "a.png"
    )
    mask = read_mask(tmp_path / "a.png")
    assert mask.notes == ("read from transparency: opaque is selected",)
    assert np.array_equal(mask.soft, alpha)


def test_two_paints_that_fade_stay_two_labels(tmp_path):
    alpha = faded(1)
    colours = np.where(np.arange(SIZE_HW[1])[None, :, None] < 110, RED, RED[::-1])
    Image.fromarray(np.dstack([levels(colours * (alpha[..., None] / 255)), alpha])).save(
        tmp_path / "a.png"
    )
    assert set(read_mask(tmp_path / "a.png").names.values()) == {"dc1e28", "281edc"}


def test_what_is_seen_in_two_greys_is_no_paint():
    alpha = np.where(two_discs() > 0, np.uint8(255), np.uint8(0))
    alpha[:, 115:] //= 2
    grey = np.where(np.arange(SIZE_HW[1]) < 115, np.uint8(255), np.uint8(40))
    assert not is_one_paint(Strips.of_array(np.broadcast_to(grey, SIZE_HW)), alpha)


def palette_file(path, indices, colours, **how) -> None:
    image = Image.fromarray(indices.astype(np.uint8), "P")
    image.putpalette(np.ravel(colours).tolist())
    image.save(path, **how)


@pytest.mark.parametrize("ending", ["png", "gif", "tif"])
def test_a_palette_of_black_and_white_is_one_mask(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    palette_file(path, two_discs() > 0, [[0, 0, 0], [255, 255, 255]])
    mask = read_mask(path)
    said = "its palette is black and white: it is one mask, and no labels"
    assert (boxes(mask), mask.notes) == (BOXES, ("read as a soft mask", said))
    assert offers_of(mask.notes[1]) == (AS_EXACT,)
    assert read_mask(path, kind="exact").names == {1: "1"}
    assert read_mask(path, kind="labels").names == {1: "1"}


def test_a_palette_of_one_colour_that_fades_is_read_by_its_opacity(tmp_path):
    alpha = faded(2)
    indices = np.rint(alpha / 17)
    path = tmp_path / "a.png"
    palette_file(path, indices, [RED] * 16, transparency=bytes(range(0, 256, 17)))
    mask = read_mask(path)
    said = "its palette has transparency: its opacity and colours count, not its numbers"
    assert mask.notes == ("read from transparency: opaque is selected", said)
    assert offers_of(mask.notes[0]) == (INVERT,)
    assert np.array_equal(mask.soft, indices.astype(np.uint8) * 17)
    assert len(read_mask(path, kind="exact").names) == 15


def test_two_colours_whose_edges_fade_in_a_palette_are_two_labels(tmp_path):
    """As a program writes it that chooses the colours with their opacity."""
    indices = np.rint(faded(1) / 255 * 7)
    indices[:, 115:] += np.where(indices[:, 115:] > 0, 7, 0)
    colours = [[0, 0, 0], *[RED] * 7, *[RED[::-1]] * 7]
    shades = [0, *range(36, 256, 36), *range(36, 256, 36)]
    path = tmp_path / "a.png"
    palette_file(path, indices, colours, transparency=bytes(shades))
    assert set(read_mask(path).names.values()) == {"dc1e28", "281edc"}


@pytest.mark.parametrize("width", [1, 2])
def test_thin_lines_of_a_palette_stay_labels_beside_a_few_that_cover_ground(tmp_path, width):
    indices = np.zeros((120, 160), np.uint8)
    indices[70:, :60], indices[70:, 100:] = 1, 2
    for number in range(3, 15):
        indices[4 * number : 4 * number + width, 5 * number :] = number
    path = tmp_path / "a.png"
    palette_file(path, indices, np.random.default_rng(0).integers(0, 256, (15, 3)))
    mask = read_mask(path)
    assert np.array_equal(mask.labels, indices)
    assert mask.names == {number: str(number) for number in range(1, 15)}


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255)])
def test_plain_paint_on_nothing_in_a_palette_is_one_mask(tmp_path, colour):
    path = tmp_path / "a.png"
    palette_file(path, two_discs() > 0, [colour, colour], transparency=0)
    assert boxes(read_mask(path)) == BOXES


def test_a_colour_on_nothing_in_a_palette_stays_a_label(tmp_path):
    path = tmp_path / "a.png"
    palette_file(path, two_discs() > 0, [[0, 0, 0], RED], transparency=0)
    assert read_mask(path).names == {1: "1"}
