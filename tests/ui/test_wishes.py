import pytest

from segui.errors import InputError
from segui.pipeline import PasteOptions, SegmentOptions
from segui.ui.wishes import default_values, wishes_of


def wishes(**said):
    return wishes_of({**default_values("Colour names", "auto"), **said})


def test_the_pages_defaults_are_the_engines():
    assert wishes().segments == SegmentOptions()
    assert wishes().paste == PasteOptions()
    assert (wishes().expression, wishes().on_unknown) == ("*", "remain")


@pytest.mark.parametrize(
    ("said", "feather"), [(None, 5), (900, 500), (-3, 0), (7, 7), (0, 0), (6.6, 7)]
)
def test_a_slider_left_empty_or_out_of_bounds_is_taken_within(said, feather):
    assert wishes(feather=said).paste.feather == feather


def test_number_boxes_left_empty_have_their_defaults():
    options = wishes(crop_factor=None, drop_size=None).segments
    assert (options.crop_factor, options.drop_size) == (3.0, 10)


def test_strength_counts_for_the_effects_that_have_one():
    assert wishes(effect="blur", strength=12).paste.strength == 12
    assert wishes(effect="blur", strength=0).paste.strength is None
    assert wishes(effect="grey", strength=12).paste.strength is None


def test_an_unknown_effect_is_refused():
    with pytest.raises(InputError, match="effect is 'zzz'"):
        wishes(effect="zzz")
