"""The page: settings from the environment, the Blocks at module level, and a server for them."""

import os
from contextlib import suppress

# Gradio, transformers and Pillow read these when they are imported.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # a photo editor has nothing to report
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # nor has its hub client
os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # its downloads can be neither told nor stopped
os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")  # no request to a conversion service
# Pillow decodes into blocks of 16 MB. Those of a photo of 12 MP are kept for the next one: asking
# the system for new ones may take as long as decoding.
os.environ.setdefault("PILLOW_BLOCKS_MAX", "4")

if os.environ.get("SPACES_ZERO_GPU", "").lower() in {"1", "t", "true"}:
    os.environ["SEGUI_DEVICE"] = "cpu"  # for pastes: a GPU is lent to scoring alone
    with suppress(ImportError):
        import spaces  # noqa: F401  it has to come before torch

from segui.errors import InputError
from segui.settings import Settings
from segui.ui.page import build_page, launch_options, warm_up

settings = Settings.from_environment()
demo = build_page(settings)


def main() -> None:
    """Serve the page on ``HOST`` and ``PORT``; a Space is reached from outside its container."""
    on_space = bool(os.environ.get("SPACE_ID"))
    host = os.environ.get("HOST") or ("0.0.0.0" if on_space else "127.0.0.1")  # noqa: S104
    port = int(os.environ.get("PORT") or 7860)
    options = launch_options(settings)
    if settings.mcp:
        from segui.ui.api.tools import tool_options

        try:
            options |= tool_options(demo, settings)
        except InputError as error:
            raise SystemExit(str(error)) from error
    demo.launch(server_name=host, server_port=port, prevent_thread_lock=True, **options)
    warm_up()
    demo.block_thread()


if __name__ == "__main__":
    main()
