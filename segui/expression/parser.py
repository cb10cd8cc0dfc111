"""Tokens to a tree, by recursive descent; each rule of the grammar is its function's docstring.

Strings in the rules are tokens, and names in capitals are kinds of tokens.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from segui.errors import ExpressionError
from segui.expression import advice, naming
from segui.expression.naming import NamedRule
from segui.expression.nodes import (
    CONDITIONS,
    And,
    Arithmetic,
    Condition,
    Everything,
    Function,
    Group,
    Label,
    Named,
    Not,
    Number,
    Or,
    Pattern,
    Property,
    Value,
)
from segui.expression.operands import Operand, Part, as_value, compare, is_text
from segui.expression.properties import PROPERTIES
from segui.expression.tokens import Token, TokenKind, one_line, quote, shown, tokenize
from segui.expression.typed import JOINS, plain
from segui.expression.vocabulary import MAX_DEPTH

# what a label that was not quoted may be made of
_ROUND_A_COMMA: Final = frozenset({TokenKind.LABEL, TokenKind.COMMA})


class Parser:
    """Reads one text.

    Args:
        text: The text to read.
        rules: The rules that it may name.
        own: Its own name, where it has one.

    Attributes:
        named: Each place where it names one, so far.

    Raises:
        ExpressionError: The text has no tokens of the language, or is nested too deeply.
    """

    def __init__(
        self, text: str, rules: Mapping[str, NamedRule] | None = None, own: str = ""
    ) -> None:
        self._text = text
        self._tokens = tokenize(text)
        self._index = 0
        self._open = 0
        self._rules: Mapping[str, NamedRule] = {} if rules is None else rules
        self._own = own
        self._own_levels = check_depth(text, self._tokens)
        self.named: list[Named] = []

    @property
    def levels(self) -> int:
        """How deep it is, the rules that it names one level below it."""
        return self._own_levels + max((1 + node.levels for node in self.named), default=0)

    @property
    def characters(self) -> int:
        """How long it is, each rule that it names as often as it is named."""
        return len(self._text) + sum(node.characters for node in self.named)

    def expression(self) -> Condition:
        """expression: '*' END | or_test END."""
        if self._at(TokenKind.SIGN, "*") and self._tokens[1].kind is TokenKind.END:
            return Everything()
        whole = self._or_test()
        if self._peek().kind is not TokenKind.END:
            raise self._rest_error()
        return self._condition(whole)

    def value(self) -> Value:
        """value: atom END."""
        whole = self._atom()
        if self._peek().kind is not TokenKind.END:
            raise self._rest_error()
        return as_value(self._text, whole)

    def quantity(self) -> Value:
        """quantity: sum END, which is a number."""
        whole = self._sum()
        if self._peek().kind is not TokenKind.END:
            raise self._rest_error()
        value = as_value(self._text, whole)
        if is_text(value):
            message = f"{value} is text: expected a score or a number"
            raise ExpressionError(self._text, whole.start + 1, message)
        return value

    # The rules call each other directly, without shared helpers between them: at 50 levels every
    # call on the way down takes 50 of Python's 1,000 frames.

    def _or_test(self) -> Operand:
        """or_test: and_test (('or' | '||') and_test)*."""
        first = self._and_test()
        if not self._at_join("or"):
            return first
        parts = [self._condition(first)]
        while self._at_join("or"):
            self._take()
            parts.append(self._condition(self._and_test()))
        return self._operand(Or(tuple(parts)), first.start)

    def _and_test(self) -> Operand:
        """and_test: not_test (('and' | '&&') not_test)*."""
        first = self._not_test()
        if not self._at_join("and"):
            return first
        parts = [self._condition(first)]
        while self._at_join("and"):
            self._take()
            parts.append(self._condition(self._not_test()))
        return self._operand(And(tuple(parts)), first.start)

    def _not_test(self) -> Operand:
        """not_test: 'not' not_test | comparison."""
        if not self._at(TokenKind.KEYWORD, "not"):
            return self._comparison()
        word = self._take()
        return self._operand(Not(self._condition(self._not_test())), word.start)

    def _comparison(self) -> Operand:
        """comparison: sum (COMPARISON sum)*."""
        operands = [self._sum()]
        operators: list[Token] = []
        while self._peek().kind is TokenKind.COMPARISON:
            operators.append(self._take())
            operands.append(self._sum())
        if not operators:
            return operands[0]
        return self._operand(compare(self._text, operands, operators), operands[0].start)

    def _sum(self) -> Operand:
        """sum: product (('+' | '-') product)*."""
        first = self._product()
        rest: list[tuple[str, Value]] = []
        while self._at(TokenKind.SIGN, "+", "-"):
            sign = self._take_sign()
            rest.append((sign, self._number(self._product())))
        return self._calculation(first, rest)

    def _product(self) -> Operand:
        """product: atom (('*' | '/') atom)*."""
        first = self._atom()
        rest: list[tuple[str, Value]] = []
        while self._at(TokenKind.SIGN, "*", "/"):
            sign = self._take_sign()
            rest.append((sign, self._number(self._atom())))
        return self._calculation(first, rest)

    def _atom(self) -> Operand:
        """atom: NUMBER | LABEL | QUOTED | GROUP | PROPERTY | function | '(' or_test ')'."""
        before = self._tokens[self._index - 1] if self._index else None
        token = self._take()
        node: Part
        match token.kind:
            case TokenKind.NUMBER:
                node = Number(token.value, token.text)
            case TokenKind.LABEL:
                is_rule_too = token.value in self._rules and token.value != self._own
                node = Label(token.value, is_rule_too)
            case TokenKind.QUOTED:
                node = Label(token.value)
            case TokenKind.GROUP:
                node = Group(token.value)
            case TokenKind.PROPERTY:
                node = Property(token.value)
            case TokenKind.FUNCTION:
                node = self._function(token)
            case TokenKind.OPEN:
                node = self._enclosed(token)
            case _:
                raise self._error(token, advice.for_a_missing_value(before, token))
        return self._operand(node, token.start)

    def _enclosed(self, opening: Token) -> Part:
        """The rest of '(' or_test ')'."""
        self._open += 1
        if self._peek().kind is TokenKind.END:
            raise self._unclosed(opening)
        inner = self._or_test()
        if self._peek().kind is TokenKind.END:
            raise self._unclosed(opening)
        if self._peek().kind is not TokenKind.CLOSE:
            raise self._rest_error()
        self._take()
        self._open -= 1
        return inner.node

    def _function(self, name: Token) -> Function:
        """function: FUNCTION '(' argument (',' argument)* ')'."""
        opening = self._take()
        arguments = [self._argument(name)]
        while self._peek().kind is TokenKind.COMMA:
            self._take()
            arguments.append(self._argument(name))
        if self._peek().kind is TokenKind.END:
            raise self._unclosed(opening)
        closing = self._take()
        if closing.kind is not TokenKind.CLOSE:
            message = (
                f"expected ',' or ')' in {name.value}(...), {advice.found(closing)}: "
                "a label with other characters needs quotes"
            )
            raise self._error(closing, message)
        self._check_free(name, closing)
        return Function(name.value, tuple(arguments))

    def _argument(self, name: Token) -> Label | Group | Pattern:
        """argument: LABEL | QUOTED | GROUP | '*'; a LABEL that contains '*' is a pattern."""
        token = self._take()
        if token.kind is TokenKind.QUOTED:
            return Label(token.value)
        if token.kind is TokenKind.GROUP:
            return Group(token.value)
        if token.kind is TokenKind.LABEL or token.is_one(TokenKind.SIGN, "*"):
            return Pattern(token.value) if "*" in token.value else Label(token.value)
        message = f"expected a label or a group in {name.value}(...), {advice.found(token)}"
        if token.kind in {TokenKind.NUMBER, TokenKind.KEYWORD, TokenKind.SIGN}:
            message += f": a label of that name needs quotes, {one_line(quote(token.text))}"
        raise self._error(token, message)

    def _take_sign(self) -> str:
        sign = self._take()
        around = self._text[sign.start - 1] + self._text[sign.end : sign.end + 1]
        if sign.text == "-" and self._peek().is_one(TokenKind.COMPARISON, ">"):
            raise self._error(sign, "'->' is no comparison: write the sign >")
        if not around.isspace():
            raise self._error(sign, f"put spaces around the sign {shown(sign.text)}")
        return sign.value

    def _calculation(self, first: Operand, rest: list[tuple[str, Value]]) -> Operand:
        if not rest:
            return first
        return self._operand(Arithmetic(self._number(first), tuple(rest)), first.start)

    def _check_free(self, name: Token, closing: Token) -> None:
        token = self._peek()
        free = token.kind in {TokenKind.COMPARISON, TokenKind.CLOSE, TokenKind.COMMA, TokenKind.END}
        if token.start == closing.end and not (free or self._at_join("and", "or")):
            message = (
                f"{shown(token.text)} is glued to {name.value}(...): "
                "put spaces around the sign or the word after it"
            )
            raise self._error(token, message)

    def _condition(self, operand: Operand) -> Condition:
        if isinstance(operand.node, CONDITIONS):
            return operand.node
        ends = {TokenKind.END, TokenKind.CLOSE, TokenKind.KEYWORD}
        is_end = self._peek().kind in ends or self._at_join("and", "or")
        if not is_end or self._at(TokenKind.KEYWORD, "not"):
            raise self._rest_error()
        if isinstance(operand.node, Label) and operand.node.name in self._rules:
            return self._rule(operand.node.name, operand.start)
        text = shown(str(operand.node))
        message = f"{text} is only a value: expected a comparison, such as "
        message += advice.example_of(operand.node)
        if isinstance(operand.node, Label):
            asked = self._asked_of_text(operand)
            message += asked or advice.for_a_name(operand.node.name, self._rules)
        raise ExpressionError(self._text, operand.start + 1, message)

    def _asked_of_text(self, operand: Operand) -> str:
        """What a name alone was meant for behind ``@label = car or``; empty elsewhere."""
        index = next(at for at, one in enumerate(self._tokens) if one.start == operand.start)
        if index < 4 or self._tokens[index - 1].value not in {"and", "or"}:
            return ""
        asked, sign = self._tokens[index - 4 : index - 2]
        is_asked = asked.kind is TokenKind.PROPERTY and PROPERTIES[asked.value].is_text
        if not is_asked or sign.kind is not TokenKind.COMPARISON:
            return ""
        return f", and here @{asked.value} {sign.value} {one_line(str(operand.node))}"

    def _rule(self, name: str, start: int) -> Named:
        """A rule by its name, where a condition is due."""
        node = naming.named(self._text, start, name, self._rules)
        self.named.append(node)
        naming.check_whole(self._text, start, self.characters, self.levels)
        return node

    def _number(self, operand: Operand) -> Value:
        value = as_value(self._text, operand)
        if is_text(value):
            message = f"{value} is text: expected a number for arithmetic"
            raise ExpressionError(self._text, operand.start + 1, message)
        return value

    def _operand(self, node: Part, start: int) -> Operand:
        """The node with its characters: from the start to the token that was taken last."""
        return Operand(node, start, self._tokens[self._index - 1].end)

    def _at(self, kind: TokenKind, *values: str) -> bool:
        return self._peek().is_one(kind, *values)

    def _at_join(self, *words: str) -> bool:
        """Whether conditions are joined here, by one of these words or another language's."""
        token = self._peek()
        if token.kind is TokenKind.LABEL:
            return JOINS.get(plain(token.text)) in words
        return token.is_one(TokenKind.KEYWORD, *words)

    def _peek(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        token = self._peek()
        if token.kind is not TokenKind.END:
            self._index += 1
        return token

    def _rest_error(self) -> ExpressionError:
        first = last = self._index
        around = _ROUND_A_COMMA if self._peek().kind is TokenKind.COMMA else {TokenKind.LABEL}
        if self._peek().kind is TokenKind.NUMBER:
            around = {TokenKind.NUMBER, *around}
        while first > 0 and self._tokens[first - 1].kind in around:
            first -= 1
        while self._tokens[last + 1 :] and self._tokens[last + 1].kind in around:
            last += 1
        words = self._text[self._tokens[first].start : self._tokens[last].end]
        before = self._tokens[self._index - 1]
        message = advice.for_a_rest(
            before,
            self._peek(),
            words,
            self._text[self._peek().start :],
            is_open=self._open > 0,
            is_first=self._index == 1,
        )
        return self._error(self._peek(), message)

    def _unclosed(self, opening: Token) -> ExpressionError:
        return self._error(opening, "this parenthesis is never closed: expected ')'")

    def _error(self, token: Token, message: str) -> ExpressionError:
        return ExpressionError(self._text, token.start + 1, message)


def check_depth(text: str, tokens: Sequence[Token]) -> int:
    """Count open parentheses and the ``not`` that hold at the same time.

    Args:
        text: The expression, for errors.
        tokens: Its tokens.

    Returns:
        The most of them.

    Raises:
        ExpressionError: There are more of them than the limit.
    """
    negations = [0]
    depth = deepest = 0
    column = 0
    for token in tokens:
        if token.kind is TokenKind.OPEN:
            negations.append(0)
            depth += 1
        elif token.kind is TokenKind.CLOSE and len(negations) > 1:
            depth -= 1 + negations.pop()
        elif token.is_one(TokenKind.KEYWORD, "and", "or") or plain(token.text) in JOINS:
            depth -= negations[-1]
            negations[-1] = 0
        elif token.is_one(TokenKind.KEYWORD, "not"):
            negations[-1] += 1
            depth += 1
        if depth > MAX_DEPTH and not column:
            column = token.start + 1
        deepest = max(deepest, depth)
    if column:
        message = f"the expression is {deepest} levels deep: at most {MAX_DEPTH} are allowed"
        raise ExpressionError(text, column, message)
    return deepest
