"""Keeps processors busy, as others' work on the same machine does.

For a test: ``with busy(2): ...``. For a whole run: ``python -m tests.browser.busy make test``.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.leash import leashed

PROCESSORS = 2
SECONDS = 3600.0  # nobody is kept busy for longer, whatever became of the starter
COMPUTE = """
import os, sys, time
starter, end = os.getppid(), time.monotonic() + float(sys.argv[1])
print("busy", flush=True)
while time.monotonic() < end and os.getppid() == starter:
    sum(range(100_000))
"""


@contextmanager
def busy(processors: int = PROCESSORS, seconds: float = SECONDS) -> Iterator[list[int]]:
    """Compute beside what is within, from the first line of it on.

    Args:
        processors: How many processes do nothing but compute.
        seconds: After which they end by themselves; they end with the starter in any case.

    Yields:
        The processes' numbers.
    """
    command = leashed(sys.executable, "-S", "-c", COMPUTE, str(seconds))
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
            for _ in range(processors)
        ]
        for process in processes:
            stack.callback(process.kill)
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"busy\n"
        yield [process.pid for process in processes]


def main() -> int:
    """Run a command beside busy processors; what it says is said."""
    with busy():
        return subprocess.run(sys.argv[1:], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
