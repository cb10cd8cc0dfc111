"""Who found what there is, where that was a model: what a page and a recipe have to know of it."""

from dataclasses import dataclass

from segui.models.finder_catalogue import Needs


@dataclass(frozen=True)
class FoundBy:
    """A model that found.

    Args:
        name: As it was asked for: its name in the catalogue, its repo id, or a folder.
        needs: What has to be said to it beside the photo: ``words``, ``marks``, or nothing.
    """

    name: str
    needs: Needs = ""
