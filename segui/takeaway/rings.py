"""Masks as outlines along the edges of pixels, which give the same pixels back."""

import numpy as np
from numpy.typing import NDArray

from segui.segments.segment import HARD_LEVEL, Segment

Ring = NDArray[np.int64]  # (n, 2), x and y of corners between pixels, px


def marked_of(
    segment: Segment, size_hw: tuple[int, int]
) -> tuple[tuple[int, int], NDArray[np.bool_]]:
    """What a segment marks, from 0.5 on, in any frame.

    Args:
        segment: The segment, in an image of that size.
        size_hw: The image's height and width.

    Returns:
        Where it lies, x and y of its upper left corner, and (h, w), which may be empty.
    """
    box = segment.content.clip(size_hw)
    mask = segment.read_mask(box)
    return (box.x1, box.y1), (mask if mask.ndim == 2 else mask.max(axis=0)) >= HARD_LEVEL


def rings_of(marked: NDArray[np.bool_], at_xy: tuple[int, int] = (0, 0)) -> list[Ring]:
    """Closed outlines whose inside, even-odd, is what is marked; of holes as of parts.

    A corner is where an odd number of four neighbours is marked. Along each row and each column
    corners are the ends of edges by turns, so each has one partner across and one down.

    Args:
        marked: (h, w).
        at_xy: Where it lies.

    Returns:
        Each with its corners in order; edges go across and down by turns.

    >>> rings_of(np.ones((2, 3), bool))[0].tolist()
    [[0, 0], [3, 0], [3, 2], [0, 2]]
    """
    framed = np.pad(marked, 1)
    is_corner = framed[1:, 1:] ^ framed[:-1, 1:] ^ framed[1:, :-1] ^ framed[:-1, :-1]
    ys, xs = np.nonzero(is_corner)
    across = _partners(np.arange(len(xs)))
    down = _partners(np.lexsort((ys, xs)))
    corners = np.stack([xs, ys], axis=1) + np.array(at_xy)
    is_used = bytearray(len(xs))
    rings = []
    for start in range(len(xs)):
        ring, here = [], start
        while not is_used[here]:
            there = across[here]
            is_used[here] = is_used[there] = 1
            ring += [here, there]
            here = down[there]
        if ring:
            rings.append(corners[ring])
    return rings


def polygons_of(segment: Segment, size_hw: tuple[int, int]) -> list[list[int]]:
    """A segment's outlines, each as x and y by turns, px; a soft mask counts from 0.5 on."""
    at_xy, marked = marked_of(segment, size_hw)
    return [ring.reshape(-1).tolist() for ring in rings_of(marked, at_xy)]


def joined_ring(rings: list[Ring]) -> Ring:
    """All outlines as one, by ways there and back that have nothing inside.

    Args:
        rings: At least one.
    """
    start = rings[0][0]
    ways = [rings[0]]
    for ring in rings[1:]:
        bend = np.array([ring[0][0], start[1]])  # along pixels' edges, where nothing is rounded
        ways.append(np.stack([start, bend]))
        ways.append(ring)
        ways.append(np.stack([ring[0], bend]))
    if len(rings) > 1:
        ways.append(start[None])
    return np.concatenate(ways)


def _partners(order: NDArray[np.int64]) -> list[int]:
    """Of corners in an order the first and second, the third and fourth, ... each other's."""
    partners = np.empty(len(order), np.int64)
    partners[order[::2]], partners[order[1::2]] = order[1::2], order[::2]
    found: list[int] = partners.tolist()
    return found
