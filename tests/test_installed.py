"""The package as ``pip install`` leaves it, away from the repository."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import segui
from segui.session import examples

ROOT = Path(__file__).parents[1]
BUILT_FROM = ("LICENSE", "README.md", "examples", "pyproject.toml", "segui", "setup.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel, built from a copy: a build leaves files where it runs."""
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "tree").mkdir()
    for name in BUILT_FROM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, folder / "tree" / name)
    how = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder))
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", str(folder / "tree"), *how],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


@pytest.fixture(scope="module")
def site(wheel: zipfile.Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which it is installed, as pip unpacks it."""
    folder = tmp_path_factory.mktemp("site")
    wheel.root.extractall(folder)
    return folder


def files_of(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


@pytest.mark.process
def test_it_holds_the_code_and_the_examples_files_and_nothing_else(site):
    there = files_of(ROOT / "segui")
    code = {f"segui/{name}" for name in there if name.endswith((".css", ".js", ".py", ".typed"))}
    scenes = {
        f"segui/examples/{scene.parent.name}/{path.name}"
        for scene in (ROOT / "examples").glob("*/scene.json")
        for path in scene.parent.iterdir()
    }
    packed = {name for name in files_of(site) if ".dist-info/" not in name}
    assert packed == code | scenes
    assert len(scenes) > 15


@pytest.mark.process
def test_its_card_has_the_version_the_command_and_what_the_page_needs(site):
    (card,) = site.glob("segui-*.dist-info")
    assert card.name == f"segui-{segui.__version__}.dist-info"
    commands = (card / "entry_points.txt").read_text(encoding="utf-8")
    assert commands.split() == ["[console_scripts]", "segui", "=", "segui.cli:main"]
    metadata = (card / "METADATA").read_text(encoding="utf-8").splitlines()
    assert "Provides-Extra: app" in metadata
    assert [line for line in metadata if line.startswith("Requires-Dist: gradio")]


@pytest.mark.process
def test_its_examples_are_those_of_the_repository(site, tmp_path):
    code = (
        "import json, segui\n"
        "from segui.session.examples import FOLDER, load_examples\n"
        "print(json.dumps([segui.__file__, str(FOLDER), [one.name for one in load_examples()]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    module, folder, names = json.loads(done.stdout)
    assert Path(module) == site / "segui" / "__init__.py"
    assert Path(folder) == site / "segui" / "examples"
    assert names == [each.name for each in examples.load_examples()]
    assert len(names) == 5


def test_a_checkout_takes_its_own_examples():
    assert ROOT / "examples" == examples.FOLDER
