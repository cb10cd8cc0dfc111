"""Colours as numbers, and as few of them as two bytes tell apart."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui.masks.files import read_mask
from segui.masks.pixels import colour_codes
from segui.masks.pixels.blends import without_blends
from segui.masks.pixels.colour_codes import channels_of, codes_of, colours_of, few_enough, numbered
from segui.masks.pixels.strips import Strips
from tests.counts import examples


def picture(seed, colours, side=60):
    """Noise of so many colours, the first ones the most frequent."""
    chance = np.random.default_rng(seed)
    codes = chance.choice(1 << 24, colours, replace=False).astype(np.uint32)
    ranks = np.minimum(chance.geometric(min(1, 4 / colours), (side, side)), colours) - 1
    return channels_of(codes[ranks].reshape(-1)).reshape(side, side, 3)


@pytest.mark.long
@given(seed=st.integers(0, 10**6), colours=st.integers(2, 400), most=st.integers(16, 500))
@settings(deadline=None, max_examples=examples(60))
def test_the_most_frequent_colours_stay_and_the_others_are_rounded(seed, colours, most):
    pixels = picture(seed, colours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(colour_codes, "MOST_IN_TWO_BYTES", most)
        patch.setattr(colour_codes, "_ROUNDED_BITS", range(1, 8))
        present = colours_of(Strips.of_array(pixels))
        fewer = few_enough(Strips.of_array(pixels), present)
    shown, codes = fewer.colours.whole(), codes_of(pixels)
    if present.size <= most:
        assert np.array_equal(shown, pixels)
        assert not fewer.are_rounded.any()
        return
    assert fewer.present.size <= most
    assert np.array_equal(fewer.present, colours_of(Strips.of_array(shown)))
    counts = {code: np.count_nonzero(codes == code) for code in present.tolist()}
    fewest_kept = sorted(counts.values(), reverse=True)[most // 2 - 1]
    changed = np.unique(codes[(shown != pixels).any(axis=2)]).tolist()
    assert all(counts[code] <= fewest_kept for code in changed)
    kept = fewer.present[~fewer.are_rounded].tolist()
    assert len(kept) == most // 2
    assert not set(kept) & set(changed)


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_a_rounded_colour_is_off_by_half_of_the_steps_that_are_left(bits):
    pixels = picture(3, 300)
    rounded = colour_codes._rounded(Strips.of_array(pixels), np.zeros(1 << 24, bool), bits).whole()
    assert np.abs(rounded.astype(int) - pixels).max() == 1 << (bits - 1)
    assert len(np.unique(rounded)) <= 256 >> bits


def test_a_picture_of_more_colours_is_numbered_in_two_bytes():
    codes = np.arange(1, 70_001, dtype=np.uint32) * 239 % (1 << 24)
    pixels = channels_of(codes).reshape(100, 700, 3)
    present = colours_of(Strips.of_array(pixels))
    assert present.size == 70_000
    fewer = few_enough(Strips.of_array(pixels), present)
    assert fewer.present.size <= 65_535
    index = numbered(fewer.colours, fewer.present, np.uint16)
    assert np.array_equal(np.unique(index), np.arange(1, fewer.present.size + 1))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("blur", [0.8, 1.5])
def test_a_map_of_more_blends_than_two_bytes_tell_apart_is_read_as_ever(
    tmp_path, monkeypatch, seed, blur
):
    chance = np.random.default_rng(seed)
    drawn = np.zeros((500, 500, 3), np.uint8)
    for _ in range(12):
        place, radius = chance.integers(0, 500, 2).tolist(), int(chance.integers(40, 90))
        cv2.circle(drawn, place, radius, chance.integers(0, 256, 3).tolist(), -1)
    path = tmp_path / "map.png"
    Image.fromarray(cv2.GaussianBlur(drawn, (0, 0), blur)).save(path)
    whole = read_mask(path)
    count = colours_of(Strips.of_array(np.array(Image.open(path)))).size
    monkeypatch.setattr(colour_codes, "MOST_IN_TWO_BYTES", 2 * count // 3)
    fewer = read_mask(path)
    assert len(whole.names) >= 5
    assert set(fewer.names.values()) == set(whole.names.values())
    assert np.count_nonzero(fewer.labels != whole.labels) <= 0.001 * whole.labels.size


@pytest.mark.parametrize("is_known", [False, True])
def test_a_band_of_a_rounded_blend_is_no_label_though_it_is_wide(is_known):
    colours = np.array([[0, 0, 0], [128, 0, 0], [255, 0, 0]], np.uint8)
    index = np.zeros((40, 60), np.uint8)
    index[:, 28:32], index[:, 32:] = 1, 2
    cleaned = without_blends(index, colours, np.array([False, is_known, False]))
    assert cleaned.blended == is_known * 4 * 40
    assert np.unique(cleaned.index).tolist() == ([0, 2] if is_known else [0, 1, 2])
