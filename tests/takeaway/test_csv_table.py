import csv
import io
from dataclasses import replace

import pytest

from segui.classifiers.colour import ColourNames
from segui.pipeline import choose, score_scene
from segui.segments.segment import Segments
from segui.selection import fade, override, select
from segui.takeaway.csv_table import scores_csv
from tests.drawn import segment
from tests.takeaway.chosen import SIZE_HW, scene_of, selection_of


def table_of(selection, photo=""):
    return list(csv.reader(io.StringIO(scores_csv(selection, photo=photo), newline="")))


def test_the_table_has_a_row_a_segment_and_a_column_a_label():
    scene = scene_of("left", "right")
    selection = selection_of(
        scene, {"red": 0.25, "dark blue": 0.75}, {"red": 1 / 3}, expression="red > 30%"
    )
    assert table_of(selection, "a.jpg") == [
        ["number", "label", "side", "by_hand", "x1", "y1", "x2", "y2", "area", "confidence",
         "share", "rank", "ratio", "outcome", "photo", "opacity", "score dark blue",
         "score red", "reason"],
        ["1", "left", "remained", "no", "0", "0", "12", "10", "120", "1.0", "0.05", "2", "1.2",
         "left out", "a.jpg", "", "0.75", "0.25",
         selection.reasons[0]],
        ["2", "right", "filtered", "no", "20", "5", "50", "30", "750", "1.0", "0.3125", "1", "1.2",
         "chosen", "a.jpg", "1.0", "", "0.333333",
         selection.reasons[1]],
    ]  # fmt: skip


def test_what_was_done_by_hand_is_marked():
    selection = replace(selection_of(scene_of("left", "right")), by_hand=(False, True))
    assert [row[3] for row in table_of(selection)] == ["by_hand", "no", "yes"]


def test_a_reason_has_all_parts_of_a_long_rule():
    rule = "red > 1% and blue > 2% and green > 3% and white > 4%"
    scores = dict.fromkeys(("red", "blue", "green", "white"), 0.5)
    chosen = override(selection_of(scene_of("left"), scores, expression=rule), {0: "remained"})
    assert "2 more" in chosen.reasons[0]
    assert table_of(chosen)[1][-1] == (
        "by hand; red 50% > 1% is true, blue 50% > 2% is true, green 50% > 3% is true and "
        "white 50% > 4% is true"
    )


def test_what_nobody_could_decide_on_is_said_in_the_pages_words():
    asked = selection_of(scene_of("left"), {}, expression="red > 1%", on_unknown="review")
    row = dict(zip(*table_of(asked), strict=True))
    assert (row["side"], row["outcome"]) == ("review", "undecided")


def test_the_opacity_is_what_each_area_is_pasted_with():
    scores = [{"red": 0.4}, {"red": 0.6}]
    selection = fade(selection_of(scene_of("left", "right"), *scores), "30%..70% of red")
    rows = list(csv.DictReader(io.StringIO(scores_csv(selection, alpha=204), newline="")))
    assert [float(row["opacity"]) for row in rows] == pytest.approx([0.25 * 0.8, 0.75 * 0.8])
    assert [row["reason"].partition("; ")[2] for row in rows] == [
        "opacity 25%: red 40%",
        "opacity 75%: red 60%",
    ]


def test_a_photos_name_is_never_a_formula():
    row = dict(zip(*table_of(selection_of(scene_of("left")), "=1.jpg"), strict=True))
    assert row["photo"] == "'=1.jpg"


def test_the_table_of_nothing_is_its_head():
    assert len(table_of(selection_of(scene_of()))) == 1


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])
def test_a_label_is_never_a_formula(label):
    selection = replace(selection_of(scene_of(label)), reasons=(label,))
    row = table_of(selection)[1]
    assert (row[1], row[-1]) == (f"'{label}", f"'{label}")


def test_labels_with_commas_quotes_and_broken_characters_keep_their_cell():
    rows = table_of(selection_of(scene_of('a "b", c\nd', "\ud800"), {"x,y": 0.5}, {}))
    assert [row[1] for row in rows] == ["label", 'a "b", c\nd', "?"]
    assert rows[0][-2] == "score x,y"


def test_negative_numbers_stay_numbers():
    away = Segments(SIZE_HW, (segment((-5, -5, 5, 5)),))
    row = table_of(select(away, [{"x": -0.5}], "*"))[1]
    assert (row[4], row[-2]) == ("-5", "-0.5")


def test_the_scores_of_a_classifier_come_out():
    scene = scene_of("a", "b")
    selection = choose(scene, score_scene(scene, ColourNames()), "red > 50%")
    rows = table_of(selection)
    columns = [name.removeprefix("score ") for name in rows[0][16:-1]]
    for row, scores in zip(rows[1:], selection.scores, strict=True):
        assert dict(zip(columns, map(float, row[16:-1]), strict=True)) == pytest.approx(
            scores, abs=1e-6
        )


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_unknown_in_the_table(score):
    scene = scene_of("left", "right")
    selection = selection_of(scene, {"red": score}, {"red": 0.5}, expression="red > 30%")
    head, odd, good = table_of(selection)
    column = head.index("score red")
    assert [odd[column], good[column]] == ["unknown", "0.5"]
    assert odd[2] == "remained"
    assert odd[-1] == "the score of 'red' is unknown: the classifier gave no number"


def test_of_several_edits_the_last_column_says_which_have_a_segment():
    scene = scene_of("left", "right")
    first = selection_of(scene, expression="@index = 1")
    both = selection_of(scene, expression="*")
    rows = list(csv.reader(io.StringIO(scores_csv(both, (first, both)), newline="")))
    assert [row[-1] for row in rows] == ["edits", "1 2", "2"]
    assert next(row[-1] for row in table_of(both)) == "reason"
