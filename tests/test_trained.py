"""The models that tests train are kept between runs, and made anew when they would be others."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import trained as module
from tests.trained import trained


class Trainer:
    """Writes a model of one file, and counts how often it was asked to."""

    __name__ = "trainer"

    def __init__(self, *, breaks: bool = False) -> None:
        self.times, self.breaks = 0, breaks

    def __call__(self, folder: Path, word: str = "plain") -> Path:
        self.times += 1
        folder.mkdir(parents=True)
        (folder / "weights").write_text(word, encoding="utf-8")
        if self.breaks:
            raise RuntimeError("half-way")
        return folder


def test_a_model_is_trained_once_and_copied_wherever_it_is_asked_for(tmp_path: Path) -> None:
    train, cache = Trainer(), tmp_path / "cache"
    for place in ("one", "two"):
        folder = trained(tmp_path / place, train, "word", cache=cache)
        assert folder == tmp_path / place
        assert (folder / "weights").read_text(encoding="utf-8") == "word"
    assert train.times == 1
    (tmp_path / "one" / "weights").write_text("changed", encoding="utf-8")
    again = trained(tmp_path / "three", train, "word", cache=cache)
    assert (again / "weights").read_text(encoding="utf-8") == "word"


def test_another_recipe_is_another_model(tmp_path: Path) -> None:
    train, cache = Trainer(), tmp_path / "cache"
    for word in ("one", "two"):
        folder = trained(tmp_path / word, train, word, cache=cache)
        assert (folder / "weights").read_text(encoding="utf-8") == word
    assert train.times == 2


@pytest.mark.parametrize("name", ["torch", "transformers"])
def test_another_version_of_what_trains_it_trains_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    train, cache = Trainer(), tmp_path / "cache"
    trained(tmp_path / "old", train, cache=cache)
    known = module.version
    monkeypatch.setattr(module, "version", lambda asked: known(asked) + "+x" * (asked == name))
    trained(tmp_path / "new", train, cache=cache)
    assert train.times == 2


def test_a_change_in_the_sources_trains_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {path.name for path in module.SOURCES} >= {
        "tiny_clip.py",
        "tiny_siglip.py",
        "tiny_vit.py",
    }
    train, cache, source = Trainer(), tmp_path / "cache", tmp_path / "tiny.py"
    monkeypatch.setattr(module, "SOURCES", (source,))
    for number, text in enumerate(("seed = 1", "seed = 2", "seed = 2")):
        source.write_text(text, encoding="utf-8")
        trained(tmp_path / str(number), train, cache=cache)
    assert train.times == 2


def test_half_a_model_is_never_kept(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(RuntimeError, match="half-way"):
        trained(tmp_path / "one", Trainer(breaks=True), cache=cache)
    assert [path for path in cache.iterdir() if path.is_dir()] == []
    train = Trainer()
    trained(tmp_path / "two", train, cache=cache)
    assert train.times == 1


def test_of_two_that_ask_at_once_one_trains(tmp_path: Path) -> None:
    train = Trainer()
    with ThreadPoolExecutor(4) as threads:
        asked = [
            threads.submit(trained, tmp_path / str(number), train, cache=tmp_path / "cache")
            for number in range(4)
        ]
        folders = [each.result(60) for each in asked]
    assert all((folder / "weights").exists() for folder in folders)
    assert train.times == 1
