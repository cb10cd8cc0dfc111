"""ONNX files, gone through before OpenCV opens them: written here, byte by byte."""

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from segui.errors import ClassifierError
from segui.models.onnx_file import read_onnx
from segui.models.onnx_shapes import shapes_of
from tests.finders.tiny_yunet import (
    Graph,
    attribute,
    node,
    part,
    random_weights,
    tensor,
    value_info,
    varint,
    whole,
    yunet,
)

NAME, FILE = "org/faces", "face.onnx"
CANNOT = f"{NAME!r} cannot be used: {FILE} has "
CUT = f"{NAME!r} is broken: {FILE} is cut off or damaged. Fetch it once more"


def read(content: bytes) -> Any:
    return read_onnx(content, FILE, NAME)


def refused(content: bytes) -> str:
    with pytest.raises(ClassifierError) as raised:
        read(content)
    return str(raised.value)


def one(*nodes: bytes, weights: Any = None, dims: Any = (1, 3, 64, 64)) -> Graph:
    """A graph of some nodes."""
    return Graph([*nodes], weights or {}, [value_info("input", dims)], [value_info("out", (1,))])


def shapes(graph: Graph) -> dict[str, Any]:
    return shapes_of(read(graph.file()), {"input": (1, 3, 64, 64)}, FILE, NAME)


def not_taken(graph: Graph) -> str:
    with pytest.raises(ClassifierError) as raised:
        shapes(graph)
    return str(raised.value)


def test_what_was_written_is_read() -> None:
    weights = random_weights()
    graph = read(yunet(weights).file())
    assert graph.inputs == {"input": (1, 3, 640, 640)}
    assert graph.outputs[:4] == ("cls_8", "obj_8", "bbox_8", "kps_8")
    for stride in (8, 16, 32):
        np.testing.assert_array_equal(
            graph.weights[f"bbox_{stride}.plane.w"].values, weights[f"bbox_{stride}"]
        )
    first = graph.nodes[0]
    assert (first.kind, first.inputs, first.outputs) == (
        "Conv",
        ("input", "stem.w", "stem.b"),
        ("stem",),
    )
    assert first.attributes == {"strides": [8, 8], "kernel_shape": [8, 8]}


def test_a_side_that_is_named_is_not_known() -> None:
    graph = read(yunet(random_weights(), ("n", 3, "height", "width")).file())
    assert graph.inputs == {"input": (None, 3, None, None)}


def test_numbers_may_stand_in_lists_too() -> None:
    floats = (
        whole(1, 2) + whole(2, 1) + part(8, "floats") + part(4, np.float32([1.5, -2]).tobytes())
    )
    ones = whole(1, 3) + whole(2, 7) + part(8, "ones") + whole(7, 1) + whole(7, -1) + whole(7, 2)
    packed = whole(1, 2) + whole(2, 7) + part(8, "packed") + part(7, varint(5) + varint(-6))
    content = part(7, b"".join(part(5, each) for each in (floats, ones, packed)))
    found = {name: each.values.tolist() for name, each in read(content).weights.items()}
    assert found == {"floats": [1.5, -2.0], "ones": [1, -1, 2], "packed": [5, -6]}


def test_a_file_that_is_cut_off_is_said_wherever_it_is_cut() -> None:
    content = yunet(random_weights()).file()
    for end in range(1, len(content), 97):
        sentence = refused(content[:end])
        assert sentence == CUT or sentence.startswith(CANNOT)
    assert refused(content[:-1]) == CUT
    assert refused(b"") == CUT


def test_numbers_in_other_files_are_never_read() -> None:
    place = part(13, part(1, "location") + part(2, "../../etc/passwd"))
    sentence = (
        f"{NAME!r} is not opened: {FILE} keeps numbers in other files, which are never read. "
        "Expected all of them in it"
    )
    for weight in (
        whole(1, 4) + whole(2, 1) + part(8, "w") + place + whole(14, 1),
        tensor("w", np.zeros(4, np.float32), place),
        tensor("w", np.zeros(4, np.float32), whole(14, 1)),
    ):
        assert refused(part(7, part(5, weight))) == sentence
        of_node = part(1, "value") + part(5, weight)
        assert refused(part(7, part(1, part(4, "Constant") + part(5, of_node)))) == sentence


def test_a_tensor_has_as_many_numbers_as_its_shape() -> None:
    few = whole(1, 10**6) + whole(1, 10**6) + whole(2, 1) + part(8, "w") + part(9, b"1234")
    assert refused(part(7, part(5, few))) == CUT
    many = b"".join(whole(1, 2**62) for _ in range(8)) + whole(2, 1) + part(9, b"")
    assert refused(part(7, part(5, many))) == CUT
    below = whole(1, -1) + whole(2, 1) + part(9, b"")
    assert refused(part(7, part(5, below))) == CUT


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (part(7, part(15, b"")), "a part numbered 15 in its graph"),  # sparse tensors
        (part(25, b"") + part(7, b""), "a part numbered 25 in its model"),  # functions
        (part(7, b"") * 2, "two parts numbered 7 in its model"),
        (
            part(7, part(1, part(4, "If") + part(5, part(6, b"")))),
            "a part numbered 6 in its attribute",
        ),
        (part(7, part(5, whole(2, 8))), "a tensor of type 8, expected float32 or whole numbers"),
        (part(7, part(5, tensor("w", [1.0])) * 2), "two tensors of one name"),
        (part(7, part(1, part(7, "com.other"))), "an operation of another kind, 'com.other'"),
        (part(7, part(1, part(5, attribute("a", 1)) * 2)), "two attributes of one name"),
        (part(7, part(1, b"") * 100_001), "more than 100,000 parts"),
    ],
)
def test_what_is_not_known_is_refused(content: bytes, what: str) -> None:
    assert refused(content) == f"{CANNOT}{what}, which is not known here"


def test_a_huge_file_is_refused_by_its_size() -> None:
    assert refused(bytes(10_000_001)) == (
        f"{NAME!r} cannot be used: its {FILE} is 11 MB, at most 10 MB are read"
    )


def test_the_shapes_are_those_that_operations_make() -> None:
    made = {
        "conv": (1, 5, 16, 22),  # (64 + 2 - 5) // 4 + 1; (64 + 4 - 3) // 3 + 1
        "pool": (1, 5, 8, 11),
        "large": (1, 5, 16, 22),
        "sum": (1, 5, 16, 22),
        "both": (1, 10, 16, 22),
        "turned": (1, 16, 22, 10),
        "rows": (1, 352, 10),
    }
    graph = one(
        node(
            "Conv",
            ["input", "w", "b"],
            ["conv"],
            strides=[4, 3],
            pads=[1, 2, 1, 2],
            dilations=[2, 1],
        ),
        node("MaxPool", ["conv"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Resize", ["pool", "", "scales"], ["large"], mode="nearest"),
        node("Add", ["conv", "large"], ["sum"]),
        node("Concat", ["sum", "conv"], ["both"], axis=1),
        node("Transpose", ["both"], ["turned"], perm=[0, 2, 3, 1]),
        node("Constant", [], ["shape"], value=tensor("", np.array([1, -1, 10]))),
        node("Reshape", ["turned", "shape"], ["rows"]),
        weights={"w": np.zeros((5, 3, 3, 3)), "b": np.zeros(5), "scales": np.array([1.0, 1, 2, 2])},
    )
    found = shapes(graph)
    assert {name: found[name] for name in made} == made


BIG = np.zeros((1, 3, 1, 1))


@pytest.mark.parametrize(
    ("graph", "what"),
    [
        (one(node("Loop", ["input"], ["out"])), "'Loop' which is not known here"),
        (one(node("Relu", ["later"], ["out"])), "'Relu' before what it takes is there"),
        (one(node("Relu", ["input"], ["input"])), "'Relu' with another output than one of its own"),
        (
            one(node("Conv", ["input", "w"], ["out"], pads=[10**9] * 4), weights={"w": BIG}),
            "'Conv' by other numbers than 4 from 0 to 64",
        ),
        (
            one(node("Conv", ["input", "w"], ["out"]), weights={"w": np.zeros((1, 4, 1, 1))}),
            "'Conv' of 3 channels with weights of 1 x 4 x 1 x 1",
        ),
        (
            one(
                node("Resize", ["input", "", "s"], ["out"]),
                weights={"s": np.array([1.0, 1, 1e9, 1])},
            ),
            "'Resize' of 1 x 3 x 64 x 64 to 1 x 3 x 64000000000 x 64",
        ),
        (
            one(node("Reshape", ["input", "s"], ["out"]), weights={"s": np.array([1, 5])}),
            "'Reshape' of 1 x 3 x 64 x 64 to 1 x 5",
        ),
        (
            one(node("Reshape", ["input", "input"], ["out"])),
            "'Reshape' with numbers that are not known beforehand",
        ),
        (
            one(node("Mul", ["input", "s"], ["out"]), weights={"s": np.zeros((9, 1, 1, 1, 1))}),
            "'Mul' of 1 x 3 x 64 x 64 and 9 x 1 x 1 x 1 x 1",
        ),
    ],
)
def test_an_operation_that_makes_what_cannot_be_told_is_refused(graph: Graph, what: str) -> None:
    assert not_taken(graph) == f"{CANNOT}the operation {what}"


def growing() -> Graph:
    """A picture that becomes four times as high and wide, again and again."""
    names = ["input", *(f"large_{n}" for n in range(9))]
    nodes = [node("Resize", [a, "", "by"], [b]) for a, b in pairwise(names)]
    return one(*nodes, weights={"by": np.array([1.0, 1, 4, 4])})


def heavy() -> Graph:
    """Many sums of few numbers: 64 convolutions of 512 channels."""
    wide = node("Conv", ["input", "first"], ["n_0"])
    nodes = [node("Conv", [f"n_{n}", "w"], [f"n_{n + 1}"]) for n in range(64)]
    weights = {"first": np.zeros((512, 3, 1, 1)), "w": np.zeros((512, 512, 1, 1))}
    return one(wide, *nodes, weights=weights)


@pytest.mark.parametrize("make", [growing, heavy])
def test_more_than_a_network_for_faces_makes_is_refused(make: Callable[[], Graph]) -> None:
    assert not_taken(make()).endswith("that makes more than any network for faces does")


_TRY = """
import json, resource, sys, time
from segui.errors import ClassifierError
from segui.models.onnx_file import read_onnx
from segui.models.onnx_shapes import shapes_of
content = open(sys.argv[1], "rb").read()
before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    shapes_of(read_onnx(content, "face.onnx", "org/faces"), {"input": (1, 3, 64, 64)}, "f", "n")
    said = ""
except ClassifierError as error:
    said = str(error)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([said, (after - before) / 1024, time.process_time() - begun]))
"""


@pytest.mark.process
@pytest.mark.parametrize(
    "content",
    [
        part(7, part(1, b"") * 3_300_000),
        part(7, part(5, whole(2, 7) + part(7, varint(1) * 9_900_000))),
        part(
            7,
            part(1, part(4, "A" * 9_900_000) + part(2, "out"))
            + part(11, value_info("input", (1,))),
        ),
        part(7, part(1, part(5, part(1, "a") + part(8, varint(1) * 9_000_000)))),
        growing().file(),
    ],
    ids=["many nodes", "a long list", "a long name", "a long attribute", "growing"],
)
def test_a_hostile_file_takes_little_memory_and_time(content: bytes, tmp_path: Any) -> None:
    (tmp_path / FILE).write_bytes(content)
    made = subprocess.run(
        [sys.executable, "-c", _TRY, str(tmp_path / FILE)],
        capture_output=True,
        text=True,
        check=True,
    )
    said, megabytes, seconds = json.loads(made.stdout)
    assert said
    assert len(said) < 300
    assert megabytes < 60
    assert seconds < 2
