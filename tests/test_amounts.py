"""Sizes in sentences of what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.images.limits import check_megapixels
from segui.json_reading import read_json


@given(st.floats(1e-4, 1e6), st.integers(1, 10_000_000))
def test_what_is_too_large_never_reads_as_what_is_allowed(most, more):
    most = round(most, 3) or 1e-3
    assert Decimal(rounded_up(most + more / 1e6)) > Decimal(allowed(most))


@pytest.mark.parametrize(
    ("size", "text"),
    [(20, "20"), (20.000001, "20.1"), (1.1, "1.1"), (0.02719, "0.0272"), (1e9, "1000000000")],
)
def test_a_size_is_rounded_up_to_a_tenth_or_to_three_digits(size, text):
    assert rounded_up(size) == text


def test_a_byte_and_a_pixel_too_much_are_seen_in_the_sentence():
    with pytest.raises(InputError) as caught:
        read_json(b" " * 20_001, "the recipe", max_bytes=20_000)
    assert str(caught.value) == "the recipe has 0.0201 MB: at most 0.02 MB are read"
    with pytest.raises(InputError) as caught:
        check_megapixels((1000, 1001), 1, "a.png")
    assert str(caught.value) == "a.png is 1000 x 1001, 1.1 megapixels: at most 1 are read"
