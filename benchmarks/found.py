"""Areas found in a photo of 12 MP, over the time that each way may take."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from benchmarks.report import Row
from benchmarks.timing import medians
from segui.finders.base import Asked, Finder, Point
from segui.finders.box import BoxFinder
from segui.finders.click import ClickFinder
from segui.finders.colours import ColourFinder
from segui.finders.faces import FaceFinder
from segui.geometry import Box

SIZE_WH = (4000, 3000)
ROUNDS = 5
# the most that was promised, ms; None is told alone
BOUNDS = {
    "faces, a portrait": 150,
    "faces, none there": None,
    "colours": 400,
    "click": 50,
    "click, nine tenths of it": 50,
    "box": None,
}
Pixels = NDArray[np.uint8]


def portrait() -> Pixels:
    """The astronaut at 12 MP, cut to a camera's proportions."""
    whole = cv2.resize(data.astronaut(), (SIZE_WH[0], SIZE_WH[0]), interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(whole[: SIZE_WH[1]])


def still_life() -> Pixels:
    """The cup of coffee at 12 MP, with a camera's noise."""
    whole = cv2.resize(data.coffee(), SIZE_WH, interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(0).normal(0, 3, whole.shape)
    return np.clip(whole + noise, 0, 255).round().astype(np.uint8)


def runs() -> dict[str, Callable[[], object]]:
    """What is measured, by its name in ``BOUNDS``."""
    face, cup = portrait(), still_life()
    box = Asked(boxes=(Box(500, 50, 3200, 2900),))
    small = Asked(points=(Point(1800, 1000),))
    large = Asked(points=(Point(3000, 2500),), tolerance=60)
    return {
        "faces, a portrait": lambda: _found(FaceFinder(), face, Asked()),
        "faces, none there": lambda: FaceFinder().find(cup, Asked()),
        "colours": lambda: _found(ColourFinder(), cup, Asked()),
        "click": lambda: _found(ClickFinder(), cup, small),
        "click, nine tenths of it": lambda: _found(ClickFinder(), cup, large),
        "box": lambda: _found(BoxFinder(), cup, box),
    }


def rows() -> list[Row]:
    """The median time of each way."""
    times = medians(runs(), ROUNDS)
    return [
        Row(
            f"{name}, found in 12 MP / {bound or 1000} ms",
            times[name],
            bound or 1000,
            "ms",
            None if bound is None else 1,
        )
        for name, bound in BOUNDS.items()
    ]


def _found(finder: Finder, picture: Pixels, asked: Asked) -> None:
    if not finder.find(picture, asked).items:
        raise ValueError(f"{finder} found nothing")
