from dataclasses import dataclass

import numpy as np
import pytest
import torch

from segui import (
    ClassifierError,
    ExpressionError,
    InputError,
    Segment,
    Segments,
    classify,
    parse,
    segments_from_mask,
)
from segui.selection import override, score_segments, segment_properties, select
from tests.drawn import mask, picture, segment

SIZE_HW = (20, 40)
CROPS = [(0, 0, 10, 10), (20, 0, 34, 10), (0, 12, 6, 18)]


class Counting:
    """A classifier that says how light a crop is, and how often it was asked."""

    def __init__(self):
        self.asked = []

    def score(self, crops):
        self.asked.append(len(crops))
        return [{"light": value, "dark": 1 - value} for value in map(self.lightness, crops)]

    @staticmethod
    def lightness(crop):
        return float(np.asarray(crop.image.convert("L")).mean()) / 255


def three(**others):
    return Segments(SIZE_HW, [segment(crop, **others) for crop in CROPS])


def shaded():
    image = torch.zeros(1, *SIZE_HW, 3)
    image[:, :, 20:] = 0.8
    image[:, 11:] = 0.4
    return image


def indices(segments, chosen):
    return [segments.items.index(item) for item in chosen.items]


def test_segments_that_pass_are_filtered_and_the_others_remain_in_order():
    segments = three()
    chosen = classify(Counting(), segments, "light > 0.3", shaded())
    assert indices(segments, chosen.filtered) == [1, 2]
    assert indices(segments, chosen.remained) == [0]
    assert chosen.review.items == ()
    assert chosen.filtered.size == SIZE_HW
    assert chosen.labels == ["dark", "light"]
    assert [round(scores["light"], 1) for scores in chosen.scores] == [0, 0.8, 0.4]
    assert chosen.reasons == (
        "light 0.00 > 0.3 is false",
        "light 0.80 > 0.3 is true",
        "light 0.40 > 0.3 is true",
    )


def test_the_classifier_is_asked_once_for_all_crops():
    classifier = Counting()
    classify(classifier, three(), "light > 0.3", shaded())
    assert classifier.asked == [3]


def test_another_expression_on_the_same_segments_asks_nothing():
    classifier, segments = Counting(), three()
    first = classify(classifier, segments, "light > 0.3", shaded())
    second = classify(classifier, segments, "dark > 0.9", shaded())
    assert classifier.asked == [3]
    assert second.scores == first.scores
    assert indices(segments, second.filtered) == [0]


def test_another_picture_asks_again_and_another_classifier_too():
    classifier, segments = Counting(), three()
    classify(classifier, segments, "*", shaded())
    classify(classifier, segments, "*", 1 - shaded())
    assert classifier.asked == [3, 3]
    other = Counting()
    classify(other, segments, "*", shaded())
    assert other.asked == [3]


def test_what_was_said_of_a_crop_is_not_changed_by_who_reads_it():
    classifier, segments = Counting(), three()
    classify(classifier, segments, "*", shaded()).scores[0]["light"] = 7
    assert classify(classifier, segments, "*", shaded()).scores[0]["light"] == 0


def test_identical_crops_are_shown_once():
    classifier = Counting()
    twins = Segments(SIZE_HW, [segment(CROPS[0]), segment(CROPS[0])])
    assert len(classify(classifier, twins, "*", shaded()).scores) == 2
    assert classifier.asked == [1]


def test_equal_masks_at_different_places_are_different_crops():
    twins = Segments(SIZE_HW, [segment((0, 0, 5, 5)), segment((30, 0, 35, 5))])
    scores = classify(Counting(), twins, "*", shaded()).scores
    assert [round(score["light"], 1) for score in scores] == [0, 0.8]


def test_the_crop_is_all_of_the_rectangle_and_the_mask_beside_it():
    seen = []

    class Looking:
        def score(self, crops):
            seen.extend(crops)
            return [{} for _ in crops]

    region = (2, 3, 6, 6)
    part = Segment(mask("#+..", "....", "...#"), region, region)
    image = picture(*SIZE_HW)
    classify(Looking(), Segments(SIZE_HW, [part]), "*", image)
    expected = image[0, 3:6, 2:6].mul(255).round().to(torch.uint8)
    assert seen[0].image.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(seen[0].image), expected)
    assert seen[0].mask.mode == "L"
    rows = [[255, 128, 0, 0], [0, 0, 0, 0], [0, 0, 0, 255]]
    assert np.asarray(seen[0].mask).tolist() == rows


def test_a_segments_own_image_goes_before_the_reference():
    own = torch.full((1, 10, 10, 3), 0.6)
    chosen = classify(
        Counting(), Segments(SIZE_HW, [segment(CROPS[0], image=own)]), "light > 0.5", shaded()
    )
    assert chosen.sides == ("filtered",)


def test_a_segment_without_pixels_has_no_scores_and_remains():
    classifier = Counting()
    chosen = classify(classifier, three(), "light > 0.5")
    assert classifier.asked == []
    assert chosen.sides == ("remained",) * 3
    assert chosen.scores == ({}, {}, {})
    assert chosen.reasons[0] == "no classifier has scored it"


def test_its_area_can_pass_a_segment_without_pixels():
    assert classify(Counting(), three(), "@area > 99").sides == ("filtered", "filtered", "remained")


def test_a_crop_outside_the_reference_has_no_pixels():
    far = Segments(SIZE_HW, [segment((50, 50, 60, 60))])
    assert classify(Counting(), far, "light > 0", shaded()).scores == ({},)


def test_transparent_pixels_are_shown_on_white_and_do_not_count():
    seen = []

    class Looking:
        def score(self, crops):
            seen.extend(crops)
            return [{} for _ in crops]

    clear = torch.zeros(1, *SIZE_HW, 4)
    clear[..., :5, 3] = 1
    classify(Looking(), Segments(SIZE_HW, [segment((0, 0, 6, 1))]), "*", clear)
    assert np.asarray(seen[0].image)[0, 4:].tolist() == [[0, 0, 0], [255, 255, 255]]
    assert np.asarray(seen[0].mask)[0, 4:].tolist() == [255, 0]


@pytest.mark.parametrize(
    ("on_unknown", "side", "ending"),
    [
        ("remain", "remained", ""),
        ("filter", "filtered", " (undecided, and such ones are included)"),
        ("review", "review", " (undecided, and waits for a review)"),
    ],
)
def test_the_undecided_go_where_they_are_told(on_unknown, side, ending):
    chosen = classify(Counting(), three(), "lihgt > 0.5", shaded(), on_unknown)
    assert chosen.sides == (side,) * 3
    assert chosen.decisions == (None,) * 3
    assert chosen.reasons[0] == "no label 'lihgt': did you mean 'light'?" + ending


def test_groups_of_the_users_own_are_known():
    chosen = classify(Counting(), three(), "#Bright > 0.5", shaded(), groups={"#Bright": ["light"]})
    assert chosen.sides == ("remained", "filtered", "remained")


def test_a_wrong_expression_asks_no_classifier():
    classifier = Counting()
    with pytest.raises(ExpressionError):
        classify(classifier, three(), "light >", shaded())
    assert classifier.asked == []


def test_a_wrong_on_unknown_is_refused():
    with pytest.raises(InputError) as caught:
        classify(Counting(), three(), "*", shaded(), "drop")
    assert str(caught.value) == "on_unknown is 'drop': expected one of remain, filter, review"


def test_a_classifier_that_miscounts_is_refused():
    class Short:
        def score(self, crops):
            return [{}]

    with pytest.raises(ClassifierError) as caught:
        score_segments(Short(), three(), shaded())
    assert str(caught.value) == "the classifier gave 1 answers for 3 crops: expected one each"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "the classifier gave no list of answers for 3 crops: expected one each"),
        ([None] * 3, "the classifier answered None: expected a score for each label"),
        ([{1: 0.5}] * 3, "the classifier answered {1: 0.5}: expected a score for each label"),
    ],
)
def test_answers_that_are_no_scores_are_refused(answer, message):
    class Wrong:
        def score(self, crops):
            return answer

    with pytest.raises(ClassifierError) as caught:
        score_segments(Wrong(), three(), shaded())
    assert str(caught.value) == message


def test_scores_of_another_number_of_segments_are_refused():
    with pytest.raises(InputError, match="there are scores of 1 segments: expected 3"):
        select(three(), [{}], "*")


class Sizes:
    """A classifier that remembers how large its crops were."""

    def __init__(self):
        self.sizes = []

    def score(self, crops):
        self.sizes += [crop.image.size for crop in crops]
        return [{"a": 1.0} for _ in crops]


@pytest.mark.parametrize(
    ("context", "size"), [("crop", (12, 16)), ("bbox", (6, 8)), ("segment", (6, 8))]
)
def test_what_a_classifier_sees_of_a_segment_can_be_chosen(context, size):
    marked = torch.zeros(*SIZE_HW)
    marked[6:14, 10:16] = 1
    segments = segments_from_mask(marked, crop_factor=2, drop_size=1)
    classifier = Sizes()
    classify(classifier, segments, "*", shaded(), context=context)
    assert classifier.sizes == [size]


def test_each_context_is_asked_for_and_remembered_by_itself():
    classifier, segments = Counting(), three()
    for context in ("crop", "segment", "crop", "segment"):
        classify(classifier, segments, "*", shaded(), context=context)
    assert classifier.asked == [3, 3]


def test_an_unknown_context_is_refused():
    with pytest.raises(InputError) as caught:
        classify(Counting(), three(), "*", shaded(), context="all")
    assert str(caught.value) == "the context is 'all': expected one of crop, bbox, segment"


def test_a_classifier_without_a_hash_is_remembered_too():
    @dataclass
    class Plain:
        asked: int = 0

        def score(self, crops):
            self.asked += 1
            return [{"x": 1.0} for _ in crops]

    classifier, segments = Plain(), three()
    for expression in ("x > 0", "x < 0"):
        classify(classifier, segments, expression, shaded())
    assert classifier.asked == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"on_unknown": "x"}, "on_unknown is 'x': expected one of remain, filter, review"),
        (
            {"reference": torch.ones(9, 9, 3)},
            "the reference is (9, 9, 3): expected (B, H, W, 3 or 4)",
        ),
        (
            {"edited": torch.ones(1, 9, 9, 3)},
            "the edited version is 9 x 9, the image 40 x 20: their sizes must match",
        ),
    ],
)
def test_what_does_not_fit_is_refused_before_the_classifier_is_asked(change, message):
    classifier = Counting()
    fitting = {"segments": three(), "expression": "*", "reference": shaded()}
    with pytest.raises(InputError) as caught:
        classify(classifier, **{**fitting, **change})
    assert str(caught.value) == message
    assert classifier.asked == []


def test_a_classifier_that_python_cannot_refer_to_weakly_is_just_asked_again():
    class Slotted:
        __slots__ = ()

        def score(self, crops):
            return [{"x": 1.0} for _ in crops]

    assert classify(Slotted(), three(), "x > 0", shaded()).sides == ("filtered",) * 3


def test_an_expression_that_is_parsed_already_is_taken():
    assert classify(Counting(), three(), parse("*"), shaded()).sides == ("filtered",) * 3


def test_properties_of_the_picture_are_computed_when_asked_for():
    segments = three()
    facts = segment_properties(segments, ["share", "rank", "index"])
    assert [fact["share"] for fact in facts] == [100 / 800, 140 / 800, 36 / 800]
    assert [fact["rank"] for fact in facts] == [2, 1, 3]
    assert [fact["index"] for fact in facts] == [1, 2, 3]
    assert segment_properties(segments, []) == ({}, {}, {})


def test_the_index_is_in_reading_order_whatever_the_order_of_the_segments():
    backwards = Segments(SIZE_HW, reversed(three().items))
    assert [fact["index"] for fact in segment_properties(backwards, ["index"])] == [3, 2, 1]


def test_equal_areas_are_ranked_in_order():
    twins = Segments(SIZE_HW, [segment(CROPS[0]), segment((20, 0, 30, 10))])
    assert [fact["rank"] for fact in segment_properties(twins, ["rank"])] == [1, 2]


def test_changed_is_the_mean_absolute_difference_under_the_mask():
    region = (0, 0, 4, 1)
    part = Segments(SIZE_HW, [Segment(mask("#+.."), region, region)])
    before = torch.zeros(1, *SIZE_HW, 3)
    after = before.clone()
    after[0, 0, 0] = torch.tensor([0.3, 0.6, 0.9])
    after[0, 0, 2] = 1
    changed = segment_properties(part, ["changed"], before, after)[0]["changed"]
    assert changed == pytest.approx(0.6 * 1 / 1.5)
    as_bytes = segment_properties(part, ["changed"], before, after.mul(255).round().byte())
    assert as_bytes[0]["changed"] == pytest.approx(changed, abs=0.002)


def test_changed_is_unknown_without_an_edited_version():
    chosen = classify(Counting(), three(), "@changed > 1%", shaded())
    assert chosen.decisions == (None,) * 3
    assert chosen.reasons[0] == "@changed is unknown: there is no edited version to compare with"


def test_an_edited_version_of_another_size_is_refused():
    with pytest.raises(InputError) as caught:
        classify(Counting(), three(), "@changed > 0", shaded(), edited=picture(9, 8))
    assert str(caught.value) == (
        "the edited version is 8 x 9, the image 40 x 20: their sizes must match"
    )


def test_scores_that_are_there_already_need_no_classifier():
    chosen = select(three(), [{"a": 0.1}, {"a": 0.9}, {}], "a > 0.5 or @index = 3")
    assert chosen.sides == ("remained", "filtered", "filtered")


class InSteps(Counting):
    """Counting, and each of its calls is told beside the reports of progress."""

    def __init__(self, told):
        super().__init__()
        self.told = told

    def score(self, crops):
        self.told.append(len(crops))
        return super().score(crops)


@pytest.mark.parametrize(
    ("batch", "expected"),
    [
        (1, [(0, 3), 1, (1, 3), 1, (2, 3), 1, (3, 3)]),
        (2, [(0, 3), 2, (2, 3), 1, (3, 3)]),
        (3, [(0, 3), 3, (3, 3)]),
        (8, [(0, 3), 3, (3, 3)]),
    ],
)
def test_progress_is_told_before_the_first_batch_and_after_each(batch, expected):
    told = []
    classifier = InSteps(told)
    scores = score_segments(
        classifier, three(), shaded(), progress=lambda *step: told.append(step), batch=batch
    )
    assert told == expected
    assert scores == score_segments(Counting(), three(), shaded())


def test_without_progress_the_classifier_is_asked_once():
    classifier = Counting()
    score_segments(classifier, three(), shaded(), batch=1)
    assert classifier.asked == [3]


def test_segments_without_pixels_do_not_count_as_progress():
    told = []
    mixed = Segments(SIZE_HW, [segment(CROPS[0]), segment((50, 50, 60, 60))])
    scores = score_segments(
        Counting(), mixed, shaded(), progress=lambda *step: told.append(step), batch=1
    )
    assert told == [(0, 1), (1, 1)]
    assert scores == ({"light": 0, "dark": 1}, {})
    score_segments(Counting(), mixed, progress=lambda *step: told.append(step))
    assert told == [(0, 1), (1, 1)]


def test_what_progress_raises_ends_the_work():
    class CancelledError(Exception):
        pass

    def cancel_after_one(done, total):
        if done:
            raise CancelledError

    classifier = Counting()
    with pytest.raises(CancelledError):
        score_segments(classifier, three(), shaded(), progress=cancel_after_one, batch=1)
    assert classifier.asked == [1]


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(InputError) as caught:
        score_segments(Counting(), three(), shaded(), batch=0)
    assert str(caught.value) == "batch is 0: expected at least 1"


def chosen_of_three(on_unknown="remain"):
    return select(three(), [{"red": 0.31}, {"red": 0.9}, {"blue": 1.0}], "red > 0.5", on_unknown)


def test_nothing_is_by_hand_until_somebody_says_so():
    assert chosen_of_three().by_hand == (False,) * 3
    assert override(chosen_of_three(), {}).by_hand == (False,) * 3


def test_by_hand_a_segment_goes_where_it_is_put_whatever_the_rule_says():
    before = chosen_of_three()
    after = override(before, {0: "filtered", 1: "remained"})
    assert after.sides == ("filtered", "remained", "remained")
    assert indices(after.segments, after.filtered) == [0]
    assert after.by_hand == (True, True, False)
    assert after.decisions == (False, True, None)
    assert after.reasons == (
        "by hand; red 0.31 > 0.5 is false",
        "by hand; red 0.90 > 0.5 is true",
        "no label 'red': the classifier gave blue",
    )
    assert before.sides == ("remained", "filtered", "remained")


def test_the_rules_own_side_is_by_hand_too_where_it_was_given():
    after = override(chosen_of_three(), {1: "filtered"})
    assert after.sides == chosen_of_three().sides
    assert after.by_hand == (False, True, False)
    assert after.reasons[1] == "by hand; red 0.90 > 0.5 is true"


def test_the_undecided_wait_for_nothing_once_they_are_put_somewhere():
    before = chosen_of_three("review")
    assert before.reasons[2].endswith(" (undecided, and waits for a review)")
    after = override(before, {2: "remained"})
    assert after.sides[2] == "remained"
    assert after.review.items == ()
    assert after.reasons[2] == "by hand; no label 'red': the classifier gave blue"


def test_a_second_hand_adds_to_the_first_and_is_named_once():
    once = override(chosen_of_three(), {0: "filtered"})
    twice = override(once, {0: "remained", 1: "remained"})
    assert twice.by_hand == (True, True, False)
    assert twice.sides == ("remained",) * 3
    assert twice.reasons[0] == "by hand; red 0.31 > 0.5 is false"


@pytest.mark.parametrize(
    ("segments", "sides", "message"),
    [
        (three(), {3: "filtered"}, "there is no segment at place 3: expected 0 to 2"),
        (three(), {-1: "filtered"}, "there is no segment at place -1: expected 0 to 2"),
        (
            Segments(SIZE_HW, []),
            {0: "filtered"},
            "there is no segment at place 0: there are no segments",
        ),
        (
            three(),
            {1: "review"},
            "the side of segment 1 is 'review': expected filtered or remained",
        ),
    ],
)
def test_a_hand_that_points_at_nothing_is_refused(segments, sides, message):
    with pytest.raises(InputError) as caught:
        override(select(segments, [{}] * len(segments.items), "*"), sides)
    assert str(caught.value) == message


def test_labels_are_ranked_by_their_best_score_anywhere():
    scores = [{"a": 0.2, "b": 0.5, "n": float("nan")}, {"a": 0.9, "c": 0.5}, {}]
    chosen = select(three(), scores, "*")
    assert chosen.top_labels() == ["a", "b", "c", "n"]
    assert chosen.top_labels(2) == ["a", "b"]
    assert select(three(), [{}] * 3, "*").top_labels() == []


def test_the_figures_of_an_operand_are_what_the_rule_compared():
    chosen = select(
        three(),
        [{"girl": 0.2}, {"woman": 0.9, "girl": 0.1}, {}],
        "#Mine > 0.5 and @share > 20% and @confidence > 0.5",
        groups={"#Mine": ["girl"]},
    )
    mine, share, confidence = (chosen.figures(one.operand) for one in chosen.expression.thresholds)
    assert mine == (0.2, 0.1, None)
    assert share == (100 / 800, 140 / 800, 36 / 800)
    assert confidence == tuple(item.confidence for item in chosen.segments.items)
