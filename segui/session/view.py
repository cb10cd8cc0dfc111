"""What a page shows of a session at one moment, all of it under one number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from segui.session.by_hand import area_key, found_again
from segui.session.derive import Plan
from segui.session.inputs import AreaKey, Inputs

if TYPE_CHECKING:  # torch comes with them
    from collections.abc import Sequence

    from segui.images.pictures import Picture
    from segui.pipeline import Scene
    from segui.previews.layers import PreviewLayer
    from segui.segments.segment import Segment
    from segui.selection import Selection


class Step(NamedTuple):
    """How far something has come that takes long.

    Args:
        doing: ``fetching``, in bytes, ``judging``, in areas, ``finding``, in mask files, or
            ``softening``, in parts of edges that a model looks at.
        done: How much is done.
        total: Of how much; 0 where that is not known yet.
    """

    doing: Literal["fetching", "judging", "finding", "softening"]
    done: int
    total: int


class Told(NamedTuple):
    """What is remembered of a view once it was told: nothing that takes memory.

    Args:
        number: The view's.
        step: Its.
        finding: Its.
        is_settled: Whether all was there that takes no model.
        is_done: Whether all was there.
    """

    number: int
    step: Step | None
    finding: Step | None
    is_settled: bool
    is_done: bool


@dataclass(frozen=True, eq=False)
class View:
    """What there is to show.

    Args:
        number: Grows with each command: of two views, the later one is the higher.
        plan: What follows from the inputs, as far as it is there.
        step: How far a model has come that is asked; None where none has said.
        finding: How far the finding of areas has come; None where it has not said.
        can_undo: Whether there is something to undo.
        can_redo: Whether something was undone.
    """

    number: int
    plan: Plan
    step: Step | None = None
    finding: Step | None = None
    can_undo: bool = False
    can_redo: bool = False

    @property
    def told(self) -> Told:
        """What is remembered of it: a session lets go of its pictures, and nobody else has them."""
        plan = self.plan
        return Told(self.number, self.step, self.finding, plan.is_settled, plan.is_done)

    @property
    def inputs(self) -> Inputs:
        """What was given and said."""
        return self.plan.inputs

    @property
    def photo(self) -> Picture | None:
        """The photo."""
        return self.plan.photo

    @property
    def scene(self) -> Scene | None:
        """The photo and its areas."""
        return self.plan.scene

    @property
    def selection(self) -> Selection | None:
        """Which areas pass."""
        return self.plan.selection

    @property
    def chosen_by(self) -> tuple[frozenset[int], ...]:
        """Of each edit, the numbers of the areas that it has; none before there is a choice."""
        return tuple(
            frozenset(n for n, side in enumerate(one.sides, 1) if side == "filtered")
            for one in self.plan.selections
        )

    @property
    def layers(self) -> tuple[PreviewLayer, ...]:
        """The areas' masks at the preview's size."""
        return () if self.plan.pictures is None else self.plan.pictures.layers

    @property
    def thumbnails(self) -> tuple[Path | None, ...]:
        """Of each area, as far as shown, where its picture lies."""
        return () if self.plan.pictures is None else self.plan.pictures.thumbnails

    @property
    def is_asking(self) -> bool:
        """Whether a model is being asked."""
        return self.plan.slow is not None

    @property
    def can_cancel(self) -> bool:
        """Whether something takes long that need not be done."""
        return self.is_asking or (self.plan.is_finding and self.can_undo)

    @property
    def segments(self) -> Sequence[Segment]:
        """The areas."""
        return () if self.plan.scene is None else self.plan.scene.segments.items

    @property
    def stale(self) -> str:
        """Why the results are of what was there before; empty where they are not."""
        failure = self.plan.failure
        is_old = failure is not None and self.plan.photo is not None
        if failure and failure.wants_marks and self.plan.scene is None:
            return ""  # nothing is old: the photo alone is there
        return f"Not up to date: {failure.sentence}" if is_old and failure else ""

    def area_key(self, number: int) -> AreaKey | None:
        """What an area is known by when it is found again; None where none has that number.

        One that something was decided of is known by what it was known by then.
        """
        scene = self.plan.scene
        if scene is None or not 0 < number <= len(self.segments):
            return None
        found = found_again(scene.segments, self.inputs.overrides)
        return found.get(number - 1) or area_key(self.segments[number - 1])
