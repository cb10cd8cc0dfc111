"""The table of options as Markdown, for people."""

from typing import Final

from segui.options.all_options import OPTIONS
from segui.options.kinds import Choice, Colour, Flag, Number
from segui.options.option import Option, Part

_PARTS: Final[dict[Part, str]] = {
    "photo": "Photo",
    "areas": "Areas",
    "choose": "Choose",
    "paste": "Paste",
    "take": "Take away",
}
_MOST_LETTERS: Final = 200
_BEFORE: Final = """\
# Options

Every option of the page, a recipe, the endpoints and the tools, by the name that all of them know
it by. `/segments` takes all but those of *Paste* and
*Take away*. This page is made from `segui/options`:

    python -m segui.options > docs/options.md

For other programs `classifier` may also be a model's repo id. A server's settings may have another
default for `classifier` and `device`.
"""


def options_page() -> str:
    """All options, step by step, as a page of Markdown."""
    return "\n".join([_BEFORE, *map(_section, _PARTS)])


def _section(part: Part) -> str:
    rows = [_row(option) for option in OPTIONS.values() if option.part == part]
    head = ["| name | on the page | default | takes | what it is |", "|---|---|---|---|---|"]
    return "\n".join([f"## {_PARTS[part]}", "", *head, *rows, ""])


def _row(option: Option) -> str:
    cells = (
        f"`{option.name}`",
        option.label,
        _value(option.default),
        _takes(option),
        f"{option.meaning}.",
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _takes(option: Option) -> str:
    match option.kind:
        case Flag():
            return "true or false"
        case Number():
            return option.kind.expected_in(option.unit)
        case Choice(pairs=pairs) if sum(len(label) for label, _ in pairs) > _MOST_LETTERS:
            return f"one of the {len(pairs)} that the page lists"
        case Choice():
            return ", ".join(map(_value, option.kind.values))
        case Colour():
            return "a colour as `#rrggbb`"
    return f"text of at most {option.schema['maxLength']} characters"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) and value else str(value)
