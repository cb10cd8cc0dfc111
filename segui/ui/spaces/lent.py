"""What stays on a Space of a model that is asked where the GPU is: see ``zero_gpu``."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray

from segui.classifiers.base import Classifier, Crop, Scores
from segui.classifiers.hub import HubConfig
from segui.models import fetch
from segui.models.loading import LoadedOnce, Progress
from segui.ui.spaces.zero_gpu import MAX_CROPS, Ask, Judged, Key


class Fetched(NamedTuple):
    """Files that are here.

    Args:
        commit: Which ones; None of a local folder.
    """

    commit: str | None


class LentClassifier(Generic[Key]):
    """A classifier that is asked where the GPU is, and stays unloaded here.

    Threads may share one: its files are fetched once, and it is those that judge there, whatever
    its repo has by then. What else is wanted of it, such as its labels, is what the one here knows.

    Args:
        key_at: Its name for the other process at a commit, or at none of a local folder.
        here: The same classifier in this process.
        ask: What ``on_gpu`` gave, with ``scoring``.
        fetch_files: Fetches its files while no GPU waits for them; it is told whom to tell how many
            bytes of how many are here.
    """

    # Each call waits for a GPU of its own: as many crops at once as one call may take.
    batch_size = MAX_CROPS
    size_bytes = 0  # of weights in this process

    def __init__(
        self,
        key_at: Callable[[str | None], Key],
        here: Classifier,
        ask: Ask[Key],
        fetch_files: Callable[[Progress], Fetched],
    ) -> None:
        self._key_at = key_at
        self._here = here
        self._ask = ask
        self._files = LoadedOnce(fetch_files)
        self._said = Judged([])

    def __getattr__(self, name: str) -> Any:
        """Whatever else the classifier here has."""
        if name.startswith("_"):  # of this object, which is not complete yet
            raise AttributeError(name)
        return getattr(self._here, name)

    @property
    def identity(self) -> Hashable:
        """Equal ones give the same crop the same scores; None before its files are here."""
        fetched = self._files.value
        return None if fetched is None else self._key_at(fetched.commit)

    @property
    def revision(self) -> str | None:
        """The commit that was fetched and is asked; None before that and of a local folder."""
        fetched = self._files.value
        return None if fetched is None else fetched.commit

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it ran there: a sentence each, empty before that."""
        return self._said.notes

    def load(self, progress: Progress | None = None) -> None:
        """Have its files here; the model itself is loaded where the GPU is.

        Args:
            progress: Told how many bytes are here and how many there are in all, by this thread's
                fetch or another's; what it raises ends this one's fetch or its waiting.

        Raises:
            ClassifierError: The files cannot be had.
        """
        self._files.get(progress)

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """Scores for each crop, in order.

        Args:
            crops: What to look at.

        Raises:
            ClassifierError: The classifier's own, or no GPU could be had.
        """
        if not crops:
            return []
        answer = self._ask(self._key_at(self._files.get().commit), crops)
        self._said = answer._replace(rows=[])
        return answer.rows

    def score_distinct(self, crops: Sequence[Crop]) -> list[Scores]:
        """As ``score``, for one who knows that no two crops are the same."""
        return self.score(crops)


class LentLooker(Generic[Key]):
    """Looks at crops where the GPU is, for an open vocabulary that reads its texts here.

    Args:
        key_at: Its name for the other process at a commit, or at none of a local folder.
        ask: What ``on_gpu`` gave, with ``looking``.
    """

    batch_size = MAX_CROPS  # as of a classifier that is lent

    def __init__(self, key_at: Callable[[str | None], Key], ask: Ask[Key]) -> None:
        self._key_at = key_at
        self._ask = ask
        self._notes: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it ran there: a sentence each, empty before that."""
        return self._notes

    def look_at(self, crops: Sequence[Crop], revision: str | None) -> NDArray[np.float32]:
        """Where crops are in the model's space, (N, D).

        Args:
            crops: One or more.
            revision: The commit of the model that reads the texts: the same one has to look.

        Raises:
            ClassifierError: The model's own, or no GPU could be had.
        """
        answer = self._ask(self._key_at(revision), crops)
        self._notes = answer.notes
        return np.array(answer.rows, np.float32)


def fetching(config: HubConfig) -> Callable[[Progress], Fetched]:
    """What fetches the files of an image classifier, for ``LentClassifier``.

    Args:
        config: Which model; a local folder has nothing to fetch.
    """

    def fetch_files(progress: Progress) -> Fetched:
        if config.folder is not None:
            return Fetched(None)
        folder = fetch.fetch_model(
            config.name, config.revision, max_mb=config.max_mb, progress=progress
        )
        return Fetched(fetch.commit_of(folder))

    return fetch_files
