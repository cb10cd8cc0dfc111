"""Which values are numbers: NumPy's and Python's, but neither True nor what is endless."""

import math
from numbers import Real


def is_number(value: object) -> bool:
    """Whether a value is a finite number; NumPy's count, True and False do not."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def is_whole(value: object) -> bool:
    """Whether a value is a whole number, 2.0 among them."""
    return isinstance(value, Real) and is_number(value) and float(value).is_integer()
