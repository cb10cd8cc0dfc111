"""How many examples a property is tried on: all of them, or a part where one waits for it."""

from hypothesis import settings

WHOLE, QUICK = "steady", "quick"  # profiles of Hypothesis: ``make quick`` names the second
PART = 10
FEWEST = 4


def examples(whole: int) -> int:
    """So many, in ``make quick`` a tenth of them.

    Args:
        whole: How many, where all tests are run.
    """
    if settings.get_current_profile_name() != QUICK:
        return whole
    return max(FEWEST, whole // PART)
