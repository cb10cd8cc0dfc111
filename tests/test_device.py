import pytest
import torch

from segui import InputError, paste
from segui.backend.coverage import coverage
from segui.device import choose_device
from tests.backend.test_paste import scattered
from tests.drawn import levels, picture

ACCELERATOR = choose_device("gpu")
needs_accelerator = pytest.mark.skipif(
    ACCELERATOR.type == "cpu", reason="this machine has no accelerator"
)


def test_the_cpu_is_always_there():
    assert choose_device("cpu").type == "cpu"


@pytest.mark.parametrize("name", ["auto", "gpu"])
@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_an_accelerator_goes_before_the_cpu(monkeypatch, name, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device(name).type == expected


def test_another_name_is_refused():
    with pytest.raises(InputError) as caught:
        choose_device("tpu")
    assert str(caught.value) == "the device is 'tpu': expected one of auto, gpu, cpu"


@needs_accelerator
@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
@pytest.mark.parametrize("feather", [0, 3, 20, 60])
def test_an_accelerator_gives_the_same_within_1e_4(edge, feather):
    base, reference = picture(64, 80, 1), picture(64, 80, 2)
    segments = scattered((64, 80))
    on_cpu = paste(base, segments, feather, 200, reference, edge)
    there = paste(base.to(ACCELERATOR), segments, feather, 200, reference.to(ACCELERATOR), edge)
    assert there.device.type == ACCELERATOR.type
    assert (there.cpu() - on_cpu).abs().max() < 1e-4
    as_bytes = paste(levels(base).to(ACCELERATOR), segments, feather, 200, levels(reference), edge)
    wanted = paste(levels(base), segments, feather, 200, levels(reference), edge)
    assert (as_bytes.cpu().int() - wanted.int()).abs().max() <= 1
    covered = coverage(segments, (64, 80), feather, 200, edge, ACCELERATOR)
    assert torch.allclose(
        covered.cpu(), coverage(segments, (64, 80), feather, 200, edge), atol=1e-4
    )
