"""Finding in a photo, by the name of the way: for the library, and for a whole picture."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from torch import Tensor

from segui.checks import is_whole
from segui.classifiers.choice import asked_names
from segui.errors import InputError
from segui.finders.background import background_of
from segui.finders.base import Asked, Finder, Pixels, Point
from segui.finders.box import BoxFinder
from segui.finders.click import ClickFinder
from segui.finders.colours import ColourFinder
from segui.finders.faces import FaceFinder
from segui.finders.found_by import FoundBy, Offered
from segui.finders.joining import joined
from segui.finders.models.cutting_out import CutOutFinder
from segui.finders.models.effort import Effort
from segui.finders.models.hub import HubFinder
from segui.finders.models.shelf import FinderShelf, check_outliner, check_softener
from segui.finders.narrowing import Narrowing, narrow
from segui.finders.softening import soften_segments, softener_of
from segui.geometry import Box
from segui.images.tensors import check_image
from segui.models.finder_catalogue import listed_name
from segui.models.loading import Progress
from segui.options import default_of
from segui.segments.cutting import CropOptions
from segui.segments.edges import check_reach
from segui.segments.segment import Segments
from segui.settings import Settings

Stop = Callable[[], None]


@dataclass(frozen=True)
class Way:
    """A way to find.

    Args:
        name: What the option ``finder`` calls it.
        make: Makes its finder, which calls what it is given now and then; what that raises ends
            the search.
        nothing: What to say where nothing was found.
        note: What to say of who finds; may be empty.
        by: Who finds, where it is a model.
        offered: Gives the outlines that there are of what was clicked, once it was found.
    """

    name: str
    make: Callable[[Stop], Finder]
    nothing: str
    note: str = ""
    by: FoundBy | None = None
    offered: Callable[[Pixels, Asked], tuple[Offered, ...]] = lambda _pixels, _asked: ()


_WAYS: Final = (
    Way("faces", lambda stop: FaceFinder(stop=stop), "no faces were found"),
    Way("colours", lambda _: ColourFinder(), "no areas of one colour were found"),
    Way("click", ClickFinder, "nothing was found where it was clicked"),
    Way("box", BoxFinder, "nothing stands out in the box"),
)
WAYS: Final = {way.name: way for way in _WAYS}


def find_way(
    name: str,
    finders: FinderShelf | None = None,
    fetching: Progress | None = None,
    *,
    outlined_by: str = default_of("outlined_by"),
    max_megapixels: float = math.inf,
) -> Way:
    """The way of a name, which of a model is there only once it is fetched and loaded.

    Args:
        name: What the option ``finder`` may be.
        finders: Gives models; None gives those that anybody may take.
        fetching: Told how many bytes of a model's are here and how many there are in all; what it
            raises ends the fetch, and is raised.
        outlined_by: What cuts out what a model finds in boxes: a model that is clicked at; empty
            is one that is loaded, and where none is, boxes become what they do by themselves.
        max_megapixels: The most of all areas together that a model's are cut out.

    Raises:
        InputError: There is none.
        ClassifierError: The model cannot be had or used; the sentence says why.
    """
    if name in WAYS:
        return WAYS[name]
    shelf = finders or FinderShelf(Settings())
    model = shelf.get(name)
    model.load(fetching)
    outliner = shelf.outliner(outlined_by) if model.gives_boxes else None
    if outliner is not None:
        outliner.load(fetching)

    def make(stop: Stop) -> Finder:
        effort = Effort(stop, max_megapixels)
        if outliner is None:
            return model.within(effort)
        return CutOutFinder(model, outliner, effort)

    notes = [_of_commit("found by", model)]
    notes += [_of_commit("cut out by", outliner)] if outliner is not None else []
    commits = model.revision or "", _pinned(outliner)
    by = FoundBy(
        name,
        model.needs,
        (),
        *commits,
        has_boxes=model.gives_boxes,
        has_faces=model.gives_faces,
    )
    nothing, note = f"{model.name} found nothing", "; ".join(one for one in notes if one)
    return Way(name, make, nothing, note, by, model.offered)


def _pinned(outliner: HubFinder | None) -> str:
    """What cuts out, by its name and commit; empty where nothing does."""
    if outliner is None:
        return ""
    named = listed_name(outliner.name)
    return f"{named}@{outliner.revision}" if outliner.revision else named


def _of_commit(what: str, model: HubFinder) -> str:
    return f"{what} {model.name}, commit {model.revision[:12]}" if model.revision else ""


def find(
    image: Tensor,
    finder: str,
    *,
    confidence: float = default_of("confidence"),
    face_area: Any = default_of("face_area"),
    smallest_face: int = default_of("smallest_face"),
    tolerance: float = default_of("tolerance"),
    connected: bool = default_of("connected"),
    points: Iterable[Iterable[int]] = (),
    boxes: Iterable[Iterable[int]] = (),
    words: str = default_of("words"),
    candidate: Any = default_of("candidate"),
    keep_labels: str = default_of("keep_labels"),
    overlaps: Any = default_of("overlaps"),
    merge_touching: bool = default_of("merge_touching"),
    largest: int = default_of("largest"),
    outlined_by: str = default_of("outlined_by"),
    refine_edges: int = default_of("refine_edges"),
    edges_by: str = default_of("edges_by"),
    background: bool = default_of("background"),
    merge_labels: bool = default_of("merge_labels"),
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
) -> Segments:
    """Find segments in a photo, without a mask.

    Args:
        image: (1, H, W, 3 or 4), uint8 or float32 in [0, 1].
        finder: ``faces``; ``colours``, regions of each of the eleven colour names; ``click``, what
            has the colour of ``points``; ``box``, the thing in each of ``boxes``; or a model of
            the hub, by its name in the catalogue or its repo id, which is fetched once.
        confidence: How sure a finder of faces has to be, or a model that is not clicked at, 0..1;
            the default asks a model for what such models are asked for as a rule.
        face_area: ``ellipse``, ``box`` or ``head``.
        smallest_face: How wide the smallest face is that is looked for, px; 0 fits the picture.
        tolerance: How far a colour may be from one that was clicked, 0..100.
        connected: Only what hangs together with a point is found, not all of its colour.
        points: Each x, y and, where it is not wanted, 0; px.
        boxes: Each x1, y1, x2, y2, px, half-open.
        words: What a model that finds by words looks for, with commas between.
        candidate: Which answer of a model to a click is taken: ``best``, ``smallest``, ``middle``
            or ``largest``.
        keep_labels: Labels that stay, with commas between; empty is all.
        overlaps: Where two overlap: ``keep``, ``cut`` (the surer one has it), ``best`` (the surest
            of the same thing stays) or ``join`` (they are one).
        merge_touching: Those of one label that touch or overlap are one.
        largest: How many of the largest stay; 0 is all.
        outlined_by: Where a model finds boxes, the model that is clicked at which cuts out what is
            in each: a catalogue's name, or a repo id. Empty leaves them as such models have them.
        refine_edges: How far edges may move to follow the photo's own, px, 0..100.
        edges_by: The model that says how much of each pixel belongs to a segment that near its
            edge: ``ViTMatte``, or its repo id; empty goes by the photo's colours.
        background: One segment of all but what is found, labelled ``background``.
        merge_labels: All that has one label is one segment.
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        drop_size: Width and height must both exceed this, px, at least 1.

    Returns:
        Segments with ``label`` and ``confidence``, in reading order; none where nothing was found.

    Raises:
        InputError: The image or an option is not as described, or the finder is not at hand.
        ClassifierError: A model cannot be had or used.

    >>> import torch
    >>> image = torch.zeros(1, 60, 80, 3)
    >>> image[:, 20:50, 30:70, 0] = 0.8
    >>> [(item.label, tuple(item.bbox)) for item in find(image, "colours").items]
    [('black', (0, 0, 80, 60)), ('red', (30, 20, 70, 50))]
    """
    check_outliner(outlined_by)
    check_softener(edges_by)
    softener = softener_of(edges_by, refine_edges, FinderShelf(Settings()))
    way = find_way(finder, outlined_by=outlined_by)
    asked = Asked(
        confidence,
        face_area,
        smallest_face,
        tolerance,
        connected,
        tuple(_point(number, point) for number, point in enumerate(points)),
        tuple(_box(number, box) for number, box in enumerate(boxes)),
        CropOptions(crop_factor, drop_size),
        candidate,
        asked_names(words),
    )
    narrowing = Narrowing(keep_labels, overlaps, merge_touching, largest)
    check_reach(refine_edges)
    pixels = _pixels(image)
    found = narrow(way.make(lambda: None).find(pixels, asked), narrowing, asked.cut)
    if merge_labels:
        found = joined(found, asked.cut, by_label=True)
    found = soften_segments(
        found, pixels, refine_edges, softener, crop_factor=crop_factor, drop_size=drop_size
    )
    return background_of(found, asked.cut) if background else found


def _pixels(image: Tensor) -> Pixels:
    check_image("the image", image)
    if len(image) != 1:
        raise InputError(f"the image has {len(image)} frames: expected one")
    plane = image[0].detach().cpu().numpy()
    if plane.dtype == np.uint8:
        return np.ascontiguousarray(plane)
    return np.asarray(np.rint(np.clip(plane, 0, 1) * np.float32(255)), np.uint8)


def _point(number: int, said: Iterable[int]) -> Point:
    values = tuple(said)
    if len(values) not in {2, 3} or not all(is_whole(value) for value in values):
        raise InputError(f"points[{number}] is {values}: expected x, y and perhaps 1 or 0")
    return Point(int(values[0]), int(values[1]), len(values) == 2 or bool(values[2]))


def _box(number: int, said: Iterable[int]) -> Box:
    values = tuple(said)
    if len(values) != 4 or not all(is_whole(value) for value in values):
        raise InputError(f"boxes[{number}] is {values}: expected x1, y1, x2, y2 in whole px")
    return Box(*(int(value) for value in values))
