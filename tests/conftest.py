"""What several test modules share: the started app, a hub, tiny models, real photos as files."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from tests import app_server
from tests.app_server import AppServer, running_app
from tests.counts import PART, QUICK, WHOLE
from tests.processes import RUN, left_behind
from tests.trained import trained

if TYPE_CHECKING:
    from tests.classifiers.hub_server import HubServer

# How long an example takes says how busy the machine is, and is no failure.
settings.register_profile(WHOLE, deadline=None)
settings.load_profile(WHOLE)
settings.register_profile(QUICK, settings.get_profile(WHOLE), max_examples=100 // PART)

# Before torch is loaded, and for all that the tests start: its threads spin while they wait for
# each other, which costs more than what they compute where processes share the processors.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

LOG_CHARACTERS = 20_000
SERVED = {"app", "browser"}  # fixtures


@pytest.fixture(scope="session", autouse=True)
def _nothing_stays() -> Iterator[None]:
    """Whatever the tests of this process start has ended when they have."""
    run = os.environ[RUN] = str(os.getpid())
    yield
    left = left_behind(run)
    assert left == [], f"the tests left processes behind: {left}"


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The real app, started once for all tests that ask for it."""
    with running_app(tmp_path_factory.mktemp("app")) as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the app or a browser: ``make quick`` leaves it out."""
    for item in items:
        if SERVED & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")


def pytest_collection_finish() -> None:
    """Spare collectors of garbage ten thousand tests and all that they import: these stay."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let no other test start an app."""
    app_server.may_start = item.get_closest_marker("server") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show the app's log beside the failure of a test that used it."""
    report = yield
    server = getattr(item, "funcargs", {}).get("app")
    if report.failed and isinstance(server, AppServer):
        report.sections.append(("the app's log", server.log[-LOG_CHARACTERS:]))
    return report


@pytest.fixture(scope="session")
def face_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny face classifier, in a folder of its own."""
    from tests.classifiers.tiny_vit import train_face_model

    return trained(tmp_path_factory.mktemp("models") / "faces", train_face_model)


@pytest.fixture(scope="session")
def clip_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny CLIP."""
    from tests.classifiers.tiny_clip import train_clip_model

    return trained(tmp_path_factory.mktemp("models") / "clip", train_clip_model)


@pytest.fixture(scope="session")
def siglip_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny SigLIP."""
    from tests.classifiers.tiny_siglip import train_siglip_model

    return trained(tmp_path_factory.mktemp("models") / "siglip", train_siglip_model)


@pytest.fixture(scope="session")
def shapes_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny SegFormer that knows discs and squares."""
    from tests.finders.tiny_shapes import train_shapes_model

    return trained(tmp_path_factory.mktemp("models") / "shapes", train_shapes_model)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No network: huggingface_hub reads its environment once, so its own switch is set."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "no-cache"))


@pytest.fixture
def hub(offline: None, tmp_path: Path, face_model_dir: Path) -> Iterator["HubServer"]:
    """A hub of the test's own, which this process reaches; it has the face classifier.

    The classifier is ``org/faces``. What is fetched goes into ``hub-cache`` below ``tmp_path``.
    """
    from tests.classifiers.hub_server import Repo, reaching, running_hub

    with running_hub() as server, reaching(server, tmp_path / "hub-cache"):
        server.repos["org/faces"] = Repo(face_model_dir)
        yield server


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of real photos and masks: scikit-image's astronaut, and what belongs to it.

    ``photo.png``, ``photo.jpg``; ``edited.png``, the photo inverted; ``mask.png``, a face and a
    suit; ``face.png`` and ``suit.png``, one each; ``cat.png``, another photo in another size.
    """
    from skimage import data

    folder = tmp_path_factory.mktemp("pictures")
    photo = data.astronaut()
    face, suit = np.zeros((2, *photo.shape[:2]), np.uint8)
    face[68:160, 176:266] = 255
    suit[330:500, 90:200] = 255
    save = {
        "photo.png": photo,
        "photo.jpg": photo,
        "edited.png": 255 - photo,
        "mask.png": face | suit,
        "face.png": face,
        "suit.png": suit,
        "cat.png": data.chelsea(),
    }
    for name, pixels in save.items():
        Image.fromarray(pixels).save(folder / name)
    return folder


@pytest.fixture(scope="session")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo with two faces: scikit-image's astronaut, and she again turned round."""
    from skimage import data

    path = tmp_path_factory.mktemp("photos") / "group.png"
    one = data.astronaut()
    Image.fromarray(np.concatenate((one, one[:, ::-1]), axis=1)).save(path)
    return path
