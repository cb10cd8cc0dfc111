"""Scripts that import each other, joined into one expression."""

import re
from pathlib import Path

import pytest

from segui.ui.browser import scripts
from segui.ui.browser.scripts import joined


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of scripts in place of the page's."""
    monkeypatch.setattr(
        scripts, "asset", lambda name: (tmp_path / name).read_text(encoding="utf-8")
    )
    (tmp_path / "inner").mkdir()
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name.replace("__", "/")).with_suffix(".js").write_text(text, encoding="utf-8")


def test_each_file_is_a_scope_of_its_own_after_those_that_it_imports(folder: Path):
    write(folder, main="import {two} from './inner/numbers.js';\nexport const four = two * two;\n")
    write(folder, inner__numbers="const one = 1;\nexport const two = one + one;\n")
    assert joined("main.js") == (
        "(() => {\n"
        "const inner_numbers_js = (() => {\n"
        "const one = 1;\n"
        "const two = one + one;\n"
        "return {two};\n"
        "})();\n"
        "const main_js = (() => {\n"
        "const {two} = inner_numbers_js;\n"
        "const four = two * two;\n"
        "return {four};\n"
        "})();\n"
        "return main_js;\n"
        "})()"
    )


def test_a_file_that_two_others_import_is_there_once(folder: Path):
    write(folder, base="export const one = 1;\n")
    write(folder, inner__left="import {one} from '../base.js';\nexport const left = one;\n")
    write(folder, inner__right="import {one} from '../base.js';\nexport const right = one;\n")
    write(
        folder,
        main="import {left} from './inner/left.js';\nimport {right} from './inner/right.js';\n"
        "export function sum() { return left + right; }\n",
    )
    text = joined("main.js")
    assert text.count("const base_js =") == 1
    assert text.index("base_js") < text.index("inner_left_js") < text.index("inner_right_js")


@pytest.mark.parametrize(
    "line",
    [
        "import './other.js';",
        "import * as other from './other.js';",
        'import {one} from "./other.js";',
        "export default 1;",
        "export let one = 1;",
        "export {one};",
    ],
)
def test_what_cannot_be_joined_is_refused(folder: Path, line: str):
    write(folder, main=f"const one = 1;\n{line}\n", other="export const one = 1;\n")
    with pytest.raises(ValueError, match=re.escape(f"main.js: {line!r} is not understood")):
        joined("main.js")


def test_files_that_import_each_other_are_refused(folder: Path):
    write(folder, main="import {one} from './other.js';\nexport const two = one + 1;\n")
    write(folder, other="import {two} from './main.js';\nexport const one = two - 1;\n")
    told = re.escape("scripts import each other: main.js -> other.js -> main.js")
    with pytest.raises(ValueError, match=told):
        joined("main.js")
