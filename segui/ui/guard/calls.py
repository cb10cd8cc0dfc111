"""Calls and events that Gradio would fail at, refused with a sentence.

Gradio answers them with a bare "Internal Server Error" or ``{"error": null}``, and writes what was
sent into the log, with a traceback of twenty lines each.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from segui.errors import shown
from segui.ui.guard.files import Uploads, files_refusal
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.shapes import writing_refusal

_CALL: Final = re.compile(r"/gradio_api/call/(?P<v2>v2/)?(?P<name>[^/]*)/?$")
_EVENT: Final = re.compile(r"/gradio_api/(?:queue/join|(?:run|api)/[^/]*)/?$")
_DIRECT: Final = re.compile(r"/gradio_api/(?:run|api)/[^/]*/?$")
# nothing of the page asks for them; each works on what it is given, keeps what a session shows, is
# a stream without an end, or gives a call that waits other values, which nobody has looked at
_CLOSED: Final = re.compile(
    r"/gradio_api/(?:component_server|process_recording|(?:undo-)?vibe-[^/]*|stream/.*"
    r"|deep_link|dev/reload)/?$"
)


@dataclass(frozen=True)
class Known:
    """What a server can be asked.

    Args:
        endpoints: How many values each one takes, by its name.
        values: How many values each event takes, by its number.
        uploads: Which files one request may name.
    """

    endpoints: Mapping[str, int]
    values: Mapping[int, int]
    uploads: Uploads


def closed_refusal(path: str) -> Refusal | None:
    """Why an address is not answered, by whatever method it is asked; None where it is."""
    return Refusal(404, "there is no such address here") if _CLOSED.search(path) else None


def call_refusal(path: str, body: Any, known: Known) -> Refusal | None:
    """What is wrong with a call or an event; None where nothing is.

    Args:
        path: What is asked.
        body: The body as JSON describes it.
        known: What can be asked.
    """
    found = _CALL.search(path)
    name = found["name"] if found else ""
    if found and name not in known.endpoints:
        expected = ", ".join(repr(each) for each in sorted(known.endpoints))
        sentence = f"there is no endpoint {shown(found['name'])}: expected one of {expected}"
        return Refusal(404, sentence)
    if not isinstance(body, Mapping) or not (found or _EVENT.search(path)):
        return None
    if not found:
        refusal = _event_refusal(body, known)
    elif found["v2"]:
        refusal = _names_refusal(body)
    else:
        refusal = _data_refusal(body, known.endpoints[name])
    must_exist = bool(_DIRECT.search(path))
    return refusal or files_refusal(body, known.uploads, must_exist=must_exist)


def _event_refusal(body: Mapping[str, Any], known: Known) -> Refusal | None:
    number, data = body.get("fn_index"), body.get("data")
    if not isinstance(number, int) or isinstance(number, bool) or number not in known.values:
        expected = f"expected the number of an event, up to {max(known.values)}"
        return Refusal(404, f"fn_index is {shown(number)}: {expected}")
    wanted = known.values[number]
    if isinstance(data, list) and len(data) != wanted:
        return Refusal(400, f"data has {_values(len(data))}: expected {wanted}")
    return writing_refusal(body)


def _names_refusal(body: Mapping[str, Any]) -> Refusal | None:
    """What is wrong with named values; names that there are not, the endpoints refuse."""
    if "image" not in body:
        return Refusal(400, "image is missing: expected an uploaded file")
    return None


def _data_refusal(body: Mapping[str, Any], most: int) -> Refusal | None:
    data = body.get("data")
    if data == []:
        return Refusal(400, "data has no values: expected at least the image")
    if isinstance(data, list) and len(data) > most:
        return Refusal(400, f"data has {_values(len(data))}: expected at most {most}")
    return None


def _values(count: int) -> str:
    return f"{count} value" + "s" * (count != 1)
