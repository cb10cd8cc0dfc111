"""Colour profiles are read, and colours converted, in the processes that decode alone."""

import base64
import json
import sys

import numpy as np
import pytest
from PIL import Image, ImageCms

from segui.errors import InputError
from segui.images.apart import decoder as decoder_module
from segui.images.apart.decoder import SeparateDecoder
from segui.images.limits import ReadLimits
from segui.images.opening import InProcess
from segui.images.pictures import Picture, match_profile, read_picture
from segui.images.profiles import ProfileError
from tests.images.test_apart import HOSTILE, TRUE, told
from tests.images.test_pictures import COLOURS, grey_profile, srgb_profile, swapped_profile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone")

BROKE = "the colour profile could not be read safely: its decoder broke"
TWO = TRUE | {"notes": ["one", "other"]}


@pytest.fixture(scope="module")
def decoder():
    decoder = SeparateDecoder(command=HOSTILE, seconds=1, most=1)
    yield decoder
    decoder.end()


@pytest.fixture
def nothing_here(monkeypatch):
    """No profile can be read in this process."""

    def refuse(*_):
        raise AssertionError("a profile is read in the server's own process")

    swapped_profile()  # is made once
    for name in ("ImageCmsProfile", "buildTransform", "getProfileDescription"):
        monkeypatch.setattr(ImageCms, name, refuse)


def picture(size_wh=(2, 2), mode="RGB") -> Image.Image:
    return Image.new(mode, size_wh, "teal" if mode == "RGB" else 90)


def test_photos_with_profiles_are_read_without_reading_a_profile_here(
    tmp_path, decoder, nothing_here
):
    limits = ReadLimits(decoder=decoder)
    Image.fromarray(COLOURS).save(tmp_path / "rgb.png", icc_profile=swapped_profile())
    Image.new("L", (5, 4), 128).save(tmp_path / "grey.png", icc_profile=grey_profile())
    read = read_picture(tmp_path / "rgb.png", limits=limits)
    assert read.icc_profile == swapped_profile()
    assert read_picture(tmp_path / "grey.png", limits=limits).notes == (
        "its grey colours were converted to sRGB",
    )
    matched = match_profile(read, Picture(COLOURS), limits)
    assert (matched.icc_profile, matched.notes[-1]) == (
        None,
        "its colours were converted: both profiles are called sRGB, but they differ",
    )


@pytest.mark.parametrize("always", [True, False])
@pytest.mark.parametrize(
    ("source", "target"), [("swapped", None), (None, "swapped"), ("srgb", None), (None, None)]
)
def test_colours_are_converted_there_as_they_are_here(decoder, source, target, always):
    profiles = {"swapped": swapped_profile(), "srgb": srgb_profile(), None: None}
    noise = np.random.default_rng(7).integers(0, 256, (43, 61, 3), np.uint8)
    image, how = Image.fromarray(noise), (profiles[source], profiles[target])
    there = decoder.convert(image, *how, always=always)
    here = InProcess().convert(image, *how, always=always)
    assert there[1:] == here[1:]
    assert (there.image is None) == (here.image is None)
    if here.image is not None:
        assert np.array_equal(np.asarray(there.image), np.asarray(here.image))


def test_a_profile_by_which_nothing_can_be_converted_is_one_there_too(decoder):
    with pytest.raises(ProfileError, match=r"^a colour profile cannot be read$"):
        decoder.convert(picture(), b"none", None, always=True)


@pytest.mark.long
@pytest.mark.parametrize(
    ("profile", "why"),
    [(b"crash ", "its decoder broke"), (b"spin ", "it took longer than 1 s")],
)
def test_a_profile_that_breaks_its_process_is_refused_and_the_next_one_is_read(
    decoder, profile, why
):
    for ask in (decoder.examine, lambda data: decoder.convert(picture(), data, None, always=True)):
        with pytest.raises(InputError) as caught:
            ask(profile)
        assert str(caught.value) == f"the colour profile could not be read safely: {why}"
    assert decoder.examine(srgb_profile()) == "usable"


def test_a_profile_can_open_and_reach_nothing(decoder):
    with pytest.raises(InputError) as caught:
        decoder.examine(b"probe ")
    assert "done" not in json.loads(str(caught.value)).values()


@pytest.mark.long
def test_what_was_found_of_a_profile_is_known_the_next_time(monkeypatch):
    monkeypatch.setattr(decoder_module, "_MOST_STATES", 2)
    decoder = SeparateDecoder(most=1)
    asked = []
    with monkeypatch.context() as patched:
        ask = decoder._asked
        patched.setattr(decoder, "_asked", lambda *how: asked.append(how[0]) or ask(*how))
        for profile in (srgb_profile(), b"none", srgb_profile(), b"none"):
            assert decoder.examine(profile) == ("unusable" if profile == b"none" else "usable")
        assert asked == ["examine"] * 2
        decoder.examine(b"one more")
        decoder.examine(srgb_profile())
        assert asked == ["examine"] * 4, "the oldest was forgotten"
    decoder.end()


@pytest.mark.parametrize("header", [TRUE, {"kind": "size", "size": [2, 2]}, {"kind": "same"}])
def test_what_a_profile_cannot_be_found_to_be(decoder, header):
    with pytest.raises(InputError) as caught:
        decoder.examine(b"lie " + base64.b64encode(told(header)))
    assert str(caught.value) == BROKE


@pytest.mark.parametrize(
    "header",
    [
        TRUE,
        TRUE | {"notes": ["one", "other", "third"]},
        TWO | {"size": [4, 1]},
        TWO | {"mode": "L", "size": [4, 3]},
        {"kind": "same", "notes": ["one"]},
        {"kind": "usable"},
    ],
)
def test_what_colours_cannot_be_converted_to(decoder, header):
    lie = b"lie " + base64.b64encode(told(header)) + b" "
    with pytest.raises(InputError) as caught:
        decoder.convert(picture(), lie, None, always=True)
    assert str(caught.value) == BROKE


def test_what_they_can_be_converted_to_is_taken(decoder):
    lie = b"lie " + base64.b64encode(told(TWO, bytes(range(12)))) + b" "
    made = decoder.convert(picture(), lie, None, always=True)
    assert (made.source, made.target) == ("one", "other")
    assert np.asarray(made.image).ravel().tolist() == list(range(12))
