"""Texts to expressions, and what can be asked of an expression."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from segui.errors import ExpressionError, InputError, RuleError
from segui.expression.doubts import doubts_of
from segui.expression.evaluate import truth_of
from segui.expression.explain import explanation
from segui.expression.naming import NamedRule
from segui.expression.nodes import (
    Condition,
    Group,
    Label,
    Named,
    Pattern,
    Property,
    Value,
    walk,
    walk_own,
)
from segui.expression.parser import Parser
from segui.expression.reference_form import read_reference_form
from segui.expression.rule_set import RuleSet, rule_lines
from segui.expression.scope import Scope, SegmentLike
from segui.expression.thresholds import Threshold, hint_of, thresholds_of, with_number
from segui.expression.tokens import written
from segui.expression.vocabulary import MAX_CHARACTERS
from segui.expression.wrapping import bare, is_blank


@dataclass(frozen=True)
class Expression:
    """A rule that a segment passes or not; equal to another one of the same meaning and form.

    Args:
        text: The expression as it was given.
        tree: The expression as it was understood.
        levels: How deep it is, with the rules that it names.
        characters: How long it is, with each of these as often as it is named.
    """

    text: str = field(compare=False)
    tree: Condition
    levels: int = field(default=0, compare=False, repr=False)
    characters: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        """The canonical form; the text itself where the form would be too long to parse.

        Either one, parsed with the same rules, gives an equal expression.
        """
        form = str(self.tree)
        return form if len(form) <= MAX_CHARACTERS else self.text

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the classifier that it names, each once, in order of appearance."""
        names = (node.name for node in walk(self.tree) if isinstance(node, Label))
        return tuple(dict.fromkeys(names))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that it names, with their ``#``, each once, in order of appearance."""
        names = (node.name for node in walk(self.tree) if isinstance(node, Group))
        return tuple(dict.fromkeys(names))

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties that it names, without ``@``, each once, in order of appearance."""
        names = (node.name for node in walk(self.tree) if isinstance(node, Property))
        return tuple(dict.fromkeys(names))

    @property
    def needs_scores(self) -> bool:
        """Whether it names what a classifier alone can say.

        >>> [parse(rule).needs_scores for rule in ("#Male > 0", "@top = cat", "@label = cat")]
        [True, True, False]
        """
        named = any(isinstance(node, Label | Group | Pattern) for node in walk(self.tree))
        return named or "top" in self.properties

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it names itself, each once, in order of appearance.

        >>> parse("people and not warm", {"people": "person > 50%", "warm": "red > 1%"}).rules
        ('people', 'warm')
        """
        names = (node.name for node in walk_own(self.tree) if isinstance(node, Named))
        return tuple(dict.fromkeys(names))

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The numbers that scores, shares and the like are held against, in order of appearance.

        Those of rules that it names come after its own.

        >>> [(one.label, one.sign, one.value) for one in parse("0.2 < cat <= 80%").thresholds]
        [('cat', '>', 0.2), ('cat', '<=', 0.8)]
        """
        return thresholds_of(self.text, self.tree)

    @property
    def hints(self) -> tuple[str, ...]:
        """What may have been meant otherwise than it was read, each sentence once.

        Numbers that no score reaches, and words that are a label here, or a number.

        >>> parse("red > 50").hints
        ('scores go from 0 to 1: did you mean red > 50%?',)
        >>> parse("red > 0,5").hints
        ('0,5 was read as the number 0.5: a label of that name needs quotes',)
        """
        own = (one for one in self.thresholds if not one.rule)
        hints = (hint_of(self.text, one) for one in own)
        return tuple(dict.fromkeys((*(hint for hint in hints if hint), *doubts_of(self.tree))))

    def with_threshold(self, index: int, value: float) -> str:
        """The text with another number for one of the thresholds.

        Args:
            index: Which one of ``thresholds``, from 0.
            value: The new number, 0.42 for 42 %; written with at most three decimals, and as a
                percentage where the old one was.

        Returns:
            The new text; all other characters stay as they are.

        Raises:
            InputError: There is no such threshold, it stands in a rule that is named, or the value
                is not a finite number.

        >>> parse("red > 50% and cat < .5").with_threshold(0, 0.42)
        'red > 42% and cat < .5'
        """
        known = self.thresholds
        if not 0 <= index < len(known):
            raise InputError(f"there is no threshold {index}: the rule has {len(known)}")
        if rule := known[index].rule:
            raise InputError(
                f"threshold {index} stands in the rule {written(rule)}: change it there"
            )
        return with_number(self.text, known[index], value)

    def evaluate(
        self,
        scores: Mapping[str, float] | None,
        segment: SegmentLike | None = None,
        *,
        properties: Mapping[str, float | str | None] | None = None,
        groups: Mapping[str, Collection[str]] | None = None,
    ) -> bool | None:
        """Whether a segment passes.

        Args:
            scores: Score of each label, 0..1; empty or None where the segment has no pixels.
            segment: The segment, for the properties that come from it.
            properties: More properties, by name without ``@``; they win over the segment's.
            groups: Labels of more groups, by name with or without ``#``.

        Returns:
            True, False, or None where it is unknown.

        >>> parse("red > 0.5 and @share > 1%").evaluate({"red": 0.62}, properties={"share": 0.02})
        True
        """
        return truth_of(self.tree, Scope.of(scores, segment, properties, groups))

    def explain(
        self,
        scores: Mapping[str, float] | None,
        segment: SegmentLike | None = None,
        *,
        properties: Mapping[str, float | str | None] | None = None,
        groups: Mapping[str, Collection[str]] | None = None,
        whole: bool = False,
    ) -> str:
        """Why a segment passes, does not pass, or why that is unknown.

        Args:
            scores: Score of each label, 0..1; empty or None where the segment has no pixels.
            segment: The segment, for the properties that come from it.
            properties: More properties, by name without ``@``; they win over the segment's.
            groups: Labels of more groups, by name with or without ``#``.
            whole: Whether all parts that decided it are said, or the first ones and how many more.

        Returns:
            The parts that decided it, with their figures, as a sentence.

        >>> parse("female > male").explain({"male": 0.59, "female": 0.41})
        'female 0.41 > male 0.59 is false'
        """
        scope = Scope.of(scores, segment, properties, groups)
        return explanation(self.tree, scope, whole=whole)


def parse(text: str, rules: Mapping[str, "str | Expression"] | None = None) -> Expression:
    """Read an expression.

    Args:
        text: The expression, at most 1,000 characters and 50 levels deep.
        rules: Rules by the names that the expression may have them by, where a condition is due;
            they may name each other. What ``read_rules`` gives.

    Returns:
        The expression. What can be read without the rules means the same with them.

    Raises:
        InputError: ``text`` is no text.
        ExpressionError: It cannot be read; the error names the column and what was expected.

    >>> print(parse("not(red>50%)  AND t-shirt == 'Human Female'"))
    not red > 50% and t-shirt = "Human Female"
    >>> parse("people and red > 50%", {"people": "person > 50%"}).labels
    ('person', 'red')
    """
    if not isinstance(text, str):
        raise InputError(f"an expression must be text, this is of type {type(text).__name__}")
    known = rules if isinstance(rules, RuleSet) else RuleSet(rules or {}, _read)
    return _read(text, known)


def read_rules(text: str) -> "Mapping[str, Expression]":
    """Rules with names, which others may name where a condition is due.

    Args:
        text: A line for each: its name, ``=`` and the rule. They may name each other, in any
            order. Empty lines say nothing.

    Returns:
        The rules by their names, in the order of the lines.

    Raises:
        RuleError: A line is none of that, a name comes twice, a rule cannot be read, or leads back
            to itself.

    >>> rules = read_rules("people = @label = person or #Female > 0 or #Male > 0")
    >>> print(parse("people and not red > 50%", rules))
    people and not red > 50%
    """
    lines = rule_lines(text)
    return RuleSet({line.name: line.rule for line in lines}, _read, lines)


def parse_value(text: str) -> Value:
    """Read what stands for a number: a label, a property, a function, a sum.

    Raises:
        ExpressionError: It cannot be read, or is a condition.
    """
    return Parser(text).quantity()


def _read(text: str, rules: Mapping[str, NamedRule], own: str = "") -> Expression:
    """An expression; ``own`` is its name where it has one."""
    if len(text) > MAX_CHARACTERS:
        message = f"the expression has {len(text)} characters: at most {MAX_CHARACTERS} are allowed"
        raise ExpressionError(text, MAX_CHARACTERS + 1, message)
    body = bare(text)
    if is_blank(body):
        message = "the expression is empty: expected a comparison, such as red > 0.5, or *"
        raise ExpressionError(text, 1, message)
    try:
        return Expression(text, *_tree(body, rules, own))
    except RuleError:
        raise
    except ExpressionError as error:
        if body == text:
            raise
        raise ExpressionError(text, error.column, error.message) from error


def _tree(text: str, rules: Mapping[str, NamedRule], own: str) -> tuple[Condition, int, int]:
    """The tree, its levels and characters; what can be read without names is read without."""
    try:
        parser = Parser(text, rules, own)
        tree = parser.expression()
    except RuleError:
        raise
    except ExpressionError:
        second = read_reference_form(text)
        if second is None:
            raise
        return second, 1, len(text)
    second = read_reference_form(text) if parser.named else None
    return (tree, parser.levels, parser.characters) if second is None else (second, 1, len(text))
