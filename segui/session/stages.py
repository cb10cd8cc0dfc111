"""The steps from files to a picture: who does each one's work, and how."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from segui.classifiers.base import Classifier
from segui.classifiers.choice import ClassifierChoice
from segui.errors import InputError
from segui.finders.found_before import FoundBefore
from segui.session.derive import CountKey, Plan
from segui.session.results import Counted, Task, Telling
from segui.settings import Settings


class Models(Protocol):
    """Whoever gives the classifier of a choice, and keeps finders beside these."""

    def get(self, choice: ClassifierChoice) -> Classifier:
        """The classifier; nothing is downloaded or loaded yet."""
        ...

    def keep(self, key: Hashable, make: Callable[[Callable[[], None]], Any]) -> Any:
        """Another model, made at the first need."""
        ...

    def kept(self) -> Sequence[Any]:
        """All models that are kept."""
        ...

    def device_for(self, wish: str) -> str:
        """Where another model runs."""
        ...

    def lent(self, finder: Any, make_room: Callable[[], None]) -> Any:
        """A model that finds, as it is asked where a GPU is lent."""
        ...


class Runner(Protocol):
    """Whoever does a stage's work."""

    def __call__(self, task: Task, plan: Plan, telling: Telling) -> Any:
        """The task's result.

        Args:
            task: What to do.
            plan: What is done so far; whatever the task is made from is there.
            telling: Told how far it is.

        Raises:
            SeguiError: There can be no result.
            Stopped: Nobody wants it any more.
        """
        ...


@dataclass(frozen=True)
class Engine:
    """The engine's own way of doing the stages.

    Args:
        settings: Limits, and where pastes are computed.
        models: Classifiers.
        folder: Gives the session's folder, which is there.
        before: What a finder has found last.
        counted: Told what a way would find, which may be of use to everybody.
    """

    settings: Settings
    models: Models
    folder: Callable[[], Path]
    before: FoundBefore = field(default_factory=FoundBefore)
    counted: Callable[[CountKey, Counted], None] = lambda _key, _counted: None

    def __call__(self, task: Task, plan: Plan, telling: Telling) -> Any:
        """The task's result; see ``Runner``."""
        from segui.session import work

        areas = plan.areas if task.stage != "scene" else None
        match task.stage:
            case "photo":
                return work.read_photo(plan.inputs.photo, self.settings)
            case "small":
                return work.shrunk(_known(plan.photo))
            case "scene":
                photo = _known(plan.photo)
                kept = self.before, self.models
                return work.found(task.key, photo, self.settings, telling, *kept)
            case "pictures":
                assert areas is not None  # noqa: S101  derive has found them
                shows = task.key[1]  # type: ignore[index]
                return work.pictured(_known(plan.scene), plan.small, shows, self.folder())
            case "scores":
                choice = plan.inputs.classifier
                classifier = self.models.get(choice)
                return work.scored(_known(plan.scene), choice, classifier, telling)
            case "selection":
                return work.chosen(_known(plan.scene), plan.scored, plan.inputs)
            case "count":
                key = cast("CountKey", task.key)
                how = dict(key.options), self.settings, telling, self.before
                counted = work.counted(_known(plan.photo), *how)
                self.counted(key, counted)
                return counted
            case "painted":
                scene, selections = _known(plan.scene), plan.selections
                stop = telling.pasting
                return work.painted(scene, selections, plan.inputs, self.settings, stop=stop)


def _known(value: Any) -> Any:
    """What the plan must have by now."""
    if value is None:
        raise InputError("a stage was asked for before what it is made from was there")
    return value
