"""The page as one Blocks, and how it is served."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from segui.classifiers.model_cache import ModelCache
from segui.settings import Settings
from segui.ui.api.calls import calls_middleware
from segui.ui.api.endpoints import add_endpoints
from segui.ui.browser.assets import asset
from segui.ui.events import connect
from segui.ui.examples import load_examples, picture_of
from segui.ui.farewells import Farewells
from segui.ui.folders import Folders
from segui.ui.handlers import Handlers
from segui.ui.intake import Intake
from segui.ui.layout.columns import build_layout
from segui.ui.layout.theme import make_theme
from segui.ui.scenes import Scenes
from segui.ui.spaces.lending import lending_of
from segui.ui.takeaways import Takeaways
from segui.ui.turns import Overlaps, Turns
from segui.ui.wishes import wish_components

CLEAR_EVERY_SECONDS = 60
STYLE_SHEETS = ("styles.css", "builder.css", "painter.css")
MOST_SESSIONS = 100  # each one may hold a photo, its edited version and their segments


def build_page(settings: Settings) -> gr.Blocks:
    """The page; torch is not imported before a picture is worked on.

    Args:
        settings: Limits and defaults.
    """
    shelf, turns, overlaps = ModelCache(settings, lending=lending_of(settings)), Turns(), Overlaps()
    folders = Folders(Path(get_upload_folder()))
    examples = load_examples()
    scenes = Scenes(examples, settings, folders, shelf)
    with gr.Blocks(
        title="segui",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(min(CLEAR_EVERY_SECONDS, settings.cache_seconds), settings.cache_seconds),
    ) as demo:
        parts = build_layout(settings, [(example, picture_of(example)) for example in examples])
        handlers = Handlers(parts, settings, folders, shelf, turns, overlaps)

        def remove(session: str) -> None:
            turns.forget(session)
            overlaps.forget(session)
            folders.remove(session)
            demo.state_holder.delete_state(session)

        def last_used(session: str) -> datetime | None:
            used: datetime | None = demo.state_holder.time_last_used.get(session)
            return used

        farewells = Farewells(settings.leave_seconds, last_used, remove)
        intake = Intake(parts, settings, folders, scenes, turns, farewells, handlers)
        takeaways = Takeaways(tuple(wish_components(parts)), settings, folders)
        connect(demo, parts, handlers, intake, takeaways)
        add_endpoints(settings, shelf)
        demo.queue(max_size=settings.queue_size, api_open=False)
        page: gr.Blocks = demo
    return page


def warm_up() -> None:
    """Import what works on pictures, once the page is served: torch alone takes seconds."""
    import_module("segui.ui.steps")
    import_module("segui.ui.view.lists")


def launch_options(settings: Settings) -> dict[str, Any]:
    """Arguments of ``launch``, the same for the app and for its tests.

    Args:
        settings: For the largest upload.
    """
    return {
        "theme": make_theme(),
        "css": "\n".join(asset(name) for name in STYLE_SHEETS),
        "js": asset("page.js"),
        "footer_links": ["api"],
        "max_file_size": f"{settings.max_file_mb}mb",
        "share": False,
        "ssr_mode": False,
        "app_kwargs": {"middleware": [calls_middleware(settings)]},
        "mcp_server": False,  # segui.ui.api.tools has its own
        # what follows is for a page that is open to everybody
        "show_error": False,
        "strict_cors": True,
        "enable_monitoring": False,
        "run_history": False,
        "state_session_capacity": MOST_SESSIONS,
    }
