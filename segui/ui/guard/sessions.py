"""Sessions' names as browsers and programs choose them, looked at before Gradio keeps anything.

Gradio files a session's events under two names when the given one is empty. That ended its queue.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from segui.errors import shown
from segui.ui.guard.refusals import Refusal

MAX_CHARACTERS: Final = 64
MAX_FIELDS: Final = 100  # of an address
_EXPECTED: Final = f"1 to {MAX_CHARACTERS} letters and digits"
_WORD: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_CHARACTERS}}}")  # clients' own are UUIDs
_NEEDS_ONE: Final = re.compile(r"/gradio_api/(queue/join|cancel)/?$")
_IN_PATH: Final = re.compile(r"/gradio_api/heartbeat/(.*)$", re.DOTALL)
_IN_QUERY: Final = re.compile(r"/gradio_api/queue/data/?$")


def session_in_body(path: str, body: Any) -> Refusal | None:
    """What is wrong with the session that a body names; None where nothing is.

    Args:
        path: What is asked.
        body: The body as JSON describes it; what is no object is Gradio's to refuse.
    """
    if not isinstance(body, Mapping):
        return None
    name = body.get("session_hash")
    if name is not None:
        return _odd(name)
    if _NEEDS_ONE.search(path):
        return Refusal(400, f"session_hash is missing: expected {_EXPECTED}")
    return None


def fields_refusal(query: str) -> Refusal | None:
    """What is wrong with the number of an address's fields; None where nothing is.

    Args:
        query: What stands after the question mark.
    """
    count = query.count("&") + 1
    if count <= MAX_FIELDS:
        return None
    return Refusal(400, f"the address has {count} fields: expected at most {MAX_FIELDS}")


def session_in_address(path: str, query: str) -> Refusal | None:
    """What is wrong with the session that an address names; None where nothing is.

    Args:
        path: What is asked.
        query: What stands after the question mark.
    """
    if found := _IN_PATH.search(path):
        return _odd(found[1].removesuffix("/"))
    if _IN_QUERY.search(path):
        said = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        return next((odd for name in said.get("session_hash", ()) if (odd := _odd(name))), None)
    return None


def _odd(name: object) -> Refusal | None:
    return odd_word("session_hash", name)


def odd_word(what: str, name: object) -> Refusal | None:
    """Why a name that is kept is not taken; None where it is.

    Args:
        what: What the name is called.
        name: As it was sent.
    """
    if isinstance(name, str) and _WORD.fullmatch(name):
        return None
    return Refusal(400, f"{what} is {shown(name)}: expected {_EXPECTED}")
