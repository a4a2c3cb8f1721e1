"""The latency for a visitor of the website: from Enter to the reply on the screen, in Chromium, with the real servers.

The baseline in the same run is the same question over HTTP without a browser; the difference is the widget's share.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from playwright.sync_api import Browser, Page

from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from benchmarks.times import spread
from harness.browser import chromium
from harness.served import serve

TURNS, WARM_UP, IN_A_CONVERSATION = 200, 20, 10
MOST_MS, MOST_OF_THE_WIDGET_MS = 500, 100  # p95, and the difference of the medians
QUESTIONS = (
    "Vai mani atslēgs, ja kavēšu maksājumu?",
    "Is the Riga service centre open?",
    "kad atvers muzeju kegumaa",
    "Can I pay later?",
    "Kā ar Jums sazināties?",
    "Will there be a penalty?",
    "Vai ražotni var apmeklēt?",
    "Where do I report a power cut?",
)
# Runs in the page: from the key to the frame after the reply has come.
CLOCK = """() => {
    const root = document.querySelector("elektrum-chat").shadowRoot;
    const replies = () => root.querySelectorAll(".message.assistant").length;
    let pressed = 0;
    let before = 0;
    window.waited = [];
    root.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        pressed = performance.now();
        before = replies();
    }, true);
    new MutationObserver(() => {
        if (!pressed || replies() === before) return;
        const since = pressed;
        pressed = 0;
        requestAnimationFrame(() => setTimeout(() => window.waited.push(performance.now() - since)));
    }).observe(root, { childList: true, subtree: true });
}"""


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Ask `TURNS` questions in the browser and as many over HTTP."""
    with TemporaryDirectory(prefix="benchmarks-") as folder, chromium() as browser:
        tell("Starting the assistant …")
        served = serve(Path(folder), BOT_AS_OF="2020-03-25")
        try:
            tell(f"Asking {TURNS} questions in the browser …")
            seen = spread(_measured(_on_screen(browser, served.url)))
            tell(f"Asking {TURNS} questions over HTTP …")
            heard = spread(_measured(_over_http(served.url)))
        finally:
            served.stop()
    figures: dict[str, Any] = {"Enter to the reply on the screen": seen, "the same over HTTP": heard}
    own = seen["p50"] - heard["p50"]
    return Outcome(
        columns=("a question on the website", "p50, ms", "p95, ms", "as the peer"),
        rows=tuple(
            (name, f"{one['p50']:.1f}", f"{one['p95']:.1f}", f"× {one['p50'] / heard['p50']:.2f}")
            for name, one in figures.items()
        ),
        figures=figures,
        goals=(
            Goal(
                f"Enter to the reply on the screen: p95 below {MOST_MS} ms",
                f"{seen['p95']:.0f} ms",
                seen["p95"] < MOST_MS,
            ),
            Goal(
                f"the widget's own part: below {MOST_OF_THE_WIDGET_MS} ms", f"{own:.0f} ms", own < MOST_OF_THE_WIDGET_MS
            ),
        ),
    )


def _measured(times: Iterator[float]) -> list[float]:
    return list(islice(times, WARM_UP, WARM_UP + TURNS))


def _on_screen(browser: Browser, url: str) -> Iterator[float]:
    """Milliseconds of each question, in conversations of `IN_A_CONVERSATION`."""
    questions = cycle(QUESTIONS)
    while True:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        page.locator("elektrum-chat .launcher").click()
        page.evaluate(CLOCK)
        for n, question in enumerate(islice(questions, IN_A_CONVERSATION), 1):
            yield _ask(page, question, n)
        context.close()


def _ask(page: Page, question: str, n: int) -> float:
    field = page.locator("elektrum-chat textarea")
    field.fill(question)
    field.press("Enter")
    page.wait_for_function("n => window.waited.length >= n", arg=n)
    return float(page.evaluate("window.waited.at(-1)"))


def _over_http(url: str) -> Iterator[float]:
    questions = cycle(QUESTIONS)
    while True:
        with requests.Session() as http:
            session = http.post(f"{url}session", json={"language": "lv"}, timeout=10).json()["session"]
            http.headers["Authorization"] = f"Bearer {session}"
            for question in islice(questions, IN_A_CONVERSATION):
                began = time.perf_counter()
                answer = http.post(f"{url}messages", json={"id": str(uuid.uuid4()), "text": question}, timeout=10)
                answer.raise_for_status()
                yield (time.perf_counter() - began) * 1000
