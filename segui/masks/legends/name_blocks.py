"""Blocks of fields, one for each name: lists of objects in YAML, and TensorFlow's label maps."""

import re
from collections.abc import Iterator
from typing import Final

_FIELD: Final = re.compile(
    r"""\s*([A-Za-z_]\w{0,40})["']?\s*:\s*("[^"]*"|'[^']*'|\[[^\[\]]*\]|[^\s,{}\[\]][^\n,{}\[\]]*)\s*,?\s*"""
)
_ITEM: Final = re.compile(r"item\s*\{([^{}]*)\}")
_BULLET: Final = re.compile(r"(\s*)-\s+(?=\{?\s*[\"']?[A-Za-z_]\w*[\"']?\s*:\s*\S)")
_HEAD: Final = re.compile(r"\s*[A-Za-z_][\w ]*:\s*(?:#.*)?")


def blocks_of(text: str) -> list[dict[str, str]]:
    r"""The fields of each block; none where a text is something else.

    >>> blocks_of("item {\n id: 1\n name: 'car'\n}\nitem { id: 2 name: 'dog' }")
    [{'id': '1', 'name': 'car'}, {'id': '2', 'name': 'dog'}]
    >>> blocks_of("labels:\n- name: car\n  id: 1\n- {name: dog, id: 2}")
    [{'name': 'car', 'id': '1'}, {'name': 'dog', 'id': '2'}]
    """
    if items := _ITEM.findall(text):
        return [_fields(_one_a_line(item)) for item in items] if _is_all_items(text) else []
    return [_fields(block) for block in _bulleted(text)]


def _is_all_items(text: str) -> bool:
    return not _ITEM.sub("", text).strip()


def _one_a_line(item: str) -> str:
    """Fields of one line as lines: TensorFlow has white space alone between them."""
    return re.sub(r" (?=[A-Za-z_]\w{0,40} ?:)", "\n", " ".join(item.split()))


def _bulleted(text: str) -> Iterator[str]:
    """The lines of each item of a list of objects, its mark gone; none of any other text."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if bullet := _BULLET.match(line):
            blocks.append([line[bullet.end() :].strip().strip("{}")])
        elif blocks and line[:1].isspace():
            blocks[-1].append(line.strip().strip("{}"))
        elif not blocks and _HEAD.fullmatch(line):
            continue
        else:
            return
    for block in blocks:
        yield "\n".join(block)


def _fields(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in block.splitlines():
        for name, value in _FIELD.findall(line):
            found.setdefault(name, value.strip().strip("\"'"))
    return found
