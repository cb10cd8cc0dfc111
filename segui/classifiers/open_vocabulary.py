"""Open vocabulary: classifiers whose labels are any words, judged by CLIP or SigLIP.

An image is looked at once. What the model makes of it is kept, so that other words cost no more
than reading them.
"""

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from segui.classifiers.asked_labels import (
    KIND_SENTENCES,
    NEUTRAL,
    SINGLE_NAME_SENTENCE,
    AskedLabels,
)
from segui.classifiers.base import Crop, Scores
from segui.classifiers.catalogue import without_download
from segui.classifiers.hub import HubConfig
from segui.classifiers.memory import Memory, digest
from segui.classifiers.names import TEMPLATE, check_labels, check_template, labels_of
from segui.classifiers.zero_shot import Features, ScoreKind, ZeroShotModel, read_kind
from segui.errors import ClassifierError
from segui.models import fetch
from segui.models.hub_troubles import with_what_is_here
from segui.models.loading import LoadedOnce, Progress
from segui.models.model_bytes import TOKENIZER_FILES
from segui.models.preparing import BATCH

__all__ = [
    "KIND_SENTENCES",
    "NEUTRAL",
    "SINGLE_NAME_SENTENCE",
    "TEMPLATE",
    "AskedLabels",
    "Looker",
    "OpenVocabulary",
    "ScoreKind",
    "labels_of",
]

_MOST_ROWS = 100_000
_OVERHEAD_BYTES = 500  # about what Python spends on a row's key and its objects


class Looker(Protocol):
    """Who looks at crops in a vocabulary's place: the same model, in another process."""

    @property
    def batch_size(self) -> int:
        """How many crops it is best shown at once."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it ran: a sentence each."""

    def look_at(self, crops: Sequence[Crop], revision: str | None) -> Features:
        """Where crops are in the model's space, as ``OpenVocabulary.look_at`` says it.

        Args:
            crops: One or more.
            revision: The commit of the model that reads the texts; None of a local folder.
        """


class OpenVocabulary:
    """A model that scores images by any words; fetched and loaded at the first need.

    Threads may share one: it is loaded once, and each image is looked at once as long as it is
    remembered. CLIP was trained to choose among texts, so that its scores share 1 (softmax);
    SigLIP to judge each text by itself (sigmoid). Names that the model reads as the same, such as
    ``dog`` and ``Dog``, are one choice and get the same score. A single name of CLIP is judged
    against ``NEUTRAL``, whose score is not given.

    Args:
        config: Which model, and how it is run.
        looker: Who looks at crops in its place, so that this one reads texts alone.
        image_mb: Most MB that are kept of images: of some 16,000 where a model says an image in
            768 numbers.
        text_mb: Most MB that are kept of texts.
    """

    def __init__(
        self,
        config: HubConfig,
        *,
        looker: Looker | None = None,
        image_mb: float = 64.0,
        text_mb: float = 16.0,
    ) -> None:
        self.config = config
        self._looker = looker
        self.name = config.name
        self._images: Memory[NDArray[np.float32]] = Memory(_MOST_ROWS, image_mb, _row_bytes)
        self._texts: Memory[NDArray[np.float32]] = Memory(_MOST_ROWS, text_mb, _row_bytes)
        self._once: LoadedOnce[ZeroShotModel] = LoadedOnce(partial(_load, config))
        # A folder's content may be another one tomorrow: its scores are this object's alone.
        self._own = object()

    @property
    def kind(self) -> ScoreKind | None:
        """``softmax`` or ``sigmoid``, as far as it is known with no load and no network."""
        if self._once.value is not None:
            return self._once.value.kind
        folder = self.config.folder or fetch.cached_folder(self.name, self.config.revision)
        if folder is None:
            return None
        try:
            return read_kind(folder, self.name)
        except ClassifierError:  # load() says why
            return None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs: a sentence each, empty before a load."""
        if self._looker is not None:
            return self._looker.notes
        return () if self._once.value is None else self._once.value.notes

    @property
    def revision(self) -> str | None:
        """The commit that was loaded; None before a load and of a local folder."""
        return None if self._once.value is None else self._once.value.revision

    @property
    def identity(self) -> Hashable:
        """What its scores depend on besides crop, labels and template; None before a load."""
        if self._once.value is None:
            return None
        return (self.name, self.revision) if self.revision else (self.name, self._own)

    @property
    def batch_size(self) -> int:
        """How many crops run at once; less when memory ran out."""
        if self._looker is not None:
            return self._looker.batch_size
        if self._once.value is None:
            return self.config.batch_size or BATCH
        return self._once.value.batch_size

    @property
    def size_bytes(self) -> int:
        """What the weights take in memory; 0 before a load."""
        return 0 if self._once.value is None else self._once.value.size_bytes

    def asked(self, labels: Sequence[str], template: str = TEMPLATE) -> AskedLabels:
        """A classifier for these labels; nothing is loaded for it yet.

        Args:
            labels: 1 to 200 names of 1 to 100 characters each; a second one of a name is dropped.
            template: The sentence to put each into, with one ``{}`` in it.

        Raises:
            InputError: A label or the template cannot be used; the sentence says why.
        """
        check_template(template)
        return AskedLabels(self, check_labels(labels), template)

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

    def look_at(self, crops: Sequence[Crop]) -> Features:
        """Where crops are in the model's space; nothing of it is kept.

        Args:
            crops: One or more; the mask is not used.

        Returns:
            (N, D), each row of length 1.

        Raises:
            ClassifierError: The model cannot be had, or it failed.
        """
        model = self._once.get()
        if self._looker is not None:
            return self._looker.look_at(crops, model.revision)
        return model.embed_images([crop.image for crop in crops])

    def score(
        self, crops: Sequence[Crop], labels: Sequence[str], template: str = TEMPLATE
    ) -> list[Scores]:
        """Score labels for each crop.

        Args:
            crops: What to look at, read batch by batch; the mask is not used.
            labels: As for ``asked``.
            template: As for ``asked``.

        Returns:
            For each crop, in order, a score in [0, 1] for every label.

        Raises:
            InputError: A label or the template cannot be used.
            ClassifierError: The model cannot be had, or it failed.
        """
        check_template(template)
        names = check_labels(labels)
        if not crops:
            return []
        model = self._once.get()
        choices, places = _choices(model, [template.replace("{}", name) for name in names])
        if model.kind == "softmax" and len(choices) == 1:
            choices.append(template.replace("{}", NEUTRAL))
        texts = self._text_features(model, choices)
        table = model.scores(self._image_features(crops), texts)[:, places]
        return [dict(zip(names, row, strict=True)) for row in table.tolist()]

    def _text_features(self, model: ZeroShotModel, prompts: Sequence[str]) -> Features:
        return np.stack(
            self._texts.ask(
                prompts, lambda places: list(model.embed_texts([prompts[n] for n in places]))
            )
        )

    def _image_features(self, crops: Sequence[Crop]) -> Features:
        rows: list[NDArray[np.float32]] = []
        while len(rows) < len(crops):
            batch = list(crops[len(rows) : len(rows) + self.batch_size])
            make = partial(self._rows, batch)
            rows += self._images.ask([digest(crop) for crop in batch], make)
        return np.stack(rows)

    def _rows(self, crops: Sequence[Crop], places: Sequence[int]) -> list[NDArray[np.float32]]:
        return list(self.look_at([crops[n] for n in places]))


def _choices(model: ZeroShotModel, prompts: Sequence[str]) -> tuple[list[str], list[int]]:
    """The prompts that the model can tell apart, and the place of each prompt among them.

    A group has ``female`` and ``Female``: as two choices they would halve each other's score.
    """
    readings = model.read(prompts)
    first: dict[tuple[int, ...], str] = {}
    for reading, prompt in zip(readings, prompts, strict=True):
        first.setdefault(reading, prompt)
    order = {reading: place for place, reading in enumerate(first)}
    return list(first.values()), [order[reading] for reading in readings]


def _load(config: HubConfig, progress: Progress) -> ZeroShotModel:
    from segui.classifiers.zero_shot_reading import load_zero_shot

    if config.folder is not None:
        return load_zero_shot(config.folder, config)
    with with_what_is_here(without_download()):
        folder = fetch.fetch_model(
            config.name,
            config.revision,
            max_mb=config.max_mb,
            progress=progress,
            check=lambda folder: read_kind(folder, config.name),
            extras=TOKENIZER_FILES,
        )
    return load_zero_shot(folder, config)


def _row_bytes(row: NDArray[np.float32]) -> int:
    return row.nbytes + _OVERHEAD_BYTES
