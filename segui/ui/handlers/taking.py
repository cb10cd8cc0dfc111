"""What is made of what is seen, to be taken away."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from segui.errors import InputError, SeguiError
from segui.priority import standing_back
from segui.session.folders import Folders, fresh_folder, remove_old
from segui.session.session import has_large_photo
from segui.session.takeaways import OF_RESULT, take_away
from segui.session.unhidden import unhidden
from segui.session.working import SORRY
from segui.ui.bridge import Bridge, Message, Page, in_thread, lost
from segui.ui.handlers.talk import key_of
from segui.ui.view.sentences import sentence

_LOG = logging.getLogger("segui")

Make = Callable[[Page], Any]  # what is taken, in a thread beside the server's loop
Taken = tuple[Any, Message]  # what is taken, None where there is nothing, and what the page is told


class Taking:
    """The handlers of what is taken away.

    Args:
        bridge: Finds pages and waits for what is seen on them.
        folders: Where sessions' files are kept.
        max_file_mb: The largest file that a page takes, in megabytes.
    """

    def __init__(self, bridge: Bridge, folders: Folders, max_file_mb: float) -> None:
        self._bridge = bridge
        self._folders = folders
        self._max_file_mb = max_file_mb

    def file(self, kind: str, *, is_told: bool = False) -> Callable[[gr.Request], Awaitable[Taken]]:
        """The handler that makes one kind of file of what is seen.

        Args:
            kind: One of ``takeaways.KINDS``.
            is_told: Whether the visitor has read what is not hidden, and wants it all the same.
        """

        def take(page: Page) -> Any:
            return gr.update(value=str(self._take(page, kind, is_told)))

        return self._taken(take)

    def link(self) -> Callable[[gr.Request], Awaitable[Taken]]:
        """The handler that gives the recipe of what is seen, for a link."""

        def take(page: Page) -> Any:
            from segui.session.recipes import recipe_link

            return {"recipe": recipe_link(page.session.view())}

        return self._taken(take)

    def _taken(self, make: Make) -> Callable[[gr.Request], Awaitable[Taken]]:
        """A handler that makes something of what is seen; where it cannot, the page says why.

        Gradio shows no error of an event that does not go through its queue.
        """

        async def take(request: gr.Request) -> Taken:
            page = await self._bridge.page(key_of(request))
            if page is None:
                return None, lost()
            await self._bridge.settled(page)
            try:
                return await in_thread(make, page), gr.skip()
            except SeguiError as error:
                self._bridge.remark(page, sentence(str(error)))
            except Exception:  # noqa: BLE001  logged with its traceback
                _LOG.exception("a file could not be made")
                self._bridge.remark(page, SORRY)
            return None, await self._bridge.answer(page)

        return take

    def _take(self, page: Page, kind: str, is_told: bool) -> Path:
        view = page.session.view()
        if kind in OF_RESULT and not is_told and (still := unhidden(view)):
            raise InputError(f"not everything is hidden: {'; '.join(still)}")
        if kind == "project":
            from segui.session.projects import check_size

            check_size(view, self._max_file_mb)
        folder = self._folders.of(page.key) / "download"
        remove_old(folder)  # not what is being written, or fetched, at this moment
        take = partial(take_away, kind, view, fresh_folder(folder))
        return standing_back(take) if has_large_photo(view.plan) else take()
