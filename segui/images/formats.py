"""The formats that a result can be taken away in. Light: words and limits alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PIL import features

PNG: Final = "png"
QUALITY: Final = 90
QUALITIES: Final = (1, 100)


@dataclass(frozen=True)
class Format:
    """A kind of picture file.

    Args:
        name: What options call it.
        label: What people call it.
        ending: Of its files' names, with the dot.
        most_px: The longest side that it can have.
        has_alpha: Whether it can be transparent.
        is_exact: Whether it keeps every pixel as it is; others have a quality.
    """

    name: str
    label: str
    ending: str
    most_px: int
    has_alpha: bool = True
    is_exact: bool = False


def _formats() -> dict[str, Format]:
    every = (
        Format(PNG, "PNG", ".png", 2**31 - 1, is_exact=True),
        Format("jpeg", "JPEG", ".jpg", 65_500, has_alpha=False),
        Format("webp", "WebP", ".webp", 16_383),
        Format("avif", "AVIF", ".avif", 65_535),
    )
    return {one.name: one for one in every if one.name != "avif" or features.check("avif")}


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(_formats())
"""Those that can be written here, by name: AVIF only where Pillow was built with it."""
