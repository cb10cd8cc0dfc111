"""The way of the data on one page: files, segments, scores, a selection.

Each step takes the last one's result, so a page that keeps them repeats only what changed: a new
expression asks no classifier, a new feather neither that nor the expression.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.effect_table import NO_EFFECT, OWN_STICKER, STICKER
from segui.backend.in_parts import Parts
from segui.classifiers.base import Classifier, Scores
from segui.errors import InputError, SumError
from segui.expression import Expression, parse
from segui.finders.found import Found, segments_found, with_found
from segui.finders.found_before import FoundBefore
from segui.finders.found_by import FoundBy
from segui.finders.from_files import segments_of_masks
from segui.finders.models.shelf import FinderShelf
from segui.finders.photo_notes import photo_notes
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.finders.softening import Softener, softener_of
from segui.finders.versions import read_versions, segments_where_versions_differ
from segui.images.pictures import Picture, match_profile, read_picture
from segui.masks.notes import offers_of
from segui.models.loading import Progress
from segui.options import default_of
from segui.paste_values import PasteOptions
from segui.scores.crops import Context
from segui.segments.segment import Segments
from segui.selection import Selection, score_segments, segment_properties, select
from segui.settings import Settings


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and its segments.

    Args:
        photo: The photo.
        reference: The edited version, in the photo's size and colours; or None.
        segments: What was found, in the order asked for.
        notes: What a person should know: what files were read as, what was left out.
        offers: Options that would take otherwise what was found of the edited version: ``align``,
            ``count_cast``.
        found_by: Who found what was found in the photo itself, where it was a model.
        last_effect: The effect that was made last, as far as it was, by its options: a slider asks
            for the same one again and again.
        last_before: What the edit was made on that was made last with others before it, by these.
        more_references: Further edited versions, from the second one on.
        sticker: A picture of one's own for the effect ``sticker``, of any size; or None.
        edges_by: The model, with its commit, that softened edges; empty where none did.
    """

    photo: Picture
    reference: Picture | None
    segments: Segments
    notes: tuple[str, ...] = ()
    offers: frozenset[str] = frozenset()
    found_by: FoundBy | None = None
    last_effect: dict[tuple[object, ...], Parts] = field(default_factory=dict, repr=False)
    last_before: dict[tuple[object, ...], "Scene"] = field(default_factory=dict, repr=False)
    more_references: tuple[Picture, ...] = ()
    sticker: Picture | None = None
    edges_by: str = ""

    @property
    def versions(self) -> tuple[Picture, ...]:
        """All edited versions, in the order of their numbers."""
        return () if self.reference is None else (self.reference, *self.more_references)

    def version(self, number: int) -> Picture | None:
        """The edited version of a number, from 1; None where there is none."""
        return self.versions[number - 1] if 1 <= number <= len(self.versions) else None

    def has_pixels_for(self, options: PasteOptions) -> bool:
        """Whether there is something to paste: an effect, or the picture that is asked for."""
        if options.effect == STICKER and options.sticker == OWN_STICKER:
            return self.sticker is not None
        return options.effect != NO_EFFECT or self.version(options.version) is not None


def open_scene(
    inputs: Inputs,
    options: SegmentOptions | None = None,
    settings: Settings | None = None,
    *,
    photo: Picture | None = None,
    finding: Progress | None = None,
    before: FoundBefore | None = None,
    finders: FinderShelf | None = None,
    fetching: Progress | None = None,
    softening: Progress | None = None,
) -> Scene:
    """Read the files and find the segments.

    Masks, what was painted and what a finder finds add up; without any of them, segments are where
    the edited version differs from the photo.

    Args:
        inputs: The files, and what was clicked and framed.
        options: How masks become segments, and what is found beside them.
        settings: Limits on sizes and counts.
        photo: What ``inputs.image`` holds, where it was read before.
        finding: Told how many mask files of how many are read; what it raises ends the work, and is
            raised.
        before: What a finder has found last, for whoever asks again and again about one photo.
        finders: Gives models that find; None gives those that the settings allow.
        fetching: Told how many bytes of such a model are here and how many there are in all; what
            it raises ends the work, and is raised.
        softening: Told along how many parts of how many of the edges a model has looked, and asked
            now and then whether to go on; what it raises ends the work, and is raised.

    Raises:
        InputError: A file cannot be used, sizes differ, or nothing says where segments are.
        ClassifierError: A model that is to find cannot be had or used.
    """
    asked = options or SegmentOptions()
    limits = (settings or Settings()).with_shrink(asked.shrink)
    if len(inputs.masks) > limits.max_masks:
        raise SumError(
            f"there are {len(inputs.masks)} mask files: at most {limits.max_masks} are allowed"
        )
    has_masks = bool(inputs.masks) or inputs.painted is not None
    if not has_masks and inputs.reference is None and not asked.finder:
        raise InputError(
            "nothing says what the areas are: add a mask, or an edited version to compare with"
        )
    if photo is None:
        photo = read_picture(inputs.image, turn=asked.turn_photo, **limits.reading)
    versions = read_versions(inputs, photo, asked, limits)
    softener = softener_of(
        asked.edges_by,
        asked.refine_edges,
        finders or FinderShelf(limits),
        fetching,
        softening,
        max_megapixels=limits.max_crop_megapixels,
    )
    notes = photo_notes(photo, asked.turn_photo)
    notes += [note for version in versions for note in version.notes]
    if has_masks or asked.finder or not versions:
        found = _marked_or_found(
            inputs,
            photo,
            asked,
            limits,
            finding,
            before,
            finders=finders,
            fetching=fetching,
            softener=softener,
        )
    else:
        segments, said = segments_where_versions_differ(
            photo.pixels, versions, asked, limits, softener
        )
        found = Found(segments, tuple(said))
    pictures = tuple(version.picture for version in versions)
    offers = {"align"} if any(version.can_align for version in versions) else set[str]()
    offers |= {offer.option for note in found.notes for offer in offers_of(note)} & {"count_cast"}
    of_edges = "" if softener is None else softener.note
    return Scene(
        photo,
        pictures[0] if pictures else None,
        found.segments,
        (*notes, *found.notes, *(said for said in (of_edges,) if said)),
        frozenset(offers),
        found_by=found.by,
        more_references=pictures[1:],
        sticker=_read_sticker(inputs, photo, limits),
        edges_by="" if softener is None else softener.pinned,
    )


def _read_sticker(inputs: Inputs, photo: Picture, limits: Settings) -> Picture | None:
    """The sticker in the photo's colours."""
    if inputs.sticker is None:
        return None
    read = read_picture(inputs.sticker, **limits.reading)
    return match_profile(read, photo, limits.read_limits)


def score_scene(
    scene: Scene,
    classifier: Classifier,
    progress: Progress | None = None,
    *,
    loading: Progress | None = None,
    context: Context = default_of("context"),
) -> tuple[Scores, ...]:
    """What a classifier says of each segment of the photo.

    Args:
        scene: The photo and its segments.
        classifier: Whom to ask.
        progress: Is told how many segments of how many were judged, batch by batch; what it
            raises ends the work.
        loading: Is told how many bytes of the classifier are here and how many there are in all.
        context: How much is shown around each segment: ``crop``, ``bbox`` or ``segment``.

    Raises:
        ClassifierError: The classifier failed.
    """
    photo = as_tensor(scene.photo.pixels)
    return score_segments(
        classifier, scene.segments, photo, progress=progress, loading=loading, context=context
    )


def choose(
    scene: Scene,
    scores: Sequence[Scores],
    expression: str | Expression,
    on_unknown: str = default_of("on_unknown"),
) -> Selection:
    """Tell the segments apart by an expression; no classifier is asked.

    Raises:
        ExpressionError: The expression cannot be read.
        InputError: ``on_unknown`` is none of remain, filter and review.
    """
    parsed = expression if isinstance(expression, Expression) else parse(expression)
    reference = None if scene.reference is None else as_tensor(scene.reference.pixels)
    properties = segment_properties(
        scene.segments, parsed.properties, as_tensor(scene.photo.pixels), reference
    )
    return select(scene.segments, scores, parsed, on_unknown, properties=properties)


def as_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """(H, W, C) pixels as the engine's (1, H, W, C), sharing their memory."""
    return torch.from_numpy(pixels)[None]


def _marked_or_found(
    inputs: Inputs,
    photo: Picture,
    asked: SegmentOptions,
    limits: Settings,
    tell: Progress | None,
    before: FoundBefore | None,
    *,
    finders: FinderShelf | None,
    fetching: Progress | None,
    softener: Softener | None,
) -> Found:
    """The segments of masks, of what a finder finds, or of both."""
    marked, notes = Segments(photo.size_hw), list[str]()
    if inputs.masks or inputs.painted is not None:
        marked, notes = segments_of_masks(
            inputs,
            photo.size_hw,
            asked,
            limits,
            tell,
            orientation=photo.orientation,
            pixels=photo.pixels,
            softener=softener,
        )
    if not asked.finder:
        return Found(marked, tuple(notes))
    found = segments_found(
        inputs,
        photo.pixels,
        asked,
        limits,
        tell,
        before,
        finders=finders,
        fetching=fetching,
        softener=softener,
    )
    both = with_found(marked, found.segments, asked, limits)
    return Found(both, (*notes, *found.notes), found.by)
