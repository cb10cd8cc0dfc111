"""Several edits in one picture against the same edits one at a time."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.report import Row
from benchmarks.timing import medians
from segui import Edit, read_edits, segments_from_mask
from segui.edits import choose_for_edits, make_edits
from segui.images.pictures import Picture
from segui.pipeline import Scene
from segui.selection import Selection

SIZE_HW = (3000, 4000)  # 12 MP
GRID = (4, 3)
BOUND = 1.3
ROUNDS = int(os.environ.get("SEGUI_BENCH_ROUNDS", "9"))
SETS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "blur, hide, grey": ({"effect": "blur"}, {"effect": "hide"}, {"effect": "grey"}),
    "three edited versions": ({"version": 1}, {"version": 2}, {"version": 3}),
    "mosaic, sticker, grey around": (
        {"effect": "mosaic"},
        {"effect": "sticker"},
        {"effect": "grey", "effect_on": "everything else"},
    ),
}
# with each edit on areas of its own, and with all three on all of them
_OWN, _ALL = "four of twelve areas each", "all twelve areas"


def rows() -> list[Row]:
    """The time of three edits of a photo of 12 MP over the sum of the three alone."""
    scene = scene_of_twelve()
    found = []
    for name, said in SETS.items():
        for where in (_OWN, _ALL):
            edits = edits_of(said, apart=where == _OWN)
            found.append(_row(f"{name}, {where}", scene, edits))
    return found


def edits_of(said: Sequence[Mapping[str, Any]], *, apart: bool) -> tuple[Edit, ...]:
    """Edits, each with every third area where they are apart, else with all."""
    count, columns = len(said), GRID[0] * GRID[1]
    numbers = range(1, columns + 1)
    return read_edits(
        [
            {**one, "by_hand": {n: not apart or n % count == place for n in numbers}}
            for place, one in enumerate(said)
        ]
    )


def scene_of_twelve() -> Scene:
    """A photo, three edited versions, and ellipses on a grid."""
    versions = tuple(Picture(_smooth(seed)) for seed in (1, 2, 3))
    mask = np.zeros(SIZE_HW, np.uint8)
    columns, lines = GRID
    for column in range(columns):
        for line in range(lines):
            middle = (
                round((column + 0.5) * SIZE_HW[1] / columns),
                round((line + 0.5) * SIZE_HW[0] / lines),
            )
            cv2.ellipse(mask, middle, (300, 260), 0, 0, 360, 255, -1)
    segments = segments_from_mask(torch.from_numpy(mask).float() / 255)
    first, *more = versions
    return Scene(Picture(_smooth(0)), first, segments, more_references=tuple(more))


def made(scene: Scene, edits: Sequence[Edit], selections: Sequence[Selection]) -> None:
    """Make edits from the beginning: nothing is kept of what was made before."""
    make_edits(replace(scene, last_effect={}), edits, selections, device="cpu")


def _row(name: str, scene: Scene, edits: tuple[Edit, ...]) -> Row:
    scores: list[dict[str, float]] = [{} for _ in scene.segments.items]
    chosen = choose_for_edits(scene, scores, edits)

    def alone() -> None:
        # in one run, as the three together are: of runs of another length a busy machine
        # stretches another part
        for edit, selection in zip(edits, chosen, strict=True):
            made(scene, (edit,), (selection,))

    times = medians({"all": partial(made, scene, edits, chosen), "alone": alone}, ROUNDS)
    return Row(f"{name} / one each", times["all"], times["alone"], "ms", BOUND)


def _smooth(seed: int) -> NDArray[np.uint8]:
    """Noise as smooth as a photo."""
    rough = np.random.default_rng(seed).integers(0, 256, (SIZE_HW[0] // 20, SIZE_HW[1] // 20, 3))
    size_wh = SIZE_HW[::-1]
    smooth = cv2.resize(rough.astype(np.uint8), size_wh, interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.uint8)
