"""What may be read: how large, how many times over, and which formats."""

from dataclasses import dataclass

from segui.errors import InputError


@dataclass(frozen=True)
class ReadLimits:
    """What a decode may take.

    Args:
        max_scan_megapixels: Most scans of a JPEG times its megapixels. A scan takes at least 1 ms
            for each megapixel, however few bytes it has; a progressive photo has 10 or so.
        rare_formats: Whether formats are read that hardly anyone uses, by code that hardly anyone
            has tried: JPEG 2000, PPM, TGA, ICO, BMP without its header, and TIFF in tiles.
    """

    max_scan_megapixels: float = 2000.0
    rare_formats: bool = False


def check_megapixels(size_wh: tuple[int, int], max_megapixels: float, name: str) -> None:
    """Refuse a picture with more pixels than allowed.

    Raises:
        InputError: It has more; the sentence gives both numbers.
    """
    width, height = size_wh
    megapixels = width * height / 1e6
    if megapixels > max_megapixels:
        raise InputError(
            f"{name} is {width} x {height}, {short_megapixels(megapixels)} megapixels: "
            f"at most {short_megapixels(max_megapixels)} are read"
        )


def short_megapixels(megapixels: float) -> str:
    """Megapixels for a sentence: one digit behind the point, or three that count."""
    return f"{megapixels:.1f}".removesuffix(".0") if megapixels >= 0.1 else f"{megapixels:.3g}"
