"""One agent with thirty conversations at once: how long the console takes for pages, and until an event is seen.

Each conversation has 40 messages between customer and agent, and 20 turns with the assistant before them. The console
is served as it really is (uvicorn), in this process, which also asks; on each database.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from benchmarks.times import spread, taken
from bot.desk import desk_events
from bot.desk.claiming import claim, renew
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.domain_names import Intent
from bot.knowledge.fact_store import bring_in
from bot.knowledge.validation import load_folder
from bot.rasa.conversation_models import ConversationEvent
from bot.schema.upgrading import upgrade
from bot.settings.servers import DATABASE_URL
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import StaffPerson, add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import engine_for, session_scope
from harness.console import Stream, served
from harness.throwaway_postgres import postgres

CONVERSATIONS, MESSAGES, TURNS = 30, 40, 20  # of an agent; of each with the agent, and before with the assistant
TIMES, EVENTS = 60, 60
MOST_MS, MOST_SEEN_MS = 300.0, 500.0  # p95
SAID = "Vai Rīgas centrs ir slēgts, un kad tas atkal būs atvērts?"
PARSED = {"text": SAID, "intent": {"name": Intent.ASK_CONTACT.value, "confidence": 0.9}}


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Measure on both databases."""
    databases: dict[str, Callable[[], AbstractContextManager[str]]] = {"SQLite": _sqlite, "PostgreSQL": _postgres}
    figures: dict[str, dict[str, dict[str, float]]] = {}
    before = os.environ.get(DATABASE_URL.name)
    for name, database in databases.items():
        with database() as url:
            tell(f"{CONVERSATIONS} conversations of {MESSAGES} messages on {name} …")
            DATABASE_URL.put(url)
            try:
                figures[name] = _measured()
            finally:
                engine_for(url).dispose()
                os.environ.pop(DATABASE_URL.name)
                if before is not None:
                    DATABASE_URL.put(before)
    rows = tuple(
        (name, what, *(f"{figures[name][what][column]:.0f}" for column in ("p50", "p95", "longest")))
        for name in figures
        for what in figures[name]
    )
    return Outcome(("database", "milliseconds", "p50", "p95", "longest"), rows, figures, tuple(_goals(figures)))


def _goals(figures: dict[str, dict[str, dict[str, float]]]) -> Iterator[Goal]:
    for name, found in figures.items():
        for what, times in found.items():
            most = MOST_SEEN_MS if what == "event seen" else MOST_MS
            yield Goal(f"{what} on {name}: p95 below {most:.0f} ms", f"{times['p95']:.0f} ms", times["p95"] < most)


def _measured() -> dict[str, dict[str, float]]:
    person, token, references = _filled()
    over = threading.Event()
    keeping = threading.Thread(target=_keep, args=(person, over))
    keeping.start()
    try:
        with served() as url, requests.Session() as browser:
            browser.cookies.set("staff", token)
            one = f"/desk/{references[0]}"
            asked = {
                "queue page": "/desk?show=mine",
                "queue list": "/desk/list?show=mine",
                "list beside a conversation": f"/desk/mine?current={references[0]}",
                "conversation page": one,
                "its new events": f"{one}/events?after={MESSAGES * CONVERSATIONS}",
                "its state": f"{one}/state",
                "its draft": f"{one}/drafted",
            }
            found = {}
            for what, path in asked.items():
                _get(browser, url + path)  # connections and caches
                found[what] = spread([taken(_get, browser, url + path) for _ in range(TIMES)])
            return {**found, "event seen": spread(_seen(url, token))}
    finally:
        over.set()
        keeping.join()


def _seen(url: str, token: str) -> list[float]:
    """Milliseconds from a customer's message to its event in the agent's stream."""
    with session_scope() as session:
        after = desk_events.latest_number(session)
    stream, times = Stream(url, token, after=after), []
    for number in range(EVENTS):
        began = time.perf_counter()
        with session_scope() as session:
            wanted = desk_events.customer_said(session, _name(number % CONVERSATIONS), SAID, f"late-{number}")
        while stream.number() != wanted:
            pass
        times.append((time.perf_counter() - began) * 1000)
    stream.close()
    return times


def _get(browser: requests.Session, address: str) -> None:
    answer = browser.get(address, timeout=30)
    if answer.status_code != requests.codes.ok:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _filled() -> tuple[StaffPerson, str, list[str]]:
    upgrade(DATABASE_URL.value())
    with session_scope() as session:
        bring_in(session, load_folder())
        person = add_account(session, "anna", "Anna", [StaffRole.AGENT])
        token = begin_session(session, person.id)
    return person, token, [_conversation(person, number) for number in range(CONVERSATIONS)]


def _conversation(person: StaffPerson, number: int) -> str:
    name = _name(number)
    with session_scope() as session:
        reference = open_request(session, RequestKind.PERSON, Origin(name, "web", "lv")).reference
        for position in range(0, 2 * TURNS, 2):
            for kind, more in (("user", {"parse_data": PARSED}), ("bot", {"data": {}, "metadata": {}})):
                at = position + (kind == "bot")
                data = json.dumps({"event": kind, "text": SAID, **more})
                row: dict[str, Any] = {"position": at, "type_name": kind, "timestamp": time.time() - 3600 + at}
                session.add(ConversationEvent(sender_id=name, data=data, **row))
        claim(session, reference, person.id, person.name)
        for message in range(MESSAGES // 2):
            desk_events.customer_said(session, name, SAID, f"{message}", understood=json.dumps(PARSED))
            desk_events.agent_said(session, reference, person.id, SAID, f"{message}")
    return reference.number


def _name(number: int) -> str:
    return f"web-many-{number}"


def _keep(person: StaffPerson, over: threading.Event) -> None:
    while not over.wait(5.0):
        with session_scope() as session:
            renew(session, person.id)


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        yield f"sqlite:///{Path(folder) / 'desk.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    with postgres(durable=True) as url:
        yield url
