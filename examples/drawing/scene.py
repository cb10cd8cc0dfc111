"""What every scene hands over, and how it becomes files."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from drawing.canvas import Bytes


@dataclass(frozen=True)
class Settings:
    """What the page opens the scene with; written to ``scene.json``."""

    title: str
    description: str
    expression: str
    photo: str = "photo.jpg"
    masks: tuple[str, ...] = ("masks.png",)
    reference: str | None = None
    mask_kind: str = "auto"
    effect: str | None = None
    effect_on: str = "filtered"
    classifier: str = "Colour names"
    feather: int = 5
    alpha: int = 255
    edge: str = "smooth"
    crop_factor: float = 1.5
    drop_size: int = 10
    combined: bool = False


@dataclass(frozen=True)
class Drawing:
    """A drawn scene.

    Args:
        photo: (H, W, 3), sRGB.
        masks: File name to mask: (H, W) grey, (H, W) numbers, or (H, W, 3) colours.
        edited: The edited version, (H, W, 3), if the scene has one.
        palette: Colours of the numbers 0, 1, ...: where given, masks are saved with a palette.
    """

    photo: Bytes
    masks: dict[str, Bytes]
    edited: Bytes | None = None
    palette: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Scene:
    """A scene that can be drawn.

    Args:
        name: Its folder.
        settings: What goes into its ``scene.json``.
        draw: Draws it, (scale) -> Drawing; at scale 1 it has 1600 x 1064 pixels.
    """

    name: str
    settings: Settings
    draw: Callable[[float], Drawing]

    def write(self, folder: Path, scale: float = 1.0) -> None:
        """Draw the scene and write all of its files into ``folder / name``."""
        target = folder / self.name
        target.mkdir(parents=True, exist_ok=True)
        drawing = self.draw(scale)
        _save_jpeg(drawing.photo, target / self.settings.photo)
        if drawing.edited is not None and self.settings.reference is not None:
            _save_jpeg(drawing.edited, target / self.settings.reference)
        for name, mask in drawing.masks.items():
            _save_mask(mask, drawing.palette, target / name)
        text = json.dumps(self.settings_as_json(), indent=2, ensure_ascii=False)
        (target / "scene.json").write_text(text + "\n", encoding="utf-8")

    def settings_as_json(self) -> dict[str, Any]:
        """The settings in the order of ``scene.json``: title and files first."""
        values = asdict(self.settings)
        first = ("title", "description", "photo", "masks", "reference", "mask_kind")
        return {name: values[name] for name in (*first, *(n for n in values if n not in first))}


def spread_palette(count: int) -> list[tuple[int, int, int]]:
    """Black for 0, then this many colours, neighbours far apart, none grey."""
    colours = [(0, 0, 0)]
    for number in range(count):
        hue = (number * 0.618034) % 1.0
        swing = [0.5 + 0.5 * np.cos(2 * np.pi * (hue - shift / 3)) for shift in range(3)]
        red, green, blue = (round(60 + 190 * value) for value in swing)
        colours.append((red, green, blue))
    return colours


def _save_jpeg(picture: Bytes, path: Path) -> None:
    Image.fromarray(picture).save(path, quality=90, subsampling=0, optimize=True)


def _save_mask(mask: Bytes, palette: list[tuple[int, int, int]], path: Path) -> None:
    image = Image.fromarray(mask)
    if palette:
        image.putpalette([channel for colour in palette for channel in colour])
    image.save(path, optimize=True)
