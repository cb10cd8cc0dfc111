"""Uploads that are taken whole, or of which nothing stays.

Gradio leaves what it has written where a disk is full or a client is gone, keeps each file of an
upload open until the last one has come, holds a field that is no file in memory several times, and
moves the first files of an upload to where they are kept before it refuses the next: nobody is told
of those, and nothing ever clears them away.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from gradio import route_utils
from gradio.data_classes import DeveloperPath, UserProvidedPath
from gradio.exceptions import InvalidPathError
from gradio.route_utils import GradioMultiPartParser, GradioUploadFile
from gradio.utils import safe_join
from gradio_client.utils import (  # type: ignore[import-untyped]  # it has no types
    strip_invalid_filename_characters,
)
from starlette.datastructures import FormData

from segui.errors import shown
from segui.ui.guard.refusals import Refusal

MOST_OF_A_FIELD: Final = 64 * 1024  # bytes; the page sends none
_FILES: Final = "files"  # what Gradio keeps; all else it forgets


class NotTakenError(Exception):
    """An upload is not taken.

    Args:
        refusal: What whoever sent it is told.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Appended:
    """A file that is open only while something is written to it.

    A process may have some thousands open, and one upload hundreds that come as slowly as it likes.

    Args:
        name: Where it lies; it is there.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, data: bytes) -> int:
        """Add bytes at its end."""
        with open(self.name, "ab") as file:  # noqa: PTH123  Gradio reads the name as text
            return file.write(data)

    def seek(self, _offset: int) -> int:
        """Gradio goes to the beginning of each that is whole, and reads none."""
        return 0

    def close(self) -> None:
        """It is closed."""


class Taking(GradioMultiPartParser):
    """Gradio's reader of uploads, which removes what will not be kept."""

    def on_headers_finished(self) -> None:
        """Begin a file or a field."""
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None:
            file.file.close()
            file.file = Appended(str(file.file.name))  # type: ignore[assignment]

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take what has come of a file, or of a field, of which there is no progress to tell.

        Raises:
            NotTakenError: It is a field, and a large one.
        """
        part = self._current_part
        if part.file is not None:
            super().on_part_data(data, start, end)
            return
        part.data += data[start:end]
        if len(part.data) > MOST_OF_A_FIELD:
            sentence = (
                f"this upload has a field of more than {MOST_OF_A_FIELD} bytes that is no file: "
                'expected filename="..." in its part\'s header'
            )
            raise NotTakenError(Refusal(413, sentence))

    async def parse(self) -> FormData:
        """Read all of an upload.

        Raises:
            NotTakenError: What it has could not be kept.
        """
        kept: frozenset[str] = frozenset()
        folders: list[Path] = []
        try:
            form = await super().parse()
            files = [_file(value) for value in form.getlist(_FILES)]
            for file in files:
                self._make_folder(file, folders)
            kept = frozenset(str(file.file.name) for file in files)
            return form
        finally:
            self._remove_all_but(kept)
            if not kept:
                _remove_empty(folders)

    def _make_folder(self, file: GradioUploadFile, made: list[Path]) -> None:
        """Have the folder there that Gradio moves a file to: later on it would be too late."""
        folder = Path(str(self.upload_dir)) / file.sha.hexdigest()
        if not folder.exists():
            folder.mkdir(parents=True)
            made.append(folder)
        name = strip_invalid_filename_characters(Path(file.filename or "").name)
        try:
            safe_join(DeveloperPath(str(folder)), UserProvidedPath(name or "a"))
        except InvalidPathError as error:
            sentence = f"an uploaded file is called {shown(file.filename)}: expected a file's name"
            raise NotTakenError(Refusal(400, sentence)) from error

    def _remove_all_but(self, kept: Iterable[str]) -> None:
        for file in self._files_to_close_on_error:
            if file.name not in kept:
                with suppress(OSError):  # what it holds still does not fit
                    file.close()
                with suppress(OSError):
                    Path(file.name).unlink(missing_ok=True)


def take_uploads_whole() -> None:
    """Have all servers of this process read uploads so."""
    route_utils.GradioMultiPartParser = Taking  # type: ignore[misc]


def _file(value: object) -> GradioUploadFile:
    if isinstance(value, GradioUploadFile):
        return value
    sentence = 'an uploaded file has no name: expected filename="..." in its part\'s header'
    raise NotTakenError(Refusal(400, sentence))


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # another upload has the same file
            folder.rmdir()
