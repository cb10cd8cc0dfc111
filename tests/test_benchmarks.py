import os
import time
from pathlib import Path
from threading import Timer
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch

from benchmarks.least import known, paste_known
from benchmarks.paste import dense_masks, plain_paste
from benchmarks.report import Row, table
from benchmarks.timing import medians
from segui import Box, Segments, apply_effect, classify, paste, segments_from_mask
from segui.backend.effects import Effect
from segui.classifiers.colour import ColourNames
from segui.images.pictures import read_picture
from tests.drawn import picture, rectangle, segment


@pytest.mark.parametrize("feather", [5, 20])
def test_the_peer_does_the_same_work(feather):
    base, reference = picture(150, 200, 1), picture(150, 200, 2)
    inner = rectangle(100, 120, (30, 25, 90, 80))
    segments = Segments((150, 200), [segment((20, 30, 140, 130), inner)])
    plain = plain_paste(base[0].numpy(), reference[0].numpy(), dense_masks(segments), feather)
    own = paste(base, segments, feather, reference=reference, edge="impact")
    assert np.abs(plain - own[0].numpy()).max() < 1e-4


@pytest.mark.parametrize("feather", [0, 5, 20])
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_the_least_that_a_paste_takes_is_a_paste(kind, feather):
    base, reference = (
        np.rint(255 * picture(160, 208, seed)[0].numpy()).astype(kind) for seed in (1, 2)
    )
    marks = ((20, 30, 90, 130), (110, 30, 190, 130))
    inner = [rectangle(100, x2 - x1, (20, 20, x2 - x1 - 20, 80)) for x1, _, x2, _ in marks]
    segments = Segments((160, 208), [segment(*each) for each in zip(marks, inner, strict=True)])
    least = paste_known(base, reference, known(segments, feather))
    wide = (torch.from_numpy(each[None]) for each in (base, reference))
    own = paste(next(wide), segments, feather, reference=next(wide), edge="impact")
    assert np.abs(least - own[0].numpy().astype(np.float32)).max() <= 1e-3 + (kind == np.uint8)
    assert not np.array_equal(least, base)


def test_a_figure_over_its_bound_is_marked():
    rows = [
        Row("fast", 1, 2, "ms", 0.8),
        Row("slow", 2, 2, "ms", 0.8),
        Row("told", 9, 2, "ms", None),
    ]
    assert table(rows).splitlines()[2:] == [
        "| fast | 1.0 ms | 2.0 ms | 0.50 | 0.8 | ok |",
        "| slow | 2.0 ms | 2.0 ms | 1.00 | 0.8 | **over** |",
        "| told | 9.0 ms | 2.0 ms | 4.50 | - | ok |",
    ]


def test_a_peer_of_an_effect_has_its_look():
    from benchmarks.effects import COLOUR, cases, on_box

    image = torch.from_numpy(cv2.GaussianBlur(picture(200, 320, 3)[0].numpy(), (0, 0), 3))[None]
    image = (image * 255).round().to(torch.uint8)
    for case in cases(4.8, 8):
        asked = Effect.on(image, case.effect, case.strength or None, COLOUR)
        strength = {"blur": 4.8, "pixelate": 8}.get(case.effect, case.strength)
        strength = case.strength or strength
        own = apply_effect(image, case.effect, strength=strength, colour=COLOUR)[0].numpy()
        for name, way in case.peers.items():
            border = slice(40, -40)
            whole = way(image[0].numpy())
            assert np.abs(whole.astype(int) - own)[border, border].mean() < 2, (case, name)
            reach = 8 * (asked.reach_px // 8 + 1)
            box = Box(80, 72, 200, 128)
            part = on_box(way, image[0].numpy(), box, reach)
            assert np.abs(part.astype(int) - own[box.slices]).mean() < 2, (case, name)


def test_opencvs_own_seamless_paste_is_of_the_same_place():
    from benchmarks.fitting import cloned

    below = (picture(60, 80, 4)[0].numpy() * 255).astype(np.uint8)
    below = cv2.GaussianBlur(below, (0, 0), 4)
    mask = np.zeros((60, 80), np.uint8)
    mask[10:50, 15:60] = 255
    # a constant offset is gone where both are laid on the same place
    assert np.abs(cloned(below + np.uint8(20), below, mask).astype(int) - below).max() <= 3


def test_every_run_is_made_once_a_round_after_one_unmeasured():
    made = []
    found = medians({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, rounds=3)
    assert made == ["a", "b", "b", "a"] * 2
    assert set(found) == {"a", "b"}
    assert all(time >= 0 for time in found.values())


def test_the_measured_picture_is_the_one_promised():
    from benchmarks.scene import SIZE_HW, grid_segments

    segments = grid_segments()
    assert segments.size == SIZE_HW == (2160, 3840)
    assert len(segments.items) == 16
    for item in segments.items:
        assert item.bbox.width == pytest.approx(576, abs=2)
        assert item.bbox.height == pytest.approx(324, abs=2)
        assert item.crop_region.width == pytest.approx(1.5 * item.bbox.width, abs=1)
    assert torch.equal(segments.items[0].mask.unique(), torch.tensor([0.0, 1.0]))


def test_a_part_that_does_not_exist_is_named():
    from benchmarks.__main__ import main

    with pytest.raises(SystemExit) as raised:
        main(["paste", "sudio"])
    parts = "paste, effects, fitting, decoding, reading, coco, finding, found, models, memory, "
    parts += "classify, studio, edits"
    assert str(raised.value) == f"sudio: expected some of {parts}"


def test_of_a_pair_both_are_timed_and_every_other_pair_goes_backwards():
    from benchmarks.classify import pairs

    made = []
    own, peer = ([lambda name=name: made.append(name)] * 4 for name in ("own", "peer"))
    found = pairs(own, peer)
    assert made == ["own", "peer", "peer", "own"] * 2
    assert len(found) == 4
    slow = pairs([lambda: time.sleep(0.05)] * 2, [lambda: None] * 2)
    assert all(mine >= 50 and mine > theirs for mine, theirs in slow)


def test_the_pairs_of_a_classifier_have_as_many_of_the_one_as_of_the_other():
    from benchmarks.classify import pairs

    with pytest.raises(ValueError, match="shorter"):
        pairs([lambda: None] * 2, [lambda: None])


@pytest.mark.long
@pytest.mark.parametrize("count", [8, 256])
def test_no_two_of_the_judged_segments_show_the_same_pixels(count):
    from benchmarks.classify import SIDES_PX, mixed_segments
    from benchmarks.scene import SIZE_HW

    segments = mixed_segments(count)
    assert segments.size == SIZE_HW
    boxes = [item.crop_region for item in segments.items]
    assert len(set(boxes)) == count
    for box in boxes:
        assert box == box.clip(SIZE_HW), "all of it is on the picture"
        assert all(SIDES_PX[0] <= side < SIDES_PX[1] for side in (box.width, box.height))
    assert len({box.size_hw for box in boxes}) > count / 2, "of mixed size"


@pytest.mark.long
def test_each_way_to_find_is_measured_on_12_megapixels_and_finds_something():
    from benchmarks import found

    assert found.portrait().shape == found.still_life().shape == (3000, 4000, 3)
    made = found.runs()
    assert list(made) == list(found.BOUNDS)
    made["click"]()


# ---- the page's ----------------------------------------------------------------------------------
def test_the_drawn_photo_has_as_many_areas_of_each_colour_as_the_rules_expect(tmp_path):
    from benchmarks.pages import drawn_mask, drawn_photo
    from benchmarks.studio import AREAS, RULES

    size_wh = (400, 300)
    areas = segments_from_mask(torch.from_numpy(drawn_mask(size_wh)))
    photo = torch.from_numpy(drawn_photo(size_wh))[None]
    assert photo.shape == (1, 300, 400, 3)
    assert len(areas.items) == AREAS == 12
    for rule, count in RULES.items():
        assert len(classify(ColourNames(), areas, rule, photo).filtered.items) == count


def test_the_drawn_photo_weighs_what_a_cameras_does(tmp_path):
    from benchmarks.pages import PHOTO_WH, drawn_photo, write_photo

    pixels = drawn_photo((400, 300), seed=1)
    path = write_photo(tmp_path / "photo.jpg", pixels)
    assert PHOTO_WH == (4000, 3000)
    assert 0.2 < path.stat().st_size / (400 * 300) < 1  # bytes a pixel
    assert np.abs(read_picture(path).pixels.astype(int) - pixels).mean() < 8
    assert not np.array_equal(pixels, drawn_photo((400, 300), seed=2))


@pytest.mark.parametrize(
    ("requests", "pause_ms", "is_held", "says"),
    [
        (0, 12, True, "steady, the longest pause 12 ms"),
        (1, 12, False, "steady, the longest pause 12 ms"),
        (3, 400, False, "unsteady in each of 20 tries, the longest pause 400 ms"),
    ],
)
def test_a_drag_without_a_steady_hand_keeps_its_bound(requests, pause_ms, is_held, says):
    from benchmarks.studio import Dragged, requests_row

    row = requests_row("40 moves of alpha", Dragged(40, requests, 40, (1.0,), pause_ms))
    assert row.what == f"40 moves of alpha, requests meanwhile, {says} / moves"
    assert (row.own, row.peer, row.bound, row.holds) == (requests, 40, 0, is_held)


def test_a_slider_is_dragged_until_the_hand_is_steady(monkeypatch):
    from benchmarks import studio

    def drags(*pauses):
        left = [studio.Dragged(40, 0, 40, (), pause) for pause in pauses]
        monkeypatch.setattr(studio, "dragged", lambda *_, **__: left.pop(0))
        return studio.steady_drag(None, "alpha").pause_ms, len(left)

    assert drags(400, 149, 74, 12) == (74, 1)
    restless = [300 + turn for turn in range(studio.TRIES)]
    assert drags(*restless[::-1], 12) == (300, 1)


def test_the_photos_choice_has_the_bound_of_an_upload(monkeypatch, tmp_path):
    from benchmarks import studio
    from benchmarks.pages import Timed
    from benchmarks.serving import Server

    class Visitor:
        page = SimpleNamespace(evaluate=lambda _: 700.0)  # the server has the photo

        def starts_anew(self, mask):
            assert mask == tmp_path / "mask.png"

        def gives_photo(self, photo):
            with (tmp_path / "log").open("a") as log:
                log.write(studio.marker(studio.JUDGED))
            return Timed(start=100.0, end=1000.0, events=1, pause=0)

    (tmp_path / "log").touch()
    server = Server("", os.getpid(), tmp_path, 0)
    monkeypatch.setattr(studio, "medians", lambda _: {"Pillow": 250.0, "segui": 150.0})
    paths = tmp_path / "photo.jpg", tmp_path / "mask.png"
    choice, there, own = studio.upload_rows(Visitor(), server, *paths)
    assert choice.what.startswith("12 MP, from the photo's choice to its areas on the screen")
    assert (choice.own, choice.peer, choice.bound, choice.holds) == (900, 250, 3, False)
    assert there.what.startswith("12 MP, from the photo on the server to its areas on the screen")
    assert (there.own, there.peer, there.bound) == (300, 250, None)
    assert (own.own, own.peer, own.bound) == (300, 150, None)


@pytest.mark.parametrize(
    ("renderer", "expected"),
    [
        ("", ("WebGL, by what is not said,", None)),
        ("ANGLE (Google, Vulkan (SwiftShader Device))", "software"),
        ("llvmpipe (LLVM 19.1.1, 256 bits)", "software"),
        ("ANGLE (NVIDIA, NVIDIA GeForce RTX 3060)", "hardware"),
    ],
)
def test_a_redraw_by_a_graphics_card_takes_a_frame_at_most(renderer, expected):
    from benchmarks.compositing import drawn_with

    if isinstance(expected, str):
        expected = f"{expected} WebGL, {renderer},", 1 if expected == "hardware" else None
    assert drawn_with(renderer) == expected


def test_a_curve_has_a_point_at_the_start_and_after_each_part(tmp_path):
    from benchmarks.growth import curve
    from benchmarks.serving import Server

    server = Server("", os.getpid(), tmp_path, 0)
    own, uploads = server.cache / "segui-0/segui-1/session", server.cache / "segui-0/upload"
    own.mkdir(parents=True)
    uploads.mkdir()

    def act(number):
        (own / f"{number}.jpg").write_bytes(b"own")
        if number % 2:
            (uploads / f"{number}.jpg").write_bytes(b"upload")

    points = curve(server, 20, act, parts=4, swept_seconds=0)
    assert [point[1:] for point in points] == [(0, 0), (5, 3), (10, 5), (15, 8), (20, 10)]
    assert all(point[0] > 10 for point in points)


@pytest.mark.long
def test_a_servers_memory_is_that_of_its_process(tmp_path):
    from benchmarks.serving import Server

    server = Server("", os.getpid(), tmp_path, 0)
    before = server.resident_mb
    held = np.ones(200_000_000, np.uint8)
    assert 150 < server.resident_mb - before < 250
    assert held.all()


def test_growth_is_the_last_point_against_the_middle_one():
    from benchmarks.growth import told

    memory, files, uploads = told(
        "photos", 20, [(1, 1, 0), (2, 2, 1), (4, 2, 2), (5, 2, 3), (6, 2, 4)]
    )
    assert memory.what == (
        "memory of the server after 20 photos / after 10 (1 2 4 5 6 at 0, 5, 10, 15, 20)"
    )
    assert (memory.own, memory.peer, memory.holds) == (6, 4, False)
    assert (files.own, files.peer, files.holds) == (2, 2, True)
    assert (uploads.own, uploads.peer, uploads.holds) == (4, 2, False)
    assert uploads.what.startswith("uploads that Gradio keeps after 12 s after 20 photos")


def test_no_file_after_no_file_is_no_growth():
    from benchmarks.growth import told

    *_, uploads = told("photos", 20, [(1, 1, 0)] * 5)
    assert (uploads.own, uploads.holds) == (0, True)
    *_, uploads = told("photos", 20, [(1, 1, count) for count in (0, 0, 0, 1, 2)])
    assert (uploads.own, uploads.holds) == (2, False)


def test_uploads_are_counted_when_they_had_the_time_to_be_removed(tmp_path):
    from benchmarks.growth import swept
    from benchmarks.serving import Server

    server = Server("", os.getpid(), tmp_path, 0)
    own, stays, goes = (
        server.cache / name
        for name in ("segui-0/segui-1/a.jpg", "segui-0/f/b.jpg", "segui-0/g/c.jpg")
    )
    for path in (own, stays, goes):
        path.parent.mkdir(parents=True)
        path.touch()
    last = goes.lstat().st_ctime
    Timer(0.3, goes.unlink).start()
    assert swept(server, 1) == [stays]
    assert time.time() - last >= 1 - 0.1  # the kernel's clock is a little late


def test_what_was_written_before_is_made_old(tmp_path):
    from benchmarks.growth import APART_SECONDS, grow_old

    own, empty, upload = (
        tmp_path / name
        for name in ("segui-0/segui-1/a/photo.jpg", "segui-0/tmp1", "segui-0/f/p.jpg")
    )
    for path in (own, empty, upload):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    grow_old(tmp_path)
    for path in (own.parent, own, empty):
        assert time.time() - path.stat().st_mtime >= APART_SECONDS
    assert time.time() - upload.stat().st_mtime < APART_SECONDS  # Gradio's, by its own clock


SERVER = """
import http.server, os, pathlib, time
time.sleep(0.3)
place = os.environ["HOST"], int(os.environ["PORT"])
http.server.HTTPServer(place, http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_a_server_is_timed_until_its_page_comes_and_ended_afterwards(tmp_path):
    from benchmarks.serving import serving

    script = tmp_path / "server.py"
    script.write_text(SERVER)
    start = time.perf_counter()
    with serving(tmp_path / "it", str(script)) as server:
        assert 300 <= server.ready_ms <= 1000 * (time.perf_counter() - start)
        assert "GET / " in server.log
        assert Path(f"/proc/{server.pid}").exists()
    assert not Path(f"/proc/{server.pid}").exists()


def test_a_server_that_ends_by_itself_says_why(tmp_path):
    from benchmarks.serving import serving

    script = tmp_path / "server.py"
    script.write_text("raise SystemExit('no port left')")
    with pytest.raises(RuntimeError) as raised, serving(tmp_path / "it", str(script)):
        pass
    assert str(raised.value) == "it ended with 1:\nno port left\n"
