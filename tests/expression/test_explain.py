"""Why a segment passes or not: each sentence whole."""

from types import SimpleNamespace

import pytest

from segui.expression import PROPERTIES, parse
from segui.geometry import Box

SEGMENT = SimpleNamespace(bbox=Box(10, 20, 40, 80), label="A", confidence=0.9, area=480)
SCORES = {"red": 0.12, "cat": 0.4999, "Human Female": 0.3, "zero": 0.0, "nan": float("nan")}
FIVE = {"green": 0.1, "cat": 0.5, "red": 0.3, "blue": 0.1, "Age16to25": 0.05}


def why(text, scores=SCORES, **options):
    return parse(text).explain(scores, SEGMENT, properties={"share": 0.023}, **options)


def test_the_figures_stand_beside_the_names():
    scores = {"female": 0.41, "male": 0.59}
    assert parse("female > male").explain(scores) == "female 0.41 > male 0.59 is false"
    assert parse("female < male").explain(scores) == "female 0.41 < male 0.59 is true"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat > 0.5", "cat 0.4999 > 0.5 is false"),
        ("cat > 0.50", "cat 0.4999 > 0.50 is false"),
        ("cat > 50%", "cat 49.99% > 50% is false"),
        ("red > 10%", "red 12% > 10% is true"),
        ("zero = 0", "zero 0.00 = 0 is true"),
        ("zero + 1e-30 > 0", "zero 0.0 + 1e-30 (1e-30) > 0 is true"),
        ("0.1 + 0.2 = 0.3", "0.1 + 0.2 (0.30000000000000004) = 0.3 is false"),
        ("cat * 1e20 > 1", "cat 0.50 * 1e20 (4.999e+19) > 1 is true"),
        ("@share > 1%", "@share 2.3% > 1% is true"),
        ("@share > 0.01", "@share 0.023 > 0.01 is true"),
        ("@share <= @share", "@share 2.3% <= @share 2.3% is true"),
        ("@area > 9", "@area 480 > 9 is true"),
        ("@area > 50%", "@area 480 > 50% is true"),
        ("@ratio < 1", "@ratio 0.50 < 1 is true"),
        ("@confidence < .5", "@confidence 0.90 < .5 is false"),
    ],
)
def test_figures_have_as_many_digits_as_make_the_comparison_read_right(text, expected):
    assert why(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#Female > 0.2", "#Female 0.30 (Human Female) > 0.2 is true"),
        ('"Human Female" > 0.2', '"Human Female" 0.30 > 0.2 is true'),
        ("max(*) > 0.2", "max(*) 0.50 (cat; nan unknown) > 0.2 is true"),
        ("min(cat, red) > 0.2", "min(cat, red) 0.12 (red) > 0.2 is false"),
        ("max(cat) > 0.2", "max(cat) 0.50 > 0.2 is true"),
        ("sum(cat, red) > 0.6", "sum(cat, red) 0.62 > 0.6 is true"),
        ("red + cat > 0.6", "red 0.12 + cat 0.50 (0.62) > 0.6 is true"),
        ("(red + cat) * 2 > 1", "(red 0.12 + cat 0.50) * 2 (1.24) > 1 is true"),
        ("2 * 3 > 5", "2 * 3 (6) > 5 is true"),
        ("@top = cat", "@top 'cat' = 'cat' is true"),
        ("@top != #Male", "@top 'cat' != #Male is true"),
        ("B = @label", "'B' = @label 'A' is false"),
        ("*", "everything passes"),
    ],
)
def test_groups_functions_and_sums_show_where_their_figure_comes_from(text, expected):
    assert why(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red > 0.5 and @share > 1%", "red 0.12 > 0.5 is false"),
        ("@share > 1% and red > 0.5", "red 0.12 > 0.5 is false"),
        ("dog > 0.5 and red > 0.5", "red 0.12 > 0.5 is false"),
        ("red > 0.1 and @share > 1%", "red 0.12 > 0.1 is true and @share 2.3% > 1% is true"),
        ("red > 0.5 or @share > 1%", "@share 2.3% > 1% is true"),
        ("red > 0.5 or cat > 0.9", "red 0.12 > 0.5 is false and cat 0.50 > 0.9 is false"),
        ("dog > 0.5 or red > 0.1", "red 0.12 > 0.1 is true"),
        ("Cat > 0.5 or red > 0.5", "no label 'Cat': did you mean 'cat'?"),
        ("not red > 0.5", "red 0.12 > 0.5 is false"),
        ("red > 0.1 and red > 0.1", "red 0.12 > 0.1 is true"),
        (
            "@x = 10 and @y = 20 and @area > 1 and red > 0.1",
            "@x 10 = 10 is true, @y 20 = 20 is true and 2 more",
        ),
        ("0.2 < cat <= 0.8", "0.2 < cat 0.50 <= 0.8 is true"),
        ("0.2 < cat <= 0.3", "cat 0.50 <= 0.3 is false"),
        ("0.9 < 0.2 < dog", "0.9 < 0.2 is false"),
    ],
)
def test_only_the_parts_that_decide_are_told(text, expected):
    assert why(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cat > 0.5", "no label 'Cat': did you mean 'cat'?"),
        ("gren > 0.5", "no label 'gren': did you mean 'green'?"),
        ("dog > 0.5", "no label 'dog': the classifier gave cat, red and 3 more"),
        ('red > "0,5"', "no label '0,5': without quotes 0,5 is the number 0.5"),
        ("#Male > 0.5", "no label of #Male: the classifier gave cat, red and 3 more"),
        ("#male > 0.5", "no group '#male': did you mean '#Male'?"),
        ("#Pets > 0.5", "no group '#Pets': there are #Female and #Male"),
        ("@top = #Pets", "no group '#Pets': there are #Female and #Male"),
        ("sum(x*) > 1", "no label for 'sum(x*)': the classifier gave cat, red and 3 more"),
        ("cat + dog > 1", "no label 'dog': the classifier gave cat, red and 3 more"),
        ("0.1 < dog < 1", "no label 'dog': the classifier gave cat, red and 3 more"),
        ("cat / (red - red) > 1", "'cat / (red - red)' divides by zero"),
        ("cat + 1 / 0 - red > 1", "'1 / 0' divides by zero"),
        ("1e308 * 10 > 1", "'1e308 * 10' is too large to compute"),
        ("@changed > 0", "@changed is unknown: there is no edited version to compare with"),
        ("@rank > 0", "@rank is unknown: none was ranked by area"),
    ],
)
def test_what_is_unknown_says_why(text, expected):
    assert why(text, FIVE) == expected


def test_the_labels_that_exist_are_listed_up_to_three():
    assert why("x > 0", {"a": 0.1}) == "no label 'x': the classifier gave a"
    assert why("x > 0", {"a": 0.1, "b": 0.2}) == "no label 'x': the classifier gave b and a"
    scores = {"a": 0.1, "b": 0.2, "c": 0.3}
    assert why("x > 0", scores) == "no label 'x': the classifier gave c, b and a"


def test_a_score_that_is_no_number_is_told_from_a_missing_label():
    assert why("nan > 0") == "the score of 'nan' is unknown: the classifier gave no number"
    assert why("max(nan) > 0") == "the score of 'nan' is unknown: the classifier gave no number"
    scores = {"man": float("inf"), "boy": float("nan"), "cat": 0.5}
    assert why("#Male > 0", scores) == (
        "the scores of 'man' and 'boy' are unknown: the classifier gave no numbers"
    )
    assert (
        why("max(cat, *) > 0", scores)
        == "max(cat, *) 0.50 (cat; man and 1 more unknown) > 0 is true"
    )
    assert why("sum(a) > 1", {"a": 1e308}) == "sum(a) 1e+308 > 1 is true"
    assert why("sum(*) > 1", {"a": 1e308, "b": 1e308}) == "'sum(*)' is too large to compute"


@pytest.mark.parametrize("text", ["cat > 0.5", "#Male > 1", "max(*) > 0", "@top = cat"])
@pytest.mark.parametrize("scores", [{}, None])
def test_a_segment_without_scores_has_no_pixels(text, scores):
    assert why(text, scores) == "no classifier has scored it"


def test_without_a_segment_there_is_nothing_to_measure():
    expected = "@width is unknown: there is no segment to measure"
    assert parse("@width > 1").explain({}) == expected


def test_an_explanation_is_one_line():
    assert why('"two\nlines" > 0', {"a": 1}) == "no label 'two lines': the classifier gave a"
    assert why("max(*) > 0", {"two\nlines": 1}) == "max(*) 1.00 (two lines) > 0 is true"


def test_no_reason_calls_an_area_by_the_codes_own_word():
    # a card on the page shows it as it stands, and the page has one word for an area
    reasons = [*(row.why_unknown for row in PROPERTIES.values()), why("red > 0.5", {})]
    assert [reason for reason in reasons if "segment" in reason] == []
