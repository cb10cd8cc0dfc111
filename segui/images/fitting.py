"""Bringing an edited version to its photo's size and place, and saying what was done."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError, SizeError
from segui.images.features import Pixels
from segui.images.pictures import Picture, aspect_agrees, fit_picture, size_text
from segui.images.placing import (
    LEAST_PX,
    Axis,
    Place,
    find_place,
    is_more_alike,
    lay,
    likeness_at,
    reached,
)
from segui.images.slant import Slant, find_slant, lay_slanted, reached_slanted
from segui.images.turned import turned, way_back

NOT_FOUND = "where it lies on the photo could not be found: it was not moved"
STRETCHED = "where it lies on the photo could not be found: it was stretched"
OFFER = "align puts it back"
_AS_IT_IS = Place(Axis(1.0, 0.0), Axis(1.0, 0.0))
_SURELY = 0.6  # alike enough, in details, that no other way of lying is tried
_LIES_WELL = 0.85  # alike enough, in details, that it was not turned by a few degrees
_TURN_GAIN = 0.1  # of likeness, by a turn
_RIM_SHARE = 0.005  # of a side
_FAR_SHARE = 0.1  # of the shorter side
_EDGE = 8  # levels between neighbours, where a move of one pixel is seen
_EXACT_SHARE = 0.3  # of such places that are the same in both: so nothing was moved
_LOOKED_AT = 500_000


class Fitted(NamedTuple):
    """An edited version as it is used.

    Args:
        picture: It, of the photo's size.
        can_align: Whether it lies beside its place, and was left there.
        reached: (H, W) bool: where it reaches, and the photo does not stand instead; None for
            everywhere.
    """

    picture: Picture
    can_align: bool = False
    reached: NDArray[np.bool_] | None = None


def fit_edited(
    picture: Picture,
    photo: Picture,
    *,
    scale: bool = False,
    align: bool = False,
    name: str = "edited version",
) -> Fitted:
    """Make sure that an edited version has the photo's size, and find out whether it was moved.

    One of another size is laid where it fits, by what both pictures show: scaled to the photo, a
    part of it as it is, or a part that was scaled, turned by a quarter where that helps. The photo
    stands where it does not reach. Where they have too little in common, it is scaled to the photo.

    Args:
        picture: The edited version.
        photo: The photo.
        scale: Whether to fit one of another size, instead of refusing it.
        align: Whether to put one of the same size back that lies beside its place.
        name: What to call it in a sentence.

    Raises:
        SizeError: The sizes differ, and ``scale=True`` helps.
        InputError: The sizes differ, and nothing helps.
    """
    if picture.size_hw == photo.size_hw:
        return _aligned(picture, photo, align=align)
    found = _found_of_another_size(picture, photo)
    slanted = _slanted(picture, photo, None if found is None or found.how else found.place)
    if slanted is not None and (found is None or not found.how):
        if not scale:
            fits = f", and it fits once {_turned_and_scaled(slanted.slant)}"
            raise SizeError(_must_match(picture, photo, name) + fits)
        return _laid_back(picture, photo, slanted)
    if found is None:
        return _stretched_blindly(picture, photo, scale=scale, name=name)
    if not scale:
        fits = _fits(found, photo.size_hw, picture.size_hw)
        raise SizeError(_must_match(picture, photo, name) + fits)
    if _is_stretched(found.place, found.picture.size_hw, photo.size_hw):
        return Fitted(fit_picture(found.picture, photo.size_hw, scale=True, name=name))
    said = _how_laid(found.place, found.picture.size_hw, photo.size_hw)
    return _laid(found.picture, photo, found.place, said)


class _Found(NamedTuple):
    """Where one of another size lies.

    Args:
        picture: It, as the photo lies.
        place: Its place.
        how: How it was turned for that; empty where it was not.
    """

    picture: Picture
    place: Place
    how: str = ""


def _must_match(picture: Picture, photo: Picture, name: str) -> str:
    its, own = size_text(picture.size_hw), size_text(photo.size_hw)
    return f"the {name} is {its}, the photo {own}: their sizes must match"


def _stretched_blindly(picture: Picture, photo: Picture, *, scale: bool, name: str) -> Fitted:
    """One that has too little in common with the photo to say where it lies."""
    if aspect_agrees(picture.size_hw, photo.size_hw):
        return Fitted(fit_picture(picture, photo.size_hw, scale=scale, name=name))
    if not scale:
        raise InputError(
            f"{_must_match(picture, photo, name)}, and where it lies on the photo could not be "
            "found. Save it at the photo's size"
        )
    scaled = fit_picture(picture, photo.size_hw, scale=True, name=name)
    return Fitted(replace(scaled, notes=(*scaled.notes, STRETCHED)))


def _fits(found: _Found, size_hw: tuple[int, int], own_hw: tuple[int, int]) -> str:
    """What a sentence that refuses it says of how it fits; nothing where scaling is all."""
    how, place, upright_hw = found.how, found.place, found.picture.size_hw
    if _shows_all(place, upright_hw, size_hw):
        is_squeezed = not aspect_agrees(upright_hw, size_hw)
        ways = " and ".join(way for way in (how, "stretched" if is_squeezed else "") if way)
        return f", and it fits once {ways}" if ways else ""
    if aspect_agrees(own_hw, size_hw) and not how:
        return ""
    as_what = (
        "without what lies around the photo in it"
        if _is_around(place, upright_hw, size_hw)
        else "as a part of the photo"
    )
    return f", and it fits {f'once {how}, ' if how else ''}{as_what}"


def _shows_all(place: Place, own_hw: tuple[int, int], size_hw: tuple[int, int]) -> bool:
    """Whether it shows all of the photo and nothing else, but for what nobody sees at its rim."""
    ends = (place.x, own_hw[1], size_hw[1]), (place.y, own_hw[0], size_hw[0])
    return all(
        max(abs(axis.shift), abs(axis.shift + axis.scale * own - length)) <= _RIM_SHARE * length
        for axis, own, length in ends
    )


def _is_around(place: Place, own_hw: tuple[int, int], size_hw: tuple[int, int]) -> bool:
    """Whether it shows all of the photo, and more beside it."""
    ends = (place.x, own_hw[1], size_hw[1]), (place.y, own_hw[0], size_hw[0])
    return all(
        axis.shift <= _RIM_SHARE * length
        and axis.shift + axis.scale * own >= (1 - _RIM_SHARE) * length
        for axis, own, length in ends
    )


def _aligned(picture: Picture, photo: Picture, *, align: bool) -> Fitted:
    if _is_exact(picture.pixels, photo.pixels):
        return Fitted(picture)
    place = find_place(photo.pixels, picture.pixels)
    slanted = _slanted(picture, photo, place)
    if slanted is not None:
        return _slanted_as_asked(picture, photo, slanted, align=align)
    if place is None or _is_far(place, picture.size_hw):
        back = _turned_back(picture, photo, align=align)
        if back is not None:
            return back
    if place is None:
        return Fitted(replace(picture, notes=(*picture.notes, NOT_FOUND)) if align else picture)
    if not _is_moved(place, picture.size_hw):
        return Fitted(picture)
    if not is_more_alike(photo.pixels, picture.pixels, place):
        return Fitted(picture)
    if align:
        return _laid(picture, photo, place, _how_moved(place, picture.size_hw))
    note = f"{_where(place, picture.size_hw)}: {OFFER}"
    return Fitted(replace(picture, notes=(*picture.notes, note)), can_align=True)


def _turned_back(picture: Picture, photo: Picture, *, align: bool) -> Fitted | None:
    """Of one that is turned or mirrored, and keeps its size so; None where that is not found."""
    how = way_back(picture.pixels, photo.pixels)
    if not how:
        return None
    if not align:
        note = f"it is not as the photo lies, but would be once {how}: {OFFER}"
        return Fitted(replace(picture, notes=(*picture.notes, note)), can_align=True)
    pixels = turned(picture.pixels, how)
    upright = replace(picture, pixels=pixels, notes=(*picture.notes, f"it was {how}"))
    place = find_place(photo.pixels, pixels)
    if place is None or not _is_moved(place, upright.size_hw):
        return Fitted(upright)
    return _laid(upright, photo, place, _how_moved(place, upright.size_hw))


class _Slanted(NamedTuple):
    """One that was turned by a few degrees.

    Args:
        slant: How it lies.
        pixels: It, turned back on the photo.
    """

    slant: Slant
    pixels: Pixels


def _slanted(picture: Picture, photo: Picture, place: Place | None) -> _Slanted | None:
    """How it was turned by a few degrees; None where it lies well, or no turn has it lie better."""
    at = _AS_IT_IS if place is None else place
    before = likeness_at(photo.pixels, picture.pixels, at)
    if before >= _LIES_WELL:
        return None
    slant = find_slant(photo.pixels, picture.pixels)
    if slant is None:
        return None
    pixels = lay_slanted(picture.pixels, photo.pixels, slant)
    if likeness_at(photo.pixels, pixels, _AS_IT_IS) < before + _TURN_GAIN:
        return None
    return _Slanted(slant, pixels)


def _slanted_as_asked(
    picture: Picture, photo: Picture, slanted: _Slanted, *, align: bool
) -> Fitted:
    if align:
        return _laid_back(picture, photo, slanted)
    note = f"it seems {_turn(-slanted.slant.degrees)}{_larger(slanted.slant.scale)}: {OFFER}"
    return Fitted(replace(picture, notes=(*picture.notes, note)), can_align=True)


def _laid_back(picture: Picture, photo: Picture, slanted: _Slanted) -> Fitted:
    note = f"it was {_turned_and_scaled(slanted.slant)}"
    laid = replace(picture, pixels=slanted.pixels, notes=(*picture.notes, note))
    return Fitted(laid, reached=reached_slanted(slanted.slant, picture.size_hw, photo.size_hw))


def _turned_and_scaled(slant: Slant) -> str:
    scaled = "" if _is_near_1(slant.scale) else f" and scaled to {slant.scale:.1%}"
    return f"{_turn(slant.degrees)}{scaled}"


def _turn(degrees: float) -> str:
    side = "right" if degrees > 0 else "left"
    return f"turned by {abs(degrees):.1f} degrees to the {side}"


def _larger(scale: float) -> str:
    if _is_near_1(scale):
        return ""
    share = abs(1 / scale - 1)
    return f" and is {share:.1%} {'larger' if scale < 1 else 'smaller'}"


def _is_near_1(scale: float) -> bool:
    return abs(scale - 1) < 0.001


def _is_far(place: Place, size_hw: tuple[int, int]) -> bool:
    """Whether it would be a part of the photo, or lie far off: it may be turned instead."""
    far = _FAR_SHARE * min(size_hw)
    return _is_scaled(place) or max(abs(place.x.shift), abs(place.y.shift)) > far


def _is_exact(one: Pixels, other: Pixels) -> bool:
    """Whether enough of what shows a move is the same in both to the last bit."""
    every = max(1, round(one.shape[0] * one.shape[1] / _LOOKED_AT))
    green, like = one[::every, :, 1].astype(np.int16), other[::every, :, 1]
    edges = np.abs(np.diff(green, axis=1)) > _EDGE
    same = (green == like)[:, 1:][edges]
    return bool(same.size) and float(same.mean()) >= _EXACT_SHARE


def _found_of_another_size(picture: Picture, photo: Picture) -> _Found | None:
    """Where it lies, and as what: turned or mirrored, where it is more like the photo so."""
    place = find_place(photo.pixels, picture.pixels)
    alike = 0.0 if place is None else likeness_at(photo.pixels, picture.pixels, place)
    how = "" if alike >= _SURELY else way_back(picture.pixels, photo.pixels, alike)
    if how:
        pixels = turned(picture.pixels, how)
        back = find_place(photo.pixels, pixels)
        if back is not None:
            notes = (*picture.notes, f"it was {how}")
            return _Found(replace(picture, pixels=pixels, notes=notes), back, how)
    return None if place is None else _Found(picture, place)


def _laid(picture: Picture, photo: Picture, place: Place, note: str) -> Fitted:
    pixels = lay(picture.pixels, photo.pixels, place)
    where = np.zeros(photo.size_hw, bool)
    where[reached(place, picture.size_hw, photo.size_hw)] = True
    laid = replace(picture, pixels=pixels, notes=(*picture.notes, note))
    return Fitted(laid, reached=where)


def _is_stretched(place: Place, own_hw: tuple[int, int], size_hw: tuple[int, int]) -> bool:
    pairs = (place.x, own_hw[1], size_hw[1]), (place.y, own_hw[0], size_hw[0])
    return all(axis == Axis(length / own, 0.0) for axis, own, length in pairs)


def _is_moved(place: Place, size_hw: tuple[int, int]) -> bool:
    """Whether anything of it lies as far from its place as is seen."""
    ends = (place.x, size_hw[1]), (place.y, size_hw[0])
    return any(
        max(abs(axis.shift), abs(axis.shift + (axis.scale - 1) * side)) >= LEAST_PX
        for axis, side in ends
    )


def _is_scaled(place: Place) -> bool:
    return place.x.scale != 1 or place.y.scale != 1


def _where(place: Place, size_hw: tuple[int, int]) -> str:
    if _is_scaled(place):
        more = _beyond(place, size_hw, size_hw)
        return f"it shows {_part(place, size_hw, size_hw)}{f', and {more} more' if more else ''}"
    ways = (place.x.shift, "too far left", "too far right"), (place.y.shift, "too high", "too low")
    return "it lies " + " and ".join(
        f"{_px(shift)} {before if shift > 0 else behind}" for shift, before, behind in ways if shift
    )


def _how_moved(place: Place, size_hw: tuple[int, int]) -> str:
    if _is_scaled(place):
        return _how_laid(place, size_hw, size_hw)
    ways = (place.x.shift, "to the right", "to the left"), (place.y.shift, "down", "up")
    return "it was moved by " + " and ".join(
        f"{_px(shift)} {ahead if shift > 0 else back}" for shift, ahead, back in ways if shift
    )


def _how_laid(place: Place, own_hw: tuple[int, int], size_hw: tuple[int, int]) -> str:
    scaled = "" if _is_scaled(place) else "without scaling "
    laid = f"it was laid {scaled}on {_part(place, own_hw, size_hw)}, which it shows"
    more = _beyond(place, own_hw, size_hw)
    return f"{laid}: its {more} were left off" if more else laid


def _part(place: Place, own_hw: tuple[int, int], size_hw: tuple[int, int]) -> str:
    """Which part of the photo it shows, from where to where.

    >>> _part(Place(Axis(1, 50), Axis(0.5, -20)), (80, 100), (90, 120))
    '50, 0 to 120, 20 of the photo'
    """
    if _is_around(place, own_hw, size_hw) and _beyond(place, own_hw, size_hw):
        return "all of the photo"
    ends = (place.x, own_hw[1], size_hw[1]), (place.y, own_hw[0], size_hw[0])
    begin = ", ".join(str(round(max(0, axis.shift))) for axis, _, _ in ends)
    end = ", ".join(
        str(round(min(length, axis.shift + axis.scale * own))) for axis, own, length in ends
    )
    return f"{begin} to {end} of the photo"


def _beyond(place: Place, own_hw: tuple[int, int], size_hw: tuple[int, int]) -> str:
    """What it has beside the photo, in its own pixels; empty where nobody sees that.

    >>> _beyond(Place(Axis(0.5, 0), Axis(0.5, -50)), (600, 600), (200, 300))
    '100 px above and below'
    """
    ends = (place.x, own_hw[1], size_hw[1]), (place.y, own_hw[0], size_hw[0])
    left, right, above, below = (
        round(past / axis.scale) if past > _RIM_SHARE * length else 0
        for axis, own, length in ends
        for past in (-axis.shift, axis.shift + axis.scale * own - length)
    )
    if left and left == right == above == below:
        return f"{left} px all around"
    across = _pair(left, right, ("at the left", "at the right", "at the left and right"))
    upright = _pair(above, below, ("above", "below", "above and below"))
    return " and ".join((*across, *upright))


def _pair(first: int, second: int, names: tuple[str, str, str]) -> tuple[str, ...]:
    """Two opposite sides, as one where they are alike."""
    if first == second:
        return (f"{first} px {names[2]}",) if first else ()
    return tuple(f"{px} px {name}" for px, name in zip((first, second), names, strict=False) if px)


def _px(shift: float) -> str:
    return f"{abs(shift):.1f}".removesuffix(".0") + " px"
