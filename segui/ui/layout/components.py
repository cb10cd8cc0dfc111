"""The components of the page by name, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from segui.options import OPTIONS


@dataclass(frozen=True)
class Step:
    """One of the four steps; a control of an option is also an attribute, by the option's name.

    Args:
        options: The controls of the step's options, by name.
    """

    options: Mapping[str, Component]

    def __getattr__(self, name: str) -> Any:
        """The control of an option."""
        options: Mapping[str, Component] = self.__dict__.get("options", {})
        if name not in options:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        return options[name]


@dataclass(frozen=True)
class PhotoStep(Step):
    """What is edited, and what its edited version is."""

    upload: gr.File
    card: gr.HTML
    reference: gr.File
    reference_card: gr.HTML
    remove_reference: gr.Button
    settings_file: gr.File
    settings_notes: gr.HTML


@dataclass(frozen=True)
class AreaStep(Step):
    """Where the areas are."""

    masks: gr.File
    mask_list: gr.HTML
    paint: gr.Button
    notes: gr.HTML


@dataclass(frozen=True)
class ChooseStep(Step):
    """Which areas count."""

    note: gr.HTML
    builder: gr.HTML
    preset: gr.Dropdown
    error: gr.HTML
    labels: gr.HTML
    help: gr.HTML


@dataclass(frozen=True)
class PasteStep(Step):
    """What is pasted there, and how."""

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

    @property
    def options(self) -> dict[str, Component]:
        """The controls of all options, by name, in the table's order."""
        steps = (self.photo, self.areas, self.choose, self.paste)
        made = {name: control for step in steps for name, control in step.options.items()}
        return {name: made[name] for name in OPTIONS}
