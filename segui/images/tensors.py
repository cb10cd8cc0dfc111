"""Images as the engine takes them: (B, H, W, 3 or 4) tensors, uint8 or float32 in [0, 1]."""

import torch
from torch import Tensor

from segui.errors import InputError


def check_image(name: str, image: Tensor) -> None:
    """Refuse what is not (B, H, W, 3 or 4) of uint8 or float32.

    Args:
        name: What the message calls the image.
        image: The tensor.

    Raises:
        InputError: It is something else.
    """
    if not isinstance(image, Tensor) or image.dtype not in {torch.uint8, torch.float32}:
        kind = image.dtype if isinstance(image, Tensor) else type(image).__name__
        raise InputError(f"{name} is {kind}: expected a uint8 or float32 tensor")
    if image.ndim != 4 or image.shape[3] not in {3, 4} or not image.numel():
        raise InputError(f"{name} is {tuple(image.shape)}: expected (B, H, W, 3 or 4)")


def check_same_size(reference: Tensor, image: Tensor, name: str = "the reference") -> None:
    """Refuse two images whose height or width differ.

    Args:
        reference: The one that has to fit.
        image: The one that it has to fit.
        name: What the message calls the first.

    Raises:
        InputError: They differ; both sizes are given, width x height.
    """
    if reference.shape[1:3] != image.shape[1:3]:
        raise InputError(
            f"{name} is {reference.shape[2]} x {reference.shape[1]}, the image "
            f"{image.shape[2]} x {image.shape[1]}: their sizes must match"
        )
