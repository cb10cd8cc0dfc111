"""Colours as legends write them: with a mark, in brackets, by three numbers or by a name."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from PIL import ImageColor

# without a mark, six letters may be a word such as "facade"
_HEX: Final = re.compile(
    r"(?:#|0x)([0-9a-f]{6})(?:[0-9a-f]{2})?|(f{6}|(?=[a-f]*\d)[0-9a-f]{6})", re.IGNORECASE
)
_SHORT: Final = re.compile(r"#([0-9a-f]{3})[0-9a-f]?", re.IGNORECASE)
# of those that begin a line, some are words too: "#add", "#bad"
_BEGINNING: Final = re.compile(
    rf"{_HEX.pattern}|#(?=[a-f]*\d|(?P<same>[a-f])(?P=same)+\b)[0-9a-f]{{3,4}}\b", re.IGNORECASE
)
_CHANNEL: Final = r"(\d{1,3}(?:\.\d{1,17})?|\.\d{1,17})"
_BETWEEN: Final = r"(?:\s*[,;/]\s*|\s+)"
_TRIPLE: Final = re.compile(
    rf"(?:rgba?)?\s*[(\[]?\s*{_CHANNEL}{_BETWEEN}{_CHANNEL}{_BETWEEN}{_CHANNEL}"
    rf"(?:{_BETWEEN}[\d.]+%?)?\s*[)\]]?",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(
    r"(?:\b(rgb|hsl|hsv|hsb)a?\s{0,3})?[(\[]([\d\s.,;/%]{5,80})[)\]]", re.IGNORECASE
)
_PARTS: Final = re.compile(r"[\d.]+%?")
# what people paint where they say green is full green; the web's own is half as bright
_ALSO: Final = {"green": 0x00FF00}


def colour_of(value: Any) -> int | None:
    """A colour as 0xRRGGBB, of text or of three numbers, 0..255 or 0..1; None where it is none.

    >>> [colour_of(one) for one in ("#f00", "0x0000ff", "(0, 0.5, 1)", [0, 0, 2], "facade")]
    [16711680, 255, 33023, 2, None]
    """
    if isinstance(value, str):
        text = value.strip()
        if found := _HEX.fullmatch(text):
            return int(found[1] or found[2], 16)
        if found := _SHORT.fullmatch(text):
            return int("".join(2 * digit for digit in found[1]), 16)
        triple = _TRIPLE.fullmatch(text)
        value = list(map(_number, triple.groups())) if triple else None
    if not isinstance(value, list) or len(value) not in (3, 4):
        return None
    channels = value[:3]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in channels):
        return None
    is_fraction = any(isinstance(one, float) for one in channels) and max(channels) <= 1
    return of_channels(channels, 255 if is_fraction else 1)


def of_channels(channels: Sequence[float], times: int = 1) -> int | None:
    """Three numbers as 0xRRGGBB; None where they go beyond 0..255.

    Args:
        channels: Red, green and blue.
        times: What they are multiplied with: 255 where they go from 0 to 1.
    """
    if not all(0 <= times * one <= 255 for one in channels):
        return None
    red, green, blue = (round(times * one) for one in channels)
    return red << 16 | green << 8 | blue


def begins_with_colour(line: str) -> bool:
    """Whether a line that begins with a mark has a colour there, and is no comment.

    >>> [begins_with_colour(one) for one in ("#ff0000 car", "#f00 car", "#fff: sky", "#add more")]
    [True, True, True, False]
    """
    return _BEGINNING.match(line) is not None


def without_brackets(line: str) -> str:
    """A line with each colour in brackets as ``#rrggbb``, which has no commas.

    >>> without_brackets("car,rgb(255, 0, 0)"), without_brackets("sky hsl(240, 100%, 50%)")
    ('car,#ff0000', 'sky #0000ff')
    >>> without_brackets("boxes [1, 2]")
    'boxes [1, 2]'
    """
    return _IN_BRACKETS.sub(_as_hex, line)


def colour_called(name: str) -> tuple[int, ...]:
    """The colours that go by a name of the web's; none where it has none.

    >>> colour_called("Dark blue"), colour_called("car"), len(colour_called("green"))
    ((139,), (), 2)
    """
    word = re.sub(r"[\s_-]", "", name).lower()
    code = _web_colours().get(word)
    if code is None:
        return ()
    return (code, _ALSO[word]) if word in _ALSO else (code,)


def _as_hex(found: re.Match[str]) -> str:
    kind, parts = (found[1] or "").lower(), _PARTS.findall(found[2])
    if len(parts) not in (3, 4):
        return found[0]
    if kind in {"", "rgb"} and not any("%" in part for part in parts[:3]):
        code = colour_of(", ".join(parts[:3]))
    else:
        code = _of_the_web(f"{kind or 'rgb'}({','.join(parts[:3])})")
    return found[0] if code is None else f"#{code:06x}"


def _of_the_web(text: str) -> int | None:
    try:
        channels = ImageColor.getrgb(text)
    except ValueError:
        return None
    return of_channels(channels[:3])


@cache
def _web_colours() -> dict[str, int]:
    known = {name: _of_the_web(name) for name in ImageColor.colormap}
    return {name: code for name, code in known.items() if code is not None}


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)
