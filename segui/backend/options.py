"""What every paste checks first."""

from numbers import Integral
from typing import Final

from segui.backend.opacity import EDGES
from segui.errors import InputError
from segui.options import default_of, option_range

FEATHER_PX: Final[int] = default_of("feather")
ALPHA: Final[int] = default_of("alpha")
EDGE: Final[str] = default_of("edge")


def check_options(feather: int, alpha: int, edge: str) -> None:
    """Refuse a feather, an opacity or an edge that there is not.

    Args:
        feather: A whole number of px, 0..500.
        alpha: A whole number, 0..255.
        edge: ``smooth``, ``outward`` or ``impact``.

    Raises:
        InputError: A value is something else.
    """
    _check_whole("feather", feather, " px")
    _check_whole("alpha", alpha)
    if edge not in EDGES:
        raise InputError(f"edge is {edge!r}: expected {', '.join(EDGES[:-1])} or {EDGES[-1]}")


def _check_whole(name: str, value: int, unit: str = "") -> None:
    least, most = option_range(name)
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value <= most:
        raise InputError(
            f"{name} is {value!r}: expected a whole number from {least} to {most}{unit}"
        )
