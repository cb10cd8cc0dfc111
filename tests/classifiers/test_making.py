import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from segui.classifiers.catalogue import CATALOGUE, Entry
from segui.classifiers.colour import TERMS, ColourNames
from segui.classifiers.hub import HubClassifier
from segui.classifiers.making import (
    Preset,
    find_entry,
    make_classifier,
    make_vocabulary,
    preset_expressions,
    privacy_note,
    quote_label,
    reference_expressions,
)
from segui.classifiers.open_vocabulary import TEMPLATE, AskedLabels
from segui.errors import ClassifierError, InputError
from segui.expression import parse
from segui.settings import Settings

NO_REVISION = (
    "'../blobs/0' is not a revision: expected a branch, tag or commit of at most 100 letters,"
    " digits and . _ - /"
)
FEMALE = "female, Female, Human Female, woman, women, girl"


def test_the_catalogue_is_in_the_order_of_the_page() -> None:
    assert [entry.name for entry in CATALOGUE] == [
        "Colour names",
        "Gender by face",
        "Like these",
        "rizvandwiki/gender-classification-2",
        "NTQAI/pedestrian_gender_recognition",
        "Leilab/gender_class",
        "ProjectPersonal/GenderClassifier",
        "crangana/trained-gender",
        "cledoux42/GenderNew_v002",
        "ivensamdh/genderage2",
        "google/vit-base-patch16-224",
        "nateraw/vit-age-classifier",
        "trpakov/vit-face-expression",
        "Falconsai/nsfw_image_detection",
        "openai/clip-vit-base-patch32",
        "google/siglip2-base-patch16-224",
        "Manual CLIP or SigLIP",
        "Manual repo id",
    ]


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_an_entry_is_complete_for_its_kind(entry: Entry) -> None:
    assert entry.purpose
    assert entry.licence
    has_repo = entry.kind in {"hub", "open vocabulary"} and not entry.name.startswith("Manual")
    assert entry.is_manual == entry.name.startswith("Manual")
    assert entry.repo_id == (entry.name if has_repo else None)  # workflows choose by the repo id
    assert (entry.task == "zero-shot-image-classification") == (entry.kind == "open vocabulary")
    assert (entry.task is None) == (entry.kind == "built-in")
    assert len(set(entry.labels)) == len(entry.labels)
    assert not (entry.labels and entry.kind in {"open vocabulary", "manual"})
    assert entry.size_mb is None or (entry.size_mb > 0) == has_repo
    assert entry.size_mb is None or entry.size_mb < Settings().max_model_mb
    assert entry.revision is None or re.fullmatch("[0-9a-f]{40}", entry.revision)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("gender", ["gender", "Gender"]),
        ("age", ["vit-age", "genderage"]),
        ("feels", ["expression"]),
        ("agreed", ["nsfw"]),
    ],
)
def test_what_judges_people_says_what_it_cannot_know(word: str, names: list[str]) -> None:
    judging = [entry for entry in CATALOGUE if any(name in entry.name for name in names)]
    assert judging
    for entry in judging:
        assert re.search(rf"cannot know .*\b{word}\b", entry.note)


def test_what_has_pickles_alone_is_listed_as_unavailable_with_the_reason() -> None:
    reason = (
        "Its weights are there as pickles alone, which can run code when they are read: only"
        " safetensors are loaded here."
    )
    assert {entry.name: entry.reason for entry in CATALOGUE if not entry.available} == {
        "Leilab/gender_class": reason,
        "ProjectPersonal/GenderClassifier": reason,
        "crangana/trained-gender": reason,
    }


def test_colour_names_list_their_own_labels() -> None:
    assert find_entry("Colour names").labels == ColourNames.labels


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, "86a1b60e057806e78cc43b959a1f237d2a413169"), ("1" * 40, "1" * 40)],
)
def test_a_preset_is_taken_at_its_commit_unless_a_recipe_pins_another(
    given: str | None, expected: str
) -> None:
    classifier = make_classifier("cledoux42/GenderNew_v002", revision=given)
    assert isinstance(classifier, HubClassifier)
    assert classifier.config.revision == expected


def test_a_manual_repo_is_taken_at_the_commit_that_a_recipe_pins() -> None:
    classifier = make_classifier("Manual repo id", repo_id="org/faces", revision="2" * 40)
    assert isinstance(classifier, HubClassifier)
    assert classifier.config.revision == "2" * 40


@pytest.mark.parametrize(
    ("name", "repo_id"), [("Falconsai/nsfw_image_detection", None), ("Manual repo id", "org/faces")]
)
def test_every_model_is_fetched_within_the_limit(name: str, repo_id: str | None) -> None:
    classifier = make_classifier(name, repo_id=repo_id, max_mb=5)
    assert isinstance(classifier, HubClassifier)
    assert classifier.config.max_mb == 5
    assert make_vocabulary("google/siglip2-base-patch16-224", max_mb=5).config.max_mb == 5


def test_an_open_vocabulary_is_asked_for_any_labels() -> None:
    name = "openai/clip-vit-base-patch32"
    asked = make_classifier(name, device="cpu", labels=["dog", "a cartoon"])
    assert isinstance(asked, AskedLabels)
    assert asked.labels == ("dog", "a cartoon")
    assert asked.template == TEMPLATE
    assert asked.vocabulary.config.revision == find_entry(name).revision
    other = make_classifier(name, labels=["dog"], template="a drawing of {}")
    assert isinstance(other, AskedLabels)
    assert other.template == "a drawing of {}"
    with pytest.raises(InputError, match=r"^there is no name to look for: "):
        make_classifier(name)


def test_only_an_open_vocabulary_is_one() -> None:
    with pytest.raises(InputError) as caught:
        make_vocabulary("Leilab/gender_class")
    assert str(caught.value) == "'Leilab/gender_class' is hub: expected an open vocabulary"


@pytest.mark.parametrize(
    ("seconds", "when"),
    [(600, "10 minutes"), (60, "1 minute"), (5, "1 minute"), (100, "2 minutes")],
)
def test_privacy_is_told_with_the_deployments_own_time(seconds: int, when: str) -> None:
    assert privacy_note(seconds) == (
        f"Your pictures stay on this server, and are forgotten {when} after you close the page."
        " Scores are kept longer, under a digest that no picture can be made from, until newer"
        " ones take their place or the server ends. Nothing is sent anywhere else."
    )


def test_the_readmes_card_names_every_model_that_loads() -> None:
    card = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    listed = card.split("models:\n")[1].split("  - ")[1:]
    loading = [entry.repo_id for entry in CATALOGUE if entry.repo_id and entry.available]
    assert [name.strip() for name in listed] == loading


def test_the_readme_has_every_classifier() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme.split("\n## Classifiers\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip(" `") for cell in row.strip("|").split(" | ")] for row in rows]
    assert [row[0] for row in cells] == [entry.name for entry in CATALOGUE]
    sizes = ["" if entry.size_mb is None else str(entry.size_mb) for entry in CATALOGUE]
    assert [row[2] for row in cells] == sizes
    assert [row[3] for row in cells] == [
        "" if entry.is_manual else entry.licence for entry in CATALOGUE
    ]
    loads = ["yes" if entry.available else "no: pickles" for entry in CATALOGUE]
    assert [row[4] for row in cells] == loads


@pytest.mark.long
def test_colour_names_need_no_model_library() -> None:
    script = (
        "import sys; from segui.classifiers.making import make_classifier\n"
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


@pytest.mark.long
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
@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("Manual repo id", "google/vit-base-patch16-224"),
        ("Manual CLIP or SigLIP", "openai/clip-vit-large-patch14"),
    ],
)
def test_a_manual_entry_needs_a_repo_id(name: str, example: str, repo_id: str | None) -> None:
    with pytest.raises(InputError) as caught:
        make_classifier(name, repo_id=repo_id, labels=("dog",))
    assert str(caught.value) == f"{name!r} needs a repo id, such as {example!r}"


def test_any_open_vocabulary_is_taken_by_its_repo_id() -> None:
    asked = make_classifier(
        "Manual CLIP or SigLIP",
        repo_id=" laion/CLIP-ViT-H-14 ",
        labels=("dog", "cat"),
        revision="3" * 40,
        max_mb=7,
    )
    assert isinstance(asked, AskedLabels)
    config = asked.vocabulary.config
    assert (config.name, config.folder) == ("laion/CLIP-ViT-H-14", None)
    assert (config.revision, config.max_mb) == ("3" * 40, 7)
    assert asked.labels == ("dog", "cat")


def test_an_open_vocabulary_may_lie_below_the_models_folder_and_nowhere_else(
    face_model_dir: Path,
) -> None:
    name = "Manual CLIP or SigLIP"
    asked = make_classifier(
        name, repo_id=face_model_dir.name, models_dir=face_model_dir.parent, labels=("dog",)
    )
    assert isinstance(asked, AskedLabels)
    assert asked.vocabulary.config.folder == face_model_dir.resolve()
    with pytest.raises(ClassifierError, match=r"^local model folders are not allowed here"):
        make_classifier(name, repo_id=str(face_model_dir), labels=("dog",))


def test_what_is_no_open_vocabulary_says_so_before_its_weights_are_read(
    face_model_dir: Path,
) -> None:
    asked: Any = make_classifier(
        "Manual CLIP or SigLIP",
        repo_id=face_model_dir.name,
        models_dir=face_model_dir.parent,
        labels=("dog",),
    )
    with pytest.raises(ClassifierError) as refused:
        asked.load()
    assert str(refused.value) == (
        f"{face_model_dir.name!r} does not match images with words: its kind is 'vit', expected"
        " one of clip, metaclip_2, siglip, siglip2"
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


@pytest.mark.parametrize(
    "make",
    [
        lambda revision: make_classifier("google/vit-base-patch16-224", revision=revision),
        lambda revision: make_classifier("Manual repo id", repo_id="a/b", revision=revision),
        lambda revision: make_classifier(
            "openai/clip-vit-base-patch32", labels=["red"], revision=revision
        ),
        lambda revision: make_vocabulary("openai/clip-vit-base-patch32", revision=revision),
    ],
)
def test_a_revision_that_leads_elsewhere_is_refused_whoever_is_asked_for(
    make: Callable[[str], object],
) -> None:
    with pytest.raises(InputError) as caught:
        make("../blobs/0")
    assert str(caught.value) == NO_REVISION
