"""What was uploaded becomes a session's own, and is read before anything gives way to it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gradio.utils import get_upload_folder

from segui.errors import InputError, SeguiError
from segui.session.files import FileRef
from segui.session.folders import UPLOADS, Folders, fresh_folder, keep
from segui.session.own_folder import remove_folder
from segui.session.sessions import Sessions
from segui.settings import Settings
from segui.storing import store
from segui.ui.api.values import check_uploads
from segui.ui.bridge import Page

if TYPE_CHECKING:
    from segui.images.pictures import Picture

_CHANNELS: Final = 4  # at most, a byte each


@dataclass(frozen=True)
class Uploads:
    """Keeps and reads the files that pages give.

    Args:
        folders: Where sessions' files are kept.
        settings: Limits.
        sessions: They make room for what is read.
    """

    folders: Folders
    settings: Settings
    sessions: Sessions

    def paths(self, said: object) -> tuple[Path, ...]:
        """The paths of uploaded files, as a browser names them.

        Raises:
            InputError: They are none, or too many.
        """
        uploads = Path(get_upload_folder())
        paths = check_uploads("files", said, uploads, self.settings.max_masks)
        if not paths:
            raise InputError("no file was given: expected at least one")
        return paths

    def kept(self, page: Page, path: Path) -> FileRef:
        """The session's copy of an uploaded file, as it is."""
        return _ref(keep(path, self.folders.of(page.key)))

    def written(self, page: Page) -> Callable[[bytes], FileRef]:
        """What writes a mask as a file of the session's."""
        folder = self.folders.of(page.key)

        def write(mask: bytes) -> FileRef:
            path = fresh_folder(folder / UPLOADS) / "painted.png"
            store(path, mask)
            return _ref(path)

        return write

    def read(self, page: Page, path: Path, shrink: bool) -> tuple[FileRef, "Picture"]:
        """The session's copy of an uploaded picture, refused before it takes the old one's place.

        Args:
            page: Whose it is.
            path: The upload.
            shrink: Whether it is opened smaller where it is too large.

        Raises:
            InputError: It cannot be read.
        """
        own = self.kept(page, path)
        return own, self.pixels(page, own, shrink)

    def pixels(self, page: Page, own: FileRef, shrink: bool) -> "Picture":
        """A picture of the session's own, or nothing is left of it.

        Raises:
            InputError: It cannot be read.
        """
        from segui.images.opening import header_size
        from segui.images.pictures import read_picture

        try:
            reading = self.settings.with_shrink(shrink).reading
            width, height = header_size(own.path, **reading)
            self.sessions.make_room(page.key, _CHANNELS * width * height)
            return read_picture(own.path, **reading)
        except SeguiError:
            remove_folder(own.path.parent)
            raise


def _ref(path: Path) -> FileRef:
    """A file of its own folder, whose name nobody else has."""
    return FileRef(path.parent.name, path)
