import pytest

from segui.classifiers.names import check_labels, check_template, labels_of
from segui.errors import InputError
from segui.expression import parse


@pytest.mark.parametrize(
    ("rule", "listed", "names"),
    [
        ('dog > 0.6 and not "a cartoon" > 0.5', [], ("dog", "a cartoon")),
        ("dog > cat", ["cat", "bird", "dog", "bird"], ("dog", "cat", "bird")),
        ("* ", ["b", "a"], ("b", "a")),
        ("max(dog, wolf) > 2 * cat", [], ("dog", "wolf", "cat")),
        ("@share > 1%", [], ()),
        ("dog > 0.5", ["", "  ", "cat"], ("dog", "cat")),
        (
            "#Male > 0.5",
            ["man", "robot"],
            ("male", "Male", "Human Male", "man", "men", "boy", "robot"),
        ),
        ("max(#Male, dog) > 0.5", [], ("male", "Male", "Human Male", "man", "men", "boy", "dog")),
        ("#mine > 0.5", ["dog"], ("dog",)),
        # What the best label is compared with has to be asked for; what the mask's is, has not.
        ('@top = "a dog" and cat > 0.1', [], ("a dog", "cat")),
        ("@top != #Male", [], ("male", "Male", "Human Male", "man", "men", "boy")),
        ("@label = dog and cat > 0.1", [], ("cat",)),
        ("@label = #Male and cat > 0.1", [], ("cat",)),
        ("@label = @top and cat > 0.1", [], ("cat",)),
        # A wildcard names nothing by itself.
        ("sum(dog*) > 0.5", ["dog house", "cat"], ("dog house", "cat")),
        ("sum(dog*) > 0.5", [], ()),
    ],
)
def test_names_are_those_of_the_rule_then_those_of_the_list(rule, listed, names):
    assert labels_of(parse(rule), listed) == names


def test_two_hundred_names_of_a_hundred_characters_are_taken_as_they_are():
    names = tuple(f"{number:100}" for number in range(200))
    assert check_labels([*names, *names]) == names


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([], "there is no name to look for: list some, or use them in the rule"),
        (["dog", " "], "a name is blank: expected a word or a few, such as 'dog'"),
        (["dog", 3], "a name is 3: expected text"),
        (
            ["d" * 101],
            "the name 'dddddddddddddddddddddddddddddd...' has 101 characters: expected at most 100",
        ),
        ([str(number) for number in range(201)], "there are 201 names: expected at most 200"),
    ],
)
def test_names_that_cannot_be_asked_for_are_refused(labels, sentence):
    with pytest.raises(InputError) as caught:
        check_labels(labels)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("template", ["{}", "a photo of {}", "{name} {0} {} }{"])
def test_a_template_has_one_place_and_any_other_braces(template):
    check_template(template)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (
            "a photo",
            (
                "the template 'a photo' has 0 places {} for the name: expected one, such as"
                " 'a photo of {}'"
            ),
        ),
        (
            "{} or {}",
            (
                "the template '{} or {}' has 2 places {} for the name: expected one, such as"
                " 'a photo of {}'"
            ),
        ),
        ("{}" + "a" * 99, "the template has 101 characters: expected at most 100"),
        (None, "the template is None: expected text"),
    ],
)
def test_another_template_is_refused(template, sentence):
    with pytest.raises(InputError) as caught:
        check_template(template)
    assert str(caught.value) == sentence
