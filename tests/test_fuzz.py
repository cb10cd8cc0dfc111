"""Each target of ``make fuzz``, with few inputs and always the same."""

from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz.__main__ import fault_of, inputs
from tests.fuzz.targets import TARGETS, Target

INPUTS = 80


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # Pillow's, of broken files: a server ignores them too
@pytest.mark.parametrize("name", TARGETS)
def test_what_is_made_up_is_read_or_refused_with_a_sentence(name: str, tmp_path: Path):
    target = TARGETS[name](tmp_path)
    for data in islice(inputs(target, name, 0), INPUTS):
        assert fault_of(target, data) == ""


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [name for name in TARGETS if name != "names"])  # all are shown
def test_some_of_it_is_read_and_some_is_not(name: str, tmp_path: Path):
    target = TARGETS[name](tmp_path)
    outcomes = set()
    for data in islice(inputs(target, name, 0), 4 * INPUTS):
        try:
            target.attempt(data)
            outcomes.add("read")
        except Exception as error:  # noqa: BLE001  those of the project, as the other test holds
            outcomes.add(type(error).__name__)
        if len(outcomes) > 1 and "read" in outcomes:
            break
    assert "read" in outcomes
    assert len(outcomes) > 1


class Broken(Target):
    def draw(self, chance):
        return b"anything"

    def attempt(self, data):
        raise KeyError("not an error of the project's")


class Talkative(Broken):
    def attempt(self, data):
        from segui.errors import InputError

        raise InputError(f"{self.folder} has no such file")


@pytest.mark.parametrize(("kind", "said"), [(Broken, "KeyError"), (Talkative, "has no such file")])
def test_a_fault_is_found(kind, said, tmp_path: Path):
    assert said in fault_of(kind(tmp_path), b"anything")
