"""What the page's controls have to say to do as a ComfyUI workflow does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from segui.amounts import allowed, rounded_up
from segui.classifiers.catalogue import CATALOGUE, MANUAL
from segui.comfyui.graph import (
    CLASSIFY,
    CONSTANT,
    MASK_TO_SEGS,
    PASTE,
    PROVIDER,
    Link,
    WorkflowNode,
    read_nodes,
)
from segui.errors import ExpressionError, InputError
from segui.expression import parse
from segui.images.embedded_text import embedded_texts, is_picture
from segui.json_reading import read_json, shown
from segui.options import OPTIONS, Flag, read_option

MAX_FILE_BYTES: Final = 50_000_000
MAX_JSON_BYTES: Final = 20_000_000
_HEAD_BYTES: Final = 16
_MAX_NOTES: Final = 100
_REMAINED_SLOT: Final = 1
_KNOWN: Final = (MASK_TO_SEGS, CLASSIFY, PROVIDER, PASTE)
_PRESET_EXPRESSION_END: Final = "Manual expr"
_MODELS: Final = tuple(entry.repo_id for entry in CATALOGUE if entry.repo_id)
_DEVICES: Final = MappingProxyType({"AUTO": "auto", "Prefer GPU": "gpu", "CPU": "cpu"})
_FLAGS: Final = MappingProxyType({"true": True, "enabled": True, "false": False, "disabled": False})


@dataclass(frozen=True)
class Imported:
    """What was taken from a workflow.

    Args:
        values: For the page's controls, by name; each one checked.
        notes: What was taken from which node and what could not be, in sentences. They quote the
            file: whoever shows them as HTML has to escape them.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_workflow(data: bytes) -> Imported:
    """Read a ComfyUI workflow, or a picture that carries one.

    A picture carries what was queued (``prompt``) and what was on the screen (``workflow``): the
    first is what made the picture, and counts.

    Args:
        data: The bytes of a JSON, PNG or WebP file.

    Raises:
        InputError: It is too large, none of these, broken, or has none of the nodes.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InputError(
            f"the workflow has {rounded_up(len(data) / 1e6)} MB: "
            f"at most {allowed(MAX_FILE_BYTES / 1e6)} MB are read"
        )
    refused = None
    for where, text in _texts(data):
        try:
            nodes = read_nodes(read_json(text, "the workflow", max_bytes=MAX_JSON_BYTES))
        except InputError as error:
            refused = refused or error
            continue
        if any(node.kind in _KNOWN for node in nodes):
            return _import(nodes, where)
    if refused is not None:
        raise refused
    raise InputError(f"the workflow has none of the nodes {', '.join(_KNOWN)}: nothing was taken")


def carries_workflow(path: Path) -> bool:
    """Whether a picture carries a workflow that says something of the controls here.

    Args:
        path: The file of a picture; whatever is wrong with it, it carries none.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            if not is_picture(head) or path.stat().st_size > MAX_FILE_BYTES:
                return False
            return bool(read_workflow(head + stream.read()).values)
    except (OSError, InputError):
        return False


def _texts(data: bytes) -> list[tuple[str, bytes]]:
    """The JSON of a file, and what to say of where it was."""
    if not is_picture(data):
        return [("", data)]
    found = embedded_texts(data, ("prompt", "workflow"), max_bytes=MAX_JSON_BYTES)
    if not found:
        raise InputError("the picture carries no ComfyUI workflow")
    says = {
        "prompt": "read from the picture's prompt: what it was made by",
        "workflow": "read from the picture's workflow",
    }
    return [(says[name], found[name]) for name in says if name in found]


def _import(nodes: tuple[WorkflowNode, ...], where: str) -> Imported:
    graph = {node.key: node for node in nodes}
    paste, notes_of_paste = _pick(PASTE, nodes)
    classify, notes_of_classify = _pick(CLASSIFY, nodes, _linked(paste, "segs"))
    provider, notes_of_provider = _pick(PROVIDER, nodes, _linked(classify, "classifier"))
    source = _linked(classify, "segs") or _linked(paste, "segs")
    finder, notes_of_finder = _pick(MASK_TO_SEGS, nodes, source)
    parts = [
        Imported({}, (where,) if where else ()),
        Imported({}, (*notes_of_finder, *notes_of_provider, *notes_of_classify, *notes_of_paste)),
        _from_finder(finder, graph),
        _from_provider(provider, graph),
        _from_classify(classify, paste, graph),
        _from_paste(paste, graph),
        _same_as_comfyui(classify, paste),
        Imported({}, tuple(_notes_of_others(nodes))),
    ]
    notes = [note for part in parts for note in part.notes]
    if len(notes) > _MAX_NOTES:
        notes = [*notes[:_MAX_NOTES], f"and {len(notes) - _MAX_NOTES} more"]
    return Imported(
        {name: item for part in parts for name, item in part.values.items()}, tuple(notes)
    )


def _pick(
    kind: str, nodes: Iterable[WorkflowNode], wanted: Link | None = None
) -> tuple[WorkflowNode | None, list[str]]:
    """The node of a kind that counts: the one that is linked, else the first that works."""
    all_of_kind = [node for node in nodes if node.kind == kind]
    notes = [
        f"{_title(node)} is {node.asleep}: it was left out" for node in all_of_kind if node.asleep
    ]
    awake = [node for node in all_of_kind if not node.asleep]
    if not awake:
        return None, notes
    linked = [node for node in awake if wanted is not None and node.key == wanted.key]
    picked = (linked or awake)[0]
    if len(awake) > 1:
        which = "the linked one" if linked else "the first one"
        notes.append(f"there are {len(awake)} nodes {kind}: {which} counts, {_title(picked)}")
    return picked, notes


def _linked(node: WorkflowNode | None, name: str) -> Link | None:
    return None if node is None else node.links.get(name)


def _title(node: WorkflowNode) -> str:
    text = f"node {node.key[:20]} ({node.type[:60]})"
    return "".join(character if character.isprintable() else "?" for character in text)


def _constant(
    node: WorkflowNode, name: str, graph: Mapping[str, WorkflowNode]
) -> tuple[bool, Any, list[str]]:
    """Whether a widget says anything, what it says, and what is to be told of it."""
    link = node.links.get(name)
    if link is None:
        return name in node.values, node.values.get(name), []
    origin = graph.get(link.key)
    if origin is not None and origin.kind == CONSTANT and not origin.links and origin.values:
        return True, next(iter(origin.values.values())), []
    comes_from = "another node" if origin is None else _title(origin)
    return (
        False,
        None,
        [f"{_title(node)}: {name} comes from {comes_from}, which is no constant: it was left out"],
    )


def _take(node: WorkflowNode, names: Iterable[str], graph: Mapping[str, WorkflowNode]) -> Imported:
    """Those widgets of a node that have a control of the same name."""
    values, problems = {}, []
    for name in names:
        is_said, said, notes = _constant(node, name, graph)
        problems += notes
        if is_said:
            try:
                values[name] = read_option(name, _as_flag(name, said))
            except InputError as error:
                problems.append(f"{_title(node)}: {error}: it was left out")
    return Imported(values, (*_taken(node, values), *problems))


def _taken(node: WorkflowNode, values: Mapping[str, Any]) -> list[str]:
    said = ", ".join(f"{name} {shown(value)}" for name, value in values.items())
    return [f"{_title(node)}: took {said}"] if said else []


def _as_flag(name: str, value: object) -> object:
    """Older workflows have words where newer ones have true and false."""
    if isinstance(OPTIONS[name].kind, Flag) and isinstance(value, str):
        return _FLAGS.get(value.lower(), value)
    return value


def _from_finder(node: WorkflowNode | None, graph: Mapping[str, WorkflowNode]) -> Imported:
    if node is None:
        return Imported()
    names = ("combined", "crop_factor", "bbox_fill", "drop_size", "contour_fill")
    return _take(node, names, graph)


def _from_provider(node: WorkflowNode | None, graph: Mapping[str, WorkflowNode]) -> Imported:
    if node is None:
        return Imported()
    model, notes_of_model = _model(node, graph)
    device, notes_of_device = _device(node, graph)
    values = model | device
    return Imported(values, (*_taken(node, values), *notes_of_model, *notes_of_device))


def _model(
    node: WorkflowNode, graph: Mapping[str, WorkflowNode]
) -> tuple[dict[str, Any], list[str]]:
    is_said, preset, notes = _constant(node, "preset_repo_id", graph)
    if not is_said:
        return {}, notes
    if preset in _MODELS:
        return {"classifier": preset}, notes
    repo = preset
    if preset == MANUAL:
        is_said, repo, notes = _constant(node, "manual_repo_id", graph)
        if not is_said or repo == "":
            return {}, notes or [f"{_title(node)}: manual_repo_id is empty: it was left out"]
    else:
        notes = [f"{_title(node)}: {shown(preset)} is not among the classifiers here"]
    try:
        return {"classifier": MANUAL, "repo": read_option("repo", repo).strip()}, notes
    except InputError as error:
        return {}, [f"{_title(node)}: {error}: it was left out"]


def _device(
    node: WorkflowNode, graph: Mapping[str, WorkflowNode]
) -> tuple[dict[str, Any], list[str]]:
    is_said, device, notes = _constant(node, "device_mode", graph)
    if isinstance(device, str) and device in _DEVICES:
        return {"device": _DEVICES[device]}, notes
    if is_said:
        notes = [*notes, f"{_title(node)}: device_mode is {shown(device)}: it was left out"]
    return {}, notes


def _from_classify(
    node: WorkflowNode | None, paste: WorkflowNode | None, graph: Mapping[str, WorkflowNode]
) -> Imported:
    if node is None:
        if paste is None:
            return Imported()
        return Imported({"expression": "*"}, ("nothing classifies: every segment is pasted",))
    _, said, notes = _constant(node, "preset_expr", graph)
    if said == _PRESET_EXPRESSION_END:
        _, said, more = _constant(node, "manual_expr", graph)
        notes += more
    try:
        expression = read_option("expression", said).strip() if said is not None else ""
    except InputError as error:
        return Imported({}, (*notes, f"{_title(node)}: {error}: it was left out"))
    if not expression:
        return Imported({}, (*notes, f"{_title(node)}: it has no expression to take"))
    link = _linked(paste, "segs")
    takes_the_rest = link is not None and link == Link(node.key, _REMAINED_SLOT)
    values, more = _expression(node, expression, takes_the_rest=takes_the_rest)
    return Imported(values, (*_taken(node, values), *notes, *more))


def _expression(
    node: WorkflowNode, expression: str, *, takes_the_rest: bool
) -> tuple[dict[str, Any], list[str]]:
    """The expression, and where the undecided go: with those that remain, as in ComfyUI."""
    values = {"expression": expression, "on_unknown": "remain"}
    if not takes_the_rest:
        return values, _trouble(node, expression)
    opposite = f"not ({expression})"
    if _trouble(node, opposite):
        note = "SEGSPaste takes the segments that remain: the expression has to be turned by hand"
        return values, [note, *_trouble(node, expression)]
    note = "SEGSPaste takes the segments that remain: the expression was turned by not"
    return {"expression": opposite, "on_unknown": "filter"}, [note]


def _trouble(node: WorkflowNode, expression: str) -> list[str]:
    try:
        parse(expression)
    except ExpressionError as error:
        return [f"{_title(node)}: its expression cannot be read here: {error.message}"]
    return []


def _from_paste(node: WorkflowNode | None, graph: Mapping[str, WorkflowNode]) -> Imported:
    return Imported() if node is None else _take(node, ("feather", "alpha"), graph)


def _same_as_comfyui(classify: WorkflowNode | None, paste: WorkflowNode | None) -> Imported:
    if classify is None and paste is None:
        return Imported()
    note = "edge and order were set to the same as ComfyUI's"
    return Imported({"edge": "impact", "order": "contour"}, (note,))


def _notes_of_others(nodes: Iterable[WorkflowNode]) -> Iterable[str]:
    """What else works on segments there, and has no match here."""
    for node in nodes:
        if not node.kind and not node.asleep and "segs" in node.type.casefold():
            yield f"{_title(node)} works on segments too, and was left out"
