"""Areas that are too large together: each may be as large as the photo, and there are many."""

from segui.amounts import allowed, rounded_up
from segui.errors import SumError


def check_sum(what: str, pixels: int, max_megapixels: float, done: str, advice: str) -> None:
    """Refuse areas that have too many pixels together for what is to be done with them.

    Args:
        what: The areas, in words, such as "5 areas".
        pixels: Of all of them.
        max_megapixels: The most, in millions.
        done: What would be done with them, such as "pasted".
        advice: What has less: a sentence without its end.

    Raises:
        SumError: They have more.
    """
    if pixels > max_megapixels * 1e6:
        raise SumError(
            f"{what} have {rounded_up(pixels / 1e6)} megapixels together: "
            f"at most {allowed(max_megapixels)} are {done}. {advice}"
        )
