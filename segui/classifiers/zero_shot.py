"""Models that place images and texts in one space (CLIP, SigLIP), and how they are asked."""

import string
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn

from segui.errors import ClassifierError
from segui.models import files as model_files
from segui.models.preparing import preparing
from segui.models.running import Runner, running_error

ScoreKind = Literal["softmax", "sigmoid"]
Features = npt.NDArray[np.float32]

# transformers has more models for this task, but of other designs.
KINDS: Final[Mapping[str, ScoreKind]] = MappingProxyType(
    {"clip": "softmax", "metaclip_2": "softmax", "siglip": "sigmoid", "siglip2": "sigmoid"}
)

_TEXTS = 32  # that run at once: a fraction of what as many images take
_FEWER = "fewer or shorter names, or a smaller model"
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


class ZeroShotModel:
    """A model that is ready to run. Threads may share it: its batches run one after the other.

    It stays float32 on an accelerator too: cosines are multiplied by 100 or so, so that half
    precision would move scores by more than 0.01.

    Args:
        name: What the user calls it.
        kind: ``softmax`` where it was trained to choose between texts, ``sigmoid`` where to
            judge each text by itself.
        model: transformers' model, float32, in no other's hands.
        image_processor: What makes its inputs of images.
        tokenizer: What makes its inputs of texts.
        device: ``cpu``, ``cuda`` or ``mps``.
        batch_size: Images that run at once, at least 1; None is sized to the device.
        revision: The commit; None of a local folder.
        notes: What the user should know of how it runs, a sentence each.
    """

    def __init__(
        self,
        name: str,
        kind: ScoreKind,
        model: Any,
        image_processor: Any,
        tokenizer: Any,
        *,
        device: str = "cpu",
        batch_size: int | None = None,
        revision: str | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.kind: ScoreKind = kind
        self.revision = revision
        self.scale = float(model.logit_scale.detach().exp())
        self.bias = float(model.logit_bias.detach()) if kind == "sigmoid" else 0.0
        self._model = model
        self._prepare = preparing(image_processor)
        self._tokenizer = tokenizer
        self._notes = notes
        self._runner = Runner(_ImageTower(model), _unit_rows, device, batch_size, halves=())
        # The runner may move the model to the CPU: no text may be on its way meanwhile.
        self._running = Lock()
        # A tokenizer keeps its padding between calls.
        self._tokenizing = Lock()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs: a sentence each."""
        return (*self._notes, *self._runner.notes)

    @property
    def batch_size(self) -> int:
        """How many images run at once; less when memory ran out."""
        return self._runner.batch_size

    @property
    def size_bytes(self) -> int:
        """What the weights take in memory."""
        return self._runner.size_bytes

    def embed_images(self, images: Sequence[Image.Image]) -> Features:
        """Where images are in the common space.

        Args:
            images: One or more, mode RGB, of any size.

        Returns:
            (N, D), each row of length 1; NaN where the model gave no numbers for an image.

        Raises:
            ClassifierError: The model failed, ran out of memory with a single image, or its weights
                are no numbers.
        """
        try:
            with self._running:
                rows = self._runner.run(images, self._prepare)
        except Exception as error:
            raise running_error(error, self.name) from error
        features = np.array(rows, np.float32)
        return self._checked(features) if self._runner.has_bad_weights else features

    def embed_texts(self, texts: Sequence[str]) -> Features:
        """Where texts are in the common space; overlong ones are cut.

        Args:
            texts: One or more.

        Returns:
            (N, D), each row of length 1.

        Raises:
            ClassifierError: The model failed, or ran out of memory.
        """
        batches = [texts[start : start + _TEXTS] for start in range(0, len(texts), _TEXTS)]
        try:
            rows = np.concatenate([self._embed_batch(batch) for batch in batches])
        except Exception as error:
            raise running_error(error, self.name, _FEWER) from error
        return self._checked(rows)

    def read(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """What the model reads of each text: equal where it cannot tell two texts apart.

        Raises:
            ClassifierError: The tokenizer failed.
        """
        try:
            rows = self._tokenized(texts, "max_length")["input_ids"]
        except Exception as error:
            raise running_error(error, self.name, _FEWER) from error
        return [tuple(row) for row in rows.tolist()]

    def scores(self, images: Features, texts: Features) -> npt.NDArray[np.float64]:
        """The score of each image for each text.

        Args:
            images: (N, D), as ``embed_images`` gives them.
            texts: (M, D), as ``embed_texts`` gives them.

        Returns:
            (N, M) in [0, 1], NaN for an image without features; of ``softmax`` each row adds up to
            1.
        """
        with np.errstate(invalid="ignore"):
            cosines = images.astype(np.float64) @ texts.astype(np.float64).T
        logits = cosines * self.scale + self.bias
        if self.kind == "sigmoid":
            return np.asarray(0.5 * (1 + np.tanh(logits / 2)))  # exp would overflow
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def _embed_batch(self, texts: Sequence[str]) -> Features:
        # One that judges each text by itself was trained on a fixed length, and reads padding too.
        inputs = self._tokenized(texts, "longest" if self.kind == "softmax" else "max_length")
        used = inputs if self.kind == "softmax" else {"input_ids": inputs["input_ids"]}
        with self._running, torch.inference_mode():
            there = {key: value.to(self._model.device) for key, value in used.items()}
            rows = _unit_rows(self._model.get_text_features(**there))
            return np.asarray(rows.cpu().numpy())

    def _tokenized(self, texts: Sequence[str], padding: str) -> Mapping[str, Tensor]:
        plain = list(texts) if self.kind == "softmax" else [_canonical(text) for text in texts]
        length = self._model.config.text_config.max_position_embeddings
        with self._tokenizing:
            return dict(
                self._tokenizer(
                    plain, padding=padding, max_length=length, truncation=True, return_tensors="pt"
                )
            )

    def _checked(self, rows: Features) -> Features:
        if not np.isfinite(rows).all():
            raise ClassifierError(
                f"{self.name!r} gave features that are no numbers: its weights are bad"
            )
        return rows


def read_kind(folder: Path, name: str) -> ScoreKind:
    """How a model's scores are meant, from its config file alone.

    Args:
        folder: The model's folder, with its config in it.
        name: What the user calls it.

    Raises:
        ClassifierError: It is no such model; the sentence says what it is.
    """
    content = model_files.read_json_file(folder / model_files.CONFIG, name)
    kind = content.get("model_type")
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    if "auto_map" in content:
        raise ClassifierError(f"{name!r} needs code of its own to run, which is never trusted")
    raise ClassifierError(
        f"{name!r} does not match images with words: its kind is {kind!r}, expected one of"
        f" {', '.join(KINDS)}"
    )


class _ImageTower(nn.Module):
    """The way of the images through a model, as a module of its own."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, **inputs: Tensor) -> Any:
        encode: Callable[..., Any] = self.model.get_image_features
        return encode(**inputs)


def _unit_rows(output: Any) -> Tensor:
    # Some releases of transformers give the features alone.
    features = output if isinstance(output, Tensor) else output.pooler_output
    return nn.functional.normalize(features.float(), dim=-1)


def _canonical(text: str) -> str:
    """The text as SigLIP's were for its training: small letters, no punctuation, single spaces.

    SigLIP 2's tokenizer, as transformers has it, leaves that to whoever calls it.
    """
    return " ".join(text.lower().translate(_WITHOUT_PUNCTUATION).split())
