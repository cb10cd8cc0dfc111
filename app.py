"""The page as a Space starts it, with the Blocks at module level; ``segui serve`` is the same."""

from segui.ui.serve import address_from, open_page, refusals_said, serve

with refusals_said():
    demo, settings = open_page()


def main() -> None:
    """Serve the page on ``HOST`` and ``PORT``."""
    with refusals_said():
        serve(demo, settings, address_from())


if __name__ == "__main__":
    main()
