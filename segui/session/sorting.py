"""Files that are given together, each taken for what it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.images.opening import header_size
from segui.images.pictures import read_picture
from segui.masks.texts import is_text_file
from segui.options import option_range
from segui.recipes.project import is_archive
from segui.settings import Settings

_NAMED_MASK: Final = re.compile(
    r"(?:^|[^a-z])(?:masks?|mattes?|alpha|seg|segmentation|labels?|annotations?)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_NAMED_EDIT: Final = re.compile(
    r"(?:^|[^a-z])(?:edit(?:ed)?|after|result|output|new)(?:[^a-z]|$)", re.IGNORECASE
)
# of a recipe and of both forms of a workflow of ComfyUI
_SETTINGS: Final = (b'"segui_recipe"', b'"class_type"', b'"last_node_id"')
_LOOKED_AT: Final = 65_536  # pixels of a picture, evenly spread
_FEW_COLOURS: Final = 64  # of a map of labels; a photo has thousands
_MOSTLY: Final = 0.7  # of a soft mask, black or white
_NEARLY: Final = 3  # levels that JPEG may have moved them by
_HEAD_BYTES: Final = 4_000_000


@dataclass(frozen=True)
class Sorted:
    """What files were taken for.

    Args:
        photo: The photo, where one was given.
        reference: Its edited version.
        masks: Mask files, annotations and legends, in their order.
        settings: A recipe or a workflow.
        unused: What there is no place for.
        more_references: Further edited versions.
        project: A project: it has all that it needs, and takes nothing of what else was given.
    """

    photo: Path | None = None
    reference: Path | None = None
    masks: tuple[Path, ...] = ()
    settings: Path | None = None
    unused: tuple[Path, ...] = ()
    project: Path | None = None
    more_references: tuple[Path, ...] = ()

    @property
    def sentence(self) -> str:
        """What was taken for what."""
        taken = [
            *([f"{self.photo.name} as the photo"] if self.photo else []),
            *([self._as_versions] if self.reference else []),
            *self._as_masks,
            *([f"{self.settings.name} as a recipe or a workflow"] if self.settings else []),
            *([f"{self.project.name} as a project"] if self.project else []),
        ]
        said = [f"Taken: {'; '.join(taken)}"] if taken else []
        said += [f"Not used: {_names(self.unused)}"] if self.unused else []
        return ". ".join(said)

    @property
    def _as_masks(self) -> list[str]:
        texts = [path for path in self.masks if is_text_file(path)]
        masks = [path for path in self.masks if path not in texts]
        return [
            *([f"{_names(masks)} as {_mask_word(len(masks))}"] if masks else []),
            *([f"{_names(texts)} as names or outlines of areas"] if texts else []),
        ]

    @property
    def _as_versions(self) -> str:
        assert self.reference is not None  # noqa: S101  asked for then alone
        names = _names((self.reference, *self.more_references))
        return f"{names} as {'edited versions' if self.more_references else 'the edited version'}"


def sort_files(
    paths: Sequence[Path], settings: Settings, photo_size_wh: tuple[int, int] | None = None
) -> Sorted:
    """Tell a project, a photo, its edited version, masks and settings apart.

    Text is a recipe or a workflow by what stands in it, else it names or outlines areas. A picture
    is a mask by its name, by having few colours, or by being mostly black and white. Of two other
    pictures the second is the edited version, or the one that is named so; beside a photo that is
    there already, so is one of its size. Of more pictures, those of the photo's size are edited
    versions too.

    Args:
        paths: The files, in the order in which they were given.
        settings: Limits on pictures.
        photo_size_wh: Of one's own photo that is there already; None where there is none.

    Raises:
        InputError: A picture cannot be read.
    """
    names = [path for path in paths if _is_name_alone(path)]
    if names:
        found = sort_files([path for path in paths if path not in names], settings, photo_size_wh)
        return replace(found, unused=(*found.unused, *names))
    project = next((path for path in paths if is_archive(path)), None)
    if project is not None:
        return Sorted(unused=tuple(path for path in paths if path != project), project=project)
    texts = [path for path in paths if is_text_file(path)]
    recipes = [path for path in texts if _says_settings(path)]
    pictures = [path for path in paths if path not in texts]
    masks = [path for path in pictures if _NAMED_MASK.search(path.stem) or _is_mask(path, settings)]
    photos = sorted(
        (path for path in pictures if path not in masks),
        key=lambda path: bool(_NAMED_EDIT.search(path.stem)),
    )
    reference, versions = None, list[Path]()
    if photo_size_wh is not None and len(photos) > 1:  # several of the photo that is there
        are_edits = all(_NAMED_EDIT.search(path.stem) for path in photos)
        if are_edits and all(_size_wh(path, settings) == photo_size_wh for path in photos):
            versions, photos = photos, []
            reference = versions.pop(0)
    if photo_size_wh is not None and len(photos) == 1 and (masks or recipes or len(paths) > 1):
        reference = photos.pop() if _size_wh(photos[0], settings) == photo_size_wh else None
    photo = photos[0] if photos else None
    if reference is None and len(photos) > 1:
        reference = photos[1]
    versions += [path for path in photos[2:] if _is_like(path, photos[0], settings)]
    _, most = option_range("version")
    more = versions[: most - 1]
    others = [path for path in (*versions, *photos[2:]) if path not in more]
    named = [path for path in paths if path in masks or (path in texts and path not in recipes)]
    return Sorted(
        photo,
        reference,
        tuple(named),
        recipes[0] if recipes else None,
        tuple(dict.fromkeys(others)) + tuple(recipes[1:]),
        more_references=tuple(more),
    )


def _is_name_alone(path: Path) -> bool:
    """Whether no more of a file is there than its name, all that a page sends of no known kind."""
    return not is_text_file(path) and path.stat().st_size == 0


def _says_settings(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return any(sign in head for sign in _SETTINGS)


def _size_wh(path: Path, settings: Settings) -> tuple[int, int]:
    return header_size(path, **settings.reading)


def _is_like(path: Path, photo: Path, settings: Settings) -> bool:
    return _size_wh(path, settings) == _size_wh(photo, settings)


def _is_mask(path: Path, settings: Settings) -> bool:
    """Whether a picture looks like a mask: a map of few colours, or mostly black and white."""
    return looks_like_mask(read_picture(path, **settings.reading).pixels)


def looks_like_mask(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture has few colours, or is grey and mostly black and white.

    Args:
        pixels: (H, W, 3 or 4).
    """
    step = max(1, round((pixels.shape[0] * pixels.shape[1] / _LOOKED_AT) ** 0.5))
    colours = pixels[::step, ::step, :3].reshape(-1, 3)
    if len(np.unique(colours, axis=0)) <= _FEW_COLOURS:
        return True
    spread = colours.max(axis=1).astype(int) - colours.min(axis=1)
    level = colours[:, 0]
    ends = (level <= _NEARLY) | (level >= 255 - _NEARLY)
    return bool(spread.max() <= _NEARLY and ends.mean() >= _MOSTLY)


def _names(paths: Sequence[Path]) -> str:
    names = [path.name for path in paths]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _mask_word(count: int) -> str:
    return "a mask" if count == 1 else "masks"
