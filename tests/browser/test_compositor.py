"""The preview that the browser pastes by itself, against the formula and against the engine."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Error, Page

import segui
from segui import Box, Segment, Segments
from segui.backend.feather import Gaussian
from segui.images.writing import encode_jpeg, encode_png, shrink
from segui.options import whole_px
from segui.previews.layers import PreviewLayer, preview_layers
from segui.ui.browser.scripts import joined
from tests.browser.pages import PATIENCE_MS

SCRIPT = f"const {{makeCompositor}} = {joined('compositor/compositor.js')};"
PHOTO_HW = (664, 1000)
PREVIEW_PX = 256
SCALE = PREVIEW_PX / PHOTO_HW[1]
KINDS = ["webgl", "canvas"]
EDGES = ["smooth", "impact", "outward"]

MAKE = """async ({name, data}) => {
  globalThis.canvases ??= {};
  const canvas = document.createElement('canvas');
  const compositor = await makeCompositor(canvas, data);
  canvases[name] = {canvas, compositor};
  return compositor && compositor.kind;
}"""
DRAW = """({name, settings}) => {
  const {canvas, compositor} = canvases[name];
  const took = compositor.draw(settings);
  return [took, canvas.toDataURL('image/png')];
}"""


def uri(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def pixels_of(data_uri: str) -> np.ndarray:
    data = base64.b64decode(data_uri.partition(",")[2])
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("RGB"))


# ---- what is pasted ----------------------------------------------------------------------------
def ellipse(crop: Box, soft_px: int = 0) -> torch.Tensor:
    """An ellipse that fills most of a crop region, with a soft border when asked."""
    height, width = crop.size_hw
    mask = np.zeros((height, width), np.float32)
    centre, axes = (width // 2, height // 2), (width * 9 // 20, height * 9 // 20)
    cv2.ellipse(mask, centre, axes, 0, 0, 360, 1.0, -1)
    return torch.from_numpy(cv2.blur(mask, (soft_px, soft_px)) if soft_px else mask).clamp(0, 1)


def areas(soft_px: int = 60) -> Segments:
    """Overlapping areas, soft ones, ones that touch the border, crop regions that are tight."""
    filled = torch.ones
    shapes = [
        (Box(100, 100, 420, 380), ellipse(Box(100, 100, 420, 380))),
        (Box(300, 200, 700, 600), ellipse(Box(300, 200, 700, 600), soft_px)),
        (Box(0, 0, 150, 210), filled(210, 150)),
        (Box(640, 500, 1000, 664), filled(164, 360)),
        (Box(-60, 450, 220, 720), ellipse(Box(-60, 450, 220, 720))),
        (Box(617, 91, 661, 133), filled(42, 44)),
        (Box(700, 30, 990, 250), ellipse(Box(700, 30, 990, 250), soft_px)),
        (Box(650, 60, 940, 110), filled(50, 290)),
    ]
    return Segments(PHOTO_HW, [Segment(mask, crop, crop) for crop, mask in shapes])


def photo(seed: int) -> np.ndarray:
    """A picture of soft blobs in strong colours."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (9, 13, 3), np.uint8)
    return cv2.resize(coarse, PHOTO_HW[::-1], interpolation=cv2.INTER_CUBIC)


def side_px(layer: PreviewLayer) -> float:
    """What a share is of: another one for each layer."""
    return 40.0 * layer.number


@dataclass(frozen=True)
class Scene:
    """Two pictures of preview size and the areas to paste, for the browser and for the oracle."""

    layers: tuple[PreviewLayer, ...]
    under: str
    over: str
    scale: float = SCALE

    @property
    def data(self) -> dict[str, Any]:
        height, width = pixels_of(self.under).shape[:2]
        layers = [
            {
                "number": layer.number,
                "box": list(layer.box),
                "crop": list(layer.crop),
                "crop_hw": list(layer.crop_hw),
                "side": side_px(layer),
                "mask": uri("png", encode_png(layer.mask)),
            }
            for layer in self.layers
        ]
        pictures = {"under": self.under, "over": self.over}
        return {"width": width, "height": height, "scale": self.scale, "layers": layers, **pictures}

    @property
    def numbers(self) -> list[int]:
        return [layer.number for layer in self.layers]


def scene(encode: Any, kind: str, segments: Segments) -> Scene:
    under, over = (shrink(photo(seed), PREVIEW_PX) for seed in (1, 2))
    layers = preview_layers(segments, under.shape[:2])
    return Scene(layers, uri(kind, encode(under)), uri(kind, encode(over)))


DRAWN = scene(encode_jpeg, "jpeg", areas())
FULL_SIZE = Scene(DRAWN.layers, DRAWN.under, DRAWN.over, 1.0)  # the preview is the photo
EXACT = scene(encode_png, "png", areas(soft_px=0))  # hard masks, pictures without loss


# ---- the formula -------------------------------------------------------------------------------
def blur_matrix(length: int, radius: float, sigma: float, border: str) -> np.ndarray:
    """Row i has what each of the pixels counts for in pixel i of a blurred line."""
    reach = int(np.floor(radius))
    steps = np.arange(-reach, reach + 1)
    taps = np.exp(-((steps / sigma) ** 2) / 2)
    places = np.pad(np.arange(length), reach, border)
    matrix = np.zeros((length, length))
    for step, tap in zip(steps, taps / taps.sum(), strict=True):
        np.add.at(matrix, (np.arange(length), places[reach + step :][:length]), tap)
    return matrix


def opacity(
    layer: PreviewLayer, size_hw: tuple[int, int], scale: float, feather: int, edge: str
) -> np.ndarray:
    """How opaque a layer is in each pixel of the preview."""
    plane = np.zeros(size_hw)
    plane[layer.box.slices] = layer.mask / 255
    if edge == "impact":
        radius = Gaussian.impact(feather, layer.crop_hw).radius_px * scale
        sigma, border, area = 10 * scale, "reflect", layer.crop
    else:
        radius, sigma = feather * scale, feather * scale / 3
        border, area = "edge", Box.of_size(size_hw)
    blurred = plane
    if radius >= 1:
        inside = area.clip(size_hw)
        whole = np.zeros(area.size_hw)
        whole[inside.relative_to(area).slices] = plane[inside.slices]
        down, across = (blur_matrix(side, radius, sigma, border) for side in area.size_hw)
        soft = down @ whole @ across.T
        blurred = np.zeros(size_hw)
        blurred[inside.slices] = soft[inside.relative_to(area).slices]
    if edge == "outward" and feather:
        return np.maximum(plane, np.minimum(1, 2 * blurred))
    return blurred


def formula(scene: Scene, settings: dict[str, Any]) -> np.ndarray:
    out, over = (pixels_of(picture).astype(float) for picture in (scene.under, scene.over))
    by_number = {layer.number: layer for layer in scene.layers}
    for layer in (by_number[number] for number in settings["numbers"]):
        size_hw = out.shape[:2]
        own_px = whole_px(settings["feather"], side_px(layer), 500)
        m = opacity(layer, size_hw, scene.scale, own_px, settings["edge"])
        own = dict(settings.get("opacities", ())).get(layer.number, 1)
        m = m[..., None] * own * settings["alpha"] / 255
        out = (1 - m) * out + m * over
    return out


# ---- the browser -------------------------------------------------------------------------------
class Paper:
    """Canvases of a page, each with its compositor, by name."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def make(self, name: str, data: dict[str, Any]) -> str | None:
        kind: str | None = self.page.evaluate(MAKE, {"name": name, "data": data})
        return kind

    def draw(self, name: str, **settings: Any) -> np.ndarray:
        took, picture = self.page.evaluate(DRAW, {"name": name, "settings": settings})
        assert 0 <= took < PATIENCE_MS
        return pixels_of(picture)


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Paper]:
    """A blank page with the script, and both kinds of compositor for both scenes."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_script_tag(content=SCRIPT)
    paper = Paper(page)
    for kind in KINDS:
        assert paper.make(kind, {**DRAWN.data, "prefer": kind}) == kind
        assert paper.make(f"exact {kind}", {**EXACT.data, "prefer": kind}) == kind
        assert paper.make(f"full {kind}", {**FULL_SIZE.data, "prefer": kind}) == kind
    yield paper
    assert [url for url in asked if not url.startswith("data:")] == []
    context.close()


@pytest.mark.parametrize("feather", [0, 2, 7, 20, 100, 300, "0%", "2%", "12.5%"])
@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_canvas_shows_what_the_formula_says(paper, kind, edge, feather):
    for alpha in (0, 128, 255):
        settings = {
            "feather": feather, "alpha": alpha, "edge": edge, "numbers": DRAWN.numbers,
        }  # fmt: skip
        drawn = paper.draw(kind, **settings)
        assert np.abs(drawn - formula(DRAWN, settings)).max() <= 2


@pytest.mark.parametrize("feather", [1, 9, 17, 24, 60])
@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_of_preview_size_is_blurred_at_its_own_scale(paper, kind, edge, feather):
    settings = {"feather": feather, "alpha": 255, "edge": edge, "numbers": FULL_SIZE.numbers}
    drawn = paper.draw(f"full {kind}", **settings)
    assert np.abs(drawn - formula(FULL_SIZE, settings)).max() <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_chosen_areas_are_pasted_in_the_order_given(paper, kind):
    for numbers in ([], [2], [1, 2], [2, 1], [7, 4]):
        settings = {"feather": 30, "alpha": 200, "edge": "smooth", "numbers": numbers}
        assert np.abs(paper.draw(kind, **settings) - formula(DRAWN, settings)).max() <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_an_area_without_a_layer_is_passed_over(paper, kind):
    settings = {"feather": 9, "alpha": 255, "edge": "smooth"}
    known = paper.draw(kind, numbers=[1, 3], **settings)
    assert (paper.draw(kind, numbers=[1, 99, 3], **settings) == known).all()


@pytest.mark.parametrize("kind", KINDS)
def test_without_opacity_every_pixel_is_the_photos(paper, kind):
    drawn = paper.draw(kind, feather=20, alpha=0, edge="smooth", numbers=DRAWN.numbers)
    assert (drawn == pixels_of(DRAWN.under)).all()


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_area_has_the_opacity_that_is_its_own(paper, kind, edge):
    opacities = [[1, 0.75], [2, 0], [4, 0.3], [5, 1]]
    data = {**DRAWN.data, "opacities": opacities}
    assert paper.make(f"own {kind}", {**data, "prefer": kind}) == kind
    for alpha in (128, 255):
        settings = {"feather": 20, "alpha": alpha, "edge": edge, "numbers": DRAWN.numbers}
        drawn = paper.draw(f"own {kind}", **settings)
        assert np.abs(drawn - formula(DRAWN, {**settings, "opacities": opacities})).max() <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_other_pictures_come_under_the_same_masks(paper, kind):
    settings = {"feather": 12, "alpha": 255, "edge": "smooth", "numbers": DRAWN.numbers}
    paper.make("other", {**DRAWN.data, "prefer": kind})
    paper.draw("other", **settings)
    turned = Scene(DRAWN.layers, DRAWN.over, DRAWN.under)
    paper.page.evaluate(
        "pictures => canvases.other.compositor.replace(pictures)",
        {"under": turned.under, "over": turned.over},
    )
    assert np.abs(paper.draw("other", **settings) - formula(turned, settings)).max() <= 2
    paper.page.evaluate("under => canvases.other.compositor.replace({under})", DRAWN.under)
    same = Scene(DRAWN.layers, DRAWN.under, DRAWN.under)
    assert np.abs(paper.draw("other", **settings) - formula(same, settings)).max() <= 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("feather", [0, 3, 10, 20, 40])
def test_the_preview_is_nearly_the_shrunk_result_of_the_engine(paper, kind, feather):
    base, edited = (torch.from_numpy(photo(seed))[None] for seed in (1, 2))
    pasted = segui.paste(base, areas(soft_px=0), feather, reference=edited)
    drawn = paper.draw(
        f"exact {kind}", feather=feather, alpha=255, edge="smooth", numbers=EXACT.numbers
    )
    difference = np.abs(drawn - shrink(pasted[0].numpy(), PREVIEW_PX).astype(float))
    assert difference.mean() <= 0.5
    # a pixel that two hard outlines cross knows how much of it they cover, not where
    assert difference.max() <= 24


def test_a_card_that_is_made_of_software_is_left_alone(paper):
    assert paper.make("any", DRAWN.data) == "canvas"


def test_a_lost_card_is_told_by_a_draw_that_never_ends(paper):
    paper.make("lost", {**DRAWN.data, "prefer": "webgl"})
    settings = {"feather": 5, "alpha": 255, "edge": "smooth", "numbers": DRAWN.numbers}
    paper.draw("lost", **settings)
    paper.page.evaluate("canvases.lost.compositor.dispose()")
    is_lost = "settings => canvases.lost.compositor.draw(settings) === Infinity"
    paper.page.wait_for_function(is_lost, arg=settings)


def test_without_pixels_that_can_be_read_there_is_no_compositor(browser):
    context = browser.new_context()
    page = context.new_page()
    page.add_script_tag(content=SCRIPT)
    page.evaluate("""() => {
      const read = CanvasRenderingContext2D.prototype.getImageData;
      CanvasRenderingContext2D.prototype.getImageData = function (...box) {
        const image = read.apply(this, box);
        image.data[0] ^= 1;
        return image;
      };
    }""")
    assert Paper(page).make("noisy", DRAWN.data) is None
    context.close()


def test_a_picture_of_another_size_is_refused(paper):
    with pytest.raises(Error, match="a picture of the preview is 256 x 170: expected 255 x 170"):
        paper.make("wrong", {**DRAWN.data, "width": 255})


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_pasted_later_lies_over_what_is_drawn(paper, kind, swap):
    first, later = DRAWN.numbers[:3], DRAWN.numbers[2:6]
    edit = uri("jpeg", encode_jpeg(shrink(photo(3), PREVIEW_PX)))
    own = {"feather": 9, "alpha": 200, "edge": "smooth", "numbers": first}
    opacities = [[later[0], 0.4], [later[-1], 0.9]]
    pasted = {
        "feather": 30, "alpha": 150, "edge": "outward", "numbers": later, "opacities": opacities,
    }  # fmt: skip
    above = [{**pasted, "edit": edit, "swap": swap}, {**own, "edit": DRAWN.over, "swap": False}]
    assert paper.make("above", {**DRAWN.data, "above": above, "prefer": kind}) == kind
    drawn = paper.draw("above", **own)
    between = uri("png", encode_png(np.rint(formula(DRAWN, own)).astype(np.uint8)))
    under, over = (edit, between) if swap else (between, edit)
    second = np.rint(formula(Scene(DRAWN.layers, under, over), pasted)).astype(np.uint8)
    last = Scene(DRAWN.layers, uri("png", encode_png(second)), DRAWN.over)
    assert np.abs(drawn - formula(last, own)).max() <= 2
