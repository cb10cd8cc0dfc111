"""A model that matches images with texts, from a folder of checked files, by transformers.

Each trouble has its own sentence; nothing is fetched, and no code of a model's own is run.
"""

from pathlib import Path
from typing import Any

from segui.classifiers.hub import HubConfig
from segui.classifiers.zero_shot import ZeroShotModel, read_kind
from segui.models import files as model_files
from segui.models.fetch import commit_of
from segui.models.library import of_transformers
from segui.models.reading import (
    read_config,
    read_processor,
    read_tokenizer,
    read_weights,
)
from segui.models.running import loading_error, pick_device


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
    tokenizer = read_tokenizer(folder, name)
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
