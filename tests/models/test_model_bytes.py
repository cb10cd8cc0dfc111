from pathlib import Path

import pytest

from segui.errors import ClassifierError
from segui.models.model_bytes import check_file, check_read_whole, rounded_mb


@pytest.mark.parametrize(
    ("part", "most"),
    [
        *((part, 10) for part in ("config.json", "preprocessor_config.json", "header of a.b")),
        *((part, 80) for part in ("tokenizer.json", "vocab.json", "merges.txt")),
    ],
)
def test_what_is_read_whole_has_a_limit_to_the_byte(part: str, most: int) -> None:
    check_read_whole("org/faces", part, most * 10**6)
    with pytest.raises(ClassifierError) as caught:
        check_read_whole("org/faces", part, most * 10**6 + 1)
    assert str(caught.value) == (
        f"'org/faces' cannot be used: its {part} is {most + 1} MB, at most {most} MB are read"
    )


def test_a_file_is_looked_at_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    check_file(path, "m")
    path.touch()
    check_file(path, "m")
    with path.open("wb") as file:
        file.truncate(2 * 10**9)  # takes no room: nothing is written
    with pytest.raises(ClassifierError) as caught:
        check_file(path, "m")
    assert str(caught.value) == (
        "'m' cannot be used: its config.json is 2,000 MB, at most 10 MB are read"
    )


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 MB"), (1, "1 MB"), (10**6, "1 MB"), (10**6 + 1, "2 MB")]
)
def test_a_size_is_rounded_up(size: int, text: str) -> None:
    assert rounded_mb(size) == text
