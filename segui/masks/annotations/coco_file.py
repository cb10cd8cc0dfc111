"""COCO's JSON of any number of pictures, of which the annotations of one are held at a time."""

import json
import mmap
import re
from array import array
from collections.abc import Iterator, Mapping
from json.decoder import JSONDecoder
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.json_reading import ByParts, check_marks, loads, marks_of
from segui.masks.annotations.photo_names import place_of_photo, stem_of

_CHUNK_BYTES: Final = 1 << 20
_MOST_ITEM_BYTES: Final = 1 << 23  # a million run lengths have less
_MOST_BESIDE_BYTES: Final = 1 << 23  # of all but the two lists
_MOST_KEY_BYTES: Final = 1 << 16
_LISTS: Final = ("images", "annotations")
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_AFTER_ITEM: Final = re.compile(r"[ \t\n\r]*([,\]])[ \t\n\r]*")
_KEY: Final = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t\n\r]*:[ \t\n\r]*')
_AFTER_VALUE: Final = re.compile(r"[ \t\n\r]*([,}])[ \t\n\r]*")
_ENDS: Final = " \t\n\r,]}"
_Where = tuple[int, int]


class CocoFile:
    """A file of COCO's JSON, gone through once to know where everything is.

    Of each annotation 16 bytes are held, of each picture its name and place; what is asked for is
    read then. Use it in ``with``, or ``close`` it.

    Args:
        path: The file.

    Raises:
        InputError: It cannot be opened, is no JSON, or has no lists of images and annotations.
    """

    def __init__(self, path: str | Path) -> None:
        self._name = Path(path).name
        try:
            with Path(path).open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: nothing is in it
            raise InputError(f"{self._name} cannot be opened, or is empty") from error
        self._places: dict[object, int] = {}  # of pictures, by their ids
        self._images: dict[int, _Where] = {}
        self._by_stem: dict[str, int] = {}
        self._others: dict[str, Any] = {}
        try:
            self._of_picture, self._starts, self._lengths = self._gone_through()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Read nothing more."""
        self._data.close()

    def __len__(self) -> int:
        """How many pictures it lists."""
        return len(self._images)

    @property
    def annotation_count(self) -> int:
        """How many annotations it has, of all pictures."""
        return len(self._starts)

    def of_photo(self, name: str) -> dict[str, Any]:
        """What the file says of one picture, as a file of that picture alone would.

        Args:
            name: The picture's; its ending, folder and capitals do not matter.

        Returns:
            All of the file but other pictures and their annotations.

        Raises:
            InputError: There is none of that name, or an item of it cannot be read.
        """
        place = self._by_stem.get(stem_of(name))
        if place is None and len(self._images) == 1:
            place = next(iter(self._images))
        if place is None:
            nameless = [None] * (len(self) - len(self._by_stem))
            names = [*(f"{stem}.jpg" for stem in self._by_stem), *nameless]
            made = place_of_photo(names, name, self._name)
            place = None if made is None else [*self._by_stem.values()][made]
        if place is None:
            raise InputError(f"{self._name} has {len(self)} pictures, and none is called {name}")
        return self._of(place)

    def pictures(self) -> Iterator[dict[str, Any]]:
        """The same of each picture, in the order of the file's list."""
        for place in self._images:
            yield self._of(place)

    def _of(self, place: int) -> dict[str, Any]:
        first, last = np.searchsorted(self._of_picture, [place, place + 1])
        starts, lengths = self._starts[first:last].tolist(), self._lengths[first:last].tolist()
        wheres = [*zip(starts, lengths, strict=True)]
        check_marks(sum(marks_of(self._text(where)) for where in wheres), self._name)
        return {
            **self._others,
            "images": [self._read(self._images[place])],
            "annotations": [self._read(where) for where in wheres],
        }

    def _read(self, where: _Where) -> Any:
        return loads(self._text(where))

    def _text(self, where: _Where) -> str:
        return _text_of(self._data, where, self._name)

    def _gone_through(self) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.uint32]]:
        """Where all is: of each annotation its picture's place, its start and its length.

        Sorted by pictures, and of each picture in the file's order.
        """
        owners, starts, lengths = array("I"), array("Q"), array("I")
        for key, item, (start, length) in items_of(self._data, self._name, self._others):
            if not isinstance(item, dict):
                continue
            if key == "images":
                place = self._place(item.get("id"))
                self._images.setdefault(place, (start, length))
                name = item.get("file_name")
                if isinstance(name, str):
                    if not name.isascii():  # each of its bytes may have been a character
                        name = self._read((start, length))["file_name"]
                    self._by_stem.setdefault(stem_of(name), place)
            else:
                owners.append(self._place(item.get("image_id")))
                starts.append(start)
                lengths.append(length)
        if not self._images:
            raise InputError(f"{self._name} has no list of images: expected COCO's JSON")
        owner = np.array(owners, np.uint32)
        order = np.argsort(owner, kind="stable")
        return (
            owner[order],
            np.array(starts, np.uint64)[order],
            np.array(lengths, np.uint32)[order],
        )

    def _place(self, picture: object) -> int:
        """A picture's number here, by what the file calls it."""
        known = picture if isinstance(picture, int | str) else repr(picture)
        return self._places.setdefault(known, len(self._places))


def items_of(
    data: mmap.mmap | bytes, name: str, others: dict[str, Any]
) -> Iterator[tuple[str, Any, _Where]]:
    """The images and annotations of COCO's JSON one after the other, without holding them.

    Args:
        data: All of it. Texts that are no ASCII come as if each byte were a character.
        name: What messages call it.
        others: Takes what else the object has, by name.

    Yields:
        Whose item it is, ``images`` or ``annotations``; the item; and its first byte and length.

    Raises:
        InputError: It is no object, or broken.
    """
    window, beside = _Window(data, name), 0
    window.take_sign("{")
    while (key := window.key()) is not None:
        if key in _LISTS and window.sign() == "[":
            window.take_sign("[")
            yield from ((key, item, where) for item, where in window.items())
        else:
            _, where = window.value()
            beside += where[1]
            if beside > _MOST_BESIDE_BYTES:
                raise InputError(
                    f"{name} has {rounded_up(beside / 1e6)} MB beside its images and annotations: "
                    f"at most {allowed(_MOST_BESIDE_BYTES / 1e6)} MB are read"
                )
            others[key] = loads(_text_of(data, where, name))
        if not window.goes_on():
            break


def _text_of(data: mmap.mmap | bytes, where: _Where, name: str) -> str:
    start, length = where
    try:
        return data[start : start + length].decode("utf-8")
    except ValueError as error:
        raise InputError(f"{name} is not text: expected JSON in UTF-8") from error


class _Window:
    """A part of a long text that moves along it.

    A byte is a character here, so that places in the text are places in the file.
    """

    def __init__(self, data: mmap.mmap | bytes, name: str) -> None:
        self._data, self._name = data, name
        self._start = 3 if data[:3] == b"\xef\xbb\xbf" else 0  # of the window
        self._end = self._start
        self._text, self._at = "", 0
        self._at_once, self._by_parts = JSONDecoder(), ByParts()
        self._more()

    def sign(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = self._at if found is None else found.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take_sign(self, expected: str) -> None:
        if self.sign() != expected:
            raise self._broken()
        self._at += 1

    def key(self) -> str | None:
        """The next key of an object; None at its end."""
        sign = self.sign()
        if sign == "}":
            return None
        found = self._match(_KEY)
        return str(json.loads(f'"{found[1].encode("latin-1").decode("utf-8", "replace")}"'))

    def goes_on(self) -> bool:
        """Whether another key follows a value."""
        return self._match(_AFTER_VALUE)[1] == ","

    def items(self) -> Iterator[tuple[Any, _Where]]:
        """What a list has, after its bracket."""
        if self.sign() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            found = _AFTER_ITEM.match(self._text, self._at)
            if found is None or found.end() == len(self._text):
                found = self._match(_AFTER_ITEM)
            self._at = found.end()
            if found[1] == "]":
                return

    def value(self) -> tuple[Any, _Where]:
        """The next value, and where it is."""
        while True:
            # what is long would hold up all other threads
            is_long = len(self._text) - self._at > 2 * _CHUNK_BYTES
            reader = self._by_parts if is_long else self._at_once
            try:
                item, end = reader.raw_decode(self._text, self._at)
            except ValueError:
                item, end = None, len(self._text)
            except RecursionError as error:
                raise InputError(f"{self._name} is nested too deeply: it cannot be read") from error
            # a number may go on where the window ends, as 1 does before .5
            if end < len(self._text) and self._text[end] in _ENDS:
                where = self._start + self._at, end - self._at
                self._at = end
                return item, where
            if len(self._text) - self._at + _CHUNK_BYTES > _MOST_ITEM_BYTES or not self._more():
                raise self._broken()

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """What has to stand here."""
        while True:
            found = pattern.match(self._text, self._at)
            if found is not None and (found.end() < len(self._text) or not self._more()):
                found = pattern.match(self._text, self._at)
                assert found is not None  # noqa: S101  more text takes nothing away
                self._at = found.end()
                return found
            if found is None and (len(self._text) - self._at > _MOST_KEY_BYTES or not self._more()):
                raise self._broken()

    def _more(self) -> bool:
        """Let the window reach further, and begin where it is looked at; whether there was more."""
        left = self._text[self._at :]
        # twice as far as before: what is long is looked at again and again
        end = min(len(self._data), self._end + max(_CHUNK_BYTES, len(left)))
        if end == self._end:
            return False
        self._text = left + self._data[self._end : end].decode("latin-1")
        self._start, self._at, self._end = self._start + self._at, 0, end
        return True

    def _broken(self) -> InputError:
        place = self._start + self._at
        return InputError(
            f"{self._name} is not COCO's JSON: it cannot be read from byte {place} on"
        )


def photo_of_coco(path: Path, photo_name: str, most_bytes: float) -> Mapping[str, Any]:
    """What a large file says of one photo.

    Args:
        path: The file.
        photo_name: The photo's name.
        most_bytes: Of what it says of the photo, as JSON.

    Raises:
        InputError: It says nothing of it, says more, or is no COCO.
    """
    with CocoFile(path) as file:
        found = file.of_photo(photo_name)
    size = sum(map(len, json.JSONEncoder().iterencode(found)))  # by parts, as it was read
    if size > most_bytes:
        raise InputError(
            f"{path.name} has {rounded_up(size / 1e6)} MB for {photo_name}: of text at most "
            f"{allowed(most_bytes / 1e6)} are read"
        )
    return found
