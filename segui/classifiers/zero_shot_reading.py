"""A model that matches images with texts, from a folder of checked files, by transformers.

Each trouble has its own sentence; nothing is fetched, and no code of a model's own is run.
"""

from pathlib import Path
from typing import Any, Final

from segui.classifiers.hub import HubConfig
from segui.classifiers.zero_shot import ZeroShotModel, read_kind
from segui.errors import ClassifierError
from segui.models import files as model_files
from segui.models.fetch import commit_of
from segui.models.library import of_transformers
from segui.models.reading import (
    missing_package,
    read_config,
    read_processor,
    read_weights,
)
from segui.models.running import loading_error, pick_device

_TOKENIZER: Final = "tokenizer.json"
_VOCABULARY: Final = "vocab.json"


def load_zero_shot(folder: Path, config: HubConfig) -> ZeroShotModel:
    """Check and load a model.

    Args:
        folder: Where its files are.
        config: Which model it is, and how it is run.

    Raises:
        ClassifierError: It cannot be used; the sentence says why.
    """
    name = config.name
    model_files.check_folder(folder, name)
    kind = read_kind(folder, name)
    tokenizer = _read_tokenizer(folder, name)
    image_processor = read_processor(folder, name)
    model = _read_model(folder, name)
    device, notes = pick_device(config.device)
    try:
        return ZeroShotModel(
            name,
            kind,
            model,
            image_processor,
            tokenizer,
            device=device,
            batch_size=config.batch_size,
            revision=None if config.folder else commit_of(folder),
            notes=notes,
        )
    except Exception as error:
        raise loading_error(error, name) from error


def _read_model(folder: Path, name: str) -> Any:
    (loader,) = of_transformers("AutoModelForZeroShotImageClassification")
    config = read_config(folder, name)
    return read_weights(loader, folder, config, name, trained_to="match images with words")


def _read_tokenizer(folder: Path, name: str) -> Any:
    any_tokenizer, fast_tokenizer = of_transformers("AutoTokenizer", "PreTrainedTokenizerFast")
    is_whole = (folder / _TOKENIZER).is_file()
    if not is_whole and not (folder / _VOCABULARY).is_file():
        raise ClassifierError(
            f"{name!r} does not say how texts are read for it: it has no {_TOKENIZER}"
        )
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        return any_tokenizer.from_pretrained(folder, **options)
    except ImportError as error:
        if not is_whole:
            raise missing_package(name) from error
    except Exception as error:
        raise _bad_tokenizer(name) from error
    try:
        # SigLIP's own class needs a package that its file does not.
        return fast_tokenizer.from_pretrained(folder, **options)
    except Exception as error:
        raise _bad_tokenizer(name) from error


def _bad_tokenizer(name: str) -> ClassifierError:
    return ClassifierError(
        f"{name!r} does not say how texts are read for it: its {_TOKENIZER} is broken or needs"
        " code of its own"
    )
