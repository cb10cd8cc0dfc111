"""What the engine does in each stage, on real files."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segui.classifiers.colour import ColourNames
from segui.errors import InputError
from segui.images.writing import shrink
from segui.pipeline import as_tensor
from segui.scores.crops import seen
from segui.session import commands
from segui.session.by_hand import area_key
from segui.session.derive import Plan
from segui.session.files import Files, Strokes
from segui.session.inputs import Inputs, PhotoKey
from segui.session.reduce import reduce
from segui.session.results import Task, Telling
from segui.session.session import Pools, Session
from segui.session.stages import Engine
from segui.session.work import MAX_THUMBNAILS, THUMBNAIL_PX
from segui.session.working import work_out
from segui.settings import Settings
from tests.session.fakes import DEFAULTS, HandPool
from tests.session.worked import inputs_of, ref, view_of

Kept = dict[Any, Any]


class Models:
    """One classifier for all choices, which notes how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def get(self, choice: object) -> "Models":
        return self

    def score(self, crops: Any) -> Any:
        self.asked += 1
        return ColourNames().score(crops)


class Workshop:
    """An engine whose results are kept, as a session keeps them."""

    def __init__(self, folder: Path) -> None:
        self.models = Models()
        self.kept: Kept = {}
        self.engine = Engine(Settings(), self.models, lambda: folder)  # type: ignore[arg-type]

    def __call__(self, inputs: Inputs, *done: commands.Command) -> Plan:
        for command in done:
            inputs = reduce(inputs, command)
        plan, self.kept = work_out(inputs, self.engine, self.kept)
        return plan


@pytest.fixture
def work(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def two(pictures: Path) -> Inputs:
    """The astronaut's face and suit."""
    return inputs_of(pictures / "photo.png", pictures / "mask.png", effect="invert")


@pytest.fixture
def small(tmp_path: Path) -> Callable[[str, tuple[int, int]], Path]:
    """Makes a white picture of a name and a size."""

    def make(name: str, size: tuple[int, int]) -> Path:
        Image.new("L", size, 255).save(tmp_path / name)
        return tmp_path / name

    return make


# ---- files --------------------------------------------------------------------------------------


def test_a_file_that_is_no_picture_gives_no_photo(work, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"hello")
    plan = work(inputs_of(tmp_path / "photo.png", tmp_path / "mask.png"))
    assert plan.failure.sentence == (
        "photo.png is not an image that can be read: try PNG, JPEG, WebP or TIFF"
    )
    assert plan.photo is None


@pytest.mark.long
def test_an_edited_version_alone_gives_the_areas_where_it_differs(work, pictures):
    files = Files(ref(pictures / "photo.png"), reference=ref(pictures / "edited.png"))
    plan = work(replace(Inputs.fresh(DEFAULTS), files=files))
    assert len(plan.scene.segments.items) == 1
    assert np.array_equal(plan.painted.pixels, plan.scene.reference.pixels)


@pytest.mark.long
def test_each_file_that_cannot_be_used_is_told(work, pictures, small):
    photo, good = pictures / "photo.png", pictures / "mask.png"
    odd, thin = small("odd.png", (3, 4)), small("thin.png", (64, 30))
    edited, painted = small("edited.png", (5, 4)), small("painted.png", (7, 90))
    strokes = small("strokes.png", (8, 8))
    files = Files(
        ref(photo), (ref(odd), ref(good), ref(thin)), ref(edited), ref(painted),
        (Strokes(str(good), ref(strokes)),),
    )  # fmt: skip
    failure = work(replace(Inputs.fresh(DEFAULTS), files=files)).failure
    told = dict(failure.by_file)
    assert set(told) == {str(odd), str(thin), str(edited), str(painted), str(strokes)}
    assert told[str(thin)] == (
        "the mask thin is 64 x 30, the photo 512 x 512: their proportions must match. Save it at "
        "the photo's size; a mask of a part of the photo needs the rest around it"
    )


@pytest.mark.long
@pytest.mark.parametrize("scale", [False, True])
def test_an_edited_version_of_another_size_may_be_scaled(scale, work, pictures, small):
    files = Files(ref(pictures / "photo.png"), reference=ref(small("half.png", (64, 64))))
    inputs = inputs_of(pictures / "photo.png", pictures / "mask.png", scale=scale)
    plan = work(replace(inputs, files=files))
    if scale:
        assert (plan.failure, len(plan.scene.segments.items)) == (None, 1)
    else:
        assert plan.failure.can_scale
        assert plan.failure.sentence == (
            "the edited version is 64 x 64, the photo 512 x 512: their sizes must match"
        )


@pytest.fixture
def tight(tmp_path: Path) -> Workshop:
    """An engine that opens at most 64 x 64 pixels."""
    work = Workshop(tmp_path)
    settings = replace(Settings(), max_megapixels=64 * 64 / 1e6)
    work.engine = Engine(settings, work.models, lambda: tmp_path)  # type: ignore[arg-type]
    return work


@pytest.mark.parametrize("shrink", [False, True])
def test_a_photo_over_the_limit_and_all_of_its_size_may_be_opened_smaller(shrink, tight, small):
    photo, edited = small("photo.png", (128, 128)), small("edited.png", (128, 128))
    with Image.open(photo) as image:
        image.paste(0, (0, 0, 64, 128))
        image.save(photo.with_name("mask.png"))
    inputs = inputs_of(photo, photo.with_name("mask.png"), shrink=shrink)
    files = replace(inputs.files, reference=ref(edited))
    plan = tight(replace(inputs, files=files))
    if shrink:
        assert plan.failure is None
        assert plan.photo.size_hw == plan.scene.reference.size_hw == (64, 64)
        assert [item.bbox for item in plan.scene.segments.items] == [(32, 0, 64, 64)]
        assert "photo: 128 x 128, opened at 64 x 64" in plan.scene.notes
    else:
        assert plan.photo is None
        assert plan.failure.smaller_wh == (64, 64)
        assert plan.failure.sentence == (
            "photo.png is 128 x 128, 0.0164 megapixels: at most 0.004096 are read"
        )


@pytest.mark.parametrize("first", [[], [commands.SetOptions({"feather": 9})]])
def test_a_photo_that_is_opened_smaller_is_one_step_that_can_be_undone(first, small):
    photo = ref(small("photo.png", (128, 128)))
    before = Inputs.fresh(DEFAULTS)
    for command in first:
        before = reduce(before, command)
    engine = Engine(Settings(), Models(), Path)  # type: ignore[arg-type]
    session = Session(before, engine, Pools(HandPool(), HandPool()))  # type: ignore[arg-type]
    session.submit(commands.GivePhoto(photo, shrink=True))
    assert session.inputs.photo == PhotoKey(photo, shrink=True)
    session.submit(commands.Undo())
    assert session.inputs.photo == PhotoKey(None)


def test_a_mask_of_another_size_is_scaled(work, pictures, small):
    plan = work(inputs_of(pictures / "photo.png", small("half.png", (64, 64))))
    assert (plan.failure, len(plan.scene.segments.items)) == (None, 1)


def test_annotations_among_the_masks_give_areas_and_broken_ones_are_told(work, pictures, tmp_path):
    shape = {"label": "red car", "points": [[10, 10], [90, 60]], "shape_type": "rectangle"}
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"shapes": [shape]}), encoding="utf-8")
    bad.write_text("{", encoding="utf-8")
    plan = work(inputs_of(pictures / "photo.png", good))
    assert [(item.label, item.bbox) for item in plan.scene.segments.items] == [
        ("red car", (10, 10, 90, 60))
    ]
    failure = work(inputs_of(pictures / "photo.png", good, bad)).failure
    assert [file for file, _ in failure.by_file] == [str(bad)]
    assert failure.sentence.startswith("bad.json is not JSON: line 1, column 2: ")


def test_files_of_other_proportions_cannot_be_scaled(work, pictures, small):
    plan = work(inputs_of(pictures / "photo.png", small("odd.png", (64, 30))))
    assert not plan.failure.can_scale


def test_another_photo_with_masks_that_do_not_fit_it_is_shown_alone(work, two, pictures):
    plan = work(two, commands.GivePhoto(ref(pictures / "cat.png")))
    assert plan.photo.size_hw == (300, 451)
    assert (plan.scene, plan.painted) == (None, None)
    assert plan.failure is not None


def test_a_mask_that_does_not_fit_leaves_the_areas_as_they_were(work, two, small):
    before = work(two)
    plan = work(two, commands.AddMasks((ref(small("odd.png", (64, 30))),)))
    assert (plan.scene, plan.selection, plan.painted) == (
        before.scene, before.selection, before.painted,
    )  # fmt: skip


# ---- areas --------------------------------------------------------------------------------------


def test_every_area_has_its_picture(work, two, tmp_path):
    plan = work(two)
    assert [path.name for path in plan.pictures.thumbnails] == ["1.jpg", "2.jpg"]
    for path in plan.pictures.thumbnails:
        assert path.is_relative_to(tmp_path)
        with Image.open(path) as picture:
            assert max(picture.size) == THUMBNAIL_PX
    assert [layer.number for layer in plan.pictures.layers] == [1, 2]
    assert np.array_equal(plan.small, plan.photo.pixels)


def test_areas_beyond_a_number_have_no_picture(work, two, monkeypatch):
    monkeypatch.setattr("segui.session.work.MAX_THUMBNAILS", 1)
    assert MAX_THUMBNAILS == 200
    plan = work(two)
    assert (len(plan.scene.segments.items), len(plan.pictures.thumbnails)) == (2, 1)
    seen_by_a_model = work(
        two, commands.SetOptions({"classifier": "Manual repo id", "repo": "a/b"})
    )
    assert len(seen_by_a_model.pictures.thumbnails) == 1


@pytest.mark.parametrize("context", ["crop", "bbox", "segment"])
def test_what_a_model_gets_of_each_area_is_shown(context, work, two):
    asked = {"classifier": "Manual repo id", "repo": "org/name", "context": context}
    first, shown = work(two), work(two, commands.SetOptions(asked))
    photo = as_tensor(shown.scene.photo.pixels)
    items = shown.scene.segments.items
    for item, path in zip(items, shown.pictures.thumbnails, strict=True):
        with Image.open(path) as picture:
            expected = shrink(np.asarray(seen(item, photo, context)), THUMBNAIL_PX)
            assert np.abs(np.asarray(picture, np.int16) - expected).mean() < 8  # it is a JPEG
    assert not set(first.pictures.thumbnails) & set(shown.pictures.thumbnails)


def test_a_classifier_is_asked_once_whatever_is_chosen_and_pasted(work, two):
    work(two)
    work(two, commands.SetOptions({"expression": "red > 50%"}))
    work(two, commands.SetOptions({"effect": "grey"}), commands.Pick(1))
    assert work.models.asked == 1
    work(two, commands.SetOptions({"grow": 3}))
    assert work.models.asked == 2


def test_what_is_known_of_a_model_comes_with_its_scores(work, two):
    work.models.revision = "abc"
    work.models.notes = ("it runs slowly",)
    plan = work(two)
    assert (plan.scored.revision, plan.scored.notes) == ("abc", ("it runs slowly",))
    assert plan.scored.who == two.classifier.key
    assert len(plan.scored.scores) == 2
    assert plan.selection.scores == plan.scored.scores


def test_how_far_a_classifier_has_come_is_told(work, two):
    told: list[tuple[int, int]] = []
    plan = work(two)
    work.engine(
        question(two, plan),
        plan,
        Telling(lambda *step: told.append(step), lambda *_: None, lambda *_: None),
    )
    assert (told[0], told[-1]) == ((0, 2), (2, 2))


def question(inputs: Inputs, plan: Plan) -> Task:
    return Task("scores", (plan.areas, inputs.classifier.key))


# ---- choice and result --------------------------------------------------------------------------


def test_before_any_scores_areas_are_chosen_by_what_they_are(work, two):
    plan = work(two, commands.SetOptions({"classifier": "Manual repo id"}))
    assert (plan.scored, plan.selection.decisions) == (None, (True, True))
    by_scores = {"classifier": "Manual repo id", "expression": "red > 0"}
    assert work(two, commands.SetOptions(by_scores)).selection.decisions == (None, None)
    by_number = {"classifier": "Manual repo id", "expression": "@index = 1"}
    assert work(two, commands.SetOptions(by_number)).selection.decisions == (True, False)


def test_what_is_done_by_hand_wins_over_the_rule(work, two):
    ruled = reduce(two, commands.SetOptions({"expression": "@index = 2"}))
    first = area_key(work(ruled).scene.segments.items[0])
    plan = work(ruled, commands.Override(first, "filtered"))
    assert plan.selection.sides == ("filtered", "filtered")
    assert plan.selection.by_hand == (True, False)
    undone = work(ruled, commands.Override(first, "filtered"), commands.Override(first, None))
    assert undone.selection.sides == ("remained", "filtered")


def test_what_is_done_by_hand_outlives_another_search_for_areas(work, two):
    second = area_key(work(two).scene.segments.items[1])
    plan = work(
        two,
        commands.Override(second, "filtered"),
        commands.SetOptions({"crop_factor": 1.5, "expression": "@area < 0"}),
    )
    assert plan.selection.sides == ("remained", "filtered")


def test_what_is_pasted_is_pasted_where_areas_pass(work, two):
    plan = work(two, commands.SetOptions({"expression": "@index = 1", "feather": 0}))
    pixels, photo = plan.painted.pixels, plan.photo.pixels
    np.testing.assert_array_equal(pixels[100, 200], 255 - photo[100, 200])
    np.testing.assert_array_equal(pixels[400, 100], photo[400, 100])


def test_nothing_to_paste_says_so_and_leaves_the_choice(work, two):
    plan = work(two, commands.SetOptions({"effect": "none"}))
    assert plan.painted is None
    assert plan.nothing_painted == (
        "there is nothing to paste: add an edited version, or pick an effect"
    )
    assert len(plan.selection.filtered.items) == 2


def test_a_stage_that_comes_too_early_says_so(work, two):
    telling = Telling(lambda *_: None, lambda *_: None, lambda *_: None)
    with pytest.raises(InputError, match="a stage was asked for before what it is made from was"):
        work.engine(question(two, Plan(two)), Plan(two), telling)


# ---- all of it ----------------------------------------------------------------------------------


def test_a_session_comes_to_the_same_as_work_from_scratch(work, two, tmp_path):
    asked = commands.SetOptions({"effect": "blur", "expression": "@index = 2"})
    session = Session(Inputs.fresh(DEFAULTS), work.engine, Pools.of(2))
    for mask in two.files.masks:
        session.submit(commands.GivePhoto(two.files.photo), commands.AddMasks((mask,)))
    session.submit(asked)
    view = session.wait_until(lambda view: view.plan.is_at_rest, 60)
    plan = view_of(view.inputs, tmp_path).plan
    np.testing.assert_array_equal(view.plan.painted.pixels, plan.painted.pixels)
    assert view.plan.selection.reasons == plan.selection.reasons
    assert view.plan.scored.scores == plan.scored.scores
    assert len(view.thumbnails) == len(view.layers) == len(view.segments) == 2
