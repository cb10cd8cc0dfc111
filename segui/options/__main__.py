"""``python -m segui.options`` writes the table of options as Markdown: ``docs/options.md``."""

import sys

from segui.options.markdown import options_page

if __name__ == "__main__":
    sys.stdout.write(options_page())
