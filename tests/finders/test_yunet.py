"""YuNet from a hub: its boxes by its formulas, its tiles, and all that can be wrong with a file."""

import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.classifiers.model_cache import ModelCache
from segui.errors import ClassifierError, InputError, SumError
from segui.finders.base import Asked
from segui.finders.models import yunet as family
from segui.finders.models.effort import Effort
from segui.finders.models.shelf import FinderShelf
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.models.fetch import is_here
from segui.models.lone_files import yunet_file
from segui.pipeline import open_scene
from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.classifiers.hub_server import Repo
from tests.finders.tiny_yunet import (
    FACE_SIDE,
    SIDE,
    STRIDES,
    node,
    part,
    random_weights,
    said,
    seeing_red,
    value_info,
    whole,
    yunet,
)

SETTINGS = Settings(device="cpu")
ID = "org/yunet"
FILE = "face_detection_yunet_2023mar.onnx"
LEAST = 0.8
RED, GREY = (220, 20, 20), (200, 200, 200)


def served(hub: Any, folder: Path, content: bytes, name: str = ID, **behaviour: Any) -> Repo:
    """A repo of the hub as YuNet's is: a file beside texts and other files, and no config."""
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    (folder / FILE.replace(".onnx", "_int8.onnx")).write_bytes(b"other numbers")
    (folder / "README.md").write_text("# YuNet")
    (folder / "demo.py").write_text("raise SystemExit")
    hub.repos[name] = Repo(folder, **behaviour)
    return hub.repos[name]


@pytest.fixture
def faces(hub, tmp_path):
    """The hub with a detector that takes what is red for a face."""
    served(hub, tmp_path / "repo", yunet(seeing_red()).file())
    return hub


def dotted(*middles: tuple[int, int], size_hw: tuple[int, int] = (480, 640), side: int = 16) -> Any:
    """A grey picture with red dots."""
    picture = np.full((*size_hw, 3), GREY, np.uint8)
    for x, y in middles:
        picture[y - side // 2 : y + side // 2, x - side // 2 : x + side // 2] = RED
    return picture


def by_formulas(weights: Any, square: np.ndarray, least: float) -> list[tuple[float, ...]]:
    """Score and box of each cell that counts, as YuNet's own reading has them."""
    out, seen = said(weights, square), []
    for stride in STRIDES:
        columns = square.shape[1] // stride
        for cell in range(len(out[f"cls_{stride}"])):
            row, column = divmod(cell, columns)
            score = float(out[f"cls_{stride}"][cell, 0] * out[f"obj_{stride}"][cell, 0]) ** 0.5
            if score < least:
                continue
            right, down, wide, high = (float(one) for one in out[f"bbox_{stride}"][cell])
            x, y = (column + right) * stride, (row + down) * stride
            w, h = np.exp(wide) * stride, np.exp(high) * stride
            seen.append((score, x - w / 2, y - h / 2, x + w / 2, y + h / 2))
    return sorted(seen, reverse=True)


def overlap(one: Any, other: Any) -> float:
    both = np.prod(np.maximum(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0))
    areas = [np.prod(np.subtract(box[2:], box[:2])) for box in (one, other)]
    return float(both / (sum(areas) - both))


@pytest.mark.long
def test_boxes_are_those_of_the_formulas(tmp_path):
    weights = random_weights(3)
    (tmp_path / FILE).write_bytes(yunet(weights).file())
    net = family.YuNet(tmp_path / FILE, ID)
    square = np.random.default_rng(5).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    expected = by_formulas(weights, square, LEAST)
    kept: list[Any] = []
    for one in expected[:1000]:
        if all(overlap(one[1:], other[1:]) <= 0.3 for other in kept):
            kept.append(one)
    seen = net.look(square, LEAST)
    assert len(expected) > 100
    assert len(seen.scores) == len(kept) > 20
    np.testing.assert_allclose(seen.scores, [one[0] for one in kept], atol=1e-5)
    np.testing.assert_allclose(seen.boxes, [one[1:] for one in kept], atol=0.01)


def test_boxes_are_those_of_opencvs_own_detector(tmp_path, monkeypatch):
    monkeypatch.setattr(family, "_MOST_OVERLAP", 1.0)  # it tells faces apart by boxes in whole px
    content = yunet(random_weights(3)).file()
    (tmp_path / FILE).write_bytes(content)
    square = np.random.default_rng(5).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    file, empty = np.frombuffer(content, np.uint8), np.zeros(0, np.uint8)
    own = cv2.FaceDetectorYN.create("onnx", file, empty, (SIDE, SIDE), LEAST, 1.0, 1000)
    _, found = own.detect(np.ascontiguousarray(square[..., ::-1]))
    seen = family.YuNet(tmp_path / FILE, ID).look(square, LEAST)
    corners = np.hstack([found[:, :2], found[:, :2] + found[:, 2:4]])
    order = np.argsort(-found[:, 14], kind="stable")
    assert len(found) > 100
    np.testing.assert_allclose(seen.scores, found[order, 14], atol=1e-5)
    np.testing.assert_allclose(seen.boxes, corners[order], atol=0.01)


def test_of_several_files_the_one_is_taken_whose_numbers_are_as_they_were_trained():
    named = [
        f"face_detection_yunet_{which}.onnx" for which in ("2023mar", "2023mar_int8", "2026may")
    ]
    assert yunet_file(["demo.py", *named]) == named[0]
    assert yunet_file(named[1:]) == named[2]
    assert yunet_file([named[1], "face_detection_yunet_2023mar_int8bq.onnx", "other.onnx"]) is None


def test_faces_are_found_by_the_repo_s_one_file(faces, tmp_path):
    picture = dotted((208, 112), (112, 304))
    finder = FinderShelf(SETTINGS).get(ID)
    found = finder.find(picture, Asked(face_area="box")).items
    assert [(item.label, item.confidence > 0.99) for item in found] == [("face", True)] * 2
    middles = [((i.bbox.x1 + i.bbox.x2) / 2, (i.bbox.y1 + i.bbox.y2) / 2) for i in found]
    assert middles == [(208, 112), (112, 304)]
    assert {(item.bbox.width, item.bbox.height) for item in found} == {(FACE_SIDE, FACE_SIDE)}
    assert finder.revision == faces.repos[ID].commit
    assert finder.size_bytes == (tmp_path / "repo" / FILE).stat().st_size
    assert finder.gives_faces
    assert faces.sent(ID) == [FILE]  # and nothing else of the repo


@pytest.mark.parametrize("face_area", ["ellipse", "head"])
def test_what_of_a_face_is_the_area_is_as_with_the_packaged_detector(faces, face_area):
    (found,) = (
        FinderShelf(SETTINGS).get(ID).find(dotted((208, 240)), Asked(face_area=face_area)).items
    )
    assert found.found == (144, 176, 272, 304)
    wide, high = {"ellipse": (1.0, 1.3), "head": (1.5, 1.9)}[face_area]
    assert found.area == pytest.approx(np.pi / 4 * FACE_SIDE**2 * wide * high, rel=0.01)


@pytest.mark.long
def test_a_face_in_a_tile_of_a_large_photo_is_found_once_where_it_is(faces):
    at = [(300, 200), (2010, 1490), (2000, 2800), (3900, 1500)]
    picture = dotted(*at, size_hw=(3000, 4000), side=70)
    found = FinderShelf(SETTINGS).get(ID).find(picture, Asked(face_area="box")).items
    assert len(found) == len(at)
    for x, y in at:
        # the middle is a cell's of 32 px, of a tile in which 2.5 px of the photo are one
        assert any(
            abs((i.found.x1 + i.found.x2) / 2 - x) < 70
            and abs((i.found.y1 + i.found.y2) / 2 - y) < 70
            for i in found
        ), (x, y)


@pytest.mark.long
def test_a_face_that_fills_the_photo_is_looked_at_smaller(faces, monkeypatch):
    shown = []
    look = family.YuNet.look
    monkeypatch.setattr(
        family.YuNet, "look", lambda *given: shown.append(given[1].copy()) or look(*given)
    )
    FinderShelf(SETTINGS).get(ID).find(dotted((320, 320), size_hw=(640, 640), side=600), Asked())
    filled = [float((square.max(axis=2) > 0).any(axis=0).mean()) for square in shown]
    assert min(filled) == pytest.approx(300 / 640, abs=0.01)


def test_as_a_rule_it_has_to_be_as_sure_as_opencv_asks(faces):
    least = []
    finder = FinderShelf(SETTINGS).get(ID)
    finder.load()
    net = finder._once.get().loaded.model
    look = net.look
    net.look = lambda square, confidence: least.append(confidence) or look(square, confidence)
    finder.find(dotted((208, 112)), Asked())
    finder.find(dotted((208, 112)), Asked(confidence=0.3))
    assert least[0] == 0.9
    assert least[-1] == 0.3


@pytest.mark.long
def test_the_page_the_recipe_and_an_endpoint_know_who_found(faces, tmp_path):
    path = tmp_path / "dots.png"
    Image.fromarray(dotted((208, 112))).save(path)
    scene = open_scene(Inputs(path), SegmentOptions(finder=ID), SETTINGS)
    commit = faces.repos[ID].commit
    assert scene.notes[-1] == f"found by {ID}, commit {commit[:12]}"
    assert scene.found_by.pinned == f"{ID}@{commit}"
    assert scene.found_by.has_faces
    calls = Endpoints(SETTINGS, ModelCache(SETTINGS), tmp_path)
    report = calls.segments({"path": str(path)}, finder=ID, face_area="box", expression="red > 1%")
    assert [(row["label"], row["bbox"]) for row in report["segments"]] == [
        ("face", [144, 48, 272, 176])
    ]


def test_a_folder_may_hold_the_file(tmp_path):
    (tmp_path / "own" / "faces").mkdir(parents=True)
    (tmp_path / "own" / "faces" / FILE).write_bytes(yunet(seeing_red()).file())
    finder = FinderShelf(replace(SETTINGS, models_dir=tmp_path)).get("own/faces")
    assert len(finder.find(dotted((208, 112)), Asked()).items) == 1


# ---- the hub -------------------------------------------------------------------------------------


def refused(settings: Settings = SETTINGS, name: str = ID, **asked: Any) -> str:
    with pytest.raises((ClassifierError, InputError)) as raised:
        FinderShelf(settings).get(name).find(dotted((208, 112)), Asked(**asked))
    return str(raised.value)


def test_bytes_are_told_as_they_come_and_what_is_raised_ends_the_fetch(faces, tmp_path):
    told = []
    FinderShelf(SETTINGS).get(ID).load(lambda done, total: told.append((done, total)))
    size = (tmp_path / "repo" / FILE).stat().st_size
    assert told[-1] == (size, size)

    def enough(done, total):
        raise KeyError("enough")

    served(faces, tmp_path / "other", yunet(random_weights()).file(), "org/other")
    with pytest.raises(KeyError, match="enough"):
        FinderShelf(SETTINGS).get("org/other").load(enough)


def test_what_is_here_works_with_no_hub(faces):
    assert not is_here(ID, lone=yunet_file)
    FinderShelf(SETTINGS).get(ID).load()
    commit = faces.repos[ID].commit
    assert is_here(ID, lone=yunet_file)
    assert not is_here("org/another", lone=yunet_file)
    faces.down = True
    for name in (ID, f"{ID}@{commit}"):
        finder = FinderShelf(SETTINGS).get(name)
        finder.load()
        assert finder.revision == commit
    assert refused(name="org/another") == (
        "'org/another' is not on this machine and the hub cannot be reached"
    )


def test_a_commit_that_is_here_is_not_asked_for(faces):
    FinderShelf(SETTINGS).get(ID).load()
    asked = len(faces.asked)
    FinderShelf(SETTINGS).get(f"{ID}@{faces.repos[ID].commit}").load()
    assert len(faces.asked) == asked


def test_too_large_a_file_is_refused_with_nothing_fetched(hub, tmp_path):
    content = yunet(random_weights()).file()
    served(hub, tmp_path / "repo", content, stated={FILE: 50_000_000})
    assert refused() == (f"{ID!r} cannot be used: its {FILE} is 50 MB, at most 10 MB are read")
    assert refused(Settings(device="cpu", max_model_mb=20)) == (
        f"{ID!r} is 50 MB: at most 20 MB are allowed (SEGUI_MAX_MODEL_MB)"
    )
    assert hub.sent(ID) == []


def test_a_file_that_is_cut_short_on_its_way_is_said(hub, tmp_path):
    content = yunet(random_weights()).file()
    served(hub, tmp_path / "repo", content[: len(content) // 2])
    assert refused() == f"{ID!r} is broken: {FILE} is cut off or damaged. Fetch it once more"


def test_what_a_deployment_does_not_allow_is_refused(faces):
    assert refused(Settings(device="cpu", allowed_models=("google/*",))) == (
        f"{ID!r} is not among the models allowed here: google/*"
    )


def test_other_onnx_files_are_no_model(hub, tmp_path):
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(yunet(random_weights()).file())
    hub.repos[ID] = Repo(folder)
    assert refused() == f"{ID!r} is not a model: it has no config.json"
    assert hub.sent(ID) == []


def test_with_a_config_a_repo_is_read_by_that(faces, tmp_path):
    (tmp_path / "repo" / "config.json").write_text("{}")
    faces.repos[ID] = Repo(tmp_path / "repo")
    assert refused() == f"{ID!r} has no weights: expected model.safetensors"


# ---- files that are none -------------------------------------------------------------------------


def of_other_inputs(*inputs: bytes) -> bytes:
    graph = yunet(random_weights())
    graph.inputs = [*inputs]
    return graph.file()


def without(head: str) -> bytes:
    graph = yunet(random_weights())
    graph.outputs = [one for one in graph.outputs if head.encode() not in one]
    return graph.file()


def with_other(**weights: Any) -> bytes:
    graph = yunet(random_weights())
    graph.weights |= weights
    return graph.file()


def with_data_elsewhere() -> bytes:
    """As a file is that would have OpenCV, or anybody, read another one."""
    place = part(13, part(1, "location") + part(2, "../../etc/passwd")) + whole(14, 1)
    graph = yunet(random_weights())
    graph.extra = part(5, whole(1, 4) + whole(2, 1) + part(8, "outside") + place)
    return graph.file()


TAKES = "expected one picture of 1 x 3 x 640 x 640"


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", f"is broken: {FILE} is cut off or damaged. Fetch it once more"),
        (
            b"version https://a.pointer",
            f"is broken: {FILE} is cut off or damaged. Fetch it once more",
        ),
        (
            with_data_elsewhere(),
            (
                f"is not opened: {FILE} keeps numbers in other files, which are never read. "
                "Expected all of them in it"
            ),
        ),
        (of_other_inputs(), f"is no YuNet: {FILE} takes nothing, {TAKES}"),
        (
            of_other_inputs(value_info("input", (1, 1, 640, 640))),
            f"is no YuNet: {FILE} takes 1 x 1 x 640 x 640, {TAKES}",
        ),
        (
            of_other_inputs(value_info("input", (1, 3, 320, 640))),
            f"is no YuNet: {FILE} takes 1 x 3 x 320 x 640, {TAKES}",
        ),
        (
            of_other_inputs(value_info("input", (1, 3, 10**6, 10**6))),
            f"is no YuNet: {FILE} takes 1 x 3 x 1000000 x 1000000, {TAKES}",
        ),
        (
            of_other_inputs(value_info("input", (1, 3, 640, 640)), value_info("more", (1, 2))),
            f"is no YuNet: {FILE} takes 1 x 3 x 640 x 640, 1 x 2, {TAKES}",
        ),
        (
            without("kps_16"),
            (
                f"is no YuNet: {FILE} does not put out 'kps_16', expected 12 heads from 'cls_8' to "
                "'kps_32'"
            ),
        ),
        (
            with_other(**{"cls_8.shape": np.array([1, -1, 2])}),
            f"is no YuNet: 'cls_8' of {FILE} is (1, 3200, 2), expected (1, 6400, 1)",
        ),
        (
            with_other(**{"stem.w": np.zeros((4, 7, 8, 8))}),
            (
                f"cannot be used: {FILE} has the operation 'Conv' of 3 channels with weights of "
                "4 x 7 x 8 x 8"
            ),
        ),
    ],
)
def test_a_file_that_is_no_yunet_is_said_and_opencv_never_opens_it(
    content, sentence, hub, tmp_path, monkeypatch
):
    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", None)
    served(hub, tmp_path / "repo", content)
    assert refused() == f"{ID!r} {sentence}"


def test_what_opencv_cannot_read_is_said(hub, tmp_path, monkeypatch):
    def fails(*_):
        raise cv2.error("no")

    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", fails)
    served(hub, tmp_path / "repo", yunet(random_weights()).file())
    assert refused() == f"{ID!r} is broken: OpenCV cannot read {FILE}"


@pytest.mark.long
def test_numbers_that_are_none_are_no_faces(hub, tmp_path):
    weights = {
        **random_weights(),
        "cls_8_b": np.float32([np.nan]),
        "bbox_16_b": np.float32([9e30] * 4),
    }
    served(hub, tmp_path / "repo", yunet(weights).file())
    found = FinderShelf(SETTINGS).get(ID).find(dotted((208, 112)), Asked(confidence=0.0))
    assert all(0 <= one <= 640 for item in found.items for one in item.bbox)


def test_what_sees_faces_everywhere_is_said(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(family, "_MOST_FOUND", 3)
    served(hub, tmp_path / "repo", yunet(random_weights()).file())
    picture = np.random.default_rng(5).integers(0, 256, (640, 640, 3), np.uint8)
    with pytest.raises(ClassifierError) as raised:
        FinderShelf(SETTINGS).get(ID).find(picture, Asked(confidence=LEAST))
    assert re.fullmatch(
        rf"'{ID}' saw \d+ faces: at most 3 are told apart. A higher confidence has fewer",
        str(raised.value),
    )


def test_too_many_parts_are_not_looked_at(faces):
    picture = np.broadcast_to(np.uint8(0), (40_000, 40_000, 3))
    loaded = FinderShelf(SETTINGS).get(ID)
    loaded.load()
    with pytest.raises(SumError) as raised:
        family.check_tiles(loaded._once.get().loaded, picture, Asked(smallest_face=1))
    tiles = family.most_tiles((40_000, 40_000), 1, loaded._once.get().loaded.model.sees)
    assert str(raised.value) == (
        f"faces of 1 px in a photo of 40000 x 40000 would be looked for in {tiles} parts of it: at "
        "most 1000 are looked at. Larger faces, or a smaller photo, take fewer"
    )


def test_what_stop_raises_ends_the_search(faces):
    def stop():
        raise KeyError("enough")

    finder = FinderShelf(SETTINGS).get(ID)
    finder.load()
    with pytest.raises(KeyError, match="enough"):
        finder.within(Effort(stop)).find(dotted((208, 112)), Asked())


@pytest.mark.long
def test_threads_take_turns_with_the_network(faces):
    finder = FinderShelf(SETTINGS).get(ID)
    pictures, found = [dotted((x, 112)) for x in (112, 208, 304, 400)], {}

    def find(place):
        (item,) = finder.find(pictures[place], Asked(face_area="box")).items
        found[place] = (item.bbox.x1 + item.bbox.x2) / 2

    threads = [threading.Thread(target=find, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {0: 112, 1: 208, 2: 304, 3: 400}


def test_a_node_that_is_no_part_of_it_is_refused(hub, tmp_path):
    graph = yunet(random_weights())
    graph.nodes.append(node("Loop", ["input"], ["more"]))
    served(hub, tmp_path / "repo", graph.file())
    assert refused() == (
        f"{ID!r} cannot be used: {FILE} has the operation 'Loop' which is not known here"
    )
