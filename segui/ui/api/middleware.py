"""All that looks at requests before Gradio does."""

from starlette.middleware import Middleware

from segui.settings import Settings
from segui.ui.api.answers import answers_middleware
from segui.ui.api.calls import calls_middleware
from segui.ui.api.heartbeats import heartbeats_middleware
from segui.ui.api.storage import storage_middleware


def middleware_of(settings: Settings) -> list[Middleware]:
    """For ``app_kwargs`` of ``launch``, the first one outermost.

    Args:
        settings: Limits and defaults.
    """
    return [
        storage_middleware(),
        heartbeats_middleware(),
        answers_middleware(),
        calls_middleware(settings),
    ]
