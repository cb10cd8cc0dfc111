"""Near names, and the words that the page shows."""

import pytest

from segui.expression import GROUPS, PRESETS, PROPERTIES, suggest


@pytest.mark.parametrize(
    ("label", "known", "expected"),
    [
        ("Femal", ["male", "female"], "female"),
        ("CAT", ["cart", "cat"], "cat"),
        ("STRASSE", ["straße"], "straße"),
        ("t shirt", ["t-shirt", "shirt"], "t-shirt"),
        ("Female", ["Human Female"], "Human Female"),
        ("women", ["woman", "man"], "woman"),
        ("dog", ["cat", "red"], None),
        ("cat", ["cat", "cart"], None),
        ("cat", [], None),
        ("", ["cat"], None),
    ],
)
def test_a_label_of_another_case_goes_before_a_similar_one(label, known, expected):
    assert suggest(label, known) == expected


@pytest.mark.parametrize(("label", "other"), [("male", "female"), ("woman", "man")])
def test_opposites_are_no_slips_of_the_pen(label, other):
    assert suggest(label, [other]) is None


def test_the_order_of_the_labels_does_not_matter():
    assert suggest("CAT", ["Cat", "cat"]) == suggest("CAT", ["cat", "Cat"]) == "Cat"


def test_the_page_has_a_line_for_each_property():
    assert list(PROPERTIES) == [
        *("area", "share", "width", "height", "x", "y", "ratio"),
        *("changed", "confidence", "index", "rank", "label", "top"),
    ]
    lines = [row.described for row in PROPERTIES.values()]
    assert all(line and "\n" not in line for line in lines)
    assert lines[:2] == [
        "what the segment's mask covers at 0.5 or more, px",
        "area of the segment divided by the area of the image, 0 to 1",
    ]


@pytest.mark.parametrize("mapping", [GROUPS, PROPERTIES])
def test_the_built_in_words_cannot_be_changed(mapping):
    with pytest.raises(TypeError):
        mapping["x"] = "y"


def test_the_presets_are_the_references():
    assert PRESETS == (
        "#Female > #Male",
        "#Female < #Male",
        "female > 0.5",
        "male > 0.5",
        "Age16to25 > 0.1",
        "Age50to69 > 0.1",
    )
