"""Classifiers from the hub or a folder, run by transformers; nothing else here knows it.

transformers asks an outside service to convert a repo's pickled weights when it is left to find the
weights by itself (it reads ``DISABLE_SAFETENSORS_CONVERSION`` at that moment). Here it never is:
the files are fetched one by one, checked, and then loaded as a local folder.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from segui.classifiers import fetch, model_files
from segui.classifiers.base import Crop, Scores
from segui.errors import ClassifierError, InputError

DEVICES = ("auto", "gpu", "cpu")

_BATCH_CPU = 8
_BATCH_ACCELERATOR = 32


@dataclass(frozen=True)
class HubConfig:
    """Which model, and how it is run.

    Args:
        name: A repo id on the hub, or a folder.
        folder: The folder when it is a local model, else None.
        device: ``auto`` is an accelerator (CUDA, then MPS) where there is one, else the CPU;
            ``gpu`` the same, but a note says so when there is none; ``cpu``.
        revision: Branch, tag or commit of the repo; None is its main branch.
        batch_size: Crops that run at once, at least 1; None is 8 on a CPU, 32 elsewhere.
    """

    name: str
    folder: Path | None = None
    device: str = "auto"
    revision: str | None = None
    batch_size: int | None = None

    def __post_init__(self) -> None:
        if self.device not in DEVICES:
            raise InputError(f"device is {self.device!r}: expected one of {', '.join(DEVICES)}")
        if self.batch_size is not None and self.batch_size < 1:
            raise InputError(f"batch_size is {self.batch_size}: expected at least 1")


@dataclass(frozen=True)
class _Loaded:
    """A model that is ready to run."""

    pipeline: Callable[..., Any]
    labels: tuple[str, ...]
    count: int
    batch_size: int
    revision: str | None
    notes: tuple[str, ...]


class HubClassifier:
    """An image classifier of transformers; its files are fetched and loaded at the first need.

    Threads may share one: it is loaded once, and a load that failed is tried again when it is
    next asked for. The scores of a crop are what the model is made for: softmax over several
    labels, a sigmoid for each where several may hold. Two labels of one name give the better score.

    Args:
        config: Which model, and how it is run.
    """

    def __init__(self, config: HubConfig) -> None:
        self.config = config
        self.name = config.name
        self._lock = Lock()
        self._loaded: _Loaded | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels as far as they are known with no load and no network; else empty."""
        if self._loaded is not None:
            return self._loaded.labels
        folder = self.config.folder or fetch.cached_folder(self.name, self.config.revision)
        if folder is None:
            return ()
        try:
            return _distinct(_labels(_read_config(folder, self.name), self.name))
        except ClassifierError:  # load() says why
            return ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs: a sentence each, empty before a load."""
        return self._loaded.notes if self._loaded is not None else ()

    @property
    def revision(self) -> str | None:
        """The commit that was loaded; None before a load and of a local folder."""
        return self._loaded.revision if self._loaded is not None else None

    def fetch_labels(self) -> tuple[str, ...]:
        """The labels, asking the hub for the model's small config file where needed.

        Raises:
            ClassifierError: There is no such model, or no way to it, or it is no image classifier.
        """
        known = self.labels
        if known:
            return known
        folder = self.config.folder or fetch.fetch_config(self.name, self.config.revision)
        return _distinct(_labels(_read_config(folder, self.name), self.name))

    def load(self) -> None:
        """Fetch and load the model now; does nothing when that is done.

        Raises:
            ClassifierError: It cannot be had or used; the sentence says why.
        """
        self._ready()

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """Score every label of the model for each crop.

        Args:
            crops: What to look at; the mask is not used.

        Returns:
            For each crop, in order, a score in [0, 1] for every label.

        Raises:
            ClassifierError: The model cannot be had, or it failed.
        """
        if not crops:
            return []
        loaded = self._ready()
        try:
            answers = _run(loaded, [crop.image for crop in crops])
        except Exception as error:
            raise _running_error(error, self.name) from error
        return [_scores(answer, loaded.labels, self.name) for answer in answers]

    def _ready(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.config)
            return self._loaded


def load_classifier(
    name_or_path: str | Path,
    *,
    device: str = "auto",
    models_dir: Path | None = None,
    allow_local: bool = True,
    revision: str | None = None,
    batch_size: int | None = None,
) -> HubClassifier:
    """A classifier from a repo id or a folder. Nothing is fetched before it is needed.

    Args:
        name_or_path: A repo id on the hub, or a folder that transformers saved a model in.
        device: ``auto``, ``gpu`` or ``cpu``; see HubConfig.
        models_dir: The only folder below which a local model may lie; None is anywhere.
        allow_local: False allows no local folder, so that every name is a repo id.
        revision: Branch, tag or commit of the repo; None is its main branch.
        batch_size: Crops that run at once; None is sized to the device.

    Raises:
        InputError: An argument is not what it should be.
        ClassifierError: The folder is not there, or not allowed.
    """
    name = str(name_or_path).strip()
    folder = model_files.local_folder(name, models_dir=models_dir, allow_local=allow_local)
    return HubClassifier(HubConfig(name, folder, device, revision, batch_size))


def _load(config: HubConfig) -> _Loaded:
    """Fetch, check and load, each with its own errors."""
    folder = config.folder or fetch.fetch_model(config.name, config.revision)
    model_files.check_folder(folder, config.name)
    model_config = _read_config(folder, config.name)
    labels = _labels(model_config, config.name)
    if model_config.problem_type == "regression":
        raise ClassifierError(
            f"{config.name!r} estimates numbers (regression): it has no score for each label"
        )
    model = _read_model(folder, model_config, config.name)
    processor = _read_processor(folder, config.name)
    device, notes = _pick_device(config.device)
    from transformers import pipeline

    try:
        ready = pipeline(
            "image-classification", model=model, image_processor=processor, device=device
        )
    except Exception as error:
        raise _running_error(error, config.name) from error
    batch_size = config.batch_size or (_BATCH_CPU if device == "cpu" else _BATCH_ACCELERATOR)
    # A snapshot's folder is named after its commit.
    revision = None if config.folder else folder.name
    return _Loaded(ready, _distinct(labels), len(labels), batch_size, revision, notes)


def _read_config(folder: Path, name: str) -> Any:
    """The model's configuration, of an image classifier that transformers knows itself."""
    from transformers import CONFIG_MAPPING, MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING, AutoConfig

    content = model_files.read_json(folder / model_files.CONFIG, name)
    kind = content.get("model_type")
    if not isinstance(kind, str) or kind not in CONFIG_MAPPING:
        if "auto_map" in content:
            raise ClassifierError(f"{name!r} needs code of its own to run, which is never trusted")
        raise ClassifierError(f"{name!r} is of a kind that is not known here: {kind!r}")
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except ImportError as error:
        raise _missing_package(name) from error
    except Exception as error:
        raise ClassifierError(
            f"{name!r} is broken: its {model_files.CONFIG} does not describe a model"
        ) from error
    if type(config) not in MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING:
        raise ClassifierError(f"{name!r} is not an image classifier: its kind is {kind!r}")
    return config


def _labels(config: Any, name: str) -> tuple[str, ...]:
    """The label of each output, in order; two may have the same."""
    try:
        labels = tuple(str(config.id2label[place]) for place in range(config.num_labels))
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_labels(name) from error
    if not labels:
        raise _no_labels(name)
    return labels


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))


def _read_model(folder: Path, config: Any, name: str) -> Any:
    import torch
    from transformers import AutoModelForImageClassification

    try:
        model, report = AutoModelForImageClassification.from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except ImportError as error:
        raise _missing_package(name) from error
    except Exception as error:
        if _is_out_of_memory(error):
            raise _running_error(error, name) from error
        raise ClassifierError(
            f"{name!r} is broken: its weights are not those that its {model_files.CONFIG} describes"
        ) from error
    # transformers fills what is missing with random numbers and warns in the log alone.
    missing = {parameter for parameter, _ in model.named_parameters()} & set(report["missing_keys"])
    if missing:
        raise ClassifierError(
            f"{name!r} was not trained to classify images, or only partly saved: it lacks"
            f" {len(missing)} of its weights, such as {min(missing)}"
        )
    return model


def _read_processor(folder: Path, name: str) -> Any:
    from transformers import AutoImageProcessor

    loader: Any = AutoImageProcessor  # some releases annotate it only in part
    try:
        return loader.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except ImportError as error:
        raise _missing_package(name) from error
    except Exception as error:
        raise ClassifierError(
            f"{name!r} does not say how images are prepared for it: its {model_files.PROCESSORS[0]}"
            " is missing, broken or needs code of its own"
        ) from error


def _pick_device(wish: str) -> tuple[str, tuple[str, ...]]:
    """The device that a wish comes to, and what to say about it."""
    from segui.backend.device import choose_device

    device = choose_device(wish).type
    if device == "cpu" and wish == "gpu":
        return device, ("There is no GPU here: the classifier runs on the CPU.",)
    return device, ()


def _run(loaded: _Loaded, images: list[Any]) -> list[Any]:
    """The pipeline's answer for each image, with every label in it."""
    # By default it gives the best five alone.
    options = {"top_k": loaded.count}
    try:
        answers = loaded.pipeline(images, batch_size=loaded.batch_size, **options)
    except RuntimeError as error:
        if loaded.batch_size == 1 or _is_out_of_memory(error):
            raise
        # A processor that keeps each image's own shape gives no batch: one at a time works.
        answers = loaded.pipeline(images, batch_size=1, **options)
    return list(answers)


def _scores(answer: list[dict[str, Any]], labels: Sequence[str], name: str) -> Scores:
    scores = dict.fromkeys(labels, 0.0)
    for entry in answer:
        label, score = str(entry["label"]), float(entry["score"])
        if not math.isfinite(score):
            raise ClassifierError(f"{name!r} gave scores that are no numbers: its weights are bad")
        scores[label] = max(scores[label], score)
    return scores


def _running_error(error: Exception, name: str) -> ClassifierError:
    if _is_out_of_memory(error):
        return ClassifierError(
            f"{name!r} ran out of memory: take smaller or fewer segments, or a smaller model"
        )
    return ClassifierError(f"{name!r} failed while it ran: it may not fit this kind of input")


def _missing_package(name: str) -> ClassifierError:
    return ClassifierError(f"{name!r} needs a Python package that is not installed here")


def _no_labels(name: str) -> ClassifierError:
    return ClassifierError(f"{name!r} is broken: its {model_files.CONFIG} does not list its labels")


def _is_out_of_memory(error: Exception) -> bool:
    import torch

    # On a CPU torch has no class of its own for it.
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or (
        "can't allocate memory" in str(error)
    )
