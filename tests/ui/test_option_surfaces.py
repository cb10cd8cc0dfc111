"""One row in the table of options, and every surface knows the option."""

import inspect
import json
from collections.abc import Iterator

import gradio as gr
import pytest

from segui.errors import InputError
from segui.geometry import Box
from segui.options import (
    OPTIONS,
    Choice,
    Flag,
    Number,
    Option,
    all_options,
    clean_options,
    stored_options,
)
from segui.recipes.reading import read_recipe
from segui.recipes.recipe import ClassifierMark, Recipe
from segui.recipes.writing import recipe_json
from segui.settings import Settings
from segui.ui.api.calls import filled_up, unknown_name
from segui.ui.api.endpoints import Endpoints
from segui.ui.api.parameters import as_endpoint, endpoint_defaults, endpoint_options
from segui.ui.api.tools import ToolServer
from segui.ui.page import build_page
from tests.ui.loops import closing_loops

SPARKLE = Option(
    "sparkle",
    Number(2, 40, is_whole=True),
    default=7,
    part="areas",
    label="Sparkle",
    meaning="How many stars are drawn",
)


@pytest.fixture
def _sparkle(monkeypatch):
    """The table with a row more."""
    monkeypatch.setitem(all_options._ROWS, "sparkle", SPARKLE)


@pytest.fixture
def page(_sparkle) -> Iterator[gr.Blocks]:
    with closing_loops():
        yield build_page(Settings())


def parameters(page: gr.Blocks, name: str) -> dict[str, dict]:
    listed = page.get_api_info()["named_endpoints"][name]["parameters"]
    return {item["parameter_name"]: item for item in listed}


def test_the_page_has_a_control_for_a_new_option(page):
    (control,) = [block for block in page.blocks.values() if block.elem_id == "sparkle"]
    assert (control.label, control.value) == ("Sparkle", 7)
    sent = [fn for fn in page.fns.values() if control in fn.inputs]
    assert sent


@pytest.mark.usefixtures("_sparkle")
def test_a_recipe_holds_a_new_option():
    recipe = Recipe(
        None, (), None, None, clean_options({"sparkle": 99}), ClassifierMark("Colour names")
    )
    text = recipe_json(recipe)
    assert read_recipe(text).options == {"sparkle": 40}
    with pytest.raises(InputError, match="sparkle is 1: expected a whole number from 2 to 40"):
        read_recipe(text.replace("40", "1"))


@pytest.mark.usefixtures("_sparkle")
def test_a_browser_keeps_a_new_option_beside_those_that_it_had():
    assert stored_options({"feather": 9, "sparkle": 12}) == {"feather": 9, "sparkle": 12}
    assert stored_options({"feather": 9, "sparkle": 50}) == {"feather": 9}


@pytest.mark.long
@pytest.mark.parametrize("name", ["/composite", "/segments"])
def test_the_endpoints_take_a_new_option_after_all_others(page, name):
    found = parameters(page, name)
    assert list(found)[-1] == "sparkle"
    assert found["sparkle"]["parameter_default"] == 7
    assert (found["sparkle"]["type"]["minimum"], found["sparkle"]["type"]["maximum"]) == (2, 40)
    described = "How many stars are drawn, a whole number from 2 to 40."
    assert found["sparkle"]["python_type"]["description"] == described


def test_the_tools_take_a_new_option(page):
    server = ToolServer(page, Settings())
    for tool in ("composite", "segments"):
        schema, _ = server.get_input_schema(tool)
        assert schema["properties"]["sparkle"] == {
            "type": "integer",
            "minimum": 2,
            "maximum": 40,
            "default": 7,
            "description": "How many stars are drawn, a whole number from 2 to 40.",
        }


def test_the_surfaces_forget_what_is_no_longer_in_the_table():
    assert "sparkle" not in OPTIONS
    assert "sparkle" not in endpoint_options(has_paste=True)
    assert stored_options({"sparkle": 12}) == {}


@pytest.mark.parametrize(
    ("kind", "default", "schema"),
    [
        (Flag(), False, {"type": "boolean"}),
        (Choice((("A", "a"), ("B", "b"))), "b", {"type": "string", "enum": ["a", "b"]}),
        (Number(0, 9), 1.5, {"type": "number", "minimum": 0, "maximum": 9}),
    ],
    ids=["flag", "choice", "number"],
)
def test_an_option_of_any_kind_has_its_schema(kind, default, schema):
    option = Option("glow", kind, default, "paste", "Glow", meaning="How it glows")
    described = option.described
    assert option.schema == {**schema, "default": default, "description": described}


def test_an_endpoint_is_a_plain_function_for_whoever_reads_its_signature():
    calls = Endpoints(Settings(), None, None)
    made = as_endpoint(calls.segments, endpoint_options(has_paste=False))
    signature = inspect.signature(made)
    assert list(signature.parameters)[:4] == ["image", "masks", "reference", "classifier"]
    assert signature.parameters["drop_size"].default == 10
    assert "    edge:" not in made.__doc__
    assert "\n    drop_size: Width and height of a segment must both exceed this, a whole" in (
        made.__doc__
    )
    assert "**options" not in made.__doc__
    assert "\n\nReturns:\n    A report: " in made.__doc__


def test_a_server_has_defaults_of_its_own():
    settings = Settings(classifier="google/vit-base-patch16-224", device="cpu")
    defaults = endpoint_defaults(settings, has_paste=False)
    assert (defaults["classifier"], defaults["device"]) == (settings.classifier, "cpu")
    assert "feather" not in defaults


class Sizes:
    """A classifier that remembers how large its crops were."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def score(self, crops):
        self.sizes += [crop.image.size for crop in crops]
        return [{"a": 1.0} for _ in crops]


class OneModel:
    """A model cache that has one classifier, whatever is asked for, and remembers what was."""

    def __init__(self) -> None:
        self.classifier = Sizes()
        self.choices: list = []

    def get(self, choice):
        self.choices.append(choice)
        return self.classifier


def test_what_a_classifier_sees_and_is_asked_for_can_be_chosen(pictures):
    models = OneModel()
    calls = Endpoints(Settings(device="cpu"), models, pictures)
    image, mask = ({"path": str(pictures / name)} for name in ("photo.png", "face.png"))
    report = calls.segments(image, [mask], context="bbox")
    box = Box(*report["segments"][0]["bbox"])
    assert models.classifier.sizes == [(box.width, box.height)]
    calls.segments(
        image,
        [mask],
        classifier="Manual CLIP or SigLIP",
        repo="org/words",
        names="dog, cat",
        template="a drawing of {}",
        expression="bird > 0.5",
        revision="v2",
        device="gpu",
    )
    choice = models.choices[-1]
    assert (choice.repo_id, choice.revision, choice.device) == ("org/words", "v2", "gpu")
    assert (choice.names, choice.template) == (("bird", "dog", "cat"), "a drawing of {}")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"data": 5}', b'{"data": []}', b"[" * 99999])
def test_a_call_that_is_none_is_left_to_gradio(body):
    assert filled_up(body, {"image": None, "grow": 0}) == body
    assert unknown_name(body, {"image": None, "data": 0}) == ""


def test_a_token_is_gradios_own_affair():
    assert unknown_name(b'{"oauth_token": "x"}', {"image": None}) == ""


def test_a_call_with_all_values_or_more_stays_as_it_is():
    body = json.dumps({"data": [{}, 1, 2]}).encode()
    assert filled_up(body, {"image": None, "grow": 0}) == body
    assert filled_up(body, {"image": None, "grow": 0, "edge": ""}) == body
