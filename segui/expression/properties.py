"""The ``@properties`` of segments: what each is, and all that is told of it, in one table.

A new one is a row here and one function that computes it: of a segment alone or of its scores in
``scope``, of the image or of all segments in ``segments/measures.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

PropertyKind = Literal["whole", "fraction", "score", "number", "text"]
Source = Literal["segment", "scores", "image"]


@dataclass(frozen=True)
class PropertyRow:
    """One property.

    Args:
        name: Its name, without the ``@``.
        meaning: What it is.
        unit: What it is counted in, or its range; empty where that is no question.
        kind: ``whole`` numbers have no point; a ``fraction`` of something larger, 0..1, may be
            small, and has one digit more than a ``score``, 0..1; any other ``number``; or ``text``,
            which is for ``=`` and ``!=`` only.
        source: What it is computed of: the ``segment`` alone, its ``scores``, or the ``image`` and
            all of its segments.
        example: What it may be compared with: an operator and a value.
        why_unknown: Why it may be unknown, though there is a segment or there are scores.
        among: Which segments count, where it tells one from the others; empty where it does not.
    """

    name: str
    meaning: str
    unit: str
    kind: PropertyKind
    source: Source
    example: str
    why_unknown: str = "it is not known of it"
    among: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is text."""
        return self.kind == "text"

    @property
    def is_part_of_one(self) -> bool:
        """Whether it goes from 0 to 1."""
        return self.kind in {"fraction", "score"}

    @property
    def described(self) -> str:
        """What it is, with its unit and what it counts among, in one line."""
        line = f"{self.meaning}, {self.unit}" if self.unit else self.meaning
        return f"{line}; among {self.among}" if self.among else line


_NO_MASK: Final = "its mask was not measured"
_AMONG: Final = "all that were found and are not too small, whatever the rule says of the others"
_TEXT: Final = "text, for = and != only"

_ROWS: Final[dict[str, PropertyRow]] = {
    row.name: row
    for row in (
        PropertyRow(
            "area",
            "what the segment's mask covers at 0.5 or more",
            "px",
            "whole",
            "segment",
            example="> 400",
            why_unknown=_NO_MASK,
        ),
        PropertyRow(
            "share",
            "area of the segment divided by the area of the image",
            "0 to 1",
            "fraction",
            "image",
            example="> 1%",
            why_unknown=_NO_MASK,
        ),
        PropertyRow(
            "width", "width of the segment's box", "px", "whole", "segment", example="> 50"
        ),
        PropertyRow(
            "height", "height of the segment's box", "px", "whole", "segment", example="> 50"
        ),
        PropertyRow(
            "x", "left edge of the segment's box", "px", "whole", "segment", example="< 100"
        ),
        PropertyRow(
            "y", "upper edge of the segment's box", "px", "whole", "segment", example="< 100"
        ),
        PropertyRow(
            "ratio",
            "width of the segment's box divided by its height",
            "",
            "number",
            "segment",
            example="> 1",
            why_unknown="its box has no height",
        ),
        PropertyRow(
            "changed",
            "how much the edited version differs under the mask",
            "0 to 1",
            "fraction",
            "image",
            example="> 5%",
            why_unknown="there is no edited version to compare with",
        ),
        PropertyRow(
            "confidence",
            "how sure the finder was of the segment",
            "0 to 1",
            "score",
            "segment",
            example="> 50%",
        ),
        PropertyRow(
            "index",
            "number of the segment in reading order",
            "from 1",
            "whole",
            "image",
            example="<= 3",
            why_unknown="none was numbered",
            among=_AMONG,
        ),
        PropertyRow(
            "rank",
            "place of the segment by area",
            "1 for the largest",
            "whole",
            "image",
            example="<= 3",
            why_unknown="none was ranked by area",
            among=_AMONG,
        ),
        PropertyRow(
            "label",
            "name that the finder gave the segment",
            _TEXT,
            "text",
            "segment",
            example="= A",
            why_unknown="it has no label",
        ),
        PropertyRow(
            "top",
            "label that scored best",
            _TEXT,
            "text",
            "scores",
            example="= red",
            why_unknown="the classifier gave no score that is a number",
        ),
    )
}
PROPERTIES: Final[Mapping[str, PropertyRow]] = MappingProxyType(_ROWS)
