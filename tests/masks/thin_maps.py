"""Colour maps of thin lines, rings and corners, drawn large, and the boxes of what is in a map."""

from itertools import product

import cv2
import numpy as np

from segui.masks.files import MaskFile

SIZE_WH = (300, 220)
Colour = tuple[int, int, int]


def colours_apart(random: np.random.Generator, count: int, levels: int) -> list[Colour]:
    """The ground's colour and others, all apart by so many levels in a channel; not grey."""
    first: Colour = (0, 0, 0) if random.integers(2) else (60, 140, 220)
    found = [first]
    while len(found) <= count:
        red, green, blue = (int(level) for level in random.integers(0, 256, 3))
        apart = np.abs(np.subtract(found, (red, green, blue))).max(axis=1)
        if apart.min() >= levels and max(red, green, blue) - min(red, green, blue) > 40:
            found.append((red, green, blue))
    return found


def drawn_large(seed: int, factor: int, levels: int = 60) -> np.ndarray:
    """Lines and rings of 3 to 6 px, a disc and a triangle, each in a field of its own."""
    random = np.random.default_rng(seed)
    fields = list(product(range(4), range(3)))
    random.shuffle(fields)
    ground, *colours = colours_apart(random, 5 + seed % 6, levels)
    width, height = SIZE_WH
    large = np.full((height * factor, width * factor, 3), ground, np.uint8)
    for number, (colour, (column, row)) in enumerate(zip(colours, fields, strict=False)):
        x, y = (38 + 74 * column) * factor, (38 + 72 * row) * factor
        reach = int(random.integers(18, 28)) * factor
        thick = round(float(random.uniform(3, 6)) * factor)
        angle = random.uniform(0, np.pi)
        if number == 0:
            cv2.circle(large, (x, y), reach, colour, -1)
        elif number == 1:
            turns = angle + np.array([0, 2.0, 4.2])
            corners = np.stack([x + reach * np.cos(turns), y + reach * np.sin(turns)], axis=1)
            cv2.fillPoly(large, [np.rint(corners).astype(np.int32)], colour)
        elif number % 2:
            right, down = round(reach * np.cos(angle)), round(reach * np.sin(angle))
            cv2.line(large, (x - right, y - down), (x + right, y + down), colour, thick)
        else:
            cv2.ellipse(large, (x, y), (reach, reach * 3 // 4), 40 * seed, 0, 360, colour, thick)
    return large


def boxes_of(pixels: np.ndarray) -> dict[Colour, tuple[int, int, int, int]]:
    """The box of each colour that is not black."""
    boxes = {}
    for colour in np.unique(pixels.reshape(-1, 3), axis=0):
        if colour.any():
            is_its = (pixels == colour).all(axis=2).astype(np.uint8)
            x, y, width, height = cv2.boundingRect(is_its)
            boxes[tuple(int(level) for level in colour)] = (x, y, x + width, y + height)
    return boxes


def boxes_in(mask: MaskFile) -> dict[Colour, tuple[int, int, int, int]]:
    assert mask.labels is not None, mask.notes
    boxes = {}
    for value, name in mask.names.items():
        x, y, width, height = cv2.boundingRect((mask.labels == value).astype(np.uint8))
        boxes[tuple(bytes.fromhex(name))] = (x, y, x + width, y + height)
    return boxes
