"""Data flows one way: each module imports only what stands before it in this table."""

import ast
from pathlib import Path

import pytest

import segui

ROOT = Path(segui.__file__).parent
LAYERS = [
    {"_version", "errors", "geometry"},
    {"settings", "checks"},
    {"classifiers.base", "backend.device"},
    {"expression", "images", "models"},
    {"classifiers.names", "classifiers.colour"},
    {"classifiers.entries", "classifiers.zero_shot", "segments"},
    {"models.reading", "masks"},
    {"classifiers", "finders", "scores"},
    {"segments.reshape", "backend", "selection"},
    {"finders.from_files"},
    {"pipeline", "previews"},
    {"takeaway", "recipes"},
    {"comfyui"},
    {"ui"},
    {"cli"},
    {"__main__"},
]
ORDER = {name: rank for rank, names in enumerate(LAYERS) for name in names}
ONLY_IN = {
    "gradio": {"ui"},
    "spaces": {"ui"},
    "transformers": {"classifiers", "models", "models.reading"},
    "huggingface_hub": {"models"},
}
FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    return layer_of(name)


def layer_of(dotted: str) -> str:
    """The longest beginning of a module's name that has a place of its own."""
    parts = dotted.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((name for name in names if name in ORDER), parts[0])


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_stands_in_the_table(path):
    assert module_of(path) in ORDER


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_stands_before_it(path):
    own = module_of(path)
    for name in imports(path):
        if name.startswith("segui."):
            other = layer_of(name.removeprefix("segui."))
            assert other == own or ORDER[other] < ORDER[own], f"{own} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_outside_package_has_its_own_rooms(path):
    for name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or module_of(path) in rooms, f"{path.name} imports {name}"
