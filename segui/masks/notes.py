"""What a person is told of a mask file, and what may be done about it with one click."""

from dataclasses import dataclass, replace
from typing import Any, Self

from segui.masks.label_lists import listed


@dataclass(frozen=True)
class Offer:
    """Another reading of the files: one option with one value.

    Args:
        words: What a button says.
        option: The option, by its name in the table of options.
        value: What it is to be.
        file: The one file that it is for, as ``each_mask`` calls it; empty is all of them.
    """

    words: str
    option: str
    value: Any
    file: str = ""


AS_SOFT = Offer("Take as a soft mask", "mask_kind", "soft")
AS_LABELS = Offer("Take as labels", "mask_kind", "labels")
AS_FULL = Offer("Take by the scale of its type", "mask_kind", "full")
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


class Beyond(Note):
    """That areas were left out though nothing is wrong with them: there were larger ones.

    Args:
        sentence: What a person reads.
        areas: How many.
    """

    __slots__ = ("areas",)
    areas: int

    def __new__(cls, sentence: str, areas: int) -> Self:
        """A sentence with the number in it."""
        note = super().__new__(cls, sentence)
        note.areas = areas
        return note


def offers_of(sentence: str) -> tuple[Offer, ...]:
    """What is offered with a sentence; with most nothing is."""
    return sentence.offers if isinstance(sentence, Note) else ()


def for_file(sentence: str, file: str) -> tuple[Offer, ...]:
    """What is offered with a sentence, for one file alone.

    Args:
        sentence: Of that file.
        file: As ``each_mask`` calls it; empty leaves the offers for all.
    """
    return tuple(replace(offer, file=file) for offer in offers_of(sentence))


def leave_out(label: str) -> Offer:
    """The offer to do without a label."""
    return Offer(f"Leave out {label}", "leave_out", listed(label))
