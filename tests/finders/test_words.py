"""Finding by words: tiny models of random weights, against the library's own ways."""

from unittest.mock import Mock

import numpy as np
import pytest
import torch
from PIL import Image

from segui import Box, InputError
from segui.finders.base import Asked
from segui.finders.models.loaded import Loaded
from segui.finders.models.words import (
    boxed_by_pieces,
    boxed_in_square,
    clipseg_areas,
    find_clipseg,
    find_grounding_dino,
    find_owlv2,
    grounding_dino_boxes,
    owlv2_boxes,
    phrase_of,
    soft_areas,
)
from tests.finders.tiny_words import tiny_clipseg, tiny_grounding_dino, tiny_owlv2

SIZES = [(48, 60), (150, 97), (40, 40), (20, 131)]
WORDS = ["red thing", "Blue", "something"]


def picture(size_hw, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (*size_hw, 3), np.uint8)


def smooth(size_hw):
    """A picture that looks the same by whatever way it is made small."""
    few = np.random.default_rng(4).integers(0, 256, (3, 3, 3), np.uint8)
    return np.asarray(Image.fromarray(few).resize(size_hw[::-1], Image.Resampling.BICUBIC))


def logit(share):
    return float(np.log(share / (1 - share)))


@pytest.mark.long
@pytest.mark.parametrize("size_hw", SIZES)
def test_clipseg_is_its_mask_enlarged(size_hw):
    tiny, photo = tiny_clipseg(), picture(size_hw)
    areas = clipseg_areas(*tiny, photo, WORDS, 0.0)
    inputs = tiny.tokenizer(WORDS, padding=True, return_tensors="pt")
    shown = tiny.processor(images=[photo] * 3, return_tensors="pt")
    with torch.inference_mode():
        logits = tiny.model(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            pixel_values=shown["pixel_values"],
        ).logits
    whole = torch.nn.functional.interpolate(logits[:, None], size_hw, mode="bilinear")[:, 0]
    for word, plane in zip(WORDS, whole.sigmoid().numpy(), strict=True):
        own = np.zeros(size_hw)
        for area in areas:
            if area.label == word:
                part = own[area.box.slices]
                np.maximum(part, area.levels / 255, out=part)
        clear = np.abs(plane - 0.1) > 0.02  # at its end a soft mask is cut
        assert own[clear] == pytest.approx(np.where(plane > 0.1, plane, 0)[clear], abs=0.01)


def test_more_words_than_are_asked_for_at_once_have_the_same_answers():
    tiny, photo = tiny_clipseg(), picture((30, 40))
    words = ["red", "blue", "green", "yellow", "black", "white"]
    together = clipseg_areas(*tiny, photo, words, 0.0)
    alone = [area for word in words for area in clipseg_areas(*tiny, photo, [word], 0.0)]
    assert [(one.label, one.box) for one in together] == [(one.label, one.box) for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert np.abs(one.levels.astype(int) - other.levels).max() <= 1


def test_parts_of_a_soft_mask_that_lie_apart_are_areas_of_their_own():
    logits = np.full((20, 40), -9, np.float32)
    logits[5:15, 5:15], logits[5:15, 25:35] = logit(0.9), logit(0.7)
    one, other = sorted(soft_areas(logits, (200, 400), "cat", 0.5), key=lambda area: area.box)
    assert [one.confidence, other.confidence] == pytest.approx([0.9, 0.7])
    assert (one.label, other.label) == ("cat", "cat")
    assert one.box.x2 <= 160
    assert other.box.x1 >= 240
    assert one.levels.max() == pytest.approx(255 * 0.9, abs=1)
    assert [area.confidence for area in soft_areas(logits, (200, 400), "cat", 0.8)] == [
        pytest.approx(0.9)
    ]
    assert soft_areas(logits, (200, 400), "cat", 0.95) == []


@pytest.mark.parametrize("size_hw", SIZES)
def test_owlv2_boxes_are_those_of_the_librarys_own_way(size_hw):
    from transformers.models.owlv2.modeling_owlv2 import Owlv2ObjectDetectionOutput

    rng = np.random.default_rng(5)
    logits = rng.normal(-1, 2, (40, 3)).astype(np.float32)
    boxes = rng.uniform(0, 1, (40, 4)).astype(np.float32)
    (theirs,) = tiny_owlv2().processor.post_process_object_detection(
        Owlv2ObjectDetectionOutput(
            logits=torch.from_numpy(logits)[None], pred_boxes=torch.from_numpy(boxes)[None]
        ),
        threshold=0.3,
        target_sizes=[size_hw],
    )
    rows = zip(
        theirs["boxes"].round().int().tolist(), theirs["labels"], theirs["scores"], strict=True
    )
    expected = [(Box(*box).clip(size_hw), WORDS[place], score) for box, place, score in rows]
    expected = [one for one in expected if not one[0].is_empty]
    found = boxed_in_square(logits, boxes, WORDS, size_hw, 0.3)
    assert [(one.box, one.label) for one in found] == [one[:2] for one in expected]
    assert [one.confidence for one in found] == pytest.approx([float(one[2]) for one in expected])


@pytest.mark.parametrize("size_hw", [(64, 64), (80, 40), (120, 200)])
def test_owlv2_is_shown_what_its_own_processor_shows_it(size_hw):
    tiny, photo, shown = tiny_owlv2(), smooth(size_hw), []

    def look(**inputs):
        shown.append(inputs["pixel_values"])
        return tiny.model(**inputs)

    stand_in = Mock(side_effect=look, config=tiny.model.config, parameters=tiny.model.parameters)
    owlv2_boxes(stand_in, tiny.processor, tiny.tokenizer, photo, WORDS, 0.3)
    theirs = tiny.processor(images=photo, return_tensors="pt")["pixel_values"].float()
    apart = (shown[0] - theirs).abs()
    assert apart.mean() < 0.1  # it makes pictures small in another way
    assert apart.median() < 0.05


def test_owlv2_boxes_are_relative_to_the_padded_square():
    logits = np.array([[logit(0.8), -9], [-9, logit(0.6)], [logit(0.7), -9], [-9, -9]], np.float32)
    boxes = np.array(
        [[0.25, 0.25, 0.5, 0.5], [0.5, 0.25, 1, 0.5], [0.5, 0.75, 1, 0.5], [0.5, 0.5, 1, 1]],
        np.float32,
    )
    found = boxed_in_square(logits, boxes, ["cat", "dog"], (100, 200), 0.5)
    assert [(one.label, one.box) for one in found] == [
        ("cat", Box(0, 0, 100, 100)),
        ("dog", Box(0, 0, 200, 100)),
    ]  # the third lies in what the square was filled with
    assert [one.confidence for one in found] == pytest.approx([0.8, 0.6])


@pytest.mark.long
@pytest.mark.parametrize("size_hw", SIZES)
def test_grounding_dino_boxes_are_those_of_the_librarys_own_way(size_hw):
    from transformers.models.grounding_dino.processing_grounding_dino import (
        GroundingDinoProcessor,
    )

    tiny, photo = tiny_grounding_dino(), picture(size_hw)
    words = ["Red Car", "blue car", "dog"]
    said = tiny.tokenizer("red car. blue car. dog.", return_tensors="pt")
    shown = tiny.processor(images=photo, return_tensors="pt")
    with torch.inference_mode():
        out = tiny.model(**shown, **said)
    sure = out.logits[0].sigmoid().max(dim=1).values
    low, high = sure.sort().values[5:7].tolist()
    least = (low + high) / 2
    found = grounding_dino_boxes(*tiny, photo, words, least)
    own = Mock(batch_decode=tiny.tokenizer.batch_decode)
    (expected,) = GroundingDinoProcessor.post_process_grounded_object_detection(
        own, out, said["input_ids"], threshold=least, text_threshold=0.0, target_sizes=[size_hw]
    )
    boxes = [Box(*row).clip(size_hw) for row in expected["boxes"].round().int().tolist()]
    pairs = [
        (box, float(score))
        for box, score in zip(boxes, expected["scores"], strict=True)
        if not box.is_empty
    ]
    assert len(found) == len(pairs) > 0
    assert [one.box for one in found] == [box for box, _ in pairs]
    assert [one.confidence for one in found] == pytest.approx([one for _, one in pairs], abs=1e-4)
    assert {one.label for one in found} <= set(words)


def test_a_joined_phrase_of_grounding_dino_is_the_visitors_own_word():
    # [CLS] red car . blue car . dog . [SEP]
    pieces = [(1, 2), (4, 5), (7,)]
    shares = np.full((4, 12), 0.01)
    shares[0, [1, 2, 5]] = 0.6, 0.7, 0.65  # red, and a car in both places
    shares[1, [4, 2, 5]] = 0.5, 0.5, 0.45
    shares[2, [7, 2]] = 0.5, 0.4  # a dog, and somewhat a car: "car dog" in the library's words
    shares[3, 3] = 0.2
    logits = np.log(shares / (1 - shares)).astype(np.float32)
    logits[:, 10:] = -np.inf
    boxes = np.tile(np.array([0.5, 0.5, 0.5, 0.5], np.float32), (4, 1))
    found = boxed_by_pieces(logits, boxes, ["Red car", "blue car", "DOG"], pieces, (40, 80), 0.3)
    assert [one.label for one in found] == ["Red car", "blue car", "DOG"]
    assert [one.confidence for one in found] == pytest.approx([0.7, 0.5, 0.5])
    assert found[0].box == Box(20, 10, 60, 30)


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (["cat"], "cat."),
        (["A Cat ", "dog. or  wolf"], "a cat. dog or wolf."),
        (["cat", "...", "dog"], "cat. . dog."),
    ],
)
def test_words_are_joined_by_full_stops(words, phrase):
    joined, places = phrase_of(words)
    assert joined == phrase
    assert [joined[start:stop] + "." for start, stop in places] == joined.replace(". ", ".|").split(
        "|"
    )


def test_more_words_than_grounding_dino_takes_are_refused():
    tiny = tiny_grounding_dino()
    with pytest.raises(InputError) as raised:
        grounding_dino_boxes(*tiny, picture((30, 40)), ["dog"] * 16, 0.3)
    assert str(raised.value) == ("words has 34 pieces for this model: expected at most 32")


@pytest.mark.parametrize(
    ("find", "make"),
    [
        (find_clipseg, tiny_clipseg),
        (find_owlv2, tiny_owlv2),
        (find_grounding_dino, tiny_grounding_dino),
    ],
)
def test_words_become_areas_and_none_are_refused(find, make):
    loaded, photo = Loaded(*make()), smooth((60, 80))
    areas = find(loaded, photo, Asked(words=("red car", "dog"), confidence=0.0))
    assert areas
    for area in areas:
        assert area.label in {"red car", "dog"}
        assert area.levels.shape == area.box.size_hw
        assert area.box == area.box.clip((60, 80))
    with pytest.raises(InputError) as raised:
        find(loaded, photo, Asked())
    assert str(raised.value) == ("words is empty: expected what to look for, such as dog, red car")


def test_where_nothing_is_said_of_it_a_model_is_as_sure_as_is_usual_for_it():
    assert Asked().least(0.3) == 0.3
    assert Asked(confidence=0.5).least(0.3) == 0.5
