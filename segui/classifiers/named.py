"""Models by their names: where one lies, whether a deployment allows it, and the classifier."""

from pathlib import Path
from typing import Protocol

from segui.classifiers.base import Classifier
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.making import find_entry, make_classifier
from segui.errors import ClassifierError
from segui.models.files import check_allowed, local_folder


class Deployment(Protocol):
    """What whoever runs a deployment says of its models, as ``segui.settings.Settings`` does."""

    @property
    def classifier(self) -> str:
        """The name of the classifier that a visitor starts with."""

    @property
    def models_dir(self) -> Path | None:
        """The folder below which local models may lie; None allows none."""

    @property
    def manual_models(self) -> bool:
        """Whether a user may name any model."""

    @property
    def allowed_models(self) -> tuple[str, ...]:
        """Patterns of the repos that are allowed; none allows all."""

    @property
    def max_model_mb(self) -> float:
        """Most MB that are fetched for one model."""


def allowed_folder(choice: ClassifierChoice, settings: Deployment) -> Path | None:
    """The folder of a model that this deployment allows; None of one that has none of its own.

    What lies below the models folder is the deployment's own, and always allowed. Any other name
    is a repo's, whatever there is on the disk: of no folder outside it is said whether it is there.

    Args:
        choice: Which model, as its ``key`` has it.
        settings: The models folder, and what is allowed.

    Raises:
        InputError: The name is neither a folder's nor a possible repo id.
        ClassifierError: There is no such folder below the models folder; the repo or its revision
            is none of those allowed; or nobody may name one.
    """
    folder = _own_folder(choice.repo_id, settings) if choice.is_manual else None
    repo_id = find_entry(choice.name).repo_id or choice.repo_id
    if repo_id and folder is None:
        limited = not settings.manual_models
        check_allowed(repo_id, settings.allowed_models, choice.revision, limited=limited)
    return folder


def _own_folder(name: str, settings: Deployment) -> Path | None:
    """The folder below the models folder that a user's name means; None where it is a repo's."""
    top = settings.models_dir
    folder = local_folder(name, models_dir=top) if name and top else None
    if folder is None and not settings.manual_models:
        raise ClassifierError(
            "models of one's own choice are off here: pick one of the list, or ask whoever runs "
            "this page to set SEGUI_MANUAL_MODELS"
        )
    return folder


def make_named(
    name: str,
    repo_id: str,
    folder: Path | None,
    *,
    device: str,
    revision: str | None,
    max_mb: float | None,
) -> Classifier:
    """The classifier of a name whose folder is known already, so that it is looked for once.

    Args:
        name: The catalogue's name.
        repo_id: What the user calls it, where the name is the manual one.
        folder: What ``allowed_folder`` gave; with None no folder is looked for.
        device: ``auto``, ``gpu`` or ``cpu``.
        revision: As for ``make_classifier``; a folder has none.
        max_mb: As for ``make_classifier``.

    Raises:
        InputError: There is no such entry, or a repo id is missing.
    """
    if folder is None:
        return make_classifier(
            name, repo_id=repo_id, device=device, revision=revision, max_mb=max_mb
        )
    from segui.classifiers.hub import HubClassifier, HubConfig

    return HubClassifier(HubConfig(repo_id, folder, device))
