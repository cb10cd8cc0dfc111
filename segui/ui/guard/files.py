"""Files that a body describes, looked at as Gradio will take them.

Gradio takes one for a file wherever it stands, fetches it where its path is an address, and fails
at one that is not described as it does it itself.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gradio.data_classes import FileData
from pydantic import ValidationError

from segui.errors import shown
from segui.ui.guard.faults import sentence_of
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.shapes import children

File = Mapping[str, Any]
_ADDRESSES: Final = ("http:", "https:")


@dataclass(frozen=True)
class Uploads:
    """What files a request may name.

    Args:
        folder: Where they lie, without links.
        most: How many of them.
    """

    folder: Path
    most: int


def files_refusal(body: Mapping[str, Any], uploads: Uploads, *, must_exist: bool) -> Refusal | None:
    """What is wrong with the files of a body; None where nothing is.

    Args:
        body: What is sent.
        uploads: Which ones may be named.
        must_exist: Whether one that is gone is refused here; the endpoints say which one it is.
    """
    values = {name: value for name, value in body.items() if name != "event_data"}
    marked = [file for file in _with_a_path(values) if "meta" in file]
    # of what comes with an event all that has a path is taken for a file
    files = [*marked, *_with_a_path(body.get("event_data"))]
    if len(files) > uploads.most:
        sentence = f"this request names {len(files)} files: at most {uploads.most} are read"
        return Refusal(413, sentence)
    odd = next((odd for file in marked if (odd := _odd(file))), None)
    if odd:
        return odd
    for file in files:
        refusal = _path_refusal(file["path"], uploads.folder, must_exist=must_exist)
        if refusal:
            return refusal
    return None


def _with_a_path(said: Any) -> Iterator[File]:
    left = deque([said])
    while left:
        found = left.popleft()
        if isinstance(found, Mapping) and isinstance(found.get("path"), str):
            yield found
        left.extend(children(found))


def _odd(file: File) -> Refusal | None:
    """Why Gradio would fail at a file's description."""
    try:
        FileData.model_validate(file)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        wrong = sentence_of([{**first, "loc": ("body", *first["loc"])}])
        return Refusal(400, f"a file is not described as its upload gives it: {wrong}")
    return None


def _path_refusal(path: str, folder: Path, *, must_exist: bool) -> Refusal | None:
    if path.lower().startswith(_ADDRESSES):
        sentence = "this server fetches no addresses: download the file and upload it"
        return Refusal(400, sentence)
    if _is_upload(path, folder, must_exist=must_exist):
        return None
    how = "upload it to /gradio_api/upload and send the path that it gives"
    return Refusal(400, f"there is no upload {shown(path)}: {how}")


def _is_upload(path: str, folder: Path, *, must_exist: bool) -> bool:
    try:
        real = Path(path).resolve()
        return real.is_relative_to(folder) and (not must_exist or real.is_file())
    except (OSError, ValueError, RuntimeError):  # a name too long, a NUL in it, links in a circle
        return False
