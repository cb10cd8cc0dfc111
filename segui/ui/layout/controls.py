"""The four steps of the left column."""

from typing import Literal

import gradio as gr

from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.names import TEMPLATE
from segui.settings import Settings
from segui.ui.browser.assets import asset
from segui.ui.layout import choices, ids
from segui.ui.layout.choices import MAX_STRENGTH_PX, SLIDER_FEATHER_PX
from segui.ui.layout.components import AreaStep, ChooseStep, PasteStep, PhotoStep
from segui.ui.layout.html_component import CLICKS_AS_EVENTS, piece
from segui.ui.layout.uploads import uploads_only
from segui.ui.view import areas as area_html
from segui.ui.view import html
from segui.ui.view.rule_builder import TEMPLATE as BUILDER

# by name and by kind: some systems know no kind for the rarer formats
IMAGE_FILES = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".avif"]
SETTINGS_FILES = [".json", ".png"]
DROP_HEIGHT = 52
# a slider's reset button changes its value without an input event
NO_RESET: list[Literal["reset"]] = []


def photo_step() -> PhotoStep:
    """1: the photo and, side by side with it, its edited version."""
    with gr.Accordion("1  Photo", open=True, elem_classes="step"):
        with gr.Row(elem_classes="pair"):
            with gr.Column(min_width=120):
                upload = _drop("Photo", ids.PHOTO)
                card = piece("", elem_id=ids.PHOTO_CARD)
            with gr.Column(min_width=120):
                reference = _drop("Edited version", ids.REFERENCE)
                reference_card = piece("", elem_id=ids.REFERENCE_CARD)
                remove = gr.Button("Remove", size="sm", visible=False, elem_id=ids.REMOVE_REFERENCE)
        _tour(
            "The photo is what changes. An edited version is optional: its pixels are pasted, and "
            "without masks the areas are where it differs."
        )
        scale = gr.Checkbox(
            label="Scale what has another size to the photo's",
            info="It is of another size, but of the same proportions.",
            visible=False,
            elem_id=ids.SCALE,
        )
        with gr.Accordion("From a recipe, or from ComfyUI", open=False, elem_classes="more"):
            settings_file = _drop(
                "A recipe, or a workflow as JSON or PNG", ids.SETTINGS_FILE, SETTINGS_FILES
            )
            notes = piece("", elem_id=ids.SETTINGS_NOTES)
    return PhotoStep(upload, card, reference, reference_card, remove, scale, settings_file, notes)


def _tour(sentences: str) -> None:
    """What a step is for, beside it."""
    piece(html.help_text(sentences))


def _drop(
    label: str, elem_id: str, kinds: list[str] | None = None, *, several: bool = False
) -> gr.File:
    return uploads_only(
        gr.File(
            label=label,
            file_count="multiple" if several else "single",
            file_types=kinds or IMAGE_FILES,
            height=DROP_HEIGHT,
            elem_id=elem_id,
            elem_classes="drop",
        )
    )


def area_step() -> AreaStep:
    """2: masks, and how they become areas."""
    with gr.Accordion("2  Areas", open=True, elem_classes="step"):
        with gr.Row(elem_classes="pair"):
            masks = _drop("Masks, one file or several", ids.MASKS, several=True)
            paint = gr.Button("Paint areas", size="sm", min_width=110, scale=0, elem_id=ids.PAINT)
        mask_list = piece("", elem_id=ids.MASK_LIST, js_on_load=CLICKS_AS_EVENTS)
        _tour(
            "Masks say where the areas are: files, your own brush on the photo, or both. White "
            "or a colour is an area, black is none."
        )
        notes = piece("", elem_id=ids.NOTES, js_on_load=CLICKS_AS_EVENTS)
        with gr.Row(elem_classes="pair", elem_id="shape-row"):
            grow = gr.Number(
                0,
                precision=0,
                label="Grow, px",
                info="Below 0 shrinks.",
                min_width=90,
                elem_id=ids.GROW,
            )
            with gr.Column(min_width=130):
                fill_holes = gr.Checkbox(label="Fill holes", elem_id=ids.FILL_HOLES)
                invert = gr.Checkbox(label="Invert the masks", elem_id=ids.INVERT)
        with gr.Accordion("More options for areas", open=False, elem_classes="more"):
            options = _area_options()
    return AreaStep(masks, mask_list, paint, grow, fill_holes, invert, *options, notes)


# no limits on the number boxes: with them Gradio refuses every event of the page while a number is
# out of bounds; the engine says what is wrong with it, once
def _area_options() -> tuple[
    gr.Radio, gr.Number, gr.Number, gr.Checkbox, gr.Checkbox, gr.Checkbox, gr.Radio
]:
    mask_kind = gr.Radio(
        choices.MASK_KINDS,
        value="auto",
        label="Mask type",
        info="Soft mask: how bright, how much. Labels: every value or colour is an area.",
        elem_id=ids.MASK_KIND,
    )
    crop_factor = gr.Number(
        3.0,
        step=0.5,
        label="Context around each area",
        info="How much the classifier sees: 1 is the area alone. [crop_factor]",
        elem_id=ids.CROP_FACTOR,
    )
    drop_size = gr.Number(
        10,
        precision=0,
        label="Ignore smaller than",
        info="Width and height must both exceed this many px. [drop_size]",
        elem_id=ids.DROP_SIZE,
    )
    with gr.Group():
        combined = gr.Checkbox(
            label="One area a file",
            info="All of a mask is one area. [combined]",
            elem_id=ids.COMBINED,
        )
        bbox_fill = gr.Checkbox(
            label="Fill the box", info="The rectangle around it. [bbox_fill]", elem_id=ids.BBOX_FILL
        )
        contour_fill = gr.Checkbox(
            label="Fill the outline",
            info="No holes, no soft parts. [contour_fill]",
            elem_id=ids.CONTOUR_FILL,
        )
    order = gr.Radio(
        choices.ORDERS,
        value="reading",
        label="Order",
        info="Of their numbers, and of pasting where areas overlap.",
        elem_id=ids.ORDER,
    )
    return mask_kind, crop_factor, drop_size, combined, bbox_fill, contour_fill, order


def choose_step(settings: Settings) -> ChooseStep:
    """3: who judges, and which areas pass."""
    is_manual = ClassifierChoice(settings.classifier).is_manual
    with gr.Accordion("3  Choose", open=True, elem_classes="step"):
        classifier = gr.Dropdown(
            choices.CLASSIFIER_CHOICES,
            value=settings.classifier,
            label="Judge areas by",
            info="Gives each area its scores. [classifier]",
            elem_id=ids.CLASSIFIER,
        )
        repo = gr.Textbox(
            label="Repo id",
            info="Of a model on the Hugging Face hub. Press Enter.",
            placeholder="google/vit-base-patch16-224",
            max_length=200,
            visible=is_manual,
            elem_id=ids.REPO,
        )
        device = gr.Radio(
            choices.DEVICES,
            value=settings.device,
            label="Run on",
            visible=False,
            elem_id=ids.DEVICE,
        )
        revision = gr.Textbox(
            label="Revision",
            info="Branch, tag or commit of the model; empty is the newest. Press Enter.",
            max_length=100,
            visible=False,
            elem_id=ids.REVISION,
        )
        names = gr.Textbox(
            label="Names to look for",
            info="Besides those in the rule; with commas between. Press Enter.",
            placeholder="dog, cat, a cartoon",
            max_length=4000,
            visible=False,
            elem_id=ids.NAMES,
        )
        template = gr.Textbox(
            TEMPLATE,
            label="Sentence",
            info="Each name is put in place of {}. Press Enter.",
            max_length=100,
            visible=False,
            elem_id=ids.TEMPLATE,
        )
        context = gr.Radio(
            choices.CONTEXTS,
            value="crop",
            label="It sees of an area",
            visible=False,
            elem_id=ids.CONTEXT,
        )
        note = piece("", elem_id=ids.CLASSIFIER_NOTE)
        _tour(
            "The classifier gives every area a score for each name it knows; the rule says "
            "which areas count."
        )
        rules = _rules()
        on_unknown = gr.Radio(
            choices.ON_UNKNOWN,
            value="remain",
            label="If undecided",
            info="Where the rule has no answer, as for a name that was not found.",
            elem_id=ids.ON_UNKNOWN,
        )
    return ChooseStep(
        classifier, repo, device, revision, context, names, template, note, *rules, on_unknown
    )


def _rules() -> tuple[gr.HTML, gr.Dropdown, gr.Textbox, gr.HTML, gr.HTML, gr.HTML]:
    preset = gr.Dropdown(
        choices.preset_choices([]),
        value=choices.EVERYTHING,
        label="Choose",
        info="Everything, a preset, or your own rule. [preset_expr]",
        elem_id=ids.PRESET,
    )
    builder = piece({}, html_template=BUILDER, js_on_load=asset("builder.js"), elem_id=ids.BUILDER)
    expression = gr.Textbox(
        choices.EVERYTHING,
        label="Rule",
        info="Such as: red > 50% and @area > 400 [manual_expr]",
        lines=1,
        max_lines=4,
        max_length=2000,
        elem_id=ids.EXPRESSION,
    )
    error = piece("", elem_id=ids.EXPRESSION_ERROR)
    labels = piece("", elem_id=ids.LABELS)  # its buttons write into the box: see page.js
    with gr.Accordion("How rules are written", open=False, elem_classes="more"):
        lines = piece(area_html.rule_help(), elem_id=ids.HELP, js_on_load=CLICKS_AS_EVENTS)
    return builder, preset, expression, error, labels, lines


def paste_step() -> PasteStep:
    """4: what is pasted, where, and with what edge."""
    with gr.Accordion("4  Paste", open=True, elem_classes="step"):
        _tour("What is pasted onto the chosen areas, and how softly it ends.")
        effect = gr.Radio(
            choices.EFFECTS,
            value="none",
            label="Paste",
            info="The edited version's pixels, or an effect on the photo. Hide covers what nobody "
            "should recognise.",
            elem_id=ids.EFFECT,
        )
        strength = gr.Slider(
            0,
            MAX_STRENGTH_PX,
            value=0,
            step=1,
            label="Strength",
            info="Of the full-size photo, px; 0 fits the picture.",
            visible=False,
            buttons=NO_RESET,
            elem_id=ids.STRENGTH,
        )
        colour = gr.ColorPicker("#000000", label="Colour", visible=False, elem_id=ids.COLOUR)
        effect_on = gr.Radio(
            choices.EFFECTS_ON, value="filtered", label="Onto", elem_id=ids.EFFECT_ON
        )
        feather = gr.Slider(
            0,
            SLIDER_FEATHER_PX,
            value=5,
            step=1,
            label="Soft edge",
            info="Pixels of the full-size photo; 0 is hard. Up to 500 can be typed. [feather]",
            buttons=NO_RESET,
            elem_id=ids.FEATHER,
        )
        alpha = gr.Slider(
            0,
            255,
            value=255,
            step=1,
            label="Opacity",
            info="255 replaces; 128 mixes half and half. [alpha]",
            buttons=NO_RESET,
            elem_id=ids.ALPHA,
        )
        edge = gr.Radio(
            choices.EDGES,
            value="smooth",
            label="Edge style",
            info="Outward only keeps all of an area covered.",
            elem_id=ids.EDGE,
        )
        with gr.Row(elem_id="styles"):
            comfyui = gr.Button("Same as ComfyUI", size="sm", min_width=120, elem_id=ids.COMFYUI)
            privacy = gr.Button("Hide for privacy", size="sm", min_width=120, elem_id=ids.PRIVACY)
    return PasteStep(effect, effect_on, strength, colour, feather, alpha, edge, comfyui, privacy)
