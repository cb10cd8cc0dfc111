"""The components of the page by name, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from segui.options import OPTIONS


@dataclass(frozen=True)
class Step:
    """One of the steps; a control of an option is also an attribute, by the option's name.

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
    settings_frame: gr.Accordion


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

    frame: gr.Accordion
    note: gr.HTML
    builder: gr.HTML
    preset: gr.Dropdown
    error: gr.HTML
    labels: gr.HTML
    help: gr.HTML
    named: gr.Accordion
    named_error: gr.HTML


@dataclass(frozen=True)
class PasteStep(Step):
    """What is pasted there, and how."""

    frame: gr.Accordion
    sticker: gr.File
    sticker_card: gr.HTML
    comfyui: gr.Button
    privacy: gr.Button


@dataclass(frozen=True)
class Downloading:
    """The way to the result: the button, and what is asked where something is not hidden.

    Args:
        button: Gives the result.
        ask: Stands in its place where something is not hidden that is to be.
        question: What is asked then, with its answers.
        text: What is not hidden.
        hide: Hides what is undecided.
        anyway: Gives the result all the same.
        back: Gives nothing.
    """

    button: gr.Button
    ask: gr.Button
    question: gr.Column
    text: gr.HTML
    hide: gr.Button
    anyway: gr.Button
    back: gr.Button


@dataclass(frozen=True)
class Outcome:
    """What comes out.

    ``share`` gives the result to another app, where the system can; ``takes`` are the buttons of
    what else can be taken away, by kind; ``gives`` says what the result's file is;
    ``link`` holds the recipe that is to be copied.
    """

    problem: gr.HTML
    result: gr.HTML
    status: gr.HTML
    cancel: gr.Button
    download: Downloading
    share: gr.Button
    takes: dict[str, gr.Button]
    gives: gr.HTML
    download_file: gr.DownloadButton
    link: gr.JSON
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
        stored_options: What the controls said when the browser was here last, by name.
        stored_scene: The example that was on the page then, or that it was the user's own photo.
        opening: What a page says of itself when it is opened.
        clock: What comes with each event: how many there were, which message the values of the
            controls are of, and these.
        values: Asks for what all controls say at one moment.
        updates: The message that the page takes: what each part is to be.
        together: Takes files that were let go on the page together, to be told apart.
        given: Tells of the files that were uploaded.
        edits: The edits in a list, of which one is open.
        wait: Changes when the page is to follow a model.
        undo: Takes back what was done last.
        redo: Does it again.
        open_photo: Lets one's own photo be chosen.
        mine: Brings one's own photo back that an example has taken the place of.
        fresh: Starts over with nothing.
        examples: The ready scenes.
    """

    photo: PhotoStep
    areas: AreaStep
    choose: ChooseStep
    paste: PasteStep
    take: Step
    outcome: Outcome
    stored_options: gr.BrowserState
    stored_scene: gr.BrowserState
    opening: gr.JSON
    clock: gr.JSON
    values: gr.HTML
    updates: gr.HTML
    together: gr.File
    given: gr.HTML
    edits: gr.HTML
    wait: gr.JSON
    undo: gr.Button
    redo: gr.Button
    open_photo: gr.Button
    mine: gr.Button
    fresh: gr.Button
    examples: gr.HTML

    @property
    def controls(self) -> dict[str, Any]:
        """The control of each option, by name."""
        steps = (self.photo, self.areas, self.choose, self.paste, self.take)
        made = {name: control for step in steps for name, control in step.options.items()}
        return {name: made[name] for name in OPTIONS}

    @property
    def told(self) -> dict[str, Any]:
        """Every part that a message may change, by the name that it has there; the clock last."""
        photo, areas, choose, outcome = self.photo, self.areas, self.choose, self.outcome
        return {
            **{f"option.{name}": control for name, control in self.controls.items()},
            "photo_card": photo.card,
            "reference_card": photo.reference_card,
            "remove_reference": photo.remove_reference,
            "settings_notes": photo.settings_notes,
            "settings_step": photo.settings_frame,
            "sticker_picture": self.paste.sticker,
            "sticker_card": self.paste.sticker_card,
            "mask_list": areas.mask_list,
            "paint": areas.paint,
            "notes": areas.notes,
            "edits": self.edits,
            "paste_step": self.paste.frame,
            "choose_step": choose.frame,
            "classifier_note": choose.note,
            "builder": choose.builder,
            "preset": choose.preset,
            "rule_error": choose.error,
            "named_rules": choose.named,
            "named_error": choose.named_error,
            "labels": choose.labels,
            "problem": outcome.problem,
            "result": outcome.result,
            "status": outcome.status,
            "cancel": outcome.cancel,
            "download": outcome.download.button,
            "ask_download": outcome.download.ask,
            "question": outcome.download.question,
            "question_text": outcome.download.text,
            "hide_undecided": outcome.download.hide,
            "share": outcome.share,
            **{f"take.{kind}": button for kind, button in outcome.takes.items()},
            "gives": outcome.gives,
            "detail": outcome.detail,
            "inset": outcome.inset,
            "filtered": outcome.filtered,
            "review": outcome.review,
            "remained": outcome.remained,
            "table": outcome.table,
            "open_photo": self.open_photo,
            "mine": self.mine,
            "undo": self.undo,
            "redo": self.redo,
            "stored_options": self.stored_options,
            "stored_scene": self.stored_scene,
            "follow": self.wait,
            "clock": self.clock,
        }
