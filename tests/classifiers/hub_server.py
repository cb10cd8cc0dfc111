"""A hub of the tests' own: on loopback, it answers what huggingface_hub's real client asks for.

It serves folders as model repos and counts what was asked and sent. What it answers, and how:

- ``GET /api/models/ORG/NAME`` and ``.../revision/REV``: the commit, and the files with their sizes.
- ``HEAD`` and ``GET /ORG/NAME/resolve/REV/FILE``: a file, or a part of it, with the headers that
  name its commit and its content; weights may lie on another host, as large files do on the hub.
- A refusal has the hub's own ``X-Error-Code``, which is what the client goes by.

huggingface_hub reads ``HF_ENDPOINT`` when it is imported. A process of its own is given
``HubServer.environment()``; within the tests' own process ``reaching`` sets what was read.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import unquote, urlsplit

import huggingface_hub
import pytest
from huggingface_hub import constants

PIECE = 16_384
LARGE = (".safetensors", ".bin")


@dataclass(frozen=True)
class Repo:
    """A repo of the hub, and how it behaves.

    Args:
        folder: Its files.
        tags: Revisions that it has beside ``main`` and its commit.
        gated: Its files are refused, though it is listed.
        opened_by: The token with which they are not, though it is gated.
        refusal: It is refused as a whole, with this message and no code.
        listed_sizes: Whether the list of files says how large they are.
        stated: Sizes that are stated in place of true ones; of such a file nothing is sent.
        breaks: How many times the weights' connection is closed half-way.
        short: Half the weights are sent as if they were all.
        fails_again: Every request for a part of a file is answered with an error.
        elsewhere: The weights lie on another host: their address is a redirect.
        pause: Called before each 16 kB of weights with the bytes sent so far.
    """

    folder: Path
    tags: tuple[str, ...] = ()
    gated: bool = False
    opened_by: str = ""
    refusal: str = ""
    listed_sizes: bool = True
    stated: Mapping[str, int] = field(default_factory=dict)
    breaks: int = 0
    short: bool = False
    fails_again: bool = False
    elsewhere: bool = False
    pause: Callable[[int], None] | None = None

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The content of each file by its name."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}

    @cached_property
    def commit(self) -> str:
        """A hash of all that is in it."""
        parts = [part for name, data in self.files.items() for part in (name.encode(), data)]
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def has(self, revision: str) -> bool:
        """Whether it has such a branch, tag or commit."""
        return revision in {"main", self.commit, *self.tags}

    def size(self, name: str) -> int:
        """How large it says that a file is."""
        return self.stated.get(name, len(self.files[name]))

    def listing(self, repo_id: str) -> dict[str, object]:
        """What the hub's interface says of it."""
        siblings: list[dict[str, object]] = [{"rfilename": name} for name in self.files]
        if self.listed_sizes:
            siblings = [
                {"rfilename": name, "size": self.size(name), "blobId": "0" * 40}
                for name in self.files
            ]
        gated = "manual" if self.gated else False
        return {
            "id": repo_id,
            "sha": self.commit,
            "private": False,
            "gated": gated,
            "siblings": siblings,
            "tags": [],
        }


@dataclass
class Asked:
    """A request, and what was sent for it so far.

    Args:
        method: ``GET`` or ``HEAD``.
        repo_id: Whom it was about.
        file: The file; empty for the list of files.
        status: The answer's number.
        start: The first byte that was asked for.
        sent: Bytes of the file that were sent.
    """

    method: str
    repo_id: str
    file: str
    status: int
    start: int = 0
    sent: int = 0


class HubServer:
    """A running hub. Repos are put into ``repos`` by their ids at any time.

    ``down`` and ``asked_too_often`` are switches.

    Args:
        port: Where it listens.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.repos: dict[str, Repo] = {}
        self.asked: list[Asked] = []
        self.down = False
        self.asked_too_often = False
        self._breaks: dict[str, int] = {}
        self._lock = Lock()

    @property
    def url(self) -> str:
        """What ``HF_ENDPOINT`` is to be."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, cache: Path) -> dict[str, str]:
        """The variables of a process that is to use this hub, with a cache of its own."""
        return {
            "HF_ENDPOINT": self.url,
            "HF_HUB_OFFLINE": "0",
            "TRANSFORMERS_OFFLINE": "0",
            "HF_HUB_CACHE": str(cache),
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def sent(self, repo_id: str) -> list[str]:
        """The files of a repo of which at least a byte was sent, in order, each once."""
        asked = [ask for ask in self.asked if ask.repo_id == repo_id and ask.sent]
        return list(dict.fromkeys(ask.file for ask in asked))

    def bytes_sent(self, repo_id: str) -> int:
        """The bytes of a repo's files that were sent."""
        return sum(ask.sent for ask in self.asked if ask.repo_id == repo_id)

    def to_break(self, repo_id: str) -> bool:
        """Whether this request for weights is one that is cut off."""
        with self._lock:
            count = self._breaks.get(repo_id, 0)
            self._breaks[repo_id] = count + 1
        return count < self.repos[repo_id].breaks


@contextmanager
def running_hub() -> Iterator[HubServer]:
    """Start a hub with no repos; end it."""

    class Answer(_Answer):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    server.block_on_close = False  # a test may leave one that waits
    hub = Answer.hub = HubServer(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def reaching(hub: HubServer, cache: Path) -> Iterator[None]:
    """Let huggingface_hub in this process use a hub, with a cache of its own, and take it back.

    Args:
        hub: The hub.
        cache: The folder that is to be its cache.
    """
    changes = {
        "ENDPOINT": hub.url,
        "HUGGINGFACE_CO_URL_TEMPLATE": hub.url + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_OFFLINE": False,
        "HF_HUB_CACHE": str(cache),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changes.items():
            patch.setattr(constants, name, value)
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1,localhost")
        # The client is made once and keeps what it found in the environment.
        huggingface_hub.close_session()
        yield
        huggingface_hub.close_session()


class _Answer(BaseHTTPRequestHandler):
    """Answers one connection."""

    hub: HubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def handle(self) -> None:
        """Answer until whoever asks leaves, in the middle of an answer or not."""
        with suppress(ConnectionError):
            super().handle()

    def do_HEAD(self) -> None:
        self._route()

    def do_GET(self) -> None:
        self._route()

    def _route(self) -> None:
        parts = [unquote(part) for part in urlsplit(self.path).path.split("/")[1:]]
        match parts:
            case _ if self.hub.down:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "")
            case _ if self.hub.asked_too_often:
                self._refuse(HTTPStatus.TOO_MANY_REQUESTS, "")
            case ["api", "models", organisation, name]:
                self._list(f"{organisation}/{name}", "main")
            case ["api", "models", organisation, name, "revision", revision]:
                self._list(f"{organisation}/{name}", revision)
            case [organisation, name, "resolve", revision, file]:
                self._resolve(f"{organisation}/{name}", revision, file)
            case ["large", organisation, name, file]:
                self._send(f"{organisation}/{name}", file)
            case _:
                self._refuse(HTTPStatus.NOT_FOUND, "")

    def _list(self, repo_id: str, revision: str) -> None:
        repo = self._repo(repo_id, revision)
        if repo is None:
            return
        body = json.dumps(repo.listing(repo_id)).encode()
        self._note(repo_id, "", HTTPStatus.OK)
        self._head(HTTPStatus.OK, {"Content-Length": len(body), "Content-Type": "application/json"})
        self.wfile.write(body)

    def _repo(self, repo_id: str, revision: str) -> Repo | None:
        """The repo when it is there and has the revision; else the refusal is sent."""
        repo = self.hub.repos.get(repo_id)
        if repo is None:
            self._refuse(HTTPStatus.UNAUTHORIZED, "RepoNotFound", repo_id)
        elif repo.refusal:
            self._refuse(HTTPStatus.FORBIDDEN, "", repo_id, message=repo.refusal)
            repo = None
        elif not repo.has(revision):
            self._refuse(HTTPStatus.NOT_FOUND, "RevisionNotFound", repo_id)
            repo = None
        return repo

    def _resolve(self, repo_id: str, revision: str, file: str) -> None:
        repo = self._repo(repo_id, revision)
        if repo is None:
            return
        if repo.gated and not self._opens(repo):
            self._refuse(HTTPStatus.FORBIDDEN, "GatedRepo", repo_id, file)
        elif file not in repo.files:
            self._refuse(HTTPStatus.NOT_FOUND, "EntryNotFound", repo_id, file)
        elif repo.elsewhere and file.endswith(LARGE):
            self._redirect(repo, repo_id, file)
        else:
            self._send(repo_id, file)

    def _opens(self, repo: Repo) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return bool(repo.opened_by) and token == repo.opened_by

    def _redirect(self, repo: Repo, repo_id: str, file: str) -> None:
        headers = {
            "Location": f"http://localhost:{self.hub.port}/large/{repo_id}/{file}",
            "X-Linked-ETag": _etag(repo, file),
            "X-Linked-Size": repo.size(file),
            "X-Repo-Commit": repo.commit,
            "Content-Length": 0,
        }
        self._note(repo_id, file, HTTPStatus.FOUND)
        self._head(HTTPStatus.FOUND, headers)

    def _send(self, repo_id: str, file: str) -> None:
        repo = self.hub.repos[repo_id]
        start = self._start()
        if start and repo.fails_again:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "", repo_id, file)
            return
        body = self.command == "GET"
        size = repo.size(file)
        if body and repo.short and file.endswith(LARGE):
            size //= 2
        status = HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK
        headers = {
            "ETag": _etag(repo, file),
            "X-Repo-Commit": repo.commit,
            "Accept-Ranges": "bytes",
            "Content-Length": size - start,
        }
        if start:
            headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        asked = self._note(repo_id, file, status, start)
        self._head(status, headers)
        if body:
            self._send_body(repo, asked, size)

    def _start(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])

    def _send_body(self, repo: Repo, asked: Asked, size: int) -> None:
        """Send a file, that is so large, from a byte on."""
        if asked.file in repo.stated:
            self.close_connection = True
            return
        large = asked.file.endswith(LARGE)
        end = size
        if large and self.hub.to_break(asked.repo_id):
            self.close_connection = True
            end = (asked.start + size) // 2
        for place in range(asked.start, end, PIECE):
            if large and repo.pause is not None:
                repo.pause(place)
            piece = repo.files[asked.file][place : min(end, place + PIECE)]
            self.wfile.write(piece)
            asked.sent += len(piece)

    def _refuse(
        self,
        status: HTTPStatus,
        code: str,
        repo_id: str = "",
        file: str = "",
        message: str = "no",
    ) -> None:
        headers: dict[str, object] = {"Content-Length": 0, "X-Error-Message": message}
        if code:
            headers["X-Error-Code"] = code
        self._note(repo_id, file, status)
        self._head(status, headers)

    def _head(self, status: HTTPStatus, headers: Mapping[str, object]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()

    def _note(self, repo_id: str, file: str, status: HTTPStatus, start: int = 0) -> Asked:
        asked = Asked(self.command, repo_id, file, int(status), start)
        self.hub.asked.append(asked)
        return asked


def _etag(repo: Repo, file: str) -> str:
    digest = hashlib.sha256(repo.files[file]).hexdigest()
    return f'"{digest}"'
