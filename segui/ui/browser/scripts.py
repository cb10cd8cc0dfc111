"""Scripts that import each other, as one text that a browser runs without asking for files.

The files are modules as any editor or type checker knows them. Gradio runs a script as the body of
a function, where ``import`` and ``export`` cannot stand: each file becomes a scope of its own.
"""

import re
from pathlib import PurePosixPath
from typing import Final

from segui.ui.browser.assets import asset

_IMPORT: Final = re.compile(r"^import \{([^}]*)\} from '([^']+)';\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:(?:async )?function|const|class) (\w+))", re.MULTILINE)
_OTHER: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(name: str) -> str:
    """A script with all that it imports, each file in a scope of its own.

    Args:
        name: The file, from the folder of scripts on.

    Returns:
        An expression of the language, whose value is an object of what the file exports.

    Raises:
        ValueError: A file imports or exports in a way that is not understood here, or two files
            import each other.
    """
    scopes: dict[str, str] = {}
    _add(name, scopes, ())
    return f"(() => {{\n{''.join(scopes.values())}return {_scope_name(name)};\n}})()"


def started(name: str) -> str:
    """A script that exports ``start``, started with what Gradio gives a piece of HTML."""
    return f"{joined(name)}.start({{element, props, watch, trigger}});"


def _add(name: str, scopes: dict[str, str], importers: tuple[str, ...]) -> None:
    """Write a file's scope after those of the files that it imports, each once."""
    if name in importers:
        raise ValueError(f"scripts import each other: {' -> '.join((*importers, name))}")
    if name in scopes:
        return
    text = asset(name)
    for _, imported in _IMPORT.findall(text):
        _add(_beside(name, imported), scopes, (*importers, name))
    scopes[name] = _scope(name, text)


def _scope(name: str, text: str) -> str:
    exported = ", ".join(_EXPORT.findall(text))
    body = _IMPORT.sub(lambda found: _constants(name, found), _EXPORT.sub("", text))
    left = _OTHER.search(body)
    if left:
        raise ValueError(
            f"{name}: {left[0]!r} is not understood: expected import {{name}} from './file.js'; "
            "or export before function, const or class"
        )
    return f"const {_scope_name(name)} = (() => {{\n{body}return {{{exported}}};\n}})();\n"


def _constants(name: str, found: re.Match[str]) -> str:
    names = found[1].replace(" as ", ": ")
    return f"const {{{names}}} = {_scope_name(_beside(name, found[2]))};\n"


def _beside(name: str, imported: str) -> str:
    """The file that another one names from where it lies itself."""
    folder, path = [*PurePosixPath(name).parent.parts], imported
    while path.startswith(("./", "../")):
        step, _, path = path.partition("/")
        if step == "..":
            folder.pop()
    return "/".join([*folder, path])


def _scope_name(name: str) -> str:
    # no script has such a name of its own: theirs are written without low lines
    return re.sub(r"\W", "_", name)
