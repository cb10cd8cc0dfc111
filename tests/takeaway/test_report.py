import json
from dataclasses import replace

from segui.geometry import Box
from segui.segments.segment import Segments
from segui.takeaway.report import build_report
from tests.takeaway.chosen import BOXES, SIZE_HW, scene_of, selection_of


def test_the_report_is_plain_data_and_says_all():
    scene = scene_of("a", "b")
    small = Segments(SIZE_HW, scene.segments.items, (Box(1, 2, 4, 5),))
    scene = replace(scene, segments=small, notes=("photo: turned",))
    selection = selection_of(scene, {"red": 1.0}, {"red": 1 / 3}, expression="red > 50%")
    report = build_report(scene, selection, "Colour names")
    assert json.loads(json.dumps(report)) == report
    assert report["image"] == {"width": 60, "height": 40}
    assert report["classifier"] == "Colour names"
    assert report["expression"] == "red > 50%"
    assert report["labels"] == ["red"]
    first, second = report["segments"]
    assert (first["number"], first["label"], first["filtered"]) == (1, "a", True)
    assert (first["bbox"], first["reason"]) == (list(BOXES[0]), "red 100% > 50% is true")
    assert (second["number"], second["side"], second["area"]) == (2, "remained", 750)
    assert second["scores"] == {"red": 0.333333}
    assert report["left_out"] == {"count": 1, "boxes": [[1, 2, 4, 5]]}
    assert report["notes"] == ["photo: turned"]
    assert set(report["versions"]) >= {"segui", "torch", "pillow", "numpy"}


def test_a_name_that_nothing_has_is_told_in_the_report():
    selection = selection_of(
        scene_of("car", "sky"), {"red": 1.0}, {"red": 1.0}, expression="@label != Car"
    )
    assert build_report(scene_of("car", "sky"), selection, "m")["notes"] == [
        "rule: nothing is called 'Car' here: did you mean @label = 'car'?"
    ]


def test_what_is_unknown_and_what_was_decided_is_told_in_the_report():
    selection = selection_of(
        scene_of("a", "b"), {"red": float("nan")}, {"red": 1.0}, expression="red > 0,5"
    )
    about = ["The model has 'red' twice: the better of the two scores counts."]
    report = build_report(scene_of("a", "b"), selection, "m", about)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert [segment["scores"] for segment in report["segments"]] == [{"red": None}, {"red": 1.0}]
    assert report["segments"][0]["reason"] == (
        "the score of 'red' is unknown: the classifier gave no number"
    )
    assert report["notes"] == [
        "rule: 0,5 was read as the number 0.5: a label of that name needs quotes",
        "scores: the classifier gave no number for 1 segment: they are unknown",
        "classifier: The model has 'red' twice: the better of the two scores counts.",
    ]
