import subprocess
import sys
from pathlib import Path

import pytest

from segui.options import OPTIONS, Number, Option, all_options
from segui.options.markdown import options_page

PAGE = Path(__file__).parents[2] / "docs" / "options.md"


def test_the_page_of_options_is_true():
    written = PAGE.read_text(encoding="utf-8")
    assert written == options_page(), "python -m segui.options > docs/options.md"


@pytest.mark.process
def test_it_is_written_by_one_command():
    command = [sys.executable, "-m", "segui.options"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == options_page()


def test_every_option_has_its_row():
    rows = [line.split("`")[1] for line in options_page().splitlines() if line.startswith("| `")]
    assert rows == list(OPTIONS)


def test_a_new_option_has_one_too(monkeypatch):
    glow = Option("glow", Number(1, 9), 2, "paste", "Glow", meaning="How it | glows", unit="px")
    monkeypatch.setitem(all_options._ROWS, "glow", glow)
    row = "| `glow` | Glow | 2 | a number of px from 1 to 9 | How it &#124; glows. |"
    assert row in options_page().splitlines()
