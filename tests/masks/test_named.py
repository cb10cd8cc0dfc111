"""Label maps whose labels have names: by a legend beside them, or by a text within them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from segui.errors import InputError
from segui.images.limits import ReadLimits
from segui.masks.notes import offers_of
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from tests.masks.test_files import BLACK, RED, drawn, palette_png, png

BLUE = (0, 0, 255)
COLOURS = np.array([[BLACK, RED, BLUE]])


def read(*paths: Path, size_hw=(1, 3), limits: ReadLimits | None = None, **options):
    photo = Photo(size_hw)
    how = {} if limits is None else {"limits": limits}
    return read_mask_set(paths, photo, MaskSetOptions(**options), **how)


def names(*paths: Path, **options) -> list[list[str]]:
    return [[*mask.area_labels.values()] for mask in read(*paths, **options)[0]]


def text(folder: Path, name: str, content: object) -> Path:
    data = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(data, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("legend.csv", "id,name\n1,car\n2,dog"),
        ("legend.txt", "1: car\n2: dog"),
        ("legend.json", {"1": "car", "2": "dog"}),
        ("legend", [{"id": 1, "name": "car"}, {"id": 2, "name": "dog"}]),
    ],
)
def test_numbers_are_named_by_a_file_beside_them(
    tmp_path: Path, name: str, content: object
) -> None:
    mask, legend = png(tmp_path, drawn(".12")), text(tmp_path, name, content)
    masks, notes = read(legend, mask)
    assert [dict(mask.area_labels) for mask in masks] == [{1: "car", 2: "dog"}]
    assert notes == [
        "sky.png: read as labels: 2 of them",
        f"sky.png: its labels are named by {name}",
        f"{name}: read as a legend: 2 names",
    ]


def test_colours_are_named(tmp_path: Path) -> None:
    legend = text(tmp_path, "a.csv", "name,r,g,b\ncar,255,0,0\ndog,0,0,255")
    assert names(png(tmp_path, COLOURS), legend) == [["dog", "car"]]


def test_a_palettes_labels_are_named_by_number_or_colour(tmp_path: Path) -> None:
    mask = palette_png(tmp_path, drawn(".12"), [BLACK, RED, BLUE])
    assert names(mask, text(tmp_path, "a.txt", "1 car\n2 dog")) == [["car", "dog"]]
    assert names(mask, text(tmp_path, "b.txt", "#ff0000 car\n#0000ff dog")) == [["car", "dog"]]


def test_a_label_without_a_name_keeps_its_number(tmp_path: Path) -> None:
    masks, notes = read(png(tmp_path, drawn(".12")), text(tmp_path, "a.txt", "2: dog\n9: cat"))
    assert [*masks[0].area_labels.values()] == ["1", "dog"]
    assert "sky.png: 1 of its 2 labels are named by a.txt" in notes


def test_a_grey_mask_of_which_all_values_are_named_is_a_label_map(tmp_path: Path) -> None:
    mask, legend = png(tmp_path, np.array([[0, 85, 170]])), text(tmp_path, "a.txt", "85 car\n170 b")
    masks, notes = read(mask, legend)
    assert [*masks[0].area_labels.values()] == ["car", "b"]
    assert "sky.png: a legend names all of its values: ask for soft if it is one mask" in notes
    assert read(mask, legend, kind="soft")[0][0].labels is None
    assert read(mask, text(tmp_path, "b.txt", "85 car"))[0][0].labels is None


def test_a_legend_of_a_masks_own_name_counts_first(tmp_path: Path) -> None:
    first, second = (png(tmp_path, drawn(".12"), name=f"{name}.png") for name in ("a", "b"))
    every = text(tmp_path, "every.txt", "1 car\n2 dog")
    own = text(tmp_path, "b.txt", "1 sky")
    assert names(first, second, every, own) == [["car", "dog"], ["sky", "dog"]]


def test_names_that_were_given_are_not_put_behind_the_files_name(tmp_path: Path) -> None:
    first, second = (png(tmp_path, drawn(".12"), name=f"{name}.png") for name in ("a", "b"))
    assert names(first, second) == [["a:1", "a:2"], ["b:1", "b:2"]]
    assert names(first, second, text(tmp_path, "x.txt", "1 car\n2 dog")) == [["car", "dog"]] * 2


@pytest.mark.parametrize(
    "texts",
    [
        {"labels": '{"1": "car", "2": "dog"}'},
        {"Comment": "1: car\n2: dog"},
        {"Description": "1: car, 2: dog"},
        {"Label": "1 car"},
        {"1": "car", "2": "dog", "Software": "x"},
        {"Software": "GIMP", "car": "1"},
    ],
)
def test_a_png_may_carry_its_legend(tmp_path: Path, texts: dict[str, str]) -> None:
    info = PngInfo()
    for keyword, content in texts.items():
        info.add_text(keyword, content)
    Image.fromarray(drawn(".12").astype(np.uint8)).save(tmp_path / "a.png", pnginfo=info)
    masks, notes = read(tmp_path / "a.png")
    assert masks[0].area_labels[1] == "car"
    assert any("named by its own text" in note for note in notes)


def test_what_programs_note_of_themselves_is_no_legend(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("Software", "Adobe ImageReady")
    info.add_text("date:create", "2024-01-02T10:00:00+00:00")
    info.add_text("workflow", '{"nodes": [{"id": 7, "type": "x"}], "version": 0.4}')
    Image.fromarray(drawn(".12").astype(np.uint8)).save(tmp_path / "a.png", pnginfo=info)
    assert names(tmp_path / "a.png") == [["1", "2"]]


@pytest.mark.parametrize(
    ("keyword", "content"),
    [
        ("Title", "mask 1"),
        ("Title", "Layer 2"),
        ("Author", "studio 2"),
        ("Author", "2"),
        ("Comment", "page 1 of 3"),
        ("parameters", "a photo of a car\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1"),
        ("Seed", "1"),
        ("Description", "drawn by hand\n1: car\n2: dog is missing\nthe rest is nothing"),
    ],
)
def test_nor_is_what_is_said_of_the_picture(tmp_path: Path, keyword: str, content: str) -> None:
    info = PngInfo()
    info.add_text(keyword, content)
    Image.fromarray(drawn(".12").astype(np.uint8)).save(tmp_path / "a.png", pnginfo=info)
    assert names(tmp_path / "a.png") == [["1", "2"]]


def test_a_legend_that_names_nothing_says_so(tmp_path: Path) -> None:
    _, notes = read(png(tmp_path, drawn(".12")), text(tmp_path, "a.txt", "7: cat"))
    assert notes[-1] == "a.txt: read as a legend: 1 name; it names no label of the masks"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.json", "{", "a.json is not JSON: line 1, column 2: "),
        ("a.json", "[" * 100_000, "a.json is nested too deeply: it cannot be read"),
        ("a.json", '{"version": "x"}', "a.json is no legend: expected names with a number or a "),
        ("a.json", "1" * 5000, "a.json is not JSON that can be read: a number is too long"),
        ("a.txt", "a\0b", "a.txt is not text: expected JSON, a CSV or lines of names"),
        ("a.csv", "1 car", "a.csv has names alone: add the masks that it names"),
        ("a.csv", "", "a.csv is no legend: expected names with a number or a colour each, such as"),
    ],
)
def test_what_is_no_legend_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(text(tmp_path, name, content))
    assert str(caught.value).startswith(sentence)


def test_a_text_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(text(tmp_path, "a.json", " " * 300_000), limits=ReadLimits(max_text_mb=0.2))
    assert str(caught.value) == "a.json has 0.3 MB: of text at most 0.2 are read"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_texts_are_read_as_programs_write_them(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_text("1;Gemüse\n2;Käse", encoding=encoding)
    assert names(png(tmp_path, drawn(".12")), tmp_path / "a.csv") == [["Gemüse", "Käse"]]


GROUND = np.full((40, 40), 7, np.uint8)
GROUND[5:15, 5:15], GROUND[20:30, 20:30] = 12, 15


@pytest.mark.parametrize("asked", ["7", "wall, brick", '"wall, brick"', 'cat2, "wall, brick"'])
def test_a_label_is_left_out_by_its_name_or_by_what_it_is_in_the_file(
    tmp_path: Path, asked: str
) -> None:
    legend = text(tmp_path, "a.csv", 'id,name\n7,"wall, brick"\n12,cat\n15,dog')
    masks, notes = read(png(tmp_path, GROUND), legend, size_hw=(40, 40), leave_out=asked)
    assert [*masks[0].names.values()] == ["cat", "dog"]
    assert notes[-2] == "sky.png: left out: wall, brick"


def test_what_a_note_offers_to_leave_out_is_left_out_once_a_legend_names_it(tmp_path: Path) -> None:
    legend = text(tmp_path, "a.csv", "id,name\n7,wall\n12,cat\n15,dog")
    _, notes = read(png(tmp_path, GROUND), legend, size_hw=(40, 40))
    offers = [each for note in notes for each in offers_of(note) if each.option == "leave_out"]
    assert [offer.value for offer in offers] == ["7"]
    masks, _ = read(tmp_path / "sky.png", legend, size_hw=(40, 40), leave_out=offers[0].value)
    assert [*masks[0].names.values()] == ["cat", "dog"]


def test_a_name_that_is_another_labels_number_is_the_name(tmp_path: Path) -> None:
    legend = text(tmp_path, "a.csv", "id,name\n7,12\n12,cat\n15,dog")
    masks, _ = read(png(tmp_path, GROUND), legend, size_hw=(40, 40), leave_out="12")
    assert [*masks[0].names.values()] == ["cat", "dog"]


@pytest.mark.parametrize("levels", [0, 3, 4, 5])
def test_a_colour_that_hardly_differs_from_the_legends_is_that_one(
    tmp_path: Path, levels: int
) -> None:
    pixels = np.zeros((30, 30, 3), np.uint8)
    pixels[2:12, 2:12], pixels[15:25, 15:25] = (220 - levels, 20, 60 + levels), (107, 142, 35)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    legend = text(tmp_path, "a.txt", "#dc143c cat\n#6b8e23 dog")
    masks, _ = read(tmp_path / "a.png", legend, size_hw=(30, 30))
    assert ("cat" in masks[0].names.values()) is (levels <= 4)
    assert "dog" in masks[0].names.values()


def test_a_colour_is_not_taken_for_one_that_another_label_has(tmp_path: Path) -> None:
    pixels = np.zeros((30, 30, 3), np.uint8)
    pixels[2:12, 2:12], pixels[15:25, 15:25] = (220, 20, 60), (224, 20, 60)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    legend = text(tmp_path, "a.txt", "#dc143c cat\n#6b8e23 dog")
    masks, _ = read(tmp_path / "a.png", legend, size_hw=(30, 30))
    assert [*masks[0].names.values()] == ["cat", "e0143c"]
