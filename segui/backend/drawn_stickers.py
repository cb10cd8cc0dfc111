"""Stickers that are drawn here: a few shapes, and what a visitor writes. No file, no network.

Letters come from the font that Pillow carries; emoji from one of the system's own, if there is one.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from segui.errors import InputError, shown
from segui.options.colours import parse_colour

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

SIDE_PX: Final = 512
_TIMES: Final = 4  # it is drawn so much larger, then shrunk: its edges are smooth
_LETTERS_PX: Final = 256
# by the names under which systems have them, and the size that fonts of pictures are made in
_EMOJI_FONTS: Final = (
    ("NotoColorEmoji.ttf", 109), ("NotoColorEmoji-Regular.ttf", 109),
    ("Noto-COLRv1.ttf", 109), ("seguiemj.ttf", 256), ("Apple Color Emoji.ttc", 160),
    ("TwitterColorEmoji-SVGinOT.ttf", 256), ("Symbola.ttf", 256), ("NotoEmoji-Regular.ttf", 256),
)  # fmt: skip
_LETTER_FONTS: Final = tuple(
    (name, _LETTERS_PX)
    for name in ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf",
                 "arial.ttf", "Arial.ttf", "Helvetica.ttc")
)  # fmt: skip
_YELLOW: Final = (255, 204, 51)
_DARK: Final = (64, 44, 20)
_RED: Final = (224, 36, 62)
_GOLD: Final = (255, 190, 30)
_UNSEEN: Final = frozenset("\ufe0e\ufe0f\u200d")  # they say how the sign before them is drawn


def drawn_sticker(text: str, colour: str) -> Pixels:
    """A sticker by its name, or as it is written.

    Args:
        text: ``smiley``, ``heart`` or ``star``; anything else is written: letters, or an emoji.
        colour: Of letters, as ``#rrggbb``.

    Returns:
        (H, W, 4) uint8, transparent around what is seen; not to be changed.

    Raises:
        InputError: It is empty, or no font that is here has all of its signs.
    """
    made = _drawn(text.strip(), colour)
    made.setflags(write=False)
    return made


@lru_cache(maxsize=32)
def _drawn(text: str, colour: str) -> Pixels:
    shape = _SHAPES.get(text.lower())
    if shape is not None:
        large = np.zeros((SIDE_PX * _TIMES, SIDE_PX * _TIMES, 4), np.uint8)
        shape(large)
        return _shrunk(large)
    if not text:
        raise InputError(
            f"sticker is {shown(text)}: expected smiley, heart, star, picture, or what is written "
            "on each area"
        )
    red, green, blue = (round(255 * value) for value in parse_colour(colour))
    return _written(text, (red, green, blue))


def _shrunk(large: Pixels) -> Pixels:
    """Smaller by means of areas; each colour counts as much as it is seen."""
    seen = np.float32(large[..., 3:] > 0)
    weighed = np.dstack([large[..., :3] * seen, seen])
    small = cv2.resize(weighed, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    share = small[..., 3:]
    colours = small[..., :3] / np.maximum(share, 1e-6)
    return np.asarray(np.rint(np.dstack([colours, 255 * share])).clip(0, 255), np.uint8)


def _opaque(colour: Colour) -> tuple[int, int, int, int]:
    return (*colour, 255)


def _px(share: float) -> int:
    return round(share * SIDE_PX * _TIMES)


def _smiley(into: Pixels) -> None:
    middle = (_px(0.5), _px(0.5))
    cv2.circle(into, middle, _px(0.49), _opaque(_YELLOW), -1)
    for x in (0.34, 0.66):
        eye = (_px(x), _px(0.38)), (_px(0.055), _px(0.085))
        cv2.ellipse(into, *eye, 0, 0, 360, _opaque(_DARK), -1)
    mouth = (_px(0.5), _px(0.53)), (_px(0.27), _px(0.25))
    cv2.ellipse(into, *mouth, 0, 15, 165, _opaque(_DARK), _px(0.05))


def _heart(into: Pixels) -> None:
    angle = np.linspace(0, 2 * np.pi, 720)
    x = 16 * np.sin(angle) ** 3
    y = -(13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle))
    points = np.stack([0.5 + x / 34, 0.48 + y / 34], axis=1)
    _fill(into, points, _RED)


def _star(into: Pixels) -> None:
    angle = np.arange(10) * np.pi / 5 - np.pi / 2
    radius = np.where(np.arange(10) % 2, 0.2, 0.5)
    points = np.stack([0.5 + radius * np.cos(angle), 0.53 + radius * np.sin(angle)], axis=1)
    _fill(into, points, _GOLD)


def _fill(into: Pixels, shares: NDArray[np.float64], colour: Colour) -> None:
    points = np.rint(shares * SIDE_PX * _TIMES).astype(np.int32)
    cv2.fillPoly(into, [points], _opaque(colour))


_SHAPES: Final[dict[str, Callable[[Pixels], None]]] = {
    "smiley": _smiley, "heart": _heart, "star": _star,
}  # fmt: skip


def _written(text: str, colour: Colour) -> Pixels:
    font = _font_for(text)
    measuring = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
    left, top, right, bottom = measuring.textbbox(
        (0, 0), text, font=font, anchor="ls", embedded_color=True
    )
    width, height = int(np.ceil(right - left)), int(np.ceil(bottom - top))
    if width < 1 or height < 1:
        raise InputError(f"sticker is {shown(text)}: nothing of it can be seen")
    # letters that are drawn over nothing keep their colour where they are half seen
    picture = Image.new("RGBA", (width, height), (*colour, 0))
    ImageDraw.Draw(picture).text(
        (-left, -top), text, fill=_opaque(colour), font=font, anchor="ls", embedded_color=True
    )
    made = np.array(picture)
    rows, columns = (np.flatnonzero(made[..., 3].any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise InputError(f"sticker is {shown(text)}: nothing of it can be seen")
    return made[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()


def _font_for(text: str) -> Any:
    """The first font that has all signs of a text.

    Raises:
        InputError: None has.
    """
    for font in (_letters(), *_fonts()):
        if _has_all(font, text):
            return font
    raise InputError(
        f"no font on this server has all of {shown(text)}, and an emoji needs an emoji font there: "
        "write plain letters, or take smiley, heart, star or a picture of your own"
    )


def _has_all(font: Any, text: str) -> bool:
    missing = _look(font, "\U0010fffd")
    return all(
        sign.isspace() or sign in _UNSEEN or _look(font, sign) != missing for sign in set(text)
    )


def _look(font: Any, sign: str) -> tuple[object, bytes]:
    mask = font.getmask(sign, mode="L")
    return mask.size, bytes(mask)


@cache
def _letters() -> Any:
    return ImageFont.load_default(_LETTERS_PX)


@cache
def _fonts() -> Sequence[Any]:
    """Those of the system; Pillow looks for them where systems keep fonts."""
    found = []
    for name, size_px in (*_LETTER_FONTS, *_EMOJI_FONTS):
        try:
            found.append(ImageFont.truetype(name, size_px))
        except OSError:  # it is not there, or not in that size
            continue
    return tuple(found)
