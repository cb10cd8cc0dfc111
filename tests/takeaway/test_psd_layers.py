"""Layers are read and composed by psd-tools, which knows nothing of segui: that is the result."""

import io
import struct
import tracemalloc
import warnings

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource

from segui.edits import choose_for_edits, make_edits, read_edits
from segui.errors import InputError
from segui.geometry import Box
from segui.images.pictures import Picture
from segui.pipeline import Scene
from segui.segments.segment import Segments
from segui.takeaway import psd
from segui.takeaway.psd import Plan, PsdLayer, PsdWriter, pack_bits
from segui.takeaway.psd_layers import psd_file
from tests.drawn import levels, picture, segment
from tests.takeaway.chosen import BOXES, SIZE_HW, scene_of

EVERYTHING_ELSE = {"effect_on": "everything else"}
SEVERAL = [
    {"name": "erste, 第一", "rule": "@index = 1", "effect": "invert", "feather": 3},
    {"rule": "*", "effect": "colour", "colour": "#ff8000", "alpha": 90, "feather": 4},
    {"rule": "@index > 1", "effect": "grey", "feather": 6, "alpha": 200, **EVERYTHING_ELSE},
    {"rule": "@index = 2", "effect": "invert", "feather": 8, "blend": "screen", "alpha": 130},
]


def written(scene: Scene, said: list[dict]) -> tuple[bytes, np.ndarray]:
    """The file, and the picture that its layers are to give."""
    edits = read_edits(said)
    selections = choose_for_edits(scene, ({},) * len(scene.segments.items), edits)
    target = io.BytesIO()
    psd_file(scene, edits, selections, target, device="cpu")
    return target.getvalue(), make_edits(scene, edits, selections, device="cpu")


def opened(data: bytes) -> PSDImage:
    return PSDImage.open(io.BytesIO(data))


def differs(data: bytes, result: np.ndarray) -> float:
    """By how many levels the layers give something else, where anything is seen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # psd-tools divides by an alpha of 0
        colours, _, alpha = composed(opened(data))
    alpha = np.rint(alpha[..., 0] * 255)
    own = np.abs(np.rint(colours * 255) - result[..., :3]).max(axis=2)
    if result.shape[2] == 3:
        assert (alpha == 255).all()
        return float(own.max())
    seen = result[..., 3] > 0
    return float(max((own * seen).max(), np.abs(alpha - result[..., 3]).max()))


def composed(file: PSDImage) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Its layers over each other, not the picture that it has of them: colours, shape, alpha."""
    from psd_tools.composite import composite

    return composite(file, force=True)


@pytest.mark.long
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize(
    "said",
    [
        SEVERAL[:1],
        [{"effect": "blur", "feather": 5, "alpha": 128, **EVERYTHING_ELSE}],
        [{"effect": "invert", "feather": 6, "edge": "outward"}],
        [{"effect": "invert", "alpha": 0}],
        *([{"effect": "invert", "blend": blend, "feather": 3, "alpha": 180}] for blend in (
            "multiply", "screen", "soft light", "luminosity", "colour",
        )),
        [{"effect": "colour", "blend": "multiply", "feather": 2, **EVERYTHING_ELSE}],
        [{"effect": "pixelate", "fit": "colour", "feather": 2, "blend": "screen"}],
        SEVERAL,
        SEVERAL * 4,
        [{"rule": "@index = 2", "effect": "cut-out", "feather": 4}],
        [SEVERAL[0], {"rule": "*", "effect": "cut-out", "feather": 4}, SEVERAL[1]],
    ],
)  # fmt: skip
def test_the_layers_over_each_other_are_the_result(said, channels):
    data, result = written(scene_of("a", "b", "c", channels=channels), said)
    assert differs(data, result) <= 1


@pytest.mark.parametrize("cut", [[], [{"effect": "cut-out", "feather": 4}]])
def test_the_picture_that_they_give_is_there_too_as_pillow_reads_it(cut):
    data, result = written(scene_of("a", "b", "c"), SEVERAL[:1] + cut)
    with Image.open(io.BytesIO(data)) as image:
        shown = np.array(image.convert("RGB"))
    alpha = result[..., 3:] / 255 if cut else 1
    on_white = result[..., :3] * alpha + 255 * (1 - alpha)
    np.testing.assert_allclose(shown, on_white, atol=0.51)


def test_each_edit_is_a_layer_with_its_name_mask_opacity_and_blend_mode():
    data, _ = written(scene_of("a", "b", "c"), SEVERAL)
    layers = list(opened(data))
    assert [
        (one.name, one.opacity, one.blend_mode.name, one.has_mask(), one.visible) for one in layers
    ] == [
        ("photo", 255, "NORMAL", False, True),
        ("erste, 第一", 255, "NORMAL", True, True),
        ("*", 255, "NORMAL", True, True),  # areas that lie over each other
        ("@index > 1", 255, "NORMAL", True, True),  # all else is changed wholly
        ("@index = 2", 130, "SCREEN", True, True),
    ]
    np.testing.assert_array_equal(
        np.array(layers[0].topil().convert("RGB")), scene_of("a", "b", "c").photo.pixels
    )


@pytest.mark.parametrize(
    ("blend", "others", "mode"),
    [
        ("multiply", {}, "MULTIPLY"),
        ("screen", {}, "SCREEN"),
        ("luminosity", {}, "LUMINOSITY"),
        ("colour", {}, "COLOR"),
        ("soft light", {}, "NORMAL"),  # programs do not agree on it
        ("screen", {"fit": "colour"}, "SCREEN"),
    ],
)
def test_a_layer_with_a_blend_mode_has_what_is_blended(blend, others, mode):
    scene = scene_of("a")
    edit = {"effect": "invert", "blend": blend, "feather": 0, **others}
    data, result = written(scene, [edit])
    layer = list(opened(data))[1]
    assert layer.blend_mode.name == mode
    x1, y1, x2, y2 = BOXES[0]
    if not others:
        photo = scene.photo.pixels[y1:y2, x1:x2]
        wanted = result[y1:y2, x1:x2] if mode == "NORMAL" else 255 - photo
        np.testing.assert_array_equal(np.array(layer.topil().convert("RGB")), wanted)


def test_an_edited_version_is_a_layer_with_its_own_pixels_and_a_mask_of_its_own():
    scene = scene_of("a", "b")
    other = levels(picture(*SIZE_HW, seed=9))[0].numpy()
    scene = Scene(scene.photo, Picture(other), scene.segments)
    data, result = written(scene, [{"rule": "@index = 2", "effect": "none", "feather": 0}])
    assert differs(data, result) == 0
    layer = list(opened(data))[1]
    assert layer.bbox == BOXES[1]
    assert layer.mask.bbox == BOXES[1]
    x1, y1, x2, y2 = BOXES[1]
    np.testing.assert_array_equal(np.array(layer.topil().convert("RGB")), other[y1:y2, x1:x2])
    assert (np.array(layer.mask.topil()) == 255).all()


@pytest.mark.parametrize("blend", ["normal", "screen"])
def test_what_a_mask_does_not_show_has_no_colour(blend):
    edit = {"effect": "invert", "feather": 2, "rule": "@index<=2", "blend": blend}
    data, _ = written(scene_of("a", "b"), [edit])
    layer = list(opened(data))[1]
    mask = np.array(layer.mask.topil())
    assert (mask == 0).any()
    assert not np.array(layer.topil().convert("RGB"))[mask == 0].any()


def test_what_a_cut_out_covers_is_there_and_not_shown():
    data, result = written(scene_of("a", "b"), [SEVERAL[0], {"effect": "cut-out"}, SEVERAL[1]])
    photo, first, cut_out = opened(data)
    assert [one.visible for one in (photo, first, cut_out)] == [False, False, True]
    assert [(one.name, one.visible) for one in cut_out] == [("*", True), ("*", True)]
    np.testing.assert_array_equal(np.array(cut_out.mask.topil()), result[..., 3])


def test_what_is_transparent_in_the_photo_is_the_mask_of_a_group():
    scene = scene_of("a", "b", channels=4)
    data, _ = written(scene, [SEVERAL[0], SEVERAL[1]])
    (group,) = opened(data)
    assert (group.name, group.mask.bbox) == ("photo", (0, 0, 60, 40))
    assert [one.name for one in group] == ["photo", "erste, 第一", "*"]
    np.testing.assert_array_equal(np.array(group.mask.topil()), scene.photo.pixels[..., 3])


def test_where_areas_lie_over_each_other_the_opacity_is_in_the_mask():
    edit = {"effect": "invert", "alpha": 100, "feather": 0}
    beside, _ = written(scene_of("a", "b"), [edit])
    over, _ = written(scene_of("a", "b", "c"), [edit])
    assert [list(opened(data))[1].opacity for data in (beside, over)] == [100, 255]
    mask = np.array(list(opened(over))[1].mask.topil())
    assert set(np.unique(mask)) == {0, 100, 161}  # 255 (1 - (1 - 100 / 255) ** 2)


def test_an_edit_that_reaches_nothing_is_an_empty_layer_and_one_that_is_not_made_is_none():
    nothing = {"rule": "@index > 9", "effect": "invert"}
    off = {"effect": "invert", "enabled": False}
    data, result = written(scene_of("a"), [nothing, off])
    assert [(one.name, one.bbox) for one in opened(data)] == [
        ("photo", (0, 0, 60, 40)),
        ("@index > 9", (0, 0, 0, 0)),
    ]
    assert differs(data, result) == 0


def test_the_file_has_the_photos_colour_profile():
    profile = b"a profile" * 21  # an odd number of bytes
    data, _ = written(scene_of("a", icc_profile=profile), SEVERAL)
    assert opened(data).image_resources[Resource.ICC_PROFILE].data == profile


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


# ---- the format ----------------------------------------------------------------------------------
def unpacked(data: bytes) -> bytes:
    """PackBits read as its description has it, byte by byte."""
    out, at = bytearray(), 0
    while at < len(data):
        (count,) = struct.unpack_from("b", data, at)
        if count >= 0:
            out += data[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            out += data[at + 1 : at + 2] * (1 - count)
            at += 2
    return bytes(out)


@pytest.mark.parametrize("width", [1, 2, 3, 127, 128, 129, 130, 257, 1000])
@pytest.mark.parametrize("values", [1, 2, 3, 256])
def test_rows_are_packed_each_for_itself_and_come_back(width, values):
    rng = np.random.default_rng(width * values)
    rows = rng.integers(0, values, (7, width), np.uint8)
    rows[3] = np.repeat(rng.integers(0, 256, width, np.uint8), 200)[:width]
    packed, lengths = pack_bits(rows)
    ends = np.cumsum(lengths)
    assert ends[-1] == len(packed)
    for row, end, length in zip(rows, ends, lengths, strict=True):
        assert unpacked(packed[end - length : end]) == row.tobytes()
    assert len(packed) <= 7 * (width + -(-width // 128))


def test_a_flat_row_takes_two_bytes_for_128_pixels():
    packed, lengths = pack_bits(np.full((2, 300), 9, np.uint8))
    assert packed == b"\x81\x09\x81\x09\xd5\x09" * 2
    assert lengths.tolist() == [6, 6]


def test_a_picture_longer_than_the_format_is_refused():
    with pytest.raises(InputError) as refused:
        PsdWriter(io.BytesIO(), (10, 30_001), [])
    assert str(refused.value) == "the picture is 30001 px long: PSD can have 30000 px at most"


def test_more_bytes_than_the_format_can_have_are_refused(monkeypatch):
    monkeypatch.setattr(psd, "MOST_BYTES", 5_000)
    with pytest.raises(InputError) as refused:
        written(scene_of("a"), SEVERAL)
    assert str(refused.value) == (
        "the layers take more than 0.0 GB, which is all that PSD can have: take them as OpenRaster"
    )


def test_a_layer_outside_of_what_was_planned_is_a_bug():
    writer = PsdWriter(io.BytesIO(), (2, 2), [Plan("a")])
    writer.add(PsdLayer("another", Box(0, 0, 2, 2), np.zeros((2, 2, 3), np.uint8)))
    with pytest.raises(AssertionError, match="a layer is not as it was planned"):
        writer.finish(np.zeros((2, 2, 3), np.uint8))


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
            psd_file(scene, edits, selections, tmp_path / "layers.psd", device="cpu")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak_of(1)
    assert peak_of(12) <= peak_of(2) + 3_000_000  # bytes; a layer has 2.6 MB
