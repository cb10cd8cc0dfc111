"""A visitor without a browser: the page's own events over HTTP, and what it would then show."""

import json
import mimetypes
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx

PATIENCE_SECONDS: Final = 120.0
_PARTS: Final = re.compile(r"window\.segui\.take\(message, (\[.*?\])\)")
_SENDS, _COUNTS = "window.segui.send(", "window.segui.count("  # scripts of the page
_OPTION: Final = "option."
_ALERT: Final = 'role="alert"'


class WentWrongError(Exception):
    """What a visitor would have seen go wrong, in a sentence."""


@dataclass(frozen=True)
class Event:
    """One of the page's events, as the server knows it.

    Args:
        number: Its ``fn_index``.
        inputs: How many it has.
        is_counted: Whether the first of them is its count and the message that was taken last.
        has_values: Whether that says, too, what all controls say.
    """

    number: int
    inputs: int
    is_counted: bool
    has_values: bool


@dataclass(frozen=True)
class Layout:
    """What a server's page consists of, the same for all of its visitors.

    Args:
        events: By the id of the element, or the name of the part, and what happens to it.
        named: Those whose names say by themselves what they are, such as ``photo``.
    """

    events: Mapping[tuple[str, str], Event]
    named: Mapping[str, Event]

    @classmethod
    def of(cls, client: httpx.Client) -> "Layout":
        """The layout of a server."""
        config = client.get("/config").raise_for_status().json()
        names = _part_names(config["dependencies"])
        ids = {each["id"]: each["props"].get("elem_id") or "" for each in config["components"]}
        events: dict[tuple[str, str], Event] = {}
        named: dict[str, Event] = {}
        for one in config["dependencies"]:
            if one["backend_fn"]:
                event = _event_of(one)
                for component, what in one["targets"]:
                    named.setdefault(what, event)
                    for name in (ids.get(component, ""), names.get(component, "")):
                        events.setdefault((name, what), event)
        return cls(events, named)


def _part_names(dependencies: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """The name of each part that a message can tell of, by its component."""
    for one in dependencies:
        found = _PARTS.search(str(one["js"]))
        if found:
            return dict(zip(one["outputs"], json.loads(found[1]), strict=True))
    raise WentWrongError("the page has no place where it takes its messages apart")


def _event_of(dependency: Mapping[str, Any]) -> Event:
    js = str(dependency["js"])
    has_values = _SENDS in js
    return Event(
        dependency["id"], len(dependency["inputs"]), has_values or _COUNTS in js, has_values
    )


@dataclass(eq=False)
class Pageless:
    """A visitor whose page is open.

    Args:
        client: Of the server, this visitor's own.
        layout: The server's.
        session: The session's name, as a browser would choose it.
        shown: What the page shows, by part and property.
    """

    client: httpx.Client
    layout: Layout
    session: str
    shown: dict[tuple[str, str], Any] = field(default_factory=dict)
    _sequence: int = 0
    _taken: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)
    _lines: Iterator[str] = field(default_factory=lambda: iter(()))

    def open(self) -> None:
        """Open the page: its heartbeat, and the example that stands on it."""
        beat = self.client.stream("GET", f"/gradio_api/heartbeat/{self.session}")
        # kept: the connection is closed as soon as nobody has its lines any more
        self._lines = self._stack.enter_context(beat).iter_lines()
        alive = next(self._lines, "")
        if "ALIVE" not in alive:
            raise WentWrongError(f"the heartbeat says {alive!r}")
        self._settle(self.layout.named["load"])

    def close(self) -> None:
        """Close the page, as a browser does: it says nothing."""
        self._stack.close()

    def give(self, name: str, path: Path) -> None:
        """Upload a file, and have the page take it.

        Args:
            name: ``photo``, ``masks``, ``reference`` or ``settings``.
            path: The file.
        """
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        with path.open("rb") as stream:
            files = {"files": (path.name, stream, kind)}
            uploaded = self.client.post("/gradio_api/upload", files=files)
        paths = _answered(uploaded)
        given = [{"path": each, "meta": {"_type": "gradio.FileData"}} for each in paths]
        self._settle(self.layout.named[name], {"files": given})

    def set(self, name: str, value: object) -> None:
        """Change an option, and wait until the page shows what follows."""
        self.shown[f"{_OPTION}{name}", "value"] = value
        for what in ("input", "change", "submit"):
            found = self.layout.events.get((f"{_OPTION}{name}", what))
            if found is not None:
                self._settle(found)
                return
        self._settle(self.layout.named["rest"])  # one that the browser draws by itself

    def press(self, element: str) -> None:
        """Click a button, and wait until the page shows what follows."""
        self._settle(self.layout.events[element, "click"])

    def download(self, element: str = "download") -> bytes:
        """Click what takes something away, and fetch it."""
        answer = self._post(self.layout.events[element, "click"], None)[0]
        made = answer.get("value", answer)
        found = self.client.get(f"/gradio_api/file={quote(made['path'])}")
        if found.status_code != httpx.codes.OK:
            raise WentWrongError(f"the file is answered with {found.status_code}")
        return found.content

    def _settle(self, event: Event, data: object = None) -> None:
        """Send an event and take what it is answered, until nothing is left to be done."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        message = self._post(event, data)[0]
        while self._take(message):
            if time.monotonic() > deadline:
                raise WentWrongError(f"not at rest within {PATIENCE_SECONDS:g} s")
            message = self._post(self.layout.events["follow", "change"], None)[0]
        problem = str(self.shown.get(("problem", "value"), ""))
        if _ALERT in problem:
            raise WentWrongError(re.sub(r"<[^>]*>", "", problem))

    def _take(self, message: Any) -> bool:
        """Show what a message tells; whether there is more to come."""
        if not isinstance(message, dict) or "parts" not in message:
            return False  # nothing has changed
        numbers = message.get("numbers", {})
        for part, told in message["parts"].items():
            for name, value in told.items():
                if not message["n"] or numbers.get(part, {}).get(name, message["n"]) > self._taken:
                    self.shown[part, name] = value
        is_new = ("follow", "value") in self.shown
        self.shown.pop(("follow", "value"), None)
        self._taken = max(self._taken, message["n"])
        return is_new

    def call_of(self, event: Event, data: object = None) -> dict[str, Any]:
        """What is sent for an event.

        Args:
            event: The event.
            data: What comes with it.
        """
        said: list[Any] = [None] * event.inputs
        if event.is_counted:
            said[0] = self._said(has_values=event.has_values)
        return {
            "fn_index": event.number,
            "data": said,
            "session_hash": self.session,
            "event_data": data,
        }

    def _said(self, *, has_values: bool) -> dict[str, Any]:
        """What comes with an event; with all that the controls show, where that comes, too."""
        self._sequence += 1
        said: dict[str, Any] = {"sequence": self._sequence, "taken": self._taken}
        if not has_values:
            return said
        values = {
            part.removeprefix(_OPTION): value
            for (part, name), value in self.shown.items()
            if part.startswith(_OPTION) and name == "value"
        }
        return {**said, "values": values}

    def _post(self, event: Event, data: object) -> Any:
        call = self.call_of(event, data)
        return _answered(self.client.post("/gradio_api/run/predict", json=call))["data"]


def _answered(response: httpx.Response) -> Any:
    if response.status_code != httpx.codes.OK:
        raise WentWrongError(f"answered with {response.status_code}: {response.text[:200]}")
    return response.json()
