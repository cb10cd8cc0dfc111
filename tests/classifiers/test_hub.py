import json
import pickle
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import skimage.data
import torch
from PIL import Image

from segui.classifiers import hub
from segui.classifiers.base import Classifier, Crop
from segui.classifiers.hub import HubClassifier, load_classifier
from segui.errors import ClassifierError, InputError

FACE = (176, 68, 266, 160)
OTHERS = {
    "suit": (60, 280, 200, 430),
    "flag": (0, 0, 100, 250),
    "rocket": (350, 0, 460, 280),
    "helmet": (270, 340, 512, 512),
    "wall": (300, 20, 350, 180),
}


def crop(box: tuple[int, int, int, int]) -> Crop:
    image = Image.fromarray(skimage.data.astronaut()).crop(box)
    return Crop(image, Image.new("L", image.size, 255))


@pytest.fixture
def copy(face_model_dir: Path, tmp_path: Path) -> Path:
    """A copy of the model to break."""
    return Path(shutil.copytree(face_model_dir, tmp_path / "copy"))


def edit_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def failure(folder: Path | str) -> str:
    """The sentence that loading ends with, without the model's name."""
    with pytest.raises(ClassifierError) as caught:
        load_classifier(folder).load()
    return str(caught.value).replace(repr(str(folder)), "It")


# The real chain: trained, saved, loaded, asked about a photo.


def test_the_trained_model_tells_the_face_from_the_rest(face_model_dir: Path) -> None:
    scores = load_classifier(face_model_dir).score(
        [crop(FACE), *(crop(box) for box in OTHERS.values())]
    )
    assert scores[0]["face"] > 0.8
    assert {name: s["face"] < 0.3 for name, s in zip(OTHERS, scores[1:], strict=True)} == (
        dict.fromkeys(OTHERS, True)
    )
    assert all(set(s) == {"face", "other"} for s in scores)
    assert [sum(s.values()) for s in scores] == pytest.approx([1] * 6)
    assert all(type(value) is float for s in scores for value in s.values())


def test_a_batch_gives_what_single_crops_give(face_model_dir: Path) -> None:
    crops = [crop(FACE), *(crop(box) for box in OTHERS.values())]
    classifier = load_classifier(face_model_dir, batch_size=4)
    together = classifier.score(crops)
    alone = [classifier.score([one])[0] for one in crops]
    for one, other in zip(together, alone, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_is_a_classifier_that_knows_its_labels_before_it_is_loaded(face_model_dir: Path) -> None:
    classifier = load_classifier(face_model_dir)
    assert isinstance(classifier, Classifier)
    assert classifier.labels == ("face", "other")
    assert classifier.fetch_labels() == ("face", "other")
    assert classifier._loaded is None


def test_no_crops_load_nothing(face_model_dir: Path) -> None:
    classifier = load_classifier(face_model_dir)
    assert classifier.score([]) == []
    assert classifier._loaded is None


def test_crops_of_a_single_pixel_are_scored(face_model_dir: Path) -> None:
    tiny = [Crop(Image.new("RGB", size), Image.new("L", size)) for size in ((1, 1), (3, 40))]
    assert len(load_classifier(face_model_dir).score(tiny)) == 2


def test_threads_share_one_load(face_model_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    load = hub._load
    monkeypatch.setattr(hub, "_load", lambda config: loads.append(config) or load(config))
    classifier = load_classifier(face_model_dir)
    threads = [threading.Thread(target=classifier.load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1


def test_a_failed_load_is_tried_again(copy: Path) -> None:
    weights = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").unlink()
    classifier = load_classifier(copy)
    with pytest.raises(ClassifierError):
        classifier.load()
    (copy / "model.safetensors").write_bytes(weights)
    classifier.load()


# Labels and scores of other kinds of model.


def with_head(folder: Path, labels: list[str], **config: Any) -> HubClassifier:
    """The model with a new, random head of these labels."""
    from transformers import ViTConfig, ViTForImageClassification

    names = dict(enumerate(labels))
    ids = {label: place for place, label in names.items()}
    settings = ViTConfig.from_pretrained(folder, id2label=names, label2id=ids, **config)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        ViTForImageClassification(settings).save_pretrained(folder)
    return load_classifier(folder)


def test_all_labels_are_given_not_only_the_best_five(copy: Path) -> None:
    labels = [f"thing {number}" for number in range(12)]
    scores = with_head(copy, labels).score([crop(FACE)])[0]
    assert list(scores) == labels
    assert sum(scores.values()) == pytest.approx(1)


def test_labels_of_one_name_give_the_better_score(copy: Path) -> None:
    plain = with_head(copy, ["a", "b", "c"]).score([crop(FACE)])[0]
    double = with_head(copy, ["same", "same", "c"])
    assert double.labels == ("same", "c")
    assert double.score([crop(FACE)])[0] == pytest.approx(
        {"same": max(plain["a"], plain["b"]), "c": plain["c"]}
    )


def test_labels_that_may_hold_together_have_a_sigmoid_each(copy: Path) -> None:
    classifier = with_head(copy, ["a", "b", "c"], problem_type="multi_label_classification")
    scores = classifier.score([crop(FACE)])[0]
    assert sum(scores.values()) != pytest.approx(1, abs=0.01)
    assert all(0 <= score <= 1 for score in scores.values())


def test_a_processor_that_keeps_shapes_runs_one_by_one(
    face_model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = load_classifier(face_model_dir)
    loaded = classifier._ready()
    sizes = []

    def pipeline(images: list[Image.Image], batch_size: int, top_k: int) -> Any:
        sizes.append(batch_size)
        if batch_size > 1:
            raise RuntimeError("Sizes of tensors must match except in dimension 0")
        return loaded.pipeline(images, batch_size=batch_size, top_k=top_k)

    monkeypatch.setattr(classifier, "_loaded", hub._Loaded(pipeline, loaded.labels, 2, 8, None, ()))
    assert len(classifier.score([crop(FACE)] * 2)) == 2
    assert sizes == [8, 1]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            torch.OutOfMemoryError("CUDA out of memory"),
            "'m' ran out of memory: take smaller or fewer segments, or a smaller model",
        ),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
            "'m' ran out of memory: take smaller or fewer segments, or a smaller model",
        ),
        (KeyError("logits"), "'m' failed while it ran: it may not fit this kind of input"),
    ],
)
def test_a_run_that_fails_is_a_sentence_and_keeps_its_cause(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pipeline(*_: Any, **__: Any) -> Any:
        raise error

    classifier = load_classifier("m")
    monkeypatch.setattr(classifier, "_loaded", hub._Loaded(pipeline, ("a",), 1, 8, None, ()))
    with pytest.raises(ClassifierError) as caught:
        classifier.score([crop(FACE)])
    assert str(caught.value) == sentence
    assert caught.value.__cause__ is error


def test_scores_that_are_no_numbers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def pipeline(*_: Any, **__: Any) -> Any:
        return [[{"label": "a", "score": float("nan")}]]

    classifier = load_classifier("m")
    monkeypatch.setattr(classifier, "_loaded", hub._Loaded(pipeline, ("a",), 1, 8, None, ()))
    with pytest.raises(ClassifierError, match=r"^'m' gave scores that are no numbers: "):
        classifier.score([crop(FACE)])


# Devices and arguments.


def test_gpu_says_so_when_there_is_none(
    face_model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    notes = {}
    for device in ("auto", "gpu", "cpu"):
        classifier = load_classifier(face_model_dir, device=device)
        classifier.load()
        notes[device] = classifier.notes
    sentence = "There is no GPU here: the classifier runs on the CPU."
    assert notes == {"auto": (), "gpu": (sentence,), "cpu": ()}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"device": "tpu"}, "device is 'tpu': expected one of auto, gpu, cpu"),
        ({"batch_size": 0}, "batch_size is 0: expected at least 1"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        load_classifier("org/name", **arguments)
    assert str(caught.value) == sentence


# What is wrong with a model, each in its own sentence.


def remove_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def garble_config(folder: Path) -> None:
    (folder / "config.json").write_text("{oops")


def list_config(folder: Path) -> None:
    (folder / "config.json").write_text("[1]")


def text_model(folder: Path) -> None:
    edit_config(folder, model_type="bert", architectures=["BertForSequenceClassification"])


def unknown_kind(folder: Path) -> None:
    edit_config(folder, model_type="zzz")


def remote_code(folder: Path) -> None:
    edit_config(folder, model_type="zzz", auto_map={"AutoConfig": "code.Config"})
    (folder / "code.py").write_text("raise SystemExit('remote code ran')")


def wrong_types(folder: Path) -> None:
    edit_config(folder, hidden_size="wide")


def regression(folder: Path) -> None:
    edit_config(folder, problem_type="regression")


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def named_pickle(folder: Path) -> None:
    edit_config(folder, transformers_weights="adapter_model.bin")


def cut_off(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def cut_in_header(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:40])


def empty_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")


def lost_shard(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"a": "model-00001-of-00001.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def shard_elsewhere(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"a": "../secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def other_shape(folder: Path) -> None:
    edit_config(folder, hidden_size=32)


def headless(folder: Path) -> None:
    from transformers import ViTConfig, ViTModel

    ViTModel(ViTConfig.from_pretrained(folder)).save_pretrained(folder)


def no_processor(folder: Path) -> None:
    (folder / "preprocessor_config.json").unlink()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (remove_config, "It is not a model: it has no config.json"),
        (garble_config, "It is broken: its config.json cannot be read"),
        (list_config, "It is broken: its config.json is not a JSON object"),
        (text_model, "It is not an image classifier: its kind is 'bert'"),
        (unknown_kind, "It is of a kind that is not known here: 'zzz'"),
        (remote_code, "It needs code of its own to run, which is never trusted"),
        (wrong_types, "It is broken: its config.json does not describe a model"),
        (
            regression,
            "It estimates numbers (regression): it has no score for each label",
        ),
        (
            pickled,
            (
                "It has its weights in pickle files only. These can run code when they are"
                " opened, so only safetensors weights are"
            ),
        ),
        (no_weights, "It has no weights: expected model.safetensors"),
        (named_pickle, "It keeps its weights under an unusual name, which is not opened"),
        (cut_off, "It is broken: model.safetensors is cut off or damaged. Fetch it once more"),
        (
            cut_in_header,
            "It is broken: model.safetensors is cut off or damaged. Fetch it once more",
        ),
        (
            empty_weights,
            "It is broken: model.safetensors is cut off or damaged. Fetch it once more",
        ),
        (lost_shard, "It is not whole: model-00001-of-00001.safetensors is missing"),
        (
            shard_elsewhere,
            "It is broken: its model.safetensors.index.json does not list weights files",
        ),
        (
            other_shape,
            "It is broken: its weights are not those that its config.json describes",
        ),
        (
            headless,
            (
                "It was not trained to classify images, or only partly saved: it lacks 2 of its"
                " weights, such as classifier.bias"
            ),
        ),
        (
            no_processor,
            (
                "It does not say how images are prepared for it: its preprocessor_config.json is"
                " missing, broken or needs code of its own"
            ),
        ),
    ],
)
def test_each_trouble_has_its_sentence(
    spoil: Callable[[Path], None], sentence: str, copy: Path
) -> None:
    spoil(copy)
    assert failure(copy) == sentence


def test_labels_of_a_broken_model_are_unknown_until_they_are_asked_for(copy: Path) -> None:
    garble_config(copy)
    classifier = load_classifier(copy)
    assert classifier.labels == ()
    with pytest.raises(ClassifierError, match=r"cannot be read$"):
        classifier.fetch_labels()


def test_sharded_weights_load(copy: Path) -> None:
    from transformers import ViTForImageClassification

    model = ViTForImageClassification.from_pretrained(copy)
    (copy / "model.safetensors").unlink()
    model.save_pretrained(copy, max_shard_size="100KB")
    assert not (copy / "model.safetensors").exists()
    load_classifier(copy).load()
