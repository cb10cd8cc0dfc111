from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.colour import ColourNames
from segui.errors import ExpressionError, InputError
from segui.images.pictures import shrink
from segui.pipeline import PasteOptions, SegmentOptions, as_tensor
from segui.scores.crops import seen
from segui.settings import Settings
from segui.ui import steps
from segui.ui.folders import FILE_URL
from segui.ui.state import Files, Hand, Wishes, Work
from segui.ui.view import lists as shown
from segui.ui.view import picture
from segui.ui.wishes import default_values, wishes_of

COLOURS = ClassifierChoice("Colour names")
OPTIONS = SegmentOptions()
SETTINGS = Settings()


def asking(expression: str, on_unknown: str = "remain") -> Wishes:
    said = default_values("Colour names", "auto")
    return wishes_of({**said, "expression": expression, "on_unknown": on_unknown})


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
    return steps.chosen(steps.scored(found, COLOURS, ColourNames()), asking("*"), Hand())


def test_nothing_given_is_an_empty_page(tmp_path):
    work = steps.opened(Files(), OPTIONS, SETTINGS, tmp_path)
    assert (work.photo, work.scene) == (None, None)
    assert "Start with a photo" in shown.lists(work, Hand()).status
    assert shown.photo_card(work) == ""
    told = picture.photo_message(work)
    assert (told["photo"], told["size"], told["shapes"]) == ("", None, [])


def test_a_photo_alone_waits_for_areas(files, tmp_path):
    work = steps.opened(Files(files.photo), OPTIONS, SETTINGS, tmp_path)
    assert work.scene is None
    assert "Now say where the areas are" in shown.lists(work, Hand()).status
    assert "photo.png" in shown.photo_card(work)
    assert steps.painted(work, PasteOptions(), "cpu") is None
    with pytest.raises(InputError, match="there are no areas yet"):
        steps.write_result(work, PasteOptions(), "cpu", tmp_path, "photo")


@pytest.mark.parametrize("masks", [True, False])
def test_what_is_judged_while_pictures_are_made_is_the_same(masks, files, tmp_path):
    given = files if masks else Files(files.photo)
    asked = given, OPTIONS, SETTINGS, tmp_path
    both = steps.opened_and_scored(*asked, COLOURS, ColourNames())
    one = steps.scored(steps.opened(*asked), COLOURS, ColourNames())
    assert both.scores == one.scores
    assert both.scores_of == one.scores_of
    assert len(both.thumbnails) == len(one.thumbnails) == (2 if masks else 0)
    assert [layer.box for layer in both.layers] == [layer.box for layer in one.layers]
    assert np.array_equal(both.small, one.small)
    assert both.opened_as == one.opened_as


def test_every_area_has_its_picture(work, tmp_path):
    assert len(work.thumbnails) == 2
    pictures = sorted((tmp_path / "pictures").glob("*/*.jpg"))
    assert [path.name for path in pictures] == ["1.jpg", "2.jpg"]
    lists = shown.lists(work, Hand())
    assert lists.filtered.count("<img") == 2
    assert lists.table.count("<tr") == 3
    assert lists.review == ""


def test_a_classifier_is_asked_once(work):
    counting = Counting()
    fresh = replace(work, scores=None, scores_of=None)
    judged = steps.scored(fresh, COLOURS, counting)
    again = steps.chosen(judged, asking("red > 50%"), Hand())
    assert steps.scored(again, COLOURS, counting) is again
    assert counting.asked == 1


def test_another_classifier_is_asked_again(work):
    assert not steps.is_scored(work, ClassifierChoice("Manual repo id", "org/name"))


def test_a_rule_that_cannot_be_read_leaves_the_work_as_it_is(work):
    before = work.selection
    with pytest.raises(ExpressionError):
        steps.chosen(work, asking("(red"), Hand())
    assert work.selection is before


def test_before_any_scores_areas_can_be_chosen_by_their_properties(work):
    unscored = replace(work, scores=None, scores_of=None)
    assert len(steps.chosen(unscored, asking("@index = 1"), Hand()).selection.filtered.items) == 1


def test_the_result_is_a_png_of_full_size(work, tmp_path):
    options = PasteOptions(effect="invert", feather=0)
    path = steps.write_result(work, options, "cpu", tmp_path, "photo")
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
    left = steps.after_failure(work, broken, OPTIONS, SETTINGS, "why")
    assert left.scene is work.scene
    assert left.stale == "why"
    assert left.selection is work.selection
    assert (left.files, left.opened_as) == (broken, (broken, OPTIONS))


def test_a_failure_with_another_photo_shows_that_photo_alone(work, files, pictures):
    other = replace(files, photo=pictures / "cat.png")
    left = steps.after_failure(work, other, OPTIONS, SETTINGS, "why")
    assert left.scene is None
    assert left.photo.size_hw == (300, 451)
    assert left.files == other


def test_undecided_areas_have_a_list_of_their_own(work):
    asked = steps.chosen(work, asking("cat > 50%", "review"), Hand())
    lists = shown.lists(asked, Hand())
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
    assert (
        said in shown.lists(steps.chosen(scored, asking(rule, on_unknown), Hand()), Hand()).remained
    )


def test_previews_are_small_pictures_without_an_address(work):
    assert picture.photo_message(work)["photo"].startswith("data:image/jpeg;base64,")


def test_what_is_done_by_hand_wins_over_the_rule(work):
    hand = steps.put(work, Hand(), 1, "filtered")
    chosen = steps.chosen(work, asking("@index = 2"), hand)
    assert chosen.selection.sides == ("filtered", "filtered")
    assert chosen.selection.by_hand == (True, False)
    assert "by hand" in shown.lists(chosen, hand).filtered
    undone = steps.chosen(work, asking("@index = 2"), steps.put(work, hand, 1, None))
    assert undone.selection.sides == ("remained", "filtered")


def test_what_is_done_by_hand_outlives_another_search_for_areas(work, files, tmp_path):
    hand = steps.put(work, Hand(), 2, "filtered")
    again = steps.opened(files, SegmentOptions(crop_factor=1.5), SETTINGS, tmp_path)
    assert steps.chosen(again, asking("@area < 0"), hand).selection.sides == (
        "remained",
        "filtered",
    )


@pytest.mark.parametrize("number", [0, 3, -1])
def test_no_area_no_hand(work, number):
    assert steps.put(work, Hand(), number, "filtered") == Hand()


def test_scores_that_nobody_gave_leave_every_area_undecided(work):
    left = steps.chosen(steps.unscored(work, "no hub"), asking("red > 0"), Hand())
    assert left.trouble == "no hub"
    assert left.selection.decisions == (None, None)


def test_how_far_a_classifier_has_come_is_told(work):
    told = []
    fresh = replace(work, scores=None, scores_of=None)
    steps.scored(fresh, COLOURS, ColourNames(), lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 2), (2, 2))


@pytest.mark.parametrize("context", ["crop", "bbox", "segment"])
def test_what_a_model_gets_of_each_area_is_shown(context, work, tmp_path):
    asked = ClassifierChoice("Manual repo id", "org/name", context=context)
    shown = steps.shown_as_judged(work, asked, tmp_path)
    photo = as_tensor(work.scene.photo.pixels)
    for item, url in zip(work.scene.segments.items, shown.thumbnails, strict=True):
        with Image.open(url.removeprefix(FILE_URL)) as picture:
            expected = shrink(np.asarray(seen(item, photo, context)), steps.THUMBNAIL_PX)
            assert np.abs(np.asarray(picture, np.int16) - expected).mean() < 8  # it is a JPEG
    assert steps.shown_as_judged(shown, asked, tmp_path) is shown
    again = steps.shown_as_judged(shown, COLOURS, tmp_path)
    assert len(set(work.thumbnails + shown.thumbnails + again.thumbnails)) == 6
    first, last = (Path(one.thumbnails[0].removeprefix(FILE_URL)) for one in (work, again))
    assert first.read_bytes() == last.read_bytes()


def test_names_that_a_classifier_knows_are_shown_before_it_has_answered(work):
    waiting = steps.chosen(steps.unscored(work, "", ["cat", "tabby cat"]), asking("*"), Hand())
    chips = shown.lists(waiting, Hand()).labels
    assert "Names it knows" in chips
    assert "tabby cat" in chips
    assert "best score" not in chips
    judged = steps.scored(waiting, COLOURS, ColourNames())
    answered = shown.lists(steps.chosen(judged, asking("*"), Hand()), Hand()).labels
    assert "Names found" in answered
    assert "tabby cat" not in answered


def test_a_model_that_has_said_nothing_has_no_revision(work):
    before = replace(work, scores_revision="abc")
    assert steps.unscored(before, "no hub").scores_revision == ""
