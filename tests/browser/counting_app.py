"""The app, which says in its log each time that it judges, chooses or paints.

Started by the tests in place of ``app.py``: what a page repeats cannot be seen in the page itself.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui import pipeline, rendering
from tests.browser.counted import count

JUDGED, CHOSEN, PAINTED = "score_scene", "choose", "render"


def main() -> None:
    count(pipeline, (JUDGED, CHOSEN))
    count(rendering, (PAINTED,))
    import app  # the page's modules take the functions from there after this

    app.main()


if __name__ == "__main__":
    main()
