import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from segui.errors import InputError
from segui.finders.found_by import FoundBy
from segui.geometry import Box
from segui.options import default_values
from segui.session.commands import AddEdit, EnableEdit, OpenEdit, ReadSettings
from segui.session.derive import Plan
from segui.session.files import FileRef, Files, Point, marks_of
from segui.session.inputs import Inputs
from segui.session.recipes import read_settings, recipe_notes, recipe_of
from segui.session.reduce import reduce, with_options
from segui.session.results import Scored
from segui.session.view import View
from tests.session.worked import ref

SAID = {"feather": 33, "expression": "red > 50%"}
HAND = {(Box(1, 2, 30, 40), "A"): "filtered"}
MANUAL = {"classifier": "Manual repo id", "repo": "org/name"}


@pytest.fixture
def files(pictures: Path) -> Files:
    painted = pictures / "painted.png"
    painted.write_bytes((pictures / "mask.png").read_bytes())
    masks = (ref(pictures / "mask.png"),)
    return Files(ref(pictures / "photo.png"), masks, painted=ref(painted))


def recipe(files: Files, options: dict[str, Any], revision: str = "", **others: Any) -> str:
    inputs = with_options(replace(Inputs.fresh(default_values()), files=files, **others), options)
    scored = Scored((), inputs.classifier.key, revision) if revision else None
    return recipe_of(View(1, Plan(inputs, scored=scored)))


def read(data: str | bytes, files: Files, tmp_path: Path) -> ReadSettings:
    def keep(mask: bytes) -> FileRef:
        (tmp_path / "kept.png").write_bytes(mask)
        return ref(tmp_path / "kept.png")

    text = data.encode() if isinstance(data, str) else data
    return read_settings(text, files, keep, 50.0)


def test_a_recipe_gives_back_all_that_it_was_made_of(files, tmp_path):
    found = read(recipe(files, SAID, overrides=HAND), files, tmp_path)
    assert found.values == {**default_values(), **SAID}
    assert found.overrides == HAND
    assert found.painted.path.read_bytes() == files.painted.path.read_bytes()
    assert found.notes == (
        "the recipe's options were taken",
        (
            "the recipe's files are those at hand: with its options, the result is the recipe's, to"
            " the pixel"
        ),
    )


def test_what_was_painted_on_a_mask_file_finds_its_file_by_its_bytes(files, tmp_path):
    strokes = tmp_path / "strokes.png"
    Image.new("LA", (8, 8), (255, 255)).save(strokes)
    (mask,) = files.masks
    text = recipe(files.with_strokes({mask.id: ref(strokes)}), SAID)
    found = read(text, replace(files, masks=(FileRef("the same file", mask.path),)), tmp_path)
    assert {on: file.path.read_bytes() for on, file in found.strokes.items()} == {
        "the same file": strokes.read_bytes()
    }
    assert found.notes[1].startswith("the recipe's files are those at hand")
    none = read(text, replace(files, masks=()), tmp_path)
    assert none.strokes == {}
    assert none.notes[-1] == (
        "what was painted on mask.png is not on it: give the recipe once more when that mask is"
        " there"
    )
    assert recipe_notes(none.recipe, files)[-1] == none.notes[-1]


def test_the_classifiers_revision_is_in_the_recipe(files, tmp_path):
    text = recipe(files, {**SAID, **MANUAL}, revision="abc")
    assert read(text, files, tmp_path).values["revision"] == "abc"
    assert json.loads(text)["classifier"] == {
        "name": "Manual repo id",
        "repo_id": "org/name",
        "revision": "abc",
    }


def test_a_revision_that_was_typed_is_in_the_recipe_of_a_model_that_was_not_asked(files, tmp_path):
    text = recipe(files, {**SAID, **MANUAL, "revision": "v1"})
    assert read(text, files, tmp_path).values["revision"] == "v1"


def test_other_files_than_the_recipes_are_told(files, pictures, tmp_path):
    found = read(recipe(files, SAID), replace(files, photo=ref(pictures / "cat.png")), tmp_path)
    assert any("photo" in note and "photo.png" in note for note in found.notes)
    assert not any("to the pixel" in note for note in found.notes)


def test_a_workflow_sets_what_it_knows(tmp_path):
    nodes = [{"id": 1, "type": "SEGSPaste", "widgets_values": [12, 200]}]
    found = read(json.dumps({"nodes": nodes}), Files(), tmp_path)
    assert (found.values["feather"], found.values["alpha"]) == (12, 200)
    assert found.values["edge"] == "impact"


@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b'{"segui_recipe": 1}', b"\x89PNG"])
def test_anything_else_is_refused_in_a_sentence(data, tmp_path):
    with pytest.raises(InputError):
        read(data, Files(), tmp_path)


def test_a_recipe_is_of_what_is_in_force_and_not_of_what_cannot_be_used(files, tmp_path):
    typed = {"expression": "red >", "grow": 600, "feather": 12}
    values = read(recipe(files, typed), files, tmp_path).values
    assert (values["expression"], values["grow"], values["feather"]) == ("*", 0, 12)


def test_several_edits_come_back_each_with_what_was_done_by_hand(files, tmp_path):
    inputs = with_options(replace(Inputs.fresh(default_values()), files=files), SAID)
    inputs = reduce(replace(inputs, overrides=HAND), AddEdit())
    inputs = reduce(with_options(inputs, {"effect": "blur", "among": "left"}), AddEdit())
    inputs = reduce(reduce(inputs, EnableEdit(3, enabled=False)), OpenEdit(2))
    found = read(recipe_of(View(1, Plan(inputs))), files, tmp_path)
    back = reduce(replace(Inputs.fresh(default_values()), files=files), found)
    assert back.edits == inputs.edits
    assert (back.place, back.options) == (1, inputs.options)


def test_one_edit_is_written_as_it_always_was(files):
    assert "edits" not in json.loads(recipe(files, SAID))


def test_a_recipe_of_one_edit_takes_the_place_of_several(files, tmp_path):
    inputs = replace(Inputs.fresh(default_values()), files=files)
    several = reduce(reduce(inputs, AddEdit()), EnableEdit(2, enabled=False))
    back = reduce(several, read(recipe(files, SAID), files, tmp_path))
    assert len(back.edits) == 1
    assert (back.enabled, back.rule) == (True, "red > 50%")


def test_a_recipe_says_how_to_find(files, tmp_path):
    marks = {"points": (Point(3, 4), Point(5, 6, is_wanted=False)), "boxes": (Box(1, 2, 30, 40),)}
    found = read(recipe(replace(files, **marks), {"finder": "click"}), files, tmp_path)
    back = reduce(replace(Inputs.fresh(default_values()), files=files), found)
    assert (back.files.points, back.files.boxes) == (marks["points"], marks["boxes"])
    assert back.areas.finder == "click"
    assert "points" not in json.loads(recipe(files, SAID))


def test_a_recipe_keeps_the_commit_of_the_model_that_softened_edges(files, tmp_path):
    said = {"refine_edges": 9, "edges_by": "ViTMatte"}
    inputs = with_options(replace(Inputs.fresh(default_values()), files=files), said)
    scene = SimpleNamespace(found_by=None, edges_by=f"ViTMatte@{'d' * 40}")
    seen: Any = Plan(inputs, areas=inputs.areas, scene=scene)
    made = recipe_of(View(1, seen))
    assert json.loads(made)["options"]["edges_by"] == f"ViTMatte@{'d' * 40}"
    back = reduce(inputs, read(made, files, tmp_path))
    assert back.options["edges_by"] == f"ViTMatte@{'d' * 40}"
    # what is seen may be of other options
    former = replace(seen, areas=replace(inputs.areas, options=()))
    assert json.loads(recipe_of(View(1, former)))["options"]["edges_by"] == "ViTMatte"


def test_a_recipe_keeps_the_commits_of_the_models_that_found(files, tmp_path):
    said = {"finder": "model", "finder_repo": "SAM 2.1"}
    inputs = with_options(replace(Inputs.fresh(default_values()), files=files), said)
    by = FoundBy("SAM 2.1", "marks", (), "c" * 40)
    scene = SimpleNamespace(found_by=by, edges_by="")
    seen: Any = Plan(inputs, areas=inputs.areas, scene=scene)
    options = json.loads(recipe_of(View(1, seen)))["options"]
    assert options["finder_repo"] == f"SAM 2.1@{'c' * 40}"
    assert options["outlined_by"] == ""
    cut = SimpleNamespace(found_by=replace(by, outlined_by="SlimSAM@abc"), edges_by="")
    options = json.loads(recipe_of(View(1, replace(seen, scene=cut))))["options"]
    assert options["outlined_by"] == "SlimSAM@abc"
    # what is seen may be of other options
    former = replace(seen, areas=replace(inputs.areas, options=()))
    options = json.loads(recipe_of(View(1, former)))["options"]
    assert options["finder_repo"] == "SAM 2.1"
    assert marks_of(f"SAM 2.1@{'c' * 40}") == "both"
