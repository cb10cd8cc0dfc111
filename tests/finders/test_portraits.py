"""Portraits of men, whole and half out of the picture: their faces are found, and judged Male."""

import numpy as np
import pytest
import torch

from segui import classify
from segui.classifiers.gender import GenderByFace
from segui.finders.base import Asked
from segui.finders.faces import FaceFinder
from tests.portraits import is_fetched, portrait

pytestmark = pytest.mark.skipif(
    not is_fetched(), reason="the source package of tests/portraits.txt could not be fetched"
)
WHOLE = ("biden.jpg", "obama.jpg", "obama2.jpg", "obama3.jpg")
HALF = ("obama_partial_face.jpg", "obama_partial_face2.jpg")


@pytest.mark.long
@pytest.mark.parametrize("name", [*WHOLE, *HALF])
def test_a_mans_face_is_found_and_no_woman_is_chosen(name):
    photo = portrait(name)
    found = FaceFinder().find(photo, Asked())
    assert len(found.items) == 1
    shown = torch.from_numpy(photo.copy())[None]
    judged = classify(GenderByFace(), found, "#Male > #Female", shown)
    assert judged.scores[0]["Male"] > 0.95
    assert len(judged.filtered.items) == 1
    assert not classify(GenderByFace(), found, "#Female > #Male", shown).filtered.items


@pytest.mark.long
def test_the_face_lies_where_the_photo_has_it():
    photo = portrait("obama.jpg")
    (face,) = FaceFinder().find(photo, Asked(face_area="box")).items
    mirrored = np.ascontiguousarray(photo[:, ::-1])
    (other,) = FaceFinder().find(mirrored, Asked(face_area="box")).items
    width, spare = photo.shape[1], 0.1 * face.bbox.width
    assert abs(other.bbox.x1 - (width - face.bbox.x2)) < spare
    assert abs(other.bbox.y1 - face.bbox.y1) < spare
