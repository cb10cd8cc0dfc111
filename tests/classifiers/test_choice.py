"""Which classifier a user chose: what tells one from another, and what it is asked for."""

import subprocess
import sys
from dataclasses import replace

import pytest

from segui.classifiers.catalogue import COLOUR_NAMES, MANUAL
from segui.classifiers.choice import ClassifierChoice, asked_names, choice_of
from segui.classifiers.names import TEMPLATE

HUB = "rizvandwiki/gender-classification-2"
CLIP = "openai/clip-vit-base-patch32"
VALUES = {
    "classifier": CLIP,
    "repo": None,
    "device": "cpu",
    "context": "bbox",
    "revision": None,
    "names": "cat, a cartoon",
    "expression": "dog > 50%",
    "template": None,
}


def test_what_does_not_matter_to_a_classifier_does_not_make_another_of_it():
    colours = ClassifierChoice(COLOUR_NAMES, "org/name", "cpu")
    assert colours.key == ClassifierChoice(COLOUR_NAMES)
    hub = ClassifierChoice(HUB, "org/name", "cpu")
    assert hub.key == ClassifierChoice(HUB, "", "cpu")
    manual = ClassifierChoice(MANUAL, " org/name ", "cpu")
    assert manual.key == ClassifierChoice(MANUAL, "org/name", "cpu")
    assert (manual.shown, hub.shown) == ("org/name", HUB)


def test_an_address_of_the_hub_is_its_repo():
    assert ClassifierChoice(MANUAL, "https://huggingface.co/org/name/").key.repo_id == "org/name"


@pytest.mark.parametrize(
    ("listed", "rule", "names"),
    [
        ("", "dog > 50%", ("dog",)),
        ("cat\na cartoon", "*", ("cat", "a cartoon")),
        ("dog, cat", "dog > 0.5 and not bird > 0.2", ("dog", "bird", "cat")),
        ("dog", "dog >", ("dog",)),
        (" , ", "*", ()),
        ('"tabby, tabby cat" , dog', "*", ("tabby, tabby cat", "dog")),
        ("“tabby, tabby cat”\ndog", "*", ("tabby, tabby cat", "dog")),
        ('5" pipe, dog, "open', "*", ('5" pipe', "dog", '"open')),
        ("犬，猫、\ufeff鳥", "*", ("犬", "猫", "鳥")),
    ],
)
def test_an_open_vocabulary_is_asked_for_the_rules_names_and_the_listed(listed, rule, names):
    assert asked_names(listed, rule) == names


def test_the_options_values_say_who_judges():
    choice = ClassifierChoice(CLIP, "", "cpu", "bbox", ("dog", "cat", "a cartoon"), TEMPLATE)
    assert choice_of(VALUES) == choice
    own = {"template": "a sketch of {}", "revision": "v1", "repo": "org/name"}
    assert choice_of(VALUES | own) == replace(
        choice, template="a sketch of {}", revision="v1", repo_id="org/name"
    )


def test_what_has_labels_of_its_own_is_asked_for_none():
    assert choice_of(VALUES | {"classifier": HUB}) == ClassifierChoice(HUB, "", "cpu", "bbox")


@pytest.mark.long
def test_a_choice_needs_neither_gradio_nor_torch():
    code = (
        "import sys, segui.classifiers.choice, segui.classifiers.named, "
        "segui.classifiers.model_cache; print({'gradio', 'torch'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
