"""Edges softened by ViTMatte: what it is shown, what comes of it, and what can go wrong."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import segui
from segui.classifiers.model_cache import ModelCache
from segui.errors import ClassifierError, InputError, SumError
from segui.finders.base import Asked
from segui.finders.models import effort, matting
from segui.finders.models.loaded import Loaded
from segui.finders.models.matting import edge_of
from segui.finders.models.shelf import FinderShelf
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.geometry import Box
from segui.models.finder_catalogue import EDGE_CATALOGUE, FINDER_CATALOGUE
from segui.pipeline import open_scene
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.classifiers.hub_server import Repo
from tests.finders.tiny_families import tiny
from tests.finders.tiny_vitmatte import processor_of_vitmatte, tiny_vitmatte, vitmatte_repo

SETTINGS = Settings(device="cpu")
ID = "org/vitmatte"


@pytest.fixture
def mattes(hub, tmp_path):
    """The hub with a model of random weights."""
    hub.repos[ID] = vitmatte_repo(tmp_path / "repo")
    return hub


def noise(size_hw: tuple[int, int], seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*size_hw, 3), np.uint8)


def rectangle(size_hw: tuple[int, int], box: Box) -> np.ndarray:
    levels = np.zeros(size_hw, np.uint8)
    levels[box.slices] = 255
    return levels


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A photo of noise and a mask of one rectangle."""
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    Image.fromarray(noise((120, 160))).save(photo)
    Image.fromarray(rectangle((120, 160), Box(50, 40, 110, 80))).save(mask)
    return photo, mask


def scene_of(files: tuple[Path, Path], settings: Settings = SETTINGS, **options: Any) -> Any:
    asked = SegmentOptions(**{"edges_by": ID, "refine_edges": 6, **options})
    how = {name: options.pop(name) for name in ("softening",) if name in options}
    return open_scene(Inputs(files[0], (files[1],)), asked, settings, **how)


def plane_of(segments: Any, number: int = 0) -> np.ndarray:
    item = segments.items[number]
    plane = np.zeros(segments.size, np.float32)
    inside = item.content.clip(segments.size)
    plane[inside.slices] = item.read_mask(inside)
    return plane


# ---- what is known, and what is to be told -------------------------------------------------------


@pytest.mark.parametrize("reach", [1, 4, 9])
def test_what_is_to_be_told_lies_within_the_reach_of_the_edge(reach):
    box = Box(50, 40, 110, 80)
    trimap = edge_of(rectangle((120, 160), box), reach).trimap
    rows, columns = np.mgrid[:120, :160]
    # the distance of a pixel's middle to the nearest one of the other side, in rows and columns
    outside = np.maximum.reduce(
        [box.x1 - columns, columns - box.x2 + 1, box.y1 - rows, rows - box.y2 + 1]
    )
    inside = np.minimum.reduce(
        [columns - box.x1 + 1, box.x2 - columns, rows - box.y1 + 1, box.y2 - rows]
    )
    expected = np.where(outside > reach, 0, np.where(inside > reach, 255, 128))
    np.testing.assert_array_equal(trimap, expected)


def test_a_picture_s_border_is_no_edge():
    trimap = edge_of(rectangle((60, 80), Box(0, 0, 40, 60)), 5).trimap
    assert (trimap[:, :35] == 255).all()
    assert (trimap[:, 35:45] == 128).all()
    assert (trimap[:, 45:] == 0).all()


def test_of_what_is_thinner_than_the_reach_the_middle_is_known():
    thin = Box(20, 28, 140, 37)  # nine rows
    trimap = edge_of(rectangle((64, 160), thin), 20).trimap
    known = trimap == 255
    assert np.array_equal(np.unique(np.nonzero(known)[0]), np.arange(30, 35))  # deeper than 5 / 2
    assert not (known & (rectangle((64, 160), thin) == 0)).any()


def test_a_soft_mask_s_own_softness_is_to_be_told_too():
    levels = np.zeros((40, 100), np.uint8)
    levels[:, 30:70] = np.linspace(0, 255, 40, dtype=np.uint8)
    levels[:, 70:] = 255
    assert (edge_of(levels, 2).trimap[:, 32:68] == 128).all()


@pytest.mark.parametrize("size_hw", [(200, 300), (512, 512), (700, 400), (1400, 1300), (513, 4000)])
def test_parts_cover_all_that_is_to_be_told_and_are_no_larger_than_shown(size_hw):
    inner = Box(20, 20, size_hw[1] - 20, size_hw[0] - 20)
    edge = edge_of(rectangle(size_hw, inner), 10)
    covered = np.zeros(size_hw, int)
    for part in edge.parts:
        assert max(part.size_hw) <= matting.SHOWN_PX
        assert (edge.trimap[part.slices] == 128).any()
        covered[part.slices] += 1
    assert (covered[edge.trimap == 128] > 0).all()
    if max(size_hw) <= matting.SHOWN_PX:
        assert len(edge.parts) == 1
    if size_hw == (1400, 1300):
        assert covered[600:800, 600:700].max() == 0  # the middle, along which no edge passes


def test_what_is_plain_has_no_edge():
    assert edge_of(np.zeros((40, 50), np.uint8), 9).parts == ()
    assert edge_of(np.full((40, 50), 255, np.uint8), 9).parts == ()


# ---- what the model says -------------------------------------------------------------------------


def by_the_library(colours: np.ndarray, trimap: np.ndarray) -> np.ndarray:
    """The shares that the library's own processor and model give."""
    inputs = processor_of_vitmatte()(
        images=Image.fromarray(colours), trimaps=Image.fromarray(trimap), return_tensors="pt"
    )
    with torch.inference_mode():
        alphas = tiny_vitmatte()(**inputs).alphas
    return alphas[0, 0, : trimap.shape[0], : trimap.shape[1]].numpy()


@pytest.mark.long
def test_edges_are_what_the_library_s_processor_and_model_say(mattes):
    colours, levels = noise((150, 203)), rectangle((150, 203), Box(60, 50, 140, 100))
    softened = FinderShelf(SETTINGS).get(ID).soften(colours, levels, 7)
    edge = edge_of(levels, 7)
    (part,) = edge.parts
    assert part == Box(60 - 7 - 32, 50 - 7 - 32, 140 + 7 + 32, 100 + 7 + 32)
    alpha = by_the_library(colours[part.slices], edge.trimap[part.slices])
    assert alpha.std() > 0.02  # it says different things of different places
    loaded = Loaded(tiny_vitmatte(), processor_of_vitmatte())
    said = matting._alpha(loaded, colours[part.slices], edge.trimap[part.slices])
    np.testing.assert_allclose(said, alpha, atol=1e-6)
    expected = levels.copy()
    is_told = edge.trimap[part.slices] == 128
    expected[part.slices][is_told] = np.rint(alpha[is_told] * 255)
    assert np.abs(softened.astype(int) - expected).max() <= 1
    np.testing.assert_array_equal(softened[edge.trimap != 128], levels[edge.trimap != 128])


@pytest.mark.long
def test_parts_run_into_each_other_by_their_nearness(mattes):
    colours, levels = noise((200, 900)), rectangle((200, 900), Box(100, 60, 800, 140))
    softened = FinderShelf(SETTINGS).get(ID).soften(colours, levels, 9)
    edge = edge_of(levels, 9)
    assert [(part.x1, part.x2) for part in edge.parts] == [(59, 571), (329, 841)]
    sums, weights = np.zeros((200, 900)), np.zeros((200, 900))
    for part in edge.parts:
        ramps = []
        for side in part.size_hw:
            middle = np.arange(side) + 0.5
            ramps.append(np.minimum(np.minimum(middle, side - middle), 128))
        weight = ramps[0][:, None] * ramps[1][None]
        alpha = by_the_library(colours[part.slices], edge.trimap[part.slices])
        sums[part.slices] += weight * alpha
        weights[part.slices] += weight
    is_told = edge.trimap == 128
    expected = np.rint(255 * sums[is_told] / weights[is_told])
    assert np.abs(softened[is_told].astype(int) - expected).max() <= 1


@pytest.mark.long
def test_a_mask_file_s_areas_are_softened_and_the_note_says_by_whom(mattes, files):
    scene = scene_of(files)
    commit = mattes.repos[ID].commit
    assert scene.notes[-1] == f"edges softened by {ID}, commit {commit[:12]}"
    assert scene.edges_by == f"{ID}@{commit}"
    plane = plane_of(scene.segments)
    levels = rectangle((120, 160), Box(50, 40, 110, 80))
    # an area with all that is around it within three times the reach, and 64 px at least
    around = Box(50, 40, 110, 80).widen(64).clip((120, 160))
    softened = (
        FinderShelf(SETTINGS)
        .get(ID)
        .soften(noise((120, 160))[around.slices], levels[around.slices], 6)
    )
    np.testing.assert_allclose(plane[around.slices], softened / 255, atol=1e-6)


@pytest.mark.long
def test_what_was_painted_found_or_edited_is_softened_too(mattes, files, tmp_path):
    photo, mask = files
    asked = SegmentOptions(edges_by=ID, refine_edges=6)
    painted = open_scene(Inputs(photo, painted=mask), asked, SETTINGS)
    edited = tmp_path / "edited.png"
    pixels = noise((120, 160))
    pixels[40:80, 50:110] = 255 - pixels[40:80, 50:110]
    Image.fromarray(pixels).save(edited)
    changed = open_scene(Inputs(photo, reference=edited), asked, SETTINGS)
    boxed = replace(asked, finder="colours", background=False, largest=1)
    found = open_scene(Inputs(photo), boxed, SETTINGS)
    for scene in (painted, changed, found):
        assert scene.notes[-1].startswith(f"edges softened by {ID}")


def test_without_a_reach_or_without_areas_nothing_is_fetched(mattes, files, tmp_path):
    scene = scene_of(files, refine_edges=0)
    assert scene.edges_by == ""
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((120, 160), np.uint8)).save(black)
    assert scene_of((files[0], black)).edges_by == ""
    assert mattes.asked == []


def test_what_was_softened_is_not_asked_for_again(mattes, files, monkeypatch):
    models = ModelCache(SETTINGS)
    shelf = FinderShelf(SETTINGS, models)
    asked = SegmentOptions(edges_by=ID, refine_edges=6)
    inputs, told = Inputs(files[0], (files[1],)), []
    before = open_scene(inputs, asked, SETTINGS, finders=shelf)
    monkeypatch.setattr(matting, "_alpha", None)
    how: Any = {"finders": shelf, "softening": lambda *said: told.append(said)}
    again = open_scene(inputs, replace(asked, grow=2, drop_size=3), SETTINGS, **how)
    assert again.segments.items[0].bbox.hull(before.segments.items[0].bbox) == (
        again.segments.items[0].bbox
    )
    assert told[-1] == (1, 1)


@pytest.mark.long
def test_an_endpoint_and_the_library_soften_too(mattes, files):
    calls = Endpoints(SETTINGS, ModelCache(SETTINGS), files[0].parent)
    image, masks = {"path": str(files[0])}, [{"path": str(files[1])}]
    said: Any = {"refine_edges": 6, "edges_by": ID, "expression": "*"}
    report = calls.segments(image, masks, **said)
    expected = scene_of(files).segments.items[0].bbox
    assert [tuple(row["bbox"]) for row in report["segments"]] == [tuple(expected)]
    assert report["notes"][-1].startswith(f"edges softened by {ID}, commit ")
    picture = torch.zeros(1, 60, 80, 3)
    picture[:, 20:50, 30:70, 0] = 0.8
    plain = segui.find(picture, "colours", refine_edges=4, drop_size=1)
    soft = segui.find(picture, "colours", refine_edges=4, edges_by=ID, drop_size=1)
    assert any((plane_of(soft, n) != plane_of(plain, n)).any() for n in range(len(plain.items)))


@pytest.mark.long
def test_parts_are_told_as_they_are_done_and_what_is_raised_ends_the_work(mattes, tmp_path):
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    Image.fromarray(noise((200, 900))).save(photo)
    Image.fromarray(rectangle((200, 900), Box(100, 60, 800, 140))).save(mask)
    told = []

    def tell(done, total):
        if not told or told[-1] != (done, total):
            told.append((done, total))

    inputs, asked = Inputs(photo, (mask,)), SegmentOptions(edges_by=ID, refine_edges=9)
    open_scene(inputs, asked, SETTINGS, softening=tell)
    assert told == [(0, 0), (0, 2), (1, 2), (2, 2)]
    layers = []

    def enough(done, total):
        layers.append(total)
        if len(layers) > 10:  # in the middle of the first part
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        open_scene(inputs, asked, SETTINGS, softening=enough)
    assert len(layers) == 11

    def after_one(done, total):
        if done == 1:
            raise KeyError("one is enough")

    with pytest.raises(KeyError, match="one is enough"):
        open_scene(inputs, asked, SETTINGS, softening=after_one)


@pytest.mark.long
def test_a_model_s_bytes_are_told_and_what_is_raised_ends_the_fetch(mattes, files):
    told = []
    asked, inputs = SegmentOptions(edges_by=ID, refine_edges=6), Inputs(files[0], (files[1],))
    open_scene(inputs, asked, SETTINGS, fetching=lambda *said: told.append(said))
    assert told[-1][0] == told[-1][1] > 100_000


# ---- what is refused -----------------------------------------------------------------------------


def refused(files: tuple[Path, Path], settings: Settings = SETTINGS, **options: Any) -> str:
    with pytest.raises((ClassifierError, InputError, SumError)) as raised:
        scene_of(files, settings, **options)
    return str(raised.value)


def test_more_edge_than_a_model_is_asked_for_is_refused_before_it_looks(mattes, files, monkeypatch):
    monkeypatch.setattr(matting, "_alpha", None)
    monkeypatch.setattr(effort, "MOST_EDGE_MEGAPIXELS", 0.01)
    (part,) = edge_of(rectangle((120, 160), Box(50, 40, 110, 80)), 6).parts
    assert part.size_hw == (116, 136)
    assert refused(files) == (
        "the edges lie in 1 part of the photo with 0.0158 megapixels: at most 0.01 are softened by "
        "a model. Fewer areas, a smaller reach and a smaller photo have less"
    )


@pytest.mark.long
def test_a_model_of_another_kind_is_said(hub, files, tmp_path):
    tiny("segformer").save_pretrained(tmp_path / "other")
    from tests.finders.tiny_families import processor_for

    processor_for("segformer").save_pretrained(tmp_path / "other")
    hub.repos["org/other"] = Repo(tmp_path / "other")
    assert refused(files, edges_by="org/other") == (
        "'org/other' does not soften edges: expected a model such as "
        "'hustvl/vitmatte-small-composition-1k'"
    )


@pytest.mark.long
def test_it_finds_nothing_and_says_so(mattes):
    with pytest.raises(InputError) as raised:
        FinderShelf(SETTINGS).get(ID).find(noise((60, 80)), Asked())
    assert str(raised.value) == (
        f"'{ID}' softens the edges of areas and finds none: name it as edges_by"
    )


def test_a_name_that_is_none_is_said(files):
    assert refused(files, edges_by="hair") == (
        "edges_by is 'hair': expected one of 'ViTMatte', or the repo id of a model such as "
        "'hustvl/vitmatte-small-composition-1k'"
    )
    assert refused(files, edges_by="org/one@../up").startswith("'../up' is not a revision")


@pytest.mark.long
def test_weights_that_are_not_the_config_s_are_refused(mattes, files, tmp_path):
    path = tmp_path / "repo" / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "hidden_size": 24}))
    mattes.repos[ID] = Repo(tmp_path / "repo")
    assert refused(files) == (
        f"'{ID}' is broken: its weights are not those that its config.json describes"
    )


def test_what_a_deployment_does_not_allow_is_refused(mattes, files):
    assert refused(files, replace(SETTINGS, allowed_models=("google/*",))) == (
        f"'{ID}' is not among the models allowed here: google/*"
    )


@pytest.mark.long
def test_numbers_that_are_none_are_nothing(mattes, files, monkeypatch):
    shape = matting._alpha
    monkeypatch.setattr(matting, "_alpha", lambda *given: shape(*given) * np.nan)
    levels = (
        FinderShelf(SETTINGS)
        .get(ID)
        .soften(noise((60, 80)), rectangle((60, 80), Box(20, 20, 60, 40)), 3)
    )
    assert set(np.unique(levels)) == {0, 255}


def test_the_catalogue_has_it_for_edges_and_not_among_those_that_find():
    (entry,) = EDGE_CATALOGUE
    assert entry.label == (
        "ViTMatte, for hair and fur, 103 MB to fetch once, then 1.9 s for each 512 x 512 px of "
        "edge (Apache-2.0)"
    )
    assert entry.label_here == (
        "ViTMatte, for hair and fur, 1.9 s for each 512 x 512 px of edge (Apache-2.0)"
    )
    assert entry not in FINDER_CATALOGUE
    shelf = FinderShelf(Settings(device="cpu", manual_models=False))
    assert shelf.get("ViTMatte").name == entry.repo_id
