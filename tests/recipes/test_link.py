"""Recipes behind the # of an address."""

import base64
import zlib
from dataclasses import replace
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.errors import InputError
from segui.images.pictures import encode_png
from segui.options import default_values
from segui.recipes.link import MAX_CHARACTERS, link_of, read_link
from segui.recipes.marks import FileMark
from segui.recipes.recipe import ClassifierMark, EditMark, Recipe

RECIPE = Recipe(
    FileMark("Ännchen & Co.jpg", "a" * 64),
    (FileMark("mask.png", "b" * 64),),
    None,
    None,
    default_values(expression="red > 50% and blue < 3"),
    ClassifierMark("Colour names"),
    edits=(EditMark({"effect": "blur", "expression": "red"}, name="coats"), EditMark({})),
    open_edit=1,
)


def packed(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


def refusal(text: str) -> str:
    with pytest.raises(InputError) as refused:
        read_link(text)
    return str(refused.value)


def test_a_link_is_read_as_it_was_written_and_needs_no_quoting():
    link = link_of(RECIPE)
    assert read_link(link) == RECIPE
    assert quote(link, safe="") == link
    assert len(link) < 3000


def test_what_is_too_long_is_to_be_taken_as_a_file():
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), np.uint8)
    painted = replace(RECIPE, painted=encode_png(noise))
    with pytest.raises(InputError) as refused:
        link_of(painted)
    said = str(refused.value)
    assert said.startswith("the recipe has ")
    assert said.endswith(
        " characters as a link, with what was painted: at most 16000 fit. Take it away as a file"
    )


@pytest.mark.parametrize("text", ["", "%%%", "a", "abcd", "ä", link_of(RECIPE)[:-9], "=" * 8])
def test_a_link_that_was_cut_or_changed_is_damaged(text):
    assert refusal(text) == "the link's recipe is damaged: copy the whole link once more"


def test_what_is_large_when_it_is_unpacked_is_not():
    bomb = packed(b" " * 10_000_000)
    assert len(bomb) < MAX_CHARACTERS
    assert refusal(bomb) == "the link's recipe is larger than 1 MB: it is not read"
    assert refusal("a" * 16_001) == "the link's recipe has 16001 characters: at most 16000 are read"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[]", "this JSON is no recipe of segui: it has no 'segui_recipe'"),
        (b'{"segui_recipe": 1}', "the recipe has no 'photo'"),
        (b"{", "the recipe is not JSON: line 1, column 2: "),
    ],
)
def test_what_is_no_recipe_is_refused_by_the_readers_sentence(text, said):
    assert refusal(packed(text)).startswith(said)


@given(st.text(max_size=200))
def test_anything_is_read_or_refused_with_a_sentence(text):
    with pytest.raises(InputError):
        read_link(text)
