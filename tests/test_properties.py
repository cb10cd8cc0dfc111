"""The table of ``@properties``, and that a new row and its function are known wherever one is."""

import re
from pathlib import Path

import pytest
import torch

from segui import Box, ExpressionError, Segment, Segments, parse
from segui.classifiers.names import labels_of
from segui.expression import PROPERTIES, properties, scope
from segui.expression.properties import PropertyRow
from segui.segments.measures import MEASURES, segment_properties
from segui.selection import select
from segui.ui.view.areas import chips

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SEGMENT = Segment(torch.ones(4, 5), Box(0, 0, 5, 4), Box(0, 0, 5, 4))


def test_each_row_has_one_function_where_its_source_says():
    of_image = [name for name, row in PROPERTIES.items() if row.source == "image"]
    assert sorted(MEASURES) == sorted(of_image)
    assert sorted(scope.READERS) == sorted(PROPERTIES.keys() - set(of_image))


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=PROPERTIES)
def test_each_example_is_a_condition_on_its_property(row):
    assert parse(f"@{row.name} {row.example}").properties == (row.name,)
    assert row.example.startswith(("= ", "!= ")) or not row.is_text


def test_the_readme_names_them_in_the_tables_order():
    listed = README.split("Of a segment: `")[1].split("`")[0]
    assert listed.split() == [f"@{name}" for name in PROPERTIES]


def add(monkeypatch, row, functions, function):
    monkeypatch.setitem(properties._ROWS, row.name, row)
    monkeypatch.setitem(functions, row.name, function)


@pytest.fixture
def depth(monkeypatch):
    """A made-up property of the segment alone."""
    row = PropertyRow(
        "depth", "how far away it is", "m", "whole", "segment", "< 7", "no camera was there"
    )
    add(monkeypatch, row, scope.READERS, lambda known: getattr(known.segment, "width", 6))
    return row


def test_a_made_up_one_is_read_and_compared(depth):
    rule = parse("@depth < 7")
    assert rule.properties == ("depth",)
    assert rule.evaluate({}, SEGMENT) is True
    assert rule.evaluate({}, SEGMENT, properties={"depth": 8}) is False


def test_a_made_up_one_is_explained_with_its_figure_or_with_why_it_is_unknown(depth):
    rule = parse("@depth < 7")
    assert rule.explain({}, SEGMENT) == "@depth 6 < 7 is true"
    unknown = rule.explain({}, SEGMENT, properties={"depth": None})
    assert unknown == "@depth is unknown: no camera was there"
    missing = rule.explain({}, None, properties={"depth": None})
    assert missing == "@depth is unknown: there is no segment to measure"


def test_a_made_up_one_is_suggested_and_listed_in_errors(depth):
    with pytest.raises(ExpressionError) as caught:
        parse("@dept > 1")
    names = ", ".join(f"@{name}" for name in PROPERTIES)
    assert names.endswith(", @top, @depth")
    assert caught.value.message == (
        f"no property '@dept' (did you mean '@depth'?): expected one of {names}"
    )
    with pytest.raises(ExpressionError) as caught:
        parse("@depth-1 > 1")
    assert "put spaces around the sign '-'" in caught.value.message


def test_a_made_up_one_is_offered_on_the_page_with_what_it_means(depth):
    (button,) = re.findall(r'<button[^>]*data-word="@depth"[^>]*>@depth</button>', chips(()))
    assert 'data-condition="@depth &lt; 7"' in button
    assert 'title="how far away it is, m"' in button


def test_a_made_up_fraction_has_a_threshold_in_percent(monkeypatch):
    row = PropertyRow("sharp", "how sharp it is", "0 to 1", "fraction", "image", "> 5%")
    add(monkeypatch, row, MEASURES, lambda segments, *_: [0.25] * len(segments.items))
    rule = parse("@sharp > 20%")
    assert [threshold.label for threshold in rule.thresholds] == ["@sharp"]
    (facts,) = segment_properties(Segments((4, 5), (SEGMENT,)), rule.properties)
    assert facts == {"sharp": 0.25}
    assert rule.explain({}, SEGMENT, properties=facts) == "@sharp 25% > 20% is true"


def test_a_made_up_text_is_compared_as_text_alone(monkeypatch):
    row = PropertyRow("last", "worst label", "", "text", "scores", "= red", "nothing is last")
    add(monkeypatch, row, scope.READERS, lambda known: min(known.scores, default=None))
    rule = parse("@last = cat")
    assert rule.evaluate({"cat": 0.1, "dog": 0.9}) is True
    assert labels_of(rule) == ("cat",)
    assert rule.explain({}) == "no classifier has scored it"
    with pytest.raises(ExpressionError) as caught:
        parse("@last > 5")
    assert caught.value.message == "@last is text: expected = or !=, found '>'"


@pytest.mark.parametrize("name", ["index", "rank"])
def test_what_tells_one_area_from_the_others_says_among_which(name):
    row = PROPERTIES[name]
    assert row.among == (
        "all that were found and are not too small, whatever the rule says of the others"
    )
    assert row.described.endswith(f"; among {row.among}")
    page = chips(())
    (button,) = re.findall(rf'<button[^>]*data-word="@{name}"[^>]*>', page)
    assert f"; among {row.among}" in button
    assert f"@index and @rank count among {row.among}." in page


def test_they_count_all_areas_whatever_the_rule_leaves_out():
    boxes = [Box(0, 0, 2, 2), Box(4, 0, 9, 2), Box(0, 4, 9, 9)]
    items = [Segment(torch.ones(box.size_hw), box, box) for box in boxes]
    segments = Segments((10, 10), items)
    chosen = select(segments, [{"red": 0.1}, {"red": 0.9}, {"red": 0.1}], "red > 50% or @rank <= 2")
    assert chosen.sides == ("remained", "filtered", "filtered")
    ranked = select(segments, [{"red": 0.1}, {"red": 0.9}, {"red": 0.1}], "red > 50% and @rank = 1")
    assert ranked.sides == ("remained",) * 3
    assert ranked.reasons[1] == "@rank 2 = 1 is false"
