"""What ``make quick`` leaves out is little, and ``make test`` leaves out nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import settings

from tests.counts import FEWEST, PART, QUICK, WHOLE, examples

ROOT = Path(__file__).parents[1]
MOST_LONG = 0.09  # of all test functions; make quick tries none of them


@pytest.fixture
def profile():
    """Loads a profile of Hypothesis until the test ends."""
    before = settings.get_current_profile_name()
    yield settings.load_profile
    settings.load_profile(before)


def recipe(target: str) -> str:
    """The commands of one of the Makefile's targets."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert found
    return found[1]


def test_few_tests_are_long():
    lines = [
        line
        for path in (ROOT / "tests").rglob("test_*.py")
        if path != Path(__file__)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    functions = sum(bool(re.match(r"\s*(async )?def test_", line)) for line in lines)
    long = sum(bool(re.search(r"pytest\.mark\.long\b|add_marker\(.long", line)) for line in lines)
    assert 0 < long <= MOST_LONG * functions, f"{long} of {functions} are long"


def test_all_is_tried_where_nobody_waits(profile):
    profile(WHOLE)
    assert [examples(count) for count in (1, 40, 500)] == [1, 40, 500]
    assert settings().max_examples == 100


def test_a_part_is_tried_where_one_waits(profile):
    profile(QUICK)
    assert [examples(count) for count in (FEWEST, 40, 500)] == [FEWEST, max(FEWEST, 40 // PART), 50]
    assert settings().max_examples == 100 // PART
    assert settings().deadline is None


def test_a_whole_run_leaves_nothing_out():
    assert f"--hypothesis-profile {QUICK}" in recipe("quick")
    assert "not long" in recipe("quick")
    assert "-m " not in recipe("test").replace("-m tests.browser.chromium", "")
    assert "profile" not in recipe("test")
