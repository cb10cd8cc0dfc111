"""What is pasted, where, and how: the options of one edit."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from segui.backend.blending import check_blend
from segui.backend.effect_table import (
    BLUR,
    CUT_OUT,
    HIDE,
    MOSAIC,
    PIXELATE,
    REMOVE,
    STICKER,
    STONES,
    check_strength,
    find_effect,
)
from segui.backend.fitting_in import AS_IS, check_fit
from segui.backend.paste_checks import check_options
from segui.errors import InputError
from segui.options import (
    STRENGTHS,
    PxOrShare,
    default_of,
    option_values,
    percent_of,
    read_option,
    takes_share,
    unsuited_values,
)
from segui.options.colours import parse_colour

BY_SHARE = (BLUR, PIXELATE, MOSAIC)  # whose strength may be a share of each segment
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


def is_fitted(options: PasteOptions) -> bool:
    """Whether what is pasted is made to fit in where each segment lies."""
    return options.fit != AS_IS and options.effect_on == "filtered" and options.effect != CUT_OUT


def differs_by_segment(options: PasteOptions) -> bool:
    """Whether each segment has pixels of its own where others lie over it."""
    has_own_strength = options.effect_on == "filtered" and options.effect in BY_SHARE
    return (
        options.effect == STICKER
        or is_fitted(options)
        or (has_own_strength and options.share is not None)
    )


def is_background(options: PasteOptions) -> bool:
    """Whether all but the segments is blurred: their colours do not run into that."""
    return options.effect == BLUR and options.effect_on != "filtered"


def fits_segments(options: PasteOptions) -> bool:
    """Whether an edit is another one for other segments, by their sizes or by where they are."""
    is_pixelated = options.effect == PIXELATE and options.strength is None
    by_areas = (
        options.effect in (HIDE, REMOVE) or differs_by_segment(options) or is_background(options)
    )
    return by_areas or (is_pixelated and options.effect_on == "filtered")
