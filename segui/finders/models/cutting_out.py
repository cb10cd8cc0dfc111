"""Boxes of one model, cut out by another one."""

from segui.finders.base import Asked, Pixels, segments_of
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.hub import HubFinder
from segui.segments.segment import Segments


class CutOutFinder:
    """Finds by boxes what a model that is clicked at then cuts out.

    Args:
        model: Finds the boxes.
        outliner: Cuts out what is in each.
        effort: What a search may take, and whether anybody still waits for it.
    """

    def __init__(self, model: HubFinder, outliner: HubFinder, effort: Effort = UNLIMITED) -> None:
        self._model = model
        self._outliner = outliner
        self._effort = effort

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """The segments; see ``segui.finders.base.Finder``.

        Raises:
            SumError: It would take more than it may.
            InputError: The picture is of another kind, or what is asked for says too little.
            ClassifierError: One of the models cannot be had, or it failed.
        """
        found = self._model.boxes(picture, asked, self._effort)
        areas = self._outliner.cut_out(picture, found, self._effort)
        return segments_of(areas, (picture.shape[0], picture.shape[1]), asked.cut)
