"""A real ImageNet classifier on real photos, by the way of every model of the hub."""

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from segui import Box, classify, segments_from_mask
from segui.classifiers.base import Classifier, Crop
from segui.classifiers.catalogue import MANUAL
from segui.classifiers.making import make_classifier
from tests.classifiers.imagenet import NAMES, save_imagenet_model

CATS = ("tabby", "tiger cat", "Egyptian cat")


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    folder = save_imagenet_model(tmp_path_factory.mktemp("imagenet") / "lite0")
    how = {"device": "cpu", "models_dir": folder.parent}
    return make_classifier(MANUAL, repo_id=str(folder), **how)


def whole(pixels: np.ndarray) -> Crop:
    image = Image.fromarray(pixels).convert("RGB")
    return Crop(image, Image.new("L", image.size, 255))


@pytest.mark.long
def test_a_cat_a_cup_and_a_tripod_are_what_they_are(classifier):
    photos = data.chelsea(), data.coffee(), data.camera()
    cat, cup, camera = classifier.score([whole(photo) for photo in photos])
    # as measured with the network's own code; the next best class is below a quarter of each
    assert cat["Egyptian cat"] == pytest.approx(0.77, abs=0.02)
    assert cup["espresso"] == pytest.approx(0.90, abs=0.02)
    assert camera["tripod"] == pytest.approx(0.95, abs=0.02)
    for scores in (cat, cup, camera):
        assert len(scores) == 1000
        assert sum(scores.values()) == pytest.approx(1, abs=1e-4)
        best, second = sorted(scores.values())[:-3:-1]
        assert second < best / 4


@pytest.mark.long
def test_a_rule_chooses_the_cat_of_two_photos_side_by_side(classifier):
    cat, cup = data.chelsea()[:300, :450], data.coffee()[:300, 100:550]
    photo = np.concatenate([cat, cup], axis=1)
    mask = torch.zeros(photo.shape[:2])
    mask[5:295, 5:445] = mask[5:295, 455:895] = 1
    segments = segments_from_mask(mask, crop_factor=1.0)
    image = torch.from_numpy(photo)[None]
    rule = " + ".join(f'"{name}"' for name in CATS) + " > 50%"
    chosen = classify(classifier, segments, rule, image)
    assert [item.bbox for item in chosen.filtered.items] == [Box(5, 5, 445, 295)]
    assert classify(classifier, segments, "espresso > 50%", image).sides == (
        *("remained", "filtered"),
    )
    assert set(NAMES.values()) <= set(chosen.labels)
