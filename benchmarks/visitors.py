"""Two visitors: what the one waits for while the other's large photo is worked on."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
from playwright.sync_api import Browser

from benchmarks.pages import (
    RESULT,
    Visitor,
    drawn_mask,
    drawn_photo,
    visiting,
    write_mask,
    write_photo,
)
from benchmarks.report import Row
from benchmarks.serving import serving
from tests.events import send

LARGE_WH = (8660, 5770)  # 50 MP
EXAMPLES = ("Choose by size in a label map", "Keep one colour")  # not the one that is there
ROUNDS = 12
BOUND = 1.5
PATIENCE_SECONDS = 120

_IS_CHOSEN = "() => document.querySelector('#status').textContent.includes('areas chosen')"


def rows(browser: Browser, folder: Path) -> list[Row]:
    """From the click on an example to its result on the screen, alone and beside the other.

    Args:
        browser: For the one visitor.
        folder: For pictures, cache and log.
    """
    photo = write_photo(folder / "large.jpg", drawn_photo(LARGE_WH))
    mask = write_mask(folder / "large areas.png", drawn_mask(LARGE_WH))
    with (
        serving(folder / "visitors", "app.py") as server,
        visiting(browser, server.url) as visitor,
        httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS) as client,
    ):
        files = [_uploaded(client, path) for path in (mask, photo)]
        look(visitor)  # each example is worked once for everybody
        alone = statistics.median(look(visitor))
        with _at_work(client, files) as works:
            beside = statistics.median(look(visitor))
        if not works:
            raise RuntimeError("no photo was worked on meanwhile")
    what = f"an example beside {len(works)} photos of 50 MP of another visitor's / alone"
    return [Row(what, beside, alone, "ms", BOUND)]


def look(visitor: Visitor) -> list[float]:
    """Look at examples in turn; what each took, in ms."""
    times = []
    for turn in range(ROUNDS):
        visitor.page.locator("#examples summary").click()
        example = visitor.page.get_by_role("button", name=EXAMPLES[turn % len(EXAMPLES)])
        timed = visitor.timed(
            example.click, ("click", ".example"), _IS_CHOSEN, picture=RESULT, is_new=True
        )
        times.append(timed.ms)
    return times


@contextmanager
def _at_work(client: httpx.Client, files: list[dict[str, Any]]) -> Iterator[list[int]]:
    """Have another visitor give a large photo again and again; how often, at the end."""
    ends, begun, works = Event(), Event(), []
    mask, photo = files

    def work() -> None:
        send(client, "other", "load")
        send(client, "other", "masks", {"files": [mask]})
        while not ends.is_set():
            begun.set()
            message = send(client, "other", "photo", {"files": [photo]})
            while "follow" in message.get("parts", {}) and not ends.is_set():
                message = send(client, "other", "change", None, of="wait")
            works.append(1)

    thread = Thread(target=work)
    thread.start()
    try:
        begun.wait(PATIENCE_SECONDS)
        yield works
    finally:
        ends.set()
        thread.join()


def _uploaded(client: httpx.Client, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        answer = client.post("/gradio_api/upload", files={"files": (path.name, file)})
    return {"path": answer.json()[0], "meta": {"_type": "gradio.FileData"}}
