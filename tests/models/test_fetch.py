import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import skimage.data
from huggingface_hub import constants, errors
from PIL import Image

from segui.classifiers.base import Crop
from segui.classifiers.hub import load_classifier
from segui.errors import ClassifierError, InputError
from segui.models import fetch
from tests.classifiers import hub_variants
from tests.classifiers.hub_server import HubServer, Repo, running_hub

ID = "org/faces"
CONFIG, WEIGHTS = "config.json", "model.safetensors"
PROCESSOR = "preprocessor_config.json"
NEEDED = [CONFIG, PROCESSOR, WEIGHTS]
PATIENCE = 30


def refusal(ask: Callable[..., object], *arguments: object, **options: object) -> ClassifierError:
    with pytest.raises(ClassifierError) as caught:
        ask(*arguments, **options)
    return caught.value


@pytest.fixture
def repo(hub: HubServer, face_model_dir: Path, tmp_path: Path) -> Path:
    """A copy of the face classifier's folder, served as ``org/faces``, which a test may change."""
    folder = shutil.copytree(face_model_dir, tmp_path / "repo")
    hub.repos[ID] = Repo(folder)
    return folder


def change(hub: HubServer, **behaviour: Any) -> None:
    hub.repos[ID] = replace(hub.repos[ID], **behaviour)


def blobs(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "hub-cache").glob("models--org--faces/blobs/*"))


# What is fetched


def test_what_is_fetched_is_what_the_hub_has(hub: HubServer, face_model_dir: Path) -> None:
    folder = fetch.fetch_model(ID)
    assert sorted(path.name for path in folder.iterdir()) == sorted(NEEDED)
    for file in NEEDED:
        assert (folder / file).read_bytes() == (face_model_dir / file).read_bytes()
    assert fetch.commit_of(folder) == hub.repos[ID].commit


@pytest.mark.long
def test_it_classifies(hub: HubServer) -> None:
    classifier = load_classifier(ID, device="cpu")
    classifier.load()
    assert (classifier.labels, classifier.revision) == (("face", "other"), hub.repos[ID].commit)


@pytest.mark.long
@pytest.mark.parametrize("key", ["feature_extractor_type", "image_processor_type"])
def test_one_whose_image_processor_has_its_old_name_classifies_the_same(
    hub: HubServer, face_model_dir: Path, tmp_path: Path, key: str
) -> None:
    hub.repos["org/old"] = Repo(hub_variants.with_old_names(face_model_dir, tmp_path / "old", key))
    image = Image.fromarray(skimage.data.astronaut()).crop((176, 68, 266, 160))
    crops = [Crop(image, Image.new("L", image.size, 255))]
    old, new = (load_classifier(name, device="cpu").score(crops) for name in ("org/old", ID))
    assert old == new
    assert old[0]["face"] > 0.8


def test_only_what_is_needed_is_fetched(hub: HubServer, repo: Path) -> None:
    for file in ("README.md", "code.py", "pytorch_model.bin", "other.safetensors"):
        (repo / file).write_bytes(b"-")
    fetch.fetch_model(ID)
    assert hub.sent(ID) == NEEDED


def test_extras_are_fetched_where_there_are_any(hub: HubServer, repo: Path) -> None:
    (repo / "tokenizer.json").write_text("{}")
    folder = fetch.fetch_model(ID, extras=("tokenizer.json", "vocab.json"))
    assert hub.sent(ID) == [CONFIG, PROCESSOR, "tokenizer.json", WEIGHTS]
    assert (folder / "tokenizer.json").exists()


@pytest.mark.long
def test_labels_need_the_config_alone(hub: HubServer) -> None:
    assert load_classifier(ID).fetch_labels() == ("face", "other")
    assert hub.sent(ID) == [CONFIG]


@pytest.mark.long
def test_weights_in_shards_are_fetched_by_their_index(
    hub: HubServer, face_model_dir: Path, tmp_path: Path
) -> None:
    folder = hub_variants.in_shards(face_model_dir, tmp_path / "shards")
    hub.repos[ID] = Repo(folder)
    shards = sorted(path.name for path in folder.glob("*.safetensors"))
    assert len(shards) > 1
    load_classifier(ID, device="cpu").load()
    assert sorted(hub.sent(ID)) == sorted(
        [CONFIG, PROCESSOR, "model.safetensors.index.json", *shards]
    )


def test_weights_on_another_host_are_fetched_from_there(hub: HubServer, repo: Path) -> None:
    change(hub, elsewhere=True)
    folder = fetch.fetch_model(ID)
    assert (folder / WEIGHTS).read_bytes() == (repo / WEIGHTS).read_bytes()
    assert [ask.status for ask in hub.asked if ask.file == WEIGHTS] == [302, 200]


@pytest.mark.parametrize("revision", [None, "main", "v1", "commit"])
def test_a_revision_comes_to_its_commit(hub: HubServer, revision: str | None) -> None:
    change(hub, tags=("v1",))
    commit = hub.repos[ID].commit
    folder = fetch.fetch_model(ID, commit if revision == "commit" else revision)
    assert fetch.commit_of(folder) == commit


def test_another_commit_is_fetched_beside_the_first(hub: HubServer, repo: Path) -> None:
    first = fetch.fetch_model(ID)
    hub_variants.change_config(repo, note="new")
    hub.repos[ID] = Repo(repo)
    second = fetch.fetch_model(ID)
    assert first != second
    assert (first / WEIGHTS).resolve() == (second / WEIGHTS).resolve()
    assert fetch.cached_folder(ID) == second
    hub.down = True
    assert fetch.fetch_model(ID) == second


def test_what_is_here_is_not_fetched_again(hub: HubServer) -> None:
    fetch.fetch_model(ID)
    sent = hub.bytes_sent(ID)
    fetch.fetch_model(ID)
    assert hub.bytes_sent(ID) == sent > 0


def test_a_whole_copy_of_a_commit_needs_no_hub(hub: HubServer) -> None:
    folder = fetch.fetch_model(ID)
    asked = len(hub.asked)
    assert fetch.fetch_model(ID, hub.repos[ID].commit) == folder
    assert len(hub.asked) == asked


def test_a_copy_of_a_commit_that_was_damaged_is_fetched_anew(hub: HubServer, repo: Path) -> None:
    folder = fetch.fetch_model(ID)
    (folder / WEIGHTS).unlink()
    blob = max(folder.parents[1].glob("blobs/*"), key=lambda path: path.stat().st_size)
    blob.unlink()
    fetch.fetch_model(ID, hub.repos[ID].commit)
    assert (folder / WEIGHTS).read_bytes() == (repo / WEIGHTS).read_bytes()


def test_only_a_snapshots_folder_has_a_commit(face_model_dir: Path, tmp_path: Path) -> None:
    assert fetch.commit_of(face_model_dir) is None
    assert fetch.commit_of(tmp_path / "snapshots" / "main") is None
    assert fetch.commit_of(tmp_path / ("a" * 40)) is None


@pytest.mark.parametrize("ask", [fetch.fetch_model, fetch.fetch_config, fetch.cached_folder])
def test_a_revision_leads_nowhere_else(ask: Callable[..., object], hub: HubServer) -> None:
    folder = fetch.fetch_model(ID)
    asked = len(hub.asked)
    revision = f"../blobs/{(folder / CONFIG).resolve().name}"
    assert (folder.parents[1] / "refs" / revision).exists()
    with pytest.raises(InputError) as caught:
        ask(ID, revision)
    assert str(caught.value) == (
        f"{revision!r} is not a revision: expected a branch, tag or commit of at most 100 letters,"
        " digits and . _ - /"
    )
    assert len(hub.asked) == asked


# Remote code


@pytest.mark.long
def test_a_repos_own_code_is_neither_fetched_nor_run(
    hub: HubServer, face_model_dir: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    hub.repos[ID] = Repo(hub_variants.with_remote_code(face_model_dir, tmp_path / "code", trace))
    error = refusal(load_classifier(ID).load)
    assert str(error) == "'org/faces' needs code of its own to run, which is never trusted"
    assert not trace.exists()
    assert "modeling_faces.py" not in {ask.file for ask in hub.asked}


def test_a_model_is_here_once_its_weights_are(hub: HubServer) -> None:
    fetch.fetch_config(ID)
    assert not fetch.is_here(ID)
    fetch.fetch_model(ID)
    assert fetch.is_here(ID)
    assert fetch.is_here(ID, hub.repos[ID].commit)
    assert not fetch.is_here(ID, "v2")


# Refusals


@pytest.mark.parametrize(
    ("name", "behaviour", "revision", "sentence"),
    [
        ("org/none", {}, None, "there is no repo 'org/none' on the hub, or it is private"),
        (
            ID,
            {"gated": True},
            None,
            (
                "'org/faces' is gated: its owner asks for an agreement first. Agree at "
                "huggingface.co/org/faces, then start this server with HF_TOKEN, your token"
            ),
        ),
        (
            ID,
            {"refusal": "Access to this resource is disabled."},
            None,
            "'org/faces' was disabled on the hub",
        ),
        (
            ID,
            {"refusal": "Invalid token"},
            None,
            "the hub does not give 'org/faces' to this machine: is its token right?",
        ),
        (ID, {}, "v9", "'org/faces' has no revision 'v9'"),
        ("a--b", {}, None, "'a--b' is not a repo id"),
        ("a--b", {}, "0" * 40, "'a--b' is not a repo id"),
    ],
)
def test_each_refusal_of_the_hub_has_its_sentence(
    name: str,
    behaviour: dict[str, Any],
    revision: str | None,
    sentence: str,
    hub: HubServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    change(hub, **behaviour)
    for ask in (fetch.fetch_model, fetch.fetch_config):
        assert str(refusal(ask, name, revision)) == sentence
    assert hub.sent(name) == []


def test_a_gated_model_is_fetched_with_the_token_of_one_who_was_let_in(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(hub, gated=True, opened_by="hf_let_in")
    monkeypatch.setenv("HF_TOKEN", "hf_other")
    assert str(refusal(fetch.fetch_model, ID)) == (
        "'org/faces' is gated: its owner asks for an agreement first, and whose token this server "
        "has did not get in. Ask for it at huggingface.co/org/faces"
    )
    monkeypatch.setenv("HF_TOKEN", "hf_let_in")
    assert (fetch.fetch_model(ID) / WEIGHTS).is_file()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ([CONFIG], "'org/faces' is not a model: it has no config.json"),
        ([WEIGHTS], "'org/faces' has no weights: expected model.safetensors"),
    ],
)
def test_what_the_hub_lists_is_looked_at_before_anything_is_fetched(
    missing: list[str], sentence: str, hub: HubServer, repo: Path
) -> None:
    for file in missing:
        (repo / file).unlink()
    assert str(refusal(fetch.fetch_model, ID)) == sentence
    assert hub.sent(ID) == []


def test_pickled_weights_are_refused_with_the_reason(
    hub: HubServer, face_model_dir: Path, tmp_path: Path
) -> None:
    hub.repos[ID] = Repo(hub_variants.as_pickle(face_model_dir, tmp_path / "pickle"))
    assert str(refusal(load_classifier(ID).load)) == (
        "'org/faces' has its weights in pickle files only. These can run code when they are"
        " opened, so only safetensors weights are"
    )
    assert hub.sent(ID) == []


@pytest.mark.long
def test_a_shard_that_the_repo_lacks_is_said_before_the_others_are_fetched(
    hub: HubServer, face_model_dir: Path, tmp_path: Path
) -> None:
    folder = hub_variants.in_shards(face_model_dir, tmp_path / "shards")
    last = max(path.name for path in folder.glob("*.safetensors"))
    (folder / last).unlink()
    hub.repos[ID] = Repo(folder)
    assert str(refusal(fetch.fetch_model, ID)) == f"'org/faces' is not whole: {last} is missing"
    assert hub.sent(ID) == ["model.safetensors.index.json"]


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("{", "'org/faces' is broken: its config.json cannot be read"),
        ("[]", "'org/faces' is broken: its config.json is not a JSON object"),
    ],
)
def test_a_broken_config_is_said_before_the_weights_are_fetched(
    config: str, sentence: str, hub: HubServer, repo: Path
) -> None:
    (repo / CONFIG).write_text(config)
    assert str(refusal(fetch.fetch_model, ID)) == sentence
    assert hub.sent(ID) == [CONFIG]


def test_what_a_check_of_the_config_raises_comes_before_the_weights(hub: HubServer) -> None:
    error = ClassifierError("not an image classifier")

    def check(folder: Path) -> None:
        assert (folder / CONFIG).exists()
        raise error

    assert refusal(fetch.fetch_model, ID, check=check) is error
    assert hub.sent(ID) == [CONFIG]


def test_another_kind_of_model_is_said(hub: HubServer, repo: Path) -> None:
    hub_variants.change_config(repo, model_type="bert")
    error = refusal(load_classifier(ID).load)
    assert str(error) == "'org/faces' is not an image classifier: its kind is 'bert'"


@pytest.mark.parametrize(
    ("kind", "saved_as", "sentence"),
    [
        (
            "vit",
            "ViTModel",
            (
                "'org/faces' was not trained to classify images: it is a ViTModel, expected one"
                " that ends in ForImageClassification"
            ),
        ),
        *(
            (
                kind,
                saved_as,
                (
                    "'org/faces' matches images with words of your own and has no labels: take"
                    " 'Manual CLIP or SigLIP' from the list for that"
                ),
            )
            for kind, saved_as in (("clip", "CLIPModel"), ("siglip", "SiglipModel"))
        ),
    ],
)
def test_one_that_has_no_head_is_said_before_the_weights_are_fetched(
    kind: str, saved_as: str, sentence: str, hub: HubServer, repo: Path
) -> None:
    hub_variants.change_config(repo, model_type=kind, architectures=[saved_as])
    assert str(refusal(load_classifier(ID).load)) == sentence
    assert hub.sent(ID) == [CONFIG]


@pytest.mark.parametrize(
    "saved_as",
    [
        None,
        [],
        "ViTModel",
        ["ViTModel", "ViTForImageClassification"],
        ["DeiTForImageClassificationX"],
    ],
)
def test_one_that_does_not_say_that_it_has_no_head_is_loaded(
    saved_as: object, hub: HubServer, repo: Path
) -> None:
    hub_variants.change_config(repo, architectures=saved_as)
    assert load_classifier(ID).fetch_labels() == ("face", "other")


# Size


GB_5 = 5_120_000_000


@pytest.mark.parametrize("ask", [fetch.fetch_model, fetch.fetch_config])
def test_too_large_a_model_is_refused_with_nothing_fetched(
    ask: Callable[..., Path], hub: HubServer
) -> None:
    change(hub, stated={WEIGHTS: GB_5 - 400_000, CONFIG: GB_5})
    error = refusal(ask, ID, max_mb=10_000 if ask is fetch.fetch_model else 2000)
    sizes = {fetch.fetch_model: ("10,240", "10,000"), fetch.fetch_config: ("5,120", "2,000")}
    size, most = sizes[ask]
    assert str(error) == (
        f"'org/faces' is {size} MB: at most {most} MB are allowed (SEGUI_MAX_MODEL_MB)"
    )
    assert {ask.file for ask in hub.asked} == {""}


def test_all_that_would_be_fetched_is_counted_to_the_byte(hub: HubServer, repo: Path) -> None:
    (repo / "pytorch_model.bin").write_bytes(bytes(2_000_000))
    size = sum((repo / file).stat().st_size for file in NEEDED)
    error = refusal(fetch.fetch_model, ID, max_mb=(size - 1) / 1e6)
    assert str(error).startswith("'org/faces' is 1 MB: at most 0.")
    assert fetch.fetch_model(ID, max_mb=size / 1e6)


def test_shards_are_counted_together(hub: HubServer, face_model_dir: Path, tmp_path: Path) -> None:
    hub.repos[ID] = Repo(hub_variants.in_shards(face_model_dir, tmp_path / "shards"))
    assert "at most 0.3 MB are allowed" in str(refusal(fetch.fetch_model, ID, max_mb=0.3))
    assert hub.sent(ID) == ["model.safetensors.index.json"]


def test_a_file_that_turns_out_too_large_is_ended_when_its_length_is_stated(
    hub: HubServer,
) -> None:
    change(hub, stated={WEIGHTS: GB_5}, listed_sizes=False)
    error = refusal(fetch.fetch_model, ID, max_mb=2000)
    assert str(error) == (
        "'org/faces' is 5,121 MB: at most 2,000 MB are allowed (SEGUI_MAX_MODEL_MB)"
    )
    assert hub.sent(ID) == [CONFIG, PROCESSOR]


@pytest.mark.parametrize(
    ("file", "most"),
    [(CONFIG, 10), (PROCESSOR, 10), ("tokenizer.json", 80)],
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_small_file_that_is_huge_is_not_fetched(
    file: str, most: int, listed: bool, hub: HubServer, repo: Path
) -> None:
    (repo / "tokenizer.json").write_text("{}")
    change(hub, stated={file: 2 * 10**9}, listed_sizes=listed)
    error = refusal(fetch.fetch_model, ID, extras=("tokenizer.json",), max_mb=3000)
    assert str(error) == (
        f"'org/faces' cannot be used: its {file} is 2,000 MB, at most {most} MB are read"
    )
    assert file not in hub.sent(ID)
    assert listed == (hub.sent(ID) == [] and {ask.file for ask in hub.asked} == {""})


@pytest.mark.parametrize("listed", [True, False])
def test_a_huge_config_is_not_fetched_for_its_labels(listed: bool, hub: HubServer) -> None:
    change(hub, stated={CONFIG: 2 * 10**9}, listed_sizes=listed)
    assert str(refusal(load_classifier(ID).fetch_labels)) == (
        "'org/faces' cannot be used: its config.json is 2,000 MB, at most 10 MB are read"
    )
    assert hub.sent(ID) == []


def test_a_huge_index_of_shards_is_not_fetched(
    hub: HubServer, face_model_dir: Path, tmp_path: Path
) -> None:
    index = "model.safetensors.index.json"
    hub.repos[ID] = Repo(
        hub_variants.in_shards(face_model_dir, tmp_path / "shards"), stated={index: 2 * 10**9}
    )
    assert str(refusal(fetch.fetch_model, ID)) == (
        f"'org/faces' cannot be used: its {index} is 2,000 MB, at most 10 MB are read"
    )
    assert hub.sent(ID) == []


# Room on the disk


def test_what_the_disk_cannot_hold_is_not_begun(hub: HubServer) -> None:
    change(hub, stated={WEIGHTS: 10**18})
    error = refusal(fetch.fetch_model, ID)
    start = "'org/faces' needs 1,000,000,000,001 MB on the disk: "
    assert str(error).startswith(start)
    assert str(error).endswith(" MB are free")
    assert hub.sent(ID) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no full device")
def test_a_disk_that_is_full_is_said(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def on_a_full_disk(path: Path, *how: Any, **options: Any) -> BinaryIO:
        full = path.name.endswith(".incomplete")
        return opened(Path("/dev/full") if full else path, *how, **options)

    monkeypatch.setattr(Path, "open", on_a_full_disk)
    error = refusal(fetch.fetch_model, ID)
    assert str(error) == "there is no room left on the disk for 'org/faces'"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_cache_that_cannot_be_written_is_said(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = os.makedirs

    def denied(path: Any, *how: Any, **options: Any) -> None:
        if str(path).startswith(str(tmp_path / "hub-cache")):
            raise PermissionError(13, "Permission denied")
        made(path, *how, **options)

    monkeypatch.setattr(os, "makedirs", denied)  # an administrator may write everywhere
    error = refusal(fetch.fetch_model, ID)
    assert str(error) == "'org/faces' cannot be kept here: the cache cannot be written"


# Progress and its end


class Gate:
    """Lets the weights through as far as a test allows."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._open = threading.Event()

    def __call__(self, sent: int) -> None:
        if sent >= self._free:
            self._open.wait(PATIENCE)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate(hub: HubServer) -> Iterator[Gate]:
    """Weights of which 128 kB come, and the rest when it is opened."""
    gate = Gate(free=2**17)
    change(hub, pause=gate)
    yield gate
    gate.open()


def test_progress_is_told_in_bytes_as_they_come(hub: HubServer, gate: Gate) -> None:
    small = sum(hub.repos[ID].size(file) for file in (CONFIG, PROCESSOR))
    total = small + hub.repos[ID].size(WEIGHTS)
    told: list[tuple[int, int]] = []
    threads = set()

    def progress(so_far: int, in_all: int) -> None:
        told.append((so_far, in_all))
        threads.add(threading.current_thread())
        if so_far >= small + 2**16:
            gate.open()

    fetch.fetch_model(ID, progress=progress)
    assert told == sorted(told)
    assert {in_all for _, in_all in told} == {total}
    assert told[-1] == (total, total)
    assert any(small + 2**16 <= so_far < total for so_far, _ in told)
    assert threads == {threading.current_thread()}


def test_what_is_here_already_counts_as_come(hub: HubServer) -> None:
    fetch.fetch_model(ID)
    told: list[tuple[int, int]] = []
    fetch.fetch_model(ID, progress=lambda *counts: told.append(counts))
    so_far, total = told[-1]
    assert so_far == total > 100_000


class CancelledError(Exception):
    """A user's wish."""


@pytest.mark.long
@pytest.mark.parametrize("wish", [CancelledError(), KeyboardInterrupt()])
def test_what_progress_raises_ends_the_fetch_unchanged_though_the_line_stands_still(
    wish: BaseException, hub: HubServer, gate: Gate, tmp_path: Path
) -> None:
    def stop(so_far: int, total: int) -> None:
        if so_far >= 2**16:
            raise wish

    with pytest.raises(type(wish)) as caught:
        fetch.fetch_model(ID, progress=stop)
    assert caught.value is wish
    gate.open()
    folder = fetch.fetch_model(ID)
    assert sorted(path.name for path in folder.iterdir()) == sorted(NEEDED)
    fetched = [ask.file for ask in hub.asked if ask.method == "GET" and ask.file]
    assert fetched == [*NEEDED, WEIGHTS]
    assert not [path for path in blobs(tmp_path) if path.suffix == ".incomplete"]


def test_a_cancel_before_anything_came_leaves_nothing_broken(hub: HubServer) -> None:
    def stop(so_far: int, total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        fetch.fetch_model(ID, progress=stop)
    load_classifier(ID, device="cpu").load()


# Downloads that break off


@pytest.mark.long
def test_a_line_that_breaks_is_taken_up_where_it_broke(hub: HubServer, repo: Path) -> None:
    change(hub, breaks=1)
    told: list[tuple[int, int]] = []
    folder = fetch.fetch_model(ID, progress=lambda *counts: told.append(counts))
    assert (folder / WEIGHTS).read_bytes() == (repo / WEIGHTS).read_bytes()
    first, second = [ask for ask in hub.asked if ask.file == WEIGHTS and ask.method == "GET"]
    assert (first.start, second.status) == (0, 206)
    assert 0 < second.start <= first.sent
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.long
@pytest.mark.parametrize("trouble", [{"breaks": 1, "fails_again": True}, {"short": True}])
def test_a_download_that_breaks_off_is_said_and_the_next_one_ends_well(
    trouble: dict[str, Any], hub: HubServer, repo: Path
) -> None:
    change(hub, **trouble)
    error = refusal(fetch.fetch_model, ID)
    assert str(error) == "the download of 'org/faces' broke off at model.safetensors: try again"
    assert error.__cause__ is not None
    change(hub, breaks=0, fails_again=False, short=False)
    folder = fetch.fetch_model(ID)
    assert (folder / WEIGHTS).read_bytes() == (repo / WEIGHTS).read_bytes()
    begun = [ask.file for ask in hub.asked if ask.file == CONFIG and ask.method == "GET"]
    assert len(begun) == 1


# A hub that is down


def test_offline_without_a_copy_is_said() -> None:
    classifier = load_classifier(ID)
    assert classifier.labels == ()
    for ask in (classifier.load, classifier.fetch_labels):
        error = refusal(ask)
        assert str(error) == (
            "'org/faces' is not on this machine and the hub cannot be reached: "
            "Colour names, Gender by face and Like these need no download"
        )
        assert isinstance(error.__cause__, errors.OfflineModeIsEnabled)


@pytest.fixture(params=["offline", "answers that it is down", "does not answer"])
def no_hub(
    request: pytest.FixtureRequest, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Takes the hub away in one of the ways there are."""

    def take_away() -> None:
        if request.param == "offline":
            monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        elif request.param == "does not answer":
            with running_hub() as other:
                monkeypatch.setattr(constants, "ENDPOINT", other.url)
        else:
            hub.down = True

    return take_away


def test_with_no_hub_what_is_here_still_works(no_hub: Callable[[], None], hub: HubServer) -> None:
    fetch.fetch_model(ID)
    no_hub()
    classifier = load_classifier(ID, device="cpu")
    assert classifier.labels == ("face", "other")
    classifier.load()
    assert classifier.revision == hub.repos[ID].commit


def test_a_hub_that_was_asked_too_often_is_said(hub: HubServer) -> None:
    hub.asked_too_often = True
    for ask in (fetch.fetch_model, fetch.fetch_config):
        assert str(refusal(ask, ID)) == (
            "the hub does not give 'org/faces' now: this machine has asked it too often. Try again"
            " in some minutes"
        )


def test_what_is_here_works_though_the_hub_was_asked_too_often(hub: HubServer) -> None:
    folder = fetch.fetch_model(ID)
    hub.asked_too_often = True
    assert fetch.fetch_model(ID) == folder


def test_with_no_hub_half_a_model_is_said(no_hub: Callable[[], None]) -> None:
    fetch.fetch_config(ID)
    no_hub()
    assert load_classifier(ID).labels == ("face", "other")
    assert str(refusal(fetch.fetch_model, ID)) == (
        "'org/faces' is only partly on this machine and the hub cannot be reached"
    )


def test_with_no_hub_and_no_copy_that_is_said(no_hub: Callable[[], None]) -> None:
    no_hub()
    assert str(refusal(fetch.fetch_model, ID)) == (
        "'org/faces' is not on this machine and the hub cannot be reached"
    )


def test_the_labels_of_a_new_commit_do_not_displace_a_whole_model(
    hub: HubServer, repo: Path
) -> None:
    whole = fetch.fetch_model(ID)
    hub_variants.change_config(repo, note="new")
    hub.repos[ID] = Repo(repo)
    assert fetch.fetch_config(ID) != whole
    hub.down = True
    assert fetch.fetch_model(ID) == whole


@pytest.mark.long
def test_a_process_reaches_a_hub_by_its_environment(hub: HubServer, tmp_path: Path) -> None:
    # In a process of its own: huggingface_hub reads the environment when it is imported.
    script = f"from segui.models.fetch import fetch_model\nprint(fetch_model({ID!r}).name)"
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **hub.environment(tmp_path / "cache")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert run.stdout.strip() == hub.repos[ID].commit
