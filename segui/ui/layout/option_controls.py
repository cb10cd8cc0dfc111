"""Controls made of the table of options: the layout says where each stands, the table all else."""

from collections.abc import Mapping
from typing import Any, Literal

import gradio as gr
from gradio.components import Component

from segui.options import OPTIONS, Choice, Colour, Flag, Length, Number, Option, Part, Text
from segui.ui.view.percent import to_page

# of more choices, or of longer ones, a list is opened
MOST_BUTTONS = 20
MOST_LETTERS = 200
# a slider's reset button changes its value without an input event
_NO_RESET: list[Literal["reset"]] = []


class OptionControls:
    """The controls of one step's options, made one by one where they stand.

    Args:
        part: The step.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._made: dict[str, Component] = {}

    def add(self, name: str, **others: Any) -> None:
        """Make an option's control here.

        Args:
            name: The option.
            others: What the layout has to say of it: ``visible``, ``min_width``, its first value.
        """
        self._made[name] = option_control(OPTIONS[name], **others)

    def add_rest(self) -> Mapping[str, Component]:
        """Make the controls of those options of the step that have no place of their own.

        Returns:
            The controls of all of them, by name, in the table's order.
        """
        names = [name for name, option in OPTIONS.items() if option.part == self._part]
        for name in names:
            if name not in self._made:
                self.add(name)
        return {name: self._made[name] for name in names}


def option_control(option: Option, **others: Any) -> Component:
    """The control of an option.

    Args:
        option: The option.
        others: Whatever is to be otherwise than in the table.
    """
    shown: dict[str, Any] = {
        "value": option.default,
        "label": option.label,
        "info": option.help or None,
        "elem_id": option.elem_id,
        **others,
    }
    match option.kind:
        case Flag():
            return gr.Checkbox(**shown)
        case Choice(pairs=pairs):
            letters = sum(len(label) for label, _ in pairs)
            are_buttons = len(pairs) <= MOST_BUTTONS and letters <= MOST_LETTERS
            choose = gr.Radio if are_buttons else gr.Dropdown
            return choose(**{"choices": [*pairs], **shown})
        case Number(least=least, most=most) if option.listed_as:
            listed = [(option.listed_as.format(one), one) for one in range(least, most + 1)]
            return gr.Radio(listed, **shown)
        case Number():
            return _number(option, option.kind, shown)
        case Text() if option.offered:
            return gr.Dropdown([*option.offered], allow_custom_value=True, **shown)
        case Text(max_characters=most):
            return gr.Textbox(placeholder=option.example or None, max_length=most, **shown)
        case Colour():
            return gr.ColorPicker(**shown)
    raise TypeError(f"{option.name} is a {type(option.kind).__name__}: it has no control")


def _number(option: Option, kind: Number, shown: dict[str, Any]) -> Component:
    if option.in_percent:
        shown |= {"value": to_page(option.name, option.default), "label": f"{option.label}, %"}
        shown |= {"step": 1, "buttons": _NO_RESET, "elem_classes": "typed-to-100"}
        return gr.Slider(0, 100, **shown)
    classes = ["length"] if isinstance(kind, Length) else []  # see units.js
    if option.slider_most is not None:
        shown |= {"step": kind.step, "buttons": _NO_RESET}
        classes.append(f"typed-to-{kind.most}")  # see page.js
        shown |= {"elem_classes": classes}
        return gr.Slider(kind.least, option.slider_most, **shown)
    shown |= {"elem_classes": classes} if classes else {}
    # no limits: with them Gradio refuses every event of the page while a number is out of bounds;
    # the table says what is wrong with it, once
    return gr.Number(step=kind.step, precision=0 if kind.is_whole else None, **shown)
