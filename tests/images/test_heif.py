"""HEIC and HEIF where pi-heif is installed, and what is said where it is not.

The files in ``heic/`` were written by pillow-heif: four quarters of one colour each.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from segui.errors import InputError
from segui.images import decoding
from segui.images.apart.decoder import SeparateDecoder
from segui.images.decoding import FIRST_OF_SEVERAL
from segui.images.heif import know_heif
from segui.images.limits import ReadLimits
from segui.images.pictures import read_picture

FILES = Path(__file__).parent / "heic"
QUARTERS = np.array([[(200, 30, 30), (30, 160, 60)], [(40, 60, 200), (230, 230, 230)]])
LEVELS = 3  # of 255, by which the format changes a flat colour

needs_heif = pytest.mark.skipif(not know_heif(), reason="pi-heif is not installed")
apart = pytest.param(
    True, marks=pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone")
)


@pytest.fixture(params=[False, apart], ids=["here", "apart"])
def limits(request: pytest.FixtureRequest) -> Iterator[ReadLimits]:
    decoder = SeparateDecoder() if request.param else None
    yield ReadLimits(decoder=decoder)
    if decoder is not None:
        decoder.end()


def refused(path: Path, limits: ReadLimits | None = None, most: float = 50) -> str:
    with pytest.raises(InputError) as caught:
        read_picture(path, max_megapixels=most, limits=limits or ReadLimits())
    return str(caught.value)


def test_heic_is_refused_by_its_name_where_it_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "know_heif", lambda: False)
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(16))
    assert refused(path) == (
        "a.jpg is HEIC or HEIF, which is read only where pi-heif is installed: save it as JPEG"
    )


@pytest.mark.parametrize("head", [b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"])
def test_jpeg_xl_is_refused_by_its_name(tmp_path, head):
    path = tmp_path / "a.jxl"
    path.write_bytes(head + bytes(40))
    assert refused(path) == "a.jxl is JPEG XL, which is not read: save it as PNG"


@needs_heif
@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("quarters", ()),
        ("turned", ()),
        ("two", (FIRST_OF_SEVERAL,)),
        ("ten_bits", ("this 10-bit picture is read as 8-bit",)),
    ],
)
def test_heic_is_read_upright_and_the_first_of_its_pictures(limits, name, notes):
    picture = read_picture(FILES / f"{name}.heic", limits=limits)
    assert picture.size_hw == (96, 128)
    middles = picture.pixels[24::48, 32::64].astype(int)
    assert np.abs(middles - QUARTERS).max() <= LEVELS
    assert picture.notes == notes


@needs_heif
def test_heic_over_the_limit_is_refused_before_it_is_decoded(limits):
    said = refused(FILES / "quarters.heic", limits, most=0.01)
    assert said == "quarters.heic is 128 x 96, 0.0123 megapixels: at most 0.01 are read"


@needs_heif
@pytest.mark.parametrize("left", [24, 100, 400, 690])
def test_heic_that_is_cut_off_is_refused(tmp_path, limits, left):
    path = tmp_path / "a.heic"
    path.write_bytes((FILES / "quarters.heic").read_bytes()[:left])
    assert refused(path, limits).startswith("a.heic is damaged or incomplete")
