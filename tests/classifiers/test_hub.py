import json
import math
import pickle
import shutil
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import skimage.data
import torch
from PIL import Image

from segui.classifiers import hub
from segui.classifiers.base import Classifier, Crop
from segui.classifiers.hub import HubClassifier, load_classifier
from segui.errors import ClassifierError, InputError
from segui.models.running import Runner
from tests.classifiers.tiny_clip import train_clip_model

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


@pytest.mark.long
def test_the_trained_model_tells_the_face_from_the_rest(face_model_dir: Path) -> None:
    scores = load_classifier(face_model_dir).score(
        [crop(FACE), *(crop(box) for box in OTHERS.values())]
    )
    assert scores[0]["face"] > 0.8
    # by how much is the processor's: another one rounds otherwise, and trains another model
    assert {name: s["face"] < 0.5 for name, s in zip(OTHERS, scores[1:], strict=True)} == (
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
    assert classifier._once.value is None


def test_no_crops_load_nothing(face_model_dir: Path) -> None:
    classifier = load_classifier(face_model_dir)
    assert classifier.score([]) == []
    assert classifier._once.value is None


def test_crops_of_a_single_pixel_are_scored(face_model_dir: Path) -> None:
    tiny = [Crop(Image.new("RGB", size), Image.new("L", size)) for size in ((1, 1), (3, 40))]
    assert len(load_classifier(face_model_dir).score(tiny)) == 2


def test_a_crop_that_is_very_long_takes_no_more_memory_than_another(
    copy: Path, face_model_dir: Path
) -> None:
    from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil

    ConvNextImageProcessorPil(size={"shortest_edge": 32}).save_pretrained(copy)
    sizes = ((50_000, 1), (1, 50_000), (30, 30))
    crops = [Crop(Image.new("RGB", size, "red"), Image.new("L", size)) for size in sizes]
    classifier = load_classifier(copy, device="cpu")
    classifier.load()
    tracemalloc.start()
    try:
        scores = classifier.score(crops)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20e6  # a row of 50,000 px made 32 high has 175 MB
    assert scores[0] == scores[1] == pytest.approx(scores[2])


def test_threads_share_one_load(face_model_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    load = hub._load
    monkeypatch.setattr(hub, "_load", lambda *how: loads.append(how) or load(*how))
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


# Running.


def stub(model: Any, labels: tuple[str, ...] = ("a", "b")) -> HubClassifier:
    """A classifier called m with a model that is a function of its batch."""

    class Stub(torch.nn.Module):
        def forward(self, pixel_values: torch.Tensor) -> Any:
            return SimpleNamespace(logits=model(pixel_values))

    def prepare(image: Image.Image) -> dict[str, torch.Tensor]:
        return {"pixel_values": torch.tensor([[image.width, image.height]]).float()}

    classifier = load_classifier("m")
    runner = Runner(Stub(), lambda output: output.logits, "cpu", 4)
    classifier._once.value = hub._Loaded(runner, prepare, labels, None, "m", ("A note.",))
    return classifier


def plain(*sizes: tuple[int, int]) -> list[Crop]:
    return [Crop(Image.new("RGB", size), Image.new("L", size)) for size in sizes]


def test_the_same_pixels_are_looked_at_once_in_a_call() -> None:
    seen = []

    def model(batch: torch.Tensor) -> torch.Tensor:
        seen.append(batch.tolist())
        return batch / 10

    crops = plain((1, 2), (2, 1), (1, 2), (1, 2), (3, 3), (2, 1))
    scores = stub(model).score(crops)
    assert seen == [[[1, 2], [2, 1]], [[3, 3]]]
    assert [round(10 * each["a"]) for each in scores] == [1, 2, 1, 1, 3, 2]
    scores[0]["a"] = 5.0
    assert scores[2]["a"] != 5


def test_crops_are_read_batch_by_batch() -> None:
    slices = []

    class Watched(list[Crop]):
        def __getitem__(self, index: Any) -> Any:
            slices.append(len(super().__getitem__(index)))
            return super().__getitem__(index)

        def __iter__(self) -> Any:
            raise AssertionError("all crops at once fill the memory")

    crops = Watched(plain(*((1, n) for n in range(1, 11))))
    assert len(stub(lambda batch: batch / 10).score(crops)) == 10
    assert slices == [4, 4, 2]


def test_a_model_too_large_for_its_device_says_so_and_its_batch_is_known() -> None:
    classifier = stub(None)
    classifier._once.value.runner.batch_size = 2
    classifier._once.value.runner.notes = ("It runs on the CPU.",)
    assert classifier.batch_size == 2
    assert classifier.notes == ("A note.", "It runs on the CPU.")


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
    error: Exception, sentence: str
) -> None:
    def model(batch: torch.Tensor) -> torch.Tensor:
        raise error

    with pytest.raises(ClassifierError) as caught:
        stub(model).score([crop(FACE)])
    assert str(caught.value) == sentence
    assert caught.value.__cause__ is error


def test_a_score_that_is_no_number_is_that_crops_alone() -> None:
    classifier = stub(lambda batch: batch.where(batch > 1, float("nan")) / 10)
    odd, good = classifier.score(plain((1, 5), (2, 4)))
    assert math.isnan(odd["a"])
    assert odd["b"] == pytest.approx(0.5)
    assert good == pytest.approx({"a": 0.2, "b": 0.4})


def test_bad_weights_are_refused(copy: Path) -> None:
    classifier = load_classifier(copy)
    with torch.no_grad():
        classifier._once.get().runner._model.classifier.weight.fill_(float("nan"))
    with pytest.raises(ClassifierError) as caught:
        classifier.score([crop(FACE)])
    name = repr(str(copy))
    assert str(caught.value) == f"{name} gave scores that are no numbers: its weights are bad"


def test_a_label_that_a_model_has_twice_is_told_and_unknown_where_one_of_them_is() -> None:
    classifier = stub(lambda batch: batch.where(batch > 1, float("nan")) / 10, ("a", "a"))
    odd, good = classifier.score(plain((1, 5), (2, 4)))
    assert math.isnan(odd["a"])
    assert good == pytest.approx({"a": 0.4})
    assert classifier.notes == (
        "A note.",
        "The model has 'a' twice: the better of the two scores counts.",
    )


@pytest.mark.parametrize("size", [(1000, 1), (1, 1000), (200, 3), (3, 200), (1, 1), (2, 2)])
def test_a_crop_of_a_few_pixels_has_a_score_and_leaves_the_others_theirs(
    face_model_dir: Path, size: tuple[int, int]
) -> None:
    classifier = load_classifier(face_model_dir)
    (alone,) = classifier.score([crop(FACE)])
    face, thin = classifier.score([crop(FACE), *plain(size)])
    assert face == pytest.approx(alone, abs=1e-4)
    assert all(0 <= score <= 1 for score in thin.values())


@pytest.mark.long
def test_half_precision_gives_the_trained_models_scores_within_a_hundredth(
    face_model_dir: Path,
) -> None:
    crops = [crop(FACE), *(crop(box) for box in OTHERS.values())]
    exact = load_classifier(face_model_dir, device="cpu")
    half = load_classifier(face_model_dir, device="cpu")
    half._once.get().runner._untried = (torch.float16,)
    half.score(crops[:1])
    assert half._once.get().runner.dtype == torch.float16
    assert half.size_bytes == exact._once.get().runner.size_bytes // 2
    for one, other in zip(half.score(crops), exact.score(crops), strict=True):
        assert one == pytest.approx(other, abs=0.01)


# What a shared memory needs to know.


def test_what_is_not_loaded_has_no_size_and_no_identity() -> None:
    classifier = load_classifier("org/name", batch_size=3)
    assert (classifier.size_bytes, classifier.identity, classifier.batch_size) == (0, None, 3)
    assert load_classifier("org/name").batch_size == 8


def test_equal_files_are_one_model_and_changed_ones_another(copy: Path) -> None:
    def loaded(device: str) -> HubClassifier:
        classifier = load_classifier(copy, device=device)
        classifier.load()
        return classifier

    one = loaded("auto")
    assert one.identity == loaded("cpu").identity
    assert one.size_bytes > 100_000
    with_head(copy, ["a", "b", "c"])
    assert loaded("auto").identity != one.identity


# Loading.


class Fetch:
    """Stands for the hub: tells its progress, and waits where it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[dict[str, Any]] = []
        self.entered, self.open = threading.Event(), threading.Event()

    def __call__(self, name: str, revision: str | None, *, progress: Any, **options: Any) -> Path:
        self.calls.append(options)
        progress(20, 100)
        self.entered.set()
        assert self.open.wait(60)
        progress(100, 100)
        return self.folder


@pytest.fixture
def hub_of_faces(face_model_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    fetching = Fetch(face_model_dir)
    monkeypatch.setattr(hub.fetch, "fetch_model", fetching)
    return fetching


def test_a_load_tells_the_bytes_and_passes_the_limit_on(hub_of_faces: Fetch) -> None:
    told = []
    hub_of_faces.open.set()
    load_classifier("org/faces", max_mb=345).load(lambda *step: told.append(step))
    assert told == [(20, 100), (100, 100)]
    assert hub_of_faces.calls[0]["max_mb"] == 345


def test_a_config_is_looked_at_before_the_weights_are_fetched(
    hub_of_faces: Fetch, copy: Path
) -> None:
    hub_of_faces.open.set()
    load_classifier("org/faces").load()
    regression(copy)
    with pytest.raises(ClassifierError, match=r"^'org/faces' estimates numbers "):
        hub_of_faces.calls[0]["check"](copy)


def test_what_progress_raises_ends_the_load_and_the_next_one_begins_anew(
    hub_of_faces: Fetch,
) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise CancelledError

    classifier = load_classifier("org/faces")
    hub_of_faces.open.set()
    with pytest.raises(CancelledError):
        classifier.load(cancel)
    assert classifier.size_bytes == 0
    classifier.load()
    assert classifier.size_bytes > 0


def test_who_waits_for_anothers_load_is_told_its_bytes_and_can_give_up(
    hub_of_faces: Fetch,
) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        told.append((done, total))
        raise CancelledError

    told: list[tuple[int, int]] = []
    classifier = load_classifier("org/faces")
    first = threading.Thread(target=classifier.load)
    first.start()
    assert hub_of_faces.entered.wait(60)
    with pytest.raises(CancelledError):
        classifier.load(cancel)
    assert told == [(20, 100)]
    hub_of_faces.open.set()
    first.join()
    assert classifier.size_bytes > 0
    assert len(hub_of_faces.calls) == 1


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
        (
            {"revision": "../blobs/0"},
            (
                "'../blobs/0' is not a revision: expected a branch, tag or commit of at most 100"
                " letters, digits and . _ - /"
            ),
        ),
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


def headless_and_silent(folder: Path) -> None:
    headless(folder)
    edit_config(folder, architectures=None)


def clip(folder: Path) -> None:
    train_clip_model(folder, steps=0)


def large_config(folder: Path) -> None:
    with (folder / "config.json").open("ab") as file:
        file.truncate(10_000_001)


def large_processor(folder: Path) -> None:
    with (folder / "preprocessor_config.json").open("ab") as file:
        file.truncate(11_000_001)


def unknown_processor(folder: Path) -> None:
    path = folder / "preprocessor_config.json"
    path.write_text(json.dumps({"image_processor_type": "OtherFeatureExtractor"}))


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
                "It was not trained to classify images: it is a ViTModel, expected one that ends in"
                " ForImageClassification"
            ),
        ),
        (
            clip,
            (
                "It matches images with words of your own and has no labels: take"
                " 'Manual CLIP or SigLIP' from the list for that"
            ),
        ),
        (large_config, "It cannot be used: its config.json is 11 MB, at most 10 MB are read"),
        (
            large_processor,
            "It cannot be used: its preprocessor_config.json is 12 MB, at most 10 MB are read",
        ),
        (
            headless_and_silent,
            (
                "It was not trained to classify images, or only partly saved: it lacks 2 of its"
                " weights, such as classifier.bias"
            ),
        ),
        *(
            (
                spoil,
                (
                    "It does not say how images are prepared for it: its preprocessor_config.json"
                    " is missing, broken or needs code of its own"
                ),
            )
            for spoil in (no_processor, unknown_processor)
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
