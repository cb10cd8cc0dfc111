"""What docs/rules.md says of the language is so, line by line."""

import doctest
import re
from pathlib import Path

import pytest

from segui.errors import ExpressionError
from segui.expression import parse, read_fade, read_rules

PAGE = (Path(__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")


def rows(head: str) -> list[tuple[str, str]]:
    """The cells of the table below a head, without the signs of Markdown."""
    table = PAGE.partition(f"{head}\n|---|---|\n")[2].partition("\n\n")[0]
    found = []
    for line in table.splitlines():
        left, right = re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |"))
        found.append(tuple(cell.replace("\\|", "|").strip("`") for cell in (left, right)))
    return found


@pytest.mark.parametrize(("rule", "_"), rows("| rule | chooses |"))
def test_what_can_be_asked_is_read_as_it_stands(rule, _):
    assert str(parse(rule)) == rule
    assert parse(rule).hints == ()


def test_the_rules_with_names_are_read_as_they_stand():
    _, _, named = PAGE.partition("## Rules with names")
    lines = [line.strip() for line in named.splitlines() if line.startswith("    ")]
    rules = read_rules("\n".join(lines[:3]))
    assert [*rules] == ["people", "warm", "warm people"]
    table = named.partition("| rule | chooses |\n|---|---|\n")[2].partition("\n\n")[0]
    texts = [line.split(" | ")[0].removeprefix("| ").strip("`") for line in table.splitlines()]
    assert [str(parse(text, rules)) for text in texts] == texts
    assert len(texts) == 3


@pytest.mark.parametrize(("text", "_"), rows("| fade | opacity |"))
def test_what_opacity_may_follow_is_read_as_it_stands(text, _):
    assert str(read_fade(text)) == text


@pytest.mark.parametrize(("label", "rule"), rows("| label | in a rule |"))
def test_a_label_is_written_as_the_page_says(label, rule):
    assert parse(rule).labels == (label,)
    assert str(parse(rule)) == rule


@pytest.mark.parametrize(("typed", "rule"), rows("| typed | is read as |"))
def test_other_signs_are_read_as_the_page_says(typed, rule):
    assert str(parse(typed)) == rule


@pytest.mark.parametrize(("typed", "answer"), rows("| typed | answer |"))
def test_what_is_refused_is_refused_as_the_page_says(typed, answer):
    with pytest.raises(ExpressionError) as caught:
        parse(typed)
    assert caught.value.message == answer


def test_the_examples_run():
    examples = doctest.DocTestParser().get_doctest(PAGE.replace("```", ""), {}, "rules", None, 0)
    assert len(examples.examples) == 6
    assert doctest.DocTestRunner().run(examples).failed == 0
