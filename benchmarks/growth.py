"""What a session takes of memory and disk while it goes on: slider moves, then new photos."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, expect

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
from benchmarks.serving import Server, serving

SIZE_WH = (2000, 1500)  # 3 MP: what grows with photos grows with small ones
MOVES, PHOTOS, PARTS = 100, 20, 4
GROWTH = 1.15
APART_SECONDS = 120
KEPT = {"SEGUI_CACHE_SECONDS": "5"}  # as long as a few of these photos take, not ten minutes
OWN_FOLDERS = "segui-*"
EMPTY_FILES = "tmp*"

_NEW_RESULT = "old => document.querySelector('#result .viewer-after').src !== old"


def rows(browser: Browser, folder: Path) -> list[Row]:
    """The second half of each against the first, with the whole curve in words.

    Args:
        browser: For the visitor.
        folder: For pictures, cache and log.
    """
    mask = write_mask(folder / "areas.png", drawn_mask(SIZE_WH))
    photos = [
        write_photo(folder / f"photo {seed}.jpg", drawn_photo(SIZE_WH, seed))
        for seed in range(PHOTOS + 1)
    ]
    with (
        serving(folder / "growth", "app.py", **KEPT) as server,
        visiting(browser, server.url) as visitor,
    ):
        visitor.starts_anew(mask)
        visitor.gives_photo(photos[0])
        visitor.pick("effect", "Grey")
        visitor.source(other_than=visitor.source())
        moved = curve(server, MOVES, lambda n: move(visitor, n))
        given = curve(server, PHOTOS, lambda n: give(visitor, server, photos[n]))
    return [*told("moves", MOVES, moved), *told("photos", PHOTOS, given)]


def move(visitor: Visitor, number: int) -> None:
    """One move of a slider by the keyboard, and its result."""
    old = visitor.page.locator(RESULT).get_attribute("src")
    slider = visitor.slide("feather")
    slider.press("ArrowRight" if number % 40 < 20 else "ArrowLeft")
    visitor.page.wait_for_function(_NEW_RESULT, arg=old)


def give(visitor: Visitor, server: Server, photo: Path) -> None:
    """Another photo, as if some minutes after the one before, and its result."""
    grow_old(server.cache)
    old = visitor.page.locator(RESULT).get_attribute("src")
    visitor.upload("photo", photo)
    expect(visitor.part("photo-card")).to_contain_text(photo.name)
    visitor.page.wait_for_function(_NEW_RESULT, arg=old)


def grow_old(cache: Path) -> None:
    """Let what the app tidies be some minutes old: what is young is kept on purpose."""
    then = time.time() - APART_SECONDS
    for path in (*own_paths(cache), *cache.glob(EMPTY_FILES)):
        with suppress(FileNotFoundError):  # tidied away meanwhile
            os.utime(path, (then, then))


def own_paths(cache: Path) -> list[Path]:
    """The app's own files and folders below Gradio's cache; the rest are Gradio's uploads."""
    return [
        Path(folder, name)
        for own in cache.glob(OWN_FOLDERS)
        for folder, folders, files in os.walk(own)
        for name in (*folders, *files)
    ]


def curve(
    server: Server, count: int, act: Callable[[int], None], parts: int = PARTS
) -> list[tuple[float, int, int]]:
    """Memory in MB, the app's own files, Gradio's uploads: at the start and after each part.

    Args:
        server: Whose.
        count: How many times something is done.
        act: Does it; is told which time it is, from 1.
        parts: Into how many the whole is divided.
    """
    points = [_point(server)]
    for number in range(1, count + 1):
        act(number)
        if number % (count // parts) == 0:
            points.append(_point(server))
    return points


def _point(server: Server) -> tuple[float, int, int]:
    own = sum(path.is_file() for path in own_paths(server.cache))
    return server.resident_mb, own, len(server.files) - own


def told(name: str, count: int, points: list[tuple[float, int, int]]) -> list[Row]:
    """A curve as rows: its last point against the middle one.

    Args:
        name: What was done.
        count: How many times.
        points: As `curve` has them.
    """
    memory, own, uploads = zip(*points, strict=True)
    half, last = len(points) // 2, len(points) - 1
    steps = ", ".join(str(count * n // last) for n in range(last + 1))

    def row(what: str, values: tuple[float, ...], unit: str, bound: float | None) -> Row:
        said = " ".join(f"{value:.0f}" for value in values)
        name_of_row = f"{what} after {count} {name} / after {count // 2} ({said} at {steps})"
        return Row(name_of_row, values[last], values[half], unit, bound)

    return [
        row("memory of the server", memory, "MB", GROWTH),
        row("files of the app", own, "files", GROWTH),
        row("uploads that Gradio keeps for 5 s", uploads, "files", None),
    ]
