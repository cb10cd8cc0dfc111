"""Many visitors at once, some of them with huge photos: does anything fail, slow down, or pile up?

``python -m benchmarks.load --visitors 20 --seconds 120`` starts a server on this machine, which
nothing else can reach, has visitors without browsers work on it for that long, then opens and
abandons sessions, and ends. The exit status says whether all of it held.
"""

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from benchmarks.pageless import PATIENCE_SECONDS, Layout, Pageless, WentWrongError
from benchmarks.pages import drawn_mask, drawn_photo, write_mask, write_photo
from benchmarks.serving import Server, serving

SMALL_WH: Final = (1200, 900)
HUGE_WH: Final = (8000, 6250)  # 50 MP
RULES: Final = {"red > 50%": "4 of 12", "blue > 50%": "8 of 12"}  # how many of the areas
VISIT_SECONDS: Final = 60.0  # then the page is closed, and another visitor comes
PAUSE_SECONDS: Final = (2.0, 8.0)  # between two edits of one visitor, who looks at what came of one
# less than a server keeps a connection that says nothing: a browser asks again, a client does not
KEPT_SECONDS: Final = 2.0
EDITS_A_DOWNLOAD: Final = 8
LEAVE_SECONDS: Final = 5
WANTED_SECONDS: Final = 1.0  # of a small edit, at the 95th of 100
WANTED_GROWTH: Final = 1.15  # of memory, from the second minute on
MORE_THREADS: Final = 4  # a pool may have grown by a few
FREED_SECONDS: Final = 120.0
GIVES_A_PHOTO: Final = 20  # of so many abandoned sessions, one
OPENERS: Final = 4
LOOK_SECONDS: Final = 2.0
_MANY: Final = str(10**6)  # all visitors come from one address


@dataclass(eq=False)
class Seen:
    """What all visitors saw; written by their threads, one at a time."""

    edits: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    visits: int = 0
    downloads: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what goes wrong, and go on with the next visit."""
        try:
            yield
        except (WentWrongError, httpx.HTTPError, KeyError, TypeError) as error:
            with self.lock:
                self.errors.append(f"{type(error).__name__}: {error}")

    def timed(self, act: Callable[[], object], times: list[float]) -> None:
        """Do something and note how long it took."""
        started = time.monotonic()
        act()
        with self.lock:
            times.append(time.monotonic() - started)


@dataclass(frozen=True)
class Held:
    """What a server holds at one moment.

    Args:
        resident_mb: Memory of its process and all below it, MB.
        threads: Of its process.
        files: In its folder.
        files_mb: What they hold, MB.
    """

    resident_mb: float
    threads: int
    files: int
    files_mb: float

    @classmethod
    def by(cls, server: Server) -> "Held":
        """What a server holds now."""
        # os.walk goes on where a folder is removed meanwhile; Path.rglob does not
        paths = [Path(folder, name) for folder, _, names in os.walk(server.cache) for name in names]
        sizes = [size for path in paths if (size := _size_of(path)) is not None]
        resident = sum(_status(pid, "VmRSS") for pid in _tree(server.pid)) / 1e3
        return cls(resident, _status(server.pid, "Threads"), len(sizes), sum(sizes) / 1e6)

    @classmethod
    def half_of(cls, several: Sequence["Held"]) -> "Held":
        """The median of each: one huge photo more or less is a gigabyte at one moment."""
        return cls(
            statistics.median(one.resident_mb for one in several),
            statistics.median_high(one.threads for one in several),
            statistics.median_high(one.files for one in several),
            statistics.median(one.files_mb for one in several),
        )

    def __str__(self) -> str:
        """As one line."""
        return (
            f"{self.resident_mb:.0f} MB, {self.threads} threads, "
            f"{self.files} files of {self.files_mb:.1f} MB"
        )


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except FileNotFoundError:  # removed meanwhile
        return None


def _status(pid: int, name: str) -> int:
    """A number of a process's status; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def _tree(pid: int) -> list[int]:
    """A process and all that it and its own have started."""
    parents = {
        int(folder.name): _status(int(folder.name), "PPid")
        for folder in Path("/proc").glob("[0-9]*")
    }
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


@dataclass(frozen=True)
class Crowd:
    """All who come to one server.

    Args:
        server: The server.
        layout: Its page.
        photo: A visitor's photo.
        mask: Where its areas are.
        huge: The photo and the mask of the one with huge ones.
        seen: What they see.
        until: When they go, by the monotonic clock.
    """

    server: Server
    layout: Layout
    photo: Path
    mask: Path
    huge: tuple[Path, Path]
    seen: Seen
    until: float

    @property
    def is_over(self) -> bool:
        """Whether it is time to go."""
        return time.monotonic() >= self.until

    @contextmanager
    def page(self, session: str) -> Iterator[Pageless]:
        """An open page of a session."""
        limits = httpx.Limits(keepalive_expiry=KEPT_SECONDS)
        with httpx.Client(
            base_url=self.server.url, timeout=PATIENCE_SECONDS, limits=limits
        ) as client:
            page = Pageless(client, self.layout, session)
            try:
                page.open()
                yield page
            finally:
                page.close()

    def visit_on_and_on(self, number: int) -> None:
        """One visitor after another, each with small photos."""
        chance = random.Random(number)  # noqa: S311  a pause's length is no secret
        for turn in itertools.count():
            if self.is_over:
                return
            with self.seen.noting(), self.page(f"visitor{number}x{turn}") as page:
                self._visit(page, chance)

    def _visit(self, page: Pageless, chance: random.Random) -> None:
        self._bring(page, self.photo, self.mask)
        ends = min(self.until, time.monotonic() + VISIT_SECONDS * chance.uniform(0.5, 1.5))
        for edit, rule in enumerate(itertools.cycle(RULES), 1):
            if time.monotonic() >= ends:
                break
            self.seen.timed(partial(_follow_rule, page, rule), self.seen.edits)
            time.sleep(chance.uniform(*PAUSE_SECONDS))
            feather = chance.randrange(60)
            self.seen.timed(partial(page.set, "feather", feather), self.seen.edits)
            if edit % EDITS_A_DOWNLOAD == 0:
                self._download(page)
            time.sleep(chance.uniform(*PAUSE_SECONDS))
        self._download(page)
        with self.seen.lock:
            self.seen.visits += 1

    def work_on_huge_ones(self, number: int) -> None:
        """One who gives a photo of 50 MP again and again."""
        for turn in itertools.count():
            if self.is_over:
                return
            with self.seen.noting(), self.page(f"huge{number}x{turn}") as page:
                self.seen.timed(partial(self._work_on_huge_one, page), self.seen.large)

    def _work_on_huge_one(self, page: Pageless) -> None:
        self._bring(page, *self.huge)
        for rule in RULES:
            _follow_rule(page, rule)
        page.set("feather", 40)
        self._download(page)

    def _bring(self, page: Pageless, photo: Path, mask: Path) -> None:
        page.press("fresh")
        page.give("masks", mask)
        page.give("photo", photo)
        page.set("effect", "grey")

    def _download(self, page: Pageless) -> None:
        if not page.download().startswith(b"\x89PNG"):
            raise WentWrongError("the download is no PNG")
        with self.seen.lock:
            self.seen.downloads += 1


def _follow_rule(page: Pageless, rule: str) -> None:
    """Write a rule; the page has to say how many areas it chooses."""
    page.set("expression", rule)
    status = str(page.shown.get(("status", "value"), ""))
    if RULES[rule] not in status:
        raise WentWrongError(f"{rule!r} was to choose {RULES[rule]} areas, the page says {status}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Have them come, and print what was seen."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="segui-load-") as name:
        folder = Path(name)
        print("drawing the photos", flush=True)
        small, huge = _pictures(folder, SMALL_WH), _pictures(folder, HUGE_WH)
        settings = {
            "SEGUI_CLIENT_REQUESTS": _MANY,
            "SEGUI_CLIENT_QUEUE": _MANY,
            "SEGUI_CLIENT_CONNECTIONS": _MANY,
            "SEGUI_CLIENT_UPLOAD_MB": _MANY,
            "SEGUI_LEAVE_SECONDS": str(LEAVE_SECONDS),
        }
        with serving(folder / "server", "app.py", **settings) as server:
            with httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS) as client:
                layout = Layout.of(client)
            until = time.monotonic() + asked.seconds
            crowd = Crowd(server, layout, *small, huge, Seen(), until)
            lines = [*_crowded(crowd, asked.visitors, asked.huge, asked.seconds)]
            lines += _abandoned(crowd, asked.abandoned)
            lines.append(_line("tracebacks in the log", server.log.count("Traceback"), most=0))
    print("\n".join(["| what | figure | wanted | |", "|---|---|---|---|", *map(str, lines)]))
    return 0 if all(line.holds for line in lines) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=50, help="at once; 50 by default")
    parser.add_argument("--huge", type=int, default=1, help="more, with 50 MP each; 1 by default")
    parser.add_argument("--seconds", type=float, default=600, help="600 by default")
    parser.add_argument("--abandoned", type=int, default=2000, help="sessions; 2000 by default")
    return parser


def _pictures(folder: Path, size_wh: tuple[int, int]) -> tuple[Path, Path]:
    photo = write_photo(folder / f"photo{size_wh[0]}.jpg", drawn_photo(size_wh))
    return photo, write_mask(folder / f"mask{size_wh[0]}.png", drawn_mask(size_wh))


@dataclass(frozen=True)
class Line:
    """A figure of the table.

    Args:
        what: What was measured.
        figure: As it is shown.
        wanted: The same of what is wanted; empty where nothing was promised.
        holds: Whether it is as wanted.
    """

    what: str
    figure: str
    wanted: str = ""
    holds: bool = True

    def __str__(self) -> str:
        """A row in Markdown."""
        mark = "" if not self.wanted else "ok" if self.holds else "**over**"
        return f"| {self.what} | {self.figure} | {self.wanted or '-'} | {mark} |"


def _line(what: str, value: float, unit: str = "", most: float | None = None) -> Line:
    wanted = "" if most is None else f"at most {most:g}{unit}"
    return Line(what, f"{value:.4g}{unit}", wanted, most is None or value <= most)


def _crowded(crowd: Crowd, visitors: int, huge: int, seconds: float) -> Iterator[Line]:
    """Have all of them work at once."""
    print(f"{visitors} visitors for {seconds:g} s, and {huge} with 50 MP", flush=True)
    threads = [
        threading.Thread(target=crowd.visit_on_and_on, args=(number,)) for number in range(visitors)
    ]
    threads += [
        threading.Thread(target=crowd.work_on_huge_ones, args=(number,)) for number in range(huge)
    ]
    for thread in threads:
        thread.start()
    held = _looked_at(crowd)
    for thread in threads:
        thread.join()
    minute = max(1, round(min(60.0, seconds / 3) / LOOK_SECONDS))
    rounds = _at_its_most(held[minute:])
    is_known = len(rounds) > 1
    if not is_known:
        print("too short for the memory to be compared: two large photos are needed", flush=True)
        rounds = [one for _, one in held]
    third = max(1, len(rounds) // 3)
    first, last = Held.half_of(rounds[:third]), Held.half_of(rounds[-third:])
    print(f"at first: {first}\nin the end: {last}", flush=True)
    yield from _told(crowd.seen, first, last, is_known=is_known)


def _looked_at(crowd: Crowd) -> list[tuple[int, Held]]:
    """How many photos of 50 MP are done, and what the server holds, again and again."""
    held = []
    while not crowd.is_over:
        time.sleep(min(LOOK_SECONDS, max(0.0, crowd.until - time.monotonic())))
        held.append((len(crowd.seen.large), Held.by(crowd.server)))
    return held


def _at_its_most(held: Sequence[tuple[int, Held]]) -> list[Held]:
    """What was held when that was most, for each photo of 50 MP that was worked on all the while.

    Such a photo is half of all memory, and on a busy machine takes a minute: of moments it is by
    chance whether they are of before, while or after.
    """
    rounds = [
        max((one for _, one in looks), key=lambda one: one.resident_mb)
        for _, looks in itertools.groupby(held, key=lambda look: look[0])
    ]
    return rounds[1:-1]


def _told(seen: Seen, first: Held, last: Held, *, is_known: bool = True) -> Iterator[Line]:
    for error in seen.errors[:10]:
        print(f"went wrong: {error}", flush=True)
    yield _line("errors", len(seen.errors), most=0)
    yield _line("visits that came to their end", seen.visits)
    yield _line("downloads", seen.downloads)
    yield _line("small edits", len(seen.edits))
    yield _line("a small edit, half of them within", _share(seen.edits, 0.5), " s")
    yield _line("a small edit, 95 of 100 within", _share(seen.edits, 0.95), " s", WANTED_SECONDS)
    yield _line("photos of 50 MP worked on", len(seen.large))
    yield _line("one of them, half within", _share(seen.large, 0.5), " s")
    yield _line("memory at its most, at first", first.resident_mb, " MB")
    most = round(first.resident_mb * WANTED_GROWTH) if is_known else None
    yield _line("memory at its most, in the end", last.resident_mb, " MB", most)
    yield _line("threads in the end", last.threads, most=first.threads + MORE_THREADS)
    yield _line("files in the end", last.files)
    yield _line("what they hold", last.files_mb, " MB")


def _share(times: Sequence[float], share: float) -> float:
    """The time within which that share of them was; infinite where there is none."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] if times else float("inf")


def _abandoned(crowd: Crowd, count: int) -> Iterator[Line]:
    """Open sessions and abandon them; then nothing of them may be left."""
    _wait_until_freed(crowd.server)
    before = Held.by(crowd.server)
    print(f"{count} sessions are opened and abandoned; before: {before}", flush=True)
    errors = len(crowd.seen.errors)
    numbers = iter(range(count))
    threads = [
        threading.Thread(target=_open_and_abandon, args=(crowd, numbers)) for _ in range(OPENERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = _wait_until_freed(crowd.server)
    after = Held.by(crowd.server)
    print(f"after: {after}", flush=True)
    yield _line(f"errors while {count} are opened", len(crowd.seen.errors) - errors, most=0)
    yield _line("folders of sessions that are left", left, most=0)
    yield _line("threads afterwards", after.threads, most=before.threads + MORE_THREADS)
    most = round(before.resident_mb * WANTED_GROWTH)
    yield _line("memory afterwards", after.resident_mb, " MB", most)


def _open_and_abandon(crowd: Crowd, numbers: Iterator[int]) -> None:
    for number in numbers:
        with crowd.seen.noting(), crowd.page(f"abandoned{number}") as page:
            if number % GIVES_A_PHOTO == 0:
                page.give("photo", crowd.photo)


def _wait_until_freed(server: Server) -> int:
    """Wait until no session has a folder; how many have one at last."""
    deadline = time.monotonic() + FREED_SECONDS
    while (left := _session_folders(server)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


def _session_folders(server: Server) -> int:
    folders = server.cache.glob("segui-*/segui-*/*")
    return sum(path.is_dir() and path.name != "examples" for path in folders)


if __name__ == "__main__":
    sys.exit(main())
