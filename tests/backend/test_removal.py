import numpy as np
import pytest
import torch

from segui.backend import removal
from segui.backend.removal import remove_segments
from segui.finders.regions import segments_from_mask
from tests.backend.test_stopping_a_paste import GoneError, Stopping, squares


def ramp(height: int = 90, width: int = 120) -> torch.Tensor:
    """Grey from left to right, the same in each row."""
    row = torch.linspace(20, 220, width).round().to(torch.uint8)
    return row.repeat(height, 1)[None, ..., None].repeat(1, 1, 1, 3)


def marked(*boxes: tuple[int, int, int, int], size=(90, 120)):
    mask = torch.zeros(size)
    for x1, y1, x2, y2 in boxes:
        mask[y1:y2, x1:x2] = 1
    return segments_from_mask(mask, drop_size=1)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("channels", [3, 4])
def test_a_spot_on_a_plain_ground_is_gone_and_nothing_else_changes(dtype, channels):
    plain = ramp()
    if channels == 4:
        plain = torch.cat((plain, torch.full((1, 90, 120, 1), 200, dtype=torch.uint8)), 3)
    if dtype == torch.float32:
        plain = plain.float() / 255
    spotted = plain.clone()
    spotted[:, 40:52, 50:62, :3] = 0
    segments = marked((50, 40, 62, 52))
    filled = remove_segments(spotted, segments)
    is_spot = torch.zeros(90, 120, dtype=torch.bool)
    is_spot[40:52, 50:62] = True
    assert filled.dtype == dtype
    assert torch.equal(filled[:, ~is_spot], spotted[:, ~is_spot])
    assert torch.equal(filled[..., 3:], spotted[..., 3:])
    full = 255 if dtype == torch.uint8 else 1
    assert (filled - plain.float()).abs().max() < 0.1 * full


def test_no_removed_area_is_a_source_for_another():
    image = ramp()
    image[:, 30:60, 40:80] = 0
    segments = marked((40, 30, 60, 60), (60, 30, 80, 60))
    halves = segments.of(segments.items)
    assert remove_segments(image, halves)[0, 30:60, 40:80].min() > 60


def test_a_large_area_is_filled_in_fewer_pixels(monkeypatch):
    monkeypatch.setattr(removal, "LONGEST_PX", 30)
    image = ramp()
    image[:, 20:70, 30:90] = 0
    filled = remove_segments(image, marked((30, 20, 90, 70)))
    assert (filled[0, 20:70, 30:90].int() - ramp()[0, 20:70, 30:90].int()).abs().max() < 50
    assert torch.equal(filled[:, :20], image[:, :20])


def test_what_has_nothing_around_it_stays():
    image = ramp()
    assert torch.equal(remove_segments(image, marked((0, 0, 120, 90))), image)


def test_a_segment_at_the_border_is_filled_from_the_sides_that_there_are():
    image = ramp()
    image[:, :20, :20] = 255
    filled = remove_segments(image, marked((0, 0, 20, 20)))
    assert filled[0, :20, :20].float().mean() < 80


def test_what_nobody_waits_for_ends_between_two_segments():
    segments = squares()
    image = torch.zeros(1, *segments.size, 3, dtype=torch.uint8)
    with pytest.raises(GoneError):
        remove_segments(image, segments, stop=Stopping(5))
    assert np.array_equal(remove_segments(image, segments.of(())).numpy(), image.numpy())
