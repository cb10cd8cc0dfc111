import json
import shutil
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pytest
import torch

from segui.classifiers.hub import load_classifier
from segui.errors import ClassifierError
from segui.models import described
from segui.models import files as model_files
from segui.models.described import check_counts, check_described
from segui.models.reading import read_config
from segui.models.weights import Held
from tests.classifiers import hub_variants
from tests.classifiers.tiny_clip import train_clip_model
from tests.classifiers.tiny_siglip import train_siglip_model

PLENTY = 10**12


def vit(**sizes: int) -> Any:
    from transformers import ViTConfig

    return ViTConfig(**sizes)


def elements_of_vit(hidden: int, layers: int, inner: int, labels: int = 2) -> int:
    """As the paper has it, of pictures of 224 x 224 px in patches of 16 x 16."""
    attention = 4 * (hidden**2 + hidden)
    mlp = 2 * hidden * inner + inner + hidden
    norm = 2 * hidden
    embeddings = (3 * 16**2 + 1) * hidden + (14**2 + 1) * hidden + hidden
    return embeddings + layers * (attention + mlp + 2 * norm) + norm + (hidden + 1) * labels


def sentence(config: Any, held: Held) -> str:
    from transformers import AutoModelForImageClassification

    with pytest.raises(ClassifierError) as caught:
        check_described(AutoModelForImageClassification, config, held, "m")
    return str(caught.value)


# Sizes


def test_a_config_may_describe_twice_what_the_files_hold_and_a_large_head() -> None:
    from transformers import AutoModelForImageClassification

    sizes = {"hidden_size": 1024, "num_hidden_layers": 24, "intermediate_size": 4096}
    config = vit(num_attention_heads=16, **sizes)
    size = elements_of_vit(1024, 24, 4096)
    least = -(-(size - 25_000_000) // 2)
    check_described(AutoModelForImageClassification, config, Held(400, least), "m")
    assert sentence(config, Held(400, least - 1)) == (
        f"'m' is not whole: its config.json describes {-(-4 * size // 10**6):,} MB of weights,"
        f" its files hold {-(-4 * (least - 1) // 10**6):,} MB"
    )
    assert 1000 < 4 * size / 1e6 < 1300  # a ViT-Large's are about 1.2 GB


def test_what_the_weights_cannot_fill_takes_no_memory(
    face_model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import AutoModelForImageClassification

    def reach(*_: object, **__: object) -> None:
        raise AssertionError("memory was taken")

    monkeypatch.setattr(AutoModelForImageClassification, "from_pretrained", reach)
    folder = Path(shutil.copytree(face_model_dir, tmp_path / "copy"))
    hub_variants.change_config(
        folder, hidden_size=200_000, intermediate_size=800_000, num_hidden_layers=50
    )
    with pytest.raises(ClassifierError) as caught:
        load_classifier(folder).load()
    assert str(caught.value).startswith(
        f"{str(folder)!r} is not whole: its config.json describes 96,0"
    )
    assert str(caught.value).endswith(" MB of weights, its files hold 1 MB")


@pytest.mark.parametrize("layers", [5_000])
@pytest.mark.process
def test_a_model_of_endless_parts_is_ended_on_the_way(layers: int) -> None:
    config = vit(hidden_size=8, num_attention_heads=2, intermediate_size=8)
    config.num_hidden_layers = layers
    assert sentence(config, Held(10, PLENTY)) == (
        "'m' is not whole: its config.json describes a model of far more parts than its files hold"
    )


def test_the_config_is_left_as_it_is() -> None:
    from transformers import AutoModelForImageClassification

    config = vit(hidden_size=8, num_attention_heads=2, intermediate_size=8, num_hidden_layers=1)
    before = config.to_dict()
    check_described(AutoModelForImageClassification, config, Held(30, PLENTY), "m")
    assert config.to_dict() == before
    assert torch.empty(1).device.type == "cpu"


def test_a_models_code_is_imported_before_tensors_have_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # torch 2.8 cannot import its compiler there, and so no model of transformers from 5.22 on
    from transformers import AutoModelForImageClassification, PoolFormerConfig

    imported: dict[str, bool] = {}

    class Watch(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            imported[name] = bool(torch._C._len_torch_function_stack())

    monkeypatch.setattr("sys.meta_path", [Watch(), *sys.meta_path])
    # a kind of its own for this test: another test's would be imported already
    check_described(AutoModelForImageClassification, PoolFormerConfig(), Held(500, PLENTY), "m")
    assert "transformers.models.poolformer.modeling_poolformer" in imported
    assert [name for name, without_memory in imported.items() if without_memory] == []


def in_half_precision(source: Path, folder: Path) -> Path:
    from transformers import ViTForImageClassification

    ViTForImageClassification.from_pretrained(source).half().save_pretrained(folder)
    return folder


def under_old_names(source: Path, folder: Path) -> Path:
    """Its norms called gamma and beta, as TensorFlow's are."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(source, folder)
    path = folder / model_files.WEIGHTS
    renamed = {
        name.replace("norm.weight", "norm.gamma").replace("norm.bias", "norm.beta"): tensor
        for name, tensor in load_file(path).items()
    }
    save_file(renamed, path, metadata={"format": "pt"})
    return folder


def as_it_is(source: Path, folder: Path) -> Path:
    return Path(shutil.copytree(source, folder))


def clip(_: Path, folder: Path) -> Path:
    return train_clip_model(folder, steps=0)


def siglip(_: Path, folder: Path) -> Path:
    return train_siglip_model(folder, steps=0)


@pytest.mark.parametrize(
    "make",
    [as_it_is, hub_variants.in_shards, in_half_precision, under_old_names, clip, siglip],
)
def test_models_as_they_are_saved_need_no_room_to_spare(
    make: Callable[[Path, Path], Path],
    face_model_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import transformers

    monkeypatch.setattr(described, "_SPARE_ELEMENTS", 0)
    monkeypatch.setattr(described, "_SPARE_CALLS", 0)
    folder = make(face_model_dir, tmp_path / "made")
    task = "ZeroShotImage" if make in {clip, siglip} else "Image"
    loader = getattr(transformers, f"AutoModelFor{task}Classification")
    check_described(loader, read_config(folder, "m"), model_files.held(folder, "m"), "m")


# Numbers of labels and layers


@pytest.mark.parametrize(
    ("content", "key", "value"),
    [
        ({"num_labels": 100_001}, "num_labels", "100,001"),
        ({"num_hidden_layers": 10**9}, "num_hidden_layers", "1,000,000,000"),
        ({"depths": [2, 2, 200_000]}, "depths", "200,000"),
        ({"text_config": {"num_labels": 10**7}}, "num_labels", "10,000,000"),
        ({"a": [{"b": {"num_hidden_layers": 10**6}}]}, "num_hidden_layers", "1,000,000"),
        ({"num_labels": 1e9}, "num_labels", "1,000,000,000.0"),
    ],
)
def test_a_number_that_cannot_be_listed_is_refused_wherever_it_stands(
    content: dict[str, Any], key: str, value: str
) -> None:
    with pytest.raises(ClassifierError) as caught:
        check_counts(content, "m")
    assert str(caught.value) == (
        f"'m' is broken: its config.json says that {key} is {value}, at most 100,000 can be"
    )


def test_other_large_numbers_are_not_counts() -> None:
    check_counts(
        {
            "num_labels": 100_000,
            "text_config": {"vocab_size": 901_629, "eos_token_id": 250_001},
            "label2id": {"layers of cake": 10**9, "classes": 10**9},
            "id2label": {"0": "blocks"},
        },
        "m",
    )


def test_they_are_looked_at_before_they_are_listed(face_model_dir: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(face_model_dir, tmp_path / "copy"))
    path = folder / model_files.CONFIG
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"num_labels": 10**12}))
    with pytest.raises(ClassifierError) as caught:
        load_classifier(folder).fetch_labels()
    assert str(caught.value) == (
        f"{str(folder)!r} is broken: its config.json says that num_labels is 1,000,000,000,000,"
        " at most 100,000 can be"
    )
