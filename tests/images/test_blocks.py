"""Means over blocks, against plain loops."""

import numpy as np
import pytest

from segui.images.blocks import BAND_PX, block_means, premultiplied


def plain_means(frame: np.ndarray, block_px: int) -> np.ndarray:
    """The same by NumPy, block after block, in float64."""
    height, width = frame.shape[:2]
    return np.array(
        [
            [
                frame[y : y + block_px, x : x + block_px].mean(axis=(0, 1), dtype=np.float64)
                for x in range(0, width, block_px)
            ]
            for y in range(0, height, block_px)
        ]
    )


@pytest.mark.parametrize("size_hw", [(1, 1), (12, 16), (13, 17), (3, 40), (40, 3)])
@pytest.mark.parametrize("block_px", [1, 2, 4, 5, 50])
def test_each_block_is_the_mean_of_the_pixels_it_has(
    size_hw: tuple[int, int], block_px: int
) -> None:
    frame = np.random.default_rng(0).random((*size_hw, 3), dtype=np.float32)
    means = block_means(frame, block_px, 3)
    assert means.dtype == np.float32
    np.testing.assert_allclose(means, plain_means(frame, block_px), atol=1e-6)


def test_bands_of_rows_do_not_show() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (401, 3 * BAND_PX // 1000, 3), dtype=np.uint8)
    means = block_means(frame, 10, 3)
    np.testing.assert_allclose(means, plain_means(frame, 10) / 255, atol=1e-5)


def test_colours_are_weighted_by_their_opacity() -> None:
    frame = np.array([[[200, 100, 50, 255], [10, 20, 30, 0], [100, 100, 100, 51]]], dtype=np.uint8)
    expected = np.array([[[200, 100, 50, 255], [0, 0, 0, 0], [20, 20, 20, 51]]]) / 255
    np.testing.assert_allclose(premultiplied(frame, 4), expected, atol=1e-6)


def test_a_missing_alpha_is_opaque() -> None:
    frame = np.full((2, 2, 3), 0.5, dtype=np.float32)
    assert premultiplied(frame, 4)[0, 0].tolist() == [0.5, 0.5, 0.5, 1.0]


def test_the_frame_stays_as_it_was() -> None:
    frame = np.random.default_rng(0).random((9, 9, 4), dtype=np.float32)
    before = frame.copy()
    block_means(frame, 2, 4)
    np.testing.assert_array_equal(frame, before)
