import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from segui.classifiers.colour import ColourNames
from segui.finders.regions import segments_from_labels, segments_from_mask
from segui.masks.files import read_mask
from segui.segments.segment import Segments
from segui.selection import Selection, classify

EXAMPLES = Path(__file__).parents[1] / "examples"
SCENES = ("balloons", "parasols", "fruit", "rose-window", "jellyfish")
FIELDS = {
    "title": str,
    "description": str,
    "photo": str,
    "masks": list,
    "reference": (str, type(None)),
    "mask_kind": str,
    "effect": (str, type(None)),
    "effect_on": str,
    "classifier": str,
    "expression": str,
    "feather": int,
    "alpha": int,
    "edge": str,
    "crop_factor": float,
    "drop_size": int,
    "combined": bool,
}
EFFECTS = {"grey", "blur", "pixelate", "invert", "colour", "cut-out", None}


def settings_of(scene: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / scene / "scene.json").read_text(encoding="utf-8"))


def pictures_of(scene: str) -> list[Path]:
    settings = settings_of(scene)
    names = [settings["photo"], settings["reference"], *settings["masks"]]
    return [EXAMPLES / scene / name for name in names if name is not None]


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, imported as ``python examples/draw.py`` would."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    before = set(sys.modules)
    import draw

    yield draw
    for name in set(sys.modules) - before:
        if name == "draw" or name.split(".")[0] == "drawing":
            del sys.modules[name]


def test_each_scene_has_a_folder_and_the_script_draws_it(draw: ModuleType):
    folders = {path.parent.name for path in EXAMPLES.glob("*/scene.json")}
    assert folders == set(SCENES) == {scene.name for scene in draw.SCENES}


@pytest.mark.parametrize("scene", SCENES)
def test_settings_have_their_fields(scene: str):
    settings = settings_of(scene)
    assert set(settings) == set(FIELDS)
    for name, kind in FIELDS.items():
        assert isinstance(settings[name], kind), name
    assert settings["effect"] in EFFECTS
    assert settings["effect_on"] in {"filtered", "everything else"}
    assert (settings["effect"] is None) != (settings["reference"] is None)
    assert settings["description"].endswith(".")


@pytest.mark.parametrize("scene", SCENES)
def test_settings_are_those_of_the_script(scene: str, draw: ModuleType):
    (drawn,) = (each for each in draw.SCENES if each.name == scene)
    assert settings_of(scene) == json.loads(json.dumps(drawn.settings_as_json()))


@pytest.mark.parametrize("scene", SCENES)
def test_pictures_are_there_and_of_one_size(scene: str):
    for path in pictures_of(scene):
        with Image.open(path) as image:
            assert image.size == (1600, 1064), path
            image.load()


@pytest.mark.parametrize("scene", SCENES)
def test_the_folder_holds_nothing_else(scene: str):
    expected = {*pictures_of(scene), EXAMPLES / scene / "scene.json"}
    assert set((EXAMPLES / scene).iterdir()) == expected


def test_files_are_small():
    sizes = [path.stat().st_size for scene in SCENES for path in (EXAMPLES / scene).iterdir()]
    assert max(sizes) < 700_000
    assert sum(sizes) < 4_000_000


@pytest.mark.long
@pytest.mark.parametrize(
    ("scene", "kind", "source"),
    [
        ("balloons", "soft", "grey"),
        ("parasols", "labels", "palette"),
        ("fruit", "labels", "colours"),
        ("rose-window", "labels", "grey"),
        ("jellyfish", "soft", "grey"),
    ],
)
def test_the_scenes_show_every_kind_of_mask(scene: str, kind: str, source: str):
    settings = settings_of(scene)
    for name in settings["masks"]:
        mask = read_mask(EXAMPLES / scene / name, kind=settings["mask_kind"])
        assert (mask.kind, mask.source) == (kind, source), name


@pytest.mark.long
@pytest.mark.parametrize("scene", SCENES)
def test_a_small_drawing_agrees_with_the_files(scene: str, draw: ModuleType, tmp_path: Path):
    draw.main([str(tmp_path), "--scene", scene, "--scale", "0.125"])
    for path in pictures_of(scene):
        small = pixels(tmp_path / scene / path.name).astype(float)
        with Image.open(path) as image:
            mode = "RGB" if image.mode != "P" else "P"
            smooth = Image.Resampling.BOX if path.suffix == ".jpg" else Image.Resampling.NEAREST
            committed = image.convert(mode).resize((200, 133), smooth).convert("RGB")
        difference = np.abs(small - np.asarray(committed, float))
        assert difference.mean() < 5, path
    assert settings_of(scene) == json.loads((tmp_path / scene / "scene.json").read_text("utf-8"))


@pytest.mark.long
def test_drawing_twice_gives_the_same_bytes(draw: ModuleType, tmp_path: Path):
    for folder in ("first", "second"):
        draw.main([str(tmp_path / folder), "--scene", "jellyfish", "--scale", "0.125"])
    for path in (tmp_path / "first" / "jellyfish").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / "jellyfish" / path.name).read_bytes()


def selection_of(scene: str) -> Selection:
    settings = settings_of(scene)
    photo = torch.from_numpy(pixels(EXAMPLES / scene / settings["photo"]))[None]
    options = {"crop_factor": settings["crop_factor"], "drop_size": settings["drop_size"]}
    items = []
    for name in settings["masks"]:
        mask = read_mask(EXAMPLES / scene / name, kind=settings["mask_kind"])
        if mask.labels is not None:
            labels = torch.from_numpy(mask.labels)
            items += segments_from_labels(labels, names=mask.names, **options).items
        else:
            soft = torch.from_numpy(mask.soft / np.float32(255))
            items += segments_from_mask(soft, label=mask.stem, **options).items
    segments = Segments(tuple(photo.shape[1:3]), tuple(items))
    return classify(ColourNames(), segments, settings["expression"], photo)


@pytest.mark.long
@pytest.mark.parametrize(
    ("scene", "chosen", "of"),
    [
        ("balloons", 4, 12),
        ("parasols", 5, 20),
        ("fruit", 3, 17),
        ("rose-window", 12, 109),
        ("jellyfish", 2, 5),
    ],
)
def test_the_expression_chooses_as_many_segments_as_the_picture_tells(
    scene: str, chosen: int, of: int
):
    selection = selection_of(scene)
    assert (len(selection.filtered.items), len(selection.segments.items)) == (chosen, of)
    assert "undecided" not in selection.sides


@pytest.mark.parametrize(
    ("scene", "colour", "chosen"), [("balloons", "red", 4), ("parasols", "blue", 5)]
)
def test_colours_lie_far_from_the_threshold(scene: str, colour: str, chosen: int):
    scores = sorted((said[colour] for said in selection_of(scene).scores), reverse=True)
    assert min(scores[:chosen]) > 0.7
    assert max(scores[chosen:]) < 0.3


@pytest.mark.long
def test_the_cherries_are_red_and_only_too_small():
    scores = selection_of("fruit").scores
    assert sum(said["red"] > 0.4 for said in scores) == 3 + 5


def test_jellyfish_overlap():
    masks = [np.asarray(Image.open(path)) for path in pictures_of("jellyfish")[1:]]
    covered = np.sum([mask > 0 for mask in masks], axis=0)
    assert (covered > 1).sum() > 2000
    assert all(np.isin(np.arange(20, 240, 20), mask).all() for mask in masks)
