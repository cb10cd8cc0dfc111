from pathlib import Path

from segui.settings import Settings
from segui.ui.examples import load_examples, picture_of
from segui.ui.folders import Folders
from segui.ui.layout.choices import ClassifierChoice
from segui.ui.scenes import Scenes
from segui.ui.shelf import KEPT, Shelf


def test_the_balloons_come_first():
    examples = load_examples()
    assert examples[0].name == "balloons"
    assert len(examples) >= 3
    assert all(picture_of(each).startswith("data:image/jpeg;base64,") for each in examples)


def test_without_examples_there_is_no_opening_one(tmp_path: Path):
    assert load_examples(tmp_path) == ()
    settings = Settings()
    scenes = Scenes((), settings, Folders(tmp_path), Shelf(settings))
    assert scenes.opening == ""
    assert scenes.get("") is None


def test_every_example_is_worked_once_and_chooses_some_of_its_areas(tmp_path: Path):
    settings = Settings()
    examples = load_examples()
    scenes = Scenes(examples, settings, Folders(tmp_path), Shelf(settings))
    for example in examples:
        scene = scenes.get(example.name)
        assert scene is scenes.get(example.name)
        assert 0 < len(scene.work.selection.filtered.items) < len(scene.work.selection.sides)
        assert scene.work.files.photo.is_relative_to(tmp_path)
        assert scene.work.files.example == example.description


def test_a_shelf_gives_the_same_classifier_for_the_same_choice():
    shelf = Shelf(Settings())
    one = ClassifierChoice("Manual repo id", "org/one")
    assert shelf.get(one) is shelf.get(ClassifierChoice("Manual repo id", " org/one "))
    first = shelf.get(one)
    for n in range(KEPT):
        shelf.get(ClassifierChoice("Manual repo id", f"org/other{n}"))
    assert shelf.get(one) is not first
