"""Like these: drawn things of known colour, texture and shape, some of them marked."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from segui import InputError, classify
from segui.classifiers.base import Classifier, Crop
from segui.classifiers.catalogue import LIKE_THESE
from segui.classifiers.likeness import NO_EXAMPLES, LikeThese, features_of, likeness
from segui.classifiers.making import find_entry, make_classifier
from segui.finders.finding import find
from segui.pipeline import as_tensor

rng = np.random.default_rng(7)
START = rng.bit_generator.state


@pytest.fixture(autouse=True)
def _same_draws():
    rng.bit_generator.state = START


def thing(colour, *, shape="disc", side=80, noise=0.0, stripes=0):
    """A crop of one thing on grey."""
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    if shape == "disc":
        draw.ellipse([1, 1, side - 2, side - 2], fill=255)
    elif shape == "square":
        draw.rectangle([0, 0, side - 1, side - 1], fill=255)
    else:
        draw.rectangle([0, side // 2 - 4, side - 1, side // 2 + 4], fill=255)
        box = mask.getbbox()
        mask = mask.crop(box)
    width, height = mask.size
    pixels = np.full((height, width, 3), 128.0)
    inside = np.asarray(mask) > 0
    pixels[inside] = colour
    if stripes:
        pixels[:, (np.arange(width) // stripes) % 2 == 0] *= 0.6
    pixels += rng.normal(0, noise, pixels.shape)
    return Crop(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), mask)


def shade(colour):
    return np.clip(np.array(colour) * rng.uniform(0.8, 1.2) + rng.uniform(-12, 12, 3), 0, 255)


RED, BLUE = (200, 40, 40), (40, 60, 200)


def likes(crops, examples):
    return [score["like"] > score["unlike"] for score in LikeThese(examples).score(crops)]


def test_it_is_a_classifier_of_the_catalogue():
    assert isinstance(LikeThese(), Classifier)
    assert isinstance(make_classifier(LIKE_THESE), LikeThese)
    assert find_entry(LIKE_THESE).labels == LikeThese.labels


def test_things_of_the_colour_that_was_marked_are_like_it():
    crops = [thing(shade(RED), noise=4) for _ in range(6)]
    crops += [thing(shade(BLUE), noise=4) for _ in range(6)]
    assert likes(crops, {0: True, 6: False}) == [True] * 6 + [False] * 6


def test_things_of_the_texture_that_was_marked_are_like_it():
    crops = [thing(shade(RED), stripes=3, noise=3) for _ in range(5)]
    crops += [thing(shade(RED), noise=3) for _ in range(5)]
    assert likes(crops, {0: True, 1: True, 5: False, 6: False}) == [True] * 5 + [False] * 5


def test_things_of_the_shape_that_was_marked_are_like_it_whatever_their_colour():
    def colours():
        return rng.uniform(0, 255, 3)

    crops = [thing(colours()) for _ in range(8)]
    crops += [thing(colours(), shape="bar") for _ in range(8)]
    examples = {0: True, 1: True, 2: True, 8: False, 9: False, 10: False}
    assert likes(crops, examples) == [True] * 8 + [False] * 8


def test_large_things_are_told_from_small_ones():
    crops = [thing(shade(RED), side=side) for side in (200, 180, 220, 40, 36, 44)]
    assert likes(crops, {0: True, 3: False}) == [True] * 3 + [False] * 3


def test_with_examples_of_one_kind_the_other_is_what_is_left():
    crops = [thing(shade(RED), noise=4) for _ in range(3)]
    crops += [thing(shade(BLUE), noise=4) for _ in range(6)]
    assert likes(crops, {0: True}) == [True] * 3 + [False] * 6
    assert likes(crops, {4: False, 5: False}) == [True] * 3 + [False] * 6


def test_examples_are_what_they_were_said_to_be():
    crops = [thing(RED), thing(RED), thing(BLUE)]
    scores = LikeThese({0: False, 1: True}).score(crops)
    assert scores[:2] == [{"like": 0.0, "unlike": 1.0}, {"like": 1.0, "unlike": 0.0}]


def test_scores_add_up_to_one_and_lie_between_0_and_1():
    crops = [thing(rng.uniform(0, 255, 3), noise=9) for _ in range(9)]
    for score in LikeThese({0: True, 1: False}).score(crops):
        assert 0 <= score["like"] <= 1
        assert score["like"] + score["unlike"] == pytest.approx(1)


def test_what_cannot_be_told_apart_is_half_like():
    crops = [thing(RED) for _ in range(3)]
    assert LikeThese({0: True, 1: False}).score(crops)[2] == {"like": 0.5, "unlike": 0.5}


def test_without_examples_nothing_is_known():
    assert LikeThese().score([thing(RED)]) == [{}]
    assert LikeThese({0: True}).score([thing(RED)]) == [{"like": 1.0, "unlike": 0.0}]
    assert LikeThese().notes == (NO_EXAMPLES,)
    assert LikeThese({0: True}).notes == ()


def test_numbers_that_no_example_differs_in_do_not_count():
    features = np.zeros((4, 3))
    features[:, 0] = [0, 9, 2, 7]
    features[:, 1] = [5, 5, 90, -90]  # as the examples are alike here, this says nothing
    assert likeness(features, {0: True, 1: False}) == pytest.approx([1, 0, 7 / 9, 2 / 9])


def test_what_lies_around_a_thing_has_no_part_in_its_colour():
    one = thing(RED)
    other = Crop(one.image.copy(), one.mask)
    around = np.array(other.image)
    around[np.asarray(one.mask) == 0] = (0, 255, 0)
    other = Crop(Image.fromarray(around), one.mask)
    assert features_of(other) == pytest.approx(features_of(one))


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (300, 2)])
def test_a_crop_of_any_size_has_finite_numbers(size):
    crop = Crop(Image.new("RGB", size, RED), Image.new("L", size, 255))
    assert np.isfinite(features_of(crop)).all()
    assert np.isfinite(features_of(Crop(crop.image, Image.new("L", size)))).all()


def test_an_example_that_is_not_among_the_crops_is_refused():
    with pytest.raises(InputError) as raised:
        LikeThese({3: True}).score([thing(RED)] * 2)
    assert str(raised.value) == "an example is at 3: expected a place among 2 crops"


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(InputError) as raised:
        features_of(Crop(Image.new("RGB", (4, 5)), Image.new("L", (5, 4))))
    assert str(raised.value) == "the crop is 4 x 5, its mask 5 x 4: their sizes must match"


def test_a_rule_takes_its_labels():
    pixels = np.full((200, 500, 3), 240, np.uint8)
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate(["crimson", "firebrick", "royalblue", "mediumblue", "crimson"]):
        draw.ellipse([place * 100 + 10, 60, place * 100 + 89, 139], fill=colour)
    photo = as_tensor(np.array(image))
    found = find(photo, "colours", keep_labels="red, blue")
    assert len(found.items) == 5
    order = sorted(range(5), key=lambda n: found.items[n].bbox.x1)
    chosen = classify(LikeThese({order[0]: True, order[2]: False}), found, "like > unlike", photo)
    assert sorted(item.bbox.x1 // 100 for item in chosen.filtered.items) == [0, 1, 4]
