import numpy as np
import pytest
import torch

from segui.backend.feather import Gaussian, Surroundings, feather, takes_bytes
from tests.backend import oracle
from tests.backend.ways import WAYS, taking

BORDER = {"zero": "constant", "reflect": "reflect", "replicate": "edge"}
NO_MARGINS = (0, 0, 0, 0)


@pytest.fixture(params=WAYS)
def way(request):
    with taking(request.param):
        yield


def noise(height, width):
    return torch.from_numpy(np.random.default_rng(0).random((height, width), np.float32))


def around(margin, border):
    return Surroundings((margin,) * 4, (border,) * 4)


@pytest.mark.parametrize("border", ["zero", "reflect", "replicate"])
@pytest.mark.parametrize("radius", [1, 5, 12, 13, 30, 64, 70])
def test_both_ways_to_blur_are_the_formula(border, radius):
    mask = noise(150, 161)
    want = oracle.taps(radius, 9.0)
    padded = np.pad(mask.double().numpy(), radius, mode=BORDER[border])
    for _ in range(2):
        padded = np.array([np.convolve(row, want, mode="valid") for row in padded]).T
    got = feather(mask, Gaussian(radius, 9.0), around(0, border))
    assert np.abs(got.numpy() - padded).max() < 2e-6


@pytest.mark.parametrize("radius", [3, 20])
def test_margins_are_as_zeros_around_the_mask(radius):
    mask = noise(40, 30)
    wide = torch.zeros(40 + 7 + 5, 30 + 6 + 9)
    wide[7:47, 6:36] = mask
    borders = ("reflect", "zero", "replicate", "zero")
    got = feather(mask, Gaussian(radius, 5.0), Surroundings((6, 7, 9, 5), borders))
    want = feather(wide, Gaussian(radius, 5.0), Surroundings((0, 0, 0, 0), borders))
    assert got.shape == wide.shape
    assert torch.allclose(got, want, atol=1e-6)


def blurred_whole(mask, gaussian, around):
    """The formula in float64 on every pixel, with margins and what lies beyond them laid out."""
    left, top, right, bottom = around.margins_px
    whole = np.pad(mask.double().numpy(), ((top, bottom), (left, right)))
    radius = gaussian.radius_px
    for axis, border in enumerate((around.borders[1], around.borders[0])):
        width = [(0, 0), (0, 0)]
        width[axis] = (radius, radius)
        whole = np.pad(whole, width, mode=BORDER[border])
    for _ in range(2):
        rows = [np.convolve(row, oracle.taps(radius, gaussian.sigma_px), "valid") for row in whole]
        whole = np.array(rows).T
    return whole


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("radius", [3, 13, 25])
@pytest.mark.parametrize("marks", [1, 20])
@pytest.mark.parametrize("gap", [0, 7])
@pytest.mark.parametrize("side", [0, 1, 2, 3])
def test_a_border_mirrors_the_nothing_beyond_the_marks_too(side, gap, marks, radius):
    mask = noise(marks, 9) if side % 2 else noise(9, marks)
    gaussian = Gaussian(radius, 10.0)
    margins = tuple(min(gap, radius) if at == side else radius for at in range(4))
    borders = tuple("reflect" if at == side else "zero" for at in range(4))
    got = feather(mask, gaussian, Surroundings(margins, borders))
    # with as much nothing again on the open sides, no tap meets what lies beyond it
    left, top, right, bottom = (radius * (at != side) for at in range(4))
    wide = tuple(sum(pair) for pair in zip(margins, (left, top, right, bottom), strict=True))
    want = blurred_whole(mask, gaussian, Surroundings(wide, ("reflect",) * 4))
    height, width = want.shape
    want = want[top : height - bottom, left : width - right]
    assert np.abs(got.numpy() - want).max() < 2e-6


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("border", ["reflect", "replicate"])
@pytest.mark.parametrize("radius", [1, 12, 50])
@pytest.mark.parametrize("size_hw", [(1, 1), (2, 3), (5, 1), (13, 14)])
@pytest.mark.parametrize("margins", [NO_MARGINS, (0, 1, 3, 2), (0, 60, 0, 0)])
def test_what_is_shorter_than_the_radius_is_mirrored_again_and_again(
    border, radius, size_hw, margins
):
    mask = noise(*size_hw)
    surroundings = Surroundings(margins, (border,) * 4)
    got = feather(mask, Gaussian(radius, 10.0), surroundings)
    want = blurred_whole(mask, Gaussian(radius, 10.0), surroundings)
    assert np.abs(got.numpy() - want).max() < 2e-6


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("border", ["zero", "reflect", "replicate"])
@pytest.mark.parametrize("radius", [1, 12, 13, 100])
def test_all_of_a_whole_mask_is_exactly_1_and_nothing_is_above(border, radius):
    gaussian = Gaussian(radius, radius / 3)
    whole = feather(torch.ones(2 * radius + 3, 2 * radius + 5), gaussian, around(0, border))
    inner = slice(radius, -radius) if border == "zero" else slice(None)
    assert (whole[inner, inner] == 1).all()
    assert whole.max() == 1


@pytest.mark.parametrize("radius", [3, 30])
def test_what_no_tap_reaches_is_exactly_0(radius):
    got = feather(torch.ones(1, 1), Gaussian(radius, 4.0), around(radius + 2, "zero"))
    side = 2 * radius + 5
    reached = torch.zeros(side, side, dtype=torch.bool)
    reached[2 : side - 2, 2 : side - 2] = True
    assert (got[~reached] == 0).all()
    assert (got[reached] >= 0).all()


def test_radius_0_changes_nothing_but_adds_the_margins():
    got = feather(torch.ones(2, 3), Gaussian(0, 1.0), Surroundings((1, 2, 0, 1), ("zero",) * 4))
    assert got.tolist() == [[0] * 4, [0] * 4, [0, 1, 1, 1], [0, 1, 1, 1], [0] * 4]


@pytest.mark.parametrize(
    ("feather_px", "size_hw", "radius"),
    [
        (5, (100, 100), 5),
        (5, (12, 100), 5),
        (5, (11, 100), 2),
        (5, (10, 10), 2),
        (100, (73, 56), 14),
        (50, (102, 300), 50),
        (100, (202, 300), 54),  # what is further out has no weight
        (5, (3, 3), 0),
        (5, (4, 4), 1),
        (5, (20, 2), 0),
        (5, (1, 1), 0),
        (0, (50, 50), 0),
    ],
)
def test_the_references_kernel_is_cut_down_for_small_crops(feather_px, size_hw, radius):
    assert Gaussian.impact(feather_px, size_hw) == Gaussian(radius, 10.0)


def test_the_smooth_edge_ends_at_three_sigma():
    assert Gaussian.smooth(30) == Gaussian(30, 10.0)


def test_the_taps_add_up_to_1_and_are_symmetric():
    for gaussian in (Gaussian(9, 3.0), Gaussian(100, 10.0), Gaussian(500, 500 / 3)):
        taps = gaussian.taps()
        assert float(taps.sum()) == 1
        assert torch.equal(taps, taps.flip(0))
        want = oracle.taps(gaussian.radius_px, gaussian.sigma_px)
        assert np.abs(taps.cumsum(0).numpy() - want.cumsum()).max() < 1e-7


def test_the_filter_and_the_product_agree():
    mask = noise(90, 130)
    gaussian = Gaussian(10, 4.0)
    surroundings = Surroundings((3, 0, 4, 2), ("replicate", "reflect", "zero", "reflect"))
    filtered = feather(mask, gaussian, surroundings)
    for way in WAYS:
        with taking(way):
            assert torch.allclose(filtered, feather(mask, gaussian, surroundings), atol=1e-6)


@pytest.mark.parametrize("border", ["zero", "reflect", "replicate"])
@pytest.mark.parametrize("margin", [0, 4])
@pytest.mark.parametrize("radius", [1, 5, 12])
def test_a_hard_mask_of_bytes_is_blurred_to_the_same_bits(radius, margin, border):
    marks = noise(70, 61) > 0.5
    gaussian, beyond = Gaussian(radius, 9.0), around(margin, border)
    assert takes_bytes(gaussian, marks.device)
    got = feather(marks.to(torch.uint8), gaussian, beyond)
    assert torch.equal(got, feather(marks.float(), gaussian, beyond))
