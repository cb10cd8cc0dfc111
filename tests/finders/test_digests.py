"""Pixels are known again by a digest, and no other ones are taken for them."""

import itertools
import os

import numpy as np
import pytest

from segui.finders.models import digests
from segui.finders.models.digests import digest_of


def noise(shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("shape", [(3, 5), (40, 30, 3), (1200, 900, 3), (0, 4)])
def test_the_same_pixels_have_one_digest_wherever_they_lie(shape, monkeypatch):
    pixels = noise(shape)
    apart = np.zeros((*shape[:-1], 2 * shape[-1]), np.uint8)[..., ::2]
    apart[...] = pixels
    assert digest_of(pixels) == digest_of(pixels.copy()) == digest_of(apart)
    before = digest_of(pixels)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert digest_of(pixels) == before


@pytest.mark.parametrize("shape", [(40, 30, 3), (1200, 900, 3)])
def test_one_level_anywhere_makes_another_digest(shape):
    pixels, seen = noise(shape), set()
    for place in range(0, pixels.size, pixels.size // 11):
        other = pixels.copy()
        other.flat[place] ^= 1
        seen.add(digest_of(other))
    assert len(seen | {digest_of(pixels)}) == 13


def test_pixels_of_another_shape_have_another_digest():
    shapes = [(6, 4, 3), (4, 6, 3), (12, 2, 3), (8, 9), (9, 8), (72, 1)]
    made = [digest_of(np.zeros(shape, np.uint8)) for shape in shapes]
    assert len(set(made)) == len(shapes)


def test_pieces_that_change_places_make_another_digest(monkeypatch):
    monkeypatch.setattr(digests, "_ALONE", 0)
    pieces = [noise((10, 8)) + number for number in range(4)]
    made = {digest_of(np.concatenate(order)) for order in itertools.permutations(pieces)}
    assert len(made) == 24
