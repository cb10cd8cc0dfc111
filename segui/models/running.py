"""Runs a model over crops: in batches that fit its device, and never two at once."""

import copy
import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from threading import Lock
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from segui.device import choose_device
from segui.errors import ClassifierError
from segui.models.preparing import BATCH

ModelInputs = Mapping[str, Tensor]

_BATCH_ACCELERATOR = 32
# What a ViT-Base takes for one crop while it runs in half precision, with room to spare.
_CROP_BYTES = 64e6
_MOST_THREADS = 8

# How far half precision may move a score. It moves log-odds, by about the same for every crop, and
# a score by at most a quarter of that: an undecided one. Scores nearer to 0 or 1 than _FLAT say
# too little of their log-odds in float32.
_CLOSE = 0.01
_FLAT = 0.001

_TOO_LITTLE = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "defaultcpuallocator",
    "alloc_failed",
)
# What a processor raises at an image that it cannot make the model's inputs of.
_CANNOT_PREPARE = (ArithmeticError, LookupError, TypeError, ValueError)
_PLAIN_SIDE = 64
_THINNEST = 4  # times as long as wide
_LEAST_SIDE = 32  # px

_MOVED = "The accelerator's memory is too small for this model: it runs on the CPU, more slowly."


class Runner:
    """A model on its device, with batches that fit there.

    Threads may share one: batches run one after the other, each on all of the device, and what
    comes before a batch is done beside another's. When memory runs out, the batch is halved and
    tried again; when one crop alone does not fit, the model moves to the CPU.

    On a CPU it is float32 with torch's own threads, eight crops at once. Measured with a ViT-Base's
    layers on two busy cores that know bfloat16, against that: batches of 16 took as long, single
    crops 1.1 to 2 times; one thread 0.9, so there was nothing to gain by changing what is torch's;
    float16 4.6; bfloat16 0.3. But bfloat16 moved log-odds by 0.15, and so the score of an undecided
    crop by 0.04, and few CPUs know it.

    Args:
        model: transformers' model, float32, in no other's hands.
        scores_of: The scores of a batch, (B, labels) float32, from what the model puts out.
        device: ``cpu``, ``cuda`` or ``mps``.
        batch_size: Crops that run at once, at least 1; None is sized to the device.
        halves: Half precisions to try, the best first; None is what the device is good at. An
            accelerator stays with float32 when none is close enough.
    """

    def __init__(
        self,
        model: Any,
        scores_of: Callable[[Any], Tensor],
        device: str,
        batch_size: int | None = None,
        halves: Sequence[torch.dtype] | None = None,
    ) -> None:
        self._scores_of = scores_of
        self._lock = Lock()
        self._process = 0
        self._model: Any = model.eval()
        self._untried: tuple[torch.dtype, ...] = ()
        self.device, self.batch_size = "cpu", batch_size or BATCH
        self.notes: tuple[str, ...] = ()
        if self._reaches(device):
            self._untried = _halves_of(device) if halves is None else tuple(halves)
            self.device, self.batch_size = device, batch_size or _batch_for(device)

    @property
    def dtype(self) -> torch.dtype:
        """The precision that it runs in."""
        return next((weight.dtype for weight in self._model.parameters()), torch.float32)

    @property
    def size_bytes(self) -> int:
        """What the weights take."""
        tensors = [*self._model.parameters(), *self._model.buffers()]
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)

    def run(
        self, images: Sequence[Image.Image], prepare: Callable[[Image.Image], ModelInputs]
    ) -> list[list[float]]:
        """The scores of each image, in order; NaN for one that cannot be prepared, if others can.

        Args:
            images: Mode RGB, of any size.
            prepare: Makes the model's inputs of one image, each with a batch axis of 1.

        Raises:
            Exception: Whatever ``prepare`` or the model raises; that memory ran out only when one
                image is too much for the CPU.
        """
        prepared = self._prepared(images, prepare)
        inputs = [each for each, _ in prepared]
        rows: list[list[float]] = []
        while len(rows) < len(inputs):
            rest = inputs[len(rows) :]
            rows += self._turns().submit(self._run_or_shrink, rest).result()
        pairs = zip(rows, prepared, strict=True)
        return [row if is_own else [math.nan] * len(row) for row, (_, is_own) in pairs]

    @cached_property
    def has_bad_weights(self) -> bool:
        """Whether some weights are no finite numbers: then its scores say nothing."""
        return not all(bool(weight.isfinite().all()) for weight in self._model.parameters())

    def _turns(self) -> ThreadPoolExecutor:
        """The one thread that runs batches, each in its turn.

        A lock would do, but for a CPU's threads: each thread that runs a model has helpers of its
        own there, and eight sessions took 1.07 to 1.3 times as long as one for the same batches.
        """
        with self._lock:
            if self._process != os.getpid():  # a thread does not come along into a forked process
                self._process = os.getpid()
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="classifier")
            return self._thread

    def _prepared(
        self, images: Sequence[Image.Image], prepare: Callable[[Image.Image], ModelInputs]
    ) -> list[tuple[ModelInputs, bool]]:
        """The inputs of each image, and whether they are its own or a plain image's."""
        # A CPU is busy with the model as it is. An accelerator would wait: preparing a crop takes
        # one core longer than it takes an accelerator to judge it. Threads end with the call, so
        # that none are missing in a process that was forked from this one.
        threads = min(_MOST_THREADS, os.cpu_count() or 1, len(images))
        if self.device == "cpu" or threads < 2:
            return [_inputs_of(image, prepare) for image in images]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(partial(_inputs_of, prepare=prepare), images))

    def _reaches(self, device: str) -> bool:
        """Whether the model fits on a device, and is there now; else it is on the CPU."""
        try:
            self._model.to(device)
        except Exception as error:
            if device == "cpu" or not is_out_of_memory(error):
                raise
        else:
            return True
        self._move_to_cpu()
        _empty_cache()
        return False

    def _run_or_shrink(self, inputs: Sequence[ModelInputs]) -> list[list[float]]:
        """The scores of the first batch, or none of them and less to run at once next time."""
        part = _alike(inputs[: self.batch_size])
        try:
            return self._run_batch(part)
        except Exception as error:
            is_last_try = len(part) == 1 and self.device == "cpu"
            if is_last_try or not is_out_of_memory(error):
                raise
        # Only here is the error gone, and with it all that its traceback held in memory.
        if len(part) > 1:
            self.batch_size = len(part) // 2
        else:
            self._move_to_cpu()
        _empty_cache()
        return []

    def _move_to_cpu(self) -> None:
        self._untried = ()
        self._model = self._model.to("cpu", torch.float32)
        self.device, self.batch_size = "cpu", BATCH
        self.notes = (*self.notes, _MOVED)

    def _run_batch(self, part: Sequence[ModelInputs]) -> list[list[float]]:
        scores = self._forward(self._model, part)
        self._choose_precision(part, scores)
        rows: list[list[float]] = scores.tolist()
        return rows

    def _choose_precision(self, part: Sequence[ModelInputs], exact: Tensor) -> None:
        """Go on with the first half precision that moves scores no further than is promised.

        Both models are held meanwhile; where memory does not suffice for that, float32 stays.
        """
        untried, self._untried = self._untried, ()
        for dtype in untried:
            try:
                half = copy.deepcopy(self._model).to(dtype)
                moved = _could_move(self._forward(half, part), exact)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                return
            if moved <= _CLOSE:  # not so of what has overflowed: it is no number
                self._model = half
                return

    def _forward(self, model: Any, part: Sequence[ModelInputs]) -> Tensor:
        dtype = next((weight.dtype for weight in model.parameters()), torch.float32)
        batch = {}
        for name in part[0]:
            joined = torch.cat([inputs[name] for inputs in part])
            batch[name] = joined.to(self.device, dtype if joined.is_floating_point() else None)
        with torch.inference_mode():
            return self._scores_of(model(**batch)).float().cpu()


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory did not suffice, of a CPU or an accelerator."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    # On MPS and on a CPU torch has no class of its own for it.
    said = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in said for words in _TOO_LITTLE)


def running_error(
    error: Exception, name: str, too_much: str = "smaller or fewer segments, or a smaller model"
) -> ClassifierError:
    """The sentence for a model that failed while it ran; one that it said itself stays.

    Args:
        error: Why it failed.
        name: What the user calls it.
        too_much: What to take instead where memory ran out.
    """
    if isinstance(error, ClassifierError):
        return error
    if is_out_of_memory(error):
        return ClassifierError(f"{name!r} ran out of memory: take {too_much}")
    return ClassifierError(f"{name!r} failed while it ran: it may not fit this kind of input")


def loading_error(error: Exception, name: str) -> ClassifierError:
    """As ``running_error``, of a model that failed before it was shown anything."""
    return running_error(error, name, too_much="a smaller model")


def pick_device(wish: str) -> tuple[str, tuple[str, ...]]:
    """The device that a wish comes to, and what to say about it.

    Args:
        wish: ``auto``, ``gpu`` or ``cpu``.

    Raises:
        InputError: Another wish.
    """
    device = choose_device(wish).type
    if device == "cpu" and wish == "gpu":
        return device, ("There is no GPU here: the classifier runs on the CPU.",)
    return device, ()


def _inputs_of(
    image: Image.Image, prepare: Callable[[Image.Image], ModelInputs]
) -> tuple[ModelInputs, bool]:
    """The inputs of an image, or of a plain one in its place: the others of its batch go on.

    What is too thin for a processor is shown to it with its border pixels repeated.
    """
    try:
        return prepare(image), True
    except _CANNOT_PREPARE as error:
        try:
            return prepare(_thickened(image)), True
        except _CANNOT_PREPARE:
            pass
        try:
            return prepare(Image.new("RGB", (_PLAIN_SIDE, _PLAIN_SIDE))), False
        except _CANNOT_PREPARE:
            raise error from None  # no image can be prepared


def _thickened(image: Image.Image) -> Image.Image:
    """A thin or tiny image in the middle of what its border pixels give, repeated outwards."""
    least = max(_LEAST_SIDE, -(-max(image.size) // _THINNEST))
    pixels = np.asarray(image.convert("RGB"))
    missing = [max(0, least - side) for side in pixels.shape[:2]]
    padding = [(each // 2, each - each // 2) for each in missing]
    return Image.fromarray(np.pad(pixels, (*padding, (0, 0)), mode="edge"))


def _alike(inputs: Sequence[ModelInputs]) -> Sequence[ModelInputs]:
    """The first ones that fit in one batch: a processor may keep each image's own shape."""
    shapes = [{name: tensor.shape for name, tensor in each.items()} for each in inputs]
    other = next((n for n, shape in enumerate(shapes) if shape != shapes[0]), len(inputs))
    return inputs[:other]


def _could_move(half: Tensor, exact: Tensor) -> float:
    """How far scores like these can be apart at most, from how far these are."""
    apart = torch.logit(half, _FLAT) - torch.logit(exact, _FLAT)
    return float(apart.abs().max()) / 4


def _halves_of(device: str) -> tuple[torch.dtype, ...]:
    # Both are equally fast. float16 comes first: its steps are an eighth of bfloat16's. With a
    # ViT-Base it moved log-odds by 0.02, bfloat16 by 0.15, which is too much for undecided crops.
    # bfloat16 is for models whose numbers are too large for float16.
    if device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float16, torch.bfloat16
    return () if device == "cpu" else (torch.float16,)


def _batch_for(device: str) -> int:
    if device == "cpu":
        return BATCH
    if device != "cuda":
        return _BATCH_ACCELERATOR
    free, _ = torch.cuda.mem_get_info()
    return max(1, min(_BATCH_ACCELERATOR, int(free // _CROP_BYTES)))


def _empty_cache() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()
