"""The chosen segments as COCO's panoptic picture, with the JSON that says what its colours are."""

import json
import zipfile
from pathlib import Path, PurePath
from typing import BinaryIO

import numpy as np

from segui.archives import zip_entry
from segui.images.writing import encode_png
from segui.selection import Selection
from segui.takeaway.label_map import label_map
from segui.takeaway.listed import listed


def panoptic_zip(selection: Selection, file_name: str, target: str | Path | BinaryIO) -> None:
    """Write a picture whose colours are numbers of segments, red + 256 x green + 65,536 x blue.

    What is in no segment is black. Where segments lie over each other the later one is seen, and
    one that is not seen at all is not listed.

    Args:
        selection: What was chosen.
        file_name: The photo's name.
        target: The ZIP file, replaced when it exists; or a file opened for writing bytes. It has
            ``NAME.png`` and ``NAME.json``.
    """
    height, width = selection.segments.size
    numbers = label_map(selection, (height, width)).astype(np.uint32)
    channels = [(numbers >> shift).astype(np.uint8) for shift in (0, 8, 16)]
    areas = np.bincount(numbers.reshape(-1), minlength=len(selection.segments.items) + 1)
    items, labels = listed(selection, chosen_alone=True)
    stem = PurePath(file_name).stem
    parts = []
    for item in items:
        number = item.attributes["number"]
        if not areas[number]:
            continue
        box = item.segment.content.clip((height, width))
        rows, columns = np.nonzero(numbers[box.slices] == number)
        x, y = box.x1 + int(columns.min()), box.y1 + int(rows.min())
        parts.append(
            {
                "id": number,
                "category_id": item.category,
                "area": int(areas[number]),
                "bbox": [x, y, int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1],
                "iscrowd": 0,
                "score": item.segment.confidence,
                "attributes": item.attributes,
            }
        )
    written = {
        "images": [{"id": 1, "file_name": file_name, "width": width, "height": height}],
        "annotations": [{"image_id": 1, "file_name": f"{stem}.png", "segments_info": parts}],
        "categories": [
            {"id": number, "name": label, "isthing": 1} for label, number in labels.items()
        ],
    }
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zip_entry(f"{stem}.png"), encode_png(np.dstack(channels)))
        archive.writestr(zip_entry(f"{stem}.json"), json.dumps(written, indent=1) + "\n")
