"""Scores that are kept for everybody, so that a model is asked about the same crop once.

What is kept are digests of crops and numbers, never pixels: nobody can see a picture in them.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from itertools import chain
from threading import Lock
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from segui.classifiers.base import Classifier, Crop, Scores
from segui.errors import InputError
from segui.models.preparing import BATCH

MAX_ENTRIES = 20_000
MAX_MB = 64.0
BATCH_BYTES: Final = 256 << 20  # of crops that are held at once: one of a large photo has 200 MB

Answer = TypeVar("Answer")

_OVERHEAD_BYTES = 500  # about what Python spends on an entry's key and its objects
_PIXEL_BYTES = 5  # Pillow keeps four of a colour, and one of a mask


class Memory(Generic[Answer]):
    """Answers by key: the latest used are kept, and each is made by one of all who ask at once.

    Args:
        max_entries: Most answers that are kept, at least 1.
        max_mb: Most MB that they take together.
        size_of: The bytes of one answer.

    Raises:
        InputError: ``max_entries`` is below 1, or ``max_mb`` not above 0.
    """

    def __init__(self, max_entries: int, max_mb: float, size_of: Callable[[Answer], int]) -> None:
        if max_entries < 1:
            raise InputError(f"max_entries is {max_entries}: expected at least 1")
        if not max_mb > 0:
            raise InputError(f"max_mb is {max_mb}: expected a number above 0")
        self._max_entries = max_entries
        self._max_bytes = max_mb * 1e6
        self._size_of = size_of
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._in_flight: dict[Hashable, Future[Answer | None]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._kept)

    def ask(
        self, keys: Sequence[Hashable], make: Callable[[list[int]], Sequence[Answer]]
    ) -> list[Answer]:
        """The answer of each key: kept, made now, or waited for while somebody else makes it.

        Who fails to make an answer, or gives up, fails alone: whoever waits for it makes it.

        Args:
            keys: What is asked; equal ones are made once.
            make: Gives the answers of some places among the keys, in their order. It must not
                ask this memory.

        Raises:
            Exception: Whatever ``make`` raises.
        """
        places = {key: place for place, key in reversed(list(enumerate(keys)))}
        found: dict[Hashable, Answer] = {}
        while len(found) < len(places):
            missing = [key for key in dict.fromkeys(keys) if key not in found]
            mine, others = self._claim(missing, found)
            # what is mine comes first: two who wait for each other would wait for ever
            if mine:
                found.update(self._make(mine, [places[key] for key in mine], make))
            for key, future in others.items():
                answer = future.result()
                if answer is not None:
                    found[key] = answer
        return [found[key] for key in keys]

    def _claim(
        self, keys: Sequence[Hashable], found: dict[Hashable, Answer]
    ) -> tuple[list[Hashable], dict[Hashable, "Future[Answer | None]"]]:
        """Take what is kept; of the rest, what nobody makes yet is the caller's to make."""
        mine: list[Hashable] = []
        others: dict[Hashable, Future[Answer | None]] = {}
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key]
                elif key in self._in_flight:
                    others[key] = self._in_flight[key]
                else:
                    self._in_flight[key] = Future()
                    mine.append(key)
        return mine, others

    def _make(
        self,
        keys: Sequence[Hashable],
        places: list[int],
        make: Callable[[list[int]], Sequence[Answer]],
    ) -> dict[Hashable, Answer]:
        made: dict[Hashable, Answer] = {}
        try:
            made.update(zip(keys, make(places), strict=True))
        finally:
            with self._lock:
                for key in keys:
                    if key in made:
                        self._keep(key, made[key])
                    # None to those who wait: nobody made it, so that it is theirs to make
                    self._in_flight.pop(key).set_result(made.get(key))
        return made

    def _keep(self, key: Hashable, answer: Answer) -> None:
        self._kept[key] = answer
        self._bytes += self._size_of(answer)
        while len(self._kept) > self._max_entries or self._bytes > self._max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= self._size_of(dropped)


ScoreRow = tuple[tuple[str, ...], NDArray[np.float64]]


class ScoreCache(Memory[ScoreRow]):
    """Scores of crops, for all sessions of one app: ImageNet's thousand as well as two.

    Args:
        max_entries: Most crops whose scores are kept, at least 1.
        max_mb: Most MB that they take together.

    Raises:
        InputError: ``max_entries`` is below 1, or ``max_mb`` not above 0.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES, max_mb: float = MAX_MB) -> None:
        super().__init__(max_entries, max_mb, lambda row: row[1].nbytes + _OVERHEAD_BYTES)


class CachedClassifier:
    """A classifier that is asked only what nobody asked it before.

    Whatever else the classifier can tell, such as ``labels``, ``notes`` and ``revision``, this one
    tells as well.

    Args:
        classifier: Whom to ask. It has an ``identity``, which its scores depend on besides the
            crop: its name and revision. It may have ``load(progress)``, which comes first, and a
            ``batch_size``. Masks count for nothing unless its ``sees_mask`` is true.
        cache: Where scores are kept.
        on_ready: Called whenever the classifier is loaded and about to be asked.
        notes: What to say besides the classifier's own notes, a sentence each.
    """

    def __init__(
        self,
        classifier: Classifier,
        cache: ScoreCache,
        on_ready: Callable[[], None] = lambda: None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.classifier = classifier
        self._cache = cache
        self._on_ready = on_ready
        self._notes = notes
        self._labels: tuple[str, ...] = ()
        self._sees_mask = bool(getattr(classifier, "sees_mask", False))
        self._score: Callable[[Sequence[Crop]], Sequence[Scores]] = getattr(
            classifier, "score_distinct", classifier.score
        )

    def __getattr__(self, name: str) -> Any:
        """What the classifier tells."""
        if name == "classifier":  # a copy that is being made has none yet
            raise AttributeError(name)
        return getattr(self.classifier, name)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs, a sentence each."""
        return (*self._notes, *getattr(self.classifier, "notes", ()))

    def load(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Have the classifier ready.

        Args:
            progress: Told how many bytes are there and of how many while they are fetched; what
                it raises ends that.

        Raises:
            ClassifierError: The classifier's own.
        """
        load = getattr(self.classifier, "load", None)
        if load is not None:
            load(progress)
        self._on_ready()

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """The scores of each crop, in order.

        Args:
            crops: What to look at; they are read batch by batch, as ``batches`` has it.

        Raises:
            ClassifierError: The classifier's own.
        """
        if not crops:
            return []
        self.load()
        parts = batches(crops, lambda: getattr(self.classifier, "batch_size", BATCH))
        # by map, which lets go of a batch before the next one is read
        return list(chain.from_iterable(map(self._score_batch, parts)))

    def _score_batch(self, crops: list[Crop]) -> list[Scores]:
        identity = getattr(self.classifier, "identity", None)
        digests = [digest(crop, with_mask=self._sees_mask) for crop in crops]
        rows = self._cache.ask(
            [(identity, digest) for digest in digests],
            lambda places: self._rows([crops[n] for n in places]),
        )
        return [dict(zip(labels, values.tolist(), strict=True)) for labels, values in rows]

    def _rows(self, crops: list[Crop]) -> list[ScoreRow]:
        rows = []
        for scores in self._score(crops):
            if tuple(scores) != self._labels:
                self._labels = tuple(scores)
            # a thousand labels are kept once, not with each crop
            rows.append((self._labels, np.fromiter(scores.values(), np.float64, len(scores))))
        return rows


def batches(crops: Sequence[Crop], most: Callable[[], int]) -> Iterator[list[Crop]]:
    """Crops as they are best shown: as many together as a model takes and memory holds.

    No more than ``BATCH_BYTES`` are held at once, and one crop more: whoever reads these batches
    must let go of one before the next.

    Args:
        crops: Read one by one.
        most: Says how many crops a batch may have at most; asked anew for each crop.

    Yields:
        One or more crops, in order.
    """
    batch: list[Crop] = []
    held = 0
    for crop in crops:
        cost = crop.image.width * crop.image.height * _PIXEL_BYTES
        if batch and held + cost > BATCH_BYTES:
            yield batch
            batch, held = [], 0
        batch.append(crop)
        held += cost
        if len(batch) >= most():
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def digest(crop: Crop, *, with_mask: bool = False) -> bytes:
    """What crops of the same size and pixels have in common, and no others; 16 bytes.

    Args:
        crop: The crop as the classifier gets it.
        with_mask: Whether its mask counts too.
    """
    shown = [crop.image, crop.mask] if with_mask else [crop.image]
    return b"".join(_digest(image) for image in shown)


def _digest(image: Image.Image) -> bytes:
    # nobody can make a picture that shares another's digest, and so its scores
    found = hashlib.blake2b(repr((image.mode, image.size)).encode(), digest_size=16)
    found.update(image.tobytes())
    return found.digest()
