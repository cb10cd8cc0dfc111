"""What an expression is worth: true, false or unknown."""

from types import SimpleNamespace

import pytest

from segui.expression import GROUPS, parse
from segui.geometry import Box

TRUE, FALSE, UNKNOWN = "1 > 0", "0 > 1", "missing > 0"
WORTH = {True: TRUE, False: FALSE, None: UNKNOWN}
SCORES = {"cat": 0.5, "red": 0.25, "Human Female": 0.125, "Age16to25": 0.5, "Age50to69": 0.25}


SEGMENT = SimpleNamespace(bbox=Box(10, 20, 40, 80), label="A", confidence=0.75, area=480)


def worth(text, scores=SCORES, segment=None, **options):
    return parse(text).evaluate(scores, segment, **options)


def stated(left, word, right):
    return worth(f"({WORTH[left]}) {word} ({WORTH[right]})")


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_and_and_or_follow_sql(left, right, both, either):
    assert stated(left, "and", right) is both
    assert stated(right, "and", left) is both
    assert stated(left, "or", right) is either
    assert stated(right, "or", left) is either


@pytest.mark.parametrize(("part", "expected"), [(True, False), (False, True), (None, None)])
def test_not_of_unknown_is_unknown(part, expected):
    assert worth(f"not {WORTH[part]}") is expected


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        (">", False, False, True),
        ("<", True, False, False),
        (">=", False, True, True),
        ("<=", True, True, False),
        ("=", False, True, False),
        ("==", False, True, False),
        ("!=", True, False, True),
    ],
)
def test_each_operator_compares_exactly(operator, below, equal, above):
    assert [worth(f"cat {operator} {number}") for number in (0.6, 0.5, 0.4)] == [
        below,
        equal,
        above,
    ]


def test_numbers_compare_as_floats_without_tolerance():
    assert worth("0.3 = 0.3") is True
    assert worth("0.1 + 0.2 = 0.3") is False
    assert worth("a = 0.3", {"a": 0.30000001}) is False


def test_a_percent_sign_divides_by_a_hundred():
    assert worth("50% = 0.5 and 2.3% = 0.023 and 1e2% = 1 and -5% = -0.05") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.2 < cat <= 0.8", True),
        ("0.2 < cat < 0.5", False),
        ("0.2 < missing < 0.5", None),
        ("0.9 < 0.2 < missing", False),
        ("missing < 0.9 < 0.2", False),
    ],
)
def test_a_chain_is_its_comparisons_joined_by_and(text, expected):
    assert worth(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 - 4 - 2 = 2", True),
        ("8 / 4 / 2 = 1", True),
        ("2 + 3 * 4 = 14", True),
        ("(2 + 3) * 4 = 20", True),
        ("cat * 2 - red = 0.75", True),
        ("cat / 0 > 1", None),
        ("cat / (red - red) > 1 or cat > 0.1", True),
        ("missing * 0 = 0", None),
        ("1e308 * 10 > 1", None),
        ("1e999 - 1e999 = 0", None),
        ("cat < 1e999", True),
    ],
)
def test_arithmetic_without_a_finite_result_is_unknown(text, expected):
    assert worth(text) is expected


@pytest.mark.parametrize("scores", [{}, None])
def test_without_scores_labels_are_unknown_and_properties_are_not(scores):
    assert worth("cat > 0.1", scores, SEGMENT) is None
    assert worth("@top = cat", scores, SEGMENT) is None
    assert worth("max(*) > 0", scores, SEGMENT) is None
    assert worth("@area > 9", scores, SEGMENT) is True
    assert worth("cat > 0.1 or @area > 9", scores, SEGMENT) is True
    assert worth("*", scores) is True


def test_labels_are_told_apart_by_case():
    assert worth("Cat > 0") is None
    assert worth("cat > 0") is True


@pytest.mark.parametrize("score", [float("nan"), float("inf"), None, "much"])
def test_a_score_that_is_no_finite_number_is_missing(score):
    scores = {"odd": score, "cat": 0.5}
    assert worth("odd > 0", scores) is None
    assert worth("@top = cat", scores) is True
    assert worth("max(*) = 0.5 and sum(odd, cat) = 0.5", scores) is True
    assert worth("max(odd) > 0", scores) is None


def test_a_group_is_worth_the_best_score_that_was_given():
    assert GROUPS["#Female"] == ("female", "Female", "Human Female", "woman", "women", "girl")
    assert GROUPS["#Male"] == ("male", "Male", "Human Male", "man", "men", "boy")
    assert worth("#Female = 0.7", {"girl": 0.2, "woman": 0.7, "man": 0.1}) is True
    assert worth("#Female > #Male", {"girl": 0.2, "woman": 0.7}) is None
    assert worth("#Nope > 0") is None


def test_users_name_groups_with_or_without_the_sign():
    assert worth("#pets = 0.5", groups={"pets": ["dog", "cat"]}) is True
    assert worth("#pets = 0.5", groups={"#pets": {"dog", "cat"}}) is True
    assert worth("#pets = 0.5", groups={"pets": "cat"}) is True
    assert worth("#Female = 0.125", groups={"pets": ["cat"]}) is True
    assert worth("#Female = 0.5", groups={"Female": ["cat"]}) is True
    assert worth("#pets > 0", groups={"pets": ["dog"]}) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max(cat, red) = 0.5", True),
        ("min(cat, red) = 0.25", True),
        ("sum(cat, red) = 0.75", True),
        ("mean(cat, red) = 0.375", True),
        ("sum(Age*) = 0.75", True),
        ("sum(*to*) = 0.75", True),
        ("sum(A*2*5) = 0.5", True),
        ("max(*) = 0.5", True),
        ("sum(cat, cat, c*t) = 0.5", True),
        ('sum("Human Female", #Female) = 0.125', True),
        ("min(cat, missing) = 0.5", True),
        ("mean(cat, missing) = 0.5", True),
        ("sum(missing, nothing*) >= 0", None),
        ("sum(#Nope) >= 0", None),
        ('sum("Age*") >= 0', None),
        ("Age* >= 0", None),
        ("sum(age*) >= 0", None),
    ],
)
def test_functions_count_each_given_label_once(text, expected):
    assert worth(text) is expected


def test_a_pattern_counts_no_character_twice():
    assert worth("max(a*a) > 0", {"a": 1}) is None
    assert worth("max(a*a) > 0", {"aa": 1}) is True
    assert worth("max(a*b*a) > 0", {"aba": 1, "aa": 1}) is True
    assert worth("max(ab*ba) > 0", {"aba": 1}) is None
    assert worth("max(x*ab*b) > 0", {"xab": 1}) is None


@pytest.mark.parametrize(
    "text",
    [
        "@area = 480",
        "@width = 30",
        "@height = 60",
        "@x = 10",
        "@y = 20",
        "@ratio = 0.5",
        "@confidence = 0.75",
        "@label = A",
        "@label != B",
        "@top = cat",
    ],
)
def test_properties_come_from_the_segment(text):
    assert worth(text, segment=SEGMENT) is True


@pytest.mark.parametrize("name", ["share", "changed", "index", "rank"])
def test_properties_that_a_segment_does_not_have_are_given_or_unknown(name):
    assert worth(f"@{name} > 0.01", segment=SEGMENT) is None
    assert worth(f"@{name} > 0.01", segment=SEGMENT, properties={name: 3}) is True
    assert worth(f"@{name} > 0.01", segment=SEGMENT, properties={name: None}) is None
    assert worth(f"@{name} > 0.01", properties={name: float("nan")}) is None
    assert worth(f"@{name} > 0.01", properties={name: "3"}) is None


def test_given_properties_win_over_the_segments():
    given = {"area": 1, "label": "B", "top": "dog"}
    text = "@area = 1 and @label = B and @top = dog"
    assert worth(text, segment=SEGMENT, properties=given) is True
    assert worth("@area > 0", segment=SEGMENT, properties={"area": None}) is None
    assert worth("@label = A", segment=SEGMENT, properties={"label": None}) is None


@pytest.mark.parametrize("name", ["area", "width", "x", "ratio", "confidence", "rank"])
def test_without_a_segment_its_properties_are_unknown(name):
    assert worth(f"@{name} >= 0") is None


def test_a_segment_may_lack_an_area_and_a_height():
    class Bare:
        bbox = Box(0, 0, 5, 0)
        label = "A"
        confidence = 1.0

    assert worth("@area >= 0", segment=Bare()) is None
    assert worth("@ratio >= 0", segment=Bare()) is None
    assert worth("@width = 5 and @height = 0", segment=Bare()) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@top = cat", True),
        ("@top = Cat", False),
        ("@top != cat", False),
        ('"cat" = @top', True),
        ("@top = #pets", True),
        ("@top != #pets", False),
        ("#Female = @top", False),
        ("#Female != @top", True),
        ("@top = #Nope", None),
        ("@top = @label", False),
        ("@label = @label", True),
    ],
)
def test_text_is_compared_letter_by_letter_and_with_the_members_of_a_group(text, expected):
    options = {"segment": SEGMENT, "groups": {"pets": ["cat", "dog"]}}
    assert worth(text, {"red": 0.2, "cat": 0.5, "dog": 0.5}, **options) is expected


def test_the_first_of_equally_scored_labels_is_the_top():
    assert worth("@top = b", {"a": 0.1, "b": 0.5, "c": 0.5}) is True


@pytest.mark.parametrize(
    ("text", "filtered"),
    [
        ("#Female < #Male", [1]),
        ("female > 0.5", [2]),
        ("female>=male", []),
        ("male<=0.3", [3]),
        ("0.25<female", [2]),
        ("t-shirt>0.05", [0]),
        ("x.y >= 0.1", [0]),
        ("#Nope > 0.1", []),
        ("missing > 0.1", []),
        ("male < missing", []),
        ("female = female", [2]),
        ("0.3 = 0.3", [0, 1, 2, 3]),
        ("#Female <= 0.4", [1]),
    ],
)
def test_the_references_expressions_choose_what_they_choose_there(text, filtered):
    segments = [
        {"x.y": 0.4616, "boy": 0.1737, "t-shirt": 0.1298, "0": 0.1181},
        {"boy": 0.7352, "woman": 0.1534, "Human Female": 0.1114},
        {"female": 0.6864, "Age50to69": 0.3136},
        {"0": 0.4522, "Male": 0.2843, "male": 0.2635},
    ]
    expression = parse(text)
    chosen = [number for number, scores in enumerate(segments) if expression.evaluate(scores)]
    assert chosen == filtered
