"""Rules as a session has them: texts, and the text of the rules with names that they may name."""

from collections.abc import Hashable
from functools import lru_cache

from segui.errors import ExpressionError
from segui.expression import Expression, parse, read_rules


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


def meaning_of(text: str, rules: str) -> Hashable:
    """What a rule means by the names in it; of one that cannot be read, its text."""
    try:
        return rule_of(text, rules).tree
    except ExpressionError:
        return text


def trouble_of(text: str, rules: str) -> str:
    """Why a rule cannot be read; empty where it can."""
    try:
        rule_of(text, rules)
    except ExpressionError as error:
        return error.message
    return ""
