"""Which mask file is what, by the rules of mask_kind = auto, soft and labels."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from segui.errors import InputError
from segui.masks.files import MaskFile, read_mask, read_painted
from segui.masks.greys.grey_values import read_grey
from segui.masks.greys.numbers import present_values
from segui.masks.pixels.colour_codes import codes_of, colours_of
from segui.masks.pixels.strips import Strips
from segui.masks.reading import MaskRequest
from tests.images.test_pictures import grey_profile

BLACK, RED, ORANGE, GREY = (0, 0, 0), (255, 0, 0), (255, 136, 0), (128, 128, 128)


def drawn(*rows: str, values: dict[str, object] | None = None) -> np.ndarray:
    """An array from rows of characters: digits are themselves, "." is 0, others by ``values``."""
    meaning = {".": 0, **{str(digit): digit for digit in range(10)}, **(values or {})}
    return np.array([[meaning[character] for character in row] for row in rows])


def png(tmp_path: Path, pixels: np.ndarray, dtype: type = np.uint8, name: str = "sky.png") -> Path:
    path = tmp_path / name
    Image.fromarray(pixels.astype(dtype)).save(path)
    return path


def palette_png(
    tmp_path: Path, indices: np.ndarray, colours: list[tuple[int, ...]], **options: object
) -> Path:
    image = Image.fromarray(indices.astype(np.uint8)).convert("P")
    image.putpalette([channel for colour in colours for channel in colour])
    path = tmp_path / "map.png"
    image.save(path, **options)
    return path


def rgba(colours: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.concatenate([colours, alpha[..., None]], axis=2).astype(np.uint8)


def soft_of(mask: MaskFile) -> list[list[int]]:
    assert mask.labels is None
    assert mask.soft is not None
    assert mask.soft.dtype == np.uint8
    assert mask.soft.flags.writeable
    assert mask.soft.flags.c_contiguous
    assert mask.names == {}
    return mask.soft.tolist()


def labels_of(mask: MaskFile) -> list[list[int]]:
    assert mask.kind == "labels"
    assert mask.soft is None
    assert mask.labels is not None
    assert mask.labels.dtype in (np.int16, np.int32)
    assert set(np.unique(mask.labels)) - {0} == set(mask.names)
    return mask.labels.tolist()


class TestSoftAndHard:
    def test_grey_is_soft(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[0, 7, 128], [255, 9, 0]])))
        assert soft_of(mask) == [[0, 7, 128], [255, 9, 0]]
        assert (mask.kind, mask.source, mask.stem) == ("soft", "grey", "sky")
        assert mask.notes == ("read as a soft mask",)
        assert mask.size_hw == (2, 3)

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [(("0101",), [[0, 255, 0, 255]]), (("11",), [[255, 255]])],
        ids=["some", "all"],
    )
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32])
    def test_only_0_and_1_is_a_hard_mask(
        self, tmp_path: Path, rows: tuple[str, ...], expected: list[list[int]], dtype: type
    ) -> None:
        mask = read_mask(png(tmp_path, drawn(*rows), dtype, "sky.tif"))
        assert soft_of(mask) == expected
        assert mask.kind == "hard"
        assert mask.notes == ("read as a hard mask: its values are 0 and 1",)

    @pytest.mark.parametrize("kind", ["auto", "soft"])
    def test_one_bit_is_a_hard_mask(self, tmp_path: Path, kind: str) -> None:
        path = png(tmp_path, drawn(".1", "1."), np.bool_)
        assert soft_of(read_mask(path, kind=kind)) == [[0, 255], [255, 0]]
        assert read_mask(path).kind == "hard"
        assert read_mask(path).notes == ("read as a hard mask: it is black and white",)

    def test_rgb_with_equal_channels_is_grey(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.repeat([[[0], [90], [255]]], 3, axis=2)))
        assert soft_of(mask) == [[0, 90, 255]]
        assert mask.source == "grey"

    def test_an_empty_mask_is_said_to_be_empty(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.zeros((2, 3))))
        assert soft_of(mask) == [[0] * 3] * 2
        assert mask.notes == ("read as a soft mask", "nothing is marked in this mask")

    def test_values_with_a_gap_are_soft_and_the_other_reading_is_hinted_at(
        self, tmp_path: Path
    ) -> None:
        mask = read_mask(png(tmp_path, drawn("0224")))
        assert soft_of(mask) == [[0, 2, 2, 4]]
        assert mask.notes == (
            "read as a soft mask",
            "its values end at 4: ask for labels if they are numbers of objects",
        )

    def test_invert_turns_a_soft_mask(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[0, 7, 255]])), invert=True)
        assert soft_of(mask) == [[255, 248, 0]]
        assert mask.notes == ("read as a soft mask", "inverted: what was not selected is")

    def test_invert_keeps_a_hard_mask_hard(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, drawn("01")), invert=True)
        assert (mask.kind, soft_of(mask)) == ("hard", [[255, 0]])

    def test_soft_is_soft_whatever_the_values(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, drawn("0123")), kind="soft")
        assert soft_of(mask) == [[0, 1, 2, 3]]
        assert mask.notes == ("read as a soft mask",)

    def test_soft_of_colours_is_their_brightness(self, tmp_path: Path) -> None:
        path = png(tmp_path, np.array([[BLACK, RED, (255, 255, 255)]]))
        mask = read_mask(path, kind="soft")
        assert soft_of(mask) == [[0, 76, 255]]
        assert mask.notes == ("read as a soft mask: the brightness of its colours",)

    def test_soft_of_a_palette_is_its_greys(self, tmp_path: Path) -> None:
        path = palette_png(tmp_path, drawn("012"), [BLACK, GREY, (255, 255, 255)])
        assert soft_of(read_mask(path, kind="soft")) == [[0, 128, 255]]


class TestDepth:
    def test_16_bit_soft_masks_are_scaled(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[0, 1000, 32768, 65535]]), np.uint16))
        assert soft_of(mask) == [[0, 4, 128, 255]]
        assert mask.notes == ("read as a soft mask", "its values are scaled to 8 bits")

    def test_16_bit_labels_are_labels(self, tmp_path: Path) -> None:
        values = np.arange(601).reshape(1, -1)
        mask = read_mask(png(tmp_path, values, np.uint16))
        assert labels_of(mask) == values.tolist()
        assert mask.names[600] == "600"
        assert mask.notes == ("read as labels: 600 of them",)

    def test_16_bit_values_that_end_at_255_are_8_bit(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[0, 128, 255]]), np.uint16))
        assert soft_of(mask) == [[0, 128, 255]]
        assert mask.notes == (
            "read as a soft mask",
            "its values end at 255 and are read as 8-bit",
        )

    def test_all_16_bit_values_without_a_gap_are_soft(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.arange(65536).reshape(256, 256), np.uint16))
        assert mask.kind == "soft"

    def test_float_masks_from_0_to_1_are_soft(self, tmp_path: Path) -> None:
        values = np.array([[0, 0.5, 1, np.nan]])
        mask = read_mask(png(tmp_path, values, np.float32, "sky.tif"))
        assert soft_of(mask) == [[0, 128, 255, 0]]

    @pytest.mark.parametrize("dtype", [np.int32, np.float32])
    def test_wider_whole_numbers_may_be_labels(self, tmp_path: Path, dtype: type) -> None:
        mask = read_mask(png(tmp_path, np.array([[-1, 0, 1, 2]]), dtype, "sky.tif"))
        assert labels_of(mask) == [[0, 0, 1, 2]]

    def test_big_numbers_are_labels_when_asked(self, tmp_path: Path) -> None:
        path = png(tmp_path, np.array([[0, 7, 26001, 900_000]]), np.int32, "sky.tif")
        mask = read_mask(path, kind="labels")
        assert labels_of(mask) == [[0, 7, 26001, 900_000]]
        assert mask.names == {7: "7", 26001: "26001", 900_000: "900000"}

    def test_fractions_cannot_be_labels(self, tmp_path: Path) -> None:
        path = png(tmp_path, np.array([[0, 0.5]]), np.float32, "sky.tif")
        with pytest.raises(InputError) as caught:
            read_mask(path, kind="labels")
        assert str(caught.value) == ("sky.tif has values that are not whole: they cannot be labels")


class TestNumberedLabels:
    def test_1_to_n_without_a_gap_are_labels(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, drawn("..11", "32.1")))
        assert labels_of(mask) == [[0, 0, 1, 1], [3, 2, 0, 1]]
        assert mask.names == {1: "1", 2: "2", 3: "3"}
        assert mask.source == "grey"
        assert mask.notes == ("read as labels: 3 of them",)

    def test_rgb_with_equal_channels_may_hold_labels(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.repeat(drawn(".12")[..., None], 3, axis=2)))
        assert labels_of(mask) == [[0, 1, 2]]

    @pytest.mark.parametrize("void", [255, 65535])
    def test_a_full_value_apart_is_void(self, tmp_path: Path, void: int) -> None:
        dtype = np.uint8 if void == 255 else np.uint16
        mask = read_mask(png(tmp_path, drawn(".12v", values={"v": void}), dtype))
        assert labels_of(mask) == [[0, 1, 2, 0]]
        assert mask.notes == (f"read as labels: 2 of them; {void} is void",)

    def test_1_and_255_alone_are_soft(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, drawn(".1v", values={"v": 255})))
        assert soft_of(mask) == [[0, 1, 255]]

    def test_a_soft_mask_that_uses_every_value_is_soft(self, tmp_path: Path) -> None:
        ramp = np.tile(np.arange(256), (3, 1))
        assert soft_of(read_mask(png(tmp_path, ramp))) == ramp.tolist()

    @pytest.mark.parametrize(
        ("feather", "full"), [(12, 204), (31, 204), (190, 204), (190, 60), (31, 120)]
    )
    def test_a_feathered_mask_that_uses_every_value_up_to_its_opacity_is_soft(
        self, tmp_path: Path, feather: int, full: int
    ) -> None:
        y, x = np.mgrid[:600, :600]
        distance = 200 - np.hypot(x - 300, y - 290)
        values = np.clip(distance / feather * full, 0, full).astype(np.uint8)
        assert np.array_equal(np.unique(values), np.arange(full + 1))
        assert read_mask(png(tmp_path, values)).kind == "soft"

    def test_many_numbered_regions_are_labels(self, tmp_path: Path) -> None:
        numbers = np.arange(200).reshape(10, 20)
        regions = np.kron(numbers, np.ones((8, 8), int))
        assert labels_of(read_mask(png(tmp_path, regions))) == regions.tolist()

    @pytest.mark.parametrize("n", [33, 100, 254])
    def test_a_label_map_of_few_pixels_is_labels(self, tmp_path: Path, n: int) -> None:
        mask = read_mask(png(tmp_path, np.arange(n + 1).reshape(1, -1)))
        assert len(mask.names) == n

    def test_asked_for_labels_each_value_is_one(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[0, 50, 100, 255]])), kind="labels")
        assert labels_of(mask) == [[0, 50, 100, 255]]
        assert mask.names == {50: "50", 100: "100", 255: "255"}

    @pytest.mark.parametrize("dtype", [np.uint8, np.bool_])
    def test_asked_for_labels_a_hard_mask_is_one(self, tmp_path: Path, dtype: type) -> None:
        mask = read_mask(png(tmp_path, drawn(".1"), dtype), kind="labels")
        assert labels_of(mask) == [[0, 1]]
        assert mask.notes == ("read as labels: 1 of them",)

    def test_too_many_labels_are_refused(self, tmp_path: Path) -> None:
        path = png(tmp_path, np.arange(5001).reshape(3, -1), np.uint16)
        with pytest.raises(InputError) as caught:
            read_mask(path, kind="labels")
        assert str(caught.value) == (
            "sky.png has 5000 values, more than the 4096 labels that a mask may have: ask for soft"
        )

    def test_inverted_what_had_no_label_is_the_rest_and_void_stays_void(
        self, tmp_path: Path
    ) -> None:
        path = png(tmp_path, drawn(".12v", values={"v": 255}))
        mask = read_mask(path, invert=True)
        assert labels_of(mask) == [[1, 0, 0, 0]]
        assert mask.names == {1: "rest"}
        assert mask.notes == (
            "read as labels: 2 of them; 255 is void",
            'inverted: what had no label is the one label "rest"',
        )


class TestPalettes:
    def test_the_index_is_the_label(self, tmp_path: Path) -> None:
        mask = read_mask(palette_png(tmp_path, drawn(".3", "13"), [BLACK, RED, GREY, ORANGE]))
        assert labels_of(mask) == [[0, 3], [1, 3]]
        assert mask.names == {1: "1", 3: "3"}
        assert (mask.source, mask.stem) == ("palette", "map")
        assert mask.notes == ("read as labels: 2 of them",)

    def test_index_255_after_a_gap_is_void(self, tmp_path: Path) -> None:
        colours = [BLACK, RED, GREY, *[ORANGE] * 253]
        mask = read_mask(palette_png(tmp_path, drawn(".1v", values={"v": 255}), colours))
        assert labels_of(mask) == [[0, 1, 0]]
        assert mask.notes == ("read as labels: 1 of them; 255 is void",)

    def test_index_255_beside_254_is_a_label(self, tmp_path: Path) -> None:
        indices = drawn(".uv", values={"u": 254, "v": 255})
        mask = read_mask(palette_png(tmp_path, indices, [BLACK, *[ORANGE] * 255]))
        assert labels_of(mask) == [[0, 254, 255]]

    def test_index_255_alone_is_a_label(self, tmp_path: Path) -> None:
        colours = [BLACK, *[ORANGE] * 255]
        mask = read_mask(palette_png(tmp_path, drawn(".v", values={"v": 255}), colours))
        assert labels_of(mask) == [[0, 255]]

    @pytest.mark.parametrize("transparency", [2, b"\xff\xff\x00"])
    def test_another_transparent_index_is_nothing_and_0_a_label(
        self, tmp_path: Path, transparency: object
    ) -> None:
        path = palette_png(tmp_path, drawn("012"), [RED, GREY, ORANGE], transparency=transparency)
        mask = read_mask(path)
        assert labels_of(mask) == [[256, 1, 0]]
        assert mask.names == {1: "1", 256: "0"}

    def test_a_black_index_0_is_nothing_beside_a_transparent_one(self, tmp_path: Path) -> None:
        path = palette_png(tmp_path, drawn("012"), [BLACK, GREY, ORANGE], transparency=2)
        assert labels_of(read_mask(path)) == [[0, 1, 0]]

    def test_a_transparent_index_that_is_not_used_changes_nothing(self, tmp_path: Path) -> None:
        path = palette_png(tmp_path, drawn("011"), [RED, GREY, ORANGE], transparency=2)
        assert labels_of(read_mask(path)) == [[0, 1, 1]]

    def test_a_grey_palette_is_labels_with_a_hint(self, tmp_path: Path) -> None:
        path = palette_png(tmp_path, drawn("012"), [BLACK, GREY, (255, 255, 255)])
        assert read_mask(path).notes == (
            "read as labels: 2 of them",
            "its palette is all grey: ask for soft if it is one mask",
        )

    def test_a_gif_has_a_palette(self, tmp_path: Path) -> None:
        image = Image.fromarray(drawn(".12").astype(np.uint8)).convert("P")
        image.putpalette([*BLACK, *RED, *ORANGE])
        image.save(tmp_path / "a.gif")
        assert labels_of(read_mask(tmp_path / "a.gif")) == [[0, 1, 2]]

    def test_a_palette_of_nothing_marks_nothing(self, tmp_path: Path) -> None:
        mask = read_mask(palette_png(tmp_path, drawn("..."), [BLACK, RED]))
        assert mask.notes == ("read as labels: 0 of them", "nothing is marked in this mask")

    def test_inverted_a_mask_that_is_labelled_throughout_has_no_rest_and_no_name(
        self, tmp_path: Path
    ) -> None:
        path = png(tmp_path, np.array([[1, 2], [2, 1]]))
        mask = read_mask(path, kind="labels", invert=True)
        assert (labels_of(mask), mask.names) == ([[0, 0], [0, 0]], {})

    def test_inverted_the_rest_is_a_label(self, tmp_path: Path) -> None:
        path = palette_png(tmp_path, drawn(".1"), [BLACK, RED])
        assert labels_of(read_mask(path, invert=True)) == [[1, 0]]


class TestColours:
    def test_each_colour_is_a_label_named_by_its_hex(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[BLACK, ORANGE], [RED, GREY]])))
        assert labels_of(mask) == [[0, 3], [2, 1]]
        assert mask.names == {1: "808080", 2: "ff0000", 3: "ff8800"}
        assert mask.source == "colours"
        assert mask.notes == ("read as labels: 3 of them",)

    def test_lossless_colours_that_hardly_differ_are_colours(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, np.array([[BLACK, (200, 200, 201)]])))
        assert mask.names == {1: "c8c8c9"}

    def test_a_colour_in_the_last_pixel_counts(self, tmp_path: Path) -> None:
        colours = np.zeros((40, 40, 3), np.uint8)
        colours[-1, -1] = (0, 0, 1)
        assert read_mask(png(tmp_path, colours)).names == {1: "000001"}

    def test_more_than_256_colours_come_with_a_hint(self, tmp_path: Path) -> None:
        colours = np.zeros((1, 300, 3), np.uint8)
        colours[0, :, 0], colours[0, :, 1] = np.arange(300) % 256, np.arange(300) // 256 + 1
        assert read_mask(png(tmp_path, colours)).notes == (
            "read as labels: 300 of them",
            "edges that fade make labels of their own: ask for soft if it is one mask",
        )

    @pytest.mark.long
    @pytest.mark.parametrize("kind", ["auto", "labels"])
    def test_a_photo_is_no_label_map(self, tmp_path: Path, kind: str) -> None:
        colours = np.random.default_rng(0).integers(0, 256, (80, 80, 3))
        with pytest.raises(InputError) as caught:
            read_mask(png(tmp_path, colours), kind=kind)
        count = len(np.unique(colours.reshape(-1, 3), axis=0))
        assert str(caught.value) == (
            f"sky.png has {count} colours, more than the 4096 labels that a mask may have: "
            "ask for soft to read its brightness"
        )


class TestLossyFormats:
    def test_a_jpeg_of_grey_is_soft_whatever_its_values(self, tmp_path: Path) -> None:
        y, x = np.mgrid[:64, :64]
        disc = np.where(np.hypot(x - 32, y - 32) < 20, 3, 0).astype(np.uint8)
        for name, pixels in (("l", disc), ("rgb", np.dstack([disc] * 3))):
            path = tmp_path / f"{name}.jpg"
            Image.fromarray(pixels).save(path, quality=60)
            mask = read_mask(path)
            assert mask.kind == "soft"
            assert mask.notes[0] == "read as a soft mask"

    @pytest.mark.parametrize("suffix", ["jpg", "webp"])
    def test_a_nearly_grey_lossy_file_is_soft(self, tmp_path: Path, suffix: str) -> None:
        pixels = np.zeros((32, 32, 3), np.uint8)
        pixels[8:24, 8:24] = (250, 254, 248)
        Image.fromarray(pixels).save(tmp_path / f"a.{suffix}", quality=90)
        mask = read_mask(tmp_path / f"a.{suffix}")
        assert mask.kind == "soft"
        assert mask.soft is not None
        assert mask.soft[16, 16] >= 245
        assert mask.soft[0, 0] <= 4

    @pytest.mark.long
    def test_a_jpeg_of_many_colours_is_refused_with_advice(self, tmp_path: Path) -> None:
        y, x = np.mgrid[:64, :64]
        colours = np.stack([4 * x, 4 * y, 255 - 4 * x], axis=2)
        Image.fromarray(colours.astype(np.uint8)).save(tmp_path / "a.jpg", quality=60)
        with Image.open(tmp_path / "a.jpg") as image:
            count = len(image.getcolors(1 << 24))
        with pytest.raises(InputError) as caught:
            read_mask(tmp_path / "a.jpg")
        assert str(caught.value) == (
            f"a.jpg has {count} colours, as its format changes them on saving: "
            "save the label map as PNG, or ask for soft to read its brightness"
        )

    def test_a_lossless_webp_is_exact(self, tmp_path: Path) -> None:
        colours = np.array([[BLACK, (200, 200, 201)]], np.uint8)
        Image.fromarray(colours).save(tmp_path / "a.webp", lossless=True)
        assert read_mask(tmp_path / "a.webp").names == {1: "c8c8c9"}


class TestTransparency:
    HALF = drawn("##..", "....", values={"#": 255})
    MOST = drawn("####", "##..", values={"#": 255})

    @pytest.mark.parametrize("mode", ["LA", "RGBA"])
    @pytest.mark.parametrize("colour", [0, 255])
    def test_opaque_is_selected(self, tmp_path: Path, mode: str, colour: int) -> None:
        image = Image.new(mode, (4, 2), (colour,) * (len(mode) - 1) + (0,))
        image.putalpha(Image.fromarray(self.HALF.astype(np.uint8)))
        image.save(tmp_path / "a.png")
        mask = read_mask(tmp_path / "a.png")
        assert soft_of(mask) == self.HALF.tolist()
        assert (mask.kind, mask.source) == ("soft", "alpha")
        assert mask.notes == ("read from transparency: opaque is selected",)

    def test_transparent_is_selected_when_more_than_half_is_opaque(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, rgba(np.zeros((2, 4, 3)), self.MOST)))
        assert soft_of(mask) == (255 - self.MOST).tolist()
        assert mask.notes == (
            "read from transparency: transparent is selected, as more than half is opaque",
        )

    def test_exactly_half_opaque_selects_the_opaque(self, tmp_path: Path) -> None:
        alpha = drawn("##..", values={"#": 255})
        mask = read_mask(png(tmp_path, rgba(np.zeros((1, 4, 3)), alpha)))
        assert soft_of(mask) == alpha.tolist()

    def test_invert_turns_the_choice(self, tmp_path: Path) -> None:
        path = png(tmp_path, rgba(np.zeros((2, 4, 3)), self.MOST))
        assert soft_of(read_mask(path, invert=True)) == self.MOST.tolist()

    def test_partly_transparent_pixels_are_soft(self, tmp_path: Path) -> None:
        alpha = np.array([[0, 0, 90, 255]])
        mask = read_mask(png(tmp_path, rgba(np.full((1, 4, 3), 9), alpha)))
        assert soft_of(mask) == alpha.tolist()

    def test_colours_that_nobody_sees_do_not_count(self, tmp_path: Path) -> None:
        # a red brush on an empty layer: editors leave the unpainted pixels black
        colours = np.where(self.HALF[..., None] > 0, RED, BLACK)
        mask = read_mask(png(tmp_path, rgba(colours, self.HALF)))
        assert soft_of(mask) == self.HALF.tolist()
        assert mask.source == "alpha"

    def test_an_opaque_file_is_read_by_its_colours(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, rgba(np.array([[BLACK, RED]]), np.full((1, 2), 255))))
        assert mask.names == {1: "ff0000"}
        assert mask.notes == ("read as labels: 1 of them",)

    def test_transparency_that_is_the_same_everywhere_is_ignored_and_said(
        self, tmp_path: Path
    ) -> None:
        mask = read_mask(png(tmp_path, rgba(np.array([[BLACK, GREY]]), np.full((1, 2), 9))))
        assert soft_of(mask) == [[0, 128]]
        assert mask.notes == (
            "read as a soft mask",
            "all that is marked is 128, 50% opacity: ask for labels if it is a hard mask",
            "its transparency is the same everywhere and was ignored",
        )

    def test_a_file_that_is_all_transparent_marks_nothing(self, tmp_path: Path) -> None:
        mask = read_mask(png(tmp_path, rgba(np.full((1, 2, 3), 255), np.zeros((1, 2)))))
        assert soft_of(mask) == [[0, 0]]
        assert mask.notes == ("read from transparency", "nothing is marked in this mask")

    def test_of_a_colour_map_what_is_transparent_is_nothing(self, tmp_path: Path) -> None:
        colours = np.array([[RED, ORANGE, (0, 0, 255), (9, 0, 0)]])
        mask = read_mask(png(tmp_path, rgba(colours, np.array([[255, 90, 0, 0]]))))
        assert labels_of(mask) == [[1, 2, 0, 0]]
        assert mask.names == {1: "ff0000", 2: "ff8800"}
        assert mask.notes == ("read as labels: 2 of them", "what is transparent is nothing")

    def test_of_a_numbered_map_what_is_transparent_is_nothing(self, tmp_path: Path) -> None:
        planes = np.dstack([drawn("1237"), drawn("###.", values={"#": 255})])
        mask = read_mask(png(tmp_path, planes))
        assert labels_of(mask) == [[1, 2, 3, 0]]

    def test_grey_with_soft_transparency_is_grey_times_opacity(self, tmp_path: Path) -> None:
        planes = np.dstack([[[200, 100, 255]], [[255, 128, 0]]])
        mask = read_mask(png(tmp_path, planes))
        assert soft_of(mask) == [[200, 50, 0]]
        assert mask.notes == ("read as a soft mask: grey times opacity",)

    @pytest.mark.parametrize("suffix", ["png", "webp"])
    def test_of_a_photo_cut_out_the_transparency_is_read(self, tmp_path: Path, suffix: str) -> None:
        colours = np.random.default_rng(0).integers(0, 256, (120, 120, 3))
        alpha = np.zeros((120, 120))
        alpha[:, :50] = 255
        path = png(tmp_path, rgba(colours, alpha), name=f"sky.{suffix}")
        mask = read_mask(path)
        assert soft_of(mask) == alpha.tolist()
        assert mask.notes == (
            "read from transparency: opaque is selected",
            "its colours are too many for labels",
        )

    def test_asked_for_soft_colours_give_way_to_transparency(self, tmp_path: Path) -> None:
        path = png(tmp_path, rgba(np.array([[RED, ORANGE, RED]]), np.array([[255, 0, 0]])))
        colours = png(
            tmp_path, rgba(np.array([[RED, ORANGE, RED]]), np.array([[255, 9, 0]])), name="b.png"
        )
        assert soft_of(read_mask(path, kind="soft")) == [[255, 0, 0]]
        assert soft_of(read_mask(colours, kind="soft")) == [[255, 9, 0]]

    def test_asked_for_labels_what_is_selected_is_one(self, tmp_path: Path) -> None:
        path = png(tmp_path, rgba(np.zeros((2, 4, 3)), self.MOST))
        mask = read_mask(path, kind="labels")
        assert labels_of(mask) == [[0, 0, 0, 0], [0, 0, 1, 1]]
        assert mask.names == {1: "1"}

    def test_a_transparent_colour_is_nothing(self, tmp_path: Path) -> None:
        Image.fromarray(drawn("1233").astype(np.uint8)).save(tmp_path / "a.png", transparency=3)
        assert labels_of(read_mask(tmp_path / "a.png")) == [[1, 2, 0, 0]]


class TestFiles:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    @pytest.mark.parametrize("suffix", ["png", "tif"])
    def test_exif_orientation_is_applied(
        self, tmp_path: Path, orientation: int, dtype: type, suffix: str
    ) -> None:
        values = drawn("123", "456")
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = tmp_path / f"a.{suffix}"
        Image.fromarray(values.astype(dtype)).save(path, exif=exif)
        expected = {
            1: drawn("123", "456"),
            2: drawn("321", "654"),
            3: drawn("654", "321"),
            4: drawn("456", "123"),
            5: drawn("14", "25", "36"),
            6: drawn("41", "52", "63"),
            7: drawn("63", "52", "41"),
            8: drawn("36", "25", "14"),
        }[orientation]
        assert labels_of(read_mask(path)) == expected.tolist()

    def test_a_palette_survives_the_turn(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        colours = [RED, GREY, ORANGE]
        path = palette_png(tmp_path, drawn("012"), colours, transparency=2, exif=exif)
        assert labels_of(read_mask(path)) == [[256], [1], [0]]

    def test_a_mask_that_opencv_wrote_is_read(self, tmp_path: Path) -> None:
        cv2.imwrite(str(tmp_path / "a.png"), drawn(".12").astype(np.uint16))
        assert labels_of(read_mask(tmp_path / "a.png")) == [[0, 1, 2]]

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "a.png is empty"),
            (b"text", "a.png is not an image that can be read: try PNG, JPEG, WebP or TIFF"),
        ],
    )
    def test_a_broken_file_is_said_by_name_alone(
        self, tmp_path: Path, data: bytes, message: str
    ) -> None:
        (tmp_path / "a.png").write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_mask(tmp_path / "a.png")
        assert str(caught.value) == message

    def test_a_truncated_file_is_damaged(self, tmp_path: Path) -> None:
        path = png(tmp_path, np.random.default_rng(0).integers(0, 255, (64, 64)))
        path.write_bytes(path.read_bytes()[:2000])
        with pytest.raises(InputError, match=r"^sky\.png is damaged or incomplete"):
            read_mask(path)

    def test_the_limit_is_read_from_the_header(self, tmp_path: Path) -> None:
        header = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)
        checksum = struct.pack(">I", zlib.crc32(b"IHDR" + header))
        path = tmp_path / "a.png"
        idat = b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
        path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + header + checksum + idat)
        with pytest.raises(InputError) as caught:
            read_mask(path)
        assert str(caught.value) == "a.png is 20000 x 10000, 200 megapixels: at most 50 are read"

    def test_another_kind_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as caught:
            read_mask(png(tmp_path, drawn("01")), kind="zzz")
        assert str(caught.value) == "mask_kind is 'zzz': expected auto, soft, labels, exact or full"

    def test_the_first_of_several_pictures_is_said_last(self, tmp_path: Path) -> None:
        pages = [Image.fromarray(drawn(row).astype(np.uint8)) for row in (".12", ".11")]
        pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
        assert read_mask(tmp_path / "a.tif").notes == (
            "read as labels: 2 of them",
            "it has more than one picture: the first is read",
        )


@given(
    st.lists(st.integers(0, 70_000), min_size=1, max_size=30),
    st.sampled_from([np.uint8, np.uint16, np.int32]),
)
def test_the_values_that_occur_are_those_of_np_unique(values: list[int], dtype: type) -> None:
    array = (np.array([values]) % (np.iinfo(dtype).max + 1)).astype(dtype)
    assert present_values(array).tolist() == np.unique(array).tolist()


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60))
def test_auto_reads_grey_by_the_rule_as_it_is_written(values: list[int]) -> None:
    reading = read_grey(np.array([values], np.uint8), MaskRequest("auto", "a.png"))
    above = sorted(set(values) - {0})
    numbered = above[:-1] if above and above[-1] == 255 else above
    is_labels = len(numbered) >= 2 and numbered == list(range(1, len(numbered) + 1))
    low, high = min(values), max(values)
    is_hard = len(set(values)) == 2 and (0 < low < high - 3 or (low == 0 and high < 64))
    expected = "hard" if is_hard or above == [1] else "labels" if is_labels else "soft"
    assert reading.kind == expected


def test_the_argument_is_never_the_answer() -> None:
    values = np.array([[0, 9, 40]], np.uint8)
    reading = read_grey(values, MaskRequest("auto", "a.png"))
    assert reading.soft is not None
    assert not np.shares_memory(reading.soft, values)


def test_a_mask_file_without_a_mask_has_no_size() -> None:
    with pytest.raises(InputError, match=r"^a mask file has a soft mask or labels: got neither$"):
        _ = MaskFile("soft", "grey").size_hw


def test_bytes_of_a_mask_need_no_file_ending(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(drawn(".12").astype(np.uint8)).save(buffer, "PNG")
    (tmp_path / "labels").write_bytes(buffer.getvalue())
    assert read_mask(tmp_path / "labels").stem == "labels"


def painted_circle(size_hw: tuple[int, int], radius: float) -> np.ndarray:
    """A disc in the middle, without any smoothing at its edge."""
    rows, columns = np.mgrid[: size_hw[0], : size_hw[1]]
    squares = (rows - size_hw[0] / 2 + 0.5) ** 2 + (columns - size_hw[1] / 2 + 0.5) ** 2
    return np.where(squares <= radius**2, 255, 0)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "I;16", "1"])
def test_what_is_painted_is_its_alpha_or_its_grey(tmp_path: Path, mode: str) -> None:
    values = drawn(".a#", values={"a": 128, "#": 255}).astype(np.uint8)
    image = Image.fromarray(values)
    if mode in ("LA", "RGBA"):
        image = Image.new(mode[:-1], image.size)
        image.putalpha(Image.fromarray(values))
    elif mode == "I;16":
        image = Image.fromarray(values.astype(np.uint16) * 257)
    elif mode == "1":
        image = image.point(lambda level: 255 * (level > 100)).convert("1")
    image.save(tmp_path / "painted.png")
    mask = read_painted(tmp_path / "painted.png", (1, 3))
    assert (mask.kind, mask.stem, mask.notes) == ("soft", "painted", ())
    assert mask.source == ("alpha" if mode in ("LA", "RGBA") else "grey")
    assert soft_of(mask) == [[0, 255 if mode == "1" else 128, 255]]


def test_what_is_painted_has_no_steps_when_made_larger(tmp_path: Path) -> None:
    path = png(tmp_path, painted_circle((60, 80), 20))
    soft = read_painted(path, (480, 640)).soft
    assert soft is not None
    levels = soft.astype(int)
    assert max(abs(np.diff(levels, axis=axis)).max() for axis in (0, 1)) < 255 / 4
    ideal = painted_circle((480, 640), 160)
    assert (soft[painted_circle((480, 640), 148) > 0] == 255).all()
    assert (soft[painted_circle((480, 640), 172) == 0] == 0).all()
    assert np.count_nonzero(levels >= 128) == pytest.approx(np.count_nonzero(ideal), rel=0.02)


def test_what_is_painted_is_averaged_when_made_smaller(tmp_path: Path) -> None:
    path = png(tmp_path, drawn("##..", "##.#", values={"#": 200}))
    assert soft_of(read_painted(path, (1, 2))) == [[200, 50]]


@pytest.mark.parametrize("size_hw", [(768, 1024), (767, 1024), (769, 1024), (768, 1025), (3, 4)])
def test_a_painted_mask_may_be_a_pixel_of_rounding_off(
    tmp_path: Path, size_hw: tuple[int, int]
) -> None:
    path = png(tmp_path, np.full(size_hw, 255))
    mask = read_painted(path, (3000, 4000))
    assert mask.size_hw == (3000, 4000)
    assert mask.soft is not None
    assert (mask.soft == 255).all()


@pytest.mark.parametrize("size_hw", [(760, 1024), (768, 1035), (1024, 768), (5, 4)])
def test_a_painted_mask_of_other_proportions_is_refused(
    tmp_path: Path, size_hw: tuple[int, int]
) -> None:
    path = png(tmp_path, np.full(size_hw, 255))
    with pytest.raises(InputError) as raised:
        read_painted(path, (3000, 4000))
    assert str(raised.value) == (
        f"the painted mask is {size_hw[1]} x {size_hw[0]}, the photo 4000 x 3000: "
        "their proportions must match"
    )


def test_a_painted_mask_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_painted(png(tmp_path, np.zeros((30, 40))), (300, 400), max_megapixels=0.001)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=40))
def test_colours_are_numbered_as_by_a_slow_loop(colours: list[tuple[int, int, int]]) -> None:
    pixels = np.array([colours], np.uint8)
    codes, present = codes_of(pixels), colours_of(Strips.of_array(pixels))
    slow = [65536 * red + 256 * green + blue for red, green, blue in colours]
    assert codes.tolist() == [slow]
    assert present.tolist() == sorted(set(slow) - {0})


@pytest.mark.parametrize("values", [np.uint8(128), np.uint16(32768)])
def test_a_grey_profile_changes_no_mask_and_that_is_said(tmp_path, values):
    path = tmp_path / "mask.png"
    pixels = np.array([[0, values], [values, np.iinfo(values.dtype).max]], values.dtype)
    Image.fromarray(pixels).save(path, icc_profile=grey_profile())
    mask = read_mask(path)
    assert mask.soft.tolist() == [[0, 128], [128, 255]]
    assert mask.notes[-1] == "its grey profile was not applied: its values are opacity"
