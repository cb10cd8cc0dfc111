"""The messages between server and page have the same keys on both sides."""

import re
from pathlib import Path

import pytest

from segui.ui.browser import assets
from segui.ui.view import messages
from segui.ui.view.picture import MAX_LOOK_PX

BROWSER = Path(assets.__file__).parent
TYPEDEF = re.compile(r"@typedef \{object\} (\w+)\n(.*?)\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{.*\} (\[?)(\w+)\]?")
FRAME = [
    "Above", "Marks", "MarkEvent", "Answer",
    "FrameMessage", "Shape", "LeftOut", "Draft", "Live", "Layer", "Look", "Painted",
    "MaskLayer", "Base",
    "FrameEvents", "SelectEvent", "RestEvent", "LiveEvent", "LookEvent", "PaintedEvent",
    "LayerEvent",
]  # fmt: skip
BUILDER = [
    "BuilderValue", "Threshold", "BuilderEvents", "RuleEvent", "JoinEvent", "ThresholdEvent",
]  # fmt: skip


def text_of(name: str) -> str:
    return (BROWSER / name).read_text(encoding="utf-8")


def scripts_keys(name: str) -> dict[str, tuple[set[str], set[str]]]:
    """A script's types by name: the keys that are always there, and the others."""
    found = {}
    for type_name, lines in TYPEDEF.findall(text_of(name)):
        keys = PROPERTY.findall(lines)
        required = {key for bracket, key in keys if not bracket}
        found[type_name] = required, {key for _, key in keys} - required
    return found


@pytest.mark.parametrize(
    ("script", "names"), [("frame/messages.js", FRAME), ("builder.js", BUILDER)]
)
def test_both_sides_name_the_same_keys(script: str, names: list[str]):
    types = [getattr(messages, name) for name in names]
    assert scripts_keys(script) == {
        name: ({*one.__required_keys__}, {*one.__optional_keys__})
        for name, one in zip(names, types, strict=True)
    }


def test_every_type_is_one_of_the_scripts():
    public = {name for name, one in vars(messages).items() if hasattr(one, "__required_keys__")}
    assert {name for name in public if name[0] != "_"} == {*FRAME, *BUILDER}


@pytest.mark.parametrize(
    ("folder", "events"),
    [("frame", messages.FrameEvents), ("builder.js", messages.BuilderEvents)],
)
def test_the_scripts_send_the_events_that_there_are(folder: str, events: type):
    place = BROWSER / folder
    files = [place] if place.is_file() else [*place.glob("*.js")]
    texts = "".join(path.read_text(encoding="utf-8") for path in files)
    assert {*re.findall(r"\btrigger\('(\w+)'", texts)} == {*events.__annotations__}


def test_the_frame_asks_for_no_larger_a_part_than_it_gets():
    assert f"MOST_PX = {MAX_LOOK_PX};" in text_of("frame/looks.js")
