"""Data flows one way: each room imports only what stands before it in the table."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import segui

ROOT = Path(segui.__file__).parent
ROOMS = [
    {"_version", "errors", "geometry"},
    {"archives", "checks", "device", "json_reading", "priority", "storing"},
    # words and numbers alone, which the options are made of before anything is computed
    {"backend.effect_table"},
    {"expression", "images"},
    {"masks"},
    {"models"},
    {"classifiers"},
    {"options"},
    {"settings"},
    {"segments"},
    {"finders"},
    {"scores"},
    {"selection"},
    {"backend"},
    {"paste_options"},
    {"pipeline", "previews"},
    {"rendering"},
    {"edits"},
    {"takeaway", "recipes"},
    {"comfyui"},
    {"session"},
    {"ui"},
    {"cli"},
    {"__main__"},
]
# the folders of ui/; what lies beside them may use them all, and each other
UI_ROOMS = [
    {"ui.browser"},
    {"ui.view"},
    {"ui.layout"},
    {"ui.spaces"},
    {"ui.guard"},
    {"ui.api"},
]
ONLY_IN = {
    "gradio": {"ui"},
    "spaces": {"ui"},
    "transformers": set(),  # models.library takes it by name, one thread at a time
    "huggingface_hub": {"models"},
}
# all that turns a file into pixels, and small things that a browser sends or a list shows
DECODERS = {"Image.open", "cv2.imread", "cv2.imdecode"}
DECODING = {"images", "masks", "session.examples", "session.paintings"}


def imports_of(path: Path) -> set[str]:
    """All that a module imports from segui and elsewhere, wherever in it, also for types alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name_of(path: Path) -> str:
    """A module's name below segui; a package's is its ``__init__``'s."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py")) if name_of(path)}
IMPORTS = {name: imports_of(path) for name, path in MODULES.items()}
each_module = pytest.mark.parametrize("module", MODULES)


def rank_in(table: list[set[str]], module: str) -> tuple[int, str] | None:
    """Where a module stands: by the longest beginning of its name that the table has."""
    ranks = {name: rank for rank, names in enumerate(table) for name in names}
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next(((ranks[name], name) for name in names if name in ranks), None)


def own_imports(module: str) -> set[str]:
    """The modules of segui that a module imports."""
    asked = (name.removeprefix("segui.") for name in IMPORTS[module] if name.startswith("segui."))
    return {name if name in MODULES else name.rpartition(".")[0] for name in asked} & set(MODULES)


@each_module
def test_every_module_stands_in_the_table(module):
    assert rank_in(ROOMS, module) is not None


@pytest.mark.parametrize("table", [ROOMS, UI_ROOMS])
@each_module
def test_a_room_imports_only_what_stands_before_it(table, module):
    own = rank_in(table, module)
    for name in own_imports(module) if own else ():
        other = rank_in(table, name)
        if other is None:
            assert not name.startswith("ui.") or table is ROOMS, f"{module} imports {name}"
        else:
            assert other[1] == own[1] or other[0] < own[0], f"{module} imports {name}"


def test_no_modules_import_each_other_in_a_circle():
    list(TopologicalSorter({name: own_imports(name) - {name} for name in MODULES}).static_order())


@each_module
def test_each_outside_package_has_its_own_rooms(module):
    for name in IMPORTS[module]:
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or module.split(".")[0] in rooms, f"{module} imports {name}"


@each_module
def test_only_what_opens_pictures_turns_files_into_pixels(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    is_allowed = module in DECODING or module.split(".")[0] in DECODING
    assert is_allowed or not called & DECODERS
