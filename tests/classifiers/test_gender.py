"""The built-in gender network on real faces."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from segui import ClassifierError, classify
from segui.classifiers import catalogue, gender, making
from segui.classifiers.base import Classifier, Crop
from segui.classifiers.catalogue import GENDER_BY_FACE
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.gender import LABELS, GenderByFace
from segui.classifiers.making import find_entry, make_classifier
from segui.classifiers.model_cache import ModelCache
from segui.finders.base import Asked
from segui.finders.faces import FaceFinder
from segui.scores.crops import cut
from segui.segments.cutting import CropOptions
from segui.segments.reshape import reshape_segments
from segui.settings import Settings

FACE = (173, 68, 280, 175)


@pytest.fixture(scope="module")
def astronaut():
    return data.astronaut()


def crop(picture, box):
    image = Image.fromarray(np.ascontiguousarray(picture)).crop(box)
    return Crop(image, Image.new("L", image.size, 255))


def faces(picture, **asked):
    return FaceFinder().find(picture, Asked(**asked))


@pytest.mark.long
@pytest.mark.parametrize("area", ["ellipse", "box", "head"])
@pytest.mark.parametrize("context", ["crop", "bbox", "segment"])
def test_the_astronaut_is_judged_by_her_face_whatever_area_or_context_is_asked_for(
    astronaut, area, context
):
    found = faces(astronaut, face_area=area)
    photo = torch.from_numpy(astronaut)[None]
    chosen = classify(GenderByFace(), found, "#Female > #Male", photo, context=context)
    assert len(chosen.filtered.items) == 1
    assert chosen.scores[0]["Female"] > 0.9


@pytest.mark.parametrize("grow", [-20, 60])
def test_a_face_that_grew_or_shrank_is_judged_as_it_was_found(astronaut, grow):
    found = faces(astronaut)
    changed = reshape_segments(found, grow=grow, crop_factor=1)
    photo = torch.from_numpy(astronaut)[None]
    before, after = (
        classify(GenderByFace(), segments, "*", photo).scores for segments in (found, changed)
    )
    assert after == before


def test_a_face_is_shown_as_it_was_found(astronaut):
    (face,) = faces(astronaut, face_area="head", cut=CropOptions(crop_factor=1)).items
    photo = torch.from_numpy(astronaut)[None]
    shown = cut(face, photo, "found").image
    assert shown.size == (face.found.width, face.found.height)
    assert np.array_equal(np.asarray(shown), astronaut[face.found.slices])


def test_a_mask_from_hair_to_chin_is_judged_at_its_face(astronaut):
    x1, y1, x2, y2 = FACE
    higher = crop(astronaut, (x1, y1 - 30, x2, y2 + 2))
    assert GenderByFace().score([higher])[0]["Female"] > 0.5


def test_the_scores_are_of_both_labels_and_add_up_to_one(astronaut):
    (scores,) = GenderByFace().score([crop(astronaut, FACE)])
    assert tuple(scores) == LABELS == find_entry(GENDER_BY_FACE).labels
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)


def test_any_size_and_shape_is_judged(astronaut):
    for box in [(0, 0, 1, 1), (0, 0, 300, 2), (10, 10, 12, 400)]:
        (scores,) = GenderByFace().score([crop(astronaut, box)])
        assert all(0 <= score <= 1 for score in scores.values())
    assert GenderByFace().score([]) == []


def test_it_stands_in_the_catalogue_and_needs_no_model():
    entry = find_entry(GENDER_BY_FACE)
    assert entry.available
    assert "cannot know anyone's gender" in entry.note
    made = make_classifier(GENDER_BY_FACE)
    assert isinstance(made, GenderByFace)
    assert isinstance(made, Classifier)
    assert isinstance(ModelCache(Settings()).get(ClassifierChoice(GENDER_BY_FACE)), GenderByFace)
    assert ClassifierChoice(GENDER_BY_FACE).is_built_in


def test_threads_take_turns_with_the_network(astronaut):
    classifier, one = GenderByFace(), crop(astronaut, FACE)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(classifier.score, [[one]] * 16))
    assert all(answer == answers[0] for answer in answers)


def test_without_the_package_a_sentence_says_what_would_bring_it(astronaut, monkeypatch):
    missing = replace(gender.GENDER, package="no-such-package")
    monkeypatch.setattr(gender, "GENDER", missing)
    with pytest.raises(ClassifierError) as raised:
        GenderByFace().score([crop(astronaut, FACE)])
    assert str(raised.value) == missing.reason
    entry = replace(find_entry(GENDER_BY_FACE), reason=missing.reason)
    rows = tuple(entry if row.name == entry.name else row for row in catalogue.CATALOGUE)
    monkeypatch.setattr(making, "CATALOGUE", rows)
    with pytest.raises(ClassifierError) as raised:
        make_classifier(GENDER_BY_FACE)
    assert str(raised.value) == (
        "'Gender by face' cannot be had here: the package no-such-package is missing: "
        "pip install --no-deps no-such-package==2.0.0 brings it"
    )
