"""The way of the data on one page: files, segments, scores, a selection, the pasted picture.

Each step takes the last one's result, so a page that keeps them repeats only what changed: a new
expression asks no classifier, a new feather neither that nor the expression.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.around import weighed_around
from segui.backend.blending import NORMAL, BlendedParts, blend, check_blend
from segui.backend.coverage import coverage
from segui.backend.drawn_stickers import drawn_sticker
from segui.backend.effect_table import (
    BLUR,
    CUT_OUT,
    HIDE,
    MOSAIC,
    NO_EFFECT,
    OWN_STICKER,
    PIXELATE,
    REMOVE,
    STICKER,
    STONES,
    check_strength,
    find_effect,
)
from segui.backend.effects import Effect
from segui.backend.fitting_in import AS_IS, FittedParts, check_fit
from segui.backend.hiding import (
    Patch,
    block_for_segments,
    block_of,
    patch_of_photo,
    patches_of_segments,
    pixelate_patches,
)
from segui.backend.in_parts import EffectBySegment, EffectInParts, Parts, ReadyParts, strength_px
from segui.backend.options import check_options, feather_px
from segui.backend.paste import paste, paste_made
from segui.backend.removal import remove_segments
from segui.backend.stickers import MAX_TIMES, Sticker, StickerParts, as_stickers
from segui.backend.workers import Stop, never
from segui.classifiers.base import Classifier, Scores
from segui.device import choose_device
from segui.errors import InputError, SumError
from segui.expression import Expression, parse
from segui.finders.found import Found, segments_found, with_found
from segui.finders.found_before import FoundBefore
from segui.finders.found_by import FoundBy
from segui.finders.from_files import (
    MASK_KINDS,
    Inputs,
    SegmentOptions,
    segments_of_masks,
)
from segui.finders.models.shelf import FinderShelf
from segui.finders.versions import read_versions, segments_where_versions_differ
from segui.geometry import Box
from segui.images.pictures import Picture, match_profile, read_picture
from segui.models.loading import Progress
from segui.options import (
    STRENGTHS,
    PxOrShare,
    default_of,
    length_words,
    option_values,
    percent_of,
    read_option,
    takes_share,
    unsuited_values,
)
from segui.options.colours import parse_colour
from segui.scores.crops import Context
from segui.segments.segment import Segment, Segments
from segui.segments.sums import check_sum
from segui.selection import Selection, score_segments, segment_properties, select
from segui.settings import Settings

__all__ = [
    "CUT_OUT",
    "EFFECTS_ON",
    "HIDE",
    "MASK_KINDS",
    "NO_EFFECT",
    "OWN_STICKER",
    "STICKER",
    "EffectOn",
    "Inputs",
    "PasteOptions",
    "Scene",
    "SegmentOptions",
    "as_pasted",
    "as_tensor",
    "choose",
    "differs_by_segment",
    "edited",
    "fits_segments",
    "is_fitted",
    "looks_px",
    "mask_image",
    "open_scene",
    "render",
    "score_scene",
]

_BY_SHARE = (BLUR, PIXELATE, MOSAIC)  # whose strength may be a share of each segment
EffectOn = Literal["filtered", "everything else"]
EFFECTS_ON = option_values("effect_on")
MOST_PERCENT = 100  # of a share


@dataclass(frozen=True)
class PasteOptions:
    """What is pasted, where, and how.

    Args:
        effect: ``none`` takes the pixels of the edited version; the others make them from the
            photo: ``cut-out`` makes the rest transparent, ``hide`` pixelates each segment by
            blocks of a sixth of its longer side, ``remove`` fills each from around it, and
            cannot be made of ``everything else``.
        effect_on: The ``filtered`` segments change, or ``everything else``.
        feather: Softness of the edge, px, or a share of each segment, such as ``2%``: of the side
            of a square with as many pixels.
        alpha: Opacity, 0..255.
        edge: ``smooth``, ``outward`` or ``impact``.
        strength: In the effect's own unit, as ``effect_table`` has it: of ``blur`` its sigma, of
            ``pixelate`` and ``hide`` their block, of ``mosaic`` its stone, px. These may be a
            share, as the feather may: of each segment, or of the photo where everything else
            changes. None is what is usual, or fits the picture, of ``hide`` and ``mosaic`` each
            segment, of ``pixelate`` the largest one too.
        colour: Of ``colour``, as ``#rrggbb``.
        blend: How what is pasted is mixed with the photo: ``normal``, ``multiply``, ``screen``,
            ``soft light``, ``luminosity`` or ``colour``; ``normal`` alone for ``hide``.
        fit: How what is pasted onto segments is made to fit in: ``as is``, ``colour`` (like the
            photo's at the outline) or ``seamless`` (no step at the outline); ``as is`` alone for
            ``hide``, and in ``everything else`` it changes nothing.
        sticker: Of ``sticker``, what is laid on each segment: ``smiley``, ``heart``, ``star``,
            ``picture`` (the scene's own), or what is written there, in the colour.
        sticker_fit: ``inside`` a segment's bounding box, or to ``cover`` it.
        version: Of ``none``, which of several edited versions, by its number from 1.

    Raises:
        InputError: A value is something else, or a strength that the effect cannot take.
    """

    effect: str = default_of("effect")
    effect_on: str = default_of("effect_on")
    feather: PxOrShare = default_of("feather")
    alpha: int = default_of("alpha")
    edge: str = default_of("edge")
    strength: PxOrShare | None = None
    colour: str = default_of("colour")
    blend: str = default_of("blend")
    fit: str = default_of("fit")
    version: int = default_of("version")
    sticker: str = default_of("sticker")
    sticker_fit: str = default_of("sticker_fit")

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "PasteOptions":
        """Those among a page's options, by name.

        Args:
            values: Every option's value, as the table of options reads it. A strength of 0 fits
                the picture; that of an effect without one is not looked at.
        """
        chosen = {field.name: values[field.name] for field in fields(cls)}
        has_strength = chosen["effect"] in STRENGTHS
        is_default = chosen["strength"] in (0, "0%")
        chosen["strength"] = chosen["strength"] if has_strength and not is_default else None
        return cls(**chosen)

    def __post_init__(self) -> None:
        """Check the values, so that a page learns of a wrong one before any work."""
        find_effect(self.effect)
        if self.effect_on not in EFFECTS_ON:
            raise InputError(
                f"effect_on is {self.effect_on!r}: expected {' or '.join(map(repr, EFFECTS_ON))}"
            )
        check_options(self.feather, self.alpha, self.edge)
        self._check_strength()
        check_blend(self.blend)
        check_fit(self.fit)
        for name in ("version", "sticker", "sticker_fit"):
            read_option(name, getattr(self, name))
        for sentence in unsuited_values(self.effect, vars(self)).values():
            raise InputError(sentence)
        parse_colour(self.colour)

    @property
    def share(self) -> str | None:
        """The strength where it is a share; None where it is not."""
        if self.effect == MOSAIC and self.strength is None and self.effect_on == "filtered":
            return STONES
        return self.strength if isinstance(self.strength, str) else None

    @property
    def shape(self) -> dict[str, Any]:
        """How its edge is made, as ``paste`` takes it; a sticker has an edge of its own."""
        if self.effect == STICKER:
            return {"feather": 0, "alpha": self.alpha, "edge": "smooth"}
        return {"feather": self.feather, "alpha": self.alpha, "edge": self.edge}

    def _check_strength(self) -> None:
        if not isinstance(self.strength, str):
            check_strength(self.effect, self.strength)
            return
        known, percent = STRENGTHS.get(self.effect), percent_of(self.strength)
        is_share = percent is not None and 0 < percent <= MOST_PERCENT
        if known is not None and not (is_share and takes_share(self.effect)):
            share = f", or a share above '0%', at most '{MOST_PERCENT}%'"
            expected = known.expected + (share if takes_share(self.effect) else "")
            raise InputError(
                f"the strength of {self.effect} is {self.strength!r}: expected {expected}"
            )


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
        more_references: Further edited versions, from the second one on.
        sticker: A picture of one's own for the effect ``sticker``, of any size; or None.
    """

    photo: Picture
    reference: Picture | None
    segments: Segments
    notes: tuple[str, ...] = ()
    offers: frozenset[str] = frozenset()
    found_by: FoundBy | None = None
    last_effect: dict[tuple[object, ...], Parts] = field(default_factory=dict, repr=False)
    more_references: tuple[Picture, ...] = ()
    sticker: Picture | None = None

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

    Raises:
        InputError: A file cannot be used, sizes differ, or nothing says where segments are.
        ClassifierError: A model that is to find cannot be had or used.
    """
    asked, limits = options or SegmentOptions(), settings or Settings()
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
        photo = read_picture(
            inputs.image, max_megapixels=limits.max_megapixels, limits=limits.read_limits
        )
    versions = read_versions(inputs, photo, asked, limits)
    notes = [f"photo: {note}" for note in photo.notes]
    notes += [note for version in versions for note in version.notes]
    if has_masks or asked.finder or not versions:
        how: dict[str, Any] = {"finders": finders, "fetching": fetching}
        found = _marked_or_found(inputs, photo, asked, limits, finding, before, **how)
    else:
        segments, said = segments_where_versions_differ(photo.pixels, versions, asked, limits)
        found = Found(segments, tuple(said))
    pictures = tuple(version.picture for version in versions)
    offers = {"align"} if any(version.can_align for version in versions) else set[str]()
    if not has_masks and not asked.finder and any(one.cast_beyond(asked) for one in versions):
        offers.add("count_cast")
    return Scene(
        photo,
        pictures[0] if pictures else None,
        found.segments,
        (*notes, *found.notes),
        frozenset(offers),
        found_by=found.by,
        more_references=pictures[1:],
        sticker=_read_sticker(inputs, photo, limits),
    )


def _read_sticker(inputs: Inputs, photo: Picture, limits: Settings) -> Picture | None:
    """The sticker in the photo's colours."""
    if inputs.sticker is None:
        return None
    most, at_most = limits.max_megapixels, limits.read_limits
    read = read_picture(inputs.sticker, max_megapixels=most, limits=at_most)
    return match_profile(read, photo, at_most)


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
    how: dict[str, Any] = {"progress": progress, "loading": loading, "context": context}
    return score_segments(classifier, scene.segments, photo, **how)


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


def render(
    scene: Scene,
    filtered: Segments,
    options: PasteOptions | None = None,
    device: str = "auto",
    limits: Settings | None = None,
    *,
    stop: Stop = never,
) -> NDArray[np.uint8]:
    """The picture with its edit where it belongs.

    Args:
        scene: The picture.
        filtered: The segments that passed.
        options: What is pasted, where, and how.
        device: Where to compute: ``auto``, ``gpu`` or ``cpu``.
        limits: The most megapixels that are pasted; None pastes any number, as ``paste`` does: a
            program knows its segments, and who serves strangers says what they may ask.
        stop: Called before each segment or more often; what it raises ends the work, and is raised.

    Returns:
        (H, W, 3 or 4) uint8, the photo's size; RGBA for a cut-out.

    Raises:
        InputError: There is neither an edited version nor an effect, an option is wrong, or the
            segments reach too far with their soft edge.
    """
    asked = options or PasteOptions()
    if limits is not None:
        _check_reach(filtered, asked, limits)
    where = choose_device(device)
    photo = as_tensor(scene.photo.pixels).to(where)
    shape = asked.shape
    if asked.effect == CUT_OUT:
        kept = coverage(filtered, scene.photo.size_hw, device=where, stop=stop, **shape)
        result = _without_hidden(
            _cut_out(photo, kept if asked.effect_on == "filtered" else 1 - kept)
        )
    elif asked.effect_on == "filtered":
        filtered = as_pasted(scene, filtered, asked, stop=stop)
        fitted = FittedParts(photo, _unblended(scene, photo, filtered, asked, stop), asked.fit)

        def made(segment: Segment, box: Box) -> Tensor:
            below = photo[(slice(None), *box.slices)]
            return blend(below, fitted.at(segment, box), asked.blend)

        result = paste_made(photo, filtered, made, stop=stop, **shape)
    else:
        changed = _over(photo, _edit(scene, photo, filtered, asked, stop).whole())
        result = paste(changed, filtered, reference=photo[..., :3], stop=stop, **shape)
    return np.ascontiguousarray(result[0].cpu().numpy())


def edited(
    scene: Scene,
    filtered: Segments,
    options: PasteOptions | None = None,
    device: str = "auto",
) -> NDArray[np.uint8]:
    """The picture as if its edit were pasted all over: what a page blends by itself.

    What is made to fit in is so as far as the soft edge reaches.

    Args:
        scene: The picture.
        filtered: The segments that passed; ``hide`` and ``pixelate`` look at their sizes.
        options: Which edit.
        device: Where to compute: ``auto``, ``gpu`` or ``cpu``.

    Returns:
        (H, W, 3 or 4) uint8, the photo's size; of a cut-out RGBA, transparent throughout.

    Raises:
        InputError: There is neither an edited version nor an effect, or an option is wrong.
    """
    asked = options or PasteOptions()
    photo = as_tensor(scene.photo.pixels).to(choose_device(device))
    if asked.effect == CUT_OUT:
        result = _cut_out(photo, torch.zeros(scene.photo.size_hw, device=photo.device))
    else:
        result = _over(photo, _edited(scene, photo, filtered, asked))
    return np.ascontiguousarray(result[0].cpu().numpy())


def mask_image(scene: Scene, filtered: Segments, options: PasteOptions) -> NDArray[np.uint8]:
    """How much of each pixel the segments that passed cover, softened, (H, W) uint8.

    Of a sticker that is what the sticker covers.
    """
    pasted = as_pasted(scene, filtered, options)
    covered = coverage(pasted, scene.photo.size_hw, **options.shape)
    return np.asarray(covered.mul(255).round().to(torch.uint8).numpy(), np.uint8)


def as_pasted(
    scene: Scene, filtered: Segments, options: PasteOptions, *, stop: Stop = never
) -> Segments:
    """The segments in the outline in which they are pasted: of a sticker, in its own.

    Raises:
        InputError: There is no such sticker.
    """
    if options.effect != STICKER:
        return filtered
    sticker = _sticker(scene, options)
    return as_stickers(filtered, scene.photo.size_hw, sticker, options.sticker_fit, stop=stop)


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
    **models: Any,
) -> Found:
    """The segments of masks, of what a finder finds, or of both."""
    marked, notes = Segments(photo.size_hw), list[str]()
    if inputs.masks or inputs.painted is not None:
        how: dict[str, Any] = {"progress": tell, "orientation": photo.orientation}
        how["pixels"] = photo.pixels
        marked, notes = segments_of_masks(inputs, photo.size_hw, asked, limits, **how)
    if not asked.finder:
        return Found(marked, tuple(notes))
    found = segments_found(inputs, photo.pixels, asked, limits, tell, before, **models)
    both = with_found(marked, found.segments, asked, limits)
    return Found(both, (*notes, *found.notes), found.by)


def reach(filtered: Segments, options: PasteOptions) -> int:
    """How many pixels a paste goes through: of small segments it is the soft edge that counts.

    Args:
        filtered: The segments.
        options: How they are pasted.
    """
    feather, size_hw = options.feather, filtered.size
    reached = [
        item.content.widen(feather_px(feather, item)).clip(size_hw) for item in filtered.items
    ]
    if options.edge == "impact":  # it ends with the crop region
        crops = (item.crop_region for item in filtered.items)
        reached = [box.intersect(crop) for box, crop in zip(reached, crops, strict=True)]
    # a sticker that covers an area may be that much larger
    times = MAX_TIMES if options.effect == STICKER else 1
    return times * sum(box.width * box.height for box in reached)


def _check_reach(filtered: Segments, options: PasteOptions, limits: Settings) -> None:
    """Refuse what takes too long to paste.

    Raises:
        InputError: The segments have too many pixels together, as far as their edges reach.
    """
    what = f"{len(filtered.items)} areas with a soft edge of {length_words(options.feather)}"
    advice = "A narrower edge has less"
    check_sum(what, reach(filtered, options), limits.max_crop_megapixels, "pasted", advice)


def _edited(scene: Scene, photo: Tensor, filtered: Segments, options: PasteOptions) -> Tensor:
    """What is pasted, all over: fitted in as far as a soft edge reaches, and blended."""
    if not differs_by_segment(options):
        return _edit(scene, photo, filtered, options).whole()
    made = FittedParts(photo, _unblended(scene, photo, filtered, options, never), options.fit)
    return blend(photo, made.whole(filtered, options.feather), options.blend)


def is_fitted(options: PasteOptions) -> bool:
    """Whether what is pasted is made to fit in where each segment lies."""
    return options.fit != AS_IS and options.effect_on == "filtered" and options.effect != CUT_OUT


def differs_by_segment(options: PasteOptions) -> bool:
    """Whether each segment has pixels of its own where others lie over it."""
    has_own_strength = options.effect_on == "filtered" and options.effect in _BY_SHARE
    return (
        options.effect == STICKER
        or is_fitted(options)
        or (has_own_strength and options.share is not None)
    )


def looks_px(scene: Scene, filtered: Segments, options: PasteOptions) -> int | None:
    """How far around a pixel what is pasted there looks; None where it may look anywhere."""
    if options.effect in (REMOVE, STICKER) or is_fitted(options):
        return None
    if options.effect in (NO_EFFECT, CUT_OUT):
        return 0
    photo = scene.photo
    sides_px = [math.sqrt(math.prod(photo.size_hw)), *(item.side_px for item in filtered.items)]
    if options.effect not in (PIXELATE, HIDE):
        share, image = options.share, as_tensor(photo.pixels)
        strength = (
            options.strength if share is None else strength_px(options.effect, share, max(sides_px))
        )
        assert not isinstance(strength, str)  # noqa: S101  a share was made px above
        return Effect.on(image, options.effect, strength, options.colour).reach_px
    sizes_hw = [photo.size_hw, *(item.bbox.size_hw for item in filtered.items)]
    rows = zip(sides_px, sizes_hw, strict=True)
    return max(
        block_of(options.effect, options.strength, side_px, max(size_hw))
        for side_px, size_hw in rows
    )


def _edit(
    scene: Scene, photo: Tensor, filtered: Segments, options: PasteOptions, stop: Stop = never
) -> Parts:
    """The pixels to paste, blended with the photo."""
    made = _unblended(scene, photo, filtered, options, stop)
    return made if options.blend == NORMAL else BlendedParts(photo, made, options.blend)


def _unblended(
    scene: Scene, photo: Tensor, filtered: Segments, options: PasteOptions, stop: Stop
) -> Parts:
    """The pixels to paste: the edited version's, or those of an effect on the photo."""
    if options.effect == NO_EFFECT:
        return ReadyParts(as_tensor(_version_of(scene, options).pixels).to(photo.device))
    if options.effect == STICKER:
        return StickerParts(photo, _sticker(scene, options), options.sticker_fit)
    patches = _patches(scene.photo.size_hw, filtered, options) if options.effect == HIDE else ()
    removed = filtered.items if options.effect == REMOVE else ()
    strength = _strength(scene.photo.size_hw, filtered, options)
    around = filtered.items if _is_background(options) else ()
    key = (options.effect, strength, options.colour, patches, removed, around, photo.device)
    made = scene.last_effect.get(key)
    if made is None:
        # the photo keeps its alpha: it must not weigh the effect too
        if options.effect == HIDE:
            made = ReadyParts(pixelate_patches(photo, patches, stop=stop)[..., :3])
        elif options.effect == REMOVE:
            made = ReadyParts(remove_segments(photo, filtered, stop=stop)[..., :3])
        elif isinstance(strength, str):
            made = EffectBySegment(photo, options.effect, strength, options.colour)
        else:
            source = weighed_around(photo, filtered, stop=stop) if around else photo
            effect = Effect.on(source, options.effect, strength, options.colour)
            made = EffectInParts(source, effect)
        scene.last_effect.clear()
        scene.last_effect[key] = made
    return made


def _version_of(scene: Scene, options: PasteOptions) -> Picture:
    """The edited version to paste.

    Raises:
        InputError: There is none of that number.
    """
    found = scene.version(options.version)
    if found is not None:
        return found
    if not scene.versions:
        raise InputError("there is nothing to paste: add an edited version, or pick an effect")
    count = len(scene.versions)
    there = "there is 1" if count == 1 else f"there are {count}"
    raise InputError(f"there is no edited version {options.version}: {there}")


def _sticker(scene: Scene, options: PasteOptions) -> Sticker:
    """What is laid on each segment.

    Raises:
        InputError: There is no picture for it, or nothing here can draw it.
    """
    if options.sticker != OWN_STICKER:
        return Sticker(drawn_sticker(options.sticker, options.colour))
    if scene.sticker is None:
        raise InputError("there is no picture for the sticker: add one, or take another sticker")
    return Sticker(scene.sticker.pixels)


def _is_background(options: PasteOptions) -> bool:
    """Whether all but the segments is blurred: their colours do not run into that."""
    return options.effect == BLUR and options.effect_on != "filtered"


def fits_segments(options: PasteOptions) -> bool:
    """Whether an edit is another one for other segments, by their sizes or by where they are."""
    is_pixelated = options.effect == PIXELATE and options.strength is None
    by_areas = (
        options.effect in (HIDE, REMOVE) or differs_by_segment(options) or _is_background(options)
    )
    return by_areas or (is_pixelated and options.effect_on == "filtered")


def _strength(
    size_hw: tuple[int, int], filtered: Segments, options: PasteOptions
) -> PxOrShare | None:
    """As asked for; blocks that nobody asked for are no finer than what hides the segments.

    A share is of the photo where everything else changes.
    """
    if options.share is not None and options.effect in _BY_SHARE:
        if options.effect_on == "filtered":
            return options.share
        return strength_px(options.effect, options.share, math.sqrt(math.prod(size_hw)))
    if options.effect == PIXELATE and fits_segments(options):
        return block_for_segments(filtered, size_hw)
    return options.strength


def _patches(
    size_hw: tuple[int, int], filtered: Segments, options: PasteOptions
) -> tuple[Patch, ...]:
    """What ``hide`` pixelates: the segments as far as a paste reaches, or the whole photo."""
    if options.effect_on == "filtered":
        strength, feather = options.strength, options.feather
        return patches_of_segments(filtered, size_hw, feather=feather, strength=strength)
    return (patch_of_photo(size_hw, strength=options.strength),)


def _over(photo: Tensor, edit: Tensor) -> Tensor:
    """The edit laid over all of the photo: its alpha counts, the photo keeps its own."""
    colours = edit[..., :3]
    if edit.shape[3] == 4:
        weight = edit[..., 3:].float() / 255
        mixed = torch.lerp(photo[..., :3].float(), colours.float(), weight)
        colours = mixed.round().to(torch.uint8)
    return torch.cat([colours, photo[..., 3:]], dim=3) if photo.shape[3] == 4 else colours


def _without_hidden(cut: Tensor) -> Tensor:
    """RGBA without the colours of what is fully transparent: any program could bring them back."""
    return cut * (cut[..., 3:] > 0)


def _cut_out(photo: Tensor, kept: Tensor) -> Tensor:
    """RGBA: the photo's own alpha times what is kept."""
    own = photo[..., 3:].float() if photo.shape[3] == 4 else torch.full_like(kept, 255)[..., None]
    alpha = (own * kept[..., None]).round().to(torch.uint8)
    return torch.cat([photo[..., :3], alpha.expand(len(photo), -1, -1, -1)], dim=3)
