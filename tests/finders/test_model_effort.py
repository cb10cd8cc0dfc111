"""What a model that finds would take too long for is refused, and one that runs can be ended."""

from threading import Thread
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from segui import Box, InputError
from segui.errors import ClassifierError, SumError
from segui.finders.base import Asked, Point
from segui.finders.models import hub
from segui.finders.models.boxed import Boxed, outlined
from segui.finders.models.effort import MOST_AREAS, MOST_CUT_OUT, MOST_POINTS, Effort
from segui.finders.models.families import family_of
from segui.finders.models.fetched import FinderConfig
from segui.finders.models.hub import HubFinder
from segui.finders.models.loaded import Loaded
from segui.finders.models.sam import Thing, cut_out, look
from segui.finders.models.words import _parts_in, _soft, clipseg_areas
from segui.models.shown_size import MOST_SHOWN_PX, check_shown, shown_hw
from segui.session.results import Stopped
from tests.finders.test_sam import answering
from tests.finders.tiny_families import TINY, processor_for, tiny
from tests.finders.tiny_sam import tiny_sam
from tests.finders.tiny_words import tiny_clipseg, tiny_owlv2

NOTHING_LEFT = Effort(max_megapixels=1e-9)
ADVICE = "A higher confidence, fewer marks and a smaller photo have less"


def picture(size_hw=(90, 61)):
    return np.random.default_rng(3).integers(0, 256, (*size_hw, 3), np.uint8)


def finder_of(model, processor=None, tokenizer=None) -> HubFinder:
    """A finder whose model is loaded already."""
    family = family_of(model.config.model_type, (type(model).__name__,))
    assert family is not None
    finder = HubFinder(FinderConfig("org/instance"))
    loaded = Loaded(model, processor, tokenizer, "org/instance")
    finder._once.value = hub.Ready(family, loaded, (), None, 0)
    return finder


def of_kind(kind: str) -> HubFinder:
    return finder_of(tiny(kind), None if kind.startswith("rf_detr") else processor_for(kind))


@pytest.mark.long
@pytest.mark.parametrize("kind", TINY)
def test_areas_that_are_too_large_together_are_refused_before_any_is_cut_out(kind, monkeypatch):
    for module in ("outlines.levels_above_0", "families.area_of_box"):
        monkeypatch.setattr(f"segui.finders.models.{module}", None)
    with pytest.raises(SumError) as caught:
        of_kind(kind).find(picture(), Asked(confidence=0.0), NOTHING_LEFT)
    assert str(caught.value).split(" have ")[0].endswith(" areas that the model found")
    assert str(caught.value).endswith(f": at most 1e-09 are cut out. {ADVICE}")


def test_areas_of_words_too():
    tiny_one = tiny_clipseg()
    with pytest.raises(SumError, match="areas that the model found have"):
        clipseg_areas(*tiny_one, picture(), ["red"], 0.0, Effort(max_megapixels=0.002))


@pytest.mark.parametrize("kind", ["segformer", "rt_detr"])
def test_a_model_ends_between_two_layers_once_nobody_waits(kind):
    finder, looks = of_kind(kind), []
    model = finder._once.value.loaded.model

    def stop():
        looks.append(1)
        if len(looks) == 5:
            raise Stopped

    with pytest.raises(Stopped):
        finder.find(picture(), Asked(confidence=0.0), Effort(stop))
    assert len(looks) == 5 < len([*model.modules()])
    assert not any(part._forward_pre_hooks for part in model.modules())
    assert finder.find(picture(), Asked(confidence=0.0)).size == (90, 61)


def test_who_waits_for_a_model_that_works_for_another_need_not():
    finder, ended = of_kind("segformer"), []

    def stop():
        raise Stopped

    def wait():
        with pytest.raises(Stopped):
            finder.find(picture(), Asked(), Effort(stop))
        ended.append(True)

    with finder._lock:
        waiting = Thread(target=wait)
        waiting.start()
        waiting.join(timeout=60)
        assert ended == [True]


def test_what_is_raised_by_a_model_itself_is_said_as_ever(monkeypatch):
    finder = of_kind("segformer")
    model = finder._once.value.loaded.model
    monkeypatch.setattr(type(model), "forward", None)
    with pytest.raises(ClassifierError) as caught:
        finder.find(picture(), Asked(), Effort(lambda: None))
    assert "org/instance" in str(caught.value)


def test_words_for_which_a_model_would_look_too_often(monkeypatch):
    monkeypatch.setattr("segui.finders.models.effort.MOST_WORDS_MEGAPIXELS", 0.01)
    finder = finder_of(*tiny_clipseg())
    model = finder._once.value.loaded.model
    asked = Asked(words=tuple("abcdefghijklmnopqrst"))  # 20 of 32 x 32 px: 20,480
    monkeypatch.setattr(type(model), "forward", None)
    with pytest.raises(SumError) as caught:
        finder.find(picture(), asked, Effort(max_megapixels=1000))
    assert str(caught.value) == (
        "for 20 words the model would look at 0.0205 megapixels: at most 0.01 are looked at. "
        "Fewer words take fewer"
    )


def test_no_word_more_is_begun_once_nobody_waits():
    tiny_one, asked = tiny_clipseg(), []
    stand_in = SimpleNamespace(config=tiny_one.model.config, parameters=tiny_one.model.parameters)

    def stop():
        if asked:
            raise Stopped

    class Model:
        config, parameters = stand_in.config, stand_in.parameters

        def __call__(self, **inputs):
            asked.append(inputs)
            return tiny_one.model(**inputs)

    many = [f"w{number}" for number in range(9)]
    with pytest.raises(Stopped):
        clipseg_areas(Model(), *tiny_one[1:], picture(), many, 0.0, Effort(stop))
    assert len(asked) == 1


def test_more_boxes_than_things_are_told_from_their_ground_in(monkeypatch):
    monkeypatch.setattr("segui.finders.models.boxed.thing_in", None)
    found = [Boxed(Box(n, 0, n + 9, 9), "leaf", 0.5) for n in range(101)]
    with pytest.raises(SumError) as caught:
        outlined(found, picture((20, 200)), Effort(max_megapixels=1000))
    assert str(caught.value) == (
        "the model found 101 boxes: in at most 100 the thing is told from its ground. " + ADVICE
    )
    with pytest.raises(SumError) as caught:
        outlined(found[:3], picture((20, 200)), NOTHING_LEFT)
    assert str(caught.value).startswith("3 areas that the model found have 0.0")


def test_boxes_are_counted_before_sam_looks(monkeypatch):
    monkeypatch.setattr("segui.finders.models.sam.look", None)
    finder = finder_of(tiny_sam())
    asked = Asked(boxes=(Box(0, 0, 50, 50), Box(0, 0, 60, 50)))  # 2500 and 3000 px
    with pytest.raises(SumError) as caught:
        finder.find(picture(), asked, Effort(max_megapixels=0.005))
    assert str(caught.value) == (
        "2 boxes have 0.0055 megapixels together: at most 0.005 are looked at. "
        "Fewer boxes, or smaller ones, have less"
    )


def too_many(count: int) -> str:
    return (
        f"there are {count} things to be cut out: a model that is clicked at is asked for at most "
        f"{MOST_CUT_OUT}. {ADVICE}"
    )


def test_boxes_of_a_detector_are_counted_before_sam_looks(monkeypatch):
    monkeypatch.setattr("segui.finders.models.sam.look", None)
    found = [Boxed(Box(0, 0, 1, 1), "leaf", 0.5)] * (MOST_CUT_OUT + 1)
    with pytest.raises(SumError) as caught:
        finder_of(tiny_sam()).cut_out(picture(), found, Effort(max_megapixels=1000))
    assert str(caught.value) == too_many(MOST_CUT_OUT + 1)


def test_so_are_boxes_that_were_drawn(monkeypatch):
    monkeypatch.setattr("segui.finders.models.sam.things_in", None)
    asked = Asked(boxes=(Box(0, 0, 1, 1),) * (MOST_CUT_OUT + 2))
    with pytest.raises(SumError) as caught:
        finder_of(tiny_sam()).find(picture(), asked, Effort(max_megapixels=1000))
    assert str(caught.value) == too_many(MOST_CUT_OUT + 2)


def test_as_many_things_as_may_be_are_cut_out_and_any_number_in_a_library():
    Effort(max_megapixels=1000).check_things(MOST_CUT_OUT)
    Effort().check_things(10 * MOST_CUT_OUT)


def test_areas_that_are_small_and_very_many_are_refused_before_any_is_cut_out(monkeypatch):
    monkeypatch.setattr("segui.finders.models.words.enlarged", None)
    side = 2 * int(np.ceil(np.sqrt(MOST_AREAS + 1)))
    logits = np.full((side, side), -9, np.float32)
    logits[::2, ::2] = 9  # each alone
    parts = _parts_in(logits, (side, side), "dots", 0.5)
    with pytest.raises(SumError) as caught:
        _soft(parts, (side, side), Effort(max_megapixels=1000))
    count = (side // 2) ** 2
    assert str(caught.value) == (
        f"the model found {count} areas: at most {MOST_AREAS} are cut out. {ADVICE}"
    )
    assert len(parts) == count > MOST_AREAS


def test_points_that_lie_in_many_boxes_are_counted_in_each(monkeypatch):
    monkeypatch.setattr("segui.finders.models.sam.look", None)
    points = tuple(Point(n % 60, n // 60) for n in range(1000))
    asked = Asked(points=points, boxes=(Box(0, 0, 61, 90),) * 6)
    with pytest.raises(SumError) as caught:
        finder_of(tiny_sam()).find(picture(), asked, Effort(max_megapixels=1000))
    assert str(caught.value) == (
        "there are 6000 points for 6 things, those in several boxes once for each: "
        f"at most {MOST_POINTS} are looked at. Fewer boxes over each other have fewer"
    )


@pytest.mark.parametrize(("points", "at_once"), [(1, 8), (64, 4), (1000, 1)])
def test_the_more_points_a_thing_has_the_fewer_are_asked_for_at_once(points, at_once):
    masks = torch.full((1, 8, 3, 16, 16), -1.0)
    model, asked = answering(masks, torch.zeros(1, 8, 3))

    def forward(**inputs):
        count = inputs["input_points"].shape[1]
        asked.append(count)
        return SimpleNamespace(pred_masks=masks[:, :count], iou_scores=torch.zeros(1, count, 3))

    model.forward = forward
    photo = picture((16, 16))
    cut_out(model, look(model, photo), [Thing((Point(1, 1),) * points)] * 8, photo)
    assert asked == [at_once] * (8 // at_once)


@pytest.mark.parametrize(("most_bytes", "forwards"), [(10, 2), (hub._FOUND_BYTES, 1)])
def test_answers_that_are_large_are_not_kept(monkeypatch, most_bytes, forwards):
    monkeypatch.setattr(hub, "_FOUND_BYTES", most_bytes)
    finder, looked = of_kind("segformer"), []
    finder.load()
    model = finder._once.get().loaded.model
    model.register_forward_pre_hook(lambda *_: looked.append(1))
    for _ in range(2):
        assert finder.find(picture(), Asked(confidence=0.0)).items
    assert len(looked) == forwards


@pytest.mark.parametrize("size_hw", [(90, 61), (30, 300), (64, 64), (300, 7)])
@pytest.mark.parametrize("kind", ["segformer", "detr", "rt_detr", "maskformer"])
def test_a_picture_is_shown_no_larger_than_was_told(kind, size_hw):
    processor = processor_for(kind)
    made = processor(images=picture(size_hw), return_tensors="pt")["pixel_values"].shape[-2:]
    told = shown_hw(processor, size_hw)
    slack = getattr(processor, "size_divisor", None) or 1
    assert all(0 <= most + 0.5 - side <= slack for side, most in zip(made, told, strict=True))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"size": {"height": 9000, "width": 7000}}, (9000, 7000)),
        ({"size": {"shortest_edge": 900}}, (900, 18000)),
        ({"size": {"longest_edge": 900}}, (45, 900)),
        ({"size": {"max_height": 50, "max_width": 500}}, (25, 500)),
        ({"size": {"height": 50, "width": 50}, "do_resize": False}, (100, 2000)),
        ({"size": {"height": 50, "width": 50}, "crop_size": {"height": 70, "width": 40}}, (70, 50)),
        ({"size": {"height": 50, "width": 50}, "pad_size": {"height": 70, "width": 80}}, (70, 80)),
        ({"size": {"height": 50, "width": 50}, "size_divisor": 32}, (81, 81)),
        ({}, (100, 2000)),
    ],
)
def test_what_a_processor_says_of_sizes_tells_the_largest_that_it_makes(said, told):
    assert shown_hw(SimpleNamespace(**said), (100, 2000)) == pytest.approx(told)


def test_a_model_that_would_be_shown_more_than_any_is_made_for_is_refused():
    finder = of_kind("segformer")
    processor = finder._once.value.loaded.processor
    processor.size = {"height": 30_000, "width": 40_000}
    with pytest.raises(ClassifierError) as caught:
        finder.find(picture(), Asked())
    assert str(caught.value) == (
        "'org/instance' would be shown a picture of 40000 x 30000 px, 1200 megapixels: "
        "at most 4.19 are shown to one"
    )
    check_shown((2048, MOST_SHOWN_PX / 2048))


@pytest.mark.parametrize("kind", ["eomt", "rf_detr", "rf_detr_masks", "owlv2", "sam"])
def test_so_is_one_whose_own_config_says_how_large_a_square_it_is_shown(kind, monkeypatch):
    made = {"owlv2": tiny_owlv2, "sam": lambda: (tiny_sam(),)}
    finder = finder_of(*made[kind]()) if kind in made else of_kind(kind)
    config = finder._once.value.loaded.model.config
    for part in ("prompt_encoder_config", "backbone_config", "vision_config"):
        if hasattr(config, part):
            getattr(config, part).image_size = 30_000
            break
    else:
        config.image_size = 30_000
        finder._once.value.loaded.processor.do_split_image = True
    monkeypatch.setattr("segui.finders.models.shown.resized", None)
    with pytest.raises(ClassifierError, match="would be shown a picture of 30000 x 30000 px"):
        finder.find(picture(), Asked(points=(Point(3, 3),), words=("red",)))


def test_a_library_has_no_bound_but_what_a_model_is_shown():
    found = [Boxed(Box(n, 0, n + 9, 9), "leaf", 0.5) for n in range(101)]
    assert len(outlined(found, np.zeros((20, 200, 3), np.uint8))) == 101


def test_a_box_that_lies_outside_is_said_before_sam_looks(monkeypatch):
    monkeypatch.setattr("segui.finders.models.sam.look", None)
    with pytest.raises(InputError, match=r"boxes\[0\] is \[100, 0, 120, 9\]"):
        finder_of(tiny_sam()).find(picture(), Asked(boxes=(Box(100, 0, 120, 9),)))
