import contextlib
import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from segui import parse, paste
from segui.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LIBRARY, FINDING, PAGE, EDITS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
(SHELL,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(title):
    rows = [line for line in section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[1:]]


def test_the_librarys_example_prints_what_it_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    names, printed = run(LIBRARY)
    assert f"\n    {printed}" in section("Library")
    photo, chosen = names["photo"], names["chosen"]
    assert torch.equal(names["result"], paste(photo, chosen.filtered, reference=255 - photo))


@pytest.mark.long
def test_the_example_of_finding_prints_what_it_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    *_, printed = run(LIBRARY + FINDING)[1].splitlines()
    assert f"\n    {printed}\n" in section("Library")


def run(code):
    printed, names = io.StringIO(), {}
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), names)  # noqa: S102
    return names, printed.getvalue()


def reds_keep_their_colour(picture):
    """What the README asks of the page: the red balloons as they were, the rest without colour."""
    folder = ROOT / "examples" / "balloons"
    result, photo, mask = (
        np.array(Image.open(path).convert(mode)).astype(int)
        for path, mode in (
            (picture, "RGB"),
            (folder / "photo.jpg", "RGB"),
            (folder / "balloons.png", "L"),
        )
    )
    kept, grey = (result == photo).all(axis=2), np.ptp(result, axis=2) == 0
    coloured = np.ptp(photo, axis=2) > 60
    far_from_balloons = result[mask == 0]
    assert (np.ptp(far_from_balloons, axis=1) == 0).mean() > 0.9
    vivid = kept & coloured
    assert vivid.sum() > 0
    assert (photo[vivid][:, 0] > photo[vivid][:, 1:].max(axis=1)).mean() > 0.9
    assert (kept | grey).mean() > 0.9


def test_the_pages_example_in_python_gets_the_picture(app, monkeypatch):
    monkeypatch.chdir(ROOT)
    names, _ = run(PAGE.replace("http://127.0.0.1:7860", app.url))
    names["client"].close()
    reds_keep_their_colour(names["picture"])
    assert sum(segment["filtered"] for segment in names["report"]["segments"]) == 4


def test_the_example_of_several_edits_makes_them(app, monkeypatch):
    monkeypatch.chdir(ROOT)
    names, _ = run((PAGE + EDITS).replace("http://127.0.0.1:7860", app.url))
    names["client"].close()
    chosen = {edit["name"]: len(edit["chosen"]) for edit in names["report"]["edits"]}
    assert chosen == {"red ones": 4, "other balloons": 8, "all else": 12}
    assert names["report"]["unhidden"] == []


@pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")), reason="this machine has no bash or curl"
)
def test_the_pages_example_in_a_shell_gets_the_picture(app, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    port = app.url.rsplit(":", 1)[1]
    done = subprocess.run(
        [str(shutil.which("bash")), "-euo", "pipefail", "-c", SHELL],
        cwd=tmp_path,
        env={**os.environ, "PORT": port, "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    reds_keep_their_colour(tmp_path / "composite.png")


@pytest.mark.parametrize("row", table("Expressions"), ids=lambda row: row[0])
def test_every_expression_of_the_table_parses(row):
    for text in re.findall(r"`([^`]+)`", row[0]):
        parse(text)


def test_every_setting_is_in_the_table_with_its_default():
    rows = {row[0].strip("`"): row[1] for row in table("Settings")}
    default = Settings()
    for name, value in vars(default).items():
        text = {None: "none", False: "0", True: "1", (): "none"}.get(value, str(value))
        if name == "allowed_models":
            text = "all"
        if isinstance(value, float):
            text = f"{value:g}"
        assert rows[f"SEGUI_{name.upper()}"] == text


def test_every_requirement_has_its_reason_in_the_table():
    lines = [
        line
        for name in ("requirements.txt", "weights.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    wanted = {re.split(r"[<>=]", line)[0] for line in lines if not line.startswith("#")}
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
