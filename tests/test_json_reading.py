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


def read(text: str) -> Any:
    return read_json(text, "a text", max_bytes=len(text))


def told(text: str) -> str:
    """What is said of a text, or what it holds."""
    try:
        return repr(read(text))
    except InputError as error:
        return str(error)


def by_parts(text: str, characters: int = 20) -> str:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_reading, "_MARKS_AT_ONCE", -1)
        patched.setattr(json_reading, "_CHARACTERS_AT_ONCE", characters)
        return told(text)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_is_read_by_parts_is_the_same(value, is_ascii, indent):
    assert by_parts(json.dumps(value, ensure_ascii=is_ascii, indent=indent)) == repr(value)


@given(VALUES, st.data(), st.sampled_from(["", "]", "}", ",", ":", '"', "\\", "x"]))
def test_what_is_wrong_is_said_in_the_same_words(value, data, put):
    text = json.dumps(value)
    place = data.draw(st.integers(0, len(text)))
    broken = text[:place] + put + text[place + data.draw(st.integers(0, 2)) :]
    assert by_parts(broken) == told(broken)


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
