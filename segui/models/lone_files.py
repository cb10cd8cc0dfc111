"""Models that are one file by themselves, by its name: no config lies beside it."""

import re
from collections.abc import Iterable
from typing import Final

_KNOWN: Final = "face_detection_yunet_2023mar.onnx"
_NAMED: Final = re.compile(r"face_detection_yunet(?!.*int8)[\w.-]*\.onnx", re.ASCII)


def yunet_file(names: Iterable[str]) -> str | None:
    """The file among some that is a YuNet, with its numbers as they are; None where none is.

    >>> yunet_file(["README.md", "face_detection_yunet_2023mar_int8.onnx", _KNOWN])
    'face_detection_yunet_2023mar.onnx'
    """
    named = sorted(name for name in names if _NAMED.fullmatch(name))
    return _KNOWN if _KNOWN in named else next(reversed(named), None)
