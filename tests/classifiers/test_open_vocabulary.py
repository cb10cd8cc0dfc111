import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
import skimage.data
from PIL import Image

from segui.classifiers import zero_shot_reading
from segui.classifiers.base import Classifier, Crop
from segui.classifiers.hub import HubConfig
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.classifiers.open_vocabulary import (
    KIND_SENTENCES,
    SINGLE_NAME_SENTENCE,
    OpenVocabulary,
)
from segui.classifiers.zero_shot import ZeroShotModel
from segui.errors import ClassifierError, InputError
from tests.classifiers.hub_server import HubServer, Repo
from tests.classifiers.tiny_clip import LOOKS


@pytest.fixture
def folders(clip_model_dir: Path, siglip_model_dir: Path) -> dict[str, Path]:
    """The tiny models by how they score."""
    return {"softmax": clip_model_dir, "sigmoid": siglip_model_dir}


@pytest.fixture(params=["softmax", "sigmoid"])
def either(folders: dict[str, Path], request: pytest.FixtureRequest) -> OpenVocabulary:
    """One after the other, newly made."""
    return of(folders[request.param])


@pytest.fixture
def clip(folders: dict[str, Path]) -> OpenVocabulary:
    return of(folders["softmax"])


@pytest.fixture
def siglip(folders: dict[str, Path]) -> OpenVocabulary:
    return of(folders["sigmoid"])


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many images and texts models have looked at."""
    counts = {"images": 0, "texts": 0}

    def count(what: str, method: Any) -> Any:
        def counting(model: ZeroShotModel, items: Sequence[Any]) -> Any:
            counts[what] += len(items)
            return method(model, items)

        return counting

    for what in counts:
        method = getattr(ZeroShotModel, f"embed_{what}")
        monkeypatch.setattr(ZeroShotModel, f"embed_{what}", count(what, method))
    return counts


def of(folder: Path, **options: Any) -> OpenVocabulary:
    return OpenVocabulary(HubConfig(str(folder), folder), **options)


def patch(colour: str | tuple[int, ...], size: tuple[int, int] = (20, 30)) -> Crop:
    return Crop(Image.new("RGB", size, colour), Image.new("L", size, 255))


def photos() -> list[Crop]:
    """Pieces of a photo, none of which is a plain colour."""
    photo = Image.fromarray(skimage.data.astronaut())
    pieces = [
        photo.crop((x, y, x + 100, y + 130)) for y in range(0, 380, 95) for x in range(0, 400, 99)
    ]
    return [Crop(piece, Image.new("L", piece.size, 255)) for piece in pieces]


# What it says.


def test_each_colour_gets_its_name(either: OpenVocabulary) -> None:
    scores = either.asked(list(LOOKS)).score([patch(look) for look in LOOKS.values()])
    assert [max(each, key=each.__getitem__) for each in scores] == list(LOOKS)
    assert all(tuple(each) == tuple(LOOKS) for each in scores)
    assert all(type(value) is float for each in scores for value in each.values())


def test_red_and_blue_are_told_apart(either: OpenVocabulary) -> None:
    red, blue = either.asked(["red", "blue"]).score([patch("red"), patch(LOOKS["blue"])])
    assert red["red"] > 0.8 > 0.2 > red["blue"]
    assert blue["blue"] > 0.8 > 0.2 > blue["red"]


@pytest.mark.long
@pytest.mark.parametrize("template", ["a photo of {}", "{}", "a {} thing"])
def test_scores_are_those_of_transformers_own_pipeline(
    template: str, either: OpenVocabulary
) -> None:
    from transformers import pipeline

    names = ["red", "blue", "white", "something", "a word it does not know"]
    theirs = pipeline("zero-shot-image-classification", model=either.name, device="cpu")
    crops = [*photos(), patch("red")]
    ours = either.asked(names, template).score(crops)
    between = 0
    for crop, scores in zip(crops, ours, strict=True):
        answer = theirs(crop.image, candidate_labels=names, hypothesis_template=template)
        assert scores == pytest.approx(
            {entry["label"]: entry["score"] for entry in answer}, abs=1e-4
        )
        between += sum(0.02 < score < 0.98 for score in scores.values())
    assert between > 10  # agreement on zeros and ones alone would say little


def test_clips_scores_share_one(clip: OpenVocabulary) -> None:
    for scores in clip.asked(["red", "blue", "white"]).score(photos()):
        assert sum(scores.values()) == pytest.approx(1)
        assert all(0 <= score <= 1 for score in scores.values())


def test_siglips_scores_do_not_depend_on_the_other_names(siglip: OpenVocabulary) -> None:
    alone = siglip.asked(["red"]).score(photos())
    beside = siglip.asked(["blue", "red", "white"]).score(photos())
    assert [one["red"] for one in alone] == pytest.approx([one["red"] for one in beside])


def test_names_that_read_the_same_are_one_choice(either: OpenVocabulary) -> None:
    plain = either.asked(["red", "white"]).score(photos())
    double = either.asked(["red", "Red", "white", "RED"]).score(photos())
    for one, other in zip(plain, double, strict=True):
        assert other == pytest.approx({**one, "Red": one["red"], "RED": one["red"]})


def test_clips_only_name_is_judged_against_anything(clip: OpenVocabulary) -> None:
    crops = [patch("red"), patch(LOOKS["blue"]), *photos()]
    alone = clip.asked(["red"]).score(crops)
    beside = clip.asked(["red", "something"]).score(crops)
    assert alone == [pytest.approx({"red": scores["red"]}) for scores in beside]
    assert alone[0]["red"] > 0.5 > alone[1]["red"]


def test_clips_only_name_may_be_anything_itself(clip: OpenVocabulary) -> None:
    assert clip.asked(["something"]).score([patch("red")]) == [{"something": pytest.approx(0.5)}]


# What is kept.


def test_other_names_ask_for_texts_alone(either: OpenVocabulary, counted: dict[str, int]) -> None:
    crops = photos()
    either.asked(["red", "blue"]).score(crops)
    assert counted == {"images": len(crops), "texts": 2}
    either.asked(["red", "blue", "green"]).score(crops)
    assert counted == {"images": len(crops), "texts": 3}
    either.asked(["green", "red"]).score(crops)
    assert counted == {"images": len(crops), "texts": 3}
    either.asked(["green", "red"], "{}").score(crops)
    assert counted == {"images": len(crops), "texts": 5}


@pytest.mark.long
def test_names_asked_for_later_score_as_if_they_were_asked_for_at_once(
    folders: dict[str, Path], either: OpenVocabulary
) -> None:
    either.asked(["red"]).score(photos()[::-1])
    later = either.asked(["blue", "red", "white"]).score(photos())
    fresh = of(folders[str(either.kind)]).asked(["blue", "red", "white"]).score(photos())
    for one, other in zip(later, fresh, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_the_same_pixels_are_looked_at_once(clip: OpenVocabulary, counted: dict[str, int]) -> None:
    crops = [patch("red"), patch("blue"), patch("red"), patch("red", (30, 20))] * 5
    scores = clip.asked(["red", "blue"]).score(crops)
    assert counted["images"] == 3
    assert scores[:4] * 5 == scores


def test_what_was_not_used_for_the_longest_is_forgotten(
    folders: dict[str, Path], counted: dict[str, int]
) -> None:
    # A row of 16 numbers takes 64 bytes and what Python adds: room for two, not for three.
    few = of(folders["softmax"], image_mb=0.0014).asked(["red", "blue"])
    for colour in ("red", "blue", "red", "green"):
        few.score([patch(colour)])
    assert counted["images"] == 3
    few.score([patch("red")])
    assert counted["images"] == 3
    few.score([patch("blue")])
    assert counted["images"] == 4


@pytest.mark.long
def test_more_crops_than_are_kept_are_scored_all_the_same(folders: dict[str, Path]) -> None:
    names = ["red", "blue", "white"]
    few = of(folders["softmax"], image_mb=0.0014, text_mb=0.0001).asked(names).score(photos())
    for one, other in zip(few, of(folders["softmax"]).asked(names).score(photos()), strict=True):
        assert one == pytest.approx(other)


def test_crops_are_read_batch_by_batch(clip: OpenVocabulary) -> None:
    class Cut(Sequence[Crop]):
        """Crops made as they are read, of which few may be alive at once."""

        def __init__(self, places: range) -> None:
            self.places = places

        def __len__(self) -> int:
            return len(self.places)

        def __getitem__(self, index: Any) -> Any:
            if isinstance(index, slice):
                return Cut(self.places[index])
            crop = patch((self.places[index] * 4, 0, 0))
            made.append(ref(crop))
            alive.append(sum(each() is not None for each in made))
            return crop

    clip.load()
    made: list[ref[Crop]] = []
    alive: list[int] = []
    assert len(clip.asked(["red", "blue"]).score(Cut(range(40)))) == len(alive) == 40
    assert max(alive) <= 2 * clip.batch_size


# Who looks in its place.


class Elsewhere:
    """The same model by another object; it remembers what it was shown, and at which commit."""

    batch_size = 1000
    notes = ("Far away.",)

    def __init__(self, folder: Path) -> None:
        self.there = of(folder)
        self.shown: list[tuple[int, str | None]] = []

    def look_at(self, crops: Sequence[Crop], revision: str | None) -> Any:
        self.shown.append((len(crops), revision))
        return self.there.look_at(crops)


@pytest.mark.long
def test_a_looker_is_shown_all_crops_at_once_and_no_crop_twice(
    folders: dict[str, Path], either: OpenVocabulary, counted: dict[str, int]
) -> None:
    folder, crops = folders[str(either.kind)], photos()
    looker = Elsewhere(folder)
    here = of(folder, looker=looker)
    asked = here.asked(["red", "blue"])
    assert (asked.batch_size, asked.notes[1:]) == (1000, ("Far away.",))
    assert asked.score([*crops, crops[0]]) == [
        pytest.approx(each, abs=1e-6)
        for each in either.asked(["red", "blue"]).score([*crops, crops[0]])
    ]
    counted.update(images=0, texts=0)
    other = here.asked(["white", "red"], "a {} thing").score(crops)
    assert looker.shown == [(len(crops), None)]
    assert counted == {"images": 0, "texts": 2}
    assert other == [
        pytest.approx(each, abs=1e-6)
        for each in either.asked(["white", "red"], "a {} thing").score(crops)
    ]


@pytest.mark.long
def test_a_looker_is_told_the_commit_that_texts_are_read_by(
    hub: HubServer, folders: dict[str, Path]
) -> None:
    hub.repos["org/clip"] = repo = Repo(folders["softmax"])
    looker = Elsewhere(folders["softmax"])
    asked = OpenVocabulary(HubConfig("org/clip"), looker=looker).asked(["red"])
    asked.score([patch("red")])
    assert looker.shown == [(1, repo.commit)]


def test_where_crops_are_is_said_and_not_kept(
    either: OpenVocabulary, counted: dict[str, int]
) -> None:
    crops = photos()
    first, second = either.look_at(crops), either.look_at(crops)
    assert counted["images"] == 2 * len(crops)
    assert first.shape == (len(crops), {"softmax": 16, "sigmoid": 32}[str(either.kind)])
    assert (first == second).all()
    assert (first**2).sum(axis=1) == pytest.approx(1, abs=1e-5)


# Threads, loading.


def test_threads_share_one_load_and_look_at_each_crop_once(
    clip: OpenVocabulary, counted: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []
    load = zero_shot_reading.load_zero_shot
    monkeypatch.setattr(
        zero_shot_reading, "load_zero_shot", lambda *all_: loads.append(1) or load(*all_)
    )
    crops, answers = photos(), {}

    def ask(number: int) -> None:
        names = ["red", "blue", "white", "green"][: 2 + number % 3]
        answers[number] = clip.asked(names).score(crops)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert counted == {"images": len(crops), "texts": 4}
    for number in range(3, 6):
        assert answers[number] == [pytest.approx(each) for each in answers[number - 3]]


def test_nothing_is_loaded_before_it_is_needed(either: OpenVocabulary) -> None:
    asked = either.asked(["red", "blue"])
    assert isinstance(asked, Classifier)
    assert asked.score([]) == []
    assert asked.labels == asked.fetch_labels() == ("red", "blue")
    assert (asked.identity, asked.size_bytes, asked.batch_size) == (None, 0, 8)
    assert either._once.value is None
    asked.load()
    assert asked.size_bytes > 100_000


def test_a_failed_load_is_tried_again(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folders["softmax"], tmp_path / "copy"))
    (folder / "tokenizer.json").unlink()
    vocabulary = of(folder)
    with pytest.raises(ClassifierError, match=r"it has no tokenizer\.json$"):
        vocabulary.load()
    shutil.copy(folders["softmax"] / "tokenizer.json", folder)
    vocabulary.load()


@pytest.mark.long
def test_a_model_of_the_hub_comes_with_its_tokenizer(
    hub: HubServer, folders: dict[str, Path]
) -> None:
    for name, folder in folders.items():
        hub.repos[f"org/{name}"] = repo = Repo(folder)
        told: list[tuple[int, int]] = []
        vocabulary = OpenVocabulary(HubConfig(f"org/{name}"))
        asked = vocabulary.asked(["red", "blue"])
        asked.load(lambda *numbers, told=told: told.append(numbers))
        size = sum(path.stat().st_size for path in folder.iterdir())
        assert told[-1] == (size, size)
        assert sorted(hub.sent(f"org/{name}")) == sorted(path.name for path in folder.iterdir())
        assert asked.revision == repo.commit
        assert asked.identity == ((f"org/{name}", repo.commit), ("red", "blue"), "a photo of {}")
        here = of(folder).asked(["red", "blue"])
        assert asked.score([patch("red")]) == [pytest.approx(here.score([patch("red")])[0])]


@pytest.mark.long
def test_a_pinned_model_that_is_here_needs_no_hub(hub: HubServer, folders: dict[str, Path]) -> None:
    hub.repos["org/clip"] = repo = Repo(folders["softmax"])
    config = HubConfig("org/clip", revision=repo.commit)
    OpenVocabulary(config).load()
    del hub.repos["org/clip"]
    again = OpenVocabulary(config)
    assert again.kind == "softmax"
    again.load()
    assert again.revision == repo.commit


def test_another_kind_of_model_is_refused_before_its_weights_are_fetched(hub: HubServer) -> None:
    with pytest.raises(
        ClassifierError, match=r"^'org/faces' does not match images with words: its kind is 'vit'"
    ):
        OpenVocabulary(HubConfig("org/faces")).load()
    assert hub.sent("org/faces") == ["config.json"]


def test_a_model_that_is_too_large_is_not_fetched(hub: HubServer, folders: dict[str, Path]) -> None:
    hub.repos["org/clip"] = Repo(folders["softmax"])
    with pytest.raises(ClassifierError, match=r"^'org/clip' is 1 MB: at most 0\.1 MB are allowed"):
        OpenVocabulary(HubConfig("org/clip", max_mb=0.1)).load()
    assert hub.sent("org/clip") == []


# What the interface is told.


def test_how_scores_are_meant_is_known_before_a_load(
    clip: OpenVocabulary, siglip: OpenVocabulary
) -> None:
    assert (clip.kind, siglip.kind) == ("softmax", "sigmoid")
    assert clip._once.value is siglip._once.value is None
    assert clip.asked(["red", "blue"]).notes == (KIND_SENTENCES["softmax"],)
    assert clip.asked(["red"]).notes == (SINGLE_NAME_SENTENCE,)
    assert siglip.asked(["red"]).notes == (KIND_SENTENCES["sigmoid"],)
    assert (
        KIND_SENTENCES["softmax"]
        == "Scores share 1 among the names: one name more or less changes the others."
    )
    assert (
        KIND_SENTENCES["sigmoid"]
        == "Each name is judged by itself: the scores need not add up to 1."
    )
    assert (
        SINGLE_NAME_SENTENCE
        == "The only name is judged against 'something': with more names to choose from it is"
        " judged better."
    )


def test_how_scores_are_meant_is_unknown_without_the_model(tmp_path: Path) -> None:
    for vocabulary in (OpenVocabulary(HubConfig("org/not-here")), of(tmp_path)):
        assert vocabulary.kind is None
        assert vocabulary.asked(["red"]).notes == ()


def test_who_asks_the_same_is_equal(clip: OpenVocabulary, siglip: OpenVocabulary) -> None:
    assert clip.asked(["red", "red", "blue"]) == clip.asked(["red", "blue"])
    others = [clip.asked(["red"]), clip.asked(["red", "blue"], "{}"), siglip.asked(["red", "blue"])]
    assert all(clip.asked(["red", "blue"]) != other for other in others)


def test_scores_that_are_kept_for_all_are_told_apart_by_names_and_template(
    clip: OpenVocabulary, counted: dict[str, int]
) -> None:
    cache, crops = ScoreCache(), photos()
    for names, template in (
        (["red", "blue"], "{}"),
        (["red", "blue"], "a {} thing"),
        (["red"], "{}"),
    ):
        asked = clip.asked(names, template)
        assert CachedClassifier(asked, cache).score(crops) == [
            pytest.approx(each) for each in asked.score(crops)
        ]
    assert len(cache) == 3 * len(crops)
    assert counted["images"] == len(crops)


@pytest.mark.parametrize(
    ("labels", "template", "sentence"),
    [
        ([], "{}", "there is no name to look for: list some, or use them in the rule"),
        (
            ["red"],
            "a photo",
            (
                "the template 'a photo' has 0 places {} for the name: expected one, such as"
                " 'a photo of {}'"
            ),
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(
    labels: list[str], template: str, sentence: str, clip: OpenVocabulary
) -> None:
    for ask in (clip.asked, lambda *arguments: clip.score([], *arguments)):
        with pytest.raises(InputError) as caught:
            ask(labels, template)
        assert str(caught.value) == sentence
