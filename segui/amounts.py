"""Sizes in sentences of what is refused: what is too large never reads as what is allowed."""

from decimal import ROUND_CEILING, Decimal
from typing import Final

_TENTH: Final = Decimal("0.1")
_COUNTING: Final = 3  # digits of what is smaller


def rounded_up(size: float) -> str:
    """A size that is too large: one digit behind the point, or three that count.

    Args:
        size: Such as megabytes, above 0.

    >>> rounded_up(20_000_001 / 1e6), rounded_up(25.0), rounded_up(0.01234)
    ('20.1', '25', '0.0124')
    """
    exactly = Decimal(repr(float(size)))
    small = Decimal(1).scaleb(exactly.adjusted() + 1 - _COUNTING)
    step = _TENTH if exactly >= _TENTH else small
    return allowed(float(exactly.quantize(step, ROUND_CEILING)))


def allowed(size: float) -> str:
    """The largest size that is allowed, as it is.

    >>> allowed(20), allowed(1_234_567.5), allowed(0.25)
    ('20', '1234567.5', '0.25')
    """
    return f"{size:.10g}"
