import json
from dataclasses import replace
from pathlib import Path

import pytest

from segui.errors import InputError
from segui.geometry import Box
from segui.ui.recipes import read_settings, recipe_of
from segui.ui.state import Files, Hand, Work
from segui.ui.wishes import default_values

SAID = {**default_values("Colour names", "auto"), "feather": 33, "expression": "red > 50%"}
HAND = Hand(overrides={(Box(1, 2, 30, 40), "A"): "filtered"})


@pytest.fixture
def files(pictures: Path) -> Files:
    painted = pictures / "painted.png"
    painted.write_bytes((pictures / "mask.png").read_bytes())
    return Files(pictures / "photo.png", (pictures / "mask.png",), painted=painted)


def test_a_recipe_gives_back_all_that_it_was_made_of(files):
    found = read_settings(recipe_of(files, Work(), HAND, SAID).encode(), files)
    assert found.values == SAID
    assert found.overrides == HAND.overrides
    assert found.painted == files.painted.read_bytes()
    assert found.notes == (
        "the recipe's options were taken",
        (
            "the recipe's files are those at hand: with its options, the result is the recipe's, to"
            " the pixel"
        ),
    )


def test_the_classifiers_revision_is_in_the_recipe(files):
    said = {**SAID, "classifier": "Manual repo id", "repo": "org/name"}
    text = recipe_of(files, Work(scores_revision="abc"), Hand(), said)
    assert read_settings(text.encode(), files).values["revision"] == "abc"
    assert json.loads(text)["classifier"] == {
        "name": "Manual repo id",
        "repo_id": "org/name",
        "revision": "abc",
    }


def test_a_revision_that_was_typed_is_in_the_recipe_of_a_model_that_was_not_asked(files):
    said = {**SAID, "classifier": "Manual repo id", "repo": "org/name", "revision": "v1"}
    text = recipe_of(files, Work(), Hand(), said)
    assert read_settings(text.encode(), files).values["revision"] == "v1"


def test_other_files_than_the_recipes_are_told(files, pictures):
    text = recipe_of(files, Work(), Hand(), SAID).encode()
    found = read_settings(text, replace(files, photo=pictures / "cat.png"))
    assert any("photo" in note and "photo.png" in note for note in found.notes)
    assert not any("to the pixel" in note for note in found.notes)


def test_a_workflow_sets_what_it_knows():
    nodes = [{"id": 1, "type": "SEGSPaste", "widgets_values": [12, 200]}]
    found = read_settings(json.dumps({"nodes": nodes}).encode(), Files())
    assert (found.values["feather"], found.values["alpha"]) == (12, 200)
    assert found.values["edge"] == "impact"


@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b'{"segui_recipe": 1}', b"\x89PNG"])
def test_anything_else_is_refused_in_a_sentence(data):
    with pytest.raises(InputError):
        read_settings(data, Files())
