"""Data flows one way: each room imports only what stands before it in the table."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import segui

ROOT = Path(segui.__file__).parent
ROOMS = [
    {"_version", "amounts", "errors", "geometry"},
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
    {"paste_values"},
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
# the folders of masks/: what lies beside them is used by some, and uses others
MASK_ROOMS = [
    {"masks.pixels"},
    {"masks.greys"},
    {"masks.colours"},
    {"masks.sizes"},
    {"masks.legends"},
    {"masks.annotations"},
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


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """All that a module is written in."""
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


@cache
def imports_of(path: Path) -> set[str]:
    """All that a module imports from segui and elsewhere, wherever in it, also for types alone."""
    found = set()
    for node in nodes_of(path):
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


def rank_in(table: list[set[str]], module: str) -> tuple[int, str] | None:
    """Where a module stands: by the longest beginning of its name that the table has."""
    ranks = {name: rank for rank, names in enumerate(table) for name in names}
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next(((ranks[name], name) for name in names if name in ranks), None)


def own_imports(module: str) -> set[str]:
    """The modules of segui that a module imports."""
    asked = (
        name.removeprefix("segui.")
        for name in imports_of(MODULES[module])
        if name.startswith("segui.")
    )
    return {name if name in MODULES else name.rpartition(".")[0] for name in asked} & set(MODULES)


def test_every_module_stands_in_the_table():
    assert [module for module in MODULES if rank_in(ROOMS, module) is None] == []


def follows(table: list[set[str]], module: str, name: str) -> bool:
    """Whether a table lets a module import another one of segui's."""
    own, other = rank_in(table, module), rank_in(table, name)
    if own is None:
        return True
    if other is None:  # what lies beside the folders of ui/ uses them, and not they it
        return table is ROOMS or not name.startswith("ui.")
    return other[1] == own[1] or other[0] < own[0]


@pytest.mark.long
@pytest.mark.parametrize("table", [ROOMS, UI_ROOMS, MASK_ROOMS], ids=["segui", "ui", "masks"])
def test_a_room_imports_only_what_stands_before_it(table):
    wrong = [
        f"{module} imports {name}"
        for module in MODULES
        for name in own_imports(module)
        if not follows(table, module, name)
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle():
    list(TopologicalSorter({name: own_imports(name) - {name} for name in MODULES}).static_order())


def test_each_outside_package_has_its_own_rooms():
    wrong = [
        f"{module} imports {name}"
        for module in MODULES
        for name in imports_of(MODULES[module])
        if module.split(".")[0] not in ONLY_IN.get(name.split(".")[0], {module.split(".")[0]})
    ]
    assert wrong == []


def calls_of(path: Path) -> set[str]:
    """All that a module calls, as it is written."""
    return {ast.unparse(node.func) for node in nodes_of(path) if isinstance(node, ast.Call)}


def test_only_what_opens_pictures_turns_files_into_pixels():
    wrong = [
        f"{module} calls {name}"
        for module, path in MODULES.items()
        if module not in DECODING and module.split(".")[0] not in DECODING
        for name in calls_of(path) & DECODERS
    ]
    assert wrong == []
