"""Scores asked for in batches; what selections do with them is in test_selection.py."""

import numpy as np
import pytest
import torch

from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.scores.scoring import Loadable, score_segments
from segui.segments.segment import Segments
from tests.drawn import segment

SIZE_HW = (8, 64)
CROPS = [(8 * n, 0, 8 * n + 8, 8) for n in range(8)]


def eight():
    return Segments(SIZE_HW, [segment(crop) for crop in CROPS])


def stripes(*levels):
    """A picture whose eight crops have these reds."""
    row = np.repeat(np.array(levels, np.uint8), 8)
    pixels = np.zeros((1, *SIZE_HW, 3), np.uint8)
    pixels[..., 0] = row
    return torch.from_numpy(pixels)


class Reds:
    """Scores red; tells what it was asked, and its loading."""

    identity = "reds"

    def __init__(self, told=None, batch_size=None):
        self.told = [] if told is None else told
        if batch_size is not None:
            self.batch_size = batch_size

    def load(self, progress=None):
        if progress is not None:
            progress(1, 2)
            progress(2, 2)

    def score(self, crops):
        reds = [crop.image.getpixel((0, 0))[0] for crop in crops]
        self.told.append(reds)
        return [{"red": red / 255} for red in reds]


def test_batches_are_as_large_as_the_classifier_runs_at_once():
    told = []
    classifier = Reds(told, batch_size=5)
    score_segments(
        classifier, eight(), stripes(*range(8)), progress=lambda *step: told.append(step)
    )
    assert told == [(0, 8), [0, 1, 2, 3, 4], (5, 8), [5, 6, 7], (8, 8)]


def test_a_classifier_that_does_not_say_gets_eight():
    told = []
    score_segments(
        Reds(told), eight(), stripes(*range(8)), progress=lambda *step: told.append(step)
    )
    assert told == [(0, 8), list(range(8)), (8, 8)]


def test_what_is_asked_for_comes_before_what_the_classifier_says():
    told = []
    classifier = Reds(batch_size=5)
    steps = {"progress": lambda done, _: told.append(done), "batch": 4}
    score_segments(classifier, eight(), stripes(*range(8)), **steps)
    assert told == [0, 4, 8]


def test_a_batch_that_was_halved_stays_so():
    class Shrinking(Reds):
        batch_size = 4

        def score(self, crops):
            self.batch_size = 2
            return super().score(crops)

    told = []
    score_segments(
        Shrinking(), eight(), stripes(*range(8)), progress=lambda done, _: told.append(done)
    )
    assert told == [0, 4, 6, 8]


def test_loading_is_told_before_the_first_batch():
    told = []
    score_segments(
        Reds(told),
        eight(),
        stripes(*range(8)),
        progress=lambda *step: told.append(("judged", *step)),
        loading=lambda *step: told.append(("loaded", *step)),
    )
    assert told == [
        ("loaded", 1, 2),
        ("loaded", 2, 2),
        ("judged", 0, 8),
        list(range(8)),
        ("judged", 8, 8),
    ]


def test_what_loading_raises_ends_the_work():
    class CancelledError(Exception):
        pass

    def cancel(done, total):
        raise CancelledError

    classifier = Reds()
    with pytest.raises(CancelledError):
        score_segments(classifier, eight(), stripes(*range(8)), loading=cancel)
    assert classifier.told == []


def test_nothing_is_loaded_for_segments_without_pixels():
    told = []
    score_segments(Reds(), eight(), loading=lambda *step: told.append(step))
    assert told == []


def test_a_classifier_that_loads_nothing_is_just_asked():
    class Bare:
        def score(self, crops):
            return [{"a": 1.0} for _ in crops]

    assert not isinstance(Bare(), Loadable)
    assert isinstance(Reds(), Loadable)
    scores = score_segments(Bare(), eight(), stripes(*range(8)), loading=lambda *_: None)
    assert scores == ({"a": 1.0},) * 8


def test_a_second_picture_costs_only_its_new_crops():
    cached = CachedClassifier(Reds(), ScoreCache())
    assert isinstance(cached, Loadable)
    first = score_segments(cached, eight(), stripes(1, 2, 1, 2, 1, 2, 1, 2))
    second = score_segments(cached, eight(), stripes(2, 1, 3, 3, 3, 3, 3, 3))
    assert cached.told == [[1, 2], [3]]
    assert [round(255 * each["red"]) for each in first] == [1, 2] * 4
    assert [round(255 * each["red"]) for each in second] == [2, 1, 3, 3, 3, 3, 3, 3]
