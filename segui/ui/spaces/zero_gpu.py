"""Models on ZeroGPU, where a Space has a GPU for as long as one function takes, and else not.

There a function marked by ``spaces.GPU`` runs in a process of its own. What goes in and out is
pickled, an exception would come back as its class alone, and whoever asks stands in a queue that
favours short calls. So one function is marked, which is given the name of a model and bytes, builds
the model where the GPU is, and answers plain numbers or a sentence. Everywhere else the same
function runs as it is.
"""

import math
import os
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import gradio as gr
from PIL import Image

from segui.classifiers.base import Classifier, Crop
from segui.errors import ClassifierError, InputError, MarksError, SeguiError, SumError

if TYPE_CHECKING:
    from segui.classifiers.open_vocabulary import OpenVocabulary

Key = TypeVar("Key", bound=Hashable)

LOAD_SECONDS: Final = 20.0
CALL_SECONDS: Final = 5.0
CROP_SECONDS: Final = 0.05
MAX_SECONDS: Final = 120
# A call never takes more than that of each: longer ones are refused or wait long.
MAX_CROPS: Final = int((MAX_SECONDS - LOAD_SECONDS - CALL_SECONDS) / CROP_SECONDS)
MAX_BYTES: Final = 256 << 20
KEPT_MODELS: Final = 2  # in the process that has the GPU, which may serve several calls
_TRUE: Final = frozenset({"1", "t", "true"})
_KINDS: Final[dict[str, type[SeguiError]]] = {
    kind.__name__: kind for kind in (InputError, MarksError, SumError)
}


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


class Judged(NamedTuple):
    """What a model said, and what it knows of itself once it has been loaded.

    Args:
        rows: For each crop, in order, a score for every label, or else where it is in the model's
            space: numbers of Python alone.
        revision: The commit that was loaded; None where there is none.
        notes: What the user should know of how it ran.
    """

    rows: list[Any]
    revision: str | None = None
    notes: tuple[str, ...] = ()


Reply = Judged | Refusal
Judge = Callable[[Sequence[Crop]], Judged]
Ask = Callable[[Key, Sequence[Crop]], Judged]


def is_zero_gpu(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a Space on ZeroGPU, with the package that lends it the GPU."""
    wanted = environment.get("SPACES_ZERO_GPU", "").strip().lower() in _TRUE
    return wanted and find_spec("spaces") is not None


def duration_s(key: Hashable, crops: Sequence[PlainCrop]) -> int:  # noqa: ARG001  as the function
    """How long a call may take, in whole seconds: longer ones wait longer for their turn.

    Args:
        key: Which model; whether it is loaded already cannot be known.
        crops: What it is asked about.

    Example:
        >>> duration_s("", [])
        25
    """
    expected = LOAD_SECONDS + CALL_SECONDS + CROP_SECONDS * len(crops)
    return min(MAX_SECONDS, math.ceil(expected))


def lent(
    task: Callable[..., Any],
    duration: Callable[..., int],
    environment: Mapping[str, str] = os.environ,
) -> Callable[..., Any]:
    """A function as it is asked where the GPU is; anywhere else it stays what it is.

    Args:
        task: Takes and gives what pickle can carry; what it refuses it answers as a ``Refusal``.
        duration: How long a call may take by what it is given, in whole seconds.
        environment: The variables that tell where this is.
    """
    if not is_zero_gpu(environment):
        return task
    spaces: Any = import_module("spaces")
    made: Callable[..., Any] = spaces.GPU(duration=duration)(task)
    return made


def answered(there: Callable[..., Any], *question: Any) -> Any:
    """What is answered where the GPU is.

    Args:
        there: What ``lent`` gave.
        question: What it is asked.

    Raises:
        SeguiError: What it refused, or no GPU could be had.
    """
    try:
        answer = there(*question)
    except gr.Error as error:  # how ZeroGPU says that there is no GPU now, or no more for today
        said = str(error.message).strip().rstrip(".")
        raise ClassifierError(f"this Space's GPU could not be had: {said}") from error
    if isinstance(answer, Refusal):
        raise _KINDS.get(answer.kind, ClassifierError)(answer.sentence)
    return answer


def refused(error: SeguiError) -> Refusal:
    """An error as a process of its own can say it."""
    return Refusal(type(error).__name__, str(error))


def on_gpu(make: Callable[[Key], Judge], environment: Mapping[str, str] = os.environ) -> Ask[Key]:
    """The function that asks where the GPU is; call this before the page is launched.

    Args:
        make: Makes what judges crops, such as ``scoring``'s, of a key; on ZeroGPU it is called in
            the other process.
        environment: The variables that tell where this is.

    Returns:
        A function of a key, which pickle can carry, and crops. It raises what the model raises, and
        a ClassifierError where no GPU can be had.
    """
    made = lru_cache(maxsize=KEPT_MODELS)(make)

    def ask_plain(key: Key, crops: Sequence[PlainCrop]) -> Reply:
        try:
            return made(key)([_opened(crop) for crop in crops])
        except SeguiError as error:
            return refused(error)

    there = lent(ask_plain, duration_s, environment)

    def ask(key: Key, crops: Sequence[Crop]) -> Judged:
        # by map, which lets go of a portion before the next one is made
        answers = list(map(partial(answered, there, key), _portions(crops)))
        rows = [row for answer in answers for row in answer.rows]
        return answers[-1]._replace(rows=rows) if answers else Judged([])

    return ask


def scoring(classifier: Classifier) -> Judge:
    """What gives each crop a score for every label, for ``on_gpu``."""

    def judge(crops: Sequence[Crop]) -> Judged:
        answers = classifier.score(crops)
        scores = [{str(label): float(score) for label, score in one.items()} for one in answers]
        return _said(classifier, scores)

    return judge


def looking(vocabulary: "OpenVocabulary") -> Judge:
    """What says where each crop is in an open vocabulary's space, for ``on_gpu``."""

    def judge(crops: Sequence[Crop]) -> Judged:
        return _said(vocabulary, vocabulary.look_at(crops).tolist())

    return judge


def _said(model: Any, rows: list[Any]) -> Judged:
    """An answer without anything of NumPy or torch, which may not be at the other side."""
    revision = getattr(model, "revision", None)
    notes = getattr(model, "notes", ())
    return Judged(
        rows, None if revision is None else str(revision), tuple(str(one) for one in notes)
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
