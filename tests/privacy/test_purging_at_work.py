"""A large purge while customers write: it does not block them, and it may be interrupted."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.erasure.erasing import AT_ONCE, Erased, purge
from bot.schema.tables import ConversationEvent, PrivacyAudit, WebTurn
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
BATCHES, EVENTS = 6, 8
CONVERSATIONS = AT_ONCE * BATCHES


@pytest.fixture
def old(database: str) -> str:
    """Many old conversations with as many turns on the website; returns the URL of their database."""
    events = [
        {"sender_id": f"c{n}", "position": at, "type_name": "user", "timestamp": LONG_AGO.timestamp(), "data": "{}"}
        for n in range(CONVERSATIONS)
        for at in range(EVENTS)
    ]
    turns = [
        {"conversation_id": f"c{n}", "message_id": "m", "address": "x", "began_at": LONG_AGO}
        for n in range(CONVERSATIONS)
    ]
    with session_scope() as session:
        session.execute(insert(ConversationEvent.__table__), events)
        session.execute(insert(WebTurn.__table__), turns)
    return database


def purge_with(transaction: object) -> Erased:
    return purge(transaction, NOW - timedelta(days=30), "30d", "operator", NOW)  # type: ignore[arg-type]


def count(table: type) -> int:
    with session_scope() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def test_all_batches_are_counted(old: str) -> None:
    erased = purge_with(session_scope)
    assert (erased["events"], erased["web_turns"]) == (CONVERSATIONS * EVENTS, CONVERSATIONS)
    assert (count(ConversationEvent), count(WebTurn)) == (0, 0)


def test_customers_get_to_write_again_and_again(old: str) -> None:
    """If the whole purge blocked them, they could write once at most."""
    done = threading.Event()

    def purging() -> None:
        purge_with(session_scope)
        done.set()

    thread, written = threading.Thread(target=purging), 0
    thread.start()
    while not done.is_set():
        with session_scope() as session:
            event = {"sender_id": "new", "position": written, "type_name": "user", "timestamp": NOW.timestamp()}
            session.add(ConversationEvent(**event, data="{}"))
        written += 1
        time.sleep(0.001)
    thread.join()
    assert written > BATCHES
    assert count(ConversationEvent) == written


class PowerCut(Exception):
    """Stands for anything that interrupts a purge."""


def test_what_was_erased_before_it_was_broken_off_stands_in_the_audit(old: str) -> None:
    begun = 0

    @contextmanager
    def breaking() -> Iterator[Session]:
        nonlocal begun
        begun += 1
        with session_scope() as session:
            yield session
            if begun == BATCHES:
                raise PowerCut

    with pytest.raises(PowerCut):
        purge_with(breaking)
    left = count(ConversationEvent)
    with session_scope() as session:
        noted = session.execute(select(PrivacyAudit.erased)).scalar_one()
    assert 0 < left < CONVERSATIONS * EVENTS
    assert noted == {"events": CONVERSATIONS * EVENTS - left}


def test_a_conversation_that_goes_on_meanwhile_stays(old: str) -> None:
    begun = 0

    @contextmanager
    def going_on() -> Iterator[Session]:
        nonlocal begun
        begun += 1
        if begun == 3:  # the conversations to erase are known by now, and the first ones are erased
            with session_scope() as session:
                latest = {"sender_id": last, "position": EVENTS, "type_name": "user", "timestamp": NOW.timestamp()}
                session.add(ConversationEvent(**latest, data="{}"))
        with session_scope() as session:
            yield session

    with session_scope() as session:
        last = session.execute(select(func.max(ConversationEvent.sender_id))).scalar_one()
    purge_with(going_on)
    with session_scope() as session:
        assert session.execute(select(ConversationEvent.sender_id)).scalars().all() == [last] * (EVENTS + 1)
