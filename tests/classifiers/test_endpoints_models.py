"""Local models by the endpoints for other programs: below the models folder, and nowhere else."""

import gradio as gr
import pytest

from segui.classifiers.catalogue import MANUAL
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.model_cache import ModelCache
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.classifiers.hub_server import Repo, reaching, running_hub
from tests.classifiers.tiny_siglip import train_siglip_model

FILE = {"_type": "gradio.FileData"}


def test_a_model_below_the_models_folder_judges_and_is_loaded_once(face_model_dir, pictures):
    settings = Settings(models_dir=face_model_dir.parent, device="cpu")
    models = ModelCache(settings)
    calls = Endpoints(settings, models, pictures)
    files = [{"path": str(pictures / name), "meta": FILE} for name in ("photo.png", "mask.png")]
    asked = {"classifier": face_model_dir.name, "expression": "face > 0.5", "crop_factor": 1.0}
    report = calls.segments(files[0], files[1:], **asked)
    assert [item["filtered"] for item in report["segments"]] == [True, False]
    assert report["labels"] == ["face", "other"]
    assert report["classifier"] == face_model_dir.name
    choice = ClassifierChoice(MANUAL, face_model_dir.name, "cpu")
    used = models.get(choice)
    calls.segments(files[0], files[1:], **asked)
    assert models.get(choice) is used


@pytest.mark.long
def test_an_open_vocabulary_by_its_repo_id_is_asked_for_the_rules_words(
    tmp_path_factory, tmp_path, pictures
):
    repo_id = "org/words"
    settings = Settings(device="cpu")
    calls = Endpoints(settings, ModelCache(settings), pictures)
    files = [{"path": str(pictures / name), "meta": FILE} for name in ("photo.png", "mask.png")]
    model = train_siglip_model(tmp_path_factory.mktemp("words") / "siglip")
    with running_hub() as hub, reaching(hub, tmp_path / "cache"):
        hub.repos[repo_id] = Repo(model)
        report = calls.segments(
            files[0],
            files[1:],
            classifier=f"Manual CLIP or SigLIP: {repo_id}",
            expression="red > 0.5 and not blue > 0.5",
            crop_factor=1.0,
        )
    assert report["labels"] == ["blue", "red"]
    assert all(set(item["scores"]) == {"red", "blue"} for item in report["segments"])
    assert [item["filtered"] for item in report["segments"]] == [
        item["scores"]["red"] > 0.5 and not item["scores"]["blue"] > 0.5
        for item in report["segments"]
    ]


@pytest.mark.parametrize("name", ["../models", "/etc", "..", "faces/../.."])
def test_no_folder_outside_the_models_folder_is_opened(tmp_path, pictures, name):
    (tmp_path / "models").mkdir()
    settings = Settings(models_dir=tmp_path / "models")
    calls = Endpoints(settings, ModelCache(settings), pictures)
    files = [{"path": str(pictures / name), "meta": FILE} for name in ("photo.png", "mask.png")]
    with pytest.raises(gr.Error) as refused:
        calls.segments(files[0], files[1:], classifier=name)
    assert refused.value.message == f"there is no model folder {name!r} below the models folder"
