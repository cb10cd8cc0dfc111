from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.model_cache import ModelCache
from segui.errors import ClassifierError, InputError
from segui.settings import Settings

MANUAL = "Manual repo id"


def choice(repo_id: str) -> ClassifierChoice:
    return ClassifierChoice(MANUAL, repo_id)


def refusal(settings: Settings, asked: ClassifierChoice) -> str:
    with pytest.raises((ClassifierError, InputError)) as refused:
        ModelCache(settings).get(asked)
    return str(refused.value)


OFF = (
    "models of one's own choice are off here: pick one of the list, or ask whoever runs this page"
    " to set SEGUI_MANUAL_MODELS"
)


@pytest.mark.parametrize("name", ["org/name", "faces", "/etc", "/nope", "..", "n" * 300, ""])
def test_models_of_ones_own_choice_can_be_off(name: str):
    assert refusal(Settings(manual_models=False), choice(name)) == OFF


@pytest.mark.parametrize("manual", ["Manual repo id", "Manual CLIP or SigLIP"])
def test_every_entry_that_takes_a_name_is_held_to_what_is_allowed(manual: str):
    asked = ClassifierChoice(manual, "org/name", names=("dog",))
    assert refusal(Settings(manual_models=False), asked) == OFF
    assert refusal(Settings(allowed_models=("other/*",)), asked) == (
        "'org/name' is not among the models allowed here: other/*"
    )


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder with a folder of its own, a link out of it, and names of the hub."""
    folder = tmp_path / "models"
    for name in ("faces", "google/vit-base-patch16-224", "other/name"):
        (folder / name).mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    return folder


@pytest.mark.parametrize("name", ["faces", "other/name", "faces/../faces"])
def test_a_deployments_own_folder_is_allowed_where_the_hub_is_not(models: Path, name: str):
    for settings in (
        Settings(manual_models=False, models_dir=models),
        Settings(allowed_models=("org/*",), models_dir=models),
    ):
        used: Any = ModelCache(settings).get(choice(name))
        assert used.config.folder == (models / name).resolve()
        assert used.config.name == name  # what errors call it, and no path of this machine


def test_a_link_out_of_the_models_folder_is_a_repos_name(models: Path):
    assert refusal(Settings(manual_models=False, models_dir=models), choice("linked")) == OFF
    assert refusal(Settings(allowed_models=("org/*",), models_dir=models), choice("linked")) == (
        "'linked' is not among the models allowed here: org/*"
    )


def test_a_folder_of_the_same_name_allows_no_model_of_the_catalogue(models: Path):
    settings = Settings(allowed_models=("org/*",), models_dir=models)
    assert refusal(settings, ClassifierChoice("google/vit-base-patch16-224")) == (
        "'google/vit-base-patch16-224' is not among the models allowed here: org/*"
    )


@pytest.mark.parametrize("manual", [True, False])
@pytest.mark.parametrize("patterns", [(), ("org/*",)])
def test_nothing_is_told_of_folders_outside(models: Path, patterns: tuple[str, ...], manual: bool):
    settings = Settings(allowed_models=patterns, manual_models=manual, models_dir=models)
    for name in ("/etc", "/nope", "../elsewhere", "../nope"):
        assert refusal(settings, choice(name)) == (
            f"there is no model folder {name!r} below the models folder"
        )


@pytest.mark.parametrize("manual", [True, False])
def test_a_name_too_long_for_a_file_is_refused_as_any_other(models: Path, manual: bool):
    name = "n" * 300
    assert refusal(Settings(manual_models=manual, models_dir=models), choice(name)) == (
        f"'{'n' * 60}...' is not a repo id: expected one such as 'google/vit-base'"
    )


def test_a_link_out_of_the_models_folder_is_never_followed(models: Path):
    used: Any = ModelCache(Settings(models_dir=models)).get(choice("linked"))
    assert used.config.folder is None


def test_only_models_of_the_patterns_are_allowed():
    kept = ModelCache(Settings(allowed_models=("org/*",)))
    assert kept.get(choice("org/name")) is not None
    with pytest.raises(ClassifierError, match="'other/name' is not among the models allowed here"):
        kept.get(choice("other/name"))
    with pytest.raises(ClassifierError, match="is not among the models allowed here"):
        kept.get(ClassifierChoice("google/vit-base-patch16-224"))


@pytest.mark.parametrize("name", ["google/vit-base-patch16-224", "openai/clip-vit-base-patch32"])
def test_where_models_are_limited_nobody_brings_one_by_a_revision(name: str):
    asked = ClassifierChoice(name, names=("cat",), revision=" refs/pr/1 ")
    for settings in (Settings(manual_models=False), Settings(allowed_models=("*",))):
        assert refusal(settings, asked) == (
            f"revision 'refs/pr/1' of '{name}' is not allowed here: anyone can propose one below"
            " refs/. Take a branch, tag or commit"
        )
        assert ModelCache(settings).get(replace(asked, revision="v1")) is not None
    assert ModelCache(Settings()).get(asked) is not None


def test_another_context_asks_the_same_model():
    one, other = choice("org/name"), ClassifierChoice(MANUAL, "org/name", context="bbox")
    assert one.key != other.key
    kept = ModelCache(Settings())
    assert kept.get(one) is kept.get(other)


def test_lists_of_names_share_one_open_vocabulary():
    clip = "openai/clip-vit-base-patch32"
    kept = ModelCache(Settings())
    one = kept.get(ClassifierChoice(clip, names=("cat", "dog")))
    other = kept.get(ClassifierChoice(clip, names=("cat", "a cartoon")))
    assert one is not other
    assert one.vocabulary is other.vocabulary
