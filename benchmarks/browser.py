"""Chromium without a window, for the tests and the benchmarks."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class NoBrowser(RuntimeError):
    """There is no Chromium; the message says what to do."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium.

    Raises:
        NoBrowser: there is none.
    """
    program = shutil.which("chromium")
    if not program:
        raise NoBrowser("There is no program named 'chromium'; scripts/browser installs it or says how.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
