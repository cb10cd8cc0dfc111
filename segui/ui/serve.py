"""The page, served: what ``app.py``, which a Space starts, and ``segui serve`` share."""

import atexit
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Never

from segui.errors import InputError, SeguiError
from segui.session.own_folder import OwnFolder
from segui.ui.ending import Ending

if TYPE_CHECKING:  # Pillow comes with the settings
    import gradio as gr

    from segui.settings import Settings

# Gradio, transformers and Pillow read these when they are imported.
_ENVIRONMENT: Final = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # a photo editor has nothing to report
    "HF_HUB_DISABLE_TELEMETRY": "1",  # nor has its hub client
    "HF_HUB_DISABLE_XET": "1",  # its downloads can be neither told nor stopped
    "DISABLE_SAFETENSORS_CONVERSION": "1",  # no request to a conversion service
    # Pillow decodes into blocks of 16 MB. Those of a photo of 12 MP are kept for the next one:
    # asking the system for new ones may take as long as decoding.
    "PILLOW_BLOCKS_MAX": "4",
}
_TEMPORARY: Final = "GRADIO_TEMP_DIR"
_TRIED_BYTES: Final = 1 << 20
_OWN_ALONE: Final = 0o077  # what visitors give is no other account's business
_LAST_PORT: Final = 65535
_STREAM_SECONDS: Final = 0.3  # what is still being sent at the end may take this long


class Address(NamedTuple):
    """Where the page is served.

    Args:
        host: A name or number of this machine; ``0.0.0.0`` is reached from everywhere.
        port: From 1 to 65535.
    """

    host: str
    port: int


def address_from(
    environment: Mapping[str, str] = os.environ, host: str | None = None, port: str | None = None
) -> Address:
    """Where to serve; a Space is reached from outside its container.

    Args:
        environment: For ``HOST`` and ``PORT``.
        host: Wins over ``HOST``.
        port: Wins over ``PORT``.

    Raises:
        InputError: The port is no whole number from 1 to 65535.
    """
    default = "0.0.0.0" if environment.get("SPACE_ID") else "127.0.0.1"  # noqa: S104
    return Address(
        host or environment.get("HOST") or default,
        _port("PORT", environment.get("PORT") or "7860") if port is None else _port("--port", port),
    )


def open_page() -> "tuple[gr.Blocks, Settings]":
    """The page and the settings that it was built with, from the environment.

    Call it before anything else imports Gradio, transformers, Pillow or torch.

    Raises:
        InputError: A setting cannot be read, or the folder for files cannot be written.
    """
    os.umask(_OWN_ALONE)
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if os.environ.get("SPACES_ZERO_GPU", "").lower() in {"1", "t", "true"}:
        os.environ["SEGUI_DEVICE"] = "cpu"  # for pastes: a GPU is lent to scoring alone
        with suppress(ImportError):
            import spaces  # noqa: F401  it has to come before torch
    from segui.settings import Settings

    settings = Settings.from_environment()
    take_folder()
    from segui.ui.decoding import with_decoder

    settings = with_decoder(settings)
    from segui.ui.page import build_page

    return build_page(settings), settings


def take_folder() -> Path:
    """Give this process a folder of its own below Gradio's for files, for all that comes.

    Several processes may share Gradio's; what those left that were killed is removed.

    Raises:
        InputError: It cannot be written.
    """
    named = os.environ.get(_TEMPORARY)
    parent = Path(named) if named else Path(tempfile.gettempdir()).resolve() / "gradio"
    try:
        own = OwnFolder(parent)
        tried = own.path / "tried"
        tried.write_bytes(bytes(_TRIED_BYTES))
        tried.unlink()
    except OSError as error:
        raise InputError(
            f"the folder for files, {parent}, cannot be written: {error.strerror};"
            f" {_TEMPORARY} can name another one"
        ) from error
    atexit.register(own.remove)
    os.environ[_TEMPORARY] = str(own.path)
    return own.path


def serve(page: "gr.Blocks", settings: "Settings", address: Address) -> Never:
    """Serve the page until Ctrl+C or SIGTERM, which end the process.

    Args:
        page: What ``open_page`` gave.
        settings: With the page.
        address: Where.

    Raises:
        InputError: It cannot be served there, or tools are wanted and their package is missing.
    """
    from segui.ui.guard.connections import bound_from_the_first
    from segui.ui.page import warm_up

    log_plainly()
    options = _options(page, settings, address)
    ending = Ending(partial(_close, page))
    ending.listen()
    with bound_from_the_first(settings.client_connections, settings.proxies):
        _launch(page, address, options)
    warm_up()
    ending.wait()


def log_plainly() -> None:
    """Have segui's own lines stand in the log once, as they are, whatever a package sets up there.

    Without a handler of their own they get "WARNING:segui:" before them as soon as one does.
    """
    logger = logging.getLogger("segui")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler())
        logger.propagate = False


@contextmanager
def refusals_said() -> Iterator[None]:
    """End the process with the sentence of what segui refuses, in place of a traceback."""
    try:
        yield
    except SeguiError as error:
        raise SystemExit(str(error)) from error


def _port(name: str, text: str) -> int:
    with suppress(ValueError):
        if 1 <= (port := int(text)) <= _LAST_PORT:
            return port
    raise InputError(f"{name} is {text!r}: expected a whole number from 1 to {_LAST_PORT}")


def _options(page: "gr.Blocks", settings: "Settings", address: Address) -> dict[str, Any]:
    from segui.ui.page import launch_options

    options = launch_options(settings, address.host)
    if settings.mcp:
        from segui.ui.api.tools import tool_options

        options["app_kwargs"] |= tool_options(page, settings)
    return options


def _launch(page: "gr.Blocks", address: Address, options: dict[str, Any]) -> None:
    host, port = address
    # uvicorn would let whoever comes from this machine, through a tunnel too, say who they are:
    # SEGUI_PROXIES says who may
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    try:
        page.launch(server_name=host, server_port=port, prevent_thread_lock=True, **options)
    except OSError as error:
        if error.errno is not None:  # the system's own, such as a disk that is full
            raise
        raise InputError(
            f"the page cannot be served at {host}, port {port}: another program has that port,"
            " or this machine has no such address"
        ) from error


def _close(page: "gr.Blocks") -> None:
    """Let go of browsers, and remove what Gradio keeps of them."""
    server = getattr(page, "server", None)
    if server is not None:
        logging.getLogger("uvicorn.error").disabled = True  # a stream that is cut is no error now
        server.config.timeout_graceful_shutdown = _STREAM_SECONDS
    page.close(verbose=False)
