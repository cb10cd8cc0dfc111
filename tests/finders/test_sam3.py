"""SAM 3 and SAM3-LiteText: tiny models of random weights, against the library's own way."""

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from segui import Box, InputError
from segui.errors import ClassifierError, SumError
from segui.finders.base import Asked
from segui.finders.models.effort import Effort
from segui.finders.models.loaded import Loaded
from segui.finders.models.sam3 import areas_said, check_asked, find, look_at, things_said
from tests.finders.tiny_sam3 import (
    QUERIES,
    SIDE,
    library_processor,
    tiny_sam3,
    tiny_sam3_lite_text,
)

MAKERS = [tiny_sam3, tiny_sam3_lite_text]
SIZES = [(48, 40), (30, 47), (20, 31)]  # so small that no outline is looked for in them
WORDS = ("red", "blue")


def picture(size_hw, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (*size_hw, 3), np.uint8)


def loaded(make) -> Loaded:
    made = make()
    return Loaded(made.model, None, made.tokenizer, "org/words")


def asked_as_a_whole(model: Loaded, photo, word):
    """What the library's model puts out when it is given all at once, as its processor makes it."""
    said = model.tokenizer(word, return_tensors="pt", padding="max_length", max_length=32)
    pixels = torch.from_numpy(photo).permute(2, 0, 1)[None].float()
    shown = torch.nn.functional.interpolate(
        pixels, (SIDE, SIDE), mode="bilinear", antialias=True
    ).round()
    with torch.inference_mode():
        return model.model(
            pixel_values=(shown / 255 - 0.5) / 0.5,
            input_ids=said["input_ids"],
            attention_mask=said["attention_mask"],
        )


def mask_of(area, size_hw):
    whole = np.zeros(size_hw, bool)
    whole[area.box.slices] = area.levels > 127
    return whole


def between(scores, count):
    """A confidence that so many of some scores are above."""
    order = scores.sort(descending=True).values
    return float((order[count - 1] + order[count]) / 2)


@pytest.mark.parametrize("size_hw", SIZES)
@pytest.mark.parametrize("make", MAKERS)
def test_boxes_and_masks_are_those_of_the_librarys_own_way(make, size_hw):
    model, photo = loaded(make), picture(size_hw)
    out = asked_as_a_whole(model, photo, "red")
    few = torch.randn((1, QUERIES, 4, 4), generator=torch.Generator().manual_seed(4)) * 4
    out.pred_masks = torch.nn.functional.interpolate(few, (32, 32), mode="bicubic")
    least = between(out.pred_logits[0].sigmoid() * out.presence_logits[0].sigmoid(), 5)
    (theirs,) = library_processor().post_process_instance_segmentation(
        None, out, threshold=least, target_sizes=[size_hw]
    )
    order = theirs["scores"].argsort(descending=True, stable=True)
    found = things_said(out, "red", size_hw, least)
    assert [one.thing.label for one in found] == ["red"] * 5
    assert [one.thing.confidence for one in found] == pytest.approx(
        theirs["scores"][order].tolist()
    )
    boxes = [Box(*row).clip(size_hw) for row in theirs["boxes"][order].round().int().tolist()]
    assert [one.thing.box for one in found] == boxes
    areas = areas_said(found, photo)
    for area, box, mask in zip(areas, boxes, theirs["masks"][order].numpy() > 0, strict=True):
        assert area.found == box
        assert (mask_of(area, size_hw) != mask).mean() < 0.02  # shares are enlarged there


@pytest.mark.long
@pytest.mark.parametrize("make", MAKERS)
def test_a_picture_that_was_looked_at_says_the_same_as_one_that_is_shown_with_its_words(make):
    model, photo = loaded(make), picture((SIDE, SIDE))
    areas = find(model, photo, Asked(words=WORDS, confidence=0.01), look_at(model, photo))
    outs = [asked_as_a_whole(model, photo, word) for word in WORDS]
    expected = [
        area
        for out, word in zip(outs, WORDS, strict=True)
        for area in areas_said(things_said(out, word, (SIDE, SIDE), 0.01), photo)
    ]
    assert [area.label for area in areas] == [area.label for area in expected]
    assert {area.label for area in areas} == {*WORDS}
    assert [area.box for area in areas] == [area.box for area in expected]
    sure = [area.confidence for area in expected]
    assert [area.confidence for area in areas] == pytest.approx(sure, abs=1e-4)


def test_of_a_picture_that_was_looked_at_no_more_is_kept_than_words_are_compared_with():
    model = loaded(tiny_sam3)
    levels = 32 * 32 + 16 * 16 + 8 * 8
    assert look_at(model, picture((40, 50))).nbytes == (levels + 8 * 8) * 16 * 4


def test_a_thing_is_as_sure_as_it_is_one_and_any_is_there():
    def logit(share):
        return float(np.log(share / (1 - share)))

    masks = torch.full((1, 3, 80, 40), -9.0)
    masks[0, 0, 20:60, 10:30] = masks[0, 1, :, 20:] = masks[0, 2] = 9
    out = SimpleNamespace(
        pred_logits=torch.tensor([[logit(0.6), logit(0.9), logit(0.5)]]),
        presence_logits=torch.tensor([[logit(0.8)]]),
        pred_boxes=torch.tensor([[[0.25, 0.25, 0.75, 0.75], [0.5, 0, 1.2, 1], [0, 0, 1, 1]]]),
        pred_masks=masks,
    )
    found = things_said(out, "cat", (80, 40), 0.45)
    assert [one.thing.confidence for one in found] == pytest.approx([0.72, 0.48])
    assert [one.thing.box for one in found] == [Box(20, 0, 40, 80), Box(10, 20, 30, 60)]
    right, middle = areas_said(found, np.zeros((80, 40, 3), np.uint8))
    for area, plane in zip((right, middle), masks[0, [1, 0]], strict=True):
        assert np.array_equal(mask_of(area, (80, 40)), plane.numpy() > 0)


def test_a_disc_found_at_a_sixth_is_back_within_1_px():
    """Its outline follows the photo's own."""
    side, radius = 360, 100.0
    rows, columns = np.mgrid[:side, :side] - side / 2 + 0.5
    distance = np.hypot(rows, columns)
    photo = np.where(
        (distance < radius)[..., None], np.uint8([200, 60, 40]), np.uint8([40, 90, 160])
    )
    small = (radius - distance).reshape(60, 6, 60, 6).mean(axis=(1, 3)).astype(np.float32)
    out = SimpleNamespace(
        pred_logits=torch.tensor([[4.0]]),
        presence_logits=torch.tensor([[4.0]]),
        pred_boxes=torch.tensor([[[0.2, 0.2, 0.8, 0.8]]]),
        pred_masks=torch.from_numpy(small)[None, None],
    )
    (disc,) = areas_said(things_said(out, "disc", (side, side), 0.5), photo)
    mask = mask_of(disc, (side, side))
    assert mask[distance < radius - 1].all()
    assert not mask[distance > radius + 1].any()


@pytest.mark.long
def test_200_things_of_12_megapixels_take_less_than_400_mb():
    generator = torch.Generator().manual_seed(2)
    masks = torch.full((1, 200, 288, 288), -5.0)
    for place in range(200):
        row, column = divmod(place, 20)
        masks[0, place, row * 28 : row * 28 + 20, column * 14 : column * 14 + 10] = 5.0
    out = SimpleNamespace(
        pred_logits=torch.rand((1, 200), generator=generator) + 2,
        presence_logits=torch.tensor([[4.0]]),
        pred_boxes=torch.rand((1, 200, 4), generator=generator).sort().values,
        pred_masks=masks,
    )
    photo = np.zeros((3000, 4000, 3), np.uint8)
    tracemalloc.start()
    areas = areas_said(things_said(out, "tile", (3000, 4000), 0.5), photo)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(areas) == 200
    assert peak < 400e6


def test_what_nobody_could_wait_for_is_refused_before_the_model_looks():
    model = loaded(tiny_sam3)
    with pytest.raises(InputError) as raised:
        check_asked(model, picture((20, 30)), Asked())
    assert str(raised.value) == "words is empty: expected what to look for, such as dog, red car"
    few = Loaded(model.model, None, model.tokenizer, "", Effort(max_megapixels=0.02))
    check_asked(few, picture((20, 30)), Asked(words=("red",)))
    with pytest.raises(SumError) as raised:
        check_asked(few, picture((20, 30)), Asked(words=WORDS))
    assert str(raised.value) == (
        "for 2 words the model would look at 0.0251 megapixels: at most 0.02 are looked at. "
        "Fewer words take fewer"
    )
    large = SimpleNamespace(config=SimpleNamespace(image_size=4000))
    with pytest.raises(ClassifierError) as refused:
        check_asked(Loaded(large, name="org/large"), picture((20, 30)), Asked(words=WORDS))
    assert str(refused.value) == (
        "'org/large' would be shown a picture of 4000 x 4000 px, 16 megapixels: "
        "at most 4.19 are shown to one"
    )


def test_areas_that_are_too_large_together_are_refused_before_any_is_cut_out(monkeypatch):
    model, photo = loaded(tiny_sam3), picture((90, 61))
    monkeypatch.setattr("segui.finders.models.outlines.levels_above_0", None)
    few = Loaded(model.model, None, model.tokenizer, "", Effort(max_megapixels=1e-9))
    with pytest.raises(SumError) as raised:
        find(few, photo, Asked(words=WORDS, confidence=0.01), look_at(model, photo))
    assert str(raised.value).endswith(
        ": at most 1e-09 are cut out. "
        "A higher confidence, fewer marks and a smaller photo have less"
    )


def test_words_of_several_count_together_where_areas_are_limited():
    model, photo = loaded(tiny_sam3), picture((90, 61))
    seen, asked = look_at(model, photo), Asked(words=("red",), confidence=0.01)
    of_one = sum(area.box.width * area.box.height for area in find(model, photo, asked, seen)) / 1e6
    few = Loaded(model.model, None, model.tokenizer, "", Effort(max_megapixels=1.5 * of_one))
    assert find(few, photo, asked, seen)
    with pytest.raises(SumError, match="areas that the model found have"):
        find(few, photo, Asked(words=("red", "red"), confidence=0.01), seen)
