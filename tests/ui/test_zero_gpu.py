"""Scoring where a GPU is lent for one call: by name and bytes there, by plain numbers back."""

import json
import math
import os
import re
import subprocess
import sys
import weakref
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from PIL import Image

from segui.classifiers.base import Crop
from segui.classifiers.colour import ColourNames
from segui.classifiers.hub import HubConfig
from segui.classifiers.making import find_entry
from segui.classifiers.open_vocabulary import OpenVocabulary
from segui.errors import ClassifierError, InputError
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.pipeline import open_scene, score_scene
from segui.ui.spaces import zero_gpu
from segui.ui.spaces.zero_gpu import Judged, PlainCrop, duration_s, is_zero_gpu, on_gpu, scoring
from tests.app_server import running_app
from tests.classifiers.hub_server import Repo, running_hub
from tests.finders.test_hub_finder import saved
from tests.leash import leashed
from tests.processes import ends, is_alive, on_linux
from tests.stand_ins.in_process import FakeSpaces

ZERO = {"SPACES_ZERO_GPU": "true"}
STAND_IN = Path(__file__).parents[1] / "stand_ins" / "zero_gpu"
RED, BLUE = (255, 0, 0), (0, 0, 255)


def crop(colour, size=(4, 3), level=255):
    return Crop(Image.new("RGB", size, colour), Image.new("L", size, level))


def colour_names(key):
    return scoring(ColourNames())


@pytest.mark.parametrize("value", ["1", "t", "true", "True"])
def test_a_space_says_that_it_is_on_zero_gpu(spaces, value):
    assert is_zero_gpu({"SPACES_ZERO_GPU": value})


@pytest.mark.parametrize("environment", [{}, {"SPACES_ZERO_GPU": ""}, {"SPACES_ZERO_GPU": "0"}])
def test_a_space_with_hardware_of_its_own_is_not(spaces, environment):
    assert not is_zero_gpu({**environment, "SYSTEM": "spaces", "SPACE_ID": "me/segui"})


def test_without_the_package_there_is_no_zero_gpu(monkeypatch):
    monkeypatch.setattr(zero_gpu, "find_spec", lambda name: None)  # noqa: ARG005
    assert not is_zero_gpu(ZERO)


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, 25), (1, 26), (20, 26), (21, 27), (1900, 120), (5000, 120)]
)
def test_a_calls_time_grows_with_its_crops_up_to_two_minutes(count, seconds):
    assert duration_s("key", [PlainCrop((1, 1), b"\0\0\0", b"\0")] * count) == seconds
    assert zero_gpu.MAX_CROPS == 1900


def test_on_zero_gpu_a_name_and_bytes_go_in_and_plain_numbers_come_out(spaces):
    class Numbers(ColourNames):
        revision = "abc"
        notes = ("Slow here.",)

        def score(self, crops):
            return [
                {label: np.float32(score) for label, score in scores.items()}
                for scores in super().score(crops)
            ]

    made = []

    def make(key):
        made.append(key)
        return scoring(Numbers())

    score = on_gpu(make, ZERO)
    assert made == []
    crops = [crop(RED), crop(BLUE, (2, 5), 128)]
    for _ in range(2):
        said = score(("Colour names", "cpu"), crops)
        assert said == Judged(ColourNames().score(crops), "abc", ("Slow here.",))
    assert {type(value) for scores in said.rows for value in scores.values()} == {float}
    assert made == [("Colour names", "cpu")]  # and kept there for the second call
    key, plain, seconds = spaces.calls[0]
    assert key == ("Colour names", "cpu")
    assert plain == [
        PlainCrop((4, 3), bytes(RED) * 12, b"\xff" * 12),
        PlainCrop((2, 5), bytes(BLUE) * 10, b"\x80" * 10),
    ]
    assert seconds == 26


def test_elsewhere_the_same_function_runs_as_it_is(spaces):
    score = on_gpu(colour_names, {"SYSTEM": "spaces"})
    crops = [crop(RED), crop(BLUE)]
    assert score("Colour names", crops) == Judged(ColourNames().score(crops))
    assert spaces.calls == []


def test_more_than_one_call_may_take_is_asked_in_several(spaces, monkeypatch):
    monkeypatch.setattr(zero_gpu, "MAX_CROPS", 3)
    monkeypatch.setattr(zero_gpu, "MAX_BYTES", 100)  # a crop of 4 x 3 px has 48
    crops = [crop(RED), crop(BLUE), crop(RED), *[crop(BLUE, (1, 1))] * 4, crop(RED, (9, 9))]
    said = on_gpu(colour_names, ZERO)("key", crops)
    assert said.rows == ColourNames().score(crops)
    assert [len(plain) for _, plain, _ in spaces.calls] == [2, 3, 2, 1]


def test_of_what_is_asked_in_several_calls_one_is_held_at_once(monkeypatch):
    monkeypatch.setattr(zero_gpu, "MAX_CROPS", 2)
    held, most = [], []

    class Held:
        """A crop's bytes, which tell how many others are held when they are made."""

        def __init__(self, size_wh, image, mask):
            self.size_wh, self.image, self.mask = size_wh, image, mask
            held.append(weakref.ref(self))
            most.append(sum(one() is not None for one in held))

    monkeypatch.setattr(zero_gpu, "PlainCrop", Held)
    said = on_gpu(colour_names, {})("key", [crop(RED)] * 7)
    assert len(said.rows) == 7
    assert max(most) == 3  # two, and the one that begins the next call


def test_without_crops_no_gpu_is_asked_for(spaces):
    score = on_gpu(colour_names, ZERO)
    assert score("key", []) == Judged([])
    assert spaces.calls == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClassifierError("'a/b' is not there"), ClassifierError),
        (InputError("a name is blank"), InputError),
    ],
)
def test_what_a_classifier_refuses_there_is_refused_here_in_its_words(spaces, error, kind):
    def make(key):
        raise error

    score = on_gpu(make, ZERO)
    with pytest.raises(kind) as refused:
        score("key", [crop(RED)])
    assert str(refused.value) == str(error)


def test_a_gpu_that_cannot_be_had_has_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "spaces", FakeSpaces("No GPU was available after 60s."))
    score = on_gpu(colour_names, ZERO)
    with pytest.raises(ClassifierError) as refused:
        score("key", [crop(RED)])
    assert str(refused.value) == (
        "this Space's GPU could not be had: No GPU was available after 60s"
    )


@pytest.fixture
def space(tmp_path, face_model_dir):
    """A Space's variables, and the stand-in's own."""
    return {
        "SPACE_ID": "me/segui",
        "SYSTEM": "spaces",
        "SPACES_ZERO_GPU": "true",
        "PYTHONPATH": str(STAND_IN),
        "STAND_IN_LOG": str(tmp_path / "calls.jsonl"),
        "SEGUI_MODELS_DIR": str(face_model_dir.parent),
        "SEGUI_MANUAL_MODELS": "1",
    }


def calls(space):
    lines = Path(space["STAND_IN_LOG"]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


CLIP = "openai/clip-vit-base-patch32"


@pytest.fixture
def words(tmp_path, clip_model_dir):
    """The tiny CLIP, and the variables of an app whose hub has it under the catalogue's name."""
    with running_hub() as hub:
        hub.repos[CLIP] = Repo(clip_model_dir, tags=(find_entry(CLIP).revision,))
        yield clip_model_dir, hub.environment(tmp_path / "hub-cache")


def asked(server, pictures, classifier, expression, crop_factor=1.0):
    client = Client(server.url, verbose=False)
    try:
        return client.predict(
            image=handle_file(pictures / "photo.png"),
            masks=[handle_file(pictures / "mask.png")],
            classifier=classifier,
            expression=expression,
            crop_factor=crop_factor,
            api_name="/segments",
        )
    finally:
        client.close()


@pytest.mark.server
def test_the_app_on_a_space_with_zero_gpu_scores_in_the_process_that_has_it(
    tmp_path, space, face_model_dir, pictures
):
    with running_app(tmp_path, **space) as server:
        colours = asked(server, pictures, "Colour names", "orange > 0")
        assert [item["filtered"] for item in colours["segments"]] == [True, True]
        marked = ["imported", "marked", "marked"]  # one function scores, another one finds
        assert [call["event"] for call in calls(space)] == marked

        faces = asked(server, pictures, face_model_dir.name, "face > 0.5")
        assert [item["filtered"] for item in faces["segments"]] == [True, False]
        assert faces["labels"] == ["face", "other"]
        asked(server, pictures, face_model_dir.name, "face > 0.5", crop_factor=1.5)
    imported, _, _, first, second = calls(space)
    assert imported["torch"] is False
    assert first["kind"] == second["kind"] == "result"
    assert (first["crops"], first["seconds"]) == (2, 26)
    assert first["pid"] != first["page"]
    assert (second["pid"], second["page"]) == (first["pid"], first["page"])
    assert first["received"] < 1000 < first["sent"]  # pixels there, numbers back


@pytest.mark.server
def test_the_app_on_a_space_with_zero_gpu_finds_in_the_process_that_has_it(
    tmp_path, space, pictures
):
    saved(tmp_path / "models" / "segments", "segformer")
    space["SEGUI_MODELS_DIR"] = str(tmp_path / "models")
    with running_app(tmp_path, **space) as server:
        client = Client(server.url, verbose=False)
        sent = handle_file(pictures / "photo.png")
        ask = partial(client.predict, image=sent, api_name="/segments", confidence=0.01)
        found = ask(finder="segments/")
        rule = ask(finder="segments/", largest=1)
        client.close()
    _, _, _, first = calls(space)  # narrowing asks for no GPU
    assert found["segments"]
    assert len(rule["segments"]) == 1
    with Image.open(pictures / "photo.png") as photo:
        size = photo.size
    assert first["kind"] == "result"
    assert first["seconds"] == math.ceil(25 + 0.5 * size[0] * size[1] / 1e6)
    assert first["pid"] != first["page"]
    assert first["received"] < size[0] * size[1] * 3 <= first["sent"]  # pixels there, masks back


@on_linux
def test_the_stand_ins_worker_ends_with_an_app_that_is_killed(tmp_path):
    code = (
        "import os, spaces\n"
        "ask = spaces.GPU(lambda key, crops: os.getpid())\n"
        "print(ask('key', []), flush=True)\n"
        "input()\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(STAND_IN), "STAND_IN_LOG": str(tmp_path / "log")}
    with subprocess.Popen(
        leashed(sys.executable, "-c", code),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=variables,
    ) as page:
        worker = int(page.stdout.readline())
        assert is_alive(worker)
        page.kill()
    assert ends(worker)


@pytest.mark.server
def test_words_are_read_on_the_space_and_crops_are_looked_at_once_where_the_gpu_is(
    tmp_path, space, words, pictures
):
    model, hub = words
    with running_app(tmp_path, **space | hub) as server:
        first = asked(server, pictures, CLIP, "red > white")
        other = asked(server, pictures, CLIP, "white > blue and red > 1%")
        *_, call = calls(space)
        wider = asked(server, pictures, CLIP, "red > white", crop_factor=1.5)
    asked_for = [(made["kind"], made["crops"], made["seconds"]) for made in calls(space)[3:]]
    assert asked_for == [("result", 2, 26)] * 2  # none for the other words
    assert call["pid"] != call["page"]
    assert call["received"] < 2000 < call["sent"]  # pixels there, numbers back

    plain = OpenVocabulary(HubConfig("clip", model, device="cpu"))
    for answer, names, factor in (
        (first, ["red", "white"], 1.0),
        (other, ["white", "blue", "red"], 1.0),
        (wider, ["red", "white"], 1.5),
    ):
        inputs = Inputs(pictures / "photo.png", (pictures / "mask.png",))
        scene = open_scene(inputs, SegmentOptions(crop_factor=factor))
        scores = score_scene(scene, plain.asked(names))
        assert [item["scores"] for item in answer["segments"]] == [
            pytest.approx(each, abs=1e-3) for each in scores
        ]
        assert answer["labels"] == sorted(names)


@pytest.mark.server
def test_a_space_whose_gpu_is_taken_says_so_and_goes_on(tmp_path, space, face_model_dir, pictures):
    refusal = {"STAND_IN_REFUSAL": "You have exceeded your GPU quota."}
    with running_app(tmp_path, **space, **refusal) as server:
        with pytest.raises(Exception, match="this Space's GPU could not be had: You have exceeded"):
            asked(server, pictures, face_model_dir.name, "face > 0.5")
        colours = asked(server, pictures, "Colour names", "orange > 0")
        assert len(colours["segments"]) == 2


@pytest.mark.server
def test_the_app_on_a_space_with_a_cpu_scores_where_it_is(
    tmp_path, space, face_model_dir, pictures
):
    cpu = {**space, "SPACES_ZERO_GPU": ""}
    with running_app(tmp_path, **cpu) as server:
        faces = asked(server, pictures, face_model_dir.name, "face > 0.5")
        assert [item["filtered"] for item in faces["segments"]] == [True, False]
    # Gradio itself imports the package where it is there
    assert {call["event"] for call in calls(space)} <= {"imported"}


def test_the_page_on_spaces_tells_the_numbers_of_zero_gpu_and_knows_its_variables():
    root = Path(__file__).parents[2]
    page = (root / "docs" / "spaces.md").read_text(encoding="utf-8")
    text = " ".join(page.split())
    assert "25 seconds and 0.05 a crop, up to 120" in text
    assert duration_s("key", []) == 25
    assert (zero_gpu.CROP_SECONDS, zero_gpu.MAX_SECONDS) == (0.05, 120)
    assert f"More than {zero_gpu.MAX_CROPS} crops, or {zero_gpu.MAX_BYTES >> 20} MB" in text
    settings = (root / "README.md").read_text(encoding="utf-8").split("\n## Settings\n")[1]
    known = set(re.findall("`(SEGUI_[A-Z_]+)`", settings.split("\n## ")[0]))
    assert set(re.findall("SEGUI_[A-Z_]+", page)) <= known
    clip = find_entry("openai/clip-vit-base-patch32")
    assert f"{clip.revision}\n" in page
