"""Files of Gradio's that are cleared away by their age, for as long as the server runs.

Gradio goes through the set of an app's uploads while new ones are added to it: one that comes in
that moment ends its clearing for good, without a word, and so does a file that cannot be removed.
It leaves each file's folder, which is the file's alone.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gradio import route_utils


def clear(blocks: Any, age: float | None) -> None:
    """Remove files that an app was given or has written, and the folders that they leave empty.

    Args:
        blocks: Gradio's app, which knows them.
        age: In seconds, from which on they go; None is all of them.
    """
    kept = {
        file for block in blocks.blocks.values() for file in getattr(block, "keep_in_cache", ())
    }
    for known in blocks.temp_file_sets:
        # a list of it is made at once; uploads are added by another thread
        known -= {file for file in list(known) if file not in kept and _is_gone(Path(file), age)}


def clear_by_age() -> None:
    """Have all apps of this process clear their files so."""
    route_utils.delete_files_created_by_app = clear


def _is_gone(path: Path, age: float | None) -> bool:
    try:
        # when it came: it changes, too, when a session gives it a name of its own
        changed = path.lstat().st_mtime
        if age is not None and time.time() - changed <= age:
            return False
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError:  # the next time, perhaps
        return False
    with suppress(OSError):  # it has other files, or is gone
        path.parent.rmdir()
    return True
