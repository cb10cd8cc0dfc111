from pathlib import Path

import pytest

from segui import Segments
from segui.classifiers.model_cache import ModelCache
from segui.errors import StorageError
from segui.options import default_values
from segui.session.derive import count_key, derive
from segui.session.examples import Example, Examples, load_examples, picture_of
from segui.session.files import FileRef
from segui.session.folders import Folders
from segui.session.reduce import with_options
from segui.session.results import Counted
from segui.session.stages import Engine
from segui.settings import Settings
from segui.storing import FULL


def worked(found: tuple[Example, ...], folder: Path) -> Examples:
    settings, folders = Settings(), Folders(folder)
    engine = Engine(settings, ModelCache(settings), folders.shared)
    return Examples(found, default_values(), folders, engine)


def test_the_balloons_come_first():
    examples = load_examples()
    assert examples[0].name == "balloons"
    assert len(examples) >= 3
    assert all(picture_of(each).startswith("data:image/jpeg;base64,") for each in examples)


def test_without_examples_there_is_no_opening_one(tmp_path: Path):
    assert load_examples(tmp_path) == ()
    examples = worked((), tmp_path)
    assert examples.opening == ""
    assert examples.get("") is None


@pytest.mark.long
def test_every_example_is_worked_once_and_chooses_some_of_its_areas(tmp_path: Path):
    found = load_examples()
    examples = worked(found, tmp_path)
    for example in found:
        inputs = examples.get(example.name)
        assert inputs is examples.get(example.name)
        plan = derive(inputs, examples.find)
        assert plan.is_at_rest
        assert plan.painted is not None
        assert 0 < len(plan.selection.filtered.items) < len(plan.selection.sides)
        assert inputs.files.photo.path.is_relative_to(tmp_path)
        assert (inputs.scene, inputs.story) == (example.name, example.description)


def test_what_was_counted_in_an_example_is_there_for_everybody_as_it_is_shown_at_first(tmp_path):
    examples = worked(load_examples()[:1], tmp_path)
    inputs = examples.get("balloons")
    key = count_key(inputs.areas, inputs.files.photo, "faces")
    counted = Counted(Segments((4, 4)))
    examples.keep_count(key, counted)
    assert derive(inputs, examples.find, ("faces",)).counts == {"faces": counted}
    grown = with_options(inputs, {"grow": 5})
    others = [
        count_key(grown.areas, inputs.files.photo, "faces"),
        count_key(inputs.areas, FileRef("own", tmp_path / "own.png"), "colours"),
    ]
    for other in others:
        examples.keep_count(other, counted)
        assert examples.find("count", other) is None


def test_a_disk_that_is_full_leaves_no_half_of_an_example(tmp_path: Path, monkeypatch):
    examples = worked(load_examples()[:1], tmp_path)

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("segui.session.examples.shutil.copyfile", half)
        with pytest.raises(StorageError) as said:
            examples.get("balloons")
    assert str(said.value) == FULL
    assert not [*tmp_path.rglob("*.jpg"), *tmp_path.rglob("*.part")]
    assert derive(examples.get("balloons"), examples.find).painted is not None
