from pathlib import Path

import pytest

from segui.errors import ClassifierError
from segui.settings import Settings
from segui.ui.choices import ClassifierChoice, asked_names
from segui.ui.shelf import Shelf

MANUAL = "Manual repo id"


def choice(repo_id: str) -> ClassifierChoice:
    return ClassifierChoice(MANUAL, repo_id)


def test_models_of_ones_own_choice_can_be_off():
    with pytest.raises(ClassifierError, match="models of one's own choice are off here"):
        Shelf(Settings(manual_models=False)).get(choice("org/name"))


def test_a_deployments_own_folder_is_allowed_where_the_hub_is_not(tmp_path: Path):
    (tmp_path / "faces").mkdir()
    settings = Settings(manual_models=False, models_dir=tmp_path)
    assert Shelf(settings).get(choice("faces")) is not None


def test_only_models_of_the_patterns_are_allowed():
    shelf = Shelf(Settings(allowed_models=("org/*",)))
    assert shelf.get(choice("org/name")) is not None
    with pytest.raises(ClassifierError, match="'other/name' is not among the models allowed here"):
        shelf.get(choice("other/name"))
    with pytest.raises(ClassifierError, match="is not among the models allowed here"):
        shelf.get(ClassifierChoice("google/vit-base-patch16-224"))


def test_an_address_of_the_hub_is_its_repo():
    assert choice("https://huggingface.co/org/name/").key.repo_id == "org/name"


def test_another_context_asks_the_same_model():
    one, other = choice("org/name"), ClassifierChoice(MANUAL, "org/name", context="bbox")
    assert one.key != other.key
    shelf = Shelf(Settings())
    assert shelf.get(one) is shelf.get(other)


def test_lists_of_names_share_one_open_vocabulary():
    clip = "openai/clip-vit-base-patch32"
    shelf = Shelf(Settings())
    one = shelf.get(ClassifierChoice(clip, names=("cat", "dog")))
    other = shelf.get(ClassifierChoice(clip, names=("cat", "a cartoon")))
    assert one is not other
    assert one.vocabulary is other.vocabulary


@pytest.mark.parametrize(
    ("listed", "rule", "names"),
    [
        ("", "dog > 50%", ("dog",)),
        ("cat\na cartoon", "*", ("cat", "a cartoon")),
        ("dog, cat", "dog > 0.5 and not bird > 0.2", ("dog", "bird", "cat")),
        ("dog", "dog >", ("dog",)),
        (" , ", "*", ()),
    ],
)
def test_an_open_vocabulary_is_asked_for_the_rules_names_and_the_listed(listed, rule, names):
    assert asked_names(listed, rule) == names
