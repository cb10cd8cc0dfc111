"""Colour profiles read, and colours converted, in the process that decodes: see ``worker``."""

from __future__ import annotations

from collections.abc import Mapping
from io import FileIO
from typing import Any

from PIL import Image

from segui.images.apart.handing import Header, header_of, write_pixels
from segui.images.opened import OpenedImage, PillowRaster
from segui.images.profiles import UNUSABLE, Converted, ProfileError, convert, examine

SAME = "same"
TASKS = ("examine", "convert")


def packed(image: Image.Image, *profiles: bytes | None) -> tuple[dict[str, Any], bytes]:
    """What is asked for with a picture's colours: a request's values, and the bytes to read.

    Args:
        image: The picture.
        profiles: What comes before its pixels; None is sRGB.
    """
    lengths = [None if profile is None else len(profile) for profile in profiles]
    data = b"".join([*(profile or b"" for profile in profiles), image.tobytes()])
    return {"lengths": lengths, "mode": image.mode, "size": image.size}, data


def worked(request: Mapping[str, Any], data: bytes, output: FileIO) -> Header:
    """Do one of the tasks.

    Args:
        request: What is asked for.
        data: A profile; or two, and the pixels behind them.
        output: Where converted pixels are written.
    """
    if request["task"] == "examine":
        return {"kind": examine(data)}
    try:
        made = _converted(request, data)
    except ProfileError:
        return {"kind": UNUSABLE}
    if made.image is None:
        return {"kind": SAME, "notes": (made.source, made.target)}
    made.image.info.clear()  # who asked has the profile
    about = OpenedImage(PillowRaster(made.image), "", 8, False, (made.source, made.target))
    header = header_of(about)
    write_pixels(output, made.image)
    return header


def _converted(request: Mapping[str, Any], data: bytes) -> Converted:
    profiles: list[bytes | None] = []
    begin = 0
    for length in request["lengths"]:
        profiles.append(None if length is None else data[begin : begin + length])
        begin += length or 0
    mode, size = request["mode"], tuple(request["size"])
    image = Image.frombytes(mode, size, data[begin:])
    source, target = profiles
    return convert(image, source, target, always=request["always"])
