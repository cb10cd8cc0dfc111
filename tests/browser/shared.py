"""One page for many tests, each of which finds it as if it were new.

Opening a page takes longer than most of what is tried on it. Between two tests the opening example
is picked, which puts every option back; only a page on which all that can be seen and set is as it
was when it was new is used again, else a new one is opened.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright import sync_api as playwright
from playwright.sync_api import Browser

from tests.browser.pages import VIEWPORT, Complaints, fresh_page
from tests.browser.walk import Walk

REST_MS = 10_000  # a page that is not as new by then is given up, and nothing is wrong with it
POLLING_MS = 100  # what is asked before each frame is drawn has a frame drawn for it
# all that a person sees or can set, but for what can be undone and where the server keeps files
_SEEN = """() => {
  const seen = [document.body.innerText];
  for (const one of document.querySelectorAll('input:not([type=file]), textarea, select, button')) {
    if (one.closest('#undo, #redo') || !one.checkVisibility()) continue;
    seen.push([one.id, one.className, one.value, one.checked, one.disabled, one.title,
      one.getAttribute('aria-pressed'), one.getAttribute('aria-label')].join(' | '));
  }
  for (const one of document.querySelectorAll('.viewer-stage, .viewer-sheet, body, html')) {
    seen.push(one.className);
  }
  return seen;
}"""
_LEAVE = """() => {
  document.activeElement?.blur();
  // a list stays open when the focus goes on by a key
  for (const one of document.querySelectorAll('[role=listbox]')) {
    one.dispatchEvent(new FocusEvent('blur'));
  }
  for (const one of document.querySelectorAll('details[open]')) one.open = false;
  for (const name of ["[data-mode='result']", "[data-zoom='fit']"]) {
    document.querySelector(`#result ${name}`).click();
  }
  document.querySelector('#effect .effect-groups button').click();
  const divider = document.querySelector('#result .viewer-divider');
  divider.value = 50;
  divider.dispatchEvent(new Event('input'));
}"""
_HAS_OWN = """() => Boolean(document.querySelector('#mine')?.checkVisibility())
  || !document.querySelector('#photo-card').innerText.includes('Example')"""
_CLEAR = "() => document.querySelector('#fresh').click()"
_IS_CLEAR = "() => !document.querySelector('#photo-card').innerText.trim()"
_EXAMPLE = "() => document.querySelector('#examples button').click()"
_FOLD = """(open) => {
  for (const head of document.querySelectorAll('.label-wrap')) {
    const wanted = open.includes(head.textContent.trim());
    if (head.classList.contains('open') !== wanted) head.click();
  }
}"""
_OPEN = """() => [...document.querySelectorAll('.label-wrap.open')]
  .map((head) => head.textContent.trim())"""
# heads are known by their titles, which say of which edit they are until the page is as new
_IS_SEEN = f"""([wanted, open]) => {{
  ({_FOLD})(open);
  return JSON.stringify(({_SEEN})()) === JSON.stringify(wanted);
}}"""


class SharedPage:
    """The page that tests are lent, one after the other.

    Args:
        browser: The browser.
        url: Of the app.
        rest_ms: For how long a page is waited for until it is as new.
    """

    def __init__(self, browser: Browser, url: str, rest_ms: int = REST_MS) -> None:
        self._browser, self._url, self._rest_ms = browser, url, rest_ms
        self._open = ExitStack()
        self._walk: Walk | None = None
        self._complaints: list[str] = []
        self._new: list[str] = []
        self._unfolded: list[str] = []

    @contextmanager
    def lent(self) -> Iterator[Walk]:
        """A visitor whose page is open with its example, as if for the first time."""
        if self._walk is None or not self._is_new_again(self._walk):
            self.close()
            self._walk = self._opened()
        self._complaints.clear()
        yield self._walk
        assert not self._complaints, "; ".join(self._complaints)

    def close(self) -> None:
        """Close the page, if there is one."""
        self._walk = None
        self._open.close()

    def _opened(self) -> Walk:
        page = self._open.enter_context(fresh_page(self._browser, self._url))
        self._complaints = Complaints(page).found
        walk = Walk(page)
        walk.open()
        walk.rests()
        self._new, self._unfolded = page.evaluate(_SEEN), page.evaluate(_OPEN)
        return walk

    def _is_new_again(self, walk: Walk) -> bool:
        page = walk.page
        try:
            page.unroute_all()
            page.set_viewport_size({"width": VIEWPORT["width"], "height": VIEWPORT["height"]})
            page.mouse.move(0, 0)
            if page.locator(".painter-paint").is_visible():
                page.locator(".painter-paint").focus()
            page.keyboard.press("Escape")
            page.evaluate(_LEAVE)
            if page.evaluate(_HAS_OWN):  # an example in its place would offer the way back to it
                page.evaluate(_CLEAR)
                page.wait_for_function(_IS_CLEAR, timeout=self._rest_ms, polling=POLLING_MS)
            page.evaluate(_EXAMPLE)
            wanted = [self._new, self._unfolded]
            page.wait_for_function(_IS_SEEN, arg=wanted, timeout=self._rest_ms, polling=POLLING_MS)
            page.evaluate("() => scrollTo(0, 0)")
            # what is still on its way may be of the test before
            deadline = time.monotonic() + self._rest_ms / 1000
            while not walk.is_answered and time.monotonic() < deadline:
                page.wait_for_timeout(20)
        except playwright.Error:
            return False
        return walk.is_answered
