"""Pictures that are looked at some rows at a time: all of them, each once, and as they were."""

from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui.images import arrays
from segui.masks.colours.greyish import greyish
from segui.masks.files import read_mask
from segui.masks.greys.edges import is_fading_edge
from segui.masks.greys.ringing import _highest_ridge
from segui.masks.pixels.strips import Strips, bands, changed, looked_up
from tests.counts import examples
from tests.held import most_held
from tests.mask_kinds import disc, faint, framed, lossy_black, premultiplied, save, video


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


def rung(path: Path) -> None:
    """Lanczos swings there and back: faint lobes along the edge, outside and inside."""
    large = cv2.resize(disc(90), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_LANCZOS4)
    save(path, cv2.resize(large, (512, 340), interpolation=cv2.INTER_LANCZOS4))


def noisy_colours(path: Path) -> None:
    colours = np.zeros((340, 512, 3), np.uint8)
    colours[disc(90) > 0], colours[disc(50, 100, 100) > 0] = (200, 40, 20), (30, 60, 240)
    colours = cv2.GaussianBlur(colours, (0, 0), 0.8)
    flipped = np.random.default_rng(0).integers(0, 4, colours.shape, np.uint8)
    save(path, colours ^ (flipped * (np.random.default_rng(1).random((340, 512, 1)) < 0.05)))


def tinted_grey(path: Path) -> None:
    grey = np.dstack([disc(90)] * 3)
    save(path, grey ^ np.random.default_rng(0).integers(0, 2, grey.shape, np.uint8) * (grey > 0))


def odd_pixels(path: Path, together: int = 16) -> None:
    pixels = np.dstack([disc(90), disc(90), disc(30), np.full_like(disc(1), 255)])
    pixels[100 : 100 + together, 70, 3] = 0
    save(path, pixels)


def odd_selection(path: Path) -> None:
    odd_pixels(path, 17)


def numbers(path: Path) -> None:
    values = np.where(disc(90) > 0, 300, 0) + np.where(disc(50, 100, 100) > 0, 70, 0)
    Image.fromarray(values.astype(np.uint16)).save(path)


def floats(path: Path) -> None:
    Image.fromarray(cv2.GaussianBlur(disc(60) / np.float32(300), (0, 0), 9)).save(path, "TIFF")


def shades(path: Path) -> None:
    save(path, np.minimum(disc(90), 4 + np.arange(340)[:, None] % 9))


DRAWN = (
    faint, framed, lossy_black, premultiplied, video, rung, noisy_colours, tinted_grey, odd_pixels,
    odd_selection, numbers, floats, shades,
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("px", [1, 2000, 9000])
def test_a_mask_is_the_same_whatever_strips_it_is_read_by(tmp_path, monkeypatch, draw, px):
    path = tmp_path / ("m.jpg" if draw is lossy_black else "m.png")
    draw(path)
    at_once = [asdict(read_mask(path, kind=kind)) for kind in ("auto", "soft")]
    monkeypatch.setattr(bands, "__defaults__", (0, px))
    monkeypatch.setattr(arrays, "_STRIP_BYTES", px)
    for kind, whole in zip(("auto", "soft"), at_once, strict=True):
        by_strips = asdict(read_mask(path, kind=kind))
        for name in ("soft", "labels"):
            assert np.array_equal(by_strips.pop(name), whole.pop(name)), name
        assert by_strips == whole


@pytest.fixture
def row_by_row(monkeypatch):
    monkeypatch.setattr(bands, "__defaults__", (0, 1))


def test_an_edge_that_fades_from_row_to_row_is_seen_across_bands(row_by_row):
    values = np.arange(11, dtype=np.uint8).repeat(2)[:, None].repeat(40, axis=1)
    assert is_fading_edge(values, np.arange(1, 11))


def test_a_tint_that_covers_ground_is_seen_across_bands(row_by_row):
    colours = np.full((40, 40, 3), 200, np.uint8)
    colours[10:30, 10:30, 0] = 202
    assert greyish(Strips.of_array(colours)) is None


def test_what_has_something_brighter_below_is_no_ridge_across_bands(row_by_row):
    levels = np.zeros((40, 80), np.uint8)
    levels[:17, ::4] = np.arange(3, 20)[:, None]
    levels[17:] = 255
    assert _highest_ridge(levels, 0) == 0
    levels[17:] = 0
    assert _highest_ridge(levels, 0) == 19


# ---- what is held --------------------------------------------------------------------------------
def patches(side):
    down, across = np.ogrid[:side, :side]
    return ((down // 50 + across // 50) % 30).astype(np.uint8)


def of_palette(side, colours):
    image = Image.fromarray(patches(side), "P")
    image.putpalette(colours.tobytes())
    image.info["transparency"] = bytes([0, *range(8, 240, 8)])
    return image


def many_colours():
    return np.random.default_rng(1).permutation(256 * 3).astype(np.uint8).reshape(256, 3)


@pytest.mark.long
@pytest.mark.parametrize(
    ("draw", "kind", "side", "most"),
    [
        # two for each label, its index and its opacity, and tables of all colours
        pytest.param(
            lambda side: of_palette(side, many_colours()), "auto", 4000, 4.6, id="palette"
        ),
        # two for each label, what is selected, its opacity and its index
        pytest.param(
            lambda side: of_palette(side, np.full((256, 3), 255, np.uint8)),
            *("labels", 2000, 5.5),
            id="transparency as labels",
        ),
        # the file's own numbers, and the same in half as many bytes
        pytest.param(
            lambda side: Image.fromarray(patches(side).astype(np.int32) * 10),
            *("auto", 2000, 6.9),
            id="whole numbers of 32 bits",
        ),
        pytest.param(
            lambda side: Image.fromarray(patches(side).astype(np.float32)),
            *("auto", 2000, 6.9),
            id="floats",
        ),
    ],
)
def test_a_mask_takes_a_few_bytes_for_each_of_its_pixels(tmp_path, draw, kind, side, most):
    path = tmp_path / "mask.tif"
    image = draw(side)
    if image.mode == "P":
        path = path.with_suffix(".png")
    image.save(path, **image.info)
    peak = most_held(lambda: read_mask(path, kind=kind))
    assert peak <= most * side * side  # bytes, beside those of the decoded file
