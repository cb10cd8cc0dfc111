"""Trains a tiny face classifier on real patches, in seconds: a model to test the real chain with.

The patches are scikit-image's ``lfw_subset``: 200 grey ones of 25 x 25 px, half of them faces,
cropped tightly. More of what is no face comes from scikit-image's other photos. The astronaut, on
which the tests look for the face, is never trained on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import skimage.color
import skimage.data
import torch
from torch.nn import functional

LABELS = ("face", "other")
SIDE = 32

_BACKGROUNDS = (
    "brick",
    "cat",
    "cell",
    "clock",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "horse",
    "hubble_deep_field",
    "immunohistochemistry",
    "microaneurysms",
    "moon",
    "page",
    "retina",
    "rocket",
    "text",
)

Image = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How the model is trained; the defaults are what the tests rely on."""

    seed: int = 3
    pictures: int = 9000
    epochs: int = 6
    batch: int = 100
    rate: float = 3e-3


def train_face_model(folder: Path, recipe: Recipe = Recipe()) -> Path:
    """Train the model and save it, with its image processor, as transformers would.

    It is the same model each time on one machine: the seed is the recipe's, and torch's own random
    numbers are left as they were.

    Args:
        folder: Where to save it; made if it is not there.
        recipe: How to train.

    Returns:
        The folder.
    """
    from transformers import ViTConfig, ViTForImageClassification
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    with torch.random.fork_rng(devices=[]), _one_thread():
        torch.manual_seed(recipe.seed)
        config = ViTConfig(
            image_size=SIDE,
            patch_size=8,
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=128,
            initializer_range=0.1,  # the usual 0.02 is for wide models: this one would learn slowly
            id2label=dict(enumerate(LABELS)),
            label2id={label: place for place, label in enumerate(LABELS)},
        )
        model = ViTForImageClassification(config)
        _train(model, recipe)
    _see_luminance(model)
    model.save_pretrained(folder)
    ViTImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
    return folder


@contextmanager
def _one_thread() -> Iterator[None]:
    # Steps this small lose more to a second thread than it does for them, and the sums come out
    # in the same order everywhere.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _train(model: torch.nn.Module, recipe: Recipe) -> None:
    draw = np.random.default_rng(recipe.seed)
    images, labels = _pictures(recipe.pictures, draw)
    steps = recipe.epochs * (len(images) // recipe.batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, steps)
    weights = torch.tensor([1.8, 1.0])  # a third of the pictures are faces
    model.train()
    for _ in range(recipe.epochs):
        for places in torch.randperm(len(images)).split(recipe.batch):
            logits = model(pixel_values=images[places].expand(-1, 3, -1, -1)).logits
            loss = functional.cross_entropy(
                logits, labels[places], weight=weights, label_smoothing=0.02
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    model.eval()


def _pictures(count: int, draw: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """So many pictures, (B, 1, H, W) in [-1, 1], the first third faces, and their labels."""
    patches = skimage.data.lfw_subset().astype(np.float32)
    faces, others = patches[:100], patches[100:]
    photos = [_grey(name) for name in _BACKGROUNDS]
    pictures = [
        _relight(_before(_one_of(faces, draw), photos, draw), draw) for _ in range(count // 3)
    ]
    for _ in range(count - count // 3):
        what = draw.random()
        if what < 0.3:
            picture = _background(photos, draw)
        elif what < 0.5:
            picture = _before(_background(photos, draw), photos, draw)
        elif what < 0.75:
            picture = _before(_one_of(others, draw), photos, draw)
        elif what < 0.95:
            picture = _shapes(draw)
        else:
            picture = _before(_scrambled(_one_of(faces, draw), draw), photos, draw)
        pictures.append(_relight(picture, draw))
    labels = (torch.arange(count) >= count // 3).long()
    return torch.from_numpy(np.stack(pictures))[:, None] * 2 - 1, labels


def _one_of(patches: Image, draw: np.random.Generator) -> Image:
    """One, or two blended: the faces are aligned, so that a blend of two is a face as well."""
    first, second = patches[draw.integers(len(patches), size=2)]
    share = np.float32(draw.uniform(0, 0.5)) if draw.random() < 0.7 else np.float32(0)
    return first * (1 - share) + (second[:, ::-1] if draw.random() < 0.5 else second) * share


def _grey(name: str) -> Image:
    photo = getattr(skimage.data, name)()
    grey = skimage.color.rgb2gray(photo) if photo.ndim == 3 else photo / photo.max()
    scale = 256 / min(grey.shape)
    return cv2.resize(
        grey.astype(np.float32), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
    )


def _before(patch: Image, photos: list[Image], draw: np.random.Generator) -> Image:
    """The patch at half to all of the picture's size, before something else, its edge soft."""
    image = _background(photos, draw) if draw.random() < 0.6 else _shapes(draw)
    turn = cv2.getRotationMatrix2D((12, 12), draw.uniform(-8, 8), draw.uniform(0.95, 1.1))
    patch = cv2.warpAffine(patch, turn, patch.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    side = draw.uniform(0.72, 1) * SIDE
    height, width = (round(min(SIDE, side * draw.uniform(0.88, 1.12))) for _ in range(2))
    y, x = draw.integers(0, SIDE - height + 1), draw.integers(0, SIDE - width + 1)
    rows, columns = (np.linspace(-1, 1, side)[:, None] for side in (height, width))
    roundness = draw.uniform(2, 8)
    distance = np.abs(rows) ** roundness + np.abs(columns.T) ** roundness
    opacity = np.clip((1.2 - distance) * 3, 0, 1).astype(np.float32)
    part = image[y : y + height, x : x + width]
    part += opacity * (cv2.resize(patch, (width, height)) - part)
    return image


def _shapes(draw: np.random.Generator) -> Image:
    """Smooth blobs and bars on a ramp of grey, such as clothes and walls make."""
    ramp = np.linspace(draw.random(), draw.random(), SIDE, dtype=np.float32)
    image = np.tile(ramp, (SIDE, 1))
    image = np.ascontiguousarray(image.T if draw.random() < 0.5 else image)
    for _ in range(draw.integers(0, 12)):
        centre, axes = draw.integers(0, SIDE, 2).tolist(), draw.integers(1, SIDE // 2, 2).tolist()
        grey = draw.random()
        if draw.random() < 0.6:
            cv2.ellipse(image, centre, axes, draw.uniform(0, 180), 0, 360, grey, -1)
        else:
            end = draw.integers(0, SIDE, 2).tolist()
            cv2.line(image, centre, end, grey, int(draw.integers(1, 8)))
    return cv2.GaussianBlur(image, (0, 0), draw.uniform(0.3, 2))


def _scrambled(face: Image, draw: np.random.Generator) -> Image:
    """What has a face's parts without being one: upside down, or its quarters exchanged."""
    if draw.random() < 0.5:
        return np.ascontiguousarray(face[::-1])
    return np.roll(face, draw.integers(8, 17, 2), (0, 1))


def _background(photos: list[Image], draw: np.random.Generator) -> Image:
    """A piece of a photo, of any size."""
    photo = photos[draw.integers(len(photos))]
    side = int(np.exp(draw.uniform(np.log(12), np.log(min(photo.shape)))))
    y, x = (draw.integers(0, length - side + 1) for length in photo.shape)
    piece = np.rot90(photo[y : y + side, x : x + side], draw.integers(4))
    return cv2.resize(np.ascontiguousarray(piece), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _relight(image: Image, draw: np.random.Generator) -> Image:
    """Mirrored or not, with other brightness, contrast and a little noise."""
    if draw.random() < 0.5:
        image = image[:, ::-1]
    image = np.clip(image, 0, 1) ** draw.uniform(0.6, 1.6)
    mean = image.mean()
    image = (image - mean) * draw.uniform(0.6, 1.4) + mean + draw.uniform(-0.2, 0.2)
    noisy = image + draw.normal(0, draw.uniform(0, 0.03), image.shape)
    return np.clip(noisy, 0, 1).astype(np.float32)


def _see_luminance(model: torch.nn.Module) -> None:
    """Let the first layer weigh red, green and blue as the eye does: it was trained on grey."""
    kernel = model.vit.embeddings.patch_embeddings.projection.weight
    shares = torch.tensor([0.299, 0.587, 0.114])[None, :, None, None]
    with torch.no_grad():
        kernel.copy_(kernel.sum(1, keepdim=True) * shares)
