import threading
import time
import weakref
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from segui.classifiers import memory as memory_module
from segui.classifiers.base import Classifier, Crop, Scores
from segui.classifiers.memory import CachedClassifier, Memory, ScoreCache, batches, digest
from segui.errors import ClassifierError, InputError

PATIENCE_SECONDS = 60


def crop(level: int, size: tuple[int, int] = (4, 3), mask: int = 255) -> Crop:
    return Crop(Image.new("RGB", size, (level, 0, 0)), Image.new("L", size, mask))


class Levels:
    """Scores red; notes what it was asked."""

    name = "levels"
    batch_size = 3

    def __init__(self, revision: str = "1") -> None:
        self.identity = (self.name, revision)
        self.asked: list[list[int]] = []
        self.loads: list[object] = []

    def load(self, progress: object = None) -> None:
        self.loads.append(progress)

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        levels = [each.image.getpixel((0, 0))[0] for each in crops]
        self.asked.append(levels)
        return [{"red": level / 255, "other": 1 - level / 255} for level in levels]


def levels_of(scores: Sequence[Scores]) -> list[int]:
    return [round(each["red"] * 255) for each in scores]


# The memory.


def numbers(max_entries: int = 100, max_mb: float = 1) -> Memory[int]:
    return Memory(max_entries, max_mb, lambda _: 1000)


class Squares:
    def __init__(self) -> None:
        self.made: list[int] = []

    def of(self, memory: Memory[int], keys: Sequence[int]) -> list[int]:
        def make(places: list[int]) -> list[int]:
            self.made += [keys[place] for place in places]
            return [keys[place] ** 2 for place in places]

        return memory.ask(keys, make)


def test_equal_keys_are_made_once_in_a_call_and_between_calls() -> None:
    memory, squares = numbers(), Squares()
    assert squares.of(memory, [3, 1, 3, 2]) == [9, 1, 9, 4]
    assert squares.of(memory, [2, 4, 3]) == [4, 16, 9]
    assert squares.made == [3, 1, 2, 4]


@given(st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=8), st.integers(1, 5))
def test_every_answer_is_right_and_the_bound_holds(asked: list[list[int]], most: int) -> None:
    memory, squares = numbers(most), Squares()
    for keys in asked:
        assert squares.of(memory, keys) == [key**2 for key in keys]
        assert len(memory) <= most


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    memory, squares = numbers(2), Squares()
    squares.of(memory, [1, 2])
    squares.of(memory, [1])
    squares.of(memory, [3])
    squares.made.clear()
    squares.of(memory, [1, 3])
    assert squares.made == []
    squares.of(memory, [2])
    assert squares.made == [2]


def test_bytes_are_a_bound_too() -> None:
    memory, squares = numbers(max_mb=0.003), Squares()
    squares.of(memory, list(range(10)))
    assert len(memory) == 3


def test_an_answer_larger_than_the_bound_is_given_and_not_kept() -> None:
    memory, squares = numbers(max_mb=0.0001), Squares()
    assert squares.of(memory, [5]) == [25]
    assert len(memory) == 0


def test_a_maker_that_fails_leaves_nothing_behind() -> None:
    memory, squares = numbers(), Squares()

    def fail(places: list[int]) -> list[int]:
        raise ClassifierError("it failed")

    with pytest.raises(ClassifierError):
        memory.ask([1, 2], fail)
    assert len(memory) == 0
    assert squares.of(memory, [1, 2]) == [1, 4]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0, 1.0), "max_entries is 0: expected at least 1"),
        ((1, 0.0), "max_mb is 0.0: expected a number above 0"),
        ((1, float("nan")), "max_mb is nan: expected a number above 0"),
    ],
)
def test_bounds_that_hold_nothing_are_refused(arguments: tuple[int, float], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        ScoreCache(*arguments)
    assert str(caught.value) == sentence


class Gate:
    """A maker that waits until it is let go on."""

    def __init__(self, error: Exception | None = None) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()
        self.error = error

    def make(self, places: list[int]) -> list[int]:
        self.entered.set()
        assert self.open.wait(PATIENCE_SECONDS)
        if self.error is not None:
            raise self.error
        return [10 for _ in places]


def waiting_behind(gate: Gate, memory: Memory[int]) -> tuple[threading.Thread, list[list[int]]]:
    """A thread that asks for 1 and 2 while another is making 1; and what it made and got."""
    told: list[list[int]] = []

    def make(places: list[int]) -> list[int]:
        told.append(places)
        return [20 for _ in places]

    thread = threading.Thread(target=lambda: told.append(memory.ask([1, 2], make)))
    thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    return thread, told


def test_who_asks_what_is_being_made_waits_for_it_and_makes_the_rest() -> None:
    memory, gate = numbers(), Gate()
    first = threading.Thread(target=memory.ask, args=([1], gate.make))
    first.start()
    assert gate.entered.wait(PATIENCE_SECONDS)
    second, told = waiting_behind(gate, memory)
    assert told == [[1]]
    gate.open.set()
    first.join()
    second.join()
    assert told == [[1], [10, 20]]


def test_who_waits_for_one_that_gives_up_makes_it_then() -> None:
    memory, gate = numbers(), Gate(KeyboardInterrupt())
    caught = []

    def ask() -> None:
        try:
            memory.ask([1], gate.make)
        except KeyboardInterrupt as error:
            caught.append(error)

    first = threading.Thread(target=ask)
    first.start()
    assert gate.entered.wait(PATIENCE_SECONDS)
    second, told = waiting_behind(gate, memory)
    gate.open.set()
    first.join()
    second.join()
    assert told == [[1], [0], [20, 20]]
    assert len(caught) == 1


# The classifier before it.


def test_the_same_crop_is_judged_once_though_several_ask() -> None:
    cache, levels = ScoreCache(), Levels()
    one, other = CachedClassifier(levels, cache), CachedClassifier(Levels(), cache)
    crops = [crop(1), crop(2), crop(1), crop(3), crop(2)]
    assert levels_of(one.score(crops)) == [1, 2, 1, 3, 2]
    assert levels.asked == [[1, 2], [3]]
    assert levels_of(other.score([crop(3), crop(4)])) == [3, 4]
    assert other.classifier.asked == [[4]]


def test_another_revision_is_asked_anew() -> None:
    cache, newer = ScoreCache(), Levels("2")
    CachedClassifier(Levels("1"), cache).score([crop(1)])
    CachedClassifier(newer, cache).score([crop(1)])
    assert newer.asked == [[1]]


def test_scores_come_back_as_they_were_said_and_nobody_can_change_them() -> None:
    cached = CachedClassifier(Levels(), ScoreCache())
    said = Levels().score([crop(77)])[0]
    first = cached.score([crop(77)])[0]
    assert first == said
    assert list(first) == list(said)
    first["red"] = 5
    assert cached.score([crop(77)])[0] == said


def test_no_crops_load_nothing() -> None:
    levels = Levels()
    assert CachedClassifier(levels, ScoreCache()).score([]) == []
    assert levels.loads == []


def test_it_is_loaded_first_and_then_its_owner_is_told() -> None:
    levels, told = Levels(), []
    cached = CachedClassifier(levels, ScoreCache(), lambda: told.append(len(levels.loads)))
    cached.load("progress")
    cached.score([crop(1)])
    assert levels.loads == ["progress", None]
    assert told == [1, 2]


def test_it_tells_what_its_classifier_tells() -> None:
    cached = CachedClassifier(Levels(), ScoreCache())
    assert isinstance(cached, Classifier)
    assert (cached.name, cached.batch_size) == ("levels", 3)
    with pytest.raises(AttributeError, match="revision"):
        _ = cached.revision


def test_notes_of_its_own_stand_before_the_classifiers() -> None:
    class Slow(Levels):
        notes = ("Slow.",)

    cache = ScoreCache()
    assert CachedClassifier(Slow(), cache, notes=("Old.",)).notes == ("Old.", "Slow.")
    assert CachedClassifier(Levels(), cache).notes == ()


class Album(Sequence[Crop]):
    """Crops of 20 x 10 px, made as they are read; it knows how many of them somebody holds."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.held = 0
        self.most_held = 0

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: Any) -> Any:
        if place >= self.count:
            raise IndexError(place)
        made = crop(place, (20, 10))
        self.held += 1
        self.most_held = max(self.most_held, self.held)
        weakref.finalize(made, self._let_go)
        return made

    def _let_go(self) -> None:
        self.held -= 1


@pytest.mark.parametrize(("limit", "together"), [(3000, 3), (3999, 3), (4000, 4), (10, 1)])
def test_no_more_crops_are_held_at_once_than_memory_is_meant_to_hold(
    monkeypatch: pytest.MonkeyPatch, limit: int, together: int
) -> None:
    class Greedy(Levels):
        batch_size = 1900

    monkeypatch.setattr(memory_module, "BATCH_BYTES", limit)  # a crop takes 1000
    album, greedy = Album(11), Greedy()
    assert levels_of(CachedClassifier(greedy, ScoreCache()).score(album)) == list(range(11))
    assert [len(batch) for batch in greedy.asked[:-1]] == [together] * ((11 - 1) // together)
    assert album.most_held == together + 1  # one is read to see that it is too much


def test_a_batch_is_as_many_as_the_classifier_runs_by_then() -> None:
    sizes = [3]
    parts = batches(Album(8), lambda: sizes[0])
    assert len(next(parts)) == 3
    sizes[0] = 2  # memory ran out
    assert [len(part) for part in parts] == [2, 2, 1]
    assert list(batches([], lambda: 3)) == []


def test_the_memory_of_a_batch_is_a_quarter_of_a_gigabyte() -> None:
    assert memory_module.BATCH_BYTES == 256 * 2**20


def test_eight_who_ask_at_once_have_each_crop_judged_once() -> None:
    class Slow(Levels):
        def score(self, crops: Sequence[Crop]) -> list[Scores]:
            time.sleep(0.005)
            return super().score(crops)

    slow = Slow()
    cached = CachedClassifier(slow, ScoreCache())
    answers: dict[int, list[int]] = {}

    def ask(number: int) -> None:
        wanted = [(number + step) % 20 for step in range(20)]
        answers[number] = levels_of(cached.score([crop(level) for level in wanted]))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(level for batch in slow.asked for level in batch) == list(range(20))
    for number in range(8):
        assert answers[number] == [(number + step) % 20 for step in range(20)]


# Digests.


def test_a_digest_is_of_size_and_pixels() -> None:
    same = {digest(crop(1)), digest(crop(1)), digest(crop(1, mask=0))}
    assert len(same) == 1
    others = {digest(crop(2)), digest(crop(1, (3, 4))), digest(crop(1), with_mask=True)}
    assert len(others | same) == 4


def test_masks_count_for_who_sees_them() -> None:
    class Seeing(Levels):
        sees_mask = True

    for kind, asked in ((Levels, [[1]]), (Seeing, [[1, 1]])):
        classifier = kind()
        CachedClassifier(classifier, ScoreCache()).score([crop(1), crop(1, mask=0)])
        assert classifier.asked == asked
