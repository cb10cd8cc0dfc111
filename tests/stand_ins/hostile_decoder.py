"""A process that decodes, in which files have their way that begin with the name of one.

Started like segui's own, by the number of its socket.
"""

import base64
import ctypes
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui.errors import InputError
from segui.images.apart import worker

decode = worker.decode
work_on_colours = worker.colours.worked
SYSTEM = ctypes.CDLL(None, use_errno=True)
PTRACE, PIDFD_OPEN = 101, 434  # of x86_64


def call(number: int, *values: int) -> None:
    if SYSTEM.syscall(number, *values) < 0:
        raise OSError(ctypes.get_errno(), "refused")


PROBES = {
    "read a file": lambda: Path("/etc/passwd").read_bytes(),
    "write a file": lambda: Path(__file__).with_suffix(".probe").touch(),
    "list a folder": lambda: list(Path("/").iterdir()),
    "look at a file": Path("/etc/passwd").stat,
    "open a socket": socket.socket,
    "open a pair of sockets": socket.socketpair,
    "begin a process": lambda: subprocess.run(["/bin/true"], check=True),
    "fork": os.fork,
    "run a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606  the very thing
    "begin a thread": lambda: threading.Thread(target=int).start(),
    "signal its parent": lambda: os.kill(os.getppid(), 0),
    "look into its parent": lambda: call(PTRACE, 16, os.getppid(), 0, 0),
    "hold its parent": lambda: call(PIDFD_OPEN, os.getppid(), 0),
    "lift a limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
    "forget its time": lambda: signal.signal(signal.SIGXCPU, signal.SIG_IGN),
    "make a file of memory": lambda: os.memfd_create("probe"),
    "make a pipe": os.pipe,
}


HEIF = b"\0\0\0\x18ftypheic"  # what follows has its way, behind the lock of a HEIF


def hostile(stream, data: bytes, *how):
    name, _, rest = data[:].removeprefix(HEIF).partition(b" ")
    acts = {
        b"crash": lambda: ctypes.string_at(0),
        b"exit": lambda: os._exit(7),
        b"silence": lambda: os._exit(0),
        b"spin": spin,
        b"wait": wait,
        b"memory": lambda: [bytearray(1 << 20) for _ in range(1_000_000)],
        b"fill": fill,
        b"bug": lambda: {}["a\nkey"],
        b"pid": lambda: refuse(str(os.getpid())),
        b"probe": lambda: refuse(json.dumps(probed())),
        b"variables": lambda: refuse(json.dumps(dict(os.environ))),
        b"lie": lambda: lie(base64.b64decode(rest.partition(b" ")[0])),
    }
    act = acts.get(name)
    return decode(stream, data, *how) if act is None else act()


def hostile_colours(request, data: bytes, output):
    """A colour profile has its way by its beginning, too."""
    is_hostile = data.partition(b" ")[0] in (b"crash", b"spin", b"probe", b"lie")
    return hostile(None, data) if is_hostile else work_on_colours(request, data, output)


def refuse(sentence: str):
    raise InputError(sentence)


def spin():
    while True:
        pass


def wait():
    lock = threading.Lock()
    with lock:
        lock.acquire()


def fill():
    while True:
        os.write(OUTPUT[0].fileno(), bytes(1 << 20))


def lie(said: bytes):
    OUTPUT[0].write(said)
    os._exit(0)


def probed() -> dict[str, str]:
    said = {}
    for name, act in PROBES.items():
        try:
            act()
            said[name] = "done"
        except (OSError, RuntimeError, ValueError) as error:
            said[name] = type(error).__name__
    return said


OUTPUT = []


def work(request, data: bytes, output):
    OUTPUT.append(output)
    worker.answer(request, data, output)


if __name__ == "__main__":
    worker.decode = hostile
    worker.colours.worked = hostile_colours
    worker.main(int(sys.argv[1]), work)
