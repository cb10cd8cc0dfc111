"""All that looks at a request before Gradio does, in order."""

from starlette.middleware import Middleware

from segui.settings import Settings
from segui.ui.guard.addresses import Addresses
from segui.ui.guard.bodies import MB, Bodies
from segui.ui.guard.health import Health, queue_trouble
from segui.ui.guard.sessions import session_in_address, session_in_body


def guard_middleware(settings: Settings) -> list[Middleware]:
    """What guards the server, for ``app_kwargs`` of ``launch``; the first is the outermost.

    Args:
        settings: For the largest body.
    """
    return [
        Middleware(Health, trouble=queue_trouble),
        Middleware(Addresses, checks=(session_in_address,)),
        Middleware(Bodies, most=int(settings.max_body_mb * MB), checks=(session_in_body,)),
    ]
