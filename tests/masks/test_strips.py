"""Pictures that are looked at some rows at a time: all of them, each once, and as they were."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui.masks.strips import Strips, bands, changed, looked_up
from tests.counts import examples


@given(
    shape=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    around=st.integers(0, 5),
    px=st.integers(1, 4000),
)
@settings(deadline=None, max_examples=examples(200))
def test_each_row_is_had_once_with_as_many_around_it_as_there_are(shape, around, px):
    rows = np.arange(shape[0])
    own = []
    for band in bands(shape, around, px):
        own += rows[band.own].tolist()
        expected = range(max(0, band.top - around), min(shape[0], band.bottom + around))
        assert rows[band.seen].tolist() == list(expected)
        assert rows[band.seen][band.inner].tolist() == rows[band.own].tolist()
    assert own == rows.tolist()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16", "F"])
def test_an_image_by_strips_is_the_image(monkeypatch, mode):
    values = np.random.default_rng(0).integers(0, 256, (37, 11, 4), np.uint8)
    plane = values[..., 0].astype({"I;16": np.uint16, "F": np.float32}.get(mode, np.uint8))
    pixels = {"RGB": values[..., :3], "RGBA": values}.get(mode, plane)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    assert image.mode == mode
    monkeypatch.setattr(bands, "__defaults__", (0, 50))
    of_image = Strips.of_image(image)
    assert np.array_equal(of_image.whole(), pixels)
    assert np.array_equal(of_image.every(5), pixels[::5])
    assert np.array_equal(of_image.some(), pixels[::3])
    marked = of_image.mapped(lambda rows, where: pixels[where] == rows)
    assert marked.whole().all()


def test_who_let_go_of_a_picture_holds_none_of_it():
    strips_of = Strips.of_array(np.zeros((3, 4), np.uint8))
    negative = strips_of.mapped(lambda rows, _where: 255 - rows)
    assert negative.whole().tolist() == [[255] * 4] * 3
    negative.let_go()
    for each in (strips_of, negative):
        with pytest.raises(ValueError, match="let go of"):
            each.rows(0, 1)


def test_what_is_looked_up_and_what_is_changed_is_of_the_type_that_is_asked_for(monkeypatch):
    monkeypatch.setattr(bands, "__defaults__", (0, 5))
    values = np.arange(30, dtype=np.uint8).reshape(10, 3)
    found = looked_up(np.arange(60, 0, -2, dtype=np.int16), values)
    assert (found.dtype, found.tolist()) == (np.int16, (60 - 2 * values.astype(int)).tolist())
    halves = changed(values, lambda rows: rows / 2, np.float32)
    assert (halves.dtype, halves.tolist()) == (np.float32, (values / 2).tolist())
