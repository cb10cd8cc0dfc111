"""Which event calls which handler, and how each one waits its turn."""

from typing import Any

import gradio as gr

from segui.ui.handlers import Handlers
from segui.ui.intake import Intake
from segui.ui.parts import Parts
from segui.ui.wishes import wish_components

# an event of the page is nobody else's business
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "api_name": None}
# values come as the browser has them: Gradio's own checks would refuse every event of the page,
# each with a toast, while one number box is empty or out of bounds
_RAW: dict[str, Any] = {**_PRIVATE, "preprocess": False}
# cheap steps wait for nobody; the last one asked for is always carried out
_CHEAP: dict[str, Any] = {
    **_RAW,
    "concurrency_limit": None,
    "show_progress": "hidden",
    "trigger_mode": "always_last",
}
# one after the other, each with the files that the one before it left: a photo and masks that come
# at the same moment must both stay
_TAKING: dict[str, Any] = {**_CHEAP, "concurrency_id": "intake", "concurrency_limit": 1}
# models take memory and both cores: one at a time, the endpoints' calls included
_ASKING: dict[str, Any] = {
    **_RAW,
    "concurrency_id": "classifier",
    "concurrency_limit": 1,
    "trigger_mode": "always_last",
}
_PRESS_DOWNLOAD = "() => { document.querySelector('#download-file').click(); }"


def connect(demo: gr.Blocks, parts: Parts, handlers: Handlers, intake: Intake) -> None:
    """Attach every handler."""
    everything = _outputs(parts)
    _connect_intake(demo, parts, intake, everything)
    _connect_areas(parts, handlers, everything)
    _connect_choice(parts, handlers, everything)
    _connect_paste(parts, handlers, everything)
    _connect_download(parts, handlers)


def _outputs(parts: Parts) -> list[Any]:
    """Whatever a handler may tell: one list for all, of which each names what it changes."""
    photo, areas, choose, outcome = parts.photo, parts.areas, parts.choose, parts.outcome
    return [
        *wish_components(parts).values(),
        photo.upload, photo.card, photo.reference, photo.reference_card, photo.remove_reference,
        areas.masks, areas.mask_list, areas.notes,
        choose.note, choose.preset, choose.error, choose.labels,
        outcome.problem, outcome.result, outcome.status, outcome.download,
        outcome.filtered, outcome.review, outcome.remained, outcome.table,
        parts.files, parts.work, parts.waiting,
    ]  # fmt: skip


def _connect_intake(demo: gr.Blocks, parts: Parts, intake: Intake, outputs: list[Any]) -> None:
    files = parts.files
    photo, areas = parts.photo, parts.areas
    uploading = {**_TAKING, "preprocess": True}  # which makes paths of uploads
    photo.upload.upload(intake.photo, [photo.upload, files], outputs, **uploading)
    photo.reference.upload(intake.reference, [photo.reference, files], outputs, **uploading)
    photo.remove_reference.click(intake.no_reference, files, outputs, **_TAKING)
    areas.masks.upload(intake.masks, [areas.masks, files], outputs, **uploading)
    areas.mask_list.select(intake.fewer_masks, files, outputs, **_TAKING)
    parts.fresh.click(intake.fresh, None, outputs, **_TAKING)
    parts.examples.select(intake.example, None, outputs, **_TAKING)
    demo.load(intake.load, None, outputs, **_TAKING)
    demo.unload(intake.leave)


def _connect_areas(parts: Parts, handlers: Handlers, outputs: list[Any]) -> None:
    areas = parts.areas
    inputs = [parts.files, parts.work, *wish_components(parts).values()]
    slow = {**_CHEAP, "concurrency_limit": 4, "show_progress": "minimal"}
    slow["show_progress_on"] = parts.outcome.status
    # the rule may have been edited meanwhile: it is looked at again when the areas are there
    again = (handlers.again, inputs[1:], outputs)
    parts.files.change(handlers.open, inputs, outputs, **slow).then(*again, **_CHEAP)
    for option in (
        areas.mask_kind, areas.crop_factor, areas.drop_size, areas.combined,
        areas.bbox_fill, areas.contour_fill, areas.invert, areas.scale,
    ):  # fmt: skip
        option.change(handlers.open, inputs, outputs, **slow)


def _connect_choice(parts: Parts, handlers: Handlers, outputs: list[Any]) -> None:
    choose = parts.choose
    inputs = [parts.work, *wish_components(parts).values()]
    asking = {**_ASKING, "show_progress": "minimal", "show_progress_on": parts.outcome.status}
    choose.classifier.input(handlers.classifier, inputs, outputs, **_CHEAP)
    choose.device.input(handlers.classifier, inputs, outputs, **_CHEAP)
    choose.repo.submit(handlers.classifier, inputs, outputs, **_CHEAP)
    judged = parts.waiting.change(
        handlers.judge, [parts.work, parts.waiting, *inputs[1:]], outputs, **asking
    )
    judged.then(handlers.again, inputs, outputs, **_CHEAP)
    choose.preset.input(handlers.preset, [choose.preset, *inputs], outputs, **_CHEAP)
    # a Textbox's input event comes of keys that print alone: not of Backspace, paste or dictation
    choose.expression.change(handlers.rule, inputs, outputs, **_CHEAP)
    choose.on_unknown.input(handlers.unknown, inputs, outputs, **_CHEAP)
    choose.labels.select(handlers.label, inputs, outputs, **_CHEAP)
    parts.outcome.status.select(handlers.label, inputs, outputs, **_CHEAP)


def _connect_paste(parts: Parts, handlers: Handlers, outputs: list[Any]) -> None:
    paste = parts.paste
    inputs = [parts.work, *wish_components(parts).values()]
    paste.effect.input(handlers.effect, inputs, outputs, **_CHEAP)
    for control in (
        paste.effect_on, paste.strength, paste.colour, paste.feather, paste.alpha, paste.edge
    ):  # fmt: skip
        control.input(handlers.paste, inputs, outputs, **_CHEAP)


def _connect_download(parts: Parts, handlers: Handlers) -> None:
    outcome = parts.outcome
    inputs = [parts.work, *wish_components(parts).values()]
    made = outcome.download.click(
        handlers.download,
        inputs,
        outcome.download_file,
        **{**_RAW, "concurrency_limit": 4},
    )
    made.success(None, None, None, js=_PRESS_DOWNLOAD, **_PRIVATE)
