import contextlib
import io
import re
from pathlib import Path

import pytest
import torch

from segui import parse, paste
from segui.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(title):
    rows = [line for line in section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[1:]]


def test_the_librarys_example_prints_what_it_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    printed = io.StringIO()
    names = {}
    with contextlib.redirect_stdout(printed):
        exec(compile(BLOCKS[0], "README.md", "exec"), names)  # noqa: S102
    assert f"\n    {printed.getvalue()}" in section("Library")
    photo, chosen = names["photo"], names["chosen"]
    assert torch.equal(names["result"], paste(photo, chosen.filtered, reference=255 - photo))


@pytest.mark.parametrize("row", table("Expressions"), ids=lambda row: row[0])
def test_every_expression_of_the_table_parses(row):
    for text in re.findall(r"`([^`]+)`", row[0]):
        parse(text)


def test_every_setting_is_in_the_table_with_its_default():
    rows = {row[0].strip("`"): row[1] for row in table("Settings")}
    default = Settings()
    for name, value in vars(default).items():
        text = "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        assert rows[f"SEGUI_{name.upper()}"] == text


def test_every_requirement_has_its_reason_in_the_table():
    wanted = {
        re.split(r"[<>=]", line)[0] for line in (ROOT / "requirements.txt").read_text().split()
    }
    assert {row[0] for row in table("Dependencies")} == wanted


def test_the_front_matter_is_a_spaces_card():
    card = README.split("---\n")[1]
    fields = dict(line.split(": ", 1) for line in card.splitlines() if ": " in line)
    assert fields["sdk"] == "gradio"
    assert fields["app_file"] == "app.py"
    assert len(fields["short_description"]) <= 60
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert f"gradio=={fields['sdk_version']}\n" in pinned


def test_the_pictures_of_the_readme_are_there():
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()
