"""The durable inbox: events are stored before they are acknowledged, and processed in order for each person.

A worker claims a person for a limited time (a lease). Several workers may share a PostgreSQL database: each skips those
whom another has claimed (SKIP LOCKED). When a worker dies, its claims expire.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import deadlines
from bot.channels.messenger.incoming import OF_THE_PERSON, EventContent, Incoming, MessengerEventKind
from bot.channels.messenger.models import MessengerEvent, MessengerThread
from bot.keys.sealing import Seal
from bot.keys.signing import key_for
from bot.known_channels import MESSENGER
from bot.storage.engine import session_scope

CLAIM = timedelta(seconds=deadlines.MESSENGER_CLAIM)
SETTLE = timedelta(seconds=0.2)  # an event's wait for earlier ones that are delivered after it
OPEN = (MessengerEvent.done_at.is_(None), MessengerEvent.set_aside_at.is_(None))
PURPOSE = "messenger"  # of the seal
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Thread:
    """A person's thread, a snapshot."""

    person: str
    conversation: str
    language: str | None
    heard_at: datetime
    held_until: datetime | None


@dataclass(frozen=True)
class Task:
    """An event to be processed.

    Attributes:
        key: its idempotency key.
        content: None where this server's key cannot decrypt it.
        replied: its replies are stored already; some of them may have been sent.
        tries: how many servers have died while they computed its replies.
        problem: why it failed when it was last processed.
    """

    id: int
    key: str
    kind: MessengerEventKind
    at: datetime
    received_at: datetime
    content: EventContent | None
    thread: Thread
    replied: bool
    tries: int
    problem: str | None


def conversation_of(person: str) -> str:
    """The id of a person's conversation, which does not reveal the person."""
    return f"{MESSENGER.name}-" + hmac.new(key_for("messenger"), person.encode(), hashlib.sha256).hexdigest()[:40]


def take(events: Sequence[Incoming], now: datetime) -> None:
    """Store events; idempotent by their keys."""
    seal = _seal()
    heard: dict[str, datetime] = {}
    for event in events:
        at = event.at if event.kind in OF_THE_PERSON else NEVER
        heard[event.person] = max(at, heard.get(event.person, at))
    threads = [
        {"person": person, "conversation_id": conversation_of(person), "heard_at": at}
        for person, at in sorted(heard.items())  # in one order everywhere, or two deliveries could deadlock
    ]
    rows = [
        {
            "key": event.key,
            "person": event.person,
            "kind": event.kind.value,
            "at": event.at,
            "received_at": now,
            "sealed": seal.close(event.content),
            "tries": 0,
        }
        for event in sorted({event.key: event for event in events}.values(), key=lambda event: event.key)
    ]
    with session_scope() as session:
        insert = (postgresql if session.connection().dialect.name == "postgresql" else sqlite).insert
        new = insert(MessengerThread).values(threads)
        there, now_heard = MessengerThread.heard_at, new.excluded.heard_at
        later = case((now_heard > there, now_heard), else_=there)
        session.execute(new.on_conflict_do_update(index_elements=["person"], set_={"heard_at": later}))
        session.execute(insert(MessengerEvent).values(rows).on_conflict_do_nothing(index_elements=["key"]))


def claim(worker: str, now: datetime) -> str | None:
    """Claim a person with waiting events who is neither claimed nor in back-off; None where there is nobody."""
    thread = MessengerThread
    free = or_(thread.claimed_until.is_(None), thread.claimed_until < now)
    rested = or_(thread.rests_until.is_(None), thread.rests_until <= now)
    waiting = exists().where(MessengerEvent.person == thread.person, MessengerEvent.received_at <= now - SETTLE, *OPEN)
    with session_scope() as session:
        first = select(thread.person).where(free, rested, waiting).order_by(thread.heard_at).limit(1)
        person: str | None = session.execute(first.with_for_update(skip_locked=True)).scalar_one_or_none()
        mine = {"claimed_by": worker, "claimed_until": now + CLAIM}
        # SQLite locks no rows; there this compare-and-set lets only one worker get the person.
        taken = session.execute(update(thread).where(thread.person == person, free).values(mine)) if person else None
        return person if taken is not None and taken.rowcount else None


def hold(worker: str, persons: Sequence[str], now: datetime) -> None:
    """Renew claims."""
    mine = (MessengerThread.claimed_by == worker, MessengerThread.person.in_(persons))
    with session_scope() as session:
        session.execute(update(MessengerThread).where(*mine).values(claimed_until=now + CLAIM))


def release(worker: str, person: str, now: datetime, rest: timedelta | None = None) -> None:
    """End a claim; the person's events are not tried before the rest (back-off) is over."""
    free: dict[str, datetime | None] = {"claimed_by": None, "claimed_until": None}
    if rest:
        free["rests_until"] = now + rest
    with session_scope() as session:
        mine = (MessengerThread.claimed_by == worker, MessengerThread.person == person)
        session.execute(update(MessengerThread).where(*mine).values(free))


def release_all() -> None:
    """End the claims of dead workers; only where no other worker can run, which means on SQLite."""
    with session_scope() as session:
        if session.connection().dialect.name == "sqlite":
            session.execute(update(MessengerThread).values(claimed_by=None, claimed_until=None))


def begin_next(person: str, now: datetime) -> Task | None:
    """The person's next event; None where nothing waits, or the event has only just come (`SETTLE`)."""
    with session_scope() as session:
        waiting = select(MessengerEvent).where(MessengerEvent.person == person, *OPEN)
        event = session.execute(waiting.order_by(MessengerEvent.at, MessengerEvent.id).limit(1)).scalar_one_or_none()
        if event is None or event.received_at > now - SETTLE:
            return None
        return Task(
            id=event.id,
            key=event.key,
            kind=MessengerEventKind(event.kind),
            at=event.at,
            received_at=event.received_at,
            content=_seal().open(event.sealed),
            thread=_thread(session, person),
            replied=event.replied_at is not None,
            tries=event.tries,
            problem=event.problem,
        )


def last_heard(person: str, until: datetime) -> datetime | None:
    """When a person last wrote, up to `until`; None where that is not known."""
    kinds = [kind.value for kind in OF_THE_PERSON]
    of_it = (MessengerEvent.person == person, MessengerEvent.kind.in_(kinds), MessengerEvent.at <= until)
    with session_scope() as session:
        latest = select(MessengerEvent.at).where(*of_it).order_by(MessengerEvent.at.desc()).limit(1)
        found: datetime | None = session.execute(latest).scalar_one_or_none()
        return found


def hold_thread(person: str, until: datetime | None) -> None:
    """Let people hold the thread until then; None: the assistant holds it."""
    with session_scope() as session:
        session.execute(update(MessengerThread).where(MessengerThread.person == person).values(held_until=until))


def speak(person: str, language: str) -> None:
    """Store the language that a link chose."""
    with session_scope() as session:
        session.execute(update(MessengerThread).where(MessengerThread.person == person).values(language=language))


def _thread(session: Session, person: str) -> Thread:
    row = session.get(MessengerThread, person)
    return Thread(person, row.conversation_id, row.language, row.heard_at, row.held_until)


def _seal() -> Seal:
    return Seal(PURPOSE)
