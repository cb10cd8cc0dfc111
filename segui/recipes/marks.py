"""Files by name and digest, and how those at hand differ from those of another day."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from segui.errors import InputError

MAX_NAME_CHARACTERS: Final = 255
_BLOCK_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class FileMark:
    """What a file is known by.

    Args:
        name: Its name without its folder.
        sha256: Of its bytes, 64 hexadecimal digits.
    """

    name: str
    sha256: str

    def __str__(self) -> str:
        """The name and the beginning of the digest."""
        return f"{self.name} (sha256 {self.sha256[:6]}...)"


def mark_of(path: str | Path) -> FileMark:
    """What a file is known by; read in blocks.

    Raises:
        InputError: The file cannot be read.
    """
    path = Path(path)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{path.name} cannot be read") from error
    name = "".join(character if character.isprintable() else "?" for character in path.name)
    return FileMark(name[:MAX_NAME_CHARACTERS], digest.hexdigest())


def file_differences(what: str, then: FileMark | None, now: FileMark | None) -> list[str]:
    """Whether a file is the one that it was, in at most one sentence.

    Args:
        what: What the sentence calls it.
        then: The file of the recipe.
        now: The file at hand.
    """
    article = "an" if what[0] in "aeiou" else "a"
    if then is None:
        return [] if now is None else [f"there is {article} {what}: the recipe was made without"]
    if now is None:
        return [f"the {what} is missing: the recipe was made with {then}"]
    if then.sha256 == now.sha256:
        return []
    return [f"the {what} is another file: the recipe was made with {then}"]


def mask_differences(then: Sequence[FileMark], now: Sequence[FileMark]) -> list[str]:
    """How the masks at hand differ from those of the recipe, a sentence each.

    Args:
        then: The masks of the recipe, in order.
        now: The masks at hand, in order.
    """
    wanted, there = (Counter(mark.sha256 for mark in marks) for marks in (then, now))
    if wanted != there:
        missing = _beyond(then, there)
        extra = _beyond(now, wanted)
        return [
            *(f"a mask is missing: the recipe was made with {mark}" for mark in missing),
            *(f"the mask {mark} is not one of the recipe's" for mark in extra),
        ]
    if [mark.sha256 for mark in then] != [mark.sha256 for mark in now]:
        names = ", ".join(mark.name for mark in then)
        return [f"the masks are in another order: the recipe has {names}"]
    if len(then) == 1:
        return []  # areas carry the names of their files only where there are several
    return [
        f"the mask {new.name} was called {old.name}: its areas are labelled by that name"
        for old, new in zip(then, now, strict=True)
        if Path(old.name).stem != Path(new.name).stem
    ]


def _beyond(marks: Sequence[FileMark], others: Counter[str]) -> list[FileMark]:
    """Those marks that the others have not, a file that is there twice counting twice."""
    left = others.copy()
    beyond = []
    for mark in marks:
        if left[mark.sha256]:
            left[mark.sha256] -= 1
        else:
            beyond.append(mark)
    return beyond
