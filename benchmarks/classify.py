"""Scores by a model of ViT-Base's shape against its image processor and a bare batched forward."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.report import Row
from benchmarks.scene import SIZE_HW, frame
from segui import Segment, Segments, classify
from segui.classifiers.base import Crop, Scores
from segui.classifiers.hub import HubClassifier, HubConfig
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.device import choose_device
from segui.models.preparing import preparing
from segui.models.reading import read_processor
from segui.scores.crops import Crops
from segui.scores.scoring import score_segments

COUNT, BATCH, SESSIONS = 64, 8, 8
CALLS_ON_ACCELERATOR, CALLS_ON_CPU = 256, 16
CALLS_BOUND = 1 / 8
SIDES_PX = (48, 400)
ROUNDS = 3

Pairs = list[tuple[float, float]]


class Counted(HubClassifier):
    """Counts the crops that the model itself is asked about."""

    judged = 0

    def score_distinct(self, crops: Sequence[Crop]) -> list[Scores]:
        """As the classifier."""
        self.judged += len(crops)
        return super().score_distinct(crops)


def rows() -> list[Row]:
    """Time of 64 crops of mixed size, alone and of eight sessions at once."""
    photo, segments = frame(0, torch.uint8), mixed_segments()
    with vit_base() as model:
        model.load()
        parts = [segments.of(segments.items[n : n + BATCH]) for n in range(0, COUNT, BATCH)]
        found = [
            ratio_row(
                "8 of 64 crops scored, ViT-Base / processor and bare forward",
                against_bare_forward(model, parts, photo),
                1.10,
            ),
            _forwards_row(model, segments, photo),
        ]
        found.append(
            ratio_row(
                "8 sessions at once, 8 crops each / one session, all 64",
                pairs(
                    [lambda: ask_at_once(model, parts, photo) for _ in range(ROUNDS)],
                    [lambda: ask_at_once(model, [segments], photo) for _ in range(ROUNDS)],
                ),
                1.15,
            )
        )
        found.append(
            ratio_row(
                "8 sessions at once, the same 8 crops / one session, those 8",
                pairs(
                    [lambda p=part: ask_at_once(model, [p] * SESSIONS, photo) for part in parts],
                    [lambda p=part: ask_at_once(model, [p], photo) for part in parts],
                ),
                None,
            )
        )
    return [*found, *call_rows(photo)]


def call_rows(photo: Tensor) -> list[Row]:
    """Against one call of a pipeline for each segment, which is how the reference nodes ask.

    On an accelerator where there is one; only there is a bound on it.
    """
    device = choose_device("auto").type
    count = CALLS_ON_CPU if device == "cpu" else CALLS_ON_ACCELERATOR
    segments = mixed_segments(count)
    with vit_base("auto") as model:
        model.load()
        pipe = _pipeline(model.config.folder, device)
        images = [crop.image for crop in Crops.of(segments, photo)[0]]
        ask_at_once(model, [segments], photo)
        pipe(images[0])
        times = pairs(
            [lambda: ask_at_once(model, [segments], photo)] * ROUNDS,
            [lambda: [pipe(image) for image in images]] * ROUNDS,
        )
        prepare = preparing(read_processor(model.config.folder, model.name))
        prepared = pairs(
            [lambda: [prepare(image) for image in images]] * ROUNDS,
            [lambda: ask_at_once(model, [segments], photo)] * ROUNDS,
        )
    where = f"{count} crops on {device}"
    bound = None if device == "cpu" else CALLS_BOUND
    return [
        ratio_row(f"{where}, scored / one pipeline call each", times, bound),
        ratio_row(f"{where}, prepared by one thread / scored in all", prepared, None),
    ]


@contextmanager
def vit_base(device: str = "cpu") -> Iterator[Counted]:
    """A classifier of ViT-Base's shape with random weights."""
    from transformers import ViTConfig, ViTForImageClassification
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    with tempfile.TemporaryDirectory() as folder, torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        ViTForImageClassification(ViTConfig(num_labels=10)).save_pretrained(folder)
        ViTImageProcessorPil().save_pretrained(folder)
        yield Counted(HubConfig("ViT-Base", Path(folder), device))


def mixed_segments(count: int = COUNT) -> Segments:
    """Segments of mixed size and place; no two show the same pixels."""
    draw = np.random.default_rng(0)
    items = []
    for _ in range(count):
        height, width = draw.integers(*SIDES_PX, 2).tolist()
        y, x = (int(draw.integers(0, SIZE_HW[n] - side)) for n, side in ((0, height), (1, width)))
        box = (x, y, x + width, y + height)
        items.append(Segment(torch.ones(height, width), box, box))
    return Segments(SIZE_HW, items)


def against_bare_forward(model: Counted, parts: Sequence[Segments], photo: Tensor) -> Pairs:
    """Ours and the plain way, batch by batch in turn: neither has the quieter minutes.

    The plain way's image processor goes over all crops first; each batch bears its share of that.
    """
    images = [crop.image for part in parts for crop in Crops.of(part, photo)[0]]
    processor, plain = _plain(model.config.folder)
    begin = time.perf_counter()
    pixels = processor(images=images, return_tensors="pt")["pixel_values"]
    share = 1000 * (time.perf_counter() - begin) / len(parts)
    batches = pixels.split(BATCH)
    with torch.inference_mode():
        plain(pixel_values=batches[0])
    ask_at_once(model, parts[:1], photo)

    def forward(batch: Tensor) -> None:
        with torch.inference_mode():
            plain(pixel_values=batch).logits.softmax(dim=-1).tolist()

    found = pairs(
        [lambda p=part: ask_at_once(model, [p], photo) for part in parts],
        [lambda b=batch: forward(b) for batch in batches],
    )
    return [(own, peer + share) for own, peer in found]


def ask_at_once(model: Counted, asked: Sequence[Segments], photo: Tensor) -> None:
    """Sessions that share a model and a memory that is still empty, each in its own thread."""
    cached = CachedClassifier(model, ScoreCache())
    with ThreadPoolExecutor(len(asked)) as threads:
        answers = list(threads.map(lambda each: score_segments(cached, each, photo), asked))
    if not all(scores for answer in answers for scores in answer):
        raise ValueError("a crop has no scores")


def pairs(own: Sequence[Callable[[], Any]], peer: Sequence[Callable[[], Any]]) -> Pairs:
    """The times of each pair in ms; every other pair goes backwards."""
    found = []
    for turn, both in enumerate(zip(own, peer, strict=True)):
        times = {}
        for place in (0, 1)[:: -1 if turn % 2 else 1]:
            begin = time.perf_counter()
            both[place]()
            times[place] = 1000 * (time.perf_counter() - begin)
        found.append((times[0], times[1]))
    return found


def ratio_row(what: str, times: Pairs, bound: float | None) -> Row:
    """The median of the pairs' ratios: what slows a machine down for a while slows down both."""
    ratio = statistics.median(own / peer for own, peer in times)
    peer = statistics.median(peer for _, peer in times)
    return Row(what, ratio * peer, peer, "ms", bound)


def _forwards_row(model: Counted, segments: Segments, photo: Tensor) -> Row:
    """What another expression asks of the model, on the same areas found anew."""
    cached = CachedClassifier(model, ScoreCache())
    few = segments.items[:BATCH]
    classify(cached, segments.of(few), "LABEL_0 > 0.5", photo)
    before = model.judged
    classify(cached, segments.of(few), "LABEL_1 > 0.1", photo)
    return Row("crops judged for a second expression / of", model.judged - before, BATCH, "", 0)


def _pipeline(folder: Path | None, device: str) -> Any:
    from transformers import pipeline

    return pipeline("image-classification", model=str(folder), device=device)


def _plain(folder: Path | None) -> tuple[Any, Any]:
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    loader: Any = AutoImageProcessor
    model = AutoModelForImageClassification.from_pretrained(folder, dtype=torch.float32)
    return loader.from_pretrained(folder), model.eval()
