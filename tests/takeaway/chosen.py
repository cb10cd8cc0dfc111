"""A small scene of a few areas, and a choice among them."""

from segui.images.pictures import Picture
from segui.pipeline import Scene
from segui.segments.segment import Segments
from segui.selection import select
from tests.drawn import levels, picture, segment

SIZE_HW = (40, 60)
BOXES = ((0, 0, 12, 10), (20, 5, 50, 30), (30, 20, 60, 40))


def scene_of(*labels, channels=3, icc_profile=None):
    pixels = levels(picture(*SIZE_HW, channels=channels))[0].numpy()
    items = tuple(segment(box, label=label) for box, label in zip(BOXES, labels, strict=False))
    return Scene(Picture(pixels, icc_profile), None, Segments(SIZE_HW, items))


def selection_of(scene, *scores, expression="*", on_unknown="remain"):
    given = scores or ({},) * len(scene.segments.items)
    return select(scene.segments, given, expression, on_unknown)
