import json
import os
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants, errors

from segui.classifiers import fetch
from segui.classifiers.hub import load_classifier
from segui.errors import ClassifierError


def keep_a_copy(cache: Path, model: Path, files: tuple[str, ...]) -> str:
    """Lay files into a cache as huggingface_hub would; the commit."""
    commit = "0123456789" * 4
    repo = cache / "models--org--faces"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text(commit)
    (repo / "snapshots" / commit).mkdir(parents=True)
    for file in files:
        (repo / "snapshots" / commit / file).write_bytes((model / file).read_bytes())
    return commit


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_offline_without_a_copy_is_said() -> None:
    classifier = load_classifier("org/faces")
    assert classifier.labels == ()
    for ask in (classifier.load, classifier.fetch_labels):
        with pytest.raises(ClassifierError) as caught:
            ask()
        assert str(caught.value) == (
            "'org/faces' is not on this machine and the hub cannot be reached"
        )
        assert isinstance(caught.value.__cause__, errors.OfflineModeIsEnabled)


def test_offline_with_a_copy_works(cache: Path, face_model_dir: Path) -> None:
    files = ("config.json", "preprocessor_config.json", "model.safetensors")
    commit = keep_a_copy(cache, face_model_dir, files)
    classifier = load_classifier("org/faces")
    assert classifier.labels == ("face", "other")
    classifier.load()
    assert classifier.revision == commit


def test_offline_with_half_a_copy_is_said(cache: Path, face_model_dir: Path) -> None:
    keep_a_copy(cache, face_model_dir, ("config.json",))
    classifier = load_classifier("org/faces")
    assert classifier.labels == ("face", "other")
    with pytest.raises(ClassifierError) as caught:
        classifier.load()
    assert str(caught.value) == (
        "'org/faces' is only partly on this machine and the hub cannot be reached"
    )


def test_a_hub_that_does_not_answer_is_said_at_once(tmp_path: Path) -> None:
    # In a process of its own: huggingface_hub reads the environment when it is imported.
    script = (
        "from segui.classifiers.fetch import fetch_model\n"
        "try: fetch_model('org/faces')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    environment = os.environ | {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    environment.pop("HF_HUB_OFFLINE", None)
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout == (
        "ClassifierError 'org/faces' is not on this machine and the hub cannot be reached\n"
    )


class Hub:
    """Stands in for the hub: what it lists, and which files were asked of it."""

    def __init__(self, folder: Path, listed: list[str]) -> None:
        self.folder = folder
        self.listed = listed
        self.asked: list[str] = []

    def model_info(self, repo_id: str, **_: object) -> object:
        siblings = [huggingface_hub.hf_api.RepoSibling(rfilename=file) for file in self.listed]
        info = huggingface_hub.ModelInfo(id=repo_id, sha="abc", siblings=[])
        info.siblings = siblings
        return info

    def download(self, repo_id: str, file: str, *, revision: str) -> str:
        assert (repo_id, revision) == ("org/faces", "abc")
        self.asked.append(file)
        return str(self.folder / file)


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, listed: list[str]) -> Hub:
    hub = Hub(folder, listed)
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: hub)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", hub.download)
    return hub


def test_only_what_is_needed_is_fetched(
    face_model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ["README.md", "code.py", "config.json", "model.safetensors", "pytorch_model.bin"]
    hub = stand_in(monkeypatch, face_model_dir, [*listed, "preprocessor_config.json"])
    assert fetch.fetch_model("org/faces") == face_model_dir
    assert sorted(hub.asked) == ["config.json", "model.safetensors", "preprocessor_config.json"]


def test_labels_need_the_config_alone(
    face_model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = stand_in(monkeypatch, face_model_dir, ["config.json", "model.safetensors"])
    assert load_classifier("org/faces").fetch_labels() == ("face", "other")
    assert hub.asked == ["config.json"]


def test_shards_are_fetched_by_their_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = {"weight_map": {"a": "model-2.safetensors", "b": "model-1.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    listed = ["config.json", "model.safetensors.index.json"]
    hub = stand_in(monkeypatch, tmp_path, listed)
    fetch.fetch_model("org/faces")
    assert sorted(hub.asked) == sorted([*listed, "model-1.safetensors", "model-2.safetensors"])


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        (["README.md"], "'org/faces' is not a model: it has no config.json"),
        (
            ["config.json", "pytorch_model.bin"],
            (
                "'org/faces' has its weights in pickle files only. These can run code when they are"
                " opened, so only safetensors weights are"
            ),
        ),
        (["config.json"], "'org/faces' has no weights: expected model.safetensors"),
    ],
)
def test_what_the_hub_lists_is_looked_at_before_anything_is_fetched(
    listed: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = stand_in(monkeypatch, tmp_path, listed)
    with pytest.raises(ClassifierError) as caught:
        fetch.fetch_model("org/faces")
    assert str(caught.value) == sentence
    assert hub.asked == []


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (errors.GatedRepoError, "'org/faces' is gated: its owner asks for an agreement first"),
        (errors.DisabledRepoError, "'org/faces' was disabled on the hub"),
        (
            errors.RepositoryNotFoundError,
            "there is no repo 'org/faces' on the hub, or it is private",
        ),
        (errors.RevisionNotFoundError, "'org/faces' has no revision 'v9'"),
    ],
)
def test_each_refusal_of_the_hub_has_its_sentence(
    kind: type[Exception], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = kind.__new__(kind)

    def refuse(*_: object, **__: object) -> object:
        raise refusal

    hub = stand_in(monkeypatch, tmp_path, [])
    monkeypatch.setattr(hub, "model_info", refuse)
    with pytest.raises(ClassifierError) as caught:
        fetch.fetch_model("org/faces", "v9")
    assert str(caught.value) == sentence
    assert caught.value.__cause__ is refusal


def test_a_download_that_breaks_off_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object, **__: object) -> str:
        raise OSError("connection reset by peer")

    stand_in(monkeypatch, tmp_path, ["config.json", "model.safetensors"])
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", break_off)
    with pytest.raises(ClassifierError) as caught:
        fetch.fetch_model("org/faces")
    assert str(caught.value) == ("the download of 'org/faces' broke off at config.json: try again")
