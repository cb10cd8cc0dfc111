"""An image classifier's config, labels and weights from a folder of checked files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from segui.classifiers.catalogue import MANUAL_WORDS
from segui.classifiers.zero_shot import KINDS
from segui.errors import ClassifierError
from segui.models import files as model_files
from segui.models.library import of_transformers
from segui.models.reading import read_config, read_weights

# Some have a word more after it, such as WithTeacher.
_CLASSIFIER: Final = "ForImageClassification"


def read_classifier_config(folder: Path, name: str) -> Any:
    """The model's configuration, of an image classifier that transformers knows itself.

    Args:
        folder: The model's folder, with its config in it.
        name: What the user calls it.

    Raises:
        ClassifierError: It is another model, one that needs code of its own, or broken.
    """
    (judges,) = of_transformers("MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING")
    config = read_config(folder, name)
    if type(config) not in judges:
        raise ClassifierError(
            f"{name!r} is not an image classifier: its kind is {config.model_type!r}"
        )
    _check_head(model_files.read_json_file(folder / model_files.CONFIG, name), name)
    return config


def config_labels(config: Any, name: str) -> tuple[str, ...]:
    """The label of each output, in order; two may have the same.

    Raises:
        ClassifierError: The configuration does not list them.
    """
    try:
        labels = tuple(str(config.id2label[place]) for place in range(config.num_labels))
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_labels(name) from error
    if not labels:
        raise _no_labels(name)
    return labels


def check_judges(config: Any, name: str) -> None:
    """See that a model gives each label a score.

    Raises:
        ClassifierError: It estimates numbers instead, or does not list its labels.
    """
    config_labels(config, name)
    if config.problem_type == "regression":
        raise ClassifierError(
            f"{name!r} estimates numbers (regression): it has no score for each label"
        )


def read_model(folder: Path, config: Any, name: str) -> Any:
    """The model with its weights, float32, on the CPU.

    Args:
        folder: The model's folder.
        config: What ``read_classifier_config`` read there.
        name: What the user calls it.

    Raises:
        ClassifierError: The weights are not the config's, some are missing, or memory ran out.
    """
    (loader,) = of_transformers("AutoModelForImageClassification")
    return read_weights(loader, folder, config, name, trained_to="classify images")


def _check_head(content: Mapping[str, Any], name: str) -> None:
    """See that a model was saved as a classifier, if it says as what it was saved.

    transformers would add a head of random numbers to what has none. The weights are large: it is
    better known before they are fetched.
    """
    named = content.get("architectures")
    saved_as = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    if not saved_as or any(_CLASSIFIER in one for one in saved_as):
        return
    if content.get("model_type") in KINDS:
        raise ClassifierError(
            f"{name!r} matches images with words of your own and has no labels: take"
            f" {MANUAL_WORDS!r} from the list for that"
        )
    raise ClassifierError(
        f"{name!r} was not trained to classify images: it is a {saved_as[0]}, expected one that"
        f" ends in {_CLASSIFIER}"
    )


def _no_labels(name: str) -> ClassifierError:
    return ClassifierError(f"{name!r} is broken: its {model_files.CONFIG} does not list its labels")
