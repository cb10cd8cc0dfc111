"""Where a name that is clicked goes in a rule: the page reads its place as the language does."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from segui.errors import ExpressionError
from segui.expression import parse
from segui.ui.browser.scripts import joined
from tests.expression.typed_rules import LABELS, READ

SCRIPT = f"const {{inserted}} = {joined('rule_text.js')};"
Insert = Callable[[str, str], str]


def units(text: str) -> int:
    """The length of a text as scripts count it."""
    return len(text.encode("utf-16-le")) // 2


def reads(text: str) -> bool:
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


@pytest.fixture(scope="module")
def insert(browser: Browser) -> Iterator[Insert]:
    """The text after a click, where ``¦`` is the caret; without one it is at the end."""
    page = browser.new_page()
    page.add_script_tag(content=f"window.inserted = (() => {{ {SCRIPT} return inserted; }})();")

    def inserted(text: str, word: str = "x") -> str:
        caret = units(text.partition("¦")[0])
        given = [text.replace("¦", "", 1), caret, word, f"{word} > 50%"]
        found = page.evaluate("given => window.inserted(...given)", given)
        assert 0 <= found["caret"] <= units(found["text"])
        return str(found["text"])

    yield inserted
    page.close()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "x > 50%"),
        (" ＊ ", "x > 50%"),
        ("red > 1 and ", "red > 1 and x > 50%"),
        ("red > 1 &&", "red > 1 && x > 50%"),
        ("red > 1 ＡＮＤ\u00a0", "red > 1 ＡＮＤ x > 50%"),
        ("red > 1 ∨", "red > 1 ∨ x > 50%"),
        ("(", "(x > 50%"),
        ("not（", "not（x > 50%"),
        ("!(", "!(x > 50%"),
        ("red ≥", "red ≥ x"),
        ("red＞", "red＞ x"),
        ("red > blue −", "red > blue − x"),
        ("max(", "max(x"),
        ("max(red, ", "max(red, x"),
        ("max（red，", "max（red， x"),
        ("red > 50%;", "red > 50% and x > 50%"),
        ("red > 50% \u200b", "red > 50% and x > 50%"),
        ("¦red > 50%", "x > 50% and red > 50%"),
        ('"a ¦b" > 50%', '"a b" and x > 50% > 50%'),
        ("red > “a ¦b”", "red > “a b” and x > 50%"),
        ("(red > 50%¦)", "(red > 50% and x > 50%)"),
        ("\x60red > 50%\x60", "red > 50% and x > 50%"),
        ("**¦red > 50%**;", "x > 50% and red > 50%"),
        ("\x60a b\x60 > 50%", "\x60a b\x60 > 50% and x > 50%"),
    ],
)
def test_a_click_writes_what_is_due(insert: Insert, typed: str, expected: str):
    assert insert(typed, "x") == expected


def test_behind_a_rule_in_any_signs_it_is_one_more_condition(insert: Insert):
    tried = 0
    for typed, meant in READ:
        both = parse(f"{meant} and x > 50%") if meant != "*" else parse("x > 50%")
        # a label with signs in it is read without quotes only where it stands alone
        is_alone = '"' in meant and not reads(f"{typed.strip('; ；~')} and x > 50%")
        if not is_alone:
            assert parse(insert(typed, "x")) == both, typed
            tried += 1
    assert tried > len(READ) - 5


def test_a_label_is_written_so_that_the_rule_has_it(insert: Insert):
    for label, written in LABELS:
        for typed in ("", "red > 1 ||", "red≥", "max(red, ¦) > 1", "¦red > 1", "red > 1;"):
            text = insert(typed, written)
            rule = parse(text)
            assert label in rule.labels, (typed, text)
