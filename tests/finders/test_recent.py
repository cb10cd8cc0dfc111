"""The last few of what is dear to make."""

import pytest

from segui.finders.models.recent import Recent


def test_what_was_used_last_is_kept_and_the_rest_is_made_again():
    made = []

    def make(name):
        def one():
            made.append(name)
            return name

        return one

    recent = Recent(2)
    for name in ("one", "two", "one", "three", "one", "two"):
        assert recent.get(name, make(name)) == name
    assert made == ["one", "two", "three", "two"]


def test_what_cannot_be_made_leaves_the_others():
    recent = Recent(1)
    recent.get("one", lambda: 1)
    with pytest.raises(ZeroDivisionError):
        recent.get("two", lambda: 1 // 0)
    assert recent.get("one", lambda: 2) == 1


def test_what_takes_too_much_together_is_let_go_the_oldest_first():
    recent: Recent[bytes] = Recent(5, len, 10)
    made = []

    def get(key: str, size: int) -> bytes:
        return recent.get(key, lambda: made.append(key) or bytes(size))

    assert [len(get(*one)) for one in (("a", 4), ("b", 6), ("a", 4), ("c", 5), ("a", 4))] == [
        4, 6, 4, 5, 4,
    ]  # fmt: skip
    assert made == ["a", "b", "c"]
    assert len(get("b", 6)) == 6
    assert made == ["a", "b", "c", "b"]
    assert [len(get("large", 11)), len(get("large", 11))] == [11, 11]
    assert made == ["a", "b", "c", "b", "large", "large"]
