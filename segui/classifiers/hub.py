"""Classifiers from the hub or a folder, run by transformers; nothing else here knows it.

transformers asks an outside service to convert a repo's pickled weights when it is left to find the
weights by itself (it reads ``DISABLE_SAFETENSORS_CONVERSION`` at that moment). Here it never is:
the files are fetched one by one, checked, and then loaded as a local folder.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segui.classifiers.base import Crop, Scores
from segui.classifiers.catalogue import without_download
from segui.classifiers.memory import digest
from segui.device import DEVICES
from segui.errors import ClassifierError, InputError
from segui.expression.spelling import label_notes
from segui.models import fetch
from segui.models import files as model_files
from segui.models.hub_troubles import with_what_is_here
from segui.models.loading import LoadedOnce, Progress
from segui.models.preparing import BATCH, preparing

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

    from segui.models.running import Runner


@dataclass(frozen=True)
class HubConfig:
    """Which model, and how it is run.

    Args:
        name: A repo id on the hub, or a folder.
        folder: The folder when it is a local model, else None.
        device: ``auto`` is an accelerator (CUDA, then MPS) where there is one, else the CPU;
            ``gpu`` the same, but a note says so when there is none; ``cpu``.
        revision: Branch, tag or commit of the repo; None is its main branch.
        batch_size: Crops that run at once, at least 1; None is 8 on a CPU, elsewhere what fits,
            up to 32.
        max_mb: Most MB that are fetched from the hub; None is no limit.
    """

    name: str
    folder: Path | None = None
    device: str = "auto"
    revision: str | None = None
    batch_size: int | None = None
    max_mb: float | None = None

    def __post_init__(self) -> None:
        if self.device not in DEVICES:
            raise InputError(f"device is {self.device!r}: expected one of {', '.join(DEVICES)}")
        if self.batch_size is not None and self.batch_size < 1:
            raise InputError(f"batch_size is {self.batch_size}: expected at least 1")
        model_files.check_revision(self.revision)


@dataclass(frozen=True)
class _Loaded:
    """A model that is ready to run; ``labels`` has one for each output."""

    runner: "Runner"
    prepare: "Callable[[Image.Image], Mapping[str, Tensor]]"
    labels: tuple[str, ...]
    revision: str | None
    identity: Hashable
    notes: tuple[str, ...]


class HubClassifier:
    """An image classifier of transformers; its files are fetched and loaded at the first need.

    Threads may share one: it is loaded once, and a load that failed is tried again when it is
    next asked for. The scores of a crop are what the model is made for: softmax over several
    labels, a sigmoid for each where several may hold. Two labels of one name give the better score,
    and a note.

    Args:
        config: Which model, and how it is run.
    """

    sees_mask = False

    def __init__(self, config: HubConfig) -> None:
        self.config = config
        self.name = config.name
        self._early_labels: tuple[str, ...] = ()  # while the weights are still on their way
        self._once: LoadedOnce[_Loaded] = LoadedOnce(partial(_load, config, self._know))

    def _know(self, labels: tuple[str, ...]) -> None:
        self._early_labels = _distinct(labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels as far as they are known with no load and no network; else empty."""
        if self._once.value is not None:
            return _distinct(self._once.value.labels)
        if self._early_labels:
            return self._early_labels
        folder = self.config.folder or fetch.cached_folder(self.name, self.config.revision)
        if folder is None:
            return ()
        try:
            return _read_labels(folder, self.name)
        except ClassifierError:  # load() says why
            return ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs: a sentence each, empty before a load."""
        loaded = self._once.value
        if loaded is None:
            return ()
        return (*loaded.notes, *label_notes(loaded.labels), *loaded.runner.notes)

    @property
    def revision(self) -> str | None:
        """The commit that was loaded; None before a load and of a local folder."""
        return None if self._once.value is None else self._once.value.revision

    @property
    def identity(self) -> Hashable:
        """Equal ones give the same crop the same scores; None before a load."""
        return None if self._once.value is None else self._once.value.identity

    @property
    def batch_size(self) -> int:
        """How many crops run at once; less when memory ran out."""
        if self._once.value is None:
            return self.config.batch_size or BATCH
        return self._once.value.runner.batch_size

    @property
    def size_bytes(self) -> int:
        """What the weights take in memory; 0 before a load."""
        return 0 if self._once.value is None else self._once.value.runner.size_bytes

    def fetch_labels(self) -> tuple[str, ...]:
        """The labels, asking the hub for the model's small config file where needed.

        Raises:
            ClassifierError: There is no such model, or no way to it, or it is no image classifier.
        """
        known = self.labels
        if known:
            return known
        with with_what_is_here(without_download()):
            folder = self.config.folder or fetch.fetch_config(
                self.name, self.config.revision, max_mb=self.config.max_mb
            )
        return _read_labels(folder, self.name)

    def load(self, progress: Progress | None = None) -> None:
        """Fetch and load the model now; does nothing when that is done.

        Args:
            progress: Told how many bytes are here and how many there are in all, a few times a
                second while they are fetched, by this thread or another that asked before; of a
                total of 0 nothing is known yet. What it raises ends the fetch, and is raised.

        Raises:
            ClassifierError: It cannot be had or used; the sentence says why.
        """
        self._once.get(progress)

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """Score every label of the model for each crop; the same pixels are looked at once.

        Args:
            crops: What to look at, read batch by batch; the mask is not used.

        Returns:
            For each crop, in order, a score in [0, 1] for every label; NaN where the model gave
            no number.

        Raises:
            ClassifierError: The model cannot be had, it failed, or its weights are no numbers.
        """
        if not crops:
            return []
        self._once.get()
        known: dict[bytes, Scores] = {}
        answers: list[Scores] = []
        while len(answers) < len(crops):
            batch = list(crops[len(answers) : len(answers) + self.batch_size])
            keys = [digest(crop) for crop in batch]
            new = {key: crop for key, crop in zip(keys, batch, strict=True) if key not in known}
            known.update(zip(new, self.score_distinct(list(new.values())), strict=True))
            answers += [dict(known[key]) for key in keys]
        return answers

    def score_distinct(self, crops: Sequence[Crop]) -> list[Scores]:
        """As ``score``, for one who knows that no two crops are the same.

        Raises:
            ClassifierError: The model cannot be had, or it failed.
        """
        if not crops:
            return []
        loaded = self._once.get()
        try:
            rows = loaded.runner.run([crop.image for crop in crops], loaded.prepare)
        except Exception as error:
            from segui.models.running import running_error

            raise running_error(error, self.name) from error
        is_odd = not all(math.isfinite(score) for row in rows for score in row)
        if is_odd and loaded.runner.has_bad_weights:
            message = f"{self.name!r} gave scores that are no numbers: its weights are bad"
            raise ClassifierError(message)
        return [_scores(row, loaded.labels) for row in rows]


def load_classifier(
    name_or_path: str | Path,
    *,
    device: str = "auto",
    models_dir: Path | None = None,
    allow_local: bool = True,
    revision: str | None = None,
    batch_size: int | None = None,
    max_mb: float | None = None,
) -> HubClassifier:
    """A classifier from a repo id or a folder. Nothing is fetched before it is needed.

    Args:
        name_or_path: A repo id on the hub, or a folder that transformers saved a model in.
        device: ``auto``, ``gpu`` or ``cpu``; see HubConfig.
        models_dir: The only folder below which a local model may lie; None is anywhere.
        allow_local: False allows no local folder, so that every name is a repo id.
        revision: Branch, tag or commit of the repo; None is its main branch.
        batch_size: Crops that run at once; None is sized to the device.
        max_mb: Most MB that are fetched from the hub; None is no limit.

    Raises:
        InputError: An argument is not what it should be.
        ClassifierError: The folder is not there, or not allowed.
    """
    name = str(name_or_path).strip()
    folder = model_files.local_folder(name, models_dir=models_dir, allow_local=allow_local)
    return HubClassifier(HubConfig(name, folder, device, revision, batch_size, max_mb))


def _load(
    config: HubConfig, know: "Callable[[tuple[str, ...]], None]", progress: Progress
) -> _Loaded:
    """Fetch, check and load, each with its own errors; the labels are known before the weights."""
    from segui.classifiers import reading as read
    from segui.models.reading import read_processor
    from segui.models.running import Runner, loading_error, pick_device

    name = config.name

    def check(folder: Path) -> Any:
        """What is wrong by its config is said before the weights are fetched."""
        found = read.read_classifier_config(folder, name)
        read.check_judges(found, name)
        know(read.config_labels(found, name))
        return found

    with with_what_is_here(without_download()):
        folder = config.folder or fetch.fetch_model(
            name, config.revision, max_mb=config.max_mb, progress=progress, check=check
        )
    model_files.check_folder(folder, name)
    model_config = check(folder)
    model = read.read_model(folder, model_config, name)
    processor = read_processor(folder, name)
    device, notes = pick_device(config.device)
    try:
        runner = Runner(model, _reader_of_scores(model_config), device, config.batch_size)
    except Exception as error:
        raise loading_error(error, name) from error
    revision = None if config.folder else fetch.commit_of(folder)
    return _Loaded(
        runner,
        preparing(processor),
        read.config_labels(model_config, name),
        revision,
        (name, revision) if revision else (str(folder), _stamp(folder)),
        notes,
    )


def _read_labels(folder: Path, name: str) -> tuple[str, ...]:
    from segui.classifiers import reading as read

    return _distinct(read.config_labels(read.read_classifier_config(folder, name), name))


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))


def _stamp(folder: Path) -> Hashable:
    """What tells a local model from another that is put in its place later."""
    found = ((path, path.stat()) for path in folder.iterdir() if path.is_file())
    return tuple(sorted((path.name, about.st_size, about.st_mtime_ns) for path, about in found))


def _reader_of_scores(config: Any) -> "Callable[[Any], Tensor]":
    """Scores from what a model puts out: each label by itself, or one of them."""
    several = config.problem_type == "multi_label_classification"
    if several or config.num_labels == 1:
        return lambda output: output.logits.float().sigmoid()
    return lambda output: output.logits.float().softmax(dim=-1)


def _scores(row: Sequence[float], labels: Sequence[str]) -> Scores:
    scores: Scores = {}
    for label, score in zip(labels, row, strict=True):
        before = scores.get(label, score)
        is_unknown = math.isnan(before) or math.isnan(score)
        scores[label] = math.nan if is_unknown else max(before, score)
    return scores
