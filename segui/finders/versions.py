"""The edited versions of a photo, read and brought to its size, and the areas where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from segui.finders.cast import Cast, find_cast
from segui.finders.from_files import segments_where_edited
from segui.finders.limits import check_areas
from segui.finders.picture_files import Inputs
from segui.finders.regions import DEFAULT_LABEL
from segui.finders.segment_values import SegmentOptions
from segui.finders.unevenness import UNEVEN, Changed, changed_all_over
from segui.geometry import Box
from segui.images.fitting import fit_edited
from segui.images.pictures import Picture, match_profile, read_picture
from segui.masks.notes import Note, Offer, offers_of
from segui.segments.cutting import merge_segments

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

    from segui.finders.light import Light
    from segui.finders.softening import Softener
    from segui.segments.segment import Segments
    from segui.settings import Settings

PUT_BACK = Offer("Put it back", "align", value=True)
BEYOND_CAST = Note(
    "areas: a change of all colours is not counted (count_cast counts it)",
    Offer("Count it", "count_cast", value=True),
)
BEYOND_LIGHT = Note(
    "areas: light or colours that change from place to place are not counted (count_cast counts "
    "them): what was edited with as soft an edge is not seen beside them",
    Offer("Count them", "count_cast", value=True),
)
COUNTS_LIGHT = (
    "areas: light or colours that change from place to place count as a difference: masks or paint "
    "say better what was edited"
)


@dataclass(frozen=True, eq=False)
class Version:
    """One edited version at its place on the photo.

    Args:
        picture: It, in the photo's size and colours.
        name: What a sentence calls it: of several each by its number and its file's name.
        label: What areas are labelled by where they are what differs in it.
        can_align: Whether it lies beside its place, and was left there.
        cast: What became of all its colours; None where nothing did.
        is_uneven: Whether its light or colours change from place to place, beyond that.
        light: How they do, as far as that could be found out.
        reached: (H, W) bool: where it reaches, and the photo does not stand instead; None for
            everywhere.
    """

    picture: Picture
    name: str
    label: str
    can_align: bool
    cast: Cast | None
    is_uneven: bool = False
    light: Light | None = None
    reached: NDArray[np.bool_] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of it, a sentence each."""
        *before, last = ("", *(f"{self.name}: {note}" for note in self.picture.notes))
        # that it lies beside its place is what was found out last
        of_place = (Note(last, PUT_BACK),) if self.can_align else (last,)
        of_cast = () if self.cast is None else (f"{self.name}: {self.cast.sentence}",)
        of_light = (f"{self.name}: {UNEVEN}",) if self.is_uneven else ()
        return tuple(note for note in (*before, *of_place, *of_cast, *of_light) if note)

    def cast_beyond(self, options: SegmentOptions) -> Cast | None:
        """The change of all colours beyond which areas are what differs; None where that counts."""
        return None if options.count_cast else self.cast

    def light_beyond(self, options: SegmentOptions) -> Light | None:
        """The light beyond which areas are what differs; None where that counts."""
        return None if options.count_cast else self.light

    def compared(self, photo: NDArray[np.uint8], options: SegmentOptions) -> NDArray[np.uint8]:
        """What it is compared with: the photo, with what was changed all over where it reaches.

        Args:
            photo: (H, W, 3 or 4) uint8.
            options: Whether such a change is taken out.
        """
        changed = photo
        for change in (self.cast_beyond(options), self.light_beyond(options)):
            changed = changed if change is None else change.laid_on(changed)
        if self.reached is not None and changed is not photo:
            changed[~self.reached] = photo[~self.reached]
        return changed


def read_versions(
    inputs: Inputs, photo: Picture, options: SegmentOptions, limits: Settings
) -> tuple[Version, ...]:
    """The edited versions of a photo, each of its size and in its colours.

    Args:
        inputs: The files.
        photo: The photo.
        options: Whether one of another size is scaled, and one beside its place put back.
        limits: The most megapixels of a picture.

    Raises:
        InputError: One cannot be read, or has another size.
    """
    paths = inputs.versions
    return tuple(
        _read(path, name_of(number, path, len(paths)), label_of(path, len(paths)), photo,
              options, limits)
        for number, path in enumerate(paths, 1)
    )  # fmt: skip


def name_of(number: int, path: Path, count: int) -> str:
    """What a sentence calls an edited version.

    Args:
        number: Its number, from 1.
        path: Its file.
        count: How many there are.
    """
    return "edited version" if count == 1 else f"edited version {number}, {path.name}"


def label_of(path: Path, count: int) -> str:
    """What areas are labelled by that are what differs in it; of the only one, by no name."""
    return DEFAULT_LABEL if count == 1 else path.stem


def segments_where_versions_differ(
    photo: NDArray[np.uint8],
    versions: Sequence[Version],
    options: SegmentOptions,
    limits: Settings,
    softener: Softener | None = None,
) -> tuple[Segments, list[str]]:
    """The segments where any edited version differs from the photo; each has its own.

    Args:
        photo: (H, W, 3 or 4) uint8.
        versions: The edited versions, one at least.
        options: How segments are cut out.
        limits: The most segments.
        softener: The model that has edges follow the photo's; None goes by the colours.

    Returns:
        The segments, of several versions each labelled by its file, and what a person should know.

    Raises:
        InputError: There are too many segments.
    """
    parts, notes = [], list[str]()
    for version in versions:
        cast = version.cast_beyond(options)
        pixels = _as_tensor(version.compared(photo, options)), _as_tensor(version.picture.pixels)
        counts_light = version.is_uneven and version.light_beyond(options) is None
        part, said = segments_where_edited(
            *pixels,
            options,
            limits,
            label=version.label,
            softener=softener,
            inside=_around(version.reached, photo.shape),
            # what lies beside its place differs at every edge, and is said to
            count_all=counts_light or version.can_align,
        )
        parts.append(part)
        said = said if cast is None else [*said, BEYOND_CAST]
        if version.is_uneven:
            said = [*said, COUNTS_LIGHT if counts_light else BEYOND_LIGHT]
        notes += (
            said
            if len(versions) == 1
            else [Note(f"of {version.name}: {one}", *offers_of(one)) for one in said]
        )
    if len(parts) == 1:
        return parts[0], notes
    segments = merge_segments(parts, parts[0].size, options.order)
    check_areas(segments, options.drop_size, limits)
    return segments, notes


def _read(
    path: Path, name: str, label: str, photo: Picture, options: SegmentOptions, limits: Settings
) -> Version:
    read = match_profile(read_picture(path, **limits.reading), photo, limits.read_limits)
    fitted = fit_edited(read, photo, scale=options.scale, align=options.align, name=name)
    inside = _around(fitted.reached, photo.pixels.shape)
    one, other = (
        _where_reached(part, fitted.reached, inside)
        for part in (photo.pixels, fitted.picture.pixels)
    )
    # what lies beside its place differs from place to place by that
    is_beside = fitted.can_align
    known = Changed(find_cast(one, other)) if is_beside else changed_all_over(one, other, inside)
    return Version(fitted.picture, name, label, fitted.can_align, *known, fitted.reached)


def _where_reached(
    pixels: NDArray[np.uint8], reached: NDArray[np.bool_] | None, inside: Box
) -> NDArray[np.uint8]:
    """A picture that is black beside a turned version, since black says nothing of colours."""
    if reached is None or reached[inside.slices].all():
        return pixels
    return np.where(reached[..., None], pixels, np.uint8(0))


def _around(reached: NDArray[np.bool_] | None, size_hw: tuple[int, ...]) -> Box:
    """The box around what a version reaches of a photo: nothing is to be learnt beyond it."""
    if reached is None or not reached.any():
        return Box(0, 0, size_hw[1], size_hw[0])
    rows, columns = (np.flatnonzero(reached.any(axis=axis)).tolist() for axis in (1, 0))
    return Box(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)


def _as_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(pixels)[None]
