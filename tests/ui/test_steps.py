from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.classifiers.colour import ColourNames
from segui.errors import ExpressionError, InputError
from segui.pipeline import PasteOptions, SegmentOptions
from segui.settings import Settings
from segui.ui import shown, steps
from segui.ui.choices import ClassifierChoice
from segui.ui.state import Files, Work

COLOURS = ClassifierChoice("Colour names")
OPTIONS = SegmentOptions()
SETTINGS = Settings()


class Counting(ColourNames):
    """Counts how often it is asked."""

    asked = 0

    def score(self, crops):
        self.asked += 1
        return super().score(crops)


@pytest.fixture
def files(pictures: Path) -> Files:
    return Files(pictures / "photo.png", (pictures / "mask.png",))


@pytest.fixture
def work(files: Files, tmp_path: Path) -> Work:
    found = steps.opened(files, OPTIONS, SETTINGS, tmp_path)
    return steps.chosen(steps.scored(found, COLOURS, ColourNames()), "*", "remain")


def test_nothing_given_is_an_empty_page(tmp_path):
    work = steps.opened(Files(), OPTIONS, SETTINGS, tmp_path)
    assert (work.photo, work.scene) == (None, None)
    assert "Start with a photo" in shown.lists(work).status
    assert shown.photo_preview(work) == shown.areas_preview(work) == shown.photo_card(work) == ""


def test_a_photo_alone_waits_for_areas(files, tmp_path):
    work = steps.opened(Files(files.photo), OPTIONS, SETTINGS, tmp_path)
    assert work.scene is None
    assert "Now say where the areas are" in shown.lists(work).status
    assert "photo.png" in shown.photo_card(work)
    assert steps.painted(work, PasteOptions(), "cpu") is None
    assert steps.write_result(work, PasteOptions(), "cpu", tmp_path) is None


def test_every_area_has_its_picture(work, tmp_path):
    assert len(work.thumbnails) == 2
    pictures = sorted((tmp_path / "pictures").glob("*/*.jpg"))
    assert [path.name for path in pictures] == ["1.jpg", "2.jpg"]
    lists = shown.lists(work)
    assert lists.filtered.count("<img") == 2
    assert lists.table.count("<tr") == 3
    assert lists.review == ""


def test_a_classifier_is_asked_once(work):
    counting = Counting()
    fresh = replace(work, scores=None, scores_of=None)
    judged = steps.scored(fresh, COLOURS, counting)
    again = steps.chosen(judged, "red > 50%", "remain")
    assert steps.scored(again, COLOURS, counting) is again
    assert counting.asked == 1


def test_another_classifier_is_asked_again(work):
    assert not steps.is_scored(work, ClassifierChoice("Manual repo id", "org/name"))


def test_a_rule_that_cannot_be_read_leaves_the_work_as_it_is(work):
    before = work.selection
    with pytest.raises(ExpressionError):
        steps.chosen(work, "(red", "remain")
    assert work.selection is before


def test_before_any_scores_areas_can_be_chosen_by_their_properties(work):
    unscored = replace(work, scores=None, scores_of=None)
    assert len(steps.chosen(unscored, "@index = 1", "remain").selection.filtered.items) == 1


def test_the_result_is_a_png_of_full_size(work, tmp_path):
    path = steps.write_result(work, PasteOptions(effect="invert", feather=0), "cpu", tmp_path)
    assert path.name == "photo-segui.png"
    with Image.open(path) as image:
        result = np.array(image)
    with Image.open(work.files.photo) as image:
        photo = np.array(image)
    np.testing.assert_array_equal(result[100, 200], 255 - photo[100, 200])
    np.testing.assert_array_equal(result[0, 0], photo[0, 0])


def test_nothing_to_paste_is_refused(work):
    with pytest.raises(InputError, match="there is nothing to paste"):
        steps.painted(work, PasteOptions(), "cpu")


def test_a_failure_with_the_same_photo_keeps_the_areas(work, files):
    broken = replace(files, masks=(Path("broken.png"),))
    left = steps.after_failure(work, broken, OPTIONS, SETTINGS)
    assert left.scene is work.scene
    assert left.selection is work.selection
    assert (left.files, left.opened_as) == (broken, (broken, OPTIONS))


def test_a_failure_with_another_photo_shows_that_photo_alone(work, files, pictures):
    other = replace(files, photo=pictures / "cat.png")
    left = steps.after_failure(work, other, OPTIONS, SETTINGS)
    assert left.scene is None
    assert left.photo.size_hw == (300, 451)
    assert left.files == other


@pytest.mark.parametrize(
    ("size_wh", "helps"), [((512, 512), False), ((256, 256), True), ((400, 256), False)]
)
def test_scaling_is_offered_where_the_proportions_agree(files, tmp_path, size_wh, helps):
    Image.new("L", size_wh, 255).save(tmp_path / "mask.png")
    given = replace(files, masks=(tmp_path / "mask.png",))
    assert steps.scaling_would_help(given, OPTIONS, SETTINGS) is helps
    assert not steps.scaling_would_help(given, replace(OPTIONS, scale=True), SETTINGS)


def test_undecided_areas_have_a_list_of_their_own(work):
    asked = steps.chosen(work, "cat > 50%", "review")
    lists = shown.lists(asked)
    assert "To review <span>2</span>" in lists.review
    assert "Nothing yet." in lists.filtered


@pytest.mark.parametrize(
    ("rule", "on_unknown", "said"),
    [
        ("*", "remain", "Nothing: every area is chosen."),
        ("cat > 0.5", "review", '<p class="quiet">Nothing.</p>'),
    ],
)
def test_nothing_left_out_is_called_all_chosen_only_where_it_is(work, rule, on_unknown, said):
    scored = steps.scored(work, COLOURS, ColourNames())
    assert said in shown.lists(steps.chosen(scored, rule, on_unknown)).remained


def test_previews_are_small_pictures_without_an_address(work):
    for picture in (shown.photo_preview(work), shown.areas_preview(work)):
        assert picture.startswith("data:image/jpeg;base64,")
