"""Colours as text."""

import re

from segui.errors import InputError

_HEX_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_NUMBER = r"\s*([0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?)\s*"
_RGBA_COLOUR = re.compile(rf"rgba?\({_NUMBER},{_NUMBER},{_NUMBER}(?:,{_NUMBER})?\)", re.IGNORECASE)


def parse_colour(text: str) -> tuple[float, float, float]:
    """Red, green and blue in 0..1 of a colour's text, also as Gradio's colour picker gives it.

    >>> parse_colour("#f00"), parse_colour("rgba(255, 0, 51, 1)")
    ((1.0, 0.0, 0.0), (1.0, 0.0, 0.2))

    Args:
        text: ``#rrggbb``, ``#rgb``, ``rgb(r, g, b)`` or ``rgba(r, g, b, 1)``, r, g, b 0..255.

    Raises:
        InputError: The text is none of these; a colour that is not opaque is none.
    """
    stripped = text.strip() if isinstance(text, str) else ""
    if _HEX_COLOUR.fullmatch(stripped):
        digits = stripped[1:] if len(stripped) == 7 else "".join(c * 2 for c in stripped[1:])
        red, green, blue = (value / 255 for value in bytes.fromhex(digits))
        return red, green, blue
    match = _RGBA_COLOUR.fullmatch(stripped)
    if match:
        red, green, blue, alpha = (float(number or 1) for number in match.groups())
        if max(red, green, blue) <= 255 and alpha == 1:
            return red / 255, green / 255, blue / 255
    raise InputError(
        f"the colour is {text!r}: expected '#rrggbb', '#rgb' or 'rgba(r, g, b, 1)', "
        "with r, g, b from 0 to 255"
    )


def hex_colour(text: str) -> str:
    """The same colour as ``#rrggbb``.

    >>> hex_colour("rgba(255, 127.6, 0, 1)")
    '#ff8000'

    Raises:
        InputError: The text is no colour that ``parse_colour`` reads.
    """
    return "#" + bytes(round(channel * 255) for channel in parse_colour(text)).hex()
