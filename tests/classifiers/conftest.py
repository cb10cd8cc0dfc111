from pathlib import Path

import pytest

from tests.classifiers.tiny_vit import train_face_model


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test asks a network: huggingface_hub reads its environment once, so its switch is set."""
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "no-cache"))


@pytest.fixture(scope="session")
def face_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny face classifier, trained once for all tests."""
    return train_face_model(tmp_path_factory.mktemp("models") / "faces")
