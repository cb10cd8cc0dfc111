"""What a mask file was taken for, and how it is asked to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

MaskKind = Literal["auto", "soft", "labels", "exact", "full"]
ReadAs = Literal["soft", "hard", "labels"]
MOST_LABELS = 4096
SURELY_LABELS = 32  # values or fewer: those of a soft edge are more
LOSSY_LEVELS = 3  # levels that lossy steps change
VOID = -1
NUMBERED = ("labels", "exact")  # asked for as labels, with blends given away or not


@dataclass(frozen=True, eq=False)
class Reading:
    """What the values of one file mean.

    Args:
        kind: ``soft``, ``hard`` (soft, of 0 and 255 alone) or ``labels``.
        source: What was read: ``grey``, ``alpha``, ``palette`` or ``colours``.
        notes: What was decided, the first one beginning with "read".
        soft: (H, W) uint8, 255 selected; None for labels.
        labels: (H, W) int16 or int32, 0 nothing, `VOID` neither; None otherwise.
        names: A name for each label value.
        is_turned: Whether what is transparent was selected, as more than half is opaque.
    """

    kind: ReadAs
    source: str
    notes: tuple[str, ...]
    soft: np.ndarray | None = None
    labels: np.ndarray | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    is_turned: bool = False


@dataclass(frozen=True)
class MaskRequest:
    """How a file is to be read.

    Args:
        kind: ``auto`` or what the caller insists on.
        name: The file's name, for messages.
        is_lossy: Whether its format changes values on saving: exact values then mean nothing.
        is_of_few: Whether its colours were made few on saving, as a palette's are.
        is_full: Whether the largest value that its type holds is full, whatever its values show.
    """

    kind: MaskKind
    name: str
    is_lossy: bool = False
    is_full: bool = False
    is_of_few: bool = False

    @classmethod
    def of(cls, kind: MaskKind, name: str, *, is_lossy: bool) -> "MaskRequest":
        """How a visitor asks for it: ``full`` is soft, with the type's own scale."""
        is_full = kind == "full"
        return cls("soft" if is_full else kind, name, is_lossy, is_full)


def labels_note(count: int, void: tuple[int, ...] = ()) -> str:
    """What is said of labels.

    Args:
        count: How many there are.
        void: The values that are neither a label nor nothing.
    """
    tail = "".join(f"; {value} is void" for value in void)
    return f"read as labels: {count} of them{tail}"
