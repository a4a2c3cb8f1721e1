"""How long the console's pages of figures take with a year's data: `python -m benchmarks.figures_year [--postgres]`.

Two million turns in half a million conversations, as counts and as facts of conversations, with the shape of real days;
seeded, so that it is the same each time.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy
from sqlalchemy import insert
from starlette.testclient import TestClient

from bot.clock import RIGA
from bot.console.console_app import console_app
from bot.console.figures_worker import work
from bot.domain_names import Intent
from bot.figures.counted_things import OUTCOMES, QUARTER, Counted, CountKey, quarter_of
from bot.figures.folding import fold
from bot.figures.models import ConversationFacts, FigureCount
from bot.schema.upgrading import upgrade
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import session_scope
from harness.throwaway_postgres import postgres

TURNS, TURNS_OF_CONVERSATION, DAYS = 2_000_000, 4, 365
AT_ONCE = 50_000  # rows
GROUPS = (("web", "lv", 0.6), ("web", "en", 0.1), ("messenger", "lv", 0.2), ("phone", "lv", 0.1))
SHARES = (0.01, 0.05, 0.1, 0.06, 0.03, 0.75)  # of OUTCOMES
TIMES, GOAL = 5, 0.3  # requests of each page; seconds
PAGES = (
    "/figures?period=today",
    "/figures?period=yesterday",
    "/figures?period=week",
    "/figures?period=thirty-days",
    "/figures?period=year",
    "/figures?period=year&channel=web&language=lv",
    "/surges",
)


def busyness(at: datetime) -> float:
    """How many turns there are at a time of the day, compared with noon of a working day."""
    local = at.astimezone(RIGA)
    by_day = 0.05 if local.hour < 6 else 0.4 if local.hour < 8 or local.hour >= 21 else 1.0
    return by_day * (0.5 if local.weekday() >= 5 else 1.0)


def counts(now: datetime) -> Iterator[dict[CountKey, int]]:
    """The counts of each quarter of an hour of a year."""
    chance = numpy.random.default_rng(1)
    moments = [quarter_of(now) - number * QUARTER for number in range(DAYS * 96, -1, -1)]
    weights = numpy.array([busyness(at) for at in moments])
    turns = chance.poisson(weights / weights.sum() * TURNS)
    topics = sorted(Intent)
    of_topics = 1 / numpy.arange(1, len(topics) + 1)
    for at, number in zip(moments, turns, strict=True):
        found: Counter[CountKey] = Counter()
        of_groups = chance.multinomial(number, [share for *_, share in GROUPS])
        for (channel, language, _), of_group in zip(GROUPS, of_groups, strict=True):
            of_it = (channel, language)
            found[CountKey(at, Counted.TURN, "", *of_it)] = int(of_group)
            found[CountKey(at, Counted.CONVERSATION, "", *of_it)] = int(of_group) // TURNS_OF_CONVERSATION
            for what, count in zip(OUTCOMES, chance.multinomial(of_group, SHARES), strict=True):
                found[CountKey(at, what, "", *of_it)] = int(count)
            for topic, count in zip(topics, chance.multinomial(of_group, of_topics / of_topics.sum()), strict=True):
                found[CountKey(at, Counted.TOPIC, topic, *of_it)] = int(count)
        yield {key: count for key, count in found.items() if count}


def fill(now: datetime) -> dict[str, int]:
    """Write a year; returns the number of rows by table."""
    rows: list[dict[str, Any]] = []
    written = 0
    for some in counts(now):
        rows += [{**key._asdict(), "count": count} for key, count in some.items()]
        if len(rows) > AT_ONCE:
            written += _write(FigureCount, rows)
    written += _write(FigureCount, rows)
    facts = {"turns": 4, "answered": 3, "asked_back": 1, "not_understood": 0, "out_of_scope": 0, "failed": 0}
    facts |= {"channel": "web", "language": "lv", "first_topic": Intent.ASK_CONTACT, "handed_over": False}  # type: ignore[dict-item]
    talks = TURNS // TURNS_OF_CONVERSATION
    for first in range(0, talks, AT_ONCE):
        moments = [
            now - timedelta(days=DAYS) * (number / talks) for number in range(first, min(first + AT_ONCE, talks))
        ]
        of_them = [
            {"conversation_id": f"c{first + place}", "begun_at": at, "last_at": at, **facts}
            for place, at in enumerate(moments)
        ]
        _write(ConversationFacts, of_them)
    return {FigureCount.__tablename__: written, ConversationFacts.__tablename__: talks}


def _write(table: Any, rows: list[dict[str, Any]]) -> int:
    with session_scope() as session:
        session.execute(insert(table.__table__), rows)
    count = len(rows)
    rows.clear()
    return count


def measure() -> dict[str, float]:
    """The median seconds of each page, on the server without a browser."""
    with session_scope() as session:
        token = begin_session(session, add_account(session, "lead", "Lead", StaffRole).id)
    cookies = {"staff": token, "language": "lv"}
    browser = TestClient(console_app(), base_url="http://127.0.0.1:5010", cookies=cookies)
    found = {}
    for page in PAGES:
        seconds = []
        for _ in range(TIMES + 1):
            began = time.perf_counter()
            browser.get(page).raise_for_status()
            seconds.append(time.perf_counter() - began)
        found[page] = median(seconds[1:])
    return found


def _seconds(do: Any, *arguments: Any) -> float:
    began = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - began


@contextmanager
def _database(*, on_postgres: bool) -> Iterator[str]:
    if on_postgres:
        with postgres(durable=True) as url:
            yield url
    else:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'year.db'}"


def _fold_all(now: datetime) -> None:
    done = 1
    while done:
        with session_scope() as session:
            done = fold(session, now)


def main() -> None:
    """Fill, measure and print; the status is 1 if a page takes longer than the goal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    now = datetime.now(UTC)
    with _database(on_postgres=parser.parse_args().postgres) as url:
        os.environ["DATABASE_URL"] = url
        upgrade(url)
        print(f"rows: {fill(now)}", flush=True)
        print(f"all days summed: {_seconds(_fold_all, now):.1f} s", flush=True)
        print(f"a look for surges: {_seconds(work, now) * 1000:.0f} ms", flush=True)
        if url.startswith("sqlite"):
            print(f"file: {Path(url.removeprefix('sqlite:///')).stat().st_size / 1e6:.0f} MB", flush=True)
        found = measure()
    for page, seconds in found.items():
        print(f"{page}: {seconds * 1000:.0f} ms")
    raise SystemExit(max(found.values()) > GOAL)


if __name__ == "__main__":
    main()
