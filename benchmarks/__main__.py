"""Run the benchmarks and print the table; the exit status says whether all bounds hold.

``python -m benchmarks studio`` runs one part alone.
"""

import os
import sys
from collections.abc import Sequence

import cv2
import torch

from benchmarks import (
    classify,
    coco,
    decoding,
    edits,
    effects,
    finding,
    fitting,
    found,
    found_by_models,
    memory,
    paste,
    reading,
    studio,
)
from benchmarks.report import table

PARTS = {
    "paste": paste.rows,
    "effects": effects.rows,
    "fitting": fitting.rows,
    "decoding": decoding.rows,
    "reading": reading.rows,
    "coco": coco.rows,
    "finding": finding.rows,
    "found": found.rows,
    "models": found_by_models.rows,
    "memory": memory.rows,
    "classify": classify.rows,
    "studio": studio.rows,
    "edits": edits.rows,
}


def main(names: Sequence[str]) -> int:
    """Measure and print.

    Args:
        names: Of ``PARTS``; none means all.
    """
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise SystemExit(f"{', '.join(unknown)}: expected some of {', '.join(PARTS)}")
    rows = [row for name in names or PARTS for row in PARTS[name]()]
    print(f"{os.cpu_count()} cores, torch {torch.__version__}, OpenCV {cv2.__version__}; medians\n")
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
