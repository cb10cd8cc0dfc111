"""Models that detect and segment say what the library's own post-processing says of their numbers.

But for the resampling: there all is enlarged and then dropped, here what is kept alone.
"""

import math
import tracemalloc
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from segui.finders.base import Asked
from segui.finders.models.classes import areas_of_classes
from segui.finders.models.detectors import (
    areas_in_boxes,
    named_boxes,
    sure_of_each,
    sure_of_one,
)
from segui.finders.models.families import FAMILIES, family_of
from segui.finders.models.loaded import Loaded
from segui.finders.models.queries import Queries, instance_areas, panoptic_areas, semantic_areas
from tests.finders.tiny_families import LABELS, SIDE, TINY, processor_for, tiny

OF_ONE = ("detr", "yolos")
OF_EACH = (
    "conditional_detr", "deformable_detr", "rt_detr", "rt_detr_v2", "d_fine", "deimv2", "lw_detr",
)  # fmt: skip
CLASSES = ("segformer", "upernet", "beit")
SMALL = (96, 96)  # so that an outline is not looked for in the picture


def photo(size_hw: tuple[int, int], seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*size_hw, 3), np.uint8)


def said(kind: str) -> Any:
    """What a tiny model puts out, far enough apart to be told from each other."""
    with torch.inference_mode():
        pixels = torch.randn(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(2))
        return tiny(kind)(pixel_values=pixels)


def drawn(count: int, side: int, seed: int = 4) -> np.ndarray:
    """Smooth planes of numbers around 0, (count, side, side)."""
    noise = torch.randn(1, count, 4, 4, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.interpolate(noise * 4, size=(side, side), mode="bicubic")[0].numpy()


def as_mask(area: Any, size_hw: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(size_hw, bool)
    mask[area.box.slices] = area.levels > 127
    return mask


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


@pytest.mark.long
@pytest.mark.parametrize("kind", [*OF_ONE, *OF_EACH])
def test_boxes_are_those_of_the_library(kind):
    size_hw = (480, 640)
    out = said(kind)
    noise = torch.randn(out.logits.shape, generator=torch.Generator().manual_seed(8))
    told = out.logits + noise
    logits, boxes = told[0].numpy(), out.pred_boxes[0].numpy()
    read = sure_of_one if kind in OF_ONE else sure_of_each
    scores = sorted((score for _, _, score in read(logits, 0.0)), reverse=True)
    least = (scores[5] + scores[6]) / 2
    (theirs,) = processor_for(kind).post_process_object_detection(
        SimpleNamespace(logits=told, pred_boxes=out.pred_boxes),
        threshold=least,
        target_sizes=[size_hw],
    )
    order = np.argsort(-theirs["scores"].numpy(), kind="stable")
    expected = [
        (
            LABELS[int(theirs["labels"][place])],
            theirs["boxes"][place].numpy(),
            float(theirs["scores"][place]),
        )
        for place in order
    ]
    ours = named_boxes(read(logits, least), boxes, size_hw, LABELS)
    assert len(ours) == len(expected) == 6
    for one, (label, corners, score) in zip(ours, expected, strict=True):
        inside = np.clip(corners, 0, [640, 480, 640, 480])
        assert one.label == label
        assert one.confidence == pytest.approx(score, abs=1e-6)
        assert np.abs(np.array(one.box) - inside).max() <= 0.51


@pytest.mark.parametrize("kind", CLASSES)
def test_classes_are_those_that_win_when_all_are_enlarged(kind):
    few = said(kind).logits[:, :, :16:4, :16:4] * 10
    logits = torch.nn.functional.interpolate(few, size=(64, 64), mode="bicubic")[0].numpy()
    picture = photo(SMALL)
    grown = torch.nn.functional.interpolate(
        torch.from_numpy(logits)[None], size=SMALL, mode="bilinear"
    )[0]
    winner = grown.argmax(dim=0).numpy()
    areas = areas_of_classes(logits, (64 / 96, 64 / 96), picture, LABELS, 0.0)
    assert {area.label for area in areas} >= {
        LABELS[number] for number in np.unique(winner) if (winner == number).mean() > 0.05
    }
    for area in areas:
        number = next(number for number, label in LABELS.items() if label == area.label)
        expected = winner == number
        if expected.mean() > 0.05:
            assert overlap(as_mask(area, SMALL), expected) > 0.9


def test_two_classes_share_one_edge():
    logits = drawn(2, 64)
    areas = areas_of_classes(logits, (64 / 96, 64 / 96), photo(SMALL), {0: "a", 1: "b"}, 0.0)
    assert (sum(as_mask(area, SMALL).astype(int) for area in areas) == 1).all()


def test_what_a_model_calls_nothing_is_no_area():
    logits = drawn(3, 16)
    for label in ("background", "Background", "__background__", "void", "N/A"):
        areas = areas_of_classes(logits, (1, 1), photo((16, 16)), {0: label, 1: "b", 2: "c"}, 0.0)
        assert {area.label for area in areas} == {"b", "c"}


def test_a_class_is_kept_by_its_mean_confidence_where_it_wins():
    logits = np.stack([np.full((8, 8), math.log(3), np.float32), np.zeros((8, 8), np.float32)])
    (area,) = areas_of_classes(logits, (1, 1), photo((8, 8)), {0: "a", 1: "b"}, 0.74)
    assert area.confidence == pytest.approx(0.75)
    assert areas_of_classes(logits, (1, 1), photo((8, 8)), {0: "a", 1: "b"}, 0.76) == []


def queries() -> tuple[np.ndarray, np.ndarray]:
    """Discs, each of a class and some beside each other; the last two are of nothing."""
    rows, columns = np.mgrid[:64, :64]
    middles = [(14, 14), (14, 34), (40, 20), (46, 46), (30, 50), (42, 22), (32, 32), (10, 54)]
    masks = np.stack([(11 - np.hypot(rows - y, columns - x)) / 2 for y, x in middles])
    classes = np.random.default_rng(1).normal(0, 1, (len(middles), 4))
    classes[np.arange(8), [0, 1, 2, 1, 0, 2, 3, 3]] += 5
    classes[5] /= 3
    return classes.astype(np.float32), masks.astype(np.float32)


def outputs(classes: np.ndarray, masks: np.ndarray) -> Any:
    return SimpleNamespace(
        class_queries_logits=torch.from_numpy(classes)[None],
        masks_queries_logits=torch.from_numpy(masks)[None],
        patch_offsets=None,
    )


def asked(classes: np.ndarray, masks: np.ndarray, least: float) -> Queries:
    return Queries(classes, masks, (64 / 96, 64 / 96), photo(SMALL), LABELS, least)


def test_instances_are_those_of_mask2former():
    classes, masks = queries()
    (theirs,) = processor_for("mask2former").post_process_instance_segmentation(
        outputs(classes, masks), threshold=0.5, target_sizes=[SMALL], return_binary_maps=True
    )
    expected = [
        (LABELS[each["label_id"]], each["score"], mask.numpy() > 0)
        for each, mask in zip(theirs["segments_info"], theirs["segmentation"], strict=True)
    ]
    ours = instance_areas(asked(classes, masks, 0.5))
    assert len(ours) == len(expected) > 2
    for label, score, mask in expected:
        fitting = [one for one in ours if one.label == label and abs(one.confidence - score) < 0.03]
        assert max(overlap(as_mask(one, SMALL), mask) for one in fitting) > 0.9


def test_panoptic_areas_are_those_of_eomt_whose_numbers_begin_with_0():
    classes, masks = queries()
    (answer,) = processor_for("eomt").post_process_panoptic_segmentation(
        outputs(classes, masks), threshold=0.5, target_sizes=[SMALL]
    )
    theirs, about = answer["segmentation"], answer["segments_info"]
    assert {each["id"] for each in about} == set(range(len(about)))
    ours = panoptic_areas(asked(classes, masks, 0.5))
    assert [(one.label, pytest.approx(one.confidence, abs=1e-5)) for one in ours] == [
        (LABELS[each["label_id"]], each["score"]) for each in about
    ]
    assert len(ours) > 3
    for one, each in zip(ours, about, strict=True):
        assert overlap(as_mask(one, SMALL), (theirs == each["id"]).numpy()) > 0.9
    together = sum(as_mask(one, SMALL).astype(int) for one in ours)
    assert together.max() == 1
    assert (together == 0).any()  # void


def test_semantic_areas_of_queries_are_those_of_mask2former():
    classes, masks = queries()
    (theirs,) = processor_for("mask2former").post_process_semantic_segmentation(
        outputs(classes, masks), target_sizes=[SMALL]
    )
    ours = semantic_areas(asked(classes, masks, 0.0))
    for one in ours:
        number = next(number for number, label in LABELS.items() if label == one.label)
        assert overlap(as_mask(one, SMALL), theirs.numpy() == number) > 0.85
    assert len(ours) == len(np.unique(theirs.numpy()))


def test_rf_detr_judges_each_class_by_itself():
    """Its page names DETR's processor, whose softmax would drop the last class and halve scores."""
    logits = np.array([[4.0, -4.0, 3.0], [-6.0, -6.0, -6.0]], np.float32)
    found = sure_of_each(logits, 0.5)
    assert [one[:2] for one in found] == [(0, 0), (0, 2)]
    assert [one[2] for one in found] == pytest.approx(
        [1 / (1 + math.exp(-4)), 1 / (1 + math.exp(-3))]
    )


def test_masks_in_boxes_are_enlarged_one_by_one():
    masks = drawn(2, 64)
    areas = areas_in_boxes(
        [(1, 2, 0.9), (0, 1, 0.8)], masks, (64 / 96, 64 / 96), photo(SMALL), LABELS
    )
    grown = torch.nn.functional.interpolate(
        torch.from_numpy(masks)[None], size=SMALL, mode="bilinear"
    )
    assert [(area.label, area.confidence) for area in areas] == [("sky", 0.9), ("cat", 0.8)]
    for area, plane in zip(areas, grown[0].flip(0), strict=True):
        assert np.array_equal(as_mask(area, SMALL), plane.numpy() > 0)


@pytest.mark.long
@pytest.mark.parametrize("kind", TINY)
def test_every_family_finds_in_a_photo_of_any_proportions(kind):
    model = tiny(kind)
    family = family_of(model.config.model_type, (type(model).__name__,))
    assert family is not None
    processor = processor_for(kind) if family.has_processor else None
    picture = photo((90, 61))
    areas = family.find(
        Loaded(model, processor, name=f"org/{kind}-instance"), picture, Asked(confidence=0.0), None
    )
    for area in areas:
        assert area.label in LABELS.values()
        assert 0 <= area.confidence <= 1
        assert area.box == area.box.clip((90, 61))
        assert area.levels.shape == area.box.size_hw
    assert areas


def test_a_disc_found_at_a_sixth_is_back_within_1_px():
    """Its outline follows the photo's own."""
    side, radius = 360, 100.0
    rows, columns = np.mgrid[:side, :side] - side / 2 + 0.5
    distance = np.hypot(rows, columns)
    picture = np.where(
        (distance < radius)[..., None], np.uint8([200, 60, 40]), np.uint8([40, 90, 160])
    )
    small = (radius - distance).reshape(60, 6, 60, 6).mean(axis=(1, 3)).astype(np.float32)
    (disc,) = areas_of_classes(
        np.stack([-small, small]), (1 / 6, 1 / 6), picture, {0: "background", 1: "disc"}, 0.0
    )
    mask = as_mask(disc, (side, side))
    assert mask[distance < radius - 1].all()
    assert not mask[distance > radius + 1].any()


@pytest.mark.long
def test_150_classes_of_12_megapixels_take_less_than_400_mb():
    logits = drawn(150, 128)
    picture = np.zeros((3000, 4000, 3), np.uint8)
    tracemalloc.start()
    areas_of_classes(logits, (128 / 3000, 128 / 4000), picture, {}, 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400e6


def test_each_type_of_model_is_of_one_family_by_what_it_was_saved_as():
    assert family_of("detr", ("DetrForSegmentation",)).loader == "AutoModelForImageSegmentation"
    assert family_of("detr", ("DetrForObjectDetection",)).loader == "AutoModelForObjectDetection"
    assert family_of("segformer", ("SegformerForImageClassification",)) is None
    assert family_of("resnet", ()) is None
    assert all(family.find and family.loader for family in FAMILIES)
