import subprocess
import sys
from pathlib import Path

import pytest

from segui.classifiers.catalogue import (
    CATALOGUE,
    Preset,
    find_entry,
    make_classifier,
    preset_expressions,
    quote_label,
    reference_expressions,
)
from segui.classifiers.colour import TERMS, ColourNames
from segui.classifiers.hub import HubClassifier
from segui.errors import ClassifierError, InputError
from segui.expression import parse

FEMALE = "female, Female, Human Female, woman, women, girl"


def test_the_catalogue_is_in_the_order_of_the_page() -> None:
    assert [entry.name for entry in CATALOGUE] == [
        "Colour names",
        "rizvandwiki/gender-classification-2",
        "NTQAI/pedestrian_gender_recognition",
        "Leilab/gender_class",
        "ProjectPersonal/GenderClassifier",
        "crangana/trained-gender",
        "cledoux42/GenderNew_v002",
        "ivensamdh/genderage2",
        "Manual repo id",
    ]
    assert all(entry.purpose for entry in CATALOGUE)
    assert all((entry.kind == "hub") == (entry.repo_id == entry.name) for entry in CATALOGUE)


def test_colour_names_need_no_model_library() -> None:
    script = (
        "import sys; from segui.classifiers.catalogue import make_classifier\n"
        "make_classifier('Colour names')\n"
        "print(sorted({'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


def test_colour_names_are_made() -> None:
    assert isinstance(make_classifier("Colour names"), ColourNames)


def test_a_preset_is_its_repo_even_where_a_folder_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Leilab" / "gender_class").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    classifier = make_classifier("Leilab/gender_class", device="cpu", models_dir=tmp_path)
    assert isinstance(classifier, HubClassifier)
    assert classifier.config.folder is None
    assert classifier.config.device == "cpu"


def test_a_manual_folder_is_found_below_the_models_folder(face_model_dir: Path) -> None:
    classifier = make_classifier(
        "Manual repo id", repo_id=face_model_dir.name, models_dir=face_model_dir.parent
    )
    assert isinstance(classifier, HubClassifier)
    assert classifier.labels == ("face", "other")


def test_a_manual_folder_is_refused_without_a_models_folder(face_model_dir: Path) -> None:
    with pytest.raises(ClassifierError, match=r"^local model folders are not allowed here"):
        make_classifier("Manual repo id", repo_id=str(face_model_dir))


@pytest.mark.parametrize("repo_id", [None, "", " "])
def test_a_manual_entry_needs_a_repo_id(repo_id: str | None) -> None:
    with pytest.raises(InputError) as caught:
        make_classifier("Manual repo id", repo_id=repo_id)
    assert str(caught.value) == (
        "'Manual repo id' needs a repo id, such as 'google/vit-base-patch16-224'"
    )


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        find_entry("colours")
    sentence = str(caught.value)
    assert sentence.startswith("there is no classifier 'colours': expected one of 'Colour names', ")
    assert sentence.endswith("'Manual repo id'")


LABELS: list[list[str]] = [
    [*TERMS],
    ["face", "other"],
    ["Human Female", "Human Male"],
    ["one"],
    [],
    ["0", "not", 'a "b"', "c\\d"],
    ["*", "#x", "a@b", "max(a)", "-"],
]


@pytest.mark.parametrize("labels", LABELS)
def test_preset_expressions_parse_and_name_only_labels_there_are(labels: list[str]) -> None:
    expressions = preset_expressions(labels)
    assert len(expressions) <= 5
    assert bool(expressions) == bool(labels)
    assert {label for text in expressions for label in parse(text).labels} <= set(labels)


def test_two_labels_are_compared() -> None:
    assert preset_expressions(["face", "other"]) == [
        "face > other",
        "face < other",
        "face > 50%",
        "other > 50%",
    ]


@pytest.mark.parametrize("label", [label for labels in LABELS for label in labels])
def test_a_quoted_label_reads_as_itself(label: str) -> None:
    assert list(parse(f"{quote_label(label)} > 0.5").labels) == [label]


@pytest.mark.parametrize(
    ("labels", "reasons"),
    [
        ([], [None] * 6),
        (
            ["woman", "man"],
            [
                *(None, None),
                "this classifier has no label 'female'",
                "this classifier has no label 'male'",
                "this classifier has no label 'Age16to25'",
                "this classifier has no label 'Age50to69'",
            ],
        ),
        (["female", "male", "Age16to25", "Age50to69"], [None] * 6),
    ],
)
def test_the_references_expressions_say_why_they_cannot_work(
    labels: list[str], reasons: list[str | None]
) -> None:
    assert [preset.reason for preset in reference_expressions(labels)] == reasons


def test_a_group_without_any_of_its_labels_lists_them() -> None:
    names = ", ".join(repr(name) for name in FEMALE.split(", "))
    assert reference_expressions(["man"])[0] == Preset(
        "#Female > #Male", f"this classifier has none of the labels of #Female: {names}"
    )
