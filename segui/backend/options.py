"""What every paste checks first."""

from numbers import Integral

from segui.backend.opacity import EDGES
from segui.errors import InputError

MAX_FEATHER_PX = 500


def check_options(feather: int, alpha: int, edge: str) -> None:
    """Refuse a feather, an opacity or an edge that there is not.

    Args:
        feather: A whole number of px, 0..500.
        alpha: A whole number, 0..255.
        edge: ``smooth``, ``outward`` or ``impact``.

    Raises:
        InputError: A value is something else.
    """
    _check_whole("feather", feather, MAX_FEATHER_PX, " px")
    _check_whole("alpha", alpha, 255)
    if edge not in EDGES:
        raise InputError(f"edge is {edge!r}: expected {', '.join(EDGES[:-1])} or {EDGES[-1]}")


def _check_whole(name: str, value: int, most: int, unit: str = "") -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not 0 <= value <= most:
        raise InputError(f"{name} is {value!r}: expected a whole number from 0 to {most}{unit}")
