"""What was pasted around a rule, and is no part of it."""

import re
from typing import Final

from segui.expression import typed

_TRAILING: Final = re.compile(r"[;\uff1b\s\u200b\ufeff]*\Z")
# Markdown's marks around something; labels may begin and end with `_`
_EMPHASIS: Final = re.compile(r"\s*(\*{1,3})([^\s*](?:.*[^\s*])?)\1\s*", re.DOTALL)
# of those only around what no label ends with
_UNDERLINED: Final = re.compile(
    rf"\s*(_{{1,3}}|~~)([^\s_~](?:.*(?:[\s{typed.COMPARING}]-?[\d.,]+\s?%?|[)\"”])))\1\s*",
    re.DOTALL,
)
_CODE: Final = re.compile(r"\s*(`+)([^`]+)\1\s*")
_NOTHING: Final = re.compile(rf"{typed.SPACE.pattern}\Z")


def bare(text: str, *, is_rule: bool = True) -> str:
    """An expression without what was pasted around it, each character where it was.

    Semicolons and blanks at its end go; blanks take the place of Markdown's marks of code and of
    emphasis around the whole of it.

    Args:
        text: The expression.
        is_rule: Whether it has to compare something, so that what is marked is no name alone.

    >>> bare("red > 50% ;"), bare("`red > 50%`"), bare("**`a b` > 1**"), bare("_red > 50%_")
    ('red > 50%', ' red > 50%', '  `a b` > 1', ' red > 50%')
    >>> bare("_red > _blue_"), bare("_x1 > _x1_")
    ('_red > _blue_', '_x1 > _x1_')
    """
    end = _TRAILING.search(text)
    body = text[: end.start()] if end and set(end.group()) & set(";\uff1b") else text
    for marked in (_EMPHASIS, _UNDERLINED, _CODE):
        found = marked.fullmatch(body)
        if found and (not is_rule or typed.COMPARISON.search(found.group(2))):
            body = " " * found.start(2) + found.group(2)
    return body


def is_blank(text: str) -> bool:
    """Whether nothing can be seen of a text."""
    return _NOTHING.match(text) is not None
