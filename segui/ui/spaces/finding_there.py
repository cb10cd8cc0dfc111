"""What is asked of a model that finds where ZeroGPU lends a GPU: see ``zero_gpu``.

A photo and what is looked for go in; boxes come out, or areas whose masks are packed. The function
that is asked has to be there before the page is served, and torch only when it is: what it works
with is imported in it.
"""

import math
import os
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from segui.errors import SeguiError
from segui.ui.spaces.zero_gpu import (
    CALL_SECONDS,
    KEPT_MODELS,
    LOAD_SECONDS,
    MAX_SECONDS,
    Refusal,
    answered,
    lent,
    refused,
)

if TYPE_CHECKING:
    from segui.finders.base import Area, Asked
    from segui.finders.models.boxed import Boxed
    from segui.finders.models.hub import HubFinder
    from segui.geometry import Box

MEGAPIXEL_SECONDS: Final = 0.5  # to cut out what was found in a photo of so many
WORD_SECONDS: Final = 1.0
_PACKING: Final = 1  # zlib's level: masks are long runs, and a GPU waits


class LentFinderModel(NamedTuple):
    """A model's names, as plain text for another process.

    Args:
        repo_id: The repo, or what the user calls a folder.
        revision: The commit whose files are here; empty of a local folder.
        folder: The folder of a local model; empty where there is none.
    """

    repo_id: str
    revision: str = ""
    folder: str = ""


class Question(NamedTuple):
    """What a model is asked, as any process can read it.

    Args:
        size_hw: The photo's height and width.
        pixels: Its RGB, row by row.
        asked: What is looked for.
        wants_boxes: Whether boxes are wanted, or areas.
        max_megapixels: The most of all areas together that are cut out.
    """

    size_hw: tuple[int, int]
    pixels: bytes
    asked: "Asked"
    wants_boxes: bool
    max_megapixels: float


class PlainArea(NamedTuple):
    """An area as plain numbers and bytes; of a box alone, ``packed`` is empty.

    Args:
        box: What of the photo it covers, xyxy px.
        label: What it is.
        confidence: How sure the model is, 0..1.
        packed: How much of each pixel belongs to it, row by row, packed by zlib.
        found: Where the thing itself was seen, or None.
    """

    box: tuple[int, int, int, int]
    label: str
    confidence: float
    packed: bytes = b""
    found: tuple[int, int, int, int] | None = None


Ask = Callable[[LentFinderModel, Question], list[PlainArea]]


def finding_s(_key: LentFinderModel, asked: Question) -> int:
    """How long a search may take, in whole seconds: longer ones wait longer for their turn.

    Example:
        >>> from segui.finders.base import Asked
        >>> finding_s(LentFinderModel("org/finds"), Question((3000, 4000), b"", Asked(), False, 9))
        31
    """
    megapixels = asked.size_hw[0] * asked.size_hw[1] / 1e6
    expected = LOAD_SECONDS + CALL_SECONDS + MEGAPIXEL_SECONDS * megapixels
    return min(MAX_SECONDS, math.ceil(expected + WORD_SECONDS * len(asked.asked.words)))


def finding_on_gpu(
    make: Callable[[LentFinderModel], "HubFinder"], environment: Mapping[str, str] = os.environ
) -> Ask:
    """The function that finds where the GPU is; call this before the page is launched.

    Args:
        make: Makes the finder of a key; on ZeroGPU it is called in the other process.
        environment: The variables that tell where this is.

    Returns:
        A function of a key and a question. It raises what the model refuses, and a
        ClassifierError where no GPU can be had.
    """
    made = lru_cache(maxsize=KEPT_MODELS)(make)

    def find(key: LentFinderModel, asked: Question) -> list[PlainArea] | Refusal:
        import numpy as np

        from segui.finders.models.effort import Effort

        picture = np.frombuffer(asked.pixels, np.uint8).reshape(*asked.size_hw, 3)
        effort = Effort(max_megapixels=asked.max_megapixels)
        try:
            finder = made(key)
            if asked.wants_boxes:
                return list(map(_plain_box, finder.boxes(picture, asked.asked, effort)))
            return list(map(_plain, finder.areas(picture, asked.asked, effort)))
        except SeguiError as error:
            return refused(error)

    return partial(answered, lent(find, finding_s, environment))


def _plain_box(one: "Boxed") -> PlainArea:
    return PlainArea(_numbers(one.box), str(one.label), float(one.confidence))


def _plain(area: "Area") -> PlainArea:
    packed = zlib.compress(area.levels.tobytes(), _PACKING)
    found = None if area.found is None else _numbers(area.found)
    return PlainArea(_numbers(area.box), str(area.label), float(area.confidence), packed, found)


def _numbers(box: "Box") -> tuple[int, int, int, int]:
    return int(box.x1), int(box.y1), int(box.x2), int(box.y2)
