"""SAM and SAM 2 by click and box: tiny ones of random weights, against the library's own way."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from segui import Box, InputError
from segui.finders.base import Asked, Point
from segui.finders.models.loaded import Loaded
from segui.finders.models.sam import (
    Thing,
    answers,
    cut_out,
    find_marked,
    look,
    look_at,
    offered,
    things_in,
)
from tests.finders.tiny_sam import tiny_sam, tiny_sam2

SIDE = 64
SIZES = [(48, 60), (150, 97), (64, 64), (20, 31)]
kinds = pytest.mark.parametrize("make", [tiny_sam, tiny_sam2])


def picture(size_hw, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (*size_hw, 3), np.uint8)


@pytest.fixture
def plain_outlines(monkeypatch):
    """Outlines as the model has them: in noise there is no edge to follow."""
    monkeypatch.setattr("segui.finders.models.outlines.followed", lambda *_: [])


def levels(area, size_hw):
    out = np.zeros(size_hw, np.uint8)
    if area is not None:
        out[area.box.slices] = area.levels
    return out


def sam_processor():
    from transformers.models.sam.image_processing_pil_sam import SamImageProcessorPil
    from transformers.models.sam.processing_sam import SamProcessor

    return SamProcessor(
        SamImageProcessorPil(size={"longest_edge": SIDE}, pad_size={"height": SIDE, "width": SIDE})
    )


def by_library(model, photo, points, labels, boxes):
    """The library's own answer of SAM: its logits at full size, and its scores."""
    inputs = sam_processor()(
        photo,
        input_points=None if points is None else [[points]],
        input_labels=None if points is None else [[labels]],
        input_boxes=None if boxes is None else [boxes],
        return_tensors="pt",
    )
    sizes = inputs.pop("original_sizes"), inputs.pop("reshaped_input_sizes")
    fed = {name: v.float() if v.is_floating_point() else v for name, v in inputs.items()}
    with torch.inference_mode():
        out = model(**fed)
    (masks,) = sam_processor().post_process_masks(
        out.pred_masks, *sizes, binarize=False, pad_size={"height": SIDE, "width": SIDE}
    )
    return masks[0].numpy(), out.iou_scores[0, 0].numpy()


@pytest.mark.long
@pytest.mark.usefixtures("plain_outlines")
@pytest.mark.parametrize("size_hw", SIZES)
@pytest.mark.parametrize(
    ("points", "boxes"),
    [
        ((Point(5, 9), Point(17, 12, is_wanted=False)), None),
        (None, (Box(2, 3, 18, 17),)),
        ((Point(5, 9),), (Box(2, 3, 18, 17),)),
    ],
)
def test_sam_answers_as_the_librarys_own_way_does(size_hw, points, boxes):
    model, photo = tiny_sam(), picture(size_hw)
    thing = Thing(points or (), boxes[0] if boxes else None)
    (area,) = cut_out(model, look(model, photo), [thing], photo)
    said = None if points is None else [[point.x, point.y] for point in points]
    labels = None if points is None else [int(point.is_wanted) for point in points]
    logits, scores = by_library(model, photo, said, labels, boxes and [[*boxes[0]]])
    best = logits[scores.argmax()] if logits.ndim == 3 else logits[0, scores.argmax()]
    clear = np.abs(best) > 0.05 * np.abs(best).max()
    agree = (levels(area, size_hw) > 127)[clear] == (best > 0)[clear]
    assert agree.mean() > 0.97  # its two steps of resampling move an outline by a part of a px
    assert area is None or area.confidence == pytest.approx(np.clip(scores.max(), 0, 1), abs=1e-4)
    assert area is None or area.label == ("boxed" if boxes else "clicked")


@pytest.mark.usefixtures("plain_outlines")
@pytest.mark.parametrize("size_hw", SIZES)
def test_sam_2_answers_as_its_mask_enlarged_does(size_hw):
    model, photo = tiny_sam2(), picture(size_hw)
    seen = look(model, photo)
    (area,) = cut_out(model, seen, [Thing((Point(5, 9),))], photo)
    x, y = 5 * SIDE / size_hw[1], 9 * SIDE / size_hw[0]  # the picture is stretched to the square
    with torch.inference_mode():
        out = model(
            image_embeddings=seen.embeddings,
            input_points=torch.tensor([[[[x, y]]]]),
            input_labels=torch.ones(1, 1, 1, dtype=torch.int32),
        )
    best = out.pred_masks[0, 0, out.iou_scores[0, 0].argmax()]
    whole = torch.nn.functional.interpolate(best[None, None], size_hw, mode="bilinear")[0, 0]
    clear = whole.abs() > 0.05 * whole.abs().max()
    expected = (whole > 0).numpy()[clear]
    assert ((levels(area, size_hw) > 127)[clear] == expected).mean() > 0.97


@kinds
def test_a_picture_is_shown_as_the_family_wants_it(make):
    shown = []
    model = make()
    stand_in = SimpleNamespace(
        config=model.config,
        parameters=model.parameters,
        get_image_embeddings=shown.append,
    )
    photo = np.full((30, 60, 3), 255, np.uint8)
    seen = look(stand_in, photo)
    (pixels,) = shown
    white = (1 - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    assert pixels.shape == (1, 3, SIDE, SIDE)
    assert torch.allclose(pixels[0, :, 5, 60], white, atol=1e-5)
    if make is tiny_sam:  # the rest of its square is filled with 0
        assert not pixels[0, :, 32:].any()
        assert seen.scale_yx == (SIDE / 60, SIDE / 60)
    else:
        assert torch.allclose(pixels[0, :, 60, 60], white, atol=1e-5)
        assert seen.scale_yx == (SIDE / 30, SIDE / 60)


@pytest.mark.long
@kinds
def test_several_things_are_answered_as_each_is_alone(make):
    model, photo = make(), picture((60, 80))
    seen = look(model, photo)
    things = [
        Thing((Point(9, 9),)),
        Thing((), Box(5, 5, 40, 40)),
        Thing((Point(50, 30), Point(12, 40, is_wanted=False))),
        Thing((Point(20, 20),), Box(5, 5, 40, 40)),
        *(Thing((), Box(n, n, n + 20, n + 30)) for n in range(10)),
    ]
    together = cut_out(model, seen, things, photo)
    for thing, area in zip(things, together, strict=True):
        (alone,) = cut_out(model, seen, [thing], photo)
        apart = levels(area, (60, 80)).astype(int) - levels(alone, (60, 80))
        assert (apart != 0).mean() < 0.01


def test_the_best_is_the_one_that_the_model_judges_best():
    masks = torch.full((1, 1, 3, 16, 16), -1.0)
    for place, side in enumerate((12, 4, 8)):
        masks[0, 0, place, :side, :side] = 1
    model, _ = answering(masks, torch.tensor([[[0.2, 0.4, 0.9]]]))
    photo = np.zeros((16, 16, 3), np.uint8)
    seen = look(model, photo)
    found = {
        candidate: cut_out(model, seen, [Thing((Point(1, 1),))], photo, candidate)[0]
        for candidate in ("best", "smallest", "middle", "largest")
    }
    assert {name: int((area.levels > 0).sum()) for name, area in found.items()} == {
        "best": 64,
        "smallest": 16,
        "middle": 64,
        "largest": 144,
    }
    assert found["best"].confidence == pytest.approx(0.9)
    assert found["largest"].confidence == pytest.approx(0.2)


def answering(masks, scores):
    """A model that looks at squares of 16 px and always answers the same."""
    asked = []

    class Model(torch.nn.Module):
        config = SimpleNamespace(
            model_type="sam2", prompt_encoder_config=SimpleNamespace(image_size=16)
        )

        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def get_image_embeddings(self, pixels):
            return [pixels]

        def forward(self, **inputs):
            asked.append(inputs)
            return SimpleNamespace(pred_masks=masks, iou_scores=scores)

    return Model(), asked


def test_an_area_that_is_found_nowhere_is_none():
    model, _ = answering(torch.full((1, 1, 3, 16, 16), -1.0), torch.zeros(1, 1, 3))
    photo = np.zeros((16, 16, 3), np.uint8)
    assert cut_out(model, look(model, photo), [Thing((Point(1, 1),))], photo) == [None]


def test_a_disc_of_low_resolution_comes_back_within_a_pixel():
    from tests.finders.test_colours import drawn, from_edge

    photo = drawn((400, 400), "seagreen", (201, 203, 120, "orange"))
    disc = -from_edge((16, 16), 201 / 25, 203 / 25, 120 / 25)
    masks = torch.from_numpy(disc.astype(np.float32))[None, None, None].repeat(1, 1, 3, 1, 1)
    model, _ = answering(masks, torch.zeros(1, 1, 3))
    (area,) = cut_out(model, look(model, photo), [Thing((Point(200, 200),))], photo)
    inside, apart = levels(area, (400, 400)) > 127, from_edge((400, 400), 201, 203, 120)
    assert not (inside & (apart > 1)).any()
    assert not (~inside & (apart < -1)).any()


@kinds
def test_what_was_marked_is_found(make):
    loaded, photo = Loaded(make()), picture((60, 80))
    asked = Asked(points=(Point(50, 50),), boxes=(Box(5, 5, 40, 40),), candidate="largest")
    areas = find_marked(loaded, photo, asked, None)
    things = (Thing((), Box(5, 5, 40, 40)), Thing((Point(50, 50),)))
    expected = cut_out(loaded.model, look(loaded.model, photo), things, photo, "largest")
    assert [area.label for area in areas] == [area.label for area in expected if area is not None]
    again = find_marked(loaded, photo, asked, look_at(loaded, photo))
    for area, other in zip(areas, again, strict=True):
        assert np.array_equal(area.levels, other.levels)


def test_what_is_asked_for_is_the_thing_in_each_box_and_what_was_clicked_beside_them():
    inside, outside = Point(5, 5, is_wanted=False), Point(30, 30)
    asked = Asked(points=(inside, outside), boxes=(Box(0, 0, 10, 10), Box(-5, 40, 500, 60)))
    assert things_in(asked, (50, 80)) == (
        Thing((inside,), Box(0, 0, 10, 10)),
        Thing((), Box(0, 40, 80, 50)),
        Thing((outside,)),
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            Asked(points=(Point(1, 1, is_wanted=False),)),
            (
                "points has none of what is wanted and boxes is empty: expected at least one "
                "[x, y, 1], or one [x1, y1, x2, y2]"
            ),
        ),
        (
            Asked(boxes=(Box(90, 0, 95, 9),)),
            "boxes[0] is [90, 0, 95, 9]: expected one inside of the picture of 80 x 50 px",
        ),
        (
            Asked(points=(Point(80, 1),)),
            "points[0] is at 80, 1: expected a place inside of the picture of 80 x 50 px",
        ),
    ],
)
def test_what_says_too_little_is_refused(asked, sentence):
    with pytest.raises(InputError) as raised:
        things_in(asked, (50, 80))
    assert str(raised.value) == sentence


@kinds
def test_three_outlines_are_offered_with_the_share_that_each_has(make):
    photo, loaded = picture((48, 60)), Loaded(make())
    seen = look_at(loaded, photo)
    points = (Point(20, 30), Point(50, 10, is_wanted=False))
    offers = offered(loaded, photo, Asked(points=points, candidate="middle"), seen)
    assert [one.name for one in offers] == ["smallest", "middle", "largest"]
    assert [one.is_taken for one in offers] == [False, True, False]
    shares = [one.share for one in offers]
    assert shares == sorted(shares)
    (answer,) = answers(loaded.model, seen, (Thing(points),), photo)
    down, right = answer.per_px_yx
    inside = answer.masks[:, : int(np.ceil(48 * down)), : int(np.ceil(60 * right))] > 0
    assert shares == pytest.approx(sorted(inside.mean(axis=(1, 2))))
    best = offered(loaded, photo, Asked(points=points), seen)
    assert [one.is_taken for one in best].count(True) == 1


@kinds
def test_another_of_the_three_is_taken_without_asking_again(make, monkeypatch):
    photo, loaded = picture((48, 60)), Loaded(make())
    seen, points = look_at(loaded, photo), (Point(20, 30),)
    found = find_marked(loaded, photo, Asked(points=points, candidate="largest"), seen)
    monkeypatch.setattr("torch.nn.Module.__call__", None)
    again = find_marked(loaded, photo, Asked(points=points, candidate="smallest"), seen)
    assert sum(one.levels.sum() for one in again) < sum(one.levels.sum() for one in found)
    offered(loaded, photo, Asked(points=points), seen)
    with pytest.raises(TypeError):  # another click is another question
        find_marked(loaded, photo, Asked(points=(Point(21, 30),)), seen)
