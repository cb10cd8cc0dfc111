"""The steps of the left column."""

import gradio as gr

from segui.classifiers.choice import ClassifierChoice
from segui.masks.texts import TEXT_ENDINGS
from segui.settings import Settings
from segui.ui.layout import choices, ids
from segui.ui.layout.components import AreaStep, ChooseStep, PasteStep, PhotoStep, Step
from segui.ui.layout.folded import folded
from segui.ui.layout.html_component import CLICKS_AS_EVENTS, EDIT_CLICKS, MASK_CLICKS, piece
from segui.ui.layout.option_controls import OptionControls
from segui.ui.view import areas as area_html
from segui.ui.view import html
from segui.ui.view.rule_builder import TEMPLATE as BUILDER
from segui.ui.view.rule_builder import builder_script
from segui.ui.view.rules import NAMED_RULES

# by name and by kind: some systems know no kind for the rarer formats
IMAGE_FILES = [
    *(".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".avif"),
    *(".heic", ".heif", ".mpo", ".apng"),
]
# what is read beside masks: the names of their labels
MASK_FILES = [*IMAGE_FILES, *sorted(TEXT_ENDINGS)]
PHOTO_FILES = [*IMAGE_FILES, ".zip"]  # a project has a photo, and all that was done to it
SETTINGS_FILES = [".json", ".png"]
DROP_HEIGHT = 52
WHAT_HAPPENS = "What happens"
WHICH_AREAS = "Which areas"


def photo_step() -> PhotoStep:
    """The photo and, side by side with it, its edited version."""
    with gr.Accordion("Photo", open=True, elem_id="photo-step", elem_classes="step"):
        with gr.Row(elem_classes="pair"):
            with gr.Column(min_width=120):
                upload = _drop("Photo", ids.PHOTO, PHOTO_FILES)
                card = piece("", elem_id=ids.PHOTO_CARD)
            with gr.Column(min_width=120):
                reference = _drop("Edited version", ids.REFERENCE, several=True)
                reference_card = piece("", elem_id=ids.REFERENCE_CARD, js_on_load=CLICKS_AS_EVENTS)
                remove = gr.Button("Remove", size="sm", visible=False, elem_id=ids.REMOVE_REFERENCE)
        _tour(
            "The photo is what changes. An edited version is optional: its pixels are pasted, and "
            "without masks the areas are where it differs. There may be several: each edit takes "
            "its own."
        )
        controls = OptionControls("photo")
        for name in ("scale", "shrink", "turn_photo", "align", "count_cast"):
            controls.add(name, visible=False)
        options = controls.add_rest()
        with folded("Open a recipe or a ComfyUI workflow") as frame:
            settings_file = _drop(
                "A recipe, or a workflow as JSON or PNG", ids.SETTINGS_FILE, SETTINGS_FILES
            )
            notes = piece("", elem_id=ids.SETTINGS_NOTES)
    return PhotoStep(
        options, upload, card, reference, reference_card, remove, settings_file, notes, frame
    )


def _tour(sentences: str) -> None:
    """What a step is for, beside it; once it was used, nobody needs to be told."""
    piece(html.help_text(sentences), elem_classes="tour")


def _drop(
    label: str, elem_id: str, kinds: list[str] | None = None, *, several: bool = False
) -> gr.File:
    return gr.File(
        label=label,
        file_count="multiple" if several else "single",
        file_types=kinds or IMAGE_FILES,
        height=DROP_HEIGHT,
        elem_id=elem_id,
        elem_classes="drop",
    )


def area_step() -> AreaStep:
    """Masks, and how they become areas."""
    with gr.Accordion("Find areas", open=True, elem_id="area-step", elem_classes="step"):
        with gr.Row(elem_classes="pair"):
            masks = _drop("Masks, one file or several", ids.MASKS, MASK_FILES, several=True)
            paint = gr.Button("Paint areas", size="sm", min_width=110, scale=0, elem_id=ids.PAINT)
        mask_list = piece("", elem_id=ids.MASK_LIST, js_on_load=MASK_CLICKS)
        _tour(
            "Areas are found in the photo, or masks say where they are: files, your own brush on "
            "the photo, or all of that. White or a colour is an area, black is none."
        )
        controls = OptionControls("areas")
        controls.add("finder")
        for name in (
            "finder_repo", "words", "confidence", "face_area", "smallest_face", "tolerance",
            "connected", "background", "candidate", "keep_labels", "overlaps",
            "merge_touching", "largest", "outlined_by",
        ):  # fmt: skip
            controls.add(name, visible=False)
        notes = piece("", elem_id=ids.NOTES, js_on_load=CLICKS_AS_EVENTS)
        with gr.Row(elem_classes="pair", elem_id="shape-row"):
            controls.add("grow", min_width=90)
            with gr.Column(min_width=130):
                controls.add("fill_holes")
                controls.add("invert")
        with folded("More options for areas"):
            controls.add("refine_edges")
            controls.add("edges_by", visible=False)
            for name in ("mask_kind", "leave_out"):
                controls.add(name)
            controls.add("each_mask", visible=False)
            for name in ("crop_factor", "drop_size"):
                controls.add(name)
            with gr.Group():
                for name in ("combined", "bbox_fill", "contour_fill"):
                    controls.add(name)
            controls.add("order")
            options = controls.add_rest()
    return AreaStep(options, masks, mask_list, paint, notes)


def edit_step() -> gr.HTML:
    """What is done, edit by edit: one of them is open, and what follows is about that one."""
    with gr.Accordion("Edits", open=True, elem_id="edit-step", elem_classes="step"):
        return piece("", elem_id=ids.EDITS, js_on_load=EDIT_CLICKS)


def choose_step(settings: Settings) -> ChooseStep:
    """Which areas the open edit is for, and who judges them."""
    is_manual = ClassifierChoice(settings.classifier).is_manual
    controls = OptionControls("choose")
    with gr.Accordion(WHICH_AREAS, open=True, elem_id="choose-step", elem_classes="step") as frame:
        controls.add("classifier", value=settings.classifier)
        controls.add("repo", visible=is_manual)
        controls.add("device", value=settings.device, visible=False)
        for name in ("revision", "names", "template", "context"):
            controls.add(name, visible=False)
        note = piece("", elem_id=ids.CLASSIFIER_NOTE)
        _tour(
            "The classifier gives every area a score for each name it knows; the rule says "
            "which areas count."
        )
        rules = _rules(controls)
        named = _named_rules(controls)
        controls.add("on_unknown")
        controls.add("among", visible=False)
        options = controls.add_rest()
    return ChooseStep(options, frame, note, *rules, *named)


def _rules(
    controls: OptionControls,
) -> tuple[gr.HTML, gr.Dropdown, gr.HTML, gr.HTML, gr.HTML]:
    preset = gr.Dropdown(
        choices.preset_choices([]),
        value=choices.EVERYTHING,
        label="Choose",
        info="Everything, a preset, or your own rule.",
        elem_id=ids.PRESET,
    )
    builder = piece({}, html_template=BUILDER, js_on_load=builder_script(), elem_id=ids.BUILDER)
    controls.add("expression", lines=1, max_lines=4)
    error = piece("", elem_id=ids.EXPRESSION_ERROR)
    labels = piece("", elem_id=ids.LABELS)  # its buttons write into the box: see page.js
    with folded("How rules are written"):
        lines = piece(area_html.rule_help(), elem_id=ids.HELP, js_on_load=CLICKS_AS_EVENTS)
    return builder, preset, error, labels, lines


def _named_rules(controls: OptionControls) -> tuple[gr.Accordion, gr.HTML]:
    with folded(NAMED_RULES, elem_id=ids.NAMED_RULES) as frame:
        # what is folded open has the same title
        controls.add("rules", lines=2, max_lines=12, show_label=False)
        return frame, piece("", elem_id=ids.RULES_ERROR)


def paste_step() -> PasteStep:
    """What happens in the open edit: what is pasted, where, and with what edge."""
    with gr.Accordion(WHAT_HAPPENS, open=True, elem_id="paste-step", elem_classes="step") as frame:
        _tour("What is pasted onto the chosen areas, and how softly it ends.")
        controls = OptionControls("paste")
        controls.add("effect", choices=choices.effect_choices())
        # values for all that follows: whoever wants one of these need not look at the rest
        with gr.Row(elem_id="styles"):
            comfyui = gr.Button("Same as ComfyUI", size="sm", min_width=120, elem_id=ids.COMFYUI)
            privacy = gr.Button("Hide for privacy", size="sm", min_width=120, elem_id=ids.PRIVACY)
        controls.add("version", visible=False)
        controls.add("sticker", visible=False)
        # it stands where it belongs, and is seen while a picture is what is asked for
        sticker = _drop("A picture, best with a transparent ground", ids.STICKER_PICTURE)
        sticker.visible = False
        sticker_card = piece("", elem_id=ids.STICKER_CARD, js_on_load=CLICKS_AS_EVENTS)
        controls.add("sticker_fit", visible=False)
        controls.add("strength", visible=False)
        controls.add("colour", visible=False)
        for name in ("effect_on", "feather", "alpha", "fade", "edge"):
            controls.add(name)
        options = controls.add_rest()
    return PasteStep(options, frame, sticker, sticker_card, comfyui, privacy)


def take_step() -> Step:
    """What file the result is."""
    controls = OptionControls("take")
    with gr.Row(elem_id="file-row"):
        controls.add("format", scale=0, min_width=300)
        controls.add("quality", visible=False, scale=0, min_width=120)
        controls.add("camera_data", visible=False, scale=0, min_width=170)
        return Step(controls.add_rest())
