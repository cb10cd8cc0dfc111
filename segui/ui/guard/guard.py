"""All that looks at a request before Gradio does, in order."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from gradio.utils import get_upload_folder
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import Scope

from segui.settings import Settings
from segui.storing import limit
from segui.ui.guard.addresses import Addresses
from segui.ui.guard.bodies import MB, Bodies
from segui.ui.guard.calls import Known, call_refusal, closed_refusal
from segui.ui.guard.clients import Rates
from segui.ui.guard.connections import Open, Requests
from segui.ui.guard.disk import DiskRoom
from segui.ui.guard.faults import Faults, refused_by_gradio, unread
from segui.ui.guard.files import Uploads
from segui.ui.guard.headers import SafeHeaders
from segui.ui.guard.health import Health, queue_of, queue_trouble
from segui.ui.guard.origins import Names, host_refusal, origin_refusal
from segui.ui.guard.ranges import Ranges
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.sessions import fields_refusal, session_in_address, session_in_body
from segui.ui.guard.shapes import depth_refusal, most_marks, most_values, values_refusal
from segui.ui.guard.shares import UploadShares
from segui.ui.guard.sharing import SharesWithItself
from segui.ui.guard.streams import stream_refusal
from segui.ui.guard.upload_progress import upload_refusal
from segui.ui.guard.uploads import Uploading

_OTHER_FILES: Final = 3  # beside masks: the photo, its edited version, a file of settings


def guard_options(
    settings: Settings, host: str = "", scripts: Iterable[str] = (), first: str = ""
) -> dict[str, Any]:
    """What guards the server, for ``app_kwargs`` of ``launch``; the first is the outermost.

    Args:
        settings: For the largest body, and by which names the server is asked.
        host: Where it listens; empty where that is not known.
        scripts: Texts of scripts that Gradio adds to a page once it is there.
        first: Text of the script that a page runs before Gradio's own.
    """
    on_space = bool(os.environ.get("SPACE_ID", "").strip())
    names = Names(host, settings.allowed_hosts, on_space)
    most_files = settings.max_masks + _OTHER_FILES
    folder = Path(get_upload_folder()).resolve()
    uploads = Uploads(folder, most_files)
    checks = (_depth, _crowd_checked(most_values(most_files)), _session, _call_checked(uploads))
    rates = Rates(settings.client_requests, settings.proxies)
    of_queries = (_fields, _session_in_address, _upload, _stream)
    addresses = (rates, _site_checked(names), _closed, *of_queries)
    return {
        "middleware": [
            Middleware(SafeHeaders, on_space=on_space, added=tuple(scripts), first=first),
            Middleware(SharesWithItself, names=names, proxies=settings.proxies),
            Middleware(Health, trouble=queue_trouble),
            Middleware(Requests, room=Open(settings.client_connections), proxies=settings.proxies),
            Middleware(Addresses, checks=addresses),
            Middleware(Ranges),
            Middleware(
                Bodies,
                most=int(settings.max_body_mb * MB),
                most_marks=most_marks(most_files),
                checks=checks,
            ),
            Middleware(
                Uploading,
                # a file of the largest size has some bytes around it
                most_bytes=int(max(settings.max_upload_mb, settings.max_file_mb + 1) * MB),
                most_files=most_files,
                shares=UploadShares(
                    settings.client_upload_mb * MB, settings.cache_seconds, settings.proxies
                ),
                room=DiskRoom(limit(folder, settings.max_disk_mb * MB)),
            ),
            Middleware(Faults),
        ],
        "exception_handlers": {RequestValidationError: unread, HTTPException: refused_by_gradio},
    }


def _site_checked(names: Names) -> Callable[[Scope], Refusal | None]:
    def check(scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        return host_refusal(headers, names) or origin_refusal(scope["method"], headers, names)

    return check


def _closed(scope: Scope) -> Refusal | None:
    return closed_refusal(scope["path"])


def _fields(scope: Scope) -> Refusal | None:
    return fields_refusal(_query(scope))


def _session_in_address(scope: Scope) -> Refusal | None:
    return session_in_address(scope["path"], _query(scope))


def _upload(scope: Scope) -> Refusal | None:
    return upload_refusal(scope["path"], _query(scope))


def _query(scope: Scope) -> str:
    return str(scope.get("query_string", b"").decode("latin-1"))


def _stream(scope: Scope) -> Refusal | None:
    if scope["method"] != "GET":
        return None
    return stream_refusal(scope["path"], _query(scope), queue_of(scope))


def _session(scope: Scope, body: Any) -> Refusal | None:
    return session_in_body(scope["path"], body)


def _depth(_scope: Scope, body: Any) -> Refusal | None:
    return depth_refusal(body)


def _crowd_checked(most: int) -> Callable[[Scope, Any], Refusal | None]:
    def check(_scope: Scope, body: Any) -> Refusal | None:
        return values_refusal(body, most)

    return check


def _call_checked(uploads: Uploads) -> Callable[[Scope, Any], Refusal | None]:
    def check(scope: Scope, body: Any) -> Refusal | None:
        return call_refusal(scope["path"], body, _known(scope, uploads))

    return check


def _known(scope: Scope, uploads: Uploads) -> Known:
    """What the app of a request can be asked; some events are the browser's alone."""
    events = [event for event in scope["app"].get_blocks().fns.values() if event.fn]
    public = [event for event in events if event.api_visibility == "public"]
    return Known(
        {event.api_name: len(event.inputs) for event in public},
        {event._id: len(event.inputs) for event in events},  # noqa: SLF001  it has no other name
        uploads,
    )
