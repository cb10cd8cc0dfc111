"""What a visitor takes away, written to a file that a hidden button then gives the browser."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from segui.errors import InputError, SeguiError
from segui.settings import Settings
from segui.ui.folders import Folders, fresh_folder, remove_old
from segui.ui.guard import LOST, SORRY
from segui.ui.state import Files, Hand, Work
from segui.ui.wishes import wishes_of

_LOG = logging.getLogger("segui")
_NO_RESULT = "There is no result to download yet."


@dataclass(frozen=True)
class Wanted:
    """All that a file may be made of.

    Args:
        files: What the user gave.
        work: The results.
        hand: What was done by hand.
        said: What the controls say, by name.
        device: Where pastes are computed.
        folder: Where the file is written.
        stem: How its name begins.
    """

    files: Files
    work: Work
    hand: Hand
    said: dict[str, Any]
    device: str
    folder: Path
    stem: str


class Takeaways:
    """The handlers of one page's download buttons.

    Args:
        names: The controls' names, in the order in which they send their values.
        settings: Where pastes are computed.
        folders: Where sessions' files are kept.
    """

    def __init__(self, names: Sequence[str], settings: Settings, folders: Folders) -> None:
        self._names = tuple(names)
        self._settings = settings
        self._folders = folders

    def making(self, kind: str) -> Callable[..., dict[str, Any]]:
        """The handler that makes one kind of file.

        Args:
            kind: One of ``MAKERS``.
        """

        def made(
            request: gr.Request, files: Files, work: Work, hand: Hand, *values: Any
        ) -> dict[str, Any]:
            said = dict(zip(self._names, values, strict=True))
            folder = self._folders.of(request.session_hash or "") / "download"
            remove_old(folder)  # not what is being written, or fetched, at this moment
            try:
                place, stem = fresh_folder(folder), _stem_of(work)
                device = self._settings.device
                path = MAKERS[kind](Wanted(files, work, hand, said, device, place, stem))
            except SeguiError as error:
                raise gr.Error(escape(str(error)), print_exception=False) from error
            except Exception as error:
                _LOG.exception("no file could be written: %s", kind)
                raise gr.Error(SORRY, print_exception=False) from error
            return gr.update(value=str(path))

        return made


def _stem_of(work: Work) -> str:
    """How the names of a result's files begin.

    Raises:
        InputError: There is no result.
    """
    if work.is_lost:
        raise InputError(LOST)
    if work.selection is None or work.files.photo is None:
        raise InputError(_NO_RESULT)
    return work.files.photo.stem


def _result(wanted: Wanted) -> Path:
    from segui.ui import steps

    options = wishes_of(wanted.said).paste
    return steps.write_result(wanted.work, options, wanted.device, wanted.folder, wanted.stem)


def _mask(wanted: Wanted) -> Path:
    from segui.ui import steps

    options = wishes_of(wanted.said).paste
    return steps.write_mask(wanted.work, options, wanted.folder, wanted.stem)


def _cutouts(wanted: Wanted) -> Path:
    from segui.ui import steps

    options = wishes_of(wanted.said).paste
    return steps.write_cutouts(wanted.work, options, wanted.folder, wanted.stem)


def _scores(wanted: Wanted) -> Path:
    from segui.ui import steps

    return steps.write_scores(wanted.work, wanted.folder, wanted.stem)


def _recipe(wanted: Wanted) -> Path:
    from segui.ui import recipes

    text = recipes.recipe_of(wanted.files, wanted.work, wanted.hand, wanted.said)
    path = wanted.folder / f"{wanted.stem}-segui.recipes.recipe.json"
    path.write_text(text, encoding="utf-8")
    return path


MAKERS: dict[str, Callable[[Wanted], Path]] = {
    "result": _result,
    "mask": _mask,
    "cutouts": _cutouts,
    "scores": _scores,
    "recipe": _recipe,
}
