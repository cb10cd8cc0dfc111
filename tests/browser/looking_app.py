"""The app, which says in its log each time that a SAM looks at a photo or answers to marks.

Started by the tests in place of ``app.py``: what a page repeats cannot be seen in the page itself.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui.finders.models import sam
from tests.browser.counted import count

LOOKED, ANSWERED = "look", "_answers"


def main() -> None:
    count(sam, (LOOKED, ANSWERED))
    import app

    app.main()


if __name__ == "__main__":
    main()
