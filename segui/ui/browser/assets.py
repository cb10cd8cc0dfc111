"""The files beside the code: styles, scripts and templates for the browser."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def asset(name: str) -> str:
    """The text of a file of this package."""
    return (_FOLDER / name).read_text(encoding="utf-8")
