from pathlib import Path

from segui.classifiers.model_cache import ModelCache
from segui.settings import Settings
from segui.ui.examples import load_examples, picture_of
from segui.ui.folders import Folders
from segui.ui.scenes import Scenes


def test_the_balloons_come_first():
    examples = load_examples()
    assert examples[0].name == "balloons"
    assert len(examples) >= 3
    assert all(picture_of(each).startswith("data:image/jpeg;base64,") for each in examples)


def test_without_examples_there_is_no_opening_one(tmp_path: Path):
    assert load_examples(tmp_path) == ()
    settings = Settings()
    scenes = Scenes((), settings, Folders(tmp_path), ModelCache(settings))
    assert scenes.opening == ""
    assert scenes.get("") is None


def test_every_example_is_worked_once_and_chooses_some_of_its_areas(tmp_path: Path):
    settings = Settings()
    examples = load_examples()
    scenes = Scenes(examples, settings, Folders(tmp_path), ModelCache(settings))
    for example in examples:
        scene = scenes.get(example.name)
        assert scene is scenes.get(example.name)
        assert 0 < len(scene.work.selection.filtered.items) < len(scene.work.selection.sides)
        assert scene.work.files.photo.is_relative_to(tmp_path)
        assert scene.work.files.example == example.description
