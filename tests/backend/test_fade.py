"""Opacities of single segments, against the formulas in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import (
    Edit,
    ExpressionError,
    InputError,
    Segments,
    apply_edits,
    fade,
    paste,
    read_edits,
    read_rules,
    segments_from_mask,
)
from segui.backend.coverage import coverage
from segui.paste_values import PasteOptions
from segui.segments.segment import scale_segments
from segui.selection import Selection, select
from tests.backend import oracle

SIZE_HW = (60, 120)
BOXES = ((10, 10, 30, 30), (70, 12, 100, 48), (40, 20, 60, 40))
REDS = (0.2, 0.6, 0.9)
ALPHAS = (0.0, (0.6 - 0.3) / (0.7 - 0.3), 1.0)
RAMP = "30%..70% of red"


def segments() -> Segments:
    mask = torch.zeros(SIZE_HW)
    for x1, y1, x2, y2 in BOXES:
        mask[y1:y2, x1:x2] = 1
    return segments_from_mask(mask)


def photo(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*SIZE_HW, 3), np.uint8)


def chosen(rule: str = "*", reds=REDS) -> Selection:
    return select(segments(), [{"red": red} for red in reds], rule)


def expected(base: np.ndarray, other: np.ndarray, alphas, alpha, feather, edge) -> np.ndarray:
    """One segment after the other, each with its own opacity: float64."""
    for item, own in zip(segments().items, alphas, strict=True):
        base = oracle.paste(base, segments().of([item]), feather, alpha * own, other, edge)
    return base


@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
@pytest.mark.parametrize("feather", [0, 7, 30])
@pytest.mark.parametrize("alpha", [255, 128])
def test_a_paste_has_each_segments_own_opacity(edge, feather, alpha):
    base, other = (photo(seed)[None] / 255 for seed in (1, 2))
    base_t, other_t = (torch.from_numpy(each).float() for each in (base, other))
    faded = fade(chosen(), RAMP).filtered
    result = paste(base_t, faded, feather, alpha, other_t, edge)
    wanted = expected(base, other, ALPHAS, alpha, feather, edge)
    assert np.abs(result.numpy() - wanted).max() < 1e-4
    in_bytes = paste(
        torch.from_numpy(photo(1))[None],
        faded,
        feather,
        alpha,
        torch.from_numpy(photo(2))[None],
        edge,
    )
    assert np.abs(in_bytes.numpy() - wanted * 255).max() <= 1


@pytest.mark.long
@settings(max_examples=30, deadline=None)
@given(st.tuples(*(st.floats(0, 1) for _ in BOXES)))
def test_any_scores_are_the_ramps_opacities(reds):
    alphas = [min(1.0, max(0.0, (red - 0.3) / 0.4)) for red in reds]
    base, other = (photo(seed)[None] / 255 for seed in (1, 2))
    base_t, other_t = (torch.from_numpy(each).float() for each in (base, other))
    result = paste(base_t, fade(chosen(reds=reds), RAMP).filtered, 9, 255, other_t)
    assert np.abs(result.numpy() - expected(base, other, alphas, 255, 9, "smooth")).max() < 1e-4


def test_where_the_opacity_is_0_no_pixel_changes():
    base, other = (torch.from_numpy(photo(seed))[None] for seed in (1, 2))
    result = paste(base, fade(chosen("@index = 1"), RAMP).filtered, 20, 255, other)
    assert torch.equal(result, base)


def test_what_is_covered_has_the_same_opacities():
    covered = coverage(fade(chosen(), RAMP).filtered, SIZE_HW, 0)
    for (x1, y1, x2, y2), alpha in zip(BOXES, ALPHAS, strict=True):
        assert torch.allclose(covered[y1:y2, x1:x2], torch.tensor(alpha), atol=1e-6)


def test_a_segment_keeps_its_opacity_at_another_size():
    scaled = scale_segments(fade(chosen(), RAMP).filtered, (30, 60))
    assert [item.opacity for item in scaled.items] == pytest.approx(ALPHAS)


def test_of_a_segments_opacity_anything_from_0_to_1_is_taken():
    item = segments().items[0]
    assert item.opacity == 1
    assert item.with_opacity(0.25).opacity == 0.25
    assert item.with_opacity(0.25).bbox == item.bbox
    for other in (-0.1, 1.1, float("nan"), "1"):
        with pytest.raises(InputError) as caught:
            item.with_opacity(other)
        assert str(caught.value) == f"the opacity is {other}: expected 0 to 1"


def test_only_what_is_chosen_has_an_opacity_and_its_reason_says_so():
    faded = fade(chosen("red > 50%"), RAMP)
    assert [item.opacity for item in faded.segments.items] == pytest.approx((1.0, 0.75, 1.0))
    assert faded.reasons == (
        "red 20% > 50% is false",
        "red 60% > 50% is true; opacity 75%: red 60%",
        "red 90% > 50% is true; opacity 100%: red 90%",
    )
    assert faded.whole_reasons == faded.reasons


def test_what_is_unknown_is_not_seen_and_the_reason_says_so():
    faded = fade(chosen(), "30%..70% of green")
    assert [item.opacity for item in faded.filtered.items] == [0, 0, 0]
    assert faded.reasons[0] == (
        "everything passes; opacity 0%: no label 'green': the classifier gave red"
    )


def test_a_property_that_the_rule_does_not_ask_for_is_measured():
    photo_t, edited_t = (torch.from_numpy(photo(seed))[None] for seed in (1, 2))
    by_rank = fade(chosen(), "3..1 of @rank")
    assert [item.opacity for item in by_rank.filtered.items] == [0.5, 1.0, 0.0]
    by_change = fade(chosen(), "0..1 of @changed", photo_t, edited_t)
    for item, (x1, y1, x2, y2) in zip(by_change.filtered.items, BOXES, strict=True):
        difference = np.abs(photo(1)[y1:y2, x1:x2] / 255 - photo(2)[y1:y2, x1:x2] / 255)
        assert item.opacity == pytest.approx(difference.mean(), abs=1e-5)


@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
def test_edits_have_opacities_each_their_own(effect_on):
    edits = [
        {"effect": "invert", "fade": RAMP, "feather": 0, "effect_on": effect_on},
        {"effect": "grey", "rule": "red > 1", "fade": "50%"},
    ]
    scores = [{"red": red} for red in REDS]
    done = apply_edits(photo(), segments(), scores, read_edits(edits))
    inverted = 255.0 - photo()
    inside = expected(photo().astype(float)[None], inverted[None], ALPHAS, 255, 0, "smooth")[0]
    if effect_on == "everything else":  # there it is how much of the photo is kept
        back = expected(inverted[None], photo().astype(float)[None], ALPHAS, 255, 0, "smooth")[0]
        inside = back
    assert np.abs(done.pixels - inside).max() <= 1
    assert [item.opacity for item in done.selections[0].filtered.items] == pytest.approx(ALPHAS)


def test_a_condition_of_what_opacity_follows_may_name_a_rule():
    rules = "reddish = red > 50%"
    edits = read_edits([{"effect": "invert", "fade": "80% if reddish else 20%"}], {"rules": rules})
    done = apply_edits(photo(), segments(), [{"red": red} for red in REDS], edits)
    assert [item.opacity for item in done.selections[0].filtered.items] == [0.2, 0.8, 0.8]
    with pytest.raises(ExpressionError):
        Edit(fade="80% if reddish else 20%")
    Edit(fade="80% if reddish else 20%", rules=read_rules(rules))


def test_what_is_hidden_has_no_opacity_of_its_own():
    with pytest.raises(InputError) as caught:
        Edit(paste=PasteOptions(effect="hide"), fade=RAMP)
    assert str(caught.value) == f"fade is '{RAMP}': expected '' for hide"


def test_a_segments_paste_without_an_opacity_of_its_own_is_as_ever():
    base, other = (torch.from_numpy(photo(seed))[None] for seed in (1, 2))
    plain = chosen().filtered
    whole = plain.of(item.with_opacity(1.0) for item in plain.items)
    assert torch.equal(paste(base, plain, 9, 200, other), paste(base, whole, 9, 200, other))
