"""Kinds of mask files that are easily misread, by the endpoints: the segments, and what is said."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from tests.app_server import AppServer
from tests.mask_kinds import HEIGHT, KINDS, SIDE, disc, draw_photo, padded


@pytest.fixture(scope="module")
def client(app: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = str(tmp_path_factory.mktemp("answers"))
    client = Client(app.url, verbose=False, download_files=folder)
    yield client
    client.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    draw_photo(folder / "photo.png")
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_gives_the_segments_that_were_drawn_and_is_said(client: Client, folder: Path, kind):
    draw, name, said, count, (x, y, width, height) = KINDS[kind]
    (folder / kind).mkdir()
    draw(folder / kind / name)
    report = client.predict(
        image=handle_file(str(folder / "photo.png")),
        masks=[handle_file(str(folder / kind / name))],
        api_name="/segments",
    )
    assert len(report["segments"]) == count
    first = report["segments"][0]["bbox"]
    # soft edges reach beyond where the page draws its outline
    assert first == pytest.approx([x, y, x + width, y + height], abs=14)
    assert any(said in note for note in report["notes"])


def test_a_padded_mask_hides_what_it_is_of(client: Client, folder: Path):
    padded(folder / "padded.png")
    path, _ = client.predict(
        image=handle_file(str(folder / "photo.png")),
        masks=[handle_file(str(folder / "padded.png"))],
        effect="invert",
        feather=0,
        api_name="/composite",
    )
    with Image.open(path) as result, Image.open(folder / "photo.png") as photo:
        changed = (np.array(result) != np.array(photo)).any(axis=2)
    assert np.array_equal(changed, disc(60) > 0)


def test_a_mask_that_may_be_padded_or_stretched_is_refused_with_the_words(client, folder: Path):
    square = np.zeros((SIDE, SIDE), np.uint8)
    square[220:260, 30:90] = 255  # nothing of the photo is there
    Image.fromarray(square).save(folder / "either.png")
    with pytest.raises(AppError) as refused:
        client.predict(
            image=handle_file(str(folder / "photo.png")),
            masks=[handle_file(str(folder / "either.png"))],
            api_name="/segments",
        )
    assert str(refused.value.message) == (
        f"the mask either is {SIDE} x {SIDE}, the photo {SIDE} x {HEIGHT}: it may be padded, with "
        "the photo in the middle, at the upper left or at the lower right, or stretched. Say which "
        "by padded_masks: centre, corner, end or stretch"
    )
