"""An edited version that differs a little everywhere: what was edited is found, the rest is not."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from segui.finders.difference import difference_mask, find_difference
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.pipeline import Scene, open_scene

PHOTOS = {
    "coffee": data.coffee,
    "astronaut": data.astronaut,
    "chelsea": data.chelsea,
    "page": lambda: np.repeat(data.page()[..., None], 3, axis=2),
    "grass": lambda: np.repeat(data.grass()[..., None], 3, axis=2),
}
SAID = "areas: the edited version differs a little everywhere"


def photo(name: str) -> np.ndarray:
    return np.ascontiguousarray(PHOTOS[name]())


def as_levels(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def blurred(pixels: np.ndarray, sigma_px: float) -> np.ndarray:
    return cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), sigma_px)


def encoded(kind: str, **options: int):
    def made(pixels: np.ndarray) -> np.ndarray:
        with io.BytesIO() as stream:
            Image.fromarray(pixels).save(stream, kind, **options)
            return np.array(Image.open(stream).convert("RGB"))

    return made


def sharpened(radius_px: float, amount: float):
    return lambda pixels: as_levels(pixels + amount * (pixels - blurred(pixels, radius_px)))


def scaled_there_and_back(pixels: np.ndarray) -> np.ndarray:
    size, how = pixels.shape[1::-1], Image.Resampling.LANCZOS
    smaller = Image.fromarray(pixels).resize((size[0] * 3 // 4, size[1] * 3 // 4), how)
    return np.array(smaller.resize(size, how))


def noisy(pixels: np.ndarray, levels: float = 8) -> np.ndarray:
    return as_levels(pixels + np.random.default_rng(5).normal(0, levels, pixels.shape))


def from_a_model(pixels: np.ndarray) -> np.ndarray:
    """Details that are drawn anew: moved by parts of a pixel, smoothed, sharpened, with mottle."""
    generator, size = np.random.default_rng(3), pixels.shape[:2]
    soft = [blurred(generator.normal(0, 1, size), 4) for _ in range(2)]
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    across, down = (0.25 * each / each.std() for each in soft)
    moved = cv2.remap(
        0.4 * pixels + 0.6 * blurred(pixels, 1),
        np.float32(x + across),
        np.float32(y + down),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )
    mottle = blurred(generator.normal(0, 1, pixels.shape), 3)
    return sharpened(1, 0.4)(moved + 1.5 * mottle / mottle.std())


EVERYWHERE = {
    "JPEG at 80": encoded("JPEG", quality=80, subsampling=2),
    "JPEG at 60": encoded("JPEG", quality=60, subsampling=2),
    "JPEG at 40": encoded("JPEG", quality=40, subsampling=2),
    "WebP at 50": encoded("WEBP", quality=50),
    "sharper": sharpened(1, 0.6),
    "much sharper": sharpened(1.5, 1.2),
    "smoother": lambda pixels: cv2.bilateralFilter(pixels, 7, 25, 3),
    "scaled there and back": scaled_there_and_back,
    "noisy": noisy,
    "from a model": from_a_model,
    "from a model, JPEG at 70": lambda pixels: encoded("JPEG", quality=70)(from_a_model(pixels)),
}


def ellipse(pixels: np.ndarray, *, x: float, y: float, across: float, down: float) -> np.ndarray:
    height, width = pixels.shape[:2]
    inside = np.zeros((height, width), np.uint8)
    axes = int(across * width), int(down * height)
    cv2.ellipse(inside, (int(x * width), int(y * height)), axes, 20, 0, 360, 1, -1)
    return inside > 0


def recoloured(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    where = ellipse(pixels, x=0.4, y=0.45, across=0.15, down=0.14)
    light = pixels.mean(axis=2, keepdims=True)
    return np.where(where[..., None], light * [1.2, 0.75, 0.8] + [25, 0, 5], pixels), [where]


def lighter_or_darker(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    where = ellipse(pixels, x=0.5, y=0.55, across=0.16, down=0.13)
    step = np.where(pixels.mean(axis=2, keepdims=True) > 128, -17, 17)
    return np.where(where[..., None], pixels + step, pixels), [where]


def added_and_a_speck(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    where, speck = (
        ellipse(pixels, x=0.25, y=0.7, across=0.1, down=0.08),
        np.zeros_like(pixels[..., 0]),
    )
    speck[100:120, -90:-70] = 1
    colour = np.where(pixels[speck > 0].mean(axis=0) > 128, 40, 210)
    made = np.where(where[..., None], [70, 130, 190], pixels)
    return np.where(speck[..., None] > 0, colour, made), [where, speck > 0]


def half(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    where = np.zeros(pixels.shape[:2], bool)
    where[:, pixels.shape[1] // 2 :] = True
    return np.where(where[..., None], 0.8 * pixels[::-1, ::-1] + [50, 5, -10], pixels), [where]


EDITS = (recoloured, lighter_or_darker, added_and_a_speck, half)


def found(one: np.ndarray, other: np.ndarray, **options: bool) -> np.ndarray:
    pair = (torch.from_numpy(np.ascontiguousarray(each))[None] for each in (one, other))
    return find_difference(*pair, **options).mask.numpy() > 0


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", EVERYWHERE)
def test_nothing_is_found_where_nothing_was_edited(kind: str, name: str) -> None:
    pixels = photo(name)
    assert not found(pixels, EVERYWHERE[kind](pixels)).any()


@pytest.mark.long
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", EVERYWHERE)
def test_what_was_edited_is_found_and_nothing_else(kind: str, name: str, edit) -> None:
    if kind == "much sharper" and edit is lighter_or_darker:
        return  # that is less than what differs everywhere, and said to be left out
    pixels = photo(name)
    made, edited = edit(pixels.astype(np.float32))
    mask = found(pixels, EVERYWHERE[kind](as_levels(made)))
    assert all(mask[where].mean() > 0.7 for where in edited)
    near = cv2.dilate(np.any(edited, axis=0).astype(np.uint8), np.ones((25, 25))) > 0
    assert mask[~near].mean() < 2e-3


@pytest.mark.long
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", ["coffee", "page"])
def test_a_version_without_losses_is_compared_as_ever(name: str, edit) -> None:
    pixels = photo(name)
    made, _ = edit(pixels.astype(np.float32))
    pair = [torch.from_numpy(each)[None] for each in (pixels, as_levels(made))]
    difference = find_difference(*pair)
    assert difference.all_over is None
    assert torch.equal(difference.mask, find_difference(*pair, count_all=True).mask)
    assert torch.equal(difference.mask, difference_mask(*pair))


def test_the_only_texture_of_a_picture_is_not_taken_for_its_noise():
    flat = noisy(np.full((300, 400, 3), 120, np.uint8), 2)
    disc = ellipse(flat, x=0.5, y=0.5, across=0.2, down=0.2)
    grass = np.repeat(data.grass()[:300, :400, None], 3, axis=2)
    one, other = (np.where(disc[..., None], each, flat) for each in (grass, grass[::-1] // 2 + 20))
    mask = found(one, EVERYWHERE["JPEG at 60"](as_levels(other)))
    assert mask[disc].mean() > 0.9
    assert not mask[~cv2.dilate(disc.astype(np.uint8), np.ones((25, 25))).astype(bool)].any()


@pytest.mark.long
def test_an_effect_on_all_of_a_photo_is_found():
    pixels = photo("coffee")
    assert found(pixels, 255 - pixels).mean() > 0.7
    assert found(pixels, pixels[::-1]).mean() > 0.7


def scene_of(folder: Path, version: np.ndarray, **options: bool) -> Scene:
    Image.fromarray(photo("coffee")).save(folder / "photo.png")
    Image.fromarray(version).save(folder / "version.png")
    files = Inputs(folder / "photo.png", (), folder / "version.png")
    return open_scene(files, SegmentOptions(**options))


@pytest.mark.long
def test_what_is_left_out_is_said_with_a_way_to_count_it(tmp_path: Path) -> None:
    made, _ = recoloured(photo("coffee").astype(np.float32))
    version = EVERYWHERE["much sharper"](as_levels(made))
    scene = scene_of(tmp_path, version)
    assert len(scene.segments.items) == 1
    (note,) = (note for note in scene.notes if note.startswith(SAID))
    assert [(offer.option, offer.value) for offer in note.offers] == [("count_cast", True)]
    assert scene.offers == {"count_cast"}
    counted = scene_of(tmp_path, version, count_cast=True)
    assert len(counted.segments.items) > 10
    assert not [note for note in counted.notes if note.startswith(SAID)]


@pytest.mark.long
def test_nothing_is_said_where_nothing_is_left_out(tmp_path: Path) -> None:
    made, _ = recoloured(photo("coffee").astype(np.float32))
    for change in (np.copy, encoded("JPEG", quality=95)):
        scene = scene_of(tmp_path, change(as_levels(made)))
        assert len(scene.segments.items) == 1
        assert not [note for note in scene.notes if note.startswith(SAID)]


@pytest.mark.long
@pytest.mark.parametrize("by", [(6, 9), (-4, 0), (0, 14)])
def test_one_that_lies_beside_its_place_is_not_said_to_have_losses(tmp_path: Path, by):
    scene = scene_of(tmp_path, np.roll(photo("coffee"), by, axis=(0, 1)))
    assert any("it lies " in note for note in scene.notes)
    assert not [note for note in scene.notes if SAID in note]
    assert scene.offers == {"align"}
