import base64
import io

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.session.paintings import read_painting, read_painting_on


def uri(picture: Image.Image, kind: str = "PNG") -> str:
    out = io.BytesIO()
    picture.save(out, kind)
    return f"data:image/{kind.lower()};base64," + base64.b64encode(out.getvalue()).decode()


def test_what_is_painted_becomes_a_grey_mask_of_its_size():
    painted = np.zeros((30, 40, 4), np.uint8)
    painted[..., 3] = 255
    painted[10:20, 5:15, :3] = 255
    mask = read_painting(uri(Image.fromarray(painted)))
    with Image.open(io.BytesIO(mask)) as read:
        assert (read.mode, read.size) == ("L", (40, 30))
        np.testing.assert_array_equal(np.array(read), painted[..., 0])


@pytest.mark.parametrize("said", ["", None, uri(Image.new("RGB", (9, 9)))])
def test_nothing_painted_is_no_mask(said):
    assert read_painting(said) is None


@pytest.mark.parametrize(
    "said",
    [
        7,
        "painted.png",
        "data:image/png;base64,!!!",
        "data:image/png;base64,aGVsbG8=",
        uri(Image.new("L", (9, 9), 255), "GIF"),
        uri(Image.new("L", (9, 9), 255))[:80],
    ],
)
def test_what_is_no_picture_is_refused(said):
    with pytest.raises(InputError, match=r"what was painted .*: paint it again"):
        read_painting(said)


def test_a_painting_larger_than_any_preview_is_refused():
    with pytest.raises(InputError, match="what was painted is 3000 x 5: at most 2048 px a side"):
        read_painting(uri(Image.new("L", (3000, 5), 255)))


def test_a_painting_whose_header_says_more_than_pillow_would_open_is_refused():
    data = bytearray(base64.b64decode(uri(Image.new("L", (9, 9), 255)).partition(",")[2]))
    data[16:24] = b"\x00\x01\x00\x00" * 2
    with pytest.raises(InputError, match="what was painted is 65536 x 65536: at most 2048 px"):
        read_painting("data:image/png;base64," + base64.b64encode(data).decode())


def test_strokes_on_a_mask_keep_what_they_touch_and_with_what():
    strokes = np.zeros((30, 40, 4), np.uint8)
    strokes[5:10, :20] = 255
    strokes[20:, 30:, 3] = 128
    mask = read_painting_on(uri(Image.fromarray(strokes)))
    with Image.open(io.BytesIO(mask)) as read:
        assert read.mode == "LA"
        np.testing.assert_array_equal(np.array(read), strokes[..., [0, 3]])


def test_strokes_that_touch_nothing_are_none():
    assert read_painting_on("") is None
    assert read_painting_on(uri(Image.new("RGBA", (40, 30)))) is None


def test_strokes_that_do_not_say_what_they_touch_are_refused():
    with pytest.raises(InputError) as refused:
        read_painting_on(uri(Image.new("L", (40, 30), 255)))
    assert str(refused.value) == (
        "what was painted on a mask says not what it touches: paint it again"
    )
