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


@dataclass(frozen=True)
class AreaStep:
    """Where the areas are."""

    masks: gr.File
    mask_list: gr.HTML
    scale: gr.Checkbox
    mask_kind: gr.Radio
    crop_factor: gr.Number
    drop_size: gr.Number
    combined: gr.Checkbox
    bbox_fill: gr.Checkbox
    contour_fill: gr.Checkbox
    invert: gr.Checkbox
    notes: gr.HTML


@dataclass(frozen=True)
class ChooseStep:
    """Which areas count."""

    classifier: gr.Dropdown
    repo: gr.Textbox
    device: gr.Radio
    note: gr.HTML
    preset: gr.Dropdown
    expression: gr.Textbox
    error: gr.HTML
    labels: gr.HTML
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


@dataclass(frozen=True)
class Outcome:
    """What comes out."""

    problem: gr.HTML
    result: gr.HTML
    status: gr.HTML
    download: gr.Button
    download_file: gr.DownloadButton
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
        waiting: The number of the step for which a slow classifier is still to be asked.
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
    waiting: gr.State
    fresh: gr.Button
    examples: gr.HTML
