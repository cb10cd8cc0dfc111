"""What a model's inputs are made of, so that no image can make more of them than a machine has."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from segui.models.shown_size import check_shown, shown_hw

if TYPE_CHECKING:
    from torch import Tensor

# How many images a model is shown at once on a CPU, and until its device is known. Larger batches
# are no faster on a CPU, and cannot be stopped as soon.
BATCH: Final = 8
# A processor may enlarge by the shorter side and then keep the middle: of a crop of 8000 x 3 px it
# makes one of 680,000 x 256 on its way, which is gigabytes. The ends are lost to such a processor
# anyway: it keeps a square.
_LONGEST: Final = 16


def preparing(processor: Any) -> "Callable[[Image.Image], Mapping[str, Tensor]]":
    """What makes a model's inputs of one image, with a batch axis of 1.

    Of an image with one side more than 16 times the other the model sees the middle, but for one
    that is made for images of one width and height: those are squeezed into it. An image of one
    row or column is doubled: processors that keep a part of the middle would keep none of it.

    Args:
        processor: transformers' image processor.

    Raises:
        ClassifierError: By what it makes, where an image would become larger than any model takes.
    """
    size = getattr(processor, "size", None) or {}
    squeezes = "height" in size and "width" in size

    def prepare(image: Image.Image) -> "Mapping[str, Tensor]":
        shown = image if squeezes else not_too_long(image)
        shown = not_too_thin(shown)
        check_shown(shown_hw(processor, (shown.height, shown.width)))
        return dict(processor(images=shown, return_tensors="pt"))

    return prepare


def not_too_thin(image: Image.Image) -> Image.Image:
    """The image, or each of its pixels as four where it has only one row or column.

    >>> not_too_thin(Image.new("RGB", (16, 1))).size, not_too_thin(Image.new("RGB", (9, 2))).size
    ((32, 2), (9, 2))
    """
    if min(image.size) > 1:
        return image
    return image.resize((2 * image.width, 2 * image.height), Image.Resampling.NEAREST)


def not_too_long(image: Image.Image) -> Image.Image:
    """The image, or the middle of it where one side is more than 16 times the other.

    >>> not_too_long(Image.new("RGB", (8000, 3))).size
    (48, 3)
    """
    limit = _LONGEST * min(image.size)
    if max(image.size) <= limit:
        return image
    width, height = (min(side, limit) for side in image.size)
    x, y = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((x, y, x + width, y + height))
