"""Scoring on ZeroGPU, where a Space has a GPU for as long as one function takes, and else not.

There a function marked by ``spaces.GPU`` runs in a process of its own. What goes in and out is
pickled, an exception would come back as its class alone, and whoever asks stands in a queue that
favours short calls. So one function is marked, which is given the name of a classifier and bytes,
builds the classifier where the GPU is, and answers plain numbers or a sentence. Everywhere else the
same function runs as it is.
"""

import math
import os
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Generic, NamedTuple, TypeVar

import gradio as gr
from PIL import Image

from segui.classifiers import fetch
from segui.classifiers.base import Classifier, Crop, Scores
from segui.classifiers.hub import HubConfig
from segui.errors import ClassifierError, InputError, SeguiError

Key = TypeVar("Key", bound=Hashable)
Progress = Callable[[int, int], None]

LOAD_SECONDS: Final = 20.0
CALL_SECONDS: Final = 5.0
CROP_SECONDS: Final = 0.05
MAX_SECONDS: Final = 120
# A call never takes more than that of each: longer ones are refused or wait long.
MAX_CROPS: Final = int((MAX_SECONDS - LOAD_SECONDS - CALL_SECONDS) / CROP_SECONDS)
MAX_BYTES: Final = 256 << 20
KEPT_CLASSIFIERS: Final = 2  # in the process that has the GPU, which may serve several calls
_TRUE: Final = frozenset({"1", "t", "true"})


class PlainCrop(NamedTuple):
    """A crop as bytes, which any process can read.

    Args:
        size_wh: Width and height, px.
        image: Its pixels, RGB, row by row.
        mask: Its mask, one byte a pixel.
    """

    size_wh: tuple[int, int]
    image: bytes
    mask: bytes


class Refusal(NamedTuple):
    """An error as text: its kind's name and its sentence."""

    kind: str
    sentence: str


class Scored(NamedTuple):
    """What a classifier said, and what it knows of itself once it has been loaded.

    Args:
        scores: For each crop, in order, a score for every label.
        revision: The commit that was loaded; None where there is none.
        notes: What the user should know of how it ran.
    """

    scores: list[Scores]
    revision: str | None = None
    notes: tuple[str, ...] = ()


Answer = Scored | Refusal
Score = Callable[[Key, Sequence[Crop]], Scored]


def is_zero_gpu(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a Space on ZeroGPU, with the package that lends it the GPU."""
    wanted = environment.get("SPACES_ZERO_GPU", "").strip().lower() in _TRUE
    return wanted and find_spec("spaces") is not None


def duration_s(key: Hashable, crops: Sequence[PlainCrop]) -> int:  # noqa: ARG001  as the function
    """How long a call may take, in whole seconds: longer ones wait longer for their turn.

    Args:
        key: Which classifier; whether it is loaded already cannot be known.
        crops: What it is asked about.

    Example:
        >>> duration_s("", [])
        25
    """
    expected = LOAD_SECONDS + CALL_SECONDS + CROP_SECONDS * len(crops)
    return min(MAX_SECONDS, math.ceil(expected))


def scoring_on_gpu(
    make: Callable[[Key], Classifier], environment: Mapping[str, str] = os.environ
) -> Score[Key]:
    """The function that scores where the GPU is; call this before the page is launched.

    Args:
        make: Makes the classifier of a key; on ZeroGPU it is called in the other process.
        environment: The variables that tell where this is.

    Returns:
        A function of a key, which pickle can carry, and crops. It raises what the classifier
        raises, and a ClassifierError where no GPU can be had.
    """
    made = lru_cache(maxsize=KEPT_CLASSIFIERS)(make)

    def score_plain(key: Key, crops: Sequence[PlainCrop]) -> Answer:
        try:
            return _scored(made(key), [_opened(crop) for crop in crops])
        except SeguiError as error:
            return Refusal(type(error).__name__, str(error))

    ask: Callable[[Key, Sequence[PlainCrop]], Answer] = score_plain
    if is_zero_gpu(environment):
        spaces: Any = import_module("spaces")
        ask = spaces.GPU(duration=duration_s)(score_plain)

    def score(key: Key, crops: Sequence[Crop]) -> Scored:
        answers = [_asked(ask, key, portion) for portion in _portions(crops)]
        scores = [of_crop for answer in answers for of_crop in answer.scores]
        return answers[-1]._replace(scores=scores) if answers else Scored([])

    return score


class LentClassifier(Generic[Key]):
    """A classifier that is asked where the GPU is, and stays unloaded here.

    What else is wanted of it, such as its labels, is what the one here knows.

    Args:
        key: Its name for the other process.
        here: The same classifier in this process.
        score: What ``scoring_on_gpu`` gave.
        fetch_files: Fetches its files while no GPU waits for them, and gives the commit; it is
            told whom to tell how many bytes of how many are here.
    """

    # Each call waits for a GPU of its own: as many crops at once as one call may take.
    batch_size = MAX_CROPS
    size_bytes = 0  # of weights in this process

    def __init__(
        self,
        key: Key,
        here: Classifier,
        score: Score[Key],
        fetch_files: Callable[[Progress | None], str | None] | None = None,
    ) -> None:
        self._key = key
        self._here = here
        self._score = score
        self._fetch = fetch_files
        self._commit: str | None = None
        self._is_fetched = fetch_files is None
        self._said = Scored([])

    def __getattr__(self, name: str) -> Any:
        """Whatever else the classifier here has."""
        if name.startswith("_"):  # of this object, which is not complete yet
            raise AttributeError(name)
        return getattr(self._here, name)

    @property
    def identity(self) -> Hashable:
        """Equal ones give the same crop the same scores."""
        return self._key, self._commit

    @property
    def revision(self) -> str | None:
        """The commit that was loaded where the GPU is; before that, the one that was fetched."""
        return self._said.revision or self._commit

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it ran there: a sentence each, empty before that."""
        return self._said.notes

    def load(self, progress: Progress | None = None) -> None:
        """Have its files here; the model itself is loaded where the GPU is.

        Args:
            progress: Told how many bytes are here and how many there are in all; what it raises
                ends the fetch.

        Raises:
            ClassifierError: The files cannot be had.
        """
        if not self._is_fetched and self._fetch is not None:
            self._commit = self._fetch(progress)
            self._is_fetched = True

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """Scores for each crop, in order.

        Args:
            crops: What to look at.

        Raises:
            ClassifierError: The classifier's own, or no GPU could be had.
        """
        if not crops:
            return []
        self.load()
        answer = self._score(self._key, crops)
        self._said = answer._replace(scores=[])
        return answer.scores

    def score_distinct(self, crops: Sequence[Crop]) -> list[Scores]:
        """As ``score``, for one who knows that no two crops are the same."""
        return self.score(crops)


def fetching(config: HubConfig) -> Callable[[Progress | None], str | None]:
    """What fetches the files of an image classifier, for ``LentClassifier``.

    Args:
        config: Which model; a local folder has nothing to fetch.
    """

    def fetch_files(progress: Progress | None) -> str | None:
        if config.folder is not None:
            return None
        folder = fetch.fetch_model(
            config.name, config.revision, max_mb=config.max_mb, progress=progress
        )
        return fetch.commit_of(folder)

    return fetch_files


def _asked(
    ask: Callable[[Key, Sequence[PlainCrop]], Answer], key: Key, crops: Sequence[PlainCrop]
) -> Scored:
    try:
        answer = ask(key, crops)
    except gr.Error as error:  # how ZeroGPU says that there is no GPU now, or no more for today
        said = str(error.message).strip().rstrip(".")
        raise ClassifierError(f"this Space's GPU could not be had: {said}") from error
    if isinstance(answer, Refusal):
        raise _error(answer)
    return answer


def _error(refusal: Refusal) -> SeguiError:
    if refusal.kind == InputError.__name__:
        return InputError(refusal.sentence)
    return ClassifierError(refusal.sentence)


def _scored(classifier: Classifier, crops: Sequence[Crop]) -> Scored:
    """Its answer without anything of NumPy or torch, which may not be at the other side."""
    answers = classifier.score(crops)
    scores = [{str(label): float(score) for label, score in one.items()} for one in answers]
    revision = getattr(classifier, "revision", None)
    notes = getattr(classifier, "notes", ())
    return Scored(
        scores, None if revision is None else str(revision), tuple(str(note) for note in notes)
    )


def _portions(crops: Sequence[Crop]) -> Iterator[list[PlainCrop]]:
    """The crops as bytes, as many together as one call may take."""
    portion: list[PlainCrop] = []
    size = 0
    for crop in crops:
        plain = _plain(crop)
        cost = len(plain.image) + len(plain.mask)
        if portion and (len(portion) == MAX_CROPS or size + cost > MAX_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(plain)
        size += cost
    if portion:
        yield portion


def _plain(crop: Crop) -> PlainCrop:
    return PlainCrop(crop.image.size, crop.image.tobytes(), crop.mask.tobytes())


def _opened(crop: PlainCrop) -> Crop:
    return Crop(
        Image.frombytes("RGB", crop.size_wh, crop.image),
        Image.frombytes("L", crop.size_wh, crop.mask),
    )
