"""What a picture still shows of that which is to be hidden: to be told before it is given away."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from torch import Tensor

from segui.backend.coverage import coverage
from segui.backend.effect_table import BLOCKS_AN_AREA, HIDE, NO_EFFECT
from segui.backend.hiding import block_of
from segui.backend.paste_checks import feather_px
from segui.backend.uncovered import Uncovered, rim_px, uncovered
from segui.backend.workers import Stop, never
from segui.edits import Edit
from segui.masks.notes import Beyond
from segui.options import PxOrShare, length_words
from segui.paste_values import PasteOptions
from segui.pipeline import Scene
from segui.segments.reshape import is_shrinking, shrunk_by
from segui.segments.segment import Segment
from segui.selection import Selection

_MOST_NUMBERS: Final = 12  # of a list that is read
_OPAQUE: Final = 255


def unhidden(
    scene: Scene, selection: Selection, values: Mapping[str, Any], seen: Uncovered | None
) -> tuple[str, ...]:
    """What is not hidden though it is to be, each in a sentence; empty where all of it is.

    Where areas are hidden, these are all that are marked, but for those that the rule or a hand
    left out. Where everything else is, an area that was left out is hidden with the rest.

    Args:
        scene: The picture.
        selection: Which areas pass.
        values: The page's options, by name.
        seen: The areas whose middle is seen, see ``still_seen``; None where that is not known.
    """
    if values["effect"] != HIDE:
        return ()
    is_inside = values["effect_on"] == "filtered"
    if is_inside:
        return (*_left_out_for_larger(scene), *_of_areas(selection, values, seen))
    return tuple(_of_everything_else(selection, values, seen, scene.photo.size_hw))


def unhidden_by_edits(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    values: Mapping[str, Any],
    seen: Sequence[Uncovered | None],
) -> tuple[str, ...]:
    """The same of edits that are made one after the other; of several, each says which one it is.

    What an edit hides is seen again where a later one pastes the edited version over it.

    Args:
        scene: The picture.
        edits: What happens, in order.
        selections: What each of them has.
        values: The page's options, by name; what an edit says of itself counts before them.
        seen: Of each, the areas whose middle is seen, see ``still_seen``; None where that is not
            known.
    """
    sentences = []
    rows = zip(edits, selections, seen, strict=True)
    for number, (edit, selection, of_edit) in enumerate(rows, 1):
        if not edit.enabled or edit.paste.effect != HIDE:
            continue
        own = {**values, **asdict(edit.paste)}
        said = list(unhidden(scene, selection, own, of_edit))
        later = list(zip(edits, selections, strict=True))[number:]
        for over, (other, chosen) in enumerate(later, number + 1):
            said += _pasted_over(edit, selection, other, chosen, over)
        name = f"edit {number}: " if len(edits) > 1 else ""
        sentences += [f"{name}{sentence}" for sentence in said]
    return tuple(sentences)


def _pasted_over(
    edit: Edit, selection: Selection, later: Edit, chosen: Selection, number: int
) -> Iterator[str]:
    """What is hidden and then pasted over; boxes say where, so that nothing is missed."""
    if not later.enabled or later.paste.effect != NO_EFFECT:
        return
    hides_chosen = edit.paste.effect_on == "filtered"
    hidden = [
        (place, item)
        for place, (item, side) in enumerate(
            zip(selection.segments.items, selection.sides, strict=True), 1
        )
        if (side == "filtered") == hides_chosen
    ]
    if later.paste.effect_on == "filtered":
        feather = later.paste.feather
        pasted = [item.content.widen(feather_px(feather, item)) for item in chosen.filtered.items]
        hidden = [
            (place, item)
            for place, item in hidden
            if any(not box.intersect(item.content).is_empty for box in pasted)
        ]
    yield from _areas(
        [place for place, _ in hidden], f"under the edited version that edit {number} pastes"
    )


def undecided(selection: Selection, effect_on: str) -> tuple[int, ...]:
    """The areas that are shown although nobody could decide on them, by number.

    Whatever side the undecided are sent to by the options: nobody has looked at these areas, but
    for those that were put somewhere by hand.

    Args:
        selection: Which areas pass.
        effect_on: What is hidden: ``filtered`` or ``everything else``.
    """
    hides_chosen = effect_on == "filtered"
    rows = zip(selection.decisions, selection.sides, selection.by_hand, strict=True)
    return tuple(
        number
        for number, (decision, side, by_hand) in enumerate(rows, 1)
        if decision is None and not by_hand and (side == "filtered") != hides_chosen
    )


def still_seen(
    scene: Scene, selection: Selection, options: PasteOptions, *, stop: Stop = never
) -> Uncovered:
    """The areas of which the middle is not hidden, though they are to be.

    An opacity below 255 hides none of the chosen areas wholly, and is no matter of their middle.

    Args:
        scene: The picture.
        selection: Which areas pass.
        options: What is pasted, where, and how; under another effect nothing is to be hidden.
        stop: Called before each area; what it raises ends the work, and is raised.
    """
    is_inside = options.effect_on == "filtered"
    numbers = {
        number
        for number, side in enumerate(selection.sides, 1)
        if (side == "filtered") == is_inside
    }
    if not numbers or options.effect != HIDE:
        return Uncovered()
    alpha = _OPAQUE if is_inside else options.alpha

    def pasted() -> Tensor:
        return coverage(
            selection.filtered,
            scene.photo.size_hw,
            feather=options.feather,
            alpha=alpha,
            edge=options.edge,
            stop=stop,
        )

    if is_inside:
        rim = _rim_px(options, selection)
        return uncovered(scene.segments, numbers, pasted, rim, stop=stop)
    # their own masks cover nothing there, and are no reason
    found = uncovered(scene.segments, numbers, lambda: 1 - pasted(), stop=stop)
    return Uncovered(soft=tuple(sorted((*found.faint, *found.soft))))


def _rim_px(options: PasteOptions, selection: Selection) -> float | None:
    """The widest rim of the chosen areas."""
    feathers = [feather_px(options.feather, item) for item in selection.filtered.items]
    return rim_px(max(feathers, default=0), options.edge)


def _left_out_for_larger(scene: Scene) -> Iterator[str]:
    """Areas that were found and are none, for there are as many larger ones as are wanted."""
    count = sum(note.areas for note in scene.notes if isinstance(note, Beyond))
    if count:
        yield f"{_count(count, 'area')} left out, others being larger"


def _of_areas(
    selection: Selection, values: Mapping[str, Any], seen: Uncovered | None
) -> Iterator[str]:
    """What is seen of areas that are to be hidden."""
    chosen = [number for number, side in enumerate(selection.sides, 1) if side == "filtered"]
    yield from _areas(undecided(selection, values["effect_on"]), "undecided")
    if left_out := len(selection.segments.left_out):
        yield f"{_count(left_out, 'region')} left out, being too small"
    if values["alpha"] < _OPAQUE:
        why = f"see-through, the opacity being {_percent(values['alpha'])} %"
        yield from _areas(chosen, why)
    if is_shrinking(values["grow"]):
        yield from _areas(chosen, f"shrunk by {shrunk_by(values['grow'])}")
    if strength := values["strength"]:
        items = selection.segments.items
        large = [number for number in chosen if _is_left_readable(items[number - 1], strength)]
        yield from _areas(large, _in_blocks(strength))
    if seen is not None:
        yield from _areas(seen.faint, "see-through in the middle, being marked faintly")
        why = f"see-through in the middle, the soft edge being {length_words(values['feather'])}"
        yield from _areas(seen.soft, why)


def _of_everything_else(
    selection: Selection,
    values: Mapping[str, Any],
    seen: Uncovered | None,
    size_hw: tuple[int, int],
) -> Iterator[str]:
    """What is seen beside areas of what is to be hidden."""
    yield from _areas(undecided(selection, values["effect_on"]), "undecided")
    strength, longer_px = values["strength"], max(size_hw)
    photo_side_px = math.sqrt(math.prod(size_hw))
    if strength and _is_readable(longer_px, block_of(HIDE, strength, photo_side_px, longer_px)):
        yield f"everything else is {_in_blocks(strength)}"
    if seen is not None:
        yield from _areas(seen.soft, "seen in the middle, beside or below what is chosen")


def _percent(alpha: int) -> str:
    """Whole where no other opacity is told in the same percent.

    >>> _percent(128), _percent(254), _percent(0)
    ('50', '99.6', '0')
    """
    whole = round(alpha * 100 / _OPAQUE)
    is_whole = math.floor(whole * _OPAQUE / 100 + 0.5) == alpha
    return str(whole) if is_whole else f"{alpha * 100 / _OPAQUE:.1f}"


def _is_left_readable(segment: Segment, strength: PxOrShare) -> bool:
    longer_px = max(segment.bbox.size_hw)
    return _is_readable(longer_px, block_of(HIDE, strength, segment.side_px, longer_px))


def _is_readable(longer_px: int, block_px: float) -> bool:
    """Whether more is left of something than the blocks that fit it leave."""
    return block_px * BLOCKS_AN_AREA < longer_px


def _in_blocks(strength: PxOrShare) -> str:
    size = length_words(strength)
    return f"left with more than {BLOCKS_AN_AREA} blocks a side, the block size being {size}"


def _areas(numbers: Sequence[int], why: str) -> Iterator[str]:
    """Areas in a sentence; none where there are none."""
    if numbers:
        yield f"{_count(len(numbers), 'area')} {why}: {_numbers(numbers)}"


def _count(count: int, what: str) -> str:
    return f"1 {what} is" if count == 1 else f"{count} {what}s are"


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_MOST_NUMBERS])
    more = len(numbers) - _MOST_NUMBERS
    return f"{shown} and {more} more" if more > 0 else shown
