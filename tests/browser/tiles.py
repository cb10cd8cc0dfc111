"""A photo of six coloured tiles, the masks of them, and the engine's own work on both."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from segui.classifiers.colour import ColourNames
from segui.edits import Edit, choose_for_edits, make_edits
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.paste_values import PasteOptions
from segui.pipeline import choose, open_scene, score_scene
from segui.rendering import mask_image, render
from segui.segments.segment import Segments
from segui.selection import Selection, Side, override

CELL_PX, TILE_PX = 160, 120
COLUMNS, ROWS = 3, 2
SPECK = (4, 4, 10, 10)  # xyxy, smaller than what is an area
RED, BLUE, GREEN, YELLOW = (215, 15, 15), (15, 15, 215), (10, 150, 10), (235, 225, 10)
# in reading order: 1 and 5 are red, 3 is two fifths red and the rest blue
COLOURS = ((RED,), (BLUE,), (RED, RED, BLUE, BLUE, BLUE), (GREEN,), (RED,), (YELLOW,))
TILES = len(COLOURS)


def box_of(number: int, scale: int = 1) -> tuple[int, int, int, int]:
    """A tile's box, xyxy px."""
    row, column = divmod(number - 1, COLUMNS)
    x, y = (place * CELL_PX + (CELL_PX - TILE_PX) // 2 for place in (column, row))
    return x * scale, y * scale, (x + TILE_PX) * scale, (y + TILE_PX) * scale


def middle_of(number: int) -> tuple[float, float]:
    """The middle of a tile, as shares of the photo's width and height."""
    x1, y1, x2, y2 = box_of(number)
    return (x1 + x2) / 2 / (COLUMNS * CELL_PX), (y1 + y2) / 2 / (ROWS * CELL_PX)


def draw(folder: Path, scale: int = 1) -> None:
    """Write ``tiles.png``, ``mask.png``, ``speck.png``, ``one.png``, ``two.png``, ``small.png``.

    ``mask.png`` has all tiles, ``speck.png`` a speck besides, ``one.png`` and ``two.png`` the
    first and the second tile alone; ``small.png`` is a mask of another size.
    """
    height, width = ROWS * CELL_PX * scale, COLUMNS * CELL_PX * scale
    photo, mask = np.full((height, width, 3), 245, np.uint8), np.zeros((height, width), np.uint8)
    singles = {1: mask.copy(), 2: mask.copy()}
    for number, colours in enumerate(COLOURS, 1):
        x1, y1, x2, y2 = box_of(number, scale)
        edges = np.linspace(x1, x2, len(colours) + 1).astype(int)
        for colour, left, right in zip(colours, edges, edges[1:], strict=False):
            photo[y1:y2, left:right] = colour
        for sheet in (mask, singles.get(number, mask)):
            sheet[y1:y2, x1:x2] = 255
    speck = mask.copy()
    x1, y1, x2, y2 = SPECK
    speck[y1:y2, x1:x2] = 255
    shades = np.random.default_rng(5).integers(-2, 3, (height, width, 1))
    photo = np.clip(photo + shades, 0, 255).astype(np.uint8)
    small = np.full((90, 120), 255, np.uint8)
    written = {"tiles": photo, "mask": mask, "speck": speck, "small": small}
    written |= {"one": singles[1], "two": singles[2]}
    for name, pixels in written.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")


class Oracle:
    """The same work by the engine alone.

    Args:
        folder: Where the files are.
        masks: Names of mask files, without their endings.
        painted: What was painted besides.
        options: Of ``SegmentOptions``.
    """

    def __init__(
        self,
        folder: Path,
        masks: tuple[str, ...] = ("mask",),
        painted: Path | None = None,
        **options: Any,
    ) -> None:
        paths = tuple(folder / f"{name}.png" for name in masks)
        inputs = Inputs(folder / "tiles.png", paths, painted=painted)
        self.scene = open_scene(inputs, SegmentOptions(**options))
        self._scores = score_scene(self.scene, ColourNames())

    @property
    def photo(self) -> np.ndarray:
        return self.scene.photo.pixels

    def selection(
        self,
        rule: str = "*",
        on_unknown: str = "remain",
        by_hand: Mapping[int, Side] | None = None,
    ) -> Selection:
        """What a rule chooses, and a hand by the areas' numbers."""
        chosen = choose(self.scene, self._scores, rule, on_unknown)
        return override(chosen, {number - 1: side for number, side in (by_hand or {}).items()})

    def chosen(self, *how: Any, **more: Any) -> Segments:
        return self.selection(*how, **more).filtered

    def result(self, chosen: Segments | None = None, **paste: Any) -> np.ndarray:
        """The picture with an edit on what was chosen, inverted where nothing else is said."""
        options = PasteOptions(**{"effect": "invert", **paste})
        return render(self.scene, self.chosen() if chosen is None else chosen, options)

    def edited(self, edits: Sequence[Edit]) -> np.ndarray:
        """The picture with several edits, made one after the other."""
        selections = choose_for_edits(self.scene, self._scores, edits)
        return make_edits(self.scene, edits, selections)

    def mask(self, chosen: Segments, **paste: Any) -> np.ndarray:
        return mask_image(self.scene, chosen, PasteOptions(**paste))
