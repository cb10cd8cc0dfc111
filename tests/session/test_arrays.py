from dataclasses import replace

import numpy as np
import torch

from segui.backend.effects import Effect
from segui.backend.in_parts import EffectInParts, ReadyParts
from segui.geometry import Box
from segui.images.pictures import Picture
from segui.pipeline import Scene
from segui.segments.segment import Segment, Segments
from segui.session.arrays import arrays_of
from segui.session.results import Painted, Scored


def size(*values: object) -> int:
    return sum(arrays_of(values).values())


def test_an_array_counts_once_whatever_views_and_tensors_it_has():
    pixels = np.zeros((10, 20, 3), np.uint8)
    assert size(Painted(pixels), Painted(pixels)) == 600
    assert size(pixels[2:4], pixels[..., 0], pixels.reshape(-1)) == 600
    assert size(pixels, torch.from_numpy(pixels), torch.from_numpy(pixels)[1:]) == 600


def test_a_part_holds_all_of_its_array():
    assert size(np.zeros(1000, np.uint8)[:1]) == 1000
    assert size(torch.zeros(1000, dtype=torch.uint8)[:1]) == 1000


def test_two_arrays_count_twice():
    assert size(np.zeros(10, np.uint8), np.zeros(10, np.uint8), (np.zeros(5, np.uint8),)) == 25


def test_all_of_a_scene_counts_masks_and_what_an_effect_made_included():
    mask = torch.rand(64, 64)
    segment = Segment(mask, (0, 0, 64, 64), (0, 0, 64, 64), image=torch.zeros(1, 64, 64, 3))
    scene = Scene(
        Picture(np.zeros((64, 64, 3), np.uint8)),
        Picture(np.zeros((64, 64, 4), np.uint8)),
        Segments((64, 64), (segment,)),
    )
    photo, edited, own, stored = 64 * 64 * 3, 64 * 64 * 4, 64 * 64 * 3 * 4, 64 * 64 * 4
    assert photo + edited + own + stored <= size(scene) < photo + edited + own + stored + 100
    before = size(scene)
    scene.last_effect["grey",] = ReadyParts(torch.zeros(1000))
    assert size(scene) == before + 4000
    below = replace(scene, photo=Picture(np.zeros((64, 64, 3), np.uint8)), last_effect={})
    scene.last_before["cpu",] = replace(below, last_before={})
    assert size(scene) == before + 4000 + photo


def test_the_parts_of_an_effect_count_each():
    image = torch.zeros(1, 64, 64, 3, dtype=torch.uint8)
    made = EffectInParts(image, Effect.on(image, "grey", None, "#000000"))
    assert size(made) == 64 * 64 * 3
    made.at(Box(0, 0, 10, 10))
    made.at(Box(20, 20, 30, 40))
    made.at(Box(22, 22, 30, 40))  # is there
    assert size(made) == 64 * 64 * 3 + (10 * 10 + 10 * 20) * 3
    made.at(Box(0, 0, 20, 20))  # in place of what lies in it
    assert size(made) == 64 * 64 * 3 + (20 * 20 + 10 * 20) * 3


def test_parts_of_more_than_there_is_are_one_whole():
    image = torch.zeros(1, 64, 64, 3, dtype=torch.uint8)
    made = EffectInParts(image, Effect.on(image, "grey", None, "#000000"))
    for x in range(20):
        made.at(Box(x, 0, x + 32, 64))
    assert size(made) == 2 * 64 * 64 * 3


def test_what_a_model_said_counts_nothing_and_is_not_looked_through():
    assert size(Scored(({"red": 0.5},) * 5000, None)) == 0  # type: ignore[arg-type]
    assert size("text", None, 3, object()) == 0
