"""Calls and events that Gradio would fail at, refused with a sentence.

Gradio answers them with a bare "Internal Server Error" or ``{"error": null}``, and writes what was
sent into the log, with a traceback of twenty lines each.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from segui.errors import shown
from segui.ui.guard.refusals import Refusal

_CALL: Final = re.compile(r"/gradio_api/call/(?:v2/)?([^/]*)/?$")
_EVENT: Final = re.compile(r"/gradio_api/(?:queue/join|(?:run|api)/[^/]*)/?$")
_DIRECT: Final = re.compile(r"/gradio_api/(?:run|api)/[^/]*/?$")
# nothing of the page asks for them; each works on what it is given
_CLOSED: Final = re.compile(
    r"/gradio_api/(?:component_server|process_recording|(?:undo-)?vibe-[^/]*)/?$"
)
_MOST_DEPTH: Final = 50


@dataclass(frozen=True)
class Known:
    """What a server can be asked.

    Args:
        endpoints: How many values each one takes, by its name.
        values: How many values each event takes, by its number.
        folder: Where uploads lie, without links.
        most_files: How many of them one request may name.
    """

    endpoints: Mapping[str, int]
    values: Mapping[int, int]
    folder: Path
    most_files: int = 259


def call_refusal(path: str, body: Any, known: Known) -> Refusal | None:
    """What is wrong with a call or an event; None where nothing is.

    Args:
        path: What is asked.
        body: The body as JSON describes it.
        known: What can be asked.
    """
    if _CLOSED.search(path):
        return Refusal(404, "there is no such address here")
    found = _CALL.search(path)
    if found and found[1] not in known.endpoints:
        expected = ", ".join(repr(name) for name in sorted(known.endpoints))
        sentence = f"there is no endpoint {shown(found[1])}: expected one of {expected}"
        return Refusal(404, sentence)
    if not isinstance(body, Mapping) or not (found or _EVENT.search(path)):
        return None
    refusal = _data_refusal(body, found[1], known) if found else _event_refusal(body, known)
    return refusal or _file_refusal(body, known, must_exist=bool(_DIRECT.search(path)))


def _event_refusal(body: Mapping[str, Any], known: Known) -> Refusal | None:
    number, data = body.get("fn_index"), body.get("data")
    if not isinstance(number, int) or isinstance(number, bool) or number not in known.values:
        expected = f"expected the number of an event, up to {max(known.values)}"
        return Refusal(404, f"fn_index is {shown(number)}: {expected}")
    wanted = known.values[number]
    if isinstance(data, list) and len(data) != wanted:
        return Refusal(400, f"data has {_values(len(data))}: expected {wanted}")
    return None


def _data_refusal(body: Mapping[str, Any], name: str, known: Known) -> Refusal | None:
    """What is wrong with how many values there are; names are looked at by the endpoints."""
    data, most = body.get("data"), known.endpoints[name]
    if data == []:
        return Refusal(400, "data has no values: expected at least the image")
    if isinstance(data, list) and len(data) > most:
        return Refusal(400, f"data has {_values(len(data))}: expected at most {most}")
    return None


def _values(count: int) -> str:
    return f"{count} value" + "s" * (count != 1)


def _file_refusal(body: Mapping[str, Any], known: Known, *, must_exist: bool) -> Refusal | None:
    """Where a file is named that was never uploaded, or there are too many of them.

    Args:
        body: What is sent.
        known: Where uploads lie, and how many may be named.
        must_exist: Whether one that is gone is refused here; the endpoints say which one it is.
    """
    # of what comes with an event Gradio takes all that has a path for a file
    event = _paths(body.get("event_data"), _MOST_DEPTH, is_marked=False)
    values = {name: value for name, value in body.items() if name != "event_data"}
    paths = [*_paths(values, _MOST_DEPTH), *event]
    if len(paths) > known.most_files:
        sentence = f"this request names {len(paths)} files: at most {known.most_files} are read"
        return Refusal(413, sentence)
    for path in paths:
        if not _is_upload(path, known.folder, must_exist=must_exist):
            how = "upload it to /gradio_api/upload and send the path that it gives"
            return Refusal(400, f"there is no upload {shown(path)}: {how}")
    return None


def _paths(said: Any, depth: int, *, is_marked: bool = True) -> Iterator[str]:
    """The paths of all files that are described in a body; addresses are refused elsewhere."""
    if isinstance(said, Mapping):
        path = said.get("path")
        is_file = "meta" in said or not is_marked
        if isinstance(path, str) and is_file and not _is_address(path):
            yield path
        said = list(said.values())
    if isinstance(said, list) and depth:
        for item in said:
            yield from _paths(item, depth - 1, is_marked=is_marked)


def _is_address(path: str) -> bool:
    return path.lower().startswith(("http:", "https:"))


def _is_upload(path: str, folder: Path, *, must_exist: bool) -> bool:
    try:
        real = Path(path).resolve()
        inside = real.is_relative_to(folder)
        return inside and (not must_exist or real.is_file())
    except (OSError, ValueError, RuntimeError):  # a name too long, a NUL in it, links in a circle
        return False
