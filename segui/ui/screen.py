"""What one page shows by now, as far as it was told, and what it has said of itself.

A message to a page names cells: one property of one component each. The page says with each event
which message it took last; whatever has changed since is told again, so that a message that is
overtaken by another one is missed by nobody.
"""

import weakref
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from segui.session.files import FileRef
from segui.ui.view.messages import Painted

Cell = tuple[str, str]  # a component's name and one of its properties
Cells = Mapping[Cell, Any]
TakeAgain = Callable[[bool], Any]  # whether what is too large is to be opened smaller
FRAME: Final = "result"
NOTHING_PAINTED: Final[Painted] = {"mask": "", "told": 0}


@dataclass(frozen=True)
class Heard:
    """What comes with an event besides its values.

    Args:
        sequence: Counts the page's events, in the order in which their values were read.
        taken: The message that the page's values were of.
        changed: The controls that the visitor has changed since an event carried them.
        series: Of these, in which series of moves each was changed last: it counts how often
            another control was gone to, or one was gone to again.
    """

    sequence: int = 0
    taken: int = 0
    changed: frozenset[str] = frozenset()
    series: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, said: object) -> "Heard":
        """What a browser says, which may be anything."""
        if not isinstance(said, dict):
            return cls()
        changed = said.get("changed")
        names = changed if isinstance(changed, list) else []
        known = frozenset(name for name in names if isinstance(name, str))
        series = said.get("series")
        counts = series if isinstance(series, dict) else {}
        return cls(
            _count(said.get("sequence")),
            _count(said.get("taken")),
            known,
            {name: _count(count) for name, count in counts.items() if name in known},
        )


def _count(said: object) -> int:
    is_count = isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 2**53
    return said if is_count else 0  # type: ignore[return-value]


_SMALL: Final = (str, int, float, bool, tuple, type(None), frozenset)


class Of:
    """What something was made of: it is known again, and no large part of it is kept alive.

    A session that lets its pictures go for others' sake has no power over who else holds them.

    Args:
        parts: Large things are compared by identity, small ones by value.
    """

    def __init__(self, *parts: Any) -> None:
        self._parts = tuple(
            part if isinstance(part, _SMALL) else weakref.ref(part) for part in parts
        )

    def is_(self, *parts: Any) -> bool:
        """Whether these are the very parts; one that is gone is none of them."""
        return len(parts) == len(self._parts) and all(map(_is_unchanged, self._parts, parts))


@dataclass
class Screen:
    """One page's screen. It is changed by whoever follows the session, one at a time.

    Args:
        number: Of the last message.
        taken: The last message that the page is known to have taken.
        look: The part that it shows at full size, as it says.
        live: What its own drawing was made of when it asked last, and what it was told.
        live_asked: How often it asked for that.
        left_out: How often what is too small to be an area was asked for, and of which areas.
        painted: The id of what was painted on this page last, and what the page has of it.
        strokes: The same of what was painted on mask files, by their ids.
        base_of: The mask file that is painted on.
        has_all_presets: Whether presets are asked for that cannot work here.
        asked_of: The choice of areas of which it is asked whether it may be given away.
        remark: A sentence that belongs to one event, and the number of the view it was said with.
        refused: What takes files that were too large when they were given last: they are offered
            to be opened smaller.
        workflow: What takes the settings of a workflow that a picture carries which was given last.
    """

    number: int = 0
    taken: int = 0
    look: Any = None
    live: tuple[Of, Any] = field(default_factory=lambda: (Of(), None))
    live_asked: int = 0
    left_out: tuple[int, Of] = field(default_factory=lambda: (0, Of()))
    has_all_presets: bool = False
    asked_of: Of = field(default_factory=Of)
    remark: tuple[str, int] = ("", -1)
    refused: TakeAgain | None = None
    workflow: TakeAgain | None = None
    painted: tuple[str, Painted] = ("", NOTHING_PAINTED)
    strokes: dict[str, tuple[str, Painted]] = field(default_factory=dict)
    base_of: str = ""
    _told: dict[Cell, tuple[Any, int]] = field(default_factory=dict)
    _sequences: dict[str, int] = field(default_factory=dict)
    _since: dict[str, int] = field(default_factory=dict)
    _made: dict[str, tuple[Of, Any]] = field(default_factory=dict)

    @property
    def offers(self) -> Mapping[str, TakeAgain]:
        """What takes the files that are offered to be taken, by the option of its button."""
        named = {"shrink": self.refused, "workflow": self.workflow}
        return {name: take for name, take in named.items() if take is not None}

    def hear(self, heard: Heard, values: Mapping[str, Any]) -> dict[str, Any]:
        """Which controls the visitor has changed, of all that an event says.

        An event that was overtaken says what is not so any more; and a control that was set from
        here keeps what it was set to, until an event has values that were read after that. What
        the visitor has changed meanwhile counts: the page does not take what it was to be set to.

        Args:
            heard: What came with the event.
            values: What the controls said, by name.
        """
        self.taken = max(self.taken, min(heard.taken, self.number))
        changed = {}
        for name, value in values.items():
            told, number = self._told.get((f"option.{name}", "value"), (None, -1))
            is_older = number > heard.taken and name not in heard.changed
            # what is not believed overtakes nothing: an earlier event may be the one that is meant
            if is_older or heard.sequence < self._sequences.get(name, 0):
                continue
            self._sequences[name] = heard.sequence
            if _is_same(told, value):
                continue
            self.knows(f"option.{name}", value)
            changed[name] = value
        return changed

    def said(self, names: Iterable[str], number: int) -> None:
        """What the visitor has said of controls is in force from a view on.

        Args:
            names: The controls.
            number: The first view that knows of it: an older one, made meanwhile, says nothing of
                these controls.
        """
        self._since.update(dict.fromkeys((f"option.{name}" for name in names), number))

    def knows(self, part: str, value: Any) -> None:
        """The page shows a value that nobody has told it."""
        self._told[part, "value"] = (value, 0)

    def has_told(self, cell: Cell) -> bool:
        """Whether the page was ever told a cell."""
        return cell in self._told

    def asks_for(self, *names: str) -> None:
        """The frame has nothing of these any more: it is told them, whatever it was told before."""
        for name in names:
            self._told.pop((FRAME, name), None)

    def asks_for_live(self) -> int:
        """The frame asks for what it draws with: how often it did by now."""
        self.live_asked += 1
        return self.live_asked

    def painted_here(self, file: FileRef | None, mask: str, told: object) -> None:
        """The page has painted something, or wiped it off: it need not be told so.

        Args:
            file: What was painted; None where nothing is.
            mask: The same as the page has it.
            told: How many times the page has told this, as it says.
        """
        painted: Painted = {"mask": mask, "told": _count(told)}
        self.painted = ("" if file is None else file.id, painted)
        self._told[FRAME, "painted"] = (painted, 0)

    def keep_strokes(self, layers: Collection[str]) -> None:
        """Forget what the page has of mask files that are gone.

        Args:
            layers: The ids of those that are there.
        """
        self.strokes = {layer: one for layer, one in self.strokes.items() if layer in layers}

    def painted_on_mask(self, layer: str, file: FileRef | None, mask: str, told: object) -> None:
        """The page has painted on a mask file: it need not be told so.

        Args:
            layer: The mask file's id.
            file: The strokes; None where there are none.
            mask: The same as the page has it.
            told: How many times the page has told this of this layer, as it says.
        """
        painted: Painted = {"mask": mask, "told": _count(told)}
        self.strokes[layer] = "" if file is None else file.id, painted
        layers, number = self._told.get((FRAME, "layers"), ((), 0))
        mine = {"strokes": mask, "told": painted["told"]}
        known = [{**one, **mine} if one["layer"] == layer else one for one in layers]
        self._told[FRAME, "layers"] = known, number

    def message(self, cells: Cells, view: int, *, is_again: bool = False) -> dict[str, Any]:
        """What to send so that the page shows cells; empty where it does by now.

        What was told before and may not have come is told again, with the number of the message
        that it was in: the page takes no cell twice, since its visitor may have changed it. With
        controls goes which event they were heard by last: it keeps what was changed after that.

        Args:
            cells: What it is to show; what is not named stays as it is.
            view: The number of the view that they are of.
            is_again: Whether a message was lost: what is on its way, as far as anybody knows, is
                told once more.
        """
        changed = {
            cell
            for cell, value in cells.items()
            if view >= self._since.get(cell[0], 0) and not self._shows(cell, value)
        }
        is_lost = is_again and self.number > self.taken
        if not changed and not is_lost:
            return {}
        self.number += 1
        for cell in changed:
            self._told[cell] = (cells[cell], self.number)
        unsure = {cell: told for cell, told in self._told.items() if told[1] > self.taken}
        parts: dict[str, dict[str, Any]] = {}
        numbers: dict[str, dict[str, int]] = {}
        for (part, name), (value, number) in unsure.items():
            parts.setdefault(part, {})[name] = value
            if number < self.number:
                numbers.setdefault(part, {})[name] = number
        heard = {
            name: sequence
            for name, sequence in self._sequences.items()
            if "value" in parts.get(f"option.{name}", {})
        }
        return {"n": self.number, "parts": parts, "numbers": numbers, "heard": heard}

    def _shows(self, cell: Cell, value: Any) -> bool:
        return cell in self._told and _is_same(self._told[cell][0], value)

    def made(self, name: str, of: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What was made last under a name, made anew where it is of something else by now.

        Args:
            name: The name.
            of: What it is made of: large things by identity, small ones by value.
            make: Makes it.
        """
        known = self._made.get(name)
        if known is None or not known[0].is_(*of):
            self._made[name] = known = (Of(*of), make())
        return known[1]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same to a page: 1 and true are not, 5 and 5.0 are."""
    return one is other or (isinstance(one, bool) == isinstance(other, bool) and one == other)


def _is_unchanged(known: Any, part: Any) -> bool:
    if isinstance(known, weakref.ref):
        return part is not None and known() is part
    return isinstance(part, _SMALL) and _is_same(known, part)
