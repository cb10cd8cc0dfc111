"""The picture of a scene with one edit where it belongs, and all that such an edit looks at."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.around import weighed_around
from segui.backend.blending import NORMAL, BlendedParts, blend
from segui.backend.coverage import coverage
from segui.backend.drawn_stickers import drawn_sticker
from segui.backend.effect_table import (
    CUT_OUT,
    HIDE,
    NO_EFFECT,
    OWN_STICKER,
    PIXELATE,
    REMOVE,
    STICKER,
)
from segui.backend.effects import Effect
from segui.backend.fitting_in import FittedParts
from segui.backend.hiding import (
    Patch,
    block_for_segments,
    block_of,
    patch_of_photo,
    patches_of_segments,
    pixelate_patches,
)
from segui.backend.in_parts import EffectBySegment, EffectInParts, Parts, ReadyParts, strength_px
from segui.backend.paste import paste, paste_made
from segui.backend.paste_checks import feather_px
from segui.backend.removal import remove_segments
from segui.backend.stickers import MAX_TIMES, Sticker, StickerParts, as_stickers
from segui.backend.workers import Stop, never
from segui.device import choose_device
from segui.errors import InputError
from segui.geometry import Box
from segui.images.pictures import Picture
from segui.options import PxOrShare, length_words
from segui.paste_values import (
    BY_SHARE,
    PasteOptions,
    differs_by_segment,
    fits_segments,
    is_background,
    is_fitted,
)
from segui.pipeline import Scene, as_tensor
from segui.segments.segment import Segment, Segments
from segui.segments.sums import check_sum
from segui.settings import Settings


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
        check_reach(filtered, asked, limits)
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


def check_reach(filtered: Segments, options: PasteOptions, limits: Settings) -> None:
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
    around = filtered.items if is_background(options) else ()
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


def _strength(
    size_hw: tuple[int, int], filtered: Segments, options: PasteOptions
) -> PxOrShare | None:
    """As asked for; blocks that nobody asked for are no finer than what hides the segments.

    A share is of the photo where everything else changes.
    """
    if options.share is not None and options.effect in BY_SHARE:
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
