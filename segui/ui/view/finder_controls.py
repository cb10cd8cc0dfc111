"""Which controls of finding the page shows: those that whoever finds looks at."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from segui.models.finder_catalogue import (
    EDGE_CATALOGUE,
    FINDER_CATALOGUE,
    WAY_SECONDS,
    FinderEntry,
    Needs,
    finder_entry,
)
from segui.options import OPTIONS, Choice, default_of
from segui.session.inputs import named_finder
from segui.session.view import View

# what stays of what is found; of what has one label, is one area or never overlaps, not all says
# anything
_OF_MANY: Final = frozenset({"keep_labels", "overlaps", "merge_touching", "largest", "background"})
_OF_WAYS: Final[Mapping[str, frozenset[str]]] = {
    "faces": frozenset({"confidence", "face_area", "smallest_face"}) | _OF_MANY - {"keep_labels"},
    "colours": _OF_MANY - {"overlaps"},
    "click": frozenset({"tolerance", "connected", "background"}),
    "box": _OF_MANY - {"keep_labels"},
}
_OF_NEEDS: Final[Mapping[Needs, frozenset[str]]] = {
    "": frozenset({"confidence"}),
    "words": frozenset({"confidence", "words"}),
    "marks": frozenset({"candidate"}),
}
_OF_BOXES: Final = frozenset({"outlined_by"})
_OF_FACES: Final = frozenset({"face_area", "smallest_face"})
_OF_EDGES: Final = frozenset({"edges_by"})
CONTROLS: Final = frozenset().union(
    _OF_MANY, _OF_BOXES, _OF_EDGES, *_OF_WAYS.values(), *_OF_NEEDS.values()
)
# what these say counts whoever finds: where it says something, it can be seen and taken back
_COUNT_ALWAYS: Final = _OF_MANY
_LESS: Final = "Less finds more, and more that is not what was looked for."


def of_way(name: str) -> frozenset[str]:
    """The controls of a way to find without a model; none where there is no such way."""
    return _OF_WAYS.get(name, frozenset())


def of_model(needs: Needs, *, has_boxes: bool, has_faces: bool = False) -> frozenset[str]:
    """The controls of a model.

    Args:
        needs: What has to be said to it beside the photo.
        has_boxes: Whether it finds boxes, which another model may cut out.
        has_faces: Whether it finds faces, and nothing else.
    """
    if has_faces:
        return _OF_WAYS["faces"]
    return _OF_MANY | _OF_NEEDS[needs] | (_OF_BOXES if has_boxes else frozenset())


def shown_controls(view: View) -> dict[str, bool]:
    """Whether each control of finding is shown."""
    values = view.inputs.options
    looked_at = _looked_at(view)
    said = {name for name in _COUNT_ALWAYS if values[name] != default_of(name)}
    kept = said if named_finder(values) else set()
    if values["refine_edges"] or values["edges_by"]:  # of all areas, whoever finds them
        kept |= _OF_EDGES
    return {name: name in looked_at or name in kept for name in CONTROLS}


def finder_choices(view: View, absent: Collection[str] = ()) -> list[list[str]]:
    """The ways to find, with what each costs, or how many areas it would find once that is known.

    A count is of this photo and of these options: whoever chooses the way gets as many, at once.

    Args:
        view: The view.
        absent: The ways that cannot be had here.
    """
    numbers = {name: counted.number for name, counted in view.plan.counts.items()}

    def told(label: str, name: str) -> str:
        if name in absent:
            return f"{label}, not here"
        return _with_cost(label, name, numbers.get(name))

    return [[told(label, name), name] for label, name in _ways()]


def finder_help(absent: Mapping[str, str]) -> str:
    """What finding is for; of a way that cannot be had here, why not, and what would bring it.

    Args:
        absent: Why, by the way's name.
    """
    reasons = [f"{label}: {absent[name]}." for label, name in _ways() if name in absent]
    return " ".join((OPTIONS["finder"].help, *reasons))


def model_choices(has_files: Callable[[FinderEntry], bool]) -> list[list[str]]:
    """The models of the catalogue, with what each costs: less where it was fetched before.

    Args:
        has_files: Whether a model's files are here.
    """
    return [
        [entry.label_here if has_files(entry) else entry.label, entry.name]
        for entry in FINDER_CATALOGUE
    ]


def edge_choices(has_files: Callable[[FinderEntry], bool]) -> list[list[str]]:
    """The models that soften edges, as ``model_choices`` has those that find."""
    return [
        [entry.label_here if has_files(entry) else entry.label, entry.name]
        for entry in EDGE_CATALOGUE
    ]


def model_help(view: View) -> str:
    """What the model that finds is, or may be."""
    entry = finder_entry(named_finder(view.inputs.options))
    if entry is None:
        return OPTIONS["finder_repo"].help
    return f"Licence: {entry.licence}. {entry.note}".strip()


def _ways() -> tuple[tuple[str, str], ...]:
    """What each way is called, and its name."""
    kind = OPTIONS["finder"].kind
    return tuple(kind.pairs) if isinstance(kind, Choice) else ()


def _with_cost(label: str, name: str, number: int | None) -> str:
    if number is None:
        return f"{label}, {WAY_SECONDS[name]:g} s" if name in WAY_SECONDS else label
    return f"{label} · {number:,}" if number else f"No {label[0].lower()}{label[1:]}"


def confidence_help(view: View) -> str:
    """What the least confidence is of, by who finds."""
    finder = named_finder(view.inputs.options)
    if finder in _OF_WAYS:
        return f"How sure it has to be that something is a face. {_LESS}"
    usual = OPTIONS["confidence"].default
    asked = f"{usual:g} takes what such models are asked as a rule"
    return f"How sure the model has to be; {asked}. {_LESS}"


def _looked_at(view: View) -> frozenset[str]:
    """What whoever finds looks at; of a model of which nothing is known yet, it may be anything."""
    finder = named_finder(view.inputs.options)
    if not finder or finder in _OF_WAYS:
        return of_way(finder)
    entry = finder_entry(finder)
    if entry is not None:
        return of_model(entry.needs, has_boxes=entry.has_boxes, has_faces=entry.has_faces)
    by, failure = None if view.scene is None else view.scene.found_by, view.plan.failure
    if by is not None and by.name == finder:
        return of_model(by.needs, has_boxes=by.has_boxes, has_faces=by.has_faces)
    if failure is not None and failure.wants_marks:
        return of_model("marks", has_boxes=False)
    return _OF_MANY | _OF_BOXES | _OF_FACES | frozenset[str]().union(*_OF_NEEDS.values())
