"""What the engine does in each stage of a session."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from segui.backend.uncovered import Uncovered
from segui.backend.workers import Stop, never
from segui.classifiers.base import Classifier
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.likeness import LikeThese
from segui.edits import Edit, choose_for_edits, make_edits
from segui.errors import ClassifierError, InputError, LargeError, MarksError, SizeError, SumError
from segui.expression import Expression, read_rules
from segui.finders.base import Point
from segui.finders.found import segments_found
from segui.finders.found_before import FoundBefore
from segui.finders.models.shelf import FinderShelf, Keeping
from segui.finders.picture_files import Inputs as SceneFiles
from segui.finders.segment_values import SegmentOptions
from segui.images.fitting import fit_edited
from segui.images.pictures import Picture, read_picture, write_preview
from segui.images.writing import shrink
from segui.masks.files import read_painted
from segui.masks.sets import Photo, check_one, read_one
from segui.masks.sizes.padding import PaddedError
from segui.masks.strokes import read_strokes
from segui.pipeline import Scene, as_tensor, open_scene, score_scene
from segui.previews.layers import PreviewLayer, layer_thumbnail, preview_layers
from segui.previews.thumbnails import PREVIEW_PX, thumbnail
from segui.scores.crops import has_pixels, seen
from segui.segments.segment import Segments
from segui.selection import Selection
from segui.session.by_hand import found_again
from segui.session.files import FileRef
from segui.session.folders import PICTURES, fresh_folder
from segui.session.inputs import Areas, EditInputs, Inputs, PhotoKey
from segui.session.results import Counted, Failed, Painted, Pictures, Scored, Telling
from segui.settings import Settings
from segui.takeaway.unhidden import still_seen

if TYPE_CHECKING:
    from segui.scores.crops import Context

Pixels = NDArray[np.uint8]
Layers = tuple[PreviewLayer, ...]

UNMARKED = "click on the photo what you want, or draw a box around it"
MAX_THUMBNAILS = 200
MOST_COUNTING_SECONDS = 3.0  # of a processor: a large photo without a face is looked at closely
THUMBNAIL_PX = 160
THUMBNAIL_QUALITY = 80


def read_photo(key: PhotoKey, settings: Settings) -> Picture | Failed:
    """The photo, or why it cannot be opened at its own size.

    Args:
        key: What it is made from.
        settings: Limits.

    Raises:
        InputError: It cannot be read.
    """
    if key.file is None:
        raise InputError("there is no photo")
    try:
        reading = settings.with_shrink(key.shrink).reading
        return read_picture(key.file.path, turn=key.turn, **reading)
    except LargeError as error:
        return Failed(str(error), smaller_wh=error.smaller_wh)


def shrunk(photo: Picture) -> Pixels:
    """The photo's pixels at the preview's size."""
    return shrink(photo.pixels, PREVIEW_PX)


def found(
    key: Hashable,
    photo: Picture,
    settings: Settings,
    telling: Telling,
    before: FoundBefore | None = None,
    models: Keeping | None = None,
) -> Scene | Failed:
    """The photo and its areas, or why there can be none, with each file that cannot be used.

    Args:
        key: What they are made from.
        photo: The photo.
        settings: Limits.
        telling: Told how far it is.
        before: What a finder has found last.
        models: Keeps those that find; None keeps none.

    Raises:
        Stopped: Nobody wants to know any more.
    """
    areas = cast("Areas", key)
    files, options = areas.files, areas.segment_options()
    inputs = SceneFiles(
        _path(files.photo) or Path(),
        tuple(mask.path for mask in files.masks),
        _path(files.reference),
        painted=_path(files.painted),
        strokes=tuple(_path(files.strokes_on(mask.id)) for mask in files.masks),
        points=tuple(Point(*point) for point in files.points),
        boxes=files.boxes,
        more_references=tuple(file.path for file in files.more_references),
        sticker=_path(files.sticker),
    )
    try:
        return open_scene(
            inputs,
            options,
            settings,
            photo=photo,
            finding=telling.finding,
            before=before,
            finders=FinderShelf(settings, models),
            fetching=telling.fetching,
            softening=telling.softening,
        )
    except ClassifierError as error:  # the hub may be in reach the next time
        return Failed(f"{error}", is_passing=True)
    except MarksError:
        return Failed(UNMARKED, wants_marks=True)
    except SumError as error:  # nothing is wrong with any of the files
        return Failed(str(error))
    except PaddedError as error:
        wrong = _troubles(areas, photo, settings)
        return Failed(str(error), wrong, offers=error.offers)
    except InputError as error:
        can_scale = isinstance(error, SizeError) and not options.scale
        smaller_wh = error.smaller_wh if isinstance(error, LargeError) else None
        return Failed(str(error), _troubles(areas, photo, settings), can_scale, smaller_wh)


def counted(
    photo: Picture,
    options: Mapping[str, Any],
    settings: Settings,
    telling: Telling,
    before: FoundBefore | None = None,
) -> Counted:
    """What a way that takes a moment would find in a photo.

    Args:
        photo: The photo.
        options: By name; ``finder`` is the way.
        settings: Limits.
        telling: Asked whether it is still wanted.
        before: What a finder has found last; whoever asks for the same then has it at once.

    Raises:
        InputError: It cannot find here, it finds too much, or it takes longer than nobody's asking
            for it is worth.
        Stopped: Nobody wants to know any more.
    """
    begun = thread_time()

    def go_on(_done: int, _total: int) -> None:
        telling.pasting()
        if thread_time() - begun > MOST_COUNTING_SECONDS:
            raise InputError(f"counting takes longer than {MOST_COUNTING_SECONDS:g} s")

    asked = SegmentOptions.of(options)
    found = segments_found(SceneFiles(Path()), photo.pixels, asked, settings, go_on, before)
    return Counted(found.segments)


def _path_name(file: FileRef | None) -> str:
    return "" if file is None else file.name


def _path(file: FileRef | None) -> Path | None:
    return None if file is None else file.path


def _troubles(areas: Areas, photo: Picture, settings: Settings) -> tuple[tuple[str, str], ...]:
    """What is wrong with each of the files: the first one that fails hides the others."""
    wrong = []
    for file in areas.files.all:
        try:
            _try_file(file, areas, photo, settings)
        except InputError as error:
            wrong.append((file.id, str(error)))
    return tuple(wrong)


def _try_file(file: FileRef, areas: Areas, photo: Picture, settings: Settings) -> None:
    options = areas.segment_options()
    reading = settings.with_shrink(options.shrink).reading
    if file in areas.files.masks:
        check_one(file.path, _laid_on(areas, photo), options.mask_set_options(), **reading)
    elif file in areas.files.references:
        fit_edited(read_picture(file.path, **reading), photo, scale=options.scale)
    elif file == areas.files.sticker:
        read_picture(file.path, **reading)
    elif file == areas.files.painted:
        read_painted(file.path, photo.size_hw, **reading)
    elif file != areas.files.photo:
        read_strokes(file.path, photo.size_hw, **reading)


def _laid_on(areas: Areas, photo: Picture) -> Photo:
    """What mask files are laid onto."""
    name = _path_name(areas.files.photo)
    return Photo(photo.size_hw, photo.orientation, name, photo.pixels)


def mask_preview(mask: FileRef, areas: Areas, photo: Picture, settings: Settings) -> Pixels:
    """A mask file as it is painted on: small, and without what was painted on it.

    Args:
        mask: The file.
        areas: How mask files are read.
        photo: Its photo.
        settings: Limits.

    Returns:
        (H, W) uint8 of the preview's size; 255 selected, or labelled.

    Raises:
        InputError: It cannot be used.
    """
    options = areas.segment_options()
    fitted = read_one(
        mask.path,
        _laid_on(areas, photo),
        options.mask_set_options(),
        **settings.with_shrink(options.shrink).reading,
    )
    if fitted.labels is None:
        selected = fitted.soft
    else:
        selected = np.where(fitted.labels != 0, np.uint8(255), np.uint8(0))
    return shrink(np.asarray(selected, np.uint8), PREVIEW_PX)


def pictured(scene: Scene, small: Pixels | None, shows: str, folder: Path) -> Pictures:
    """What the page shows of the areas.

    Args:
        scene: The photo and its areas.
        small: The photo's pixels at the preview's size; None makes them.
        shows: What of an area is shown: empty is its crop with the rest dimmed; else the context
            in which a model is shown it.
        folder: The session's.
    """
    pixels, segments = scene.photo.pixels, scene.segments
    small = shrink(pixels, PREVIEW_PX) if small is None else small
    layers = preview_layers(segments, (small.shape[0], small.shape[1]))
    place = fresh_folder(folder / PICTURES)
    if shows:
        return Pictures(layers, _write_seen(pixels, segments, cast("Context", shows), place))
    return Pictures(layers, _write_thumbnails(pixels, small, segments, layers, place))


def scored(
    scene: Scene, choice: ClassifierChoice, classifier: Classifier, telling: Telling
) -> Scored:
    """What a classifier says of the areas.

    Raises:
        ClassifierError: The classifier failed.
        Stopped: Nobody wants to know any more.
    """
    if isinstance(classifier, LikeThese):
        classifier = LikeThese(_examples(scene.segments, dict(choice.examples)))
    scores = score_scene(
        scene,
        classifier,
        telling.judging,
        loading=telling.fetching,
        context=cast("Context", choice.context),
    )
    revision = str(getattr(classifier, "revision", "") or "")
    return Scored(scores, choice.key, revision, tuple(getattr(classifier, "notes", ())))


def _examples(segments: Segments, decided: Mapping[Any, bool]) -> dict[int, bool]:
    """What was decided of the areas as they are now, by their places, from 0."""
    found = found_again(segments, tuple(decided))
    return {place: decided[key] for place, key in sorted(found.items())}


def chosen(scene: Scene, scored: Scored | None, inputs: Inputs) -> tuple[Selection, ...]:
    """What each edit has; before a classifier has answered, by what needs none."""
    items = scene.segments.items
    scores = tuple({} for _ in items) if scored is None else scored.scores
    return choose_for_edits(scene, scores, as_edits(scene, inputs))


def as_edits(scene: Scene, inputs: Inputs) -> tuple[Edit, ...]:
    """A session's edits as the engine takes them."""
    rules = read_rules(inputs.options["rules"])
    return tuple(_as_edit(scene.segments, edit, rules) for edit in inputs.edits)


def made_edits(scene: Scene, inputs: Inputs) -> tuple[Edit, ...]:
    """The same as they are made: one of several that has nothing to paste yet waits for that."""
    edits = as_edits(scene, inputs)
    ready = [scene.has_pixels_for(edit.paste) for edit in edits]
    if not any(ready):
        return edits
    return tuple(
        replace(edit, enabled=edit.enabled and is_ready)
        for edit, is_ready in zip(edits, ready, strict=True)
    )


def _as_edit(segments: Segments, edit: EditInputs, rules: Mapping[str, Expression]) -> Edit:
    found = found_again(segments, edit.overrides)
    return Edit(
        edit.options["expression"],
        edit.paste_options(),
        among=edit.options["among"],
        on_unknown=edit.options["on_unknown"],
        by_hand={place + 1: edit.overrides[key] == "filtered" for place, key in found.items()},
        name=edit.name,
        enabled=edit.enabled,
        rules=rules,
        fade=edit.options["fade"],
    )


def painted(
    scene: Scene,
    selections: Sequence[Selection],
    inputs: Inputs,
    settings: Settings,
    *,
    stop: Stop = never,
) -> Painted:
    """The photo with its edits at full size.

    Raises:
        Stopped: Nobody wants it any more.
        InputError: There is neither an edited version nor an effect, or the areas reach too far.
    """
    edits = made_edits(scene, inputs)
    pixels = make_edits(
        scene,
        edits,
        selections,
        device=settings.device,
        limits=settings,
        stop=stop,
        open_edit=inputs.place,
    )
    seen = (
        still_seen(scene, selection, edit.paste, stop=stop) if edit.enabled else Uncovered()
        for edit, selection in zip(edits, selections, strict=True)
    )
    return Painted(pixels, tuple(seen))


def _write_thumbnails(
    pixels: Pixels, small: Pixels, segments: Segments, layers: Layers, folder: Path
) -> tuple[Path | None, ...]:
    """Thumbnails from the photo's preview, where that has pixels enough: crops are large."""
    of_preview = {layer.number: layer for layer in layers}
    paths = []
    for number, item in enumerate(segments.items[:MAX_THUMBNAILS], 1):
        path, layer = folder / f"{number}.jpg", of_preview.get(number)
        if layer is not None and max(layer.crop.size_hw) >= THUMBNAIL_PX:
            shown = layer_thumbnail(small, layer, THUMBNAIL_PX)
        else:
            shown = thumbnail(pixels, item, THUMBNAIL_PX)
        write_preview(path, shown, quality=THUMBNAIL_QUALITY)
        paths.append(path)
    return tuple(paths)


def _write_seen(
    pixels: Pixels, segments: Segments, context: Context, folder: Path
) -> tuple[Path | None, ...]:
    """The very pictures that a model gets, but small; of an area without pixels there is none."""
    photo, paths = as_tensor(pixels), []
    for number, item in enumerate(segments.items[:MAX_THUMBNAILS], 1):
        path = folder / f"{number}.jpg"
        shown = np.asarray(seen(item, photo, context)) if has_pixels(item, photo) else None
        if shown is not None:
            write_preview(path, shown, THUMBNAIL_PX, quality=THUMBNAIL_QUALITY)
        paths.append(None if shown is None else path)
    return tuple(paths)
