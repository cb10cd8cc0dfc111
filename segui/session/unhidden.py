"""What a picture still shows of that which is to be hidden: to be asked before it is given away."""

from collections.abc import Iterator, Sequence

from segui.backend.effect_table import BLOCKS_AN_AREA, HIDE
from segui.session.view import View

_MOST_NUMBERS = 12  # of a list that is read
_OPAQUE = 255


def unhidden(view: View) -> tuple[str, ...]:
    """What is not hidden though it is to be, each in a sentence; empty where all of it is.

    Where areas are hidden, these are all that are marked, but for those that the rule or a hand
    left out. Where everything else is, an area that was left out is hidden with the rest.

    Args:
        view: What there is to show.
    """
    if view.inputs.options["effect"] != HIDE or view.selection is None:
        return ()
    is_inside = view.inputs.options["effect_on"] == "filtered"
    said = _of_areas(view) if is_inside else _of_everything_else(view)
    return tuple(said)


def undecided(view: View) -> tuple[int, ...]:
    """The areas that are shown although nobody could decide on them, by number.

    Whatever side the undecided are sent to by the options: nobody has looked at these areas, but
    for those that were put somewhere by hand.

    Args:
        view: What there is to show, under an effect that hides.
    """
    if view.selection is None:
        return ()
    hides_chosen = view.inputs.options["effect_on"] == "filtered"
    rows = zip(view.selection.decisions, view.selection.sides, view.selection.by_hand, strict=True)
    return tuple(
        number
        for number, (decision, side, by_hand) in enumerate(rows, 1)
        if decision is None and not by_hand and (side == "filtered") != hides_chosen
    )


def _of_areas(view: View) -> Iterator[str]:
    """What is seen of areas that are to be hidden."""
    values, selection = view.inputs.options, view.selection
    assert selection is not None  # noqa: S101  unhidden has looked
    chosen = [number for number, side in enumerate(selection.sides, 1) if side == "filtered"]
    yield from _areas(undecided(view), "undecided")
    if left_out := len(selection.segments.left_out):
        yield f"{_count(left_out, 'region')} left out, being too small"
    if values["alpha"] < _OPAQUE:
        why = f"see-through, the opacity being {values['alpha']} of {_OPAQUE}"
        yield from _areas(chosen, why)
    if values["grow"] < 0:
        yield from _areas(chosen, f"shrunk by {-values['grow']} px")
    if block_px := values["strength"]:
        longer_px = [max(item.bbox.size_hw) for item in selection.segments.items]
        large = [number for number in chosen if _is_readable(longer_px[number - 1], block_px)]
        yield from _areas(large, _in_blocks(block_px))
    if (painted := view.plan.painted) is not None:
        yield from _areas(painted.faint, "see-through in the middle, being marked faintly")
        why = f"see-through in the middle, the soft edge being {values['feather']} px"
        yield from _areas(painted.soft, why)


def _of_everything_else(view: View) -> Iterator[str]:
    """What is seen beside areas of what is to be hidden."""
    yield from _areas(undecided(view), "undecided")
    block_px = view.inputs.options["strength"]
    if block_px and view.photo and _is_readable(max(view.photo.size_hw), block_px):
        yield f"everything else is {_in_blocks(block_px)}"
    if (painted := view.plan.painted) is not None:
        yield from _areas(painted.soft, "seen in the middle, beside or below what is chosen")


def _is_readable(longer_px: int, block_px: float) -> bool:
    """Whether more is left of something than the blocks that fit it leave."""
    return block_px * BLOCKS_AN_AREA < longer_px


def _in_blocks(block_px: float) -> str:
    return (
        f"left with more than {BLOCKS_AN_AREA} blocks a side, the block size being {block_px:g} px"
    )


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
