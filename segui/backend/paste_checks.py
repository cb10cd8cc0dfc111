"""What every paste checks first."""

from numbers import Integral
from typing import Final

from segui.backend.opacity import EDGES
from segui.errors import InputError
from segui.options import OPTIONS, PxOrShare, default_of, option_range, whole_px
from segui.segments.segment import Segment

FEATHER_PX: Final[int] = default_of("feather")
ALPHA: Final[int] = default_of("alpha")
EDGE: Final[str] = default_of("edge")


def check_options(feather: PxOrShare, alpha: int, edge: str) -> None:
    """Refuse a feather, an opacity or an edge that there is not.

    Args:
        feather: A whole number of px, 0..500, or a share of each area, such as ``2%``.
        alpha: A whole number, 0..255.
        edge: ``smooth``, ``outward`` or ``impact``.

    Raises:
        InputError: A value is something else.
    """
    if isinstance(feather, str):
        OPTIONS["feather"].read(feather)
    else:
        _check_whole("feather", feather, " px")
    _check_whole("alpha", alpha)
    if edge not in EDGES:
        raise InputError(f"edge is {edge!r}: expected {', '.join(EDGES[:-1])} or {EDGES[-1]}")


def feather_px(feather: PxOrShare, segment: Segment) -> int:
    """The feather of a segment, px; a share is of its own side, and at most 500 px.

    Args:
        feather: A whole number of px, or a share such as ``2%``.
        segment: Whose edge, in the scale of the image.
    """
    if not isinstance(feather, str):
        return int(feather)
    return whole_px(feather, segment.side_px, option_range("feather")[1])


def _check_whole(name: str, value: object, unit: str = "") -> None:
    least, most = option_range(name)
    is_number = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_number or int(str(value)) not in range(least, most + 1):
        raise InputError(
            f"{name} is {value!r}: expected a whole number from {least} to {most}{unit}"
        )
