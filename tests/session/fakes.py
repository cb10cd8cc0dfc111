"""Stages that say what they were made from, pools run by hand, and commands at random."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zlib import crc32

from segui.classifiers.catalogue import CATALOGUE, COLOUR_NAMES, MANUAL, MANUAL_WORDS
from segui.errors import ClassifierError, InputError
from segui.geometry import Box
from segui.options import default_values
from segui.session import commands
from segui.session.commands import Command
from segui.session.derive import Plan
from segui.session.files import FileRef, Files
from segui.session.inputs import AreaKey, Inputs
from segui.session.results import Failed, Task, Telling

DEFAULTS = default_values()
MODEL = {"classifier": MANUAL, "repo": "org/a"}


class Made(NamedTuple):
    """A result that names what it was made from."""

    stage: str
    of: tuple[Any, ...]
    size_hw: tuple[int, int] = (3, 4)  # of a photo


def file(name: str) -> FileRef:
    return FileRef(name, Path("/nowhere") / name)


def given(photo: str = "photo", *masks: str, reference: str = "", **options: Any) -> Inputs:
    """Inputs with files of these names and options of these values."""
    files = Files(
        file(photo), tuple(file(mask) for mask in masks), file(reference) if reference else None
    )
    values = {**DEFAULTS, **options}
    return Inputs(DEFAULTS, files, values, values)


def making(task: Task, plan: Plan, telling: Telling) -> Any:
    """A stage's result, of what the plan has: one of other inputs than the key's shows it."""
    inputs = plan.inputs
    match task.stage:
        case "photo":
            of: tuple[Any, ...] = (inputs.files.photo,)
        case "small":
            of = (plan.photo,)
        case "scene":
            of = (plan.photo, task.key)
        case "pictures":
            of = (plan.scene, task.key[1])
        case "scores":
            of = (plan.scene, inputs.classifier.key)
        case "selection":
            return tuple(
                Made(task.stage, (plan.scene, plan.scored, *edit.choosing)) for edit in inputs.edits
            )
        case "count":
            of = (plan.photo, task.key)
        case "painted":
            of = (plan.scene, plan.selections, tuple(edit.pasting for edit in inputs.edits))
    return Made(task.stage, of)


class Bug(Exception):  # noqa: N818  as it is called
    """What nobody foresaw."""


class Failing:
    """Fails now and then; whether, and how, depends on the task alone.

    Args:
        seed: Other ones fail elsewhere.
        rate: Of how many tasks one fails; 0 is none.
    """

    def __init__(self, seed: int = 0, rate: int = 6) -> None:
        self._seed = seed
        self._rate = rate

    def __call__(self, task: Task, plan: Plan, telling: Telling) -> Any:
        drawn = crc32(f"{self._seed} {_shown(task)}".encode())
        if self._rate and drawn % self._rate == 0:
            return self._fail(task, drawn // self._rate % 3 == 0)
        return making(task, plan, telling)

    def _fail(self, task: Task, is_bug: bool) -> Failed:
        if is_bug or task.stage in ("small", "pictures"):
            raise Bug(task.stage)
        if task.stage == "scene":
            return Failed("these files cannot be used", (("mask 1", "too small"),), True)
        if task.stage == "scores":
            raise ClassifierError(f"no answer about {_shown(task)}")
        raise InputError(f"nothing of {_shown(task)}")


def _shown(task: Task) -> str:
    """A task's text, whatever order its sets have."""
    key = task.key if isinstance(task.key, tuple) else (task.key,)
    return repr(
        (task.stage, [sorted(map(repr, p)) if isinstance(p, frozenset) else p for p in key])
    )


class HandPool:
    """A pool whose work is done by the test, when it says so, in its own thread."""

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], None]] = deque()
        self.large: list[bool] = []

    def submit(
        self, work: Callable[[], None], *, is_large: bool = False, owner: Hashable = None
    ) -> None:
        self.waiting.append(work)
        self.large.append(is_large)

    def run_one(self) -> None:
        self.waiting.popleft()()


class Gate:
    """A task that waits for the test to let it go on."""

    def __init__(self, task: Task, plan: Plan, telling: Telling) -> None:
        self.task = task
        self.plan = plan
        self.telling = telling
        self.opened = threading.Event()


class Gated:
    """Lets no task begin before the test opens its gate.

    Args:
        runner: Does the work then.
    """

    def __init__(self, runner: Any = making) -> None:
        self.waiting: list[Gate] = []
        self.changed = threading.Condition()
        self._runner = runner
        self._is_free = False

    def __call__(self, task: Task, plan: Plan, telling: Telling) -> Any:
        gate = Gate(task, plan, telling)
        with self.changed:
            is_free = self._is_free
            if not is_free:
                self.waiting.append(gate)
            self.changed.notify_all()
        if not is_free:
            assert gate.opened.wait(60)
        return self._runner(task, plan, telling)

    def next(self, stage: str) -> Gate:
        """The gate of a stage's task, once one waits."""

        def found() -> Gate | None:
            return next((gate for gate in self.waiting if gate.task.stage == stage), None)

        with self.changed:
            gate = self.changed.wait_for(found, 60)
        assert gate is not None, f"no {stage} is waiting"
        return gate

    def open(self, gate: Gate) -> None:
        with self.changed:
            self.waiting.remove(gate)
        gate.opened.set()

    def open_all(self) -> None:
        """Hold up nothing any more."""
        with self.changed:
            self._is_free = True
            gates, self.waiting = self.waiting, []
        for gate in gates:
            gate.opened.set()


AREAS: tuple[AreaKey, ...] = ((Box(1, 2, 30, 40), "A"), (Box(5, 5, 9, 9), "B"))
EXAMPLE = Inputs(
    DEFAULTS,
    Files(file("example photo"), (file("example mask"),)),
    {**DEFAULTS, "effect": "blur"},
    {**DEFAULTS, "effect": "blur"},
    scene="balloons",
    story="Balloons over a valley.",
)
_CANNOT_BE_HAD = tuple(entry.name for entry in CATALOGUE if entry.reason)[:1]
VALUES: dict[str, tuple[Any, ...]] = {
    "classifier": (COLOUR_NAMES, MANUAL, MANUAL, MANUAL, MANUAL_WORDS, *_CANNOT_BE_HAD, "nobody"),
    "repo": ("", "org/a", "org/b", " org/a/ ", 7),
    "revision": ("", "main"),
    "context": ("crop", "bbox", None),
    "names": ("", "dog, cat"),
    "expression": ("*", "red > 50%", "red > 50% and blue > 20%", "(red", "", None, 5),
    "on_unknown": ("remain", "filter", "review", "ask"),
    "grow": (0, 3, "x", 9999),
    "scale": (True, False, "yes"),
    "shrink": (True, False, "yes"),
    "turn_photo": ("auto", "right", "up"),
    "mask_kind": ("auto", "exact", "nothing"),
    "leave_out": ("", "ffffff"),
    "feather": (0, 5, 12, -1, "soft"),
    "effect": ("none", "blur", "hide", "grey", "magic"),
    "strength": (0, 12, 3.5, 10_001),
    "colour": ("#ff0000", "rgba(0, 0, 255, 1)", "red"),
}


def random_values(random: Random, most: int = 3) -> dict[str, Any]:
    names = random.sample(sorted(VALUES), random.randint(1, most))
    return {name: random.choice(VALUES[name]) for name in names}


def random_command(random: Random) -> Command:
    """Any command, with what may come with it, usable or not."""
    return random.choice(_MAKERS)(random)


def _masks(random: Random) -> tuple[FileRef, ...]:
    return tuple(file(f"mask {random.randint(1, 4)}") for _ in range(random.randint(1, 2)))


def _settings(random: Random) -> commands.ReadSettings:
    is_whole = random.random() < 0.5
    side = random.choice(("filtered", "remained"))
    return commands.ReadSettings(
        random_values(random, 5),
        ("what was read",),
        is_whole,
        {random.choice(AREAS): side} if is_whole else {},
        random.choice((None, file("painted by the recipe"))) if is_whole else None,
    )


def _built(random: Random) -> Command:
    event, data = random.choice(
        (
            ("rule", {"label": "red", "sign": ">", "value": 0.5}),
            ("join", {"word": "and", "label": "blue", "sign": "<", "value": 0.25}),
            ("threshold", {"index": 0, "value": 0.75}),
            ("threshold", {"index": 9, "value": 2}),
        )
    )
    return commands.BuildRule(event, data)


def _of_edits(random: Random) -> Command:
    id_ = random.randint(1, 4)
    return random.choice(
        (
            commands.AddEdit(),
            commands.CopyEdit(id_),
            commands.OpenEdit(id_),
            commands.OpenEdit(id_),
            commands.RemoveEdit(id_),
            commands.MoveEdit(id_, random.choice((-1, 1, 5))),
            commands.EnableEdit(id_, random.random() < 0.5),
            commands.RenameEdit(id_, random.choice(("", "jackets"))),
            commands.HideUndecided(),
        )
    )


_MAKERS: tuple[Callable[[Random], Command], ...] = (
    lambda random: commands.GivePhoto(file(f"photo {random.randint(1, 3)}")),
    lambda random: commands.GivePhoto(file(f"photo {random.randint(1, 3)}")),
    lambda random: commands.GiveReference(random.choice((None, file("edited"), file("other")))),
    lambda random: commands.AddMasks(_masks(random)),
    lambda random: commands.AddMasks(_masks(random)),
    lambda random: commands.RemoveMask(f"mask {random.randint(1, 4)}"),
    lambda _: commands.RemoveAllMasks(),
    lambda random: commands.Paint(random.choice((None, file("painted"), file("painted more")))),
    lambda random: commands.Paint(
        random.choice((None, file("strokes"), file("more strokes"))), f"mask {random.randint(1, 4)}"
    ),
    lambda random: commands.SetOptions(random_values(random)),
    lambda random: commands.SetOptions(random_values(random)),
    lambda random: commands.SetOptions(random_values(random, 1)),
    lambda _: commands.SetOptions(MODEL),
    lambda random: commands.SetOptions({**MODEL, "context": random.choice(("crop", "bbox"))}),
    lambda _: commands.SetOptions({"no such option": 1}),
    _built,
    _of_edits,
    _of_edits,
    _of_edits,
    lambda random: commands.Override(
        random.choice(AREAS), random.choice((None, "filtered", "remained"))
    ),
    lambda random: commands.Pick(random.randint(0, 3)),
    _settings,
    lambda random: commands.OpenProject(
        Files(file(f"photo {random.randint(1, 3)}"), _masks(random)), _settings(random)
    ),
    lambda _: commands.Show(EXAMPLE),
    lambda _: commands.Clear(),
    lambda _: commands.AskAgain(),
    lambda _: commands.Cancel(),
    lambda _: commands.Cancel(),
    lambda _: commands.Undo(),
    lambda _: commands.Undo(),
    lambda _: commands.Redo(),
)  # fmt: skip
