from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.classifiers.hub_server import HubServer, Repo, reaching, running_hub


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test asks a network: huggingface_hub reads its environment once, so its switch is set."""
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "no-cache"))


@pytest.fixture
def hub(_offline: None, tmp_path: Path, face_model_dir: Path) -> Iterator[HubServer]:
    """A hub of the test's own, which this process reaches; it has the face classifier.

    The classifier is ``org/faces``. What is fetched goes into ``hub-cache`` below ``tmp_path``.
    """
    with running_hub() as server, reaching(server, tmp_path / "hub-cache"):
        server.repos["org/faces"] = Repo(face_model_dir)
        yield server
