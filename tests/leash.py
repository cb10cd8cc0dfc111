"""Runs a command that ends with the process that started it, even where that one is killed.

``python tests/leash.py PID COMMAND...``, PID being the starter's. Linux alone can promise it;
elsewhere the command just runs.

What ends a process does so by default, whatever the tests were started by: ``nohup`` has a closed
terminal ignored, a shell Ctrl+C of what it runs in the background, and who is started inherits it.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h; it outlives the exec below
ENDING = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM")  # not all systems have all of them


def leashed(*command: str) -> list[str]:
    """The command to start in place of another, from this process."""
    return [sys.executable, str(Path(__file__).resolve()), str(os.getpid()), *command]


def main() -> None:
    """Ask to be killed with the starter, and become the command."""
    starter, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(starter):  # it ended before it could be asked
            sys.exit(1)
    for name in ENDING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606  the tests' own


if __name__ == "__main__":
    main()
