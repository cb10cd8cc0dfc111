"""Near names for a name that does not exist."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from segui.expression.spelling import look


def suggest(label: str, known_labels: Iterable[str]) -> str | None:
    """The known label that was probably meant.

    Args:
        label: The label as it was written.
        known_labels: The labels that exist.

    Returns:
        A label that differs by case alone, else the most similar one, else None. A label that is
        known needs no suggestion and gets None.

    >>> suggest("Femal", ["male", "female"]), suggest("CAT", ["cart", "cat"]), suggest("x", ["cat"])
    ('female', 'cat', None)
    """
    return _nearest(label, frozenset(known_labels))


@lru_cache(maxsize=256)
def _nearest(label: str, known: frozenset[str]) -> str | None:
    # Cached: thousands of segments ask for the same wrong label among the same thousand labels.
    if label in known:
        return None
    by_folded: dict[str, str] = {}
    for name in sorted(known):
        by_folded.setdefault(_folded(name), name)
    folded = _folded(label)
    if folded in by_folded:
        return by_folded[folded]
    near = get_close_matches(folded, by_folded, n=3, cutoff=0.6)
    return next((by_folded[name] for name in near if not _is_opposite(folded, name)), None)


def _folded(name: str) -> str:
    """A name without what tells cases and widths of characters apart."""
    return unicodedata.normalize("NFKC", look(name)).casefold()


def _is_opposite(one: str, other: str) -> bool:
    """Whether two words differ by a prefix alone: male and female, man and woman."""
    short, long = sorted((one, other), key=len)
    prefix = long.removesuffix(short)
    return prefix != long and len(prefix) > 1 and prefix.isalpha()
