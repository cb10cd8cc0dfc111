"""A project: a recipe and the files that it is of, in one ZIP file that opens as it was."""

import hashlib
import shutil
import struct
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import IO, BinaryIO, Final

from segui.amounts import allowed, rounded_up
from segui.archives import zip_entry
from segui.errors import InputError, SeguiError, shown
from segui.options import option_range
from segui.recipes.marks import FileMark
from segui.recipes.reading import MAX_RECIPE_BYTES, read_recipe
from segui.recipes.recipe import Recipe
from segui.recipes.writing import recipe_json
from segui.storing import storing, whole

RECIPE_ENTRY: Final = "recipe.json"
_SIGNATURE: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_END_OF_LARGE: Final = b"PK\x06\x07"
_END_OF_LARGE_BYTES: Final = 20
# a name as long as a file system takes it, and what the format says beside it
_MOST_BYTES_AN_ENTRY: Final = 1000
_MOST_NAME_BYTES: Final = 255
_BLOCK_BYTES: Final = 1 << 20
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 1
_, _MOST_VERSIONS = option_range("version")
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A recipe and its files.

    Args:
        recipe: What was chosen and done; what was painted stands in it.
        photo: The photo.
        masks: The mask files, in the recipe's order.
        reference: The edited version, where the recipe has one.
        more_references: Further ones, in the recipe's order.
        sticker: The picture that is laid on areas, where the recipe has one.
    """

    recipe: Recipe
    photo: Path
    masks: tuple[Path, ...] = ()
    reference: Path | None = None
    more_references: tuple[Path, ...] = ()
    sticker: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, in the order in which they stand in the ZIP."""
        alone = () if self.reference is None else (self.reference,)
        own = () if self.sticker is None else (self.sticker,)
        return (self.photo, *alone, *self.more_references, *own, *self.masks)


@dataclass(frozen=True)
class _Part:
    """A file of a project: what a sentence calls it, its entry in the ZIP, and its mark."""

    what: str
    entry: str
    mark: FileMark


def is_archive(path: Path) -> bool:
    """Whether a file begins as a ZIP does: among photos, masks and texts it is a project."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SIGNATURE)) == _SIGNATURE
    except (OSError, ValueError):  # who reads it says what is wrong
        return False


def write_project(project: Project, target: str | Path | BinaryIO) -> None:
    """Write a recipe and its files as they are, the photo's camera data included.

    Args:
        project: The files must be those of its recipe, by their digests.
        target: The ZIP file, replaced when it exists; or one opened for writing bytes.

    Raises:
        InputError: The recipe has no photo, or a file is not the one that the recipe is of.
    """
    text = recipe_json(project.recipe)
    parts = _parts(project.recipe)
    if len(parts) != len(project.files):
        raise InputError(
            f"the project has {len(project.files)} files: its recipe is of {len(parts)}"
        )
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zip_entry(RECIPE_ENTRY), text)
        for part, path in zip(parts, project.files, strict=True):
            with path.open("rb") as source, archive.open(zip_entry(part.entry), "w") as into:
                _check_digest(part, _copied(source, into))


def read_project(
    source: str | Path,
    folder: str | Path,
    *,
    max_mb: float = 1000.0,
    max_masks: int = 1000,
    max_megapixels: float = 50.0,
) -> Project:
    """Read a project from hostile hands; what it says is checked before a file is written.

    Args:
        source: The ZIP file.
        folder: Where its files are put, by their own names; made, and must not be there yet.
        max_mb: Most of all its files together, in MB.
        max_masks: Most mask files.
        max_megapixels: Largest painted picture of the recipe, in millions of pixels.

    Returns:
        The recipe and where its files are: each has the digest that the recipe says. No picture
        was looked at.

    Raises:
        InputError: It is no project, has another file than its recipe says, or more than is read;
            nothing stays in the folder.
        StorageError: The disk is full, or may not be written.
    """
    source, folder = Path(source), Path(folder)
    most_entries = max_masks + 3 + _MOST_VERSIONS
    _check_end(source, most_entries)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _entries(archive, source.name, most_entries, max_mb)
            text = _recipe_text(archive, entries, source.name)
            recipe = read_recipe(text, max_megapixels=max_megapixels)
            parts = _parts(recipe)
            _check_masks(recipe, max_masks)
            _check_entries(parts, entries)
            paths = _extracted(archive, entries, parts, folder)
    except SeguiError:
        raise
    except _DAMAGED as error:
        raise InputError(f"{source.name} is damaged: it cannot be read as a ZIP file") from error
    photo, *others = paths
    first, own = int(recipe.reference is not None), int(recipe.sticker is not None)
    more = first + len(recipe.more_references)
    return Project(
        recipe,
        photo,
        tuple(others[more + own :]),
        others[0] if first else None,
        tuple(others[first:more]),
        others[more] if own else None,
    )


def _parts(recipe: Recipe) -> tuple[_Part, ...]:
    """The files of a recipe; no entry's name leads out of the folder that it is put into."""
    if recipe.photo is None:
        raise InputError("the project's recipe has no photo: a project is of one")
    places = [("photo", "photo", recipe.photo)]
    if recipe.reference is not None:
        places.append(("edited version", "edited", recipe.reference))
    places += [
        (f"edited version {number}", f"more-edited/{number:03d}", mark)
        for number, mark in enumerate(recipe.more_references, 2)
    ]
    if recipe.sticker is not None:
        places.append(("sticker", "sticker", recipe.sticker))
    numbered = enumerate(recipe.masks, 1)
    places += [(f"mask {number}", f"masks/{number:03d}", mark) for number, mark in numbered]
    for what, _, mark in places:
        _check_name(what, mark.name)
    return tuple(_Part(what, f"{below}/{mark.name}", mark) for what, below, mark in places)


def _check_name(what: str, name: str) -> None:
    # Windows knows all that elsewhere parts a folder from a name, and a drive
    is_plain = PureWindowsPath(name).name == name and name not in ("", ".", "..")
    if not is_plain or not name.isprintable() or len(name.encode()) > _MOST_NAME_BYTES:
        raise InputError(
            f"the project's {what} is called {shown(name)}: expected a file's name without folders,"
            f" of at most {_MOST_NAME_BYTES} bytes"
        )


def _check_end(source: Path, most: int) -> None:
    """Look at the end of a ZIP before its list of entries is read: that list has no limit."""
    try:
        with source.open("rb") as stream:
            size = stream.seek(0, 2)
            before = min(size, _END_BYTES + _END_OF_LARGE_BYTES)
            stream.seek(size - before)
            tail = stream.read(before)
    except (OSError, ValueError) as error:
        raise InputError(f"{source.name} cannot be read") from error
    end = tail[-_END_BYTES:]
    if not is_archive(source) or len(end) < _END_BYTES or not end.startswith(_END):
        raise InputError(f"{source.name} is no project of segui: it is no ZIP file, or not whole")
    entries, list_bytes, comment_bytes = struct.unpack("<10xHL4xH", end)
    if comment_bytes or tail.startswith(_END_OF_LARGE):
        raise InputError(f"{source.name} is a ZIP file of a kind that no project is")
    if entries > most or list_bytes > most * _MOST_BYTES_AN_ENTRY:
        raise InputError(f"{source.name} lists too many files: at most {most} are read")


def _entries(
    archive: zipfile.ZipFile, name: str, most: int, max_mb: float
) -> dict[str, zipfile.ZipInfo]:
    """What a ZIP lists, by name."""
    listed = archive.infolist()
    if len(listed) > most:
        raise InputError(f"{name} lists too many files: at most {most} are read")
    entries = {entry.filename: entry for entry in listed}
    if len(entries) < len(listed):
        raise InputError(f"{name} lists a file twice")
    total_mb = sum(entry.file_size for entry in listed) / 1e6
    if total_mb > max_mb:
        raise InputError(
            f"{name} has {rounded_up(total_mb)} MB when it is unpacked: "
            f"at most {allowed(max_mb)} MB are read"
        )
    for entry in listed:
        if entry.compress_type not in _PLAIN or entry.flag_bits & _ENCRYPTED:
            raise InputError(
                f"{shown(entry.filename)} in {name} is encrypted or packed in a way that is not"
                " read here"
            )
    return entries


def _recipe_text(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    entry = entries.get(RECIPE_ENTRY)
    if entry is None:
        raise InputError(f"{name} is no project of segui: it has no {RECIPE_ENTRY}")
    with archive.open(entry) as stream:  # one byte more than is read: then it is refused
        return stream.read(MAX_RECIPE_BYTES + 1)


def _check_masks(recipe: Recipe, most: int) -> None:
    if len(recipe.masks) > most:
        raise InputError(f"the project has {len(recipe.masks)} masks: at most {most} are read")


def _check_entries(parts: Sequence[_Part], entries: dict[str, zipfile.ZipInfo]) -> None:
    """Each file of the recipe is there, and nothing else but folders."""
    for part in parts:
        if part.entry not in entries:
            raise InputError(
                f"the project's {part.what} is missing: expected {shown(part.entry)} in the ZIP"
                " file"
            )
    expected = {RECIPE_ENTRY, *(part.entry for part in parts)}
    folders = {f"{parent.as_posix()}/" for name in expected for parent in Path(name).parents}
    for name in entries:
        if name not in expected | folders:
            raise InputError(f"the project has {shown(name)}, which is no file of its recipe")


def _extracted(
    archive: zipfile.ZipFile,
    entries: dict[str, zipfile.ZipInfo],
    parts: Sequence[_Part],
    folder: Path,
) -> list[Path]:
    """Write the files; none stays where one of them is not what the recipe says."""
    if folder.exists():
        raise InputError(f"{folder.name} is there already: expected a folder that is to be made")
    with ExitStack() as undoing:
        undoing.callback(shutil.rmtree, folder, ignore_errors=True)
        paths = [_written(archive, entries[part.entry], part, folder) for part in parts]
        undoing.pop_all()
    return paths


def _written(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, part: _Part, folder: Path) -> Path:
    path = folder / part.entry
    with storing():
        path.parent.mkdir(parents=True)
    with whole(path) as made, archive.open(entry) as source, made.open("xb") as into:
        _check_digest(part, _copied(source, into))
    return path


def _copied(source: IO[bytes], into: IO[bytes]) -> str:
    """Copy a file in blocks; its digest."""
    digest = hashlib.sha256()
    while block := source.read(_BLOCK_BYTES):
        digest.update(block)
        into.write(block)
    return digest.hexdigest()


def _check_digest(part: _Part, digest: str) -> None:
    if digest != part.mark.sha256:
        raise InputError(
            f"the project's {part.what} is another file: its recipe was made with {part.mark}"
        )
