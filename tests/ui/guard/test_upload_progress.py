"""What is told of uploads by names that anybody makes up."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from gradio import routes
from gradio.utils import LRUCache

from segui.settings import Settings
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.upload_progress import MOST_UPLOADS, BoundedProgress, upload_refusal
from segui.ui.page import build_page
from tests.coroutines import run
from tests.ui.guard.programs import ask
from tests.ui.loops import closing_loops

EXPECTED = "expected 1 to 64 letters and digits"
ODD = [("", "''"), ("a b", "'a b'"), ("../x", "'../x'"), ("x" * 65, f"'{'x' * 60}...'")]


@pytest.mark.parametrize("path", ["upload", "upload_progress", "upload/"])
@pytest.mark.parametrize(("name", "told"), ODD)
def test_the_name_of_an_upload_is_a_short_word(path, name, told):
    refusal = Refusal(400, f"upload_id is {told}: {EXPECTED}")
    for query in (f"upload_id={quote(name)}", f"upload_id=ok&upload_id={quote(name)}"):
        assert upload_refusal(f"/gradio_api/{path}", query) == refusal


def test_names_of_browsers_and_uploads_without_one_are_taken():
    assert upload_refusal("/gradio_api/upload", "") is None
    assert upload_refusal("/gradio_api/upload_progress", "upload_id=k3j9x0q7v1a") is None
    assert upload_refusal("/gradio_api/info", "upload_id=") is None


def test_of_names_that_are_asked_for_and_of_uploads_nobody_hears_few_are_kept():
    async def come() -> None:
        progress = BoundedProgress(3)
        for number in range(9):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(progress.is_tracked(f"asked{number}"), 0)
        for number in range(9):
            progress.append(f"come{number}", "a.png", b"12")
        assert len(progress._signals) == len(progress._statuses) == 3
        assert progress.pop("come8").chunk_size == 2

    run(come())


def test_who_asks_before_an_upload_begins_hears_of_it_and_nothing_is_kept_after_its_end():
    async def come() -> None:
        progress = BoundedProgress(3)
        asking = asyncio.create_task(progress.is_tracked("a"))
        await asyncio.sleep(0)
        progress.append("a", "a.png", b"12")
        progress.append("a", "a.png", b"345")
        assert await asking
        assert (progress.pop("a").chunk_size, progress.is_done("a")) == (5, False)
        progress.set_done("a")
        assert progress.is_done("a")
        progress.stop_tracking("a")
        assert not progress._signals
        assert not progress._statuses

    run(come())


@pytest.mark.long
def test_the_page_keeps_few_of_them():
    with closing_loops():
        build_page(Settings())
    told = routes.file_upload_statuses
    assert isinstance(told, BoundedProgress)
    for kept in (told._signals, told._statuses):
        assert isinstance(kept, LRUCache)
        assert kept.max_size == MOST_UPLOADS


def test_odd_names_are_refused_by_the_app_and_others_have_no_upload(app):
    with ThreadPoolExecutor() as at_once:
        address = "/gradio_api/upload_progress?upload_id="
        odd = at_once.submit(ask, app, "GET", address + "x" * 30_000)
        usual = at_once.submit(ask, app, "GET", address + "k3j9x0q7v1a")
    told = f"upload_id is '{'x' * 60}...': {EXPECTED}"
    assert (odd.result().status, odd.result().detail) == (400, told)
    assert (usual.result().status, usual.result().text) == (404, "Upload not found")
