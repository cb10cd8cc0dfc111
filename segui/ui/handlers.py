"""What each event of the page does: it becomes commands for the visitor's session."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.utils import get_upload_folder

from segui.errors import InputError, LargeError, SeguiError, shown
from segui.geometry import Box
from segui.options import stored_options
from segui.priority import standing_back
from segui.recipes.project import is_archive
from segui.session import commands, styles
from segui.session.commands import Command
from segui.session.examples import Examples
from segui.session.folders import UPLOADS, Folders, fresh_folder, keep, remove_old
from segui.session.inputs import OWN, FileRef, Files, Inputs, Point
from segui.session.otherwise import taken_otherwise
from segui.session.own_folder import remove_folder
from segui.session.paintings import read_painting, read_painting_on
from segui.session.session import has_large_photo
from segui.session.takeaways import OF_RESULT, take_away
from segui.session.unhidden import unhidden
from segui.session.versions import MAX_VERSIONS
from segui.session.working import NO_MEMORY, SORRY
from segui.settings import Settings
from segui.storing import store
from segui.ui.api.values import check_uploads
from segui.ui.bridge import Bridge, Message, Page, heard, in_thread, lost
from segui.ui.guard.clients import client_of
from segui.ui.layout import choices
from segui.ui.layout.html_component import said_by
from segui.ui.screen import Heard, Of
from segui.ui.view import html
from segui.ui.view.percent import from_page

if TYPE_CHECKING:
    from segui.images.pictures import Picture
    from segui.session.sorting import Sorted

_LOG = logging.getLogger("segui")
_KEPT: Final = "Your options are as you left them. Your photo was not kept: add it again."
_ANOTHER_TAB: Final = "Your options are as you left them: add a photo to use them on."
_EACH_ITS_OWN: Final = (
    "The open edit takes the first of these edited versions: the others are there for further edits"
)
_BACK: Final = "Your photo is back, with all that you did to it."
_OF_LINK: Final = "The link's recipe is in force; Undo takes it back"
_TICKET: Final = re.compile("[0-9a-f]{32}")
_CHANNELS: Final = 4  # at most, a byte each
_SIDES: Final = {"filtered": "filtered", "remained": "remained"}
Make = Callable[[Page], Sequence[Command]]
Taken = tuple[Sequence[Command], Any, str]  # what comes of files, results of it, what to say
# reads files; whether what is too large is opened smaller
Take = Callable[[Page, Sequence[Path], bool], Taken]
# what the buttons of an edit's line do, by the data that they carry
_OF_EDITS: Final[Mapping[str, Callable[[int, Mapping[str, Any]], Command]]] = {
    "open": lambda id_, _: commands.OpenEdit(id_),
    "copy": lambda id_, _: commands.CopyEdit(id_),
    "drop": lambda id_, _: commands.RemoveEdit(id_),
    "move": lambda id_, data: commands.MoveEdit(id_, -1 if data.get("by") == "-1" else 1),
    "enable": lambda id_, data: commands.EnableEdit(id_, data.get("to") == "true"),
}


class Handlers:
    """The handlers of one page.

    Args:
        bridge: Finds pages and follows their sessions.
        settings: Limits, and where pastes are computed.
        folders: Where sessions' files are kept.
        examples: The ready scenes.
        defaults: What every option is at first.
    """

    def __init__(
        self,
        bridge: Bridge,
        settings: Settings,
        folders: Folders,
        examples: Examples,
        defaults: Mapping[str, Any],
    ) -> None:
        self._bridge = bridge
        self._settings = settings
        self._folders = folders
        self._examples = examples
        self._defaults = defaults

    # ---- what is said by the controls -----------------------------------------------------------

    def options(self, names: Sequence[str], *others: Command) -> Callable[..., Awaitable[Message]]:
        """The handler of controls that have changed.

        Args:
            names: Whose values come with the event.
            others: What else is done.
        """

        async def changed(request: gr.Request, clock: Any, *values: Any) -> Message:
            return await self._do(request, names, clock, values, lambda _: others)

        return changed

    def clicked(
        self, names: Sequence[str], make: Callable[[Page, dict[str, Any]], Sequence[Command]]
    ) -> Callable[..., Awaitable[Message]]:
        """The handler of a click that comes with data.

        Args:
            names: Whose values come with the event.
            make: What is done.
        """

        async def was_clicked(
            request: gr.Request, event: gr.EventData, clock: Any, *values: Any
        ) -> Message:
            data = said_by(event)
            return await self._do(request, names, clock, values, lambda page: make(page, data))

        return was_clicked

    def pressed(self, names: Sequence[str], *done: Command) -> Callable[..., Awaitable[Message]]:
        """The handler of a button that does the same each time."""
        return self.options(names, *done)

    async def _do(
        self,
        request: gr.Request,
        names: Sequence[str],
        clock: Any,
        values: Sequence[Any],
        make: Make,
    ) -> Message:
        page = await self._bridge.page(_key(request))
        if page is None:
            return lost()
        sent, said = heard(clock, names, values)
        changed = from_page(page.screen.hear(sent, said))
        try:
            more = make(page)
        except SeguiError as error:
            self._bridge.remark(page, str(error))
            more = ()
        if changed or more:
            set_first = (commands.SetOptions(changed),) if changed else ()
            self._bridge.submit(page, (*set_first, *more))
            page.screen.said(changed, page.session.view().number)
        return await self._bridge.answer(page)

    async def _heard(self, request: gr.Request, clock: Any) -> Page | None:
        """The page of an event that sends no values; None where its session has ended."""
        page = await self._bridge.page(_key(request))
        if page is not None:
            page.screen.hear(Heard.of(clock), {})
        return page

    async def preset(self, request: gr.Request, clock: Any, preset: Any) -> Message:
        """A preset was picked: it becomes the rule. The manual one leaves the rule as it is."""
        is_more = preset == choices.MORE_PRESETS
        is_rule = isinstance(preset, str) and preset != choices.MANUAL_EXPRESSION and not is_more

        def make(page: Page) -> Sequence[Command]:
            page.screen.has_all_presets |= is_more
            page.screen.knows("preset", preset)
            return (commands.SetOptions({"expression": preset}),) if is_rule else ()

        return await self._do(request, (), clock, (), make)

    # ---- clicks ---------------------------------------------------------------------------------

    def rule(self, _: Page, data: dict[str, Any]) -> Sequence[Command]:
        """A rule that the page offers was clicked."""
        text = data.get("rule")
        return (commands.SetOptions({"expression": str(text)}),) if text else ()

    def area(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """An area was picked in a list, in the table or in the photo, or put somewhere by hand."""
        if "rule" in data:
            return self.rule(page, data)
        if "put" in data:
            key = page.session.view().area_key(_number(data.get("of")))
            side = _SIDES.get(str(data["put"]))
            return () if key is None else (commands.Override(key, side),)  # type: ignore[arg-type]
        # a name that is clicked is written into the rule by the browser
        return (commands.Pick(_number(data["number"])),) if "number" in data else ()

    def edit(self, _: Page, data: dict[str, Any]) -> Sequence[Command]:
        """An edit was opened, added, named, moved, copied, turned off or on, or taken away."""
        if "add" in data:
            return (commands.AddEdit(),)
        if "name" in data:
            return (commands.RenameEdit(_number(data.get("of")), str(data["name"])),)
        for name, make in _OF_EDITS.items():
            if name in data:
                return (make(_number(data[name]), data),)
        return ()

    def build(self, event: str) -> Callable[[Page, dict[str, Any]], Sequence[Command]]:
        """What one of the builder's events does.

        Args:
            event: ``rule``, ``join`` or ``threshold``.
        """
        return lambda _, data: (commands.BuildRule(event, data),)

    def remove(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """One of the masks was taken away, what was painted, or all of them."""
        id_, files = str(data.get("remove", "")), page.session.inputs.files
        if id_ == "all":
            return (commands.RemoveAllMasks(),)
        if files.painted is not None and files.painted.id == id_:
            return (commands.Paint(None),)
        of_mask = [strokes.on for strokes in files.strokes if strokes.file.id == id_]
        return (commands.Paint(None, of_mask[0]) if of_mask else commands.RemoveMask(id_),)

    def show_left_out(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """What was too small to be an area is to be seen."""
        if data.get("show") == "left out":
            asked, _ = page.screen.left_out
            page.screen.left_out = asked + 1, Of(page.session.view().scene)
        return ()

    def of_notes(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """A mask is to be read otherwise, or what was too small to be an area is to be seen."""
        options = taken_otherwise(page.session.inputs.options, data)
        if options:
            return (commands.SetOptions(options),)
        return self.show_left_out(page, data)

    def rest(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """The sliders rest, or another part of the picture is wanted at full size."""
        page.screen.look = _box(data.get("look"))
        if page.screen.look is not None:
            page.screen.asks_for("look")
        return ()

    def paint(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """Something was painted on the photo or on a mask file, or wiped off it.

        Raises:
            InputError: It is no picture.
        """
        said, layer = data.get("painted"), str(data.get("layer") or "")
        known = {mask.id for mask in page.session.inputs.files.masks}
        page.screen.keep_strokes(known)
        if layer and layer not in known:
            return ()  # it was taken away meanwhile, or never was there
        read = read_painting_on if layer else read_painting
        mask = read(said, self._settings.read_limits)
        painted = None if mask is None else _written(mask, self._folders.of(page.key))
        if layer:
            page.screen.painted_on_mask(layer, painted, str(said or ""), data.get("told"))
        else:
            page.screen.painted_here(painted, str(said or ""), data.get("told"))
        return (commands.Paint(painted, layer),)

    def mark(self, _: Page, data: dict[str, Any]) -> Sequence[Command]:
        """Something was clicked or framed on the photo, to be found; or none of that counts more.

        Raises:
            InputError: It is no place.
        """
        if data.get("clear") is True:
            return (commands.ClearMarks(),)
        if "candidate" in data:
            return (commands.SetOptions({"candidate": data["candidate"]}),)
        if "point" in data:
            x, y, wanted = _numbers("point", data["point"], 3)
            return (commands.MarkPoint(Point(x, y, bool(wanted))),)
        x1, y1, x2, y2 = _numbers("box", data.get("box"), 4)
        box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        return () if box.is_empty else (commands.MarkBox(box),)

    def paint_on(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """A mask file is to be painted on: the page wants to see it."""
        page.screen.base_of = str(data.get("layer", ""))
        page.screen.asks_for("base")
        return ()

    async def live(self, request: gr.Request, clock: Any) -> Message:
        """The browser is idle, and asks for what it needs to draw what the sliders say."""
        page = await self._heard(request, clock)
        if page is None:
            return lost()
        key = page.screen.asks_for_live()
        view = page.session.view()
        if view.plan.is_settled:
            from segui.ui.view import live

            device = self._settings.device
            made = await in_thread(live.live_message, view, device)
            page.screen.live = Of(*live.live_key(view)), {"layers": [], **made, "key": key}
        return await self._bridge.answer(page)

    async def follow(self, request: gr.Request, clock: Any) -> Message:
        """The page waits for a model."""
        page = await self._heard(request, clock)
        if page is None:
            return lost()
        return await self._bridge.followed(page)

    # ---- files ----------------------------------------------------------------------------------

    async def photo(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """A photo or a project was given; an example on the page gives way to it."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            if is_archive(paths[0]):
                opened = f"{paths[0].name} was opened as it was left"
                return (*self._project(page, paths[0]), opened)
            file, read = self._read(page, paths[0], shrink)
            return (commands.GivePhoto(file, shrink),), (("photo", (file, shrink), read),), ""

        return await self._given(request, event, clock, take)

    async def reference(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """Edited versions were given: from now on the first is what the open edit pastes."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            several = len(paths) > 1
            return (self._versions(page, paths, shrink),), (), _EACH_ITS_OWN if several else ""

        return await self._given(request, event, clock, take)

    async def sticker(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """A picture was given that the open edit lays on its areas."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            return (commands.GiveSticker(self._read(page, paths[0], shrink)[0]),), (), ""

        return await self._given(request, event, clock, take)

    async def masks(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """Masks were added."""

        def take(page: Page, paths: Sequence[Path], _shrink: bool) -> Taken:
            folder = self._folders.of(page.key)
            return (commands.AddMasks(tuple(_ref(keep(path, folder)) for path in paths)),), (), ""

        return await self._given(request, event, clock, take)

    async def settings_file(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """A recipe or a workflow was given: its values go into the controls."""

        def take(page: Page, paths: Sequence[Path], _shrink: bool) -> Taken:
            from segui.session.recipes import read_settings

            folder, most = self._folders.of(page.key), self._settings.max_megapixels
            data, files = paths[0].read_bytes(), page.session.inputs.files
            read = read_settings(data, files, lambda mask: _written(mask, folder), most)
            return (read,), (), ""

        return await self._given(request, event, clock, take)

    async def together(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """Files of any kind were given at once: each is taken for what it is, and that is said."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            from segui.session.sorting import sort_files

            view = page.session.view()
            has_own = view.inputs.scene == OWN and view.photo is not None
            size_wh = view.photo.size_hw[::-1] if has_own and view.photo is not None else None
            found = sort_files(paths, self._settings.with_shrink(shrink), size_wh)
            made, seeds = self._sorted(page, found, shrink)
            return made, seeds, found.sentence

        return await self._given(request, event, clock, take)

    def _sorted(self, page: Page, found: "Sorted", shrink: bool) -> tuple[list[Command], Any]:
        """What is done with files that were told apart, the photo first."""
        if found.project is not None:
            return self._project(page, found.project)
        made: list[Command] = []
        seeds: Any = ()
        folder, files = self._folders.of(page.key), page.session.inputs.files
        if found.photo is not None:
            file, read = self._read(page, found.photo, shrink)
            made.append(commands.GivePhoto(file, shrink))
            files, seeds = Files(file), (("photo", (file, shrink), read),)
        if found.reference is not None:
            versions = (found.reference, *found.more_references)
            made.append(self._versions(page, versions, shrink))
        if found.masks:
            masks = tuple(_ref(keep(path, folder)) for path in found.masks)
            made.append(commands.AddMasks(masks))
            files = files.with_masks(files.masks + masks)
        if found.settings is not None:
            from segui.session.recipes import read_settings

            data, most = found.settings.read_bytes(), self._settings.max_megapixels
            made.append(read_settings(data, files, lambda mask: _written(mask, folder), most))
        return made, seeds

    def _versions(self, page: Page, paths: Sequence[Path], shrink: bool) -> Command:
        """What is done with edited versions that were given; each is read before it is one.

        Raises:
            InputError: One cannot be read, or there are too many.
        """
        if len(paths) > MAX_VERSIONS:
            raise InputError(
                f"there are {len(paths)} edited versions: at most {MAX_VERSIONS} are allowed"
            )
        first, *more = [self._read(page, path, shrink)[0] for path in paths]
        return commands.GiveReference(first, tuple(more))

    def remove_version(self, _: Page, data: dict[str, Any]) -> Sequence[Command]:
        """One of several edited versions was taken away."""
        id_ = data.get("remove")
        return (commands.RemoveReference(str(id_)),) if id_ else ()

    def remove_sticker(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """The picture that is laid on areas was taken away."""
        file = page.session.inputs.files.sticker
        is_meant = file is not None and data.get("remove") == file.id
        return (commands.GiveSticker(None),) if is_meant else ()

    def _project(self, page: Page, path: Path) -> tuple[list[Command], Any]:
        """What is done with a project; its photo is read before anything gives way to it."""
        from segui.session.projects import open_project

        folder = self._folders.of(page.key)
        opened = open_project(
            path, folder / UPLOADS, lambda mask: _written(mask, folder), self._settings
        )
        photo, shrink = opened.files.photo, bool(opened.settings.values.get("shrink"))
        seeds: list[Any] = []
        if photo is not None:
            seeds = [("photo", (photo, shrink), self._pixels(page, photo, shrink))]
        own = (opened.files.sticker,) if opened.files.sticker is not None else ()
        for picture in (*opened.files.references, *own):
            self._pixels(page, picture, shrink)
        return [opened], seeds

    async def _given(
        self,
        request: gr.Request,
        event: gr.EventData,
        clock: Any,
        take: Take,
    ) -> Message:
        """Read the files that were given, in a thread, and do what comes of them."""
        page = await self._heard(request, clock)
        if page is None:
            return lost()
        return await self._taken(page, take, said_by(event).get("files"))

    def of_problem(self, names: Sequence[str]) -> Callable[..., Awaitable[Message]]:
        """The handler of a button beside what is in the way.

        What was refused for its size is given anew, to be opened smaller; else it is an option
        that changes.

        Args:
            names: Whose values come with the event.
        """
        otherwise = self.clicked(names, self.of_notes)

        async def was_clicked(
            request: gr.Request, event: gr.EventData, clock: Any, *values: Any
        ) -> Message:
            page = await self._bridge.page(_key(request))
            refused = None if page is None else page.screen.refused
            if page is None or refused is None or said_by(event).get("option") != "shrink":
                return await otherwise(request, event, clock, *values)
            page.screen.hear(Heard.of(clock), {})
            return await self._taken(page, *refused, shrink=True)

        return was_clicked

    async def _taken(
        self, page: Page, take: Take, said: object, *, shrink: bool = False
    ) -> Message:
        """Take files for what they are.

        Args:
            page: The page.
            take: Reads them.
            said: The files, as a browser names them.
            shrink: Whether from now on what is too large is opened smaller.
        """
        page.screen.asks_for("busy")  # it says by itself that the photo is read
        page.screen.refused = None
        is_asked = shrink or bool(page.session.inputs.options["shrink"])
        try:
            made, seeds, sentence = await in_thread(
                lambda: take(page, self._uploads(said), is_asked)
            )
            has_said = any(isinstance(one, commands.GivePhoto) for one in made)
            is_new = shrink and not has_said
            first = (commands.SetOptions({"shrink": True}),) if is_new else ()
            self._bridge.submit(page, (*first, *made), seeds, sentence)
        except LargeError as error:
            page.screen.refused = (take, said)
            self._bridge.remark(page, str(error), error.smaller_wh)
        except SeguiError as error:
            self._bridge.remark(page, str(error))
        except MemoryError:
            self._bridge.remark(page, NO_MEMORY)
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("what was given could not be taken")
            self._bridge.remark(page, SORRY)
        answer = await self._bridge.answer(page)
        # nobody waits for that
        asyncio.get_running_loop().run_in_executor(None, self._bridge.sessions.tidy, page.key)
        return answer

    def _uploads(self, said: object) -> tuple[Path, ...]:
        """The paths of uploaded files, as a browser names them.

        Raises:
            InputError: They are none, or too many.
        """
        uploads = Path(get_upload_folder())
        paths = check_uploads("files", said, uploads, self._settings.max_masks)
        if not paths:
            raise InputError("no file was given: expected at least one")
        return paths

    def _read(self, page: Page, path: Path, shrink: bool) -> tuple[FileRef, Any]:
        """The session's copy of an uploaded picture, refused before it takes the old one's place.

        Raises:
            InputError: It cannot be read.
        """
        own = _ref(keep(path, self._folders.of(page.key)))
        return own, self._pixels(page, own, shrink)

    def _pixels(self, page: Page, own: FileRef, shrink: bool) -> "Picture":
        """A picture of the session's own, or nothing is left of it.

        Raises:
            InputError: It cannot be read.
        """
        from segui.images.opening import header_size
        from segui.images.pictures import read_picture

        try:
            asked = self._settings.with_shrink(shrink)
            how: Any = {"max_megapixels": asked.max_megapixels, "limits": asked.read_limits}
            width, height = header_size(own.path, **how)
            self._bridge.sessions.make_room(page.key, _CHANNELS * width * height)
            return read_picture(own.path, **how)
        except SeguiError:
            remove_folder(own.path.parent)
            raise

    # ---- the whole page -------------------------------------------------------------------------

    async def load(
        self, request: gr.Request, options: Any, scene: Any, opening: Any = None
    ) -> Message:
        """The page was opened: as its tab left it, as the browser did, or with the first example.

        Args:
            request: For the session.
            options: The controls' values as this browser kept them, or None.
            scene: The example that was on the page, or that it was the user's own photo.
            opening: The ticket of this page, and the one of the page before in its tab.
        """
        ticket, former = (_ticket(opening, name) for name in ("ticket", "former"))
        is_back = await self._bridge.come_back(_key(request), former)
        page = self._bridge.open(_key(request))
        self._bridge.sessions.give_ticket(_key(request), ticket)
        if is_back:
            if page.session.inputs.scene == OWN and page.session.inputs.files.photo is not None:
                page.screen.remark = (html.problem(_BACK, is_hint=True), page.session.view().number)
            await self._follow_link(page, opening)
            return await self._bridge.answer(page)
        # what a browser kept, it keeps; the rest is told, whatever the page shows
        try:
            inputs, remark = await in_thread(self._opened, options, scene, bool(former))
            page.session.begin(inputs, self._owner(request))
            if remark:
                page.screen.remark = (remark, page.session.view().number)
        except SeguiError as error:
            self._bridge.remark(page, str(error))
        await self._follow_link(page, opening)
        return await self._bridge.answer(page)

    async def _follow_link(self, page: Page, opening: Any) -> None:
        """Where the page's address has a recipe, put it in force, as if it were given as a file."""
        recipe = opening.get("recipe") if isinstance(opening, dict) else None
        if not recipe:
            return
        from segui.session.recipes import read_link_settings

        folder, most = self._folders.of(page.key), self._settings.max_megapixels
        try:
            files = page.session.inputs.files
            read = await in_thread(
                read_link_settings, str(recipe), files, lambda mask: _written(mask, folder), most
            )
            self._bridge.submit(page, (read,), sentence=_OF_LINK)
        except SeguiError as error:
            self._bridge.remark(page, str(error))

    def _owner(self, request: gr.Request) -> str:
        """Who all pages of one client belong to."""
        asked = request.request
        return client_of({} if asked is None else asked.scope, self._settings.proxies)

    def _opened(self, options: Any, scene: Any, had_page: bool) -> tuple[Inputs, str]:
        from segui.session.reduce import with_options

        values = stored_options(options)
        fresh = Inputs.fresh(self._defaults)
        if scene == OWN and values and {**self._defaults, **values} != self._defaults:
            # another tab may have that photo, and keeps it
            remark = _KEPT if had_page else _ANOTHER_TAB
            return with_options(fresh, values), html.problem(remark, is_hint=True)
        example = self._examples.get(scene) if isinstance(scene, str) else None
        if example is None:
            return self._examples.get(self._examples.opening) or fresh, ""
        if not values or {**example.options, **values} == example.options:
            return example, ""
        return with_options(example, values), ""

    async def example(self, request: gr.Request, event: gr.EventData, clock: Any) -> Message:
        """An example was picked."""
        name = str(said_by(event).get("example", ""))
        page = await self._heard(request, clock)
        if page is None:
            return lost()
        try:
            inputs = await in_thread(self._examples.get, name)
            if inputs is not None:
                self._bridge.submit(page, (commands.Show(inputs),))
        except SeguiError as error:
            self._bridge.remark(page, str(error))
        return await self._bridge.answer(page)

    def leave(self, request: gr.Request) -> None:
        """The page was closed: what it left goes, unless it comes back."""
        self._bridge.sessions.leave(_key(request))

    # ---- take away ------------------------------------------------------------------------------

    def asking(self, *, is_open: bool) -> Callable[..., Awaitable[Message]]:
        """The handler of what is asked where something is not hidden that is to be.

        Args:
            is_open: Whether it is to be asked, or was answered.
        """

        def make(page: Page, _: dict[str, Any]) -> Sequence[Command]:
            page.screen.asked_of = Of(page.session.view().selection) if is_open else Of()
            return ()

        return self.clicked((), make)

    def taking(self, kind: str, *, is_told: bool = False) -> Callable[..., Any]:
        """The handler that makes one kind of file of what is seen.

        Args:
            kind: One of ``takeaways.KINDS``.
            is_told: Whether the visitor has read what is not hidden, and wants it all the same.
        """

        async def take(request: gr.Request) -> Any:
            page = await self._bridge.page(_key(request))
            if page is None:
                raise gr.Error(escape(LOST_TO_TAKE), print_exception=False)
            await self._bridge.settled(page)
            try:
                path = await in_thread(self._take, page, kind, is_told)
            except SeguiError as error:
                raise gr.Error(escape(str(error)), print_exception=False) from error
            except OSError as error:
                raise gr.Error(SORRY, print_exception=False) from error
            return gr.update(value=str(path))

        return take

    async def link(self, request: gr.Request) -> Any:
        """The recipe of what is seen, for a link."""
        page = await self._bridge.page(_key(request))
        if page is None:
            raise gr.Error(escape(LOST_TO_TAKE), print_exception=False)
        await self._bridge.settled(page)
        from segui.session.recipes import recipe_link

        try:
            return {"recipe": await in_thread(recipe_link, page.session.view())}
        except SeguiError as error:
            raise gr.Error(escape(str(error)), print_exception=False) from error

    def _take(self, page: Page, kind: str, is_told: bool) -> Path:
        view = page.session.view()
        if kind in OF_RESULT and not is_told and (still := unhidden(view)):
            raise InputError(f"not everything is hidden: {'; '.join(still)}")
        if kind == "project":
            from segui.session.projects import check_size

            check_size(view, self._settings.max_file_mb)
        folder = self._folders.of(page.key) / "download"
        remove_old(folder)  # not what is being written, or fetched, at this moment
        take = partial(take_away, kind, view, fresh_folder(folder))
        return standing_back(take) if has_large_photo(view.plan) else take()


LOST_TO_TAKE: Final = (
    "This page was away for too long, or the server was started anew: reload the page and add your "
    "pictures again."
)


def style(name: str) -> Command:
    """What sets several controls at once to what one purpose wants."""
    return commands.SetOptions(styles.STYLES[name])


def _ticket(said: object, name: str) -> str:
    """A ticket as a browser sends it; empty where it is none."""
    text = said.get(name) if isinstance(said, dict) else None
    return text if isinstance(text, str) and _TICKET.fullmatch(text) else ""


def _key(request: gr.Request) -> str:
    return request.session_hash or ""


def _ref(path: Path) -> FileRef:
    """A file of its own folder, whose name nobody else has."""
    return FileRef(path.parent.name, path)


def _written(mask: bytes, folder: Path) -> FileRef:
    path = fresh_folder(folder / UPLOADS) / "painted.png"
    store(path, mask)
    return _ref(path)


def _number(said: object) -> int:
    """An area's number as a browser sends it; 0 where it is none."""
    text = str(said)
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _numbers(name: str, said: object, count: int) -> list[int]:
    """Whole numbers of px as a browser sends them.

    Raises:
        InputError: They are none, or not as many.
    """
    if not isinstance(said, list) or len(said) != count:
        raise InputError(f"{name} is {shown(said)}: expected {count} whole numbers")
    if not all(type(one) is int and abs(one) < 10**6 for one in said):
        raise InputError(f"{name} is {shown(said)}: expected {count} whole numbers")
    return said


def _box(said: object) -> tuple[int, ...] | None:
    """A part of the picture as a browser sends it; None where it is none."""
    if not isinstance(said, list) or len(said) != 4:
        return None
    if not all(isinstance(edge, int) and abs(edge) < 10**6 for edge in said):
        return None
    return tuple(said)
