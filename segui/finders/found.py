"""What a finder finds in a photo, as a further source of areas beside files and paint."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from segui.finders.background import background_of
from segui.finders.base import Asked, Pixels
from segui.finders.finding import Way, find_way
from segui.finders.finishing import finished
from segui.finders.found_before import FoundBefore
from segui.finders.found_by import FoundBy, Offered
from segui.finders.joining import joined
from segui.finders.limits import check_areas, check_boxes, check_faces, check_points
from segui.finders.models.shelf import FinderShelf
from segui.finders.narrowing import Narrowing, narrow, note_of_labels
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.finders.softening import Softener
from segui.masks.notes import Beyond
from segui.segments.cutting import CropOptions, merge_segments
from segui.segments.segment import Segments
from segui.settings import Settings

Progress = Callable[[int, int], None]

NONE_KEPT = "none of the labels to keep is among those that were found"


class Found(NamedTuple):
    """What was found.

    Args:
        segments: The segments.
        notes: What a person should know of them, such as that there are none.
        by: Who found them, where it was a model.
    """

    segments: Segments
    notes: tuple[str, ...]
    by: FoundBy | None = None


def segments_found(
    inputs: Inputs,
    pixels: Pixels,
    options: SegmentOptions,
    limits: Settings,
    progress: Progress | None = None,
    before: FoundBefore | None = None,
    *,
    finders: FinderShelf | None = None,
    fetching: Progress | None = None,
    softener: Softener | None = None,
) -> Found:
    """What the finder asked for finds.

    Args:
        inputs: What was clicked and framed.
        pixels: The photo, (H, W, 3 or 4) uint8.
        options: What to find, and how it becomes segments.
        limits: The most segments.
        progress: Called now and then with the number of mask files, twice, as they are all read;
            what it raises ends the work, and is raised.
        before: What was found last: where only what stays of it has changed, nothing is looked for.
        finders: Gives models of the hub; None gives those that the settings allow.
        fetching: Told how many bytes of a model are here and how many there are in all.
        softener: The model that has edges follow the photo's; None goes by the colours.

    Raises:
        InputError: The finder is not at hand, too little was said, there is too much to look at,
            or there are too many segments.
        ClassifierError: A model cannot be had or used.
    """
    shelf = finders or FinderShelf(limits)
    way = find_way(
        options.finder,
        shelf,
        fetching,
        outlined_by=options.outlined_by,
        max_megapixels=limits.max_crop_megapixels,
    )
    count = len(inputs.masks)

    def stop() -> None:
        if progress is not None:
            progress(count, count)

    stop()
    asked = options.asked(inputs.points, inputs.boxes)
    _check_effort(way, asked, (pixels.shape[0], pixels.shape[1]), limits)

    def find() -> tuple[Segments, tuple[Offered, ...]]:
        found = way.make(stop).find(pixels, asked)
        return found, way.offered(pixels, asked)

    key = options.finder, way.by, asked
    found, offered = find() if before is None else before.get(key, pixels, find)
    by = None if way.by is None else replace(way.by, offered=offered)
    if not found.items and not found.left_out:
        return Found(found, (way.nothing,), by)
    check_areas(found, options.drop_size, limits)
    of_labels = note_of_labels(found, options.keep_labels)
    narrowing = options.narrowing()
    kept = narrow(found, replace(narrowing, largest=0), asked.cut)
    beyond = len(kept.items) - narrowing.largest if narrowing.largest else 0
    kept = narrow(kept, Narrowing(largest=narrowing.largest), asked.cut)
    if found.items and not kept.items:
        return Found(kept, (NONE_KEPT, *of_labels), by)
    found = kept
    if options.combined or options.merge_labels:
        found = joined(found, asked.cut, by_label=not options.combined)
    segments, notes = finished(found, options, limits, pixels, softener)
    if options.background:
        plain = CropOptions(options.crop_factor, options.drop_size)  # the rest has no box to fill
        segments = background_of(segments, plain)
    of_model = (way.note,) if way.note else ()
    said = (*of_labels, *_beyond(beyond, narrowing.largest), *notes, *of_model)
    return Found(segments, said, by)


def _beyond(count: int, largest: int) -> list[str]:
    """How many areas were left out for larger ones, in words."""
    if count <= 0:
        return []
    areas = "1 area was" if count == 1 else f"{count} areas were"
    return [Beyond(f"{areas} left out, {largest} being larger", count)]


def _check_effort(way: Way, asked: Asked, size_hw: tuple[int, int], limits: Settings) -> None:
    """Refuse what would take minutes to look for.

    Raises:
        InputError: It would.
    """
    match way.name:
        case "faces":
            check_faces(asked.smallest_face, size_hw)
        case "click":
            check_points(asked.points, size_hw, limits)
        case "box":
            check_boxes(asked.boxes, size_hw, limits)


def with_found(
    marked: Segments, found: Segments, options: SegmentOptions, limits: Settings
) -> Segments:
    """The segments of masks and what was found, in one order.

    Args:
        marked: Those of masks and paint.
        found: What a finder found, of the same photo.
        options: The order.
        limits: The most segments.

    Raises:
        InputError: There are too many together.
    """
    if not marked.items and not marked.left_out:
        return found
    both = merge_segments([marked, found], found.size, options.order)
    check_areas(both, options.drop_size, limits)
    return both
