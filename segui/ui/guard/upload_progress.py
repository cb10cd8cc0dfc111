"""How far uploads have come, bounded: Gradio keeps each name that it was asked for, for good.

A page asks for it by a name that its browser makes up, and nobody has to upload anything for it.
"""

import asyncio
import re
from typing import Any, Final
from urllib.parse import parse_qs

from gradio import routes
from gradio.route_utils import FileUploadProgress
from gradio.utils import LRUCache

from segui.ui.guard.refusals import Refusal
from segui.ui.guard.sessions import MAX_FIELDS, odd_word

MOST_UPLOADS: Final = 2000  # that are told of at once; of more, the oldest are told of no longer
_TOLD: Final = re.compile(r"/gradio_api/upload(?:_progress)?/?$")


class _Signals(LRUCache[str, asyncio.Event]):
    """What those wait for who ask before the upload has begun."""

    def __missing__(self, upload: str) -> asyncio.Event:
        self[upload] = asyncio.Event()
        return self[upload]


class BoundedProgress(FileUploadProgress):
    """Gradio's, of the latest uploads alone."""

    def __init__(self, most: int = MOST_UPLOADS) -> None:
        super().__init__()
        statuses: LRUCache[str, Any] = LRUCache(most)
        self._statuses = statuses
        self._signals = _Signals(most)  # type: ignore[assignment]  # it does what Gradio's does

    def stop_tracking(self, upload_id: str) -> None:
        """Forget an upload: whoever listened to it has heard of its end, or is gone."""
        super().stop_tracking(upload_id)
        self._signals.pop(upload_id, None)


def bound_upload_progress() -> None:
    """Have all servers of this process keep what they tell of uploads for the latest alone."""
    routes.file_upload_statuses = BoundedProgress()


def upload_refusal(path: str, query: str) -> Refusal | None:
    """What is wrong with the name that an upload is given; None where nothing is.

    Args:
        path: What is asked.
        query: What stands after the question mark.
    """
    if not _TOLD.search(path):
        return None
    names = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_FIELDS).get("upload_id", ())
    return next((odd for name in names if (odd := odd_word("upload_id", name))), None)
