"""What the areas of mask files are called: the files' names without what these have in common."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

# as Label Studio writes a brush's masks: task, annotation, who drew, the brush's own name, the
# label, and how many the label has. Who drew is a number or a mail address.
_LABEL_STUDIO: Final = re.compile(
    r"task-\d+-annotation-\d+-by-(?:[^-@]*|[^@]+@(?:[\w-]+\.)+[A-Za-z]+)-[^-@]+-(?P<label>.+)-\d+"
)
_EXPORTS: Final = (_LABEL_STUDIO,)
_COPY: Final = r"\s*\((?=\d+\)$)|\)$"  # "mask (2)", as a browser stores a second one
_MARKS: Final = rf"\s*[-_.]+\s*|{_COPY}"
_MARKS_AND_BLANKS: Final = rf"[-_.\s]+|{_COPY}"
_NUMBER: Final = re.compile(r"\d{1,9}")
# a number, a label and how sure of it a model was, from 0 to 1, as detectors name what they found
_SCORED: Final = re.compile(
    r"(?:\d{1,6}[-_ ])?(?P<label>.*[^\W\d_].*?)[-_ ]+(?:0?\.\d{1,9}|1\.0{1,9})"
    r"(?:[-_ ](?:mask|matte|seg|segment|segmentation))?"
)
# as systems call a copy, and browsers what was fetched before
_COPIED: Final = (
    re.compile(
        r"(?P<label>.+?)(?:\s+-\s+|[\s_-])(?:copy|kopie|copie|copia)(?:[\s_-]?\d{1,4}|\s*\(\d{1,4}\))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?:copy|kopie) (?:\(\d{1,4}\) )?(?:of|von) (?P<label>.+)", re.IGNORECASE),
    re.compile(r"(?P<label>.+?)\s*\(\d{1,4}\)"),
)
# words that say what a file is, and never what is in it
_OF_FILES: Final = frozenset({
    "alpha", "annotation", "annotations", "area", "areas", "brush", "class", "copy", "dsc", "dscf",
    "frame", "id", "image", "img", "instance", "label", "labels", "layer", "mask", "masks", "matte",
    "object", "out", "output", "photo", "picture", "region", "result", "seg", "segment",
    "segmentation", "tag", "untitled",
})  # fmt: skip


class _Name(NamedTuple):
    """A stem, and which of its words are left of it."""

    stem: str
    words: tuple[tuple[int, int], ...]
    first: int
    last: int  # the one behind

    @classmethod
    def of(cls, stem: str, marks: str) -> "_Name":
        edges = [0, *(edge for found in re.finditer(marks, stem) for edge in found.span())]
        pairs = zip(edges[::2], [*edges[1::2], len(stem)], strict=True)
        words = tuple((begin, end) for begin, end in pairs if begin < end) or ((0, len(stem)),)
        return cls(stem, words, 0, len(words))

    def word(self, place: int) -> str:
        begin, end = self.words[place]
        return self.stem[begin:end]

    @property
    def left(self) -> list[str]:
        return [self.word(place) for place in range(self.first, self.last)]

    @property
    def text(self) -> str:
        if self.last - self.first == len(self.words):
            return self.stem
        begin, end = self.words[self.first][0], self.words[self.last - 1][1]
        is_copy = self.stem[end:] == ")" and "(" in self.stem[begin:end]
        return self.stem[begin : end + is_copy]

    def cut(self, before: int, behind: int) -> "_Name":
        return self._replace(first=self.first + before, last=self.last - behind)


def exported_label(stem: str) -> str | None:
    """The label in a file's name as a program for labelling writes it; None where it is no such.

    >>> exported_label("task-12-annotation-3-by-1-tag-red car-0")
    'red car'
    """
    found = (export.fullmatch(stem) for export in _EXPORTS)
    return next((match["label"] for match in found if match), None)


def labels_of_files(stems: Sequence[str]) -> tuple[str, ...]:
    """What the areas of each file of a set are called.

    What the names have in common at either end goes, word by word, and so does the number of a
    file that only counts them. Where nothing but the number differs, the common word before it
    is the label, unless it is one that says what a file is, such as "mask": then it keeps its
    number.

    Args:
        stems: The files' names without folders and endings.

    Returns:
        A label for each, in their order; files of one label share it.

    >>> labels_of_files(["IMG_2041_car_1", "IMG_2041_car_2", "IMG_2041_dog_1"])
    ('car', 'car', 'dog')
    >>> labels_of_files(["sky", "sea"])
    ('sky', 'sea')
    """
    exported = [exported_label(stem) for stem in stems]
    others = [_bare(stem) for stem, label in zip(stems, exported, strict=True) if label is None]
    plain = iter(_common_cut(others))
    return tuple(next(plain) if label is None else label for label in exported)


def _bare(stem: str) -> str:
    """A stem without what says that it is a copy, and how sure a model was of it.

    >>> [_bare(stem) for stem in ("0_cat_0.98", "cat - Copy (2)", "Copy of cat", "mask (1)")]
    ['cat', 'cat', 'cat', 'mask (1)']
    """
    for pattern in (*_COPIED, _SCORED):
        found = pattern.fullmatch(stem)
        if found and _is_label(found["label"]):
            stem = found["label"]
    return stem


def _is_label(text: str) -> bool:
    """Whether a word of a text may say what is in a picture."""
    return any(word and _says_something(word) for word in re.split(_MARKS_AND_BLANKS, text))


def _common_cut(stems: Sequence[str]) -> list[str]:
    if len(set(stems)) < 2:
        return list(stems)
    has_marks = all(re.search(_MARKS, stem) for stem in stems)
    names = _ends_cut(
        [_Name.of(stem, _MARKS if has_marks else _MARKS_AND_BLANKS) for stem in stems]
    )
    if all(_is_number(name) for name in names):
        return [_numbered(name) for name in names]
    counted = _counters_cut(_counters_cut(names))
    return [name.text for name in (names if counted == names else _ends_cut(counted))]


def _ends_cut(names: list[_Name]) -> list[_Name]:
    """Without the words that all have in common at an end, as long as each keeps one."""
    if len({tuple(name.left) for name in names}) < 2:
        return names
    before = _in_common([name.left for name in names])
    behind = _in_common([name.left[before:][::-1] for name in names])
    return [name.cut(before, behind) for name in names]


def _in_common(words: Sequence[list[str]]) -> int:
    """How many words all begin with; one of each is left."""
    most = min(map(len, words)) - 1
    places = (place for place in range(most) if len({each[place] for each in words}) > 1)
    return next(places, max(0, most))


def _is_number(name: _Name) -> bool:
    return all(_NUMBER.fullmatch(word) for word in name.left)


def _numbered(name: _Name) -> str:
    """The label of a file that differs from the others by its number alone."""
    begin, end = name.first, name.last
    while begin > 0 and _says_something(name.word(begin - 1)):
        begin -= 1
    if begin < name.first:
        return name._replace(first=begin, last=name.first).text
    while end < len(name.words) and _says_something(name.word(end)):
        end += 1
    if end > name.last:
        return name._replace(first=name.last, last=end).text
    if name.first > 0:
        return name._replace(first=name.first - 1).text
    return name._replace(last=len(name.words)).text


def _says_something(word: str) -> bool:
    return not _NUMBER.fullmatch(word) and word.casefold() not in _OF_FILES


def _counters_cut(names: list[_Name]) -> list[_Name]:
    """Without numbers that count files: at the end or the beginning of all, or of one label's."""
    for before, behind in ((0, 1), (1, 0)):
        cut = [_without_counter(name, before, behind) for name in names]
        if all(name is not None for name in cut):
            return [name for name in cut if name is not None]
    bases = [_without_counter(name, 0, 1) for name in names]
    texts = Counter((base or name).text for base, name in zip(bases, names, strict=True))
    return [
        base if base is not None and texts[base.text] > 1 else name
        for base, name in zip(bases, names, strict=True)
    ]


def _without_counter(name: _Name, before: int, behind: int) -> _Name | None:
    """The name without the number at one of its ends; None where none is, or nothing is left."""
    number = name.left[0 if before else -1]
    if len(name.left) < 2 or not _NUMBER.fullmatch(number):
        return None
    rest = name.cut(before, behind)
    return rest if any(_says_something(word) for word in rest.left) else None
