"""Rules as a session has them: texts, and the text of the rules with names that they may name."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Final

from segui.errors import ExpressionError
from segui.expression import Expression, Fade, parse, read_fade, read_rules

# the options whose texts may name a rule
TEXTS_WITH_RULES: Final = ("expression", "fade")


@lru_cache(maxsize=256)
def rule_of(text: str, rules: str) -> Expression:
    """What a rule was understood as.

    Args:
        text: The rule.
        rules: The rules with names, a line each.

    Raises:
        RuleError: These cannot be read.
        ExpressionError: The rule cannot be read.
    """
    return parse(text, read_rules(rules))


def meaning_of(text: str, rules: str, option: str = "expression") -> Hashable:
    """What a text means by the names in it; of one that cannot be read, itself.

    Args:
        text: The text.
        rules: The rules with names, a line each.
        option: Whose text it is, one of ``TEXTS_WITH_RULES``.
    """
    try:
        read = _read(text, rules, option)
    except ExpressionError:
        return text
    return None if read is None else read.tree


def trouble_of(text: str, rules: str, option: str = "expression") -> str:
    """Why a text cannot be read; empty where it can. The arguments are those of ``meaning_of``."""
    try:
        _read(text, rules, option)
    except ExpressionError as error:
        return error.message
    return ""


def _read(text: str, rules: str, option: str) -> Expression | Fade | None:
    return read_fade(text, read_rules(rules)) if option == "fade" else rule_of(text, rules)
