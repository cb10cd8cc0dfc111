"""Segments whose edges are softened by a model, where the photo's colours alone would not do."""

from typing import Any, Final

from segui.finders.base import Pixels, on_white
from segui.finders.models.effort import Effort
from segui.finders.models.hub import HubFinder
from segui.finders.models.matting import edge_of
from segui.finders.models.shelf import FinderShelf
from segui.geometry import Box
from segui.models.finder_catalogue import listed_name
from segui.models.loading import Progress
from segui.segments.cutting import CropOptions
from segui.segments.edges import check_reach, planes_in, refine_segments
from segui.segments.planes import Plane
from segui.segments.reshape import check_no_images, recut_each
from segui.segments.segment import Segment, Segments

CONTEXT: Final = 3  # times the reach, that is looked at around an area


def _nobody(_done: int, _total: int) -> None:
    pass


class Softener:
    """A model that softens edges, fetched and loaded when the first segment needs it.

    Args:
        model: The model.
        fetching: Told how many bytes of it are here and how many there are in all.
        softening: Told how many parts of how many the model has looked at, and asked between its
            layers whether to go on; what it raises ends the work, and is raised.
        max_megapixels: The most that the model is shown, in millions of pixels.
    """

    def __init__(
        self,
        model: HubFinder,
        fetching: Progress | None = None,
        softening: Progress | None = None,
        max_megapixels: float = float("inf"),
    ) -> None:
        self._model = model
        self._fetching = fetching
        self._softening = softening or _nobody
        self._effort = Effort(self._tell, max_megapixels)
        self._state = (0, 0)
        self._is_used = False

    @property
    def pinned(self) -> str:
        """The model by its name and commit; empty where none was needed."""
        if not self._is_used:
            return ""
        named, commit = listed_name(self._model.name), self._model.revision
        return f"{named}@{commit}" if commit else named

    @property
    def note(self) -> str:
        """What to say of who softened; empty where none was needed."""
        if not self._is_used:
            return ""
        commit = self._model.revision
        named = f"edges softened by {self._model.name}"
        return f"{named}, commit {commit[:12]}" if commit else named

    def soften(
        self, segments: Segments, picture: Pixels, reach_px: int, options: CropOptions
    ) -> Segments:
        """Segments whose edges are what the model says; see ``soften_segments``."""
        check_no_images(segments, "its edge cannot move")
        if not segments.items:
            return segments
        self._model.load(self._fetching)
        self._is_used = True
        self._count_parts(segments, reach_px)

        def softened(item: Segment) -> tuple[Box, list[Plane]]:
            around = _around(item, reach_px, segments.size)
            colours = on_white(picture[around.slices])
            return around, [
                self._model.soften(colours, plane, reach_px, self._effort, self._add)
                for plane in planes_in(item, around)
            ]

        return recut_each(segments, softened, options)

    def _count_parts(self, segments: Segments, reach_px: int) -> None:
        """Note how many parts there are, and refuse too many before the model looks at one."""
        parts, pixels = 0, 0
        for item in segments.items:
            self._effort.go_on()
            for plane in planes_in(item, _around(item, reach_px, segments.size)):
                boxes = edge_of(plane, reach_px).parts
                parts += len(boxes)
                pixels += sum(box.width * box.height for box in boxes)
        self._effort.check_edges(parts, pixels)
        self._state = (0, parts)
        self._tell()

    def _add(self, parts: int) -> None:
        done, total = self._state
        self._state = (min(total, done + parts), total)
        self._effort.go_on()  # so that it is known for what it is, whatever it raises

    def _tell(self) -> None:
        self._softening(*self._state)


def softener_of(
    edges_by: str,
    reach_px: int,
    finders: FinderShelf,
    fetching: Progress | None = None,
    softening: Progress | None = None,
    *,
    max_megapixels: float = float("inf"),
) -> Softener | None:
    """What softens edges by options; None where that is no model, or edges stay as they are.

    Args:
        edges_by: The model's name in the catalogue, or its repo id; empty is none.
        reach_px: How far edges may move.
        finders: Gives models.
        fetching: As of ``Softener``.
        softening: As of ``Softener``.
        max_megapixels: As of ``Softener``.

    Raises:
        InputError: The name is none.
        ClassifierError: The folder is not there, or not allowed.
    """
    if not edges_by.strip() or not reach_px:
        return None
    model = finders.get(edges_by.strip())
    return Softener(model, fetching, softening, max_megapixels)


def soften_segments(
    segments: Segments,
    picture: Pixels,
    reach_px: int,
    softener: Softener | None,
    *,
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
) -> Segments:
    """Segments whose edges follow the picture's own, by a model or by the picture's colours.

    Args:
        segments: What was found, or read from masks.
        picture: (H, W, 3 or 4) uint8; by colours alone, what is transparent counts by its own.
        reach_px: How far from its edge a segment may change, 0..100; 0 changes nothing.
        softener: The model; None goes by the colours.
        crop_factor: The new crop regions' sides over the bounding boxes', 1..100.
        drop_size: Width and height of what is left must both exceed this, px, at least 1.

    Returns:
        As ``refine_segments``.

    Raises:
        InputError: The reach is out of its range, a segment has an image of its own, or the model
            is no such.
        SumError: There is more edge than a model is asked for.
        ClassifierError: The model cannot be had, or it failed.
    """
    if softener is None:
        return refine_segments(
            segments, picture, reach_px, crop_factor=crop_factor, drop_size=drop_size
        )
    check_reach(reach_px)
    if not reach_px:
        return segments
    return softener.soften(segments, picture, reach_px, CropOptions(crop_factor, drop_size))


def _around(item: Segment, reach_px: int, size_hw: tuple[int, int]) -> Any:
    """What is looked at of an area: all of it, and what is around."""
    return item.content.widen(max(CONTEXT * reach_px, 64)).clip(size_hw)
