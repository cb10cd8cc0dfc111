"""JSON from anywhere."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui import json_reading
from segui.errors import InputError
from segui.json_reading import read_json
from tests.turns import check_lets_others_work

TEXTS = st.text() | st.sampled_from(["}", "]", '"}', "\\", '\\"]', "{[,:"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=30,
)


def read(text: str, **how: bool) -> Any:
    return read_json(text, "a text", max_bytes=len(text), **how)


def told(text: str, **how: bool) -> str:
    """What is said of a text, or what it holds."""
    try:
        return repr(read(text, **how))
    except InputError as error:
        return str(error)


def by_parts(text: str, characters: int = 20, **how: bool) -> str:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_reading, "_MARKS_AT_ONCE", -1)
        patched.setattr(json_reading, "_CHARACTERS_AT_ONCE", characters)
        return told(text, **how)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_is_read_by_parts_is_the_same(value, is_ascii, indent):
    assert by_parts(json.dumps(value, ensure_ascii=is_ascii, indent=indent)) == repr(value)


@pytest.mark.parametrize("characters", [3, 5000])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"a": 1}, {"a": 2}, {"b": {"a": 3}}]', "[{'a': 1}, {'a': 2}, {'b': {'a': 3}}]"),
        ('[{"a": [], "b": 1, "a": 2}]', "a text says 'a' twice in one object: expected it once"),
        (
            '{"c": {"a\\u0062": 1, "ab": 1}}',
            "a text says 'ab' twice in one object: expected it once",
        ),
    ],
)  # fmt: skip
def test_what_is_said_twice_is_refused_where_the_last_would_count(text, said, characters):
    assert told(text, is_each_once=True) == said
    assert by_parts(text, characters, is_each_once=True) == said
    assert told(text) == repr(json.loads(text))


def test_each_of_many_names_is_looked_at_a_few_times_alone():
    compared = 0

    class Name(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    names = [Name(number) for number in [*range(500), 499]]
    with pytest.raises(InputError, match="the text says '499' twice"):
        json_reading._each_once("the text")([(name, 0) for name in names])
    assert compared < 5 * len(names)


@given(VALUES, st.data(), st.sampled_from(["", "]", "}", ",", ":", '"', "\\", "x"]))
def test_what_is_wrong_is_said_in_the_same_words(value, data, put):
    text = json.dumps(value)
    place = data.draw(st.integers(0, len(text)))
    broken = text[:place] + put + text[place + data.draw(st.integers(0, 2)) :]
    assert by_parts(broken) == told(broken)


@pytest.mark.long
@pytest.mark.parametrize(
    "part",
    ['{"id": 1, "segmentation": [[1, 2, 3, 4, 5, 6]]}', '{"a": {"b": []}}', "[[1, 2], [3, 4]]"],
)
def test_others_work_while_a_large_text_is_read(part):
    count = 150_000 // sum(part.count(mark) for mark in ",:[{")
    text = f"[{', '.join([part] * count)}]"
    check_lets_others_work(lambda: read(text))


def test_a_text_of_too_many_values_is_not_read():
    text = "[" + "[]," * 3_000_000 + "[]]"
    sentence = "a text has 6000002 commas, colons and brackets: at most 6000000 are read"
    assert told(text) == sentence
