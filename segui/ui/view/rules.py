"""What is said below the rule, and below those with names."""

from html import escape
from typing import Final

from segui.errors import ExpressionError
from segui.expression import read_rules
from segui.session.inputs import Inputs
from segui.session.rules import rule_of
from segui.ui.view import html

NAMED_RULES: Final = "Rules with names"


def rule_notes(inputs: Inputs, in_force: str) -> str:
    """Where the rule cannot be read, or what one that can be probably does not mean.

    Args:
        inputs: With the rule as it stands in its box.
        in_force: The rule by which the areas stay as they are until then; empty where none is.
    """
    text = str(inputs.entered["expression"] or "")
    try:
        hints = rule_of(text, inputs.options["rules"]).hints
    except ExpressionError as error:
        return html.expression_error(error, in_force)
    return "".join(html.help_text(f"{hint[0].upper()}{hint[1:]}") for hint in hints)


def named_notes(inputs: Inputs) -> str:
    """The same of the rules with names, or why those that are entered are not in force."""
    try:
        rules = read_rules(str(inputs.entered["rules"] or ""))
    except ExpressionError as error:
        return html.expression_error(error)
    if "rules" in inputs.refused:
        return f"<p>Not used: {escape(inputs.refused['rules'])}.</p>"
    hints = ((name, hint) for name, rule in rules.items() for hint in rule.hints)
    return "".join(html.help_text(f"{name}: {hint}") for name, hint in hints)


def named_title(inputs: Inputs) -> str:
    """What the folded place is called, with how many are in force.

    >>> named_title(Inputs.fresh({"rules": "a = red > 50%"}))
    'Rules with names (1)'
    """
    count = len(read_rules(inputs.options["rules"]))
    return f"{NAMED_RULES} ({count})" if count else NAMED_RULES
