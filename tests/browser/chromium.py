"""Find a Chromium for the browser tests, or install one: ``python -m tests.browser.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MINUTES = 10
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]


def on_path() -> str | None:
    """A browser that the system has, ``CHROMIUM`` first."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


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


def install() -> str | None:
    """Playwright's own browser, else Debian's package where this user may install it."""
    if run(sys.executable, "-m", "playwright", "install", "chromium"):
        return playwrights_own()
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if may_install and run("apt-get", "update", "-qq"):
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    return on_path()


def find() -> str | None:
    """The path of a Chromium, installed now if none was there; None where that failed."""
    return on_path() or playwrights_own() or install()


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
