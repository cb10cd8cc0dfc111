"""Labels that look alike: one name in different characters, as systems and keyboards write it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from segui.expression.typed import JOINERS, without_hidden

_ALIKE: Final = {
    **dict.fromkeys(map(ord, "‘’‛ʼ＇′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″＂"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–−"), "-"),
}
# full-width letters and signs, and half-width ones of other scripts, as input methods write them
_WIDTHS: Final = re.compile("[\uff01-\uffee]+")
_SPACE: Final = re.compile(r"\s")
_SELECTORS: Final = re.compile(f"[{JOINERS}\ufe00-\ufe0f]")


def look(label: str) -> str:
    """What a label has in common with all that look like it.

    Composed and decomposed accents, widths of characters, kinds of apostrophes, hyphens and blanks
    are one; what cannot be seen goes. Upper and lower case stay apart.

    >>> look("cafe\u0301") == look("caf\u00e9"), look("men’s"), look("Cat") == look("cat")
    (True, "men's", False)
    """
    if label.isascii():
        return _SPACE.sub(" ", label)
    narrow = _WIDTHS.sub(_of_usual_width, without_hidden(label))
    composed = unicodedata.normalize("NFC", narrow).translate(_ALIKE)
    return _SPACE.sub(" ", _SELECTORS.sub("", composed))


def _of_usual_width(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group())


def known_as(label: str, known: Iterable[str]) -> str | None:
    """The known label that is meant: the very one, else the only one that looks like it.

    Args:
        label: The label as a rule has it.
        known: The labels that there are.

    >>> known_as("men’s", ["men's", "women's"]), known_as("x", ["X"])
    ("men's", None)
    """
    names = frozenset(known)
    return label if label in names else by_look(names).get(look(label))


@lru_cache(maxsize=64)
def by_look(names: frozenset[str]) -> Mapping[str, str]:
    """Those of the labels that no other one looks like, by what they look like."""
    # Cached: thousands of segments have the same labels.
    count = Counter(map(look, names))
    return MappingProxyType({look(name): name for name in names if count[look(name)] == 1})


def label_notes(labels: Iterable[str]) -> tuple[str, ...]:
    """What a person should know of a model's labels before writing one in a rule.

    Args:
        labels: As the model lists them, with those that it has twice.

    Returns:
        A sentence for each kind: twice the same, different characters or case alone, an empty one.

    >>> label_notes(["crane", "crane", "cat"])
    ("The model has 'crane' twice: the better of the two scores counts.",)
    """
    counts = Counter(labels)
    notes = [
        f"The model has {_quoted([name])} {_times(count)}: the better of the {_many(count)} scores "
        "counts."
        for name, count in counts.items()
        if count > 1
    ]
    by_look: dict[str, list[str]] = {}
    by_case: dict[str, list[str]] = {}
    for name in counts:
        by_look.setdefault(look(name), []).append(name)
    for seen, names in by_look.items():
        by_case.setdefault(seen.casefold(), []).append(names[0])
        if len(names) > 1:
            notes.append(
                f"The model has {len(names)} labels that look like {_quoted(names[:1])}: a rule "
                "means the one that is written in the same characters, so take it from the list."
            )
    notes += [
        f"The model tells {_quoted(names)} apart by upper and lower case alone."
        for names in by_case.values()
        if len(names) > 1
    ]
    if any(not look(name).strip() for name in counts):
        notes.append('The model has a label without a name: a rule writes it "".')
    return tuple(notes)


def _quoted(names: list[str]) -> str:
    return " and ".join(f"'{name}'" for name in names)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _many(count: int) -> str:
    return "two" if count == 2 else str(count)
