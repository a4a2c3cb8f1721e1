"""A cache of the facts in each process, valid until they change: one small query for each message instead of seven.

Cache invalidation: a database trigger gives the facts a new version at any change (migration 0010), whoever makes it,
so every process still sees a change with its next message.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.knowledge.models import EmergencyEvent, Fact, FactSource, KnowledgeVersion


@dataclass(frozen=True)
class Source:
    """A source as a reply cites it."""

    id: str
    titles: dict[str, str]
    spoken_titles: dict[str, str]
    url: str | None


@dataclass(frozen=True)
class Event:
    """An event that a fact depends on, and its last day; None while it is open."""

    id: str
    ended_on: date | None


@dataclass(frozen=True)
class Record:
    """A detached copy of `bot.knowledge.models.Fact`."""

    id: str
    key: str
    rows: list[str]
    texts: dict[str, str]
    shorts: dict[str, str] | None
    ended_texts: dict[str, str] | None
    valid_from: date
    valid_until: date | None
    withdrawn_from: date | None
    source: Source
    until_event: Event | None


@dataclass(frozen=True)
class Remembered:
    """All records of one version of the facts, by key, oldest first."""

    version: str
    records: Mapping[str, Sequence[Record]]


_remembered: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_COLUMNS = ("id", "key", "rows", "texts", "shorts", "ended_texts", "valid_from", "valid_until", "withdrawn_from")
_IN_SESSION = "facts as they are remembered"
_VERSION = select(KnowledgeVersion.version)
_RECORDS = (
    select(
        *(getattr(Fact, name) for name in _COLUMNS),
        FactSource.id.label("source_id"),
        FactSource.titles,
        FactSource.spoken_titles,
        FactSource.url,
        EmergencyEvent.id.label("event_id"),
        EmergencyEvent.ended_on,
    )
    .join(Fact.source)
    .outerjoin(Fact.until_event)
    .order_by(Fact.valid_from)
)


def facts_now(session: Session) -> Remembered:
    """The facts as this transaction sees them.

    Raises:
        SQLAlchemyError: the version cannot be read.
    """
    in_session: Remembered | None = session.info.get(_IN_SESSION)
    if in_session is not None and not (session.new or session.dirty or session.deleted):
        return in_session
    # Read the version first: if the facts change in between, the next message reads them again.
    version = session.execute(_VERSION).scalar_one()
    engine = session.connection().engine
    known = _remembered.get(engine)
    if known is None or known.version != version:
        known = _remembered[engine] = Remembered(version, _read(session))
    session.info[_IN_SESSION] = known
    return known


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_transaction_end")
def _look_again(session: Session, _: Any) -> None:
    """A session queries the version once, until it changes something itself or its transaction ends."""
    session.info.pop(_IN_SESSION, None)


def _read(session: Session) -> Mapping[str, Sequence[Record]]:
    records: dict[str, list[Record]] = defaultdict(list)
    for row in session.execute(_RECORDS):
        source = Source(row.source_id, row.titles, row.spoken_titles, row.url)
        event = Event(row.event_id, row.ended_on) if row.event_id else None
        records[row.key].append(Record(**{name: row[name] for name in _COLUMNS}, source=source, until_event=event))
    return dict(records)
