"""Peak memory, each figure in a process of its own so that nothing else counts."""

import subprocess
import sys
from pathlib import Path

from benchmarks.report import Row

FRAME_MB = 2160 * 3840 * 3 * 4 / 1e6
_PEAK = "VmHWM:"
_NOW = "VmRSS:"


def resident_mb(field: str) -> float:
    """A figure from the kernel's own account of this process, MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith(field))


def forget_peak() -> None:
    """Let the peak begin anew from what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")


def rows() -> list[Row]:
    """A 4K paste, and 200 large segments kept."""
    if not Path("/proc/self/clear_refs").exists():
        return []
    return [
        Row("peak of a 4K float32 paste / a frame", _run("paste"), FRAME_MB, "MB", 2.5),
        Row("200 large segments kept / a frame", _run("keep"), FRAME_MB, "MB", None),
    ]


def _run(what: str) -> float:
    command = [sys.executable, "-m", "benchmarks.memory", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout)


def _paste_mb() -> float:
    import torch

    from benchmarks.scene import frame, grid_segments
    from segui import paste

    segments = grid_segments()
    base, reference = frame(0, torch.float32), frame(1, torch.float32)
    small = base[:, :64, :64].contiguous()
    paste(small, segments, reference=small)
    forget_peak()
    before = resident_mb(_NOW)
    result = paste(base, segments, feather=20, reference=reference)
    del result
    return resident_mb(_PEAK) - before


def _keep_mb() -> float:
    import cv2
    import numpy as np
    import torch

    from segui import segments_from_mask

    levels = np.zeros((2160, 3840), np.uint8)
    segments_from_mask(torch.from_numpy(levels))
    before = resident_mb(_NOW)
    kept = []
    for number in range(200):
        levels = np.zeros((2160, 3840), np.uint8)
        cv2.ellipse(levels, (1400 + 5 * number, 1080), (1300, 900), 0, 0, 360, 255, -1)
        soft = cv2.GaussianBlur(levels, (31, 31), 0)
        kept.append(segments_from_mask(torch.from_numpy(soft)))
    return resident_mb(_NOW) - before


if __name__ == "__main__":
    print({"paste": _paste_mb, "keep": _keep_mb}[sys.argv[1]]())
