import json
import struct
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from segui.errors import ClassifierError
from segui.models.weights import Held, held_in, read_held

CUT_OFF = "'m' is broken: w.safetensors is cut off or damaged. Fetch it once more"


def written(folder: Path, header: bytes, data: bytes = b"", length: int | None = None) -> Path:
    path = folder / "w.safetensors"
    path.write_bytes(struct.pack("<Q", len(header) if length is None else length) + header + data)
    return path


def tensor(dtype: str, start: int, end: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": [10**12], "data_offsets": [start, end]}


def sentence(path: Path) -> str:
    with pytest.raises(ClassifierError) as caught:
        read_held(path, "m")
    return str(caught.value)


def test_what_safetensors_wrote_is_counted(tmp_path: Path) -> None:
    save_file(
        {"a": torch.zeros(3, 4), "b": torch.zeros(5, dtype=torch.float16), "c": torch.ones(1)},
        tmp_path / "w.safetensors",
        metadata={"format": "pt"},
    )
    save_file({"d": torch.zeros(7, dtype=torch.int64)}, tmp_path / "v.safetensors")
    assert read_held(tmp_path / "w.safetensors", "m") == Held(3, 12 + 5 + 1)
    both = [tmp_path / "w.safetensors", tmp_path / "v.safetensors"]
    assert held_in(both, "m") == Held(4, 18 + 7)


def test_a_shape_that_is_made_up_counts_for_nothing(tmp_path: Path) -> None:
    header = {"a": tensor("F32", 0, 8), "b": tensor("of its own", -(10**12), 8)}
    path = written(tmp_path, json.dumps(header).encode(), bytes(8))
    assert read_held(path, "m") == Held(2, path.stat().st_size)


@pytest.mark.parametrize(
    "header",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"a": 1}',
        b'{"a": {"dtype": "F32", "data_offsets": [0]}}',
        b'{"a": {"dtype": "F32", "data_offsets": ["0", "8"]}}',
        b'{"a": {"dtype": [], "data_offsets": [0, 8]}}',
        b'{"a": {"dtype": "F32", "data_offsets": [0, 9]}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_damaged_header_is_said(header: bytes, tmp_path: Path) -> None:
    assert sentence(written(tmp_path, header, bytes(8))) == CUT_OFF


@pytest.mark.parametrize("length", [3, 2**63, 2**64 - 1])
def test_a_damaged_length_is_said(length: int, tmp_path: Path) -> None:
    assert sentence(written(tmp_path, b"{}", b"", length)) == CUT_OFF


@pytest.mark.parametrize("content", [b"", b"1234567"])
def test_a_file_with_no_header_is_said(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    assert sentence(path) == CUT_OFF


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    assert sentence(tmp_path / "w.safetensors") == "'m' is not whole: w.safetensors is missing"


def test_a_header_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, b'{"a":[[],[],', length=150_000_000 - 8)
    with path.open("r+b") as file:
        file.truncate(150_000_000)  # takes no room: nothing is written
    assert sentence(path) == (
        "'m' cannot be used: its header of w.safetensors is 150 MB, at most 10 MB are read"
    )
