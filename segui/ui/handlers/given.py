"""Files that are given to the page: each is taken for what it is, or refused with a sentence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from segui.errors import InputError, LargeError, SeguiError
from segui.recipes.project import is_archive
from segui.session import commands
from segui.session.commands import Command
from segui.session.files import Files
from segui.session.folders import UPLOADS
from segui.session.inputs import OWN, Inputs, PhotoKey
from segui.session.session import Seeds
from segui.session.versions import MAX_VERSIONS
from segui.session.working import NO_MEMORY, SORRY
from segui.ui.bridge import Message, Page, in_thread, lost
from segui.ui.handlers.clicks import of_notes
from segui.ui.handlers.talk import Talk, key_of
from segui.ui.handlers.uploads import Uploads
from segui.ui.layout.html_component import said_by
from segui.ui.screen import Heard, TakeAgain

if TYPE_CHECKING:
    from segui.session.sorting import Sorted

Taken = tuple[Sequence[Command], Seeds, str]  # what comes of files, results of it, what to say
_LOG = logging.getLogger("segui")
_EACH_ITS_OWN: Final = (
    "The open edit takes the first of these edited versions: the others are there for further edits"
)


class Given:
    """The handlers of files.

    Args:
        talk: Hears the events.
        uploads: Keeps and reads what is given.
    """

    def __init__(self, talk: Talk, uploads: Uploads) -> None:
        self._talk = talk
        self._bridge = talk.bridge
        self._uploads = uploads

    async def photo(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """A photo or a project was given; an example on the page gives way to it."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            if is_archive(paths[0]):
                opened = f"{paths[0].name} was opened as it was left"
                return (*self._project(page, paths[0]), opened)
            file, read = self._uploads.read(page, paths[0], shrink)
            made = (commands.GivePhoto(file, shrink),)
            return made, (("photo", PhotoKey(file, shrink), read),), self._offered(page, made)

        return await self._given(request, event, sent, take, is_shown=True)

    async def reference(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """Edited versions were given: from now on the first is what the open edit pastes."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            made = (self._versions(page, paths, shrink),)
            offered = self._offered(page, made)
            said = [_EACH_ITS_OWN] if len(paths) > 1 else []
            return made, (), ". ".join([*said, offered] if offered else said)

        return await self._given(request, event, sent, take)

    async def sticker(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """A picture was given that the open edit lays on its areas."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            sticker, _ = self._uploads.read(page, paths[0], shrink)
            return (commands.GiveSticker(sticker),), (), ""

        return await self._given(request, event, sent, take)

    async def masks(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """Masks were added."""

        def take(page: Page, paths: Sequence[Path], _shrink: bool) -> Taken:
            masks = tuple(self._uploads.kept(page, path) for path in paths)
            return (commands.AddMasks(masks),), (), ""

        return await self._given(request, event, sent, take)

    async def settings_file(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """A recipe or a workflow was given: its values go into the controls."""

        def take(page: Page, paths: Sequence[Path], _shrink: bool) -> Taken:
            return (self._recipe(page, paths[0], page.session.inputs.files),), (), ""

        return await self._given(request, event, sent, take)

    async def together(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """Files of any kind were given at once: each is taken for what it is, and that is said."""

        def take(page: Page, paths: Sequence[Path], shrink: bool) -> Taken:
            from segui.session.sorting import sort_files

            view = page.session.view()
            has_own = view.inputs.scene == OWN and view.photo is not None
            size_wh = view.photo.size_hw[::-1] if has_own and view.photo is not None else None
            found = sort_files(paths, self._uploads.settings.with_shrink(shrink), size_wh)
            made, seeds = self._sorted(page, found, shrink)
            offered = "" if found.settings is not None else self._offered(page, made)
            said = [found.sentence, offered] if offered else [found.sentence]
            return made, seeds, ". ".join(said)

        return await self._given(request, event, sent, take)

    def of_problem(self) -> Callable[..., Awaitable[Message]]:
        """The handler of a button beside what is in the way.

        What was refused for its size is given anew, to be opened smaller; the settings are taken
        of a workflow that came in a picture; else it is an option that changes.
        """
        otherwise = self._talk.clicked(of_notes)

        async def was_clicked(request: gr.Request, event: gr.EventData, sent: Any) -> Message:
            page = await self._bridge.page(key_of(request))
            option = said_by(event).get("option")
            take = None if page is None else page.screen.offers.get(str(option))
            if page is None or take is None:
                return await otherwise(request, event, sent)
            what = Heard.of(sent)
            page.screen.hear(what, {})
            taken = partial(self._taken, page, take, shrink=option == "shrink")
            return await self._talk.done_once(page, what, taken)

        return was_clicked

    async def _given(
        self,
        request: gr.Request,
        event: gr.EventData,
        sent: Any,
        take: Callable[[Page, Sequence[Path], bool], Taken],
        *,
        is_shown: bool = False,
    ) -> Message:
        """Read the files that were given, in a thread, and do what comes of them."""
        page = await self._talk.heard(request, sent)
        if page is None:
            return lost()
        said = said_by(event).get("files")

        def taken(shrink: bool) -> Taken:
            return take(page, self._uploads.paths(said), shrink)

        do = partial(self._taken, page, taken, is_shown=is_shown)
        return await self._talk.done_once(page, Heard.of(sent), do)

    async def _taken(
        self, page: Page, take: TakeAgain, *, shrink: bool = False, is_shown: bool = False
    ) -> Message:
        """Take files for what they are.

        Args:
            page: The page.
            take: Takes them.
            shrink: Whether from now on what is too large is opened smaller.
            is_shown: Whether the page says already that they are read.
        """
        page.screen.asks_for("busy")  # it says by itself that the photo is read
        page.screen.refused = page.screen.workflow = None
        try:
            async with page.giving:
                await self._read(page, take, shrink=shrink)
        except LargeError as error:
            page.screen.refused = take
            self._bridge.remark(page, str(error), error.smaller_wh)
        except SeguiError as error:
            self._bridge.remark(page, str(error))
        except MemoryError:
            self._bridge.remark(page, NO_MEMORY)
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("what was given could not be taken")
            self._bridge.remark(page, SORRY)
        answer = await self._bridge.answer(page, is_shown=is_shown)
        # nobody waits for that
        asyncio.get_running_loop().run_in_executor(None, self._bridge.sessions.tidy, page.key)
        return answer

    async def _read(self, page: Page, take: TakeAgain, *, shrink: bool) -> None:
        """Read what was given, and have the session know of it."""
        is_asked = shrink or bool(page.session.inputs.options["shrink"])
        made, seeds, sentence = await in_thread(take, is_asked)
        has_said = any(isinstance(one, commands.GivePhoto) for one in made)
        first = (commands.SetOptions({"shrink": True}),) if shrink and not has_said else ()
        self._bridge.submit(page, (*first, *made), seeds, sentence, is_one_step=True)

    def _sorted(self, page: Page, found: "Sorted", shrink: bool) -> tuple[list[Command], Seeds]:
        """What is done with files that were told apart, the photo first."""
        if found.project is not None:
            return self._project(page, found.project)
        made: list[Command] = []
        seeds: Seeds = ()
        files = page.session.inputs.files
        if found.photo is not None:
            file, read = self._uploads.read(page, found.photo, shrink)
            made.append(commands.GivePhoto(file, shrink))
            files, seeds = Files(file), (("photo", PhotoKey(file, shrink), read),)
        if found.reference is not None:
            versions = (found.reference, *found.more_references)
            made.append(self._versions(page, versions, shrink))
        if found.masks:
            if found.photo is not None and _is_of_another(page.session.inputs):
                made.append(commands.RemoveAllMasks())
            masks = tuple(self._uploads.kept(page, path) for path in found.masks)
            made.append(commands.AddMasks(masks))
            files = files.with_masks(files.masks + masks)
        if found.settings is not None:
            made.append(self._recipe(page, found.settings, files))
        return made, seeds

    def _offered(self, page: Page, made: Sequence[Command]) -> str:
        """What to say of a workflow in a picture that is given: its settings are offered.

        Args:
            page: The page, which is offered them.
            made: What is done with the pictures.
        """
        from segui.comfyui.workflow import carries_workflow

        pictures = [one.photo for one in made if isinstance(one, commands.GivePhoto)]
        pictures += [
            one.reference
            for one in made
            if isinstance(one, commands.GiveReference) and one.reference is not None
        ]
        carrier = next((file for file in pictures if carries_workflow(file.path)), None)
        if carrier is None:
            return ""

        def take(_shrink: bool) -> Taken:
            recipe = self._recipe(page, carrier.path, page.session.inputs.files)
            return (recipe,), (), f"Taken: the settings of the workflow in {carrier.name}"

        page.screen.workflow = take
        return f"{carrier.name} carries a ComfyUI workflow"

    def _versions(self, page: Page, paths: Sequence[Path], shrink: bool) -> Command:
        """What is done with edited versions that were given; each is read before it is one.

        Raises:
            InputError: One cannot be read, or there are too many.
        """
        if len(paths) > MAX_VERSIONS:
            raise InputError(
                f"there are {len(paths)} edited versions: at most {MAX_VERSIONS} are allowed"
            )
        first, *more = [self._uploads.read(page, path, shrink)[0] for path in paths]
        return commands.GiveReference(first, tuple(more))

    def _recipe(self, page: Page, path: Path, files: Files) -> Command:
        """What is done with a recipe or a workflow.

        Args:
            page: The page.
            path: The upload.
            files: Those that it is for.

        Raises:
            InputError: It cannot be read.
        """
        from segui.session.recipes import read_settings

        most = self._uploads.settings.max_megapixels
        return read_settings(path.read_bytes(), files, self._uploads.written(page), most)

    def _project(self, page: Page, path: Path) -> tuple[list[Command], Seeds]:
        """What is done with a project; its photo is read before anything gives way to it."""
        from segui.session.projects import open_project

        uploads = self._uploads
        own_folder = uploads.folders.of(page.key) / UPLOADS
        opened = open_project(path, own_folder, uploads.written(page), uploads.settings)
        photo, shrink = opened.files.photo, bool(opened.settings.values.get("shrink"))
        seeds: Seeds = ()
        if photo is not None:
            seeds = (("photo", PhotoKey(photo, shrink), uploads.pixels(page, photo, shrink)),)
        own = (opened.files.sticker,) if opened.files.sticker is not None else ()
        for picture in (*opened.files.references, *own):
            uploads.pixels(page, picture, shrink)
        return [opened], seeds


def _is_of_another(inputs: Inputs) -> bool:
    """Whether the masks that are there are a photo's that gives way to one with its own masks."""
    return inputs.files.photo is not None and not inputs.has_settings
