from pathlib import Path

import pytest
from PIL import Image

from segui.errors import InputError
from segui.finders.from_files import Inputs, SegmentOptions, segments_of_masks
from segui.settings import Settings


class StoppedError(Exception):
    pass


@pytest.fixture
def masks(tmp_path: Path) -> tuple[Path, ...]:
    """Three masks of one square each."""
    paths = tuple(tmp_path / f"{name}.png" for name in ("a", "b", "c"))
    for place, path in enumerate(paths):
        mask = Image.new("L", (90, 30))
        mask.paste(255, (30 * place + 5, 5, 30 * place + 25, 25))
        mask.save(path)
    return paths


def found(masks: tuple[Path, ...], progress=None):
    inputs = Inputs(Path(), masks)
    return segments_of_masks(inputs, (30, 90), SegmentOptions(), Settings(), progress)


def test_it_is_told_how_many_files_are_read_and_when_their_areas_are_found(masks):
    told = []
    segments, _ = found(masks, lambda *step: told.append(step))
    assert told == [(0, 3), (1, 3), (2, 3), *[(3, 3)] * 3]
    assert [tuple(one.bbox) for one in segments.items] == [
        (30 * place + 5, 5, 30 * place + 25, 25) for place in range(3)
    ]


@pytest.mark.parametrize("after", range(6))
def test_what_is_raised_ends_it(masks, after):
    told = []

    def stop(*step: int) -> None:
        if len(told) == after:
            raise StoppedError
        told.append(step)

    with pytest.raises(StoppedError):
        found(masks, stop)
    assert len(told) == after


def test_too_many_areas_of_masks_and_paint_together_are_refused(masks, tmp_path):
    with Image.open(masks[2]) as mask:
        mask.save(tmp_path / "painted.png")
    inputs = Inputs(Path(), masks[:2], painted=tmp_path / "painted.png")
    limits = Settings(max_segments=2)
    with pytest.raises(InputError, match=r"^there are 3 areas, at most 2 are allowed: "):
        segments_of_masks(inputs, (30, 90), SegmentOptions(), limits)
