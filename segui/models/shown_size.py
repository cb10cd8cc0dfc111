"""How large a picture a model is shown, told before it is made.

A model's files say it in a few bytes, and its memory grows with the square of it.
"""

from typing import Any, Final

from segui.amounts import allowed, rounded_up
from segui.errors import ClassifierError

MOST_SHOWN_PX: Final = 2048 * 2048  # one for pictures of 1024 x 2048 px is the largest in use


def check_shown(size_hw: tuple[float, float], name: str = "") -> None:
    """Refuse to show a model more than any is made for.

    Args:
        size_hw: How high and wide its picture would be, px.
        name: What the user calls the model; may be empty.

    Raises:
        ClassifierError: It would be too large.
    """
    pixels = size_hw[0] * size_hw[1]
    if pixels > MOST_SHOWN_PX:
        raise ClassifierError(
            f"{repr(name) if name else 'the model'} would be shown a picture of "
            f"{size_hw[1]:.0f} x {size_hw[0]:.0f} px, {rounded_up(pixels / 1e6)} megapixels: "
            f"at most {allowed(MOST_SHOWN_PX // 10_000 / 100)} are shown to one"
        )


def shown_hw(processor: Any, size_hw: tuple[int, int]) -> tuple[float, float]:
    """How high and wide the picture is at most that an image processor makes of another one.

    Args:
        processor: transformers'.
        size_hw: The other one's height and width.

    >>> from types import SimpleNamespace
    >>> shown_hw(SimpleNamespace(size={"shortest_edge": 800, "longest_edge": 1333}), (50, 100))
    (666.5, 1333.0)
    """
    size = getattr(processor, "size", None) or {}
    is_resized = getattr(processor, "do_resize", True)
    height, width = (
        _resized(size, size_hw) if is_resized else (float(size_hw[0]), float(size_hw[1]))
    )
    for name in ("crop_size", "pad_size"):  # what is smaller than its middle, or its pad, is filled
        least = getattr(processor, name, None) or {}
        height, width = max(height, least.get("height") or 0), max(width, least.get("width") or 0)
    step = max(1, *(int(getattr(processor, name, None) or 1) for name in _STEPS))
    return height + step - 1, width + step - 1


_STEPS: Final = ("size_divisor", "size_divisibility")  # sides are filled to a multiple of it


def _resized(size: Any, size_hw: tuple[int, int]) -> tuple[float, float]:
    """What a processor's ``size`` makes of a picture's, in each of the ways that it may be said."""
    if size.get("height") and size.get("width"):
        return float(size["height"]), float(size["width"])
    sides = (("shortest_edge", min(size_hw)), ("longest_edge", max(size_hw)))
    factors = [float(size[name]) / side for name, side in sides if size.get(name)]
    factors += [
        float(size[name]) / side
        for name, side in zip(("max_height", "max_width"), size_hw, strict=True)
        if size.get(name)
    ]
    factor = min(factors, default=1.0)
    return size_hw[0] * factor, size_hw[1] * factor
