"""Scripts that are brought into the page do not run; its own do, in every other browser test."""

import pytest
from playwright.sync_api import Browser

from tests.app_server import AppServer

pytestmark = pytest.mark.server
# each way a text may become a script; a browser tells of each that it refuses
BROUGHT = """() => new Promise((resolve) => {
  const refused = [];
  document.addEventListener('securitypolicyviolation', ({effectiveDirective}) => {
    refused.push(effectiveDirective);
    if (refused.length === 3) resolve([refused.sort(), window.brought ?? 'none ran']);
  });
  const script = document.createElement('script');
  script.textContent = "window.brought = 'a script'";
  const pieces = document.createElement('div');
  pieces.innerHTML = `<a href="javascript:window.brought = 'an address'">a</a>
    <b onclick="window.brought = 'an attribute'">b</b>`;
  document.body.append(script, pieces);
  pieces.querySelector('a').click();
  pieces.querySelector('b').click();
})"""


def test_a_script_that_is_brought_into_the_page_does_not_run(browser: Browser, app: AppServer):
    page = browser.new_page()
    page.goto(app.url)
    refused, brought = page.evaluate(BROUGHT)
    page.close()
    assert brought == "none ran"
    assert refused == ["script-src-attr", "script-src-elem", "script-src-elem"]
