"""A session as a project, and a project as a command for a session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.recipes.project import Project, read_project, write_project
from segui.session.commands import OpenProject
from segui.session.files import FileRef, Files
from segui.session.folders import fresh_folder
from segui.session.recipes import recipe_made, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from segui.session.view import View
    from segui.settings import Settings


def write_view(view: View, path: Path) -> None:
    """Write what is seen as a project: it opens as this view.

    Args:
        view: What is seen; it has a photo.
        path: The ZIP file.

    Raises:
        InputError: There is no photo.
    """
    files = view.inputs.files
    if files.photo is None:
        raise InputError("there is no photo yet")
    masks = tuple(mask.path for mask in files.masks)
    reference = None if files.reference is None else files.reference.path
    more = tuple(file.path for file in files.more_references)
    sticker = None if files.sticker is None else files.sticker.path
    project = Project(recipe_made(view), files.photo.path, masks, reference, more, sticker)
    write_project(project, path)


def check_size(view: View, max_mb: float) -> None:
    """Refuse a project that the same server would not take back.

    Args:
        view: What is seen.
        max_mb: Largest upload, in MB.

    Raises:
        InputError: Its files are larger together.
    """
    total_mb = sum(file.path.stat().st_size for file in view.inputs.files.all) / 1e6
    if total_mb > max_mb:
        raise InputError(
            f"the project would have {rounded_up(total_mb)} MB, and at most {allowed(max_mb)} MB "
            "are read here: take the recipe away, and keep your files"
        )


def open_project(
    path: Path, folder: Path, keep: Callable[[bytes], FileRef], settings: Settings
) -> OpenProject:
    """What opening a project does.

    Args:
        path: The ZIP file.
        folder: Where its files are put, each under a folder of its own.
        keep: Keeps what was painted, the bytes of a PNG.
        settings: Limits on its files.

    Raises:
        InputError: It is no project, or says what cannot be; nothing stays of its files.
    """
    own = fresh_folder(folder)
    project = read_project(
        path,
        own / "project",
        max_mb=settings.max_file_mb,
        max_masks=settings.max_masks,
        max_megapixels=settings.max_megapixels,
    )
    masks = tuple(
        FileRef(f"{own.name}-{number}", mask) for number, mask in enumerate(project.masks, 1)
    )
    reference = project.reference
    files = Files(
        FileRef(f"{own.name}-photo", project.photo),
        masks,
        None if reference is None else FileRef(f"{own.name}-edited", reference),
        more_references=tuple(
            FileRef(f"{own.name}-edited-{number}", file)
            for number, file in enumerate(project.more_references, 2)
        ),
        sticker=None if project.sticker is None else FileRef(f"{own.name}-own", project.sticker),
    )
    asked = settings_of(project.recipe, files, keep)
    # nothing is to be compared: its own files are these
    return OpenProject(files, replace(asked, notes=project.recipe.unused, recipe=None))
