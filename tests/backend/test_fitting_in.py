"""Fitting in: colour at the seam, and gradients alone, against what they promise."""

import cv2
import numpy as np
import pytest
import torch

from segui import Box, InputError, paste
from segui.backend.fitting_in import FittedParts
from segui.backend.in_parts import ReadyParts
from segui.backend.matching import band, band_px, match
from segui.backend.seamless import carried_inwards
from segui.finders.regions import segments_from_mask
from segui.images.pictures import Picture
from segui.paste_values import PasteOptions, is_fitted
from segui.pipeline import Scene
from segui.rendering import edited, render
from tests.backend.test_stopping_a_paste import GoneError, Stopping

SIZE_HW = (120, 160)


def ellipse(centre=(80, 60), axes=(50, 35)) -> np.ndarray:
    mask = np.zeros(SIZE_HW, np.uint8)
    cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1)
    return mask


def smooth(seed: int = 0, low: int = 60, high: int = 180) -> np.ndarray:
    noise = np.random.default_rng(seed).random((*SIZE_HW, 3)).astype(np.float32)
    values = cv2.GaussianBlur(noise, (0, 0), 6)
    values = (values - values.min()) / np.ptp(values)
    return np.rint(low + values * (high - low)).astype(np.uint8)


def scene(photo: np.ndarray, other: np.ndarray | None, mask: np.ndarray) -> Scene:
    segments = segments_from_mask(torch.from_numpy(mask), drop_size=1)
    return Scene(Picture(photo), None if other is None else Picture(other), segments)


MASKS = {
    "inside": ellipse(),
    "at the border": ellipse((5, 8)),
    "in a corner": ellipse((160, 120), (30, 30)),
    "two that touch": np.maximum(ellipse((40, 60), (30, 30)), ellipse((120, 60), (38, 30))),
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("offset", [(30, 30, 30), (-40, 10, 55)])
@pytest.mark.parametrize("feather", [0, 9])
def test_a_constant_offset_leaves_no_seam(mask, offset, feather):
    photo = smooth()
    other = (photo.astype(int) + offset).astype(np.uint8)
    made = scene(photo, other, mask)
    got = render(made, made.segments, PasteOptions(feather=feather, fit="seamless"))
    assert np.abs(got.astype(int) - photo).max() <= 2
    assert (
        np.abs(render(made, made.segments, PasteOptions(feather=0)).astype(int) - photo).max() > 2
    )


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_seamless_keeps_gradients_and_meets_the_photo(mask):
    photo, other = smooth(0), smooth(7, 90, 150)
    made = scene(photo, other, mask)
    got = render(made, made.segments, PasteOptions(feather=0, fit="seamless")).astype(int)
    inside = mask > 0
    assert np.array_equal(got[~inside], photo[~inside])
    deep = cv2.erode(mask, np.ones((5, 5), np.uint8)) > 0
    laplace = np.array(((0, 1, 0), (1, -4, 1), (0, 1, 0)), np.float32)
    own, theirs = (
        cv2.filter2D(pixels.astype(np.float32), -1, laplace, borderType=cv2.BORDER_REPLICATE)
        for pixels in (got, other)
    )
    assert np.abs(own - theirs)[deep].max() <= 6, "the same but for what rounding makes of it"
    # across the outline there is no larger step than there was in either
    steps = np.abs(np.diff(got, axis=1)).max(axis=2)[np.diff(inside.astype(int), axis=1) != 0]
    assert steps.max() <= 8


@pytest.mark.parametrize("shape", [(24, 32), (21, 35), (9, 64), (2, 2), (1, 30), (65, 3)])
@pytest.mark.parametrize("kind", ["blob", "noise", "corner", "one side"])
def test_what_is_carried_inwards_is_harmonic(shape, kind):
    rng = np.random.default_rng(1)
    inside = np.zeros(shape, bool)
    height, width = shape
    if kind == "blob":
        inside[height // 5 : -(height // 5) or None, width // 5 : -(width // 5) or None] = True
    elif kind == "noise":
        inside = rng.random(shape) < 0.6
    elif kind == "corner":
        inside[: height // 2 + 1, : width // 2] = True
    else:
        inside[:, : width - 1] = True
    if inside.all():
        inside[-1, -1] = False
    known = rng.normal(0, 40, (*shape, 3)).astype(np.float32)
    found = carried_inwards(known, inside)
    assert np.array_equal(found[~inside], known[~inside])
    expected = solved(known, inside)
    assert np.abs(found - expected).max() < 1


def solved(known: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Each inner pixel the mean of those neighbours that there are, by elimination, in float64."""
    height, width = inside.shape
    result = known.astype(np.float64)
    places = [tuple(place) for place in np.argwhere(inside)]
    number = {place: index for index, place in enumerate(places)}
    matrix, right = np.zeros((len(places),) * 2), np.zeros((len(places), 3))
    for (y, x), index in number.items():
        for beside in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if not (0 <= beside[0] < height and 0 <= beside[1] < width):
                continue
            matrix[index, index] += 1
            if beside in number:
                matrix[index, number[beside]] -= 1
            else:
                right[index] += known[beside]
    reached = matrix.diagonal() > 0
    if reached.all():
        result[inside] = np.linalg.solve(matrix, right)
    return result


def test_nothing_known_carries_nothing():
    assert not carried_inwards(np.ones((5, 6, 3), np.float32), np.ones((5, 6), bool)).any()


@pytest.mark.long
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_a_cast_of_the_edit_is_taken_back_by_its_colour_at_the_outline(mask):
    photo = smooth()
    other = (photo * (0.8, 1.0, 0.7) + (20, 5, 12)).clip(0, 255).astype(np.uint8)
    made = scene(photo, other, mask)
    apart = [
        np.abs(render(made, made.segments, PasteOptions(fit=fit)).astype(int) - photo).mean()
        for fit in ("as is", "colour")
    ]
    assert apart[1] < 0.25 * apart[0]


def test_the_same_picture_stays_as_it_is():
    photo = smooth()
    made = scene(photo, photo, ellipse())
    for fit in ("colour", "seamless"):
        got = render(made, made.segments, PasteOptions(fit=fit))
        assert np.abs(got.astype(int) - photo).max() <= 1


def test_mean_and_spread_become_the_photos():
    photo, other = smooth(0), smooth(3, 100, 130)
    counted = band(ellipse() > 0, 8)
    found = match(photo, other, counted)
    assert found is not None
    lab = [
        cv2.cvtColor((pixels / 255).astype(np.float32), cv2.COLOR_RGB2Lab)[counted]
        for pixels in (photo, found.of(other))
    ]
    spread = (found.spread > 0.5) & (found.spread < 2)
    assert np.abs(lab[0].mean(0) - lab[1].mean(0)).max() < 1
    assert np.abs(lab[0].std(0) - lab[1].std(0))[spread].max(initial=0) < 1


def test_a_band_lies_on_both_sides_of_an_outline_and_not_at_the_pictures_border():
    inside = np.zeros((20, 20), bool)
    inside[:, :10] = True
    expected = np.zeros((20, 20), bool)
    expected[:, 7:13] = True
    assert np.array_equal(band(inside, 3), expected)
    assert not band(np.ones((20, 20), bool), 3).any()
    sizes = (Box(0, 0, 9, 9), Box(0, 0, 120, 90), Box(0, 0, 3000, 2000))
    assert [band_px(box) for box in sizes] == [3, 8, 32]


@pytest.mark.parametrize("fit", ["colour", "seamless"])
def test_what_covers_all_of_the_photo_has_no_outline_and_stays(fit):
    photo, other = smooth(0), smooth(5)
    made = scene(photo, other, np.full(SIZE_HW, 255, np.uint8))
    assert np.array_equal(render(made, made.segments, PasteOptions(feather=0, fit=fit)), other)


@pytest.mark.parametrize("fit", ["as is", "colour", "seamless"])
@pytest.mark.parametrize("blend", ["normal", "multiply"])
@pytest.mark.parametrize("channels", [3, 4])
def test_a_page_draws_what_is_pasted_from_the_edited_picture(fit, blend, channels):
    photo, other = smooth(0), smooth(9, 20, 240)
    if channels == 4:
        photo = np.dstack((photo, np.full(SIZE_HW, 128, np.uint8)))
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[20:60, 20:60], mask[80:110, 90:150] = 255, 255
    made = scene(photo, other, mask)
    options = PasteOptions(feather=8, fit=fit, blend=blend)
    shown = edited(made, made.segments, options)
    base = torch.from_numpy(photo)[None]
    expected = paste(base, made.segments, 8, reference=torch.from_numpy(shown[..., :3])[None])
    got = render(made, made.segments, options)
    assert np.abs(got.astype(int) - expected[0].numpy()).max() <= 1
    assert is_fitted(options) is (fit != "as is")


def test_of_areas_that_touch_each_keeps_its_own_colours_in_the_preview():
    photo, other = smooth(0), smooth(9, 20, 240)
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[20:60, 20:60], mask[20:60, 62:100] = 255, 255
    made = scene(photo, other, mask)
    shown = edited(made, made.segments, PasteOptions(feather=20, fit="colour"))
    fitted = FittedParts(
        torch.from_numpy(photo)[None], ReadyParts(torch.from_numpy(other)[None]), "colour"
    )
    for item in made.segments.items:
        box = item.content
        assert np.array_equal(shown[box.slices], fitted.at(item, box)[0].numpy())


def test_what_is_transparent_has_no_say():
    photo = smooth()
    other = np.dstack(((photo.astype(int) + 30).astype(np.uint8), np.full(SIZE_HW, 255, np.uint8)))
    other[:, 120:] = (255, 0, 255, 0)
    made = scene(photo, other, ellipse())
    got = render(made, made.segments, PasteOptions(fit="colour"))
    assert np.abs(got.astype(int) - photo)[:, :115].max() < 12
    assert np.array_equal(got[:, 125:], photo[:, 125:])


def test_everything_else_and_a_cut_out_are_pasted_as_they_are():
    made = scene(smooth(0), smooth(5), ellipse())
    for effect, effect_on in (("none", "everything else"), ("cut-out", "filtered")):
        plain, fitted = (
            render(made, made.segments, PasteOptions(effect, effect_on, fit=fit))
            for fit in ("as is", "seamless")
        )
        assert np.array_equal(plain, fitted)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fit": "tight"}, "fit is 'tight': expected one of as is, colour, seamless"),
        ({"effect": "hide", "fit": "colour"}, "fit is 'colour': expected 'as is' for hide"),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(InputError) as caught:
        PasteOptions(**options)
    assert str(caught.value) == message


def test_fitting_ends_when_nobody_waits():
    mask = np.zeros(SIZE_HW, np.uint8)
    for x in range(5, 150, 20):
        mask[20:40, x : x + 10] = 255
    made = scene(smooth(0), smooth(5), mask)
    stop = Stopping(3)
    with pytest.raises(GoneError):
        render(made, made.segments, PasteOptions(fit="seamless"), "cpu", stop=stop)
    assert stop.asked == 4
