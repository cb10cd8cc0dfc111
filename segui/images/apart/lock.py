"""The lock of a process that decodes: from then on it computes, writes to what is open, and ends.

It is the kernel's (seccomp), so that it holds whatever runs in the process: no file, no socket and
no process is opened or begun, none is signalled or looked into. Memory and time are bounded.
"""

import ctypes
import platform
import resource
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

PAGE_BYTES: Final = resource.getpagesize()
_PDEATHSIG, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVS = 1, 4, 22, 38  # of prctl
_FILTER: Final = 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # of the filter's small machine
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # refused as EPERM
_NUMBER_AT, _MACHINE_AT, _FLAGS_AT = 0, 4, 16  # in what the filter is shown of a call
_UNKNOWN = 0x00050026  # as ENOSYS: whoever asks takes the older call, whose flags can be seen
_CLONE3 = 435
# what begins a thread, as glibc does: of this process, whose lock it has, and no process of its own
_THREAD_FLAGS = 0x003D0F00


class Machine(NamedTuple):
    """How a processor's calls of the system are known.

    Args:
        audit: The kernel's number of the processor.
        calls: The numbers of what is allowed.
        clone: The number of what begins threads and processes.
        of_threads: The numbers of what a thread does as it begins.
    """

    audit: int
    calls: tuple[int, ...]
    clone: int
    of_threads: tuple[int, ...]


# What computing needs, and to write to what is open. In this order: write, mmap, mprotect, munmap,
# brk, mremap, madvise, futex, clock_gettime, gettimeofday, getrandom, sched_yield, getpid,
# rt_sigreturn, exit, exit_group. Not close: that a file is open tells others that it is there.
# A thread begins with rseq, set_robust_list and rt_sigprocmask.
MACHINES: Final = {
    "x86_64": Machine(
        0xC000003E,
        (1, 9, 10, 11, 12, 25, 28, 202, 228, 96, 318, 24, 39, 15, 60, 231),
        56,
        (334, 273, 14),
    ),
    "aarch64": Machine(
        0xC00000B7,
        (64, 222, 226, 215, 214, 216, 233, 98, 113, 169, 278, 124, 172, 139, 93, 94),
        220,
        (293, 99, 135),
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("then", ctypes.c_ubyte),
        ("otherwise", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


class Lock:
    """The lock, made before it is needed: locking itself imports and opens nothing.

    Raises:
        OSError: There is none for this processor.
    """

    def __init__(self) -> None:
        machine = MACHINES.get(platform.machine())
        if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
            raise OSError(f"no lock is known for {platform.machine() or 'this processor'}")
        self._programs = {has: _Compiled(_program(machine, threads=has)) for has in (False, True)}
        self._prctl = ctypes.CDLL(None, use_errno=True).prctl
        self._prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]

    def follow_parent(self) -> None:
        """Have this process killed as soon as its parent's thread that began it has ended.

        Raises:
            OSError: The system cannot.
        """
        self._set(_PDEATHSIG, signal.SIGKILL)

    def close(
        self, *, more_bytes: int, seconds: int, most_written: int, threads: bool = False
    ) -> None:
        """Lock this process; there is no way back.

        Args:
            more_bytes: Most memory beside what it has by now.
            seconds: Most time of a processor from its start, at least 1; SIGXCPU ends it then.
            most_written: Most bytes of a file that it writes.
            threads: Whether it may begin threads, as the decoder of HEIF does for one picture too:
                they are locked as it is.

        Raises:
            OSError: The system cannot, or not all of it.
        """
        most = _address_space() + more_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_written, most_written))
        for none in (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE):
            resource.setrlimit(none, (0, 0))
        if not threads:  # the system counts them as processes
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        self._set(_DUMPABLE, 0)  # nobody of its account looks into its memory
        self._set(_NO_NEW_PRIVS, 1)
        self._set(_SECCOMP, _FILTER, ctypes.addressof(self._programs[threads].program))

    def _set(self, option: int, *values: int) -> None:
        padded = (*values, 0, 0, 0, 0)[:4]
        if self._prctl(option, *padded) != 0:
            error = ctypes.get_errno()
            raise OSError(error, f"prctl {option} is refused")


class _Compiled:
    """A filter as the kernel reads it, with the memory that it lies in."""

    def __init__(self, instructions: Iterable[_Instruction]) -> None:
        rows = [*instructions]
        self._rows = (_Instruction * len(rows))(*rows)
        self.program = _Program(len(rows), self._rows)


def _program(machine: Machine, *, threads: bool) -> Iterable[_Instruction]:
    """The filter: another processor's call ends the process, a call that is not listed fails."""
    yield _Instruction(_LOAD, 0, 0, _MACHINE_AT)
    yield _Instruction(_JUMP_IF_EQUAL, 1, 0, machine.audit)
    yield _Instruction(_RETURN, 0, 0, _KILL)
    yield _Instruction(_LOAD, 0, 0, _NUMBER_AT)
    if threads:
        yield _Instruction(_JUMP_IF_EQUAL, 0, 1, _CLONE3)
        yield _Instruction(_RETURN, 0, 0, _UNKNOWN)
        yield _Instruction(_JUMP_IF_EQUAL, 0, 4, machine.clone)
        yield _Instruction(_LOAD, 0, 0, _FLAGS_AT)
        yield _Instruction(_JUMP_IF_EQUAL, 0, 1, _THREAD_FLAGS)
        yield _Instruction(_RETURN, 0, 0, _ALLOW)
        yield _Instruction(_RETURN, 0, 0, _REFUSE)
    calls = (*machine.calls, *machine.of_threads) if threads else machine.calls
    for place, number in enumerate(calls):
        yield _Instruction(_JUMP_IF_EQUAL, len(calls) - place, 0, number)
    yield _Instruction(_RETURN, 0, 0, _REFUSE)
    yield _Instruction(_RETURN, 0, 0, _ALLOW)


def _address_space() -> int:
    """Bytes that this process has by now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * PAGE_BYTES
