"""Colour names: the share of a segment in each of the eleven basic colour terms."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from segui.classifiers.base import Crop, Scores
from segui.errors import InputError

TERMS = (
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "brown",
    "black",
    "grey",
    "white",
)

# A named colour is looked up in a cube of 64 steps a channel: the rule is worked out once for
# 262,144 colours instead of once for every pixel of every photo.
_BITS = 6
# Of a larger segment this many pixels are looked at, spread evenly over it: a share is then within
# 0.6 % of what all pixels give (four standard deviations of a random draw; these are better).
_SAMPLES = 1 << 17

_Reals = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]
_Indices = npt.NDArray[np.uint8]


class ColourNames:
    """Scores a crop by the share of its segment in each basic colour term.

    Built in: no model, no download, and the same answer everywhere. A soft mask counts each pixel
    by its value. The eleven shares add up to 1; a crop whose mask is empty gets 0 for each.

    Hue and chroma are decided before lightness, so that an orange thing in the shade stays orange
    for as long as its colour is strong. A rule that takes the nearest of eleven prototypes calls it
    brown.

    Source: the terms are those of B. Berlin and P. Kay, *Basic Color Terms* (1969). The borders
    between them are this project's own, set on the CSS named colours and on photographs.
    """

    name = "Colour names"
    labels = TERMS
    context = "bbox"  # what surrounds a segment does not count: cutting it out would take longer

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """The share of each term in each crop's segment.

        Args:
            crops: What to look at; a mask has its image's size.

        Returns:
            For each crop, in order, a share in [0, 1] for every one of ``labels``.

        Raises:
            InputError: A mask has another size than its image.

        Example:
            >>> from PIL import Image
            >>> crop = Crop(Image.new("RGB", (4, 4), "crimson"), Image.new("L", (4, 4), 255))
            >>> ColourNames().score([crop])[0]["red"]
            1.0
        """
        return [_shares(crop) for crop in crops]


def name_colours(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Name each colour.

    Args:
        rgb: Colours, shape (..., 3), sRGB, 0..255.

    Returns:
        For each colour the index of its term in ``TERMS``, shape (...).
    """
    steps = (rgb >> (8 - _BITS)).astype(np.int32)
    terms: _Indices = _table()[
        (steps[..., 0] << 2 * _BITS) | (steps[..., 1] << _BITS) | steps[..., 2]
    ]
    return terms


def _shares(crop: Crop) -> Scores:
    if crop.image.size != crop.mask.size:
        raise InputError(
            f"the crop is {_size(crop.image)}, its mask {_size(crop.mask)}: their sizes must match"
        )
    box = crop.mask.getbbox()  # the surroundings, which may be most of the crop, do not count
    if box is None:
        return dict.fromkeys(TERMS, 0.0)
    mask = np.asarray(crop.mask.crop(box)).reshape(-1)
    pixels = np.asarray(crop.image.crop(box)).reshape(-1, 3)
    places = _spread(np.flatnonzero(mask))
    weights = mask[places].astype(np.float64)
    total = weights.sum()
    looked_at = np.take(pixels, places, axis=0)  # twice as fast as by brackets
    sums = np.bincount(name_colours(looked_at), weights, minlength=len(TERMS))
    return dict(zip(TERMS, (sums / total).tolist(), strict=True))


def _size(image: Image.Image) -> str:
    return f"{image.width} x {image.height} px"


def _spread(places: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """At most ``_SAMPLES`` of the places, one from each of as many equal stretches.

    Which one is drawn at random, since a fixed step would see only some columns of a pattern. The
    seed is fixed: the same segment gives the same shares.
    """
    if len(places) <= _SAMPLES:
        return places
    chosen = (_draws() * (len(places) / _SAMPLES)).astype(np.intp)
    return np.take(places, np.minimum(chosen, len(places) - 1))


@cache
def _draws() -> _Reals:
    """A place in each of ``_SAMPLES`` stretches of length 1."""
    draws = np.arange(_SAMPLES) + np.random.default_rng(0).random(_SAMPLES)
    draws.setflags(write=False)
    return draws


@cache
def _table() -> _Indices:
    """The term of the colour in the middle of each cell of the cube, red slowest."""
    steps = (np.arange(1 << _BITS) + 0.5) * (256 / (1 << _BITS)) - 0.5
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
    table = _decide(*_oklch(cube.reshape(-1, 3) / 255))
    table.setflags(write=False)
    return table


def _oklch(rgb: _Reals) -> tuple[_Reals, _Reals, _Reals]:
    """Lightness (0..1), chroma (0..0.32) and hue (degrees, 0..360) of sRGB colours in [0, 1].

    Source: B. Ottosson, "A perceptual color space for image processing" (2020), whose matrices
    are in the public domain; sRGB's curve from IEC 61966-2-1.
    """
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    lightness, a, b = np.moveaxis(np.cbrt(linear @ to_cones.T) @ to_lab.T, -1, 0)
    return lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _decide(lightness: _Reals, chroma: _Reals, hue: _Reals) -> _Indices:
    """The rule: without chroma a colour is black, grey or white; else its hue's family decides.

    Chroma divided by lightness stays the same when a thing is lit less, so the families of dark
    and light relatives (brown, pink) look at both.
    """
    families: list[tuple[_Flags, _Indices]] = [
        (_is_neutral(lightness, chroma, hue), _of_neutral(lightness)),
        (hue < 14, _of_pink(lightness, hue)),
        # A dark reddish orange is seen as red.
        (hue < np.interp(lightness, [0.44, 0.52], [38, 34]), _of_red(lightness, chroma)),
        (hue < 82, _of_orange(lightness, chroma, hue)),
        (hue < 117, _of_yellow(lightness, chroma, hue)),
        (hue < 188, _all(lightness, "green")),
        (hue < 288, _all(lightness, "blue")),
        (hue < 338, _of_purple(lightness, chroma, hue)),
    ]
    conditions = [condition for condition, _ in families]
    terms = [term for _, term in families]
    return np.select(conditions, terms, _of_pink(lightness, hue)).astype(np.uint8)


def _is_neutral(lightness: _Reals, chroma: _Reals, hue: _Reals) -> _Flags:
    # A dark colour needs more chroma to be seen as one, and noise in the shade has some. Bluish
    # greys are called grey for longer than warm ones.
    bluish = (hue > 180) & (hue < 330)
    least = np.where(bluish, 0.04, 0.034) + 0.12 * np.clip(0.35 - lightness, 0, None)
    return (chroma < least) | ((lightness < 0.2) & (chroma < 0.08))


def _of_neutral(lightness: _Reals) -> _Indices:
    # sRGB greys: black up to 45, white from 214.
    return _first([(lightness < 0.295, "black"), (lightness < 0.875, "grey")], "white", lightness)


def _of_pink(lightness: _Reals, hue: _Reals) -> _Indices:
    # Dark pink is no pink: burgundy on the red side, plum on the other.
    dark = lightness < 0.45
    return _first([(dark & (hue < 180), "red"), (dark, "purple")], "pink", lightness)


def _of_red(lightness: _Reals, chroma: _Reals) -> _Indices:
    dull = chroma < 0.35 * lightness
    pale = chroma < 0.21 * lightness
    return _first(
        [
            (pale & (lightness > 0.62), "pink"),
            (pale, "brown"),
            (dull & (lightness < 0.5), "brown"),
        ],
        "red",
        lightness,
    )


def _of_orange(lightness: _Reals, chroma: _Reals, hue: _Reals) -> _Indices:
    # The reddish and the yellowish oranges may be darker than those between: the folds of a space
    # suit stay orange, while sienna, saddle brown and bronze are brown.
    least = np.interp(hue, [42, 50, 63, 68], [0.118, 0.128, 0.126, 0.108])
    light = lightness > 0.7
    return _first(
        [
            (light & (chroma > 0.1), "orange"),
            ((lightness > 0.75) & (hue < 50), "pink"),
            (lightness > 0.87, "orange"),
            (light | (chroma < least), "brown"),
        ],
        "orange",
        lightness,
    )


def _of_yellow(lightness: _Reals, chroma: _Reals, hue: _Reals) -> _Indices:
    golden = hue < 97
    dark = lightness < np.where(golden, 0.63, 0.57)
    dull = (chroma < 0.1) & (lightness < 0.8)
    return _first([((dark | dull) & golden, "brown"), (dark, "green")], "yellow", lightness)


def _of_purple(lightness: _Reals, chroma: _Reals, hue: _Reals) -> _Indices:
    shocking = (hue > 318) & (lightness > 0.65) & (chroma > 0.2)
    return _first([(shocking, "pink")], "purple", lightness)


def _first(rules: list[tuple[_Flags, str]], otherwise: str, like: _Reals) -> _Indices:
    """For each colour the term of the first rule that holds."""
    conditions = [condition for condition, _ in rules]
    terms = [_all(like, term) for _, term in rules]
    return np.select(conditions, terms, _all(like, otherwise))


def _all(like: _Reals, term: str) -> _Indices:
    return np.full(like.shape, TERMS.index(term), np.uint8)
