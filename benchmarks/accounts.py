"""The latency of an answer about an account, and of the identity verification before it."""

from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import text

from benchmarks.conversations import Conversations, Phone
from benchmarks.customers import TODAY, numbers
from benchmarks.databases import Databases, Filled
from benchmarks.outcome import Goal, Outcome
from benchmarks.times import spread, taken
from bot.accounts.senders import Delivery
from bot.replies.account_answers import AFTER, account_answer
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

ANSWERS, WARM_UP = 600, 50
MOST_MS = 150  # p95 of each part, and of all together
PEER = "SELECT 1"  # the minimal database query
PARTS = {"proof": "number and code", "answer": "answer", "whole": "number, code and answer", "peer": PEER}


def run(databases: Databases, tell: Callable[[str], None]) -> Outcome:
    """Ask about randomly chosen accounts on either database; a goal is missed if p95 is not below `MOST_MS`."""
    figures: dict[str, dict[str, Any]] = {}
    for name, filled in databases.filled.items():
        tell(f"Asking {ANSWERS} customers' questions on {name} …")
        times = _measured(filled)
        figures[name] = {part: spread(times[part]) for part in PARTS}
        figures[name] |= {"filling_seconds": filled.seconds, "contracts": filled.contracts}
        tell(f"{name} was filled with {filled.contracts:,} contracts in {filled.seconds:.0f} s.")
    return Outcome(
        columns=("", "database", "p50, ms", "p95, ms", "as the first"),
        rows=tuple(_row(figures, part, name) for part in PARTS for name in figures),
        figures=figures,
        goals=tuple(
            Goal(
                f"{PARTS[part]} on {name}: p95 below {MOST_MS} ms",
                f"{figures[name][part]['p95']:.1f} ms",
                figures[name][part]["p95"] < MOST_MS,
            )
            for name in figures
            for part in ("answer", "whole")
        ),
    )


def _row(figures: dict[str, dict[str, Any]], part: str, name: str) -> tuple[str, ...]:
    one, first = figures[name][part], next(iter(figures.values()))[part]
    return PARTS[part], name, f"{one['p50']:.1f}", f"{one['p95']:.1f}", f"× {one['p50'] / first['p50']:.2f}"


def _measured(filled: Filled) -> dict[str, list[float]]:
    """Milliseconds of each part, without those of the warm-up."""
    phone, random = Phone(), Random(25)  # noqa: S311  (a choice, not a secret)
    delivery = Delivery(phone, None, pause=0)
    conversations = Conversations(filled.url, delivery)
    with session_scope(filled.url) as session:
        chosen = random.sample(numbers(session, with_phone=True), ANSWERS + WARM_UP)
    times: dict[str, list[float]] = {part: [] for part in PARTS}
    for place, number in enumerate(chosen):
        question, language = random.choice(list(AFTER)), random.choice(LANGUAGES)
        said, name = {"lv": "mans līgums ir", "en": "my contract is"}[language], f"accounts-{place}"
        asked = taken(conversations.begin, name, question, f"{said} {number}", language)
        code = phone.code()
        proven = taken(conversations.go_on, name, code, language)
        answered = taken(_answer, conversations, filled.url, number, question, language)
        peer = taken(_peer, filled.url)
        for part, time in zip(PARTS, (asked + proven, answered, asked + proven + answered, peer), strict=True):
            times[part].append(time)
    delivery.close()
    return {part: taken_by[WARM_UP:] for part, taken_by in times.items()}


def _answer(conversations: Conversations, url: str, number: str, question: str, language: str) -> str:
    account = conversations.source.account(number)
    if account is None:
        raise LookupError(f"There is no account {number}.")
    with session_scope(url) as session:
        return account_answer(session, [question], [account], language, TODAY).text


def _peer(url: str) -> None:
    with session_scope(url) as session:
        session.execute(text(PEER)).scalar_one()
