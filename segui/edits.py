"""Several edits in one picture: each has a rule, and what happens where it holds.

They are made one after the other, each on what the ones before it left. All of them are judged by
the photo as it was: what an edit changes is never asked again.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from segui.backend.effect_table import CUT_OUT
from segui.backend.workers import Stop, never
from segui.classifiers.base import Scores
from segui.errors import ExpressionError, InputError, shown
from segui.expression import Expression, parse, read_fade, read_rules
from segui.images.pictures import Picture
from segui.options import (
    MAX_EDITS,
    PASTE_OPTIONS,
    default_of,
    default_values,
    no_such,
    option_values,
    read_options,
    unsuited_values,
)
from segui.paste_values import PasteOptions
from segui.pipeline import Scene, as_tensor, choose
from segui.rendering import check_reach, reach, render
from segui.segments.segment import Segments
from segui.segments.sums import check_sum
from segui.selection import Selection, Side, fade, override
from segui.settings import Settings

Among = Literal["all", "left"]
# what an edit says of itself; all else that it may say are the options of pasting, by their names
_OWN: Final = ("name", "rule", "on_unknown", "among", "by_hand", "enabled")
_OUT: Final[Side] = "remained"
_TAKEN: Final = "edit {} has it; by this rule: "


@dataclass(frozen=True)
class Edit:
    """A rule, and what happens where it holds.

    Args:
        rule: Which segments it is for; ``*`` is all of them.
        paste: What happens there.
        among: The rule chooses among ``all`` segments, or among those that are ``left``: that no
            edit before this one has chosen.
        on_unknown: Where the undecided go: ``remain``, ``filter`` or ``review``.
        by_hand: Whether segments, by their numbers from 1, are chosen whatever the rule says; what
            an earlier edit has stays its own where ``among`` is ``left``.
        name: What a person calls it.
        enabled: Whether it is made; one that is not chooses nothing.
        rules: Rules with names, which ``rule`` may name: what ``read_rules`` gives.
        fade: What the opacity of each segment follows, such as ``30%..70% of red``: see
            ``read_fade``. It multiplies that of ``paste``; empty leaves that alone.

    Raises:
        ExpressionError: The rule, or what opacity follows, cannot be read.
        InputError: Another value is none of those above.
    """

    rule: str = default_of("expression")
    paste: PasteOptions = field(default_factory=PasteOptions)
    among: Among = default_of("among")
    on_unknown: str = default_of("on_unknown")
    by_hand: Mapping[int, bool] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""
    enabled: bool = True
    rules: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    fade: str = default_of("fade")

    def __post_init__(self) -> None:
        """Check the values, so that a wrong one is told before any work."""
        parse(self.rule, self.rules)
        read_fade(self.fade, self.rules)
        for sentence in unsuited_values(self.paste.effect, {"fade": self.fade}).values():
            raise InputError(sentence)
        if self.among not in option_values("among"):
            raise InputError(f"among is {shown(self.among)}: expected 'all' or 'left'")
        if self.on_unknown not in option_values("on_unknown"):
            expected = ", ".join(option_values("on_unknown"))
            raise InputError(f"on_unknown is {shown(self.on_unknown)}: expected one of {expected}")


@dataclass(frozen=True, eq=False)
class Edited:
    """A picture with its edits.

    Args:
        pixels: (H, W, 3 or 4) uint8, the photo's size; RGBA from a cut-out on.
        selections: What each edit chose, in their order.
    """

    pixels: NDArray[np.uint8]
    selections: tuple[Selection, ...]


@dataclass(frozen=True, eq=False)
class EditStep:
    """An edit that was made.

    Args:
        number: Its number, from 1.
        edit: The edit.
        selection: What it has.
        scene: The picture before it.
        pixels: (H, W, 3 or 4) uint8, the picture after it.
    """

    number: int
    edit: Edit
    selection: Selection
    scene: Scene
    pixels: NDArray[np.uint8]

    @property
    def after(self) -> Scene:
        """What the next edit is made on: the areas as they were, in the picture as it is now."""
        photo = replace(self.scene.photo, pixels=self.pixels)
        return replace(self.scene, photo=photo, last_effect={}, last_before={})


def read_edits(said: object, defaults: Mapping[str, Any] | None = None) -> tuple[Edit, ...]:
    """Edits as a program or a file says them.

    Args:
        said: A list of objects with any of ``name``, ``rule``, ``on_unknown``, ``among``,
            ``by_hand`` (of segments' numbers, whether they are chosen), ``enabled``, and the
            options of pasting: ``effect``, ``effect_on``, ``strength``, ``colour``, ``feather``,
            ``alpha``, ``fade``, ``edge``, ``blend``, ``fit``, ``version``, ``sticker``,
            ``sticker_fit``.
        defaults: Options that count where an edit says nothing, by name; and ``rules``, which all
            of them may name.

    Raises:
        ExpressionError: A rule cannot be read.
        InputError: It is something else; the sentence says which edit.

    >>> [edit.paste.effect for edit in read_edits([{"rule": "red > 50%", "effect": "grey"}])]
    ['grey']
    """
    if not isinstance(said, list):
        raise InputError(f"edits is {shown(said)}: expected a list of objects")
    if len(said) > MAX_EDITS:
        raise InputError(f"there are {len(said)} edits: at most {MAX_EDITS} are allowed")
    values = default_values(**(defaults or {}))
    rules = read_rules(values["rules"])
    edits = []
    for number, one in enumerate(said, 1):
        with _of_edit(number, MAX_EDITS):
            edits.append(_read(one, values, rules))
    return tuple(edits)


def apply_edits(
    photo: NDArray[np.uint8],
    segments: Segments,
    scores: Sequence[Scores],
    edits: Sequence[Edit],
    *,
    reference: NDArray[np.uint8] | None = None,
    more_references: Sequence[NDArray[np.uint8]] = (),
    device: str = "auto",
) -> Edited:
    """Make edits in a photo, one after the other, each where its rule holds.

    Args:
        photo: (H, W, 3 or 4) uint8; it stays as it is.
        segments: Of the photo.
        scores: What a classifier said of each segment, label by label.
        edits: What happens, in order.
        reference: The edited version, of the photo's size, for edits whose effect is ``none``.
        more_references: Further ones, which edits take by their ``version``, from 2 on.
        device: Where to compute: ``auto``, ``gpu`` or ``cpu``.

    Returns:
        The picture, and what each edit chose.

    Raises:
        InputError: A picture is another kind of array, sizes differ, there are not as many scores
            as segments, or an edit has nothing to paste.

    >>> from segui import segments_from_mask
    >>> import torch
    >>> mask = torch.zeros(8, 8)
    >>> mask[1:3, 1:3] = mask[5:7, 5:7] = 1
    >>> segments = segments_from_mask(mask, drop_size=1)
    >>> grey = np.full((8, 8, 3), 100, np.uint8)
    >>> edits = read_edits([{"rule": "red > 50%", "effect": "invert", "feather": 0}])
    >>> done = apply_edits(grey, segments, [{"red": 0.9}, {"red": 0.2}], edits)
    >>> done.pixels[2, 2, 0].item(), done.pixels[6, 6, 0].item()
    (155, 100)
    """
    if more_references and reference is None:
        raise InputError("there are more edited versions, and no first one")
    other, more = None if reference is None else Picture(reference), map(Picture, more_references)
    scene = Scene(Picture(photo), other, segments, more_references=tuple(more))
    selections = choose_for_edits(scene, scores, edits)
    return Edited(make_edits(scene, edits, selections, device=device), selections)


def make_edits(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    *,
    device: str = "auto",
    limits: Settings | None = None,
    stop: Stop = never,
    open_edit: int = 0,
) -> NDArray[np.uint8]:
    """Make edits in a scene once it is known what each of them has.

    Args:
        scene: The picture and its segments.
        edits: What happens, in order.
        selections: What ``choose_for_edits`` gave for them.
        device: Where to compute: ``auto``, ``gpu`` or ``cpu``.
        limits: The most megapixels that are pasted, by all edits; None pastes any number.
        stop: Called before each segment or more often; what it raises ends the work, and is raised.
        open_edit: The place, from 0, of the edit that somebody is at: what it is made on is kept in
            the scene, for the next time.

    Returns:
        (H, W, 3 or 4) uint8, the photo's size.

    Raises:
        InputError: An edit has nothing to paste, or they reach too far; nothing is pasted then.
    """
    if limits is not None:
        _check_limits(scene, edits, selections, limits)
    begun = before(scene, edits, selections, open_edit, device=device, stop=stop)
    pixels = begun.photo.pixels
    for step in _steps(begun, edits, selections, range(open_edit, len(edits)), device, stop):
        pixels = step.pixels
    return pixels.copy() if pixels is begun.photo.pixels else pixels


def before(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    place: int,
    *,
    device: str = "auto",
    stop: Stop = never,
) -> Scene:
    """What an edit is made on: the scene with the edits before it.

    Args:
        scene: The picture and its segments. It keeps the last answer, since a slider of one edit
            asks for it again and again.
        edits: What happens, in order.
        selections: What ``choose_for_edits`` gave for them.
        place: The edit's, from 0.
        device: As of ``make_edits``.
        stop: As of ``make_edits``.

    Raises:
        InputError: One of the edits before it cannot be made.
    """
    pairs = zip(edits[:place], selections[:place], strict=True)
    made = [(edit.paste, chosen.filtered.items) for edit, chosen in pairs if edit.enabled]
    if not made:
        return scene
    key = (device, *made)
    kept = scene.last_before.get(key)
    if kept is None:
        kept = scene
        for step in _steps(scene, edits, selections, range(place), device, stop):
            kept = step.after
        scene.last_before.clear()
        scene.last_before[key] = kept
    return kept


def edit_steps(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    *,
    device: str = "auto",
    limits: Settings | None = None,
    stop: Stop = never,
    first: int = 0,
) -> Iterator[EditStep]:
    """Make edits one after the other, and give the picture after each that is made.

    Args and what is raised are those of ``make_edits``; those before the ``first`` are not given.
    """
    if limits is not None:
        _check_limits(scene, edits, selections, limits)
    begun = before(scene, edits, selections, first, device=device, stop=stop)
    yield from _steps(begun, edits, selections, range(first, len(edits)), device, stop)


def _steps(
    begun: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    places: range,
    device: str,
    stop: Stop,
) -> Iterator[EditStep]:
    """Some of the edits, in what those before them have made."""
    now = begun
    is_cut = any(_cuts_out(edit) for edit in edits[: places.start])
    for place in places:
        edit, selection = edits[place], selections[place]
        if not edit.enabled:
            continue
        with _of_edit(place + 1, len(edits)):
            pixels = render(now, selection.filtered, edit.paste, device, stop=stop)
        # an edited version has what was cut away, and any program could show it again
        pixels = _without_hidden(pixels) if is_cut else pixels
        is_cut = is_cut or _cuts_out(edit)
        step = EditStep(place + 1, edit, selection, now, pixels)
        yield step
        now = step.after


def _cuts_out(edit: Edit) -> bool:
    return edit.enabled and edit.paste.effect == CUT_OUT


def _without_hidden(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGBA without the colours of what is fully transparent."""
    return pixels * (pixels[..., 3:] > 0)


def _check_limits(
    scene: Scene, edits: Sequence[Edit], selections: Sequence[Selection], limits: Settings
) -> None:
    """Refuse edits that take too long together, before the first; one alone is checked as it is.

    Raises:
        SumError: They go through too many pixels, several of them through the photo at least once.
    """
    pairs = enumerate(zip(edits, selections, strict=True), 1)
    made = [(number, edit, selection) for number, (edit, selection) in pairs if edit.enabled]
    if len(made) == 1:
        ((number, edit, selection),) = made
        with _of_edit(number, len(edits)):
            check_reach(selection.filtered, edit.paste, limits)
        return
    once = math.prod(scene.photo.size_hw)
    pixels = sum(max(once, reach(selection.filtered, edit.paste)) for _, edit, selection in made)
    what = f"{len(made)} edits, each of the photo's size at least,"
    advice = "Fewer edits, or a smaller photo, have less"
    check_sum(what, pixels, limits.max_crop_megapixels, "pasted", advice)


def choose_for_edits(
    scene: Scene, scores: Sequence[Scores], edits: Sequence[Edit]
) -> tuple[Selection, ...]:
    """What each edit's rule chooses; nothing is pasted.

    Args:
        scene: The picture and its segments.
        scores: One for each segment.
        edits: In their order.

    Raises:
        InputError: There are not as many scores, or no segment has a number that is named by hand.
    """
    selections: list[Selection] = []
    taken: dict[int, int] = {}  # a segment's place: the first edit that has it
    for number, edit in enumerate(edits, 1):
        with _of_edit(number, len(edits)):
            chosen = _chosen(scene, scores, edit, taken)
        selections.append(chosen)
        for place, side in enumerate(chosen.sides):
            if side == "filtered":
                taken.setdefault(place, number)
    return tuple(selections)


def _chosen(
    scene: Scene, scores: Sequence[Scores], edit: Edit, taken: Mapping[int, int]
) -> Selection:
    # what has changed is asked of the version that this edit takes
    judged = replace(scene, reference=scene.version(edit.paste.version), more_references=())
    selection = choose(judged, scores, parse(edit.rule, edit.rules), edit.on_unknown)
    count = len(selection.sides)
    for number in edit.by_hand:
        if not 1 <= number <= count:
            raise InputError(f"there is no segment {number}: there are {count}")
    sides: dict[int, Side] = {
        number - 1: "filtered" if is_chosen else "remained"
        for number, is_chosen in edit.by_hand.items()
    }
    selection = override(selection, sides)
    if not edit.enabled:
        return replace(selection, sides=(_OUT,) * count)
    if edit.among == "left":
        selection = _without_taken(selection, taken)
    how = read_fade(edit.fade, edit.rules)
    if how is None:
        return selection
    other = None if judged.reference is None else as_tensor(judged.reference.pixels)
    return fade(selection, how, as_tensor(scene.photo.pixels), other)


def _without_taken(selection: Selection, taken: Mapping[int, int]) -> Selection:
    """The selection among what is left; the others say which edit has them."""
    sides = tuple(_OUT if place in taken else side for place, side in enumerate(selection.sides))
    return replace(
        selection,
        sides=sides,
        reasons=tuple(
            _TAKEN.format(taken[place]) + reason if place in taken else reason
            for place, reason in enumerate(selection.reasons)
        ),
    )


@contextmanager
def _of_edit(number: int, count: int) -> Iterator[None]:
    """What is wrong with an edit is said with its number, where there is more than one."""
    if count == 1:
        yield
        return
    try:
        yield
    except ExpressionError as error:
        message = f"of edit {number}: {error.message}"
        raise ExpressionError(error.text, error.column, message) from error
    except InputError as error:
        raise InputError(f"edit {number}: {error}") from error


def _read(said: object, defaults: Mapping[str, Any], rules: Mapping[str, Expression]) -> Edit:
    """One edit of a list."""
    if not isinstance(said, dict):
        raise InputError(f"it is {shown(said)}: expected an object")
    known = (*_OWN, *PASTE_OPTIONS)
    for name in said:
        if name not in known:
            raise InputError(no_such(str(name), known, "value"))
    pasted = {
        **defaults,
        **read_options({name: said[name] for name in PASTE_OPTIONS if name in said}),
    }
    written = _as("rule", said.get("rule", default_of("expression")), str, "text")
    rule = read_options({"expression": written})
    undecided = read_options({"on_unknown": said.get("on_unknown", defaults["on_unknown"])})
    return Edit(
        rule["expression"],
        PasteOptions.of(pasted),
        among=said.get("among", defaults["among"]),
        on_unknown=undecided["on_unknown"],
        by_hand=_by_hand(said.get("by_hand", {})),
        name=_as("name", said.get("name", ""), str, "text"),
        enabled=_as("enabled", said.get("enabled", True), bool, "true or false"),
        rules=rules,
        fade=pasted["fade"],
    )


def _by_hand(said: object) -> dict[int, bool]:
    """Segments by number; JSON has its names as text."""
    if not isinstance(said, dict):
        raise InputError(f"by_hand is {shown(said)}: expected an object of numbers")
    read = {}
    for number, is_chosen in said.items():
        if not str(number).isdecimal() or not isinstance(is_chosen, bool):
            raise InputError(
                f"by_hand has {shown(str(number))}: {shown(is_chosen)}: expected a segment's "
                "number, and true or false"
            )
        read[int(number)] = is_chosen
    return read


def _as(name: str, value: object, kind: type, expected: str) -> Any:
    if not isinstance(value, kind):
        raise InputError(f"{name} is {shown(value)}: expected {expected}")
    return value
