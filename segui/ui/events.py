"""Which event calls which handler, and how each one waits its turn."""

from typing import Any

import gradio as gr

from segui.ui.handlers import Handlers
from segui.ui.intake import Intake
from segui.ui.layout.components import Parts
from segui.ui.takeaways import Takeaways
from segui.ui.wishes import paste_components, wish_components

# an event of the page is nobody else's business
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "api_name": None}
# values come as the browser has them: Gradio's own checks would refuse every event of the page,
# each with a toast, while one number box is empty or out of bounds
_RAW: dict[str, Any] = {**_PRIVATE, "preprocess": False}
# cheap steps wait for nobody; the last one asked for is always carried out. Hidden progress is
# still counted by every output, frame by frame, unless it is on none
_CHEAP: dict[str, Any] = {
    **_RAW,
    "concurrency_limit": None,
    "show_progress": "hidden",
    "show_progress_on": [],
    "trigger_mode": "always_last",
}
# with always_last, the call that is put off gets the data of the event before it: what comes with
# data of its own, as a click on an area does, is carried out each time
_CLICKED: dict[str, Any] = {**_CHEAP, "trigger_mode": "multiple"}
# one after the other, each with the files that the one before it left: a photo and masks that come
# at the same moment must both stay
_TAKING: dict[str, Any] = {**_CHEAP, "concurrency_id": "intake", "concurrency_limit": 1}
_TAKING_CLICKS: dict[str, Any] = {**_TAKING, "trigger_mode": "multiple"}
# models take memory, so not everybody's at once; but who waits for a download, or for a GPU that is
# lent, does not hold up all the others. Each model runs one batch at a time
_ASKING: dict[str, Any] = {
    **_RAW,
    "concurrency_id": "classifier",
    "concurrency_limit": 4,
    "trigger_mode": "always_last",
}
_PRESS_DOWNLOAD = "() => { document.querySelector('#download-file').click(); }"
# the browser draws what the sliders say by itself, and asks the server when they rest
_DRAFT = "(feather, alpha, edge) => ({draft: {feather, alpha, edge}})"
_OPEN_PAINTER = "() => { document.dispatchEvent(new CustomEvent('segui-paint')); }"
_KEEP = "(...values) => [values]"
_REST = "() => new Promise((done) => setTimeout(done, 200))"
# said by the browser at once: an answer of the server's own would take longer than most photos
_READING = "() => ({busy: 'Reading the photo…'})"
_WRITING = "() => ({busy: 'Writing the file…'})"
_DONE = "() => ({})"


def connect(
    demo: gr.Blocks, parts: Parts, handlers: Handlers, intake: Intake, takeaways: Takeaways
) -> None:
    """Attach every handler."""
    everything = _outputs(parts)
    _connect_intake(demo, parts, intake, handlers, everything)
    _connect_areas(parts, handlers, everything)
    _connect_classifier(parts, handlers, everything)
    _connect_choice(parts, handlers)
    _connect_hand(parts, handlers)
    _connect_paste(parts, handlers)
    _connect_takeaways(parts, takeaways)
    _connect_kept(parts)


def _outputs(parts: Parts) -> list[Any]:
    """Whatever a handler may tell: one list for all, of which each names what it changes."""
    photo, areas, choose, outcome = parts.photo, parts.areas, parts.choose, parts.outcome
    return [
        *wish_components(parts).values(),
        photo.upload, photo.card, photo.reference, photo.reference_card, photo.remove_reference,
        photo.settings_file, photo.settings_notes,
        areas.masks, areas.mask_list, areas.paint, areas.notes,
        choose.note, choose.builder, choose.preset, choose.error, choose.labels,
        outcome.problem, outcome.result, outcome.status, outcome.cancel, outcome.download,
        *outcome.takes.values(), outcome.detail, outcome.inset,
        outcome.filtered, outcome.review, outcome.remained, outcome.table,
        parts.files, parts.work, parts.hand, parts.waiting, parts.unsettled, parts.kept_scene,
    ]  # fmt: skip


def _choice_outputs(parts: Parts) -> list[Any]:
    """What another choice may tell: each output costs half a millisecond, whether told or not."""
    choose, outcome = parts.choose, parts.outcome
    return [
        choose.expression, choose.builder, choose.preset, choose.error, choose.labels,
        choose.note, parts.waiting,
        outcome.status, outcome.cancel, outcome.detail,
        outcome.filtered, outcome.review, outcome.remained, outcome.table,
        *_paint_outputs(parts), parts.work, parts.hand,
    ]  # fmt: skip


def _paint_outputs(parts: Parts) -> list[Any]:
    """What another way of pasting may tell."""
    outcome = parts.outcome
    return [
        outcome.problem, outcome.result, outcome.inset, outcome.download, *outcome.takes.values()
    ]  # fmt: skip


def _inputs(parts: Parts) -> list[Any]:
    return [parts.work, parts.hand, *wish_components(parts).values()]


def _connect_intake(
    demo: gr.Blocks, parts: Parts, intake: Intake, handlers: Handlers, outputs: list[Any]
) -> None:
    files = parts.files
    photo, areas = parts.photo, parts.areas
    uploading = {**_TAKING, "preprocess": True}  # which makes paths of uploads
    # not the controls themselves: with a file among its inputs, Gradio looks at all of them
    giving = [photo.upload, files, parts.work, parts.hand, parts.kept_options]
    components = [*wish_components(parts).values()]
    photo.upload.upload(None, None, parts.outcome.result, js=_READING, **_PRIVATE)
    photo.upload.upload(intake.photo, giving, outputs, **uploading)
    photo.reference.upload(intake.reference, [photo.reference, files], outputs, **uploading)
    photo.remove_reference.click(intake.no_reference, files, outputs, **_TAKING)
    photo.settings_file.upload(
        intake.settings_file, [photo.settings_file, files], outputs, **uploading
    )
    areas.masks.upload(intake.masks, [areas.masks, files], outputs, **uploading)
    areas.mask_list.select(intake.fewer_masks, files, outputs, **_TAKING_CLICKS)
    areas.paint.click(None, None, None, js=_OPEN_PAINTER, **_PRIVATE)
    parts.outcome.result.painted(intake.painted, files, outputs, **_TAKING_CLICKS)
    fresh = parts.fresh.click(intake.fresh, None, outputs, **_TAKING)
    example = parts.examples.select(intake.example, None, outputs, **_TAKING_CLICKS)
    kept = [parts.kept_options, parts.kept_scene]
    # nothing came before: it waits for nobody
    loaded = demo.load(intake.load, kept, outputs, **_CHEAP)
    settling = (handlers.settle, [files, *_inputs(parts)], outputs)
    settled = parts.unsettled.change(*settling, **_CHEAP)
    for many in (fresh, example, loaded, settled):
        # of many controls that are set at once, the last one to say so may see the others' former
        # values: they are kept again when all of them are there
        set_at_once = many.then(None, None, None, js=_REST, **_PRIVATE)
        set_at_once.then(None, components, parts.kept_options, js=_KEEP, **_PRIVATE)
    demo.unload(intake.leave)


def _connect_areas(parts: Parts, handlers: Handlers, outputs: list[Any]) -> None:
    areas = parts.areas
    inputs = [parts.files, parts.kept_scene, *_inputs(parts)]
    slow = {**_CHEAP, "concurrency_limit": 4}
    # the rule may have been edited meanwhile: it is looked at again when the areas are there
    again = (handlers.again, inputs, outputs)
    parts.files.change(handlers.open, inputs, outputs, **slow).then(*again, **_CHEAP)
    for option in (
        areas.mask_kind, areas.crop_factor, areas.drop_size, areas.combined, areas.bbox_fill,
        areas.contour_fill, areas.invert, areas.grow, areas.fill_holes, areas.order,
        parts.photo.scale,
    ):  # fmt: skip
        option.change(handlers.open, inputs, outputs, **slow).then(*again, **_CHEAP)
    areas.notes.select(handlers.show, parts.work, outputs, **_CLICKED)


def _connect_classifier(parts: Parts, handlers: Handlers, outputs: list[Any]) -> None:
    choose = parts.choose
    inputs = _inputs(parts)
    asking = {**_ASKING, "show_progress": "hidden", "show_progress_on": []}
    looking = [parts.files, parts.kept_scene, *inputs]
    checking = (handlers.check, looking, outputs)
    other = (handlers.other_classifier, inputs, outputs)
    choose.classifier.input(*other, **_CHEAP).then(*checking, **_CHEAP)
    same = (handlers.classifier, inputs, outputs)
    for control in (choose.device, choose.context):
        control.input(*same, **_CHEAP).then(*checking, **_CHEAP)
    for box in (choose.repo, choose.revision, choose.names, choose.template):
        box.submit(*same, **_CHEAP).then(*checking, **_CHEAP)
    judged = parts.waiting.change(handlers.judge, inputs, outputs, **asking)
    judged.then(handlers.judged, looking, outputs, **_CHEAP)
    parts.outcome.cancel.click(handlers.cancel, inputs, outputs, **_CHEAP)


def _connect_choice(parts: Parts, handlers: Handlers) -> None:
    choose = parts.choose
    inputs, outputs = _inputs(parts), _choice_outputs(parts)
    choose.preset.input(handlers.preset, [choose.preset, *inputs], outputs, **_CHEAP)
    choose.builder.rule(handlers.built("rule"), inputs, outputs, **_CLICKED)
    choose.builder.join(handlers.built("join"), inputs, outputs, **_CLICKED)
    choose.builder.threshold(handlers.built("threshold"), inputs, outputs, **_CLICKED)
    # a Textbox's input event comes of keys that print alone: not of Backspace, paste or dictation
    choose.expression.change(handlers.rule, inputs, outputs, **_CHEAP)
    choose.on_unknown.input(handlers.unknown, inputs, outputs, **_CHEAP)
    for offer in (choose.help, parts.outcome.status):
        offer.select(handlers.offered, inputs, outputs, **_CLICKED)


def _connect_hand(parts: Parts, handlers: Handlers) -> None:
    outcome, outputs = parts.outcome, _choice_outputs(parts)
    for place in (
        parts.choose.builder, outcome.result, outcome.table, outcome.detail,
        outcome.filtered, outcome.review, outcome.remained,
    ):  # fmt: skip
        place.select(handlers.touched, _inputs(parts), outputs, **_CLICKED)


def _connect_paste(parts: Parts, handlers: Handlers) -> None:
    paste, result = parts.paste, parts.outcome.result
    said = [*paste_components(parts).values()]
    inputs = [parts.work, parts.hand, *said]
    outputs = [*_paint_outputs(parts), parts.outcome.status]
    controls: tuple[Any, ...] = (paste.effect, paste.effect_on, paste.strength, paste.colour)
    shown = [*outputs, paste.strength, paste.colour]
    for control in controls:
        control.input(handlers.effect, inputs, shown, **_CHEAP)
    sliders: list[Any] = [paste.feather, paste.alpha, paste.edge]
    for slider in sliders:
        slider.input(None, sliders, result, js=_DRAFT, **_PRIVATE)
    result.rest(handlers.paste, inputs, [*outputs, paste.feather], **_CHEAP)
    looking = [parts.work, *said]
    told = [result, parts.outcome.problem]
    result.live(handlers.live, looking, told, **_CHEAP)
    result.look(handlers.look, looking, told, **_CLICKED)
    styled = [*_outputs(parts)]
    everything = _inputs(parts)
    paste.comfyui.click(handlers.styled("comfyui"), everything, styled, **_CHEAP)
    paste.privacy.click(handlers.styled("privacy"), everything, styled, **_CHEAP)


def _connect_takeaways(parts: Parts, takeaways: Takeaways) -> None:
    outcome = parts.outcome
    buttons = {"result": outcome.download, **outcome.takes}
    inputs = [parts.files, *_inputs(parts)]
    for kind, button in buttons.items():
        button.click(None, None, outcome.result, js=_WRITING, **_PRIVATE)
        made = button.click(
            takeaways.making(kind),
            inputs,
            outcome.download_file,
            **{**_RAW, "concurrency_id": "takeaways", "concurrency_limit": 4},
        )
        made.success(None, None, None, js=_PRESS_DOWNLOAD, **_PRIVATE)
        made.then(None, None, outcome.result, js=_DONE, **_PRIVATE)


def _connect_kept(parts: Parts) -> None:
    """What the controls say stays in the browser: no request is made."""
    components = [*wish_components(parts).values()]
    for component in components:
        component.change(None, components, parts.kept_options, js=_KEEP, **_PRIVATE)
