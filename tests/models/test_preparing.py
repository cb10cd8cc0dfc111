from typing import Any

import numpy as np
import pytest
from PIL import Image

from segui.errors import ClassifierError
from segui.models.preparing import not_too_long, preparing

SIDE = 24
LEVEL = 2 / 255


def shortest_edge() -> Any:
    """Enlarges by the shorter side, and keeps a square of the middle."""
    from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil

    return ConvNextImageProcessorPil(size={"shortest_edge": SIDE})


def height_and_width() -> Any:
    """Squeezes whatever it gets."""
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    return ViTImageProcessorPil(size={"height": SIDE, "width": SIDE})


class Watched:
    """A processor that remembers what it was given."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self.size = processor.size
        self.seen: list[tuple[int, int]] = []

    def __call__(self, images: Image.Image, **options: Any) -> Any:
        self.seen.append(images.size)
        return self._processor(images=images, **options)


def striped(size: tuple[int, int]) -> Image.Image:
    """Stripes of any level across the longer side, so that the middle is told from all else."""
    levels = np.random.default_rng(max(size)).integers(0, 256, max(size), dtype=np.uint8)
    rows = np.tile(levels, (min(size), 1))
    return Image.fromarray(rows if size[0] > size[1] else rows.T).convert("RGB")


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((8000, 3), (48, 3)),
        ((3, 8000), (3, 48)),
        ((1, 50_000), (1, 16)),
        ((48, 3), (48, 3)),
        ((49, 3), (48, 3)),
        ((1, 1), (1, 1)),
    ],
)
def test_of_a_long_image_the_middle_is_left(size: tuple[int, int], shown: tuple[int, int]) -> None:
    whole = striped(size)
    left = not_too_long(whole)
    assert left.size == shown
    x, y = (size[0] - shown[0]) // 2, (size[1] - shown[1]) // 2
    assert left.tobytes() == whole.crop((x, y, x + shown[0], y + shown[1])).tobytes()


@pytest.mark.parametrize("size", [(2000, 3), (3, 2000), (500, 2)])
def test_one_that_keeps_the_middle_makes_the_same_of_a_long_image_and_of_its_middle(
    size: tuple[int, int],
) -> None:
    processor = Watched(shortest_edge())
    made = preparing(processor)(striped(size))["pixel_values"]
    assert max(processor.seen[0]) == 16 * min(size)
    whole = processor(striped(size), return_tensors="pt")["pixel_values"]
    assert made.shape == (1, 3, SIDE, SIDE)
    assert float((made - whole).abs().max()) < 3 * LEVEL
    assert float(whole.std()) > 10 * LEVEL


def test_one_that_squeezes_is_given_the_whole() -> None:
    processor = Watched(height_and_width())
    image = striped((2000, 3))
    made = preparing(processor)(image)["pixel_values"]
    assert processor.seen == [(2000, 3)]
    assert (made == processor(image, return_tensors="pt")["pixel_values"]).all()


def test_one_that_does_not_say_its_size_is_given_the_middle() -> None:
    seen = []

    def processor(images: Image.Image, return_tensors: str) -> dict[str, int]:
        seen.append(images.size)
        return {return_tensors: 1}

    assert preparing(processor)(striped((8000, 3))) == {"pt": 1}
    assert seen == [(48, 3)]


def test_one_that_keeps_a_part_of_the_middle_is_not_given_one_row() -> None:
    from transformers.models.perceiver.image_processing_pil_perceiver import (
        PerceiverImageProcessorPil,
    )

    prepare = preparing(PerceiverImageProcessorPil())
    colour = (10, 80, 240)
    square = prepare(Image.new("RGB", (64, 64), colour))["pixel_values"]
    for size in ((1000, 1), (1, 1000), (1, 1), (3, 1), (200, 3)):
        thin = prepare(Image.new("RGB", size, colour))["pixel_values"]
        assert float((thin - square).abs().max()) < LEVEL


@pytest.mark.parametrize(
    "size",
    [{"height": 50_000, "width": 50_000}, {"shortest_edge": 50_000}, {"longest_edge": 50_000}],
)
def test_no_picture_is_made_that_is_larger_than_any_model_takes(size: dict[str, int]) -> None:
    def never(images: Image.Image, return_tensors: str) -> dict[str, int]:
        raise AssertionError(f"{images.size} was to be made to {size}")

    never.size = size  # type: ignore[attr-defined]
    with pytest.raises(ClassifierError) as caught:
        preparing(never)(striped((40, 40)))
    assert str(caught.value) == (
        "the model would be shown a picture of 50000 x 50000 px, 2500 megapixels: "
        "at most 4.19 are shown to one"
    )
