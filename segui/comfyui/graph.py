"""A ComfyUI workflow as nodes, whether the page saved it or the queue did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from segui.errors import InputError

MASK_TO_SEGS: Final = "MASK to SEGS"
CLASSIFY: Final = "SEGS Classify"
PROVIDER: Final = "HF Transformers Classifier Provider"
PASTE: Final = "SEGSPaste"
CONSTANT: Final = "a constant"

# What the saved form lists without names, in the nodes' order.
WIDGETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        MASK_TO_SEGS: ("combined", "crop_factor", "bbox_fill", "drop_size", "contour_fill"),
        CLASSIFY: ("preset_expr", "manual_expr"),
        PROVIDER: ("preset_repo_id", "manual_repo_id", "device_mode"),
        PASTE: ("feather", "alpha"),
        CONSTANT: ("value",),
    }
)

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "masktosegs": MASK_TO_SEGS,
        "impactmasktosegs": MASK_TO_SEGS,
        "masktosegsforanimatediff": MASK_TO_SEGS,
        "impactsegsclassify": CLASSIFY,
        "segsclassify": CLASSIFY,
        "impacthftransformersclassifierprovider": PROVIDER,
        "hftransformersclassifierprovider": PROVIDER,
        "segspaste": PASTE,
        "impactsegspaste": PASTE,
        "primitivenode": CONSTANT,
        "primitiveint": CONSTANT,
        "primitivefloat": CONSTANT,
        "primitiveboolean": CONSTANT,
        "primitivestring": CONSTANT,
        "primitivestringmultiline": CONSTANT,
        "impactint": CONSTANT,
        "impactfloat": CONSTANT,
        "impactboolean": CONSTANT,
    }
)
_ASLEEP: Final = MappingProxyType({2: "muted", 4: "bypassed"})
_MAX_NODES: Final = 20_000


class Link(NamedTuple):
    """Where an input's value comes from.

    Args:
        key: The node that gives it.
        slot: Which of its outputs.
    """

    key: str
    slot: object


@dataclass(frozen=True)
class WorkflowNode:
    """One node of a workflow.

    Args:
        key: Its number, as ComfyUI shows it; inside a subgraph after that one's, ``12:3``.
        type: What the workflow calls it.
        kind: What it is here; empty for all that have no match.
        values: Its widgets, by name.
        links: Its inputs that come from other nodes, by name.
        asleep: ``muted`` or ``bypassed``; empty for a node that works.
    """

    key: str
    type: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    asleep: str = ""


def read_nodes(document: object) -> tuple[WorkflowNode, ...]:
    """The nodes of a workflow, in its order.

    Args:
        document: The workflow's JSON: as saved, with a list of ``nodes``, or as queued, an object
            a node; the latter may lie in a ``prompt``.

    Raises:
        InputError: It is neither, or has too many nodes.
    """
    if isinstance(document, dict):
        if isinstance(document.get("nodes"), list):
            return _limited(_saved_nodes(document))
        queued = document.get("prompt")
        fields = queued if isinstance(queued, dict) else document
        if any(isinstance(item, dict) and "class_type" in item for item in fields.values()):
            return _limited(_queued_nodes(fields))
    raise InputError(
        "this JSON is no ComfyUI workflow: it has neither a list of nodes nor a class_type"
    )


def kind_of(node_type: str) -> str:
    """What a node is here, by the name of its type; empty where it is nothing.

    >>> kind_of("MASK to SEGS"), kind_of("ImpactSEGSClassify"), kind_of("KSampler")
    ('MASK to SEGS', 'SEGS Classify', '')
    """
    return _KINDS.get("".join(c for c in node_type.casefold() if c not in " _-"), "")


def _limited(nodes: Iterator[WorkflowNode]) -> tuple[WorkflowNode, ...]:
    read: list[WorkflowNode] = []
    for node in nodes:
        if len(read) == _MAX_NODES:
            raise InputError(f"the workflow has more than {_MAX_NODES} nodes")
        read.append(node)
    return tuple(read)


def _queued_nodes(fields: Mapping[str, Any]) -> Iterator[WorkflowNode]:
    for key, item in fields.items():
        if not isinstance(item, dict) or not isinstance(item.get("class_type"), str):
            continue
        inputs = item.get("inputs")
        given = inputs if isinstance(inputs, dict) else {}
        links = {
            name: Link(str(value[0]), value[1]) for name, value in given.items() if _is_link(value)
        }
        values = {name: value for name, value in given.items() if name not in links}
        yield WorkflowNode(key, item["class_type"], kind_of(item["class_type"]), values, links)


def _is_link(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], (str, int))
        and isinstance(value[1], int)
    )


def _saved_nodes(document: Mapping[str, Any]) -> Iterator[WorkflowNode]:
    """The nodes of the workflow, then those of the subgraphs that it uses, each of them once."""
    definitions = _subgraphs(document)
    waiting = [("", document)]
    while waiting:
        prefix, graph = waiting.pop(0)
        links = _links(graph, prefix)
        for item in graph["nodes"]:
            if not isinstance(item, dict) or not isinstance(item.get("type"), str):
                continue
            node = _saved_node(item, links, prefix)
            yield node
            if node.type in definitions and not node.asleep:
                waiting.append((f"{node.key}:", definitions.pop(node.type)))


def _subgraphs(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    definitions = document.get("definitions")
    listed = definitions.get("subgraphs") if isinstance(definitions, dict) else None
    return {
        item["id"]: item
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict)
        and isinstance(item.get("id"), str)
        and isinstance(item.get("nodes"), list)
    }


def _links(graph: Mapping[str, Any], prefix: str) -> dict[int, Link]:
    """Where each numbered link begins: lists in a workflow, objects in a subgraph."""
    found = {}
    listed = graph.get("links")
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict):
            item = [item.get("id"), item.get("origin_id"), item.get("origin_slot")]  # noqa: PLW2901
        if isinstance(item, list) and len(item) >= 3 and isinstance(item[0], int):
            found[item[0]] = Link(f"{prefix}{_number(item[1])}", item[2])
    return found


def _saved_node(item: Mapping[str, Any], links: Mapping[int, Link], prefix: str) -> WorkflowNode:
    kind = kind_of(item["type"])
    inputs = item.get("inputs")
    taken = {}
    for given in inputs if isinstance(inputs, list) else []:
        if isinstance(given, dict) and isinstance(given.get("name"), str):
            number = given.get("link")
            if isinstance(number, int):
                taken[given["name"]] = links.get(number, Link("", 0))
    mode = item.get("mode")
    asleep = _ASLEEP.get(mode, "") if isinstance(mode, int) else ""
    key = f"{prefix}{_number(item.get('id'))}"
    return WorkflowNode(
        key, item["type"], kind, _widgets(kind, item.get("widgets_values")), taken, asleep
    )


def _widgets(kind: str, values: object) -> dict[str, Any]:
    if isinstance(values, dict):
        return values
    names = WIDGETS.get(kind, ())
    return dict(zip(names, values, strict=False)) if isinstance(values, list) else {}


def _number(value: object) -> str:
    """A node's number as text; what is none has none."""
    return str(value) if isinstance(value, (int, str)) else "?"
