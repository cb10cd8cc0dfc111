"""The components of the page by name, step by step."""

from dataclasses import dataclass

import gradio as gr


@dataclass(frozen=True)
class PhotoStep:
    """What is edited, and what its edited version is."""

    upload: gr.File
    card: gr.HTML
    reference: gr.File
    reference_card: gr.HTML
    remove_reference: gr.Button
    scale: gr.Checkbox
    settings_file: gr.File
    settings_notes: gr.HTML


@dataclass(frozen=True)
class AreaStep:
    """Where the areas are."""

    masks: gr.File
    mask_list: gr.HTML
    paint: gr.Button
    grow: gr.Number
    fill_holes: gr.Checkbox
    invert: gr.Checkbox
    mask_kind: gr.Radio
    crop_factor: gr.Number
    drop_size: gr.Number
    combined: gr.Checkbox
    bbox_fill: gr.Checkbox
    contour_fill: gr.Checkbox
    order: gr.Radio
    notes: gr.HTML


@dataclass(frozen=True)
class ChooseStep:
    """Which areas count."""

    classifier: gr.Dropdown
    repo: gr.Textbox
    device: gr.Radio
    revision: gr.Textbox
    context: gr.Radio
    names: gr.Textbox
    template: gr.Textbox
    note: gr.HTML
    builder: gr.HTML
    preset: gr.Dropdown
    expression: gr.Textbox
    error: gr.HTML
    labels: gr.HTML
    help: gr.HTML
    on_unknown: gr.Radio


@dataclass(frozen=True)
class PasteStep:
    """What is pasted there, and how."""

    effect: gr.Radio
    effect_on: gr.Radio
    strength: gr.Slider
    colour: gr.ColorPicker
    feather: gr.Slider
    alpha: gr.Slider
    edge: gr.Radio
    comfyui: gr.Button
    privacy: gr.Button


@dataclass(frozen=True)
class Outcome:
    """What comes out; ``takes`` are the buttons of what else can be taken away, by kind."""

    problem: gr.HTML
    result: gr.HTML
    status: gr.HTML
    cancel: gr.Button
    download: gr.Button
    takes: dict[str, gr.Button]
    download_file: gr.DownloadButton
    detail: gr.HTML
    inset: gr.HTML
    filtered: gr.HTML
    review: gr.HTML
    remained: gr.HTML
    table: gr.HTML


@dataclass(frozen=True)
class Parts:
    """The whole page.

    Args:
        files: What the user gave.
        work: The session's results.
        hand: What was done by hand.
        kept_options: What the controls said when the browser was here last, as a list.
        kept_scene: The example that was on the page then, or that it was the user's own photo.
        waiting: The number of the step for which a slow classifier is still to be asked.
        unsettled: Changes when many controls were set at once, without events of their own.
        fresh: Starts over with the user's own photo.
        examples: The ready scenes.
    """

    photo: PhotoStep
    areas: AreaStep
    choose: ChooseStep
    paste: PasteStep
    outcome: Outcome
    files: gr.State
    work: gr.State
    hand: gr.State
    kept_options: gr.BrowserState
    kept_scene: gr.BrowserState
    waiting: gr.State
    unsettled: gr.State
    fresh: gr.Button
    examples: gr.HTML
