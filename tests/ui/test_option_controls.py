import gradio as gr
import pytest

from segui.options import OPTIONS, Choice, Colour, Flag, Number, Option, Text
from segui.ui.layout.option_controls import MOST_BUTTONS, OptionControls, option_control
from tests.ui.loops import closing_loops

FEW = Choice((("One", "1"), ("Two", "2")))
MANY = Choice(tuple((f"No {n}", str(n)) for n in range(MOST_BUTTONS + 1)))


def row(kind, default, **more) -> Option:
    return Option("a_row", kind, default, "paste", "A row", "What it does.", **more)


@pytest.mark.parametrize(
    ("option", "control"),
    [
        (row(Flag(), default=True), gr.Checkbox),
        (row(FEW, "2"), gr.Radio),
        (row(MANY, "2"), gr.Dropdown),
        (row(Number(0, 9), 2), gr.Number),
        (row(Number(0, 9), 2, slider_most=5), gr.Slider),
        (row(Text(30), "2"), gr.Textbox),
        (row(Colour(), "#222222"), gr.ColorPicker),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_kind_has_its_control_with_the_tables_words(option, control):
    made = option_control(option)
    assert type(made) is control
    assert (made.value, made.label, made.info) == (option.default, "A row", "What it does.")
    assert made.elem_id == "a-row"


def test_a_choice_is_shown_by_its_words_and_sent_by_its_value():
    assert option_control(row(FEW, "2")).choices == [("One", "1"), ("Two", "2")]


def test_a_number_box_has_a_step_and_no_limits():
    # with limits, Gradio refuses every event of the page while a number is out of bounds
    box = option_control(row(Number(1, 9, step=0.5), 2))
    assert (box.step, box.precision, box.minimum, box.maximum) == (0.5, None, None, None)
    assert option_control(row(Number(1, 9, is_whole=True), 2)).precision == 0


def test_a_slider_ends_where_the_table_says_and_its_box_where_the_option_does():
    slider = option_control(row(Number(0, 500, is_whole=True), 5, slider_most=100))
    assert (slider.minimum, slider.maximum, slider.step) == (0, 100, 1)
    assert slider.elem_classes == ["typed-to-500"]


def test_a_text_box_takes_no_more_than_can_be_read():
    box = option_control(row(Text(30), "", example="such as this"))
    assert (box.max_length, box.placeholder) == (30, "such as this")


def test_the_layout_may_say_otherwise():
    assert option_control(row(Flag(), default=True), visible=False).visible is False


@pytest.mark.long
def test_what_has_no_place_of_its_own_comes_at_the_end_and_all_in_the_tables_order():
    with closing_loops(), gr.Blocks() as page:
        controls = OptionControls("paste")
        controls.add("edge")
        made = controls.add_rest()
    assert list(made) == [name for name, option in OPTIONS.items() if option.part == "paste"]
    placed = [block for block in page.blocks.values() if block in made.values()]
    assert placed[0] is made["edge"]
    assert placed[1] is made["effect"]
