"""Float masks: probabilities, logits, distances, values of -1 to 1."""

import cv2
import numpy as np
import pytest
from PIL import Image

from segui import segments_from_mask
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_SOFT, offers_of

torch = pytest.importorskip("torch")
SIZE_HW = (170, 230)
BOXES = [(20, 30, 81, 91), (130, 50, 201, 121)]


def two_discs() -> np.ndarray:
    pixels = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(pixels, (50, 60), 30, 1, -1)
    cv2.circle(pixels, (165, 85), 35, 1, -1)
    return pixels


def noise(sigma: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, sigma, SIZE_HW)


def distances() -> np.ndarray:
    """Px from the outline, above 0 inside."""
    inside = cv2.distanceTransform(two_discs(), cv2.DIST_L2, 5)
    return inside - cv2.distanceTransform(1 - two_discs(), cv2.DIST_L2, 5)


def read(folder, values, kind="auto") -> MaskFile:
    Image.fromarray(np.asarray(values, np.float32)).save(folder / "a.tif")
    return read_mask(folder / "a.tif", kind=kind)


def boxes(mask: MaskFile) -> list[tuple[int, ...]]:
    assert mask.soft is not None
    opaque = torch.from_numpy(np.where(mask.soft > 127, np.uint8(255), np.uint8(0)))
    return sorted(tuple(one.bbox) for one in segments_from_mask(opaque).items)


@pytest.mark.parametrize("scale", [3, 8, 20])
def test_logits_are_probabilities_by_the_logistic_function(tmp_path, scale):
    logits = (np.where(two_discs(), 1.0, -1.0) * scale + noise(0.1)).astype(np.float32)
    mask = read(tmp_path, logits)
    expected = np.rint(255 / (1 + np.exp(-logits.astype(np.float64))))
    is_cut = (mask.soft == 0) & (two_discs() == 0)
    assert np.abs(mask.soft - expected)[~is_cut].max() <= 1
    assert boxes(mask) == BOXES
    said = f"its values go from {logits.min():.3g} to {logits.max():.3g}, as a network's before "
    (note,) = [note for note in mask.notes if note.startswith(said)]
    assert note == f"{said}they are probabilities: 0 is taken for half"
    assert AS_SOFT in offers_of(note)


def test_distances_from_an_outline_are_half_there(tmp_path):
    mask = read(tmp_path, distances() + 0.01)
    assert boxes(mask) == BOXES
    assert any("0 is taken for half" in note for note in mask.notes)


def test_minus_1_is_nothing_where_most_of_what_is_below_0_is_near_it(tmp_path):
    values = np.where(two_discs(), 1.0, -1.0) * (1 - np.abs(noise(0.01)))
    mask = read(tmp_path, values)
    assert boxes(mask) == BOXES
    assert any(note.endswith(": -1 is taken for nothing") for note in mask.notes)


def test_what_is_below_0_is_nothing_elsewhere_and_that_is_said(tmp_path):
    values = np.where(two_discs(), 0.7, -0.4) + noise(0.01)
    mask = read(tmp_path, values)
    assert boxes(mask) == BOXES
    assert (mask.soft[two_discs() == 0] == 0).all()
    assert any(note.endswith(": what is below 0 is taken for nothing") for note in mask.notes)


@pytest.mark.parametrize("full", [1, 255, 65535])
def test_values_on_a_scale_are_opacity_and_nothing_more_is_said(tmp_path, full):
    soft = cv2.GaussianBlur(two_discs().astype(np.float32), (0, 0), 2)
    mask = read(tmp_path, soft * full * 0.999)
    assert np.array_equal(mask.soft, np.rint(soft * np.float32(0.999) * 255))
    assert mask.notes == ("read as a soft mask",)


def test_a_little_below_0_beside_edges_is_what_scaling_leaves(tmp_path):
    large = cv2.resize(two_discs().astype(np.float32), (920, 680), interpolation=cv2.INTER_CUBIC)
    scaled = cv2.resize(large, SIZE_HW[::-1], interpolation=cv2.INTER_LANCZOS4)
    assert scaled.min() < 0
    mask = read(tmp_path, scaled / scaled.max())
    assert not any("below 0" in note or "half" in note for note in mask.notes)


def test_low_values_of_no_known_scale_are_said(tmp_path):
    soft = cv2.GaussianBlur(two_discs().astype(np.float32), (0, 0), 2) * 4.25
    mask = read(tmp_path, soft)
    said = f"its values end at {soft.max():.3g} and are taken as of 255: 1.7% opacity"
    assert said in mask.notes


def test_soft_takes_logits_as_they_are(tmp_path):
    mask = read(tmp_path, np.where(two_discs(), 4.0, -4.0) + noise(0.1), kind="soft")
    assert mask.soft.max() <= 5
    assert (mask.soft[two_discs() == 0] == 0).all()


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_says_nothing_about_the_others(tmp_path, odd):
    logits = np.where(two_discs(), 4.0, -4.0) + noise(0.1)
    logits[0, 0] = odd
    mask = read(tmp_path, logits)
    assert boxes(mask) == BOXES or odd == np.inf
    assert mask.soft[0, 0] == (255 if odd == np.inf else 0)
