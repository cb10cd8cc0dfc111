from pathlib import Path

import pytest
from PIL import Image

from segui.errors import InputError
from segui.finders.from_files import segments_of_masks
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
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


STUDIO = "task-12-annotation-3-by-1-tag"
Square = tuple[int, int, int, int]


def squares(folder: Path, **drawn: Square) -> tuple[Path, ...]:
    """A mask of 90 x 30 for each name, of one square."""
    paths = []
    for name, box in drawn.items():
        mask = Image.new("L", (90, 30))
        mask.paste(255, box)
        mask.save(folder / f"{name}.png")
        paths.append(folder / f"{name}.png")
    return tuple(paths)


def boxes(masks: tuple[Path, ...], **options) -> list[tuple[str, Square]]:
    options = SegmentOptions(drop_size=1, **options)
    segments, _ = segments_of_masks(Inputs(Path(), masks), (30, 90), options, Settings())
    return [(item.label, tuple(item.bbox)) for item in segments.items]


def notes(masks: tuple[Path, ...], **options) -> list[str]:
    options = SegmentOptions(drop_size=1, **options)
    return segments_of_masks(Inputs(Path(), masks), (30, 90), options, Settings())[1]


@pytest.fixture
def brushed(tmp_path: Path) -> tuple[Path, ...]:
    """Two overlapping red cars and a dog, as Label Studio exports what was brushed."""
    return squares(
        tmp_path,
        **{
            f"{STUDIO}-red car-0": (5, 5, 25, 15),
            f"{STUDIO}-red car-1": (15, 8, 40, 20),
            f"{STUDIO}-dog-0": (60, 9, 80, 29),
        },
    )


def test_areas_are_labelled_by_what_file_names_do_not_have_in_common(brushed):
    assert boxes(brushed) == [
        ("red car", (5, 5, 25, 15)),
        ("red car", (15, 8, 40, 20)),
        ("dog", (60, 9, 80, 29)),
    ]
    sentence = 'labelled "red car", as Label Studio names its files'
    assert f"{brushed[0].name}: {sentence}" in notes(brushed)


def test_areas_may_be_labelled_by_whole_file_names(brushed):
    whole = [label for label, _ in boxes(brushed, file_labels="whole")]
    assert whole == [path.stem for path in brushed]
    assert not any("labelled" in note for note in notes(brushed, file_labels="whole"))


def test_a_lone_file_of_a_program_for_labelling_has_its_label(brushed):
    assert boxes(brushed[2:]) == [("dog", (60, 9, 80, 29))]
    assert boxes(brushed[2:], file_labels="whole") == [("A", (60, 9, 80, 29))]


def test_other_names_say_what_was_left_out_of_them(tmp_path):
    masks = squares(tmp_path, p_car_1=(5, 5, 9, 9), p_dog_1=(15, 8, 40, 20))
    sentence = 'labelled "car": its name without what the names have in common or count'
    assert f"p_car_1.png: {sentence}" in notes(masks)
    assert [label for label, _ in boxes(masks)] == ["car", "dog"]


def test_areas_of_one_label_are_merged_where_asked_for(brushed):
    assert boxes(brushed, merge_labels=True) == [
        ("red car", (5, 5, 40, 20)),
        ("dog", (60, 9, 80, 29)),
    ]
    assert 'areas of one label are one: "red car" (2)' in notes(brushed, merge_labels=True)


def test_what_is_painted_beside_one_file_is_called_so(tmp_path):
    mask, painted = squares(tmp_path, sky=(5, 5, 25, 20), other=(50, 5, 60, 15))
    inputs = Inputs(Path(), (mask,), painted=painted)
    segments, _ = segments_of_masks(inputs, (30, 90), SegmentOptions(), Settings())
    assert [item.label for item in segments.items] == ["sky", "painted"]


@pytest.mark.parametrize("name", ["turn_masks", "file_labels", "turn_photo"])
def test_a_word_that_an_option_has_not_is_refused_before_any_work(name):
    with pytest.raises(InputError, match=f"^{name} is 'zzz': expected "):
        SegmentOptions(**{name: "zzz"})
