"""What the page says, in amber, where something can still be seen of what it hides."""

from dataclasses import replace

import pytest

from segui.session import commands
from segui.session.reduce import reduce
from segui.session.results import Failed
from segui.ui.view.problems import beside_remark, problem
from tests.session.worked import inputs_of, view_of

AT_ITS_EDGE = "What is hidden shows through at its edge, or by its opacity"
BESIDE = "What is hidden shows through beside what is chosen"


def hiding(pictures, **options):
    return inputs_of(pictures / "photo.png", pictures / "mask.png", effect="hide", **options)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, AT_ITS_EDGE),
        ({"edge": "impact"}, AT_ITS_EDGE),
        ({"feather": "3%"}, AT_ITS_EDGE),
        ({"edge": "outward", "alpha": 254}, AT_ITS_EDGE),
        ({"feather": 0, "alpha": 254}, AT_ITS_EDGE),
        ({"effect_on": "everything else"}, BESIDE),
        ({"effect_on": "everything else", "edge": "outward"}, BESIDE),
        ({"expression": "no_such_label > 0.5"}, "2 undecided areas are not hidden yet"),
    ],
)
def test_what_is_still_seen_is_said_in_amber(pictures, tmp_path, options, expected):
    said = problem(view_of(hiding(pictures, **options), tmp_path))
    assert said.startswith(f'<p class="hint-text doubt" role="status">{expected}')


@pytest.mark.parametrize(
    "options",
    [
        {"edge": "outward"},
        {"feather": 0},
        {"feather": "0%"},
        {"feather": 0, "edge": "impact"},
        {"effect_on": "everything else", "feather": 0},
        {"effect_on": "everything else", "feather": 0, "alpha": 100},
        {"expression": "@area < 1"},  # nothing is to be hidden
    ],
)
def test_where_nothing_shows_through_nothing_is_said(pictures, tmp_path, options):
    assert problem(view_of(hiding(pictures, **options), tmp_path)) == ""


def test_an_edit_that_is_off_hides_nothing_that_could_be_seen(pictures, tmp_path):
    inputs = hiding(pictures)
    off = reduce(inputs, commands.EnableEdit(inputs.open_edit.id, enabled=False))
    assert "doubt" not in problem(view_of(off, tmp_path))


def test_a_mishap_or_a_remark_hides_no_warning(pictures, tmp_path):
    view = view_of(hiding(pictures), tmp_path)
    warning = problem(view)
    assert beside_remark(view) == warning
    mishap = replace(view, plan=replace(view.plan, mishap="no thumbnails"))
    assert problem(mishap) == f'<p class="problem-text" role="alert">no thumbnails.</p>{warning}'
    failed = replace(view, plan=replace(view.plan, failure=Failed("no picture")))
    assert warning not in beside_remark(failed)
