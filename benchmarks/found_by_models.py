"""Areas that models find in a photo of 12 MP, against the models alone; and what follows of them.

The models have the shapes of real ones and random weights: what they cost is the same. What is
compared, both with as many threads as torch has by itself:

- own: ``HubFinder.find`` of a photo that it has not seen, from its decoded pixels to segments: the
  photo is looked for among those that were seen, prepared, shown to the model, and what the model
  says becomes boxes or masks at the photo's size whose edges follow the photo's own.
- peer: the library's image processor and the model's forward on the same decoded pixels, and
  nothing else: logits that are yet to be made something of.

Both have looked at another photo before. They take turns, every other pair backwards, and the row
is the median of the pairs' ratios: where others use the machine, both are slowed down. A model of
random weights says crumbs of every class; the own segmenter's logits are those of two people
instead, after a forward that was paid for.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.classify import pairs, ratio_row
from benchmarks.found import SIZE_WH, Pixels, still_life
from benchmarks.report import Row
from benchmarks.timing import medians
from segui.finders.base import Asked
from segui.finders.face_tiles import most_tiles
from segui.finders.faces import FaceFinder
from segui.finders.found import segments_found
from segui.finders.found_before import FoundBefore
from segui.finders.models.fetched import FinderConfig
from segui.finders.models.hub import HubFinder
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.settings import Settings

ROUNDS = 5
PAIRS = 7  # of a model and its bare self
MODEL_BOUND = 1.10
THINGS = 10  # that a detector is sure of
CONTROL_MS = 100.0
AREAS = 50
TILES_BOUND = 1.2  # of the time of one tile, where there are many and where there are few
FACE_PX = (120, 60)  # the smallest that is looked for: few tiles, and many
# what a control changes of areas that are found, each beside the same areas as they are
CONTROLS: dict[str, dict[str, Any]] = {
    "labels to keep": {"keep_labels": "red"},
    "the largest": {"largest": 10},
    "overlaps": {"overlaps": "best"},
    "merge touching": {"merge_touching": True},
    "the rest": {"background": True},
    "drop size": {"drop_size": 200},
}


def rows() -> list[Row]:
    """Finding by two models, a control after finding, and tiles."""
    photo = still_life()
    return [
        _against_the_model("D-FINE", d_fine, photo),
        _against_the_model("SegFormer-B2", segformer_b2, photo),
        *_control_rows(),
        _tiles_row(),
    ]


def d_fine(transformers: Any) -> tuple[Any, Any]:
    """A detector of D-FINE's shape, and its processor."""
    from transformers.models.rt_detr.image_processing_pil_rt_detr import RTDetrImageProcessorPil

    model = transformers.DFineForObjectDetection(transformers.DFineConfig())
    return model, RTDetrImageProcessorPil()


def segformer_b2(transformers: Any) -> tuple[Any, Any]:
    """A segmenter of SegFormer-B2's shape, of 18 classes, and its processor."""
    from transformers.models.segformer.image_processing_pil_segformer import (
        SegformerImageProcessorPil,
    )

    config = transformers.SegformerConfig(
        depths=[3, 4, 6, 3],
        hidden_sizes=[64, 128, 320, 512],
        decoder_hidden_size=768,
        num_labels=18,
    )
    model = transformers.SegformerForSemanticSegmentation(config)
    return model, SegformerImageProcessorPil(size={"height": 512, "width": 512})


@contextmanager
def _saved(make: Callable[[Any], tuple[Any, Any]]) -> Iterator[Path]:
    """A folder with a model of random weights."""
    import transformers

    with tempfile.TemporaryDirectory() as folder, torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for part in make(transformers):
            part.save_pretrained(folder)
        yield Path(folder)


def _against_the_model(name: str, make: Callable[[Any], tuple[Any, Any]], photo: Pixels) -> Row:
    """The whole way to segments, against the model's processor and forward on the same photo."""
    with _saved(make) as folder:
        finder = HubFinder(FinderConfig(name, folder, "cpu"))
        finder.load()
        if make is segformer_b2:
            _say_people(finder)
        prepare, model = _plain(folder)
        # what was found is known again by its pixels: each round has its own photo
        photos = [np.where(np.arange(3) == 0, photo ^ turn, photo) for turn in range(PAIRS + 1)]

        def bare(picture: Pixels) -> Any:
            with torch.inference_mode():
                return model(**prepare(picture, return_tensors="pt"))

        asked = Asked(confidence=_least_of(bare(photos[-1]).logits))
        finder.find(photos[-1], asked)
        times = pairs(
            [lambda one=one: finder.find(one, asked) for one in photos[:-1]],
            [lambda one=one: bare(one) for one in photos[:-1]],
        )
    return ratio_row(f"{name}'s shape on 12 MP / processor and bare forward", times, MODEL_BOUND)


def _say_people(finder: HubFinder) -> None:
    """Have a segmenter say what a trained one would: random weights give crumbs of each class."""
    ready: Any = finder._once.value  # noqa: SLF001  nobody else has a look at what is loaded
    people = torch.from_numpy(_people())[None]

    def say(_model: Any, _given: Any, out: Any) -> Any:
        out.logits = people
        return out

    ready.loaded.model.register_forward_hook(say)


def _people() -> NDArray[np.float32]:
    """Logits of two people before a ground, (18, 128, 128): face, hair, and four clothes each."""
    parts = ((2, 10, 8), (11, 26, 9), (4, 48, 17), (6, 74, 14), (9, 96, 8), (10, 108, 6))
    logits = np.full((18, 128, 128), -4.0, np.float32)
    logits[0] = 0.0
    rows, columns = np.mgrid[:128, :128].astype(np.float32)
    for centre in (40, 86):
        for number, row, half in parts:
            away = np.hypot((rows - row) / 12, (columns - centre) / half)
            logits[number] = np.maximum(logits[number], 6 * (1 - away))
    return logits


def _least_of(logits: Tensor) -> float:
    """How sure a model has to be for as many things as a photo has; of classes, as it likes.

    Args:
        logits: (1, queries, classes), or (1, classes, h, w).
    """
    if logits.ndim == 4:
        return 0.0
    return float(logits.sigmoid().flatten().sort(descending=True).values[THINGS])


def _plain(folder: Path) -> tuple[Any, Any]:
    """A model's processor and itself, as transformers loads them."""
    import transformers

    loader: Any = transformers.AutoImageProcessor
    kind = getattr(transformers, transformers.AutoConfig.from_pretrained(folder).architectures[0])
    return loader.from_pretrained(folder, backend="pil"), kind.from_pretrained(folder).eval()


def fifty_discs() -> Pixels:
    """Fifty discs in two colours, some of which overlap, at 12 MP."""
    width, height = SIZE_WH
    picture = np.full((height, width, 3), 128, np.uint8)
    for number, (row, column) in enumerate(itertools.product(range(5), range(10))):
        centre = round((column + 0.5) * width / 10), round((row + 0.5) * height / 5)
        colour = (220, 30, 30) if number % 2 else (30, 60, 220)
        cv2.circle(picture, centre, 170, colour, -1)
    return picture


def _control_rows() -> list[Row]:
    """What each control takes once areas are found."""
    picture, before, limits = fifty_discs(), FoundBefore(), Settings()
    inputs = Inputs(Path("photo.png"), ())
    plain: dict[str, Any] = {"finder": "colours"}

    def found(**changed: Any) -> Any:
        options = SegmentOptions(**plain, **changed)
        return segments_found(inputs, picture, options, limits, before=before)

    count = len(found(keep_labels="red, blue").segments.items)
    if count != AREAS:
        raise ValueError(f"{count} areas were found, expected {AREAS}")
    times = medians(
        {name: lambda c=changed: found(**c) for name, changed in CONTROLS.items()}, ROUNDS
    )
    slowest = max(times, key=times.__getitem__)
    what = f"a control after finding {AREAS} areas in 12 MP, the slowest ({slowest})"
    return [Row(f"{what} / {CONTROL_MS:g} ms", times[slowest], CONTROL_MS, "ms", 1)]


def _tiles_row() -> Row:
    """The time of one tile in which a face may be, where there are many and where there are few."""
    width, height = SIZE_WH
    plain = np.full((height, width, 3), 128, np.uint8)
    few, many = FACE_PX
    counts = [most_tiles((height, width), each) for each in FACE_PX]

    def look(smallest: int) -> None:
        FaceFinder().find(plain, Asked(smallest_face=smallest))

    times = medians({"few": lambda: look(few), "many": lambda: look(many)}, ROUNDS)
    each = times["many"] / counts[1], times["few"] / counts[0]
    what = f"faces: one of {counts[1]} tiles / one of {counts[0]}"
    return Row(what, *each, "ms", TILES_BOUND)
