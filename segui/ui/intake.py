"""What happens when files come or go, an example is picked, or the page is opened or closed."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from segui.errors import InputError
from segui.settings import Settings
from segui.ui import kept
from segui.ui.farewells import Farewells
from segui.ui.folders import Folders, fresh_folder, keep, remove_folder
from segui.ui.guard import Updates, guarded
from segui.ui.handlers import Handlers
from segui.ui.layout.components import Parts
from segui.ui.layout.html_component import said_by
from segui.ui.paintings import read_painting
from segui.ui.scenes import Scenes
from segui.ui.spaces.lending import is_wanted
from segui.ui.state import OWN, Files, Hand, Work
from segui.ui.turns import Turns
from segui.ui.updates import Teller
from segui.ui.view import html
from segui.ui.wishes import default_values, wish_components, wishes_of

if TYPE_CHECKING:
    from segui.images.pictures import Picture

_KEPT = "Your options are as you left them. Your photo was not kept: add it again in step 1."


class Intake:
    """The handlers of one page that change what the work is done on.

    Args:
        parts: The components.
        settings: Limits and defaults.
        folders: Where sessions' files are kept.
        scenes: The examples, worked.
        turns: Which step of a session is the latest.
        farewells: Removes what sessions leave behind.
        handlers: Find the areas.
    """

    def __init__(
        self,
        parts: Parts,
        settings: Settings,
        folders: Folders,
        scenes: Scenes,
        turns: Turns,
        farewells: Farewells,
        handlers: Handlers,
    ) -> None:
        self.parts = parts
        self._settings = settings
        self._folders = folders
        self._scenes = scenes
        self._turns = turns
        self._farewells = farewells
        self._handlers = handlers
        self._tell = Teller(parts, settings.device, settings.leave_seconds, is_wanted())

    @guarded
    def photo(
        self,
        request: gr.Request,
        path: str | None,
        files: Files,
        work: Work,
        hand: Hand,
        options: object,
    ) -> Updates:
        """A photo was given; with an example on the page, it takes the example's place.

        Its areas are found at once where it is known what they are: another event would take
        longer than that.

        Args:
            request: For the session.
            path: The upload.
            files: What was given before.
            work: The results so far.
            hand: What was done by hand.
            options: What the controls say, as the browser keeps it.
        """
        upload = self.parts.photo.upload
        if path is None:
            return {upload: gr.skip()}
        try:
            photo, read = self._checked(request, path)
        except InputError as error:
            # the picture's frame does not wait any more
            done: Updates = {self.parts.outcome.result: {}}
            return {upload: None} | done | self._tell.problem(error)
        own: Updates = {upload: None, self.parts.kept_scene: OWN}
        if files.example and not files.has_settings:
            return self._cleared() | own | {self.parts.files: Files(photo, picture=read)}
        # what was painted or done by hand belongs to the photo that it was done on; a recipe's,
        # read before its photo came, to this one
        painted = None
        if files.photo is None or files.has_settings:
            painted = files.painted
        else:
            hand = Hand()
        given = Files(recipe=files.recipe) if files.example else files
        changed = replace(given, photo=photo, painted=painted, picture=read, has_settings=False)
        own |= {self.parts.files: changed, self.parts.hand: hand}
        values = kept.values_of(options, tuple(self._components))
        if not changed.are_enough or not values:
            return own  # the event of the files finds the areas
        wishes = wishes_of({**self._defaults(), **values})
        return own | self._handlers.opened(request, changed, work, hand, wishes)

    @guarded
    def reference(self, request: gr.Request, path: str | None, files: Files) -> Updates:
        """An edited version was given: from now on it is what is pasted."""
        upload = self.parts.photo.reference
        if path is None:
            return {upload: gr.skip()}
        try:
            reference, _ = self._checked(request, path)
        except InputError as error:
            return {upload: None} | self._tell.problem(error)
        return {
            upload: None,
            self.parts.files: replace(files, reference=reference, example="", scene=OWN),
            self.parts.kept_scene: OWN,
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
        """One of the masks was taken away, what was painted, or all of them."""
        place = said_by(event).get("remove", "")
        left = tuple(path for n, path in enumerate(files.masks) if str(n) != place)
        is_wiped = place in ("all", "painted")
        painted = None if is_wiped else files.painted
        fewer = replace(files, masks=() if place == "all" else left, painted=painted)
        wiped = {self.parts.outcome.result: {"painted": ""}} if is_wiped else {}
        return wiped | {self.parts.files: fewer}

    @guarded
    def painted(self, request: gr.Request, event: gr.EventData, files: Files) -> Updates:
        """Something was painted on the photo, or wiped off it."""
        if files.photo is None:
            return {self.parts.files: gr.skip()}
        mask = read_painting(said_by(event).get("painted"))
        if mask is None:
            return {self.parts.files: replace(files, painted=None)}
        return {self.parts.files: replace(files, painted=self._written(request, mask))}

    def _written(self, request: gr.Request, mask: bytes) -> Path:
        path = fresh_folder(self._folder(request) / "uploads") / "painted.png"
        path.write_bytes(mask)
        return path

    @guarded
    def settings_file(self, request: gr.Request, path: str | None, files: Files) -> Updates:
        """A recipe or a workflow was given: its values go into the controls."""
        from segui.ui.recipes import read_settings

        upload = self.parts.photo.settings_file
        if path is None:
            return {upload: gr.skip()}
        values = self._defaults()
        try:
            found = read_settings(Path(path).read_bytes(), files)
        except InputError as error:
            return {upload: None} | self._tell.problem(error)
        updates: Updates = {upload: None, self.parts.photo.settings_notes: html.notes(found.notes)}
        updates |= self._controls({**values, **found.values}, only=found.values)
        updates[self.parts.unsettled] = time.monotonic_ns()
        known = replace(files, has_settings=True, recipe=found.recipe)
        if found.is_whole:
            updates[self.parts.hand] = Hand(overrides=found.overrides)
            mask = found.painted
            known = replace(known, painted=None if mask is None else self._written(request, mask))
        return updates | {self.parts.files: known}

    @guarded
    def fresh(self, request: gr.Request) -> Updates:
        """Clear everything, so that the user's own photo can come."""
        self._turns.take(request.session_hash or "")
        return self._cleared() | {self.parts.files: Files(), self.parts.kept_scene: OWN}

    @guarded
    def example(self, request: gr.Request, event: gr.EventData) -> Updates:
        """An example was picked."""
        return self._shown(request, str(said_by(event).get("example", "")))

    @guarded
    def load(self, request: gr.Request, options: object, scene: object) -> Updates:
        """The page was opened: as the browser left it, or with the first example on it, worked.

        Args:
            request: For the session.
            options: The controls' values as this browser kept them, or None.
            scene: The example that was on the page, or that it was the user's own photo.
        """
        values = kept.values_of(options, tuple(self._components))
        if scene == OWN and values and values != self._defaults():
            cleared = self._cleared() | self._controls({**self._defaults(), **values})
            told = {self.parts.outcome.problem: html.problem(_KEPT, is_hint=True)}
            return cleared | told | {self.parts.files: Files()}
        is_example = isinstance(scene, str) and self._scenes.get(scene) is not None
        name = str(scene) if is_example else self._scenes.opening
        worked, shown = self._scenes.get(name), self._shown(request, name)
        if worked is None or not is_example or not values or values == worked.values:
            return shown
        settled = {self.parts.unsettled: time.monotonic_ns()}
        return shown | self._controls({**worked.values, **values}) | settled

    def leave(self, request: gr.Request) -> None:
        """The page was closed: what it left goes, unless it comes back."""
        self._farewells.leave(request.session_hash or "")

    def _shown(self, request: gr.Request, name: str) -> Updates:
        scene = self._scenes.get(name)
        if scene is None:
            return self._cleared() | {self.parts.files: Files()}
        from segui.ui.view import lists as shown

        self._turns.take(request.session_hash or "")
        wishes = wishes_of(scene.values)
        return (
            self._controls(scene.values)
            | {self.parts.files: scene.work.files, self.parts.kept_scene: name}
            | self._tell.everything(scene.work, wishes, Hand())
            | {self.parts.hand: Hand()}
            | {self.parts.outcome.status: shown.status(scene.work, scene.work.files.example)}
            | {self.parts.photo.settings_notes: ""}
        )

    def _cleared(self) -> Updates:
        """A page with nothing on it, every control as it was at first."""
        values = self._defaults()
        empty = self._tell.everything(Work(), wishes_of(values), Hand())
        also = {self.parts.photo.settings_notes: "", self.parts.hand: Hand()}
        return self._controls(values) | empty | also

    def _defaults(self) -> dict[str, Any]:
        return default_values(self._settings.classifier, self._settings.device)

    def _controls(self, said: dict[str, Any], only: Mapping[str, Any] | None = None) -> Updates:
        """Set every control, and show those that matter then.

        Args:
            said: What every control says.
            only: Those to set; all of them where it is not given.
        """
        chosen = said if only is None else only
        values = {
            part: gr.update(value=said[name])
            for name, part in self._components.items()
            if name in chosen
        }
        wishes = wishes_of(said)
        also = self._tell.classifier(wishes.classifier) | self._tell.effect(wishes.paste.effect)
        for part, update in also.items():
            values[part] = values[part] | update if part in values else update
        return values

    def _checked(self, request: gr.Request, path: str) -> "tuple[Path, Picture]":
        """The session's copy of an uploaded picture, refused before it takes the old one's place.

        Raises:
            InputError: It cannot be read.
        """
        from segui.images.pictures import read_picture

        own = keep(Path(path), self._folder(request))
        try:
            read = read_picture(own, max_megapixels=self._settings.max_megapixels)
        except InputError:
            remove_folder(own.parent)
            raise
        return own, read

    def _folder(self, request: gr.Request) -> Path:
        return self._folders.of(request.session_hash or "")

    @property
    def _components(self) -> dict[str, gr.components.Component]:
        return wish_components(self.parts)
