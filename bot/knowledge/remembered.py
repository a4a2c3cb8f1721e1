"""A cache of the facts in each process, valid until they change: one small query for each message instead of seven.

Cache invalidation: a database trigger gives the facts a new version at any change (migration 0010), whoever makes it,
so every process still sees a change with its next message.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, exists, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.knowledge.fact_versions import known_spans
from bot.knowledge.models import Fact, FactSource, FactVersion, KnowledgeVersion
from bot.knowledge.remembered_events import Event, Events, read_events
from bot.knowledge.remembered_places import Place, read_places

MOST_DAYS = 32  # whose facts are kept as they were looked up; customers ask on one day, previews on a dozen


@dataclass(frozen=True)
class Source:
    """A source as a reply cites it."""

    id: str
    titles: dict[str, str]
    spoken_titles: dict[str, str]
    url: str | None
    published_on: date | None = None


@dataclass(frozen=True)
class Record:
    """A detached copy of a version of a fact (`bot.knowledge.models.FactVersion`).

    Attributes:
        known_from, known_until: the first and the last day on which this version was the latest that was known; None
            for any day.
        covers: keys of the answers that it takes over, with how they then begin.
        until_event: the event that it hangs on, in its latest version.
        from_files: whether data/knowledge has it.
        announced: whether an announcement made it.
    """

    id: str
    key: str
    kind: str
    rows: list[str]
    texts: dict[str, str]
    shorts: dict[str, str] | None
    ended_texts: dict[str, str] | None
    coming_texts: dict[str, str] | None
    coming_shorts: dict[str, str] | None
    covers: dict[str, dict[str, str]] | None
    valid_from: date
    valid_until: date | None
    withdrawn_from: date | None
    known_from: date
    known_until: date | None
    source: Source
    until_event: Event | None
    from_files: bool
    announced: bool = False

    def is_known_on(self, day: date) -> bool:
        """Whether this is the version that was known on a day."""
        return self.known_from <= day and (self.known_until is None or day <= self.known_until)


@dataclass(frozen=True)
class Remembered:
    """All records of one version of the facts, by key, oldest first; `covering` by the key of an answer taken over.

    Attributes:
        events: every version of every event.
        places: that announcements brought.
    """

    version: str
    records: Mapping[str, Sequence[Record]]
    covering: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    events: Events = field(default_factory=dict)
    places: Sequence[Place] = ()
    _looked_up: dict[date, dict[str, Any]] = field(default_factory=dict, compare=False, repr=False)

    def looked_up_on(self, day: date) -> dict[str, Any]:
        """Facts that were looked up on a day, by key: kept, since they change only with the version.

        bot.knowledge.facts_on_day fills it.
        """
        if day not in self._looked_up and len(self._looked_up) >= MOST_DAYS:
            self._looked_up.clear()
        return self._looked_up.setdefault(day, {})


_remembered: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_COLUMNS = (
    "key",
    "kind",
    "rows",
    "texts",
    "shorts",
    "ended_texts",
    "coming_texts",
    "coming_shorts",
    "covers",
    "valid_from",
    "valid_until",
    "withdrawn_from",
    "from_files",
)
_MARKS = ("number", "known_from", "retracted", "announcement_id")
_IN_SESSION = "facts as they are remembered"
_VERSION = select(KnowledgeVersion.version)


def _query(table: type[Fact] | type[FactVersion], fact_id: Any) -> Any:
    return select(
        fact_id.label("id"),
        *(getattr(table, name) for name in (*_COLUMNS, *_MARKS)),
        FactSource.id.label("source_id"),
        FactSource.titles,
        FactSource.spoken_titles,
        FactSource.url,
        FactSource.published_on,
        table.until_event_id.label("event_id"),
    ).join(table.source)


_LATEST = _query(Fact, Fact.id)
_EARLIER = _query(FactVersion, FactVersion.fact_id).where(
    exists().where(Fact.id == FactVersion.fact_id, Fact.number > FactVersion.number)
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
        known = _remembered[engine] = _read(session, version)
    session.info[_IN_SESSION] = known
    return known


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_transaction_end")
def _look_again(session: Session, _: Any) -> None:
    """A session queries the version once, until it changes something itself or its transaction ends."""
    session.info.pop(_IN_SESSION, None)


def _read(session: Session, version: str) -> Remembered:
    events = read_events(session)
    rows = [*session.execute(_LATEST), *session.execute(_EARLIER)]
    rows.sort(key=lambda row: (row.id, -row.number))
    found: list[Record] = []
    for _, versions in groupby(rows, key=lambda row: str(row.id)):
        found += _known(versions, events)
    records: dict[str, list[Record]] = defaultdict(list)
    covering: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(found, key=lambda record: (record.valid_from, record.known_from)):
        records[record.key].append(record)
        for key in record.covers or ():
            covering[key].append(record)
    return Remembered(version, dict(records), dict(covering), events, read_places(session))


def _known(versions: Iterable[Any], events: Events) -> Iterator[Record]:
    """The versions of one record, each with the days on which it was known."""
    for row, since, until in known_spans(versions):
        if not row.retracted:
            yield _record(row, since, until, events)


def _record(row: Any, known_from: date, known_until: date | None, events: Events) -> Record:
    return Record(
        id=row.id,
        **{name: row._mapping[name] for name in _COLUMNS},
        known_from=known_from,
        known_until=known_until,
        source=Source(row.source_id, row.titles, row.spoken_titles, row.url, row.published_on),
        until_event=next(iter(events.get(row.event_id, ())), None),
        announced=row.announcement_id is not None,
    )
