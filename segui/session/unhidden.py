"""What a picture still shows of that which is to be hidden: to be asked before it is given away."""

from collections.abc import Sequence

from segui.backend.effect_table import HIDE
from segui.session.view import View

_MOST_NUMBERS = 12  # of a list that is read


def unhidden(view: View) -> tuple[str, ...]:
    """What is not hidden though areas are, each in a sentence; empty where all of it is.

    Only where the areas are hidden: where everything else is, an area that was left out or that
    nobody could decide on is hidden with the rest.

    Args:
        view: What there is to show.
    """
    values = view.inputs.options
    if values["effect"] != HIDE or values["effect_on"] != "filtered" or view.selection is None:
        return ()
    undecided = [number for number, side in enumerate(view.selection.sides, 1) if side == "review"]
    left_out = len(view.selection.segments.left_out)
    said = []
    if undecided:
        said.append(f"{_count(len(undecided), 'area')} undecided: {_numbers(undecided)}")
    if left_out:
        said.append(f"{_count(left_out, 'region')} left out, being too small")
    return tuple(said)


def _count(count: int, what: str) -> str:
    return f"1 {what} is" if count == 1 else f"{count} {what}s are"


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_MOST_NUMBERS])
    more = len(numbers) - _MOST_NUMBERS
    return f"{shown} and {more} more" if more > 0 else shown
