"""Pages of a browser, each of a visitor of its own, and what is found wrong with them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

PATIENCE_MS = 120_000  # processors may be shared with other work; no test waits that long by design
VIEWPORT = {"width": 1440, "height": 1000}

# What a page does a moment later cannot be seen until then: after how many milliseconds it will.
# What comes after more than a second takes something away again that was shown.
_TIMERS = """(() => {
  const MOST_MS = 1000, waiting = new Map(), {setTimeout: set, clearTimeout: clear} = window;
  window.setTimeout = (work, wait = 0, ...given) => {
    const timer = set(() => {
      waiting.delete(timer);
      work(...given);
    }, wait);
    if (wait <= MOST_MS) waiting.set(timer, wait);
    return timer;
  };
  window.clearTimeout = (timer) => {
    waiting.delete(timer);
    clear(timer);
  };
  window.waitsFor = () => [...waiting.values()];
})()"""

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def fresh_page(browser: Browser, url: str = "", **options: Any) -> Iterator[Page]:
    """A page of a fresh context.

    Args:
        browser: The browser.
        url: Of the app, before every path that the page is sent to.
        options: Of ``new_context``.
    """
    usual = {"base_url": url or None, "reduced_motion": "reduce", "viewport": VIEWPORT}
    context = browser.new_context(**{**usual, **options})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(_TIMERS)
    try:
        yield context.new_page()
    finally:
        context.close()


class Tabs:
    """Empty pages that nothing stored can tell from each other: those alike are of one context.

    Opening a context and its first page takes more than twice as long as a page that joins it.

    Args:
        browser: The browser.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept = ExitStack()
        self._contexts: dict[str, BrowserContext] = {}

    @contextmanager
    def opened(self, **options: Any) -> Iterator[Page]:
        """A new page, closed in the end.

        Args:
            options: Of ``new_context``.
        """
        kind = repr(sorted(options.items()))
        if kind not in self._contexts:
            first = self._kept.enter_context(fresh_page(self._browser, **options))
            self._contexts[kind] = first.context
        page = self._contexts[kind].new_page()
        try:
            yield page
        finally:
            page.close()

    def close(self) -> None:
        """Close all contexts."""
        self._contexts.clear()
        self._kept.close()


class Complaints:
    """What a page did that no page should do: errors in its console, requests to other hosts."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", lambda said: self._add(said.type == "error", f"console: {said.text}"))
        page.on("pageerror", lambda error: self._add(True, f"script: {error.stack or error}"))
        page.on("request", self._check_host)

    def _add(self, is_wrong: bool, sentence: str) -> None:
        if is_wrong:
            self.found.append(sentence)

    def _check_host(self, request: Request) -> None:
        parts = urlsplit(request.url)
        outside = parts.scheme not in ("blob", "data") and parts.hostname != "127.0.0.1"
        self._add(outside, f"request: {request.url}")
