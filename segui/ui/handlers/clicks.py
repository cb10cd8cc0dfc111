"""What a click becomes by its data alone: functions of a page and what came with the event."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from segui.errors import InputError, shown
from segui.geometry import Box
from segui.session import commands, styles
from segui.session.commands import Command
from segui.session.files import Point
from segui.session.otherwise import taken_otherwise
from segui.ui.bridge import Page
from segui.ui.handlers.talk import Click
from segui.ui.screen import Of

_SIDES: Final = {"filtered": "filtered", "remained": "remained"}
# what the buttons of an edit's line do, by the data that they carry
_OF_EDITS: Final[Mapping[str, Callable[[int, Mapping[str, Any]], Command]]] = {
    "open": lambda id_, _: commands.OpenEdit(id_),
    "copy": lambda id_, _: commands.CopyEdit(id_),
    "drop": lambda id_, _: commands.RemoveEdit(id_),
    "move": lambda id_, data: commands.MoveEdit(id_, -1 if data.get("by") == "-1" else 1),
    "enable": lambda id_, data: commands.EnableEdit(id_, data.get("to") == "true"),
}


def rule(_: Page, data: dict[str, Any]) -> Sequence[Command]:
    """A rule that the page offers was clicked."""
    text = data.get("rule")
    return (commands.SetOptions({"expression": str(text)}),) if text else ()


def area(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """An area was picked in a list, in the table or in the photo, or put somewhere by hand."""
    if "rule" in data:
        return rule(page, data)
    if "put" in data:
        key = page.session.view().area_key(_number(data.get("of")))
        side = _SIDES.get(str(data["put"]))
        return () if key is None else (commands.Override(key, side),)  # type: ignore[arg-type]
    # a name that is clicked is written into the rule by the browser
    return (commands.Pick(_number(data["number"])),) if "number" in data else ()


def edit(_: Page, data: dict[str, Any]) -> Sequence[Command]:
    """An edit was opened, added, named, moved, copied, turned off or on, or taken away."""
    if "add" in data:
        return (commands.AddEdit(),)
    if "name" in data:
        return (commands.RenameEdit(_number(data.get("of")), str(data["name"])),)
    for name, make in _OF_EDITS.items():
        if name in data:
            return (make(_number(data[name]), data),)
    return ()


def build(event: str) -> Click:
    """What one of the builder's events does.

    Args:
        event: ``rule``, ``join`` or ``threshold``.
    """
    return lambda _, data: (commands.BuildRule(event, data),)


def remove(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """One of the masks was taken away, what was painted, or all of them."""
    id_, files = str(data.get("remove", "")), page.session.inputs.files
    if id_ == "all":
        return (commands.RemoveAllMasks(),)
    if files.painted is not None and files.painted.id == id_:
        return (commands.Paint(None),)
    of_mask = [strokes.on for strokes in files.strokes if strokes.file.id == id_]
    return (commands.Paint(None, of_mask[0]) if of_mask else commands.RemoveMask(id_),)


def show_left_out(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """What was too small to be an area is to be seen."""
    if data.get("show") == "left out":
        asked, _ = page.screen.left_out
        page.screen.left_out = asked + 1, Of(page.session.view().scene)
    return ()


def of_notes(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """A mask is to be read otherwise, or what was too small to be an area is to be seen."""
    options = taken_otherwise(page.session.inputs.options, data)
    if options:
        return (commands.SetOptions(options),)
    return show_left_out(page, data)


def rest(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """The sliders rest, or another part of the picture is wanted at full size."""
    page.screen.look = _box(data.get("look"))
    if page.screen.look is not None:
        page.screen.asks_for("look")
    return ()


def mark(_: Page, data: dict[str, Any]) -> Sequence[Command]:
    """Something was clicked or framed on the photo, to be found; or none of that counts more.

    Raises:
        InputError: It is no place.
    """
    if data.get("clear") is True:
        return (commands.ClearMarks(),)
    if "candidate" in data:
        return (commands.SetOptions({"candidate": data["candidate"]}),)
    if "point" in data:
        x, y, wanted = _numbers("point", data["point"], 3)
        return (commands.MarkPoint(Point(x, y, bool(wanted))),)
    x1, y1, x2, y2 = _numbers("box", data.get("box"), 4)
    box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    return () if box.is_empty else (commands.MarkBox(box),)


def paint_on(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """A mask file is to be painted on: the page wants to see it."""
    page.screen.base_of = str(data.get("layer", ""))
    page.screen.asks_for("base")
    return ()


def remove_version(_: Page, data: dict[str, Any]) -> Sequence[Command]:
    """One of several edited versions was taken away."""
    id_ = data.get("remove")
    return (commands.RemoveReference(str(id_)),) if id_ else ()


def remove_sticker(page: Page, data: dict[str, Any]) -> Sequence[Command]:
    """The picture that is laid on areas was taken away."""
    file = page.session.inputs.files.sticker
    is_meant = file is not None and data.get("remove") == file.id
    return (commands.GiveSticker(None),) if is_meant else ()


def asking(*, is_open: bool) -> Click:
    """What asks of what is not hidden, before a picture is given away that is to hide it.

    Args:
        is_open: Whether it is to be asked, or was answered.
    """

    def make(page: Page, _: dict[str, Any]) -> Sequence[Command]:
        page.screen.asked_of = Of(page.session.view().selection) if is_open else Of()
        return ()

    return make


def style(name: str) -> Command:
    """What sets several controls at once to what one purpose wants."""
    return commands.SetOptions(styles.STYLES[name])


def _number(said: object) -> int:
    """An area's number as a browser sends it; 0 where it is none."""
    text = str(said)
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _numbers(name: str, said: object, count: int) -> list[int]:
    """Whole numbers of px as a browser sends them.

    Raises:
        InputError: They are none, or not as many.
    """
    if not isinstance(said, list) or len(said) != count:
        raise InputError(f"{name} is {shown(said)}: expected {count} whole numbers")
    if not all(type(one) is int and abs(one) < 10**6 for one in said):
        raise InputError(f"{name} is {shown(said)}: expected {count} whole numbers")
    return said


def _box(said: object) -> tuple[int, ...] | None:
    """A part of the picture as a browser sends it; None where it is none."""
    if not isinstance(said, list) or len(said) != 4:
        return None
    if not all(isinstance(edge, int) and abs(edge) < 10**6 for edge in said):
        return None
    return tuple(said)
