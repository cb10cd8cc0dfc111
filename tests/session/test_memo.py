from segui.session.memo import CAPACITIES, Memo
from segui.session.results import STAGES, Failed


def kept(memo: Memo, stage: str, keys: str) -> str:
    """Which of these keys are kept."""
    return "".join(key for key in keys if memo.find(stage, key) is not None)


def filled(stage: str, keys: str) -> Memo:
    memo = Memo()
    for key in keys:
        memo.put(stage, key, key.upper())
    return memo


def test_every_stage_has_its_place():
    assert set(CAPACITIES) == set(STAGES)


def test_the_latest_results_are_kept_so_that_going_back_is_free():
    memo = filled("scene", "abc")
    memo.trim()
    assert kept(memo, "scene", "abc") == "bc"


def test_what_was_found_again_is_kept_before_what_was_not():
    memo = filled("scene", "ab")
    memo.begin()
    assert memo.find("scene", "a") == "A"
    memo.put("scene", "c", "C")
    memo.begin()
    memo.trim()
    assert kept(memo, "scene", "abc") == "ac"


def test_what_is_wanted_is_kept_however_much_it_is():
    memo = filled("scene", "abcdef")
    memo.begin()
    assert kept(memo, "scene", "abcd") == "abcd"
    memo.trim()
    memo.begin()
    assert kept(memo, "scene", "abcdef") == "abcd"


def test_what_is_not_wanted_any_more_goes():
    memo = filled("scene", "abcd")
    assert kept(memo, "scene", "abcd") == "abcd"
    memo.begin()
    memo.trim()
    assert kept(memo, "scene", "abcd") == "cd"


def test_what_is_kept_for_everybody_is_found_but_not_held():
    memo = Memo(lambda stage, key: f"everybody's {stage} {key}")
    assert memo.find("photo", "a") == "everybody's photo a"
    assert memo.values() == []
    memo.put("photo", "a", "my own")
    assert memo.find("photo", "a") == "my own"


def test_what_nobody_foresaw_is_forgotten_and_what_was_foreseen_is_not():
    memo = Memo()
    memo.put("scene", "bug", Failed("sorry", is_passing=True))
    memo.put("scene", "reason", Failed("too small"))
    memo.forget_passing()
    assert memo.find("scene", "bug") is None
    assert memo.find("scene", "reason") == Failed("too small")
