"""Grey masks of little opacity, with video's range, inverted, or with a frame drawn around."""

import cv2
import numpy as np
import pytest
from PIL import Image

from segui import segments_from_mask
from segui.masks.files import MaskFile, read_mask
from segui.masks.greys.floor import dark_ground_of
from segui.masks.notes import AS_EXACT, AS_LABELS, AS_SOFT, offers_of

torch = pytest.importorskip("torch")
SIZE_HW = (170, 230)
BOXES = [(20, 30, 81, 91), (130, 50, 201, 121)]


def two_discs(scale: int = 1) -> np.ndarray:
    pixels = np.zeros((SIZE_HW[0] * scale, SIZE_HW[1] * scale), np.uint8)
    cv2.circle(pixels, (50 * scale, 60 * scale), 30 * scale, 255, -1)
    cv2.circle(pixels, (165 * scale, 85 * scale), 35 * scale, 255, -1)
    return pixels


def antialiased() -> np.ndarray:
    return cv2.resize(two_discs(4), SIZE_HW[::-1], interpolation=cv2.INTER_AREA)


def levels(values) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def read(folder, pixels, name="a.png", invert=False, **how) -> MaskFile:
    Image.fromarray(pixels).save(folder / name, **how)
    return read_mask(folder / name, invert=invert)


def boxes(mask: MaskFile) -> list[tuple[int, ...]]:
    assert mask.soft is not None, mask.notes
    return [tuple(one.bbox) for one in segments_from_mask(torch.from_numpy(mask.soft)).items]


def assert_near(mask: MaskFile, within_px: int = 2) -> None:
    found = boxes(mask)
    assert len(found) == len(BOXES)
    assert np.abs(np.subtract(found, BOXES)).max() <= within_px


@pytest.mark.parametrize("percent", [3, 5, 9, 12])
@pytest.mark.parametrize("radius", [0, 2, 5, 14])
def test_a_brush_of_little_opacity_is_soft_though_its_values_count_up(tmp_path, percent, radius):
    soft = cv2.GaussianBlur(two_discs(), (0, 0), radius) if radius else antialiased()
    values = levels(soft * (percent / 100))
    mask = read(tmp_path, values)
    said = f"its values end at {values.max()}: ask for labels if they are numbers of objects"
    assert mask.notes == ("read as a soft mask", said)
    assert offers_of(mask.notes[1]) == (AS_LABELS,)
    assert np.array_equal(mask.soft, values)


def test_numbered_things_stay_labels_however_small_or_close_they_are(tmp_path):
    random = np.random.default_rng(3)
    crumbs = np.zeros(SIZE_HW, np.uint8)
    for number in range(1, 13):
        row, column = 12 * number, random.integers(4, 190)
        crumbs[row : row + 2, column : column + 1 + 30 * (number == 12)] = number
    assert len(read(tmp_path, crumbs).names) == 12
    rows = np.arange(SIZE_HW[0])[:, None] // 30
    tiles = (rows * 5 + np.arange(SIZE_HW[1])[None] // 48 + 1).astype(np.uint8)
    assert len(read(tmp_path, tiles).names) == 30


@pytest.mark.parametrize("quality", [40, 60, 80])
def test_what_jpeg_makes_of_black_under_colours_is_nothing(tmp_path, quality):
    colours = np.zeros((*SIZE_HW, 3), np.uint8)
    colours[two_discs() > 0] = (40, 200, 60)
    colours[:, 115:][two_discs()[:, 115:] > 0] = (230, 40, 40)
    noisy = np.maximum(colours, 1)  # as an encoder rounds
    mask = read(tmp_path, noisy, "a.jpg", quality=quality)
    assert len(mask.names) == 2
    said = next(
        note for note in mask.notes if note.endswith("is what became of black, and nothing")
    )
    assert offers_of(said) == (AS_EXACT,)
    assert not mask.labels[0, 0]


def test_a_dark_label_of_a_lossless_map_stays_one(tmp_path):
    colours = np.full((*SIZE_HW, 3), (2, 2, 1), np.uint8)
    colours[two_discs() > 0] = (40, 200, 60)
    assert set(read(tmp_path, colours).names.values()) == {"020201", "28c83c"}


@pytest.mark.parametrize("ending", ["png", "jpg"])
@pytest.mark.parametrize("noise", [0, 2])
def test_a_mask_with_videos_black_and_white_is_full(tmp_path, ending, noise):
    random = np.random.default_rng(5)
    values = 16 + antialiased() * (219 / 255) + random.integers(-noise, noise + 1, SIZE_HW)
    mask = read(tmp_path, levels(values), f"a.{ending}")
    said = "its black is 16 and its white 235, as in video: both were made full"
    assert mask.notes[:2] == ("read as a soft mask", said)
    assert offers_of(mask.notes[1]) == (AS_SOFT,)
    assert_near(mask)
    assert np.median(mask.soft[50:70, 40:60]) >= 253


def test_ringing_on_videos_black_is_cut_where_it_was_saved_without_loss(tmp_path):
    Image.fromarray(levels(16 + antialiased() * (219 / 255))).save(tmp_path / "a.jpg", quality=55)
    mask = read(tmp_path, np.array(Image.open(tmp_path / "a.jpg")))
    assert_near(mask)


def test_a_mask_that_ends_at_videos_white_alone_is_as_it_is(tmp_path):
    values = levels(antialiased() * (235 / 255))
    assert np.array_equal(read(tmp_path, values).soft, values)


@pytest.mark.parametrize("quality", [35, 60, 85])
def test_ringing_in_the_white_of_an_inverted_mask_is_cut(tmp_path, quality):
    assert_near(read(tmp_path, 255 - two_discs(), "a.jpg", invert=True, quality=quality))


@pytest.mark.parametrize("level", [255, 120])
@pytest.mark.parametrize("thick", [1, 2, 4])
def test_a_frame_drawn_around_a_mask_is_cut_and_that_is_said(tmp_path, thick, level):
    framed = np.full(SIZE_HW, level, np.uint8)
    framed[thick:-thick, thick:-thick] = antialiased()[thick:-thick, thick:-thick]
    mask = read(tmp_path, framed)
    assert_near(mask)
    said = f"a line of {thick} px along its four borders is a frame and was cut"
    assert mask.notes == ("read as a soft mask", said)
    assert offers_of(mask.notes[1]) == (AS_SOFT,)
    assert np.array_equal(read_mask(tmp_path / "a.png", kind="soft").soft, framed)


def test_a_frame_in_a_lossy_file_is_cut(tmp_path):
    framed = two_discs()
    framed[:3], framed[-3:], framed[:, :3], framed[:, -3:] = 255, 255, 255, 255
    assert_near(read(tmp_path, framed, "a.jpg", quality=70))


def test_what_reaches_a_frame_reaches_the_border(tmp_path):
    framed = two_discs()
    framed[100:, 40:60] = 255
    bare = framed.copy()
    framed[:3], framed[-3:], framed[:, :3], framed[:, -3:] = 255, 255, 255, 255
    assert np.array_equal(read(tmp_path, framed).soft, bare)


@pytest.mark.parametrize("kind", ["a border alone", "three sides", "a ground"])
def test_what_is_no_frame_stays(tmp_path, kind):
    values = np.zeros(SIZE_HW, np.uint8) if kind == "a border alone" else two_discs()
    if kind == "a ground":
        values = 255 - values
    else:
        values[:3], values[:, :3], values[:, -3:] = 255, 255, 255
        values[-3:] = values[-3:] if kind == "three sides" else 255
    mask = read(tmp_path, values)
    assert np.array_equal(mask.soft, values)


# ---- a dark ground, as viewers show nothing ----------------------------------------------------
SHARP = cv2.circle(np.zeros((200, 300), np.uint8), (90, 90), 50, 255, -1)
SHOWN = cv2.GaussianBlur(SHARP, (0, 0), 1)


def on_ground(level: int) -> np.ndarray:
    return np.rint(level + SHOWN / 255 * (255 - level)).astype(np.uint8)


@pytest.mark.parametrize("level", [25, 30, 32, 43, 51, 64])
def test_a_flat_dark_ground_is_nothing_and_white_stays_white(tmp_path, level):
    Image.fromarray(on_ground(level)).save(tmp_path / "shot.png")
    mask = read_mask(tmp_path / "shot.png")
    assert mask.soft is not None
    assert np.abs(mask.soft.astype(int) - SHOWN).max() <= 1
    assert mask.notes[1] == f"all around is {level} of 255, which is taken for nothing"
    assert offers_of(mask.notes[1]) == (AS_SOFT,)
    asked = read_mask(tmp_path / "shot.png", kind="soft")
    assert np.array_equal(asked.soft, on_ground(level))


def test_so_is_one_that_was_saved_with_losses(tmp_path):
    Image.fromarray(on_ground(43)).save(tmp_path / "shot.jpg", quality=90)
    soft = read_mask(tmp_path / "shot.jpg").soft
    assert soft is not None
    assert soft[160:].max() <= 12
    assert np.abs(soft.astype(int) - SHOWN)[SHOWN > 128].max() < 30


def marked(level: int) -> np.ndarray:
    """A soft mask with a faint patch that does not go all around."""
    mask = SHOWN.copy()
    mask[150:, :] = level
    return mask


KEPT = {
    "brighter than a dark grey": on_ground(65),
    "with a rim of black": np.pad(on_ground(40), 3),
    "with something darker": np.where(np.arange(300) == 200, 10, on_ground(40)).astype(np.uint8),
    "with nothing bright in it": np.minimum(on_ground(40), 150),
    "that is a faint patch": marked(40),
    "that is smaller than what is marked": np.where(np.pad(np.ones((180, 280)), 10), 255, 40),
}


@pytest.mark.parametrize("kind", KEPT)
def test_a_soft_mask_keeps_a_ground(tmp_path, kind):
    levels = KEPT[kind].astype(np.uint8)
    assert dark_ground_of(levels) == 0
