import math
from typing import Any

import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

from segui.classifiers.zero_shot import ZeroShotModel
from segui.errors import ClassifierError
from tests.classifiers.tiny_clip import SIDE, make_tokenizer, seeded, sizes

TEXTS = ["a photo of red", "blue", "this is a photo of something"]


def clip() -> tuple[str, Any, Any]:
    from transformers import CLIPConfig, CLIPModel
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    processor = CLIPImageProcessorPil(
        size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}
    )
    return "softmax", CLIPModel(CLIPConfig(**sizes(16), projection_dim=16)), processor


def metaclip_2() -> tuple[str, Any, Any]:
    from transformers import MetaClip2Config, MetaClip2Model

    return "softmax", MetaClip2Model(MetaClip2Config(**sizes(16), projection_dim=16)), clip()[2]


def siglip() -> tuple[str, Any, Any]:
    from transformers import SiglipConfig, SiglipModel
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    processor = SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE})
    return "sigmoid", SiglipModel(SiglipConfig(**sizes(12))), processor


def siglip2() -> tuple[str, Any, Any]:
    """The kind that keeps a picture's proportions; the others call themselves siglip."""
    from transformers import Siglip2Config, Siglip2Model
    from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

    config = sizes(12)
    config["vision_config"] = {**config["vision_config"], "num_patches": 16}
    processor = Siglip2ImageProcessorPil(patch_size=8, max_num_patches=16)
    return "sigmoid", Siglip2Model(Siglip2Config(**config)), processor


def made(make: Any, **options: Any) -> ZeroShotModel:
    with seeded(1):
        kind, model, processor = make()
        with torch.no_grad():
            model.logit_scale.fill_(2)
            if kind == "sigmoid":
                model.logit_bias.fill_(-1)
    tokenizer = make_tokenizer(16, ends=kind == "softmax")
    return ZeroShotModel("m", kind, model, processor, tokenizer, **options)


def pictures() -> list[Image.Image]:
    photo = Image.fromarray(skimage.data.astronaut())
    boxes = [(176, 68, 266, 160), (60, 280, 200, 430), (0, 0, 100, 250), (350, 0, 460, 280)]
    return [photo.crop(box) for box in boxes]


@pytest.mark.parametrize("make", [clip, metaclip_2, siglip, siglip2])
def test_scores_are_those_of_the_model_itself(make: Any) -> None:
    found = made(make)
    kind, model, processor = found.kind, found._model, make()[2]
    length = model.config.text_config.max_position_embeddings
    fixed = {"padding": "max_length", "max_length": length, "truncation": True}
    padding = {"padding": True} if kind == "softmax" else fixed
    texts = found._tokenizer(TEXTS, return_tensors="pt", **padding)
    with torch.no_grad():
        logits = model(**texts, **processor(images=pictures(), return_tensors="pt"))
    per_image = logits.logits_per_image
    expected = per_image.softmax(dim=1) if kind == "softmax" else per_image.sigmoid()
    scores = found.scores(found.embed_images(pictures()), found.embed_texts(TEXTS))
    assert scores == pytest.approx(expected.numpy(), abs=1e-5)
    assert np.ptp(scores, axis=0).max() > 1e-4  # the pictures are told apart at all


@pytest.mark.parametrize("make", [clip, siglip, siglip2])
def test_features_have_length_one_and_do_not_depend_on_the_batch(make: Any) -> None:
    found = made(make, batch_size=3)
    together = found.embed_images(pictures())
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx([1] * 4, abs=1e-5)
    for picture, row in zip(pictures(), together, strict=True):
        assert found.embed_images([picture])[0] == pytest.approx(row, abs=1e-5)
    # 40 texts are more than one batch; a longer neighbour changes nothing.
    texts = found.embed_texts(["red", *(f"a photo of {n} blue thing" for n in range(39))])
    assert np.linalg.norm(texts, axis=1) == pytest.approx([1] * 40, abs=1e-5)
    assert found.embed_texts(["red"])[0] == pytest.approx(texts[0], abs=1e-5)


def test_softmax_and_sigmoid_are_the_formulas_even_for_large_logits() -> None:
    images = np.array([[1, 0], [0.6, 0.8]], np.float32)
    texts = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    for make, scale in ((clip, 3.0), (siglip, 3.0), (clip, 2000.0), (siglip, 2000.0)):
        found = made(make)
        found.scale = scale
        scores = found.scores(images, texts)
        for row, image in enumerate(images.tolist()):
            logits = [
                scale * sum(a * b for a, b in zip(image, text, strict=True)) + found.bias
                for text in texts.tolist()
            ]
            best = max(logits)
            total = sum(math.exp(logit - best) for logit in logits)
            expected = (
                [math.exp(logit - best) / total for logit in logits]
                if found.kind == "softmax"
                else [1 / (1 + math.exp(min(700, -logit))) for logit in logits]
            )
            assert scores[row] == pytest.approx(expected, abs=1e-9)


def test_siglip_reads_texts_in_small_letters_without_punctuation_at_full_length() -> None:
    found = made(siglip)
    (reading,) = found.read(["  A photo, of RED!  "])
    assert found.read(["a photo of red"]) == [reading]
    assert len(reading) == 12
    assert found.embed_texts(["A photo, of RED!"]) == pytest.approx(
        found.embed_texts(["a photo of red"])
    )


def test_clip_reads_texts_as_they_are() -> None:
    found = made(clip)
    first, second, third = found.read(["a photo of red", "a photo of Red", "a photo of red!"])
    assert first == second  # its tokenizer makes small letters
    assert first != third


@pytest.mark.parametrize("make", [clip, siglip])
def test_a_text_that_is_too_long_is_cut(make: Any) -> None:
    found = made(make)
    assert found.embed_texts(["red " * 100]).shape == (1, found.embed_texts(["red"]).shape[1])


@pytest.mark.long
@pytest.mark.parametrize("make", [clip, siglip, siglip2])
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 3), (3, 3), (2, 500), (900, 7)])
def test_crops_of_any_shape_are_seen_in_their_colours(make: Any, size: tuple[int, int]) -> None:
    found = made(make)
    red, blue = (Image.new("RGB", size, colour) for colour in ("red", "blue"))
    square = Image.new("RGB", (16, 16), "red")
    one, other, whole = found.embed_images([red, blue, square])
    assert np.abs(one - other).max() > 1e-3
    if make is not siglip2:  # which sees the shape as well
        assert one == pytest.approx(whole, abs=1e-5)


def blue_in_the_middle() -> Image.Image:
    stripes = Image.new("RGB", (4000, 2), "red")
    stripes.paste("blue", (1980, 0, 2020, 2))
    return stripes


def test_of_a_crop_that_is_very_long_the_middle_is_seen() -> None:
    found = made(clip)
    middle = found.embed_images([blue_in_the_middle()])
    assert middle == pytest.approx(found.embed_images([Image.new("RGB", (9, 9), "blue")]), abs=1e-5)


def test_of_a_crop_that_is_very_long_one_that_squeezes_sees_the_whole() -> None:
    found = made(siglip)
    image = blue_in_the_middle()
    whole = found.embed_images([image])
    with torch.no_grad():
        inputs = siglip()[2](images=image, return_tensors="pt")
        features = found._model.get_image_features(**inputs).pooler_output[0].numpy()
    assert whole[0] == pytest.approx(features / np.linalg.norm(features), abs=1e-5)
    all_blue = found.embed_images([Image.new("RGB", (9, 9), "blue")])
    assert np.abs(whole - all_blue).max() > 1e-2


def test_features_that_are_no_numbers_are_refused() -> None:
    found = made(clip)
    with torch.no_grad():
        found._model.text_projection.weight.fill_(math.nan)
        found._model.visual_projection.weight.fill_(math.nan)
    for embed, what in ((found.embed_texts, ["red"]), (found.embed_images, pictures())):
        with pytest.raises(ClassifierError) as caught:
            embed(what)
        assert str(caught.value) == "'m' gave features that are no numbers: its weights are bad"


@pytest.mark.parametrize(
    ("error", "on_images", "on_texts"),
    [
        (
            torch.OutOfMemoryError("CUDA out of memory"),
            "'m' ran out of memory: take smaller or fewer segments, or a smaller model",
            "'m' ran out of memory: take fewer or shorter names, or a smaller model",
        ),
        (KeyError("x"), *["'m' failed while it ran: it may not fit this kind of input"] * 2),
    ],
)
def test_a_run_that_fails_is_a_sentence_and_keeps_its_cause(
    error: Exception, on_images: str, on_texts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> Any:
        raise error

    found = made(clip)
    monkeypatch.setattr(found._model, "get_text_features", fail)
    monkeypatch.setattr(found._model, "get_image_features", fail)
    for embed, what, sentence in (
        (found.embed_texts, ["red"], on_texts),
        (found.embed_images, pictures()[:1], on_images),
    ):
        with pytest.raises(ClassifierError) as caught:
            embed(what)
        assert str(caught.value) == sentence
        assert caught.value.__cause__ is error


def test_an_image_without_numbers_is_unknown_and_leaves_the_others_theirs() -> None:
    found = made(clip)
    images = found.embed_images(pictures())
    texts = found.embed_texts(["red", "blue"])
    odd = images.copy()
    odd[0] = math.nan
    scores = found.scores(odd, texts)
    assert np.isnan(scores[0]).all()
    assert scores[1:] == pytest.approx(found.scores(images, texts)[1:])
