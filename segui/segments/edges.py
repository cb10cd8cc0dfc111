"""Masks whose edges follow the picture's own, where they lay beside them or were too coarse."""

import numpy as np
from numpy.typing import NDArray

from segui.checks import is_whole
from segui.errors import InputError, shown
from segui.geometry import Box
from segui.options import option_range
from segui.segments.cutting import CropOptions
from segui.segments.following import Layer, followed
from segui.segments.planes import Plane
from segui.segments.reshape import check_no_images, recut_each
from segui.segments.segment import Segment, Segments

Pixels = NDArray[np.uint8]


def refine_segments(
    segments: Segments,
    picture: Pixels,
    reach_px: int,
    *,
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
) -> Segments:
    """Segments whose edges follow the picture's own.

    Args:
        segments: What was found, or read from masks.
        picture: (H, W, 3 or 4) uint8; what is transparent counts by its colours.
        reach_px: How far an edge may lie from the picture's, 0..100; 0 changes nothing.
        crop_factor: The new crop regions' sides over the bounding boxes', 1..100.
        drop_size: Width and height of what is left must both exceed this, px, at least 1.

    Returns:
        New segments in the same order, with soft edges where the picture's are; ``left_out`` has
        in addition those that became too small. The same object where nothing is asked for.

    Raises:
        InputError: The reach is out of its range, or a segment has an image of its own.
    """
    check_reach(reach_px)
    if not reach_px:
        return segments
    check_no_images(segments, "its edge cannot move")

    def followed(item: Segment) -> tuple[Box, list[Plane]]:
        around = item.content.widen(3 * reach_px).clip(segments.size)
        colours = picture[around.slices][..., :3]
        planes = planes_in(item, around)
        return around, [follow_edges(plane, colours, reach_px) for plane in planes]

    return recut_each(segments, followed, CropOptions(crop_factor, drop_size))


def check_reach(reach_px: int) -> None:
    """Refuse a reach that is out of its range.

    Raises:
        InputError: It is no whole number from 0 to 100.
    """
    least, most = option_range("refine_edges")
    if not is_whole(reach_px) or not least <= reach_px <= most:
        raise InputError(
            f"refine_edges is {shown(reach_px)}: expected a whole number of px from {least} to "
            f"{most}"
        )


def planes_in(item: Segment, box: Box) -> list[Pixels]:
    """A segment's mask in each of its frames, in a box of the image that may go beyond it."""
    content = item.content.intersect(box)
    mask = item.read_mask(content)
    planes = []
    for frame in mask if mask.ndim == 3 else mask[None]:
        plane = np.zeros(box.size_hw, np.uint8)
        plane[content.relative_to(box).slices] = np.rint(frame * 255)
        planes.append(plane)
    return planes


def follow_edges(levels: Pixels, colours: Pixels, reach_px: float) -> Pixels:
    """A mask whose edge is the picture's own, where the picture has one nearby.

    Near its edge the mask becomes what a linear function of the picture's colours fits it best
    with, in windows of the reach: where the colours change, the mask changes with them; hair keeps
    what is seen through it. Where they do not change, the mask becomes smooth. What is further
    from the edge than the reach stays as it is.

    Args:
        levels: (H, W) uint8, how much of each pixel belongs to the mask, 255 all.
        colours: (H, W, 3) uint8, the picture.
        reach_px: How far the edge may lie from the picture's; below 1 nothing is changed.

    Returns:
        (H, W) uint8, a new array, or the same where nothing is changed.

    Source: He and Sun, Fast Guided Filter, 2015, with colours as the guide.
    """
    if reach_px < 1 or not levels.size:
        return levels
    layer = Layer(Box.of_size((levels.shape[0], levels.shape[1])), levels)
    patches = followed([layer], colours, reach_px)
    if not patches:
        return levels
    out = levels.copy()
    for patch in patches:
        out[patch.box.slices] = patch.levels
    return out
