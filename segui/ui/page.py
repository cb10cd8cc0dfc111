"""The page as one Blocks, and how it is served."""

import gc
import json
import os
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.model_cache import ModelCache
from segui.errors import SeguiError
from segui.models.fetch import is_here
from segui.models.finder_catalogue import FinderEntry
from segui.models.lone_files import yunet_file
from segui.models.packaged import absent_ways
from segui.options import OPTIONS, STRENGTHS, default_values, option_range, takes_share
from segui.session.derive import COUNTED
from segui.session.examples import Examples, load_examples, picture_of
from segui.session.folders import Folders
from segui.session.inputs import Inputs
from segui.session.session import Pools, Session
from segui.session.sessions import MOST_SESSIONS, Sessions
from segui.session.stages import Engine
from segui.settings import Settings
from segui.ui.api.endpoints import add_endpoints
from segui.ui.api.heartbeats import tell_heartbeats
from segui.ui.api.middleware import middleware_of
from segui.ui.bridge import Bridge
from segui.ui.browser.assets import asset
from segui.ui.browser.scripts import joined
from segui.ui.events import Events, link_script
from segui.ui.guard.clearing import clear_by_age
from segui.ui.guard.described import describe_once
from segui.ui.guard.guard import guard_options
from segui.ui.guard.queue_watch import WatchedQueue
from segui.ui.guard.taking import take_uploads_whole
from segui.ui.guard.upload_progress import bound_upload_progress
from segui.ui.handlers import Handlers
from segui.ui.layout.choices import EFFECT_GROUPS
from segui.ui.layout.columns import build_layout
from segui.ui.layout.ids import PRESET
from segui.ui.layout.theme import make_theme
from segui.ui.render import Renderer
from segui.ui.spaces.lending import is_wanted, lending_of

CLEAR_EVERY_SECONDS = 60
# what the page counts otherwise than they do
_ENDS_IN_NODES = {name: option_range(name) for name, one in OPTIONS.items() if one.in_percent}
STYLE_SHEETS = ("styles.css", "phone.css", "builder.css", "painter.css")


def build_page(settings: Settings) -> gr.Blocks:
    """The page; torch is not imported before a picture is worked on.

    Args:
        settings: Limits and defaults.
    """
    models = ModelCache(settings, lending=lending_of(settings))
    folders = Folders(Path(get_upload_folder()))
    defaults = default_values(classifier=settings.classifier, device=settings.device)
    found = load_examples()
    examples = Examples(found, defaults, folders, Engine(settings, models, folders.shared))
    pools = Pools.of(os.cpu_count() or 1)
    counting = ways_to_count(settings)
    with gr.Blocks(
        title="segui",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(min(CLEAR_EVERY_SECONDS, settings.cache_seconds), settings.cache_seconds),
    ) as demo:
        parts = build_layout(settings, [(example, picture_of(example)) for example in found])

        def begin(key: str) -> Session:
            folder = partial(folders.of, key)
            engine = Engine(settings, models, folder, counted=examples.keep_count)
            return Session(Inputs.fresh(defaults), engine, pools, examples.find, counting)

        def ended(key: str) -> None:
            bridge.forget(key)
            demo.state_holder.delete_state(key)

        def labels_of(choice: ClassifierChoice) -> tuple[str, ...]:
            try:
                return tuple(getattr(models.get(choice), "labels", ()))
            except SeguiError:
                return ()  # it is said when it is asked

        sessions = Sessions(
            begin, folders, settings.leave_seconds, ended, most_bytes=settings.sessions_mb * 10**6
        )
        sessions.begin_sweeping()
        tell_heartbeats(demo, sessions.beat)
        renderer = Renderer(settings, is_wanted(), labels_of, _has_files, absent_ways())
        bridge = Bridge(sessions, renderer)
        handlers = Handlers.of(bridge, settings, folders, examples, defaults)
        Events(parts, handlers).connect(demo)
        add_endpoints(settings, models)
        demo.queue(max_size=settings.queue_size, api_open=False)
        queue = demo._queue  # noqa: SLF001  Gradio takes no class for it
        watched = WatchedQueue.like(queue, settings.client_queue, settings.proxies)
        demo._queue = watched  # noqa: SLF001
        bound_upload_progress()
        take_uploads_whole()
        clear_by_age()
        page: gr.Blocks = demo
    describe_once(page)
    return page


def _has_files(entry: FinderEntry) -> bool:
    return is_here(entry.repo_id, entry.revision, lone=yunet_file)


def ways_to_count(settings: Settings) -> tuple[str, ...]:
    """The ways to find that are tried in a photo before anybody asks for them.

    None where a GPU is lent: a Space of that kind has many visitors, and few processors.
    """
    return COUNTED if settings.count_finds and not is_wanted() else ()


def warm_up() -> None:
    """Import what works on pictures, once the page is served: torch alone takes seconds.

    What is there by then stays. Python would look through all of it for garbage again and again,
    in the midst of an answer and for a tenth of a second; so it looks once, and never again.
    """
    import_module("segui.session.work")
    import_module("segui.ui.view.lists")
    gc.collect()
    gc.freeze()


def _page_script() -> str:
    """What runs once the page is there, with what it takes from other files."""
    lengths = json.dumps([name for name in STRENGTHS if takes_share(name)])
    units = f"{joined('units.js')}.start({lengths});"
    imported = f"const {{inserted}} = {joined('rule_text.js')};"
    titles = f"{joined('titles.js')}.start({json.dumps(_node_names())});"
    alone = ("keys.js", "share.js", "attention.js", "sheets.js", "thumbnails.js")
    started = [f"{joined(name)}.start();" for name in alone]
    effects = f"{joined('effects.js')}.start({json.dumps(EFFECT_GROUPS)});"
    parts = "\n".join((imported, f"({asset('page.js')})();", *started, titles, units, effects))
    return f"() => {{\n{parts}\n}}"


def _node_names() -> dict[str, str]:
    """What ComfyUI's nodes call what the page does, by the id of its control."""
    ends = {name: f", {low} to {high}" for name, (low, high) in _ENDS_IN_NODES.items()}
    named = {
        option.elem_id: f"In ComfyUI: {option.node}{ends.get(name, '')}"
        for name, option in OPTIONS.items()
        if option.node
    }
    return {**named, PRESET: "In ComfyUI: preset_expr"}


def launch_options(settings: Settings, host: str = "") -> dict[str, Any]:
    """Arguments of ``launch``, the same for the app and for its tests.

    Args:
        settings: For the largest upload, and for what guards the server.
        host: Where it will listen; without, it is not looked at by which name it is asked.
    """
    return {
        "theme": make_theme(),
        "css": "\n".join(asset(name) for name in STYLE_SHEETS),
        "js": _page_script(),
        "head": f"<script>{link_script()}</script>",
        "footer_links": ["api"],
        "max_file_size": f"{settings.max_file_mb}mb",
        "share": False,
        "ssr_mode": False,
        "app_kwargs": _app_options(settings, host),
        "mcp_server": False,  # segui.ui.api.tools has its own
        # what follows is for a page that is open to everybody
        "show_error": False,
        "strict_cors": True,
        "enable_monitoring": False,
        "run_history": False,
        "state_session_capacity": MOST_SESSIONS,
    }


def _app_options(settings: Settings, host: str) -> dict[str, Any]:
    guard = guard_options(settings, host, (link_script(),), asset("idle.js"))
    return {**guard, "middleware": [*guard["middleware"], *middleware_of(settings)]}
