"""What the server and the scripts in the page say to each other.

The same keys stand in ``browser/frame/messages.js`` and ``browser/builder.js``. What a browser
sends may be anything: these types say what the scripts send, and whoever reads it checks it.
"""

from typing import Any, TypedDict

from segui.options import PxOrShare

XYXY = list[int]
Pair = list[int]
Dot = list[int | float | str]  # number, score and side of an area
Paste = dict[str, Any]  # what the controls say of pasting, by option, whatever can be made of it


class Shape(TypedDict):
    """An area; lengths are in pixels of the preview."""

    n: int
    """Its number."""
    a: int
    """Its area, px of the photo."""
    x: float
    """Where its number stands."""
    y: float
    d: str
    """Its outline, as the path of an SVG."""


class LeftOut(TypedDict):
    """What was too small to be an area."""

    key: int
    """Another one each time that it is to be seen, though the boxes be the same."""
    boxes: list[XYXY]
    """In px of the photo; none to see none."""


class Answer(TypedDict):
    """One of the outlines that a model has for what was clicked."""

    name: str
    """``smallest``, ``middle`` or ``largest``."""
    share: float
    """How much of the photo is in it, percent."""
    taken: bool
    """Whether it is the one that is taken."""


class Marks(TypedDict):
    """What was clicked and framed on the photo, px."""

    way: str
    """``click`` or ``box``; empty where neither says what is found."""
    points: list[list[int]]
    """x, y, and 1, or 0 where something is not wanted."""
    boxes: list[XYXY]
    answers: list[Answer]
    """What a model has for them; none where there is nothing to choose."""


class Draft(TypedDict):
    """What the sliders say while they move: the page says it to itself."""

    feather: PxOrShare | None
    """Px of the photo; None while its box is empty."""
    alpha: float | None
    """0 to 255; None while its box is empty."""
    edge: str


class Layer(TypedDict):
    """An area's mask, at the size of the preview."""

    number: int
    box: XYXY
    crop: XYXY
    """Its crop region, px of the preview."""
    crop_hw: Pair
    """Height and width of the crop region, px of the photo."""
    side: float
    """Of a square as large as the area, px of the photo: what a share is of."""
    mask: str
    """A grey PNG, as a data URI."""


class Above(TypedDict):
    """What an edit pastes that is made after the one whose sliders move; as it is."""

    edit: str
    """What is pasted, as a data URI."""
    swap: bool
    """Whether what is below is pasted onto that."""
    numbers: list[int]
    """Of the areas that it has, among the layers."""
    feather: PxOrShare
    alpha: int
    opacities: list[list[float]]
    """Number and opacity, 0 to 1, of each area that has one of its own."""
    edge: str


class Live(TypedDict, total=False):
    """What the preview that follows the sliders is made of, see ``compositor.js``.

    Without layers, it is to be asked for if it has a key, and else the server draws.
    """

    key: int | str
    """Another one for what is made of something else: what has the same is not made anew."""
    reach: int | None
    """The softest edge for which it is right, px; None for any."""
    width: int
    height: int
    scale: float
    """Px of the preview for each of the photo."""
    below: str
    """What earlier edits have made of the photo, as a data URI; empty where there are none."""
    edit: str
    """What is pasted, as a data URI."""
    swap: bool
    """Whether what is below is pasted onto that."""
    opacities: list[list[float]]
    """Number and opacity, 0 to 1, of each area of the open edit that has one of its own."""
    layers: list[Layer]
    """Of all areas; the server draws where there are none."""
    above: list[Above]
    """What later edits paste, in their order."""


class _Look(TypedDict):
    box: XYXY
    """Px of the photo."""
    after: str
    """That part of the result, as a data URI."""
    before: str
    """That part of the photo."""


class Look(_Look, total=False):
    """A part of the result and of the photo, at full size."""

    key: int
    """Another one for each answer."""


class _Painted(TypedDict):
    mask: str
    """A data URI; empty where nothing is painted."""


class Painted(_Painted, total=False):
    """The mask painted so far."""

    told: int
    """The last ``told`` of a ``painted`` event that the server has heard of.

    Without it the frame has to guess what of the page's own comes back.
    """


class _MaskLayer(TypedDict):
    layer: str
    """The mask file's id."""
    name: str
    strokes: str
    """What was painted on it, a data URI of a PNG; empty where nothing was."""


class MaskLayer(_MaskLayer, total=False):
    """A mask file as a layer that can be painted on."""

    told: int
    """The last ``told`` of a ``painted`` event of this layer that the server has heard of."""


class Base(TypedDict):
    """A mask file as it is below what is painted on it."""

    layer: str
    mask: str
    """A grey PNG of the preview's size, as a data URI; empty where it cannot be used."""
    trouble: str
    """Why it cannot."""


class FrameMessage(TypedDict, total=False):
    """What the picture's frame is told. It holds what changed; the rest stays as it is.

    A message may say again whatever the page is not known to have got: what the frame knows already
    changes nothing.
    """

    n: int
    """Grows with each message of a page; one that is not above the last is not taken."""
    photo: str
    """A picture of preview size, as a data URI; empty without a photo."""
    result: str
    """The same of the result."""
    size: Pair | None
    """Width and height of the photo."""
    preview: Pair | None
    """Width and height of both pictures."""
    shapes: list[Shape]
    """Each area's outline and number."""
    sides: list[str]
    """Where each area goes: ``filtered``, ``remained`` or ``review``."""
    hand: list[bool]
    """Whether that was said by hand."""
    numbers: list[int]
    """Of the areas that are pasted."""
    selected: int
    """The area that is looked at; 0 for none."""
    left_out: LeftOut
    paste: Paste
    """The result is the one for that."""
    live: Live | None
    """None is to be asked for, as one is that has a key and no layers."""
    look: Look | None
    painted: Painted
    layers: list[MaskLayer]
    """The mask files, in their order."""
    base: Base | None
    """Of the mask file that was asked for last."""
    marks: Marks
    busy: str
    """What is being done."""
    stale: str
    """Why the picture is of what was there before."""
    draft: Draft


class SelectEvent(TypedDict):
    """An area was clicked."""

    number: int


class RestEvent(TypedDict):
    """The sliders do not move any more."""

    look: XYXY | None
    """The part that is seen at full size, px of the photo; None where all of it is seen."""


class LiveEvent(TypedDict):
    """The browser is idle, and asks for what it draws with."""


class LookEvent(TypedDict):
    """A part is wanted at full size."""

    look: XYXY
    """Px of the photo."""


class PaintedEvent(TypedDict):
    """Something was painted, or wiped."""

    layer: str
    """The mask file's id; empty where it was painted on none."""
    painted: str
    """A data URI of a PNG, white where painted; empty where nothing is.

    On a mask file, black where something was taken away, and transparent where nothing was touched.
    """
    told: int
    """How many times the page has told this of this layer."""


class LayerEvent(TypedDict):
    """A mask file is to be painted on."""

    layer: str


class MarkEvent(TypedDict, total=False):
    """Something was clicked or framed, or all of that is to go; or an answer to it was chosen."""

    point: list[int]
    """x and y, px of the photo, and 1, or 0 where something is not wanted."""
    box: XYXY
    """Two opposite corners, px of the photo."""
    clear: bool
    candidate: str
    """Which of a model's outlines is taken; ``best`` is the one that it finds best."""


class FrameEvents(TypedDict):
    """What the frame tells, by the names of the events."""

    select: SelectEvent
    rest: RestEvent
    live: LiveEvent
    look: LookEvent
    painted: PaintedEvent
    layer: LayerEvent
    mark: MarkEvent


class Threshold(TypedDict):
    """One comparison of the rule."""

    label: str
    sign: str
    value: float
    index: int
    """Which of the rule's thresholds it is, from 0."""


class BuilderValue(TypedDict):
    """What the rule builder shows."""

    known: bool
    """Whether there are scores."""
    labels: list[str]
    """The best-scored first."""
    text: str
    """The rule as it stands in its box."""
    rows: list[Threshold]
    simple: Threshold | None
    """The rule, where it is one such comparison of a label, here without quotes."""
    can_join: bool
    """Whether the rule can be read, and so added to."""
    dots: dict[str, list[Dot]]
    """By the label of each row; without rows, of the best label of all."""


class RuleEvent(TypedDict):
    """The rule is to be this one."""

    label: str
    sign: str
    value: float


class JoinEvent(TypedDict):
    """One more condition."""

    word: str
    """``and`` or ``or``."""
    label: str
    sign: str
    value: float


class ThresholdEvent(TypedDict):
    """A threshold moves."""

    index: int
    value: float
    final: bool
    """Whether it does not move any more."""


class BuilderEvents(TypedDict):
    """What the rule builder tells, by the names of the events."""

    rule: RuleEvent
    join: JoinEvent
    threshold: ThresholdEvent
    select: SelectEvent
