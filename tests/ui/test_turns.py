from segui.ui.turns import Turns


def test_only_the_latest_step_of_a_session_counts():
    turns = Turns()
    first, other = turns.take("one"), turns.take("two")
    second = turns.take("one")
    assert not turns.is_latest("one", first)
    assert turns.is_latest("one", second)
    assert turns.is_latest("two", other)


def test_a_session_that_ended_has_no_latest_step():
    turns = Turns()
    turn = turns.take("one")
    turns.forget("one")
    assert not turns.is_latest("one", turn)
