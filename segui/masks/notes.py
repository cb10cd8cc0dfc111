"""What a person is told of a mask file, and what may be done about it with one click."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Offer:
    """Another reading of the files: one option with one value.

    Args:
        words: What a button says.
        option: The option, by its name in the table of options.
        value: What it is to be.
    """

    words: str
    option: str
    value: Any


AS_SOFT = Offer("Take as a soft mask", "mask_kind", "soft")
AS_LABELS = Offer("Take as labels", "mask_kind", "labels")
AS_EXACT = Offer("Take every value as it is", "mask_kind", "exact")
INVERT = Offer("Invert", "invert", value=True)


class Note(str):
    """A sentence of a file, which is a text like any other, and the offers that go with it.

    Args:
        sentence: What was decided.
        offers: What would decide otherwise.
    """

    __slots__ = ("offers",)
    offers: tuple[Offer, ...]

    def __new__(cls, sentence: str, *offers: Offer) -> Self:
        """A sentence with its offers."""
        note = super().__new__(cls, sentence)
        note.offers = offers
        return note


def offers_of(sentence: str) -> tuple[Offer, ...]:
    """What is offered with a sentence; with most nothing is."""
    return sentence.offers if isinstance(sentence, Note) else ()


def leave_out(label: str) -> Offer:
    """The offer to do without a label."""
    return Offer(f"Leave out {label}", "leave_out", label)
