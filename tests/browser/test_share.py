"""The result goes to another app by the system's own sheet."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk

pytestmark = pytest.mark.server
# a system that has such a sheet, and notes what it is given
SHEET = """() => {
  window.given = [];
  navigator.canShare = ({files}) => files.every((one) => one.type === 'image/png');
  navigator.share = async ({files: [file]}) => {
    window.given.push([file.name, file.type, file.size > 1000]);
    if (window.fails) throw new DOMException('not now', window.fails);
  };
}"""


def test_the_result_is_shared_where_the_system_can(page: Page):
    page.add_init_script(f"({SHEET})()")
    walk = Walk(page)
    walk.open()
    share = walk.part("share")
    expect(share).to_be_enabled()
    share.click()
    page.wait_for_function("window.given.length === 1")
    assert page.evaluate("window.given") == [["photo-segui.png", "image/png", True]]
    page.evaluate("window.fails = 'NotAllowedError'")
    with page.expect_download() as waiting:
        share.click()
    assert waiting.value.suggested_filename == "photo-segui.png"


def test_where_there_is_no_such_sheet_nothing_offers_it(walk: Walk):
    expect(walk.part("share")).to_be_hidden()
    expect(walk.part("download")).to_be_visible()
