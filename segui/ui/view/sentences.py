"""Sentences about what was chosen and what was not. No HTML here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segui.classifiers.catalogue import Entry
from segui.classifiers.making import quote_label
from segui.expression import GROUPS, Expression, suggest
from segui.expression.figures import figure_beside
from segui.expression.nodes import And, Comparison, Condition, Label, Number, walk
from segui.expression.spelling import known_as
from segui.masks.notes import offers_of

if TYPE_CHECKING:  # torch comes with it
    from segui.selection import Selection

MAX_NAMES = 8
MAX_FILES = 3


@dataclass(frozen=True)
class Status:
    """What the page says of the choice in a line or two.

    Args:
        headline: How many were chosen.
        advice: Why nothing was, and what to try, or what is called otherwise than the rule has it.
        attempt: An expression that would choose something; empty where none is known.
    """

    headline: str
    advice: str = ""
    attempt: str = ""


def status_of(selection: Selection) -> Status:
    """How many areas were chosen; where none was, why, and what to try."""
    total = len(selection.sides)
    if not total:
        advice = (
            "Nothing that is marked or changed is large enough: lower “Ignore smaller than”, "
            "shrink them less, "
            "or invert the masks."
        )
        return Status("No areas were found", advice)
    counts = Counter(selection.sides)
    headline = f"{counts['filtered']} of {plural(total, 'area')} chosen"
    names = " ".join(f"{one[0].upper()}{one[1:]}" for one in selection.misnamed)
    if counts["review"]:
        headline += f", {counts['review']} to review"
    if names or counts["filtered"] or counts["review"]:
        return Status(headline, names)
    return Status(headline, *_why_nothing(selection))


def _why_nothing(selection: Selection) -> tuple[str, str]:
    decided = zip(selection.decisions, selection.by_hand, strict=True)
    if by_hand := sum(holds is True and is_by_hand for holds, is_by_hand in decided):
        was = "was" if by_hand == 1 else "were"
        return f"Nothing chosen: {plural(by_hand, 'area')} of the rule {was} left out by hand.", ""
    known, wanted = selection.labels, selection.expression.labels
    if selection.expression.needs_scores and not known:
        return "Nothing chosen: the classifier has given no scores yet.", ""
    missing = [label for label in wanted if known_as(label, known) is None]
    if known and missing:
        return _about_missing(missing[0], known)
    strange = [
        group
        for group in selection.expression.groups
        if not set(GROUPS.get(group, ())).intersection(known)
    ]
    if known and strange:
        return f"Nothing chosen: no name of {strange[0]} was found. Found: {_some(known)}.", ""
    scored = {label: _scores_of(selection, label) for label in wanted}
    if unscored := [label for label, scores in scored.items() if not scores]:
        return f"Nothing chosen: {quote_label(unscored[0])} has no score that can be counted.", ""
    if worst := _most_excluding(selection):
        return f"Nothing chosen: {worst}.", ""
    numbers = [node for node in walk(selection.expression.tree) if isinstance(node, Number)]
    if len(wanted) == 1:
        return _about_one(selection, wanted[0], numbers)
    if wanted:
        best = {label: max(scores) for label, scores in scored.items()}
        figures = ", ".join(
            f"{quote_label(label)} {figure_beside(score, numbers)}" for label, score in best.items()
        )
        return f"Nothing chosen: the best scores here are {figures}.", ""
    return "Nothing chosen: no area meets the rule. Each card says why.", ""


def _about_one(selection: Selection, label: str, numbers: Sequence[Number]) -> tuple[str, str]:
    """How near the areas come to a rule about one name, and a rule that the best one passes."""
    scores = _scores_of(selection, label)
    asked = _sign_of(selection.expression)
    is_less = asked.startswith("<")
    near = (min if is_less else max)(scores)
    figure = figure_beside(near, numbers)
    said = f"{quote_label(label)} is at {'least' if is_less else 'most'} {figure} here"
    return f"Nothing chosen: {said}.", _lower(label, near) if asked.startswith(">") else ""


def _most_excluding(selection: Selection) -> str:
    """Of conditions that all have to hold, the one that leaves out most, and what the others do.

    Empty where there are none, or where no one of them leaves out more than every other.
    """
    tree = selection.expression.tree
    if not isinstance(tree, And):
        return ""
    left_out = {str(part): _not_true(selection, part) for part in tree.parts}
    (worst, most), *others = sorted(left_out.items(), key=lambda pair: -pair[1])
    total = len(selection.sides)
    if not others or most == others[0][1]:
        return ""
    rest = ", ".join(f"{part} leaves out {count:,}" for part, count in others)
    return f"{worst} alone leaves out {most:,} of {plural(total, 'area')}, {rest}"


def _not_true(selection: Selection, part: Condition) -> int:
    """How many areas a condition does not hold for."""
    one = Expression(str(part), part)
    rows = zip(selection.segments.items, selection.scores, selection.properties, strict=True)
    held = (
        one.evaluate(scores, item, properties=facts, groups=selection.groups)
        for item, scores, facts in rows
    )
    return sum(holds is not True for holds in held)


def _about_missing(label: str, known: list[str]) -> tuple[str, str]:
    near = suggest(label, known)
    # an empty label is near to nothing that was written
    hint = f" Did you mean {quote_label(near)}?" if near else ""
    advice = f"Nothing chosen: {quote_label(label)} was not found.{hint} Found: {_some(known)}."
    return advice, f"{quote_label(near)} > 50%" if near else ""


def _scores_of(selection: Selection, label: str) -> list[float]:
    """The label's scores, as far as they are numbers."""
    return [score for score in selection.figures(Label(label)) if score is not None]


def named(label: str) -> str:
    """The label where it stands alone; one that cannot be seen in its quotes.

    >>> named("Human Female"), named(" ")
    ('Human Female', '" "')
    """
    return label if label.strip() and label.isprintable() else quote_label(label)


def _some(names: list[str]) -> str:
    """The first few of many names, as a rule writes them.

    >>> _some(["cat", "tabby, tabby cat"])
    'cat, "tabby, tabby cat"'
    """
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(map(quote_label, names[:MAX_NAMES])) + more


def _sign_of(rule: Expression) -> str:
    """The sign of a rule that holds one name against one number; empty of any other rule."""
    match rule.tree:
        case Comparison(Label(), ((sign, Number()),)):
            return sign
    return ""


def _lower(label: str, best: float) -> str:
    """A rule that the best area passes, by a round number where there is one."""
    percent = math.ceil(best * 100) - 1
    if percent < 1:
        return ""
    rounded = percent // 5 * 5 or percent
    return f"{quote_label(label)} > {rounded}%"


def about(entry: Entry) -> list[str]:
    """What is known of a classifier before it is asked, in lines.

    Args:
        entry: Of the catalogue.
    """
    lines = [f"{entry.purpose}. {entry.note}".strip()]
    facts = []
    if entry.size_mb:
        facts.append(f"{entry.size_mb:,} MB to fetch once")
    if entry.repo_id is not None:
        facts.append(f"licence: {entry.licence}")
    if entry.labels and entry.kind == "hub":
        facts.append(f"it knows {_some(list(entry.labels))}")
    if facts:
        sentence = "; ".join(facts)
        lines.append(f"{sentence[0].upper()}{sentence[1:]}.")
    if entry.reason:
        lines.append(f"Not available: {entry.reason}")
    return lines


def plural(count: int, word: str) -> str:
    """A count and its noun.

    >>> plural(1, "area"), plural(1200, "area")
    ('1 area', '1,200 areas')
    """
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def sentence(note: str) -> str:
    """A note as a sentence of its own.

    >>> sentence("no faces were found")
    'No faces were found.'
    """
    stop = "" if note.endswith((".", "!", "?")) else "."
    return f"{note[:1].upper()}{note[1:]}{stop}"


def said_once(notes: Sequence[str], files: Collection[str]) -> list[str]:
    """Notes of files, of which those that say the same of several files are one.

    Args:
        notes: One each. What has an offer of its own stays alone.
        files: The files' names, which such notes begin with.

    >>> said_once(["a.png: soft", "a.png: cat", "b.png: soft"], ["a.png", "b.png"])
    ['a.png, b.png: soft', 'a.png: cat']
    """
    files_of: dict[str, dict[str, None]] = {}  # what is said of which, each once
    for note in notes:
        file, _, words = note.partition(": ")
        if file in files and not offers_of(note):
            files_of.setdefault(words, {})[file] = None
    said = []
    for note in notes:
        file, _, words = note.partition(": ")
        if file not in files or offers_of(note):
            said.append(note)
        elif named := files_of.pop(words, None):
            said.append(f"{first_of(named)}: {words}")
    return said


def first_of(names: Iterable[str]) -> str:
    """The first few of many files.

    >>> first_of(["a.png", "b.png"]), first_of(["a", "b", "c", "d"])
    ('a.png, b.png', 'a, b, c and 1 more')
    """
    every = [*names]
    more = len(every) - MAX_FILES
    return ", ".join(every[:MAX_FILES]) + (f" and {more} more" if more > 0 else "")


def megabytes(count: int) -> str:
    """A number of bytes in MB of a million, with a decimal where it is small.

    >>> megabytes(120_000), megabytes(345_400_000)
    ('0.1 MB', '345 MB')
    """
    return f"{count / 1e6:,.1f} MB" if count < 1e7 else f"{count / 1e6:,.0f} MB"


def picture_size(size_hw: tuple[int, int]) -> str:
    """A picture's size, with megapixels where it is large.

    >>> picture_size((600, 800)), picture_size((3000, 4000))
    ('800 x 600', '4000 x 3000, 12 MP')
    """
    height, width = size_hw
    megapixels = height * width / 1e6
    return f"{width} x {height}" + (f", {megapixels:.0f} MP" if megapixels >= 2 else "")
