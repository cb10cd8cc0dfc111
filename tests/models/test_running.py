import gc
import math
import threading
import time
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor

from segui.models import running
from segui.models.running import Runner, is_out_of_memory, loading_error, running_error

OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried"),
    MemoryError(),
]


class Brightness(torch.nn.Module):
    """Two logits of each image's mean; more than ``most`` images at once are too much."""

    def __init__(self, most: int = 1000, error: Exception | None = None) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))
        self.most = most
        self.error = error or torch.OutOfMemoryError("CUDA out of memory")
        self.asked: list[int] = []

    def forward(self, pixel_values: Tensor) -> Any:
        self.asked.append(len(pixel_values))
        if len(pixel_values) > self.most:
            raise self.error
        mean = pixel_values.mean(dim=(1, 2, 3)) * self.weight
        return SimpleNamespace(logits=torch.stack([mean, -mean], dim=1))


def scores_of(output: Any) -> Tensor:
    return output.logits.float().softmax(dim=-1)


def prepare(image: Image.Image) -> dict[str, Tensor]:
    pixels = torch.tensor(list(image.tobytes()), dtype=torch.float32) / 255
    return {"pixel_values": pixels.reshape(1, 3, image.height, image.width)}


def grey(level: int, size: tuple[int, int] = (4, 4)) -> Image.Image:
    return Image.new("RGB", size, (level, level, level))


GREYS = [grey(level) for level in range(0, 200, 20)]
EXPECTED = [[1 / (1 + torch.tensor(-2 * level / 255).exp().item())] for level in range(0, 200, 20)]


def runner_of(model: Brightness, batch_size: int | None = None, **options: Any) -> Runner:
    return Runner(model, scores_of, "cpu", batch_size, **options)


def bright(rows: list[list[float]]) -> list[list[float]]:
    """The first of each row's two scores, which add up to 1."""
    assert [sum(row) for row in rows] == pytest.approx([1] * len(rows))
    return [row[:1] for row in rows]


class OnAccelerator(Runner):
    """One whose device is called an accelerator: what it is told to do there is seen here."""

    def __init__(self, model: Brightness, batch_size: int, halves: Any = ()) -> None:
        super().__init__(model, scores_of, "cpu", batch_size, halves)
        self.device = "cuda"

    def _forward(self, model: Any, part: Any) -> Tensor:
        said, self.device = self.device, "cpu"
        try:
            return super()._forward(model, part)
        finally:
            self.device = said


# Batches.


@pytest.mark.parametrize(
    ("batch_size", "asked"), [(None, [8, 2]), (1, [1] * 10), (4, [4, 4, 2]), (99, [10])]
)
def test_images_run_in_batches_and_come_back_in_order(
    batch_size: int | None, asked: list[int]
) -> None:
    model = Brightness()
    rows = runner_of(model, batch_size).run(GREYS, prepare)
    assert model.asked == asked
    for row, expected in zip(bright(rows), EXPECTED, strict=True):
        assert row == pytest.approx(expected, abs=1e-6)


def test_nothing_runs_nothing() -> None:
    model = Brightness()
    assert runner_of(model).run([], prepare) == []
    assert model.asked == []


@pytest.mark.parametrize("error", [ValueError("mean must have 1 elements"), ZeroDivisionError()])
def test_an_image_that_cannot_be_prepared_has_no_numbers_and_the_others_theirs(
    error: Exception,
) -> None:
    def prepare_large(image: Image.Image) -> dict[str, Tensor]:
        if image.getpixel((0, 0)) == (20, 20, 20):
            raise error
        return prepare(image)

    runner = runner_of(Brightness(), batch_size=2)
    images = [grey(10), grey(20, (1, 9)), grey(30)]
    first, odd, last = runner.run(images, prepare_large)
    assert [first, last] == runner.run([grey(10), grey(30)], prepare)
    assert all(math.isnan(score) for score in odd)
    (alone,) = runner.run(images[1:2], prepare_large)
    assert all(math.isnan(score) for score in alone)


@pytest.mark.parametrize("size", [(1, 1000), (3, 200), (200, 3), (1, 1)])
def test_an_image_too_thin_for_a_processor_is_judged_with_its_border_repeated(
    size: tuple[int, int],
) -> None:
    seen: list[tuple[int, int]] = []

    def prepare_thick(image: Image.Image) -> dict[str, Tensor]:
        if min(image.size) < 16 or max(image.size) > 50 * min(image.size):
            raise ValueError("absolute aspect ratio must be smaller than 50")
        seen.append(image.size)
        return prepare(image.resize((4, 4)))

    runner = runner_of(Brightness())
    (alone,) = runner.run([grey(20)], prepare)
    assert runner.run([grey(20, size)], prepare_thick) == [pytest.approx(alone)]
    least = max(32, max(size) // 4)
    assert seen == [(max(size[0], least), max(size[1], least))]


def test_where_no_image_can_be_prepared_the_error_is_raised() -> None:
    def prepare_nothing(image: Image.Image) -> dict[str, Tensor]:
        raise ValueError(f"no images of {image.width} px")

    with pytest.raises(ValueError, match=r"^no images of 4 px$"):
        runner_of(Brightness()).run([grey(10)], prepare_nothing)


def test_images_that_keep_their_shapes_share_batches_with_their_like() -> None:
    model = Brightness()
    images = [grey(50), grey(60), grey(70, (5, 4)), grey(80)]
    assert len(runner_of(model).run(images, prepare)) == 4
    assert model.asked == [2, 1, 1]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=str)
def test_a_batch_too_large_is_halved_until_it_fits_and_stays_so(error: Exception) -> None:
    model = Brightness(most=2, error=error)
    runner = runner_of(model, 8)
    rows = bright(runner.run(GREYS, prepare))
    assert rows == [pytest.approx(row, abs=1e-6) for row in EXPECTED]
    assert model.asked == [8, 4, 2, 2, 2, 2, 2]
    assert runner.batch_size == 2
    model.asked.clear()
    runner.run(GREYS[:4], prepare)
    assert model.asked == [2, 2]
    assert runner.notes == ()


def test_one_image_too_large_for_the_cpu_is_the_models_own_error() -> None:
    model = Brightness(most=0)
    with pytest.raises(torch.OutOfMemoryError) as caught:
        runner_of(model, 4).run(GREYS, prepare)
    assert caught.value is model.error
    assert model.asked == [4, 2, 1]


def test_another_error_is_not_tried_again() -> None:
    model = Brightness(most=0, error=KeyError("logits"))
    with pytest.raises(KeyError):
        runner_of(model, 4).run(GREYS, prepare)
    assert model.asked == [4]


@pytest.mark.long
def test_what_a_failed_batch_held_is_free_before_the_next_try() -> None:
    held: list[weakref.ref[Any]] = []

    class Holding(Brightness):
        def forward(self, pixel_values: Tensor) -> Any:
            assert not [each for each in held if each() is not None]
            large = torch.zeros(1000)
            held.append(weakref.ref(large))
            if len(pixel_values) > 1:  # with an error of its own, which nobody keeps
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().forward(pixel_values + large[0])

    gc.collect()
    model = Holding()
    runner_of(model, 4).run(GREYS[:2], prepare)
    assert len(held) == 3
    assert model.asked == [1, 1]


# From an accelerator to the CPU.


class SmallAccelerator(Brightness):
    """Too large for an accelerator; fits once it was told to go to the CPU."""

    def to(self, *arguments: Any, **options: Any) -> Any:
        self.most = 1000 if arguments[0] == "cpu" else 0
        return super().to(*(("cpu", *arguments[1:])), **options)


def test_one_image_too_large_for_an_accelerator_moves_the_model_to_the_cpu() -> None:
    model = SmallAccelerator()
    runner = OnAccelerator(model, 4)
    model.most = 0
    rows = bright(runner.run(GREYS, prepare))
    assert rows == [pytest.approx(row, abs=1e-6) for row in EXPECTED]
    assert model.asked == [4, 2, 1, 8, 2]
    assert (runner.device, runner.batch_size, runner.dtype) == ("cpu", 8, torch.float32)
    assert runner.notes == (
        "The accelerator's memory is too small for this model: it runs on the CPU, more slowly.",
    )


def test_a_model_whose_weights_do_not_fit_stays_on_the_cpu() -> None:
    class TooLarge(Brightness):
        def to(self, *arguments: Any, **options: Any) -> Any:
            if arguments[0] == "cuda":
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().to(*arguments, **options)

    runner = Runner(TooLarge(), scores_of, "cuda")
    assert (runner.device, runner.batch_size) == ("cpu", 8)
    assert len(runner.notes) == 1
    assert len(runner.run(GREYS, prepare)) == len(GREYS)


def test_on_an_accelerator_images_are_prepared_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running.os, "cpu_count", lambda: 4)
    meeting = threading.Barrier(4, timeout=30)

    def prepare_together(image: Image.Image) -> dict[str, Tensor]:
        meeting.wait()
        return prepare(image)

    rows = bright(OnAccelerator(Brightness(), 4).run(GREYS[:4], prepare_together))
    assert rows == [pytest.approx(row, abs=1e-6) for row in EXPECTED[:4]]


@pytest.mark.parametrize(
    ("free", "expected"), [(100e9, 32), (1e9, 15), (1e6, 1)], ids=["much", "some", "none"]
)
def test_an_accelerators_batch_is_what_its_free_memory_holds(
    free: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (int(free), int(100e9)))
    assert running._batch_for("cuda") == expected
    assert running._batch_for("mps") == 32
    assert running._batch_for("cpu") == 8


# Precision.


def test_half_precision_is_taken_where_it_is_close() -> None:
    runner = runner_of(Brightness(), halves=[torch.float16])
    assert runner.dtype == torch.float32
    first = bright(runner.run(GREYS, prepare))
    assert runner.dtype == torch.float16
    second = bright(runner.run(GREYS, prepare))
    assert first == [pytest.approx(row, abs=0.01) for row in EXPECTED]
    assert second == [pytest.approx(row, abs=0.01) for row in EXPECTED]
    assert runner.size_bytes == 2


class Spread(Brightness):
    """Its logits are so far apart that rounding them is seen."""

    def __init__(self, factor: float, offset: float) -> None:
        super().__init__()
        self.factor, self.offset = factor, offset

    def forward(self, pixel_values: Tensor) -> Any:
        logits = super().forward(pixel_values * self.factor).logits
        return SimpleNamespace(logits=logits - self.offset * logits.sign())


@pytest.mark.parametrize(
    ("factor", "offset", "taken"),
    [
        (1, 0, torch.float16),
        (1e6, 0, torch.bfloat16),  # float16 ends at 65504
        (30, 9.4, torch.float16),
        (3000, 941, torch.float32),  # undecided, and neither tells by how much,
    ],
)
def test_the_first_half_precision_that_is_close_enough_is_taken(
    factor: float, offset: float, taken: torch.dtype
) -> None:
    runner = runner_of(Spread(factor, offset), halves=[torch.float16, torch.bfloat16])
    exact = runner_of(Spread(factor, offset)).run(GREYS, prepare)
    runner.run(GREYS[4:6], prepare)
    assert runner.dtype == taken
    for row, expected in zip(runner.run(GREYS[4:6], prepare), exact[4:6], strict=True):
        assert row == pytest.approx(expected, abs=0.01)


def test_a_cpu_stays_with_float32() -> None:
    runner = runner_of(Brightness())
    runner.run(GREYS, prepare)
    assert runner.dtype == torch.float32
    assert runner.size_bytes == 4


def test_no_gradients_are_kept_and_torchs_threads_are_left_alone() -> None:
    modes = []

    class Watching(Brightness):
        def forward(self, pixel_values: Tensor) -> Any:
            modes.append((torch.is_inference_mode_enabled(), torch.get_num_threads()))
            return super().forward(pixel_values)

    threads = torch.get_num_threads()
    runner_of(Watching()).run(GREYS[:1], prepare)
    assert modes == [(True, threads)]
    assert torch.get_num_threads() == threads


# Several who ask.


def test_batches_of_several_threads_run_one_after_the_other() -> None:
    at_once = []

    class Slow(Brightness):
        inside = 0

        def forward(self, pixel_values: Tensor) -> Any:
            Slow.inside += 1
            at_once.append(Slow.inside)
            time.sleep(0.01)
            Slow.inside -= 1
            return super().forward(pixel_values)

    runner = runner_of(Slow(), 2)
    rows: dict[int, list[list[float]]] = {}

    def ask(number: int) -> None:
        rows[number] = bright(runner.run(GREYS[number : number + 4], prepare))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert at_once == [1] * 8
    for number in range(4):
        expected = EXPECTED[number : number + 4]
        assert rows[number] == [pytest.approx(row, abs=1e-6) for row in expected]


# Errors.


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=str)
def test_out_of_memory_is_told_from_its_kind_or_words(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert str(running_error(error, "m")) == (
        "'m' ran out of memory: take smaller or fewer segments, or a smaller model"
    )
    assert str(loading_error(error, "m")) == "'m' ran out of memory: take a smaller model"


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes differ"), ValueError("out of memory"), KeyError("logits")]
)
def test_other_errors_are_not_about_memory(error: Exception) -> None:
    assert not is_out_of_memory(error)
    assert str(running_error(error, "m")) == (
        "'m' failed while it ran: it may not fit this kind of input"
    )
