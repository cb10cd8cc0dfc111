"""Tones against their formulas in float64; the torch way gives the same."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from segui.backend import effects
from segui.backend.effects import Effect, apply_effect
from segui.geometry import Box

DTYPES = [torch.uint8, torch.float32]


def noise(*shape: int, dtype: torch.dtype) -> Tensor:
    values = torch.rand(shape, generator=torch.Generator().manual_seed(1))
    return (values * 255).round().to(dtype) if dtype == torch.uint8 else values


def light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def shown(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def plain(name: str, rgb: list[float], s: float) -> list[float]:
    """One pixel, by the formulas as CSS Filter Effects Module Level 1 writes them."""
    r, g, b = rgb
    if name == "brightness":
        return [s / 100 * value for value in rgb]
    if name == "contrast":
        return [s / 100 * value + 0.5 - 0.5 * s / 100 for value in rgb]
    if name == "temperature":
        gains = [2 ** (s / 200), 1, 2 ** (-s / 200)]
        white = 0.2126 * gains[0] + 0.7152 * gains[1] + 0.0722 * gains[2]
        return [shown(light(v) * gain / white) for v, gain in zip(rgb, gains, strict=True)]
    if name == "sepia":
        t = 1 - s / 100
        return [
            (0.393 + 0.607 * t) * r + (0.769 - 0.769 * t) * g + (0.189 - 0.189 * t) * b,
            (0.349 - 0.349 * t) * r + (0.686 + 0.314 * t) * g + (0.168 - 0.168 * t) * b,
            (0.272 - 0.272 * t) * r + (0.534 - 0.534 * t) * g + (0.131 + 0.869 * t) * b,
        ]
    if name == "saturation":
        t = s / 100
        return [
            (0.213 + 0.787 * t) * r + (0.715 - 0.715 * t) * g + (0.072 - 0.072 * t) * b,
            (0.213 - 0.213 * t) * r + (0.715 + 0.285 * t) * g + (0.072 - 0.072 * t) * b,
            (0.213 - 0.213 * t) * r + (0.715 - 0.715 * t) * g + (0.072 + 0.928 * t) * b,
        ]
    c, n = math.cos(math.radians(s)), math.sin(math.radians(s))
    return [
        (0.213 + c * 0.787 - n * 0.213) * r
        + (0.715 - c * 0.715 - n * 0.715) * g
        + (0.072 - c * 0.072 + n * 0.928) * b,
        (0.213 - c * 0.213 + n * 0.143) * r
        + (0.715 + c * 0.285 + n * 0.140) * g
        + (0.072 - c * 0.072 - n * 0.283) * b,
        (0.213 - c * 0.213 - n * 0.787) * r
        + (0.715 - c * 0.715 + n * 0.715) * g
        + (0.072 + c * 0.928 + n * 0.072) * b,
    ]


CASES = [
    *(("brightness", s) for s in (1, 60, 130, 1000)),
    *(("contrast", s) for s in (1, 60, 130, 1000)),
    *(("saturation", s) for s in (1, 60, 150, 1000)),
    *(("hue", s) for s in (-360, -90, 0.5, 180, 275)),
    *(("temperature", s) for s in (-100, -20, 40, 100)),
    *(("sepia", s) for s in (1, 50, 100)),
]


@pytest.mark.parametrize(("name", "strength"), CASES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [3, 4])
def test_a_tone_is_its_formula(
    name: str, strength: float, dtype: torch.dtype, channels: int
) -> None:
    image = noise(2, 9, 11, channels, dtype=dtype)
    full = 255 if dtype == torch.uint8 else 1
    flat = (image[..., :3].double() / full).reshape(-1, 3).tolist()
    expected = np.array([plain(name, rgb, strength) for rgb in flat]) * full
    if dtype == torch.uint8:
        expected = expected.clip(0, 255)
    result = apply_effect(image, name, strength=strength)
    apart = np.abs(result[..., :3].double().reshape(-1, 3).numpy() - expected).max()
    # OpenCV's matrices of bytes are of whole 1024ths
    assert apart <= (0.5 + 1e-3 * strength / 10 + 0.6 if dtype == torch.uint8 else 1e-5 * full * 10)
    assert torch.equal(result[..., 3:], image[..., 3:])


@pytest.mark.parametrize(("name", "strength"), [*CASES, ("sharpen", 100), ("sharpen", 700)])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [3, 4])
def test_torch_gives_the_same_tones(
    name: str, strength: float, dtype: torch.dtype, channels: int
) -> None:
    image = noise(2, 40, 50, channels, dtype=dtype)
    asked = Effect.on(image, name, strength, "#000000")
    for box in (Box(0, 0, 50, 40), Box(9, 3, 30, 31)):
        by_torch = effects._MAKERS[name].by_torch(image, box, asked.asked).float()
        apart = (by_torch - asked.colours(image, box).float()).abs().max()
        assert apart <= (1 if dtype == torch.uint8 else 1e-4)


@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation"])
def test_100_percent_change_nothing(name: str) -> None:
    image = noise(1, 20, 20, 3, dtype=torch.uint8)
    assert torch.equal(apply_effect(image, name, strength=100), image)


def test_a_full_turn_of_the_hues_changes_nothing_and_greys_stay_by_any() -> None:
    image = noise(1, 20, 20, 3, dtype=torch.uint8)
    turned = apply_effect(image, "hue", strength=360)
    assert (turned.int() - image.int()).abs().max() <= 1
    greys = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16, 1).repeat(1, 1, 1, 3)
    assert (apply_effect(greys, "hue", strength=77).int() - greys.int()).abs().max() <= 1


def test_warmer_is_redder_and_colder_is_bluer_and_neither_is_brighter() -> None:
    grey = torch.full((1, 2, 2, 3), 128, dtype=torch.uint8)
    warm, cold = (apply_effect(grey, "temperature", strength=s)[0, 0, 0] for s in (60, -60))
    assert warm[0] > 128 > warm[2]
    assert cold[0] < 128 < cold[2]
    luma = torch.tensor([0.2126, 0.7152, 0.0722])
    for made in (warm, cold):
        lit = torch.tensor([light(v / 255) for v in made.tolist()]) @ luma
        assert float(lit) == pytest.approx(light(128 / 255), rel=0.01)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("percent", [1, 100, 400])
def test_sharpen_is_an_unsharp_mask_of_sigma_1(dtype: torch.dtype, percent: int) -> None:
    image = noise(1, 30, 40, 3, dtype=dtype)
    full = 255 if dtype == torch.uint8 else 1
    values = image[0].double().numpy() / full
    x = np.arange(-3, 4)
    taps = np.exp(-(x**2) / 2) / np.exp(-(x**2) / 2).sum()
    blurred = values
    for axis in (0, 1):
        width = [(3, 3) if each == axis else (0, 0) for each in range(3)]
        padded = np.pad(blurred, width, mode="symmetric")
        blurred = np.apply_along_axis(np.convolve, axis, padded, taps, mode="valid")
    expected = values + percent / 100 * (values - blurred)
    if dtype == torch.uint8:
        expected = expected.clip(0, 1)
    result = apply_effect(image, "sharpen", strength=percent)[0].double().numpy() / full
    allowed = 0.51 / 255 if dtype == torch.uint8 else 1e-5
    assert np.abs(result - expected).max() <= allowed


def test_sharpen_keeps_a_flat_colour_and_what_is_hidden_does_not_count() -> None:
    flat = torch.full((1, 20, 20, 4), 77, dtype=torch.uint8)
    flat[..., 10:, :3], flat[..., 10:, 3] = 255, 0
    assert torch.equal(apply_effect(flat, "sharpen", strength=900)[:, :, :10], flat[:, :, :10])
