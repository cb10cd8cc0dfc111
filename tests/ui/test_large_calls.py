"""Which calls take a place for what may take seconds: by all that they have read and made."""

import io
import json
import sys
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.priority import stands_back
from segui.settings import Settings
from segui.ui.api import asked
from segui.ui.api.endpoints import Endpoints
from tests.ui.test_option_surfaces import OneModel

TEN = (4000, 2500)  # px: 10 megapixels
GREY = {"rule": "*", "effect": "grey"}


def jpeg(scans: int = 0) -> bytes:
    """A picture of 10 megapixels whose last scan comes again and again."""
    written = io.BytesIO()
    Image.new("L", TEN).save(written, "JPEG", progressive=scans > 0)
    data = written.getvalue()
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * max(0, scans - data.count(b"\xff\xda")) + data[-2:]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "usual.jpg").write_bytes(jpeg())
    (folder / "many scans.jpg").write_bytes(jpeg(scans=61))
    Image.new("L", TEN).save(folder / "mask.png")
    Image.new("L", (4001, 4000)).save(folder / "large.png")
    (folder / "names.json").write_text("{}")
    return folder


def is_large(files, photo, masks=(), edits=(), reference=None) -> bool:
    def named(name):
        return {"path": str(files / name)}

    options = {"effect": "grey", "edits": json.dumps([*edits]) if edits else ""}
    other = None if reference is None else named(reference)
    given = asked.Given(named(photo), [named(each) for each in masks], other, [], None)
    call = asked.read_call(given, options, Settings(), files)
    return asked.is_large(call, Settings())


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ({"photo": "usual.jpg", "masks": ["mask.png"]}, False),
        ({"photo": "large.png"}, True),
        # 10 for the photo, 10 for its edit, 10 for each of the others: 64 at most
        ({"photo": "usual.jpg", "masks": ["mask.png"] * 3, "reference": "mask.png"}, False),
        ({"photo": "usual.jpg", "masks": ["mask.png"] * 5}, True),
        ({"photo": "usual.jpg", "masks": ["mask.png"], "edits": [GREY] * 4}, False),
        ({"photo": "usual.jpg", "masks": ["mask.png"], "edits": [GREY] * 5}, True),
        ({"photo": "usual.jpg", "edits": [{**GREY, "enabled": False}] * 9 + [GREY]}, False),
        ({"photo": "many scans.jpg"}, True),
        ({"photo": "usual.jpg", "masks": ["many scans.jpg"]}, True),
        ({"photo": "usual.jpg", "masks": ["mask.png", "names.json"]}, False),
    ],
)
def test_a_call_is_large_by_all_that_is_read_and_made(files, call, expected):
    assert is_large(files, **call) is expected


def test_a_picture_that_cannot_be_read_is_said_where_it_is_read(files, tmp_path):
    np.save(files / "broken.npy", np.zeros(3))
    assert is_large(files, "usual.jpg", ["broken.npy"]) is False


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own on Linux")
@pytest.mark.parametrize(("photo", "expected"), [("usual.jpg", False), ("large.png", True)])
def test_a_large_call_lets_others_go_first(files, monkeypatch, photo, expected):
    seen = []

    def opened(*_, **__):
        seen.append(stands_back())
        raise InputError("that is all")

    monkeypatch.setattr("segui.pipeline.open_scene", opened)
    calls = Endpoints(Settings(), OneModel(), files)
    with pytest.raises(gr.Error, match=r"^'that is all'$"):
        calls.segments({"path": str(files / photo)}, [{"path": str(files / "mask.png")}])
    assert seen == [expected]
    assert not stands_back()
