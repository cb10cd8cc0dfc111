"""The rows of an edit: what happens where its rule holds, and with what edge."""

from typing import Final

from segui.backend.effect_table import EFFECTS, Strength
from segui.expression.fading import MAX_CHARACTERS as MAX_FADE
from segui.expression.fading import check_fade
from segui.options.kinds import Choice, Colour, Length, Number, Text
from segui.options.option import Option
from segui.options.suited import STRENGTHS


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _said(strength: Strength) -> str:
    note = f", {strength.note}" if strength.note else ""
    return f"{strength.meaning} ({strength.expected}{note}; 0 {strength.zero})"


PASTING: Final = (
    Option(
        "effect",
        Choice(tuple((row.label, row.name) for row in EFFECTS)),
        default="none",
        part="paste",
        label="Effect",
        help="The edited version's pixels, or an effect on the photo. Hide covers what nobody "
        "should recognise.",
        meaning="What is pasted: "
        + ", ".join(f'"{row.name}" ({_lower(row.meaning)})' for row in EFFECTS),
    ),
    Option(
        "version",
        Number(1, 8, is_whole=True),
        default=1,
        part="paste",
        label="Pixels of",
        help="Each edit takes its own edited version.",
        meaning='Of the effect "none", which of several edited versions is pasted, by its number',
        listed_as="Edited version {}",
    ),
    Option(
        "sticker",
        Text(40),
        default="smiley",
        part="paste",
        label="Sticker",
        help="A shape, a picture of your own, or what you type: an emoji, a word.",
        meaning='Of the effect "sticker", what is laid on each area: "smiley", "heart", "star", '
        '"picture" (the file sticker_picture), or any other text as it is written, in the colour '
        "of the effect; an emoji where the server has a font with it. Feather and edge do nothing "
        "to it: it has its own",
        offered=(
            ("Smiley", "smiley"),
            ("Heart", "heart"),
            ("Star", "star"),
            ("Your picture", "picture"),
        ),
    ),
    Option(
        "sticker_fit",
        Choice((("Inside the area", "inside"), ("All over it", "cover"))),
        default="cover",
        part="paste",
        label="Size of the sticker",
        help="It lies upright on the middle of the area's box, with its own edge.",
        meaning='How large a sticker is: "inside" (the largest that lies in the box around an '
        'area) or "cover" (the smallest that covers that box)',
    ),
    Option(
        "effect_on",
        Choice((("The chosen areas", "filtered"), ("Everything else", "everything else"))),
        default="filtered",
        part="paste",
        label="Onto",
        meaning='What the effect changes: the "filtered" (chosen) segments, or "everything else"',
    ),
    Option(
        "strength",
        Length(
            min(int(strength.least) for strength in STRENGTHS.values()),
            max(strength.most for strength in STRENGTHS.values()),
        ),
        default=0,
        part="paste",
        label="Strength",
        help="Of the full-size photo, px; 0 fits the picture.",
        meaning="How strong the effect is, within the limits of each: "
        + ", ".join(f'of "{name}" {_said(strength)}' for name, strength in STRENGTHS.items())
        + ". Where it is a length, it may be a share",
        slider_most=200,
    ),
    Option(
        "colour",
        Colour(),
        default="#000000",
        part="paste",
        label="Colour",
        meaning='Of the effect "colour", and of what a sticker writes, as "#rrggbb"',
    ),
    Option(
        "feather",
        Length(0, 500, is_whole=True),
        default=5,
        part="paste",
        label="Soft edge",
        help="Pixels of the full-size photo, up to 500, or % of each area's own side; 0 is hard.",
        node="feather",
        meaning="Width of the soft edge",
        unit="px",
        slider_most=100,  # a slider to 500 could not be set to 5
    ),
    Option(
        "alpha",
        Number(0, 255, is_whole=True),
        default=255,
        part="paste",
        label="Opacity",
        help="100 replaces; 50 mixes half and half.",
        node="alpha",
        meaning="Opacity of what is pasted (0 is unseen, 255 full)",
        slider_most=255,
        in_percent=True,
    ),
    Option(
        "fade",
        Text(MAX_FADE, check_fade),
        default="",
        part="paste",
        label="Opacity by area",
        help="Such as “30%..70% of red”: none of it up to 30 % red, full from 70 %.",
        meaning="What the opacity of each segment follows, 0 where that is unknown: "
        '"30%..70% of red" (0 up to a score or fact of 30 %, full from 70 % on, linear between), '
        '"80%", or one of two, "80% if @share > 2% else 30%". It multiplies alpha; empty leaves '
        'that alone. Of the effect "hide" it is empty',
        example="30%..70% of red",
    ),
    Option(
        "edge",
        Choice((("Smooth", "smooth"), ("Outward only", "outward"), ("Same as ComfyUI", "impact"))),
        default="smooth",
        part="paste",
        label="Edge style",
        help="Outward only keeps all of an area covered.",
        meaning='Where the soft edge lies: "smooth" (half inside, half outside of the outline), '
        '"outward" (outside alone), or "impact" (as ComfyUI\'s Impact Pack has it)',
    ),
    Option(
        "blend",
        Choice(
            (
                ("Normal", "normal"),
                ("Multiply", "multiply"),
                ("Screen", "screen"),
                ("Soft light", "soft light"),
                ("Luminosity", "luminosity"),
                ("Colour", "colour"),
            )
        ),
        default="normal",
        part="paste",
        label="Blend",
        help="How what is pasted is mixed with the photo below it.",
        meaning='How what is pasted is mixed with the photo below it: "normal" (it replaces it), '
        '"multiply", "screen", "soft light", "luminosity" (its light with the photo\'s colours) or '
        '"colour" (its colours with the photo\'s light), as W3C has them; of the effect "hide" it '
        "is normal",
    ),
    Option(
        "fit",
        Choice((("As it is", "as is"), ("Colour and light", "colour"), ("Seamless", "seamless"))),
        default="as is",
        part="paste",
        label="Fit in",
        help="Colour and light: as the photo's at the outline. Seamless: no step at the outline.",
        meaning='How what is pasted onto the chosen areas is made to fit in: "as is", "colour" '
        "(its colour and light are made like the photo's beside each area's outline) or "
        '"seamless" (it keeps its gradients and meets the photo at the outline); onto everything '
        'else, and of the effects "cut-out" and "hide", it is as it is',
    ),
)
