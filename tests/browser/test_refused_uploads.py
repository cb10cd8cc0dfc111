"""Files that the server does not take: the visitor reads why, and may give others at once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.app_server import AppServer
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk

UPLOADS = "**/gradio_api/upload?*"
MANY = (
    "This upload has more than 259 files: at most 259 are taken at once; "
    "several uploads may have more"
)
NOT_TAKEN = "The server did not take these files: give them once more"
UNREACHABLE = "The server cannot be reached: give these files once more"

Answer = Callable[[Route], None]


def said(status: int, body: str) -> Answer:
    return lambda route: route.fulfill(status=status, body=body)


def refused(sentence: str) -> str:
    return json.dumps({"detail": sentence, "error": sentence})


ANSWERS = {
    "a sentence": (said(429, refused("too many MB: go on in 5 s")), "Too many MB: go on in 5 s"),
    "a sentence with a tag": (said(413, refused("<b>x</b> & y")), "<b>x</b> & y"),
    "a detail that is none": (said(422, json.dumps({"detail": [{"loc": []}]})), NOT_TAKEN),
    "a proxy's page": (said(413, "<html>no</html>"), NOT_TAKEN),
    "none": (lambda route: route.abort(), UNREACHABLE),
}


@pytest.fixture
def visitor(browser: Browser, app: AppServer) -> Iterator[Walk]:
    """A visitor whose browser may complain of its network."""
    with fresh_page(browser, app.url) as page:
        walk = Walk(page)
        walk.open()
        yield walk


def toast(walk: Walk) -> Locator:
    return walk.page.get_by_test_id("toast-text")


@pytest.mark.parametrize(("answer", "sentence"), ANSWERS.values(), ids=ANSWERS)
def test_a_refused_photo_says_its_sentence_alone_and_another_is_taken(
    visitor: Walk, pictures: Path, answer: Answer, sentence: str
):
    visitor.page.route(UPLOADS, answer, times=1)
    visitor.upload("photo", pictures / "photo.png")
    expect(toast(visitor)).to_have_text(sentence)
    expect(visitor.page.locator(".viewer-busy")).to_have_text("")
    field = visitor.part("photo")
    expect(field.get_by_text("Error")).to_be_hidden()
    with visitor.page.expect_file_chooser() as choosing:
        field.get_by_role("button", name="Photo: choose").click()
    choosing.value.set_files(pictures / "photo.png")
    expect(visitor.part("photo-card")).to_contain_text("photo.png")


def test_more_files_than_are_taken_at_once_are_told_so(visitor: Walk, tmp_path: Path):
    files = [tmp_path / f"{number}.png" for number in range(261)]
    for file in files:
        file.write_bytes(b"")
    visitor.upload("masks", *files)
    expect(toast(visitor)).to_have_text(MANY)
    visitor.says("4 of 12 areas chosen")
