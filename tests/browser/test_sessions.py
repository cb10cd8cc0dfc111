"""Sessions beside each other, and what is left of one that has gone.

Promised: a page is told addresses of its own session's files alone, and no address can be guessed
from another one. Each lies below two names of 128 random bits, one of the session's folder, which
is not the name that the browser gave the session, and one of the set of pictures; folders are not
listed, and nothing above them is served.

Not promised: that an address is good for one browser alone. Whoever is given it by the visitor, or
reads it in the log of a proxy, sees that picture: the address is the key. Gradio's own copy of an
upload, kept for minutes, lies below the digest of its bytes, which only who has the file can tell.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.app_server import ROOT, AppServer, running_app
from tests.browser import tiles
from tests.browser.pages import PATIENCE_MS
from tests.browser.tiles import Oracle
from tests.browser.visit import bring_tiles, visit
from tests.browser.walk import JPEG_ERROR, Walk, difference, read_picture

FILE = "/gradio_api/file="
SCALE = 5  # a photo of 4 MP
LIVING_APP = "tests/browser/living_app.py"
_ADDRESSES = """() => [...document.querySelectorAll('[src], [href]')].flatMap(
  (one) => [one.src, one.href]).filter((one) => typeof one === 'string' && one)"""


# ---- one visitor and another ---------------------------------------------------------------------
@dataclass
class Seen:
    """All that a page shows and asks for.

    Args:
        page: The page, before it is opened.
    """

    page: Page
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("download", lambda download: self.asked.append(download.url))

    @property
    def addresses(self) -> set[str]:
        """Of pictures and files, as asked for and as they stand in the page."""
        return {*self.asked, *self.page.evaluate(_ADDRESSES)}

    @property
    def files(self) -> set[str]:
        """The paths of the files that it is given from the server's disk."""
        found = (urlsplit(address).path.partition(FILE) for address in self.addresses)
        return {unquote(path) for _, is_file, path in found if is_file}

    @property
    def session(self) -> str:
        """The name that the browser gave the session of the page that is open."""
        names: list[str] = re.findall(r"/heartbeat/(\w+)", " ".join(self.asked))
        return names[-1]

    @property
    def text(self) -> str:
        """The page as it stands."""
        return self.page.content()


@dataclass(frozen=True)
class Both:
    """Two visitors of one server, each in a browser of their own."""

    first: Walk
    second: Walk
    of_first: Seen
    of_second: Seen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiles and their masks, and the second visitor's photo, the tiles in other colours."""
    folder = tmp_path_factory.mktemp("tiles")
    tiles.draw(folder)
    with Image.open(folder / "tiles.png") as photo:
        photo.point(lambda level: level // 2).save(folder / "dark.png")
    return folder


@pytest.fixture(scope="module")
def both(
    browser: Browser, app: AppServer, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """The first has tiles, all inverted, and has taken files away; the second has one dark one."""
    taken = tmp_path_factory.mktemp("taken")
    with visit(browser, app) as first, visit(browser, app) as second:
        seen = Seen(first.page), Seen(second.page)
        for walk in (first, second):
            walk.open()  # anew: what it asks for from its beginning is seen
        bring_tiles(first, folder, "mask")
        first.says("6 of 6 areas chosen")
        for name in ("download", "take-mask", "take-cutouts"):
            first.take(name, taken)
        second.upload_photo(folder / "dark.png")
        second.upload_masks(folder / "two.png")
        second.says("1 of 1 area chosen")
        second.lists("filtered", 1)
        yield Both(first, second, *seen)


def own(paths: set[str]) -> set[str]:
    """Without what is everybody's: the examples."""
    return {path for path in paths if "/examples/" not in path}


def test_nothing_of_one_visitor_is_on_the_page_of_another(both: Both, folder: Path):
    first = own(both.of_first.files)
    assert {Path(path).suffix for path in first} >= {".jpg", ".png", ".zip"}, "pictures and files"
    assert len([path for path in first if "/pictures/" in path]) >= tiles.TILES
    assert not first & both.of_second.files
    second = both.of_second.text
    secrets = {part for path in first for part in Path(path).parts if len(part) == 32}
    assert secrets, "folders with names that cannot be guessed"
    told = {*secrets, both.of_first.session, "tiles.png", "mask.png"}
    assert {secret for secret in told if secret in second} == set()
    of_second = " ".join(both.of_second.addresses)
    assert {secret for secret in told if secret in of_second} == set()


def test_what_one_visitor_does_is_not_done_to_another(both: Both, folder: Path):
    both.first.says("6 of 6 areas chosen")
    both.second.says("1 of 1 area chosen")
    expect(both.second.part("photo-card")).to_contain_text("dark.png")
    mine = Oracle(folder).result()
    both.first.sees(mine)
    theirs = read_picture(both.second.page, both.second.source())
    assert difference(theirs, mine) > JPEG_ERROR
    both.second.part("choose-step").locator("button").first.click()  # of one area it is folded
    both.second.rule.fill("white > 99%")
    both.second.says("0 of 1 area chosen")
    both.first.says("6 of 6 areas chosen")
    both.first.sees(mine)


def test_no_address_is_guessed_from_another_one(both: Both):
    first, second = (
        {session_folder(path) for path in own(seen.files)} - {""}
        for seen in (both.of_first, both.of_second)
    )
    assert (len(first), len(second)) == (1, 1)
    assert not first & second
    for seen, names in ((both.of_first, first), (both.of_second, second)):
        assert all(seen.session not in name for name in names)
    sets = {Path(path).parent.name for path in own(both.of_first.files) if "/pictures/" in path}
    assert sets
    assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in first | second | sets)


def session_folder(path: str) -> str:
    """The name of a session's folder in a path; empty where it is none of the app's own."""
    found = re.match(r".*/segui-[^/]+/([^/]+)/", path)
    return found[1] if found else ""


def test_folders_are_not_listed_and_nothing_above_them_is_served(both: Both, app: AppServer):
    picture = Path(next(path for path in sorted(own(both.of_first.files)) if "/pictures/" in path))
    assert status(both, picture) == 200
    above = [folder for folder in picture.parents if folder.is_relative_to(app.cache)]
    assert len(above) >= 4, "the set, the pictures, the session, the process"
    refused = {
        *map(str, above),
        *(f"{folder}/" for folder in above),
        f"{picture.parent}/../../../../../app.log",
        f"{picture.parent}/..%2f..%2f..%2f..%2f..%2fapp.log",
        str(app.log_path),
        str(ROOT / "app.py"),
        "app.py",
        "/etc/hostname",
        str(picture.parent / "2000.jpg"),
        str(picture.parents[1] / ("0" * 32) / picture.name),
    }
    assert {
        path: status(both, path) for path in refused if status(both, path) not in (403, 404)
    } == {}


def status(both: Both, path: str | Path) -> int:
    """What the server answers the second visitor for a path on its disk."""
    return both.second.page.request.get(f"{FILE}{path}").status


# ---- what is left of one -------------------------------------------------------------------------
def sizes_alive(server: AppServer) -> set[str]:
    """Height x width of the pictures that the server's memory holds by now."""
    told = re.findall(r"<alive ([^>]*)>", server.log)
    return set(told[-1].split()) if told else set()


def waits(server: AppServer, *, there: set[str], gone: set[str]) -> None:
    """Wait until pictures of some sizes are in the memory and of others none is."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not there <= (alive := sizes_alive(server)) or gone & alive:
        assert time.monotonic() < deadline, f"alive: {alive}, not {there} without {gone}"
        time.sleep(0.2)


def test_leaving_a_session_frees_its_memory_and_no_other_ones(
    browser: Browser, folder: Path, tmp_path: Path
):
    large = tmp_path / "large"
    large.mkdir()
    tiles.draw(large, SCALE)
    own_size, other_size = (f"{side * 320}x{side * 480}" for side in (SCALE, 1))
    with running_app(tmp_path, LIVING_APP, SEGUI_LEAVE_SECONDS="1") as server:
        with visit(browser, server) as stays:
            bring_tiles(stays, folder, "mask")
            with visit(browser, server) as leaves:
                bring_tiles(leaves, large, "mask")
                leaves.says("6 of 6 areas chosen")
                leaves.write_rule("red > 50%")
                leaves.lists("filtered", 1, 5)
                leaves.card(1).locator(".pick").click()  # its edge is shown at full size
                expect(leaves.part("inset").locator("img")).to_be_visible()
                leaves.download(tmp_path)
                waits(server, there={own_size, other_size}, gone=set())
            waits(server, there={other_size}, gone={own_size})
            stays.write_rule("red > 50%")
            stays.sees(Oracle(folder).result(Oracle(folder).chosen("red > 50%")))
        waits(server, there=set(), gone={own_size, other_size})
