import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from segui.classifiers.hub import HubConfig
from segui.classifiers.zero_shot import ZeroShotModel
from segui.classifiers.zero_shot_reading import load_zero_shot
from segui.errors import ClassifierError
from tests.classifiers.tiny_clip import train_clip_model
from tests.classifiers.tiny_siglip import train_siglip_model


@pytest.fixture(scope="module")
def clip_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained one: it is not asked anything."""
    return train_clip_model(tmp_path_factory.mktemp("models") / "clip", steps=0)


@pytest.fixture(scope="module")
def siglip_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_siglip_model(tmp_path_factory.mktemp("models") / "siglip", steps=0)


@pytest.fixture
def copy(clip_dir: Path, tmp_path: Path) -> Path:
    """A copy of the model to break."""
    return Path(shutil.copytree(clip_dir, tmp_path / "copy"))


def load(folder: Path, **options: Any) -> ZeroShotModel:
    return load_zero_shot(folder, HubConfig("It", folder, **options))


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_clip_is_read_with_its_scale(clip_dir: Path) -> None:
    model = load(clip_dir)
    assert (model.kind, model.bias, model.revision, model.notes) == ("softmax", 0.0, None, ())
    assert model.scale == pytest.approx(1 / 0.07, rel=1e-3)  # what CLIP starts with
    assert model.size_bytes > 100_000


def test_siglip_is_read_with_its_scale_and_bias(siglip_dir: Path) -> None:
    model = load(siglip_dir)
    assert (model.kind, model.bias) == ("sigmoid", -4.0)
    assert model.scale == pytest.approx(10, rel=0.01)


def test_a_snapshot_of_the_hub_has_a_commit(clip_dir: Path, tmp_path: Path) -> None:
    commit = "0123456789" * 4
    folder = tmp_path / "snapshots" / commit
    shutil.copytree(clip_dir, folder)
    assert load_zero_shot(folder, HubConfig("org/name")).revision == commit


def test_gpu_says_so_when_there_is_none(clip_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert load(clip_dir, device="gpu").notes == (
        "There is no GPU here: the classifier runs on the CPU.",
    )


@pytest.mark.parametrize(
    "name", ["SiglipTokenizer", "TokenizersBackend", "PreTrainedTokenizerFast"]
)
def test_siglips_tokenizer_needs_no_package_of_its_own(
    name: str, siglip_dir: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(siglip_dir, tmp_path / "copy"))
    edit(folder / "tokenizer_config.json", tokenizer_class=name)
    assert load(folder).read(["a photo of red"]) == load(siglip_dir).read(["a photo of red"])


def test_a_tokenizer_in_parts_is_read(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    (copy / "tokenizer_config.json").unlink()
    words = ["<|startoftext|>", "<|endoftext|>", "r", "e", "d</w>", "re", "red</w>"]
    (copy / "vocab.json").write_text(json.dumps({word: n for n, word in enumerate(words)}))
    (copy / "merges.txt").write_text("#version: 0.2\nr e\nre d</w>\n")
    (reading,) = load(copy).read(["Red"])
    assert reading[:3] == (0, 6, 1)


def test_a_tokenizers_own_code_is_never_run(copy: Path, clip_dir: Path) -> None:
    edit(
        copy / "tokenizer_config.json",
        tokenizer_class="Mine",
        auto_map={"AutoTokenizer": ["code.Mine", None]},
    )
    (copy / "code.py").write_text("raise SystemExit('remote code ran')")
    assert load(copy).read(["a photo of red"]) == load(clip_dir).read(["a photo of red"])


def other_kind(folder: Path) -> None:
    edit(folder / "config.json", model_type="vit")


def no_kind(folder: Path) -> None:
    (folder / "config.json").write_text("{}")


def remote_code(folder: Path) -> None:
    edit(folder / "config.json", model_type="zzz", auto_map={"AutoModel": "code.Model"})
    (folder / "code.py").write_text("raise SystemExit('remote code ran')")


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{oops")


def no_processor(folder: Path) -> None:
    (folder / "preprocessor_config.json").unlink()


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))


def cut_off(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def other_shape(folder: Path) -> None:
    edit(folder / "config.json", projection_dim=99)


def images_alone(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    kept = {name: tensor for name, tensor in load_file(path).items() if "text" not in name}
    save_file(kept, path, metadata={"format": "pt"})


KINDS = "clip, metaclip_2, siglip, siglip2"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            other_kind,
            f"'It' does not match images with words: its kind is 'vit', expected one of {KINDS}",
        ),
        (
            no_kind,
            f"'It' does not match images with words: its kind is None, expected one of {KINDS}",
        ),
        (remote_code, "'It' needs code of its own to run, which is never trusted"),
        (
            no_tokenizer,
            "'It' does not say how texts are read for it: it has no tokenizer.json",
        ),
        (
            broken_tokenizer,
            (
                "'It' does not say how texts are read for it: its tokenizer.json is broken or"
                " needs code of its own"
            ),
        ),
        (
            no_processor,
            (
                "'It' does not say how images are prepared for it: its preprocessor_config.json"
                " is missing, broken or needs code of its own"
            ),
        ),
        (
            pickled,
            (
                "'It' has its weights in pickle files only. These can run code when they are"
                " opened, so only safetensors weights are"
            ),
        ),
        (cut_off, "'It' is broken: model.safetensors is cut off or damaged. Fetch it once more"),
        (
            other_shape,
            "'It' is broken: its weights are not those that its config.json describes",
        ),
    ],
)
def test_each_trouble_has_its_sentence(
    spoil: Callable[[Path], None], sentence: str, copy: Path
) -> None:
    spoil(copy)
    with pytest.raises(ClassifierError) as caught:
        load(copy)
    assert str(caught.value) == sentence


def test_a_model_that_sees_but_does_not_read_is_refused(copy: Path) -> None:
    images_alone(copy)
    with pytest.raises(
        ClassifierError,
        match=(
            r"^'It' was not trained to match images with words, or only partly saved: it lacks"
            r" \d+ of its weights, such as text_model\.\S+$"
        ),
    ):
        load(copy)
