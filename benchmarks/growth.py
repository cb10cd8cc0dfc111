"""What a session takes of memory and disk while it goes on: slider moves, then new photos."""

import os
import time
from collections.abc import Callable, Iterable
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
KEPT_SECONDS = 5  # as long as a few of these photos take, not ten minutes
# Gradio looks each time that they are over: what is older than twice that stays
SWEPT_SECONDS = 2 * KEPT_SECONDS + 2
OWN_FOLDERS = "segui-*/segui-*"  # in the process's own folder, which Gradio has for uploads
EMPTY_FILES = "segui-*/tmp*"

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
        serving(folder / "growth", "app.py", SEGUI_CACHE_SECONDS=str(KEPT_SECONDS)) as server,
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
    server: Server,
    count: int,
    act: Callable[[int], None],
    parts: int = PARTS,
    swept_seconds: float = SWEPT_SECONDS,
) -> list[tuple[float, int, int]]:
    """Memory in MB, the app's own files, Gradio's uploads: at the start and after each part.

    Args:
        server: Whose.
        count: How many times something is done.
        act: Does it; is told which time it is, from 1.
        parts: Into how many the whole is divided.
        swept_seconds: How old an upload is that Gradio does not remove any more.
    """
    points = [_point(server, swept_seconds)]
    for number in range(1, count + 1):
        act(number)
        if number % (count // parts) == 0:
            points.append(_point(server, swept_seconds))
    return points


def _point(server: Server, swept_seconds: float) -> tuple[float, int, int]:
    uploads = swept(server, swept_seconds)  # by then what came of the last act is over, too
    own = sum(path.is_file() for path in own_paths(server.cache))
    return server.resident_mb, own, len(uploads)


def swept(server: Server, seconds: float) -> list[Path]:
    """Gradio's uploads, once it has had the time to remove each of them.

    Args:
        server: Whose.
        seconds: How old each of them is then.
    """
    while True:
        ages = _ages(set(server.files) - set(own_paths(server.cache)))
        if all(age >= seconds for age in ages.values()):
            return list(ages)
        time.sleep(seconds - min(ages.values()))


def _ages(paths: Iterable[Path]) -> dict[Path, float]:
    """The age in seconds of the files that are still there, as Gradio tells it."""
    ages = {}
    for path in paths:
        with suppress(FileNotFoundError):  # removed meanwhile
            ages[path] = time.time() - path.lstat().st_ctime
    return ages


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
        least = max(values[half], 1)  # none at all is a fine number of files
        return Row(name_of_row, values[last], least, unit, bound)

    return [
        row("memory of the server", memory, "MB", GROWTH),
        row("files of the app", own, "files", GROWTH),
        row(f"uploads that Gradio keeps after {SWEPT_SECONDS} s", uploads, "files", GROWTH),
    ]
