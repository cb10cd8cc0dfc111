"""The browser's own preview, drawn on a blank page by each way that it knows."""

import re
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks.pages import GRID
from benchmarks.report import Row
from segui.classifiers.model_cache import ModelCache
from segui.options import default_values
from segui.session.files import FileRef, Files
from segui.session.inputs import Inputs
from segui.session.reduce import with_options
from segui.session.stages import Engine
from segui.session.view import View
from segui.session.working import work_out
from segui.settings import Settings
from segui.ui.browser.scripts import joined
from segui.ui.view import live, picture

MOVES = 40
FRAME_MS = 16
EFFECT = "grey"
KINDS = ("canvas", "webgl")
SOFTWARE = re.compile("swiftshader|llvmpipe|software|basic render", re.IGNORECASE)

_SCRIPT = f"const {{makeCompositor}} = {joined('compositor/compositor.js')};"
_DRAWN = """async ({data, moves, numbers}) => {
  const canvas = document.createElement('canvas'), took = [];
  const compositor = await makeCompositor(canvas, data);
  if (!compositor) return [];
  for (let move = 0; move <= moves; move++) {
    const settings = {feather: 5 + 2 * move, alpha: 255, edge: 'smooth', numbers};
    const ms = compositor.draw(settings);
    if (move) took.push(ms);
    await new Promise(requestAnimationFrame);
  }
  compositor.dispose();
  return took;
}"""

_RENDERER = """() => {
  const gl = document.createElement('canvas').getContext('webgl2');
  const named = gl?.getExtension('WEBGL_debug_renderer_info');
  return named ? gl.getParameter(named.UNMASKED_RENDERER_WEBGL) : '';
}"""


def preview_data(photo: Path, mask: Path, folder: Path) -> dict[str, Any]:
    """What the page is given to draw by itself, made as the app makes it.

    Args:
        photo: A photo.
        mask: Its mask.
        folder: For small pictures.
    """
    settings = Settings()
    files = Files(FileRef("photo", photo), (FileRef("mask", mask),))
    inputs = with_options(Inputs.fresh(default_values()).with_files(files), {"effect": EFFECT})
    plan, _ = work_out(inputs, Engine(settings, ModelCache(settings), lambda: folder))
    view = View(1, plan)
    seen, data = picture.photo_preview(view), live.live_message(view, settings.device)
    under, over = (data["edit"], seen) if data["swap"] else (seen, data["edit"])
    return data | {"under": under, "over": over}


def rows(browser: Browser, data: dict[str, Any]) -> list[Row]:
    """The median redraw of each way, each move with another softness of the edge."""
    found = []
    for kind in KINDS:
        took = draws(browser, {**data, "prefer": kind})
        if took:
            name, bound = drawn_with(renderer(browser)) if kind == "webgl" else (kind, None)
            what = f"redraw with {name} on a blank page / a frame"
            found.append(Row(what, statistics.median(took), FRAME_MS, "ms", bound))
    return found


def drawn_with(renderer: str) -> tuple[str, float | None]:
    """What a browser draws WebGL with, in words, and how many frames a redraw may take.

    Args:
        renderer: As the browser names it; empty where it says nothing.
    """
    if not renderer:
        return "WebGL, by what is not said,", None
    if SOFTWARE.search(renderer):
        return f"software WebGL, {renderer},", None
    return f"hardware WebGL, {renderer},", 1


def renderer(browser: Browser) -> str:
    """How the browser names what draws its WebGL; empty where it does not say."""
    page = browser.new_page()
    try:
        said: str = page.evaluate(_RENDERER)
    finally:
        page.close()
    return said


def draws(browser: Browser, data: dict[str, Any], moves: int = MOVES) -> list[float]:
    """The time of each redraw, ms, after one that is not measured; none where it cannot draw."""
    page = browser.new_page()
    try:
        page.add_script_tag(content=_SCRIPT)
        numbers = [*range(1, GRID[0] * GRID[1] + 1)]
        took: list[float] = page.evaluate(
            _DRAWN, {"data": data, "moves": moves, "numbers": numbers}
        )
    finally:
        page.close()
    return took
