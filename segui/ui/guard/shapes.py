"""How many values a body has and how deep they lie, looked at before anything walks through them.

A megabyte of ``[],[],[]`` is half a million values: it takes a hundred times as long to read as a
megabyte of text, on the loop that answers everybody.
"""

from collections.abc import Iterable
from typing import Any, Final

import orjson  # with which Gradio writes its answers

from segui.ui.guard.refusals import Refusal

_MARKS: Final = (b",", b"[", b"{", b":")  # each value but the first one has one before it
_MOST_DEPTH: Final = 50  # a page's have 6
_MARKS_OF_A_FILE: Final = 40  # a file is described with 18; its name may have some more
_MARKS_BESIDE: Final = 10_000  # all options of a page and a text of 4,000 characters have half
_VALUES_OF_A_FILE: Final = 10  # it is described with 9
_VALUES_BESIDE: Final = 1000  # a page sends some 60, a call as many


def most_marks(files: int) -> int:
    """How many commas, colons and opening brackets a body may have.

    Args:
        files: How many it may name.

    >>> most_marks(256)
    20240
    """
    return _MARKS_BESIDE + _MARKS_OF_A_FILE * files


def marks_refusal(body: bytes, most: int) -> Refusal | None:
    """Why a body is not even parsed; None where it is.

    Those within a text count too: to know which is one would take as long as parsing.

    Args:
        body: As it came; base64 has none of what is counted.
        most: How many commas, colons and opening brackets it may have.
    """
    found = sum(body.count(mark) for mark in _MARKS)
    if found <= most:
        return None
    sentence = f"this request has {found} commas, colons and brackets: at most {most} are read"
    return Refusal(413, sentence)


def depth_refusal(said: Any) -> Refusal | None:
    """Why values that lie within each other are not looked at; None where they are.

    Args:
        said: A body as JSON describes it.
    """
    level = [said]
    for _ in range(_MOST_DEPTH + 1):
        level = [inner for value in level for inner in children(value)]
        if not level:
            return None
    sentence = f"this request has values within values: at most {_MOST_DEPTH} deep are read"
    return Refusal(400, sentence)


def most_values(files: int) -> int:
    """How many values a body may have: Gradio copies and walks through all of them several times.

    Args:
        files: How many it may name.

    >>> most_values(256)
    3560
    """
    return _VALUES_BESIDE + _VALUES_OF_A_FILE * files


def values_refusal(said: Any, most: int) -> Refusal | None:
    """Why a body is not passed on for the number of its values; None where it is.

    A text is one value, whatever stands in it, and so is a list, beside what lies in it.

    Args:
        said: A body as JSON describes it, not too deep.
        most: How many values it may have.
    """
    found, level = 0, [said]
    while level:
        found += len(level)
        level = [inner for value in level for inner in children(value)]
    if found <= most:
        return None
    sentence = f"this request has {found} values: at most {most} are read"
    return Refusal(413, sentence)


def writing_refusal(said: Any) -> Refusal | None:
    """Why values could not be written again, as an answer may have to; None where they can.

    Args:
        said: A body as JSON describes it: Python reads whole numbers of any size, and halves of
            characters.
    """
    try:
        orjson.dumps(said)
    except orjson.JSONEncodeError as error:
        sentence = f"this request has a value that cannot be written as JSON: {error}"
        return Refusal(400, sentence)
    return None


def children(said: Any) -> Iterable[Any]:
    """What lies within a value of JSON."""
    if isinstance(said, dict):
        return said.values()
    return said if isinstance(said, list) else ()
