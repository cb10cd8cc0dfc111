"""Streams of answers, asked for by the name of an event or of a session.

Gradio begins a stream for any name, with 200, and breaks it off with a traceback where it finds
that there is none of that name.
"""

import re
from typing import Any, Final
from urllib.parse import parse_qs

from segui.errors import shown
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.sessions import MAX_FIELDS

_CALL: Final = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)/?$")
_SESSION: Final = re.compile(r"/gradio_api/queue/data/?$")


def stream_refusal(path: str, query: str, queue: Any) -> Refusal | None:
    """Why there is no such stream; None where there is, or none was asked for.

    Args:
        path: What is asked by GET.
        query: What stands after the question mark.
        queue: Gradio's; it knows an event by its session until the answer was fetched.
    """
    if found := _CALL.search(path):
        if _is_to_be_fetched(found[1], queue):
            return None
        why = "it was never asked for, or its answer was fetched or has waited for too long"
        return Refusal(404, f"there is no event {shown(found[1])}: {why}")
    if not _SESSION.search(path):
        return None
    names = parse_qs(query, max_num_fields=MAX_FIELDS).get("session_hash")
    if not names or names[-1] in queue.pending_messages_per_session:
        return None
    how = "one begins with an event at /gradio_api/queue/join"
    return Refusal(404, f"there is no session {shown(names[-1])} that waits for anything: {how}")


def _is_to_be_fetched(event: str, queue: Any) -> bool:
    """Whether an event's answer is still to come to somebody; once it was fetched, none follows."""
    known = queue.pending_event_ids_session.items()
    session = next((session for session, events in known if event in events), None)
    return session in queue.pending_messages_per_session
