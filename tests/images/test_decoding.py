"""What only who decodes can see."""

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.images.opening import open_image
from segui.images.pictures import write_png


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
