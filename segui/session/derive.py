"""What follows from inputs: what is there of it, and what is to be done next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.making import find_entry
from segui.session.files import FileRef
from segui.session.inputs import Areas, Inputs
from segui.session.results import Counted, Failed, Painted, Pictures, Scored, StageName, Task

if TYPE_CHECKING:
    from segui.images.pictures import Picture
    from segui.pipeline import Scene
    from segui.selection import Selection
    from segui.session.results import Pixels

Find = Callable[[StageName, Hashable], Any]

NO_REPO: Final = "Name a repo of the Hugging Face hub, and press Enter"
NO_NAMES: Final = "Say what to look for: in the rule, as in dog > 50%, or in the list of names"
COUNTED: Final = ("faces", "colours")  # ways to find that take a moment and fetch nothing
STOPPED: Final = "Stopped: no area was judged. Choose the classifier again to go on"


@dataclass(frozen=True, eq=False)
class Plan:
    """What is there of what follows from inputs, all of it made from these inputs.

    Args:
        inputs: The inputs.
        photo: The photo.
        small: Its pixels at the preview's size.
        areas: What the areas that are there were made from: these inputs' own, or the former ones
            where these cannot be used.
        scene: The photo and its areas; None where nothing says yet what the areas are.
        pictures: What the page shows of them.
        shows: What of an area these pictures show.
        scored: What the classifier said.
        selection: Which areas pass by the rule of the edit that is open.
        selections: Which areas each edit has.
        painted: The result.
        failure: Why there are no areas of these files, or no photo.
        trouble: Why the classifier has said nothing; empty where it has, or still may.
        nothing_painted: Why there is no result.
        mishap: What of the rest went wrong, such as the areas' pictures; empty where nothing did.
        todo: What is to be done next, side by side; empty where all is done that is quick.
        slow: What a model is to be asked meanwhile.
        counts: What ways to find would find in this photo, as far as they were tried, by name.
        count: Which of them is to be tried next, once there is nothing else to do.
    """

    inputs: Inputs
    photo: Picture | None = None
    small: Pixels | None = None
    areas: Areas | None = None
    scene: Scene | None = None
    pictures: Pictures | None = None
    shows: str = ""
    scored: Scored | None = None
    selection: Selection | None = None
    selections: tuple[Selection, ...] = ()
    painted: Painted | None = None
    failure: Failed | None = None
    trouble: str = ""
    nothing_painted: str = ""
    mishap: str = ""
    todo: tuple[Task, ...] = ()
    slow: Task | None = None
    counts: Mapping[str, Counted] = field(default_factory=dict)
    count: Task | None = None

    @property
    def is_settled(self) -> bool:
        """Whether all is there that takes no model."""
        return not self.todo

    @property
    def is_finding(self) -> bool:
        """Whether a photo is to be read, or areas are to be found."""
        return any(task.stage in ("photo", "scene") for task in self.todo)

    @property
    def is_done(self) -> bool:
        """Whether all is there that was asked for."""
        return not self.todo and self.slow is None

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.is_done and self.count is None


class CountKey(NamedTuple):
    """What a way would find in a photo depends on.

    Args:
        way: Its name.
        photo: The photo.
        options: How what is found becomes areas: names and values.
    """

    way: str
    photo: FileRef
    options: tuple[tuple[str, Any], ...]


def count_key(areas: Areas, photo: FileRef, way: str) -> CountKey:
    """What a way would find in a photo depends on, whatever finds in it now."""
    return CountKey(way, photo, tuple({**dict(areas.options), "finder": way}.items()))


def derive(inputs: Inputs, find: Find, counting: Sequence[str] = ()) -> Plan:
    """What follows from inputs.

    Args:
        inputs: The inputs.
        find: Gives what is kept of a stage under a key: a result, why there is none, or None
            where it has not been made.
        counting: The ways to find that are tried in a photo before anybody asks for them.
    """
    return _counted(_followed(inputs, find), find, counting)


def _followed(inputs: Inputs, find: Find) -> Plan:
    plan = Plan(inputs)
    for step in _STEPS:
        following = step(plan, find)
        if following is None:
            return plan
        plan = following
        if plan.todo:
            return plan
    return plan


def _photo(plan: Plan, find: Find) -> Plan | None:
    if plan.inputs.files.photo is None:
        return None
    key = plan.inputs.photo
    value = find("photo", key)
    if value is None:
        return replace(plan, todo=(Task("photo", key),))
    if isinstance(value, Failed):
        return replace(plan, failure=value)
    return replace(plan, photo=value)


def _scene(plan: Plan, find: Find) -> Plan | None:
    """The areas, or the nearest former ones that can be made."""
    if plan.photo is None:
        return None
    key = plan.inputs.photo
    small = find("small", key)
    wanted = () if small is not None else (Task("small", key),)
    plan = _with(plan, "small", small)
    if not plan.inputs.areas.are_enough:
        return replace(plan, todo=wanted) if wanted else plan
    failure: Failed | None = None
    areas: Areas | None = plan.inputs.areas
    while areas is not None:
        value = find("scene", areas)
        if value is None:
            return replace(plan, failure=failure, todo=(Task("scene", areas), *wanted))
        if not isinstance(value, Failed):
            return replace(plan, failure=failure, areas=areas, scene=value, todo=wanted)
        failure, areas = failure or value, areas.before
    return replace(plan, failure=failure, todo=wanted)


def _judged(plan: Plan, find: Find) -> Plan | None:
    """Scores, and pictures of what was judged; what is built in judges while these are made."""
    if plan.scene is None:
        return None
    choice = plan.inputs.classifier
    key = (plan.areas, choice.key)
    why = why_not_asked(choice)
    if not why and not choice.is_built_in and plan.inputs.declined == plan.inputs.question:
        why = STOPPED  # also where the answer came all the same: it is told when asked for again
    scored = None if why else find("scores", key)
    plan = replace(plan, scored=scored, trouble=why)
    if scored is None and not why:
        plan = _asking(plan, find, choice, Task("scores", key))
    # what is built in looks at the area alone: the rest is dimmed
    shows = choice.context if plan.scored is not None and not choice.is_built_in else ""
    pictures = find("pictures", (plan.areas, shows))
    if pictures is None:
        task = Task("pictures", (plan.areas, shows))
        return replace(plan, todo=(task, *plan.todo))
    return _with(replace(plan, shows=shows), "pictures", pictures)


def _with(plan: Plan, name: Literal["small", "pictures"], value: Any) -> Plan:
    """The plan with a result that the others can do without."""
    if isinstance(value, Failed):
        return replace(plan, mishap=value.sentence)
    return replace(plan, small=value) if name == "small" else replace(plan, pictures=value)


def _asking(plan: Plan, find: Find, choice: ClassifierChoice, task: Task) -> Plan:
    """With whom to ask: at once where that takes no time, else meanwhile."""
    failed = find("scores", (task.key, plan.inputs.attempt))
    if isinstance(failed, Failed):
        return replace(plan, trouble=failed.sentence)
    return replace(plan, todo=(task,)) if choice.is_built_in else replace(plan, slow=task)


def _selection(plan: Plan, find: Find) -> Plan | None:
    key = selection_key(plan)
    value = find("selection", key)
    if value is None:
        return replace(plan, todo=(Task("selection", key),))
    if isinstance(value, Failed):
        return replace(plan, nothing_painted=value.sentence)
    return replace(plan, selection=value[plan.inputs.place], selections=value)


def _painted(plan: Plan, find: Find) -> Plan | None:
    if plan.selection is None:
        return None
    key = (selection_key(plan), tuple(edit.pasting for edit in plan.inputs.edits))
    value = find("painted", key)
    if value is None:
        return replace(plan, todo=(Task("painted", key),))
    if isinstance(value, Failed):
        return replace(plan, nothing_painted=value.sentence)
    return replace(plan, painted=value)


def _counted(plan: Plan, find: Find, counting: Sequence[str]) -> Plan:
    """What ways would find, which is looked for last of all."""
    photo, areas = plan.inputs.files.photo, plan.inputs.areas
    options = dict(areas.options)
    # all but what is found is one area, however much that is; to follow edges takes seconds
    if photo is None or plan.photo is None or options["background"] or options["refine_edges"]:
        return plan
    counts, missing = {}, []
    for way in counting:
        key = count_key(areas, photo, way)
        value = find("count", key)
        if value is None:
            missing.append(Task("count", key))
        elif not isinstance(value, Failed):
            counts[way] = value
    count = missing[0] if missing and plan.is_done else None
    return replace(plan, counts=counts, count=count)


_STEPS: Final = (_photo, _scene, _judged, _selection, _painted)


def selection_key(plan: Plan) -> Hashable:
    """All that a choice of areas depends on."""
    inputs = plan.inputs
    who = None if plan.scored is None else inputs.classifier.key
    return plan.areas, who, tuple(edit.choosing for edit in inputs.edits), inputs.meanings


def why_not_asked(choice: ClassifierChoice) -> str:
    """Why a classifier cannot be asked, or what is missing before it can; empty where it can."""
    if reason := find_entry(choice.name).reason:
        return f"{choice.name} is not available: {reason[0].lower()}{reason[1:].rstrip('.')}"
    if choice.is_manual and not choice.key.repo_id:
        return NO_REPO
    return NO_NAMES if choice.is_open and not choice.names else ""
