"""Who found what there is, where that was a model: what a page and a recipe have to know of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from segui.models.finder_catalogue import Needs, parted_name

if TYPE_CHECKING:
    from segui.finders.base import Candidate


class Offered(NamedTuple):
    """One of several outlines that a model has for what was clicked.

    Args:
        name: What the option ``candidate`` calls it.
        share: How much of the picture is in it, 0..1.
        is_taken: Whether it is the one that is taken.
    """

    name: "Candidate"
    share: float
    is_taken: bool


@dataclass(frozen=True)
class FoundBy:
    """A model that found.

    Args:
        name: As it was asked for: its name in the catalogue, its repo id, or a folder.
        needs: What has to be said to it beside the photo: ``words``, ``marks``, or nothing.
        offered: The outlines that it has for what was clicked; none where it has one alone.
        commit: The commit of its weights; empty where none is known.
        outlined_by: The model, with its commit, that cut out what it had found in boxes.
        has_boxes: Whether it finds boxes, which another model can cut out.
        has_faces: Whether it finds faces.
    """

    name: str
    needs: Needs = ""
    offered: tuple[Offered, ...] = ()
    commit: str = ""
    outlined_by: str = ""
    has_boxes: bool = False
    has_faces: bool = False

    @property
    def pinned(self) -> str:
        """Its name with the commit of its weights, by which the same ones are taken again."""
        plain, _ = parted_name(self.name)
        return f"{plain}@{self.commit}" if self.commit else self.name
