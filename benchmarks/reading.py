"""Masks of 12 MP, read, against what Pillow alone takes for the same file."""

import random
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.report import Row
from benchmarks.timing import medians
from segui.masks.files import MaskFile, read_mask

SIZE_WH: Final = (4000, 3000)
COLOURS: Final = 40
DRAWN: Final = 2  # times as large, and shrunk: what gives antialiased edges
QUALITY: Final = 90
ROUNDS: Final = 11


def rows() -> list[Row]:
    """Time for a grey mask as PNG and as JPEG, and for a label map with antialiased edges."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = _drawn()
        drawn.save(folder / "map.png")
        mask = drawn.convert("L").point(lambda level: 255 * (level > 0))
        mask.save(folder / "mask.png")
        mask.save(folder / "mask.jpg", quality=QUALITY)
        times = medians(
            {
                "png": lambda: _marked(read_mask(folder / "mask.png")),
                "plain png": lambda: np.asarray(Image.open(folder / "mask.png")),
                "jpeg": lambda: _marked(read_mask(folder / "mask.jpg")),
                "plain jpeg": lambda: np.asarray(Image.open(folder / "mask.jpg")),
                "map": lambda: _labelled(read_mask(folder / "map.png")),
                "plain map": lambda: Image.open(folder / "map.png").quantize(COLOURS + 1),
            },
            rounds=ROUNDS,
        )
    return [
        Row("a mask of 12 MP as PNG / decode", times["png"], times["plain png"], "ms", None),
        Row("a mask of 12 MP as JPEG / decode", times["jpeg"], times["plain jpeg"], "ms", None),
        Row(
            f"a map of {COLOURS} colours with soft edges / Pillow's quantize",
            times["map"],
            times["plain map"],
            "ms",
            None,
        ),
    ]


def _drawn() -> Image.Image:
    """Discs and boxes of as many colours, with soft edges."""
    chance = random.Random(3)  # noqa: S311  it chooses colours and places
    width, height = (DRAWN * length for length in SIZE_WH)
    large = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(large)
    for number in range(COLOURS):
        x, y, reach = chance.randrange(width), chance.randrange(height), chance.randrange(200, 900)
        shape = draw.ellipse if number % 2 else draw.rectangle
        colour = tuple(chance.randrange(256) for _ in range(3))
        shape((x - reach, y - reach, x + reach, y + reach), fill=colour)
    return large.resize(SIZE_WH, Image.Resampling.LANCZOS)


def _marked(mask: MaskFile) -> None:
    if mask.soft is None or not mask.soft.any():
        raise ValueError("nothing is marked, though shapes were drawn")


def _labelled(mask: MaskFile) -> None:
    if not COLOURS / 2 < len(mask.names) <= COLOURS:
        raise ValueError(f"{len(mask.names)} labels were found, {COLOURS} drawn")
