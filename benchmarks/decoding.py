"""A photo of 12 MP, decoded in a process of its own, against in this one."""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.report import Row
from benchmarks.timing import medians
from segui.images.apart.decoder import SeparateDecoder
from segui.images.limits import ReadLimits
from segui.images.pictures import read_picture

PHOTO = Path(__file__).parents[1] / "examples" / "balloons" / "photo.jpg"
SIZE_WH = (4000, 3000)
QUALITY = 92
ROUNDS = 41
BOUND = 1.15
KEPT_BLOCKS = 4  # of Pillow's memory, as the server has it


def rows() -> list[Row]:
    """Time until the pixels can be used, and have been touched."""
    Image.core.set_blocks_max(KEPT_BLOCKS)
    decoder = SeparateDecoder()
    decoder.begin()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        with Image.open(PHOTO) as photo:
            photo.convert("RGB").resize(SIZE_WH).save(path, quality=QUALITY)
        times = medians(
            {
                "here": lambda: _read(path, ReadLimits()),
                "apart": lambda: _read(path, ReadLimits(decoder=decoder)),
            },
            rounds=ROUNDS,
        )
    decoder.end()
    Image.core.set_blocks_max(0)
    what = "a JPEG of 12 MP, read apart / in the process that asks"
    return [Row(what, times["apart"], times["here"], "ms", BOUND)]


def _read(path: Path, limits: ReadLimits) -> int:
    """Read a photo, and look at every row of it: memory that nobody has seen yet costs a while."""
    return int(read_picture(path, limits=limits).pixels[:, ::1024].sum(dtype=np.int64))
