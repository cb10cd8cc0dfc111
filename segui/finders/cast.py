"""A change of all colours of an edited version, as models and codecs leave one: found and named.

A cast is no edit of an area: without taking it out, the whole photo differs.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.images.blocks import BAND_PX, block_means

_LOOKED_AT_PX: Final = 160  # the longer side of what a cast is looked for on
_LEAST_SAMPLES: Final = 60
_USABLE: Final = (6 / 255, 249 / 255)  # beyond it a change is cut off
_UNCHANGED_SHARE: Final = 0.6  # of the photo, that has the cast alone
_ROUNDS: Final = 8
_GROWING_ROUNDS: Final = 8
_NEAR_BY: Final = 10.0  # levels
_LEAST_CHANGE: Final = 2.5  # levels by which most of the photo has to differ
_LEAST_EXPLAINED: Final = 0.5  # of that difference, that is gone without the cast
_MOST_LEFT: Final = 4.0  # levels that most of the photo still differs by then
_MOST_LEFT_OF: Final = 0.15  # or this much of a large difference
_FLAT: Final = 8 / 255  # spread of colours in a block, up to which its mean tells all of them
_FLAT_SHARE: Final = 0.6  # of the blocks, the flattest, are looked at in any case
_STEP: Final = 0.05  # of a colour, to see what becomes of it
_LEAST_SLOPE: Final = 0.2  # by how much less colours may differ from each other, and it is a cast
_NAMED: Final = 2.0  # levels of a channel, or of brightness, that are worth a word
# How much it takes to believe in a cast that mixes, bends and multiplies colours, beside one that
# adds to them; in the order of `_terms`.
_RELUCTANCE: Final = np.diag([0] + [0.01] * 3 + [0.05] * 9)
_LEVELS: Final = np.linspace(0, 1, 256, dtype=np.float32)
_KNOTS: Final = 48  # of a tone curve
_A_KNOT: Final = 24  # samples, at least
_MOST_FALL: Final = 12 / 255  # of a tone curve
_CURVE_ROUNDS: Final = 6
_AS_IT_WAS: Final = np.eye(13, 3, -1)

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Cast:
    """What became of all colours.

    Args:
        weights: (13, 3) float32: what each of the terms of a colour adds to the red, green and blue
            of the edited version, 0..1.
        shift: How much redder, greener and bluer it is on average, levels of 255.
        curves: (256, 3) uint8: what becomes of each level of a channel after that, by a tone curve.
    """

    weights: Samples
    shift: tuple[float, float, float]
    curves: Pixels

    @property
    def sentence(self) -> str:
        """What a person should know of it."""
        red, green, blue = (f"{level:+.0f}" for level in self.shift)
        return (
            f"its colours are changed as a whole, {self._words}: "
            f"red {red}, green {green}, blue {blue} of 255 on average"
        )

    @property
    def _words(self) -> str:
        red, green, blue = self.shift
        words = [
            _word((red + green + blue) / 3, "brighter", "darker"),
            _word((red - blue) / 2, "warmer", "cooler"),
            _word((green - (red + blue) / 2) / 1.5, "greener", "more magenta"),
        ]
        named = [word for word in words if word]
        return " and ".join(named) if named else "in contrast or saturation"

    def laid_on(self, photo: Pixels) -> Pixels:
        """The photo as it would be if nothing but the cast had been done to it.

        Args:
            photo: (H, W, 3 or 4) uint8.

        Returns:
            A new array of the same kind; its alpha is the photo's.
        """
        result = photo.copy()
        rows = max(1, BAND_PX // photo.shape[1])
        for top in range(0, len(photo), rows):
            band = photo[top : top + rows, :, :3]
            colours = band.reshape(-1, 3).astype(np.float32) / np.float32(255)
            changed = cv2.convertScaleAbs(np.maximum(_terms(colours) @ self.weights, 0), alpha=255)
            bent = cv2.LUT(np.asarray(changed).reshape(band.shape), self.curves[None])
            result[top : top + rows, :, :3] = bent
        return result


def find_cast(photo: Pixels, edited: Pixels) -> Cast | None:
    """What became of all colours of a photo in its edited version.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: Of the same size.

    Returns:
        None where most of the photo is as it was, or no one change explains how it differs.
    """
    every_one, every_other, flat = _sampled(photo, edited)
    usable = _is_inside(every_one) & _is_inside(every_other)
    one, other, flat = every_one[usable], every_other[usable], flat[usable]
    if np.count_nonzero(flat) < _LEAST_SAMPLES:
        return None
    before = float(np.median(_apart(one[flat], other[flat])))
    if before < _LEAST_CHANGE:
        return None
    terms, every = _terms(one), _terms(every_one)
    ways = [
        (weights, _bent(every @ weights, every_other, knows_none=knows_none))
        for weights in (_fitted(terms, other, flat), _AS_IT_WAS.astype(np.float32))
        for knows_none in (False, True)
    ]
    rising = [way for way in ways if _rise(way[1])]
    weights, curves = min(
        rising or ways, key=lambda way: _missed(_along(every @ way[0], way[1]), every_other)
    )
    made = _along(terms @ weights, curves)
    after = float(np.median(_apart(made[flat], other[flat])))
    most_left = max(_MOST_LEFT, _MOST_LEFT_OF * before)
    if after > min(most_left, _LEAST_EXPLAINED * before) or _is_effect(weights, one, made):
        return None
    red, green, blue = ((made - one).mean(axis=0) * 255).tolist()
    return Cast(weights, (red, green, blue), np.rint(curves * 255).astype(np.uint8))


def _sampled(photo: Pixels, edited: Pixels) -> tuple[Samples, Samples, NDArray[np.bool_]]:
    """The mean colours of blocks, (n, 3) each, 0..1; and in which of them the photo hardly varies.

    Of others the mean says little: what became of light and of dark is no mean of what became of
    both, once a curve or a border of what a channel holds is between.
    """
    factor = max(1, round(max(photo.shape[:2]) / _LOOKED_AT_PX))
    one, other = (block_means(part[..., :3], factor, 3).reshape(-1, 3) for part in (photo, edited))
    spread = _spread(photo, factor).reshape(-1)
    return one, other, spread <= max(_FLAT, float(np.quantile(spread, _FLAT_SHARE)))


def _spread(photo: Pixels, factor: int) -> Samples:
    """By how much the colours within a block differ, the channel that does most, 0..1."""
    height, width = photo.shape[:2]
    spread = np.empty((-(-height // factor), -(-width // factor)), np.float32)
    rows = max(1, BAND_PX // (width * factor))
    for top in range(0, len(spread), rows):
        band = photo[top * factor : (top + rows) * factor, :, :3].astype(np.float32) / np.float32(
            255
        )
        means, squares = block_means(band, factor, 3), block_means(band * band, factor, 3)
        spread[top : top + rows] = (squares - means * means).max(axis=2)
    return np.asarray(np.sqrt(np.maximum(spread, 0)), np.float32)


def _is_inside(colours: Samples) -> NDArray[np.bool_]:
    return np.asarray(np.all((colours > _USABLE[0]) & (colours < _USABLE[1]), axis=1))


def _is_effect(weights: Samples, colours: Samples, made: Samples) -> bool:
    """Whether colours are taken away or turned round on purpose: grey, sepia, a negative."""
    light, made_light = colours.mean(axis=1), made.mean(axis=1)
    if np.cov(light, made_light)[0, 1] < 0:
        return True
    steps = np.eye(3, dtype=np.float32) * _STEP
    mean = colours.mean(axis=0)
    slopes = (_terms(mean + steps) - _terms(mean - steps)) @ weights / (2 * _STEP)
    return float(np.linalg.eigvalsh(slopes + slopes.T).min()) / 2 < _LEAST_SLOPE


def _terms(colours: Samples) -> Samples:
    """1, each channel, its square and its cube, and the channels' products: (n, 13)."""
    red, green, blue = colours.T
    squares = colours * colours
    products = np.stack([red * green, green * blue, blue * red], axis=1)
    ones = np.ones((len(colours), 1), np.float32)
    return np.hstack([ones, colours, squares, squares * colours, products])


def _apart(one: Samples, other: Samples) -> Samples:
    """The largest difference of any channel, levels of 255."""
    return np.asarray(np.abs(one - other).max(axis=1) * 255, np.float32)


def _fitted(terms: Samples, other: Samples, flat: NDArray[np.bool_]) -> Samples:
    """The change that most of the flat samples have in common; the others were edited."""
    weights = _AS_IT_WAS.copy()
    weights[0] = np.median(other - terms @ _AS_IT_WAS, axis=0)
    surely = np.flatnonzero(flat)
    kept = min(len(surely), max(_LEAST_SAMPLES, int(_UNCHANGED_SHARE * len(surely))))
    for turn in range(_ROUNDS + _GROWING_ROUNDS):
        apart = _apart(np.asarray(terms @ weights, np.float32), other)
        near = surely[np.argpartition(apart[surely], kept - 1)[:kept]]
        if turn >= _ROUNDS:  # rare colours too, as far as they have the same cast
            near = np.flatnonzero(apart <= max(_NEAR_BY, float(apart[near].max())))
        part = terms[near].astype(np.float64)
        gram = part.T @ part + _RELUCTANCE * (len(near) / 1000)
        weights = _AS_IT_WAS + np.linalg.solve(gram, part.T @ (other[near] - part @ _AS_IT_WAS))
    return np.asarray(weights, np.float32)


def _missed(made: Samples, other: Samples) -> float:
    """How far off samples are, levels; of an edit it does not count how far."""
    return float(np.minimum(_apart(made, other), _NEAR_BY).mean())


def _bent(made: Samples, other: Samples, *, knows_none: bool) -> Samples:
    """What tone curves do beside what the terms say: (256, 3), for each level of a channel.

    S-curves and films' are no cubes of a colour. A level's median is not moved by what was edited,
    as long as that is the smaller part of its samples.

    Args:
        made: (n, 3) what the terms say.
        other: (n, 3) what it became.
        knows_none: Whether at first all samples count: what the terms say may be far off.
    """
    curves = np.repeat(_LEVELS[:, None], 3, axis=1)
    places = np.clip(made, 0, 1)
    orders = np.argsort(places, axis=0, kind="stable")
    for turn in range(_CURVE_ROUNDS):
        bent = _along(made, curves)
        apart = _apart(bent, other)
        near = apart <= max(_NEAR_BY, float(np.quantile(apart, _UNCHANGED_SHARE)))
        near |= knows_none and turn == 0
        for channel in range(3):
            order = orders[:, channel]
            chosen = order[near[order]]
            missed = other[chosen, channel] - bent[chosen, channel]
            curves[:, channel] += _smoothed(places[chosen, channel], missed)
        curves = np.clip(curves, 0, 1)
    return np.asarray(curves, np.float32)


def _rise(curves: Samples) -> bool:
    """Whether no curve falls but for noise: one that does was made of what was recoloured."""
    return bool((np.maximum.accumulate(curves, axis=0) - curves).max() <= _MOST_FALL)


def _smoothed(at: Samples, missed: Samples) -> Samples:
    """By how much samples are missed at each level: medians around some, and lines between.

    Args:
        at: (n,) the level of each, rising.
        missed: (n,) by how much it is missed.
    """
    count = max(1, min(_KNOTS, len(at) // _A_KNOT))
    places, amounts = _medians(at, count), _medians(missed, count)
    return np.asarray(np.interp(_LEVELS, places, amounts), np.float32)


def _medians(values: Samples, count: int) -> Samples:
    """The medians of as many parts, as ``numpy.array_split`` cuts them."""
    length, longer = divmod(len(values), count)
    end = longer * (length + 1)
    parts = values[:end].reshape(longer, length + 1), values[end:].reshape(-1, length)
    return np.concatenate([np.median(part, axis=1) for part in parts if len(part)])


def _along(made: Samples, curves: Samples) -> Samples:
    """Colours after tone curves."""
    channels = (np.interp(made[:, each], _LEVELS, curves[:, each]) for each in range(3))
    return np.asarray(np.stack([*channels], axis=1), np.float32)


def _word(amount: float, more: str, less: str) -> str:
    return "" if abs(amount) < _NAMED else more if amount > 0 else less
