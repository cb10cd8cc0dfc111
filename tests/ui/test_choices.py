import pytest

from segui.backend.effect_table import EFFECT_NAMES
from segui.classifiers.colour import TERMS
from segui.expression import PRESETS, parse
from segui.ui.layout import choices


def values(pairs) -> list[str]:
    return [value for _, value in pairs]


@pytest.mark.parametrize("labels", [(), ("male", "female"), TERMS, ("0", "a b", 'x"y')])
def test_presets_begin_with_everything_and_all_of_them_are_rules_but_the_manual_one(labels):
    offered = values(choices.preset_choices(labels, has_all=True))
    assert offered[0] == "*"
    assert len(set(offered)) == len(offered)
    assert set(PRESETS) <= set(offered)
    for expression in {*offered} - {"Manual expr"}:
        parse(expression)


def test_those_that_cannot_work_here_are_folded_away():
    offered = choices.preset_choices(TERMS)
    assert offered[-1] == (f"{len(PRESETS)} presets that cannot work here…", "more presets")
    assert not {*PRESETS} & {*values(offered)}
    assert choices.preset_choices(())[-1] == ("Your own rule", "Manual expr")


def test_what_does_not_fit_the_labels_says_why():
    shown = [text for text, _ in choices.preset_choices(TERMS, has_all=True)]
    shown = [text for text in shown if "(not here" in text]
    assert len(shown) == len(PRESETS)
    assert all("(not here: this classifier has no" in text for text in shown)
    assert max(map(len, shown)) < 90


def test_a_preset_is_known_by_its_text():
    assert choices.preset_of(" red > 50% ", TERMS) == "red > 50%"
    assert choices.preset_of("red > 51%", TERMS) == "Manual expr"


def test_every_effect_stands_in_one_group_and_no_group_is_long():
    assert sorted(values(choices.effect_choices())) == sorted(EFFECT_NAMES)
    assert max(map(len, choices.EFFECT_GROUPS.values())) <= 7  # and one that is chosen elsewhere
