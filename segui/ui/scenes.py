"""The examples, worked once for everybody: what a visitor sees first is there at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from segui.classifiers.model_cache import ModelCache
from segui.settings import Settings
from segui.ui.examples import Example, copy_files
from segui.ui.folders import Folders
from segui.ui.state import Hand, Work
from segui.ui.wishes import default_values, wishes_of


@dataclass(frozen=True, eq=False)
class WorkedScene:
    """An example with its results.

    Args:
        work: Its results; every session gets the same ones, and none changes them.
        values: What each control says.
    """

    work: Work
    values: dict[str, Any]


class Scenes:
    """Works each example when it is first asked for.

    Args:
        examples: The ready scenes, the opening one first.
        settings: Limits.
        folders: Where their files are served from.
        shelf: Classifiers.
    """

    def __init__(
        self, examples: Sequence[Example], settings: Settings, folders: Folders, shelf: ModelCache
    ) -> None:
        self._examples = {example.name: example for example in examples}
        self._settings = settings
        self._folders = folders
        self._shelf = shelf
        self._lock = Lock()
        self._worked: dict[str, WorkedScene] = {}

    @property
    def opening(self) -> str:
        """The name of the one that the page opens with; empty where there is none."""
        return next(iter(self._examples), "")

    def get(self, name: str) -> WorkedScene | None:
        """An example by its name, worked.

        Raises:
            SeguiError: Its files do not fit together.
        """
        example = self._examples.get(name)
        if example is None:
            return None
        with self._lock:
            if name not in self._worked:
                self._worked[name] = self._work(example)
            return self._worked[name]

    def _work(self, example: Example) -> WorkedScene:
        from segui.ui import steps

        defaults = default_values(self._settings.classifier, self._settings.device)
        own = {name: example.settings[name] for name in defaults if name in example.settings}
        values = defaults | own | {"effect": example.settings["effect"] or "none"}
        wishes, folder = wishes_of(values), self._folders.shared()
        files = copy_files(example.files, folder)
        work = steps.opened(files, wishes.segments, self._settings, folder)
        work = steps.scored(work, wishes.classifier, self._shelf.get(wishes.classifier))
        return WorkedScene(steps.chosen(work, wishes, Hand()), values)
