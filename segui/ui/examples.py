"""The ready scenes of ``examples/``: what each one's files and settings are."""

import io
import json
import shutil
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from segui.ui.state import Files

# in an installed package they lie in it, in a checkout beside it
_PLACES = (Path(__file__).parents[1] / "examples", Path(__file__).parents[2] / "examples")
FOLDER = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
OPENING = "balloons"


@dataclass(frozen=True)
class Example:
    """A scene and the settings that show it at its best.

    Args:
        name: Its folder's name.
        title: What it shows, in a few words.
        description: What is seen, in a sentence.
        files: Its files.
        settings: The rest of its ``scene.json``: expression, effect, feather and so on.
    """

    name: str
    title: str
    description: str
    files: Files
    settings: dict[str, Any]


def load_examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """The examples, the opening one first; none where the engine was installed without them."""
    found = [_load(path) for path in sorted(folder.glob("*/scene.json"))]
    return tuple(sorted(found, key=lambda example: example.name != OPENING))


def copy_files(files: Files, folder: Path) -> Files:
    """The files at a place from which the server may serve them; the first copy serves all."""

    def copied(path: Path) -> Path:
        target = folder / path.parent.name / path.name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
        return target

    return Files(
        photo=None if files.photo is None else copied(files.photo),
        masks=tuple(copied(path) for path in files.masks),
        reference=None if files.reference is None else copied(files.reference),
        example=files.example,
        scene=files.scene,
    )


def picture_of(example: Example, width_px: int = 120) -> str:
    """A small picture of an example's photo, as a data URI."""
    if example.files.photo is None:
        return ""
    buffer = io.BytesIO()
    with Image.open(example.files.photo) as image:
        image.draft("RGB", (width_px * 2, width_px * 2))  # decoded small: startup stays quick
        image.thumbnail((width_px, width_px))
        image.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + b64encode(buffer.getvalue()).decode("ascii")


def _load(path: Path) -> Example:
    scene: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    folder = path.parent
    reference = scene.pop("reference")
    title, description = scene.pop("title"), scene.pop("description")
    files = Files(
        photo=folder / scene.pop("photo"),
        masks=tuple(folder / name for name in scene.pop("masks")),
        reference=None if reference is None else folder / reference,
        example=description,
        scene=folder.name,
    )
    return Example(folder.name, title, description, files, scene)
