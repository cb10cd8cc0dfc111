"""A model's config, weights and image processor from a folder of checked files.

Each trouble has its own sentence; nothing is fetched, and no code of a model's own is run.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from segui.errors import ClassifierError
from segui.models import files as model_files
from segui.models.described import check_counts, check_described
from segui.models.library import of_transformers
from segui.models.running import is_out_of_memory, loading_error

_PROCESSOR_KEY: Final = "image_processor_type"
_OLD_NAME: Final = "FeatureExtractor"
_NEW_NAME: Final = "ImageProcessor"
_TOKENIZER: Final = "tokenizer.json"
_VOCABULARY: Final = "vocab.json"


def read_config(folder: Path, name: str) -> Any:
    """The configuration of a model of any kind that transformers knows itself.

    Args:
        folder: The model's folder, with its config in it.
        name: What the user calls it.

    Raises:
        ClassifierError: It needs code of its own, or is broken.
    """
    kinds, loader = of_transformers("CONFIG_MAPPING", "AutoConfig")
    content = model_files.read_json_file(folder / model_files.CONFIG, name)
    kind = content.get("model_type")
    if not isinstance(kind, str) or kind not in kinds:
        if "auto_map" in content:
            raise ClassifierError(f"{name!r} needs code of its own to run, which is never trusted")
        raise ClassifierError(f"{name!r} is of a kind that is not known here: {kind!r}")
    check_counts(content, name)
    try:
        return loader.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except ImportError as error:
        raise missing_package(name) from error
    except Exception as error:
        raise ClassifierError(
            f"{name!r} is broken: its {model_files.CONFIG} does not describe a model"
        ) from error


def read_weights(loader: Any, folder: Path, config: Any, name: str, *, trained_to: str) -> Any:
    """A model of any kind with its weights, float32, on the CPU.

    Args:
        loader: transformers' class for models of this kind.
        folder: The model's folder.
        config: What ``read_config`` read there.
        name: What the user calls it.
        trained_to: What such a model does, as in "it was trained to".

    Raises:
        ClassifierError: The weights are not the config's, some are missing, or memory ran out.
    """
    import torch

    held = model_files.held(folder, name)
    try:
        check_described(loader, config, held, name)
        model, report = loader.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
            config=config,
        )
    except ClassifierError:
        raise
    except ImportError as error:
        raise missing_package(name) from error
    except Exception as error:
        if is_out_of_memory(error):
            raise loading_error(error, name) from error
        raise ClassifierError(
            f"{name!r} is broken: its weights are not those that its {model_files.CONFIG} describes"
        ) from error
    # transformers fills what is missing with random numbers and warns in the log alone.
    missing = {parameter for parameter, _ in model.named_parameters()} & set(report["missing_keys"])
    if missing:
        raise ClassifierError(
            f"{name!r} was not trained to {trained_to}, or only partly saved: it lacks"
            f" {len(missing)} of its weights, such as {min(missing)}"
        )
    return model


def read_processor(folder: Path, name: str) -> Any:
    """What makes the model's inputs of images.

    Raises:
        ClassifierError: The model does not say it, or not in a way that is known here.
    """
    (loader,) = of_transformers("AutoImageProcessor")
    try:
        with _known_names(folder, name) as known:
            return loader.from_pretrained(known, local_files_only=True, trust_remote_code=False)
    except ImportError as error:
        raise missing_package(name) from error
    except Exception as error:
        raise ClassifierError(
            f"{name!r} does not say how images are prepared for it: its {model_files.PROCESSORS[0]}"
            " is missing, broken or needs code of its own"
        ) from error


def read_tokenizer(folder: Path, name: str) -> Any:
    """What makes the model's inputs of texts.

    Raises:
        ClassifierError: The model does not say it, or not in a way that is known here.
    """
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


def missing_package(name: str) -> ClassifierError:
    """The error for a model that needs more than is installed."""
    return ClassifierError(f"{name!r} needs a Python package that is not installed here")


def _bad_tokenizer(name: str) -> ClassifierError:
    return ClassifierError(
        f"{name!r} does not say how texts are read for it: its {_TOKENIZER} is broken or needs"
        " code of its own"
    )


@contextmanager
def _known_names(folder: Path, name: str) -> Iterator[Path]:
    """The folder, or where its processor stands under the name that its class has today.

    Image processors were called feature extractors once. transformers reads the old name under its
    old key alone, but there are repos with the old name under the new key.
    """
    path = folder / model_files.PROCESSORS[0]
    content = model_files.read_json_file(path, name) if path.is_file() else {}
    called = content.get(_PROCESSOR_KEY)
    if not isinstance(called, str) or _OLD_NAME not in called:
        yield folder
        return
    renamed = content | {_PROCESSOR_KEY: called.replace(_OLD_NAME, _NEW_NAME)}
    with TemporaryDirectory() as other:
        (Path(other) / path.name).write_text(json.dumps(renamed), encoding="utf-8")
        yield Path(other)
