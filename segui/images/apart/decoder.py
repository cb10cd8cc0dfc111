"""Decoding apart: each file in a process of its own that can do nothing else, and then ends.

A fault in a decoder may let a file decide what its process does. That process has no network,
opens no files, cannot look into another one, and is bounded in memory and time; its pixels come
back through memory, and whatever it says is checked before it is used.
"""

import hashlib
import io
import json
import logging
import mmap
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, BinaryIO, Final

import PIL
from PIL import Image

from segui.errors import InputError
from segui.images.apart.answers import (
    STATES,
    Answer,
    AnswerError,
    bits_of,
    by_xmp_of,
    camera_data_of,
    flag_of,
    notes_of,
    orientation_of,
    raster_of,
    read_answer,
    refusal_of,
    size_of,
    text_of,
)
from segui.images.apart.colours import SAME, packed
from segui.images.apart.process import (
    GoneError,
    NotBegunError,
    Process,
    UnlockableError,
    start_command,
)
from segui.images.limits import ReadLimits
from segui.images.opened import OpenedImage
from segui.images.opening import InProcess
from segui.images.profiles import UNUSABLE, Converted, ProfileError, State, convert, examine
from segui.images.structure import is_composed, most_scans_of

_LOG = logging.getLogger("segui")
_WALL_TIMES: Final = 3  # on a busy machine a second of a processor takes longer
_SPARE_MB: Final = 64  # of memory, beside what pixels take
_MB_A_MEGAPIXEL: Final = 32  # all copies that a decoder makes of a pixel; JPEG 2000 makes most
_OUTPUT_MB_A_MEGAPIXEL: Final = 4
_SPARE_OUTPUT_MB: Final = 32
_FIRST_PROCESSES: Final = 2
_MOST_PROCESSES: Final = 8
_PROFILE: Final = "the colour profile"  # what sentences call it
_MOST_STATES: Final = 1000
_ANSWERS: Final = {  # to each task
    "picture": ("picture",),
    "size": ("size",),
    "examine": STATES,
    "convert": ("picture", SAME, UNUSABLE),
}
_LONG_BYTES: Final = 8_000_000  # a file that large may take seconds
_LONG_SCANS: Final = 12  # so may a JPEG that goes over its pixels so often; a usual one has ten
_SIGXCPU: Final = 24  # the signal at the end of a processor's time; not every system names it


def can_decode_apart() -> bool:
    """Whether this system has what it takes, as far as that can be known without trying."""
    return sys.platform == "linux" and hasattr(os, "memfd_create") and bool(sys.executable)


class SeparateDecoder:
    """Decodes in processes of its own; threads may share it.

    One of several processes never has a file that may take seconds: others' do not wait for those.
    Where such a process cannot be locked, which is found out with the first one, files are decoded
    in this process, and the log says so once.

    Args:
        seconds: Most time of a processor for a file, at least 1; three times that by the clock.
        most: Most files that are decoded at once; None is one more than there are processors, at
            most eight.
        command: What starts a process; the number of its socket is added. None is segui's own.
    """

    def __init__(
        self, *, seconds: int = 20, most: int | None = None, command: Sequence[str] | None = None
    ) -> None:
        self._seconds = seconds
        self._most = most or min(_MOST_PROCESSES, (os.cpu_count() or 1) + 1)
        self._left = self._most
        self._long = 0
        self._states: dict[bytes, State] = {}  # of profiles, by their hashes
        self._command = tuple(command or start_command(PIL.__path__[0]))
        self._idle: deque[Process] = deque()  # the longest idle one is asked: it is warm
        self._all: set[Process] = set()
        self._free = threading.Condition()
        self._trouble = ""
        self._is_ended = False
        self._end = weakref.finalize(self, _end_all, self._all, os.getpid())

    def begin(self) -> None:
        """Start as many processes as one page asks one after the other: for a size, for pixels."""
        with suppress(InputError), ExitStack() as held:
            for _ in range(min(_FIRST_PROCESSES, self._most)):
                held.enter_context(self._process("a picture", is_long=False))

    def end(self) -> None:
        """End all processes for good; what is being decoded then cannot be read."""
        with self._free:
            self._is_ended = True
        self._end()

    def open(
        self, stream: BinaryIO, name: str, max_megapixels: float, limits: ReadLimits
    ) -> OpenedImage:
        """The decoded file, turned upright; see ``Decoder``.

        Raises:
            InputError: As in this process; or it took too long, needed too much memory, or broke
                its decoder.
        """
        with self._asked("picture", stream, name, max_megapixels, limits) as answer:
            if answer is None:
                return InProcess().open(stream, name, max_megapixels, limits)
            header = answer.header
            raster = raster_of(answer, max_megapixels)
            about = bits_of(header), flag_of(header, "is_lossy"), notes_of(header)
            turned, camera_data = orientation_of(header), camera_data_of(header)
            return OpenedImage(raster, name, *about, turned, camera_data, by_xmp_of(header))

    def size(
        self, stream: BinaryIO, name: str, max_megapixels: float, limits: ReadLimits
    ) -> tuple[int, int]:
        """Its width and height; see ``Decoder``.

        Raises:
            InputError: As of ``open``.
        """
        with self._asked("size", stream, name, max_megapixels, limits) as answer:
            if answer is None:
                return InProcess().size(stream, name, max_megapixels, limits)
            return size_of(answer.header, max_megapixels)

    def examine(self, profile: bytes) -> State:
        """Whether a colour profile for RGB can be used; see ``Decoder``.

        Raises:
            InputError: It took too long, needed too much memory, or broke its process.
        """
        name = hashlib.sha256(profile).digest()
        with self._free:
            known = self._states.get(name)
        if known is not None:  # most photos have one of a few
            return known
        stream = io.BytesIO(profile)
        with self._asked("examine", stream, _PROFILE, 1, ReadLimits()) as answer:
            state: State = examine(profile) if answer is None else answer.header["kind"]
        with self._free:
            self._states[name] = state
            if len(self._states) > _MOST_STATES:
                del self._states[next(iter(self._states))]
        return state

    def convert(
        self, image: Image.Image, source: bytes | None, target: bytes | None, *, always: bool
    ) -> Converted:
        """Colours in another profile; see ``Decoder``.

        Raises:
            ProfileError: A profile cannot be read, or does not fit.
            InputError: As of ``examine``.
        """
        said, data = packed(image, source, target)
        megapixels = max(1, image.width * image.height / 1e6)
        asked: Any = (io.BytesIO(data), _PROFILE, megapixels, ReadLimits())
        with self._asked("convert", *asked, always=always, **said) as answer:
            if answer is None:
                return convert(image, source, target, always=always)
            if answer.header["kind"] == UNUSABLE:
                raise ProfileError("a colour profile cannot be read")
            titles = notes_of(answer.header)
            if len(titles) != 2:
                raise AnswerError(f"it names {len(titles)} profiles, not two")
            if answer.header["kind"] == SAME:
                return Converted(None, *titles)
            raster = raster_of(answer, megapixels)
            if (raster.mode, raster.size_wh) != ("RGB", image.size):
                raise AnswerError("its picture is not the one that was sent")
            return Converted(raster.image, *titles)

    @contextmanager
    def _asked(
        self,
        task: str,
        stream: BinaryIO,
        name: str,
        max_megapixels: float,
        limits: ReadLimits,
        **more: object,
    ) -> Iterator[Answer | None]:
        """What was answered to a task; None where nothing can be decoded apart.

        Raises:
            InputError: There is no such answer; or what is done with it found it a lie.
        """
        memory_mb = _SPARE_MB + round(_MB_A_MEGAPIXEL * max_megapixels)
        output_mb = _SPARE_OUTPUT_MB + round(_OUTPUT_MB_A_MEGAPIXEL * max_megapixels)
        request = {
            **more,
            "task": task,
            "name": name,
            "max_megapixels": max_megapixels,
            "max_scan_megapixels": limits.max_scan_megapixels,
            "rare_formats": limits.rare_formats,
            "shrink": limits.shrink,
            "seconds": self._seconds,
            "wall_seconds": _WALL_TIMES * self._seconds,
            "memory_bytes": memory_mb * 10**6,
            "output_bytes": output_mb * 10**6,
        }
        with _file_of(stream) as source, _memory_file() as output:
            status = self._done(request, source, output, name)
            if status is None:
                yield None
                return
            self._check_end(status, name)
            try:
                answer = read_answer(output)
                _check_said(answer, task, name, memory_mb)
                yield answer
            except AnswerError as error:
                _LOG.warning("what a picture was decoded to cannot be: %s", error)
                raise InputError(_unsafe(name, "its decoder broke")) from error

    def _done(
        self, request: dict[str, Any], source: int, output: int, name: str
    ) -> dict[str, Any] | None:
        """How the process that did it has ended; None where nothing can be decoded apart."""
        is_long = request["task"] != "size" and _is_long(source)
        asked = json.dumps(request).encode(), (source, output)
        try:
            try:
                with self._process(name, is_long=is_long) as process:
                    return None if process is None else process.ask(*asked)
            except NotBegunError:  # once more, by one of which it is known that it is there
                with self._process(name, is_long=is_long, is_new=True) as process:
                    return None if process is None else process.ask(*asked)
        except NotBegunError as error:
            why = "its decoder was gone before it began; try again in a while"
            raise InputError(_unsafe(name, why)) from error
        except GoneError as error:
            raise InputError(_unsafe(name, "its decoder broke")) from error

    @contextmanager
    def _process(
        self, name: str, *, is_long: bool, is_new: bool = False
    ) -> Iterator[Process | None]:
        """A process that nobody else asks, begun now if wished; None where none can be locked."""
        with self._free:
            self._free.wait_for(lambda: self._has_room(is_long=is_long))
            process = self._idle.popleft() if self._idle else None
            self._left -= process is None
            self._long += is_long
        try:
            if is_new or process is None or not process.is_there():
                process = self._replaced(process, name)
            yield process
        finally:
            self._put_back(process, is_long=is_long)

    def _has_room(self, *, is_long: bool) -> bool:
        is_free = bool(self._idle) or self._left > 0
        return is_free and not (is_long and self._long >= max(1, self._most - 1))

    def _replaced(self, dead: Process | None, name: str) -> Process | None:
        if dead is not None:
            self._all.discard(dead)
            dead.end()
        if self._trouble:
            return None
        try:
            process = Process(self._command, patience=_WALL_TIMES * self._seconds)
        except UnlockableError as error:
            self._give_up(str(error))
            return None
        except OSError as error:
            _LOG.warning("no process can be started to decode a picture: %s", error)
            raise InputError(
                _unsafe(name, "no process can be started for it; try again in a while")
            ) from error
        with self._free:
            is_ended = self._is_ended
            if not is_ended:
                self._all.add(process)
        if is_ended:
            process.end()
            raise InputError(_unsafe(name, "the server is ending"))
        return process

    def _put_back(self, process: Process | None, *, is_long: bool) -> None:
        is_there = process is not None and process.is_there()
        if process is not None and not is_there:
            self._all.discard(process)
            process.end()
        with self._free:
            if process is not None and is_there:
                self._idle.append(process)
            else:
                self._left += 1
            self._long -= is_long
            self._free.notify_all()  # of those who wait some may not have this one

    def _give_up(self, why: str) -> None:
        with self._free:
            if not self._trouble:
                _LOG.warning("pictures are decoded in the server's own process: %s", why)
            self._trouble = why

    def _check_end(self, status: dict[str, Any], name: str) -> None:
        """Refuse a file whose process ended otherwise than it should.

        Raises:
            InputError: It did.
        """
        if status.get("is_late") is True or status.get("code") == -_SIGXCPU:
            raise InputError(_unsafe(name, f"it took longer than {self._seconds} s"))
        if status.get("code") != 0:
            _LOG.warning("the decoder of a picture ended with %s", status.get("code"))
            raise InputError(_unsafe(name, "its decoder broke"))


def _check_said(answer: Answer, task: str, name: str, memory_mb: int) -> None:
    """Refuse what was refused there.

    Raises:
        InputError: It was.
        AnswerError: It is the answer to something else.
    """
    header = answer.header
    match header["kind"]:
        case "refused":
            raise refusal_of(header)
        case "memory":
            raise InputError(_unsafe(name, f"it needed more than {memory_mb} MB"))
        case "broken":
            _LOG.warning("a picture's decoder broke: %a", text_of(header.get("what")))
            raise InputError(_unsafe(name, "its decoder broke"))
        case kind if kind not in _ANSWERS[task]:
            raise AnswerError(f"it answers {kind}, not {task}")


def _is_long(source: int) -> bool:
    """Whether the decode of an open file may take seconds, as far as its bytes say."""
    size = os.fstat(source).st_size
    if size > _LONG_BYTES or not size:
        return size > 0
    with mmap.mmap(source, size, access=mmap.ACCESS_READ) as data:
        return most_scans_of(data) > _LONG_SCANS or is_composed(data)


def _unsafe(name: str, why: str) -> str:
    return f"{name} could not be read safely: {why}"


@contextmanager
def _file_of(stream: BinaryIO) -> Iterator[int]:
    """An open file of the system's with the same bytes, read from its beginning."""
    if not isinstance(stream, io.BytesIO):
        yield stream.fileno()
        return
    with _memory_file() as copy:
        os.write(copy, stream.getvalue())
        yield copy


@contextmanager
def _memory_file() -> Iterator[int]:
    """An open file that has no name and is memory."""
    opened = os.memfd_create("segui")
    try:
        yield opened
    finally:
        os.close(opened)


def _end_all(processes: set[Process], owner: int) -> None:
    if os.getpid() == owner:  # a forked child has nothing of its parent's to end
        for process in tuple(processes):
            process.end()
