import shutil
from pathlib import Path

import pytest

from segui.errors import ClassifierError, InputError, SeguiError
from segui.models.files import (
    check_allowed,
    check_folder,
    check_revision,
    local_folder,
    read_json_file,
)


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


# Revisions


@pytest.mark.parametrize(
    "patterns",
    [("org/*",), ()],
)
def test_what_anyone_can_propose_to_a_repo_is_not_allowed_where_models_are_limited(
    patterns: tuple[str, ...],
) -> None:
    for revision in ("", "main", "v1.0", "0" * 40, "my/refs/x"):
        check_allowed("org/faces", patterns, revision, limited=True)
    for revision in ("refs/pr/1", " refs/pr/1", "refs/heads/main"):
        with pytest.raises(ClassifierError) as caught:
            check_allowed("org/faces", patterns, revision, limited=True)
        assert str(caught.value) == (
            f"revision {revision!r} of 'org/faces' is not allowed here: anyone can propose one"
            " below refs/. Take a branch, tag or commit"
        )


def test_patterns_limit_models() -> None:
    with pytest.raises(ClassifierError, match=r"^revision 'refs/pr/1' of 'org/faces' "):
        check_allowed("org/faces", ("*",), "refs/pr/1")


def test_where_models_are_not_limited_proposals_can_be_tried() -> None:
    check_allowed("org/faces", (), "refs/pr/1")


@pytest.mark.parametrize(
    "revision",
    [None, "main", "v1.0", "refs/pr/12", "a_b-c/d.e", "0123456789abcdef" * 2, "a" * 100],
)
def test_a_name_of_a_branch_tag_or_commit_is_a_revision(revision: str | None) -> None:
    check_revision(revision)


@pytest.mark.parametrize(
    "revision",
    [
        *("", " ", ".", "..", "../blobs/0", "a/../b", "a..b", "./a", "a/.", "a/./b", ".hidden"),
        *("/a", "a/", "a//b", "a b", "a\\b", "a?b", "a#b", "a%2e", "a\n", "\0", "zu\u0308rich"),
    ],
)
def test_what_could_lead_elsewhere_is_no_revision(revision: str) -> None:
    with pytest.raises(InputError) as caught:
        check_revision(revision)
    assert str(caught.value) == (
        f"{revision!r} is not a revision: expected a branch, tag or commit of at most 100 letters,"
        " digits and . _ - /"
    )


def test_of_a_revision_that_is_too_long_the_start_is_told() -> None:
    with pytest.raises(InputError) as caught:
        check_revision("a" * 101)
    assert str(caught.value) == (
        f"'{'a' * 100}...' is not a revision: expected a branch, tag or commit of at most 100"
        " letters, digits and . _ - /"
    )


# Files that are too large to be read whole


def enlarge(path: Path, size: int) -> None:
    with path.open("ab") as file:
        file.truncate(size)  # takes no room: nothing is written


@pytest.mark.parametrize(
    ("file", "most"),
    [
        ("config.json", 10),
        ("model.safetensors.index.json", 10),
        ("preprocessor_config.json", 10),
        ("processor_config.json", 10),
        ("tokenizer.json", 80),
        ("merges.txt", 80),
    ],
)
def test_a_folder_with_a_huge_file_is_not_read(
    file: str, most: int, face_model_dir: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(face_model_dir, tmp_path / "copy"))
    enlarge(folder / file, 2 * 10**9)
    with pytest.raises(ClassifierError) as caught:
        check_folder(folder, "m")
    assert str(caught.value) == (
        f"'m' cannot be used: its {file} is 2,000 MB, at most {most} MB are read"
    )


def test_no_huge_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("{}")
    assert read_json_file(path, "m") == {}
    enlarge(path, 10**7 + 1)
    with pytest.raises(ClassifierError) as caught:
        read_json_file(path, "m")
    assert str(caught.value) == (
        "'m' cannot be used: its config.json is 11 MB, at most 10 MB are read"
    )
