"""An open vocabulary that is asked for one list of names, as a classifier like any other."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from segui.classifiers.base import Crop, Scores
from segui.classifiers.zero_shot import ScoreKind
from segui.models.loading import Progress

# What a single name is held against where scores share 1: it would always get all of it.
NEUTRAL: Final = "something"
KIND_SENTENCES: Final[Mapping[ScoreKind, str]] = MappingProxyType(
    {
        "softmax": "Scores share 1 among the names: one name more or less changes the others.",
        "sigmoid": "Each name is judged by itself: the scores need not add up to 1.",
    }
)
SINGLE_NAME_SENTENCE: Final = (
    f"The only name is judged against '{NEUTRAL}': with more names to choose from it is judged"
    " better."
)


class Vocabulary(Protocol):
    """What judges any words, as far as a list of labels needs it: see ``OpenVocabulary``."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def kind(self) -> ScoreKind | None:
        """``softmax`` or ``sigmoid``; None as long as it is not known."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs: a sentence each."""

    @property
    def revision(self) -> str | None:
        """The commit that was loaded; None before a load and of a local folder."""

    @property
    def identity(self) -> Hashable:
        """What its scores depend on besides crop, labels and template; None before a load."""

    @property
    def batch_size(self) -> int:
        """How many crops run at once."""

    @property
    def size_bytes(self) -> int:
        """What the weights take in memory; 0 before a load."""

    def load(self, progress: Progress | None = None) -> None:
        """Have the model ready."""

    def score(self, crops: Sequence[Crop], labels: Sequence[str], template: str) -> list[Scores]:
        """A score for every label, for each crop in order."""


@dataclass(frozen=True)
class AskedLabels:
    """A classifier for one list of labels; cheap, and equal to another one that asks the same.

    Args:
        vocabulary: Who judges.
        labels: The labels, each once.
        template: The sentence that a label is put into, at its ``{}``.
    """

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    template: str

    sees_mask = False

    @property
    def name(self) -> str:
        """The model's name."""
        return self.vocabulary.name

    @property
    def kind(self) -> ScoreKind | None:
        """``softmax`` or ``sigmoid``; None as long as it is not known without a network."""
        return self.vocabulary.kind

    @property
    def revision(self) -> str | None:
        """The commit that was loaded; None before a load and of a local folder."""
        return self.vocabulary.revision

    @property
    def identity(self) -> Hashable:
        """Equal ones give the same crop the same scores; None before a load."""
        model = self.vocabulary.identity
        return None if model is None else (model, self.labels, self.template)

    @property
    def batch_size(self) -> int:
        """How many crops run at once; less when memory ran out."""
        return self.vocabulary.batch_size

    @property
    def size_bytes(self) -> int:
        """What the weights take in memory; 0 before a load."""
        return self.vocabulary.size_bytes

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: how the scores are meant, then how the model runs."""
        kind = self.kind
        if kind is None:
            return self.vocabulary.notes
        single = kind == "softmax" and len(self.labels) == 1
        meaning = SINGLE_NAME_SENTENCE if single else KIND_SENTENCES[kind]
        return (meaning, *self.vocabulary.notes)

    def fetch_labels(self) -> tuple[str, ...]:
        """The labels: no model has to say them."""
        return self.labels

    def load(self, progress: Progress | None = None) -> None:
        """Fetch and load the model now; see ``OpenVocabulary.load``.

        Raises:
            ClassifierError: It cannot be had or used; the sentence says why.
        """
        self.vocabulary.load(progress)

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """Score every label for each crop.

        Args:
            crops: What to look at, read batch by batch; the mask is not used.

        Returns:
            For each crop, in order, a score in [0, 1] for every one of ``labels``.

        Raises:
            ClassifierError: The model cannot be had, or it failed.
        """
        return self.vocabulary.score(crops, self.labels, self.template)
