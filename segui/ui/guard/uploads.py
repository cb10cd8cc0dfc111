"""Uploads, counted as they come: a request may have many files, each as large as is allowed.

Gradio takes a thousand files of one request, and bounds each of them alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segui.amounts import allowed, rounded_up
from segui.ui.guard.bodies import MB, is_upload, length_of
from segui.ui.guard.disk import Coming, DiskRoom
from segui.ui.guard.refusals import Refusal, refuse
from segui.ui.guard.shares import UploadShares

_MOST_OF_A_MARK: Final = 70  # as RFC 2046 has it; at a long one Gradio's parser fails
_OF_A_FILE: Final = 64 * 1024  # bytes that each counts beside its own: its place and its folder's
_HOW: Final = "are taken at once; several uploads may have more"


class Parts:
    """Counts the parts of a form that are whole, however its bytes come.

    Args:
        mark: What stands between them; empty counts none.
    """

    def __init__(self, mark: bytes) -> None:
        self._mark = mark
        self._tail = b""
        self._marks = 0

    def add(self, data: bytes) -> None:
        """Count what has come now."""
        if not self._mark:
            return
        joined = self._tail + data
        self._marks += joined.count(self._mark)
        # a mark may come in two pieces; one that was counted is not in the tail as a whole
        self._tail = joined[joined.rfind(self._mark) + 1 :][-len(self._mark) + 1 :]

    @property
    def count(self) -> int:
        """How many have ended; the mark after the last one ends the form."""
        return max(0, self._marks - 1)


@dataclass(frozen=True)
class Most:
    """How much one upload may have.

    Args:
        size: Bytes, those between the files included.
        files: Files.
    """

    size: int
    files: int

    def refusal(self, size: int, files: int, *, is_whole: bool) -> Refusal | None:
        """Why an upload is not taken; None where it is.

        Args:
            size: Its bytes, as far as they are known.
            files: Its files, as far as they have come.
            is_whole: Whether that is all of it.
        """
        if size > self.size:
            most = f"{allowed(self.size / MB)} MB"
            found = f"{rounded_up(size / MB)} MB" if is_whole else f"more than {most}"
            return Refusal(413, f"this upload has {found}: at most {most} {_HOW}")
        if files > self.files:
            sentence = f"this upload has more than {self.files} files: at most {self.files} {_HOW}"
            return Refusal(413, sentence)
        return None


class Uploading:
    """Ends an upload that has more than is allowed; what came of it is removed.

    Args:
        app: Who takes it.
        most_bytes: Of one request.
        most_files: Of one request.
        shares: What each client has uploaded lately.
        room: What all of them together may take of the disk.
    """

    def __init__(
        self,
        app: ASGIApp,
        most_bytes: int,
        most_files: int,
        shares: UploadShares,
        room: DiskRoom,
    ) -> None:
        self._app = app
        self._most = Most(most_bytes, most_files)
        self._shares = shares
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not is_upload(scope["path"]):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            with self._room.kept_for(length_of(scope) or self._most.size) as coming:
                refusal = await self._room.refusal()
                if refusal is None:
                    refusal = await self._passed_on(scope, receive, send, coming)
        if refusal is not None:
            await refuse(refusal, scope, receive, send)

    def _refusal(self, scope: Scope) -> Refusal | None:
        """Why it is not taken, by what it says of itself; None where it is."""
        length = length_of(scope) or 0
        return (
            mark_refusal(Headers(scope=scope))
            or self._most.refusal(length, 0, is_whole=True)
            or self._shares.refusal_of_one(length, is_whole=True)
            or self._shares.refusal(scope, length)
        )

    async def _passed_on(
        self, scope: Scope, receive: Receive, send: Send, coming: Coming
    ) -> Refusal | None:
        """Have it taken as it comes; why not all of it was, and then nothing is answered yet."""
        size, taken, parts = 0, 0, Parts(_mark(Headers(scope=scope)))
        refusal: Refusal | None = None

        async def counting() -> Message:
            nonlocal size, taken, refusal
            message = await receive()
            come = message.get("body", b"")
            size += len(come)
            coming.add(len(come))
            whole = parts.count
            parts.add(come)
            refusal = self._most.refusal(size, parts.count, is_whole=False)
            taking = len(come) + _OF_A_FILE * (parts.count - whole)
            taken += taking
            refusal = refusal or self._shares.refusal_of_one(taken, is_whole=False)
            # several at once have room for one each when they begin
            refusal = refusal or self._shares.refusal(scope, taking)
            self._shares.add(scope, taking)
            if refusal is not None:
                # at this one Gradio removes what it has written
                raise MultiPartException(refusal.sentence)
            return message

        async def sending(message: Message) -> None:
            if refusal is None:
                await send(message)

        try:
            await self._app(scope, counting, sending)
        except MultiPartException:
            if refusal is None:
                raise
        return refusal


def mark_refusal(headers: Mapping[str, str]) -> Refusal | None:
    """Why what stands between the parts of a form is not looked for; None where it is.

    Args:
        headers: The request's, by their names in small letters.
    """
    found = len(_boundary(headers))
    if found <= _MOST_OF_A_MARK:
        return None
    sentence = f"the boundary of this upload has {found} characters: at most {_MOST_OF_A_MARK}"
    return Refusal(400, sentence)


def _mark(headers: Mapping[str, str]) -> bytes:
    """What stands between the parts of a form; empty where nothing says so."""
    boundary = _boundary(headers)
    return b"--" + boundary if boundary else b""


def _boundary(headers: Mapping[str, str]) -> bytes:
    _, options = parse_options_header(headers.get("content-type", ""))
    return options.get(b"boundary", b"")
