from segui.ui.turns import Overlaps, Turns


def test_only_the_latest_step_of_a_session_counts():
    turns = Turns()
    first, other = turns.take("one"), turns.take("two")
    second = turns.take("one")
    assert not turns.is_latest("one", first)
    assert turns.is_latest("one", second)
    assert turns.is_latest("two", other)


def test_only_the_latest_step_s_answer_counts():
    turns = Turns()
    assert not turns.is_answered("one")
    first = turns.take("one")
    assert not turns.is_answered("one")
    turns.answer("one", first)
    assert turns.is_answered("one")
    assert not turns.is_answered("two")
    turns.take("one")
    assert not turns.is_answered("one")
    turns.forget("one")
    assert not turns.is_answered("one")


def test_a_model_is_asked_in_the_latest_step_alone_until_it_has_answered():
    turns = Turns()
    assert turns.due("one") is None
    first = turns.take("one")
    assert turns.due("one") is None
    turns.ask("one", first)
    assert turns.due("one") == first
    second = turns.take("one")
    assert turns.due("one") is None
    turns.ask("one", second)
    turns.ask("one", first)  # a step that is slower
    assert turns.due("one") == second
    turns.answer("one", second)
    assert turns.due("one") is None
    turns.ask("two", turns.take("two"))
    turns.forget("two")
    assert turns.due("two") is None


def test_a_session_that_ended_has_no_latest_step():
    turns = Turns()
    turn = turns.take("one")
    turns.forget("one")
    assert not turns.is_latest("one", turn)


def test_a_choice_while_areas_are_found_is_noticed_at_their_end():
    overlaps = Overlaps()
    overlaps.choose("mine")
    overlaps.begin("mine")
    overlaps.begin("mine")
    overlaps.choose("mine")
    overlaps.choose("other")
    assert [overlaps.end("mine"), overlaps.end("mine"), overlaps.end("mine")] == [True, True, False]
    overlaps.begin("mine")
    assert overlaps.is_finding("mine")
    assert not overlaps.is_finding("other")
    assert not overlaps.end("mine")
    assert not overlaps.is_finding("mine")


def test_what_a_session_left_behind_is_forgotten():
    overlaps = Overlaps()
    overlaps.begin("mine")
    overlaps.choose("mine")
    overlaps.forget("mine")
    assert not overlaps.end("mine")
