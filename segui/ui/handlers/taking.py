"""What is made of what is seen, to be taken away."""

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Final

import gradio as gr

from segui.errors import InputError, SeguiError
from segui.priority import standing_back
from segui.session.folders import Folders, fresh_folder, remove_old
from segui.session.session import has_large_photo
from segui.session.takeaways import OF_RESULT, take_away
from segui.session.unhidden import unhidden
from segui.session.working import SORRY
from segui.ui.bridge import Bridge, Page, in_thread
from segui.ui.handlers.talk import key_of

LOST_TO_TAKE: Final = (
    "This page was away for too long, or the server was started anew: reload the page and add your "
    "pictures again."
)


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

    def file(self, kind: str, *, is_told: bool = False) -> Callable[..., Any]:
        """The handler that makes one kind of file of what is seen.

        Args:
            kind: One of ``takeaways.KINDS``.
            is_told: Whether the visitor has read what is not hidden, and wants it all the same.
        """

        async def take(request: gr.Request) -> Any:
            page = await self._bridge.page(key_of(request))
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
        page = await self._bridge.page(key_of(request))
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

            check_size(view, self._max_file_mb)
        folder = self._folders.of(page.key) / "download"
        remove_old(folder)  # not what is being written, or fetched, at this moment
        take = partial(take_away, kind, view, fresh_folder(folder))
        return standing_back(take) if has_large_photo(view.plan) else take()
