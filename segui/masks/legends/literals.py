"""JSON as people write it, and what Python and JavaScript write for it: read, never run."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from segui.errors import InputError

MOST_CHARACTERS: Final = 500_000
_DEPTH: Final = 30
_TOKEN: Final = re.compile(
    r"""(?P<skip>[\s\ufeff]+|//[^\n]*|\#(?![0-9a-fA-F]{3,8}\b)[^\n]*|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<number>[-+]?(?:0x[0-9a-fA-F]{1,15}\b|(?:\d{1,300}\.?\d{0,300}|\.\d{1,300})"""
    r"""(?:[eE][-+]?\d{1,4})?)(?![\w.]))"""
    r"""|(?P<word>[^\W\d][\w.-]*|\$\w+)"""
    r"""|(?P<mark>[{}\[\](),:;])""",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS: Final = {"true": True, "false": False, "null": None, "none": None, "undefined": None}
_CLOSING: Final = {"{": "}", "[": "]", "(": ")"}
# as a program gives a name to an object, or to a list of some
_ASSIGNED: Final = re.compile(
    r"\s*(?:export\s+)?(?:(?:const|let|var|default)\s+)?[A-Za-z_$][\w.$]{0,60}\s*(?::[^={\n]{0,60})?=\s*"
    r"(?=\{|[\[(]\s*[{\[(])"
)


class LiteralError(ValueError):
    """A text that is no such value."""


class _Token(NamedTuple):
    kind: str
    text: str


def is_assigned(text: str) -> bool:
    """Whether a text gives a name to an object or to a list of some.

    >>> is_assigned("CLASSES = {1: 'car'}"), is_assigned("car = 1"), is_assigned("a = ['b']")
    (True, False, False)
    """
    return _ASSIGNED.match(text) is not None


def read_literals(text: str) -> Any:
    """The value that a text is: objects, lists, texts, numbers, true, false and null.

    Comments, commas before an end, single quotes, keys without quotes, tuples, a name that it is
    given to, and one value after the other, of which a list is made, are let through. Keys are
    text, as JSON has them.

    Args:
        text: The text.

    Raises:
        LiteralError: It is none, too long, or nested too deeply.

    >>> read_literals("names = {1: 'car', (255, 0, 0): 'sky',}  # mine")
    {'1': 'car', '255, 0, 0': 'sky'}
    """
    if len(text) > MOST_CHARACTERS:
        raise LiteralError(f"it has {len(text)} characters: at most {MOST_CHARACTERS} are read")
    assigned = _ASSIGNED.match(text)
    reader = _Reader(_tokens(text, assigned.end() if assigned else 0))
    values = [reader.value(0)]
    while reader.at(";") or reader.at(","):
        reader.take()
    while not reader.is_at_end:
        values.append(reader.value(0))
    return values if len(values) > 1 else values[0]


def _tokens(text: str, start: int) -> Iterator[_Token]:
    while start < len(text):
        found = _TOKEN.match(text, start)
        if found is None:
            raise LiteralError(f"character {start + 1} fits nowhere")
        start = found.end()
        if found.lastgroup != "skip":
            yield _Token(found.lastgroup or "", found.group())
    yield _Token("end", "")


class _Reader:
    """Reads values from tokens, one ahead."""

    def __init__(self, tokens: Iterator[_Token]) -> None:
        self._tokens = tokens
        self._next = next(tokens)

    @property
    def is_at_end(self) -> bool:
        return self._next.kind == "end"

    def at(self, mark: str) -> bool:
        return self._next == ("mark", mark)

    def take(self) -> _Token:
        taken = self._next
        if taken.kind == "end":
            raise LiteralError("it ends too early")
        self._next = next(self._tokens)
        return taken

    def value(self, depth: int) -> Any:
        """One value."""
        if depth > _DEPTH:
            raise LiteralError("it is nested too deeply")
        kind, text = self.take()
        if kind == "mark" and text in _CLOSING:
            return self._object(depth) if text == "{" else self._list(_CLOSING[text], depth)
        if kind == "text":
            return _unescaped(text[1:-1])
        if kind == "number":
            return _number(text)
        if kind == "word" and text.lower() in _WORDS:
            return _WORDS[text.lower()]
        raise LiteralError(f"{text[:20]!r} is no value")

    def _list(self, closing: str, depth: int) -> list[Any]:
        items = []
        while not self.at(closing):
            items.append(self.value(depth + 1))
            if not self.at(closing):
                self._expect(",")
        self.take()
        return items

    def _object(self, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not self.at("}"):
            key = self._key(depth)
            self._expect(":")
            items[key] = self.value(depth + 1)
            if not self.at("}"):
                self._expect(",")
        self.take()
        return items

    def _key(self, depth: int) -> str:
        if self._next.kind == "word":
            return self.take().text
        key = self.value(depth + 1)
        if isinstance(key, list):
            return ", ".join(map(str, key))
        return str(key)

    def _expect(self, mark: str) -> None:
        if self.take() != ("mark", mark):
            raise LiteralError(f"expected {mark!r}")


def _number(text: str) -> int | float:
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    if digits[:2].lower() == "0x":
        return int(sign + digits, 16)
    return int(text) if digits.isdecimal() else float(text)


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        return _ESCAPES.get(code, code)

    if "\\" not in text:
        return text
    halves = _ESCAPED.sub(plain, text).encode("utf-16", "surrogatepass")
    return halves.decode("utf-16", "replace")


def read_loosely(text: str, error: InputError) -> Any:
    """The value of a text that is no JSON; that error where it is no value at all.

    Raises:
        InputError: What is given.
    """
    try:
        return read_literals(text)
    except LiteralError:
        raise error from None
