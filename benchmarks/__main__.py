"""Run every benchmark and print the table; the exit status says whether all bounds hold."""

import os
import sys

import cv2
import torch

from benchmarks import finding, memory, paste
from benchmarks.report import table


def main() -> int:
    """Measure and print."""
    rows = [*paste.rows(), *finding.rows(), *memory.rows()]
    print(f"{os.cpu_count()} cores, torch {torch.__version__}, OpenCV {cv2.__version__}; medians\n")
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
