"""What stays on a Space of a model that is asked where the GPU is."""

import threading
import time

import numpy as np
import pytest
from PIL import Image

from segui.classifiers.base import Crop
from segui.classifiers.colour import ColourNames
from segui.classifiers.hub import HubConfig
from segui.errors import ClassifierError
from segui.ui.spaces import lent as lent_module
from segui.ui.spaces.lent import Fetched, LentClassifier, LentLooker, fetching
from segui.ui.spaces.zero_gpu import MAX_CROPS, looking, on_gpu, scoring

ZERO = {"SPACES_ZERO_GPU": "true"}
RED, BLUE = (255, 0, 0), (0, 0, 255)
PATIENCE_SECONDS = 60


def crop(colour):
    return Crop(Image.new("RGB", (4, 3), colour), Image.new("L", (4, 3), 255))


def colour_names(key):
    return scoring(ColourNames())


def key_at(commit):
    return "key", commit


def at_hand(progress):
    return Fetched(None)


# A classifier.


def test_without_crops_it_asks_for_no_gpu(spaces):
    lent = LentClassifier(key_at, ColourNames(), on_gpu(colour_names, ZERO), at_hand)
    assert lent.score([]) == []
    assert spaces.calls == []


def test_a_lent_classifiers_files_are_fetched_here_and_it_is_asked_there(spaces):
    class Here(ColourNames):
        labels = ("a", "b")
        batch_size = 8

        def load(self, progress=None):
            raise AssertionError("it was loaded here")

        def score(self, crops):
            raise AssertionError("it was asked here")

        score_distinct = score

    class There(ColourNames):
        notes = ("Slow there.",)

    order = []

    def make(key):
        order.append(key)
        return scoring(There())

    def fetch_files(progress):
        order.append("fetched")
        progress(3, 4)
        return Fetched("abc")

    lent = LentClassifier(key_at, Here(), on_gpu(make, ZERO), fetch_files)
    assert (lent.name, lent.labels) == ("Colour names", ("a", "b"))
    assert (lent.revision, lent.identity, lent.notes) == (None, None, ())
    assert (lent.size_bytes, lent.batch_size) == (0, 1900)
    lent.load(lambda done, total: order.append((done, total)))
    assert (lent.revision, lent.identity) == ("abc", ("key", "abc"))
    assert lent.score([crop(RED)])[0]["red"] == 1.0
    assert lent.score_distinct([crop(BLUE)])[0]["blue"] == 1.0
    assert order == ["fetched", (3, 4), ("key", "abc")]
    assert lent.notes == ("Slow there.",)
    assert not hasattr(lent, "_anything")


def test_two_who_ask_at_once_have_its_files_fetched_once(spaces):
    entered, go_on = threading.Event(), threading.Event()
    fetches, told = [], []

    def fetch_files(progress):
        fetches.append(progress)
        progress(3, 4)
        entered.set()
        assert go_on.wait(PATIENCE_SECONDS)
        return Fetched("abc")

    lent = LentClassifier(key_at, ColourNames(), on_gpu(colour_names, ZERO), fetch_files)
    first = threading.Thread(target=lent.load)
    second = threading.Thread(target=lent.load, args=(lambda *step: told.append(step),))
    first.start()
    assert entered.wait(PATIENCE_SECONDS)
    second.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    go_on.set()
    first.join()
    second.join()
    assert len(fetches) == 1
    assert set(told) == {(3, 4)}  # by the other's fetch
    assert lent.revision == "abc"


def test_files_that_cannot_be_had_take_no_gpu(spaces):
    def fetch_files(progress):
        raise ClassifierError("'a/b' is not there")

    lent = LentClassifier(key_at, ColourNames(), on_gpu(colour_names, ZERO), fetch_files)
    with pytest.raises(ClassifierError, match=r"^'a/b' is not there$"):
        lent.score([crop(RED)])
    assert spaces.calls == []


def test_a_local_folder_has_nothing_to_fetch(tmp_path):
    assert fetching(HubConfig("faces", tmp_path))(print) == Fetched(None)


def test_a_repo_is_fetched_at_its_commit_within_the_limit(monkeypatch, tmp_path):
    asked_for = []

    def fetch_model(name, revision, **options):
        asked_for.append((name, revision, options))
        return tmp_path

    monkeypatch.setattr(lent_module.fetch, "fetch_model", fetch_model)
    monkeypatch.setattr(lent_module.fetch, "commit_of", {tmp_path: "abc"}.get)
    config = HubConfig("org/faces", revision="abc", max_mb=5)
    assert fetching(config)(print) == Fetched("abc")
    assert asked_for == [("org/faces", "abc", {"max_mb": 5, "progress": print})]


# An open vocabulary's crops.


class Space:
    """An open vocabulary where the GPU is: a crop's place is its first pixel."""

    def __init__(self, commit, notes=()):
        self.revision, self.notes = commit, notes

    def look_at(self, crops):
        return np.array([one.image.getpixel((0, 0)) for one in crops], np.float32) / 3


def test_crops_are_looked_at_there_at_the_commit_that_texts_are_read_by(spaces):
    looker = LentLooker(
        lambda commit: ("clip", commit),
        on_gpu(lambda key: looking(Space(key[1], ("Slow.",))), ZERO),
    )
    assert (looker.batch_size, looker.notes) == (MAX_CROPS, ())
    rows = looker.look_at([crop(RED), crop(BLUE)], "abc")
    assert rows.dtype == np.float32
    assert (rows == np.array([[255, 0, 0], [0, 0, 255]], np.float32) / 3).all()
    assert looker.notes == ("Slow.",)
    (call,) = spaces.calls
    assert (call[0], len(call[1]), call[2]) == (("clip", "abc"), 2, 26)


def test_where_crops_are_comes_back_as_plain_numbers():
    said = looking(Space("abc"))([crop(RED)])
    assert said == ([[85.0, 0.0, 0.0]], "abc", ())
    assert {type(value) for value in said.rows[0]} == {float}


def test_what_a_vocabulary_refuses_there_is_refused_here_in_its_words(spaces):
    class Broken(Space):
        def look_at(self, crops):
            raise ClassifierError("'clip' ran out of memory")

    looker = LentLooker(str, on_gpu(lambda key: looking(Broken(key)), ZERO))
    with pytest.raises(ClassifierError, match=r"^'clip' ran out of memory$"):
        looker.look_at([crop(RED)], "abc")
