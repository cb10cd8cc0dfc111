"""How large everything is that an ONNX network makes of its input, told before any of it is made.

A file of some bytes may describe a picture of any size: a border of a million pixels is a number.
Only operations whose results are known here are let through.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from segui.errors import ClassifierError, shown
from segui.models.onnx_file import Node, OnnxGraph, Tensor

Shape = tuple[int, ...]

MOST_ELEMENTS: Final = 100_000_000  # of all that is made, 4 bytes each; YuNet's are 12,000,000
MOST_SUMS: Final = 5_000_000_000  # products that are summed up; YuNet's are 300,000,000
_MOST_STEP: Final = 64  # of strides, kernels and the like
_MOST_GROWTH: Final = 4  # times, of a picture that is enlarged
_AXES: Final = 4  # batch, channels, rows, columns


class _OddError(Exception):
    """Says in a few words why an operation is not taken."""


def shapes_of(
    graph: OnnxGraph, inputs: Mapping[str, Shape], file: str, name: str
) -> dict[str, Shape]:
    """The shape of everything in a network.

    Args:
        graph: The network.
        inputs: The shape of each of its inputs.
        file: The file's name.
        name: What the user calls the model.

    Raises:
        ClassifierError: An operation is not known here, does not fit what it is given, or makes
            too much; or something is made twice, or taken before it is there.
    """
    making = _Making(
        dict(inputs) | {one: tensor.values.shape for one, tensor in graph.weights.items()},
        dict(graph.weights),
    )
    for node in graph.nodes:
        try:
            making.make(node)
        except _OddError as error:
            raise ClassifierError(
                f"{name!r} cannot be used: {file} has the operation {shown(node.kind)} {error}"
            ) from error
    return making.shapes


@dataclass
class _Making:
    """What there is so far."""

    shapes: dict[str, Shape]
    known: dict[str, Tensor]
    elements: int = field(default=0)
    sums: int = field(default=0)

    def make(self, node: Node) -> None:
        make = _KINDS.get(node.kind)
        if make is None:
            raise _OddError("which is not known here")
        if len(node.outputs) != 1 or not node.outputs[0] or node.outputs[0] in self.shapes:
            raise _OddError("with another output than one of its own")
        if any(one and one not in self.shapes for one in node.inputs):
            raise _OddError("before what it takes is there")
        shape = make(self, node)
        if any(side < 1 for side in shape) and node.kind != "Constant":  # one may be empty
            raise _OddError(f"that makes {_sides(shape)} of what it takes")
        self.elements += math.prod(shape)
        if self.elements > MOST_ELEMENTS or self.sums > MOST_SUMS:
            raise _OddError("that makes more than any network for faces does")
        self.shapes[node.outputs[0]] = shape

    def shape(self, node: Node, place: int = 0) -> Shape:
        """The shape of what it takes in a place."""
        if place >= len(node.inputs) or not node.inputs[place]:
            raise _OddError("with an input too few")
        return self.shapes[node.inputs[place]]

    def picture(self, node: Node) -> Shape:
        shape = self.shape(node)
        if len(shape) != _AXES:
            raise _OddError(f"of {_sides(shape)}, expected batch, channels, rows and columns")
        return shape

    def values(self, node: Node, place: int) -> Any:
        """Numbers that it takes in a place, known beforehand; None where it takes none there."""
        if place >= len(node.inputs) or not node.inputs[place]:
            return None
        if node.inputs[place] not in self.known:
            raise _OddError("with numbers that are not known beforehand")
        return self.known[node.inputs[place]].values


def _same(making: _Making, node: Node) -> Shape:
    if len(node.inputs) != 1:
        raise _OddError("with other inputs than one")
    return making.shape(node)


def _normalized(making: _Making, node: Node) -> Shape:
    shape = making.picture(node)
    if len(node.inputs) != 5 or any(making.shape(node, n) != (shape[1],) for n in range(1, 5)):
        raise _OddError("with other numbers than one for each channel")
    return shape


def _added(making: _Making, node: Node) -> Shape:
    one, other = making.shape(node), making.shape(node, 1)
    try:
        both = tuple(np.broadcast_shapes(one, other))
    except ValueError as error:
        raise _OddError(f"of {_sides(one)} and {_sides(other)}") from error
    if len(node.inputs) != 2 or both not in {one, other}:
        raise _OddError(f"of {_sides(one)} and {_sides(other)}")
    return both


def _window(node: Node, size_hw: Shape, kernel: Sequence[int], known: frozenset[str]) -> Shape:
    """How many places a window has that goes over a plane."""
    said = _said(node, known | {"kernel_shape", "strides", "pads", "dilations", "auto_pad"})
    if said.get("auto_pad") not in {None, b"NOTSET"}:
        raise _OddError("with a border that is not stated")
    strides = _steps(said.get("strides") or [1, 1], 1, _MOST_STEP)
    spread = _steps(said.get("dilations") or [1, 1], 1, _MOST_STEP)
    pads = _steps(said.get("pads") or [0] * 4, 0, _MOST_STEP, count=4)
    sides = _steps(kernel, 1, _MOST_STEP)
    if said.get("kernel_shape") not in (None, [*sides]):
        raise _OddError("with weights of another size than it states")
    return tuple(
        (size_hw[n] + pads[n] + pads[n + 2] - spread[n] * (sides[n] - 1) - 1) // strides[n] + 1
        for n in (0, 1)
    )


def _convolved(making: _Making, node: Node) -> Shape:
    batch, channels, *size_hw = making.picture(node)
    weights = making.values(node, 1)
    if weights is None or weights.ndim != _AXES:
        raise _OddError("without weights of four axes")
    count, part, *kernel = weights.shape
    groups = node.attributes.get("group") or 1
    if part * groups != channels or count % groups:
        raise _OddError(f"of {channels} channels with weights of {_sides(weights.shape)}")
    bias = making.values(node, 2)
    if len(node.inputs) > 3 or (bias is not None and bias.shape != (count,)):
        raise _OddError("with other numbers than one for each channel")
    places = _window(node, tuple(size_hw), kernel, frozenset({"group"}))
    making.sums += max(0, batch * count * math.prod(places)) * part * math.prod(kernel)
    return (batch, count, *places)


def _pooled(making: _Making, node: Node) -> Shape:
    batch, channels, *size_hw = making.picture(node)
    kernel = node.attributes.get("kernel_shape")
    if len(node.inputs) != 1 or node.attributes.get("ceil_mode") or not kernel:
        raise _OddError("in another way than is known here")
    names = frozenset({"ceil_mode", "storage_order", "count_include_pad"})
    places = _window(node, tuple(size_hw), kernel, names)
    making.sums += max(0, batch * channels * math.prod(places)) * math.prod(kernel)
    return (batch, channels, *places)


def _turned(making: _Making, node: Node) -> Shape:
    shape, order = making.shape(node), _said(node, {"perm"}).get("perm")
    if not isinstance(order, list) or sorted(order) != list(range(len(shape))):
        raise _OddError("in an order that is none")
    return tuple(shape[place] for place in order)


def _joined(making: _Making, node: Node) -> Shape:
    shapes = [making.shape(node, place) for place in range(len(node.inputs))]
    axis = _said(node, {"axis"}).get("axis") or 0
    first = shapes[0] if shapes else ()
    if not isinstance(axis, int) or not 0 <= axis < len(first):
        raise _OddError("along an axis that is none")
    rest = {(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}
    if len(rest) > 1 or any(len(shape) != len(first) for shape in shapes):
        raise _OddError("of shapes that do not fit")
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def _reshaped(making: _Making, node: Node) -> Shape:
    shape, wanted = making.shape(node), making.values(node, 1)
    _said(node, set())
    if wanted is None or wanted.ndim != 1 or wanted.dtype.kind != "i" or len(wanted) > 2 * _AXES:
        raise _OddError("to a shape that is none")
    sides = [int(side) for side in wanted]
    if any(side == 0 and place >= len(shape) for place, side in enumerate(sides)):
        raise _OddError("to a shape that is none")
    sides = [shape[place] if side == 0 else side for place, side in enumerate(sides)]
    elements, others = math.prod(shape), math.prod(side for side in sides if side != -1)
    if sides.count(-1) == 1 and others > 0 and elements % others == 0:
        sides = [elements // others if side == -1 else side for side in sides]
    if math.prod(sides) != elements or any(side < 1 for side in sides):
        raise _OddError(f"of {_sides(shape)} to {_sides(sides)}")
    return tuple(sides)


def _enlarged(making: _Making, node: Node) -> Shape:
    shape = making.picture(node)
    scales = making.values(node, 2 if node.kind == "Resize" else 1)
    sizes = making.values(node, 3) if len(node.inputs) > 3 else None
    if node.kind == "Resize":
        making.values(node, 1)  # the part of it, which no known way looks at
    if scales is not None and scales.size:
        if scales.shape != (_AXES,) or not np.isfinite(scales).all() or sizes is not None:
            raise _OddError("by numbers that are none")
        wanted = [math.floor(side * float(by)) for side, by in zip(shape, scales, strict=True)]
    elif sizes is not None and sizes.shape == (_AXES,):
        wanted = [int(side) for side in sizes]
    else:
        raise _OddError("by numbers that are none")
    grows = [side <= _MOST_GROWTH * was for side, was in zip(wanted, shape, strict=True)]
    if wanted[:2] != list(shape[:2]) or not all(grows):
        raise _OddError(f"of {_sides(shape)} to {_sides(wanted)}")
    return tuple(wanted)


def _known(making: _Making, node: Node) -> Shape:
    tensor = _said(node, {"value"}).get("value")
    if node.inputs or not isinstance(tensor, Tensor):
        raise _OddError("without its numbers")
    making.known[node.outputs[0]] = tensor
    return tensor.values.shape or (1,)


_KINDS: Final[Mapping[str, Callable[[_Making, Node], Shape]]] = {
    **dict.fromkeys(("Relu", "Sigmoid", "LeakyRelu", "Identity"), _same),
    **dict.fromkeys(("MaxPool", "AveragePool"), _pooled),
    **dict.fromkeys(("Add", "Mul"), _added),
    **dict.fromkeys(("Resize", "Upsample"), _enlarged),
    "BatchNormalization": _normalized,
    "Concat": _joined,
    "Constant": _known,
    "Conv": _convolved,
    "Reshape": _reshaped,
    "Transpose": _turned,
}


def _said(node: Node, known: set[str] | frozenset[str]) -> Mapping[str, Any]:
    """How it is done; what is not known would change what it makes."""
    odd = sorted(set(node.attributes) - known)
    if odd:
        raise _OddError(f"with {shown(odd[0])}, which is not known here")
    return node.attributes


def _steps(values: Any, least: int, most: int, *, count: int = 2) -> list[int]:
    """So many whole numbers of a range."""
    numbers = [int(value) for value in values] if isinstance(values, (list, tuple)) else []
    if len(numbers) != count or any(not least <= number <= most for number in numbers):
        raise _OddError(f"by other numbers than {count} from {least} to {most}")
    return numbers


def _sides(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape)) or "one number"
