"""Kinds of masks that were misread in silence once: what is right for each, and what is said."""

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui import segments_from_mask
from segui.errors import InputError
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_EXACT, AS_LABELS, AS_SOFT, INVERT, Note, leave_out, offers_of
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set

torch = pytest.importorskip("torch")
SIZE_HW = (180, 240)
RED, GREEN, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 0)
BOXES = [(20, 40, 101, 121), (140, 40, 221, 121)]


def discs(one=255, other=255, ground=0, dtype=np.uint8) -> np.ndarray:
    """Two discs of 81 px."""
    pixels = np.full(SIZE_HW, ground, np.int32)
    cv2.circle(pixels, (60, 80), 40, int(one), -1)
    cv2.circle(pixels, (180, 80), 40, int(other), -1)
    return pixels.astype(dtype)


def coloured(one=RED, other=GREEN, ground=BLACK) -> np.ndarray:
    index = discs(1, 2)
    return np.array([ground, one, other], np.uint8)[index]


def noise(levels: int, shape=SIZE_HW) -> np.ndarray:
    return np.random.default_rng(7).integers(0, levels, shape)


def read(folder: Path, image: Image.Image | np.ndarray, name="a.png", **how) -> MaskFile:
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(folder / name)
    return read_mask(folder / name, **how)


def boxes(mask: MaskFile) -> list[tuple[int, ...]]:
    assert mask.soft is not None, mask.notes
    return [tuple(one.bbox) for one in segments_from_mask(torch.from_numpy(mask.soft)).items]


@pytest.mark.parametrize("levels", [4, 6, 12, 20])
def test_noise_under_a_hard_mask_is_no_labels(tmp_path, levels):
    mask = read(tmp_path, np.maximum(discs(), noise(levels)).astype(np.uint8))
    said = f"what is faint, up to {levels - 1} of 255, is no soft edge and was cut"
    assert (boxes(mask), mask.notes) == (BOXES, ("read as a soft mask", said))
    assert offers_of(mask.notes[1]) == (AS_SOFT,)


@pytest.mark.parametrize("values", [(3, 9), (1, 2)])
def test_faint_things_on_white_are_a_floor_or_labels_by_one_click(tmp_path, values):
    mask = read(tmp_path, discs(*values, 255))
    said = f"what is faint, up to {max(values)} of 255, is no soft edge and was cut"
    (found,) = [note for note in mask.notes if note == said]
    assert offers_of(found) == (AS_SOFT, AS_LABELS)


@pytest.mark.parametrize("side", [60, 99, 160, 300])
@pytest.mark.parametrize("values", [(3, 9), (2, 7, 20), (3, 30, 90)])
def test_a_few_flat_values_on_white_are_offered_as_labels_at_any_size(tmp_path, side, values):
    pixels = np.full((side, side), 255, np.uint8)
    tenth = side // 10
    for place, value in enumerate(values):
        left = tenth * (1 + 3 * place)
        pixels[tenth : 6 * tenth, left : left + 2 * tenth] = value
    mask = read(tmp_path, pixels)
    offered = [offer for note in mask.notes for offer in offers_of(note)]
    assert AS_LABELS in offered or mask.labels is not None, mask.notes


@pytest.mark.parametrize("levels", [4, 900])
def test_noise_of_16_bits_is_no_labels(tmp_path, levels):
    values = np.maximum(discs(65535, 65535, dtype=np.int32), noise(levels)).astype(np.uint16)
    assert boxes(read(tmp_path, values)) == BOXES


@pytest.mark.parametrize("bits", range(9, 16))
@pytest.mark.parametrize("beyond", [0, 1])
def test_a_full_value_of_any_depth_is_full(tmp_path, bits, beyond):
    full = (1 << bits) - 1 + beyond
    soft = cv2.GaussianBlur(discs().astype(np.float32), (0, 0), 3) / 255
    mask = read(tmp_path, np.rint(soft * full).astype(np.uint16))
    assert mask.soft is not None
    assert int(mask.soft.max()) == 255
    said = f"its values end at {full} and are read as {bits}-bit: times {1 << (16 - bits)}"
    assert said in mask.notes


def test_numbers_of_more_than_16_bits_are_labels(tmp_path):
    mask = read(tmp_path, Image.fromarray(discs(70_000, 81_234, dtype=np.int32)), "a.tif")
    assert (mask.names, mask.notes) == (
        {70_000: "70000", 81_234: "81234"},
        ("read as labels: 2 of them",),
    )


@pytest.mark.parametrize("quality", [20, 50, 90])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_ringing_that_was_saved_without_loss_is_cut(tmp_path, quality, mode):
    data = io.BytesIO()
    Image.fromarray(discs()).convert(mode).save(data, "JPEG", quality=quality)
    found = boxes(read(tmp_path, Image.open(data)))
    assert len(found) == 2
    assert np.abs(np.subtract(found, BOXES)).max() <= 2


@pytest.mark.parametrize("quality", [30, 60])
def test_a_lossy_webp_that_was_saved_as_png_is_no_colours(tmp_path, quality):
    data = io.BytesIO()
    Image.fromarray(discs()).convert("RGB").save(data, "WEBP", quality=quality)
    found = boxes(read(tmp_path, Image.open(data).convert("RGB")))
    assert np.abs(np.subtract(found, BOXES)).max() <= 2


@pytest.mark.parametrize("flips", [1, 3])
@pytest.mark.parametrize("everywhere", [False, True])
def test_flipped_low_bits_of_a_canvas_are_no_colours(tmp_path, flips, everywhere):
    white, bits = discs()[..., None] > 0, noise(flips + 1, (*SIZE_HW, 3))
    dark = bits if everywhere else 0 * bits
    mask = read(tmp_path, np.where(white, 255 - bits, dark).astype(np.uint8))
    assert boxes(mask) == BOXES
    levels = "1 level" if flips == 1 else f"{flips} levels"
    said = f"its channels differ by up to {levels}, here and there: noise, and no colours"
    assert mask.notes[-1] == said
    assert offers_of(mask.notes[-1]) == (AS_EXACT,)


def test_a_label_that_is_nearly_grey_stays_a_label(tmp_path):
    mask = read(tmp_path, coloured((200, 200, 201), (120, 118, 120)))
    assert sorted(mask.names.values()) == ["787678", "c8c8c9"]


@pytest.mark.parametrize("lowest", [250, 253])
def test_an_alpha_whose_low_bits_alone_vary_is_no_mask(tmp_path, lowest):
    photo = np.random.default_rng(1).integers(0, 256, (*SIZE_HW, 3)).astype(np.uint8)
    alpha = (lowest + noise(256 - lowest)).astype(np.uint8)
    mask = read(tmp_path, np.dstack([photo, alpha]))
    assert mask.soft is not None
    assert not mask.soft.any()
    assert mask.notes[0] == "read as no mask: it is opaque but for its lowest bits"


GROUNDS = [
    (discs(20, 30, 10), "85% of it is the label 10", (leave_out("10"), INVERT)),
    (discs(2, 3, 1), "76% of it is the label 1", (leave_out("1"), INVERT)),
    (discs(3, 9, 65535, np.uint16), "76% of it is the label 65535", (leave_out("65535"), INVERT)),
]


@pytest.mark.parametrize(("values", "said", "offers"), GROUNDS)
def test_a_ground_that_has_a_number_is_said(tmp_path, values, said, offers):
    notes = read(tmp_path, values).notes
    share = np.count_nonzero(values == values[0, 0]) / values.size
    said = f"{share:.0%}{said[3:]}, which may be the ground: it can be left out"
    (found,) = [note for note in notes if "ground" in note]
    assert (found, offers_of(found)) == (Note(said), offers)


def test_a_palettes_ground_that_has_a_number_is_said(tmp_path):
    picture = Image.fromarray(discs(0, 0, 1), "P")
    picture.putpalette([255, 255, 0, 9, 9, 9])
    mask = read(tmp_path, picture)
    assert mask.notes[1] == "its one label 1 is 77% of it: invert if what has no label is meant"
    assert offers_of(mask.notes[1]) == (INVERT,)


def test_a_ground_all_around_is_said_though_it_is_less_than_half(tmp_path):
    pixels = np.full((*SIZE_HW, 3), (30, 60, 90), np.uint8)
    pixels[20:-20, 20:-20] = RED
    mask = read(tmp_path, pixels)
    assert (
        mask.notes[1]
        == "35% of it is the label 1e3c5a, which may be the ground: it can be left out"
    )


@pytest.mark.parametrize("count", [8, 16, 64, 256])
def test_a_palette_of_blends_is_read_by_its_colours(tmp_path, count):
    soft = cv2.GaussianBlur(coloured(), (0, 0), 1)
    mask = read(tmp_path, Image.fromarray(soft).quantize(count))
    assert set(mask.names.values()) == {"ff0000", "00ff00"}
    assert mask.notes[-1] == (
        "black is not the first of its palette: its colours count, not its numbers"
    )
    assert offers_of(mask.notes[-1]) == (AS_EXACT,)
    assert mask.labels is not None
    found = [cv2.boundingRect((mask.labels == number).astype(np.uint8)) for number in mask.names]
    for x, y, width, height in found:
        assert min(max(abs(x - b[0]), abs(y - b[1]), abs(width - 81)) for b in BOXES) <= 2
        assert abs(height - 81) <= 2


def test_a_gif_of_fading_edges_is_read_by_its_colours(tmp_path):
    soft = cv2.GaussianBlur(coloured(), (0, 0), 1)
    mask = read(tmp_path, Image.fromarray(soft).convert("P", dither=Image.Dither.NONE), "a.gif")
    assert len(mask.names) == 2
    assert mask.notes[-1] == (
        "its palette has the blends of fading edges: its colours count, not its numbers"
    )


def test_asked_for_exactly_a_palettes_indices_are_the_labels(tmp_path):
    picture = Image.fromarray(coloured()).quantize(4)
    exact = read(tmp_path, picture, kind="exact")
    present = set(np.unique(np.array(picture)).tolist()) - {0}
    assert set(exact.names) == present


def test_a_palette_with_names_by_number_stays_numbers(tmp_path):
    picture = Image.fromarray(discs(1, 2), "P")
    picture.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0])
    assert read(tmp_path, picture).names == {1: "1", 2: "2"}


@pytest.mark.parametrize("thickness", [3, 7, 9])
def test_a_wider_rim_of_void_is_void(tmp_path, thickness):
    pixels = cv2.resize(discs(12, 15), (960, 720), interpolation=cv2.INTER_NEAREST)
    cv2.circle(pixels, (240, 320), 160, 255, thickness)
    cv2.circle(pixels, (720, 320), 160, 255, thickness)
    assert read(tmp_path, pixels).notes[0] == "read as labels: 2 of them; 255 is void"


LEGENDS = {
    "nc: 2\nnames: [car, bus]\n": "its names are counted from 1",
    "names: ['car', \"bus\"]": "its names are counted from 1",
    "CLASSES = ('background', 'car', 'bus')": "its names are counted from 0",
}


def labels_with(folder: Path, text: str, name: str, values: np.ndarray):
    Image.fromarray(values).save(folder / "a.png")
    (folder / name).write_text(text)
    paths = [folder / "a.png", folder / name]
    masks, notes = read_mask_set(paths, Photo(SIZE_HW, 1, "photo.jpg"), MaskSetOptions())
    return [*masks[0].names.values()], notes


@pytest.mark.parametrize(("text", "said"), LEGENDS.items())
def test_a_list_of_names_in_brackets_is_a_legend(tmp_path, text, said):
    names, notes = labels_with(tmp_path, text, "a.txt", discs(1, 2))
    assert names == ["car", "bus"]
    assert notes[-1] == f"a.txt: read as a legend: 2 names, {said}"


def test_the_head_of_a_gimp_palette_names_nothing(tmp_path):
    text = "GIMP Palette\nName: street\nColumns: 2\n#\n255 0 0\tcar\n0 255 0\tbus\n"
    assert labels_with(tmp_path, text, "a.gpl", coloured())[0] == ["bus", "car"]
    assert labels_with(tmp_path, text, "a.gpl", discs(1, 2))[0] == ["1", "2"]


def panoptic(*pictures: dict[str, object]) -> str:
    return json.dumps({
        "images": [{"id": 5, "file_name": "photo.jpg"}],
        "annotations": [*pictures],
        "categories": [{"id": 1, "name": "car"}, {"id": 8, "name": "sky"}],
    })  # fmt: skip


PARTS = {"segments_info": [{"id": 1 + 256 * 2, "category_id": 1}, {"id": 77, "category_id": 8}]}


@pytest.mark.parametrize(
    "values", [coloured((1, 2, 0), (77, 0, 0)), discs(513, 77, dtype=np.uint16)]
)
def test_panoptic_coco_names_the_parts_of_the_picture_beside_it(tmp_path, values):
    names, notes = labels_with(tmp_path, panoptic(PARTS), "a.json", values)
    assert sorted(names) == ["car", "sky"]
    assert notes[-1] == "a.json: read as a legend: 2 names, of COCO's panoptic kind"


def test_panoptic_coco_of_several_pictures_is_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        labels_with(tmp_path, panoptic(PARTS, PARTS), "a.json", discs(1, 2))
    assert str(caught.value) == "a.json names the parts of 2 pictures: expected those of one"


def test_results_of_a_detector_are_boxes(tmp_path):
    (tmp_path / "a.json").write_text(
        '[{"image_id": 5, "category_id": 3, "bbox": [10, 20, 30, 40]}]'
    )
    masks, notes = read_mask_set([tmp_path / "a.json"], Photo(SIZE_HW), MaskSetOptions())
    assert notes == ['a.json: read as annotations of COCO: 1 area: "3" (1)']
    assert cv2.boundingRect((masks[0].labels > 0).astype(np.uint8)) == (10, 20, 30, 40)
