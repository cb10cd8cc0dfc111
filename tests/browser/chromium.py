"""Find a Chromium for the browser tests, or install one: ``python -m tests.browser.chromium``.

The headless shell is the same browser without windows, which takes a third less of a processor for
each page; a Chromium with windows does as well.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MINUTES = 10
APT = ("apt-get", "-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]


def on_path(*names: str) -> str | None:
    """The first browser of these names that the system has; the one of ``CHROMIUM`` before all."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in names if (found := shutil.which(name))), None)


def playwrights_own() -> str | None:
    """The browser that Playwright downloaded earlier, if any."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def run(*command: str) -> bool:
    """Whether the command ran well; what it prints goes to the error stream."""
    try:
        done = subprocess.run(
            command, stdout=sys.stderr, stderr=sys.stderr, timeout=60 * MINUTES, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def packaged(name: str) -> str | None:
    """Debian's package of that name, installed now where this user may do so."""
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if may_install and run(*APT, "update"):
        run(*APT, "install", "-y", "--no-install-recommends", name)
    return on_path(name)


def install() -> str | None:
    """Playwright's own browser, else Debian's package where this user may install it."""
    if run(sys.executable, "-m", "playwright", "install", "chromium"):
        return playwrights_own()
    return packaged("chromium")


def find() -> str | None:
    """The path of a Chromium, installed now if none was there; None where that failed."""
    return on_path(SHELL) or packaged(SHELL) or on_path(*NAMES) or playwrights_own() or install()


def main() -> int:
    """Print the path; without one, say what to do and fail."""
    path = find()
    if path is None:
        sys.stderr.write(
            "No Chromium was found and none could be installed: install Chromium or Chrome, or "
            "set CHROMIUM to its path, then run the tests again.\n"
        )
        return 1
    sys.stdout.write(path + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
