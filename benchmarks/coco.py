"""COCO's annotations of 50,000 pictures, against what ``json.load`` takes for all of the file."""

import json
import random
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Row
from benchmarks.timing import medians
from segui.masks.annotations.coco_file import CocoFile

PICTURES: Final = 50_000
EACH: Final = 5
CORNERS: Final = 20
ROUNDS: Final = 1  # each is some seconds long


def rows() -> list[Row]:
    """Time and memory to find one photo's annotations among all."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coco.json"
        _write(path)
        ways: dict[str, Callable[[], object]] = {
            "own": lambda: _of_one(path),
            "json": lambda: _all_of(path),
        }
        times = medians(ways, rounds=ROUNDS)
        peaks = {name: _peak_mb(way) for name, way in ways.items()}
    what = f"one photo's areas among those of {PICTURES} pictures / json.load"
    return [
        Row(f"{what}, time", times["own"], times["json"], "ms", 2.0),
        Row(f"{what}, memory", peaks["own"], peaks["json"], "MB", 0.1),
    ]


def _of_one(path: Path) -> Any:
    with CocoFile(path) as file:
        return file.of_photo(_name(PICTURES // 2))


def _all_of(path: Path) -> Any:
    with path.open(encoding="utf-8") as file:
        return json.load(file)


def _peak_mb(way: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        way()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _name(number: int) -> str:
    return f"{number:012d}.jpg"


def _write(path: Path) -> None:
    """A file as COCO's own are, with its lists in their order."""
    chance = random.Random(7)  # noqa: S311  it draws outlines
    with path.open("w", encoding="utf-8") as file:
        file.write('{"info": {"year": 2017}, "images": [')
        for number in range(PICTURES):
            image = {"id": number, "file_name": _name(number), "width": 640, "height": 480}
            file.write(("" if number == 0 else ", ") + json.dumps(image))
        file.write('], "annotations": [')
        for number in range(PICTURES * EACH):
            corners = [round(chance.random() * 480, 2) for _ in range(2 * CORNERS)]
            annotation = {
                "segmentation": [corners],
                "area": round(chance.random() * 1e4, 4),
                "iscrowd": 0,
                "image_id": chance.randrange(PICTURES),
                "bbox": corners[:4],
                "category_id": chance.randrange(1, 91),
                "id": number,
            }
            file.write(("" if number == 0 else ", ") + json.dumps(annotation))
        file.write('], "categories": [{"id": 1, "name": "person"}]}')
