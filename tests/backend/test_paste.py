import numpy as np
import pytest
import torch

from segui import Box, InputError, Segment, Segments, paste, segments_from_mask
from segui.backend.coverage import coverage
from segui.backend.opacity import place
from segui.backend.paste import Layer, overlapping
from tests.backend import oracle
from tests.drawn import levels, mask, picture, rectangle, segment

EDGES = ["smooth", "outward", "impact"]
FEATHERS = [0, 1, 2, 5, 12, 13, 20, 40]


def soft_mask(height, width, seed=0):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    bumps = sum(
        np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 90)
        for y, x in rng.uniform(0, 1, (4, 2)) * (height, width)
    )
    return torch.from_numpy((bumps > 0.35).astype(np.float32) * bumps.clip(0, 1).astype(np.float32))


def scattered(size_hw, seed=0, **others):
    """Segments that overlap, touch borders, and reach beyond the image."""
    crops = [(5, 4, 45, 40), (30, 20, 76, 66), (-8, 30, 22, 58), (50, -6, 86, 26), (60, 50, 63, 54)]
    items = [
        Segment(soft_mask(Box(*crop).height, Box(*crop).width, seed + n), crop, crop, **others)
        for n, crop in enumerate(crops)
    ]
    return Segments(size_hw, items)


def expect(base, segments, feather, alpha, reference, edge):
    wide = None if reference is None else reference.double().numpy()
    return oracle.paste(base.double().numpy(), segments, feather, alpha, wide, edge)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("feather", FEATHERS)
def test_float32_is_the_formula_within_1e_5(edge, feather):
    base, reference = picture(64, 80, 1), picture(64, 80, 2)
    segments = scattered((64, 80))
    got = paste(base, segments, feather, 200, reference, edge)
    want = expect(base, segments, feather, 200, reference, edge)
    assert got.dtype == torch.float32
    assert np.abs(got.numpy() - want).max() < 1e-5


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("feather", FEATHERS)
def test_uint8_is_the_formula_rounded_to_nearest(edge, feather):
    base, reference = picture(64, 80, 1), picture(64, 80, 2)
    segments = scattered((64, 80))
    got = paste(levels(base), segments, feather, 200, levels(reference), edge)
    want = expect(base, segments, feather, 200, reference, edge) * 255
    assert got.dtype == torch.uint8
    assert np.abs(got.numpy() - want).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("opacity", [0, 1, 0.5, 0.25, 2**-20, 1 - 2**-20, 0.3, 0.7, 1 / 3])
@pytest.mark.parametrize("alpha", [255, 128, 1])
def test_every_level_on_every_other_is_rounded_to_nearest(opacity, alpha):
    under, over = torch.meshgrid(torch.arange(256), torch.arange(256), indexing="ij")
    base, reference = (grid[None, ..., None].repeat(1, 1, 1, 3).byte() for grid in (under, over))
    box = (0, 0, 256, 256)
    alone = Segments((256, 256), [Segment(torch.full((256, 256), float(opacity)), box, box)])
    got = paste(base, alone, 0, alpha, reference)[0, ..., 0].double()
    share = float(np.float32(opacity)) * alpha / 255
    want = under + share * (over - under).double()
    assert (got - want).abs().max() <= 0.5 + 1e-4


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("channels", [(3, 3), (3, 4), (4, 3), (4, 4)])
def test_a_segment_alone_on_bytes_is_the_formula_too(edge, channels):
    base, reference = (picture(40, 50, n, count, 2) for n, count in enumerate(channels))
    crop = (6, -3, 44, 30)
    masks = torch.stack([soft_mask(33, 38, seed) for seed in (1, 2)])
    alone = Segments((40, 50), [Segment(masks, crop, crop)])
    got = paste(levels(base), alone, 6, 200, levels(reference), edge)
    want = expect(base, alone, 6, 200, reference, edge) * 255
    assert np.abs(got.numpy() - want).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("channels", [(3, 4), (4, 3), (4, 4)])
def test_the_base_keeps_its_alpha_and_the_sources_multiplies_the_mask(edge, channels):
    base, reference = picture(64, 80, 1, channels[0]), picture(64, 80, 2, channels[1])
    segments = scattered((64, 80))
    got = paste(base, segments, 7, 255, reference, edge)
    want = expect(base, segments, 7, 255, reference, edge)
    assert np.abs(got.numpy() - want).max() < 1e-5
    if channels[0] == 4:
        assert torch.equal(got[..., 3], base[..., 3])


@pytest.mark.parametrize("edge", EDGES)
def test_own_images_end_at_their_crop_and_so_does_their_paste(edge):
    base = picture(64, 80, 1)
    crop = (10, 8, 50, 48)
    segments = Segments((64, 80), [segment(crop, image=picture(40, 40, 5))])
    got = paste(base, segments, 9, edge=edge)
    assert np.abs(got.numpy() - expect(base, segments, 9, 255, None, edge)).max() < 1e-5
    outside = torch.ones(64, 80, dtype=torch.bool)
    outside[Box(*crop).slices] = False
    assert torch.equal(got[0][outside], base[0][outside])


def test_a_reference_goes_before_own_images():
    base, reference = picture(64, 80, 1), picture(64, 80, 2)
    with_own = Segments((64, 80), [segment((10, 8, 50, 48), image=picture(40, 40, 5))])
    without = Segments((64, 80), [segment((10, 8, 50, 48))])
    assert torch.equal(
        paste(base, with_own, reference=reference), paste(base, without, reference=reference)
    )


def test_without_reference_or_own_image_nothing_is_pasted():
    base = picture(64, 80)
    assert torch.equal(paste(base, Segments((64, 80), [segment((1, 1, 40, 40))])), base)


def test_smooth_is_full_inside_by_the_feather_and_0_outside_by_the_feather():
    segments = segments_from_mask(rectangle(180, 180, (40, 40, 140, 140)), crop_factor=1)
    base, reference = torch.zeros(1, 180, 180, 3), torch.ones(1, 180, 180, 3)
    row = paste(base, segments, 20, reference=reference)[0, 90, :, 0].double()
    assert torch.allclose(row[60:120], torch.ones(60, dtype=torch.float64), atol=1e-6)
    assert (row[:20] == 0).all()
    assert (row[160:] == 0).all()
    assert (row[20:60] > 0).all()
    assert (row[20:59].diff() > 0).all()


def test_smooth_has_no_step_above_what_the_gaussian_has():
    segments = segments_from_mask(rectangle(180, 180, (40, 40, 140, 140)), crop_factor=1)
    base, reference = torch.zeros(1, 180, 180, 3), torch.ones(1, 180, 180, 3)
    row = paste(base, segments, 20, reference=reference)[0, 90, :, 0].double()
    assert row.diff().abs().max() <= oracle.taps(20, 20 / 3).max() + 1e-6


def test_outward_is_full_all_over_the_mask_and_0_outside_by_the_feather():
    segments = segments_from_mask(rectangle(180, 180, (40, 40, 140, 140)), crop_factor=1)
    base, reference = torch.zeros(1, 180, 180, 3), torch.ones(1, 180, 180, 3)
    whole = paste(base, segments, 20, reference=reference, edge="outward")[0, ..., 0]
    assert (whole[40:140, 40:140] == 1).all()
    row = whole[90].double()
    assert (row[:20] == 0).all()
    assert (row[160:] == 0).all()
    assert (row[20:39].diff() > 0).all()
    assert row[39] == pytest.approx(1 - oracle.taps(20, 20 / 3)[20], abs=1e-6)


def test_outward_makes_no_mask_weaker_where_it_is_too_thin_to_survive_a_blur():
    thin = rectangle(60, 60, (30, 10, 32, 50))
    segments = segments_from_mask(thin, crop_factor=1, drop_size=1)
    base, reference = torch.zeros(1, 60, 60, 3), torch.ones(1, 60, 60, 3)
    smooth = paste(base, segments, 15, reference=reference)[0, ..., 0]
    outward = paste(base, segments, 15, reference=reference, edge="outward")[0, ..., 0]
    assert smooth.max() < 0.5
    assert (outward[thin == 1] == 1).all()


@pytest.mark.parametrize("feather", [3, 20, 60])
def test_outward_stays_opaque_where_a_mask_ends_with_the_image(feather):
    segments = segments_from_mask(rectangle(100, 200, (0, 0, 150, 100)), crop_factor=1)
    base, reference = torch.zeros(1, 100, 200, 3), torch.ones(1, 100, 200, 3)
    result = paste(base, segments, feather, reference=reference, edge="outward")[0, ..., 0]
    assert (result[:, :150] == 1).all()
    assert torch.allclose(result[0], result[50])


def test_impact_keeps_a_tight_box_opaque_up_to_its_border():
    segments = segments_from_mask(rectangle(180, 180, (40, 40, 140, 140)), crop_factor=1)
    base, reference = torch.zeros(1, 180, 180, 3), torch.ones(1, 180, 180, 3)
    row = paste(base, segments, 20, reference=reference, edge="impact")[0, 90, :, 0]
    assert (row[40:140] > 1 - 1e-6).all()
    assert (row[:40] == 0).all()


@pytest.mark.parametrize("feather", [3, 20, 60])
def test_smooth_stays_opaque_where_a_mask_ends_with_the_image(feather):
    segments = segments_from_mask(rectangle(100, 200, (0, 0, 150, 100)), crop_factor=1)
    base, reference = torch.zeros(1, 100, 200, 3), torch.ones(1, 100, 200, 3)
    result = paste(base, segments, feather, reference=reference)[0, ..., 0]
    assert (result[:, : 150 - feather] > 1 - 1e-6).all()
    assert torch.allclose(result[0], result[50])


def test_many_faint_segments_on_each_other_are_rounded_once():
    base = torch.full((1, 20, 20, 3), 100, dtype=torch.uint8)
    reference = torch.full((1, 20, 20, 3), 130, dtype=torch.uint8)
    segments = Segments((20, 20), [segment((0, 0, 20, 20))] * 40)
    got = paste(base, segments, 0, 4, reference)
    assert int(got[0, 10, 10, 0]) == round(130 - 30 * (1 - 4 / 255) ** 40)


@pytest.mark.parametrize("kind", ["float32", "uint8"])
def test_later_segments_lie_over_earlier_ones(kind):
    base = picture(30, 30)
    one, two = torch.full((1, 20, 20, 3), 0.2), torch.full((1, 20, 20, 3), 0.6)
    segments = Segments(
        (30, 30), [segment((0, 0, 20, 20), image=one), segment((10, 10, 30, 30), image=two)]
    )
    got = paste(base if kind == "float32" else levels(base), segments, 0)
    value = got[0, 15, 15, 0] / (1 if kind == "float32" else 255)
    assert float(value) == pytest.approx(0.6)


@pytest.mark.parametrize("edge", EDGES)
def test_each_frame_takes_its_own_mask_and_reference(edge):
    base, reference = picture(40, 40, 1, frames=3), picture(40, 40, 2, frames=3)
    masks = torch.stack([rectangle(30, 30, (n, n, 20 + n, 25)) for n in range(3)])
    segments = Segments((40, 40), [Segment(masks, (4, 4, 34, 34), (4, 4, 34, 34))])
    got = paste(base, segments, 3, 255, reference, edge)
    assert np.abs(got.numpy() - expect(base, segments, 3, 255, reference, edge)).max() < 1e-5


def test_a_single_reference_and_a_single_mask_serve_every_frame():
    base, reference = picture(40, 40, 1, frames=3), picture(40, 40, 2)
    segments = Segments((40, 40), [segment((4, 4, 34, 34))])
    got = paste(base, segments, reference=reference)
    for frame in range(3):
        assert torch.equal(
            got[frame : frame + 1], paste(base[frame : frame + 1], segments, reference=reference)
        )


def test_of_a_longer_reference_the_first_frames_count():
    base, reference = picture(40, 40, 1, frames=2), picture(40, 40, 2, frames=5)
    segments = Segments((40, 40), [segment((4, 4, 34, 34))])
    assert torch.equal(
        paste(base, segments, reference=reference), paste(base, segments, reference=reference[:2])
    )


def test_masks_of_another_frame_count_are_united():
    base, reference = picture(20, 20, 1, frames=3), picture(20, 20, 2)
    masks = torch.stack([mask("#...", "....", "-..."), mask("...#", "....", "....")])
    region = (4, 4, 8, 7)
    two = Segments((20, 20), [Segment(masks, region, region)])
    union = Segments((20, 20), [Segment(mask("#..#", "....", "#..."), region, region)])
    assert torch.equal(
        paste(base, two, 0, reference=reference), paste(base, union, 0, reference=reference)
    )


@pytest.mark.parametrize("kind", ["float32", "uint8"])
def test_large_groups_of_many_frames_are_pasted_in_parts(kind, monkeypatch):
    monkeypatch.setattr("segui.backend.paste.PATCH_VALUES", 1)
    base, reference = picture(40, 40, 1, frames=3), picture(40, 40, 2, frames=3)
    if kind == "uint8":
        base, reference = levels(base), levels(reference)
    segments = scattered((40, 40))
    for frame in range(3):
        alone = slice(frame, frame + 1)
        assert torch.equal(
            paste(base, segments, reference=reference)[alone],
            paste(base[alone], segments, reference=reference[alone]),
        )


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32], ids=["bytes", "floats"])
@pytest.mark.parametrize("bytes_at_once", [4, 100, 1000])
@pytest.mark.parametrize("is_a_view", [False, True])
def test_what_nothing_is_pasted_on_is_copied_in_parts_to_the_same_bits(
    monkeypatch, dtype, bytes_at_once, is_a_view
):
    monkeypatch.setattr("segui.backend.paste.COPIED_BYTES", bytes_at_once)
    image = torch.from_numpy(np.random.default_rng(0).integers(1, 256, (1, 11, 13, 3), np.uint8))
    image = image if dtype == torch.uint8 else image.float() / 255
    if is_a_view:
        image = image.transpose(1, 2)
    copied = paste(image, Segments(tuple(image.shape[1:3]), []), reference=image)
    assert torch.equal(copied, image)
    assert copied.data_ptr() != image.data_ptr()


def test_segments_of_another_size_are_scaled_to_the_base():
    base, reference = picture(40, 60, 1), picture(40, 60, 2)
    half = Segments((20, 30), [segment((5, 4, 15, 14))])
    whole = Segments((40, 60), [segment((10, 8, 30, 28))])
    assert torch.equal(
        paste(base, half, reference=reference), paste(base, whole, reference=reference)
    )


def test_a_reference_of_the_other_kind_is_converted():
    base, reference = picture(40, 40, 1), picture(40, 40, 2)
    segments = scattered((40, 40))
    assert torch.allclose(
        paste(base, segments, reference=levels(reference)),
        paste(base, segments, reference=reference),
        atol=1e-6,
    )
    assert torch.equal(
        paste(levels(base), segments, reference=reference),
        paste(levels(base), segments, reference=levels(reference)),
    )


def test_float32_is_not_clamped():
    base = torch.zeros(1, 20, 20, 3)
    got = paste(base, Segments((20, 20), [segment((0, 0, 20, 20))]), 0, reference=base + 1.5)
    assert float(got.max()) == 1.5


def test_a_references_nan_and_a_bases_minus_0_stay_where_they_are():
    base, reference = torch.full((1, 20, 20, 3), -0.0), torch.full((1, 20, 20, 3), float("nan"))
    region = (5, 5, 9, 8)
    holed = Segment(mask("####", "#..#", "####"), region, region)
    got = paste(base, Segments((20, 20), [holed]), 0, reference=reference)
    assert int(got.isnan().sum()) == 10 * 3
    outside = got[~got.isnan()]
    assert (outside.view(torch.int32) == torch.tensor(-0.0).view(torch.int32)).all()


@pytest.mark.parametrize("feather", [0, 5, 14])
def test_a_bases_minus_0_stays_where_nothing_is_pasted_whatever_is_beside_it(feather):
    rows, columns = torch.meshgrid(torch.arange(60), torch.arange(60), indexing="ij")
    disc = ((rows - 30) ** 2 + (columns - 30) ** 2 < 15**2).float()
    marks = Segments((60, 60), [Segment(disc, (0, 0, 60, 60), (0, 0, 60, 60))])
    base, reference = torch.full((1, 60, 60, 3), -0.0), torch.full((1, 60, 60, 3), 0.5)
    got = paste(base, marks, feather, reference=reference)
    beside = coverage(marks, (60, 60), feather=feather) == 0
    assert torch.equal(bits(got)[0][beside], bits(base)[0][beside])


def test_a_float_references_nan_does_not_reach_a_uint8_base_where_the_mask_is_0():
    base, reference = levels(picture(20, 20)), torch.full((1, 20, 20, 3), 0.5)
    reference[:, 6, 6:8] = float("nan")
    region = (5, 5, 9, 8)
    holed = Segments((20, 20), [Segment(mask("####", "#..#", "####"), region, region)])
    got = paste(base, holed, 0, reference=reference)
    assert torch.equal(got[:, 6, 6:8], base[:, 6, 6:8])


UNUSUAL = [float("nan"), float("inf"), float("-inf"), 3e38, -0.0]


def unusual(seed):
    """A picture strewn with infinities, NaN and what overflows."""
    pixels = picture(60, 60, seed)
    rng = np.random.default_rng(seed)
    at = torch.from_numpy(rng.random((1, 60, 60, 3)) < 0.3)
    pixels[at] = torch.from_numpy(rng.choice(np.float32(UNUSUAL), int(at.sum())))
    return pixels


def bits(pixels):
    return pixels.view(torch.int32)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("feather", [0, 3, 14])
@pytest.mark.parametrize("alpha", [None, 1.0])
def test_at_opacity_1_stands_the_source_itself_and_at_0_the_base(edge, feather, alpha):
    base, reference = unusual(1), unusual(2)
    crop = (0, 0, 60, 60)
    marks = Segments((60, 60), [Segment(rectangle(60, 60, (15, 15, 45, 45)), crop, crop)])
    source = reference
    if alpha is not None:
        source = torch.cat((reference, torch.full((1, 60, 60, 1), alpha)), dim=3)
    got = paste(base, marks, feather, 255, source, edge)
    inside, reached = torch.zeros(2, 60, 60, dtype=torch.bool)
    inside[15 + feather : 45 - feather, 15 + feather : 45 - feather] = True
    reached[15 - feather : 45 + feather, 15 - feather : 45 + feather] = True
    assert torch.equal(bits(got)[0][inside], bits(reference)[0][inside])
    assert torch.equal(bits(got)[0][~reached], bits(base)[0][~reached])


def test_between_0_and_1_an_infinity_is_one_and_what_is_huge_is_mixed():
    inf = float("inf")
    base, reference = (
        torch.tensor(row)[None, None, :, None].repeat(1, 3, 1, 3)
        for row in ([inf, 1, -inf, inf, inf, 3e38, 1.0], [1, inf, 1, inf, -inf, -3e38, 1.0])
    )
    whole = Segments((3, 7), [Segment(torch.full((3, 7), 0.25), (0, 0, 7, 3), (0, 0, 7, 3))])
    got = paste(base, whole, 0, reference=reference)[0, 1, :, 2]
    want = torch.tensor([inf, inf, -inf, inf, float("nan"), 1.5e38, 1])
    assert torch.allclose(got, want, equal_nan=True)


def test_bytes_over_a_float_sources_nan_are_themselves():
    base, bytes_over = levels(picture(20, 20, 1)), levels(picture(10, 10, 2))
    lost = torch.full((1, 10, 10, 3), float("nan"))
    box = (5, 5, 15, 15)
    both = Segments((20, 20), [segment(box, image=lost), segment(box, image=bytes_over)])
    got = paste(base, both, 0)
    assert torch.equal(got[:, 5:15, 5:15], bytes_over)


@pytest.mark.parametrize("kind", ["float32", "uint8"])
def test_gradients_are_not_followed(kind):
    base, reference = picture(20, 20, 1), picture(20, 20, 2)
    if kind == "uint8":
        base = levels(base)
    segments = Segments((20, 20), [segment((5, 5, 15, 15))])
    wanted = paste(base, segments, reference=reference)
    got = paste(base, segments, reference=reference.clone().requires_grad_())
    assert not got.requires_grad
    assert torch.equal(got, wanted)
    with torch.inference_mode():
        assert torch.equal(paste(base.clone(), segments, reference=reference), wanted)


def test_numbers_of_numpy_are_numbers():
    base, reference = picture(20, 20, 1), picture(20, 20, 2)
    segments = Segments((20, 20), [segment((5, 5, 15, 15))])
    wanted = paste(base, segments, 5, 200, reference)
    assert torch.equal(paste(base, segments, np.int64(5), np.uint8(200), reference), wanted)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("kind", ["float32", "uint8"])
def test_arguments_are_never_changed(edge, kind):
    base, reference = picture(64, 80, 1), picture(64, 80, 2)
    if kind == "uint8":
        base, reference = levels(base), levels(reference)
    segments = scattered((64, 80))
    before = base.clone(), reference.clone(), [item.mask for item in segments.items]
    paste(base, segments, 9, reference=reference, edge=edge)
    assert torch.equal(base, before[0])
    assert torch.equal(reference, before[1])
    assert all(torch.equal(a.mask, b) for a, b in zip(segments.items, before[2], strict=True))


def test_the_result_is_new_even_where_nothing_is_pasted():
    base = picture(8, 8)
    assert paste(base, Segments((8, 8), [])).data_ptr() != base.data_ptr()


def test_a_base_that_is_a_view_is_pasted_on_all_the_same():
    wide = picture(40, 80, 1)
    base, reference = wide[:, :, ::2], picture(40, 40, 2)
    segments = scattered((40, 40))
    assert torch.equal(
        paste(base, segments, reference=reference),
        paste(base.contiguous(), segments, reference=reference),
    )


def test_bytes_of_any_layout_are_a_reference():
    base, grey = levels(picture(20, 24, 1)), levels(picture(20, 24, 2, channels=1))
    alone = Segments((20, 24), [segment((3, 2, 20, 18))])
    plain = grey.repeat(1, 1, 1, 3)
    planes = plain.permute(0, 3, 1, 2).contiguous().permute(0, 2, 3, 1)
    want = paste(base, alone, reference=plain)
    assert torch.equal(paste(base, alone, reference=planes), want)
    assert torch.equal(paste(base, alone, reference=grey.expand(-1, -1, -1, 3)), want)


def test_a_crop_outside_the_image_pastes_nothing():
    base = picture(20, 20)
    far = Segments((20, 20), [segment((40, 40, 60, 60))])
    for edge in EDGES:
        assert torch.equal(paste(base, far, 5, reference=1 - base, edge=edge), base)


def test_segments_that_share_no_pixel_are_in_groups_of_their_own():
    crops = [(0, 0, 10, 10), (20, 0, 30, 10), (8, 8, 22, 22), (40, 40, 50, 50)]
    pixels = picture(60, 60)
    placed = [place(segment(crop), 0, "smooth", (60, 60), beyond=True) for crop in crops]
    layers = [Layer(placement, pixels, Box(0, 0, 60, 60)) for placement in placed]
    groups = [[tuple(layer.target) for layer in group] for group in overlapping(layers)]
    assert groups == [[crops[0], crops[1], crops[2]], [crops[3]]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feather": -1}, "feather is -1: expected a whole number from 0 to 500 px"),
        ({"feather": 501}, "feather is 501: expected a whole number from 0 to 500 px"),
        ({"feather": 2.5}, "feather is 2.5: expected a whole number from 0 to 500 px"),
        ({"feather": True}, "feather is True: expected a whole number from 0 to 500 px"),
        ({"alpha": 256}, "alpha is 256: expected a whole number from 0 to 255"),
        ({"alpha": "255"}, "alpha is '255': expected a whole number from 0 to 255"),
        ({"edge": "soft"}, "edge is 'soft': expected smooth, outward or impact"),
        (
            {"reference": picture(20, 30)},
            "the reference is 30 x 20, the image 30 x 40: their sizes must match",
        ),
        (
            {"reference": picture(40, 30, frames=2)},
            "the reference has 2 frames, the image 3: expected 1, or at least 3",
        ),
        (
            {
                "segments": Segments(
                    (40, 30), [segment((0, 0, 9, 9), image=picture(9, 9, frames=2))]
                )
            },
            "the image of segment 1 has 2 frames, the image 3: expected 1, or at least 3",
        ),
        ({"image": torch.ones(40, 30, 3)}, "the image is (40, 30, 3): expected (B, H, W, 3 or 4)"),
        (
            {"image": torch.ones(1, 40, 30, 3).double()},
            "the image is torch.float64: expected a uint8 or float32 tensor",
        ),
        ({"image": None}, "the image is NoneType: expected a uint8 or float32 tensor"),
        ({"segments": []}, "segments is a list: expected Segments"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    fitting = {"image": picture(40, 30, frames=3), "segments": Segments((40, 30), [])}
    with pytest.raises(InputError) as caught:
        paste(**{**fitting, **change})
    assert str(caught.value) == message
