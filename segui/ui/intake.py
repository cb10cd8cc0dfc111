"""What happens when files come or go, an example is picked, or the page is opened or closed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from segui.errors import InputError
from segui.settings import Settings
from segui.ui.folders import Folders, keep, remove_folder
from segui.ui.guard import Updates, guarded
from segui.ui.parts import Parts
from segui.ui.scenes import Scenes
from segui.ui.state import Files, Work
from segui.ui.turns import Turns
from segui.ui.updates import Teller
from segui.ui.wishes import default_values, wish_components, wishes_of


class Intake:
    """The handlers of one page that change what the work is done on.

    Args:
        parts: The components.
        settings: Limits and defaults.
        folders: Where sessions' files are kept.
        scenes: The examples, worked.
        turns: Which step of a session is the latest.
    """

    def __init__(
        self, parts: Parts, settings: Settings, folders: Folders, scenes: Scenes, turns: Turns
    ) -> None:
        self.parts = parts
        self._settings = settings
        self._folders = folders
        self._scenes = scenes
        self._turns = turns
        self._tell = Teller(parts, settings.device)

    @guarded
    def photo(self, request: gr.Request, path: str | None, files: Files) -> Updates:
        """A photo was given; with an example on the page, it takes the example's place."""
        upload = self.parts.photo.upload
        if path is None:
            return {upload: gr.skip()}
        try:
            photo = self._checked(request, path)
        except InputError as error:
            return {upload: None} | self._tell.problem(error)
        if not files.example:
            return {upload: None, self.parts.files: replace(files, photo=photo)}
        return self._cleared() | {upload: None, self.parts.files: Files(photo)}

    @guarded
    def reference(self, request: gr.Request, path: str | None, files: Files) -> Updates:
        """An edited version was given: from now on it is what is pasted."""
        upload = self.parts.photo.reference
        if path is None:
            return {upload: gr.skip()}
        try:
            reference = self._checked(request, path)
        except InputError as error:
            return {upload: None} | self._tell.problem(error)
        return {
            upload: None,
            self.parts.files: replace(files, reference=reference, example=""),
            self.parts.paste.effect: "none",
            **self._tell.effect("none"),
        }

    @guarded
    def no_reference(self, files: Files) -> Updates:
        """The edited version was taken away."""
        return {self.parts.files: replace(files, reference=None)}

    @guarded
    def masks(self, request: gr.Request, paths: list[str] | None, files: Files) -> Updates:
        """Masks were added."""
        folder = self._folder(request)
        more = tuple(keep(Path(path), folder) for path in paths or ())
        upload = self.parts.areas.masks
        return {upload: None, self.parts.files: replace(files, masks=files.masks + more)}

    @guarded
    def fewer_masks(self, event: gr.EventData, files: Files) -> Updates:
        """One of the masks was taken away, or all of them."""
        place = _data(event).get("remove", "")
        left = tuple(path for n, path in enumerate(files.masks) if str(n) != place)
        return {self.parts.files: replace(files, masks=() if place == "all" else left)}

    @guarded
    def fresh(self, request: gr.Request) -> Updates:
        """Clear everything, so that the user's own photo can come."""
        self._turns.take(request.session_hash or "")
        return self._cleared() | {self.parts.files: Files()}

    @guarded
    def example(self, request: gr.Request, event: gr.EventData) -> Updates:
        """An example was picked."""
        return self._shown(request, str(_data(event).get("example", "")))

    @guarded
    def load(self, request: gr.Request) -> Updates:
        """The page was opened: the first example is on it, worked."""
        return self._shown(request, self._scenes.opening)

    def leave(self, request: gr.Request) -> None:
        """The page was closed: its files go."""
        session = request.session_hash or ""
        self._turns.forget(session)
        self._folders.remove(session)

    def _shown(self, request: gr.Request, name: str) -> Updates:
        scene = self._scenes.get(name)
        if scene is None:
            return self._cleared() | {self.parts.files: Files()}
        from segui.ui import shown

        self._turns.take(request.session_hash or "")
        return (
            self._controls(scene.values)
            | {self.parts.files: scene.work.files}
            | self._tell.everything(scene.work, wishes_of(scene.values))
            | {self.parts.outcome.status: shown.status(scene.work, scene.work.files.example)}
        )

    def _cleared(self) -> Updates:
        """A page with nothing on it, every control as it was at first."""
        values = default_values(self._settings.classifier, self._settings.device)
        empty = self._tell.everything(Work(), wishes_of(values))
        return self._controls(values) | empty

    def _controls(self, said: dict[str, Any]) -> Updates:
        """Set every control, and show those that matter then."""
        values = {part: gr.update(value=said[name]) for name, part in self._components.items()}
        wishes = wishes_of(said)
        also = self._tell.classifier(wishes.classifier) | self._tell.effect(wishes.paste.effect)
        for part, update in also.items():
            values[part] = values[part] | update if part in values else update
        return values

    def _checked(self, request: gr.Request, path: str) -> Path:
        """The session's copy of an uploaded picture, refused before it takes the old one's place.

        Raises:
            InputError: It cannot be read.
        """
        from segui.images import read_picture

        own = keep(Path(path), self._folder(request))
        try:
            read_picture(own, max_megapixels=self._settings.max_megapixels)
        except InputError:
            remove_folder(own.parent)
            raise
        return own

    def _folder(self, request: gr.Request) -> Path:
        return self._folders.of(request.session_hash or "")

    @property
    def _components(self) -> dict[str, gr.components.Component]:
        return wish_components(self.parts)


def _data(event: gr.EventData) -> dict[str, Any]:
    """All that the browser sent: reading an attribute that it did not send would raise."""
    return event._data or {}  # noqa: SLF001
