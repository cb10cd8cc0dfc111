import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import segui
from segui import _version
from segui.takeaway.report import package_versions

ROOT = Path(__file__).parents[1]


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lines(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_public_names_are_sorted_and_there():
    assert segui.__all__ == sorted(segui.__all__)
    for name in segui.__all__:
        assert getattr(segui, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'segui' has no attribute 'sagui'"):
        segui.sagui  # noqa: B018


def test_the_requirements_of_a_space_are_those_of_the_engine_and_the_app():
    wanted = project()["dependencies"] + project()["optional-dependencies"]["app"]
    assert sorted(lines("requirements.txt")) == sorted(wanted)


def test_every_requirement_is_pinned():
    pinned = {line.split("==")[0].lower() for line in lines("constraints.txt")}
    for line in lines("requirements.txt") + lines("tests/requirements.txt"):
        name = line.split(">")[0].split("<")[0].strip().lower()
        assert name in pinned


def test_the_oldest_releases_are_those_that_were_tried():
    table = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
    _, *rows = re.findall(r"^\| (\S+) \| (\S+) \|", table, re.MULTILINE)
    optional = [line for line in lines("tests/requirements.txt") if line.startswith("mcp")]
    ranges = [Requirement(line) for line in lines("requirements.txt") + optional]
    assert [name for name, _ in rows] == [wanted.name for wanted in ranges]
    for wanted, (_, tried) in zip(ranges, rows, strict=True):
        (floor,) = (bound.version for bound in wanted.specifier if bound.operator == ">=")
        assert Version(floor) == Version(tried), wanted.name


def test_the_makefile_makes_the_oldest_releases_of_ranges():
    (script,) = re.findall(r"^FLOOR := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    made = subprocess.run(
        ["sed", "-E", script],  # noqa: S607
        input="a>=1.2,<2\nb>=3\nc\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == "a==1.2\nb==3\nc\n"


def test_torchvision_stays_out():
    assert not any("torchvision" in line for line in lines("constraints.txt"))


def test_the_version_is_written_in_one_place():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project()["dynamic"] == ["version"]
    read_from = pyproject["tool"]["setuptools"]["dynamic"]["version"]["attr"]
    assert read_from == "segui._version.__version__"
    assert segui.__version__ == _version.__version__


def test_a_report_says_the_version_of_the_code_whatever_is_installed(monkeypatch):
    monkeypatch.setattr("segui.takeaway.report.version", lambda _: "0.0.1")
    versions = package_versions()
    assert versions["segui"] == segui.__version__
    assert versions["torch"] == "0.0.1"


def test_the_changelog_begins_with_this_version_and_lists_each_once():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    listed = re.findall(r"^## (\S+)", text, re.MULTILINE)
    assert listed[0] == segui.__version__
    assert len(listed) == len(set(listed))


@pytest.mark.process
def test_importing_segui_loads_neither_torch_nor_gradio_nor_transformers():
    code = (
        "import segui, sys; print(sorted({'torch', 'gradio', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


@pytest.mark.process
def test_the_engine_needs_no_gradio():
    code = (
        "import sys; sys.modules['gradio'] = None\n"
        "import segui, segui.pipeline, segui.takeaway.cutouts, segui.previews.thumbnails\n"
        "[getattr(segui, name) for name in segui.__all__]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_nothing_of_ours_imports_pandas_or_mcp():
    # Gradio imports them itself: pandas always, mcp where it is installed
    for path in [ROOT / "app.py", *(ROOT / "segui").rglob("*.py")]:
        found = re.findall(
            r"^\s*(?:import|from) (pandas|mcp)\b", path.read_text("utf-8"), re.MULTILINE
        )
        assert not found, path


@pytest.mark.process
def test_the_engine_and_a_page_without_tools_pay_for_neither():
    code = (
        "import sys, segui, segui.pipeline, segui.takeaway.report, segui.previews.thumbnails\n"
        "[getattr(segui, name) for name in segui.__all__]\n"
        "print({'pandas', 'mcp'} & set(sys.modules))\n"
        "import app\n"
        "print('segui.ui.api.tools' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "set()\nFalse\n"
