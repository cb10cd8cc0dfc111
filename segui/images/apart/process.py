"""A process that decodes, from outside: started, asked, ended."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

_MOST_ANSWER: Final = 4096
_START_SECONDS: Final = 60.0
_SPARE_SECONDS: Final = 10.0
# It imports this very segui, and what it does not find by itself from where Pillow is.
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); import segui; "
    "del sys.path[0]; sys.path.append(sys.argv[2]); "
    "from segui.images.apart.worker import main; main(int(sys.argv[3]))"
)
# No secret among the server's variables is there to be found.
_KEPT_VARIABLES: Final = ("LD_LIBRARY_PATH",)
_OWN_VARIABLES: Final = {
    "MALLOC_ARENA_MAX": "1",  # one heap serves one thread
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages: new memory for a photo costs half
    "PILLOW_BLOCKS_MAX": "4",  # of 16 MB are kept, as many as a photo of 12 MP has
}


class UnlockableError(OSError):
    """Processes cannot be locked here."""


class GoneError(OSError):
    """A process ended, or fell silent, before it answered."""


class NotBegunError(GoneError):
    """It did so before it looked at what it was to do: the file has no part in that."""


def start_command(pillow: str) -> tuple[str, ...]:
    """What starts a process like segui's own; the number of its socket is to be added.

    Args:
        pillow: The folder of the package PIL.
    """
    here = Path(__file__).parents[3]
    return sys.executable, "-I", "-c", _START, str(here), str(Path(pillow).parent)


class Process:
    """A process that begins one of its own for each file; one thread at a time may ask it.

    Args:
        command: What starts it, without the number of its socket.
        patience: Seconds by the clock that it waits for one of its own.

    Raises:
        UnlockableError: It cannot lock its own.
        OSError: It cannot be started.
    """

    def __init__(self, command: Sequence[str], *, patience: float) -> None:
        self._patience = patience + _SPARE_SECONDS
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._process = _started(command, theirs.fileno())
        except OSError:
            self._socket.close()
            raise
        try:
            trouble = self._heard(_START_SECONDS).get("trouble")
        except GoneError:
            self.end()
            raise
        if trouble is not None:
            self.end()
            raise UnlockableError(trouble)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def is_there(self) -> bool:
        """Whether it can be asked."""
        return self._socket.fileno() >= 0 and self._process.poll() is None

    def ask(self, request: bytes, files: tuple[int, int]) -> dict[str, Any]:
        """How the process that did what was asked for has ended.

        Args:
            request: What to do.
            files: The open file to read, and the one to write.

        Raises:
            NotBegunError: It did not begin; it has been ended, as where it did not answer.
            GoneError: It did not answer.
        """
        has_begun = False
        try:
            socket.send_fds(self._socket, [request], files)
            has_begun = self._heard(self._patience).get("begun") is True
            return self._heard(self._patience)
        except OSError as error:
            self.end()
            what = GoneError if has_begun else NotBegunError
            raise what("a process for decoding did not answer") from error

    def end(self) -> None:
        """End it, and with it the one that it has begun."""
        self._process.kill()
        self._process.wait()
        self._socket.close()

    def _heard(self, seconds: float) -> dict[str, Any]:
        self._socket.settimeout(seconds)
        try:
            message = self._socket.recv(_MOST_ANSWER)
            said = json.loads(message) if message else None
        except (OSError, ValueError) as error:
            raise GoneError("a process for decoding cannot be heard") from error
        if not isinstance(said, dict):
            raise GoneError("a process for decoding has ended")
        return said


def _started(command: Sequence[str], control: int) -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return subprocess.Popen(  # noqa: S603  segui's own command
        [*command, str(control)],
        pass_fds=(control,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env=kept | _OWN_VARIABLES,
        start_new_session=True,  # Ctrl+C is for the server alone
    )
