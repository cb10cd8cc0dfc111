"""What stands in an ONNX file, by its own bytes: all of it is known before anything opens it.

Only what a small network for pictures needs is read. What is not known here is refused, and so is
what OpenCV could take otherwise than it is taken here, such as a part that stands there twice.

Source: the format's fields, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3, and how they
are written, https://protobuf.dev/programming-guides/encoding.
"""

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from segui.errors import ClassifierError, shown
from segui.models.model_bytes import check_read_whole

SUFFIX: Final = ".onnx"
_MOST_FIELDS: Final = 100_000  # a network of some hundred layers has some thousand
_MOST_SIDES: Final = 8
_MOST_LISTED_BYTES: Final = 10_000  # of whole numbers in a list: they are a shape, as a rule
_NUMBERS: Final[Mapping[int, Any]] = {1: np.dtype("<f4"), 6: np.dtype("<i4"), 7: np.dtype("<i8")}
_RAW: Final = 9
# by a tensor's type, the field that has its numbers where they are not raw
_LISTED: Final[Mapping[int, int]] = {1: 4, 6: 5, 7: 7}

# The fields of each message that are known here; those in the second place may be repeated.
_MODEL: Final = ({1, 2, 3, 4, 5, 6, 7}, {8, 14})
_GRAPH: Final = ({2, 10}, {1, 5, 11, 12, 13, 14})
_NODE: Final = ({3, 4, 6, 7}, {1, 2, 5})
_ATTRIBUTE: Final = ({1, 2, 3, 4, 5, 13, 20}, {7, 8})
_TENSOR: Final = ({2, 8, 9, 12, 14}, {1, 4, 5, 7, 13})
_VALUE: Final = ({1, 2, 3}, set[int]())

_MESSAGE, _FLOAT = 2, 5  # how a value is written: by its length, or in four bytes
_FLOATS: Final = frozenset({("attribute", 2), ("attribute", 7), ("tensor", 4)})

Fields = dict[int, list[Any]]  # whole numbers, floats, or bytes of texts, lists and messages


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor of known numbers; ``values`` has its shape."""

    name: str
    values: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Node:
    """One operation.

    Args:
        kind: Its name, such as ``Conv``.
        inputs: The names of what it takes; an empty one is left out.
        outputs: The names of what it gives.
        attributes: How: whole numbers and lists of them, numbers, texts as bytes, tensors.
    """

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class OnnxGraph:
    """A network.

    Args:
        nodes: Its operations, in their order.
        weights: Its known tensors, by name.
        inputs: The shapes of what it is given, by name; None for a side that is not stated.
        outputs: The names of what it gives.
    """

    nodes: tuple[Node, ...]
    weights: Mapping[str, Tensor]
    inputs: Mapping[str, tuple[int | None, ...]]
    outputs: tuple[str, ...]


def read_onnx(content: bytes, file: str, name: str) -> OnnxGraph:
    """The network of a file, with all of its numbers in the file itself.

    Args:
        content: The file's bytes.
        file: The file's name.
        name: What the user calls the model.

    Raises:
        ClassifierError: The file is too large, cut off or damaged, its numbers lie in other files,
            or it has parts that are not known here.
    """
    check_read_whole(name, file, len(content))
    try:
        return _Reader(file, name).graph(memoryview(content))
    except (struct.error, ValueError, OverflowError, TypeError, IndexError) as error:
        raise ClassifierError(
            f"{name!r} is broken: {file} is cut off or damaged. Fetch it once more"
        ) from error


@dataclass
class _Reader:
    """Reads one file, and counts what it has read of it."""

    file: str
    name: str
    _count: int = field(default=0)

    def graph(self, content: memoryview) -> OnnxGraph:
        model = self._fields(content, _MODEL, "model")
        graph = self._fields(_one(model, 7), _GRAPH, "graph")
        weights = [self._tensor(one) for one in _all(graph, 5)]
        inputs = dict(self._value(one) for one in _all(graph, 11))
        named = {one.name: one for one in weights}
        if len(named) < len(weights):
            raise self._odd("two tensors of one name")
        return OnnxGraph(
            tuple(self._node(one) for one in _all(graph, 1)),
            named,
            {name: sides for name, sides in inputs.items() if name not in named},
            tuple(self._value(one)[0] for one in _all(graph, 12)),
        )

    def _node(self, content: memoryview) -> Node:
        fields = self._fields(content, _NODE, "node")
        attributes = [self._attribute(one) for one in _all(fields, 5)]
        if len(dict(attributes)) < len(attributes):
            raise self._odd("two attributes of one name")
        if _text(fields, 7) not in {"", "ai.onnx"}:
            raise self._odd(f"an operation of another kind, {shown(_text(fields, 7))}")
        return Node(
            _text(fields, 4),
            tuple(bytes(one).decode() for one in _all(fields, 1)),
            tuple(bytes(one).decode() for one in _all(fields, 2)),
            dict(attributes),
        )

    def _attribute(self, content: memoryview) -> tuple[str, Any]:
        fields = self._fields(content, _ATTRIBUTE, "attribute")
        said = [place for place in (2, 3, 4, 5, 7, 8) if fields.get(place)]
        if len(said) > 1:
            raise self._odd("an attribute of two kinds")
        match said:
            case [2]:
                value: Any = _of_kind(fields[2][0], float)
            case [3]:
                value = _signed(_whole(fields, 3))
            case [4]:
                value = bytes(_one(fields, 4))
            case [5]:
                value = self._tensor(_one(fields, 5))
            case [7]:
                value = _packed(fields[7], np.dtype("<f4")).tolist()
            case [8]:
                value = _packed(fields[8], np.dtype("<i8")).tolist()
            case _:  # an empty list, or a number that is 0
                value = None
        return _text(fields, 1), value

    def _tensor(self, content: memoryview) -> Tensor:
        fields = self._fields(content, _TENSOR, "tensor")
        if fields.get(13) or _whole(fields, 14):
            raise ClassifierError(
                f"{self.name!r} is not opened: {self.file} keeps numbers in other files, which are "
                "never read. Expected all of them in it"
            )
        kind = _whole(fields, 2)
        if kind not in _NUMBERS:
            raise self._odd(f"a tensor of type {kind}, expected float32 or whole numbers")
        number, listed = _NUMBERS[kind], _LISTED[kind]
        sides = _packed(fields.get(1, []), np.dtype("<i8")).tolist()
        if len(sides) > _MOST_SIDES or any(side < 0 for side in sides):
            raise ValueError("no shape")
        if {place for place in (4, 5, 7, _RAW) if fields.get(place)} - {listed, _RAW}:
            raise self._odd("a tensor with numbers of another type")
        if fields.get(_RAW) and fields.get(listed):
            raise self._odd("a tensor with its numbers twice")
        raw = fields.get(_RAW)
        values = (
            np.frombuffer(_one(fields, _RAW), number)
            if raw
            else _packed(fields.get(listed, []), number)
        )
        if len(values) != math.prod(sides):
            raise ValueError("other numbers than its shape has")
        return Tensor(_text(fields, 8), values.reshape(sides))

    def _value(self, content: memoryview) -> tuple[str, tuple[int | None, ...]]:
        fields = self._fields(content, _VALUE, "value")
        said = self._fields(_one(fields, 2), ({1, 6}, set()), "type")
        tensor = self._fields(_one(said, 1), ({1, 2}, set()), "type")
        if _whole(tensor, 1) not in _NUMBERS:
            raise self._odd("an input or output of an unknown type")
        shape = self._fields(_one(tensor, 2), (set(), {1}), "shape")
        sides = [self._fields(one, ({1, 2, 3}, set()), "side") for one in _all(shape, 1)]
        return _text(fields, 1), tuple(_whole(one, 1) if one.get(1) else None for one in sides)

    def _fields(self, content: memoryview, known: tuple[set[int], set[int]], what: str) -> Fields:
        """What stands in a message, by the fields' numbers."""
        once, often = known
        found: Fields = {}
        for number, written, value in _read(content):
            self._count += 1
            if self._count > _MOST_FIELDS:
                raise self._odd(f"more than {_MOST_FIELDS:,} parts")
            if number not in once | often:
                raise self._odd(f"a part numbered {number} in its {what}")
            if written == _FLOAT and (what, number) not in _FLOATS:
                raise ValueError("a number of another kind")
            if number in once and number in found:
                raise self._odd(f"two parts numbered {number} in its {what}")
            found.setdefault(number, []).append(value)
        return found

    def _odd(self, what: str) -> ClassifierError:
        return ClassifierError(
            f"{self.name!r} cannot be used: {self.file} has {what}, which is not known here"
        )


def _read(content: memoryview) -> Iterator[tuple[int, int, Any]]:
    """Each field's number, how it is written, and its value, one after the other."""
    place = 0
    while place < len(content):
        tag, place = _varint(content, place)
        number, written = tag >> 3, tag & 7
        if written == 0:
            value, place = _varint(content, place)
            yield number, written, value
            continue
        if written not in {_MESSAGE, _FLOAT}:
            raise ValueError("a field of an unknown kind")
        size, place = _varint(content, place) if written == _MESSAGE else (4, place)
        if size > len(content) - place:
            raise ValueError("cut off")
        data = content[place : place + size]
        place += size
        yield number, written, data if written == _MESSAGE else struct.unpack("<f", data)[0]


def _varint(content: memoryview, place: int) -> tuple[int, int]:
    """A whole number that stands at a place, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        byte = content[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (2**64 - 1), place
    raise ValueError("a number without an end")


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _of_kind(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError("another kind of field")
    return value


def _whole(fields: Fields, number: int) -> int:
    """A whole number that stands once; 0 where it is left out."""
    return int(_of_kind(fields.get(number, [0])[0], int))


def _packed(values: list[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    """Numbers of a list, each by itself or several in one."""
    found = [np.zeros(0, kind)]
    for one in values:
        if not isinstance(one, memoryview):
            of_kind = _of_kind(one, float if kind.kind == "f" else int)
            found.append(np.array([of_kind if kind.kind == "f" else _signed(of_kind)], kind))
        elif kind.kind == "f":
            found.append(np.frombuffer(one, kind))
        else:
            found.append(np.array([_signed(each) for each in _varints(one)], kind))
    return np.concatenate(found)


def _varints(content: memoryview) -> Iterator[int]:
    if len(content) > _MOST_LISTED_BYTES:
        raise ValueError("a list far too long")
    place = 0
    while place < len(content):
        value, place = _varint(content, place)
        yield value


def _one(fields: Fields, number: int) -> memoryview:
    (value,) = fields.get(number, [None])
    return memoryview(_of_kind(value, memoryview))


def _all(fields: Fields, number: int) -> list[memoryview]:
    return [memoryview(_of_kind(value, memoryview)) for value in fields.get(number, [])]


def _text(fields: Fields, number: int) -> str:
    return bytes(_one(fields, number)).decode() if fields.get(number) else ""
