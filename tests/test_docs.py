"""What the documents name is there: files, links, make targets, and every room."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PLACES = (ROOT, ROOT / "segui")
SUFFIXES = {".css", ".js", ".json", ".md", ".py", ".toml", ".txt"}
# files of others: of a model's repo, of an example's folder
ELSEWHERE = {"config.json", "preprocessor_config.json"}
# described before it is here: whoever brings it takes it out of this list
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def without_code(page: Path) -> str:
    """A page's text without its blocks of code."""
    return re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )


def named_paths(page: Path) -> set[str]:
    """What stands in a page as `code` and looks like a file or a folder of the repository."""
    quoted = re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", without_code(page))
    return {one for one in quoted if one.endswith("/") or Path(one).suffix in SUFFIXES} - ELSEWHERE


def is_there(name: str) -> bool:
    """Whether it is in the repository: below its root or `segui`, or, as a bare name, anywhere."""
    if any((place / name).exists() for place in PLACES):
        return True
    folders = ("docs", "examples", "segui", "tests")
    return "/" not in name and any(any((ROOT / one).rglob(name)) for one in folders)


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))


def anchors_of(page: Path) -> set[str]:
    """The names by which a page's headings can be linked to."""
    titles = re.findall(r"^#+ (.*)$", without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_page
def test_every_file_that_is_named_is_there(page):
    missing = {name for name in named_paths(page) if not is_there(name)}
    assert missing == set()


@each_page
def test_every_link_within_the_repository_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page)):
        path, _, anchor = target.partition("#")
        if re.match(r"\w+:", target):
            continue
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), target
        assert not anchor or anchor in anchors_of(other), target


@each_page
def test_every_make_target_that_is_named_is_there(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`make ([\w-]+)`|^ {4}make ([\w-]+)|; make ([\w-]+)", text, re.MULTILINE)
    assert {name for found in named for name in found if name} <= make_targets()


def test_every_room_is_in_the_document_of_the_rooms():
    named = named_paths(ROOT / "docs" / "architecture.md")
    rooms = {path.parent.relative_to(ROOT / "segui") for path in ROOT.glob("segui/**/__init__.py")}
    missing = {f"{room.as_posix()}/" for room in rooms if room.parts} - named
    assert missing == set()


def test_every_limit_of_the_settings_is_explained():
    settings = (ROOT / "README.md").read_text(encoding="utf-8")
    limits = set(re.findall(r"^\| `(SEGUI_(?:MAX_\w+|\w+_MB|QUEUE_SIZE))`", settings, re.MULTILINE))
    explained = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert limits
    assert {name for name in limits if f"`{name}`" not in explained} == set()
