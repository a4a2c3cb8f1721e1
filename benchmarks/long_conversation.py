"""Whether long conversations slow the chat down: from Enter to the visitor's message on the screen, and to the reply.

After 10 messages and after 300, in the same run, in Chromium with the real servers. Earlier messages are put into the
history that the page reads: to say them all would take the rate limit an hour.
"""

import json
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, Route

from benchmarks.chat_replies import QUESTIONS
from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from harness.browser import chromium
from harness.served import serve

FEW, MANY = 10, 300
TURNS, WARM_UP, IN_A_CONVERSATION = 60, 10, 10
MOST = 2.0  # times as long after MANY messages as after FEW
# Runs in the page: from the key to the frame after the customer's message, and to that after the reply.
CLOCK = """() => {
    const root = document.querySelector("elektrum-chat").shadowRoot;
    const shown = (who) => root.querySelectorAll(`.message.${who}`).length;
    window.waited = [];
    root.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        const pressed = performance.now();
        const before = { customer: shown("customer"), assistant: shown("assistant") };
        const taken = {};
        const watcher = new MutationObserver(() => {
            for (const who of ["customer", "assistant"]) {
                if (who in taken || shown(who) === before[who]) continue;
                taken[who] = 0;
                requestAnimationFrame(() => setTimeout(() => {
                    taken[who] = performance.now() - pressed;
                    if (who === "assistant") window.waited.push(taken);
                }));
                if (who === "assistant") watcher.disconnect();
            }
        });
        watcher.observe(root, { childList: true, subtree: true });
    }, true);
}"""


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Ask `TURNS` questions after `FEW` and after `MANY` messages."""
    figures: dict[str, Any] = {}
    with TemporaryDirectory(prefix="benchmarks-") as folder, chromium() as browser:
        tell("Starting the assistant …")
        served = serve(Path(folder), BOT_AS_OF="2020-03-25")
        try:
            for messages in (FEW, MANY):
                tell(f"Asking {TURNS} questions after {messages} messages …")
                taken = list(islice(_asked(browser, served.url, messages), WARM_UP, WARM_UP + TURNS))
                figures[str(messages)] = {who: median(each[who] for each in taken) for who in ("customer", "assistant")}
        finally:
            served.stop()
    few, many = figures[str(FEW)], figures[str(MANY)]
    ratios = {who: many[who] / few[who] for who in few}
    figures["ratios"] = ratios
    names = {"customer": "Enter to one's own message", "assistant": "Enter to the reply"}
    return Outcome(
        columns=("median, ms", f"after {FEW} messages", f"after {MANY}", "ratio"),
        rows=tuple(
            (name, f"{few[who]:.1f}", f"{many[who]:.1f}", f"× {ratios[who]:.2f}") for who, name in names.items()
        ),
        figures=figures,
        goals=tuple(
            Goal(f"{name} after {MANY} messages: below {MOST} times as long", f"{ratios[who]:.2f}", ratios[who] < MOST)
            for who, name in names.items()
        ),
    )


def _asked(browser: Browser, url: str, messages: int) -> Iterator[dict[str, float]]:
    """Milliseconds until the visitor's message, and until the reply, in conversations of `IN_A_CONVERSATION`."""
    questions = cycle(QUESTIONS)
    while True:
        context = browser.new_context()
        page = context.new_page()
        page.route("**/history", lambda route: _lengthen(route, messages))
        page.goto(url)
        page.locator("elektrum-chat .launcher").click()
        _ask(page, next(questions))
        page.locator("elektrum-chat .message.assistant").wait_for()
        page.reload()
        page.wait_for_function(
            "n => document.querySelector('elektrum-chat').shadowRoot.querySelectorAll('.message').length > n",
            arg=messages,
        )
        page.evaluate(CLOCK)
        for n, question in enumerate(islice(questions, IN_A_CONVERSATION - 1), 1):
            _ask(page, question)
            page.wait_for_function("n => window.waited.length >= n", arg=n)
            yield page.evaluate("window.waited.at(-1)")
        context.close()


def _ask(page: Page, question: str) -> None:
    field = page.locator("elektrum-chat textarea")
    field.fill(question)
    field.press("Enter")


def _lengthen(route: Route, messages: int) -> None:
    """Prepend copies of the existing messages."""
    answer = route.fetch()
    there = answer.json()["messages"]
    earlier = [{**each, "id": f"{n}-{each['id']}"} for n in range(messages) for each in there][: messages - len(there)]
    route.fulfill(response=answer, body=json.dumps({"messages": earlier + there}))
