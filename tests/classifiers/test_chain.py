"""The whole way on a real photo: masks, a model trained here, an expression, a paste."""

import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

from segui import Box, classify, paste, segments_from_mask
from segui.classifiers.catalogue import MANUAL
from segui.classifiers.making import make_classifier
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.paste_values import PasteOptions
from segui.pipeline import choose, open_scene, score_scene
from segui.rendering import render

FACE = Box(176, 68, 266, 160)
OTHERS = [Box(300, 20, 350, 180), Box(60, 280, 200, 430), Box(270, 340, 512, 512)]
FEATHER = 6


@pytest.fixture
def masks():
    """Ellipses over the face and over other things: wall, suit, helmet."""
    drawn = np.zeros((512, 512), np.uint8)
    rows, columns = np.mgrid[:512, :512]
    for box in (FACE, *OTHERS):
        y, x = (box.y1 + box.y2 - 1) / 2, (box.x1 + box.x2 - 1) / 2
        inside = ((rows - y) / (box.height / 2)) ** 2 + ((columns - x) / (box.width / 2)) ** 2 <= 1
        drawn[inside] = 255
    return drawn


@pytest.fixture
def files(tmp_path, masks):
    photo = skimage.data.astronaut()
    Image.fromarray(photo).save(tmp_path / "photo.png")
    Image.fromarray(255 - photo).save(tmp_path / "edited.png")
    Image.fromarray(masks).save(tmp_path / "masks.png")
    return tmp_path


@pytest.fixture
def classifier(face_model_dir):
    return make_classifier(
        MANUAL, repo_id=str(face_model_dir), device="cpu", models_dir=face_model_dir.parent
    )


@pytest.mark.long
def test_of_a_real_photo_the_face_alone_is_pasted(files, classifier):
    scene = open_scene(
        Inputs(files / "photo.png", (files / "masks.png",), files / "edited.png"),
        SegmentOptions(crop_factor=1.2),
    )
    assert len(scene.segments.items) == 1 + len(OTHERS)
    selection = choose(scene, score_scene(scene, classifier), "face > 0.5")
    assert [tuple(item.bbox) for item in selection.filtered.items] == [tuple(FACE)]
    assert selection.labels == ["face", "other"]
    result = render(scene, selection.filtered, PasteOptions(feather=FEATHER))
    photo, edited = scene.photo.pixels, scene.reference.pixels
    changed = (result != photo).any(axis=2)
    assert not changed[~_near(FACE.widen(FEATHER))].any()
    inner = FACE.widen(-30)
    assert np.array_equal(result[inner.slices], edited[inner.slices])


@pytest.mark.long
def test_the_library_does_the_same_in_four_lines(files, classifier, masks):
    photo = torch.from_numpy(skimage.data.astronaut())[None]
    segments = segments_from_mask(torch.from_numpy(masks), crop_factor=1.2)
    chosen = classify(classifier, segments, "face > 0.5", photo)
    result = paste(photo, chosen.filtered, FEATHER, reference=255 - photo)
    scene = open_scene(
        Inputs(files / "photo.png", (files / "masks.png",), files / "edited.png"),
        SegmentOptions(crop_factor=1.2),
    )
    selection = choose(scene, score_scene(scene, classifier), "face > 0.5")
    wanted = render(scene, selection.filtered, PasteOptions(feather=FEATHER))
    assert np.array_equal(result[0].numpy(), wanted)


def test_the_scores_say_why(files, classifier):
    scene = open_scene(
        Inputs(files / "photo.png", (files / "masks.png",)), SegmentOptions(crop_factor=1.2)
    )
    selection = choose(scene, score_scene(scene, classifier), "face > 0.5")
    for side, reason, scores in zip(
        selection.sides, selection.reasons, selection.scores, strict=True
    ):
        verdict = "true" if side == "filtered" else "false"
        assert reason.startswith("face ")
        assert reason.endswith(f" > 0.5 is {verdict}")
        assert sum(scores.values()) == pytest.approx(1, abs=1e-5)


def _near(box):
    inside = np.zeros((512, 512), bool)
    inside[box.slices] = True
    return inside
