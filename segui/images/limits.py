"""What may be read, apart from a picture's size."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadLimits:
    """What a decode may take.

    Args:
        max_scan_megapixels: Most scans of a JPEG times its megapixels. A scan takes at least 1 ms
            for each megapixel, however few bytes it has; a progressive photo has 10 or so.
    """

    max_scan_megapixels: float = 2000.0


def short_megapixels(megapixels: float) -> str:
    """Megapixels for a sentence: one digit behind the point, or three that count."""
    return f"{megapixels:.1f}".removesuffix(".0") if megapixels >= 0.1 else f"{megapixels:.3g}"
