import os
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.paste import dense_masks, plain_paste
from benchmarks.report import Row, table
from benchmarks.timing import medians
from segui import Segments, classify, paste, segments_from_mask
from segui.classifiers.colour import ColourNames
from segui.images import read_picture
from tests.drawn import picture, rectangle, segment


@pytest.mark.parametrize("feather", [5, 20])
def test_the_peer_does_the_same_work(feather):
    base, reference = picture(150, 200, 1), picture(150, 200, 2)
    inner = rectangle(100, 120, (30, 25, 90, 80))
    segments = Segments((150, 200), [segment((20, 30, 140, 130), inner)])
    plain = plain_paste(base[0].numpy(), reference[0].numpy(), dense_masks(segments), feather)
    own = paste(base, segments, feather, reference=reference, edge="impact")
    assert np.abs(plain - own[0].numpy()).max() < 1e-4


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
    parts = "paste, finding, memory, classify, studio"
    assert str(raised.value) == f"sudio: expected some of {parts}"


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


def test_a_curve_has_a_point_at_the_start_and_after_each_part(tmp_path):
    from benchmarks.growth import curve
    from benchmarks.serving import Server

    server = Server("", os.getpid(), tmp_path, 0)
    own, uploads = server.cache / "segui-1" / "session", server.cache / "upload"
    own.mkdir(parents=True)
    uploads.mkdir()

    def act(number):
        (own / f"{number}.jpg").write_bytes(b"own")
        if number % 2:
            (uploads / f"{number}.jpg").write_bytes(b"upload")

    points = curve(server, 20, act, parts=4)
    assert [point[1:] for point in points] == [(0, 0), (5, 3), (10, 5), (15, 8), (20, 10)]
    assert all(point[0] > 10 for point in points)


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
    assert (uploads.own, uploads.peer, uploads.bound) == (4, 2, None)


def test_what_was_written_before_is_made_old(tmp_path):
    from benchmarks.growth import APART_SECONDS, grow_old

    own, empty, upload = (tmp_path / name for name in ("segui-1/a/photo.jpg", "tmp1", "f/p.jpg"))
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
