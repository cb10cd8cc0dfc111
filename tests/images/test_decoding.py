"""What only who decodes can see."""

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.images.opening import header_size, open_image
from segui.images.pictures import write_png
from tests.images.test_pictures import png_header


def test_where_there_is_no_memory_it_is_said_that_a_smaller_picture_may_do(tmp_path, monkeypatch):
    def none_left(_: Image.Image) -> None:
        raise MemoryError

    path = tmp_path / "photo.png"
    write_png(path, np.zeros((2, 3, 3), np.uint8))
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", none_left)
    with pytest.raises(InputError) as error:
        open_image(path, max_megapixels=1)
    assert str(error.value) == (
        "photo.png cannot be read: there is no memory left for it, or it is damaged. "
        "Try a smaller one"
    )


@pytest.mark.parametrize("size_wh", [(1, 65_536), (65_536, 1), (1, 50_000_000)])
def test_a_side_longer_than_any_photo_has_is_refused_by_the_header(tmp_path, size_wh):
    """A picture of 50 million rows took half a minute, and its colours 11 TB."""
    path = tmp_path / "long.png"
    path.write_bytes(png_header(*size_wh))
    width, height = size_wh
    with pytest.raises(InputError) as said:
        header_size(path, max_megapixels=50)
    assert str(said.value) == f"long.png is {width} x {height}: a side of at most 65535 px is read"


def test_the_longest_side_is_read(tmp_path):
    Image.new("L", (1, 65_535)).save(tmp_path / "long.png")
    assert open_image(tmp_path / "long.png", max_megapixels=50).image.size == (1, 65_535)
