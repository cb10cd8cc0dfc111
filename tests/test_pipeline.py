import math

import numpy as np
import pytest
import torch
from PIL import ExifTags, Image, ImageCms
from skimage import data

from segui import Box, InputError, paste, segments_from_mask
from segui.backend.effects import PICTURE_EFFECTS, Effect, apply_effect
from segui.backend.hiding import patch_of_photo, patches_of_segments, pixelate_patches
from segui.backend.removal import remove_segments
from segui.classifiers.colour import ColourNames
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.paste_values import PasteOptions, fits_segments
from segui.pipeline import choose, open_scene, score_scene
from segui.rendering import edited, mask_image, render
from segui.settings import Settings

SIZE_HW = (120, 160)
RED, BLUE = (200, 30, 30), (30, 60, 200)


@pytest.fixture
def files(tmp_path):
    """A photo with a red and a blue square, its mask, and an edited version."""
    photo = np.full((*SIZE_HW, 3), 240, np.uint8)
    photo[20:60, 20:60] = RED
    photo[50:100, 90:140] = BLUE
    mask = np.where((photo == 240).all(2), 0, 255).astype(np.uint8)
    edited = np.random.default_rng(0).integers(0, 256, photo.shape, np.uint8)
    for name, pixels in (("photo", photo), ("mask", mask), ("edited", edited)):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    return tmp_path


def opened(files, **options):
    inputs = Inputs(files / "photo.png", (files / "mask.png",), files / "edited.png")
    return open_scene(inputs, SegmentOptions(**options))


def opened_alone(files):
    """Without the edited version: comparing that with the photo takes longer than all the rest."""
    return open_scene(Inputs(files / "photo.png", (files / "mask.png",)))


def chosen(scene, expression="red > 50%"):
    return choose(scene, score_scene(scene, ColourNames()), expression)


def tensor(path):
    return torch.from_numpy(np.array(Image.open(path)))[None]


@pytest.mark.long
def test_from_files_to_the_picture_with_only_the_red_square_pasted(files):
    scene = opened(files)
    selection = chosen(scene)
    assert [tuple(item.bbox) for item in selection.filtered.items] == [(20, 20, 60, 60)]
    result = render(scene, selection.filtered, PasteOptions(feather=7, alpha=200))
    photo, edited = tensor(files / "photo.png"), tensor(files / "edited.png")
    assert np.array_equal(result, paste(photo, selection.filtered, 7, 200, edited)[0].numpy())


@pytest.mark.long
@pytest.mark.parametrize("effect", ["blur", "pixelate", "grey", "invert", "colour"])
def test_an_effect_makes_the_pixels_that_are_pasted(files, effect):
    scene = opened_alone(files)
    only = chosen(scene).filtered
    options = PasteOptions(
        effect=effect, strength=4 if effect == "pixelate" else None, colour="#0f0"
    )
    photo = tensor(files / "photo.png")
    changed = apply_effect(photo, effect, strength=options.strength, colour="#0f0")
    expected = paste(photo, only, reference=changed)[0].numpy()
    assert np.array_equal(render(scene, only, options), expected)


@pytest.mark.long
def test_an_effect_is_made_where_it_was_not_yet(files, monkeypatch):
    made = []
    colours = Effect.colours
    monkeypatch.setattr(
        Effect,
        "colours",
        lambda self, image, box: made.append((self.name, box)) or colours(self, image, box),
    )
    scene = opened(files)
    only = chosen(scene).filtered
    pictures = [render(scene, only, PasteOptions("blur", feather=feather)) for feather in (9, 0, 9)]
    assert made == [("blur", only.items[0].content.widen(9))]
    assert np.array_equal(pictures[0], pictures[2])
    assert not np.array_equal(pictures[0], pictures[1])
    render(scene, only, PasteOptions("blur", feather=12))
    assert made[1:] == [("blur", only.items[0].content.widen(12))]
    edited(scene, only, PasteOptions("blur"))
    edited(scene, only, PasteOptions("blur"))
    render(scene, scene.segments, PasteOptions("blur", feather=30))
    assert made[2:] == [("blur", Box.of_size(SIZE_HW))]
    render(scene, only, PasteOptions("blur", strength=9))
    render(scene, only, PasteOptions("colour", colour="#123456"))
    assert [name for name, _ in made[3:]] == ["blur", "colour"]
    assert len(scene.last_effect) == 1


@pytest.mark.long
@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
@pytest.mark.parametrize("opacity", [None, 90])
def test_an_effect_on_areas_is_the_whole_pictures_there(files, effect, edge, opacity):
    photo = np.random.default_rng(5).integers(0, 256, (*SIZE_HW, 3), np.uint8)
    if opacity:
        photo = np.dstack((photo, np.full(SIZE_HW, 255, np.uint8)))
        photo[:, :50, 3] = opacity
    Image.fromarray(photo).save(files / "photo.png")
    scene = opened_alone(files)
    # of mosaic each area has its own stones, unless somebody says how large
    own = 9 if effect == "mosaic" else None
    whole = apply_effect(torch.from_numpy(photo)[None], effect, strength=own)[..., :3]
    for feather in (0, 7, 40):
        expected = paste(
            torch.from_numpy(photo)[None], scene.segments, feather, 200, whole, edge=edge
        )
        # of pixelate the blocks fit the picture, as they do where no segment asks for larger ones
        options = PasteOptions(
            effect, "filtered", feather, 200, edge, 3 if effect == "pixelate" else own
        )
        got = render(scene, scene.segments, options)
        assert np.abs(got.astype(int) - expected[0].numpy()).max() <= 1


@pytest.mark.long
def test_what_is_removed_is_filled_and_pasted_and_made_once(files, monkeypatch):
    made = []
    monkeypatch.setattr(
        "segui.rendering.remove_segments",
        lambda photo, segments, **how: (
            made.append(segments.items) or remove_segments(photo, segments, **how)
        ),
    )
    scene = opened(files)
    only = chosen(scene).filtered
    photo = tensor(files / "photo.png")
    filled = remove_segments(photo, only)
    for feather in (0, 9):
        options = PasteOptions("remove", feather=feather, edge="outward")
        expected = paste(photo, only, feather, reference=filled, edge="outward")
        assert np.array_equal(render(scene, only, options), expected[0].numpy())
        assert fits_segments(options)
        assert np.array_equal(edited(scene, only, options), filled[0].numpy())
    assert np.ptp(filled[0, 20:60, 20:60].numpy()) < 9, "the red square is as the ground around it"
    render(scene, scene.segments, PasteOptions("remove"))
    assert made == [only.items, scene.segments.items]


@pytest.mark.long
def test_hide_pixelates_each_segment_by_its_own_size_and_pastes_that(files):
    scene = opened(files)
    photo = tensor(files / "photo.png")
    for feather, strength in ((5, None), (12, None), (0, 9)):
        patches = patches_of_segments(scene.segments, SIZE_HW, feather=feather, strength=strength)
        changed = pixelate_patches(photo, patches)
        expected = paste(photo, scene.segments, feather, reference=changed, edge="outward")
        options = PasteOptions("hide", feather=feather, edge="outward", strength=strength)
        assert np.array_equal(render(scene, scene.segments, options), expected[0].numpy())


@pytest.mark.long
def test_hide_with_everything_else_keeps_the_chosen_and_pixelates_the_rest(files):
    scene = opened(files)
    only = chosen(scene).filtered
    photo = tensor(files / "photo.png")
    changed = pixelate_patches(photo, (patch_of_photo(SIZE_HW),))
    expected = paste(changed, only, reference=photo)[0].numpy()
    got = render(scene, only, PasteOptions("hide", "everything else"))
    assert np.array_equal(got, expected)
    assert np.array_equal(got[30:50, 30:50], photo[0, 30:50, 30:50].numpy())


@pytest.mark.long
def test_pixelate_takes_blocks_by_the_largest_area_where_nobody_says_how_large(files):
    scene = opened(files)
    photo, only = tensor(files / "photo.png"), chosen(scene).filtered
    longest = max(max(item.bbox.size_hw) for item in only.items)
    for options, block_px in (
        (PasteOptions("pixelate"), math.ceil(longest / 6)),
        (PasteOptions("pixelate", strength=3), 3),
        (PasteOptions("pixelate", "everything else"), 3),  # a 48th of 160 px
    ):
        changed = apply_effect(photo, "pixelate", strength=block_px)
        assert np.array_equal(edited(scene, only, options), changed[0].numpy())
        assert fits_segments(options) is (block_px != 3)


@pytest.mark.long
def test_what_is_hidden_is_made_again_for_other_segments_and_for_another_reach(files, monkeypatch):
    made = []
    monkeypatch.setattr(
        "segui.rendering.pixelate_patches",
        lambda photo, patches, **how: (
            made.append(patches) or pixelate_patches(photo, patches, **how)
        ),
    )
    scene = opened(files)
    both, red = scene.segments, chosen(scene).filtered
    for segments, feather, alpha in ((both, 5, 255), (both, 5, 90), (red, 5, 255), (red, 9, 255)):
        render(scene, segments, PasteOptions("hide", feather=feather, alpha=alpha))
    assert [len(patches) for patches in made] == [2, 1, 1]
    assert len(scene.last_effect) == 1


@pytest.mark.long
def test_an_edit_is_the_picture_as_if_it_were_pasted_all_over(files):
    scene = opened(files)
    only, photo = chosen(scene).filtered, tensor(files / "photo.png")
    pasted = {
        PasteOptions(): tensor(files / "edited.png"),
        PasteOptions("grey"): apply_effect(photo, "grey"),
        PasteOptions("hide"): pixelate_patches(
            photo, patches_of_segments(only, SIZE_HW, feather=5)
        ),
    }
    for options, expected in pasted.items():
        assert np.array_equal(edited(scene, only, options), expected[0].numpy())
    cut = edited(scene, only, PasteOptions("cut-out"))
    assert np.array_equal(cut[..., :3], photo[0].numpy())
    assert (cut[..., 3] == 0).all()


@pytest.mark.long
def test_everything_else_has_the_effect_everywhere_and_the_chosen_pasted_back(files):
    scene = opened(files)
    only = chosen(scene).filtered
    photo = tensor(files / "photo.png")
    grey = apply_effect(photo, "grey")
    expected = paste(grey, only, reference=photo)[0].numpy()
    got = render(scene, only, PasteOptions(effect="grey", effect_on="everything else"))
    assert np.array_equal(got, expected)
    assert (got[40, 40] == RED).all()
    assert np.ptp(got[75, 110]) == 0


@pytest.mark.long
def test_everything_else_of_an_edited_version_keeps_the_photos_alpha(files):
    photo = np.array(Image.open(files / "photo.png").convert("RGBA"))
    photo[:, :10, 3] = 7
    Image.fromarray(photo).save(files / "photo.png")
    edited = np.array(Image.open(files / "edited.png").convert("RGBA"))
    edited[..., 3] = 0
    Image.fromarray(edited).save(files / "edited.png")
    scene = opened(files)
    got = render(scene, chosen(scene).filtered, PasteOptions(effect_on="everything else"))
    assert np.array_equal(got, photo)


@pytest.mark.long
@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
def test_an_effect_is_whole_where_the_photo_is_half_transparent(files, effect_on):
    photo = np.array(Image.open(files / "photo.png").convert("RGBA"))
    photo[..., 3] = 128
    Image.fromarray(photo).save(files / "photo.png")
    scene = opened(files)
    only = scene.segments.of(scene.segments.items[:1])
    got = render(scene, only, PasteOptions("colour", effect_on, 0, colour="#0000ff"))
    inside, outside = (
        ((0, 0, 255), (240, 240, 240)) if effect_on == "filtered" else (RED, (0, 0, 255))
    )
    assert got[40, 40].tolist() == [*inside, 128]
    assert got[5, 5].tolist() == [*outside, 128]


@pytest.mark.long
def test_a_cut_out_is_the_photos_alpha_times_the_union_of_the_feathered_masks(files):
    scene = opened(files)
    everything = chosen(scene, "*").filtered
    options = PasteOptions(effect="cut-out", feather=6)
    covered = mask_image(scene, everything, options)
    kept = render(scene, everything, options)
    rest = render(scene, everything, PasteOptions("cut-out", "everything else", 6))
    photo = np.array(Image.open(files / "photo.png"))
    assert np.array_equal(kept[..., 3], covered)
    for cut in (kept, rest):
        is_there = cut[..., 3] > 0
        assert np.array_equal(cut[is_there, :3], photo[is_there]), "no dark halo on a soft rim"
    assert np.abs(kept[..., 3].astype(int) + rest[..., 3] - 255).max() <= 1


@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
@pytest.mark.parametrize("alpha", [0, 1, 255])
@pytest.mark.parametrize("opacity", [None, 0, 100])
def test_what_is_cut_away_leaves_no_colour_behind(files, edge, effect_on, alpha, opacity):
    photo = np.array(Image.open(files / "photo.png").convert("RGB" if opacity is None else "RGBA"))
    photo[..., 3:] = opacity or 0
    Image.fromarray(photo).save(files / "photo.png")
    scene = opened_alone(files)
    options = PasteOptions("cut-out", effect_on, 6, alpha, edge)
    cut = render(scene, chosen(scene, "*").filtered, options)
    assert not cut[cut[..., 3] == 0].any()


@pytest.mark.long
def test_a_cut_out_of_a_transparent_photo_multiplies_its_alpha(files):
    photo = np.array(Image.open(files / "photo.png").convert("RGBA"))
    photo[..., 3] = 100
    Image.fromarray(photo).save(files / "photo.png")
    scene = opened(files)
    everything = chosen(scene, "*").filtered
    kept = render(scene, everything, PasteOptions(effect="cut-out", feather=0))
    assert sorted(np.unique(kept[..., 3]).tolist()) == [0, 100]


def test_without_a_mask_the_areas_are_where_the_edited_version_differs(tmp_path):
    photo = np.full((300, 400, 3), 120, np.uint8)
    edited = photo.copy()
    edited[100:180, 150:260] = (250, 40, 40)
    Image.fromarray(photo).save(tmp_path / "photo.png")
    Image.fromarray(edited).save(tmp_path / "edited.png")
    scene = open_scene(Inputs(tmp_path / "photo.png", (), tmp_path / "edited.png"))
    assert len(scene.segments.items) == 1
    assert "areas: where the edited version differs from the photo" in scene.notes
    assert np.array_equal(render(scene, scene.segments, PasteOptions(feather=0)), edited)


def test_neither_mask_nor_edited_version_is_refused(files):
    with pytest.raises(InputError) as caught:
        open_scene(Inputs(files / "photo.png"))
    assert str(caught.value) == (
        "nothing says what the areas are: add a mask, or an edited version to compare with"
    )


def test_nothing_to_paste_is_refused(files):
    scene = open_scene(Inputs(files / "photo.png", (files / "mask.png",)))
    with pytest.raises(InputError) as caught:
        render(scene, scene.segments)
    assert str(caught.value) == (
        "there is nothing to paste: add an edited version, or pick an effect"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("edge", "megapixels"), [("smooth", "0.0384"), ("impact", "0.0041")], ids=["photo", "crop"]
)
def test_areas_that_reach_too_far_are_refused_before_anything_is_pasted(
    files, monkeypatch, edge, megapixels
):
    scene = opened(files, crop_factor=1)
    options = PasteOptions(effect="blur", feather=100, edge=edge)
    render(scene, scene.segments, options, limits=Settings(max_crop_megapixels=float(megapixels)))
    monkeypatch.setattr("segui.rendering.paste", None)
    with pytest.raises(InputError) as caught:
        render(scene, scene.segments, options, limits=Settings(max_crop_megapixels=1e-6))
    assert str(caught.value) == (
        f"2 areas with a soft edge of 100 px have {megapixels} megapixels together: "
        "at most 1e-06 are pasted. A narrower edge has less"
    )


@pytest.mark.long
def test_a_program_that_names_no_limits_pastes_as_far_as_it_likes(files, monkeypatch):
    scene, options = opened(files, crop_factor=1), PasteOptions(effect="blur", feather=100)
    bounded = Settings(max_crop_megapixels=1e-6)
    monkeypatch.setattr("segui.pipeline.Settings", lambda: bounded)
    assert render(scene, scene.segments, options).shape == scene.photo.pixels.shape


def test_segments_of_several_files_are_called_by_their_files(files):
    photo = np.array(Image.open(files / "photo.png"))
    for name, colour in (("house", RED), ("car", BLUE)):
        Image.fromarray(((photo == colour).all(2) * 255).astype(np.uint8)).save(
            files / f"{name}.png"
        )
    both = open_scene(Inputs(files / "photo.png", (files / "car.png", files / "house.png")))
    assert [item.label for item in both.segments.items] == ["house", "car"]
    one = open_scene(Inputs(files / "photo.png", (files / "car.png",)))
    assert [item.label for item in one.segments.items] == ["A"]


def test_labels_of_several_files_carry_the_files_name_too(files):
    drawn = np.zeros(SIZE_HW, np.uint8)
    drawn[:40, :40], drawn[60:, 60:] = 1, 2
    Image.fromarray(drawn).save(files / "parts.png")
    scene = open_scene(Inputs(files / "photo.png", (files / "parts.png", files / "mask.png")))
    assert [item.label for item in scene.segments.items] == ["parts:1", "mask", "mask", "parts:2"]


@pytest.mark.long
def test_combined_makes_one_segment_of_a_file_whatever_its_kind(files):
    assert len(opened(files, combined=True).segments.items) == 1
    drawn = np.zeros(SIZE_HW, np.uint8)
    drawn[:40, :40], drawn[60:, 60:] = 1, 2
    Image.fromarray(drawn).save(files / "parts.png")
    scene = open_scene(
        Inputs(files / "photo.png", (files / "parts.png",)), SegmentOptions(combined=True)
    )
    assert [tuple(item.bbox) for item in scene.segments.items] == [(0, 0, 160, 120)]


@pytest.mark.long
def test_what_was_read_and_left_out_is_said(files):
    mask = np.array(Image.open(files / "mask.png"))
    mask[110:115, :3] = 255
    mask[110:115, 10:13] = 128
    Image.fromarray(mask).save(files / "mask.png")
    assert opened(files).notes == (
        "mask.png: read as a soft mask",
        "2 regions no larger than 10 px were left out",
    )
    assert opened(files, drop_size=2).notes == ("mask.png: read as a soft mask",)


@pytest.mark.long
def test_segments_grow_and_are_filled_once_they_are_found(files):
    mask = np.array(Image.open(files / "mask.png"))
    mask[30:50, 30:50] = 0
    Image.fromarray(mask).save(files / "mask.png")
    grown, whole = opened(files, grow=6), opened(files, grow=6, fill_holes=True)
    for scene in (grown, whole):
        assert [tuple(item.bbox) for item in scene.segments.items] == [
            (14, 14, 66, 66),
            (84, 44, 146, 106),
        ]
        assert scene.notes == ("mask.png: read as a soft mask",)
    hole = 8 * 8
    assert whole.segments.items[0].area == grown.segments.items[0].area + hole


@pytest.mark.long
def test_what_is_too_small_once_shrunk_is_said(files):
    scene = opened(files, grow=-16)
    assert [tuple(item.bbox) for item in scene.segments.items] == [(106, 66, 124, 84)]
    assert scene.notes[1:] == ("1 area was too small to keep when shrunk by 16 px",)
    scene = opened(files, grow=-40)
    assert scene.notes[1:] == ("2 areas were too small to keep when shrunk by 40 px",)
    assert [tuple(box) for box in scene.segments.left_out] == [(20, 20, 60, 60), (90, 50, 140, 100)]


def test_grown_segments_are_in_reading_order_again(files):
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[3:20, 100:120], mask[5:40, 10:40] = 255, 255
    Image.fromarray(mask).save(files / "mask.png")
    inputs = Inputs(files / "photo.png", (files / "mask.png",))
    found = [item.bbox.x1 for item in open_scene(inputs).segments.items]
    grown = open_scene(inputs, SegmentOptions(grow=8)).segments.items
    assert found == [100, 10]
    assert [item.bbox.x1 for item in grown] == [2, 92]


def test_areas_of_a_difference_grow_too(tmp_path):
    photo = np.full((300, 400, 3), 120, np.uint8)
    changed = photo.copy()
    changed[100:180, 150:260] = (250, 40, 40)
    Image.fromarray(photo).save(tmp_path / "photo.png")
    Image.fromarray(changed).save(tmp_path / "edited.png")
    inputs = Inputs(tmp_path / "photo.png", (), tmp_path / "edited.png")
    (found,) = open_scene(inputs).segments.items
    (grown,) = open_scene(inputs, SegmentOptions(grow=10)).segments.items
    assert grown.bbox == found.bbox.widen(10)


@pytest.mark.parametrize("fill", ["bbox_fill", "contour_fill"])
def test_areas_of_a_difference_are_filled_as_those_of_masks_are(tmp_path, fill):
    photo = np.full((300, 400, 3), 120, np.uint8)
    changed = photo.copy()
    changed[60:180, 60:260] = (250, 40, 40)
    changed[100:140, 120:200] = 120
    Image.fromarray(photo).save(tmp_path / "photo.png")
    Image.fromarray(changed).save(tmp_path / "edited.png")
    inputs = Inputs(tmp_path / "photo.png", (), tmp_path / "edited.png")
    (ring,) = open_scene(inputs).segments.items
    (filled,) = open_scene(inputs, SegmentOptions(**{fill: True})).segments.items
    assert filled.bbox == ring.bbox
    # the hole of 40 x 80 is gone, all but what the difference's own growth took of it
    assert filled.area - ring.area > 30 * 70


def test_contour_order_lists_one_file_after_another_and_each_as_opencv_does(files):
    drawn = np.zeros(SIZE_HW, np.uint8)
    drawn[:40, :40], drawn[60:, 60:] = 1, 2
    Image.fromarray(drawn).save(files / "parts.png")
    inputs = Inputs(files / "photo.png", (files / "mask.png", files / "parts.png"))
    scene = open_scene(inputs, SegmentOptions(order="contour"))
    levels = torch.from_numpy(np.array(Image.open(files / "mask.png")))
    listed = segments_from_mask(levels, order="contour")
    assert [item.bbox for item in scene.segments.items[:2]] == [item.bbox for item in listed.items]
    assert [item.label for item in scene.segments.items[2:]] == ["parts:1", "parts:2"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"grow": 501}, "grow is 501: expected a whole number of px from -500 to 500"),
        ({"order": "size"}, "order is 'size': expected reading or contour"),
        ({"crop_factor": 101}, "crop_factor is 101: expected 1 to 100"),
        ({"drop_size": 0}, "drop_size is 0: expected at least 1 px"),
    ],
)
def test_segment_options_out_of_range_are_refused_before_a_file_is_read(options, message):
    with pytest.raises(InputError) as caught:
        SegmentOptions(**options)
    assert str(caught.value) == message


def painted(files, size_wh=(80, 60), box=(10, 10, 30, 30)):
    """A mask painted at another size; returns its path."""
    canvas = Image.new("L", size_wh)
    canvas.paste(255, box)
    canvas.save(files / "painted.png")
    return files / "painted.png"


def test_what_is_painted_is_a_mask_of_its_own(files):
    inputs = Inputs(files / "photo.png", painted=painted(files))
    (item,) = open_scene(inputs).segments.items
    assert item.label == "A"
    assert np.abs(np.subtract(item.bbox, (20, 20, 60, 60))).max() <= 1
    assert open_scene(inputs).notes == ()


def test_what_is_painted_comes_beside_the_files_and_is_called_so(files):
    inputs = Inputs(
        files / "photo.png", (files / "mask.png",), painted=painted(files, box=(35, 2, 55, 12))
    )
    scene = open_scene(inputs, SegmentOptions(order="contour"))
    assert [item.label for item in scene.segments.items] == ["mask", "mask", "painted"]
    scene = open_scene(inputs)
    assert [item.label for item in scene.segments.items] == ["painted", "mask", "mask"]


@pytest.mark.long
def test_with_something_painted_the_difference_is_not_looked_for(files):
    inputs = Inputs(files / "photo.png", (), files / "edited.png", painted(files))
    scene = open_scene(inputs)
    assert len(scene.segments.items) == 1
    assert scene.reference is not None
    assert scene.notes == ()


def test_the_kind_inverting_and_scaling_are_not_for_what_is_painted(files):
    inputs = Inputs(files / "photo.png", painted=painted(files))
    asked = SegmentOptions(mask_kind="labels", invert=True, scale=True)
    (plain,), (other,) = (open_scene(inputs, o).segments.items for o in (None, asked))
    assert other.label == "A"
    assert torch.equal(plain.mask, other.mask)


def test_strokes_on_a_mask_file_change_its_areas_where_they_are(files):
    strokes = Image.new("LA", (80, 60))
    strokes.paste((255, 255), (60, 2, 75, 12))
    strokes.save(files / "strokes.png")
    masks = (files / "mask.png",)
    before = open_scene(Inputs(files / "photo.png", masks))
    after = open_scene(Inputs(files / "photo.png", masks, strokes=(files / "strokes.png",)))
    assert len(after.segments.items) == len(before.segments.items) + 1
    new, *others = after.segments.items
    assert np.abs(np.subtract(new.bbox, (120, 4, 150, 24))).max() <= 1
    for one, other in zip(before.segments.items, others, strict=True):
        assert torch.equal(one.mask, other.mask)
    assert "mask.png: it was painted on" in after.notes


def test_inverting_is_done_before_strokes_are_painted(files):
    Image.new("LA", (80, 60), (0, 255)).save(files / "strokes.png")
    strokes = (files / "strokes.png",)
    inputs = Inputs(files / "photo.png", (files / "mask.png",), strokes=strokes)
    scene = open_scene(inputs, SegmentOptions(invert=True))
    assert (scene.segments.items, scene.notes[-1]) == (
        (), "mask.png: nothing is marked in this mask",
    )  # fmt: skip


def test_strokes_without_their_masks_are_refused(files):
    with pytest.raises(InputError) as caught:
        Inputs(files / "photo.png", (), strokes=(None,))
    assert str(caught.value) == (
        "there are strokes for 1 mask files and 0 mask files: expected one for each, or none at all"
    )


@pytest.mark.long
def test_inverting_selects_what_the_mask_leaves_out(files):
    scene = opened(files, invert=True)
    assert [tuple(item.bbox) for item in scene.segments.items] == [(0, 0, 160, 120)]


@pytest.mark.long
def test_an_edited_version_of_another_size_is_refused_unless_it_may_be_scaled(files):
    Image.open(files / "edited.png").resize((80, 60)).save(files / "edited.png")
    with pytest.raises(InputError) as caught:
        opened(files)
    assert str(caught.value) == (
        "the edited version is 80 x 60, the photo 160 x 120: their sizes must match"
    )
    scene = opened(files, scale=True)
    assert scene.segments.size == SIZE_HW
    assert any("it was scaled from 80 x 60 to 160 x 120" in note for note in scene.notes)


@pytest.mark.long
def test_a_mask_of_the_photos_proportions_is_scaled_and_said(files):
    Image.open(files / "mask.png").resize((80, 60)).save(files / "mask.png")
    scene = opened(files)
    assert scene.segments.size == SIZE_HW
    assert "mask.png: it was scaled from 80 x 60 to 160 x 120" in scene.notes


@pytest.mark.long
def test_a_mask_of_the_photo_as_the_camera_stored_it_is_turned_with_it(files):
    upright = opened(files).segments
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # a viewer turns it to the right
    for name in ("photo", "mask"):
        with Image.open(files / f"{name}.png") as picture:
            stored = picture.transpose(Image.Transpose.ROTATE_90)
        stored.save(files / f"{name}.png", **({"exif": exif} if name == "photo" else {}))
    scene = opened(files)
    assert [item.bbox for item in scene.segments.items] == [item.bbox for item in upright.items]
    sentence = "it is 120 x 160, as the camera stored the photo: it was turned with it"
    assert f"mask.png: {sentence}" in scene.notes


@pytest.mark.long
def test_an_edited_version_in_another_colour_profile_is_converted_to_the_photos(files):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = _red_and_blue_swapped(profile)
    edited = Image.open(files / "edited.png")
    edited.save(files / "edited.png", icc_profile=swapped)
    scene = opened(files)
    wanted = np.array(edited)[..., ::-1].astype(int)
    assert np.abs(scene.reference.pixels - wanted).max() <= 6
    assert any("its colours were converted" in note for note in scene.notes)


def _red_and_blue_swapped(profile):
    """An sRGB profile whose red is blue: the tags of the two primaries trade their names."""
    names = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ", b"rTRC": b"bTRC", b"bTRC": b"rTRC"}
    count = int.from_bytes(profile[128:132], "big")
    table = bytearray(profile)
    for at in range(132, 132 + 12 * count, 12):
        table[at : at + 4] = names.get(bytes(table[at : at + 4]), table[at : at + 4])
    return bytes(table)


def test_limits_are_those_of_the_settings(files):
    inputs = Inputs(files / "photo.png", (files / "mask.png",) * 2)
    with pytest.raises(InputError, match="there are 2 mask files: at most 1 are allowed"):
        open_scene(inputs, settings=Settings(max_masks=1))
    with pytest.raises(InputError) as caught:
        open_scene(inputs, settings=Settings(max_segments=3))
    assert str(caught.value) == (
        "there are 4 areas, at most 3 are allowed: ignore small ones up to a size above 10 px"
    )
    with pytest.raises(InputError):
        open_scene(inputs, settings=Settings(max_megapixels=0.01))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"effect": "glow"},
            (
                "effect is 'glow': expected one of none, blur, pixelate, grey, invert, colour, "
                "cut-out, hide, brightness, contrast, saturation, hue, temperature, sepia, "
                "sharpen, remove, mosaic, sticker"
            ),
        ),
        (
            {"effect": "remove", "effect_on": "everything else"},
            "effect_on is 'everything else': expected 'filtered' for remove",
        ),
        ({"effect_on": "all"}, "effect_on is 'all': expected 'filtered' or 'everything else'"),
        ({"feather": 501}, "feather is 501: expected a whole number from 0 to 500 px"),
        ({"edge": "soft"}, "edge is 'soft': expected smooth, outward or impact"),
        (
            {"effect": "pixelate", "strength": 2.5},
            "the strength of pixelate is 2.5: expected a whole number of px from 1 to 10000",
        ),
        (
            {"effect": "blur", "strength": 0},
            "the strength of blur is 0: expected a number of px above 0, at most 10000",
        ),
        (
            {"effect": "hide", "strength": float("nan")},
            "the strength of hide is nan: expected a whole number of px from 1 to 10000",
        ),
        (
            {"colour": "red"},
            (
                "the colour is 'red': expected '#rrggbb', '#rgb' or 'rgba(r, g, b, 1)', with r, g, "
                "b from 0 to 255"
            ),
        ),
    ],
)
def test_paste_options_that_cannot_be_are_refused_before_any_work(options, message):
    with pytest.raises(InputError) as caught:
        PasteOptions(**options)
    assert str(caught.value) == message


@pytest.mark.long
def test_changed_sees_the_photo_and_the_edited_version(files):
    selection = chosen(opened(files), "@changed > 1%")
    assert selection.decisions == (True, True)


@pytest.mark.long
def test_a_moved_edited_version_with_a_cast_is_told_offered_and_taken_either_way(tmp_path):
    photo = np.ascontiguousarray(data.coffee()[:300, :400])
    edited_version = photo.copy()
    edited_version[100:150, 200:260] = edited_version[100:150, 200:260, ::-1]
    moved = np.clip(np.roll(edited_version, 3, 1) + np.array([12, 12, -12]), 0, 255)
    for name, pixels in (("photo", photo), ("edited", moved.astype(np.uint8))):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    files = Inputs(tmp_path / "photo.png", reference=tmp_path / "edited.png")
    scene = open_scene(files)
    assert "edited version: it lies 3 px too far right: align puts it back" in scene.notes
    assert "align" in scene.offers
    taken = open_scene(files, SegmentOptions(align=True))
    assert "edited version: it was moved by 3 px to the left" in taken.notes
    assert any(
        note.startswith("edited version: its colours are changed as a whole")
        for note in taken.notes
    )
    assert taken.offers == {"count_cast"}
    (item,) = taken.segments.items
    assert item.bbox.intersect(Box(200, 100, 260, 150)) == Box(200, 100, 260, 150)
    assert np.prod(item.bbox.size_hw) < 1.5 * 60 * 50
    counted = open_scene(files, SegmentOptions(align=True, count_cast=True))
    assert sum(item.area for item in counted.segments.items) > 0.5 * 300 * 400
    assert counted.offers == frozenset()
