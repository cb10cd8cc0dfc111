"""A model that finds, loaded, with what its family's functions need beside it."""

from dataclasses import dataclass
from typing import Any

from segui.finders.models.effort import UNLIMITED, Effort


@dataclass(frozen=True)
class Loaded:
    """What the functions of a family get.

    Args:
        model: transformers' model, float32, on its device, not being trained.
        processor: Its image processor; None where its family needs none.
        tokenizer: Its tokenizer; None where its family needs none.
        name: What the user calls it.
        effort: What a search may take; another one for each search.
    """

    model: Any
    processor: Any = None
    tokenizer: Any = None
    name: str = ""
    effort: Effort = UNLIMITED

    @property
    def labels(self) -> dict[int, str]:
        """What each class is called."""
        return {int(number): str(label) for number, label in self.model.config.id2label.items()}
