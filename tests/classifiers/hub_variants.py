"""The tiny face classifier as other repos have theirs: in shards, as pickles, with code of its own.

Each function takes the folder of the classifier and an empty one, and gives the latter.
"""

import json
import shutil
from pathlib import Path

PROCESSOR = "preprocessor_config.json"


def in_shards(source: Path, folder: Path) -> Path:
    """Its weights in several files, with their index."""
    from transformers import ViTForImageClassification

    ViTForImageClassification.from_pretrained(source).save_pretrained(
        folder, max_shard_size="200KB"
    )
    shutil.copy(source / PROCESSOR, folder)
    return folder


def as_pickle(source: Path, folder: Path) -> Path:
    """Its weights as torch saves them, and in no other file."""
    import torch
    from safetensors.torch import load_file

    folder.mkdir()
    torch.save(load_file(source / "model.safetensors"), folder / "pytorch_model.bin")
    for file in ("config.json", PROCESSOR):
        shutil.copy(source / file, folder)
    return folder


def with_remote_code(source: Path, folder: Path, trace: Path) -> Path:
    """Of a kind that only the repo's own code knows; the code writes a file when it runs."""
    shutil.copytree(source, folder)
    code = f"from pathlib import Path\nPath({str(trace)!r}).write_text('it ran')\n"
    (folder / "modeling_faces.py").write_text(code)
    change_config(
        folder,
        model_type="faces_of_its_own",
        auto_map={
            "AutoConfig": "modeling_faces.Config",
            "AutoModelForImageClassification": "modeling_faces.Model",
        },
    )
    return folder


def change_config(folder: Path, **changes: object) -> Path:
    """The folder, its config changed."""
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return folder


def with_old_names(source: Path, folder: Path, key: str) -> Path:
    """Its image processor called a feature extractor, as it once was, under one of two keys."""
    shutil.copytree(source, folder)
    path = folder / PROCESSOR
    content = json.loads(path.read_text())
    today = content.pop("image_processor_type")
    old = {key: today.replace("ImageProcessor", "FeatureExtractor")}
    path.write_text(json.dumps(content | old))
    return folder
