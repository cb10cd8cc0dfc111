"""The ways to blur, each to be taken on any machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from segui.backend import feather

# the radius up to which OpenCV blurs, and the outputs of one product
WAYS = {
    "cpu": (feather.OPENCV_RADIUS_PX, feather.CPU_BLOCK_PX),
    "products": (0, feather.CPU_BLOCK_PX),
    "accelerator": (0, feather.GPU_BLOCK_PX),
}


@contextmanager
def taking(way: str) -> Iterator[None]:
    """Blur in that way."""
    radius_px, block_px = WAYS[way]
    with patch.multiple(feather, OPENCV_RADIUS_PX=radius_px, CPU_BLOCK_PX=block_px):
        yield
