"""The steps of the page's work on the engine: each takes a Work and gives the next one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segui.classifiers.base import Classifier
from segui.errors import InputError
from segui.images import aspect_agrees, encode_png, read_picture, write_preview
from segui.mask_files import read_mask
from segui.pipeline import (
    Inputs,
    PasteOptions,
    SegmentOptions,
    choose,
    open_scene,
    render,
    score_scene,
)
from segui.previews import thumbnail
from segui.segments import Segments
from segui.settings import Settings
from segui.ui.choices import ClassifierChoice
from segui.ui.folders import PICTURES, fresh_folder, url_of
from segui.ui.state import Files, Work

Pixels = NDArray[np.uint8]

MAX_THUMBNAILS = 200
THUMBNAIL_PX = 160
THUMBNAIL_QUALITY = 80


def opened(files: Files, options: SegmentOptions, settings: Settings, folder: Path) -> Work:
    """Read the files and find the areas; without masks and an edited version, the photo alone.

    Raises:
        InputError: A file cannot be used, or sizes differ.
    """
    if files.photo is None:
        return Work(files, opened_as=(files, options))
    if not files.are_enough:
        photo = read_picture(files.photo, max_megapixels=settings.max_megapixels)
        return Work(files, photo, opened_as=(files, options))
    scene = open_scene(Inputs(files.photo, files.masks, files.reference), options, settings)
    place = fresh_folder(folder / PICTURES)
    return Work(
        files=files,
        photo=scene.photo,
        scene=scene,
        opened_as=(files, options),
        thumbnails=_write_thumbnails(scene.photo.pixels, scene.segments, place),
    )


def after_failure(work: Work, files: Files, options: SegmentOptions, settings: Settings) -> Work:
    """What is left where no areas can be made: the areas as they were, or a new photo alone.

    Raises:
        InputError: The photo cannot be read.
    """
    if files.photo == work.files.photo:
        return replace(work, files=files, opened_as=(files, options))
    alone = opened(replace(files, masks=(), reference=None), options, settings, Path())
    return replace(alone, files=files, opened_as=(files, options))


def is_scored(work: Work, choice: ClassifierChoice) -> bool:
    """Whether the areas have been judged by that classifier."""
    return work.scores is not None and work.scores_of == choice.key


def scored(work: Work, choice: ClassifierChoice, classifier: Classifier) -> Work:
    """Have the areas judged, unless that classifier has done so.

    Raises:
        ClassifierError: The classifier failed.
    """
    if work.scene is None or is_scored(work, choice):
        return work
    scores = score_scene(work.scene, classifier)
    return replace(work, scores=scores, scores_of=choice.key, selection=None)


def chosen(work: Work, expression: str, on_unknown: str) -> Work:
    """Tell the areas apart; before a classifier has answered, by what needs none.

    Raises:
        ExpressionError: The expression cannot be read.
    """
    if work.scene is None:
        return work
    scores = work.scores or tuple({} for _ in work.scene.segments.items)
    return replace(work, selection=choose(work.scene, scores, expression, on_unknown))


def painted(work: Work, options: PasteOptions, device: str) -> Pixels | None:
    """The photo with its edit at full size; None where there are no areas yet.

    Raises:
        InputError: There is neither an edited version nor an effect.
    """
    if work.scene is None or work.selection is None:
        return None
    return render(work.scene, work.selection.filtered, options, device)


def write_result(work: Work, options: PasteOptions, device: str, folder: Path) -> Path | None:
    """The result as a PNG of full size, in the photo's own colours.

    Raises:
        InputError: There is neither an edited version nor an effect.
    """
    pixels = painted(work, options, device)
    if pixels is None or work.scene is None or work.files.photo is None:
        return None
    path = fresh_folder(folder) / f"{work.files.photo.stem}-segui.png"
    path.write_bytes(encode_png(pixels, icc_profile=work.scene.photo.icc_profile))
    return path


def scaling_would_help(files: Files, options: SegmentOptions, settings: Settings) -> bool:
    """Whether files of another size than the photo have its proportions, nearly."""
    if files.photo is None or options.scale:
        return False
    limit = settings.max_megapixels
    try:
        size = read_picture(files.photo, max_megapixels=limit).size_hw
        others = [read_mask(path, max_megapixels=limit).size_hw for path in files.masks]
        if files.reference is not None:
            others.append(read_picture(files.reference, max_megapixels=limit).size_hw)
    except InputError:
        return False
    differing = [other for other in others if other != size]
    return bool(differing) and all(aspect_agrees(other, size) for other in differing)


def _write_thumbnails(pixels: Pixels, segments: Segments, folder: Path) -> tuple[str, ...]:
    urls = []
    for number, item in enumerate(segments.items[:MAX_THUMBNAILS], 1):
        path = folder / f"{number}.jpg"
        write_preview(path, thumbnail(pixels, item, THUMBNAIL_PX), quality=THUMBNAIL_QUALITY)
        urls.append(url_of(path))
    return tuple(urls)
