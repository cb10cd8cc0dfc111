"""The labels of a map that was saved with losses, as far as they cover smooth ground."""

import cv2
import numpy as np

from segui.masks.pixels.strips import bands

_SMOOTH = 8  # levels, by which a channel varies among nine pixels
_ALIKE = 12  # levels of a channel: smooth colours of one label
_FEWEST = 24  # smooth pixels of a label
_RIBBON_PX = 5  # along an edge, in which its colours may be smooth
_BIN = 8
_MOST_LABELS = 64
_MOST_SHADED = 2.0  # times as many smooth pixels as those that hardly differ from its colour
_LEAST_SMOOTH = 0.3  # of a picture


def smooth_ground(
    index: np.ndarray, colours: np.ndarray, most_px: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """The labels that cover smooth ground, and where; None where too little is smooth, or shaded.

    Args:
        index: (H, W) the number of each pixel's colour.
        colours: (n, 3) uint8, the colours by number.
        most_px: Of pixels that are not smooth.

    Returns:
        (k,) the numbers of the labels' colours; and (H, W) int8, the rank of the label among these
        at each pixel, -1 where it is none.
    """
    is_smooth, counts = _smooth(index, colours)
    if counts.sum() < max(_LEAST_SMOOTH * index.size, index.size - most_px):
        return None
    labels = _labels(counts, colours)
    known = _nearest_label(colours, labels)
    ranks = np.empty(index.shape, np.int8)
    for band in bands(index.shape):
        of_band = known[index[band.own]]
        ranks[band.own] = np.where(is_smooth[band.own], of_band, np.int8(-1))
    labels = _with_ground(labels, ranks)
    if not labels.size or not _are_flat(labels, counts, colours):
        return None
    return labels, ranks


def _smooth(index: np.ndarray, colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(H, W) bool, where a pixel hardly differs from all around; how many each colour has."""
    smooth = np.empty(index.shape, np.bool_)
    counts = np.zeros(len(colours), np.int64)
    for band in bands(index.shape, around=1):
        seen = colours[index[band.seen]]
        varies = cv2.subtract(
            cv2.dilate(seen, np.ones((3, 3), np.uint8)), cv2.erode(seen, np.ones((3, 3), np.uint8))
        )
        own = (varies.max(axis=2) <= _SMOOTH)[band.inner]
        smooth[band.own] = own
        counts += np.bincount(index[band.own][own], minlength=len(colours))
    return smooth, counts


def _labels(counts: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """(k,) the numbers of the labels' colours, the most frequent first.

    Args:
        counts: (n,) how many smooth pixels each colour has.
        colours: (n, 3) uint8.
    """
    labels = np.empty(0, np.int64)
    left = counts.astype(np.int64)
    levels = colours.astype(np.int32)
    size = 256 // _BIN + 2
    bins = (levels // _BIN + 1) @ np.array([size * size, size, 1])
    while labels.size < _MOST_LABELS:
        binned = np.bincount(bins, left, minlength=size**3).reshape(size, size, size)
        for axis in range(3):
            binned = binned + np.roll(binned, 1, axis) + np.roll(binned, -1, axis)
        if binned.max() < _FEWEST:
            break
        best = np.array(np.unravel_index(int(binned.argmax()), binned.shape))
        within = np.abs(levels - (best - 0.5) * _BIN).max(axis=1) <= 1.5 * _BIN
        number = int(np.argmax(np.where(within, left, -1)))
        left[np.abs(levels - levels[number]).max(axis=1) <= _ALIKE] = 0
        labels = np.append(labels, number)
    return labels


def _are_flat(labels: np.ndarray, counts: np.ndarray, colours: np.ndarray) -> bool:
    """Whether smooth pixels of each label nearly have its own colour: a shade has many.

    Args:
        labels: (k,) the numbers of the labels' colours.
        counts: (n,) how many smooth pixels each colour has.
        colours: (n, 3) uint8.
    """
    levels = colours.astype(np.int32)
    for label in labels:
        apart = np.abs(levels - levels[label]).max(axis=1)
        own = int(counts[apart <= _ALIKE // 3].sum())
        if int(counts[apart <= _ALIKE].sum()) > _MOST_SHADED * own:
            return False
    return True


def _nearest_label(colours: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n,) int8: for each colour the rank of the label that it hardly differs from, or -1."""
    if not labels.size:
        return np.full(len(colours), -1, np.int8)
    levels, best = colours.astype(np.int16), np.full(len(colours), 999, np.int16)
    known = np.full(len(colours), -1, np.int8)
    for rank, label in enumerate(labels):
        apart = np.abs(levels - levels[label]).max(axis=1)
        is_nearer = (apart < best) & (apart <= _ALIKE)
        known[is_nearer], best[is_nearer] = rank, apart[is_nearer]
    return known


def _with_ground(labels: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """The labels that cover ground; the ranks become those among these, in place.

    What losses make of a label beside its edges covers some pixels too, but as a ribbon along them.
    """
    has_ground = _inner(ranks, labels.size) > 0
    table = np.full(labels.size + 1, -1, np.int8)  # the last one is that of none
    table[:-1][has_ground] = np.arange(np.count_nonzero(has_ground))
    for band in bands(ranks.shape):
        ranks[band.own] = table[ranks[band.own]]
    return labels[has_ground]


def _inner(ranks: np.ndarray, count: int) -> np.ndarray:
    """(count,) how many pixels of each rank are wider than a ribbon."""
    inner, around = np.zeros(count + 1, np.int64), np.ones((_RIBBON_PX, _RIBBON_PX), np.uint8)
    for band in bands(ranks.shape, around=_RIBBON_PX // 2):
        seen = (ranks[band.seen] + 1).astype(np.uint8)
        is_inner = cv2.erode(seen, around) == cv2.dilate(seen, around)
        inner += np.bincount(seen[band.inner][is_inner[band.inner]], minlength=count + 1)
    return inner[1:]
