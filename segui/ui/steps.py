"""The steps of the page's work on the engine: each takes a Work and gives the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from segui.classifiers.base import Classifier
from segui.classifiers.choice import ClassifierChoice
from segui.errors import InputError
from segui.images.pictures import encode_png, read_picture, write_preview
from segui.images.writing import shrink
from segui.pipeline import (
    Inputs,
    PasteOptions,
    Scene,
    SegmentOptions,
    as_tensor,
    choose,
    mask_image,
    open_scene,
    render,
    score_scene,
)
from segui.previews.layers import PreviewLayer, layer_thumbnail, preview_layers
from segui.previews.thumbnails import PREVIEW_PX, thumbnail
from segui.scores.crops import has_pixels, seen
from segui.segments.segment import Segment, Segments
from segui.selection import Selection, Side, override
from segui.settings import Settings
from segui.takeaway.cutouts import cutouts_zip
from segui.takeaway.table import scores_csv
from segui.ui.folders import PICTURES, fresh_folder, url_of
from segui.ui.state import Files, Hand, Wishes, Work

if TYPE_CHECKING:
    from segui.scores.crops import Context
    from segui.ui.state import AreaKey, Chooser

Pixels = NDArray[np.uint8]
Layers = tuple[PreviewLayer, ...]

MAX_THUMBNAILS = 200
THUMBNAIL_PX = 160
THUMBNAIL_QUALITY = 80


def opened(files: Files, options: SegmentOptions, settings: Settings, folder: Path) -> Work:
    """Read the files and find the areas; without masks and an edited version, the photo alone.

    Raises:
        InputError: A file cannot be used, or sizes differ.
    """
    found = _found(files, options, settings)
    return found if found.scene is None else _pictured(found, folder)


def opened_and_scored(
    files: Files,
    options: SegmentOptions,
    settings: Settings,
    folder: Path,
    choice: ClassifierChoice,
    classifier: Classifier,
) -> Work:
    """The same by a classifier that is built in: it judges while pictures are made of the areas.

    Raises:
        InputError: A file cannot be used, or sizes differ.
    """
    found = _found(files, options, settings)
    if found.scene is None:
        return found
    with ThreadPoolExecutor(1) as beside:
        pictured = beside.submit(_pictured, found, folder)
        judged = scored(found, choice, classifier)
    made = pictured.result()
    return replace(judged, small=made.small, layers=made.layers, thumbnails=made.thumbnails)


def _found(files: Files, options: SegmentOptions, settings: Settings) -> Work:
    if files.photo is None:
        return Work(files, opened_as=(files, options))
    if not files.are_enough:
        photo = files.picture or read_picture(files.photo, max_megapixels=settings.max_megapixels)
        small = shrink(photo.pixels, PREVIEW_PX)
        return Work(files, photo, small, opened_as=(files, options))
    inputs = Inputs(files.photo, files.masks, files.reference, painted=files.painted)
    scene = open_scene(inputs, options, settings, photo=files.picture)
    return Work(files, scene.photo, scene=scene, opened_as=(files, options))


def _pictured(found: Work, folder: Path) -> Work:
    """The areas with what the browser shows of them."""
    assert found.scene is not None  # noqa: S101  both callers have looked
    pixels, segments = found.scene.photo.pixels, found.scene.segments
    small = shrink(pixels, PREVIEW_PX)
    layers = preview_layers(segments, (small.shape[0], small.shape[1]))
    place = fresh_folder(folder / PICTURES)
    thumbnails = _write_thumbnails(pixels, small, segments, layers, place)
    return replace(found, small=small, layers=layers, thumbnails=thumbnails)


def after_failure(
    work: Work, files: Files, options: SegmentOptions, settings: Settings, why: str
) -> Work:
    """What is left where no areas can be made: the areas as they were, or a new photo alone.

    Raises:
        InputError: The photo cannot be read.
    """
    if files.photo == work.files.photo:
        return replace(work, files=files, opened_as=(files, options), stale=why)
    bare = Files(files.photo, example=files.example, picture=files.picture)
    alone = opened(bare, options, settings, Path())
    return replace(alone, files=files, opened_as=(files, options), stale=why)


def is_scored(work: Work, choice: ClassifierChoice) -> bool:
    """Whether the areas have been judged by that classifier."""
    return work.scores is not None and work.scores_of == choice.key


def scored(
    work: Work,
    choice: ClassifierChoice,
    classifier: Classifier,
    progress: Callable[[int, int], None] | None = None,
    loading: Callable[[int, int], None] | None = None,
) -> Work:
    """Have the areas judged, unless that classifier has done so.

    Args:
        work: The areas.
        choice: Who the classifier is.
        classifier: Whom to ask.
        progress: Is told how many areas of how many were judged; what it raises ends the work.
        loading: Is told how many bytes of how many of a model are here; the same holds.

    Raises:
        ClassifierError: The classifier failed.
    """
    if work.scene is None or is_scored(work, choice):
        return replace(work, trouble="") if work.trouble else work
    context = cast("Context", choice.context)
    scores = score_scene(work.scene, classifier, progress, loading=loading, context=context)
    return replace(
        work,
        scores=scores,
        scores_of=choice.key,
        scores_revision=str(getattr(classifier, "revision", "") or ""),
        scores_notes=tuple(getattr(classifier, "notes", ())),
        labels=(),
        selection=None,
        trouble="",
    )


def unscored(work: Work, why: str, labels: Sequence[str] = ()) -> Work:
    """The areas without scores, where the classifier that was asked for has not said any.

    Args:
        work: The areas.
        why: A sentence; empty where it may still do so.
        labels: What it can say, as far as known.
    """
    return replace(
        work,
        labels=tuple(labels),
        scores=None,
        scores_of=None,
        scores_revision="",
        scores_notes=(),
        selection=None,
        trouble=why,
    )


def shown_as_judged(work: Work, choice: ClassifierChoice, folder: Path) -> Work:
    """The areas with pictures of what the classifier gets of them.

    Args:
        work: The areas.
        choice: Who judged them. What is built in looks at the area alone: the rest is dimmed.
        folder: For the pictures.
    """
    shows = "" if choice.is_built_in else choice.context
    if work.scene is None or work.shows == shows:
        return work
    pixels, place = work.scene.photo.pixels, fresh_folder(folder / PICTURES)
    if shows:
        thumbnails = _write_seen(pixels, work.scene.segments, cast("Context", shows), place)
    else:
        small = shrink(pixels, PREVIEW_PX) if work.small is None else work.small
        segments = work.scene.segments
        thumbnails = _write_thumbnails(pixels, small, segments, work.layers, place)
    return replace(work, thumbnails=thumbnails, shows=shows)


def chosen(work: Work, wishes: Wishes, hand: Hand) -> Work:
    """Tell the areas apart; before a classifier has answered, by what needs none.

    Raises:
        ExpressionError: The expression cannot be read.
    """
    if work.scene is None:
        return work
    items = work.scene.segments.items
    scores = work.scores or tuple({} for _ in items)
    by_rule = choose(work.scene, scores, wishes.expression, wishes.on_unknown)
    sides = {
        place: hand.overrides[key]
        for place, item in enumerate(items)
        if (key := area_key(item)) in hand.overrides
    }
    return replace(work, selection=override(by_rule, sides), chosen_by=chooser(wishes, hand))


def chooser(wishes: Wishes, hand: Hand) -> Chooser:
    """All that a choice depends on besides the areas and their scores."""
    return wishes.expression, wishes.on_unknown, hand.overrides


def area_key(segment: Segment) -> AreaKey:
    """What an area is known by when it is found again."""
    return segment.bbox, segment.label


def put(work: Work, hand: Hand, number: int, side: Side | None) -> Hand:
    """An area's place as the user wants it, or as the rule says again.

    Args:
        work: The areas.
        hand: What was done by hand so far.
        number: Which area, from 1.
        side: Where it goes; None undoes.
    """
    items = () if work.scene is None else work.scene.segments.items
    if not 0 < number <= len(items):
        return hand
    key = area_key(items[number - 1])
    others = {known: where for known, where in hand.overrides.items() if known != key}
    return replace(hand, overrides=others if side is None else {**others, key: side})


def painted(work: Work, options: PasteOptions, device: str) -> Pixels | None:
    """The photo with its edit at full size; None where there are no areas yet.

    Raises:
        InputError: There is neither an edited version nor an effect.
    """
    if work.scene is None or work.selection is None:
        return None
    return render(work.scene, work.selection.filtered, options, device)


def write_result(work: Work, options: PasteOptions, device: str, folder: Path, stem: str) -> Path:
    """The result as a PNG of full size, in the photo's own colours.

    Args:
        work: The results.
        options: How it is pasted.
        device: Where it is computed.
        folder: Where the file is written.
        stem: How its name begins.

    Raises:
        InputError: There is nothing to paste, or nowhere.
    """
    scene, _ = _known(work)
    pixels = painted(work, options, device)
    if pixels is None:
        raise InputError("there is no result yet")
    path = folder / f"{stem}-segui.png"
    path.write_bytes(encode_png(pixels, icc_profile=scene.photo.icc_profile))
    return path


def write_mask(work: Work, options: PasteOptions, folder: Path, stem: str) -> Path:
    """How much of each pixel the chosen areas cover, as a grey PNG of full size.

    Raises:
        InputError: There are no areas yet.
    """
    scene, selection = _known(work)
    path = folder / f"{stem}-segui-mask.png"
    path.write_bytes(encode_png(mask_image(scene, selection.filtered, options)))
    return path


def write_cutouts(work: Work, options: PasteOptions, folder: Path, stem: str) -> Path:
    """The chosen areas, each a PNG of its own, as a ZIP.

    Raises:
        InputError: No area is chosen.
    """
    scene, selection = _known(work)
    path = folder / f"{stem}-segui-cut-outs.zip"
    cutouts_zip(scene, selection, options.feather, options.alpha, options.edge, path)
    return path


def write_scores(work: Work, folder: Path, stem: str) -> Path:
    """Every area's scores as CSV.

    Raises:
        InputError: There are no areas yet.
    """
    _, selection = _known(work)
    path = folder / f"{stem}-segui-scores.csv"
    path.write_text(scores_csv(selection), encoding="utf-8", newline="")
    return path


def _known(work: Work) -> tuple[Scene, Selection]:
    if work.scene is None or work.selection is None:
        raise InputError("there are no areas yet")
    return work.scene, work.selection


def _write_thumbnails(
    pixels: Pixels, small: Pixels, segments: Segments, layers: Layers, folder: Path
) -> tuple[str, ...]:
    """Thumbnails from the photo's preview, where that has pixels enough: crops are large."""
    of_preview = {layer.number: layer for layer in layers}
    urls = []
    for number, item in enumerate(segments.items[:MAX_THUMBNAILS], 1):
        path, layer = folder / f"{number}.jpg", of_preview.get(number)
        if layer is not None and max(layer.crop.size_hw) >= THUMBNAIL_PX:
            shown = layer_thumbnail(small, layer, THUMBNAIL_PX)
        else:
            shown = thumbnail(pixels, item, THUMBNAIL_PX)
        write_preview(path, shown, quality=THUMBNAIL_QUALITY)
        urls.append(url_of(path))
    return tuple(urls)


def _write_seen(
    pixels: Pixels, segments: Segments, context: Context, folder: Path
) -> tuple[str, ...]:
    """The very pictures that a model gets, but small; of an area without pixels there is none."""
    photo, urls = as_tensor(pixels), []
    for number, item in enumerate(segments.items[:MAX_THUMBNAILS], 1):
        path = folder / f"{number}.jpg"
        shown = np.asarray(seen(item, photo, context)) if has_pixels(item, photo) else None
        if shown is not None:
            write_preview(path, shown, THUMBNAIL_PX, quality=THUMBNAIL_QUALITY)
        urls.append("" if shown is None else url_of(path))
    return tuple(urls)
