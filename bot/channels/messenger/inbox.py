"""The durable inbox: events are kept before they are acknowledged, and worked in order for each person.

A worker claims a person for a while. Several workers may share a PostgreSQL database; whoever is claimed is passed over
(SKIP LOCKED), and whoever's worker has died is free again when the claim runs out.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.channels.messenger.incoming import OF_THE_PERSON, Incoming, Kind
from bot.sealing import Seal
from bot.signing import key_for
from bot.storage.engine import session_scope
from bot.storage.messenger_models import MessengerEvent, MessengerReply, MessengerThread

CLAIM = timedelta(seconds=15)
SETTLE = timedelta(seconds=0.2)  # that an event waits for one that happened before and is delivered after it
MOST_TRIES = 5
PAUSES = [timedelta(seconds=seconds) for seconds in (1, 3, 10, 30)]  # after each failure
OPEN = (MessengerEvent.done_at.is_(None), MessengerEvent.set_aside_at.is_(None))
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Item = dict[str, Any]


@dataclass(frozen=True)
class Thread:
    """A person's thread, as it stood when it was read."""

    person: str
    conversation: str
    language: str | None
    heard_at: datetime
    held_until: datetime | None


@dataclass(frozen=True)
class Task:
    """An event to be worked; `replied`: its replies are there already, and only some of them may have been sent."""

    id: int
    kind: Kind
    at: datetime
    content: dict[str, Any] | None
    thread: Thread
    replied: bool


def conversation_of(person: str) -> str:
    """The id of a person's conversation, which does not tell who it is."""
    return "messenger-" + hmac.new(key_for("messenger"), person.encode(), hashlib.sha256).hexdigest()[:40]


def take(events: Sequence[Incoming], now: datetime) -> None:
    """Keep events; those that are there already change nothing."""
    seal = _seal()
    heard: dict[str, datetime] = {}
    for event in events:
        at = event.at if event.kind in OF_THE_PERSON else NEVER
        heard[event.person] = max(at, heard.get(event.person, at))
    threads = [
        {"person": person, "conversation_id": conversation_of(person), "heard_at": at}
        for person, at in sorted(heard.items())  # in one order everywhere, or two deliveries could wait for each other
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
    """Claim a person whose events wait, who is neither claimed nor resting; None where there is nobody."""
    thread = MessengerThread
    free = or_(thread.claimed_until.is_(None), thread.claimed_until < now)
    rested = or_(thread.rests_until.is_(None), thread.rests_until <= now)
    waiting = exists().where(MessengerEvent.person == thread.person, MessengerEvent.received_at <= now - SETTLE, *OPEN)
    with session_scope() as session:
        first = select(thread.person).where(free, rested, waiting).order_by(thread.heard_at).limit(1)
        person: str | None = session.execute(first.with_for_update(skip_locked=True)).scalar_one_or_none()
        mine = {"claimed_by": worker, "claimed_until": now + CLAIM}
        # SQLite locks no rows; there the condition makes sure that only one worker gets the person.
        taken = session.execute(update(thread).where(thread.person == person, free).values(mine)) if person else None
        return person if taken is not None and taken.rowcount else None


def hold(worker: str, persons: Sequence[str], now: datetime) -> None:
    """Keep a claim for longer."""
    mine = (MessengerThread.claimed_by == worker, MessengerThread.person.in_(persons))
    with session_scope() as session:
        session.execute(update(MessengerThread).where(*mine).values(claimed_until=now + CLAIM))


def release(worker: str, person: str, now: datetime, rest: timedelta | None = None) -> None:
    """End a claim; nothing of the person is tried before the rest is over."""
    free: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
    if rest:
        free["rests_until"] = now + rest
    with session_scope() as session:
        mine = (MessengerThread.claimed_by == worker, MessengerThread.person == person)
        session.execute(update(MessengerThread).where(*mine).values(free))


def release_all() -> None:
    """End the claims of workers that have died; only where there can be no other worker, so on SQLite."""
    with session_scope() as session:
        if session.connection().dialect.name == "sqlite":
            session.execute(update(MessengerThread).values(claimed_by=None, claimed_until=None))


def begin_next(person: str, now: datetime) -> Task | None:
    """The person's next event, with one more try counted; None where nothing waits, or it has only just come."""
    with session_scope() as session:
        waiting = select(MessengerEvent).where(MessengerEvent.person == person, *OPEN)
        event = session.execute(waiting.order_by(MessengerEvent.at, MessengerEvent.id).limit(1)).scalar_one_or_none()
        if event is None or event.received_at > now - SETTLE:
            return None
        if event.tries >= MOST_TRIES:  # it took its worker with it, each time
            event.set_aside_at, event.problem = now, event.problem or "the worker died with it"
            return Task(event.id, Kind(event.kind), event.at, None, _thread(session, person), replied=False)
        event.tries += 1
        thread = _thread(session, person)
        replied = event.replied_at is not None
        return Task(event.id, Kind(event.kind), event.at, _seal().open(event.sealed), thread, replied)


def keep_replies(event_id: int, items: Sequence[Item]) -> None:
    """Keep what is to be sent, so that it is not worked out a second time."""
    seal = _seal()
    with session_scope() as session:
        rows = [{"event_id": event_id, "position": n, "sealed": seal.close(item)} for n, item in enumerate(items)]
        if rows:
            session.execute(MessengerReply.__table__.insert(), rows)
        replied = {"replied_at": datetime.now(UTC)}
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(replied))


def unsent(event_id: int) -> list[tuple[int, Item]]:
    """What is still to be sent, in order: ids and items."""
    seal = _seal()
    of_it = (MessengerReply.event_id == event_id, MessengerReply.sent_at.is_(None))
    with session_scope() as session:
        rows = session.execute(select(MessengerReply).where(*of_it).order_by(MessengerReply.position)).scalars()
        return [(row.id, item) for row in rows if (item := seal.open(row.sealed)) is not None]


def sent(reply_id: int) -> None:
    """It has been sent."""
    with session_scope() as session:
        session.execute(update(MessengerReply).where(MessengerReply.id == reply_id).values(sent_at=datetime.now(UTC)))


def finish(event_id: int, problem: str | None = None) -> None:
    """Done; of what was said and answered nothing stays."""
    done = {"done_at": datetime.now(UTC), "sealed": None, "problem": problem}
    with session_scope() as session:
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(done))
        session.execute(delete(MessengerReply).where(MessengerReply.event_id == event_id))


def fail(event_id: int, problem: str, for_good: bool = False) -> timedelta:
    """Note a failure; after `MOST_TRIES`, or for good, the event is set aside. Gives back how long to rest."""
    with session_scope() as session:
        event: Any = session.get(MessengerEvent, event_id)
        if event.set_aside_at:
            return timedelta()
        event.problem = problem[:200]
        if for_good or event.tries >= MOST_TRIES:
            event.set_aside_at = datetime.now(UTC)
            return timedelta()
        tries: int = event.tries
        return PAUSES[min(tries, len(PAUSES)) - 1]


def hold_thread(person: str, until: datetime | None) -> None:
    """People answer until then; None: the assistant does."""
    with session_scope() as session:
        session.execute(update(MessengerThread).where(MessengerThread.person == person).values(held_until=until))


def speak(person: str, language: str) -> None:
    """Remember the language that a link chose."""
    with session_scope() as session:
        session.execute(update(MessengerThread).where(MessengerThread.person == person).values(language=language))


def set_aside() -> list[MessengerEvent]:
    """The events that nobody tries any more, the oldest first."""
    with session_scope() as session:
        session.expire_on_commit = False
        found = select(MessengerEvent).where(MessengerEvent.set_aside_at.is_not(None))
        return list(session.execute(found.order_by(MessengerEvent.at)).scalars())


def waiting() -> int:
    """How many events are not done yet."""
    with session_scope() as session:
        return len(session.execute(select(MessengerEvent.id).where(*OPEN)).all())


def try_again() -> int:
    """Let the events that were set aside be tried once more; gives back how many."""
    again = {"set_aside_at": None, "tries": 0}
    with session_scope() as session:
        found = update(MessengerEvent).where(MessengerEvent.set_aside_at.is_not(None))
        return int(session.execute(found.values(again)).rowcount)


def _thread(session: Session, person: str) -> Thread:
    row = session.get(MessengerThread, person)
    return Thread(person, row.conversation_id, row.language, row.heard_at, row.held_until)


def _seal() -> Seal:
    return Seal("messenger")
