import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from gradio import route_utils
from starlette.requests import ClientDisconnect, Request

from segui.ui.guard.taking import MOST_OF_A_FIELD, NotTakenError, Taking
from tests.coroutines import run
from tests.full_disk import full_disk, limits_files
from tests.processes import PROC, on_linux
from tests.ui.guard.programs import ask

FORM = {"Content-Type": "multipart/form-data; boundary=b"}
END = b"--b--\r\n"
NO_NAME = 'an uploaded file has no name: expected filename="..." in its part\'s header'
LARGE = (
    f"this upload has a field of more than {MOST_OF_A_FIELD} bytes that is no file: "
    'expected filename="..." in its part\'s header'
)


def part(data: bytes, filename: str | None = "a.png", name: str = "files") -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + data + b"\r\n"


def taken(
    folder: Path,
    *pieces: bytes,
    is_gone: bool = False,
    upload: str = "",
    asked: Callable[[], object] = lambda: None,
) -> list[str]:
    """Upload what comes in pieces; which files are kept then."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    last = {"type": "http.disconnect"} if is_gone else {"type": "http.request", "body": b""}

    async def receive():
        asked()
        return messages.pop(0) if messages else last

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", FORM["Content-Type"].encode())],
    }
    progress = route_utils.FileUploadProgress() if upload else None
    given = (Request(scope, receive), str(folder), 10**6, upload, False, progress)
    kept, _, _ = run(route_utils.upload_fn(*given))
    return [str(path) for path in kept]


@pytest.fixture(autouse=True)
def _reader(monkeypatch):
    monkeypatch.setattr(route_utils, "GradioMultiPartParser", Taking)


def test_files_are_kept_where_gradio_keeps_them(tmp_path):
    first, second = taken(tmp_path, part(b"one"), part(b"two", ""), END)
    assert (Path(first).name, Path(first).read_bytes()) == ("a.png", b"one")
    assert Path(second).read_bytes() == b"two"
    assert Path(first).parent.parent == tmp_path
    assert taken(tmp_path, part(b"one"), END) == [first]


@on_linux
def test_no_file_stays_open_while_others_come(tmp_path):
    opened = []
    pieces = (part(b"one"), part(b"two") * 50, part(b"x" * 5000)[:-2000])
    files = PROC / "self" / "fd"
    taken(tmp_path, *pieces, END, asked=lambda: opened.append(len([*files.iterdir()])))
    assert len(opened) > 3
    assert max(opened) == opened[0]


def test_a_file_that_comes_in_pieces_is_whole(tmp_path):
    (path,) = taken(tmp_path, part(b"one")[:-3], b"two", b"three\r\n", END)
    assert Path(path).read_bytes() == b"ontwothree"


@limits_files
def test_an_upload_that_does_not_fit_leaves_its_room_at_once(tmp_path):
    with pytest.raises(OSError, match="File too large") as said, full_disk(5000):
        taken(tmp_path, part(b"x" * 4000), part(b"x" * 200_000), END)
    assert said.value.errno == errno.EFBIG
    assert [*tmp_path.iterdir()] == []
    assert len(taken(tmp_path, part(b"x" * 200_000), END)) == 1


def test_folders_that_cannot_be_made_leave_nothing(tmp_path, monkeypatch):
    made = Path.mkdir

    def mkdir(path, *given, **named):
        if len([*tmp_path.glob("*/")]) == 1 and path != tmp_path:
            raise OSError(errno.ENOSPC, "No space left on device")
        made(path, *given, **named)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with pytest.raises(OSError, match="No space left"):
        taken(tmp_path, part(b"one"), part(b"two"), END)
    assert [*tmp_path.iterdir()] == []


def test_of_an_upload_whose_client_is_gone_nothing_stays(tmp_path):
    with pytest.raises(ClientDisconnect):
        taken(tmp_path, part(b"one"), part(b"x" * 5000)[:-100], is_gone=True)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        (part(b"two", ".."), "an uploaded file is called '..': expected a file's name"),
        (part(b"two", "a/..\0"), "an uploaded file is called 'a/..\\x00': expected a file's name"),
        (part(b"two", None), NO_NAME),
        (part(b"x" * (MOST_OF_A_FIELD + 1), None), LARGE),
        (part(b"x" * (MOST_OF_A_FIELD + 1), None, "other"), LARGE),
    ],
)
@pytest.mark.parametrize("upload", ["", "abc"])
def test_files_before_one_that_is_refused_do_not_stay(tmp_path, odd, told, upload):
    with pytest.raises(NotTakenError) as said:
        taken(tmp_path, part(b"one"), odd, END, upload=upload)
    assert str(said.value) == told
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_was_there_stays_where_a_later_one_is_refused(tmp_path):
    (kept,) = taken(tmp_path, part(b"one"), END)
    with pytest.raises(NotTakenError):
        taken(tmp_path, part(b"one", "b.png"), part(b"", None), END)
    assert Path(kept).read_bytes() == b"one"


@pytest.mark.parametrize("end", [END, b"", b"garbage"])
def test_what_is_not_kept_is_gone_with_the_answer(tmp_path, end):
    pieces = (part(b"one"), part(b"two", "b.png", "other"), part(b"half")[:-2])
    kept = taken(tmp_path, *(pieces[:2] if end == END else pieces), end)
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"one"]
    assert len(kept) == 1


@pytest.mark.parametrize("query", ["", "?upload_id=abc"])
def test_the_server_says_it_and_keeps_nothing(app, query):
    before = len(app.log.splitlines())
    files = {path for path in app.cache.rglob("*") if path.is_file()}
    for odd, status, told in (
        (part(b"two", None), 400, NO_NAME),
        (part(b"two", ".."), 400, "an uploaded file is called '..': expected a file's name"),
        (part(b"x" * 10**6, None), 413, LARGE),
    ):
        body = part(b"kept by nobody") + odd + END
        answer = ask(app, "POST", f"/gradio_api/upload{query}", body, FORM)
        assert (answer.status, answer.detail) == (status, told)
    assert {path for path in app.cache.rglob("*") if path.is_file()} <= files
    said = app.log.splitlines()[before:]
    assert len([line for line in said if line.startswith("refused POST")]) == 3
    assert "Traceback" not in "".join(said)
    whole = ask(app, "POST", f"/gradio_api/upload{query}", part(b"two") + END, FORM)
    assert Path(json.loads(whole.text)[0]).read_bytes() == b"two"
