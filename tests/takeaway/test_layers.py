"""Layers are composed back as any program does it, and that is the result."""

import io
import tracemalloc
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from segui.edits import choose_for_edits, make_edits, read_edits
from segui.errors import InputError
from segui.images.pictures import Picture
from segui.pipeline import Scene
from segui.segments.segment import Segments
from segui.takeaway.layers import layers_file
from tests.drawn import levels, picture, segment
from tests.takeaway.chosen import BOXES, SIZE_HW, scene_of

EVERYTHING_ELSE = {"effect_on": "everything else"}
SEVERAL = [
    {"name": 'first <one> & "all"', "rule": "@index = 1", "effect": "invert", "feather": 3},
    {"rule": "*", "effect": "colour", "colour": "#ff8000", "alpha": 90, "feather": 4},
    {"rule": "@index > 1", "effect": "grey", "feather": 6, "alpha": 200, **EVERYTHING_ELSE},
    {"rule": "@index = 2", "effect": "invert", "feather": 8, "blend": "screen", "alpha": 130},
]


def written(scene: Scene, said: list[dict]) -> tuple[bytes, np.ndarray]:
    """The file, and the picture that its layers are to give."""
    edits = read_edits(said)
    selections = choose_for_edits(scene, ({},) * len(scene.segments.items), edits)
    target = io.BytesIO()
    layers_file(scene, edits, selections, target, device="cpu")
    return target.getvalue(), make_edits(scene, edits, selections, device="cpu")


def layers_in(data: bytes) -> list[dict[str, str]]:
    """The layers as the file lists them, the lowest first."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("stack.xml"))  # noqa: S314  our own file
    return [dict(layer.attrib) for layer in root.iter("layer")][::-1]


def pixels_in(data: bytes, name: str) -> np.ndarray:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return np.array(Image.open(io.BytesIO(archive.read(name))))


def composed(data: bytes, size_hw: tuple[int, int]) -> np.ndarray:
    """The shown layers over each other, in float64 as RGBA with straight alpha: Porter and Duff."""
    colours, alpha = np.zeros((*size_hw, 3)), np.zeros((*size_hw, 1))
    for layer in layers_in(data):
        if layer["visibility"] != "visible":
            continue
        pixels = pixels_in(data, layer["src"]).astype(float)
        x, y = int(layer["x"]), int(layer["y"])
        over, own = np.zeros((*size_hw, 3)), np.zeros((*size_hw, 1))
        part = slice(y, y + pixels.shape[0]), slice(x, x + pixels.shape[1])
        over[part], own[part] = pixels[..., :3], 1.0
        if pixels.shape[2] == 4:
            own[part] = pixels[..., 3:] / 255
        weight = own * alpha if layer["composite-op"] == "svg:src-atop" else own
        total = weight + alpha * (1 - own)
        mixed = over * weight + colours * alpha * (1 - own)
        colours = np.divide(mixed, total, out=np.zeros_like(mixed), where=total > 0)
        alpha = total
    return np.dstack([colours, alpha * 255])


def differs(data: bytes, result: np.ndarray) -> float:
    """By how many levels the layers give something else, where anything is seen."""
    found = composed(data, result.shape[:2])
    if result.shape[2] == 3:
        return float(np.abs(np.rint(found[..., :3]) - result).max())
    seen = result[..., 3:] > 0
    own = np.abs(np.rint(found) - result)
    return float(max((own[..., :3] * seen).max(), own[..., 3].max()))


@pytest.mark.long
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize(
    "said",
    [
        SEVERAL[:1],
        [{"effect": "blur", "feather": 5, "alpha": 128, **EVERYTHING_ELSE}],
        [{"effect": "invert", "feather": 6, "edge": "outward"}],
        [{"effect": "colour", "blend": "multiply", "feather": 2}],
        [{"effect": "pixelate", "fit": "colour", "feather": 2}],
        SEVERAL,
        SEVERAL * 4,
        [{"rule": "@index = 2", "effect": "cut-out", "feather": 4}],
        [SEVERAL[0], {"rule": "*", "effect": "cut-out", "feather": 4}, SEVERAL[1]],
    ],
)
def test_the_layers_over_each_other_are_the_result(said, channels):
    data, result = written(scene_of("a", "b", "c", channels=channels), said)
    assert differs(data, result) <= 1
    np.testing.assert_array_equal(pixels_in(data, "mergedimage.png"), result)


def test_an_edited_version_is_a_layer_with_its_own_pixels():
    scene = scene_of("a", "b")
    other = levels(picture(*SIZE_HW, seed=9))[0].numpy()
    scene = Scene(scene.photo, Picture(other), scene.segments)
    data, result = written(scene, [{"rule": "@index = 2", "effect": "none", "feather": 0}])
    assert differs(data, result) == 0
    x1, y1, x2, y2 = BOXES[1]
    _, layer = layers_in(data)
    assert (layer["x"], layer["y"]) == (str(x1), str(y1))
    pixels = pixels_in(data, layer["src"])
    np.testing.assert_array_equal(pixels[..., :3], other[y1:y2, x1:x2])
    assert pixels.shape == (y2 - y1, x2 - x1, 4)
    assert (pixels[..., 3] == 255).all()


def test_the_photo_is_below_and_each_layer_has_its_edits_name_or_rule():
    data, _ = written(scene_of("a", "b", "c"), SEVERAL)
    assert [layer["name"] for layer in layers_in(data)] == [
        "photo", 'first <one> & "all"', "*", "@index > 1", "@index = 2"
    ]  # fmt: skip
    np.testing.assert_array_equal(
        pixels_in(data, "data/000-photo.png"), scene_of("a", "b", "c").photo.pixels
    )


def test_the_file_is_laid_out_as_openraster_has_it():
    data, _ = written(scene_of("a", "b", "c", icc_profile=b"a profile" * 20), SEVERAL)
    assert data[30:54] == b"mimetypeimage/openraster"  # uncompressed, at the very beginning
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "mimetype"
        assert {"stack.xml", "mergedimage.png", "Thumbnails/thumbnail.png"} <= set(names)
        assert {layer["src"] for layer in layers_in(data)} <= set(names)
        image = ElementTree.fromstring(archive.read("stack.xml"))  # noqa: S314  our own file
        for name in names:
            if name.endswith(".png"):
                found = Image.open(io.BytesIO(archive.read(name)))
                assert found.info["icc_profile"] == b"a profile" * 20
    height, width = SIZE_HW
    assert image.attrib == {"version": "0.0.5", "w": str(width), "h": str(height)}
    assert max(pixels_in(data, "Thumbnails/thumbnail.png").shape) <= 256


def test_what_a_layer_does_not_show_has_no_colour():
    data, _ = written(scene_of("a", "b"), [{"effect": "invert", "feather": 2, "rule": "@index<=2"}])
    pixels = pixels_in(data, layers_in(data)[1]["src"])
    assert not pixels[pixels[..., 3] == 0].any()


def test_what_a_cut_out_covers_is_there_and_not_shown():
    data, _ = written(scene_of("a", "b"), [SEVERAL[0], {"effect": "cut-out"}, SEVERAL[1]])
    assert [(one["visibility"], one["composite-op"]) for one in layers_in(data)] == [
        ("hidden", "svg:src-over"),
        ("hidden", "svg:src-over"),
        ("visible", "svg:src-over"),
        ("visible", "svg:src-atop"),
    ]


def test_an_edit_that_reaches_nothing_or_is_not_made_has_no_layer():
    nothing = {"rule": "@index > 9", "effect": "invert"}
    off = {"effect": "invert", "enabled": False}
    data, result = written(scene_of("a"), [nothing, off])
    assert [one["name"] for one in layers_in(data)] == ["photo"]
    assert differs(data, result) == 0


def test_equal_inputs_give_equal_bytes():
    scene = scene_of("a", "b", "c")
    assert written(scene, SEVERAL)[0] == written(scene, SEVERAL)[0]


@pytest.mark.parametrize(
    ("said", "whom"),
    [([{"effect": "hide"}], ""), ([SEVERAL[0], {"effect": "hide"}], " by edit 2")],
)
def test_what_is_hidden_is_not_given_away_below_the_layers(said, whom):
    with pytest.raises(InputError) as refused:
        written(scene_of("a"), said)
    assert str(refused.value) == (
        f"the layers would have all that is hidden{whom} in the photo below them: take the picture "
        "itself away"
    )


@pytest.mark.long
def test_one_layer_is_held_at_a_time(tmp_path):
    size_hw = (1000, 1000)
    photo = np.zeros((*size_hw, 3), np.uint8)
    segments = Segments(size_hw, (segment((100, 100, 900, 900)),))
    scene = Scene(Picture(photo), None, segments)

    def peak_of(count: int) -> int:
        edits = read_edits([{"effect": "invert", "feather": 0}] * count)
        selections = choose_for_edits(scene, ({},), edits)
        tracemalloc.start()
        try:
            layers_file(scene, edits, selections, tmp_path / "layers.ora", device="cpu")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak_of(1)
    assert peak_of(12) <= peak_of(2) + 4_000_000  # bytes; a layer has 2.6 MB
