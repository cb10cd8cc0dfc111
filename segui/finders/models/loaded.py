"""A model that finds, loaded, with what its family's functions need beside it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Loaded:
    """What the functions of a family get.

    Args:
        model: transformers' model, float32, on its device, not being trained.
        processor: Its image processor; None where its family needs none.
        tokenizer: Its tokenizer; None where its family needs none.
        name: What the user calls it.
    """

    model: Any
    processor: Any = None
    tokenizer: Any = None
    name: str = ""

    @property
    def labels(self) -> dict[int, str]:
        """What each class is called."""
        return {int(number): str(label) for number, label in self.model.config.id2label.items()}
