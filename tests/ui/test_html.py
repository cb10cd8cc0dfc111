import re
from html import unescape

import pytest

from segui.errors import ExpressionError
from segui.geometry import Box
from segui.masks.notes import AS_SOFT, Note, leave_out
from segui.ui.view import areas as area_html
from segui.ui.view import html
from segui.ui.view.sentences import Status
from tests.expression.typed_rules import LABELS

SWATCH = '<i class="swatch" style="background:#ff0000"></i>'
EVIL = "<img src=x onerror=alert(1)>\"'&"


def row(number: int = 1, side: str = "filtered", **others: object) -> area_html.Row:
    fields = {"label": "A", "top": "red 0.50", "reason": "why", "area": 1200, "thumbnail": ""}
    return area_html.Row(number=number, side=side, **{**fields, **others})


def texts() -> dict[str, str]:
    evil = row(label=EVIL, top=EVIL, reason=EVIL, thumbnail=EVIL)
    return {
        "cards": area_html.cards([evil], "filtered", EVIL, EVIL),
        "no cards": area_html.cards([], "filtered", EVIL, EVIL),
        "table": area_html.table([evil]),
        "chips": area_html.chips([EVIL], [0.5]),
        "notes": html.notes([EVIL, Note(EVIL, leave_out(EVIL))]),
        "status": html.status(Status(EVIL, EVIL, EVIL), EVIL),
        "problem": html.problem(EVIL),
        "help": html.help_text(EVIL),
        "error": html.expression_error(ExpressionError(EVIL, 3, EVIL)),
        "card": html.card(EVIL, EVIL, "data:,", EVIL),
        "masks": html.mask_list([html.MaskRow(EVIL, EVIL, can_paint=True)] * 2, {EVIL: EVIL}),
    }


@pytest.mark.parametrize("name", texts())
def test_no_text_becomes_markup(name):
    text = texts()[name]
    assert "onerror" in text
    assert EVIL not in text
    # outside of quoted attributes, no tag but those of the page itself
    tags = re.findall(r"<(\w+)((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*>", text)
    assert len(tags) == len(re.findall(r"<\w", text))
    assert not any("onerror" in re.sub(r"\"[^\"]*\"", "", attributes) for _, attributes in tags)


def test_cards_show_one_side_with_its_number():
    text = area_html.cards([row(1), row(2, "remained"), row(3)], "filtered", "Chosen", "none")
    assert re.findall(r'<li[^>]* data-number="(\d+)"', text) == ["1", "3"]
    assert "Chosen <span>2</span>" in text


def test_too_many_cards_are_cut_and_counted():
    text = area_html.cards([row(n) for n in range(1, 1204)], "filtered", "Chosen", "none")
    assert text.count("<li") == area_html.MAX_CARDS
    assert "and 1,003 more areas: the table has them all." in text


def test_a_table_cut_short_says_so():
    text = area_html.table([row(n) for n in range(1, area_html.MAX_ROWS + 2)])
    assert text.count("<tr") == area_html.MAX_ROWS + 1
    assert "and 1 more area." in text


@pytest.mark.parametrize(
    ("label", "shown"),
    [("A", ""), ("car", "car"), ("14", "label 14"), ("#ff0000", SWATCH + "#ff0000")],
)
def test_the_name_of_an_area(label, shown):
    assert f'<span class="badge">1</span> {shown}</strong>' in area_html.cards(
        [row(label=label)], "filtered", "Chosen", "none"
    )


def test_many_chips_are_cut_and_counted():
    text = area_html.chips([f"label {n}" for n in range(100)], [0.0] * 100)
    assert text.count("<small>") == area_html.MAX_CHIPS
    assert "and 40 more" in text


@pytest.mark.parametrize("column", [1, 5, 6, 100])
def test_the_caret_stands_under_its_column(column):
    text = "red > " + "x" * 200
    shown = html.expression_error(ExpressionError(text, column, "no"))
    inside = re.search(r"<pre[^>]*>(.*)\n( *)\^</pre>", shown)
    assert inside is not None
    line, spaces = unescape(re.sub("</?mark>", "", inside[1])), inside[2]
    assert line[len(spaces)] == text[column - 1]
    assert len(line) <= 2 * html.BEFORE_THE_CARET + 2


def test_the_caret_may_stand_after_the_end():
    shown = html.expression_error(ExpressionError("red >", 6, "expected a label"))
    assert "<p>Column 6: expected a label.</p>" in shown
    assert "red &gt;<mark> </mark>\n     ^" in shown


def test_a_problem_ends_with_a_full_stop():
    assert html.problem("it is broken") == '<p class="problem-text" role="alert">it is broken.</p>'
    assert html.problem("Is it?", is_hint=True) == '<p class="hint-text" role="status">Is it?</p>'


def test_an_expression_error_says_by_which_rule_the_areas_stay():
    shown = html.expression_error(ExpressionError("red >", 6, "expected a label"), "blue < 20%")
    assert "Until then the areas stay as <code>blue &lt; 20%</code> chose." in shown
    assert "Until then" not in html.expression_error(
        ExpressionError("red >", 6, "expected a label")
    )


def test_a_score_that_is_no_number_is_unknown_and_comes_first():
    row = area_html.Row(1, "a", "remained", "", "", 9, "")
    shown = area_html.detail(row, Box(0, 0, 3, 3), 0.1, {"a": 0.5, "b": float("nan"), "": 0.25})
    bars = re.findall(
        r"<li><button[^>]*>(.*?)</button><i style=\"(.*?)\"></i><b>(.*?)</b></li>", shown
    )
    assert bars == [
        ("b", "--score:0.000", "unknown"),
        ("a", "--score:0.500", "0.50"),
        ("&quot;&quot;", "--score:0.250", "0.25"),
    ]


@pytest.mark.parametrize(("label", "written"), LABELS)
def test_a_chip_shows_and_writes_a_label_as_a_rule_takes_it(label, written):
    (word, condition, shown) = re.findall(
        r'data-word="(.*?)" data-condition="(.*?)">(.*?) <small>0.25</small>',
        area_html.chips([label], [0.25]),
        re.DOTALL,
    )[0]
    assert (unescape(word), unescape(condition)) == (written, f"{written} > 50%")
    assert unescape(shown) == written


def test_a_note_has_a_button_for_each_other_reading():
    assert html.notes([Note("read as labels", AS_SOFT), "it is small"]) == (
        '<ul class="notes"><li>read as labels <button type="button" class="small-button" '
        'data-option="mask_kind" data-value="soft">Take as a soft mask</button></li>'
        "<li>it is small</li></ul>"
    )


def test_of_a_long_name_the_end_is_told_apart():
    rows = [html.MaskRow(str(k), f"task-12-annotation-3-tag-cat-{k}.png") for k in (0, 1)]
    shown = re.findall(r'<span class="long-name" title="(.*?)"><span>(.*?)</span><span>(.*?)<',
                       html.mask_list(rows, {}))  # fmt: skip
    assert [title for title, _, _ in shown] == [row.name for row in rows]
    assert [head + tail for _, head, tail in shown] == [row.name for row in rows]
    assert [tail for _, _, tail in shown] == ["ag-cat-0.png", "ag-cat-1.png"]
    assert "long-name" not in html.mask_list([html.MaskRow("1", "balloons.png")], {})
