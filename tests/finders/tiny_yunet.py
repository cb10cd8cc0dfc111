"""Files of the kind that YuNet is published in, written here: a tiny network with its twelve heads.

The format's fields are as onnx.proto3 numbers them, https://github.com/onnx/onnx: a tag is a
field's number and how its value is written, then the value.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch.nn import functional

STRIDES = (8, 16, 32)
HEADS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
SIDE = 640
_FLOAT, _INT64 = 1, 7


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def whole(number: int, value: int) -> bytes:
    """A field that is a whole number."""
    return varint(number << 3) + varint(value)


def part(number: int, content: bytes | str) -> bytes:
    """A field that is text, bytes or a message."""
    data = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name: str, values: Any, extra: bytes = b"") -> bytes:
    """A tensor of float32 or int64 with its numbers as raw bytes."""
    array = np.asarray(values)
    array = array.astype("<i8" if array.dtype.kind == "i" else "<f4")
    kind = _INT64 if array.dtype.kind == "i" else _FLOAT
    dims = b"".join(whole(1, side) for side in array.shape)
    return dims + whole(2, kind) + part(8, name) + part(9, array.tobytes()) + extra


def attribute(name: str, value: Any) -> bytes:
    """An attribute of a node: whole numbers, one or several, a number, text or a tensor."""
    if isinstance(value, bytes):
        return part(1, name) + part(5, value) + whole(20, 4)
    if isinstance(value, str):
        return part(1, name) + part(4, value) + whole(20, 3)
    if isinstance(value, float):
        return part(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + whole(20, 1)
    if isinstance(value, int):
        return part(1, name) + whole(3, value) + whole(20, 2)
    return part(1, name) + b"".join(whole(8, one) for one in value) + whole(20, 7)


def node(kind: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> bytes:
    """A node of a graph."""
    texts = [part(1, one) for one in inputs] + [part(2, one) for one in outputs]
    said = [part(5, attribute(name, value)) for name, value in attributes.items()]
    return b"".join([*texts, part(4, kind), *said])


def value_info(name: str, dims: Sequence[int | str]) -> bytes:
    """What is said of an input or an output: its name, float32, and its dimensions."""
    sides = [part(1, part(2, one) if isinstance(one, str) else whole(1, one)) for one in dims]
    shape = part(2, b"".join(sides))
    return part(1, name) + part(2, part(1, whole(1, _FLOAT) + shape))


@dataclass
class Graph:
    """A graph, as lists of what stands in it."""

    nodes: list[bytes] = field(default_factory=list)
    weights: dict[str, Any] = field(default_factory=dict)
    inputs: list[bytes] = field(default_factory=list)
    outputs: list[bytes] = field(default_factory=list)
    extra: bytes = b""

    def add(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(node(kind, inputs, [output], **attributes))
        return output

    def conv(self, name: str, source: str, weight: Any, bias: Any, **how: Any) -> str:
        self.weights |= {f"{name}.w": np.asarray(weight), f"{name}.b": np.asarray(bias)}
        return self.add("Conv", [source, f"{name}.w", f"{name}.b"], name, **how)

    def file(self) -> bytes:
        """The whole model's bytes."""
        graph = [part(1, one) for one in self.nodes]
        graph += [part(2, "tiny")]
        graph += [part(5, tensor(name, values)) for name, values in self.weights.items()]
        graph += [part(11, one) for one in self.inputs] + [part(12, one) for one in self.outputs]
        opset = part(8, part(1, "") + whole(2, 11))
        return whole(1, 6) + part(2, "tests") + opset + part(7, b"".join(graph) + self.extra)


Weights = Mapping[str, np.ndarray]


def random_weights(seed: int = 0) -> Weights:
    """Weights of a network of three levels whose heads say something everywhere."""
    rng = np.random.default_rng(seed)
    made = {"stem": rng.normal(0, 0.001, (4, 3, 8, 8)), "stem_b": rng.normal(0, 1, 4)}
    for stride in STRIDES[1:]:
        made |= {
            f"down_{stride}": rng.normal(0, 0.4, (4, 4, 3, 3)),
            f"down_{stride}_b": rng.normal(0, 0.2, 4),
        }
    for stride in STRIDES:
        for head, count in HEADS.items():
            made[f"{head}_{stride}"] = rng.normal(
                0, 0.1 if head == "bbox" else 0.6, (count, 4, 1, 1)
            )
            made[f"{head}_{stride}_b"] = rng.normal(0, 0.3, count)
    return {name: values.astype(np.float32) for name, values in made.items()}


FACE_SIDE = 128  # px of what the network is shown, that every face of ``seeing_red`` has


def seeing_red() -> Weights:
    """Weights of a network that takes whatever is red for the middle of a face.

    It looks at cells of 32 px: where a tenth of one is red, it is sure. The box is around the cell.
    """
    made = {name: np.zeros_like(values) for name, values in random_weights().items()}
    made["stem"][0, 2], made["stem"][0, :2] = 1 / 64 / 255, -1 / 64 / 255  # blue comes first
    for stride in STRIDES[1:]:
        made[f"down_{stride}"][0, 0, 1:, 1:] = 0.25  # of the four cells that lie in one
    for stride in STRIDES:
        made[f"bbox_{stride}_b"][:] = [0.5, 0.5, *[np.log(FACE_SIDE / stride)] * 2]
        for head in ("cls", "obj"):
            made[f"{head}_{stride}_b"][:] = -20
    for head in ("cls", "obj"):
        made[f"{head}_32"][0, 0] = 400
    return made


def yunet(weights: Weights, dims: Sequence[int | str] = (1, 3, SIDE, SIDE)) -> Graph:
    """The network as YuNet's file has it: convolutions, then heads in rows, some as shares."""
    graph = Graph(inputs=[value_info("input", dims)])
    level = graph.conv(
        "stem", "input", weights["stem"], weights["stem_b"], strides=[8, 8], kernel_shape=[8, 8]
    )
    for stride in STRIDES:
        if stride > STRIDES[0]:
            name = f"down_{stride}"
            how: Any = {"strides": [2, 2], "kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
            level = graph.conv(name, level, weights[name], weights[f"{name}_b"], **how)
        level = graph.add("Relu", [level], f"level_{stride}")
        for head, count in HEADS.items():
            name = f"{head}_{stride}"
            plane = graph.conv(f"{name}.plane", level, weights[name], weights[f"{name}_b"])
            last = graph.add("Transpose", [plane], f"{name}.last", perm=[0, 2, 3, 1])
            graph.weights[f"{name}.shape"] = np.array([1, -1, count])
            is_share = head in {"cls", "obj"}
            rows = graph.add(
                "Reshape", [last, f"{name}.shape"], f"{name}.rows" if is_share else name
            )
            if is_share:
                graph.add("Sigmoid", [rows], name)
            graph.outputs.append(value_info(name, (1, "rows", count)))
    return graph


def said(weights: Weights, square: np.ndarray) -> dict[str, np.ndarray]:
    """What the network puts out for a square, (H, W, 3) uint8 RGB, by torch."""

    def conv(name: str, planes: Any, **how: Any) -> Any:
        kernel, bias = (torch.from_numpy(weights[one]) for one in (name, f"{name}_b"))
        return functional.conv2d(planes, kernel, bias, **how)

    bgr = np.ascontiguousarray(square[..., ::-1])
    level = torch.from_numpy(bgr).permute(2, 0, 1)[None].float()
    out = {}
    for stride in STRIDES:
        level = (
            conv("stem", level, stride=8)
            if stride == 8
            else conv(f"down_{stride}", level, stride=2, padding=1)
        )
        level = level.relu()
        for head in HEADS:
            rows = conv(f"{head}_{stride}", level)[0].flatten(1).T
            out[f"{head}_{stride}"] = (rows.sigmoid() if head in {"cls", "obj"} else rows).numpy()
    return out
