"""Decoding apart: what comes back, what cannot, and what a process that decodes cannot do."""

import base64
import io
import json
import logging
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.images.apart import decoder as decoder_module
from segui.images.apart.decoder import SeparateDecoder
from segui.images.apart.handing import LENGTH_BYTES
from segui.images.apart.lock import Lock
from segui.images.apart.process import Process
from segui.images.limits import ReadLimits
from segui.images.opening import header_size, open_data, open_image
from segui.images.pictures import read_picture
from segui.masks.files import read_mask
from segui.session.paintings import read_painting
from tests.images.exif import exif_of_a_camera
from tests.processes import PROC, ends, is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone")

HOSTILE = (sys.executable, str(Path(__file__).parents[1] / "stand_ins" / "hostile_decoder.py"))
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def apart():
    decoder = SeparateDecoder()
    yield ReadLimits(rare_formats=True, decoder=decoder)
    decoder.end()


@pytest.fixture(scope="module")
def hostile_decoder():
    decoder = SeparateDecoder(command=HOSTILE, seconds=1, most=1)
    yield decoder
    decoder.end()


@pytest.fixture
def hostile(hostile_decoder):
    """What is said of a file that has its way."""

    def said(data: bytes) -> str:
        with pytest.raises(InputError) as caught:
            open_data(
                data, "sent.png", max_megapixels=1, limits=ReadLimits(decoder=hostile_decoder)
            )
        return str(caught.value)

    return said


def end(pid: int) -> None:
    """End a process, if it is there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    return [int(word) for word in (PROC / f"{pid}/task/{pid}/children").read_text().split()]


def processes_of(decoder: SeparateDecoder) -> list[int]:
    """Those that it started, and theirs."""
    own = [process.pid for process in decoder._all]
    return own + [child for pid in own for child in children(pid)]


def locked_one(decoder: SeparateDecoder) -> int:
    """Wait until a file is being decoded; the process that does it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for pid in processes_of(decoder):
            if "Seccomp:\t2" in (PROC / f"{pid}/status").read_text():
                return pid
        time.sleep(0.01)
    pytest.fail("no process was locked")


def gradient(mode: str = "RGB", size_wh: tuple[int, int] = (61, 43)) -> Image.Image:
    rows, columns = np.mgrid[: size_wh[1], : size_wh[0]]
    planes = [(rows * 5) % 256, (columns * 4) % 256, (rows + columns) % 256, (rows * columns) % 256]
    return Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8)).convert(mode)


def with_orientation(turn: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = turn
    return exif


PROFILE = b"\0" * 12 + b"mntrRGB XYZ " + bytes(900)
DEEP = np.arange(61 * 43, dtype=np.uint16).reshape(43, 61) * 20
FILES = {
    "grey.png": (gradient("L"), {}),
    "bits.png": (gradient("L").convert("1"), {}),
    "palette.png": (gradient("P"), {}),
    "few colours.png": (gradient().quantize(5), {}),
    "transparent index.png": (gradient("P"), {"transparency": 3}),
    "opacities.png": (gradient("P"), {"transparency": bytes([0, 90, 255])}),
    "grey alpha.png": (gradient("LA"), {}),
    "colours.png": (gradient(), {}),
    "transparent colour.png": (gradient(), {"transparency": (0, 0, 0)}),
    "transparent grey.png": (gradient("L"), {"transparency": 7}),
    "alpha.png": (gradient("RGBA"), {}),
    "deep.png": (Image.fromarray(DEEP), {}),
    "profile.png": (gradient(), {"icc_profile": PROFILE}),
    "text.png": (gradient(), {"exif": with_orientation(6)}),
    "large.png": (gradient(size_wh=(900, 700)), {}),
    "plain.jpg": (gradient(), {"quality": 92}),
    "grey.jpg": (gradient("L"), {}),
    "cmyk.jpg": (gradient("CMYK"), {}),
    "progressive.jpg": (gradient(), {"progressive": True, "icc_profile": PROFILE}),
    "camera.jpg": (gradient(), {"exif": b"Exif\0\0" + exif_of_a_camera()}),
    **{f"turned {n}.jpg": (gradient(), {"exif": with_orientation(n)}) for n in range(1, 9)},
    "plain.gif": (gradient("P"), {}),
    "grey.gif": (gradient("L"), {}),
    "moving.gif": (gradient("P"), {"save_all": True, "append_images": [gradient("P").rotate(9)]}),
    "clear.gif": (gradient("P"), {"transparency": 2}),
    "lossy.webp": (gradient(), {}),
    "lossless.webp": (gradient("RGBA"), {"lossless": True}),
    "moving.webp": (gradient(), {"save_all": True, "append_images": [gradient().rotate(9)]}),
    "plain.avif": (gradient(), {}),
    "alpha.avif": (gradient("RGBA"), {}),
    "plain.bmp": (gradient(), {}),
    "palette.bmp": (gradient("P"), {}),
    "plain.tif": (gradient(), {}),
    "packed.tif": (gradient(), {"compression": "tiff_lzw"}),
    "jpeg.tif": (gradient(), {"compression": "jpeg"}),
    "fax.tif": (gradient("L").convert("1"), {"compression": "group4"}),
    "float.tif": (Image.fromarray(DEEP.astype(np.float32) / 7), {}),
    "whole.tif": (Image.fromarray(DEEP.astype(np.int32) * 9), {}),
    "deep.tif": (Image.fromarray(DEEP), {}),
    "cmyk.tif": (gradient("CMYK"), {}),
    "lab.tif": (gradient("LAB"), {}),
    "plain.jp2": (gradient(), {}),
    "alpha.jp2": (gradient("RGBA"), {}),
    "deep.jp2": (Image.fromarray(DEEP), {}),
    "plain.ppm": (gradient(), {}),
    "deep.pgm": (Image.fromarray(DEEP.astype(np.int32)), {}),
    "plain.tga": (gradient(), {}),
    "packed.tga": (gradient("RGBA"), {"compression": "tga_rle"}),
    "plain.ico": (gradient("RGBA").resize((32, 32)), {}),
    "plain.dib": (gradient(), {}),
}


@pytest.fixture
def file(tmp_path, request):
    image, options = FILES[request.param]
    path = tmp_path / request.param
    image.save(path, **options)
    return path


@pytest.mark.parametrize("file", FILES, indirect=True)
def test_a_file_is_the_same_from_there_as_from_here(file, apart):
    here = open_image(file, max_megapixels=1, limits=ReadLimits(rare_formats=True))
    there = open_image(file, max_megapixels=1, limits=apart)
    assert (there.name, there.bits, there.is_lossy, there.notes) == (
        here.name, here.bits, here.is_lossy, here.notes
    )  # fmt: skip
    for told in ("icc_profile", "transparency"):
        assert there.raster.info.get(told) == here.raster.info.get(told)
    assert there.raster.mode == here.raster.mode
    assert np.array_equal(there.raster.array(), here.raster.array())
    assert there.raster.array().dtype == here.raster.array().dtype
    assert (there.image.mode, there.image.size) == (here.image.mode, here.image.size)
    assert there.image.tobytes() == here.image.tobytes()
    assert there.image.getpalette() == here.image.getpalette()
    assert there.image.has_transparency_data == here.image.has_transparency_data
    if here.image.mode not in ("LAB", "I;16", "I;16B"):  # Pillow converts none of them
        assert there.image.convert("RGBA").tobytes() == here.image.convert("RGBA").tobytes()
    size = header_size(file, max_megapixels=1, limits=apart)
    assert size == header_size(file, max_megapixels=1, limits=ReadLimits(rare_formats=True))


@pytest.mark.long
@pytest.mark.parametrize("file", [name for name in FILES if "lab" not in name], indirect=True)
def test_a_photo_and_a_mask_are_the_same_from_there_as_from_here(file, apart):
    rare = ReadLimits(rare_formats=True)
    here, there = read_picture(file, limits=rare), read_picture(file, limits=apart)
    assert np.array_equal(there.pixels, here.pixels)
    assert (there.icc_profile, there.notes) == (here.icc_profile, here.notes)
    assert there.camera_data == here.camera_data
    assert (here.camera_data is not None) == (file.name == "camera.jpg")
    assert there.pixels.flags.writeable
    results = []
    for limits in (rare, apart):
        try:
            results.append(read_mask(file, limits=limits))
        except InputError as error:
            results.append(str(error))
    here, there = results
    if isinstance(here, str):
        assert there == here
        return
    assert (there.kind, there.source, there.names, there.notes) == (
        here.kind, here.source, here.names, here.notes
    )  # fmt: skip
    assert np.array_equal(there.soft, here.soft)
    assert np.array_equal(there.labels, here.labels)


@pytest.mark.parametrize("file", [name for name in FILES if "large" not in name], indirect=True)
def test_a_file_that_is_cut_off_is_refused_with_the_same_sentence(file, apart):
    data = file.read_bytes()
    for length in (1, 20, len(data) // 2, len(data) - 20):
        file.write_bytes(data[:length])
        results = []
        for limits in (ReadLimits(rare_formats=True), apart):
            try:
                results.append(read_picture(file, limits=limits).pixels.tobytes())
            except InputError as error:
                results.append(str(error))
        assert results[0] == results[1]


def test_files_that_are_none_are_refused_as_ever(tmp_path, apart):
    (tmp_path / "empty.png").touch()
    for name, sentence in {
        "empty.png": "empty.png is empty",
        "none.png": "none.png is not there",
        ".": " is a folder, not an image",
    }.items():
        with pytest.raises(InputError) as caught:
            open_image(tmp_path / name, max_megapixels=1, limits=apart)
        assert str(caught.value).endswith(sentence)


@pytest.mark.long
def test_what_is_painted_is_decoded_there_too(apart):
    out = io.BytesIO()
    gradient("RGBA").save(out, "PNG")
    url = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    assert read_painting(url, apart) == read_painting(url)
    ended = SeparateDecoder(most=1)
    ended.end()
    with pytest.raises(InputError) as caught:
        read_painting(url, ReadLimits(decoder=ended))
    assert str(caught.value) == "what was painted cannot be read: paint it again"
    assert str(caught.value.__cause__).endswith("could not be read safely: the server is ending")


SENTENCES = {
    b"crash ": "its decoder broke",
    b"exit ": "its decoder broke",
    b"silence ": "its decoder broke",
    b"bug ": "its decoder broke",
    b"fill ": "its decoder broke",
    b"memory ": "it needed more than 96 MB",
    b"spin ": "it took longer than 1 s",
    b"wait ": "it took longer than 1 s",
}


@pytest.mark.long
@pytest.mark.parametrize(("data", "why"), SENTENCES.items())
def test_a_file_that_breaks_its_process_is_refused_and_the_next_one_is_read(
    hostile, hostile_decoder, data, why, tmp_path
):
    assert hostile(data) == f"sent.png could not be read safely: {why}"
    gradient().save(tmp_path / "next.png")
    read = read_picture(tmp_path / "next.png", limits=ReadLimits(decoder=hostile_decoder))
    assert read.size_hw == (43, 61)


def test_such_a_process_can_open_begin_and_reach_nothing(hostile):
    said = json.loads(hostile(b"probe "))
    assert len(said) == 17
    assert {name for name, what in said.items() if what not in REFUSALS} == set()


def test_a_heif_may_begin_threads_besides_and_nothing_else(hostile):
    said = json.loads(hostile(b"\0\0\0\x18ftypheicprobe "))
    assert len(said) == 17
    assert {name for name, what in said.items() if what not in REFUSALS} == {"begin a thread"}


# as what a thread and a limit are refused with, too
REFUSALS = {"PermissionError", "RuntimeError", "ValueError"}


@pytest.mark.long
def test_such_a_process_has_none_of_the_servers_variables(hostile_decoder, hostile, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    for process in hostile_decoder._all:
        os.kill(process.pid, signal.SIGKILL)
        assert ends(process.pid)
    said = json.loads(hostile(b"variables "))
    assert "HF_TOKEN" not in said
    assert "PATH" not in said


def test_no_two_files_are_decoded_in_the_same_process(hostile):
    assert len({hostile(b"pid ") for _ in range(5)}) == 5


def test_what_breaks_there_as_nobody_foresaw_is_one_line_in_the_log(hostile, caplog):
    with caplog.at_level(logging.WARNING, "segui"):
        hostile(b"bug ")
    assert [record.getMessage() for record in caplog.records] == [
        "a picture's decoder broke: \"KeyError: 'a\\\\nkey'\""
    ]


def test_a_process_that_is_killed_in_mid_decode_is_told_and_the_next_file_is_read(
    hostile, hostile_decoder, tmp_path
):
    said = []
    asking = Thread(target=lambda: said.append(hostile(b"wait ")))
    asking.start()
    os.kill(locked_one(hostile_decoder), signal.SIGKILL)
    asking.join(PATIENCE_SECONDS)
    assert said == ["sent.png could not be read safely: its decoder broke"]
    assert hostile(b"pid ").isdigit()


@pytest.mark.long
def test_the_one_that_begins_them_is_begun_anew_where_it_was_killed(hostile, hostile_decoder):
    hostile(b"pid ")
    (first,) = hostile_decoder._all
    os.kill(first.pid, signal.SIGKILL)
    assert ends(first.pid)
    assert hostile(b"pid ").isdigit()
    (second,) = hostile_decoder._all
    assert second.pid != first.pid


def test_where_the_one_that_begins_them_is_killed_in_mid_decode_nothing_is_left(
    hostile, hostile_decoder
):
    said = []
    asking = Thread(target=lambda: said.append(hostile(b"wait ")))
    asking.start()
    locked = locked_one(hostile_decoder)
    os.kill(next(iter(hostile_decoder._all)).pid, signal.SIGKILL)
    asking.join(PATIENCE_SECONDS)
    assert said == ["sent.png could not be read safely: its decoder broke"]
    assert ends(locked)


def asked_of(monkeypatch, happens=lambda _process, _times: None) -> list[int]:
    """Which processes are asked from here on; first something happens to each, by how often."""
    ask, pids = Process.ask, []

    def asked(self, *what):
        pids.append(self.pid)
        happens(self, len(pids))
        return ask(self, *what)

    monkeypatch.setattr(Process, "ask", asked)
    return pids


def killed(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert ends(pid)


@pytest.fixture
def two():
    """A decoder whose two processes wait."""
    decoder = SeparateDecoder(command=HOSTILE, seconds=1, most=2)
    decoder.begin()
    for process in decoder._all:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not children(process.pid):  # the one that is to take the next file
            assert time.monotonic() < deadline
            time.sleep(0.01)
    yield decoder
    decoder.end()


def size_by(decoder: SeparateDecoder, tmp_path: Path) -> tuple[int, int]:
    gradient().save(tmp_path / "a.png")
    return header_size(tmp_path / "a.png", max_megapixels=1, limits=ReadLimits(decoder=decoder))


@pytest.mark.long
@pytest.mark.parametrize("which", ["all that wait", "all that these have begun"])
def test_a_file_is_read_where_processes_are_killed_as_one_is_asked(
    two, tmp_path, monkeypatch, which
):
    waiting = [process.pid for process in two._all]
    begun = [child for pid in waiting for child in children(pid)]

    def kill(_process, times):
        if times == 1:
            for pid in waiting if which == "all that wait" else begun:
                killed(pid)

    asked = asked_of(monkeypatch, kill)
    assert size_by(two, tmp_path) == (61, 43)
    assert asked[0] in waiting
    assert asked[1] not in waiting
    assert len(asked) == 2
    assert size_by(two, tmp_path) == (61, 43)


@pytest.mark.long
def test_a_file_is_read_where_its_process_is_killed_before_it_looks_at_what_it_was_sent(
    two, tmp_path, monkeypatch, request
):
    waiting = [process.pid for process in two._all]
    for pid in waiting:
        (child,) = children(pid)
        os.kill(child, signal.SIGSTOP)  # whatever it is sent stays unread
        request.addfinalizer(partial(end, child))  # stopped, it sees no end of what began it
    hear, heard = Process._heard, []

    def kill_first(self, seconds):
        heard.append(self.pid)
        if len(heard) == 1:
            killed(self.pid)
        return hear(self, seconds)

    monkeypatch.setattr(Process, "_heard", kill_first)
    assert size_by(two, tmp_path) == (61, 43)
    assert heard[0] in waiting
    assert not {*heard[1:]} & {*waiting}


@pytest.mark.long
def test_where_a_second_process_is_killed_too_it_is_said_and_no_third_one_is_tried(
    two, tmp_path, monkeypatch
):
    asked = asked_of(monkeypatch, lambda process, _times: killed(process.pid))
    with pytest.raises(InputError) as caught:
        size_by(two, tmp_path)
    assert str(caught.value) == (
        "a.png could not be read safely: its decoder was gone before it began; try again in a while"
    )
    assert len(asked) == 2
    monkeypatch.undo()
    assert size_by(two, tmp_path) == (61, 43)


@pytest.mark.parametrize("data", [b"crash ", b"exit ", b"silence ", b"fill "])
def test_a_file_that_breaks_its_process_is_tried_once(hostile, monkeypatch, data):
    asked = asked_of(monkeypatch)
    assert hostile(data) == "sent.png could not be read safely: its decoder broke"
    assert len(asked) == 1


def told(header: object, pixels: bytes = bytes(12)) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return pixels + text + len(text).to_bytes(LENGTH_BYTES, "little")


TRUE = {
    "kind": "picture", "mode": "RGB", "size": [2, 2], "bits": 8, "is_lossy": False, "notes": [],
    "orientation": 1,
    "icc_profile": None, "transparency": None, "palette": None,
}  # fmt: skip
LIES = {
    "too few bytes": b"abc",
    "no header": bytes(99),
    "a header longer than all": told(TRUE)[:-LENGTH_BYTES] + b"\xff" * LENGTH_BYTES,
    "no JSON": told(b"[" * 50),
    "deep JSON": told(b"[" * 500_000),
    "no ASCII": told(b"\xff\xff"),
    "a list": told([]),
    "another kind": told(TRUE | {"kind": "pickle"}),
    "the answer to something else": told({"kind": "size", "size": [2, 2]}),
    "an unknown mode": told(TRUE | {"mode": "RGB;16"}),
    "a mode that is none": told(TRUE | {"mode": ["RGB"]}),
    "more pixels than there are": told(TRUE | {"size": [2000, 2]}),
    "fewer pixels than there are": told(TRUE | {"size": [1, 2]}),
    "more pixels than allowed": told(TRUE | {"mode": "1", "size": [8008, 1000]}, bytes(1_001_000)),
    "no pixels": told(TRUE | {"size": [0, 2]}, b""),
    "a side below 0": told(TRUE | {"size": [-2, -2]}),
    "sides that overflow": told(TRUE | {"size": [2**32, 2**32]}),
    "a side that is no number": told(TRUE | {"size": ["2", 2]}),
    "a side that is none": told(TRUE | {"size": [4]}),
    "bits that are none": told(TRUE | {"bits": None}),
    "a flag that is none": told(TRUE | {"is_lossy": 1}),
    "no orientation": told(TRUE | {"orientation": None}),
    "an orientation that is none": told(TRUE | {"orientation": 9}),
    "an orientation of XMP that is none": told(TRUE | {"by_xmp": 0}),
    "camera data that is no text": told(TRUE | {"camera_data": 9}),
    "camera data that is too long": told(TRUE | {"camera_data": "A" * 24_000}),
    "many notes": told(TRUE | {"notes": ["a"] * 9}),
    "a long note": told(TRUE | {"notes": ["a" * 1001]}),
    "a note that is none": told(TRUE | {"notes": [7]}),
    "a profile that is none": told(TRUE | {"icc_profile": "!!!!"}),
    "a transparency that is none": told(TRUE | {"transparency": {}}),
    "a transparency that is long": told(TRUE | {"transparency": "A" * 400}),
    "a palette without need": told(TRUE | {"palette": {"mode": "RGB", "data": ""}}),
    "no palette": told(TRUE | {"mode": "P", "size": [12, 1]}),
    "a palette of a strange mode": told(
        TRUE | {"mode": "P", "size": [12, 1], "palette": {"mode": [], "data": ""}}
    ),
    "half a colour": told(
        TRUE | {"mode": "P", "size": [12, 1], "palette": {"mode": "RGB", "data": "AAAA AA=="}}
    ),
    "a long palette": told(
        TRUE | {"mode": "P", "size": [12, 1], "palette": {"mode": "RGB", "data": "AAAA" * 300}}
    ),
    "a sentence that is none": told({"kind": "refused", "sentence": ["a"]}),
    "no sentence": told({"kind": "broken"}),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_answer_that_cannot_be_is_refused(hostile, lie):
    sent = b"lie " + base64.b64encode(lie)
    assert hostile(sent) == "sent.png could not be read safely: its decoder broke"


def test_an_answer_that_can_be_is_taken(hostile_decoder):
    sent = b"lie " + base64.b64encode(told(TRUE, bytes(range(12))))
    opened = open_data(sent, "a", max_megapixels=1, limits=ReadLimits(decoder=hostile_decoder))
    assert opened.raster.array().ravel().tolist() == list(range(12))


def test_pictures_of_many_threads_do_not_mix(tmp_path, apart):
    paths = []
    for number in range(24):
        paths.append(tmp_path / f"{number}.png")
        Image.new("RGB", (50 + number, 40), (number, 2, 3)).save(paths[-1])
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda path: read_picture(path, limits=apart), paths * 2))
    for number, picture in enumerate(read):
        assert picture.size_hw == (40, 50 + number % 24)
        assert (picture.pixels == (number % 24, 2, 3)).all()


def test_a_picture_that_is_kept_keeps_no_file_open(tmp_path, apart):
    gradient().save(tmp_path / "a.png")
    read_picture(tmp_path / "a.png", limits=apart)
    before = len(list((PROC / "self/fd").iterdir()))
    kept = [read_picture(tmp_path / "a.png", limits=apart) for _ in range(20)]
    assert len(list((PROC / "self/fd").iterdir())) == before
    assert len(kept) == 20


HEIC = b"\0\0\0\x18ftypheic" + bytes(16)


def jpeg_of(scans: int) -> bytes:
    """The beginning of a JPEG, as far as its scans are counted."""
    return b"\xff\xd8" + b"\xff\xda\x00\x02" * scans


@pytest.mark.parametrize(
    ("data", "is_long"),
    [
        (b"", False),
        (b"wait ", False),
        (bytes(8_000_000), False),
        (bytes(8_000_001), True),
        (jpeg_of(12), False),
        (jpeg_of(13), True),
        (jpeg_of(13).replace(b"\xff\xd8\xff", b"\xff\xd7\xff"), False),
        (b"II*\0" + jpeg_of(12), False),
        (b"MM\0*" + jpeg_of(13), True),
        (HEIC, False),
        (HEIC + b"\0\0\0\x0edimg\0\1\0\1\0\2", True),
        (b"dimg" + HEIC, False),
    ],
)
def test_what_may_take_seconds_is_known_by_its_bytes(tmp_path, data, is_long):
    (tmp_path / "file").write_bytes(data)
    with (tmp_path / "file").open("rb") as file:
        assert decoder_module._is_long(file.fileno()) is is_long


@pytest.mark.long
def test_files_that_take_long_leave_a_process_to_the_others(tmp_path):
    decoder = SeparateDecoder(command=HOSTILE, seconds=PATIENCE_SECONDS, most=2)
    limits = ReadLimits(decoder=decoder)

    def wait() -> None:
        with pytest.raises(InputError):
            open_data(b"wait " + bytes(8_000_000), "long.png", max_megapixels=1, limits=limits)

    threads = [Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    locked_one(decoder)
    gradient().save(tmp_path / "small.png")
    assert read_picture(tmp_path / "small.png", limits=limits).size_hw == (43, 61)
    decoder.end()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.long
def test_its_processes_end_with_it():
    decoder = SeparateDecoder(most=2)
    decoder.begin()
    there = processes_of(decoder)
    assert there
    assert all(is_alive(pid) for pid in there)
    del decoder
    assert all(ends(pid) for pid in there)


def test_one_that_has_ended_begins_no_process_any_more(tmp_path):
    decoder = SeparateDecoder(most=1)
    decoder.end()
    gradient().save(tmp_path / "a.png")
    with pytest.raises(InputError) as caught:
        read_picture(tmp_path / "a.png", limits=ReadLimits(decoder=decoder))
    assert str(caught.value) == "a.png could not be read safely: the server is ending"
    assert decoder._all == set()


def test_where_nothing_can_be_locked_files_are_decoded_here_and_the_log_says_so_once(
    tmp_path, caplog
):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from segui.images.apart import lock, worker;"
        "lock.MACHINES.clear(); worker.main(int(sys.argv[2]))"
    )
    root = str(Path(__file__).parents[2])
    decoder = SeparateDecoder(command=(sys.executable, "-c", script, root), most=1)
    gradient().save(tmp_path / "a.png")
    with caplog.at_level(logging.WARNING, "segui"):
        for _ in range(2):
            read = read_picture(tmp_path / "a.png", limits=ReadLimits(decoder=decoder))
            assert read.size_hw == (43, 61)
    assert [record.getMessage() for record in caplog.records] == [
        f"pictures are decoded in the server's own process: no lock is known for {MACHINE}"
    ]
    assert header_size(tmp_path / "a.png", max_megapixels=1, limits=ReadLimits(decoder=decoder))


MACHINE = os.uname().machine if hasattr(os, "uname") else ""


def test_where_no_process_can_be_started_a_sentence_says_so(tmp_path, caplog):
    decoder = SeparateDecoder(command=(str(tmp_path / "none"),), most=1)
    gradient().save(tmp_path / "a.png")
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            read_picture(tmp_path / "a.png", limits=ReadLimits(decoder=decoder))
        assert str(caught.value) == (
            "a.png could not be read safely: no process can be started for it; try again in a while"
        )


def test_the_lock_is_known_for_the_common_processors(monkeypatch):
    for machine in ("x86_64", "aarch64"):
        monkeypatch.setattr("platform.machine", lambda name=machine: name)
        Lock()
    monkeypatch.setattr("platform.machine", lambda: "mips")
    with pytest.raises(OSError, match="no lock is known for mips"):
        Lock()


def test_a_system_without_what_it_takes_is_known_before(monkeypatch):
    assert decoder_module.can_decode_apart()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not decoder_module.can_decode_apart()
