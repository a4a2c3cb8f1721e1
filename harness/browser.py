"""Headless Chromium, for the tests and the benchmarks."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# The headless shell is the same engine, with a third of the work for each page; not every system has it.
PROGRAMS = ("chromium-headless-shell", "chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class NoBrowser(RuntimeError):
    """There is no Chromium; the message says what to do."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium.

    Raises:
        NoBrowser: there is none.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        raise NoBrowser(
            f"There is none of the programs {' and '.join(PROGRAMS)}; scripts/browser installs one or says how."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
