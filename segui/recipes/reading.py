"""A recipe out of its JSON, which anybody may have written: each part is checked, or said."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.geometry import Box
from segui.images.limits import check_megapixels
from segui.images.structure import check_structure
from segui.json_reading import read_json, shown
from segui.options import (
    EDIT_OPTIONS,
    MAX_EDITS,
    OPTIONS,
    Text,
    option_range,
    read_option,
    unsuited,
)
from segui.recipes.marks import MAX_NAME_CHARACTERS, FileMark
from segui.recipes.recipe import VERSION, ClassifierMark, EditMark, Override, Recipe

MAX_RECIPE_BYTES: Final = 20_000_000
MAX_PAINTED_BYTES: Final = 14_000_000  # base64 makes a third more of them, which still fits
_MAX_FILES: Final = 10_000
_MAX_OVERRIDES: Final = 100_000
_MAX_LABEL_CHARACTERS: Final = 1000
_MAX_SIDE_PX: Final = 1_000_000
_NAME: Final = Text(MAX_NAME_CHARACTERS)
_WORD: Final = Text(200)
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_FIELDS: Final = (
    "photo", "masks", "reference", "painted", "options", "classifier", "overrides", "versions",
)  # fmt: skip
_OPTIONAL: Final = (
    "strokes",
    "edits",
    "open_edit",
    "points",
    "boxes",
    "more_references",
    "sticker",
)
_MAX_MARKS: Final = 100


def read_recipe(data: str | bytes, *, max_megapixels: float = 50.0) -> Recipe:
    """Read a recipe from hostile hands: what it says is checked, value by value.

    Args:
        data: The JSON.
        max_megapixels: Largest painted picture, in millions of pixels, by its header.

    Returns:
        The recipe; options that a page does not have are named in ``unused``.

    Raises:
        InputError: It is too large, no JSON, no recipe, newer than this program, or a field is
            of the wrong type or out of its range.
    """
    found = read_json(data, "the recipe", max_bytes=MAX_RECIPE_BYTES, is_each_once=True)
    if not isinstance(found, dict) or "segui_recipe" not in found:
        raise InputError("this JSON is no recipe of segui: it has no 'segui_recipe'")
    _check_version(found["segui_recipe"])
    for name in _FIELDS:
        if name not in found:
            raise InputError(f"the recipe has no {name!r}")
    options, unused = _options(_object("options", found["options"]))
    others = [name for name in found if name not in (*_FIELDS, *_OPTIONAL, "segui_recipe")]
    edits, of_edits = _edits(found.get("edits", []))
    reference = _mark("reference", found["reference"])
    return Recipe(
        photo=_mark("photo", found["photo"]),
        masks=tuple(
            _known_mark(f"masks[{n}]", item)
            for n, item in enumerate(_list("masks", found["masks"], _MAX_FILES))
        ),
        reference=reference,
        painted=_painted(found["painted"], max_megapixels),
        options=options,
        classifier=_classifier(found["classifier"]),
        overrides=_overrides("overrides", found["overrides"]),
        versions=_versions(found["versions"]),
        strokes=_strokes(found.get("strokes", []), len(found["masks"]), max_megapixels),
        edits=edits,
        points=tuple(
            _point(f"points[{n}]", item)
            for n, item in enumerate(_list("points", found.get("points", []), _MAX_MARKS))
        ),
        boxes=tuple(
            _box(f"boxes[{n}]", item)
            for n, item in enumerate(_list("boxes", found.get("boxes", []), _MAX_MARKS))
        ),
        more_references=_more_references(found.get("more_references", []), reference),
        sticker=_mark("sticker", found.get("sticker")),
        open_edit=_place("open_edit", found.get("open_edit", 0), len(edits)),
        unused=(
            *unused,
            *of_edits,
            *(f"the recipe's {shown(name)} means nothing here" for name in others),
        ),
    )


def _check_version(version: object) -> None:
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InputError(f"segui_recipe is {shown(version)}: expected a version, from 1")
    if version > VERSION:
        raise InputError(
            f"the recipe is of version {shown(version)}, from a newer segui: "
            f"this one reads up to version {VERSION}"
        )


def _object(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"the recipe's {name} is {shown(value)}: expected an object")
    return value


def _list(name: str, value: object, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"the recipe's {name} is {shown(value)}: expected a list")
    if len(value) > most:
        raise InputError(f"the recipe has {len(value)} {name}: at most {most} are read")
    return value


def _mark(name: str, value: object) -> FileMark | None:
    return None if value is None else _known_mark(name, value)


def _known_mark(name: str, value: object) -> FileMark:
    fields = _object(name, value)
    digest = fields.get("sha256")
    if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise InputError(
            f"the recipe's {name}.sha256 is {shown(digest)}: expected 64 hexadecimal digits"
        )
    return FileMark(_NAME.read(f"the recipe's {name}.name", fields.get("name")), digest)


def _more_references(value: object, first: FileMark | None) -> tuple[FileMark, ...]:
    _, most = option_range("version")
    listed = _list("more_references", value, most - 1)
    if listed and first is None:
        raise InputError("the recipe has more_references, and its reference is null")
    return tuple(_known_mark(f"more_references[{n}]", item) for n, item in enumerate(listed))


def _painted(value: object, max_megapixels: float, name: str = "painted") -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"the recipe's {name} is {shown(value)}: expected base64 text")
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError as error:
        raise InputError(f"the recipe's {name} is not base64") from error
    if len(data) > MAX_PAINTED_BYTES:
        raise InputError(
            f"the recipe's {name} picture has {rounded_up(len(data) / 1e6)} MB: "
            f"at most {allowed(MAX_PAINTED_BYTES / 1e6)} MB are read"
        )
    size_wh = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if not data.startswith(_PNG_HEAD) or 0 in size_wh:
        raise InputError(f"the recipe's {name} picture is not a PNG")
    check_megapixels(size_wh, max_megapixels, f"the recipe's {name} picture")
    check_structure(data, f"the recipe's {name} picture")
    return data


def _strokes(value: object, masks: int, max_megapixels: float) -> dict[int, bytes]:
    read: dict[int, bytes] = {}
    for n, item in enumerate(_list("strokes", value, masks)):
        fields, name = _object(f"strokes[{n}]", item), f"strokes[{n}].painted"
        place = fields.get("mask")
        if type(place) is not int or not 0 <= place < masks or place in read:
            raise InputError(
                f"the recipe's strokes[{n}].mask is {shown(place)}: "
                f"expected the place of one of its {masks} masks, from 0, and each once"
            )
        data = _painted(fields.get("painted"), max_megapixels, name)
        if data is None:
            raise InputError(f"the recipe's {name} is null: expected base64 text")
        read[place] = data
    return read


def _options(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    read = {name: read_option(name, item) for name, item in values.items() if name in OPTIONS}
    alone = unsuited(read)
    known = {name: item for name, item in read.items() if name not in alone}
    unused = [f"the recipe's {sentence}" for sentence in alone.values()]
    unused += [
        f"the recipe's option {shown(name)} is not one of this page's"
        for name in values
        if name not in OPTIONS
    ]
    return known, unused


def _edits(value: object) -> tuple[tuple[EditMark, ...], list[str]]:
    """The edits, and what of them has no place here, in sentences."""
    read: list[EditMark] = []
    unused: list[str] = []
    for n, item in enumerate(_list("edits", value, MAX_EDITS)):
        fields, name = _object(f"edits[{n}]", item), f"edits[{n}]"
        options, others = _options(_object(f"{name}.options", fields.get("options")))
        own = {key: one for key, one in options.items() if key in EDIT_OPTIONS}
        unused += [f"of edit {n + 1}, {sentence}" for sentence in others]
        unused += [
            f"of edit {n + 1}, the recipe's option {shown(key)} is one of all edits"
            for key in options
            if key not in EDIT_OPTIONS
        ]
        enabled = fields.get("enabled", True)
        if not isinstance(enabled, bool):
            raise InputError(
                f"the recipe's {name}.enabled is {shown(enabled)}: expected true or false"
            )
        overrides = _overrides(f"{name}.overrides", fields.get("overrides", []))
        called = _WORD.read(f"the recipe's {name}.name", fields.get("name", ""))
        read.append(EditMark(own, overrides, enabled, called))
    return tuple(read), unused


def _point(name: str, value: object) -> tuple[int, int, int]:
    numbers = value if isinstance(value, list) else []
    are_whole = len(numbers) == 3 and all(type(one) is int for one in numbers)
    if not are_whole or not all(0 <= one <= _MAX_SIDE_PX for one in numbers) or numbers[2] > 1:
        raise InputError(
            f"the recipe's {name} is {shown(value)}: expected x and y in px, and 1 or 0"
        )
    x, y, wanted = numbers
    return x, y, wanted


def _place(name: str, value: object, count: int) -> int:
    if type(value) is not int or not 0 <= value < max(1, count):
        raise InputError(
            f"the recipe's {name} is {shown(value)}: expected the place of one of its {count} "
            "edits, from 0"
        )
    return value


def _classifier(value: object) -> ClassifierMark:
    fields = _object("classifier", value)
    texts = {
        name: _WORD.read(f"the recipe's classifier.{name}", fields.get(name))
        for name in ("name", "repo_id", "revision")
    }
    return ClassifierMark(**texts)


def _overrides(name: str, value: object) -> tuple[Override, ...]:
    items = _list(name, value, _MAX_OVERRIDES)
    return tuple(_override(f"{name}[{n}]", item) for n, item in enumerate(items))


def _override(name: str, value: object) -> Override:
    fields = _object(name, value)
    label, side = fields.get("label"), fields.get("side")
    if not isinstance(label, str) or len(label) > _MAX_LABEL_CHARACTERS:
        raise InputError(
            f"the recipe's {name}.label is {shown(label)}: "
            f"expected text of at most {_MAX_LABEL_CHARACTERS} characters"
        )
    if side not in ("filtered", "remained"):
        raise InputError(
            f"the recipe's {name}.side is {shown(side)}: expected filtered or remained"
        )
    return Override(_box(f"{name}.bbox", fields.get("bbox")), label, side)


def _box(name: str, value: object) -> Box:
    edges = value if isinstance(value, list) else []
    if len(edges) != 4 or any(type(edge) is not int for edge in edges):
        raise InputError(f"the recipe's {name} is {shown(value)}: expected four whole numbers")
    box = Box(*edges)
    if box.is_empty or min(box) < 0 or max(box) > _MAX_SIDE_PX:
        raise InputError(
            f"the recipe's {name} is no box of a picture: expected x1 < x2 and y1 < y2, "
            f"from 0 to {_MAX_SIDE_PX}"
        )
    return box


def _versions(value: object) -> dict[str, str]:
    fields = _object("versions", value)
    return {
        _WORD.read("a name among the recipe's versions", name): _WORD.read(
            f"the recipe's versions.{name}", version
        )
        for name, version in fields.items()
    }
