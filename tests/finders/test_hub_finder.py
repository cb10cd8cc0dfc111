"""Finders of a hub: from a repo id to segments, with all that can go wrong on the way."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segui.classifiers.model_cache import ModelCache
from segui.errors import ClassifierError, InputError
from segui.finders.base import Asked, Point
from segui.finders.models.shelf import FinderShelf
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.geometry import Box
from segui.masks.annotations.outlines import counts_of_text
from segui.models.finder_catalogue import FINDER_CATALOGUE
from segui.pipeline import open_scene
from segui.segments.cutting import CropOptions
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.classifiers.hub_server import Repo
from tests.finders.tiny_families import LABELS, TINY, processor_for, tiny
from tests.finders.tiny_sam import tiny_sam, tiny_sam2
from tests.finders.tiny_sam3 import tiny_sam3, tiny_sam3_lite_text, tiny_sam3_video
from tests.finders.tiny_shapes import scene
from tests.finders.tiny_words import Tiny, tiny_clipseg, tiny_grounding_dino, tiny_owlv2

SETTINGS = Settings(device="cpu")
SHAPES = "org/shapes"
SEGMENTS = "org/segments"


@pytest.fixture
def segments(hub, tmp_path):
    """The hub with a model of random weights."""
    hub.repos[SEGMENTS] = saved(tmp_path / "segments", "segformer")
    return hub


@pytest.fixture
def shapes(hub, shapes_model_dir):
    """The hub with a model that was trained."""
    hub.repos[SHAPES] = Repo(shapes_model_dir)
    return hub


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.png"
    Image.fromarray(drawn()[0]).save(path)
    return path


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """A scene that the model was not shown, four times as large as those that it was."""
    return scene(np.random.default_rng(77), side=384)


def saved(folder: Path, kind: str, **changed: Any) -> Repo:
    """A tiny model of a family as a repo, with some of its config changed."""
    tiny(kind).save_pretrained(folder)
    if not kind.startswith("rf_detr"):
        processor_for(kind).save_pretrained(folder)
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    return Repo(folder)


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


def masks_of(segments: Any) -> dict[str, np.ndarray]:
    found = {}
    for item in segments.items:
        mask = np.zeros(segments.size, bool)
        inside = item.content.clip(segments.size)
        mask[inside.slices] = item.read_mask(inside) > 0.5
        found[item.label] = mask
    return found


@pytest.mark.long
def test_a_model_of_the_hub_finds_what_it_was_trained_to(shapes, photo):
    scene_found = open_scene(Inputs(photo), SegmentOptions(finder=SHAPES), SETTINGS)
    masks = masks_of(scene_found.segments)
    _, classes = drawn()
    assert masks.keys() == {"disc", "square"}
    assert overlap(masks["disc"], classes == 1) > 0.9
    assert overlap(masks["square"], classes == 2) > 0.9
    commit = shapes.repos[SHAPES].commit
    assert scene_found.notes[-1] == f"found by {SHAPES}, commit {commit[:12]}"


@pytest.mark.long
@pytest.mark.parametrize("kind", ["turned", "grey", "transparent"])
def test_a_photo_is_shown_to_a_model_upright_in_colour_and_on_white(segments, tmp_path, kind):
    pixels, _ = drawn()
    picture = Image.fromarray(pixels)
    plain, path, how = tmp_path / "plain.png", tmp_path / f"{kind}.png", {}
    if kind == "turned":
        picture.save(plain)
        stored, how["exif"] = picture.transpose(Image.Transpose.ROTATE_90), Image.Exif()
        how["exif"][0x0112] = 6  # to be turned to the right
    elif kind == "grey":
        stored = picture.convert("L")
        stored.convert("RGB").save(plain)
    else:
        alpha = np.full(pixels.shape[:2], 255, np.uint8)
        alpha[:100] = 0
        stored = Image.fromarray(np.dstack([pixels, alpha]))
        pixels = pixels.copy()
        pixels[:100] = 255
        Image.fromarray(pixels).save(plain)
    stored.save(path, **how)
    asked = SegmentOptions(finder=SEGMENTS, confidence=0.0)
    masks, expected = (
        masks_of(open_scene(Inputs(one), asked, SETTINGS).segments) for one in (path, plain)
    )
    assert masks.keys() == expected.keys() != set()
    assert all(np.array_equal(masks[label], expected[label]) for label in masks)


@pytest.mark.long
def test_an_endpoint_finds_by_a_repo_id_and_the_rule_asks_for_labels(shapes, photo):
    calls = Endpoints(SETTINGS, ModelCache(SETTINGS), photo.parent)
    report = calls.segments(
        {"path": str(photo)},
        finder=SHAPES,
        outlines="rle",
        expression="@label = disc and red > 80%",
    )
    by_label = {each["label"]: each for each in report["segments"]}
    assert {label: each["filtered"] for label, each in by_label.items()} == {
        "disc": True,
        "square": False,
    }
    counts = counts_of_text(by_label["disc"]["segmentation"]["counts"])
    runs = np.repeat(np.arange(len(counts)) % 2, counts).astype(bool)
    mask = runs.reshape((384, 384), order="F")
    assert overlap(mask, drawn()[1] == 1) > 0.9


@pytest.mark.long
@pytest.mark.parametrize("kind", TINY)
def test_every_family_is_fetched_checked_and_asked(hub, tmp_path, kind):
    hub.repos["org/instance"] = saved(tmp_path / "repo", kind)
    finder = FinderShelf(SETTINGS).get("org/instance")
    picture = np.random.default_rng(3).integers(0, 256, (90, 61, 3), np.uint8)
    found = finder.find(picture, Asked(confidence=0.0))
    assert found.size == (90, 61)
    assert {item.label for item in found.items} <= set(LABELS.values())
    assert finder.size_bytes > 0


def saved_with_words(folder: Path, made: Tiny) -> Repo:
    """A tiny model that finds by words as a repo."""
    for part in made:
        if part is not None:
            part.save_pretrained(folder)
    return Repo(folder)


@pytest.mark.long
@pytest.mark.parametrize("make", [tiny_sam, tiny_sam2])
def test_a_model_that_is_clicked_at_is_fetched_checked_and_asked(hub, tmp_path, make):
    make().save_pretrained(tmp_path / "repo")
    hub.repos["org/clicks"] = Repo(tmp_path / "repo")
    finder = FinderShelf(SETTINGS).get("org/clicks")
    picture = np.random.default_rng(3).integers(0, 256, (90, 61, 3), np.uint8)
    found = finder.find(picture, Asked(points=(Point(30, 40),), boxes=(Box(5, 5, 25, 60),)))
    assert {item.label for item in found.items} == {"clicked", "boxed"}
    assert finder.needs == "marks"


WORDED = [
    tiny_clipseg, tiny_owlv2, tiny_grounding_dino, tiny_sam3, tiny_sam3_lite_text, tiny_sam3_video,
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("make", WORDED)
def test_a_model_that_finds_by_words_is_fetched_checked_and_asked(hub, tmp_path, make):
    hub.repos["org/words"] = saved_with_words(tmp_path / "repo", make())
    finder = FinderShelf(SETTINGS).get("org/words")
    picture = np.random.default_rng(3).integers(0, 256, (90, 61, 3), np.uint8)
    found = finder.find(picture, Asked(confidence=0.0, words=("red car", "dog")))
    assert found.items
    assert {item.label for item in found.items} <= {"red car", "dog"}
    assert finder.needs == "words"


def test_bytes_are_told_as_they_come_and_what_is_raised_ends_the_fetch(segments):
    told = []
    FinderShelf(SETTINGS).get(SEGMENTS).load(lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 40_000

    def enough(done, total):
        raise KeyError("enough")

    segments.repos["org/other"] = Repo(segments.repos[SEGMENTS].folder)
    with pytest.raises(KeyError, match="enough"):
        FinderShelf(SETTINGS).get("org/other").load(enough)


@pytest.mark.long
def test_a_finder_is_kept_beside_classifiers_within_their_budget(segments):
    models = ModelCache(SETTINGS, models_mb=0.05)
    shelf = FinderShelf(SETTINGS, models)
    finder = shelf.get(SEGMENTS)
    assert shelf.get(SEGMENTS) is finder
    finder.load()
    assert shelf.get(SEGMENTS) is finder  # the last one stays though it is larger
    segments.repos["org/other"] = Repo(segments.repos[SEGMENTS].folder)
    shelf.get("org/other").load()
    assert shelf.get(SEGMENTS) is not finder


@pytest.mark.long
def test_what_was_found_is_cut_out_otherwise_without_asking_again(segments, monkeypatch):
    finder = FinderShelf(SETTINGS).get(SEGMENTS)
    picture = drawn()[0]
    before = finder.find(picture, Asked(cut=CropOptions(drop_size=1)))
    monkeypatch.setattr("torch.nn.Module.__call__", None)
    again = finder.find(picture, Asked(cut=CropOptions(drop_size=384)))
    assert before.items
    assert not again.items
    assert len(again.left_out) == len(before.items) + len(before.left_out)


@pytest.mark.long
def test_a_picture_with_alpha_is_seen_on_white(segments):
    finder = FinderShelf(SETTINGS).get(SEGMENTS)
    picture = drawn()[0]
    opaque = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    one, other = finder.find(picture, Asked()), finder.find(opaque, Asked())
    assert [item.bbox for item in one.items] == [item.bbox for item in other.items]


def refused(name: str, settings: Settings = SETTINGS) -> str:
    with pytest.raises((ClassifierError, InputError)) as raised:
        FinderShelf(settings).get(name).find(drawn()[0], Asked())
    return str(raised.value)


def test_a_model_that_finds_nothing_is_refused_before_its_weights_are_fetched(hub):
    assert refused("org/faces") == (
        "'org/faces' does not find areas: it is a ViTForImageClassification, expected a model "
        "that detects, segments, cuts out what is clicked or finds by words"
    )
    assert not any(asked.file.endswith(".safetensors") for asked in hub.asked)


def test_no_hub_in_reach_is_said(segments):
    segments.down = True
    assert refused(SEGMENTS).startswith(f"{SEGMENTS!r}")


def test_too_large_a_model_is_refused(segments):
    sentence = refused(SEGMENTS, Settings(device="cpu", max_model_mb=0.1))
    assert sentence.endswith("MB: at most 0.1 MB are allowed (SEGUI_MAX_MODEL_MB)")


def test_what_a_deployment_does_not_allow_is_refused(segments):
    assert refused(SEGMENTS, Settings(device="cpu", allowed_models=("google/*",))) == (
        "'org/segments' is not among the models allowed here: google/*"
    )
    assert refused(SEGMENTS, Settings(device="cpu", manual_models=False)) == (
        "models of one's own choice are off here: pick one of the list, or ask whoever runs this "
        "page to set SEGUI_MANUAL_MODELS"
    )


@pytest.mark.long
def test_weights_that_are_not_the_config_s_are_refused(hub, tmp_path):
    hub.repos["org/bad"] = saved(tmp_path / "bad", "segformer", decoder_hidden_size=12)
    assert refused("org/bad") == (
        "'org/bad' is broken: its weights are not those that its config.json describes"
    )


def test_pickled_weights_are_refused(hub, tmp_path):
    repo = saved(tmp_path / "pickled", "segformer")
    (repo.folder / "model.safetensors").rename(repo.folder / "pytorch_model.bin")
    hub.repos["org/pickled"] = Repo(repo.folder)
    assert refused("org/pickled") == (
        "'org/pickled' has its weights in pickle files only. These can run code when they are "
        "opened, so only safetensors weights are"
    )


@pytest.mark.long
def test_a_model_with_a_backbone_of_another_package_says_so(hub, tmp_path):
    hub.repos["org/timm"] = saved(
        tmp_path / "timm",
        "detr",
        backbone_config=None,
        backbone="resnet50",
        use_timm_backbone=True,
        use_pretrained_backbone=False,
    )
    assert refused("org/timm") == "'org/timm' needs a Python package that is not installed here"


def test_a_word_is_no_repo_id():
    assert refused("nose").startswith("finder is 'nose': expected one of 'faces', 'colours'")


def test_the_catalogue_names_each_model_once_and_says_what_it_costs():
    names = [entry.name for entry in FINDER_CATALOGUE]
    assert len(set(names)) == len(names) == len({entry.repo_id for entry in FINDER_CATALOGUE})
    for entry in FINDER_CATALOGUE:
        fetch = f"{entry.size_mb:,} MB to fetch once, then "
        cost = f"{entry.seconds:g} s ({entry.licence})"
        gate = "gated by its owner, " if entry.gated else ""
        assert entry.label == f"{entry.purpose}, {gate}{fetch}{cost}"
        assert entry.label_here == f"{entry.purpose}, {cost}"
        assert (
            FinderShelf(Settings(device="cpu", manual_models=False)).get(entry.name).name
            == entry.repo_id
        )
        assert entry.revision == "main"  # no commit of theirs is known by now


# ---- boxes of one model, cut out by another one ------------------------------------------------


BOXES, CLICKS = "org/boxes", "org/clicks"


@pytest.fixture
def pair(hub, tmp_path):
    """The hub with a model that finds boxes and one that is clicked at, both of random weights."""
    hub.repos[BOXES] = saved(tmp_path / "boxes", "yolos")
    tiny_sam2().save_pretrained(tmp_path / "clicks")
    hub.repos[CLICKS] = Repo(tmp_path / "clicks")
    return hub


def found_in(photo: Path, models: ModelCache | None = None, **options: Any) -> Any:
    asked = SegmentOptions(finder=BOXES, confidence=0.0, **options)
    shelf = None if models is None else FinderShelf(SETTINGS, models)
    return open_scene(Inputs(photo), asked, SETTINGS, finders=shelf)


def is_all_of_its_box(item: Any) -> bool:
    return bool((item.read_mask(item.bbox) > 0.5).all())


@pytest.mark.long
def test_boxes_are_cut_out_by_the_model_that_is_named(pair, photo):
    plain, cut = found_in(photo), found_in(photo, outlined_by=CLICKS)
    assert plain.segments.items
    assert all(is_all_of_its_box(item) for item in plain.segments.items)
    commits = {name: pair.repos[name].commit[:12] for name in (BOXES, CLICKS)}
    assert plain.notes[-1] == f"found by {BOXES}, commit {commits[BOXES]}"
    assert cut.notes[-1] == (
        f"found by {BOXES}, commit {commits[BOXES]}; cut out by {CLICKS}, commit {commits[CLICKS]}"
    )
    # each is what the other model says of its box, with what the first one said of it
    sam = FinderShelf(SETTINGS).get(CLICKS)
    pixels = np.asarray(Image.open(photo))
    boxes = tuple({item.found for item in plain.segments.items})
    expected = {item.bbox for item in sam.find(pixels, Asked(boxes=boxes)).items}
    assert expected <= {item.bbox for item in cut.segments.items}
    assert {(item.label, item.confidence, item.found) for item in cut.segments.items} <= {
        (item.label, item.confidence, item.found) for item in plain.segments.items
    }
    assert any(not is_all_of_its_box(item) for item in cut.segments.items)


@pytest.mark.long
def test_boxes_are_cut_out_by_a_model_that_is_loaded_by_now(pair, photo):
    models = ModelCache(SETTINGS)
    assert "cut out" not in found_in(photo, models).notes[-1]
    FinderShelf(SETTINGS, models).get(CLICKS).load()
    cut = found_in(photo, models)
    assert f"cut out by {CLICKS}, commit " in cut.notes[-1]
    assert cut.found_by.outlined_by == f"{CLICKS}@{pair.repos[CLICKS].commit}"


@pytest.mark.long
def test_what_cannot_cut_out_is_refused_with_a_sentence(pair, photo):
    with pytest.raises(InputError) as raised:
        SegmentOptions(finder=BOXES, outlined_by="Everything")
    assert str(raised.value) == (
        "outlined_by is 'Everything': expected one of 'SAM 2.1', 'SlimSAM', or the repo id of a "
        "model that is clicked at"
    )
    with pytest.raises(InputError) as raised:
        found_in(photo, outlined_by=BOXES)
    assert str(raised.value) == (
        f"'{BOXES}' does not cut out what is in a box: expected a model that is clicked at, such "
        "as SAM"
    )


# ---- a commit that is named ----------------------------------------------------------------------


@pytest.mark.long
def test_a_revision_is_fetched_kept_apart_and_said(hub, tmp_path, photo):
    hub.repos[SEGMENTS] = replace(saved(tmp_path / "segments", "segformer"), tags=("v1",))
    models = ModelCache(SETTINGS)
    shelf = FinderShelf(SETTINGS, models)
    tagged, newest = shelf.get(f"{SEGMENTS}@v1"), shelf.get(SEGMENTS)
    assert tagged is not newest
    assert tagged.config.revision == "v1"
    tagged.load()
    commit = hub.repos[SEGMENTS].commit
    assert tagged.revision == commit
    found = open_scene(Inputs(photo), SegmentOptions(finder=f"{SEGMENTS}@v1"), SETTINGS)
    assert found.found_by.pinned == f"{SEGMENTS}@{commit}"
    assert found.notes[-1] == f"found by {SEGMENTS}, commit {commit[:12]}"


def test_a_folder_has_no_revisions(tmp_path):
    (tmp_path / "own" / "shapes").mkdir(parents=True)
    settings = Settings(device="cpu", models_dir=tmp_path)
    assert FinderShelf(settings).get("own/shapes").config.folder == tmp_path / "own" / "shapes"
    with pytest.raises(InputError) as raised:
        FinderShelf(settings).get("own/shapes@v1")
    assert str(raised.value) == "'own/shapes' is a folder: it has no revision 'v1'"


def test_a_model_of_the_list_may_be_named_with_a_revision():
    finder = FinderShelf(Settings(device="cpu", manual_models=False)).get("SAM 2.1@v1")
    assert (finder.name, finder.config.revision) == ("facebook/sam2.1-hiera-tiny", "v1")


def test_a_revision_that_is_none_or_is_not_there_is_said(segments):
    assert refused(f"{SEGMENTS}@none").startswith(f"'{SEGMENTS}' has no revision 'none'")
    with pytest.raises(InputError) as raised:
        SegmentOptions(finder=f"{SEGMENTS}@../up")
    assert str(raised.value).startswith("'../up' is not a revision: expected a branch, tag or")
    with pytest.raises(ClassifierError) as proposed:
        FinderShelf(Settings(device="cpu", manual_models=False)).get("SAM 2.1@refs/pr/1")
    assert str(proposed.value).startswith("revision 'refs/pr/1' of 'facebook/sam2.1-hiera-tiny'")
