"""Masks of floats that are no whole numbers: probabilities, or what a network says before them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from segui.images.arrays import grey_to_8_bit
from segui.masks.notes import AS_SOFT, Note
from segui.masks.pixels.strips import changed

_OVERSHOOT: Final = 0.25  # of the largest value, which scaling leaves below 0 beside edges
_FEWEST_BELOW: Final = 0.05  # of the pixels, where being below 0 means something
_AT_ENDS: Final = 0.9  # of 1, from where on a value of -1 to 1 is at an end
_MOSTLY: Final = 0.5  # of what is below 0
_LOW: Final = 64  # of 255: as opacity hardly anything


@dataclass(frozen=True)
class Floats:
    """What floats mean.

    Args:
        soft: (H, W) uint8.
        notes: What there is to say of it.
    """

    soft: np.ndarray
    notes: tuple[str, ...]


def read_floats(values: np.ndarray) -> Floats:
    """A soft mask: of a network's values by the logistic function, of others by their scale.

    Values of both signs are such, as logits and distances from an outline are: 0 is half. Those of
    -1 to 1, most of which are at an end, have -1 for nothing.

    Args:
        values: (H, W) float32; what is no number is nothing.
    """
    finite = values[np.isfinite(values)]
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    below = finite[finite < 0]
    if least >= -_OVERSHOOT * most or below.size < _FEWEST_BELOW * values.size:
        return Floats(grey_to_8_bit(values), _low_notes(most))
    said = f"its values go from {least:.3g} to {most:.3g}"
    if max(-least, most) > 1:
        soft = changed(values, _by_logistic, np.uint8)
        is_network = f"{said}, as a network's before they are probabilities: 0 is taken for half"
        return Floats(soft, (Note(is_network, AS_SOFT),))
    if np.count_nonzero(below <= -_AT_ENDS) >= _MOSTLY * below.size:
        soft = changed(values, _from_minus_1, np.uint8)
        return Floats(soft, (Note(f"{said}: -1 is taken for nothing", AS_SOFT),))
    return Floats(grey_to_8_bit(values), (f"{said}: what is below 0 is taken for nothing",))


def _low_notes(most: float) -> tuple[str, ...]:
    if not 1 < most < _LOW:
        return ()
    return (f"its values end at {most:.3g} and are taken as of 255: {most / 255:.1%} opacity",)


def _by_logistic(rows: np.ndarray) -> np.ndarray:
    known = np.clip(np.nan_to_num(rows, nan=-np.inf), -80, 80)
    return np.asarray(np.rint(255 / (1 + np.exp(-known))))


def _from_minus_1(rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.rint((np.nan_to_num(rows, nan=-1.0) + 1) * 127.5))
