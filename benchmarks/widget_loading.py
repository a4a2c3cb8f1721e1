"""The transfer size of the widget, and how long a page with it takes until the chat can be opened.

On loopback, and with a slow mobile connection emulated by Chromium. The baseline in the same run is the same page
without the widget.
"""

import re
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import requests
from playwright.sync_api import Browser, Page, Response

from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from harness.browser import chromium
from harness.served import serve
from harness.widget_size import MOST_BYTES

LOADS = 15
MOST_MS = 2_000
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}  # ms, bytes/s
SCRIPT = re.compile(r'<script[^>]*elektrum-chat\.js"></script>|<elektrum-chat.*</elektrum-chat>')
# Runs before the page's own scripts.
CLOCK = "customElements.whenDefined('elektrum-chat').then(() => performance.mark('chat'))"


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Load the page `LOADS` times in each way."""
    with TemporaryDirectory(prefix="benchmarks-") as folder, chromium() as browser:
        tell("Starting the assistant …")
        served = serve(Path(folder), BOT_AS_OF="2020-03-25")
        try:
            figures: dict[str, Any] = {"bytes": _bytes(browser, served.url)}
            for connection, conditions in (("loopback", None), ("slow", SLOW)):
                tell(f"Loading the page, {connection} …")
                figures[connection] = _times(browser, served.url, conditions)
        finally:
            served.stop()
    size, slow = figures["bytes"], figures["slow"]
    return Outcome(
        columns=("median, ms", "without the widget", "first visit", "next visit"),
        rows=tuple(
            (connection, *(f"{figures[connection][way]:.0f}" for way in ("without", "first", "next")))
            for connection in ("loopback", "slow")
        ),
        figures=figures,
        goals=(
            Goal(f"the widget's files, compressed: below {MOST_BYTES} bytes", f"{size}", size < MOST_BYTES),
            Goal(
                f"first visit, slow connection: below {MOST_MS} ms", f"{slow['first']:.0f} ms", slow["first"] < MOST_MS
            ),
        ),
    )


def _bytes(browser: Browser, url: str) -> int:
    """The transfer size of the bodies of the widget's files."""
    page = _page(browser, None)
    files: list[Response] = []
    page.on("response", lambda answer: files.append(answer) if "/widget/" in answer.url else None)
    page.goto(url)
    _ready(page)
    total = sum(answer.request.sizes()["responseBodySize"] for answer in files)
    page.context.close()
    return total


def _times(browser: Browser, url: str, conditions: dict[str, Any] | None) -> dict[str, float]:
    """Medians of milliseconds from the click on a link to the chat that can be opened, or to the page without it."""
    without = SCRIPT.sub("", requests.get(url, timeout=10).text)
    taken: dict[str, list[float]] = {"without": [], "first": [], "next": []}
    for _ in range(LOADS):
        page = _page(browser, conditions)
        page.goto(url)
        taken["first"].append(_ready(page))
        page.goto("about:blank")
        page.goto(url)
        taken["next"].append(_ready(page))
        page.context.close()
        page = _page(browser, conditions)
        page.route(url, lambda route: route.fulfill(body=without, content_type="text/html"))
        page.goto(url)
        taken["without"].append(page.evaluate("performance.timing.domContentLoadedEventEnd - performance.timeOrigin"))
        page.context.close()
    return {way: median(times) for way, times in taken.items()}


def _page(browser: Browser, conditions: dict[str, Any] | None) -> Page:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(CLOCK)
    if conditions:
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
    return page


def _ready(page: Page) -> float:
    """Milliseconds after which the chat could be opened."""
    page.wait_for_function("performance.getEntriesByName('chat').length")
    return float(page.evaluate("performance.getEntriesByName('chat')[0].startTime"))
