"""The chosen segments as the text that YOLO's segmentation models learn from."""

import json
import zipfile
from pathlib import Path
from typing import BinaryIO, Final

from segui.archives import zip_entry
from segui.selection import Selection
from segui.takeaway.listed import listed
from segui.takeaway.rings import joined_ring, marked_of, rings_of

_DIGITS: Final = 7  # of a share: a hundredth of a pixel at 100,000 px


def yolo_text(selection: Selection, *, chosen_alone: bool = True) -> tuple[str, tuple[str, ...]]:
    """A line a segment: its class from 0, and its outline in shares of the picture's sides.

    Parts and holes of a segment are one outline, by ways there and back along pixels' edges, as
    the format has it; filled even-odd it gives the same pixels. A soft mask counts from 0.5 on.

    Args:
        selection: What was chosen.
        chosen_alone: Whether only those are written that were chosen.

    Returns:
        The text, and the classes' names in the order of their numbers.
    """
    height, width = selection.segments.size
    items, labels = listed(selection, chosen_alone=chosen_alone)
    lines = []
    for item in items:
        at_xy, marked = marked_of(item.segment, (height, width))
        if rings := rings_of(marked, at_xy):
            shares = (joined_ring(rings) / (width, height)).reshape(-1).tolist()
            written = " ".join(f"{share:.{_DIGITS}f}".rstrip("0").rstrip(".") for share in shares)
            lines.append(f"{item.category - 1} {written}\n")
    return "".join(lines), tuple(labels)


def yolo_zip(selection: Selection, file_name: str, target: str | Path | BinaryIO) -> None:
    """Write the chosen segments with the names of their classes.

    Args:
        selection: What was chosen.
        file_name: The photo's name.
        target: The ZIP file, replaced when it exists; or a file opened for writing bytes. It has
            ``labels/NAME.txt``, ``classes.txt``, a name a line, and ``data.yaml``.
    """
    text, names = yolo_text(selection)
    clean = [" ".join(name.split()) or "object" for name in names]
    rows = "".join(f"  {number}: {json.dumps(name)}\n" for number, name in enumerate(clean))
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zip_entry(f"labels/{Path(file_name).stem}.txt"), text)
        archive.writestr(zip_entry("classes.txt"), "".join(f"{name}\n" for name in clean))
        archive.writestr(zip_entry("data.yaml"), f"nc: {len(clean)}\nnames:\n{rows}")
