from pathlib import Path

import pytest

from segui.classifiers.model_files import check_allowed, local_folder
from segui.errors import ClassifierError, InputError, SeguiError


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder with one model and a link that leads out of it."""
    (tmp_path / "models" / "org" / "faces").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "models" / "link").symlink_to(tmp_path / "outside")
    return tmp_path / "models"


def test_any_folder_will_do_for_a_library(tmp_path: Path) -> None:
    assert local_folder(str(tmp_path)) == tmp_path


@pytest.mark.parametrize("name", ["org/name", "name", "google/vit-base-patch16-224", "a/b.c_d"])
def test_what_is_no_folder_is_a_repo_id(name: str) -> None:
    assert local_folder(name) is None


@pytest.mark.parametrize("name", ["org/faces", "./org/faces", "org/../org/faces"])
def test_a_name_relative_to_the_models_folder_is_a_folder(name: str, models: Path) -> None:
    assert local_folder(name, models_dir=models) == models / "org" / "faces"


def test_an_absolute_path_below_the_models_folder_is_allowed(models: Path) -> None:
    assert local_folder(str(models / "org"), models_dir=models) == models / "org"


@pytest.mark.parametrize(
    "name", ["../outside", "/etc", "./link", "org/../..", "~", ".", "/no/such"]
)
def test_nothing_outside_the_models_folder_is_opened_or_told_of(name: str, models: Path) -> None:
    with pytest.raises(ClassifierError) as caught:
        local_folder(name, models_dir=models)
    assert str(caught.value) == f"there is no model folder {name!r} below the models folder"


def test_a_link_that_leads_out_is_a_repo_id_at_best(models: Path) -> None:
    assert local_folder("link", models_dir=models) is None


def test_no_local_folder_where_none_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError) as caught:
        local_folder(str(tmp_path), allow_local=False)
    assert str(caught.value) == "local model folders are not allowed here: give a repo id"


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("", InputError, "no model is named: expected a repo id such as 'google/vit-base'"),
        ("  ", InputError, "no model is named: expected a repo id such as 'google/vit-base'"),
        (
            "two words",
            InputError,
            "'two words' is not a repo id: expected one such as 'google/vit-base'",
        ),
        ("a\0b", InputError, "'a\\x00b' is not a repo id: expected one such as 'google/vit-base'"),
        ("./missing", ClassifierError, "there is no model folder './missing'"),
        ("a/b/c", ClassifierError, "there is no model folder 'a/b/c'"),
    ],
)
def test_what_cannot_be_a_model_is_said(name: str, kind: type[SeguiError], sentence: str) -> None:
    with pytest.raises(kind) as caught:
        local_folder(name)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "patterns", [(), ("org/*",), ("other/*", "ORG/Faces"), ("*",), ("org/fac?s",), ("*faces",)]
)
def test_a_repo_that_fits_a_pattern_is_allowed(patterns: tuple[str, ...]) -> None:
    check_allowed("Org/faces", patterns)


@pytest.mark.parametrize("patterns", [("org",), ("org/", "faces"), ("org/face",), ("*/faces/*",)])
def test_a_repo_that_fits_no_pattern_is_not(patterns: tuple[str, ...]) -> None:
    with pytest.raises(ClassifierError) as caught:
        check_allowed("org/faces", patterns)
    assert str(caught.value) == (
        f"'org/faces' is not among the models allowed here: {', '.join(patterns)}"
    )
