"""The process that decodes: it begins one of its own kind for each file, which is locked and ends.

So nothing of a file outlives its decode, whatever it made of the process that it was decoded in.
The one that begins them never looks at a file. It ends with who began it, and its own with it.
"""

import gc
import io
import json
import os
import select
import signal
import socket
import struct
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from PIL import AvifImagePlugin, Image

from segui.errors import InputError, LargeError
from segui.images.apart import colours
from segui.images.apart.handing import header_of, write_header, write_pixels
from segui.images.apart.lock import Lock
from segui.images.decoding import decode, measure
from segui.images.heif import is_heif, know_heif
from segui.images.limits import ReadLimits

MOST_REQUEST_BYTES: Final = 16_384
_LOOK_EVERY_MS: Final = (
    5000  # whether who began this is still there; its end is usually heard at once
)
_IDLE_MS: Final = 20
_WARM_WH: Final = (4000, 3000)
_MOST_SENTENCE: Final = 1000
_SECONDS: Final = struct.Struct("=d")

Request = dict[str, Any]
Work = Callable[[Request, bytes, io.FileIO], None]


def main(control_fd: int, work: "Work | None" = None) -> None:
    """Decode what is asked for until nobody is there who could ask.

    Args:
        control_fd: A socket that keeps messages apart. First it is told whether processes can be
            locked. Each request is JSON with two open files, the one to read and the one to write;
            it is answered twice: when it is begun, and how that ended.
        work: What is done with a request, a file's bytes and the output, once all is locked; None
            decodes.
    """
    warnings.simplefilter("ignore")  # nobody is there to read them
    Image.init()  # nothing can be imported behind the lock
    know_heif()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # nor a thread begun
    owner = os.getppid()
    with socket.socket(fileno=control_fd) as control:
        try:
            lock = Lock()
            _try(lock)
        except OSError as error:
            _tell(control, {"trouble": str(error)})
            return
        _tell(control, {"trouble": None})
        gc.freeze()  # what all have in common stays in common
        while (status := _served(control, owner, lock, work or answer)) is not None:
            _tell(control, status)


def answer(request: Request, data: bytes, output: io.FileIO) -> None:
    """Decode a file, or do with colours what is asked for, and write what came of it.

    Args:
        request: What is asked for.
        data: The file's bytes.
        output: Where to.
    """
    try:
        header = _worked(request, data, output)
    except MemoryError:
        header = {"kind": "memory"}
    except InputError as error:
        is_memory = isinstance(error.__cause__, MemoryError)
        said: dict[str, Any] = {"kind": "refused", "sentence": str(error)[:_MOST_SENTENCE]}
        if isinstance(error, LargeError):
            said["smaller"] = error.smaller_wh
        header = {"kind": "memory"} if is_memory else said
    except Exception as error:  # noqa: BLE001  whoever asked has a log, this process has none
        header = {"kind": "broken", "what": f"{type(error).__name__}: {error}"[:_MOST_SENTENCE]}
    write_header(output, header)


def _worked(request: Request, data: bytes, output: io.FileIO) -> dict[str, Any]:
    if request["task"] in colours.TASKS:
        return colours.worked(request, data, output)
    stream, name, most = io.BytesIO(data), request["name"], request["max_megapixels"]
    limits = ReadLimits(
        request["max_scan_megapixels"], request["rare_formats"], shrink=request["shrink"]
    )
    if request["task"] == "size":
        return {"kind": "size", "size": measure(stream, data, name, most, limits)}
    opened = decode(stream, data, name, most, limits)
    header = header_of(opened)
    write_pixels(output, opened.image)
    return header


def _tell(control: socket.socket, said: dict[str, Any]) -> None:
    with suppress(ConnectionError):  # its end is seen where the next question is waited for
        control.send(json.dumps(said).encode("ascii"))


def _served(control: socket.socket, owner: int, lock: Lock, work: Work) -> dict[str, Any] | None:
    """How a process that did one request's work has ended; None when nobody waits for any.

    It is begun before it is asked for anything, so that nobody waits for that.
    """
    heard, alive = os.pipe()
    this, child = os.getpid(), os.fork()
    if child == 0:
        _end_with(lambda: _work_locked(control, lock, this, alive, work))
    os.close(alive)
    is_late = False
    try:
        seconds = _begun(control, owner, heard)
        ended = None if seconds is None else _ended(control, heard, seconds)
        is_late = ended is False
        if not ended:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(heard)
        _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return None if ended is None else {"code": code, "is_late": is_late}


def _begun(control: socket.socket, owner: int, heard: int) -> float | None:
    """Wait until the process has its request; for how many seconds it may be waited from then on.

    None when it has ended instead, or nobody is there to ask.
    """
    poll = _poll(control, heard)
    while not (ready := poll.poll(_LOOK_EVERY_MS)):
        if os.getppid() != owner:  # somebody else may have inherited the socket's other end
            return None
    said = os.read(heard, _SECONDS.size) if heard in {place for place, _ in ready} else b""
    return _SECONDS.unpack(said)[0] if len(said) == _SECONDS.size else None


def _ended(control: socket.socket, heard: int, seconds: float) -> bool | None:
    """Wait until a process has ended; whether it did in time, None when nobody waits for it."""
    poll = _poll(control, heard)
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        ready = dict(poll.poll(left * 1000))
        if ready.get(heard, 0) & select.POLLHUP:
            return True
        if control.fileno() in ready:
            return None
        if heard in ready:  # it may write what it likes: nobody reads on
            poll.modify(heard, 0)
    return False


def _poll(control: socket.socket, heard: int) -> select.poll:
    poll = select.poll()
    poll.register(heard, select.POLLIN)
    poll.register(control, 0)  # that its other end is closed is always told
    return poll


def _work_locked(control: socket.socket, lock: Lock, parent: int, alive: int, work: Work) -> None:
    lock.follow_parent()
    if os.getppid() != parent:  # it ended before it was followed
        return
    _get_warm(control)
    message, files, _, _ = socket.recv_fds(control, MOST_REQUEST_BYTES, 2)
    if not message:
        return
    request, (source, output) = json.loads(message), files
    os.write(alive, _SECONDS.pack(request["wall_seconds"]))
    _tell(control, {"begun": True})  # before a byte of the file: from here on it is to blame
    data, file = _all_of(source), io.FileIO(output, "wb", closefd=False)
    _close_all_but(output, alive)
    lock.close(
        more_bytes=request["memory_bytes"],
        seconds=request["seconds"],
        most_written=request["output_bytes"],
        threads=is_heif(data),
    )
    work(request, data, file)


def _get_warm(control: socket.socket) -> None:
    """Have memory for a photo, unless somebody asks for something already.

    To be given new memory takes a decoder half as long again as decoding. Pillow keeps this. What
    a process has of its parent's memory is copied where it is first written to: a small photo does
    that.
    """
    poll = select.poll()
    poll.register(control, select.POLLIN)
    if not poll.poll(_IDLE_MS):
        Image.new("RGB", _WARM_WH)
        photo = io.BytesIO()
        Image.new("RGB", (64, 64)).save(photo, "JPEG")
        decode(photo, photo.getvalue(), "", 1, ReadLimits())


def _try(lock: Lock) -> None:
    """Lock a process, to see whether that can be done here.

    Raises:
        OSError: It cannot.
    """
    child = os.fork()
    if child == 0:
        _end_with(lambda: lock.close(more_bytes=1 << 26, seconds=9, most_written=0))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise OSError(f"a process cannot be locked here: it ended with {code}")


def _end_with(work: Callable[[], None]) -> None:
    """Do this process's last work, and end it without what its parent would do at its end."""
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _all_of(source: int) -> bytes:
    """All bytes of an open file; where it is read by others does not matter."""
    size = os.fstat(source).st_size
    data = os.pread(source, size, 0)
    while len(data) < size and (more := os.pread(source, size - len(data), len(data))):
        data += more
    return data


def _close_all_but(*files: int) -> None:
    begin = 0
    for kept in sorted(files):
        os.closerange(begin, kept)
        begin = kept + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))
