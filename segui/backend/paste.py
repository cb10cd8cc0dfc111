"""Segments pasted onto an image, in order, each with its feathered edge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from segui.backend.batches import batches, put, take
from segui.backend.mixing import Mix, widen
from segui.backend.opacity import Placement, place
from segui.backend.paste_checks import ALPHA, EDGE, FEATHER_PX, check_options, feather_px
from segui.backend.spans import spans
from segui.backend.workers import Stop, for_each, never
from segui.errors import InputError
from segui.geometry import Box
from segui.images.tensors import check_image, check_same_size
from segui.options import PxOrShare
from segui.segments.segment import Segment, Segments, scale_segments

# cv2.blendLinear divides by the sum of both weights and 1e-5: beside weights like this, by nothing
WHOLE = np.float32(2**16)
COPIED_BYTES = 2**24  # copied by one thread: the wait for others costs as much as a few of them
PATCH_VALUES = 2**24  # float32 values of one patch: how much of a uint8 image is widened at once


def paste(
    image: Tensor,
    segments: Segments,
    feather: PxOrShare = FEATHER_PX,
    alpha: int = ALPHA,
    reference: Tensor | None = None,
    edge: str = EDGE,
    *,
    stop: Stop = never,
) -> Tensor:
    """Paste segments onto an image.

    Args:
        image: The base, (B, H, W, 3 or 4), uint8 or float32 in [0, 1]. RGBA keeps its alpha.
        segments: What to paste, in order; scaled to the base where their size is another. Each
            has an opacity of its own, 0..1, that multiplies its mask.
        feather: Softness of the edge, px, 0..500. ``smooth``: opacity is full this far inside
            a hard outline and 0 this far outside. Or a share of each segment, such as ``2%``:
            of the side of a square with as many pixels, rounded, at most 500 px.
        alpha: Opacity, 0..255.
        reference: Where the pixels come from, (1 or at least B, H, W, 3 or 4); its alpha
            multiplies the mask. None takes each segment's own image, and pastes nothing for
            a segment without one.
        edge: ``smooth``; ``outward``, opaque all over the mask and soft outside of it alone:
            max(mask, min(1, 2 g)) where ``smooth`` has g; or ``impact`` for the reference
            node's numbers.
        stop: Called before each segment or more often, in any thread; what it raises ends the
            paste, and is raised.

    Returns:
        A new tensor like ``image``. float32 is not clamped; uint8 is rounded to nearest once.
        Where the opacity is 0 every bit is the base's, and where it is 1 the value is the
        source's, even where one of the two is infinite or NaN.

    Raises:
        InputError: An argument is not as described; sizes are given as width x height.
    """
    check_options(feather, alpha, edge)
    check_image("the image", image)
    if not isinstance(segments, Segments):
        raise InputError(f"segments is a {type(segments).__name__}: expected Segments")
    if reference is not None:
        _check_reference(reference, image)
        return paste_made(
            image,
            segments,
            lambda _, box: _cut(reference, box),
            feather=feather,
            alpha=alpha,
            edge=edge,
            stop=stop,
        )
    size_hw = _size_hw(image)
    scaled = scale_segments(segments, size_hw)
    _check_own_frames(scaled, len(image))
    layers = []
    for item in scaled.items:
        placement = place(item, feather_px(feather, item), edge, size_hw, beyond=False)
        if item.image is not None and placement is not None and item.opacity:
            layers.append(Layer(placement, item.image, item.crop_region))
    return _paste_layers(image, layers, alpha, stop)


def paste_made(
    image: Tensor,
    segments: Segments,
    make: Callable[[Segment, Box], Tensor],
    *,
    feather: PxOrShare = FEATHER_PX,
    alpha: int = ALPHA,
    edge: str = EDGE,
    stop: Stop = never,
) -> Tensor:
    """Paste pixels that are made for each segment, and only where it can change the image.

    Args:
        image: As of ``paste``.
        segments: As of ``paste``.
        make: Takes a segment in the image's scale, and a box of the image; gives the pixels to
            paste there, (1 or at least B, h, w, 3 or 4).
        feather: As of ``paste``.
        alpha: As of ``paste``.
        edge: As of ``paste``.
        stop: As of ``paste``; called before pixels are made, too.

    Returns:
        As of ``paste`` with a reference that has these pixels.
    """
    layers, size_hw = [], _size_hw(image)
    for item in scale_segments(segments, size_hw).items:
        placement = place(item, feather_px(feather, item), edge, size_hw, beyond=True)
        if placement is not None and alpha and item.opacity:
            stop()
            layers.append(Layer(placement, make(item, placement.target), placement.target))
    return _paste_layers(image, layers, alpha, stop)


def _paste_layers(image: Tensor, layers: Sequence["Layer"], alpha: int, stop: Stop) -> Tensor:
    result = _copy(image)
    if alpha == 0:
        return result

    def paste_group(group: Sequence[Layer]) -> None:
        _paste_group(result, group, alpha, stop)

    groups = overlapping(layers)
    if result.device.type == "cpu":
        pixels = sum(layer.target.width * layer.target.height for layer in layers)
        for_each(paste_group, groups, cost=pixels, stop=stop)
    else:
        for group in groups:
            paste_group(group)
    return result


@dataclass(frozen=True, eq=False)
class Layer:
    """One segment ready to be pasted.

    Args:
        placement: Where, and how opaque.
        pixels: What, (frames, h, w, C).
        shows: The box of the image that the pixels show.
    """

    placement: Placement
    pixels: Tensor
    shows: Box

    @property
    def target(self) -> Box:
        """The box of the image that can change."""
        return self.placement.target

    def source(self, frame: int) -> Tensor:
        """The pixels to paste in ``target``, (h, w, C), as they are."""
        shown = self.pixels[frame if len(self.pixels) > 1 else 0]
        return shown[self.target.relative_to(self.shows).slices].detach()


def overlapping(layers: Sequence[Layer]) -> list[list[Layer]]:
    """Layers in groups that share pixels, each group in order; groups share none."""
    boxes = np.array([layer.target for layer in layers]).reshape(-1, 4)
    group_of = list(range(len(layers)))

    def root(index: int) -> int:
        while group_of[index] != index:
            group_of[index] = group_of[group_of[index]]
            index = group_of[index]
        return index

    for index, (x1, y1, x2, y2) in enumerate(boxes):
        others = boxes[:index]
        meets = (others[:, 0] < x2) & (others[:, 2] > x1) & (others[:, 1] < y2)
        for other in np.flatnonzero(meets & (others[:, 3] > y1)).tolist():
            group_of[root(other)] = root(index)
    groups: dict[int, list[Layer]] = {}
    for index, layer in enumerate(layers):
        groups.setdefault(root(index), []).append(layer)
    return list(groups.values())


@dataclass(frozen=True, eq=False)
class Canvas:
    """Pixels being pasted onto, float32.

    Args:
        pixels: (frames, h, w, C), changed in place: it belongs to the paste that made it.
        box: What it shows of the image.
        frames: Which of the image's frames.
        total: The image's frame count.
        full: The value of full brightness, 1 or 255.
        finite: Whether all that is mixed in it is bytes, and so neither infinite nor NaN.
    """

    pixels: Tensor
    box: Box
    frames: range
    total: int
    full: float
    finite: bool


def _paste_group(result: Tensor, group: Sequence[Layer], alpha: int, stop: Stop) -> None:
    """Paste segments that share pixels, in order, changing no pixel but theirs."""
    total = len(result)
    if result.dtype == torch.float32:
        box = Box.of_size(_size_hw(result))
        canvas = Canvas(result, box, range(total), total, 1.0, finite=False)
        for layer in group:
            stop()
            _blend(canvas, layer, alpha)
        return
    stop()
    if len(group) == 1 and _are_bytes(result, group[0].pixels):
        _paste_alone(result, group[0], alpha)
        return
    box = group[0].target
    for layer in group[1:]:
        box = box.hull(layer.target)
    finite = all(layer.pixels.dtype == torch.uint8 for layer in group)
    step = max(1, PATCH_VALUES // (box.width * box.height * result.shape[3]))
    for start in range(0, total, step):
        frames = range(start, min(start + step, total))
        part = result[(slice(start, frames.stop), *box.slices)]
        canvas = Canvas(part.float(), box, frames, total, 255.0, finite)
        for layer in group:
            stop()
            _blend(canvas, layer, alpha)
        # rounded once, after all of them: many faint segments on each other are not lost
        rounded = canvas.pixels.round_().clamp_(0, 255)
        for layer in group:
            place = (slice(None), *layer.target.relative_to(box).slices)
            part[place].copy_(rounded[place])


def _are_bytes(*images: Tensor) -> bool:
    """Whether OpenCV can mix them as they are."""
    return all(image.device.type == "cpu" and image.dtype == torch.uint8 for image in images)


def _paste_alone(result: Tensor, layer: Layer, alpha: int) -> None:
    """Paste bytes onto bytes where no other segment is: in one pass, without a copy in floats.

    A large picture's floats are mostly new memory, which may cost more than the arithmetic.
    """
    total = len(result)
    opacities = layer.placement.opacities(range(total), total, result.device)
    part = result[(slice(None), *layer.target.slices)].numpy()
    for pixels, frame, opacity in zip(part, range(total), opacities, strict=True):
        source, under = layer.source(frame).numpy(), pixels[..., :3]
        is_plain = alpha == 255 and source.shape[2] == 3
        plane = opacity.numpy()
        for span in spans(opacity):
            place = span.place
            if span.is_opaque and is_plain:
                under[place] = source[place]
                continue
            over = plane[place] * (WHOLE * np.float32(alpha / 255))
            shown = source[place]
            if shown.shape[2] == 4:
                over *= shown[..., 3] / np.float32(255)
            under[place] = cv2.blendLinear(under[place], shown[..., :3], WHOLE - over, over)


def _blend(canvas: Canvas, layer: Layer, alpha: int) -> None:
    """Blend one segment into the canvas: out = (1 - m) base + m source."""
    y, x = layer.target.relative_to(canvas.box).slices
    device = canvas.pixels.device
    opacities = layer.placement.opacities(canvas.frames, canvas.total, device)
    mix = Mix(canvas.full, canvas.finite, alpha)
    for pixels, frame, opacity in zip(canvas.pixels, canvas.frames, opacities, strict=True):
        source, under = layer.source(frame).to(device), pixels[y, x, :3]
        if device.type == "cpu":
            _blend_spans(under, source, opacity, mix)
        else:  # there each call costs, and a look at the values waits for all calls before
            under.copy_(mix(under, source, opacity))


def _blend_spans(under: Tensor, source: Tensor, opacity: Tensor, mix: Mix) -> None:
    """Blend only where there is anything, and copy what is opaque."""
    is_plain = mix.alpha == 255 and source.shape[2] == 3
    edges = []
    for span in spans(opacity):
        if span.is_opaque and is_plain:
            under[span.place] = widen(source[span.place], mix.full)
        else:
            edges.append(span.place)
    planes = under.numpy(), source.numpy(), opacity.numpy()
    for places in batches(edges):
        below, shown, opacities = (torch.from_numpy(take(plane, places)) for plane in planes)
        put(planes[0], places, mix(below, shown, opacities).numpy())


def _copy(image: Tensor) -> Tensor:
    """A copy; on a CPU by NumPy, which takes its memory in larger pages than torch does.

    Most of the time goes into new memory, which several threads take side by side.
    """
    if image.device.type != "cpu":
        return image.detach().clone()
    values = image.detach().numpy()
    if values.nbytes <= COPIED_BYTES or not values.flags.c_contiguous:
        return torch.from_numpy(values.copy())
    copied = np.empty_like(values)
    source, target = values.reshape(-1), copied.reshape(-1)
    step = COPIED_BYTES // values.itemsize

    def copy(start: int) -> None:
        target[start : start + step] = source[start : start + step]

    for_each(copy, range(0, values.size, step))
    return torch.from_numpy(copied)


def _cut(image: Tensor, box: Box) -> Tensor:
    """A box of every frame."""
    return image[(slice(None), *box.slices)]


def _size_hw(image: Tensor) -> tuple[int, int]:
    return image.shape[1], image.shape[2]


def _check_reference(reference: Tensor, image: Tensor) -> None:
    check_image("the reference", reference)
    check_same_size(reference, image)
    _check_frames("the reference", len(reference), len(image))


def _check_own_frames(segments: Segments, frames: int) -> None:
    for number, segment in enumerate(segments.items, 1):
        if segment.image is not None:
            _check_frames(f"the image of segment {number}", len(segment.image), frames)


def _check_frames(name: str, count: int, frames: int) -> None:
    if count != 1 and count < frames:
        raise InputError(
            f"{name} has {count} frames, the image {frames}: expected 1, or at least {frames}"
        )
