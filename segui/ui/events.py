"""Which event calls which handler.

Two kinds of events reach the server: VALUES, of which the last one asked for is always carried
out, and CLICKS, of which each one is. What comes back is one message, which the page takes apart by
itself: Gradio would make each of its parts anew on the server, told or not.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final

import gradio as gr

from segui.session import commands
from segui.ui.browser.assets import asset
from segui.ui.handlers import Handlers, clicks
from segui.ui.layout.components import Parts

# an event of the page is nobody else's business
_PRIVATE: Final[dict[str, Any]] = {"api_visibility": "private", "api_name": None}
# values come as the browser has them: Gradio's own checks would refuse every event of the page,
# each with a toast, while one number box is empty or out of bounds
_EVENT: Final[dict[str, Any]] = {
    **_PRIVATE,
    "preprocess": False,
    "queue": False,
    "show_progress": "hidden",
    "show_progress_on": [],
}
_VALUES: Final[dict[str, Any]] = {**_EVENT, "trigger_mode": "always_last"}
# with always_last, the call that is put off gets the data of the event before it
_CLICK: Final[dict[str, Any]] = {**_EVENT, "trigger_mode": "multiple"}
# A field for files is empty again as soon as they are uploaded, and an event tells of them. Gradio
# draws the field anew when its value goes: if the next files are on their way at that moment, it
# breaks, and takes none any more.
_GIVE: Final = (
    "(files) => { document.dispatchEvent("
    "new CustomEvent('segui-FIELD', {detail: [files].flat()})); return null; }"
)
# with what all controls say, which this reads; without
_SEND: Final = "() => window.segui.send(OWN)"
_COUNT: Final = "(taken) => window.segui.count(taken)"
_COUNT_PRESET: Final = "(taken, preset) => [window.segui.count(taken), preset]"
_READ: Final = "(...said) => { window.segui.reads(said, NAMES); }"
_COPY: Final = "(taken) => { if (taken) window.segui.copy(taken.recipe); }"
_COPIED: Final = ("link", "copy")  # onto the clipboard, not into files
# a browser lets a page write there while a click is being answered, or of a promise made then
_COPY_PICTURE: Final = "() => { window.segui.copyPicture(); }"
_PICTURE: Final = "(file) => { window.segui.picture(file?.url ?? ''); }"
_NO_PICTURE: Final = "() => { window.segui.picture(''); }"
_OPENING: Final = "(...said) => window.segui.opening(said)"
_TAKE: Final = "(message) => window.segui.take(message, NAMES)"
# there is no file where none could be made, and the page says why
_PRESS_DOWNLOAD: Final = "(file) => { if (file) document.querySelector('#download-file').click(); }"
_SHARE: Final = (
    "(file) => { if (file) document.dispatchEvent("
    "new CustomEvent('segui-share', {detail: file})); }"
)
# what the page says to the frame itself
_TELL_FRAME: Final = "document.dispatchEvent(new CustomEvent('segui-say', {detail: %s}))"
# the browser draws what the sliders say by itself, and asks the server when they rest
_DRAFT: Final = (
    "(px, percent, edge) => { const alpha = Math.floor(percent * 255 / 100 + 0.5); "
    "const feather = window.segui.length('feather', px); "
    + _TELL_FRAME % "{draft: {feather, alpha, edge}}"
    + "; }"
)
_OPEN_PHOTO: Final = "() => { document.querySelector('#photo input[type=file]')?.click(); }"
_OPEN_PAINTER: Final = (
    "() => { document.dispatchEvent(new CustomEvent('segui-paint', {detail: {}})); }"
)
# said by the browser at once: an answer of the server's own would take longer than most photos
_READING: Final = "() => { " + _TELL_FRAME % "{busy: 'Reading the photo…'}" + "; }"
_WRITING: Final = "() => { " + _TELL_FRAME % "{busy: 'Writing the file…'}" + "; }"
_DONE: Final = "() => { " + _TELL_FRAME % "{}" + "; }"
# a Textbox's input event comes of keys that print alone: not of Backspace, paste or dictation
_BY_CHANGE: Final = ("expression", "rules", "fade", "grow", "crop_factor", "drop_size")
_BY_ENTER: Final = (
    "repo",
    "revision",
    "names",
    "template",
    "leave_out",
    "keep_labels",
    "each_mask",
)
_DRAWN_BY_THE_BROWSER: Final = ("feather", "alpha", "edge")
_ASKED_AGAIN: Final = ("classifier", "device", "context")


def link_script() -> str:
    """What the page needs to send events, once or again, and files, and to take messages."""
    return asset("link.js") + asset("again.js") + asset("refused.js")


def ended_quietly(handler: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A handler that says nothing where the server ends meanwhile: else Gradio prints a traceback.

    Args:
        handler: Of an event; nothing but the server's end cancels it.
    """

    @wraps(handler)
    async def handled(*args: Any, **values: Any) -> Any:
        try:
            return await handler(*args, **values)
        except asyncio.CancelledError:
            return gr.skip()

    return handled


class Events:
    """Attaches the handlers of one page.

    Args:
        parts: Its components.
        handlers: What each event does.
    """

    def __init__(self, parts: Parts, handlers: Handlers) -> None:
        self._parts = parts
        self._handlers = handlers

    def connect(self, demo: gr.Blocks) -> None:
        """Attach every handler."""
        parts, handlers = self._parts, self._handlers
        told = parts.told
        parts.updates.change(
            None,
            parts.updates,
            [*told.values()],
            js=_TAKE.replace("NAMES", json.dumps([*told])),
            **_PRIVATE,
        )
        controls = parts.controls
        parts.values.read(
            None,
            [parts.clock, *controls.values()],
            None,
            js=_READ.replace("NAMES", json.dumps([*controls])),
            trigger_mode="multiple",
            **_PRIVATE,
        )
        demo.load(
            ended_quietly(handlers.opening.load),
            [parts.stored_options, parts.stored_scene, parts.opening],
            parts.updates,
            js=_OPENING,
            **_CLICK,
        )
        demo.unload(handlers.opening.leave)
        self._connect_files()
        self._connect_options()
        self._connect_clicks()
        self._connect_frame()
        self._connect_takeaways()

    def _on(
        self,
        event: Callable[..., Any],
        handler: Callable[..., Any],
        how: dict[str, Any] = _CLICK,
        js: str = _COUNT,
    ) -> None:
        """An event that is sent to the server.

        Args:
            event: The event.
            handler: What it does.
            how: How Gradio is to send it.
            js: What the browser says by it.
        """
        clock, updates = self._parts.clock, self._parts.updates
        event(ended_quietly(handler), clock, updates, js=js, **how)

    def _on_values(
        self,
        event: Callable[..., Any],
        handler: Callable[..., Any],
        how: dict[str, Any] = _CLICK,
        own: str = "",
    ) -> None:
        """An event that tells what the controls say.

        Args:
            event: The event.
            handler: What it does.
            how: How Gradio is to send it.
            own: The control that the visitor has changed by it.
        """
        self._on(event, handler, how, _SEND.replace("OWN", json.dumps(own)))

    def _connect_files(self) -> None:
        parts, handlers, talk = self._parts, self._handlers, self._handlers.talk
        photo, areas = parts.photo, parts.areas
        photo.upload.upload(None, None, None, js=_READING, **_PRIVATE)
        for name, field, handler in (
            ("photo", photo.upload, handlers.given.photo),
            ("reference", photo.reference, handlers.given.reference),
            ("settings", photo.settings_file, handlers.given.settings_file),
            ("masks", areas.masks, handlers.given.masks),
            ("sticker", parts.paste.sticker, handlers.given.sticker),
            ("together", parts.together, handlers.given.together),
        ):
            field.upload(None, field, field, js=_GIVE.replace("FIELD", name), **_PRIVATE)
            self._on(getattr(parts.given, name), handler)
        self._on(photo.remove_reference.click, talk.doing(commands.GiveReference(None)))
        versions = talk.clicked(clicks.remove_version)
        self._on(photo.reference_card.select, versions)
        unstuck = talk.clicked(clicks.remove_sticker)
        self._on(parts.paste.sticker_card.select, unstuck)
        self._on(areas.mask_list.select, talk.clicked(clicks.remove))
        areas.paint.click(None, None, None, js=_OPEN_PAINTER, **_PRIVATE)
        parts.open_photo.click(None, None, None, js=_OPEN_PHOTO, **_PRIVATE)
        self._on(parts.mine.click, talk.doing(commands.ShowMine()))
        self._on(parts.fresh.click, talk.doing(commands.Clear()))
        self._on(parts.undo.click, talk.doing(commands.Undo()))
        self._on(parts.redo.click, talk.doing(commands.Redo()))
        self._on(parts.examples.select, handlers.opening.example)

    def _connect_options(self) -> None:
        handlers, talk, controls = self._handlers, self._handlers.talk, self._parts.controls
        for name, control in controls.items():
            again = (commands.AskAgain(),) if name in (*_ASKED_AGAIN, *_BY_ENTER) else ()
            handler = talk.doing(*again)
            if name == "grow":  # its unit may be another one, and its number the same
                self._on_values(control.input, handler, _VALUES, name)
            if name in _BY_CHANGE:
                self._on_values(control.change, handler, _VALUES)
            elif name in _BY_ENTER:
                self._on_values(control.submit, handler, _VALUES, name)
            elif name not in _DRAWN_BY_THE_BROWSER:
                self._on_values(control.input, handler, _VALUES, name)
        preset = self._parts.choose.preset
        preset.input(
            ended_quietly(handlers.controls.preset),
            [self._parts.clock, preset],
            self._parts.updates,
            js=_COUNT_PRESET,
            **_VALUES,
        )
        paste = self._parts.paste
        for button, name in ((paste.comfyui, "comfyui"), (paste.privacy, "privacy")):
            self._on_values(button.click, talk.doing(clicks.style(name)))

    def _connect_clicks(self) -> None:
        parts, handlers, talk = self._parts, self._handlers, self._handlers.talk
        choose, outcome = parts.choose, parts.outcome
        for event in ("rule", "join", "threshold"):
            built = talk.clicked(clicks.build(event))
            self._on_values(getattr(choose.builder, event), built)
        for offer in (choose.help, outcome.status):
            self._on_values(offer.select, talk.clicked(clicks.rule))
        self._on_values(parts.edits.select, talk.clicked(clicks.edit))
        for place in (
            choose.builder, outcome.result, outcome.table, outcome.detail,
            outcome.filtered, outcome.review, outcome.remained,
        ):  # fmt: skip
            self._on_values(place.select, talk.clicked(clicks.area))
        self._on(outcome.cancel.click, talk.doing(commands.Cancel()))
        readings = talk.clicked(clicks.of_notes)
        self._on_values(parts.areas.notes.select, readings)
        self._on_values(outcome.problem.select, handlers.given.of_problem())
        self._on(parts.wait.change, handlers.controls.follow)

    def _connect_frame(self) -> None:
        paste, frame = self._parts.paste, self._parts.outcome.result
        handlers, talk = self._handlers, self._handlers.talk
        sliders: list[Any] = [paste.feather, paste.alpha, paste.edge]
        for slider in sliders:
            slider.input(None, sliders, None, js=_DRAFT, **_PRIVATE)
        self._on_values(frame.rest, talk.clicked(clicks.rest), _VALUES)
        self._on(frame.look, talk.clicked(clicks.rest))
        self._on(frame.live, handlers.controls.live, _VALUES)
        self._on(frame.painted, talk.clicked(handlers.controls.paint))
        self._on(frame.layer, talk.clicked(clicks.paint_on))
        self._on(frame.mark, talk.clicked(clicks.mark))

    def _connect_takeaways(self) -> None:
        outcome = self._parts.outcome
        download, handlers, talk = outcome.download, self._handlers, self._handlers.talk
        files = {kind: button for kind, button in outcome.takes.items() if kind not in _COPIED}
        for kind, button in {"result": download.button, **files}.items():
            self._connect_taking(button, handlers.taking.file(kind))
        link = self._take(outcome.takes["link"], handlers.taking.link(), outcome.link)
        link.success(None, outcome.link, None, js=_COPY, **_PRIVATE)
        copying = outcome.takes["copy"]
        copying.click(None, None, None, js=_COPY_PICTURE, **_PRIVATE)
        made = self._take(copying, handlers.taking.file("copy"), outcome.download_file)
        made.success(None, outcome.download_file, None, js=_PICTURE, **_PRIVATE)
        made.failure(None, None, None, js=_NO_PICTURE, **_PRIVATE)
        self._connect_taking(outcome.share, handlers.taking.file("result"), _SHARE)
        self._connect_taking(download.anyway, handlers.taking.file("result", is_told=True))
        self._on(download.ask.click, talk.clicked(clicks.asking(is_open=True)))
        self._on_values(download.hide.click, talk.doing(commands.HideUndecided()))
        for button in (download.anyway, download.back):
            self._on(button.click, talk.clicked(clicks.asking(is_open=False)))

    def _connect_taking(
        self, button: Any, handler: Callable[..., Any], js: str = _PRESS_DOWNLOAD
    ) -> None:
        file = self._parts.outcome.download_file
        button.click(None, None, None, js=_WRITING, **_PRIVATE)
        made = self._take(button, handler, file)
        made.success(None, file, None, js=js, **_PRIVATE)
        for over in (made.success, made.failure):  # what follows "then" is not done after a failure
            over(None, None, None, js=_DONE, **_PRIVATE)

    def _take(self, button: Any, handler: Callable[..., Any], taken: Any) -> Any:
        """A click by which something is taken, or the page is told why there is nothing."""
        updates = self._parts.updates
        return button.click(ended_quietly(handler), None, [taken, updates], **_EVENT)
