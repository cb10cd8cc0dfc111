"""What is not hidden though it is to be: a call's report says what the page asks about."""

import json

import pytest

from segui.classifiers.model_cache import ModelCache
from segui.session.unhidden import unhidden
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.session.worked import inputs_of, view_of

NOBODY_KNOWS = "@index = 1 or no_such_label > 0.5"


def report_of(pictures, **options):
    settings = Settings(device="cpu")
    files = [{"path": str(pictures / name)} for name in ("photo.png", "mask.png")]
    calls = Endpoints(settings, ModelCache(settings), pictures)
    return calls.composite(files[0], files[1:], **options)[1]


def of_the_page(pictures, folder, **options):
    inputs = inputs_of(pictures / "photo.png", pictures / "mask.png", **options)
    return list(unhidden(view_of(inputs, folder)))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, []),
        ({"expression": NOBODY_KNOWS}, ["1 area is undecided: 2"]),
        (
            {"alpha": 200, "drop_size": 100},
            [
                "1 region is left out, being too small",
                "1 area is see-through, the opacity being 78.4 %: 1",
            ],
        ),
        (
            {"feather": 80},
            ["2 areas are see-through in the middle, the soft edge being 80 px: 1, 2"],
        ),
        ({"expression": NOBODY_KNOWS, "effect_on": "everything else", "on_unknown": "filter"},
         ["1 area is undecided: 2"]),
    ],
    ids=["nothing", "undecided", "opacity and drop", "soft edge", "everything else"],
)  # fmt: skip
def test_a_report_says_what_the_page_asks_about(pictures, tmp_path, options, expected):
    asked = {"effect": "hide", **options}
    report = report_of(pictures, **asked)
    assert report["unhidden"] == expected == of_the_page(pictures, tmp_path, **asked)
    assert json.loads(json.dumps(report)) == report


def test_under_another_effect_nothing_is_to_be_hidden(pictures):
    report = report_of(pictures, effect="blur", expression=NOBODY_KNOWS)
    assert report["unhidden"] == []


def test_a_first_look_hides_nothing_and_says_nothing_of_it(pictures):
    settings = Settings(device="cpu")
    calls = Endpoints(settings, ModelCache(settings), pictures)
    files = [{"path": str(pictures / name)} for name in ("photo.png", "mask.png")]
    assert "unhidden" not in calls.segments(files[0], files[1:])


@pytest.mark.long
def test_what_a_later_edit_pastes_over_what_was_hidden_is_told(pictures, tmp_path):
    edited = tmp_path / "edited.png"
    edited.write_bytes((pictures / "photo.png").read_bytes())
    settings = Settings(device="cpu")
    calls = Endpoints(settings, ModelCache(settings), pictures)
    photo, mask = ({"path": str(pictures / name)} for name in ("photo.png", "mask.png"))
    hide, paste = {"effect": "hide", "edge": "outward"}, {"rule": "@index = 2", "effect": "none"}
    over = "edit 1: 1 area is under the edited version that edit 2 pastes: 2"
    for edits, expected in (
        ([hide, paste], [over]),
        ([paste, hide], []),
        ([hide, {**paste, "enabled": False}], []),
        ([{**hide, "rule": "@index = 1"}, paste], []),
        ([{**hide, "rule": "@index = 1"}, {**paste, "feather": 400}], "edit 1: "),
        ([hide, {**paste, "effect_on": "everything else"}], "edit 1: 2 areas are under the"),
    ):
        report = calls.composite(photo, [mask], photo, edits=json.dumps(edits))[1]
        if isinstance(expected, str):
            assert report["unhidden"][-1].startswith(expected), edits
        else:
            assert report["unhidden"] == expected, edits
