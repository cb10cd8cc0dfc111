"""The page shows of the controls of finding those that whoever finds looks at, and no others."""

import numpy as np
import pytest

from segui import Box
from segui.finders.base import Asked, Point
from segui.finders.finding import WAYS
from segui.finders.models.families import FACES, FAMILIES, family_of
from segui.finders.models.loaded import Loaded
from segui.finders.models.yunet import YuNet
from segui.models.finder_catalogue import FINDER_CATALOGUE
from segui.ui.view.finder_controls import CONTROLS, of_model, of_way
from tests.finders.tiny_families import TINY, processor_for, tiny
from tests.finders.tiny_sam import tiny_sam, tiny_sam2
from tests.finders.tiny_sam3 import tiny_sam3, tiny_sam3_lite_text
from tests.finders.tiny_words import tiny_clipseg, tiny_grounding_dino, tiny_owlv2
from tests.finders.tiny_yunet import seeing_red, yunet

OF_ASKED = CONTROLS & {*Asked.__dataclass_fields__}
LOADED = {
    **{kind: (lambda kind=kind: (tiny(kind), _processor(kind), None)) for kind in TINY},
    "sam": lambda: (tiny_sam(), None, None),
    "sam2": lambda: (tiny_sam2(), None, None),
    "clipseg": tiny_clipseg,
    "owlv2": tiny_owlv2,
    "grounding_dino": tiny_grounding_dino,
    "sam3": tiny_sam3,
    "sam3_lite_text": tiny_sam3_lite_text,
}


def _processor(kind):
    return None if kind.startswith("rf_detr") else processor_for(kind)


class Watched:
    """What is looked for, and which of it was looked at."""

    def __init__(self, **said):
        self.asked = Asked(**said)
        self.looked_at = set()

    def __getattr__(self, name):
        self.looked_at.add(name)
        return getattr(self.asked, name)

    def least(self, usual):
        self.looked_at.add("confidence")
        return self.asked.least(usual)


def marked():
    points = (Point(30, 30), Point(5, 5, is_wanted=False))
    return Watched(points=points, boxes=(Box(9, 9, 50, 50),), words=("red",))


def picture():
    return np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_has_the_controls_that_it_looks_at(way):
    asked = marked()
    WAYS[way].make(lambda: None).find(picture(), asked)
    if way == "faces":
        asked.looked_at.add("face_area")  # of a face that is found, and noise has none
    assert asked.looked_at & OF_ASKED == of_way(way) & OF_ASKED


@pytest.mark.long
@pytest.mark.parametrize("kind", LOADED)
def test_a_model_has_the_controls_that_it_looks_at(kind):
    asked, made = marked(), LOADED[kind]()
    family = family_of(made[0].config.model_type, (type(made[0]).__name__,))
    kept = None if family.look is None else family.look(Loaded(*made, "org/one"), picture())
    family.find(Loaded(*made, "org/one"), picture(), asked, kept)
    controls = of_model(family.needs, has_boxes=family.boxes is not None)
    assert asked.looked_at & OF_ASKED == controls & OF_ASKED
    assert ("outlined_by" in controls) is (family.boxes is not None)


def test_a_detector_of_faces_from_the_hub_has_the_controls_that_it_looks_at(tmp_path):
    (tmp_path / "yunet.onnx").write_bytes(yunet(seeing_red()).file())
    asked, net = marked(), YuNet(tmp_path / "yunet.onnx", "org/one")
    red = np.full((64, 64, 3), (220, 20, 20), np.uint8)
    red[32:] = 200
    assert FACES.find(Loaded(net, name="org/one"), red, asked, None)
    assert asked.looked_at & OF_ASKED == of_model("", has_boxes=False, has_faces=True) & OF_ASKED


@pytest.mark.long
def test_every_family_is_among_those_that_were_watched():
    kinds = {make()[0].config.model_type for make in LOADED.values()}
    untried = [family.kinds for family in FAMILIES if not family.kinds & kinds]
    assert untried == [frozenset({"mm-grounding-dino"})]  # as Grounding DINO


def test_what_the_catalogue_says_of_its_entries_decides_of_their_controls():
    for entry in FINDER_CATALOGUE:
        controls = of_model(entry.needs, has_boxes=entry.has_boxes, has_faces=entry.has_faces)
        assert ("face_area" in controls) is (entry.name == "YuNet"), entry.name
        assert ("confidence" in controls) is (entry.needs != "marks"), entry.name
        assert ("words" in controls) is (entry.needs == "words"), entry.name
