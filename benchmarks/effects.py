"""Effects against the plain OpenCV way to the same look, on a whole picture and on areas of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.report import Row
from benchmarks.scene import SIZE_HW, as_mask, ellipses, frame
from benchmarks.timing import medians
from segui import apply_effect, segments_from_mask
from segui.backend.effects import Effect
from segui.backend.sharpening import sigma_of
from segui.backend.tones import hue
from segui.geometry import Box

Bytes = NDArray[np.uint8]
Way = Callable[[Bytes], Bytes]

BOUND = 1.2
COLOUR, RGB = "#123456", (18, 52, 86)
# sixteen ellipses whose boxes have 5 % of the picture together
AREA_WH = (240, 108)
ROUNDS = 15


@dataclass(frozen=True)
class Case:
    """An effect, and how else one would make it.

    Args:
        effect: The effect.
        strength: How strong; None fits the picture.
        peers: Plain ways to the same look; the fastest one counts.
        bound: The largest ratio that is good enough; None where nothing was promised.
    """

    effect: str
    strength: float | None
    peers: Mapping[str, Way]
    bound: float | None = BOUND

    @property
    def name(self) -> str:
        """What is measured, in words."""
        return self.effect if self.strength is None else f"{self.effect} {self.strength:g}"


def cases(sigma_px: float, block_px: int) -> list[Case]:
    """What is measured.

    Args:
        sigma_px: The blur that fits the picture.
        block_px: The block that fits it.
    """
    return [
        *(Case("blur", sigma, _blurs(sigma)) for sigma in (2.0, 8.5)),
        Case("blur", None, _blurs(sigma_px)),
        Case("pixelate", None, {"INTER_AREA + NEAREST": lambda pixels: _blocks(pixels, block_px)}),
        Case("grey", None, {"cvtColor": _grey}),
        Case("invert", None, {"bitwise_not": lambda pixels: np.asarray(cv2.bitwise_not(pixels))}),
        Case("colour", None, {"rectangle": _fill}),
        Case("brightness", 130, {"convertScaleAbs": _brighter}, None),
        Case("hue", 90, {"transform": _turned}, None),
        Case("sharpen", 100, {"GaussianBlur + addWeighted": _sharpened}, None),
    ]


def rows() -> list[Row]:
    """The time of each effect on a 4K picture, and on sixteen areas of it."""
    image = frame(0, torch.uint8)
    pixels = image[0].numpy()
    segments = segments_from_mask(as_mask(ellipses(4, 4, *AREA_WH)))
    boxes = [item.content for item in segments.items]
    found = []
    for case in cases(*(fitting(name) for name in ("blur", "pixelate"))):
        how = {"strength": case.strength, "colour": COLOUR}
        found.append(
            _row(
                case,
                "a 4K picture",
                lambda h=how, c=case: apply_effect(image, c.effect, **h),
                {name: (lambda w=way: w(pixels)) for name, way in case.peers.items()},
            )
        )
        asked = Effect.on(image, case.effect, case.strength, COLOUR)
        found.append(
            _row(
                case,
                f"{len(boxes)} areas of it",
                lambda a=asked: ([a.colours(image, box) for box in boxes]),
                {
                    name: (
                        lambda w=way, a=asked: [on_box(w, pixels, box, a.reach_px) for box in boxes]
                    )
                    for name, way in case.peers.items()
                },
            )
        )
    return found


def fitting(effect: str) -> float:
    """What strength fits the measured picture."""
    return Effect.on(
        torch.empty(1, *SIZE_HW, 3, dtype=torch.uint8), effect, None, COLOUR
    ).asked.strength


def on_box(way: Way, pixels: Bytes, box: Box, reach_px: int) -> Bytes:
    """A plain way on a box: on as much around it as it looks at, cut to it."""
    seen = box.widen(reach_px).clip((pixels.shape[0], pixels.shape[1]))
    made = way(np.ascontiguousarray(pixels[seen.slices]))
    return np.asarray(made[box.relative_to(seen).slices], np.uint8)


def _row(
    case: Case, where: str, own: Callable[[], object], peers: Mapping[str, Callable[[], object]]
) -> Row:
    times = medians({"own": own, **peers}, ROUNDS)
    best = min(peers, key=lambda name: times[name])
    return Row(f"{case.name} of {where} / {best}", times["own"], times[best], "ms", case.bound)


def _blurs(sigma_px: float) -> dict[str, Way]:
    # of this many pixels the stack's triangle has the Gaussian's variance
    side = 2 * round((6 * sigma_px**2 + 1) ** 0.5 - 1) + 1
    return {
        "GaussianBlur": lambda pixels: np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma_px)),
        "stackBlur": lambda pixels: np.asarray(cv2.stackBlur(pixels, (side, side))),
    }


def _blocks(pixels: Bytes, block_px: int) -> Bytes:
    height, width = pixels.shape[:2]
    size_wh = (max(1, round(width / block_px)), max(1, round(height / block_px)))
    small = cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8)


def _grey(pixels: Bytes) -> Bytes:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)


def _fill(pixels: Bytes) -> Bytes:
    filled = np.empty_like(pixels)
    return np.asarray(cv2.rectangle(filled, (0, 0), pixels.shape[1::-1], RGB, -1), np.uint8)


def _brighter(pixels: Bytes) -> Bytes:
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=1.3), np.uint8)


def _turned(pixels: Bytes) -> Bytes:
    return np.asarray(cv2.transform(pixels, hue(90).astype(np.float32)), np.uint8)


def _sharpened(pixels: Bytes) -> Bytes:
    blurred = cv2.GaussianBlur(pixels, (0, 0), sigma_of(SIZE_HW))
    return np.asarray(cv2.addWeighted(pixels, 2, blurred, -1, 0), np.uint8)
